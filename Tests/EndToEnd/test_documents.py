"""The documents: every link inside the project leads to something that is there. Nothing is asked of the network."""

import functools
import re
import unicodedata
from urllib.parse import unquote

import pytest

import processes

ROOT = processes.ROOT
PAGES = sorted(
    [*ROOT.glob("README*.md"), *(ROOT / name for name in ("SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")),
     *(ROOT / "docs").rglob("*.md")])


def prose(path):
    """The text without code, in which brackets mean something else."""
    text = re.sub(r"^(```+).*?^\1$", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"^ {4}(?! *[-*|\d]).*$", "", text, flags=re.MULTILINE)


def links(path):
    """What the links and pictures of a page lead to."""
    without_code = re.sub(r"(`+)(?:(?!\1).)+\1", "code", prose(path), flags=re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", without_code) + re.findall(r"^\[[^\]]+\]: (\S+)", without_code, re.MULTILINE)


@functools.cache
def anchors(path):
    """The anchors that GitHub makes of a page's headings: small letters, without punctuation, "-" for each space."""
    found = {}
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", prose(path), re.MULTILINE):
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        kept = "".join(each for each in text if each in " -_" or unicodedata.category(each)[0] in "LNM")
        name = kept.replace(" ", "-")
        found[name] = found.get(name, -1) + 1
        if found[name]:
            found[f"{name}-{found[name]}"] = 0
    return set(found)


def broken(path):
    """The links of a page that lead nowhere."""
    wrong = []
    for link in links(path):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / unquote(file)).resolve() if file else path
        if not target.exists() or not target.is_relative_to(ROOT) or (anchor and unquote(anchor) not in anchors(target)):
            wrong.append(link)
    return wrong


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(path):
    assert broken(path) == []


def test_there_are_links_and_a_broken_one_is_found(tmp_path, monkeypatch):
    assert len(PAGES) > 15 and sum(len(links(path)) for path in PAGES) > 100
    monkeypatch.setattr("test_documents.ROOT", tmp_path)
    (tmp_path / "other.md").write_text("# `One` & two\n## Same\n## Same\n```\n# code\n```\n")
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n[a](other.md) [b](other.md#one--two) [c](other.md#same-1) [d](#here) [e](https://example.com/x#y) `[f](gone.md)`\n"
        "[g](gone.md) [h](other.md#same-2) [i](other.md#code) [two\nlines](#there) ![j](gone.png)\n")
    assert broken(page) == ["gone.md", "other.md#same-2", "other.md#code", "#there", "gone.png"]
