"""The whole site as script/server starts it, on ports of its own."""

import os
import re
import subprocess
from pathlib import Path

import processes


class Site:
    """A running script/server. `url` is the page, `local_url` the local cloud, `api_url` the relay's own cloud API."""

    def __init__(self, run_dir, *options, environment=None, prepare=None):
        self.run_dir = Path(run_dir)
        self.port, self.api_port, self.local_port = processes.free_ports(3)
        self.url = f"http://127.0.0.1:{self.port}"
        self.local_url = f"http://127.0.0.1:{self.local_port}"
        self.api_url = f"http://127.0.0.1:{self.api_port}"
        self.run_dir.parent.mkdir(parents=True, exist_ok=True)
        self._errors = self.run_dir.with_suffix(".stderr")
        if prepare:
            prepare(self)   # what needs to know the ports
        self._start(options, environment)

    def _start(self, options, environment):
        # A program that starts in the background of a script ignores Ctrl-C, and so do those it starts; not this one.
        command = [
            "env", "--default-signal=INT", processes.ROOT / "script" / "server", "--port", self.port, "--api-port", self.api_port,
            "--local-port", self.local_port, "--run-dir", self.run_dir, *options,
        ]
        with open(self._errors, "wb") as errors:
            self.process = subprocess.Popen(
                list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True,
                env=environment or processes.CLEAN_ENVIRONMENT)
        line = self.process.stdout.readline()
        if line != f"Ready: {self.url}/\n":
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"script/server said {line!r} instead of Ready:\n{self.errors}")
        self.pids = {name: self._pid(name) for name in ("local", "relay", "nginx")}

    def _pid(self, name):
        return int((self.run_dir / f"{name}.pid").read_text())

    @property
    def relay_pid(self):
        return self.pids["relay"]

    @property
    def local_pid(self):
        return self.pids["local"]

    @property
    def errors(self):
        """What script/server has said on standard error."""
        return self._errors.read_text()

    def log(self, name):
        """The text of a log: relay, local, nginx-error or nginx-access."""
        return (self.run_dir / f"{name}.log").read_text()

    @property
    def relay_socket(self):
        return self._socket("listen")

    @property
    def api_socket(self):
        return self._socket("apiListen")

    def _socket(self, key):
        text = (self.run_dir / "relay.yaml").read_text()
        return re.search(rf'^{key}: "unix:(.*)"$', text, re.MULTILINE)[1]

    def stop(self):
        """Stops it as Ctrl-C would, and checks that nothing is left. Returns what it wrote to standard output."""
        status = processes.terminate(self.process)
        output = self.process.stdout.read()
        self.assert_nothing_runs()
        assert status == 0, f"script/server ended with {status}:\n{self.errors}"
        return output

    def wait_until_ended(self):
        """Waits for an end of its own accord. Returns the exit status."""
        status = self.process.wait(60)
        self.assert_nothing_runs()
        return status

    def assert_nothing_runs(self):
        left = {name: processes.processes_of_session(pid) for name, pid in self.pids.items()}
        assert not any(left.values()), f"still running: {left}"
        assert not os.path.exists(self.run_dir / "nginx.pid")
