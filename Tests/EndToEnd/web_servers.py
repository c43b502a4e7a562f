"""Other web servers than nginx, run with the configurations of docs/web-servers.md, and nginx for comparison."""

import os

import documented
import processes

PUBLIC = processes.ROOT / "public"


class WebServer:
    """A running web server: the page and the relay on `port`, the cloud API on `api_port`."""

    name: str
    program: str
    takes_chunked = True
    # Bytes of query with which a GET of the cloud API still comes through.
    query_bytes = 32_000

    def __init__(self, directory, relay_socket, api_socket):
        self.directory = directory
        self.port, self.api_port = processes.free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        self.places = {
            "127.0.0.1:8080": f"127.0.0.1:{self.port}",
            "127.0.0.1:8081": f"127.0.0.1:{self.api_port}",
            "/run/scf-relay/relay.sock": relay_socket,
            "/run/scf-relay/api.sock": api_socket,
            "/usr/share/scf-relay/public": PUBLIC,
        }
        if processes.is_root():
            # Apache's workers are never root. As with SocketGroup=www-data, they may connect.
            for path in (relay_socket, api_socket):
                os.chmod(os.path.dirname(path), 0o711)
                os.chmod(path, 0o666)
        command = self.prepare()
        self.process = processes.start(command, directory / "server.log", processes.CLEAN_ENVIRONMENT | self.environment())
        processes.wait_for(self.serves, f"{self.name} listens:\n")

    def serves(self):
        assert self.process.poll() is None, f"{self.name} ended at its start:\n{self.log}"
        return processes.listens(self.port) and processes.listens(self.api_port)

    @classmethod
    def path(cls):
        """Where the program is; None where it is nowhere."""
        return processes.service_program(cls.program)

    def documented(self, language):
        return documented.adapted(documented.block("web-servers.md", language), self.places)

    def environment(self):
        return {}

    @property
    def log(self):
        return "".join(path.read_text() for path in self.directory.glob("*.log"))

    def stop(self):
        processes.terminate(self.process)


class Apache(WebServer):
    name, program = "Apache", "apache2"
    query_bytes = 15_000
    # What Debian enables, and "a2enmod proxy_fcgi headers rewrite".
    modules = ("mpm_event", "authz_core", "dir", "env", "mime", "reqtimeout", "headers", "rewrite", "proxy", "proxy_fcgi", "setenvif")

    def prepare(self):
        config = self.directory / "apache2.conf"
        loads = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in self.modules)
        config.write_text(f"""
            ServerRoot {self.directory}
            DefaultRuntimeDir {self.directory}
            PidFile apache2.pid
            ErrorLog error.log
            {loads}
            TypesConfig /etc/mime.types
            {"User www-data" if processes.is_root() else ""}
            {"Group www-data" if processes.is_root() else ""}
            {self.documented("apache")}""")
        return [self.path(), "-f", config, "-D", "FOREGROUND"]


class Lighttpd(WebServer):
    name, program = "lighttpd", "lighttpd"
    query_bytes = 30_000

    def prepare(self):
        config = self.directory / "lighttpd.conf"
        config.write_text(f"""
            server.modules = ( "mod_indexfile", "mod_access", "mod_staticfile" )
            server.document-root = "{self.directory}"
            server.bind = "127.0.0.1"
            server.port = {processes.free_ports(1)[0]}
            server.errorlog = "{self.directory}/error.log"
            server.upload-dirs = ( "{self.directory}" )
            mimetype.assign = ( ".html" => "text/html; charset=utf-8", ".js" => "text/javascript", ".css" => "text/css" )
            {self.documented("lighttpd")}""")
        return [self.path(), "-D", "-f", config]


class Caddy(WebServer):
    name, program = "Caddy", "caddy"
    takes_chunked = False

    def prepare(self):
        config = self.directory / "Caddyfile"
        config.write_text("{\n\tadmin off\n}\n" + self.documented("caddyfile"))
        return [self.path(), "run", "--config", config, "--adapter", "caddyfile"]

    def environment(self):
        return {"HOME": str(self.directory), "XDG_DATA_HOME": str(self.directory), "XDG_CONFIG_HOME": str(self.directory)}


SERVERS = (Apache, Lighttpd, Caddy)
