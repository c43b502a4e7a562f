#!/usr/bin/env python3
"""Makes a manual page of a page of docs/: what Markdown those use, and no more.

    markdown_to_man.py NAME SECTION "what it is" VERSION < page.md > page.5

A table becomes a list: the first cell is what is explained, the last explains it, and what is between them stands in
parentheses behind the first, with the column's name.
"""

import re
import sys


def main():
    name, section, summary, version = sys.argv[1:]
    lines = sys.stdin.read().splitlines()
    print('.\\" SPDX-License-Identifier: Apache-2.0')
    print(f'.TH "{name.upper()}" {section} "" "scf-relay {version}" "File formats"')
    print(f".SH NAME\n{name} \\- {summary}\n.SH DESCRIPTION")
    Page(lines[1:]).write()     # the first line is the title


class Page:
    def __init__(self, lines):
        self.lines = lines
        self.at = 0

    def write(self):
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.startswith("#"):
                print(f".SH {inline(line.lstrip('# ')).upper() if '`' not in line else inline(line.lstrip('# '))}")
                self.at += 1
            elif line.startswith("```"):
                self.code()
            elif line.startswith("|"):
                self.table()
            elif line.startswith("- "):
                print(f".IP \\(bu 2\n{inline(self.paragraph()[2:])}")
            elif line.strip():
                print(f".PP\n{inline(self.paragraph())}")
            else:
                self.at += 1

    def paragraph(self):
        """The lines up to an empty one or another kind of block, as one."""
        start = self.at
        self.at += 1
        while self.at < len(self.lines) and re.match(r"(?!```|[|#]|- ).", self.lines[self.at]):
            self.at += 1
        return " ".join(line.strip() for line in self.lines[start:self.at])

    def code(self):
        print(".PP\n.in +4n\n.EX")
        self.at += 1
        while not self.lines[self.at].startswith("```"):
            print(escaped(self.lines[self.at]))
            self.at += 1
        self.at += 1
        print(".EE\n.in")

    def table(self):
        head, _, *rows = self.rows()
        for first, *between, last in rows:
            notes = [f"{name}: {inline(cell)}" for name, cell in zip(head[1:-1], between) if cell not in ("–", "")]
            term = inline(first) + (f" ({', '.join(notes)})" if notes else "")
            print(f".TP\n{term}\n{inline(last)}")

    def rows(self):
        rows = []
        while self.at < len(self.lines) and self.lines[self.at].startswith("|"):
            rows.append([cell.strip() for cell in self.lines[self.at].strip("| ").split("|")])
            self.at += 1
        return rows


def inline(text):
    """Code in bold, emphasis in italics, and of links the text alone."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = escaped(text)
    text = re.sub(r"`([^`]*)`", r"\\fB\1\\fR", text)
    return re.sub(r"(?<![\w*])\*([^*]+)\*(?![\w*])", r"\\fI\1\\fR", text)


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


if __name__ == "__main__":
    main()
