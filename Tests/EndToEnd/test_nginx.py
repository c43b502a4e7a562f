"""nginx: both configurations are valid, and the production example does what its comments say."""

import hmac
import json
import os
import subprocess
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import requests

import processes
from pages import HTML, JSON, SECURITY_HEADERS, assert_is_failure, assert_is_html
from upstream import Upstream, success

NGINX = "/usr/sbin/nginx"
NGINX_FILES = processes.ROOT / "nginx"


def check(config, prefix):
    return subprocess.run([NGINX, "-t", "-p", prefix, "-c", config, "-e", prefix / "check.log"], capture_output=True, text=True)


def test_the_development_configuration_is_valid(site):
    checked = check(site.run_dir / "nginx.conf", site.run_dir)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr


class Production:
    """The production example on free ports, with a certificate of its own, in front of one relay or two."""

    def __init__(self, directory, relay_sockets, api_socket=None):
        nobody = f"{directory}/nobody.sock"
        self.directory = directory
        self.http_port, self.https_port = processes.free_ports(2)
        self.url = f"https://127.0.0.1:{self.https_port}"
        make_certificate(directory)
        (directory / "htpasswd").write_text("me:{PLAIN}secret\n")
        for kind in ("body", "fastcgi", "proxy", "scgi", "uwsgi"):
            (directory / kind).mkdir()
        self.config = directory / "nginx.conf"
        self.config.write_text(self._adapted(*relay_sockets, *[nobody] * (2 - len(relay_sockets)), api_socket or nobody, nobody))

    def _adapted(self, a, b, a_api, b_api):
        """The example with the places of this test, and nothing else, in place of its own."""
        text = (NGINX_FILES / "production.conf").read_text()
        replacements = {
            "user              www-data;": "user root;" if os.geteuid() == 0 else "",
            "/etc/nginx/scf-relay/htpasswd": f"{self.directory}/htpasswd",
            "/etc/nginx/scf-relay": str(NGINX_FILES),
            "/etc/ssl/relay.example.com": str(self.directory),
            "/var/www/scf-relay": str(processes.ROOT / "public"),
            "/var/log/nginx": str(self.directory),
            "/run/nginx.pid": f"{self.directory}/nginx.pid",
            "unix:/run/scf-relay/a.sock": f"unix:{a}",
            "unix:/run/scf-relay/b.sock": f"unix:{b}",
            "unix:/run/scf-relay/a-api.sock": f"unix:{a_api}",
            "unix:/run/scf-relay/b-api.sock": f"unix:{b_api}",
            "listen 80 default_server": f"listen 127.0.0.1:{self.http_port} default_server",
            "listen 443 ssl": f"listen 127.0.0.1:{self.https_port} ssl",
            "listen [::]:80 default_server;": "",
            "listen [::]:443 ssl http2 default_server;": "",
            "listen [::]:443 ssl http2;": "",
            "http {\n": "http {\n" + "".join(
                f"    {name}_path {self.directory}/{name.split('_')[0] if name != 'client_body_temp' else 'body'};\n"
                for name in ("client_body_temp", "fastcgi_temp", "proxy_temp", "scgi_temp", "uwsgi_temp")),
        }
        for old, new in replacements.items():
            assert old in text, f"production.conf has no {old!r} any more"
            text = text.replace(old, new)
        return text

    @contextmanager
    def running(self):
        checked = check(self.config, self.directory)
        assert checked.returncode == 0, checked.stderr
        assert "[warn]" not in checked.stderr
        server = processes.start(
            [NGINX, "-p", self.directory, "-c", self.config, "-e", self.directory / "error.log", "-g", "daemon off;"],
            self.directory / "nginx.log")
        processes.wait_for(lambda: processes.listens(self.https_port), "nginx listens")
        try:
            yield self
        finally:
            status = processes.terminate(server)
        assert status == 0


def make_certificate(directory):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=relay.example.com",
         "-keyout", directory / "privkey.pem", "-out", directory / "fullchain.pem"], check=True, capture_output=True)


@pytest.fixture(scope="module")
def production(site, tmp_path_factory):
    with Production(tmp_path_factory.mktemp("production"), [site.relay_socket], site.api_socket).running() as example:
        yield example


