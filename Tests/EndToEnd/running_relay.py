"""scf-relay alone, spoken to by FastCGI without nginx, in front of any upstream."""

import json
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import fastcgi_client
import processes


class Relay:
    """A running scf-relay with a configuration of its own."""

    def __init__(self, directory, upstream_port, functions=("hello", "echo"), limits=None, cloud=None,
                 credentials=processes.LOCAL_CREDENTIALS, environment=None, log_file=None, under=(), **sections):
        """`under` is a command that runs what follows it; `sections` are further keys of the configuration, such as `hooks`."""
        self.directory = Path(directory)
        self.socket = str(self.directory / "relay.sock")
        self._log = log_file or self.directory / "relay.log"
        self._under = under
        self.config = self.directory / "relay.yaml"
        self._environment = processes.CLEAN_ENVIRONMENT | credentials | (environment or {})
        # JSON is YAML too.
        self.config.write_text(json.dumps({
            "listen": f"unix:{self.socket}",
            "cloud": {
                "endpoint": f"http://127.0.0.1:{upstream_port}", "region": "ap-guangzhou",
                "credentials": "environment", "timeoutSeconds": 20,
            } | (cloud or {}),
            "limits": {"requestsPerSecond": 0} | (limits or {}),
            "functions": [{"name": name, "namespace": "default"} for name in functions],
        } | sections, indent=2))
        self.start()

    def start(self):
        """Starts it, at first or once more."""
        self.process = processes.start(
            [*self._under, processes.BINARIES / "scf-relay", "serve", "--config", self.config], self._log, self._environment)
        processes.wait_for(self._is_alive, "scf-relay answers /healthz")

    def _is_alive(self):
        assert self.process.poll() is None, f"scf-relay ended at its start:\n{self.log}"
        try:
            return self.get("/healthz").status == 200
        except OSError:
            return False

    @property
    def pid(self):
        # setpriv replaces itself by the program: the pid stays.
        return self.process.pid

    @property
    def log(self):
        return self._log.read_text()

    def get(self, path, **headers):
        return fastcgi_client.call(self.socket, "GET", path, headers=headers)

    def invoke(self, fields, as_form=False, headers=None):
        """POST /invoke with `fields`, as JSON or as a form."""
        with fastcgi_client.Connection(self.socket) as connection:
            connection.send(self.invoke_bytes(fields, as_form, headers))
            return connection.read_response()

    @staticmethod
    def invoke_bytes(fields, as_form=False, headers=None):
        """The FastCGI records of POST /invoke."""
        if as_form:
            content_type, body = "application/x-www-form-urlencoded", urlencode(fields).encode()
        else:
            content_type, body = "application/json", json.dumps(fields).encode()
        return fastcgi_client.request_bytes(
            "POST", "/invoke", headers={"Content-Type": content_type} | (headers or {}), body=body)

    def post(self, path, body, **headers):
        """POST of a JSON body, given as bytes."""
        return fastcgi_client.call(
            self.socket, "POST", path, headers={"Content-Type": "application/json"} | headers, body=body)

    def kill(self):
        """Ends it at once, as a lack of memory or a power failure would."""
        self.process.kill()
        self.process.wait()

    def queue(self, *arguments, status=0):
        """What `scf-relay queue …` prints."""
        done = subprocess.run(
            [processes.BINARIES / "scf-relay", "queue", *arguments, "--config", self.config],
            capture_output=True, timeout=60, env=processes.CLEAN_ENVIRONMENT)
        assert done.returncode == status, done.stderr.decode()
        return done.stdout if status == 0 else done.stderr

    def queue_list(self, *states):
        """The calls in these states; without any, all that are not delivered."""
        options = [option for state in states for option in ("--state", state)]
        lines = self.queue("list", "--json", "--limit", "100000", *options).splitlines()
        return [json.loads(line) for line in lines]

    def stop(self):
        """Ends it and returns the exit status."""
        return processes.terminate(self.process)
