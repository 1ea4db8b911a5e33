/** A Slurm cluster of one node on private ports of this machine, with its own munge. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Daemon, freePort } from './daemons.ts';

export interface SlurmCluster {
  /** File that Slurm's commands are told in SLURM_CONF. */
  readonly configuration: string;
  /** Processes of tasks whose command line holds a text. */
  tasks(text: string): number[];
  stop(): Promise<void>;
}

/** Starts it and waits until its node takes jobs. Slurm's commands of this process ask it until it is stopped. */
export async function startSlurm(): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'lotka-slurm-'));
  chmodSync(folder, 0o755);
  const daemons: Daemon[] = [];
  const before = process.env.SLURM_CONF;
  const stop = async (): Promise<void> => {
    for (const daemon of daemons.reverse()) await daemon.stop();
    if (before === undefined) delete process.env.SLURM_CONF;
    else process.env.SLURM_CONF = before;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { socket, daemon: munged } = startMunge(join(folder, 'munge'));
    daemons.push(munged);
    await munged.until(() => existsSync(socket));
    const configuration = join(folder, 'slurm.conf');
    writeFileSync(configuration, await settings(folder, socket));
    process.env.SLURM_CONF = configuration;
    const log = { env: { ...process.env, SLURM_CONF: configuration } };
    daemons.push(new Daemon('/usr/sbin/slurmctld', ['-D', '-c'], log), new Daemon('/usr/sbin/slurmd', ['-D', '-N', node()], log));
    await daemons[2]!.until(() => state() === 'idle');
    return { configuration, tasks: processesWith, stop };
  } catch (error) {
    const said = daemons.map((daemon) => daemon.said).join('\n');
    await stop();
    throw new Error(`The Slurm cluster for tests did not come up:\n${said}`, { cause: error });
  }
}

/** Slurm wants the machine's own name for its controller. */
const node = (): string => hostname().split('.')[0]!;

function state(): string {
  try {
    return execFileSync('sinfo', ['--noheader', '--format=%t'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

/** Munge refuses keys and folders that others could change; as root it runs under a user of its own. */
function startMunge(folder: string): { socket: string; daemon: Daemon } {
  const identity = (which: string): number => Number(execFileSync('id', [which, 'munge'], { encoding: 'utf8' }));
  const user = process.getuid?.() === 0 ? { uid: identity('-u'), gid: identity('-g') } : {};
  mkdirSync(folder, { mode: 0o755 });
  const key = join(folder, 'key');
  writeFileSync(key, randomBytes(1024), { mode: 0o400 });
  if (user.uid !== undefined) for (const path of [folder, key]) chownSync(path, user.uid, user.gid);
  const socket = join(folder, 'socket');
  const files = ['socket', 'pid-file', 'log-file', 'seed-file'].map((name) => `--${name}=${join(folder, name.replace('-file', ''))}`);
  return { socket, daemon: new Daemon('/usr/sbin/munged', ['--foreground', `--key-file=${key}`, ...files], user) };
}

async function settings(folder: string, socket: string): Promise<string> {
  const { username } = userInfo();
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name));
  return `ClusterName=lotka
SlurmctldHost=${node()}(127.0.0.1)
SlurmctldPort=${await freePort()}
SlurmdPort=${await freePort()}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
AuthType=auth/munge
AuthInfo=socket=${socket}
SlurmUser=${username}
SlurmdUser=${username}
StateSaveLocation=${join(folder, 'state')}
SlurmdSpoolDir=${join(folder, 'spool')}
SlurmctldPidFile=${join(folder, 'slurmctld.pid')}
SlurmdPidFile=${join(folder, 'slurmd.pid')}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
KillWait=5
MailProg=/bin/true
SlurmdParameters=config_overrides
NodeName=${node()} NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

function processesWith(text: string): number[] {
  const commandLine = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) && commandLine(pid).includes(text) ? [Number(pid)] : []));
}
