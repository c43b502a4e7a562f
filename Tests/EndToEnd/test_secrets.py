"""Neither keys nor payloads come out anywhere but in the answer they belong to."""

import base64
import json
import re
import secrets
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

import fastcgi_client
import processes
import upstream as scripted
from cloud_doors import SIGNATURES, ApiSite, Door, Key, client, invoke
from test_signatures import signed_by_the_sdk

PAYLOAD = "payload-that-no-log-may-have"

# A function that tells all it can see of keys: its environment, its open files, and the processes around it.
SPY = '''
import json, os

def main_handler(event, context):
    seen = {"environment": dict(os.environ), "context": str(context), "arguments": {}, "open": {}, "around": {}}
    with open("/proc/self/environ", "rb") as file:
        seen["start"] = file.read().decode(errors="replace")
    for name in os.listdir("/proc"):
        if name.isdigit():
            for kind, file_name in (("arguments", "cmdline"), ("around", "environ")):
                try:
                    with open(f"/proc/{name}/{file_name}", "rb") as file:
                        seen[kind][name] = file.read(32768).decode(errors="replace")
                except OSError:
                    pass
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            seen["open"][descriptor] = os.readlink(f"/proc/self/fd/{descriptor}")
        except OSError:
            pass
    print(json.dumps(seen))
    return seen
'''
SHELL_SPY = '''#!/bin/sh
env
tr '\\0' '\\n' </proc/self/environ
'''


