"""An nginx that speaks TLS in front of a cloud-API door, with a certificate that nobody else trusts."""

import shutil
import subprocess
from pathlib import Path

import certifi

import processes


class TLSFront:
    """A running nginx with TLS on `port`, for https://localhost and https://127.0.0.1."""

    def __init__(self, directory, socket):
        self.directory = Path(directory)
        (self.port,) = processes.free_ports(1)
        self.certificate = self.directory / "certificate.pem"
        self._make_certificate()
        config = self.directory / "nginx.conf"
        config.write_text(self._configuration(socket))
        self._process = processes.start(
            [nginx_program(), "-p", self.directory, "-c", config, "-e", "error.log", "-g", "daemon off;"],
            self.directory / "nginx.log")
        processes.wait_for(lambda: processes.listens(self.port), "nginx listens")

    def trusting_certifi(self):
        """A folder for PYTHONPATH with a certifi that trusts the certificate too, as if it were appended to the file that
        `python -m certifi` prints."""
        folder = self.directory / "python"
        copy = shutil.copytree(Path(certifi.__file__).parent, folder / "certifi")
        with open(copy / "cacert.pem", "a") as bundle:
            bundle.write(self.certificate.read_text())
        return folder

    def stop(self):
        processes.terminate(self._process)

    def _make_certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", self.directory / "key.pem", "-out", self.certificate], check=True, capture_output=True)

    def _configuration(self, socket):
        root = "user root;" if processes.is_root() else ""
        return f"""
            {root}
            worker_processes 1;
            pid nginx.pid;
            events {{ worker_connections 256; }}
            http {{
                access_log off;
                client_body_temp_path body;
                fastcgi_temp_path     fastcgi;
                proxy_temp_path       proxy;
                scgi_temp_path        scgi;
                uwsgi_temp_path       uwsgi;
                server {{
                    listen 127.0.0.1:{self.port} ssl;
                    ssl_certificate     certificate.pem;
                    ssl_certificate_key key.pem;
                    include "{processes.ROOT}/nginx/cloud-api-fastcgi.conf";
                    location / {{ fastcgi_pass "unix:{socket}"; }}
                }}
            }}"""


def nginx_program():
    """For users who are not root, Debian's nginx is outside of PATH."""
    return shutil.which("nginx") or "/usr/sbin/nginx"
