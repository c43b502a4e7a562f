"""A fresh Debian of this machine's release to install the package in: as a folder to change the root to, or booted with
systemd. debootstrap makes it, which takes root."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

import processes

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C", "SYSTEMD_PAGER": ""}


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The path of the package, as script/package makes it."""
    folder = tmp_path_factory.mktemp("package")
    path = run(processes.ROOT / "script" / "package", "--output", folder, env=os.environ | {"DEBEMAIL": "relay@debian.org"}).strip()
    return Path(path)


@pytest.fixture(scope="session")
def fresh_debian(tmp_path_factory):
    """A folder to be copied, and left as it is."""
    if not processes.is_root():
        pytest.skip("debootstrap takes root")
    if not shutil.which("debootstrap"):
        pytest.skip("debootstrap is not installed")
    directory = tmp_path_factory.mktemp("debian") / "fresh"
    codename = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.MULTILINE)[1]
    run("debootstrap", "--variant=minbase", "--include=nginx,logrotate,systemd-sysv", codename, directory)
    run("chroot", directory, "apt-get", "update", env=ENVIRONMENT)
    # It listens on port 80, which a machine below shares with this one.
    (directory / "etc/nginx/sites-enabled/default").unlink()
    yield directory
    shutil.rmtree(directory)


class Debian:
    """A copy of it. `run` is told by its kind how a command gets in there."""

    def __init__(self, fresh, directory):
        self.directory = directory
        run("cp", "--archive", "--reflink=auto", fresh, directory)

    def write(self, path, text, mode=0o644):
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def read(self, path):
        return (self.directory / path).read_text()

    def edit(self, path, old, new):
        """In place of the old file, as an editor does."""
        text = self.read(path)
        assert old in text, f"{path} has no {old!r}"
        file = self.directory / path
        after = file.with_name(file.name + ".new")
        after.write_text(text.replace(old, new))
        after.chmod(file.stat().st_mode & 0o777)
        after.rename(file)

    def run(self, *command):
        return run(*self._inside, *command, env=ENVIRONMENT)

    def fails(self, *command, status=1):
        """What it says on standard error."""
        done = subprocess.run([*self._inside, *command], capture_output=True, text=True, env=ENVIRONMENT)
        assert done.returncode == status, done
        return done.stderr

    def install(self, package, *options):
        shutil.copy(package, self.directory / "srv")
        self.run("apt-get", "install", "--yes", "--no-install-recommends", *options, f"/srv/{package.name}")

    def files(self):
        """Every file, but what dpkg, apt and the system's logs write for any package."""
        ignored = re.compile(r"/(var/(lib/(dpkg|apt|systemd)|cache|log/(dpkg|alternatives|apt|journal|nginx/(access|error))|backups)"
                             r"|dev|proc|sys|srv|etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$|etc/ld.so.cache|tmp/)")
        found = run("find", self.directory, "-xdev", "!", "-type", "d").splitlines()
        return {path for each in found if not ignored.match(path := each.removeprefix(str(self.directory)))}

    def remove(self):
        shutil.rmtree(self.directory)


class Root(Debian):
    """Its programs run on this machine, one at a time, without systemd."""

    def __init__(self, fresh, directory):
        super().__init__(fresh, directory)
        # No service is started by an installation in here.
        self.write("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)

    def start(self, *command, log, **options):
        return processes.start([*self._inside, *command], log, ENVIRONMENT, **options)

    @property
    def _inside(self):
        # With a /proc that only this command sees: without one, a Swift program is not told its arguments.
        return ["unshare", f"--mount-proc={self.directory}/proc", "chroot", str(self.directory)]


class Machine(Debian):
    """systemd runs it, in namespaces of its own: all but the network's, so that calls can come and go."""

    # What a container manager does. systemd gets a part of the tree of control groups that it may call the whole; it can
    # change none of the kernel's settings. Mounts are shared, as on any machine: credentials come by a mount.
    _boot = """
        set -e
        mount --bind "$0" "$0"
        cd "$0"
        mount -t proc proc proc
        mount --bind proc/sys proc/sys
        mount -o remount,bind,ro proc/sys
        mount -t sysfs -o ro sysfs sys
        mount -t cgroup2 cgroup2 sys/fs/cgroup
        mount -t tmpfs -o mode=755 tmpfs run
        mount -t tmpfs -o mode=755 tmpfs dev
        for each in null zero full random urandom tty; do touch dev/$each; mount --bind /dev/$each dev/$each; done
        mkdir dev/pts dev/shm
        mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
        mount -t tmpfs tmpfs dev/shm
        ln -s /proc/self/fd dev/fd
        ln -s pts/ptmx dev/ptmx
        pivot_root . mnt
        umount -l /mnt
        mount --make-rshared /
        exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=console --unit=multi-user.target
        """

    def __init__(self, fresh, directory, log):
        super().__init__(fresh, directory)
        self._group = self._control_group()
        command = ["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--uts", "--ipc", "--cgroup",
                   "--propagation=private", "bash", "-c", self._boot, str(directory)]
        enter = f"echo $$ >{self._group}/cgroup.procs; exec \"$@\""
        with open(log, "ab") as output:
            self._holder = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", "bash", "-c", enter, "bash", *command],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            children = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children")
            self.init = int(processes.wait_for(children.read_text, "systemd is started"))
            processes.wait_for(self._is_up, "systemd has started everything", 60)
        except BaseException:
            self.stop()
            raise

    @staticmethod
    def _control_group():
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
        group = next((Path(fields[1]) for fields in mounts if fields[2] == "cgroup2"), None)
        if not group:
            pytest.skip("systemd takes control groups of version 2")
        group = group / f"scf-relay-test-{os.getpid()}"
        group.mkdir()
        return group

    def _is_up(self):
        done = subprocess.run([*self._inside, "systemctl", "is-system-running"], capture_output=True, text=True, env=ENVIRONMENT)
        assert self._holder.poll() is None, "systemd ended"
        return done.stdout.strip() in ("running", "degraded")

    def path(self, path):
        """A file as it is in there, also below /run."""
        return Path(f"/proc/{self.init}/root/{path}")

    def stop(self):
        self._holder.send_signal(signal.SIGKILL)
        self._holder.wait()
        # The kernel ends every process in there, and takes a moment for it.
        processes.wait_for(self._remove_group, "the machine has ended", 30)

    def _remove_group(self):
        try:
            for directory, _, _ in os.walk(self._group, topdown=False):
                os.rmdir(directory)
        except OSError:
            return False
        return True

    @property
    def _inside(self):
        return ["nsenter", "--target", str(self.init), "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--root", "--wd"]
