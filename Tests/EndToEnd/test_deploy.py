"""The sites of docs/deploy.md, run as the page has them: TLS, who may run functions, several hosts."""

import http.server
import re
import socket
import subprocess
import threading
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

import documented
import processes
from test_nginx import NGINX, make_certificate
from test_restart import HandedRelay
from upstream import Upstream, success

PASSWORD = {"Authorization": "Basic " + b64encode(b"me:secret").decode()}
HELLO = {"FunctionName": "hello"}
pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")


def block(containing):
    return documented.block("deploy.md", "nginx", containing)


ONE_HOST = block("return 308")
PASSWORD_LINES = "".join(line for line in ONE_HOST.splitlines(keepends=True) if line.startswith(("    auth_basic", "    set ")))
assert PASSWORD_LINES.count("\n") == 3


def with_access(access, off=""):
    """The site of one host, with another access control than the password, and `off` where the password is not asked for."""
    places = {PASSWORD_LINES: access, "        auth_basic off;": f"        {off}"}
    # Comments may stand behind.
    return documented.adapted(ONE_HOST, places)


class Site:
    """An nginx that runs a text of the page, in front of `relay_socket`: with TLS where the text has it."""

    def __init__(self, directory, text, relay_socket, places=None):
        self.directory = directory
        self.port, http_port = processes.free_ports(2)
        scheme = "https" if "listen 443 ssl" in text else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        (directory / "htpasswd").write_text("me:{PLAIN}secret\n")
        if scheme == "https":
            make_certificate(directory)
            own = {"listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl", "/etc/ssl/relay.example.com": directory}
        else:
            own = {"listen 127.0.0.1:8080": f"listen 127.0.0.1:{self.port}"}
        text = documented.adapted(text, own | (places or {}))
        for old, new in {
            "listen 80;": f"listen 127.0.0.1:{http_port};",
            "/usr/share/scf-relay/nginx": processes.ROOT / "nginx",
            "/usr/share/scf-relay/public": processes.ROOT / "public",
            "/etc/nginx/scf-relay.htpasswd": directory / "htpasswd",
            "/var/log/nginx": directory,
            "/run/scf-relay/relay.sock": relay_socket,
        }.items():
            text = text.replace(old, str(new))
        temporary = "".join(
            f"{kind}_temp_path {directory}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
        self.config = directory / "nginx.conf"
        self.config.write_text(f"""
            {"user root;" if processes.is_root() else ""}
            pid nginx.pid;
            events {{ worker_connections 512; }}
            http {{ {temporary}
            {text} }}""")
        checked = subprocess.run(
            [NGINX, "-t", "-p", directory, "-c", self.config, "-e", directory / "check.log"], capture_output=True, text=True)
        assert checked.returncode == 0 and "[warn]" not in checked.stderr, checked.stderr

    def start(self):
        self.process = processes.start(
            [NGINX, "-p", self.directory, "-c", self.config, "-e", "error.log", "-g", "daemon off;"], self.directory / "nginx.log")
        processes.wait_for(lambda: processes.listens(self.port), "nginx listens")


@pytest.fixture
def deployed(tmp_path, site):
    """Starts a site; `deployed(text)`. Its relay is that of `site` unless there is another."""
    running = []

    def start(text, **options):
        running.append(Site(tmp_path, text, options.pop("relay_socket", site.relay_socket), **options))
        running[-1].start()
        return running[-1].url

    yield start
    for each in running:
        processes.terminate(each.process)


@pytest.fixture
def https():
    with requests.Session() as session:
        session.trust_env = False
        session.verify = False
        yield session


def assert_open_to_senders_and_probes(https, url):
    """What needs no access control: the relay itself answers, here that it has no such hook and no such delivery."""
    assert https.post(f"{url}/hooks/nobody", json={}).status_code == 404
    assert https.get(f"{url}/healthz").status_code == 200


def test_a_password_is_asked_for_but_not_of_senders(deployed, https):
    url = deployed(ONE_HOST)
    for path in ("/", "/errors", "/functions"):
        assert https.get(url + path).status_code == 401, path
        assert https.get(url + path, headers=PASSWORD).status_code == 200, path
    assert https.post(f"{url}/invoke", json=HELLO).status_code == 401
    answer = https.post(f"{url}/invoke", json=HELLO, headers=PASSWORD)
    assert answer.json()["Response"]["Result"]["RetMsg"] == "hello from scf"
    assert_open_to_senders_and_probes(https, url)


class SignOn:
    """A single sign-on service: whoever has the cookie is alice. Notes what it was asked."""

    def __init__(self):
        seen = self.seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append((self.path, self.headers["X-Original-URI"], self.headers["Content-Length"]))
                allowed = "session=alice" in (self.headers["Cookie"] or "")
                self.send_response(202 if allowed else 401)
                if allowed:
                    self.send_header("X-Auth-Request-User", "alice")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def test_single_sign_on_decides_and_names_the_caller(deployed, https, site):
    service = SignOn()
    try:
        url = deployed(
            with_access(block("auth_request "), "auth_request off;"), places={"127.0.0.1:4180": f"127.0.0.1:{service.port}"})
        assert https.post(f"{url}/invoke", json=HELLO).status_code == 401
        answer = https.post(f"{url}/invoke", json=HELLO, headers={"Cookie": "session=alice"})
        assert answer.status_code == 200
        assert ("/oauth2/auth", "/invoke", None) in service.seen, "without the body and its length"
        assert_caller(site, answer, "alice")
        assert https.get(url, headers={"Cookie": "session=alice"}).status_code == 200
        assert_open_to_senders_and_probes(https, url)
    finally:
        service.server.shutdown()
        service.server.server_close()


def test_who_is_not_asked_for_a_password_cannot_name_himself(deployed, https, site):
    """nginx takes a name from Authorization whether or not it compares the password."""
    claim = {"Authorization": "Basic " + b64encode(b"root:guess").decode()}
    assert_caller(site, https.post(f"{site.url}/invoke", json=HELLO, headers=claim), "127.0.0.1")
    url = deployed(ONE_HOST)
    assert_caller(site, https.post(f"{url}/invoke", json=HELLO, headers=PASSWORD), "me")
    assert_caller(site, https.post(f"{url}/hooks/nobody", json={}, headers=claim), "127.0.0.1")


def assert_caller(site, answer, name):
    request_id = answer.headers["X-Request-Id"]
    line = processes.wait_for(
        lambda: next((line for line in site.log("relay").splitlines() if request_id in line), None), "the line of the call")
    assert f'"caller":"{name}"' in line


def make_client_certificate(directory):
    """A CA, and a certificate that it has signed for "reports"."""
    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=directory)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=callers", "-keyout", "ca.key", "-out", "callers-ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/O=example/CN=reports",
            "-keyout", "client.key", "-out", "client.csr")
    openssl("x509", "-req", "-in", "client.csr", "-CA", "callers-ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-out", "client.pem")
    return str(directory / "client.pem"), str(directory / "client.key")


