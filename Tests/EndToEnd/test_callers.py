"""The relay's own cloud API: the official Python SDK through nginx and the relay to the local cloud."""

import json
import subprocess

import pytest
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.scf.v20180416 import models, scf_client

import processes
from running_site import Site

FUNCTIONS = ["hello", "echo", "sleep"]
KEYS = {"REPORTS_KEY": "reports-secret", "OLD_KEY": "the-old-secret", "TOKEN": "the-token", "SLOW_KEY": "slow-secret-key"}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture(scope="module")
def callers_site(tmp_path_factory):
    """A site whose relay has callers of every kind; one key is in a file."""
    directory = tmp_path_factory.mktemp("callers")
    key_file = directory / "new.key"
    key_file.write_text("the-new-secret\n")
    key_file.chmod(0o600)
    site = Site(directory / "run", "--config", directory / "relay.yaml", environment=processes.CLEAN_ENVIRONMENT | KEYS,
                prepare=lambda site: (directory / "relay.yaml").write_text(configuration(site, directory, key_file)))
    yield site
    site.stop()


def configuration(site, directory, key_file):
    """The text of relay.yaml: script/server reads listen and apiListen from lines, everything else may be JSON."""
    rest = {
        "cloud": {"endpoint": site.local_url, "region": "ap-guangzhou"},
        "limits": {"requestsPerSecond": 0, "queueSeconds": 0, "drainSeconds": 5},
        "functions": [{"name": name} for name in FUNCTIONS],
        "callers": [
            {"name": "reports", "secretId": "AKIDREPORTS", "secretKey": "environment:REPORTS_KEY", "functions": ["hello"]},
            {"name": "ci", "functions": "all", "keys": [
                {"secretId": "AKIDCI", "secretKey": "environment:OLD_KEY"},
                {"secretId": "AKIDCI", "secretKey": f"file:{key_file}"}]},
            {"name": "temp", "secretId": "AKIDTEMP", "secretKey": "environment:REPORTS_KEY", "token": "environment:TOKEN",
             "functions": ["default/echo"]},
            {"name": "slow", "secretId": "AKIDSLOW", "secretKey": "environment:SLOW_KEY", "functions": "all",
             "requestsPerSecond": 1},
        ],
    }
    listen = f'listen: "unix:{directory}/relay.sock"\napiListen: "unix:{directory}/api.sock"\n'
    return listen + "\n".join(f"{key}: {json.dumps(value)}" for key, value in rest.items()) + "\n"


def invoke(site, secret_id, secret_key, function="hello", token=None, event=None, method="POST"):
    http = HttpProfile(protocol="http", endpoint=f"127.0.0.1:{site.api_port}", reqMethod=method, reqTimeout=30)
    client = scf_client.ScfClient(
        credential.Credential(secret_id, secret_key, token), "ap-guangzhou", ClientProfile(httpProfile=http))
    request = models.InvokeRequest()
    request._deserialize({"FunctionName": function} | ({"ClientContext": event} if event else {}))
    return client.Invoke(request).Result.RetMsg


def refusal(*arguments, **options):
    with pytest.raises(TencentCloudSDKException) as caught:
        invoke(*arguments, **options)
    assert caught.value.get_request_id()
    return caught.value.get_code()


def calls_in_log(site):
    """The lines of calls at the API, once they are written."""
    return [line for line in map(json.loads, site.log("relay").splitlines()) if line.get("door") == "cloud-api"]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_script_server_opens_the_relays_own_cloud_API(site, method):
    assert f"http://127.0.0.1:{site.api_port}/ (SecretId AKIDCALLER, SecretKey caller-secret)" in site.errors
    assert invoke(site, "AKIDCALLER", "caller-secret", method=method) == "hello from scf"
    assert refusal(site, "AKIDLOCAL", "local-secret", method=method) == "AuthFailure.SecretIdNotFound"
    assert refusal(site, "AKIDCALLER", "local-secret", method=method) == "AuthFailure.SignatureFailure"


def test_a_mebibyte_of_event_passes_both_doors_as_it_was(site):
    text = json.dumps(["汉字 \"quoted\" 😀"] * 40_000, ensure_ascii=False)[:-2]
    text += "." * (1_048_576 - len(text.encode()) - 2) + '"]'
    assert invoke(site, "AKIDCALLER", "caller-secret", "echo", event=text) == text


