"""What the relay counts: after calls that are known, each series has the value that it must have, and nothing secret is in it."""

import json
import os
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

import fastcgi_client
import processes
from exposition import Exposition
from running_site import Site
from test_callers import invoke, no_proxy  # noqa: F401  (the second is a fixture that works by being here)
from upstream import Held, Upstream, failure, success

SECRETS = {"OLD_KEY": "the-old-secret", "NEW_KEY": "the-new-secret", "TOKEN": "a-token-of-the-sender", "OTHER": "another-token-of-the-sender"}
TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"


# ---- Through nginx, with callers, hooks and a store -----------------------------------------------------------------

@pytest.fixture(scope="module")
def site(tmp_path_factory):
    directory = tmp_path_factory.mktemp("metrics")
    running = Site(
        directory / "run", "--config", directory / "relay.yaml", environment=processes.CLEAN_ENVIRONMENT | SECRETS,
        prepare=lambda site: (directory / "relay.yaml").write_text(configuration(site, directory)))
    yield running
    running.stop()


def configuration(site, directory):
    secrets = [{"id": "new", "from": "environment:TOKEN"}, {"id": "old", "from": "environment:OTHER"}]
    rest = {
        "cloud": {"endpoint": site.local_url, "region": "ap-guangzhou"},
        "limits": {"requestsPerSecond": 0, "drainSeconds": 5},
        "functions": [{"name": "hello"}, {"name": "echo", "memory": 512}, {"name": "fail"}],
        "callers": [{"name": "ci", "functions": "all", "keys": [
            {"secretId": "AKIDCI", "secretKey": "environment:OLD_KEY"},
            {"secretId": "AKIDCINEW", "secretKey": "environment:NEW_KEY"}]}],
        "hooks": [{"name": "now", "function": "hello", "verify": "bearer", "secrets": secrets},
                  {"name": "later", "function": "hello", "verify": "bearer", "secrets": secrets, "answer": "accepted"}],
        "store": {"path": str(directory / "calls.db")},
    }
    listen = f'listen: "unix:{directory}/relay.sock"\napiListen: "unix:{directory}/api.sock"\n'
    return listen + "\n".join(f"{key}: {json.dumps(value)}" for key, value in rest.items()) + "\n"


class KnownCalls:
    """Calls of every kind, once; and what came of them."""

    def __init__(self, site, http):
        self.site, self.http = site, http
        self.bytes_in = self.bytes_out = self.echo_milliseconds = 0
        for number in range(3):
            result = self.post({"FunctionName": "echo", "ClientContext": {"n": number}}, 200)
            self.echo_milliseconds += result["BillDuration"]
        self.post({"FunctionName": "hello"}, 200)
        self.post({"FunctionName": "fail"}, 200)
        self.post({"FunctionName": "hello", "ClientContext": "{"}, 400)
        self.post({"FunctionName": "unlisted"}, 403)
        self.post({"FunctionName": "other-unlisted"}, 403)
        for secret_id, key in (("AKIDCI", "OLD_KEY"), ("AKIDCI", "OLD_KEY"), ("AKIDCINEW", "NEW_KEY")):
            invoke(site, secret_id, SECRETS[key])
        with pytest.raises(TencentCloudSDKException):
            invoke(site, "AKIDCI", "a-wrong-secret")
        self.hook("now", SECRETS["TOKEN"], 200)
        self.hook("now", SECRETS["OTHER"], 200)
        self.hook("now", "wrong", 401)
        locations = [self.hook("later", SECRETS["TOKEN"], 202).headers["Location"] for _ in range(2)]
        self.hook("none-of-this-name", SECRETS["TOKEN"], 404)
        self.looks = 0
        for location in locations:
            processes.wait_for(lambda: self.look(location) == "done", "it is delivered")

    def post(self, fields, status):
        body = json.dumps(fields).encode()
        response = self.http.post(
            f"{self.site.url}/invoke", data=body, headers={"Content-Type": "application/json", "traceparent": TRACEPARENT})
        assert response.status_code == status
        self.bytes_in += len(body)
        self.bytes_out += len(response.content)
        return response.json()["Response"].get("Result")

    def hook(self, name, token, status):
        response = self.http.post(
            f"{self.site.url}/hooks/{name}", json={"a": 1}, headers={"Authorization": f"Bearer {token}", "traceparent": TRACEPARENT})
        assert response.status_code == status
        return response

    def look(self, location):
        self.looks += 1
        return self.http.get(self.site.url + location).json()["State"]


