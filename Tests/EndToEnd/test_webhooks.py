"""Webhooks through nginx: real senders' libraries and payloads on one side, functions on the other."""

import base64
import datetime
import hmac
import http.client
import json
import socket
import subprocess

import pytest
from standardwebhooks.webhooks import Webhook

import hook_site
import processes
from hook_site import PASSWORD, PAYLOADS, SECRET, STANDARD_SECRET, log_of, now
from pages import HTML


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = hook_site.start(tmp_path_factory.mktemp("hooks"))
    yield running
    running.stop()


def digest(text, algorithm="sha256", secret=SECRET):
    return hmac.new(secret.encode(), text, algorithm).hexdigest()


def hub_signature(body):
    return {"X-Hub-Signature-256": "sha256=" + digest(body)}


def standard_headers(body, at=None, secret=STANDARD_SECRET, message="msg_1"):
    """What the official library sends."""
    moment = datetime.datetime.fromtimestamp(now() if at is None else at, tz=datetime.timezone.utc)
    return {"webhook-id": message, "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(secret).sign(message, moment, body.decode())}


# ---- Senders --------------------------------------------------------------------------------------------------------

BODY = '{"event": "push", "n": 1.50, "text": "汉字 😀"}'.encode()


def test_the_official_library_of_Standard_Webhooks(site, http):
    response = http.post(f"{site.url}/hooks/standard", data=BODY, headers=standard_headers(BODY))
    assert response.status_code == 200
    assert response.content == BODY, "byte for byte, to the function and back"
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Request-Id"]


def wrong_variants():
    right = standard_headers(BODY)
    signature = right["webhook-signature"]
    other = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk"
    yield "altered body", right, BODY.replace(b"push", b"pull")
    yield "reserialised body", right, json.dumps(json.loads(BODY)).encode()
    yield "body with a line break", right, BODY + b"\n"
    yield "old", standard_headers(BODY, at=now() - 400), BODY
    yield "future", standard_headers(BODY, at=now() + 400), BODY
    yield "other hook's secret", standard_headers(BODY, secret=other), BODY
    yield "truncated", right | {"webhook-signature": signature[:-4]}, BODY
    yield "wrong case", right | {"webhook-signature": signature.swapcase()}, BODY
    yield "without version", right | {"webhook-signature": signature[3:]}, BODY
    for name in right:
        yield f"empty {name}", right | {name: ""}, BODY
        yield f"without {name}", {key: value for key, value in right.items() if key != name}, BODY
    for text in ("NaN", "inf", "1e9", "-1", "0", "99999999999999999999", right["webhook-timestamp"] + ".0"):
        yield f"timestamp {text}", right | {"webhook-timestamp": text}, BODY


@pytest.mark.parametrize("variant", range(len(list(wrong_variants()))))
def test_every_wrong_variant_is_refused_without_a_hint(site, http, variant):
    name, headers, body = list(wrong_variants())[variant]
    response = http.post(f"{site.url}/hooks/standard", data=body, headers=headers)
    assert response.status_code == 401, name
    error = response.json()["Response"]["Error"]
    assert error == {"Code": "AuthFailure.SignatureFailure", "Message": "The request could not be verified."}, name


def test_a_signature_that_comes_twice_is_refused(site):
    right = standard_headers(BODY)
    for first, second in ((right["webhook-signature"], "v1,AAAA"), ("v1,AAAA", right["webhook-signature"])):
        connection = http.client.HTTPConnection("127.0.0.1", site.port)
        connection.putrequest("POST", "/hooks/standard")
        connection.putheader("Content-Length", str(len(BODY)))
        for name in ("webhook-id", "webhook-timestamp"):
            connection.putheader(name, right[name])
        connection.putheader("webhook-signature", first)
        connection.putheader("Webhook-Signature", second)
        connection.endheaders(BODY)
        assert connection.getresponse().status == 401
        connection.close()


def test_GitHub_and_its_ping(site, http):
    url = f"{site.url}/hooks/github"
    response = http.post(url, data=BODY, headers=hub_signature(BODY) | {"X-GitHub-Event": "push", "X-GitHub-Delivery": "d-1"})
    assert (response.status_code, response.content) == (200, BODY)
    ping = http.post(url, data=BODY, headers=hub_signature(BODY) | {"X-GitHub-Event": "ping"})
    assert (ping.status_code, ping.text) == (200, "pong\n")
    assert http.post(url, data=BODY, headers=hub_signature(BODY + b" ")).status_code == 401
    form = b"payload=" + b"%7B%22a%22%3A1%7D"
    answer = http.post(url, data=form, headers=hub_signature(form) | {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.json() == {"a": 1}


def test_Slack_and_its_question_for_the_address(site, http):
    def send(body, at=None):
        at = at or now()
        signature = "v0=" + digest(f"v0:{at}:".encode() + body)
        return http.post(f"{site.url}/hooks/slack", data=body,
                         headers={"X-Slack-Signature": signature, "X-Slack-Request-Timestamp": str(at)})

    assert send(BODY).content == BODY
    question = send(b'{"token": "x", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P", "type": "url_verification"}')
    assert question.text == "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
    assert send(BODY, now() - 301).status_code == 401


def test_CODING_Stripe_and_Grafana(site, http):
    at = now()
    for hook, headers in (
        ("coding", {"X-Coding-Signature": "sha1=" + digest(BODY, "sha1")}),
        ("stripe", {"Stripe-Signature": f"t={at},v1={'0' * 64},v1={digest(f'{at}.'.encode() + BODY)},v0=x"}),
        ("grafana", {"X-Grafana-Alerting-Signature": digest(BODY)}),
    ):
        response = http.post(f"{site.url}/hooks/{hook}", data=BODY, headers=headers)
        assert (response.status_code, response.content) == (200, BODY), hook
        assert http.post(f"{site.url}/hooks/{hook}", data=BODY + b" ", headers=headers).status_code == 401, hook


def test_Alertmanagers_payload_runs_a_function(site, http):
    # Byte for byte what Alertmanager 0.25.0 sent, Debian 12's, of the alerts in test_alertmanager.py: it compares them.
    payload = (PAYLOADS / "alertmanager.json").read_bytes()
    name, password = PASSWORD.split(":")
    response = http.post(f"{site.url}/hooks/alerts", data=payload, auth=(name, password), headers={
        "User-Agent": "Alertmanager/0.25.0", "Content-Type": "application/json"})
    assert response.status_code == 200
    assert response.json() == {"group": '{}:{alertname="HighLatency"}', "firing": ["10.0.0.7:9100"], "total": 2}
    refused = http.post(f"{site.url}/hooks/alerts", data=payload, auth=(name, "wrong"))
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Basic ")


def test_GitLabs_payload_runs_a_function(site, http):
    # The payload example of "Push events" on GitLab's page of webhook events (docs.gitlab.com, user/project/integrations/
    # webhook_events), with the push_options that a push with `-o ci.skip` adds.
    payload = (PAYLOADS / "gitlab-push.json").read_bytes()
    headers = {"User-Agent": "GitLab/17.5.0", "Content-Type": "application/json", "X-Gitlab-Event": "Push Hook",
               "X-Gitlab-Instance": "https://gitlab.example", "Idempotency-Key": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}
    response = http.post(f"{site.url}/hooks/pipeline", data=payload, headers=headers | {"X-Gitlab-Token": SECRET})
    assert response.status_code == 200
    assert response.text == "John Smith pushed 2 commits to mike/diaspora"
    for token in ("", SECRET.upper(), SECRET[:-1], SECRET + "x"):
        assert http.post(f"{site.url}/hooks/pipeline", data=payload, headers=headers | {"X-Gitlab-Token": token}).status_code == 401


def test_a_function_of_the_API_gateway_runs_unchanged(site, http):
    body = bytes(range(256))
    response = http.post(f"{site.url}/hooks/gateway?a=1&a=2&b=%E4%B8%AD", data=body, headers={
        "Authorization": f"Bearer {SECRET}", "User-Agent": "sender/1", "Cookie": "c=d", "Content-Type": "application/octet-stream"})
    assert response.status_code == 203
    assert response.headers["Content-Type"] == "application/vnd.example+json"
    assert response.headers["X-Own"] == "yes"
    assert "Set-Cookie" not in response.headers
    seen = response.json()
    assert (seen["method"], seen["path"], seen["bytes"], seen["agent"]) == ("POST", "/hooks/gateway", 256, "sender/1")
    assert seen["query"] == {"a": ["1", "2"], "b": "中"}
    assert "content-type" in seen["headers"] and "authorization" not in seen["headers"] and "cookie" not in seen["headers"]
    own = response.headers["X-Request-Id"]
    note = processes.wait_for(lambda: [line for line in log_of(site, "gateway") if line["requestId"] == own], "its line")[0]["note"]
    assert note == "fields of the function that were left out: Set-Cookie, X-Accel-Redirect"


def test_a_function_that_fails_is_a_failed_delivery_and_keeps_its_secrets(site, http):
    response = http.post(f"{site.url}/hooks/failing", data=b"{}", headers=hub_signature(b"{}"))
    assert response.status_code == 502
    assert response.json()["Response"]["Error"]["Code"] == "FailedOperation.FunctionFailed"
    assert "always fails" not in response.text


def test_addresses(site, http):
    assert http.post(f"{site.url}/hooks/here", data=b"[1]").json() == [1]
    forged = {"X-Forwarded-For": "192.0.2.1", "X-Real-IP": "192.0.2.1", "Remote-Addr": "192.0.2.1"}
    assert http.post(f"{site.url}/hooks/elsewhere", data=b"[1]", headers=forged).status_code == 401


# ---- What nginx has to do with it -----------------------------------------------------------------------------------

@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "PATCH"])
def test_only_POST_is_taken(site, http, method):
    response = http.request(method, f"{site.url}/hooks/github")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


def test_a_body_of_unknown_length_arrives_whole(site, http):
    body = json.dumps(["x" * 1000] * 300).encode()
    pieces = (body[start:start + 7_777] for start in range(0, len(body), 7_777))
    response = http.post(f"{site.url}/hooks/github", data=pieces, headers=hub_signature(body))
    assert (response.status_code, response.content) == (200, body)


def test_a_body_over_the_limit_of_an_event(site, http):
    body = b'["' + b"x" * 1_048_576 + b'"]'
    response = http.post(f"{site.url}/hooks/github", data=body, headers=hub_signature(body))
    assert response.status_code == 413
    assert "1,048,580 bytes" in response.json()["Response"]["Error"]["Message"]


def test_a_body_over_nginxs_limit_is_JSON_whatever_is_accepted(site, http):
    response = http.post(f"{site.url}/hooks/github", data=b"x" * 4_194_305, headers=HTML)
    assert response.status_code == 413
    assert response.json()["Response"]["Error"]["Code"] == "RequestSizeLimitExceeded"


def test_a_page_of_another_site_cannot_send(site, http):
    response = http.post(f"{site.url}/hooks/here", data=b"[1]", headers={"Origin": "https://evil.example"})
    assert response.status_code == 403


# ---- The log --------------------------------------------------------------------------------------------------------

def test_the_log_names_the_secret_and_the_reason_and_holds_no_secret(site, http):
    def line_of(signature):
        response = http.post(f"{site.url}/hooks/coding", data=BODY, headers={"X-Coding-Signature": signature})
        own = response.headers["X-Request-Id"]
        return processes.wait_for(lambda: [line for line in log_of(site, "coding") if line["requestId"] == own], "its line")[0]

    good, bad = line_of("sha1=" + digest(BODY, "sha1")), line_of("sha1=00")
    assert good["hookSecret"] == "HOOK_SECRET" and good["function"] == "default/echo" and good["status"] == 200
    assert bad["status"] == 401 and bad["detail"] == "X-Coding-Signature is not 'sha1=' and 20 bytes in hex"
    for secret in (SECRET, STANDARD_SECRET, PASSWORD, base64.b64encode(PASSWORD.encode()).decode()):
        assert secret not in site.log("relay")


# ---- scf-relay hooks test -------------------------------------------------------------------------------------------

def hooks_test(site, *arguments, **environment):
    return subprocess.run(
        [processes.BINARIES / "scf-relay", "hooks", "test", *arguments, "--config", site.run_dir.parent / "relay.yaml"],
        capture_output=True, text=True, env=processes.CLEAN_ENVIRONMENT | hook_site.ENVIRONMENT | environment, timeout=60)


@pytest.mark.parametrize("hook", ["standard", "github", "slack", "coding", "stripe", "grafana", "alerts", "pipeline", "gateway", "here"])
def test_the_command_is_the_sender(site, tmp_path, hook):
    payload = {"alerts": "alertmanager.json", "pipeline": "gitlab-push.json"}.get(hook)
    body = PAYLOADS / payload if payload else tmp_path / "body.json"
    if not payload:
        body.write_bytes(BODY)
    done = hooks_test(site, hook, "--body", body, "--url", f"{site.url}/hooks/{hook}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("HTTP 20")
    if not payload and hook != "gateway":
        assert BODY.decode() in done.stdout


def test_the_commands_exit_status_says_whether_the_hook_took_it(site, tmp_path):
    body = tmp_path / "body.json"
    body.write_bytes(BODY)
    url = ("--url", f"{site.url}/hooks/github")
    refused = hooks_test(site, "github", "--body", body, *url, HOOK_SECRET="another secret of the same length")
    assert refused.returncode == 1 and refused.stdout.startswith("HTTP 401")
    ping = hooks_test(site, "github", "--body", body, *url, "--header", "X-GitHub-Event: ping")
    assert ping.returncode == 0 and "pong" in ping.stdout
    unknown = hooks_test(site, "nothing", "--body", body)
    assert unknown.returncode == 1 and "there is no hook 'nothing'; there are: standard, github, " in unknown.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = hooks_test(site, "github", "--body", body, "--url", f"http://127.0.0.1:{free.getsockname()[1]}/")
    assert closed.returncode == 1 and "not sent" in closed.stderr


def test_check_lists_the_hooks(site):
    done = subprocess.run(
        [processes.BINARIES / "scf-relay", "check", "--config", site.run_dir.parent / "relay.yaml"], capture_output=True, text=True,
        env=processes.CLEAN_ENVIRONMENT | hook_site.ENVIRONMENT | processes.LOCAL_CREDENTIALS)
    assert done.returncode == 0, done.stderr
    assert "hook        /hooks/github (github, with HOOK_SECRET): default/echo, result" in done.stdout
    assert "hook        /hooks/here (none, by address alone): default/echo, result" in done.stdout
    assert SECRET not in done.stdout