def test_the_local_cloud_does_not_know_the_caller(site):
    http = HttpProfile(protocol="http", endpoint=f"127.0.0.1:{site.local_port}", reqTimeout=30)
    client = scf_client.ScfClient(
        credential.Credential("AKIDCALLER", "caller-secret"), "ap-guangzhou", ClientProfile(httpProfile=http))
    request = models.InvokeRequest()
    request.FunctionName = "hello"
    with pytest.raises(TencentCloudSDKException) as caught:
        client.Invoke(request)
    assert caught.value.get_code() == "AuthFailure.SecretIdNotFound"


def test_a_caller_runs_only_what_is_on_the_own_list(callers_site):
    assert invoke(callers_site, "AKIDREPORTS", "reports-secret") == "hello from scf"
    assert refusal(callers_site, "AKIDREPORTS", "reports-secret", "echo") == "UnauthorizedOperation.CAM"
    assert refusal(callers_site, "AKIDCI", "the-old-secret", "no-such") == "UnauthorizedOperation.CAM"


def test_two_keys_while_one_is_replaced(callers_site):
    for secret in ("the-old-secret", "the-new-secret"):
        assert invoke(callers_site, "AKIDCI", secret, "echo", event='{"a": 1}') == '{"a": 1}'
    assert refusal(callers_site, "AKIDCI", "reports-secret") == "AuthFailure.SignatureFailure"
    processes.wait_for(
        lambda: [line["key"] for line in calls_in_log(callers_site) if line["caller"] == "ci" and line["code"] == "OK"] == [1, 2],
        "the log names the keys")


def test_a_temporary_key_goes_with_its_token_alone(callers_site):
    arguments = (callers_site, "AKIDTEMP", "reports-secret", "echo")
    assert invoke(*arguments, token="the-token", event="[]") == "[]"
    assert refusal(*arguments, token="the-tokem") == "AuthFailure.TokenFailure"
    assert refusal(*arguments) == "AuthFailure.TokenFailure"


def test_a_callers_own_rate(callers_site):
    codes = []
    for _ in range(5):
        try:
            invoke(callers_site, "AKIDSLOW", "slow-secret-key")
            codes.append("OK")
        except TencentCloudSDKException as error:
            codes.append(error.get_code())
    assert "OK" in codes and "RequestLimitExceeded" in codes and set(codes) == {"OK", "RequestLimitExceeded"}
    processes.wait_for(
        lambda: {line["code"] for line in calls_in_log(callers_site) if line["caller"] == "slow"} == set(codes),
        "the log says whose rate that was")
    # Nobody else waits for that.
    assert invoke(callers_site, "AKIDREPORTS", "reports-secret") == "hello from scf"


def test_what_is_no_call_is_answered_in_the_clouds_way(callers_site, http):
    for method, path in (("GET", "/"), ("POST", "/"), ("POST", "/elsewhere"), ("PUT", "/")):
        response = http.request(method, callers_site.api_url + path)
        assert response.status_code == 200 and response.headers["Content-Type"] == "application/json"
        assert response.json()["Response"]["Error"]["Code"]
    assert http.post(callers_site.api_url + "/", data=b"x" * (10_485_760 + 1)).json()["Response"]["Error"]["Code"] \
        == "RequestSizeLimitExceeded"
    assert http.get(callers_site.api_url + "/readyz").text == "ok\n"


def test_neither_key_appears_anywhere(callers_site):
    invoke(callers_site, "AKIDREPORTS", "reports-secret")
    texts = [callers_site.errors] + [path.read_text() for path in callers_site.run_dir.glob("*.log")]
    for text in texts:
        for key in [*KEYS.values(), "the-new-secret", "local-secret"]:
            assert key not in text


def test_a_key_in_the_configuration_is_refused_with_its_line(tmp_path):
    config = tmp_path / "relay.yaml"
    config.write_text("listen: fd:0\ncloud: {endpoint: http://127.0.0.1:1, region: ap-guangzhou}\nfunctions: [{name: hello}]\n"
                      "apiListen: fd:3\ncallers:\n  - name: a\n    secretId: AKIDA\n    secretKey: hunter2hunter2\n    functions: all\n")
    checked = subprocess.run([processes.BINARIES / "scf-relay", "check", "--config", config], capture_output=True, text=True,
                             env=processes.CLEAN_ENVIRONMENT | processes.LOCAL_CREDENTIALS)
    assert checked.returncode == 1
    assert "line 8" in checked.stderr and "environment:NAME" in checked.stderr
    assert "hunter2" not in checked.stderr + checked.stdout