@pytest.fixture(scope="module")
def known(site):
    import requests
    with requests.Session() as http:
        http.trust_env = False
        yield KnownCalls(site, http)


@pytest.fixture
def metrics(site, known, http):
    """What /metrics says once those calls are over."""
    response = http.get(f"{site.url}/metrics")
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return Exposition(response.text)


def test_calls_by_door_caller_function_and_code(metrics, known):
    # In the order of the labels' names: caller, code, door, function.
    assert metrics.all("scf_relay_calls_total") == {
        ("other", "OK", "invoke", "default/echo"): 3,
        ("other", "OK", "invoke", "default/hello"): 1,
        ("other", "FunctionFailed", "invoke", "default/fail"): 1,
        ("other", "InvalidParameterValue.Param", "invoke", "other"): 1,
        ("other", "UnauthorizedOperation.CAM", "invoke", "other"): 2,
        ("ci", "OK", "cloud-api", "default/hello"): 3,
        ("other", "AuthFailure.SignatureFailure", "cloud-api", "other"): 1,
        ("now", "OK", "hook", "default/hello"): 2,
        ("now", "AuthFailure.SignatureFailure", "hook", "other"): 1,
        ("later", "OK", "hook", "default/hello"): 2,
        ("later", "OK", "delivery", "default/hello"): 2,
        ("other", "OK", "deliveries", "other"): known.looks,
        ("other", "ResourceNotFound", "none", "other"): 1,
    }


def test_durations_and_bytes_by_door(metrics, known):
    counts = metrics.all("scf_relay_call_duration_seconds_count")
    assert counts == {("invoke",): 8, ("cloud-api",): 4, ("hook",): 5, ("delivery",): 2, ("deliveries",): known.looks, ("none",): 1}
    assert 0 < metrics.value("scf_relay_call_duration_seconds_sum", door="invoke") < 60
    assert metrics.value("scf_relay_received_bytes_total", door="invoke") == known.bytes_in
    assert metrics.value("scf_relay_sent_bytes_total", door="invoke") == known.bytes_out


def test_what_the_cloud_bills(metrics, known):
    seconds = metrics.value("scf_relay_billed_seconds_total", function="default/echo")
    assert seconds == pytest.approx(known.echo_milliseconds / 1000)
    assert metrics.all("scf_relay_billed_gigabyte_seconds_total") == {("default/echo",): pytest.approx(seconds / 2)}


def test_keys_in_use(metrics):
    assert metrics.all("scf_relay_caller_key_uses_total") == {("ci", "1"): 2, ("ci", "2"): 1}
    assert metrics.all("scf_relay_hook_secret_uses_total") == {("now", "new"): 1, ("now", "old"): 1, ("later", "new"): 2}
    last = metrics.all("scf_relay_hook_secret_last_use_timestamp_seconds")
    assert set(last) == {("now", "new"), ("now", "old"), ("later", "new")}
    assert all(abs(moment - time.time()) < 600 for moment in last.values())


def test_the_way_to_the_cloud(metrics):
    requests = metrics.all("scf_relay_cloud_requests_total")
    # echo 3, hello 1 + 3 + 2 + 2, fail 1: each call that was let through, and no other.
    assert sum(requests.values()) == 12
    assert requests["new",] == metrics.value("scf_relay_cloud_connections_begun_total")
    assert 1 <= metrics.value("scf_relay_cloud_connections") <= requests["new",]
    assert metrics.all("scf_relay_retries_total") == {} and metrics.value("scf_relay_clock_offset_seconds") == 0
    assert 0 < metrics.value("scf_relay_credential_age_seconds") < 600
    assert "scf_relay_credential_expiry" not in metrics.text


