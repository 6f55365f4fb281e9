"""TOML files as plain values, with the line on which each key, table and list item stands.

tomli gives no lines, so that valid TOML is gone through a second time to find them: only as far as
it takes to know where keys and values begin and end.
"""

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

#: The keys from the top of a file, with the position (from 0) for items of a list:
#: ("tables", 0, "rows", 2, "measure").
KeyPath = tuple[str | int, ...]

#: The most bytes that a TOML file may have; all shipped ones together have a tenth of it.
MOST_TOML_BYTES = 2_000_000

_KEY_PART = re.compile(r"""\s*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)\s*""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_SCALAR = re.compile(r"[^,\]\}\n#]+")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANKS = re.compile(r"[ \t]*")

_NAMED_TWICE = ("Cannot declare", "Cannot overwrite a value", "Duplicate inline table key")


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
        """Return the place for a problem: file, line and dotted key.

        What has no line of its own, since it is missing, has that of the innermost thing around it;
        what is missing from the top of a file belongs at its start.
        """
        path = self.path + keys
        around = (path[:length] for length in range(len(path), 0, -1))
        nearest = next((outer for outer in around if outer in self.lines), ())
        file = self.origins.get(nearest, self.file)
        return Where(file, line=self.lines.get(nearest, 1), key=_dotted(path))


def _dotted(path: KeyPath) -> str:
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


@dataclass(frozen=True)
class TomlFile:
    """The content of one TOML file and where it stands."""

    content: dict[str, Any]
    place: TomlPlace


def read_toml(file: Path) -> TomlFile | Problem:
    """Read a TOML file; a file that is no TOML gives a problem with its line."""
    where = Where(str(file))
    try:
        if file.stat().st_size > MOST_TOML_BYTES:
            text = f"the file is larger than {MOST_TOML_BYTES // 1_000_000} MB."
            return Problem(catalogue.NOT_TOML, text, where)
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        digest = hashlib.sha256(text.encode()).hexdigest()
        return TomlFile(tomli.loads(text), TomlPlace(str(file), (), key_lines(text), digest=digest))
    except tomli.TOMLDecodeError as fault:
        where = replace(where, line=min(fault.lineno, len(fault.doc.splitlines()) or 1))
        if fault.msg.startswith(_NAMED_TWICE):
            return Problem(catalogue.DUPLICATE_NAME, f"a name stands twice ({fault.msg}).", where)
        text = f"this is not valid TOML ({fault.msg})."
    except RecursionError:
        text = "lists or tables are nested too deeply."
    except (OSError, UnicodeDecodeError) as fault:
        return Problem(catalogue.NOT_TOML, f"the file cannot be read ({fault}).", where,
                       advice="Save it as UTF-8 text.")  # fmt: skip
    except ValueError:  # all that Python says of a whole number of thousands of digits
        text = "a number in it is far too long."
    return Problem(catalogue.NOT_TOML, text, where)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) on which each key, table and list item of valid TOML begins."""
    scanner = _LineScanner(text)
    scanner.document()
    return scanner.lines


class _LineScanner:
    """Goes through valid TOML once and notes the line of every key path in `lines`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line_ends = [newline.start() for newline in re.finditer("\n", text)]
        self.lines: dict[KeyPath, int] = {}
        #: The position of the last item of each array of tables.
        self.arrays: defaultdict[KeyPath, int] = defaultdict(lambda: -1)

    def document(self) -> None:
        table: KeyPath = ()
        self.skip(_GAP)
        while self.position < len(self.text):
            if self.at("["):
                table = self.heading()
            else:
                self.pair(table)
            self.skip(_GAP)

    def skip(self, pattern: re.Pattern[str]) -> bool:
        """Go past a pattern, if it stands here."""
        if match := pattern.match(self.text, self.position):
            self.position = match.end()
        return match is not None

    def at(self, mark: str) -> bool:
        return self.text.startswith(mark, self.position)

    def note(self, path: KeyPath) -> None:
        """Note this line for a path, and for those around it that have none."""
        line = bisect_left(self.line_ends, self.position) + 1
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def key(self) -> KeyPath:
        parts: list[str] = []
        while match := _KEY_PART.match(self.text, self.position):
            parts.append(_unquoted(match[1]))
            self.position = match.end()
            if not self.at("."):
                break
            self.position += 1
        return tuple(parts)

    def heading(self) -> KeyPath:
        """Go past [a.b] or [[a.b]] and return the path of what stands under it."""
        of_array = self.at("[[")
        brackets = 2 if of_array else 1
        self.position += brackets
        written = self.key()
        self.position += brackets
        path: KeyPath = ()
        for part in written[:-1]:  # of an array of tables the last item so far is meant
            path = (*path, part)
            if path in self.arrays:
                path = (*path, self.arrays[path])
        path += written[-1:]
        if of_array:
            self.note(path)
            self.arrays[path] += 1
            path = (*path, self.arrays[path])
        self.note(path)
        return path

    def pair(self, table: KeyPath) -> None:
        self.skip(_GAP)
        start = self.position
        path = table + self.key()
        end, self.position = self.position, start
        self.note(path)
        self.position = end + 1  # past the equals sign
        self.value(path)

    def value(self, path: KeyPath) -> None:
        self.skip(_BLANKS)
        if self.at("["):
            self.array(path)
        elif self.at("{"):
            self.inline_table(path)
        elif not self.skip(_STRING):
            self.skip(_SCALAR)

    def array(self, path: KeyPath) -> None:
        self.position += 1
        index = 0
        self.skip(_GAP)
        while not self.at("]"):
            self.note((*path, index))
            self.value((*path, index))
            index += 1
            self.next_item()
        self.position += 1

    def inline_table(self, path: KeyPath) -> None:
        self.position += 1
        self.skip(_GAP)
        while not self.at("}"):
            self.pair(path)
            self.next_item()
        self.position += 1

    def next_item(self) -> None:
        self.skip(_GAP)
        if self.at(","):
            self.position += 1
            self.skip(_GAP)


def _unquoted(part: str) -> str:
    if part[0] == '"' and "\\" in part:
        return next(iter(tomli.loads(f"{part} = 0")))
    return part[1:-1] if part[0] in "\"'" else part
