"""A restart under load: whoever holds the socket, as systemd does, loses no request of nginx's."""

import socket
import threading
from pathlib import Path

import pytest
import requests

import processes
from running_relay import Relay
from test_nginx import NGINX
from upstream import success


class HeldSocket:
    """A Unix socket that outlives the relays which are handed it as descriptor 0."""

    def __init__(self, path):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(1024)
        self.path = path


class HandedRelay(Relay):
    """A relay that is started again and again on the same socket."""

    def __init__(self, directory, upstream_port, held, **options):
        self.held = held
        super().__init__(directory, upstream_port, **options)
        self.socket = str(held.path)

    def start(self):
        text = self.config.read_text().replace(f"unix:{self.socket}", "fd:0")
        self.config.write_text(text)
        self.process = processes.start(
            [processes.BINARIES / "scf-relay", "serve", "--config", self.config], self._log, self._environment,
            stdin=self.held.listener)


@pytest.fixture
def nginx(tmp_path):
    """nginx with this project's settings for the relay, in front of a socket. Returns its URL."""
    (port,) = processes.free_ports(1)
    socket_path = tmp_path / "held.sock"
    config = tmp_path / "nginx.conf"
    root = processes.ROOT
    config.write_text(f"""
        {"user root;" if processes.is_root() else ""}
        worker_processes 2;
        pid nginx.pid;
        events {{ worker_connections 1024; }}
        http {{
            access_log off;
            {"".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))}
            upstream relay {{ server "unix:{socket_path}" max_fails=0; keepalive 32; }}
            server {{
                listen 127.0.0.1:{port};
                include "{root}/nginx/relay-fastcgi.conf";
                location / {{ fastcgi_pass relay; }}
            }}
        }}""")
    held = HeldSocket(socket_path)
    process = processes.start([NGINX, "-p", tmp_path, "-c", config, "-e", "error.log", "-g", "daemon off;"], tmp_path / "nginx.log")
    processes.wait_for(lambda: processes.listens(port), "nginx listens")
    yield f"http://127.0.0.1:{port}", held
    processes.terminate(process)
    held.listener.close()


class Callers:
    """Threads that call one after the other, and note every answer that is not the function's."""

    def __init__(self, url, count):
        self.answered = 0
        self.failures = []
        self._ends = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._call, args=(url,)) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def _call(self, url):
        with requests.Session() as session:
            session.trust_env = False
            while not self._ends.is_set():
                try:
                    response = session.post(f"{url}/invoke", json={"FunctionName": "hello"}, timeout=60)
                    failure = None if response.status_code == 200 else f"{response.status_code} {response.text[:200]}"
                except requests.RequestException as error:
                    failure = repr(error)
                with self._lock:
                    self.answered += 1
                    if failure:
                        self.failures.append(failure)

    def stop(self):
        self._ends.set()
        for thread in self._threads:
            thread.join()


def restart_under_load(url, held, upstream, directory, times):
    """Restarts a relay on the held socket while calls come in at `url`. Each has to be answered, and to run once."""
    upstream.behaviour = lambda call: success()
    directory.mkdir()
    relay = HandedRelay(directory, upstream.port, held)
    callers = Callers(url, 16)
    try:
        for _ in range(times):
            enough = callers.answered + 100
            processes.wait_for(lambda: callers.answered >= enough, "calls are answered", 60)
            status = relay.stop()
            assert (status, callers.failures) == (0, [])
            relay.start()
    finally:
        callers.stop()
        relay.stop()
    assert callers.failures == []
    assert callers.answered == len(upstream.calls), "each call ran once"


def test_restarts_under_load_lose_no_request(nginx, upstream, tmp_path):
    url, held = nginx
    restart_under_load(url, held, upstream, tmp_path / "relay", times=6)
    errors = Path(tmp_path / "error.log").read_text()
    assert "prematurely closed" not in errors and "broken pipe" not in errors.lower(), errors