@pytest.fixture
def https():
    with requests.Session() as session:
        session.trust_env = False
        session.verify = False
        yield session


PASSWORD = {"Authorization": "Basic " + b64encode(b"me:secret").decode()}
pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")


def test_plain_http_leads_to_https_and_keeps_the_method(production, https):
    response = https.post(f"http://127.0.0.1:{production.http_port}/hooks/x?a=b", data="x", allow_redirects=False)
    assert response.status_code == 308
    assert response.headers["Location"] == "https://relay.example.com/hooks/x?a=b"


def test_the_page_is_served_with_HSTS_and_all_security_headers(production, https):
    for path in ("/", "/style.css", "/nothing"):
        headers = https.get(production.url + path).headers
        assert headers["Strict-Transport-Security"].startswith("max-age=")
        for name, start in SECURITY_HEADERS.items():
            assert headers[name].startswith(start), path


def test_a_call_needs_the_password(production, https):
    call = {"json": {"FunctionName": "hello"}}
    assert https.post(f"{production.url}/invoke", **call).status_code == 401
    response = https.post(f"{production.url}/invoke", headers=PASSWORD, **call)
    assert response.status_code == 200
    assert response.json()["Response"]["Result"]["RetMsg"] == "hello from scf"


def test_views_that_take_a_call_need_the_password_and_others_do_not(production, https):
    for path in ("/run?FunctionName=hello", "/errors", "/signature"):
        assert https.get(production.url + path, headers=HTML).status_code == 200, path
    form = {"data": {"FunctionName": "hello"}, "headers": JSON}
    assert https.post(f"{production.url}/code", **form).status_code == 401
    answer = https.post(f"{production.url}/code", data=form["data"], headers=JSON | PASSWORD)
    curl = next(one["Text"] for one in answer.json()["Code"] if one["Language"] == "curl")
    assert f"{production.url}/invoke" in curl
    assert '--user "$SCF_RELAY_LOGIN"' in curl


def test_a_form_of_the_page_over_https_is_taken_and_one_of_another_site_is_not(production, https):
    form = {"data": {"FunctionName": "hello"}}
    own = {"Origin": production.url, "Sec-Fetch-Site": "same-origin"}
    assert https.post(f"{production.url}/invoke", headers=PASSWORD | own, **form).status_code == 200
    other = {"Origin": "https://evil.example"}
    assert https.post(f"{production.url}/invoke", headers=PASSWORD | other, **form).status_code == 403


def test_a_GET_of_invoke_is_refused_even_with_the_password(production, https):
    assert https.get(f"{production.url}/invoke", headers=PASSWORD).status_code == 405


@pytest.mark.parametrize("html", [True, False], ids=["html", "json"])
def test_a_flood_is_429_with_Retry_After_in_the_callers_format(production, https, html):
    responses = [https.post(f"{production.url}/invoke", json={}, headers=PASSWORD | (HTML if html else JSON))
                 for _ in range(40)]
    refused = next(each for each in responses if each.status_code == 429)
    assert int(refused.headers["Retry-After"]) >= 1
    if html:
        assert_is_html(refused)
    else:
        assert_is_failure(refused, 429, "RequestLimitExceeded", html)


def test_a_flood_of_one_hook_is_503_with_Retry_After_in_JSON_and_leaves_others_alone(production, https):
    def send(hook):
        return requests.post(f"{production.url}/hooks/{hook}", data="{}", headers=HTML, verify=False, proxies={"https": ""})

    answers, refused = [], []
    with ThreadPoolExecutor(70) as pool:
        # On a busy machine handshakes may take so long that 70 of them are no flood.
        for _ in range(10):
            answers += pool.map(send, ["flooded"] * 70)
            refused = [each for each in answers if each.status_code == 503]
            if refused:
                break
        other = send("other")
    assert refused and len(refused) < len(answers)
    assert all(int(each.headers["Retry-After"]) >= 1 for each in refused)
    assert refused[0].json()["Response"]["Error"]["Code"] == "RequestLimitExceeded"
    # This site's relay has no hooks.
    assert other.status_code == 404


