#!/usr/bin/env bash
# Proves the two README commands on a bare Debian 12: makes a root filesystem, puts Node and a clone of this repository in,
# and runs `npm start -- run survival --preset fast --json`, `npm start` (served) and `npm test` there.
#
#   sudo setup/clean-room.sh
#
# NODE_FOLDER    an unpacked Node (holds bin/node, lib/node_modules/npm and include/node); required
# DEBIAN_MIRROR  mirror for debootstrap and apt; debootstrap's own default unless set
# ROOM           where to build it; a new temporary folder unless set. It is left there, to be looked at.
# COPY           files of this machine that the room needs to reach its registries (certificates, apt settings), separated by spaces
# PASS           names of environment variables that it needs for the same (npm_config_registry, HTTPS_PROXY), separated by spaces
set -euo pipefail

[ "$(id -u)" = 0 ] || { echo 'clean-room: debootstrap and chroot need root.' >&2; exit 1; }
command -v debootstrap >/dev/null || { echo 'clean-room: install debootstrap first.' >&2; exit 1; }
: "${NODE_FOLDER:?clean-room: set NODE_FOLDER to an unpacked Node 20.19 or newer}"

repository="$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)"
room="${ROOM:-$(mktemp -d)}"
log="$room.log"
exec > >(tee "$log") 2>&1

step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

step "bare Debian 12 in $room"
debootstrap --variant=minbase --include=ca-certificates bookworm "$room" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$room.debootstrap.log"

step 'Node and a clone'
mkdir -p "$room/opt/node/bin" "$room/opt/node/lib/node_modules"
cp -L "$NODE_FOLDER/bin/node" "$room/opt/node/bin/"
cp -a "$NODE_FOLDER/lib/node_modules/npm" "$room/opt/node/lib/node_modules/"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$room/opt/node/bin/npm"
if [ -d "$NODE_FOLDER/include/node" ]; then mkdir "$room/opt/node/include" && cp -a "$NODE_FOLDER/include/node" "$room/opt/node/include/"; fi
git clone --quiet --no-local "$repository" "$room/root/lotka"
for file in ${COPY:-}; do
  mkdir -p "$room$(dirname "$file")"
  cp -aL "$file" "$room$file"
done
cp -L /etc/resolv.conf "$room/etc/resolv.conf"

for mount in proc sys dev; do mount --rbind "/$mount" "$room/$mount" && mount --make-rslave "$room/$mount"; done
mount -t tmpfs -o size=1g tmpfs "$room/dev/shm" 2>/dev/null || true
trap 'for mount in dev/shm proc sys dev; do umount -l "$room/$mount" 2>/dev/null || true; done' EXIT

inside() {
  local passed=()
  for name in ${PASS:-}; do passed+=("$name=${!name}"); done
  chroot "$room" /usr/bin/env -i "${passed[@]}" HOME=/root LANG=C.UTF-8 TERM=dumb PATH=/opt/node/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    bash -c "cd /root/lotka && $1"
}

step 'npm start -- run survival --preset fast --json'
inside 'npm start -- run survival --preset fast --json >/root/run.json </dev/null; echo "exit code $?"; node -e "
  const run = JSON.parse(require(\"fs\").readFileSync(\"/root/run.json\", \"utf8\"));
  console.log(run.status, run.steps, JSON.stringify(run.measures));"'

step 'npm start, without a display: the address answers'
inside 'npm start >/root/served.txt 2>&1 </dev/null & server=$!
  for second in $(seq 60); do grep -q "http://127.0.0.1" /root/served.txt && break; sleep 1; done
  cat /root/served.txt
  node -e "fetch(/http:\S+#/.exec(require(\"fs\").readFileSync(\"/root/served.txt\", \"utf8\"))[0]).then((answer) => console.log(\"answered\", answer.status))"
  kill -TERM $server; wait $server; echo "exit code $?"'

step 'npm test'
inside '.ci/run'

step "done; everything that was said is in $log"