def test_the_queue(metrics):
    assert metrics.value("scf_relay_store_up") == 1
    for kind in ("function", "callback"):
        assert metrics.value("scf_relay_queue_calls", kind=kind, state="waiting") == 0
        assert metrics.value("scf_relay_queue_oldest_age_seconds", kind=kind) == 0
    assert metrics.value("scf_relay_dead_calls") == metrics.value("scf_relay_unknown_calls") == 0
    assert metrics.value("scf_relay_store_bytes") > 0
    assert metrics.value("scf_relay_store_bytes_limit") == 1 << 30


def test_load_connections_and_the_process(metrics, site):
    for stage in ("waiting", "sent"):
        assert metrics.value("scf_relay_calls_in_flight", stage=stage) == 0
    assert metrics.value("scf_relay_calls_in_flight_limit") == 512
    assert metrics.value("scf_relay_calls_in_flight_highest") >= 1
    assert metrics.value("scf_relay_oldest_call_age_seconds") == 0
    assert metrics.all("scf_relay_shed_total") == {}
    listen = f"unix:{site.run_dir.parent}/relay.sock"
    assert metrics.value("scf_relay_connections", listen=listen, state="busy") == 1, "the one that asks"
    assert metrics.value("scf_relay_connections", listen=listen, state="parked") >= 0
    assert metrics.value("scf_relay_connections_accepted_total", listen=listen) >= 1
    assert metrics.value("scf_relay_connections_accepted_total", listen=f"unix:{site.run_dir.parent}/api.sock") >= 1
    assert metrics.value("scf_relay_listen_queue", listen=listen) == 0
    assert metrics.value("scf_relay_held_bytes_limit") == 536870912
    assert metrics.value("scf_relay_log_lines_dropped_total") == 0
    [[version]] = metrics.all("scf_relay_build_info")
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", version)
    fields = open(f"/proc/{site.relay_pid}/stat").read().rpartition(")")[2].split()
    assert metrics.value("process_threads") == int(fields[17])
    assert metrics.value("process_open_fds") == pytest.approx(len(os.listdir(f"/proc/{site.relay_pid}/fd")), abs=3)
    assert metrics.value("process_resident_memory_bytes") == pytest.approx(int(fields[21]) * 4096, rel=0.2)
    assert 0 < metrics.value("process_cpu_seconds_total") <= (int(fields[11]) + int(fields[12])) / 100 + 0.02
    assert abs(metrics.value("process_start_time_seconds") - time.time()) < 600


def test_nothing_secret_is_in_it(metrics, site, http):
    texts = [metrics.text, http.get(f"{site.url}/status?full").text, http.get(f"{site.url}/status?json&full").text]
    for text in texts:
        for secret in [*SECRETS.values(), "AKIDCI", "AKIDLOCAL", "local-secret", TRACE]:
            assert secret not in text


def test_openmetrics_is_for_who_asks_for_it(metrics, site, http):
    # What Prometheus sends.
    accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
    response = http.get(f"{site.url}/metrics", headers={"Accept": accept})
    assert response.headers["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    told = Exposition(response.text, is_openmetrics=True)
    name = "scf_relay_calls_total"
    assert told.all(name) == metrics.all(name)


def test_the_status_page(site, known, http):
    text = http.get(f"{site.url}/status").text
    fields = dict(re.split(r":\s+", line, maxsplit=1) for line in text.splitlines() if ": " in line)
    assert fields["state"] == "ready" and fields["calls in flight"] == "0" and fields["saturation"] == "0.0 %"
    assert fields["queued calls"] == fields["dead calls"] == "0"
    told = http.get(f"{site.url}/status?json").json()
    assert told["LimitInFlight"] == 512 and told["QueuedCalls"] == 0 and told["Shed"]["rate"] == 0
    assert told["EndedCalls"] == 20 + known.looks
    assert [listener["Address"] for listener in told["Listeners"]] == [f"unix:{site.run_dir.parent}/relay.sock", f"unix:{site.run_dir.parent}/api.sock"]
    assert "Calls" not in told and http.get(f"{site.url}/status?json&full").json()["Calls"] == []


def test_nobody_but_this_machine_may_see_them():
    for name in ("development.conf", "production.conf"):
        text = (processes.ROOT / "nginx" / name).read_text()
        block = text[text.index("location ~ ^/(healthz|readyz|metrics|status)$"):]
        assert re.search(r"allow +127\.0\.0\.1;.*deny +all;", block[:block.index("}")], re.DOTALL)


def names(metrics):
    """Names as Prometheus has them: of a counter with its end, of a histogram without."""
    ends = {"counter": "_total", "gauge": "", "histogram": ""}
    return {family.name.removesuffix("_total") + ends[family.type] for family in metrics.families}


# Absent as long as there is nothing to tell.
ONLY_WITH_A_ROLE = {"scf_relay_credential_expiry_timestamp_seconds", "scf_relay_credential_fetches_total"}


def test_the_documentation_has_every_series_and_no_other(metrics):
    text = (processes.ROOT / "docs" / "monitoring.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| `scf_relay_") or line.startswith("| `process_")]
    documented = {name for row in rows for name in re.findall(r"`((?:scf_relay|process)_[a-z_]+)`", row.split("|")[1])}
    assert documented == names(metrics) | ONLY_WITH_A_ROLE


