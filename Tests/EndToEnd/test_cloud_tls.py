"""A cloud whose certificate is not right: no call, and no key's work, goes there."""

import socket
import subprocess
import threading
from dataclasses import dataclass

import pytest

import processes
from pages import JSON
from tls_site import nginx_program

# Certificates that the relay trusts are the system's: it is shown another list of them, in a mount namespace of its own.
LIST = "/etc/ssl/certs/ca-certificates.crt"
pytestmark = pytest.mark.skipif(not processes.is_root(), reason="a mount namespace of its own needs root")


@dataclass
class Authority:
    """Who signs the certificates here."""

    directory: object

    def __post_init__(self):
        self.certificate = self.directory / "authority.pem"
        self._run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                  "-subj", "/CN=an authority", "-keyout", "authority.key", "-out", "authority.pem")

    def sign(self, name, host, expired=False):
        """A certificate for `host`; returns the names of its file and of its key's."""
        self._run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={host}",
                  "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (self.directory / f"{name}.ext").write_text(f"subjectAltName=DNS:{host}\n")
        # A time of 0 days from a start in the past has been over since then.
        since = ["-days", "-1"] if expired else ["-days", "1"]
        self._run("x509", "-req", "-in", f"{name}.csr", "-CA", "authority.pem", "-CAkey", "authority.key",
                  "-CAcreateserial", "-extfile", f"{name}.ext", *since, "-out", f"{name}.pem")
        return f"{name}.pem", f"{name}.key"

    def sign_itself(self, name, host):
        self._run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                  "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
                  "-keyout", f"{name}.key", "-out", f"{name}.pem")
        return f"{name}.pem", f"{name}.key"

    def _run(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.directory, check=True, capture_output=True)


@pytest.fixture
def tls(tmp_path, upstream):
    """Starts an nginx that speaks TLS in front of the scripted cloud; `tls(certificate, key)` returns its port."""
    running = []

    def start(certificate, key, more=""):
        port, = processes.free_ports(1)
        config = tmp_path / f"nginx{len(running)}.conf"
        config.write_text(f"""
            user root; worker_processes 1; pid nginx{len(running)}.pid;
            events {{ worker_connections 64; }}
            http {{
                access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                scgi_temp_path scgi; uwsgi_temp_path uwsgi;
                server {{
                    listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key}; {more}
                    location / {{ proxy_pass http://127.0.0.1:{upstream.port}; }}
                }}
            }}""")
        running.append(processes.start(
            [nginx_program(), "-p", tmp_path, "-c", config, "-e", "error.log", "-g", "daemon off;"], tmp_path / "nginx.log"))
        processes.wait_for(lambda: processes.listens(port), "nginx listens")
        return port

    yield start
    for each in running:
        processes.terminate(each)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def trusting_relay(relay, authority):
    """A relay that trusts the authority and nobody else."""
    return lambda port: relay(
        port, cloud={"endpoint": f"https://localhost:{port}"},
        under=["unshare", "--mount", "--", "sh", "-c", 'mount --bind "$0" "$1" && shift && exec "$@"',
               authority.certificate, LIST])


def test_a_right_certificate_lets_the_call_through(tls, authority, trusting_relay, upstream):
    response = trusting_relay(tls(*authority.sign("right", "localhost"))).invoke({"FunctionName": "hello"}, headers=JSON)
    assert response.status == 200, response.text
    assert len(upstream.calls) == 1


WRONG = {
    "another host": lambda authority: authority.sign("other", "scf.tencentcloudapi.com.example"),
    "expired": lambda authority: authority.sign("expired", "localhost", expired=True),
    "self-signed": lambda authority: authority.sign_itself("self", "localhost"),
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_certificate_is_a_network_error_and_nothing_is_sent(tls, authority, trusting_relay, upstream, make):
    running = trusting_relay(tls(*make(authority)))
    response = running.invoke({"FunctionName": "hello"}, headers=JSON)
    assert (response.status, response.error[0]) == (502, "ClientError.NetworkError"), response.text
    assert upstream.calls == []
    processes.wait_for(lambda: "SSL" in running.log or "certificate" in running.log, "the reason in the log")


def test_old_TLS_is_not_spoken(tls, authority, trusting_relay, upstream):
    port = tls(*authority.sign("right", "localhost"), more="ssl_protocols TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;")
    response = trusting_relay(port).invoke({"FunctionName": "hello"}, headers=JSON)
    assert (response.status, response.error[0]) == (502, "ClientError.NetworkError"), response.text
    assert upstream.calls == []


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x16\x03\x03\xff\xff", bytes(100)],
                         ids=["an end", "HTTP", "half a hello", "zeros"])
def test_who_does_not_speak_TLS_is_a_network_error_or_a_timeout(trusting_relay, data):
    with socket_that_says(data) as port:
        response = trusting_relay(port).invoke({"FunctionName": "hello"}, headers=JSON)
    assert response.status in (502, 504)
    assert response.error[0] in ("ClientError.NetworkError", "ClientError.Timeout"), response.text


class socket_that_says:
    """A port that answers whatever comes with the same bytes, and ends the connection."""

    def __init__(self, data):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._data = data
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(4096)
                connection.sendall(self._data)

    def __enter__(self):
        return self._listener.getsockname()[1]

    def __exit__(self, *_):
        self._listener.close()
