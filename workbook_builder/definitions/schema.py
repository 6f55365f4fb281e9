"""How a TOML table becomes a frozen definition, and how its faults are worded.

Every definition is a frozen, strict pydantic dataclass: keys that it does not know and values of
another type are faults. They are worded for the person who edits the TOML, with file, line and key.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import (
    Annotated,
    Any,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as validated
from pydantic_core import ErrorDetails, PydanticCustomError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.toml_files import TomlPlace
from workbook_builder.problems import Problem, ProblemKind, Result, did_you_mean, listed

T = TypeVar("T")


def _key(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", text):
        raise PydanticCustomError("key", "must be small letters, digits and _ only, a letter first")
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
    "string_type": "must be a text in quotes",
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
    if days := tuple(_day_faults(table, place)):
        return Result(None, days)
    try:
        # Strict checking takes tables and lists for definitions and tuples only when it reads JSON.
        return Result(TypeAdapter(kind).validate_json(json.dumps({**table, "name": name})))
    except RecursionError:
        return Result(None, (table_fault(catalogue.WRONG_VALUE, place, "is nested too deeply"),))
    except ValidationError as fault:
        errors = fault.errors(include_url=False, include_context=True)[:_MOST_FAULTS]
        causes = (error for error in errors if not _is_a_consequence(error, errors))
        return Result(None, tuple(_problem_of(error, kind, place) for error in causes))


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