def test_alerts_name_series_that_there_are(metrics):
    text = (processes.ROOT / "docs" / "alerts.yaml").read_text()
    used = set(re.findall(r"(?:scf_relay|process)_[a-z_]+", text))
    assert used and used <= names(metrics) | ONLY_WITH_A_ROLE


PROMTOOL = processes.service_program("promtool")


@pytest.mark.skipif(not PROMTOOL, reason="promtool is not here (Debian package prometheus, or script/test --long)")
def test_promtool_takes_metrics_and_alerts(metrics):
    for command, text in ((["check", "metrics"], metrics.text),
                          (["check", "rules", processes.ROOT / "docs" / "alerts.yaml"], "")):
        done = subprocess.run([PROMTOOL, *command], input=text, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


# ---- Traces ---------------------------------------------------------------------------------------------------------

def lines_of(site, name):
    return [json.loads(line) for line in site.log(name).splitlines() if line.startswith("{")]


def test_a_trace_is_in_both_logs_and_outlasts_the_queue(site, known):
    def traced(name, door):
        return [line for line in lines_of(site, name) if line.get("door", line["message"]) == door and line.get("traceId") == TRACE]
    processes.wait_for(lambda: len(traced("relay", "invoke")) == 8, "the relay's log has the trace")
    assert len(traced("relay", "hook")) == 5
    # Five calls of /invoke, two hooks, and two that were accepted first.
    processes.wait_for(lambda: len(traced("local", "cloud-api")) == 9, "the cloud's log has it too")
    deliveries = traced("relay", "delivery")
    accepted = [line for line in traced("relay", "hook") if line.get("hook") == "later"]
    assert {line["requestId"] for line in deliveries} == {line["call"] for line in accepted} and len(deliveries) == 2


def test_every_line_of_a_call_has_its_request_id(site, known):
    for line in lines_of(site, "relay"):
        if line["message"] in ("call", "delivery"):
            assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", line["requestId"]), line
            assert re.fullmatch(r"[0-9a-f]{32}", line["traceId"]), line


def test_a_call_without_a_trace_gets_one_that_nobody_records(relay, upstream):
    running = relay(upstream.port)
    for headers in ({}, {"traceparent": TRACEPARENT, "tracestate": "a=1,b=2"}, {"traceparent": TRACEPARENT.upper(), "tracestate": "a=1"}):
        running.invoke({"FunctionName": "hello"}, headers=headers)
    fresh, followed, wrong = [{name.lower(): value for name, value in call.headers.items()} for call in upstream.calls]
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", fresh["traceparent"]) and "tracestate" not in fresh
    version, trace, parent, flags = followed["traceparent"].split("-")
    assert (version, trace, flags) == ("00", TRACE, "01") and parent != "b7ad6b7169203331"
    assert followed["tracestate"] == "a=1,b=2"
    assert TRACE not in wrong["traceparent"] and wrong["traceparent"].endswith("-00") and "tracestate" not in wrong


# ---- Load, faults, another configuration ----------------------------------------------------------------------------

def scrape(running):
    return Exposition(running.get("/metrics").text)


def test_calls_under_way_and_those_that_are_shed(relay, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = relay(upstream.port, limits={"inFlight": 2, "requestsPerSecond": 1, "queueSeconds": 30})
    with ThreadPoolExecutor(2) as pool:
        event = json.dumps("x" * 100_000)
        first = pool.submit(running.invoke, {"FunctionName": "hello", "ClientContext": event})
        processes.wait_for(lambda: upstream.in_flight == 1, "the first is at the cloud")
        assert 100_000 <= scrape(running).value("scf_relay_held_bytes") < 1_000_000
        second = pool.submit(running.invoke, {"FunctionName": "echo"})
        processes.wait_for(lambda: scrape(running).all("scf_relay_calls_in_flight") == {("sent",): 1, ("waiting",): 1},
                           "the second waits for its turn")
        assert running.invoke({"FunctionName": "hello"}).status == 503
        told = running.get("/status?json&full").json()
        assert (told["CallsInFlight"], told["Waiting"], told["Sent"], told["SaturationPercent"]) == (2, 1, 1, 100)
        assert [(call["Door"], call["Function"], call["Stage"]) for call in told["Calls"]] == [
            ("invoke", "default/hello", "sent"), ("invoke", "default/echo", "waiting")]
        assert told["Calls"][0]["AgeMilliseconds"] >= told["Calls"][1]["AgeMilliseconds"] >= 0
        assert told["State"] == "as many calls under way as allowed"
        metrics = scrape(running)
        assert metrics.all("scf_relay_shed_total") == {("in_flight",): 1}
        assert metrics.value("scf_relay_oldest_call_age_seconds") > 0
        upstream.behaviour = lambda call: success()
        upstream.release()
        assert first.result().status == second.result().status == 200
    assert scrape(running).all("scf_relay_calls_in_flight") == {}
    assert scrape(running).value("scf_relay_held_bytes") < 10_000


def test_connections_that_are_kept_are_parked(relay, upstream):
    running = relay(upstream.port)
    listen = f"unix:{running.socket}"
    with ExitStack() as stack:
        for _ in range(3):
            connection = stack.enter_context(fastcgi_client.Connection(running.socket))
            connection.send(running.invoke_bytes({"FunctionName": "hello"}))
            assert connection.read_response().status == 200
        processes.wait_for(lambda: scrape(running).all("scf_relay_connections") == {(listen, "busy"): 1, (listen, "parked"): 3},
                           "three are parked, and one asks")
    processes.wait_for(lambda: scrape(running).all("scf_relay_connections") == {(listen, "busy"): 1}, "they are gone")


def test_what_is_over_the_rate_is_shed(relay, upstream):
    running = relay(upstream.port, limits={"requestsPerSecond": 1, "queueSeconds": 0})
    statuses = [running.invoke({"FunctionName": "hello"}).status for _ in range(4)]
    assert scrape(running).all("scf_relay_shed_total") == {("rate",): statuses.count(429)} and 429 in statuses


def test_calls_that_are_made_again(relay):
    upstream = Upstream()
    answers = iter([failure("RequestLimitExceeded", Date="x"), success()])
    upstream.behaviour = lambda call: next(answers)
    running = relay(upstream.port)
    assert running.invoke({"FunctionName": "hello"}).status == 200
    assert scrape(running).all("scf_relay_retries_total") == {("rate",): 1}
    upstream.close()
    assert running.invoke({"FunctionName": "hello"}).status == 502
    metrics = scrape(running)
    assert metrics.all("scf_relay_retries_total") == {("rate",): 1, ("not_sent",): 2}
    assert metrics.all("scf_relay_calls_total") == {
        ("other", "OK", "invoke", "default/hello"): 1, ("other", "ClientError.NetworkError", "invoke", "default/hello"): 1}


def test_a_clock_that_is_wrong(relay, upstream):
    def answer(call):
        ahead = int(call.headers["x-tc-timestamp"]) - time.time() > 1000
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 7200))
        return success() if ahead else failure("AuthFailure.SignatureExpire", Date=date)
    upstream.behaviour = answer
    running = relay(upstream.port)
    assert running.invoke({"FunctionName": "hello"}).status == 200
    metrics = scrape(running)
    assert metrics.value("scf_relay_clock_offset_seconds") == pytest.approx(7200, abs=2)
    assert metrics.all("scf_relay_retries_total") == {("clock",): 1}


