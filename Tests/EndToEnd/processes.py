"""Starting, watching and ending programs, and waiting for what they do."""

import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARIES = ROOT / ".build" / "release"

# What every program here is started with: no proxy of the machine's, and a text encoding that holds for all.
CLEAN_ENVIRONMENT = {
    name: value for name, value in os.environ.items()
    if not name.lower().endswith("_proxy") and not name.startswith("TENCENTCLOUD_")
} | {"NO_PROXY": "*", "LC_ALL": "C.UTF-8"}

LOCAL_CREDENTIALS = {"TENCENTCLOUD_SECRET_ID": "AKIDLOCAL", "TENCENTCLOUD_SECRET_KEY": "local-secret"}


def service_program(name):
    """Where a program is whose package would start a server if it were installed; None where it is nowhere.

    script/test --long unpacks such packages in .run/programs. /usr/sbin is in root's PATH alone.
    """
    unpacked = map(str, (ROOT / ".run" / "programs").glob("*/usr/*bin"))
    return shutil.which(name, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", *unpacked]))


def is_root():
    return os.geteuid() == 0


@contextmanager
def small_disk(path, size):
    """A file system of that size at `path`; for root alone."""
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path], check=True)
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens on, below those that the kernel gives to whoever connects meanwhile."""
    ports = []
    while len(ports) < count:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            ports += [port] if port not in ports else []
    return ports


def listens(port):
    """Whether somebody takes connections on 127.0.0.1:`port`."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition, what, seconds=15):
    """Waits until `condition()` is true (its value is returned), and fails with `what` if that takes too long."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        pause.wait(0.02)


def start(command, log, environment=None, **options):
    """Starts a program that ends with this one, even if this one is killed."""
    with open(log, "ab") as output:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", *map(str, command)], stdout=output, stderr=subprocess.STDOUT,
            env=environment or CLEAN_ENVIRONMENT, cwd=ROOT, **{"stdin": subprocess.DEVNULL} | options)


def terminate(process, seconds=60):
    """Ends a program politely, and by force if it does not obey. Returns its exit status."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def is_running(pid):
    return state_of(pid) not in (None, "Z")


def state_of(pid):
    fields = _stat(pid)
    return fields[0] if fields else None


def processes_of_session(session):
    """All processes whose session is `session`: what a program started with setsid has around it."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _stat(entry.name)
            if fields and fields[0] != "Z" and int(fields[3]) == session:
                found.append(int(entry.name))
    return found


def thread_count(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def connections_to(pid, port):
    """How many established TCP connections to 127.0.0.1:`port` the process has."""
    inodes = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(entry)
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    established, remote = "01", f"0100007F:{port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[2] == remote and row[3] == established and row[9] in inodes for row in rows)


def _stat(pid):
    """The fields of /proc/PID/stat from the state on; None where the process is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()
