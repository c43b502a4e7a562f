"""The programs in docs/sdks.md, taken from that page and run as they stand there, but for the address.

Python and tccli are among the tests' own packages. For the other languages `SDKS` may name a folder with a folder for each:
`java` with the SDK's jars, `php` with `vendor`, `go` with `go.mod`, `node` with `node_modules`, `dotnet` with a `.csproj`.
What is not there is skipped by name; where only the language itself is there, the program's syntax is checked.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import processes
from tls_site import TLSFront

PAGE = (processes.ROOT / "docs" / "sdks.md").read_text()
LANGUAGES = {"python": "Python", "java": "Java", "php": "PHP", "go": "Go", "js": "Node.js", "csharp": ".NET", "cpp": "C++",
             "sh": "tccli"}
SDKS = Path(os.environ.get("SDKS", "/nowhere"))


def snippet(language):
    """The one program of the page in that language."""
    found = re.findall(rf"^## {re.escape(LANGUAGES[language])}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    (code,) = re.findall(rf"^```{language}\n(.*?)^```$", found[0], re.MULTILINE | re.DOTALL)
    return code


def addressed(language, door):
    code = snippet(language)
    assert code.count('127.0.0.1:8081') == 1
    return code.replace("127.0.0.1:8081", door.endpoint)


def run(command, key, folder, **environment):
    """Runs a program with the caller's key in its environment; returns what it prints."""
    done = subprocess.run(
        list(map(str, command)), cwd=folder, capture_output=True, text=True, timeout=110,
        env=processes.CLEAN_ENVIRONMENT | {
            "TENCENTCLOUD_SECRET_ID": key.secret_id, "TENCENTCLOUD_SECRET_KEY": key.secret_key} | environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def installed(name, language):
    """The folder of an SDK, copied by nobody: programs are written beside it."""
    folder = SDKS / name
    if not folder.is_dir():
        pytest.skip(f"no {language} SDK here: SDKS={SDKS} has no folder {name}")
    return folder


def tool(name, language):
    return shutil.which(name) or pytest.skip(f"no {name} here to check {language} with")


def test_python(door, tmp_path):
    program = tmp_path / "hello.py"
    program.write_text(addressed("python", door))
    assert run([sys.executable, program], door.key, tmp_path) == "hello from scf\n"


def test_tccli(api_site, tmp_path):
    tls = TLSFront(tmp_path, api_site.api_socket)
    command = snippet("sh")
    assert command.count("localhost:8443") == 1
    try:
        answer = run(
            ["sh", "-ec", command.replace("localhost:8443", f"localhost:{tls.port}")], api_site.everything, tmp_path,
            HOME=str(tmp_path), PYTHONPATH=str(tls.trusting_certifi()),
            PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    finally:
        tls.stop()
    assert '"RetMsg": "hello from scf"' in answer


def test_java(door, tmp_path):
    jars = installed("java", "Java")
    (tmp_path / "Hello.java").write_text(addressed("java", door))
    classes = f"{jars}/*:{tmp_path}"
    run([tool("javac", "Java"), "-cp", classes, "-d", tmp_path, "Hello.java"], door.key, tmp_path)
    assert run(["java", "-cp", classes, "Hello"], door.key, tmp_path) == "hello from scf\n"


def test_php(door, tmp_path):
    folder = installed("php", "PHP")
    (tmp_path / "vendor").symlink_to(folder / "vendor")
    (tmp_path / "hello.php").write_text(addressed("php", door))
    assert run([tool("php", "PHP"), "hello.php"], door.key, tmp_path) == "hello from scf\n"


def test_go(door, tmp_path):
    folder = installed("go", "Go")
    for file in folder.glob("go.*"):
        shutil.copy(file, tmp_path)
    (tmp_path / "main.go").write_text(addressed("go", door))
    assert run([tool("go", "Go"), "run", "."], door.key, tmp_path) == "hello from scf\n"


def test_node(door, tmp_path):
    folder = installed("node", "Node.js")
    (tmp_path / "node_modules").symlink_to(folder / "node_modules")
    (tmp_path / "hello.js").write_text(addressed("js", door))
    assert run([tool("node", "Node.js"), "hello.js"], door.key, tmp_path) == "hello from scf\n"


def test_dotnet(door, tmp_path):
    folder = installed("dotnet", ".NET")
    for file in folder.glob("*.csproj"):
        shutil.copy(file, tmp_path)
    (tmp_path / "Program.cs").write_text(addressed("csharp", door))
    assert run([tool("dotnet", ".NET"), "run"], door.key, tmp_path) == "hello from scf\n"


def test_cpp(door, tmp_path):
    folder = installed("cpp", "C++")
    (tmp_path / "hello.cpp").write_text(addressed("cpp", door))
    run([tool("g++", "C++"), "-std=c++11", f"-I{folder}/include", "hello.cpp", f"-L{folder}/lib", "-o", "hello",
         "-ltencentcloud-sdk-cpp-scf", "-ltencentcloud-sdk-cpp-core"], door.key, tmp_path)
    assert run(["./hello"], door.key, tmp_path, LD_LIBRARY_PATH=f"{folder}/lib") == "hello from scf\n"


# How each language's own tool reads a program without its SDK. For C# and C++ there is none: without the SDK's types
# their compilers cannot tell what they read.
SYNTAX = pytest.mark.parametrize("language, command", [
    ("python", [sys.executable, "-m", "py_compile"]), ("php", ["php", "-l"]), ("go", ["gofmt", "-l", "-e"]),
    ("js", ["node", "--check"]), ("sh", ["bash", "-n"]),
    ("java", ["javac", "-proc:none", "-XDshould-stop.ifNoError=PARSE", "-XDshould-stop.ifError=PARSE"])])


def read_by_its_tool(language, command, code, folder):
    program = folder / ("Hello.java" if language == "java" else f"hello.{language}")
    program.write_text(code)
    name, *arguments = command
    return run([tool(name, LANGUAGES[language]), *arguments, program], KEYLESS, folder)


@SYNTAX
def test_the_syntax(language, command, tmp_path):
    output = read_by_its_tool(language, command, snippet(language), tmp_path)
    assert language != "go" or output == "", "gofmt would write it otherwise"


@SYNTAX
def test_a_mistake_would_be_noticed(language, command, tmp_path):
    code = snippet(language)
    wrong = code + "(\n" if language == "sh" else code[:code.rindex(")")] + code[code.rindex(")") + 1:]
    with pytest.raises(AssertionError, match="(?i)error|unexpected|expected"):
        read_by_its_tool(language, command, wrong, tmp_path)


class KEYLESS:
    secret_id = secret_key = ""


def test_each_program_waits_long_enough_and_has_no_key_in_it():
    for language in LANGUAGES:
        code = snippet(language)
        assert "310" in code, language
        assert language == "sh" or code.count("TENCENTCLOUD_SECRET_KEY") == 1, language


def test_no_proxy_needs_both_forms_of_the_address(door, tmp_path):
    """What the page says of the Python SDK. The proxy named here does not exist."""
    program = tmp_path / "hello.py"
    program.write_text(addressed("python", door))
    (nobody,) = processes.free_ports(1)
    proxy = {"http_proxy": f"http://127.0.0.1:{nobody}"}
    both = f"{door.endpoint},127.0.0.1"
    for no_proxy in ("", door.endpoint, "127.0.0.1"):
        with pytest.raises(AssertionError, match="ClientNetworkError"):
            run([sys.executable, program], door.key, tmp_path, NO_PROXY=no_proxy, **proxy)
    assert run([sys.executable, program], door.key, tmp_path, NO_PROXY=both, **proxy) == "hello from scf\n"
