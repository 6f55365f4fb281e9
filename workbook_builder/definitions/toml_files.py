"""TOML files read into plain values that remember the lines they stand on."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomli

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.problems import Problem, Where

KeyPath = tuple[str | int, ...]

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
        self.lines: dict[KeyPath, int] = {}
        self.arrays: defaultdict[KeyPath, int] = defaultdict(lambda: -1)

    def line(self) -> int:
        return bisect_left(self.ends, self.at) + 1

    def skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()

    def here(self, mark: str) -> bool:
        return self.text.startswith(mark, self.at)

    def note(self, path: KeyPath) -> None:
        line = self.line()
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def key(self) -> KeyPath:
        parts: list[str] = []
        while found := _KEY_PART.match(self.text, self.at):
            parts.append(_unquoted(found[1]))
            self.at = found.end()
            if not self.here("."):
                break
            self.at += 1
        return tuple(parts)

    def document(self) -> None:
        table: KeyPath = ()
        self.skip(_GAP)
        while self.at < len(self.text):
            if self.here("["):
                table = self.heading()
            else:
                self.pair(table)
            self.skip(_GAP)

    def heading(self) -> KeyPath:
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

    def indexed(self, path: KeyPath) -> KeyPath:
        full: KeyPath = ()
        for part in path:
            full = (*full, part)
            if full in self.arrays:
                full = (*full, self.arrays[full])
        return full

    def pair(self, table: KeyPath) -> None:
        self.skip(_GAP)
        start = self.at
        path = table + self.key()
        end, self.at = self.at, start
        self.note(path)
        self.at = end + 1  # past the equals sign
        self.value(path)

    def value(self, path: KeyPath) -> None:
        self.skip(_BLANKS)
        if self.here("["):
            self.array(path)
        elif self.here("{"):
            self.inline(path)
        elif found := _STRING.match(self.text, self.at):
            self.at = found.end()
        else:
            self.skip(_SCALAR)

    def array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        self.skip(_GAP)
        while not self.here("]"):
            self.note((*path, index))
            self.value((*path, index))
            index += 1
            self.next_item()
        self.at += 1

    def inline(self, path: KeyPath) -> None:
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


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) on which each key, table and list item of valid TOML begins.

    A path is the keys from the top, with the position (from 0) for items of a list:
    ("tables", 0, "rows", 2, "measure").
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def nearest(lines: Mapping[KeyPath, int], path: KeyPath) -> KeyPath | None:
    """Return a path, or that of the innermost thing around it, that has a line."""
    return next((path[:length] for length in range(len(path), 0, -1) if path[:length] in lines),
                None)  # fmt: skip


def nearest_line(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """Return the line of a path, or of the innermost thing around it that has one."""
    found = nearest(lines, path)
    return lines[found] if found else None


#: Bytes of a TOML file; all shipped ones together are a tenth of it.
LARGEST = 2_000_000

_TWICE = ("Cannot declare", "Cannot overwrite a value", "Duplicate inline table key")


@dataclass(frozen=True)
class TomlPlace:
    """A definition's place in a TOML file, from which the places of its keys follow.

    `origins` names the files of keys that stand in another file, which this one extends; `digest`
    is the SHA-256 of the whole file as it was read, whatever system's ends of lines it has.
    """

    file: str
    path: KeyPath = ()
    lines: Mapping[KeyPath, int] = field(default_factory=dict, repr=False)
    origins: Mapping[KeyPath, str] = field(default_factory=dict, repr=False)
    digest: str = field(default="", repr=False)

    def within(self, *keys: str | int) -> TomlPlace:
        """Return the place of something inside this one."""
        return replace(self, path=self.path + keys)

    def where(self, *keys: str | int) -> Where:
        """Return the place for a problem: file, line and dotted key."""
        path = self.path + keys
        found = nearest(self.lines, path)
        # What is missing from the top of a file has no line of its own: it belongs at the start.
        line = self.lines[found] if found else 1
        return Where(self.origins.get(found or (), self.file), line=line, key=_dotted(path))


@dataclass(frozen=True)
class TomlFile:
    """The content of one TOML file and where it stands."""

    content: dict[str, Any]
    place: TomlPlace


def read_toml(file: Path) -> TomlFile | Problem:
    """Read a TOML file; a file that is no TOML gives a problem with its line."""
    try:
        if file.stat().st_size > LARGEST:
            what = f"the file is larger than {LARGEST // 1_000_000} MB."
            return Problem(catalogue.NOT_TOML, what, Where(str(file)))
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        digest = hashlib.sha256(text.encode()).hexdigest()
        return TomlFile(tomli.loads(text), TomlPlace(str(file), (), key_lines(text), digest=digest))
    except tomli.TOMLDecodeError as fault:
        return _syntax_problem(file, fault)
    except RecursionError:
        return Problem(
            catalogue.NOT_TOML, "lists or tables are nested too deeply.", Where(str(file))
        )
    except (OSError, UnicodeDecodeError) as fault:
        return Problem(catalogue.NOT_TOML, f"the file cannot be read ({fault}).", Where(str(file)),
                       advice="Save it as UTF-8 text.")  # fmt: skip
    except ValueError:  # all that Python says of a whole number of thousands of digits
        return Problem(catalogue.NOT_TOML, "a number in it is far too long.", Where(str(file)))


def _syntax_problem(file: Path, fault: tomli.TOMLDecodeError) -> Problem:
    last = len(fault.doc.splitlines()) or 1
    where = Where(str(file), line=min(fault.lineno, last))
    if fault.msg.startswith(_TWICE):
        return Problem(catalogue.DUPLICATE_NAME, f"a name stands twice ({fault.msg}).", where)
    return Problem(catalogue.NOT_TOML, f"this is not valid TOML ({fault.msg}).", where)


def _dotted(path: KeyPath) -> str:
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text