def test_the_log_has_neither_query_nor_body(production, https):
    https.post(f"{production.url}/hooks/x?token=from-the-query", data="from-the-body")
    log = processes.wait_for(lambda: (text := (production.directory / "access.log").read_text()) and "/hooks/x" in text and text,
                             "the line of the call")
    assert "from-the-query" not in log and "from-the-body" not in log


def test_health_and_metrics_are_for_this_machine(production, https):
    assert https.get(f"{production.url}/healthz").status_code == 200
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    assert https.get(f"{production.url}/healthz", headers=forwarded).status_code == 200, "only 10/8 may forward"


# ---- Several relays -------------------------------------------------------------------------------------------------

HOOK_SECRET = "a secret of the senders"
HOOKS = [
    {"name": "github", "function": "hello", "verify": "github", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "stripe", "function": "hello", "verify": "stripe", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "slack", "function": "hello", "verify": "slack", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "shop", "function": "hello", "verify": "none", "allow": ["127.0.0.1"], "id": "header:X-Shop-Delivery"},
]


def signed(text):
    return hmac.new(HOOK_SECRET.encode(), text, "sha256").hexdigest()


def delivery(hook, name, at):
    """What a sender sends at that time, be it for the first time or again: body and header fields. `name` is its id."""
    body = json.dumps({"id": name, "event_id": name, "type": hook}).encode()
    return body, {
        "github": {"X-GitHub-Event": "push", "X-GitHub-Delivery": name, "X-Hub-Signature-256": f"sha256={signed(body)}"},
        "stripe": {"Stripe-Signature": f"t={at},v1={signed(f'{at}.'.encode() + body)}"},
        "slack": {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={signed(f'v0:{at}:'.encode() + body)}"},
        "shop": {"X-Shop-Delivery": name},
    }[hook]


class RelayWithCloud:
    """A relay with a store and a cloud of its own, whose functions return something else with each run."""

    def __init__(self, start, name, directory):
        self.cloud = Upstream(lambda call: success(f"{name}, run {len(self.cloud.calls)}"))
        self.relay = start(
            self.cloud.port, hooks=HOOKS, store={"path": f"{directory}/{name}.db"}, environment={"HOOK_SECRET": HOOK_SECRET})

    def runs(self, hook):
        """The ids for which it has run the hook's function, as often as it has."""
        events = [json.loads(call.json()["ClientContext"]) for call in self.cloud.calls]
        return [event["id"] for event in events if event["type"] == hook]


@pytest.fixture
def two_relays(relay, tmp_path):
    both = [RelayWithCloud(relay, name, tmp_path) for name in ("a", "b")]
    yield both
    for each in both:
        each.cloud.close()


def test_a_delivery_that_comes_again_runs_once_wherever_its_id_is(two_relays, https, tmp_path):
    # Were the relay chosen at random, every second delivery of a hook would meet the first one's once in 4,096 times.
    names = [f"id-{number}" for number in range(12)]
    (tmp_path / "nginx").mkdir()
    with Production(tmp_path / "nginx", [each.relay.socket for each in two_relays]).running() as production:
        def send(hook, name, at):
            body, headers = delivery(hook, name, at)
            headers |= {"Content-Type": "application/json"}
            answer = https.post(f"{production.url}/hooks/{hook}", data=body, headers=headers)
            assert answer.status_code == 200, answer.text
            return answer.text

        now = int(time.time())
        for hook in (each["name"] for each in HOOKS):
            # Senders who sign the time sign anew what they send again.
            first, second = ([send(hook, name, at) for name in names] for at in (now - 60, now))
            assert second == first, f"{hook}: the answers are those of the first time"
            runs = [each.runs(hook) for each in two_relays]
            assert sorted(runs[0] + runs[1]) == sorted(names), f"{hook}: each id runs once"
            if hook != "github":
                assert [] in runs, f"{hook}: nginx sees no id, and leads all of it to one relay"

        def both_have_run():
            send("github", f"more-{sum(len(each.cloud.calls) for each in two_relays)}", now)
            return all(each.runs("github") for each in two_relays)

        processes.wait_for(both_have_run, "ids that nginx sees are shared out")
