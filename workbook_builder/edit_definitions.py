"""Change targets, benchmarks and rows of tables in a person's own TOML; all else in it stays.

An edit is checked before anything is written, and taken back where the definitions do not come out
as they were meant to.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit
from pydantic_core import PydanticCustomError
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import KeyType, SingleKey

from workbook_builder.atomic_write import replace_file
from workbook_builder.definitions.council import COUNCIL
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import known_definitions, layout_named
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.references import POLARITY_OF_SIGN
from workbook_builder.definitions.targets import (
    DEFAULT_TOLERANCE,
    WORDS,
    Benchmarks,
    Entry,
    Target,
    entry_of,
    is_missing_mark,
)
from workbook_builder.edits import (
    TOLERANCE,
    BenchmarkEdit,
    DefinitionsEdit,
    RowsEdit,
    TargetEdit,
)
from workbook_builder.months import reporting_year
from workbook_builder.paths import LAYOUTS, SAMPLE, own_layouts, same_place, shipped
from workbook_builder.problems import Problem, has_errors, listed

_YEAR = re.compile(r"\d{4}-\d{2}")
_PERCENT = 100
_NO_PROFILE = "There is no council profile yet. Choose your council first; values go into it."
_BY_HAND = "Nothing was changed. This file is written in a way that only a person can change:"

#: A table of TOML, with its comments.
TomlTable = MutableMapping[str, Any]


@dataclass(frozen=True)
class Edited:
    """What came of an edit: the file with its content before and after, or why nothing was written.

    `faults` are sentences by the field that they are about; "" is the edit as a whole. `before` is
    None of a file that was not there.
    """

    faults: Mapping[str, str]
    file: Path | None = None
    before: bytes | None = None
    after: bytes = b""

    def put_back(self) -> str:
        """Write the file as it was before, unless it has changed since; return what is wrong."""
        if self.file is None:
            return "There is nothing to put back."
        try:
            if self.file.read_bytes() != self.after:
                return f"{self.file.name} has been changed since, so it was left as it is."
            if self.before is None:
                self.file.unlink()
                return ""
        except OSError as fault:
            return f"{self.file} cannot be changed: {fault.strerror}."
        problem = replace_file(self.file, self.before)
        return problem.what if problem else ""


@dataclass
class _NotEdited(Exception):
    """Why nothing is written, by field."""

    faults: Mapping[str, str]


def edit_definitions(edit: DefinitionsEdit, layout: str, inputs: Sequence[Path] = ()) -> Edited:
    """Write an edit into the file that it belongs to, once it is known to be right.

    `layout` is the one in force, `inputs` are TOML files that were given with the extracts.
    """
    loaded = known_definitions(layout, inputs)
    definitions = loaded.value
    try:
        match edit:
            case TargetEdit():
                file, text = _with_targets(edit, definitions)
            case BenchmarkEdit():
                file, text = _with_benchmarks(edit, definitions)
            case RowsEdit():
                file, text = _with_rows(edit, definitions)
        return _written(edit, file, text, layout, inputs, loaded.problems)
    except _NotEdited as refused:
        return Edited(refused.faults)


def read_value(text: str, measure: Measure, *, judged: bool) -> Entry:
    """Read a target (`judged`) or a benchmark as a person types it; raises ValueError in words."""
    is_percent = measure.unit == "percent"
    example = "85%" if is_percent else "120"
    try:
        entry = entry_of(text)
    except PydanticCustomError:
        raise ValueError(
            f'"{text.strip()}" is not a number. Type one such as {example}, or one of the words '
            f"{listed(WORDS)}."
        ) from None
    number = entry.number
    if entry.missing and text.strip() and not is_missing_mark(text):
        raise ValueError(f"Type a number such as {example}.")
    if number is None:
        return entry
    if number < 0:
        raise ValueError("Type a number of 0 or more.")
    if is_percent and not entry.in_percent:
        raise ValueError(f"This is a percentage: type it with the percent sign, such as {example}.")
    if entry.in_percent and not is_percent:
        raise ValueError(f"This is not a percentage: type a number such as {example}.")
    if is_percent and number > 1:
        raise ValueError("A percentage may be 100% at most.")
    polarity = POLARITY_OF_SIGN.get(entry.sign, measure.better)
    if judged and measure.better and polarity != measure.better:
        fitting = ">" if measure.better == "higher" else "<"
        raise ValueError(
            f'{measure.better.capitalize()} is better here, so "{entry.sign}" is the wrong way '
            f'round: use "{fitting}" or no sign.'
        )
    return entry


def value_as_typed(entry: Entry, measure: Measure) -> str:
    """Return a value as a person would type it, in full: "<36.5%", "1285", "TBC"."""
    if entry.number is None:
        return entry.word
    if measure.unit == "percent":
        return f"{entry.sign}{entry.number * _PERCENT:.12g}%"
    return f"{entry.sign}{entry.number:.12g}"


def tolerance_as_typed(target: Target | None) -> str:
    """Return the tolerance of a target as a person would type it: "5%"."""
    return f"{(target.tolerance if target else DEFAULT_TOLERANCE) * _PERCENT:.12g}%"


def file_of_values(definitions: Definitions, section: str, measure: str) -> tuple[Path | None, str]:
    """Return the file where the "targets" or "benchmarks" of a measure are kept, or would be.

    Without one, the text says why they cannot be changed.
    """
    try:
        return _place(definitions, section, measure)[0], ""
    except _NotEdited as refused:
        return None, refused.faults[""]


def file_of_rows(definitions: Definitions, layout: str) -> Path:
    """Return the file in which the rows of a layout's tables are changed."""
    file = Path(definitions.places["layouts", layout].file)
    return own_layouts() / f"{layout}.toml" if _is_shipped(file) else file