def test_a_client_certificate_lets_in_and_names_the_caller(deployed, https, site, tmp_path):
    certificate = make_client_certificate(tmp_path)
    url = deployed(block("$needs_certificate {") + with_access(block("ssl_verify_client")))
    assert https.post(f"{url}/invoke", json=HELLO).status_code == 403
    assert_open_to_senders_and_probes(https, url)
    https.close()   # a new connection, and a new handshake
    answer = https.post(f"{url}/invoke", json=HELLO, cert=certificate)
    assert answer.status_code == 200
    assert_caller(site, answer, "reports")


def test_an_internal_net_keeps_others_out(deployed, https):
    url = deployed(with_access(block("satisfy all;"), "allow all;"))
    assert https.post(f"{url}/invoke", json=HELLO).status_code == 403, "127.0.0.1 is not in 10.0.0.0/8"
    assert https.post(f"{url}/hooks/nobody", json={}).status_code == 404


def test_the_site_of_the_cloud_api_is_valid_beside_the_other(tmp_path, site):
    Site(tmp_path, ONE_HOST + block("upstream relay_api"), site.relay_socket)


class TCPSocket:
    """What systemd would hold on a host of a private net."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.place = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.path = self.place


class Host:
    """A relay with a cloud of its own, which notes what it was asked, and when."""

    def __init__(self, directory, **limits):
        directory.mkdir()
        self.times = []
        self.cloud = Upstream(self.answer)
        self.held = TCPSocket()
        self.relay = HandedRelay(directory, self.cloud.port, self.held, limits=limits)

    def answer(self, call):
        self.times.append(time.monotonic())
        return success()

    @property
    def ids(self):
        return [call.json()["ClientContext"] for call in self.cloud.calls]

    def fail(self):
        self.relay.stop()
        self.held.listener.close()

    def close(self):
        if self.relay.process.poll() is None:
            self.fail()
        self.cloud.close()


def deploy_several(deployed, hosts):
    """The page's nginx in front of two hosts. Returns its URL."""
    upstream_of_one = ONE_HOST[ONE_HOST.index("upstream relay {"):ONE_HOST.index("server {\n    listen 80;")]
    text = documented.adapted(with_access(""), {
        upstream_of_one: block("hash $relay_key") + "\n",
        "limit_req  zone=caller burst=10 nodelay;": "", "limit_req  zone=cloud  burst=40;": "",
    })
    return deployed(text, places={"10.0.0.11:9001": hosts[0].held.place, "10.0.0.12:9001": hosts[1].held.place})


