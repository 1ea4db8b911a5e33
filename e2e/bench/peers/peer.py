"""A peer of the benchmark: trains one workload in one form, told what to do line by line.

usage: peer.py <shared file> <group> <library> <form>
Answers are JSON lines. First {"ready": ...} or {"skip": reason}. Then for each line read:
  N       N steps            -> {"t": seconds, "cpu": seconds, "steps": N, "loss": of the last step, "rss": bytes, "measures": {...}}
  r       initial values     -> {"ok": true}
  p K     perturbed values K -> {"ok": true}
  s K     shape K of w5      -> {"ok": true}
"""
import importlib
import json
import os
import platform
import sys
import time


def resident():
    """Bytes of memory in use, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def say(**answer):
    print(json.dumps(answer), flush=True)


def versions(library):
    found = {"python": platform.python_version()}
    import numpy

    found["numpy"] = numpy.__version__
    if library == "torch":
        import torch

        found["torch"] = torch.__version__
        found["threads"] = str(torch.get_num_threads())
        found["blas"] = torch.__config__.show().split("BLAS_INFO=")[-1].split(",")[0]
    return found


def main():
    path, group, library, form = sys.argv[1:5]
    try:
        from shared import Shared

        if library == "torch":
            import torch

            torch.set_num_threads(1)
        shared = Shared(path)
        peer = importlib.import_module(group).make(shared, library, form)
        peer.load(shared.parameters())
        # A library may compile only now; what fails then is a reason to skip as well.
        peer.run(2)
    except Exception as error:
        reason = str(error).strip().splitlines()
        say(skip=f"{type(error).__name__}: {reason[0] if reason else 'no reason given'}"[:400])
        return
    peer.load(shared.parameters())
    say(ready=True, versions=versions(library), runs=getattr(peer, "runs", 1))
    for line in sys.stdin:
        command, *rest = line.split()
        if command == "r":
            peer.load(shared.parameters())
            say(ok=True)
        elif command == "p":
            peer.load(shared.parameters(f"perturbed{rest[0]}/"))
            say(ok=True)
        elif command == "s":
            peer.choose(int(rest[0]))
            say(ok=True)
        else:
            steps = int(command)
            began, cpu = time.perf_counter(), time.process_time()
            loss = peer.run(steps)
            t, cpu = time.perf_counter() - began, time.process_time() - cpu
            say(t=t, cpu=cpu, steps=steps, loss=loss, rss=resident(), measures=getattr(peer, "measures", {}))


main()
