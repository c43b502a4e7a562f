"""A call as code: what POST /code writes is right to the last escape, in every language, and does what the form does."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tree_sitter_c_sharp
import tree_sitter_go
import tree_sitter_java
import tree_sitter_php
from playwright.sync_api import expect
from tree_sitter import Language, Parser

import processes
from tls_site import TLSFront

# ClientContexts that a careless generator would break, run, or change.
NASTY = {
    "quotes": """{"a": "\\"double\\" 'single' `back` \\"\\"\\" '''"}""",
    "backslashes": r'{"path": "C:\\new\\table", "u": "\u4e2d\\u0022 \\\\", "regex": "\\d+\\$"}',
    "white space": '{\n\t"a":\r\n  1 ,\n\n"b" : [ ]}\n',
    "shell": '{"a": "$HOME ${HOME} $(id) `id` !! !$ ~ * ; & | > /tmp/x #{1+1} %s %d %(a)s {0} {{a}} <?php ?> -n"}',
    "markup": '"</script><script>alert(1)</script></pre></textarea><!-- ]]> &amp; &#39;"',
    "Chinese and emoji": '{"城市": "广州", "emoji": "😀👨‍👩‍👧 é e\u0301"}',
    "unseen": '"\u2028\u2029\u200b\u202e\u00a0\ufeff\u00ad\u0085\u007f\ue000\U000e0001\u0300"',
    "numbers": '[12345678901234567890.10e+02, -0.0, 1E400]',
    "negative number": "-1.5e3",
    "empty text": '""',
    "text blocks": '"\'\'\' \\"\\"\\" EOF END \\n @file <file ;type=a/b"',
    "true": "true",
}
nasty = pytest.mark.parametrize("event", NASTY.values(), ids=NASTY.keys())
EVERYTHING = {
    "FunctionName": "hello", "Namespace": "default", "Qualifier": "$LATEST", "InvocationType": "Event", "LogType": "Tail",
    "Region": "ap-shanghai", "RoutingKey": '{"a\'b": "$c"}',
}


@pytest.fixture
def code(api_site, http):
    """The code of a call, by language."""

    def write(event=None, **fields):
        files = {name: (None, value) for name, value in ({"FunctionName": "echo"} | fields).items()}
        if event is not None:
            files["ClientContext"] = ("event.json", event.encode())
        answer = http.post(f"{api_site.site.url}/code", files=files, headers={"Accept": "application/json"})
        assert answer.status_code == 200, answer.text
        return {one["Language"]: one["Text"] for one in answer.json()["Code"]}

    return write


def environment(key, **more):
    return processes.CLEAN_ENVIRONMENT | {
        "TENCENTCLOUD_SECRET_ID": key.secret_id, "TENCENTCLOUD_SECRET_KEY": key.secret_key, "PYTHONUTF8": "1"} | more


def output(command, directory, env=None):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, cwd=directory, timeout=120,
        env=env or processes.CLEAN_ENVIRONMENT | {"HOME": str(directory), "PATH": os.environ["PATH"]})
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


# Run, against the relay and the local cloud behind it


@nasty
def test_python_code_runs(code, api_site, tmp_path, event):
    (tmp_path / "invoke.py").write_text(code(event)["python"], encoding="utf-8", newline="")
    assert output([sys.executable, "invoke.py"], tmp_path, environment(api_site.everything)) == event + "\n"


@nasty
@pytest.mark.parametrize("shell", ["bash"])
def test_curl_code_runs(code, tmp_path, event, shell):
    (tmp_path / "invoke.sh").write_text(code(event)["curl"], encoding="utf-8", newline="")
    answer = json.loads(output([shell, "invoke.sh"], tmp_path))
    assert answer["Response"]["Result"]["RetMsg"] == event


@pytest.fixture(scope="module")
def tls(api_site, tmp_path_factory):
    front = TLSFront(tmp_path_factory.mktemp("tls"), api_site.api_socket)
    yield front
    front.stop()


@pytest.fixture(scope="module")
def certifi(tls):
    return tls.trusting_certifi()


@pytest.fixture
def tccli(api_site, tls, certifi, tmp_path):
    """Runs tccli's code. It speaks https alone, so the address is that of a front with TLS."""

    def run(text):
        text, count = re.subn(r"--endpoint \S+", f"--endpoint localhost:{tls.port}", text)
        assert count == 1
        (tmp_path / "invoke.sh").write_text(text, encoding="utf-8", newline="")
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        env = environment(api_site.everything, PATH=path, HOME=str(tmp_path), PYTHONPATH=str(certifi))
        return json.loads(output(["bash", "invoke.sh"], tmp_path, env))

    return run


@nasty
def test_tccli_code_runs(code, tccli, event):
    assert tccli(code(event)["tccli"])["Result"]["RetMsg"] == event


def test_a_long_event_is_read_from_its_file(code, api_site, tccli, tmp_path):
    event = json.dumps(["汉字 \"quoted\"\r\n" * 10_000], ensure_ascii=False, indent=1)
    (tmp_path / "event.json").write_bytes(event.encode())
    texts = code(event)
    (tmp_path / "invoke.py").write_text(texts["python"])
    (tmp_path / "invoke-curl.sh").write_text(texts["curl"])
    assert output([sys.executable, "invoke.py"], tmp_path, environment(api_site.everything)) == event + "\n"
    answer = json.loads(output(["bash", "invoke-curl.sh"], tmp_path))
    assert answer["Response"]["Result"]["RetMsg"] == event
    assert tccli(texts["tccli"])["Result"]["RetMsg"] == event


def test_every_parameter_arrives(code, api_site, tccli, tmp_path):
    texts = code("[1]", **EVERYTHING)
    (tmp_path / "invoke.py").write_text(texts["python"])
    started = output([sys.executable, "invoke.py"], tmp_path, environment(api_site.everything))
    assert re.fullmatch(r"[0-9a-f-]{36}\n", started), "an event call returns its id alone"
    (tmp_path / "invoke.sh").write_text(texts["curl"])
    answer = json.loads(output(["bash", "invoke.sh"], tmp_path))
    assert answer["Response"]["Result"]["RetMsg"] == "" and answer["Response"]["Result"]["FunctionRequestId"]
    assert tccli(texts["tccli"])["Result"]["FunctionRequestId"]


# With stand-ins for the SDKs, which print what they were given, where the language is installed

STAND_INS = Path(__file__).parent / "stand_ins"


@nasty
def test_node_code_holds_the_event(code, tmp_path, event):
    shutil.copytree(STAND_INS / "node", tmp_path, dirs_exist_ok=True)
    (tmp_path / "invoke.js").write_text(code(event)["node"], encoding="utf-8", newline="")
    assert output(["node", "invoke.js"], tmp_path) == event + "\n"


@pytest.mark.skipif(not shutil.which("php"), reason="PHP is not installed")
@nasty
def test_php_code_holds_the_event(code, tmp_path, event):
    shutil.copytree(STAND_INS / "php", tmp_path, dirs_exist_ok=True)
    (tmp_path / "invoke.php").write_text(code(event)["php"], encoding="utf-8", newline="")
    assert output(["php", "invoke.php"], tmp_path) == event + "\n"


@pytest.mark.skipif(not shutil.which("javac"), reason="Java is not installed")
def test_java_code_holds_the_events(code, tmp_path):
    shutil.copytree(STAND_INS / "java", tmp_path / "com")
    for number, event in enumerate(NASTY.values()):
        text = code(event)["java"].replace("class Invoke ", f"class Invoke{number} ")
        (tmp_path / f"Invoke{number}.java").write_text(text, encoding="utf-8", newline="")
    output(["javac", "-encoding", "UTF-8", "-d", tmp_path, *tmp_path.rglob("*.java")], tmp_path)
    for number, event in enumerate(NASTY.values()):
        assert output(["java", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", tmp_path, f"Invoke{number}"],
                      tmp_path) == event + "\n"


@pytest.mark.skipif(not shutil.which("go"), reason="Go is not installed")
def test_go_code_holds_the_events_and_is_formatted(code, tmp_path):
    shutil.copytree(STAND_INS / "go", tmp_path / "sdk")
    (tmp_path / "go.mod").write_text(
        "module calls\n\ngo 1.19\n\nrequire github.com/tencentcloud/tencentcloud-sdk-go v0.0.0\n\n"
        "replace github.com/tencentcloud/tencentcloud-sdk-go => ./sdk\n")
    for number, event in enumerate(NASTY.values()):
        folder = tmp_path / f"call{number}"
        folder.mkdir()
        (folder / "main.go").write_text(code(event)["go"], encoding="utf-8", newline="")
    assert output(["gofmt", "-l", *tmp_path.glob("call*/main.go")], tmp_path) == ""
    env = processes.CLEAN_ENVIRONMENT | {
        "HOME": str(tmp_path), "PATH": os.environ["PATH"], "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
    output(["go", "vet", "./..."], tmp_path, env)
    output(["go", "build", "-o", "bin/", "./..."], tmp_path, env)
    for number, event in enumerate(NASTY.values()):
        assert output([tmp_path / f"bin/call{number}"], tmp_path, env) == event + "\n"


# By their grammar, whether the language is installed or not

GRAMMARS = {
    "java": tree_sitter_java.language(), "go": tree_sitter_go.language(), "php": tree_sitter_php.language_php(),
    "dotnet": tree_sitter_c_sharp.language(),
}


@pytest.mark.parametrize("language", GRAMMARS)
def test_the_code_is_grammatical(code, language):
    calls = [code(event)[language] for event in NASTY.values()]
    calls += [code(**EVERYTHING)[language], code("[]", **EVERYTHING)[language], code('"' + "x" * 40_000 + '"')[language]]
    parser = Parser(Language(GRAMMARS[language]))
    for text in calls:
        tree = parser.parse(text.encode())
        assert not tree.root_node.has_error, text


@nasty
def test_a_csharp_literal_is_the_event(code, event):
    """No compiler here: the literal is taken from the syntax tree and read by C#'s rules (ECMA-334, 6.4.5.6)."""
    parser = Parser(Language(GRAMMARS["dotnet"]))
    source = code(event)["dotnet"].encode()
    literals = []

    def collect(node):
        if node.type == "string_literal":
            literals.append(source[node.start_byte + 1:node.end_byte - 1].decode())
        for child in node.children:
            collect(child)

    collect(parser.parse(source).root_node)
    simple = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"'}
    read = [re.sub(r'\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))',
                   lambda match: simple[match[3]] if match[3] else chr(int(match[1] or match[2], 16)), literal)
            for literal in literals]
    assert event in read
    assert not any(re.search("[\n\r\u0085\u2028\u2029]", literal) for literal in literals)


@pytest.mark.parametrize("language", ["curl", "tccli"])
def test_shell_code_is_grammatical_for_every_shell(code, language):
    for event in NASTY.values():
        subprocess.run(["bash", "-n"], input=code(event)[language].encode(), check=True)


# In the page


def test_the_form_is_shown_as_code(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    event = NASTY["markup"]
    page.locator("#FunctionName").fill("echo")
    page.locator("#ClientContext").fill(event)
    page.get_by_role("button", name="As code").click()
    card = page.locator('.outcome[data-state="code"]')
    tabs = card.get_by_role("tab")
    expect(tabs).to_have_text(["Python", "Java", "Go", "Node.js", "PHP", ".NET", "tccli", "curl"])
    expect(card.locator("pre")).to_contain_text('request.FunctionName = "echo"')
    tabs.first.focus()
    page.keyboard.press("End")
    expect(card.get_by_role("tab", name="curl")).to_be_focused()
    expect(card.locator("pre")).to_contain_text("ClientContext='" + event.replace("'", "'\\''") + "'")
    assert page.locator("#result script, #result textarea").count() == 0
    card.get_by_role("button", name="Copy the code").click()
    assert page.evaluate("navigator.clipboard.readText()") == card.locator("pre").text_content()
    page.locator("#run").click()
    expect(page.locator('.outcome[data-state="success"]')).to_be_visible()
    page.get_by_role("button", name="As code").click()
    expect(card.get_by_role("tab", selected=True)).to_have_text("curl")


def test_without_javascript_the_code_stands_beside_the_form(page_without_javascript):
    page = page_without_javascript
    page.locator("#FunctionName").fill("echo")
    page.locator("#ClientContext").fill('{"a": "</pre><b>"}')
    page.get_by_role("button", name="As code").click()
    assert "/code" in page.url
    card = page.locator('.outcome[data-state="code"]')
    expect(card.locator("pre").first).to_contain_text('{\\"a\\": \\"</pre><b>\\"}')
    card.locator('[data-language="curl"] summary').click()
    expect(card.locator('[data-language="curl"] pre')).to_be_visible()
    expect(card.locator('[data-language="python"] pre')).to_be_hidden()
    assert page.locator("#ClientContext").input_value() == '{"a": "</pre><b>"}'
    page.locator("#run").click()
    expect(page.locator('.outcome[data-state="success"]')).to_be_visible()


def test_an_event_that_is_not_JSON_is_no_code(page):
    page.locator("#FunctionName").fill("echo")
    page.locator("#ClientContext").fill("{")
    page.get_by_role("button", name="As code").click()
    expect(page.locator("#ClientContext")).to_be_focused()
    expect(page.locator('.outcome[data-state="code"]')).to_have_count(0)


def test_templates_are_written_anew_only_where_they_have_changed(tmp_path):
    """What is written anew is built anew, and all of Relay with it."""
    template, source = tmp_path / "a.mustache", tmp_path / "out.swift"
    template.write_text('say "hello"\n')

    def embed():
        subprocess.run([processes.BINARIES / "embed-code-templates-tool", source, template], check=True)
        return source.stat().st_mtime

    embed()
    os.utime(source, (1, 1))
    assert embed() == 1
    template.write_text("say nothing\n")
    assert embed() > 1 and "say nothing" in source.read_text()