def test_two_hosts_that_split_the_rate_keep_to_it_together(deployed, tmp_path):
    """`limits.requestsPerSecond: 10` on each of two, as the page has it."""
    hosts = [Host(tmp_path / name, requestsPerSecond=10, queueSeconds=60) for name in ("a", "b")]
    try:
        url = deploy_several(deployed, hosts)
        began = time.monotonic()
        with ThreadPoolExecutor(60) as pool:
            answers = list(pool.map(
                lambda _: requests.post(f"{url}/invoke", json=HELLO, verify=False, timeout=90, proxies={"https": None}), range(60)))
        assert [answer.status_code for answer in answers] == [200] * 60
        assert sum(len(host.times) for host in hosts) == 60
        for host in hosts:
            assert len(host.times) > 10, "both take their part"
            # Ten start in any second: the one after each ten comes no sooner than a second later.
            for number, arrived in enumerate(sorted(host.times)):
                assert arrived - began >= number // 10
    finally:
        for host in hosts:
            host.close()


def test_several_hosts_share_the_ids_and_one_may_fail(deployed, https, tmp_path):
    hosts = [Host(tmp_path / name, requestsPerSecond=0) for name in ("a", "b")]
    try:
        url = deploy_several(deployed, hosts)

        def call(number):
            answer = https.post(
                f"{url}/invoke", json=HELLO | {"ClientContext": str(number)}, headers={"X-GitHub-Delivery": f"id-{number}"})
            assert answer.status_code == 200, answer.text

        for _ in range(2):
            for number in range(20):
                call(number)
        a, b = (host.ids for host in hosts)
        assert len(a) + len(b) == 40
        assert a and b and not set(a) & set(b), "each id meets the same relay both times"
        hosts[0].fail()
        for number in range(20):
            call(number)
        assert len(hosts[1].ids) == len(b) + 20
    finally:
        for host in hosts:
            host.close()


def test_the_page_and_the_production_example_choose_a_relay_alike():
    """What test_nginx.py shows of the example's choice holds for the page's then."""
    def choice(text):
        found = re.findall(r"^ *map \$\S+ \$relay_key\w* \{.*?^ *\}$", text, re.MULTILINE | re.DOTALL)
        return [each.split() for each in found], re.findall(r"hash \S+ consistent;", text)

    example = choice((processes.ROOT / "nginx" / "production.conf").read_text())
    assert len(example[0]) == 2 and len(example[1]) == 1
    assert choice(block("hash $relay_key")) == example


def test_every_site_knows_the_views_of_the_page():
    development = (processes.ROOT / "nginx" / "development.conf").read_text()
    (views,) = re.findall(r"location ~ (\^/\(run\S*\$) \{", development)
    for page in ("packaging/nginx/scf-relay", "docs/deploy.md"):
        assert views in (processes.ROOT / page).read_text(), page
    names = re.findall(r"[a-z]+", views)
    for pattern in re.findall(r"\^/\((invoke\|[a-z|]+)\)", (processes.ROOT / "docs" / "web-servers.md").read_text()):
        assert set(names) <= set(pattern.split("|"))
