"""Neither keys nor payloads come out anywhere but in the answer they belong to."""

import processes

PAYLOAD = "payload-that-no-log-may-have"
KEY = "local-secret"


def test_no_log_and_no_answer_has_a_key_or_a_payload(new_site, http):
    site = new_site()
    answers = ""
    for fields in ({"FunctionName": "hello", "ClientContext": f'"{PAYLOAD}"'}, {"FunctionName": "fail", "LogType": "Tail"},
                   {"FunctionName": "hello", "ClientContext": "{" + PAYLOAD}, {"FunctionName": "no-such-one"}, {}):
        for accept in ("text/html", "application/json"):
            response = http.post(f"{site.url}/invoke?secret={PAYLOAD}", data=fields, headers={"Accept": accept})
            answers += response.text + str(response.headers)
    for path in ("/", "/functions", "/healthz", "/readyz", "/metrics"):
        answers += http.get(site.url + path).text
    site.stop()

    logs = {path.name: path.read_text() for path in site.run_dir.glob("*.log")}
    assert set(logs) >= {"relay.log", "local.log", "nginx-access.log", "nginx-error.log"}
    for name, text in logs.items():
        assert PAYLOAD not in text, name
    for text in (answers, site.errors, *logs.values(), (site.run_dir / "relay.yaml").read_text()):
        assert KEY not in text and "TC3-HMAC-SHA256 Credential" not in text


def test_keys_are_not_on_a_command_line(site):
    for pid in site.pids.values():
        with open(f"/proc/{pid}/cmdline") as file:
            assert KEY not in file.read()
    assert processes.is_running(site.relay_pid)
