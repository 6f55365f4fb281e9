"""Key paths to line numbers, for text that is already known to be valid TOML.

No reader of TOML on the shelf keeps the line of a value, and a message without its line is no help
in a file of 900 measures. Only keys and brackets are followed here; values are skipped.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping

import tomli

Path = tuple[str | int, ...]

_KEY_PART = re.compile(r"""\s*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)\s*""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_SCALAR = re.compile(r"[^,\]\}\n#]+")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANKS = re.compile(r"[ \t]*")


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.ends = [found.start() for found in re.finditer("\n", text)]
        self.lines: dict[Path, int] = {}
        self.arrays: defaultdict[Path, int] = defaultdict(lambda: -1)

    def line(self) -> int:
        return bisect_left(self.ends, self.at) + 1

    def skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()

    def here(self, mark: str) -> bool:
        return self.text.startswith(mark, self.at)

    def note(self, path: Path) -> None:
        line = self.line()
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def key(self) -> Path:
        parts: list[str] = []
        while found := _KEY_PART.match(self.text, self.at):
            parts.append(_unquoted(found[1]))
            self.at = found.end()
            if not self.here("."):
                break
            self.at += 1
        return tuple(parts)

    def document(self) -> None:
        table: Path = ()
        self.skip(_GAP)
        while self.at < len(self.text):
            if self.here("["):
                table = self.heading()
            else:
                self.pair(table)
            self.skip(_GAP)

    def heading(self) -> Path:
        double = self.here("[[")
        self.at += 2 if double else 1
        written = self.key()
        self.at += 2 if double else 1
        path = self.indexed(written[:-1]) + written[-1:]
        if double:
            self.note(path)
            self.arrays[path] += 1
            path = (*path, self.arrays[path])
        self.note(path)
        return path

    def indexed(self, path: Path) -> Path:
        full: Path = ()
        for part in path:
            full = (*full, part)
            if full in self.arrays:
                full = (*full, self.arrays[full])
        return full

    def pair(self, table: Path) -> None:
        self.skip(_GAP)
        start = self.at
        path = table + self.key()
        end, self.at = self.at, start
        self.note(path)
        self.at = end + 1  # past the equals sign
        self.value(path)

    def value(self, path: Path) -> None:
        self.skip(_BLANKS)
        if self.here("["):
            self.array(path)
        elif self.here("{"):
            self.inline(path)
        elif found := _STRING.match(self.text, self.at):
            self.at = found.end()
        else:
            self.skip(_SCALAR)

    def array(self, path: Path) -> None:
        self.at += 1
        index = 0
        self.skip(_GAP)
        while not self.here("]"):
            self.note((*path, index))
            self.value((*path, index))
            index += 1
            self.next_item()
        self.at += 1

    def inline(self, path: Path) -> None:
        self.at += 1
        self.skip(_GAP)
        while not self.here("}"):
            self.pair(path)
            self.next_item()
        self.at += 1

    def next_item(self) -> None:
        self.skip(_GAP)
        if self.here(","):
            self.at += 1
            self.skip(_GAP)


def _unquoted(part: str) -> str:
    if part[0] == '"' and "\\" in part:
        return next(iter(tomli.loads(f"{part} = 0")))
    return part[1:-1] if part[0] in "\"'" else part


def key_lines(text: str) -> dict[Path, int]:
    """Return the line (from 1) on which each key, table and list item of valid TOML begins.

    A path is the keys from the top, with the position (from 0) for items of a list:
    ("tables", 0, "rows", 2, "measure").
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def nearest(lines: Mapping[Path, int], path: Path) -> Path | None:
    """Return a path, or that of the innermost thing around it, that has a line."""
    return next((path[:length] for length in range(len(path), 0, -1) if path[:length] in lines),
                None)  # fmt: skip


def nearest_line(lines: Mapping[Path, int], path: Path) -> int | None:
    """Return the line of a path, or of the innermost thing around it that has one."""
    found = nearest(lines, path)
    return lines[found] if found else None
