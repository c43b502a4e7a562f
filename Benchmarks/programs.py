"""Starting and ending programs, and what the system says about them: CPU time, memory, threads."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "Benchmarks"
DIRECTORY = ROOT / ".run" / "bench"
CREDENTIALS = {"TENCENTCLOUD_SECRET_ID": "AKIDLOCAL", "TENCENTCLOUD_SECRET_KEY": "local-secret"}
TICKS = os.sysconf("SC_CLK_TCK")


def say(text):
    print(text, file=sys.stderr, flush=True)


def fail(text):
    sys.exit(f"script/bench: {text}")


# ---- Starting and ending --------------------------------------------------------------------------------------------

def start(name, *command, **environment):
    """Starts a program, its output in a log of that name. It ends with this one, even if this one is killed."""
    clean = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    with open(DIRECTORY / f"{name}.log", "wb") as log:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", *map(str, command)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=clean | CREDENTIALS | environment)


def end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_ports(names):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    ports = {name: each.getsockname()[1] for name, each in zip(names, sockets)}
    for each in sockets:
        each.close()
    return ports


def takes_connections(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition, what, seconds=15):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            fail(f"waited {seconds} s in vain for {what}; see the logs in {DIRECTORY}")
        time.sleep(0.02)


# ---- What the system says -------------------------------------------------------------------------------------------

class ProcessTree:
    """A process and all that descend from it, as they are at each question."""

    def __init__(self, root):
        self._root = root

    @property
    def pids(self):
        children = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (fields := _stat(entry.name)):
                children.setdefault(int(fields[1]), []).append(int(entry.name))
        found = [self._root]
        for pid in found:
            found += children.get(pid, [])
        return found

    def cpu_seconds(self):
        """User and system time of all, with that of children that have ended."""
        return sum(sum(map(int, fields[11:15])) for pid in self.pids if (fields := _stat(pid))) / TICKS

    def threads(self):
        return sum(int(fields[17]) for pid in self.pids if (fields := _stat(pid)))

    def is_one_process(self):
        return len(self.pids) == 1

    def megabytes(self):
        """Memory now, in MiB: RSS of a single process, the sum of PSS where there are several, which share pages."""
        pids = self.pids
        if len(pids) == 1:
            return _kibibytes(f"/proc/{pids[0]}/status", "VmRSS") / 1024
        return sum(_kibibytes(f"/proc/{pid}/smaps_rollup", "Pss") for pid in pids) / 1024

    def forget_peak(self):
        """Lets the kernel's note of the highest RSS start anew."""
        for pid in self.pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak_megabytes(self):
        """The highest RSS of a single process since `forget_peak`, in MiB; memory now where there are several."""
        pids = self.pids
        return _kibibytes(f"/proc/{pids[0]}/status", "VmHWM") / 1024 if len(pids) == 1 else self.megabytes()

    def wait_until_idle(self, seconds=20):
        """Waits until no work is left over from callers who are gone."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            before = self.cpu_seconds()
            time.sleep(0.1)
            if self.cpu_seconds() - before <= 1 / TICKS:
                return

    def settled_megabytes(self, seconds=5):
        """Memory once it has not changed for half a second: some programs give back what only their start needed."""
        deadline = time.monotonic() + seconds
        last, since = self.megabytes(), time.monotonic()
        while time.monotonic() < deadline and time.monotonic() - since < 0.5:
            time.sleep(0.05)
            if abs((now := self.megabytes()) - last) > 0.1:
                last, since = now, time.monotonic()
        return last


def _stat(pid):
    """The fields of /proc/PID/stat from the state on; None where the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _kibibytes(file, name):
    try:
        return int(re.search(rf"^{name}:\s+(\d+)", Path(file).read_text(), re.MULTILINE)[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0