# --- Targets and benchmarks ----------------------------------------------------------------------


def _with_targets(edit: TargetEdit, definitions: Definitions) -> tuple[Path, str]:
    """Return the file of a measure's targets, and its text with those that were typed."""
    measure = definitions.measures[edit.measure]
    entries, faults = _entries(edit.values, measure, judged=True)
    tolerance = _tolerance(edit.tolerance)
    if isinstance(tolerance, str):
        faults[TOLERANCE] = tolerance
    if faults:
        raise _NotEdited(faults)
    before = definitions.targets.get(edit.measure)
    file, keys = _place(definitions, "targets", edit.measure)

    def change(table: TomlTable) -> None:
        for period, entry in entries.items():
            section = "years" if _YEAR.fullmatch(period) else "dates"
            old = getattr(before, section).get(period) if before else None
            if old != entry:
                _set_value(table, section, period, _toml_value(entry))
        if tolerance != (before.tolerance if before else DEFAULT_TOLERANCE):
            table[TOLERANCE] = tolerance

    return file, _changed_text(file, keys, change, ("years", "dates"))


def _with_benchmarks(edit: BenchmarkEdit, definitions: Definitions) -> tuple[Path, str]:
    """Return the file of a measure's benchmarks, and its text with those that were typed."""
    measure = definitions.measures[edit.measure]
    entries, faults = _entries(edit.values, measure, judged=False)
    if faults:
        raise _NotEdited(faults)
    before = definitions.benchmarks.get(edit.measure)
    file, keys = _place(definitions, "benchmarks", edit.measure)

    def change(table: TomlTable) -> None:
        for name, entry in entries.items():
            comparator = definitions.comparators[name]
            if before and before.shown(comparator) == entry:
                continue
            section = _years_key(before, name, before.period(comparator)) if before else ()
            inner: TomlTable = table
            for key in section[:-1]:
                inner = inner[key]
            _set_value(inner, section[-1] if section else "values", name, _toml_value(entry))
            if section and not inner:
                del table[section[0]]

    return file, _changed_text(file, keys, change, ("values", "years"))


def _years_key(before: Benchmarks, comparator: str, period: str) -> tuple[str, ...]:
    """Return under which keys a comparator's value of the year shown stands, if by year."""
    wanted = reporting_year(period)
    for year, values in before.years.items():
        if wanted is not None and reporting_year(year) == wanted and comparator in values:
            return ("years", year)
    return ()


def _entries(
    values: Mapping[str, str], measure: Measure, *, judged: bool
) -> tuple[dict[str, Entry], dict[str, str]]:
    """Return the values that were typed, and what is wrong with the others, by field."""
    entries: dict[str, Entry] = {}
    faults: dict[str, str] = {}
    for key, text in values.items():
        try:
            entries[key] = read_value(text, measure, judged=judged)
        except ValueError as fault:
            faults[key] = str(fault)
    return entries, faults


def _tolerance(text: str) -> float | str:
    """Return a tolerance as a share, or what is wrong with it."""
    trimmed = text.strip().removesuffix("%").strip()
    if not trimmed:
        return DEFAULT_TOLERANCE
    try:
        percent = float(trimmed)
    except ValueError:
        return f'"{text.strip()}" is not a percentage: type one such as 5%.'
    if not 0 <= percent < _PERCENT:
        return "Type a percentage from 0% to 99%."
    return float(f"{percent:.12g}e-2")


def _toml_value(entry: Entry) -> float | int | str | None:
    """Return a value as TOML has it: a number, a text with a sign or a word; None for none."""
    if entry.number is None:
        return entry.word or None
    if entry.sign:
        suffix = f"{entry.number * _PERCENT:.12g}%" if entry.in_percent else f"{entry.number:.12g}"
        return f"{entry.sign}{suffix}"
    return int(entry.number) if entry.number.is_integer() else entry.number


