"""Every name that docs/sdks.md and the templates of the page's code take from an SDK is one that the SDK declares.

The compilers of some languages would notice another. But Node.js's SDK passes over an option that it does not know, and calls
the cloud in place of the relay; PHP's and Python's let a request have any field.

`sdk_options.json` has for each SDK the repository, the version and the commit that were read, and for each file the number
of the line there that declares a name. `SDK_SOURCES` may name a folder with clones of these repositories, which are then read
again: for a newer version, change its commit and correct the lines that the last test complains of.
"""

import importlib
import importlib.metadata
import inspect
import json
import os
import re
import subprocess
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
import tccli
from tccli import options_define

import documented
import processes

SDKS = json.loads((Path(__file__).parent / "sdk_options.json").read_text())
SOURCES = Path(os.environ.get("SDK_SOURCES", "/nowhere"))
TEMPLATES = processes.ROOT / "Sources" / "Relay" / "Code" / "Templates"
PAGE = (processes.ROOT / "docs" / "sdks.md").read_text()


class Language(NamedTuple):
    title: str  # its heading in the page
    block: str  # its code block there
    template: str | None
    root: str  # the folders of the repository in which its modules begin
    imports: str | None  # where a program names a module of the SDK, or modules and classes in one
    names: str  # where a name stands that is not the program's own
    others: str  # what stands there and in the page's prose too, but is the language's, another library's or the cloud's


LANGUAGES = {
    "python": Language(
        "Python", "python", "python", "", r"^from (tencentcloud[\w.]*) import (.+)$", r"\.(\w+)|\b(\w+)=",
        "environ open encoding newline read ClientNetworkError ServerNetworkError RequestLimitExceeded"),
    "java": Language(
        "Java", "java", "java", "src/main/java/", r"^import (com\.tencentcloudapi[\w.]+);", r"\.(\w+)|\bnew (\w+)",
        "getenv out println readString of "
        "OkHttpClient Builder retryOnConnectionFailure readTimeout SECONDS build"),
    "php": Language(
        "PHP", "php", "php", "src/", r"^use (TencentCloud[\w\\]+);", r"(?:->|::\$?)(\w+)|\bnew (\w+)",
        "allow_url_fopen php ini"),
    "go": Language(
        "Go", "go", "go", "", r'"github\.com/tencentcloud/tencentcloud-sdk-go/(tencentcloud[\w/]+)"', r"\.(\w+)",
        "Getenv Fatal Println ReadFile localhost"),
    "node": Language(
        "Node.js", "js", "node", "src/services/", r'require\("tencentcloud-sdk-nodejs-(\w+)"\)', r"\.(\w+)|\b(\w+):|\{ (\w+) \}",
        "env TENCENTCLOUD_SECRET_ID TENCENTCLOUD_SECRET_KEY exitCode log error message then readFileSync"),
    "dotnet": Language(
        ".NET", "csharp", "dotnet", "", r"^using (TencentCloud[\w.]*);", r"\.(\w+)|\bnew (\w+)|(?<!var )\b(\w+) =",
        "GetEnvironmentVariable WriteLine ReadAllText HttpClient"),
    "cpp": Language(
        "C++", "cpp", None, "(core|scf)/include/", r"^#include <(tencentcloud/[\w/]+)\.h>",
        r"(?<=\.)(\w+)|(?<=::)(\w+)|\b(\w+)(?=::)",
        "std getenv cout cerr endl"),
    "tccli": Language(
        "tccli", "sh", "tccli", "", None, r'--([\w-]+)|^tccli (\w+) (\w+)|(\w+) ""|\["(\w+)"\]', ""),
}
every_language = pytest.mark.parametrize("language", LANGUAGES)

