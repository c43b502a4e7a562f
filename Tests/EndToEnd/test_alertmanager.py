"""Alertmanager itself, set up as docs/webhooks.md has it, sends through nginx and the relay to a function.

Where it is neither installed nor unpacked by script/test --long, this is skipped by name.
"""

import json
import re
import shutil
from pathlib import Path

import pytest
import requests

import documented
import hook_site
import processes
from hook_site import PAYLOADS
from running_site import Site

ALERTMANAGER = processes.service_program("prometheus-alertmanager")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not ALERTMANAGER,
        reason="Alertmanager is not here (Debian package prometheus-alertmanager, or script/test --long)"),
]

TOKEN = "a token of Alertmanager's"
SECRETS = {"ALERTS_TOKEN": TOKEN, "ALERTS_BASIC": hook_site.PASSWORD}
# What a Prometheus would report. Times are long past, so that what is sent of them is the same each time.
LABELS = {"alertname": "HighLatency", "job": "node", "severity": "critical"}
ALERTS = [
    {"labels": LABELS | {"instance": f"10.0.0.{number}:9100"}, "annotations": {"summary": "latency > 500 ms 延迟"},
     "startsAt": started, "generatorURL": "http://prometheus.example.com:9090/graph?g0.expr=latency+%3E+0.5&g0.tab=1"}
    for number, started in ((7, "2025-11-03T09:24:31.123456789Z"), (8, "2025-11-03T09:20:01.5Z"))]
RESOLVED = [ALERTS[0], ALERTS[1] | {"endsAt": "2025-11-03T09:23:16.5Z"}]


def documented_hooks():
    """The page's two hooks, the one with a password under another name, and two of a function that fails."""
    by_token, by_password = (
        documented.adapted(documented.block("webhooks.md", "yaml", verify), {"hooks:\n": ""})
        for verify in ("verify: alertmanager\n", "{scheme: alertmanager, authorization: basic}"))
    by_token = documented.adapted(by_token, {"10.0.0.0/8": "127.0.0.0/8"})
    by_password = documented.adapted(by_password, {"name: alerts": "name: by-password"})
    failing = documented.adapted(by_token, {"name: alerts": "name: failing", "function: alerts": "function: fail"})
    repeatable = documented.adapted(failing, {"name: failing": "name: repeatable\n    idempotent: true"})
    return f"hooks:\n{by_token}{by_password}{failing}{repeatable}"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    directory = tmp_path_factory.mktemp("alertmanager")
    functions = directory / "functions"
    shutil.copytree(processes.ROOT / "functions", functions)
    (functions / "default" / "alerts").mkdir()
    (functions / "default" / "alerts" / "index.py").write_text(hook_site.FUNCTIONS["alerts"])
    running = Site(
        directory / "run", "--config", directory / "relay.yaml", "--functions", functions,
        environment=processes.CLEAN_ENVIRONMENT | SECRETS,
        prepare=lambda site: (directory / "relay.yaml").write_text(
            f'listen: "unix:{directory}/relay.sock"\n'
            f"cloud: {{endpoint: '{site.local_url}', region: ap-guangzhou}}\n"
            "functions: [{name: alerts}, {name: fail}]\n"
            # It tells what was sent and returned.
            f'history: {{path: "{directory}/history.db", payloads: true}}\n' + documented_hooks()))
    yield running
    running.stop()


def command():
    """Debian's program reads its templates in /usr/share. One that is only unpacked finds those of its package there."""
    share = Path(ALERTMANAGER).parents[1] / "share"
    if share == Path("/usr/share"):
        return [ALERTMANAGER]
    as_root = [] if processes.is_root() else ["--map-root-user"]
    return ["unshare", "--mount", *as_root, "sh", "-c", 'mount --bind "$0" /usr/share && exec "$@"', share, ALERTMANAGER]