def _place(definitions: Definitions, section: str, measure: str) -> tuple[Path, tuple[str, ...]]:
    """Return the file where a measure's values are or would be kept, and the keys to them.

    New ones go into the profile in force, or into the file beside it that is for them.
    """
    if place := definitions.places.get((section, measure)):
        return _own(Path(place.file)), tuple(map(str, place.path))
    profile = definitions.places.get((COUNCIL, COUNCIL))
    if profile is None:
        raise _NotEdited({"": _NO_PROFILE})
    file = _own(Path(profile.file))
    beside = file.with_name(f"{section}.toml")
    if any(place.file == str(beside) for place in definitions.places.values()):
        # benchmarks.toml has other sections too; all of targets.toml are targets.
        return beside, (section, measure) if section == "benchmarks" else (measure,)
    return file, (section, measure)


def _own(file: Path) -> Path:
    """Return a file that is a person's own; what comes with the program is never changed."""
    if _is_shipped(file):
        text = f"{file.name} comes with the program and is never changed."
        if is_sample(file):
            text = f"{text} Work with a copy of the sample data in your own folder instead."
        raise _NotEdited({"": text})
    return file


def is_sample(file: Path) -> bool:
    """Tell whether a file is one of the sample that comes with the program."""
    return same_place(file).is_relative_to(same_place(shipped(SAMPLE)))


def _is_shipped(file: Path) -> bool:
    return is_sample(file) or same_place(file).is_relative_to(same_place(shipped(LAYOUTS)))


def _set_value(table: TomlTable, section: str, key: str, value: float | int | str | None) -> None:
    """Put a value into a table of a table; None takes it out, and an empty table with it."""
    if value is None:
        if key in table.get(section, {}):
            del table[section][key]
            if not table[section]:
                del table[section]
    elif section in table:
        if key in table[section]:
            table[section][key] = value
        else:
            table[section].append(_quoted(key), value)
    else:
        inline = tomlkit.inline_table()
        inline.append(_quoted(key), value)
        table[section] = inline


def _quoted(key: str) -> SingleKey:
    """Return a key that is written in quotes where it begins with a digit, as years do."""
    return SingleKey(key, KeyType.Basic if key[:1].isdigit() else None)


def _changed_text(
    file: Path, keys: tuple[str, ...], change: Callable[[TomlTable], None], needs: tuple[str, ...]
) -> str:
    """Return a file's text with one of its tables changed; the table is added if it is not there.

    One that is left with none of what it `needs` is taken out.
    """
    text = _text_of(file)
    document = _document(file, text)
    outer: TomlTable = document
    for key in keys[:-1]:
        outer = outer.get(key, {})
    if keys[-1] in outer:
        try:
            table = outer[keys[-1]]
            change(table)
            if not any(key in table for key in needs):
                del outer[keys[-1]]
            return tomlkit.dumps(document)
        except (TOMLKitError, TypeError, AttributeError, KeyError):
            raise _NotEdited({"": f"{_BY_HAND} {file}."}) from None
    added = tomlkit.table()
    change(added)
    if not any(key in added for key in needs):
        return text
    heading = ".".join(map(_key_text, keys))
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}[{heading}]\n{tomlkit.dumps(added)}"


