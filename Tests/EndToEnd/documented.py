"""Configurations as the pages of docs/ have them: tests run them, with places of their own in place of the pages'."""

import re

import processes


def blocks(page, language):
    """The texts of a page's code blocks in one language, in order."""
    text = (processes.ROOT / "docs" / page).read_text()
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/{page} has no {language} block"
    return found


def block(page, language, containing=""):
    """The one block that has this text."""
    found = [each for each in blocks(page, language) if containing in each]
    assert len(found) == 1, f"docs/{page} has {len(found)} {language} blocks with {containing!r}"
    return found[0]


def adapted(text, replacements):
    """The text with all replacements made; each has to be there."""
    for old, new in replacements.items():
        assert old in text, f"there is no {old!r} any more"
        text = text.replace(old, str(new))
    return text
