"""SECURITY.md names the test that holds each line: these tests have to exist."""

import re

import pytest

import processes

TEXT = (processes.ROOT / "SECURITY.md").read_text()
NAMED = sorted(set(re.findall(r"`(\w+\.(?:py|swift))::(\w+)`", TEXT)))
FILES = [path for folder in ("Tests", "Fuzzing") for path in (processes.ROOT / folder).rglob("*.*")]


@pytest.mark.parametrize("file, name", NAMED, ids=["::".join(each) for each in NAMED])
def test_a_test_that_is_named_exists(file, name):
    keyword = "def" if file.endswith(".py") else "func"
    texts = [path.read_text() for path in FILES if path.name == file]
    assert texts, f"there is no {file}"
    assert any(re.search(rf"\b{keyword} {name}\(", text) for text in texts), f"{file} has no test {name}"


def test_every_line_names_a_test():
    rows = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith(("| cannot", "| does not", "| ---"))]
    assert len(rows) > 40
    without = [row for row in rows if "::" not in row and not row.endswith("| – |")]
    assert not without
    assert sum(row.endswith("| – |") for row in rows) <= 1
