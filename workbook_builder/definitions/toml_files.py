"""TOML files as plain values, with the line on which each key, table and list item stands.

tomli gives no lines, so that valid TOML is gone through a second time to find them: only as far as
it takes to know where keys and values begin and end.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import (
    Annotated,
    Any,
    TypeVar,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

import tomli
from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as validated
from pydantic_core import ErrorDetails, PydanticCustomError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.problems import Problem, ProblemKind, Result, Where, did_you_mean, listed

TOML = ".toml"
#: The folders of a folder of definitions that are read as well.
DEFINITION_FOLDERS = ("codes", "datasets", "standards", "statistics", "measures")

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

    content: Mapping[str, Any]
    place: TomlPlace


def definition_files(folder: Path) -> tuple[Path, ...]:
    """Return the TOML files of a folder, first those of its folders of definitions."""
    folders = (*(folder / name for name in DEFINITION_FOLDERS), folder)
    return tuple(
        file
        for each in folders
        for file in sorted(each.glob("*"))
        if file.suffix.lower() == TOML and not file.name.startswith((".", "~$")) and file.is_file()
    )


def read_toml(file: Path) -> TomlFile | Problem:
    """Read a TOML file; a file that is no TOML gives a problem with its line."""
    where = Where(str(file))
    try:
        if file.stat().st_size > MOST_TOML_BYTES:
            text = f"the file is larger than {MOST_TOML_BYTES // 1_000_000} MB."
            return Problem(catalogue.NOT_TOML, text, where)
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        digest = hashlib.sha256(text.encode()).hexdigest()
        content, lines = _parsed(text)
        return TomlFile(content, TomlPlace(str(file), (), lines, digest=digest))
    except tomli.TOMLDecodeError as fault:
        where = replace(where, line=min(fault.lineno, len(fault.doc.splitlines()) or 1))
        if fault.msg.startswith(_NAMED_TWICE):
            return Problem(catalogue.DUPLICATE_NAME, f"a name is used twice ({fault.msg}).", where)
        text = f"this is not valid TOML ({fault.msg})."
    except RecursionError:
        text = "lists or tables are nested too deeply."
    except (OSError, UnicodeDecodeError) as fault:
        return Problem(catalogue.NOT_TOML, f"the file cannot be read ({fault}).", where,
                       advice="Save it as UTF-8 text.")  # fmt: skip
    except ValueError:  # all that Python says of a whole number of thousands of digits
        text = "a number in the file is far too long."
    return Problem(catalogue.NOT_TOML, text, where)


@lru_cache(maxsize=256)  # the shipped files are read again for each run of a process
def _parsed(text: str) -> tuple[Mapping[str, Any], Mapping[KeyPath, int]]:
    return tomli.loads(text), key_lines(text)


def key_lines(text: str) -> Mapping[KeyPath, int]:
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


T = TypeVar("T")


def _key(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", text):
        raise PydanticCustomError(
            "key", "must be lower-case letters, digits and _ only, starting with a letter"
        )
    return text


#: A name that other definitions and SQL use: small letters, digits and _.
Key = Annotated[str, AfterValidator(_key)]
#: A list of words in TOML.
Words = tuple[str, ...]
#: A text that may not be empty.
Name = Annotated[str, Field(min_length=1)]


@dataclass_transform(frozen_default=True, kw_only_default=True)
def definition(cls: type[T]) -> type[T]:
    """Make a class a frozen definition whose fields are the keys that TOML may hold."""
    strict = ConfigDict(extra="forbid", strict=True)
    frozen_class: Any = validated(frozen=True, kw_only=True, config=strict)(cls)
    return frozen_class  # type: ignore[no-any-return]


_EXPECTED = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list in [ ]",
    "dict_type": "must be a table",
    "mapping_type": "must be a table",
    "dataclass_type": "must be a table",
    "string_too_short": "may not be empty",
    "too_short": "has too few entries",
    "too_long": "has too many entries",
    "finite_number": "must be a finite number",
}
#: Faults of a definition as a whole: their kind, and what the definition is called.
_ABOUT_THE_WHOLE = {
    "clock": (catalogue.NO_CLOCK, "measure"),
    "panel": (catalogue.WRONG_VALUE, "panel"),
    "slide": (catalogue.WRONG_VALUE, "slide"),
}
#: Faults of one definition that are reported; the rest can wait until these are mended.
_MOST_FAULTS = 100
_PYDANTIC_INTERNAL = "[key]"  # how pydantic marks a fault of a table's key rather than its value
#: A sheet of a layout names itself; everything else is named by its TOML heading or file.
_NAME_THEMSELVES = frozenset({"Table", "TeamSheet", "CaseloadSheet", "Slide"})


def parse_definition(kind: type[T], name: str, table: object, place: TomlPlace) -> Result[T | None]:
    """Return the definition that a TOML table holds, or None and what is wrong with it."""
    if not isinstance(table, Mapping):
        return Result(None, (table_fault(catalogue.WRONG_VALUE, place, "must be a table"),))
    if "name" in table and "name" in _keys_of(kind):
        return Result(None, (_unknown_key("name", kind, place.within("name")),))
    try:
        written = _as_json({**table, "name": name})
        if not written:
            return Result(None, tuple(_day_faults(table, place)))
        return Result(cast(T, _validated(cast(Hashable, kind), written)))
    except RecursionError:
        return Result(None, (table_fault(catalogue.WRONG_VALUE, place, "is nested too deeply"),))
    except ValidationError as fault:
        errors = fault.errors(include_url=False, include_context=True)[:_MOST_FAULTS]
        causes = (error for error in errors if not _is_a_consequence(error, errors))
        return Result(None, tuple(_problem_of(error, kind, place) for error in causes))


def _as_json(table: Mapping[str, object]) -> str:
    """Return a table as JSON, or nothing where it holds a day or a time, which JSON has not."""
    try:
        return json.dumps(table)
    except TypeError:
        return ""


@lru_cache(maxsize=1024)  # the shipped ones are the same in each run of a process
def _validated(kind: Hashable, written: str) -> object:
    # Strict checking takes tables and lists for definitions and tuples only when it reads JSON.
    return TypeAdapter(cast(type, kind)).validate_json(written)


def table_fault(kind: ProblemKind, place: TomlPlace, text: str, *hints: str) -> Problem:
    """Return the problem of a TOML table as a whole: its name, what is wrong with it, and hints."""
    name = place.path[-1] if place.path else "the file"
    return Problem(kind, " ".join([f'"{name}" {text}.', *hints]), place.where())


def _day_faults(value: object, place: TomlPlace, *keys: str | int) -> Iterator[Problem]:
    """Find days and times, which no key takes and JSON could only carry as if they were texts."""
    if isinstance(value, datetime.date | datetime.time):
        text = f"{value} {_EXPECTED['string_type']}."
        yield Problem(catalogue.WRONG_VALUE, text, place.where(*keys))
    elif isinstance(value, Mapping | list):
        for key, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _day_faults(inner, place, *keys, key)


def _is_a_consequence(error: ErrorDetails, errors: Sequence[ErrorDetails]) -> bool:
    """Tell whether a list is only short because entries of it are wrong."""
    path = error["loc"]
    return error["type"] == "too_short" and any(
        other is not error and other["loc"][: len(path)] == path for other in errors
    )


def _problem_of(error: ErrorDetails, kind: type, place: TomlPlace) -> Problem:
    """Word a fault that pydantic found."""
    path = tuple(part for part in error["loc"] if part != _PYDANTIC_INTERNAL)
    here = place.within(*path)
    if error["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return _unknown_key(str(path[-1]), _class_at(kind, path[:-1]), here)
    if error["type"] in ("missing", "missing_argument"):
        if isinstance(path[-1], int):
            return Problem(catalogue.WRONG_VALUE, "the list has too few entries.", here.where())
        return Problem(catalogue.MISSING_KEY, f'the key "{path[-1]}" is missing.', here.where())
    if error["type"] in _ABOUT_THE_WHOLE:
        kind_of_fault, noun = _ABOUT_THE_WHOLE[error["type"]]
        return Problem(kind_of_fault, f"the {noun} {error['msg']}.", here.where())
    if error["type"] == "lacking":
        return table_fault(catalogue.MISSING_KEY, here, error["msg"])
    return Problem(catalogue.WRONG_VALUE, _wrong_value(error), here.where())


def _wrong_value(error: ErrorDetails) -> str:
    value, message = error["input"], error["msg"]
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    if isinstance(value, bool):
        shown = shown.lower()
    if len(shown) > 60:
        shown = shown[:57] + "..."
    if error["type"] == "literal_error":
        expected = str(error.get("ctx", {}).get("expected", ""))
        known = re.findall(r"'([^']+)'", expected) or [expected.lower()]
        hint = did_you_mean(str(value), known)
        return f"{shown} is not one of {', '.join(known)}. {hint}".strip()
    bare = message.removeprefix("Input should be ")
    must_be = message if bare == message else f"must be {bare}"
    return f"{shown} {_EXPECTED.get(error['type'], must_be)}."


def _unknown_key(key: str, owner: object, place: TomlPlace) -> Problem:
    known = _keys_of(owner)
    if getattr(owner, "__name__", "") not in _NAME_THEMSELVES:
        known -= {"name"}
    text = f'"{key}" is not known here. {did_you_mean(key, known)}'.strip()
    return Problem(catalogue.UNKNOWN_KEY, f"{text} Known: {listed(known)}.", place.where())


def _keys_of(owner: object) -> set[str]:
    if dataclasses.is_dataclass(owner):
        return {field.name for field in dataclasses.fields(owner)}
    return set()


def _class_at(kind: object, path: Iterable[str | int]) -> object:
    """Follow a key path through the annotations to the definition that stands there."""
    current: object = kind
    for part in path:
        if isinstance(current, type) and dataclasses.is_dataclass(current):
            current = get_type_hints(current, include_extras=True).get(str(part))
        else:  # the entry of a tuple, or the value of a mapping
            arguments = get_args(current)
            of_tuple = get_origin(current) is tuple
            current = arguments[0 if of_tuple else 1] if arguments else None
        while get_origin(current) is Annotated:
            current = get_args(current)[0]
    return current
