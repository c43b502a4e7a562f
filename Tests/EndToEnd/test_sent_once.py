"""nginx in front of the cloud API: a call that may have arrived is not sent again, and what it holds is in no log."""

import os
import socket
import struct
import threading

import pytest
import requests

import processes

NGINX_FILES = processes.ROOT / "nginx"
PAYLOAD = "payload-that-no-log-may-have"


class HangUp:
    """A FastCGI program that answers, except where a call says DIE: there it reads the call and hangs up."""

    def __init__(self, path):
        self.calls = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(16)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, connection.makefile("rb") as reader:
            while call := self._read_call(reader):
                self.calls.append(call)
                if b"DIE" in call:
                    return
                connection.sendall(
                    record(6, b"Status: 200\r\nContent-Type: application/json\r\n\r\n{}") + record(6) + record(3, bytes(8)))

    @staticmethod
    def _read_call(reader):
        """The parameters of the next call, whose body is read too; nothing at the end of the connection."""
        parameters = b""
        while header := reader.read(8):
            _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", header)
            content = reader.read(length + padding)[:length]
            if kind == 4:
                parameters += content
            if kind == 5 and length == 0:
                return parameters
        return b""


def record(kind, content=b""):
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content


@pytest.fixture
def front(tmp_path):
    """nginx with the file that script/server uses, in front of such a program."""
    program = HangUp(tmp_path / "program.sock")
    port, = processes.free_ports(1)
    server = (NGINX_FILES / "development-api.conf").read_text()
    for name, value in {"@API@": f"unix:{tmp_path}/program.sock", "@API_PORT@": str(port), "@ROOT@": str(processes.ROOT)}.items():
        server = server.replace(name, value)
    paths = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
    user = "user root; " if os.geteuid() == 0 else ""      # workers have to reach this folder
    (tmp_path / "nginx.conf").write_text(
        f"{user}daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log info;\nevents {{}}\n"
        f"http {{ access_log off;\ninclude {NGINX_FILES}/maps.conf;\n{paths}{server}}}\n")
    nginx = processes.start(
        ["/usr/sbin/nginx", "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log"],
        tmp_path / "output")
    processes.wait_for(lambda: processes.listens(port), "nginx")
    yield program, f"http://127.0.0.1:{port}/", tmp_path / "error.log"
    processes.terminate(nginx)
    program.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_call_that_may_have_arrived_is_not_sent_again(front, method):
    program, url, log = front
    for _ in range(3):
        assert requests.request(method, url).status_code == 200      # so that a kept connection is used
    assert requests.request(method, url, params={"DIE": PAYLOAD}).status_code == 502
    assert len([call for call in program.calls if b"DIE" in call]) == 1
    assert requests.request(method, url).status_code == 200
    assert PAYLOAD not in log.read_text()


def test_a_get_and_a_post_reach_the_program_as_they_were_sent(front):
    program, url, _ = front
    requests.get(url + "?a=%2B&b=c+d")
    requests.post(url, data=b"x")
    get, post = program.calls
    assert b"REQUEST_METHODGET" in get and b"QUERY_STRINGa=%2B&b=c+d" in get and b"REQUEST_URI/" in get
    assert b"REQUEST_METHODPOST" in post