class Alertmanager:
    """A running Alertmanager whose receiver is the page's."""

    def __init__(self, directory, site):
        (self.port,) = processes.free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        (directory / "token").write_text(TOKEN)
        name, password = hook_site.PASSWORD.split(":")
        by_token = f"{{authorization: {{credentials_file: {directory}/token}}}}"
        text = (processes.ROOT / "docs" / "webhooks.md").read_text()
        [receivers] = re.findall(r"^    receivers:\n(?: {4}.*\n)+", text, re.MULTILINE)
        receivers = re.sub("^    ", "", documented.adapted(receivers, {
            "https://relay.example.com": site.url, "/etc/alertmanager/relay-token": f"{directory}/token"}), flags=re.MULTILINE)
        config = directory / "alertmanager.yml"
        config.write_text(f"""{receivers}
      - url: {site.url}/hooks/by-password
        http_config: {{basic_auth: {{username: {name}, password: {password}}}}}
  - name: failing
    webhook_configs: [{{url: "{site.url}/hooks/failing", http_config: {by_token}}}]
  - name: repeatable
    webhook_configs: [{{url: "{site.url}/hooks/repeatable", http_config: {by_token}}}]
route:
  receiver: relay
  group_by: [alertname]
  group_wait: 1s
  group_interval: 1s
  routes:
    - {{matchers: [hook=failing], receiver: failing}}
    - {{matchers: [hook=repeatable], receiver: repeatable}}
""")
        self.log = directory / "alertmanager.log"
        self.process = processes.start([
            *command(), "--config.file", config, "--storage.path", directory / "data", "--cluster.listen-address=",
            "--web.listen-address", f"127.0.0.1:{self.port}", "--web.external-url", "http://alertmanager.example.com:9093",
        ], self.log)
        processes.wait_for(self._is_ready, "Alertmanager is ready")

    def _is_ready(self):
        assert self.process.poll() is None, f"Alertmanager ended at its start:\n{self.log.read_text()}"
        return processes.listens(self.port) and requests.get(f"{self.url}/-/ready").status_code == 200

    def post(self, alerts):
        answer = requests.post(f"{self.url}/api/v2/alerts", json=alerts)
        assert answer.status_code == 200, answer.text

    def count(self, name):
        text = requests.get(f"{self.url}/metrics").text
        found = re.findall(rf'^alertmanager_{name}_total{{integration="webhook".*}} (\S+)$', text, re.MULTILINE)
        assert found, f"it does not count {name}"
        return sum(map(float, found))


@pytest.fixture
def alertmanager(tmp_path, site):
    running = Alertmanager(tmp_path, site)
    yield running
    processes.terminate(running.process)


def calls(site, http, hook):
    """What the history has of a hook's calls, the newest first."""
    listed = http.get(f"{site.url}/history?format=json").json()["Calls"]
    return [http.get(f"{site.url}/history/{call['Id']}").json() for call in listed if call["Hook"] == hook]


def test_alerts_run_the_function_by_token_and_by_password(site, http, alertmanager):
    def newest(hook):
        return next((json.loads(call["RetMsg"]) for call in calls(site, http, hook)), None)

    def wait_until_told(*firing):
        told = {"group": '{}:{alertname="HighLatency"}', "firing": list(firing), "total": 2}
        for hook in ("alerts", "by-password"):
            processes.wait_for(lambda: newest(hook) == told, f"{hook} is told of {firing}", seconds=30)

    alertmanager.post(ALERTS)
    wait_until_told("10.0.0.7:9100", "10.0.0.8:9100")
    alertmanager.post(RESOLVED)
    wait_until_told("10.0.0.7:9100")

    made = {hook: calls(site, http, hook) for hook in ("alerts", "by-password")}
    for hook, each in made.items():
        sent = each[0]["ClientContext"].encode()
        assert sent == (PAYLOADS / "alertmanager.json").read_bytes(), f"{hook}: the payload of other tests is what is sent"
        assert {call["Outcome"] for call in each} == {"ok"}
    processes.wait_for(
        lambda: alertmanager.count("notifications") == sum(map(len, made.values())), "it has seen each notification answered")
    assert alertmanager.count("notifications_failed") == 0


def test_a_function_that_failed_runs_again_with_the_next_notification_and_not_before(site, http, alertmanager):
    alertmanager.post([{"labels": {"alertname": "Fails", "hook": "failing"}}])
    made = processes.wait_for(lambda: len(made := calls(site, http, "failing")) >= 3 and made, "more notifications", seconds=30)
    assert {call["Status"] for call in made} == {422}
    # The log names an attempt for each notification that it gave up.
    attempts = processes.wait_for(lambda: re.findall(r"after (\d+) attempts", alertmanager.log.read_text()), "it gives one up")
    assert set(attempts) == {"1"}


def test_a_function_that_may_run_twice_is_tried_again_at_once(site, http, alertmanager):
    alertmanager.post([{"labels": {"alertname": "Fails", "hook": "repeatable"}}])
    made = processes.wait_for(lambda: len(made := calls(site, http, "repeatable")) >= 3 and made, "it comes again", seconds=30)
    assert {call["Status"] for call in made} == {502}
    assert alertmanager.count("notifications") == 1, "all this is one notification"