def _key_text(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else tomlkit.string(key).as_string()


def _text_of(file: Path) -> str:
    """Return the text of a file with line feeds, or nothing if it is not there yet."""
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise _NotEdited({"": f"{file} cannot be read, so nothing was written."}) from None


def _document(file: Path, text: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as fault:
        raise _NotEdited({"": f"{file} has a fault, so nothing was written: {fault}."}) from None


# --- Rows of a table -----------------------------------------------------------------------------


def _with_rows(edit: RowsEdit, definitions: Definitions) -> tuple[Path, str]:
    """Return the file of a layout of one's own, and its text with a table's rows changed."""
    layout = layout_named(edit.layout, definitions).value
    table = (
        next((each for each in layout.tables if each.name == edit.table), None) if layout else None
    )
    if layout is None or table is None:
        raise _NotEdited({"": f'The layout has no table "{edit.table}".'})
    shown = [row.measure for row in table.rows]
    if not [name for name in (*shown, *edit.add) if name not in edit.remove]:
        raise _NotEdited({"": "A table needs at least one indicator."})
    file = file_of_rows(definitions, layout.name)
    text = _text_of(file) or f'extends = "{layout.name}"\n'
    said = [entry.get("name") for entry in _document(file, text).get("tables", [])]
    if edit.table not in said:
        text = f"{text.rstrip()}\n\n[[tables]]\nname = {tomlkit.string(edit.table).as_string()}\n"
    document = _document(file, text)
    try:
        tables: MutableSequence[TomlTable] = document["tables"]
        entry = next(entry for entry in tables if entry.get("name") == edit.table)
        if "rows" in entry:
            _change_rows(entry["rows"], edit)
        else:
            _change_edits(entry, edit, shown)
        return file, tomlkit.dumps(document)
    except (TOMLKitError, TypeError, AttributeError, KeyError):
        raise _NotEdited({"": f"{_BY_HAND} {file}."}) from None


def _change_rows(rows: MutableSequence[TomlTable], edit: RowsEdit) -> None:
    """Change the rows of a table that lists all of them."""
    for name in edit.remove:
        del rows[[row["measure"] for row in rows].index(name)]
    measures = [row["measure"] for row in rows]
    place = measures.index(edit.after) + 1 if edit.after in measures else len(measures)
    for number, name in enumerate(edit.add):
        rows.insert(place + number, _row(name))


def _change_edits(entry: TomlTable, edit: RowsEdit, shown: Sequence[str]) -> None:
    """Change what a table says of the rows of the one that it extends.

    All rows that it adds come after one row, which the first of them chooses.
    """
    added = [row["measure"] for row in entry.get("add", [])]
    for name in edit.remove:
        if name in added:
            del entry["add"][added.index(name)]
            added.remove(name)
        else:
            _append(entry, "remove", name)
    removed = list(entry.get("remove", []))
    for name in edit.add:
        if name in removed:
            del entry["remove"][removed.index(name)]
            removed.remove(name)
            continue
        if not added and edit.after in shown and edit.after != shown[-1]:
            entry["after"] = edit.after
        _append(entry, "add", _row(name))
        added.append(name)
    for key in ("add", "remove"):
        if key in entry and not entry[key]:
            del entry[key]
    if "add" not in entry and "after" in entry:
        del entry["after"]


def _append(entry: TomlTable, key: str, value: object) -> None:
    if key not in entry:
        entry[key] = tomlkit.array()
    entry[key].append(value)


def _row(measure: str) -> TomlTable:
    row = tomlkit.inline_table()
    row["measure"] = measure
    return row


# --- Writing -------------------------------------------------------------------------------------


def _written(
    edit: DefinitionsEdit, file: Path, text: str, layout: str, inputs: Sequence[Path],
    known: Sequence[Problem],
) -> Edited:  # fmt: skip
    """Write a file, and put it back as it was unless the definitions then are what was meant."""
    before = file.read_bytes() if file.exists() else None
    content = text.encode()
    if before is not None and b"\r\n" in before:
        content = text.replace("\n", "\r\n").encode()
    if before is not None and before.startswith(BOM_UTF8):
        content = BOM_UTF8 + content
    if before == content:
        return Edited({"": "Nothing was changed."})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise _NotEdited({"": f"{file.parent} cannot be made: {fault.strerror}."}) from None
    if problem := replace_file(file, content):
        raise _NotEdited({"": f"{file} cannot be written: {problem.what} Nothing was changed."})
    edited = Edited({}, file, before, content)
    now = known_definitions(layout, inputs)
    heard = {problem.text() for problem in known}
    new = [each for each in now.problems if has_errors([each]) and each.text() not in heard]
    wrong = next((each.what for each in new), "") or _not_as_meant(edit, now.value)
    if wrong:
        edited.put_back()
        raise _NotEdited({"": f"Nothing was changed: {wrong}"})
    return edited


def _not_as_meant(edit: DefinitionsEdit, definitions: Definitions) -> str:
    """Return why an edit has no effect: other definitions override it; nothing if it has."""
    overridden = "other definitions, among the files or beside the layout, override it."
    match edit:
        case TargetEdit(measure, values):
            target = definitions.targets.get(measure)
            now: dict[str, Entry] = {**target.years, **target.dates} if target else {}
        case BenchmarkEdit(measure, values):
            benchmarks = definitions.benchmarks.get(measure)
            now = {name: benchmarks.shown(definitions.comparators[name])
                   for name in values} if benchmarks else {}  # fmt: skip
        case RowsEdit():
            layout = layout_named(edit.layout, definitions).value
            rows = {row.measure for table in layout.tables if table.name == edit.table
                    for row in table.rows} if layout else set()  # fmt: skip
            as_meant = rows.issuperset(edit.add) and rows.isdisjoint(edit.remove)
            return "" if as_meant else overridden
    known = definitions.measures[edit.measure]
    for key, text in values.items():
        wanted = read_value(text, known, judged=False)
        found = now.get(key)
        if (found is None or found.missing) != wanted.missing:
            return overridden
        if found and not wanted.missing and replace(found, in_percent=wanted.in_percent) != wanted:
            return overridden
    return ""
