"""The first steps of README and docs/webhooks.md, typed as they stand there: only ports and folders are others."""

import re
import subprocess

import pytest

import documented
import processes
from processes import ROOT

PAGES = ["../README.md", "../README.zh-CN.md", "webhooks.md"]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", PAGES)
def test_a_webhook_can_be_tried_from_a_clone(page, tmp_path):
    first, second = documented.blocks(page, "sh")
    page_port, api_port, local_port, relay_port = processes.free_ports(4)
    url = f"http://127.0.0.1:{page_port}"
    script = documented.adapted(first, {
        "script/server ": f"script/server --port {page_port} --api-port {api_port} --local-port {local_port} --run-dir {tmp_path}/run ",
        ".run/hook.yaml": tmp_path / "hook.yaml", "127.0.0.1:9100": f"127.0.0.1:{relay_port}", "127.0.0.1:9000": f"127.0.0.1:{local_port}",
    }) + f"until curl -sf --noproxy '*' -o /dev/null {url}/readyz; do kill -0 $! && sleep 0.1 || exit 9; done\n" + documented.adapted(second, {
        ".run/hook.yaml": tmp_path / "hook.yaml", "hooks test deploy": f"hooks test deploy --url {url}/hooks/deploy",
    }) + "status=$?; kill $!; wait; exit $status\n"
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=processes.CLEAN_ENVIRONMENT, capture_output=True, text=True, timeout=500,
        stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (ROOT / "docs" / page).resolve().read_text()
    answer = re.search(r"^    HTTP 200\n(?:    .*\n|\n)+", text, re.MULTILINE)[0]
    shown = "\n".join(line.removeprefix("    ") for line in answer.splitlines()).strip()
    assert shown in done.stdout


@pytest.mark.parametrize("page", PAGES[:2])
def test_the_first_calls_are_answered(page, site, tmp_path):
    text = (ROOT / "docs" / page).resolve().read_text()
    commands = re.findall(r"^    ((?:curl|printf) (?:.*\\\n)*.*)$", text, re.MULTILINE)
    assert len(commands) == 4
    answers = [
        subprocess.run(
            ["bash", "-ec", command.replace("http://127.0.0.1:8080", site.url)], cwd=tmp_path, env=processes.CLEAN_ENVIRONMENT,
            capture_output=True, text=True, timeout=60, check=True).stdout
        for command in commands]
    assert '"RetMsg":"{\\"city\\": \\"广州\\", \\"n\\": 12345678901234567890.10e+02}"' in answers[0]
    assert '"RetMsg":"{\\"city\\": \\"广州\\"}"' in answers[2]
    assert answers[3].startswith("HTTP/1.1 400 ") and "ClientContext is not JSON: line 1, column 9: " in answers[3]
