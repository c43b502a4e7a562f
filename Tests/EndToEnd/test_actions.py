"""Which action of the cloud's API a call goes out as: through nginx and relay, and as the local cloud notes it."""

import json
import shutil

import pytest

import processes
from cloud_doors import ApiSite, client, invoke

# Where a call names no version, Invoke runs $LATEST and InvokeFunction what the alias $DEFAULT leads to: by the action
# that the caller used, whatever it goes out as.
VERSIONS = {"Invoke": "$LATEST", "InvokeFunction": "1"}
WHICH = "def main_handler(event, context):\n    return context['function_version']\n"
FUNCTIONS = {"which", "which-exception"}


@pytest.fixture(scope="module", params=["InvokeFunction", "Invoke"])
def sites(request, tmp_path_factory):
    """A site whose relay uses one action, and the other for a single function."""
    directory = tmp_path_factory.mktemp("actions")
    shutil.copytree(processes.ROOT / "functions", directory / "functions")
    for name in FUNCTIONS:
        folder = directory / "functions" / "default" / name
        folder.mkdir()
        (folder / "index.py").write_text(WHICH)
        (folder / "function.yaml").write_text("aliases: {$DEFAULT: 1}\n")
        shutil.copytree(folder, folder.with_name(f"{name}@1"))
        (folder.with_name(f"{name}@1") / "function.yaml").unlink()
    other = {"InvokeFunction": "Invoke", "Invoke": "InvokeFunction"}[request.param]
    site = ApiSite(directory, "--functions", directory / "functions", functions=sorted(FUNCTIONS), action=request.param,
                   actions={"which-exception": other})
    site.actions = {"which": request.param, "which-exception": other}
    yield site
    site.stop()


def calls_at_the_local_cloud(sites):
    """What its log has of calls: the action, by the name of the function."""
    lines = [json.loads(line) for line in sites.site.log("local").splitlines()]
    return [(line["function"].removeprefix("default/"), line["action"], line["invocationType"])
            for line in lines if line["message"] == "call" and line.get("function")]


def new_call(sites, call):
    """Makes a call, and says what the local cloud's log has of it."""
    before = len(calls_at_the_local_cloud(sites))
    version = call()
    made = processes.wait_for(lambda: calls_at_the_local_cloud(sites)[before:], "the call is in the log")
    assert len(made) == 1
    return version, made[0]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_call_of_the_page_goes_out_as_configured(sites, http, name):
    def call():
        answer = http.post(f"{sites.site.url}/invoke", data={"FunctionName": name}, headers={"Accept": "application/json"})
        return answer.json()["Response"]["Result"]["RetMsg"]

    assert new_call(sites, call) == ("$LATEST", (name, sites.actions[name], "RequestResponse"))


@pytest.mark.parametrize("called_as", ["Invoke", "InvokeFunction"])
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_call_of_an_sdk_goes_out_as_configured(sites, name, called_as):
    def call():
        return invoke(client(sites.relay), called_as, FunctionName=name).Result.RetMsg

    assert new_call(sites, call) == (VERSIONS[called_as], (name, sites.actions[name], "RequestResponse"))


def test_an_event_call_goes_out_as_Invoke(sites, http):
    def call():
        return http.post(f"{sites.site.url}/invoke", data={"FunctionName": "which", "InvocationType": "Event"},
                         headers={"Accept": "application/json"}).status_code

    status, made = new_call(sites, call)
    assert status == 200
    assert made == ("which", "Invoke", "Event")
