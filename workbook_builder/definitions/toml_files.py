"""TOML files read into plain values that remember the lines they stand on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomli

from workbook_builder.definitions import kinds
from workbook_builder.definitions.toml_lines import Path as KeyPath
from workbook_builder.definitions.toml_lines import key_lines, nearest
from workbook_builder.problems import Problem, Where

#: Bytes of a TOML file; all shipped ones together are a tenth of it.
LARGEST = 2_000_000

_TWICE = ("Cannot declare", "Cannot overwrite a value", "Duplicate inline table key")


@dataclass(frozen=True)
class Place:
    """A definition's place in a TOML file, from which the places of its keys follow.

    `origins` names the files of keys that stand in another file, which this one extends; `digest`
    is the SHA-256 of the whole file as it was read, whatever system's ends of lines it has.
    """

    file: str
    path: KeyPath = ()
    lines: Mapping[KeyPath, int] = field(default_factory=dict, repr=False)
    origins: Mapping[KeyPath, str] = field(default_factory=dict, repr=False)
    digest: str = field(default="", repr=False)

    def within(self, *keys: str | int) -> Place:
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
    place: Place


def read_toml(file: Path) -> TomlFile | Problem:
    """Read a TOML file; a file that is no TOML gives a problem with its line."""
    try:
        if file.stat().st_size > LARGEST:
            what = f"the file is larger than {LARGEST // 1_000_000} MB."
            return Problem(kinds.NOT_TOML, what, Where(str(file)))
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        digest = hashlib.sha256(text.encode()).hexdigest()
        return TomlFile(tomli.loads(text), Place(str(file), (), key_lines(text), digest=digest))
    except tomli.TOMLDecodeError as fault:
        return _syntax_problem(file, fault)
    except RecursionError:
        return Problem(kinds.NOT_TOML, "lists or tables are nested too deeply.", Where(str(file)))
    except (OSError, UnicodeDecodeError) as fault:
        return Problem(kinds.NOT_TOML, f"the file cannot be read ({fault}).", Where(str(file)),
                       advice="Save it as UTF-8 text.")  # fmt: skip
    except ValueError:  # all that Python says of a whole number of thousands of digits
        return Problem(kinds.NOT_TOML, "a number in it is far too long.", Where(str(file)))


def _syntax_problem(file: Path, fault: tomli.TOMLDecodeError) -> Problem:
    last = len(fault.doc.splitlines()) or 1
    where = Where(str(file), line=min(fault.lineno, last))
    if fault.msg.startswith(_TWICE):
        return Problem(kinds.DUPLICATE_NAME, f"a name stands twice ({fault.msg}).", where)
    return Problem(kinds.NOT_TOML, f"this is not valid TOML ({fault.msg}).", where)


def _dotted(path: KeyPath) -> str:
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text