def test_codes_that_the_cloud_makes_up_add_no_series(relay, upstream):
    names = iter(range(1000))
    upstream.behaviour = lambda call: failure(f"Made.Up{next(names)}")
    running = relay(upstream.port)
    for _ in range(20):
        running.invoke({"FunctionName": "hello"})
    assert scrape(running).all("scf_relay_calls_total") == {("other", "other", "invoke", "default/hello"): 20}


def test_dead_letters_and_the_age_of_the_queue(relay, tmp_path):
    upstream = Upstream()
    upstream.behaviour = lambda call: failure("InvalidParameterValue.Param")
    running = relay(
        upstream.port, environment=SECRETS, store={"path": str(tmp_path / "calls.db")},
        hooks=[{"name": "push", "function": "hello", "verify": "bearer", "secrets": ["environment:TOKEN"], "answer": "accepted"}])
    token = {"Authorization": f"Bearer {SECRETS['TOKEN']}"}
    assert running.post("/hooks/push", b"{}", **token).status == 202
    processes.wait_for(lambda: scrape(running).value("scf_relay_dead_calls") == 1, "it is given up")
    upstream.close()
    running.post("/hooks/push", b"{}", **token)
    metrics = processes.wait_for(
        lambda: (told := scrape(running)).value("scf_relay_queue_calls", kind="function", state="waiting") == 1 and told,
        "it waits for another try")
    processes.wait_for(lambda: 0 < scrape(running).value("scf_relay_queue_oldest_age_seconds", kind="function") < 60, "it gets older")
    assert metrics.value("scf_relay_dead_calls") == 1