class Secret:
    """A key, and how it could look where it leaks."""

    def __init__(self, name, text):
        self.name = name
        data = text.encode()
        self._forms = {data, data[::-1], quote(text, safe="").encode(), data.hex().encode(), data.hex().upper().encode(),
                       base64.b32encode(data).rstrip(b"=")}
        self._forms |= {form for before in range(3) for form in self._base64(data, before)}
        if len(data) > 32:      # a part of a long one is bad enough
            self._forms |= {data[:20], data[-20:], data[len(data) // 2 - 10:][:20]}

    @staticmethod
    def _base64(data, before):
        """Base64 of a text in which `data` comes after `before` bytes (modulo 3): the letters that depend on it alone."""
        first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        text = base64.b64encode(bytes(before) + data)[first:last]
        return text, text.replace(b"+", b"-").replace(b"/", b"_")

    def assert_not_in(self, data, where):
        data = data.encode() if isinstance(data, str) else data
        for form in self._forms:
            assert form not in data, f"{self.name} is in {where}"


@pytest.mark.parametrize("leak", [
    lambda key: key, lambda key: key.hex().encode(), lambda key: key.hex().upper().encode(), lambda key: key[:30],
    lambda key: base64.b64encode(key), lambda key: base64.b64encode(b"x" + key + b"yz"),
    lambda key: base64.b64encode(b"AKIDx:" + key), lambda key: base64.urlsafe_b64encode(b"xy" + key + b"z"),
    lambda key: json.dumps({"key": key.decode()}).encode(), lambda key: quote(key).encode()])
def test_a_leak_would_be_noticed(leak):
    key = b"key-" + secrets.token_hex(24).encode()
    with pytest.raises(AssertionError, match="a key is in a log"):
        Secret("a key", key.decode()).assert_not_in(b'{"message":"' + leak(key) + b'"}', "a log")


# ---- A site with callers, and functions that look around -------------------------------------------------------------

@pytest.fixture
def spied_site(tmp_path):
    functions = tmp_path / "functions"
    shutil.copytree(processes.ROOT / "functions", functions)
    for name, file, code in (("spy", "index.py", SPY), ("shell-spy", "bootstrap", SHELL_SPY)):
        folder = functions / "default" / name
        folder.mkdir()
        (folder / file).write_text(code)
        (folder / file).chmod(0o755)
        (folder / "function.yaml").write_text("timeout: 60\n")
    site = ApiSite(tmp_path, "--functions", functions, functions=("spy", "shell-spy"))
    yield site
    site.stop()


def test_keys_and_payloads_stay_where_they_belong(spied_site, http, monkeypatch):
    keys = [Secret("the relay's own key", "local-secret")]
    for key in ApiSite.keys:
        keys.append(Secret(f"a key of {key.secret_id}", key.secret_key))
        if key.token:
            keys.append(Secret(f"the token of {key.secret_id}", key.token))
    site = spied_site.site
    answers = [*answers_of_the_page(site, http), *answers_of_the_doors(spied_site)]
    assert len(answers) > 100
    seen = [invoke(client(door), FunctionName=name, LogType="Tail").to_json_string()
            for door in (spied_site.local, spied_site.relay) for name in ("spy", "shell-spy")]
    assert "PATH" in seen[0] and "PATH" in seen[1], "the spies see nothing"
    # Functions run as the user that started all of this, and see what each was started with.
    around = json.loads(json.loads(seen[0])["Result"]["RetMsg"])["around"]
    assert {str(pid) for pid in (*site.pids.values(), site.process.pid)} <= around.keys()
    arguments = {pid: Path(f"/proc/{pid}/cmdline").read_bytes()
                 for leader in site.pids.values() for pid in processes.processes_of_session(leader)}
    assert arguments
    output = spied_site.site.stop()
    files = {path: path.read_bytes() for path in site.run_dir.rglob("*") if path.is_file()}
    assert {path.name for path in files} >= {"relay.log", "local.log", "nginx-access.log", "nginx-error.log"}
    assert b"AuthFailure.SignatureFailure" in files[site.run_dir / "relay.log"], "the log does not hold what was done"

    for key in keys:
        for answer in answers:
            key.assert_not_in(answer, f"an answer: {answer[:2000]}")
        for text in seen:
            key.assert_not_in(text, f"what a function sees: {text[:4000]}")
        for pid, text in arguments.items():
            key.assert_not_in(text, f"a command line: {text}")
        for path, text in files.items():
            key.assert_not_in(text, path.name)
        key.assert_not_in(site.errors + output, "the output of script/server")
    for path, text in files.items():
        assert PAYLOAD.encode() not in text, path.name
        assert b"Credential=AKID" not in text and b"Signature=" not in text, path.name


def answers_of_the_page(site, http):
    """Calls by the page and by JSON, good and bad; yields all that was answered."""
    forms = ({"FunctionName": "hello", "ClientContext": f'"{PAYLOAD}"'}, {"FunctionName": "fail", "LogType": "Tail"},
             {"FunctionName": "hello", "ClientContext": "{" + PAYLOAD}, {"FunctionName": "no-such-one"}, {},
             {"FunctionName": "deleted-yesterday"}, {"FunctionName": "hello", "Region": "nowhere"})
    for fields in forms:
        for accept in ("text/html", "application/json"):
            yield text_of(http.post(f"{site.url}/invoke?secret={PAYLOAD}", data=fields, headers={"Accept": accept}))
        yield text_of(http.post(f"{site.url}/invoke", json=fields))
    for path in ("/", "/functions", "/healthz", "/readyz", "/metrics", "/nowhere", "/_errors/413.html"):
        yield text_of(http.get(site.url + path))
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE"):
        yield text_of(http.request(method, site.url + "/invoke", headers={"Authorization": "Basic " + PAYLOAD}))
    yield text_of(http.post(site.url + "/invoke", data=b"x" * 5_000_000))


def answers_of_the_doors(sites):
    """Calls by the SDK at both doors, good and bad; yields all that was answered, and what the SDK made of it."""
    for door in (sites.local, sites.relay):
        for signature, method in SIGNATURES:
            for each in calls_good_and_bad(sites, door, signature, method):
                answers = []
                sdk, action, parameters = each
                sdk.request.conn._session.hooks["response"].append(
                    lambda response, *_, answers=answers, **__: answers.append(text_of(response)))
                try:
                    answers.append(json.dumps(sdk.call_json(action, parameters)))
                except TencentCloudSDKException as error:
                    answers.append(str(error))
                yield from answers


def calls_good_and_bad(sites, door, signature, method):
    def at(key=None, **options):
        return client(door, signature, method, key=key, **options)

    make = type(door.key)
    event = f'"{PAYLOAD}"'
    for language in ("zh-CN", "en-US"):
        yield at(language=language), "Invoke", {"FunctionName": "echo", "ClientContext": event}
        yield at(make(door.key.secret_id, "wrong"), language=language), "Invoke", {
            "FunctionName": "echo", "ClientContext": event}
    yield at(), "InvokeFunction", {"FunctionName": "fail", "Event": event}
    yield at(), "Invoke", {"FunctionName": "hello", "ClientContext": "{" + PAYLOAD}
    yield at(), "Invoke", {"FunctionName": "hello", "Colour": PAYLOAD}
    yield at(), "Invoke", {"FunctionName": "hello", "LogType": PAYLOAD}
    yield at(), "Nothing", {"FunctionName": "hello"}
    yield at(region="nowhere"), "Invoke", {"FunctionName": "hello"}
    yield at(make("AKIDnobody", door.key.secret_key)), "Invoke", {"FunctionName": "hello"}
    # Keys the wrong way round, and tokens where none belong: what came in is not to be shown either.
    yield at(make(door.key.secret_id, "wrong", PAYLOAD)), "Invoke", {"FunctionName": "hello"}
    yield at(make(sites.temporary.secret_id, sites.temporary.secret_key)), "Invoke", {"FunctionName": "hello"}
    yield at(sites.temporary), "Invoke", {"FunctionName": "hello"}
    yield at(sites.hello_only), "Invoke", {"FunctionName": "echo", "ClientContext": event}
    yield at(), "Invoke", {"FunctionName": "echo", "ClientContext": '"' + "汉" * 200_000 + '"'}


def text_of(response):
    return f"{response.status_code} {response.headers} {response.text}"


# ---- The key that opens the real cloud -------------------------------------------------------------------------------

def test_the_key_of_the_cloud_signs_and_is_never_sent(upstream, relay):
    text, token = "key-" + secrets.token_hex(24), "token-" + secrets.token_hex(24)
    key = Secret("the key of the cloud", text)
    running = relay(upstream.port, credentials={
        "TENCENTCLOUD_SECRET_ID": "AKIDREAL", "TENCENTCLOUD_SECRET_KEY": text, "TENCENTCLOUD_SESSION_TOKEN": token})
    behaviours = [
        scripted.success(), scripted.failure("AuthFailure.SignatureFailure"), scripted.failure("AuthFailure.TokenFailure"),
        scripted.failure("AuthFailure.SecretIdNotFound"), scripted.failure("AuthFailure.SignatureExpire"),
        scripted.failure("InternalError"), scripted.failure("RequestLimitExceeded"), scripted.failure("NobodyKnowsThisCode"),
        scripted.Raw(b"this is no HTTP"), scripted.Raw(b""), scripted.Reset(),
        scripted.Answer(b"<html>", status=502, headers={"Content-Type": "text/html"}),
        scripted.Answer(b'{"Response":', headers={"Content-Type": "application/json"}),
        scripted.Answer(b"{}", announced=100)]
    answers = []
    for behaviour in behaviours:
        upstream.behaviour = lambda call, behaviour=behaviour: behaviour
        for as_form in (True, False):
            response = running.invoke({"FunctionName": "hello"}, as_form)
            answers.append(f"{response.headers} {response.text}")
    for path in ("/functions", "/readyz", "/metrics", "/nowhere"):
        response = running.get(path)
        answers.append(f"{response.headers} {response.text}")
    arguments = Path(f"/proc/{running.pid}/cmdline").read_bytes()
    running.stop()

    assert len(upstream.calls) >= len(behaviours)
    for call in upstream.calls:
        assert "Credential=AKIDREAL/" in call.headers["authorization"] and call.headers["x-tc-token"] == token
        key.assert_not_in(f"{call}", "a call to the cloud")
    for secret in (key, Secret("the token of the cloud", token)):
        for answer in answers:
            secret.assert_not_in(answer, f"an answer: {answer}")
        secret.assert_not_in(running.log, "the log")
        secret.assert_not_in(arguments, "the command line")


# ---- Programs that were started with a key ---------------------------------------------------------------------------

class LocalCloud:
    """scf-local alone, as somebody would start it by hand, spoken to by FastCGI without nginx."""

    def __init__(self, directory, functions, environment):
        self._socket = str(directory / "local.sock")
        self.process = processes.start(
            [processes.BINARIES / "scf-local", "serve", "--functions", functions, "--listen", f"unix:{self._socket}"],
            directory / "local.log", processes.CLEAN_ENVIRONMENT | environment)
        processes.wait_for(lambda: Path(self._socket).exists(), "scf-local listens")

    def invoke(self, name):
        """The RetMsg of a function."""
        sdk = client(Door("scf-local", 8080, Key("AKIDLOCAL", "local-secret")))
        call = signed_by_the_sdk(sdk, {"FunctionName": name})
        answer = fastcgi_client.call(self._socket, "POST", "/", call.headers, call.body)
        return answer.json()["Response"]["Result"]["RetMsg"]


@pytest.fixture
def spies(tmp_path):
    folder = tmp_path / "functions" / "default" / "spy"
    folder.mkdir(parents=True)
    (folder / "index.py").write_text(SPY)
    (folder / "function.yaml").write_text("timeout: 60\n")
    return tmp_path / "functions"


def some_keys():
    """Variables with keys, and what must not be seen."""
    variables = {name: "key-" + secrets.token_hex(24) for name in (
        "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_SESSION_TOKEN", "TENCENTCLOUD_TOKEN", "DATABASE_PASSWORD")}
    return variables | {"TENCENTCLOUD_SECRET_ID": "AKIDREAL"}, [Secret(*each) for each in variables.items()]


def writable_memory(pid):
    """All that a process has written, or may have."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            addresses, access, *_ = line.split()
            if access.startswith("rw"):
                start, end = (int(each, 16) for each in addresses.split("-"))
                memory.seek(start)
                yield memory.read(end - start)


def test_a_key_that_the_local_cloud_was_started_with_is_not_seen_by_its_functions(tmp_path, spies):
    variables, keys = some_keys()
    local = LocalCloud(tmp_path, spies, variables)
    try:
        seen = local.invoke("spy")
        assert str(local.process.pid) in json.loads(seen)["around"]
        memory = b"".join(writable_memory(local.process.pid))
    finally:
        assert processes.terminate(local.process) == 0
    assert b"AKIDLOCAL" in memory, "the memory that was looked at is not all"
    for key in keys:
        key.assert_not_in(seen, "what a function sees")
        # Whoever can trace it finds nothing either.
        key.assert_not_in(memory, "the memory of scf-local")


def test_a_key_in_the_shell_that_runs_the_site_is_not_seen_by_functions(new_site, spies, http):
    variables, keys = some_keys()
    site = new_site("--functions", spies, environment=processes.CLEAN_ENVIRONMENT | variables)
    seen = http.post(f"{site.url}/invoke", json={"FunctionName": "spy"}).json()["Response"]["Result"]["RetMsg"]
    around = json.loads(seen)["around"]
    assert {str(pid) for pid in (*site.pids.values(), site.process.pid)} <= around.keys()
    for key in keys:
        key.assert_not_in(seen, "what a function sees")


def test_the_keys_of_the_relay_are_not_in_what_the_kernel_shows_of_it(upstream, relay):
    variables, keys = some_keys()
    running = relay(upstream.port, credentials=variables)
    assert running.invoke({"FunctionName": "hello"}).status == 200
    assert "Credential=AKIDREAL/" in upstream.calls[0].headers["authorization"]
    environment = Path(f"/proc/{running.pid}/environ").read_bytes()
    for key in keys:
        key.assert_not_in(environment, "/proc/PID/environ")


# ---- Time tells nothing ---------------------------------------------------------------------------------------------

SOURCES = processes.ROOT / "Sources"
# Where what a caller sends is compared with what only its sender can know, and by what.
COMPARISONS = {
    "TencentCloud/TC3/TC3Verifier.swift": "constantTimeEqual(",
    "TencentCloud/V1/V1Verifier.swift": ".matches(call.signature)",
    "TencentCloud/Explaining/CanonicalText.swift": "constantTimeEqual(",
    "WebhookSignatures/AuthorizationScheme.swift": "TokenComparison.areEqual(",
    "WebhookSignatures/HMACScheme.swift": "areEqual(",
    "WebhookSignatures/StandardWebhooksScheme.swift": "areEqual(",
    "WebhookSignatures/StripeScheme.swift": "areEqual(",
    "WebhookSignatures/TokenScheme.swift": "TokenComparison.areEqual(",
}
# What these comparisons are made of: libcrypto's, whose time depends on the length alone.
PRIMITIVES = ["TencentCloud/TC3/SHA256.swift", "TencentCloud/Credentials/Secret.swift", "WebhookSignatures/HashFunction.swift"]
SECRET_OPERAND = r"[\w.()]*(?:signature|secret|token|digest|password|reveal\(\)|\.bytes)\b(?!\.count)"
# Names, kinds and presence: nothing that would have to be guessed.
TOLD_ANYWAY = {
    "guard let expected = credential.token else { return token == nil }",
    'token == nil ? "Credential(\\(secretId))" : "Credential(\\(secretId), with token)"',
    "guard let index = uses.firstIndex(where: { $0.secret == secret }) else { return }",
    "if secrets.contains(where: { $0.id == secret.id }) {",
    "let signed = parameters.filter { $0.name != CommonParameter.signature.rawValue }",
    "uses = secrets.map { [uses] id in uses.first { $0.secret == id } ?? Use(secret: id) }",
}


@pytest.mark.parametrize(("file", "comparison"), COMPARISONS.items())
def test_signatures_and_tokens_are_compared_in_constant_time(file, comparison):
    assert comparison in (SOURCES / file).read_text()


@pytest.mark.parametrize("file", PRIMITIVES)
def test_constant_time_is_libcryptos(file):
    assert "CRYPTO_memcmp(" in (SOURCES / file).read_text()


def test_no_secret_is_compared_by_an_operator():
    compared = re.compile(rf"{SECRET_OPERAND} *[!=]= |[!=]= *{SECRET_OPERAND}")
    found = {
        line.strip()
        for folder in ("TencentCloud", "WebhookSignatures", "Relay", "LocalFunctions", "scf-relay", "scf-local")
        for file in (SOURCES / folder).rglob("*.swift")
        for line in file.read_text().splitlines()
        if compared.search(line) and not line.lstrip().startswith("//")}
    assert found == TOLD_ANYWAY
