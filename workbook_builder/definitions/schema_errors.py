"""Plain TOML values into frozen definitions, every fault worded for the person who edits TOML."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.measures import KINDS, Measure
from workbook_builder.definitions.toml_files import TomlPlace
from workbook_builder.problems import Problem, ProblemKind, Result, did_you_mean, listed

T = TypeVar("T")

_WORDS = {
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
_ABOUT_ALL_OF_IT = {
    "clock": (catalogue.NO_CLOCK, "measure"),
    "panel": (catalogue.WRONG_VALUE, "panel"),
    "slide": (catalogue.WRONG_VALUE, "slide"),
}
#: Faults of one definition that are told; the rest can wait until these are mended.
_MOST_FAULTS = 100
_PYDANTIC_INTERNAL = "[key]"  # how pydantic marks a fault of a table's key rather than its value


def shaped(kind: type[T], name: str, table: object, place: TomlPlace) -> Result[T | None]:
    """Return the definition that a TOML table holds, or None and what is wrong with it."""
    if not isinstance(table, Mapping):
        return Result(None, (_problem(catalogue.WRONG_VALUE, place, "must be a table"),))
    if "name" in table and "name" in _keys_of(kind):
        return Result(None, (_unknown("name", kind, place.within("name")),))
    if days := tuple(_days(table, place)):
        return Result(None, days)
    try:
        return Result(TypeAdapter(kind).validate_json(_json({**table, "name": name})))
    except RecursionError:
        return Result(None, (_problem(catalogue.WRONG_VALUE, place, "is nested too deeply"),))
    except ValidationError as fault:
        errors = fault.errors(include_url=False, include_context=True)
        return Result(
            None, tuple(_worded(error, kind, place) for error in _plain(errors[:_MOST_FAULTS]))
        )


def measure_kind(table: object, place: TomlPlace) -> Result[type[Measure] | None]:
    """Return the kind of measure whose own key a TOML table bears."""
    if not isinstance(table, Mapping):
        return Result(None, (_problem(catalogue.WRONG_VALUE, place, "must be a table"),))
    own = [key for key in KINDS if key in table]
    if len(own) == 1:
        return Result(KINDS[own[0]])
    if own:
        text = f"is of two kinds at once ({listed(own)})"
        return Result(None, (_problem(catalogue.WRONG_VALUE, place, text),))
    near = [hint for key in table if (hint := did_you_mean(key, KINDS))]
    text = f"does not say what it counts: it needs one of {listed(KINDS)}"
    return Result(None, (_problem(catalogue.MISSING_KEY, place, text, *near),))


def _json(table: Mapping[str, object]) -> str:
    # Strict checking takes tables and lists for definitions and tuples only when it reads JSON.
    return json.dumps(table)


def _days(value: object, place: TomlPlace, *keys: str | int) -> Iterator[Problem]:
    """Find days and times, which no key takes and JSON could only carry as if they were texts."""
    if isinstance(value, datetime.date | datetime.time):
        text = f"{value} {_WORDS['string_type']}."
        yield Problem(catalogue.WRONG_VALUE, text, place.where(*keys))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _days(inner, place, *keys, key)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _days(inner, place, *keys, at)


def _plain(errors: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Leave out what only follows from another fault: a list is short if its entries are wrong."""
    for error in errors:
        inside = [other for other in errors if other["loc"][: len(error["loc"])] == error["loc"]]
        if error["type"] != "too_short" or len(inside) == 1:
            yield error


def _worded(error: ErrorDetails, kind: type, place: TomlPlace) -> Problem:
    at = tuple(part for part in error["loc"] if part != _PYDANTIC_INTERNAL)
    here = place.within(*at)
    owner = _class_at(kind, at[:-1])
    if error["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return _unknown(str(at[-1]), owner, here)
    if error["type"] in ("missing", "missing_argument") and isinstance(at[-1], int):
        return Problem(catalogue.WRONG_VALUE, "the list has too few entries.", here.where())
    if error["type"] in ("missing", "missing_argument"):
        return Problem(catalogue.MISSING_KEY, f'the key "{at[-1]}" is missing.', here.where())
    if error["type"] in _ABOUT_ALL_OF_IT:
        kind_of_fault, noun = _ABOUT_ALL_OF_IT[error["type"]]
        return Problem(kind_of_fault, f"the {noun} {error['msg']}.", here.where())
    if error["type"] == "lacking":
        return _problem(catalogue.MISSING_KEY, here, error["msg"])
    return _wrong_value(error, here)


def _wrong_value(error: ErrorDetails, place: TomlPlace) -> Problem:
    shown = _shown(error["input"])
    if error["type"] == "literal_error":
        expected = str(error.get("ctx", {}).get("expected", ""))
        known = re.findall(r"'([^']+)'", expected) or [expected.lower()]
        text = f"{shown} is not one of {', '.join(known)}."
        hint = did_you_mean(str(error["input"]), known)
        return Problem(catalogue.WRONG_VALUE, f"{text} {hint}".strip(), place.where())
    said = error["msg"].removeprefix("Input should be ")
    words = _WORDS.get(error["type"], said if said == error["msg"] else f"must be {said}")
    return Problem(catalogue.WRONG_VALUE, f"{shown} {words}.", place.where())


def _unknown(key: str, owner: object, place: TomlPlace) -> Problem:
    known = _keys_of(owner) - {"name"} if _has_own_name(owner) else _keys_of(owner)
    hint = did_you_mean(key, known)
    text = f'"{key}" is not known here. {hint}'.strip()
    return Problem(catalogue.UNKNOWN_KEY, f"{text} Known: {listed(known)}.", place.where())


def _problem(kind: ProblemKind, place: TomlPlace, text: str, *hints: str) -> Problem:
    name = place.path[-1] if place.path else "the file"
    return Problem(kind, " ".join([f'"{name}" {text}.', *hints]), place.where())


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    if isinstance(value, bool):
        text = text.lower()
    return text if len(text) <= 60 else text[:57] + "..."


def _keys_of(owner: object) -> set[str]:
    if dataclasses.is_dataclass(owner):
        return {field.name for field in dataclasses.fields(owner)}
    return set()


def _has_own_name(owner: object) -> bool:
    # A sheet of a layout names itself; everything else is named by its TOML heading or file.
    return getattr(owner, "__name__", "") not in {"Table", "TeamSheet", "CaseloadSheet", "Slide"}


def _class_at(kind: object, path: Iterable[str | int]) -> object:
    """Follow a key path through the annotations to the definition that stands there."""
    current: object = kind
    for part in path:
        if isinstance(current, type) and dataclasses.is_dataclass(current):
            current = get_type_hints(current, include_extras=True).get(str(part))
        else:
            current = _member(current)
        current = _bare(current)
    return current


def _bare(annotation: object) -> object:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def _member(annotation: object) -> object:
    arguments: tuple[Any, ...] = get_args(annotation)
    if not arguments:
        return None
    return arguments[1] if get_origin(annotation) is not tuple else arguments[0]
