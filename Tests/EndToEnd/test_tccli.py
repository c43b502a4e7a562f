"""tccli, the cloud's own command line, through the relay. It speaks nothing but https, so nginx has TLS here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import processes
from tls_site import TLSFront

TCCLI = Path(sys.executable).with_name("tccli")


@pytest.fixture(scope="module")
def tls(api_site, tmp_path_factory):
    front = TLSFront(tmp_path_factory.mktemp("tls"), api_site.api_socket)
    yield front
    front.stop()


@pytest.fixture(scope="module")
def tccli(api_site, tls, tmp_path_factory):
    """Runs tccli as it came from its package, with a home of its own."""
    home = tmp_path_factory.mktemp("home")
    certifi = tls.trusting_certifi()

    def run(*arguments, key=api_site.everything):
        assert TCCLI.exists(), "tccli is not installed: script/test does that, from requirements-tccli.txt"
        return subprocess.run(
            [TCCLI, "scf", *arguments, "--region", "ap-guangzhou", "--endpoint", f"localhost:{tls.port}"],
            capture_output=True, text=True, timeout=60, env=processes.CLEAN_ENVIRONMENT | {
                "HOME": str(home), "PYTHONPATH": str(certifi), "TENCENTCLOUD_SECRET_ID": key.secret_id,
                "TENCENTCLOUD_SECRET_KEY": key.secret_key})

    return run


@pytest.mark.parametrize("action, parameter", [("Invoke", "--ClientContext"), ("InvokeFunction", "--Event")])
def test_a_function_runs_through_the_relay(tccli, action, parameter):
    event = '{"城市": "广州", "text": "a+b=c&d %20 \\"quoted\\" 😀"}'
    done = tccli(action, "--FunctionName", "echo", parameter, event, "--LogType", "Tail")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert answer["Result"]["RetMsg"] == event
    assert answer["Result"]["InvokeResult"] == 0 and answer["RequestId"]


def test_an_event_from_a_file(tccli, tmp_path):
    event = json.dumps(["汉字" * 30_000], ensure_ascii=False)
    call = tmp_path / "call.json"
    call.write_text(json.dumps({"FunctionName": "echo", "ClientContext": event}))
    done = tccli("Invoke", "--cli-input-json", f"file://{call}")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["Result"]["RetMsg"] == event


def test_an_error_is_shown_with_the_clouds_code(tccli, api_site):
    done = tccli("Invoke", "--FunctionName", "echo", key=api_site.hello_only)
    assert done.returncode == 255
    assert "code:UnauthorizedOperation.CAM" in done.stderr
    done = tccli("Invoke", "--FunctionName", "hello", key=type(api_site.everything)("AKIDnobody", "nothing"))
    assert done.returncode == 255
    assert "code:AuthFailure.SecretIdNotFound" in done.stderr


def test_a_certificate_that_is_not_trusted_is_refused(tls, api_site, tmp_path):
    done = subprocess.run(
        [TCCLI, "scf", "Invoke", "--FunctionName", "hello", "--region", "ap-guangzhou",
         "--endpoint", f"localhost:{tls.port}"],
        capture_output=True, text=True, timeout=60, env=processes.CLEAN_ENVIRONMENT | {
            "HOME": str(tmp_path), "TENCENTCLOUD_SECRET_ID": api_site.everything.secret_id,
            "TENCENTCLOUD_SECRET_KEY": api_site.everything.secret_key})
    assert done.returncode == 255
    assert "ClientNetworkError" in done.stderr and "CERTIFICATE_VERIFY_FAILED" in done.stderr