# Imports, comments; strings, which leave "" behind
NO_CODE = r"""^(?:import|from|using|use|#include) .*|//.*|^# .*|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
# `setKeepAlive(true)`, `Scheme = "HTTP"`, `httpProfile.agent`; not a command, an address or a path
NAMES_AND_VALUES = r"(--)?[A-Za-z][\w.]*(\(.*\)| ?=.*|: .*)?"
ENVIRONMENT = r"[A-Z]+(_[A-Z]+)+|[a-z]+_proxy"


def section(title):
    return re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]


def retries(language):
    """What the page says of the language under "Running a function twice"."""
    points = re.split(r"^- ", section("Running a function twice"), flags=re.MULTILINE)
    return "".join(each for each in points if re.match(rf"\W*{re.escape(LANGUAGES[language].title)}\b", each))


def program(language):
    """The page's program and the template's, one after the other, with "" for what the template is given."""
    text = documented.block("sdks.md", LANGUAGES[language].block)
    if template := LANGUAGES[language].template:
        code = (TEMPLATES / f"{template}.mustache").read_text()
        code = re.sub(r"\{\{[#^/%!].*?\}\}", "", code, flags=re.DOTALL)
        text += re.sub(r"\{\{.*?\}\}", '""', code)
    return text + "".join(re.findall(r"```text\n(.*?)```", retries(language), re.DOTALL))


def imported(language, text):
    """The paths of what a program imports from the SDK."""
    for each in re.finditer(LANGUAGES[language].imports or "(?!)", text, re.MULTILINE):
        module, *names = re.split(r"[ ,]+", " ".join(each.groups()))
        for path in [f"{module}.{name}" for name in names] or [module]:
            yield re.sub(r"[.\\]", "/", path)


def named(language, text):
    """The names in a program that are not its own."""
    kind = LANGUAGES[language]
    if language != "tccli":
        text = re.sub(NO_CODE, lambda each: '""' if each[1] else "", text, flags=re.MULTILINE)
    return words(kind.names, text) - set(kind.others.split())


def words(pattern, text):
    """What any group of the pattern matches."""
    return {word for each in re.finditer(pattern, text, re.MULTILINE) for word in each.groups() if word}


def said(language):
    """The names in the page's prose: in the language's row of the first table, in its section, and where retries are told of."""
    kind = LANGUAGES[language]
    (row,) = re.findall(rf"^\| \[{re.escape(kind.title)}\]\(.*", PAGE, re.MULTILINE)
    prose = re.sub(r"^ *```.*?^ *```$", "", row + section(kind.title) + retries(language), flags=re.MULTILINE | re.DOTALL)
    spans = [re.sub(NO_CODE, "", each) for each in re.findall("`([^`]+)`", prose)]
    found = {word for each in spans if re.fullmatch(NAMES_AND_VALUES, each) for word in re.findall(r"[A-Za-z]\w+", each)}
    return {each for each in found if not re.fullmatch(ENVIRONMENT, each)} - {"true", "True"} - set(kind.others.split())


def declared(language):
    return {name for lines in SDKS[language]["declared"].values() for name in lines}


def modules(language):
    """The paths that can be imported: of files, the folders they are in, and the names in them."""
    for path, lines in SDKS[language]["declared"].items():
        module = PurePosixPath(re.sub(rf"^{LANGUAGES[language].root}", "", path)).with_suffix("")
        yield from map(str, [module, *module.parents, *(module / name for name in lines)])


@every_language
def test_the_sdk_declares_every_name(language):
    text = program(language)
    assert named(language, text) - declared(language) == set()
    assert set(imported(language, text)) - set(modules(language)) == set()


@every_language
def test_the_sdk_declares_every_name_of_the_prose(language):
    assert said(language) - declared(language) == set()


@every_language
def test_a_mistake_would_be_noticed(language):
    text = program(language)
    for right, wrong in [("ndpoint", "ndPoint"), ("FunctionName", "functionname")]:
        changed = named(language, text.replace(right, wrong)) - named(language, text) - declared(language)
        assert changed and all(wrong in each for each in changed)


@every_language
def test_nothing_is_declared_that_nobody_uses(language):
    text = program(language)
    used = named(language, text) | said(language) | {PurePosixPath(each).name for each in imported(language, text)}
    assert declared(language) - used == set()


def members(module):
    """The names in a module, in its classes, and of what these are made with."""
    for name, value in vars(module).items():
        yield name
        if inspect.isclass(value):
            yield from dir(value)
            yield from inspect.signature(value).parameters


@pytest.mark.parametrize("path", SDKS["python"]["declared"])
def test_the_installed_python_sdk_has_the_names(path):
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    assert set(SDKS["python"]["declared"][path]) - set(members(module)) == set()


def test_the_installed_tccli_has_the_names():
    api = json.loads((Path(tccli.__file__).parent / "services" / "scf" / "v20180416" / "api.json").read_text())
    fields = [each["name"] for each in api["objects"]["InvokeRequest"]["members"]]
    assert declared("tccli") - {"scf", *api["actions"], *fields, *options_define.ACTION_GLOBAL_OPT} == set()


@every_language
def test_the_page_names_the_version_that_was_read(language):
    """Those for Python are installed here, and so looked at in the version that is."""
    (row,) = re.findall(rf"^\| {re.escape(LANGUAGES[language].title)} \| (`.*) \|$", section("Where it says so"), re.MULTILINE)
    installed = {"python": "tencentcloud-sdk-python-common", "tccli": "tccli"}.get(language)
    version = importlib.metadata.version(installed) if installed else SDKS[language]["version"]
    assert row.split(" | ")[1] == version
    assert f"`{SDKS[language]['repository'].split('/')[1]}`" in row


@pytest.mark.skipif(not SOURCES.is_dir(), reason="SDK_SOURCES names no folder with clones of the SDKs")
def test_each_name_stands_in_the_line_that_declares_it():
    wrong = []
    for sdk in SDKS.values():
        clone = SOURCES / sdk["repository"].split("/")[1]
        for path, names in sdk["declared"].items():
            show = ["git", "-C", clone, "show", f"{sdk['commit']}:{path}"]
            lines = subprocess.run(show, capture_output=True, check=True, text=True).stdout.splitlines()
            wrong += [f"{clone.name}/{path}:{number}: {name}" for name, number in names.items()
                      if not re.search(rf"(?<!\w){name}(?!\w)", lines[number - 1])]
    assert wrong == []