def test_counts_outlast_another_configuration_which_is_counted_too(relay, upstream):
    running = relay(upstream.port)
    running.invoke({"FunctionName": "hello"})
    text = running.config.read_text()
    name, key = "scf_relay_config_reloads_total", ("other", "OK", "invoke", "default/hello")
    assert scrape(running).all(name) == {} and scrape(running).value("scf_relay_config_last_reload_successful") == 1

    running.config.write_text("nonsense: 1\n")
    running.process.send_signal(signal.SIGHUP)
    refused = processes.wait_for(lambda: (told := scrape(running)).all(name).get(("refused",)) and told, "it is refused")
    assert refused.value("scf_relay_config_last_reload_successful") == 0

    running.config.write_text(text.replace('"name": "echo"', '"name": "new"'))
    running.process.send_signal(signal.SIGHUP)
    taken = processes.wait_for(lambda: (told := scrape(running)).all(name).get(("ok",)) and told, "it is taken")
    assert taken.value("scf_relay_config_last_reload_successful") == 1
    assert taken.value("scf_relay_config_last_reload_timestamp_seconds") == pytest.approx(time.time(), abs=60)
    running.invoke({"FunctionName": "new"})
    assert scrape(running).all("scf_relay_calls_total") == {key: 1, ("other", "OK", "invoke", "default/new"): 1}


# ---- The log as text ------------------------------------------------------------------------------------------------

def test_the_log_as_text_is_one_line_a_call_whatever_is_in_it(relay, upstream):
    running = relay(upstream.port, log={"format": "text"})
    running.get('/nothing-"here"\x1b[31m', **{"X-Nothing": "1"})
    running.invoke({"FunctionName": "hello", "ClientContext": '"private"'}, headers={"traceparent": TRACEPARENT})
    processes.wait_for(lambda: "door=invoke" in running.log, "the call is logged")
    assert "private" not in running.log and "\x1b" not in running.log and "{" not in running.log.split("door=none")[0]
    [line] = [line for line in running.log.splitlines() if "door=invoke" in line]
    assert re.match(r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ level=info message=call requestId=[-0-9a-f]{36} traceId=" + TRACE, line)
    assert "function=default/hello" in line and "code=OK" in line
    assert re.search(r'path="/nothing-\\"here\\"\\u\{1b\}\[31m"', running.log)
