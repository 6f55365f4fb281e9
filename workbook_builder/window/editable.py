"""What a person can edit in the preview: worked out by the worker, as plain values.

Nothing of a child's record is among it: titles, targets, benchmarks, and what people wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from workbook_builder.definitions.council import COUNCIL
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.targets import Entry
from workbook_builder.edit_definitions import (
    file_of_rows,
    file_of_values,
    is_sample,
    tolerance_as_typed,
    value_as_typed,
)
from workbook_builder.edits import (
    TOLERANCE,
    BenchmarkEdit,
    DefinitionsEdit,
    RowsEdit,
    TargetEdit,
)
from workbook_builder.indicators.benchmarks import comparators_of
from workbook_builder.measures.needed_lists import lists_of
from workbook_builder.months import Month, day_label
from workbook_builder.names import natural_order
from workbook_builder.plan_workbook import BuiltFrom
from workbook_builder.problems import counted, listed
from workbook_builder.sheets.plan import Plan, SheetPlan, Text
from workbook_builder.window.messages import (
    EditableIndicator,
    EditableValues,
    EditField,
    MeasureChoice,
    Sentence,
    TableDescribed,
)
from workbook_builder.workbook_format import KEY_MESSAGES

_POLARITY = {
    "higher": "Higher is better.", "lower": "Lower is better.",
    None: "The indicator has no better direction, so a target is shown and nothing is rated.",
}  # fmt: skip
_EMPTY = "Leave a field empty for none."


def editable_indicator(measure: str, built: BuiltFrom) -> EditableIndicator | None:
    """Return what of an indicator can be edited; None of a measure that is not known."""
    definitions, layout = built.measures.definitions, built.measures.layout
    known, month = definitions.measures.get(measure), built.months[-1]
    if known is None:
        return None
    titles = (row.title for table in layout.tables for row in table.rows if row.measure == measure)
    return EditableIndicator(
        measure,
        next(filter(None, titles), known.title),
        month,
        built.commentary.of(measure, month),
        _targets(known, month, built),
        _benchmarks(known, built),
    )


def sentences(plan: Plan, built: BuiltFrom) -> tuple[Sentence, ...]:
    """Return the headlines of the slides and the key messages, as the workbook would have them."""
    month = built.months[-1]
    by_name = {sheet.name: sheet for sheet in plan.sheets}
    found = [
        Sentence(sheet.name, f"Headline: {sheet.name}", sheet.headline.text, "", month)
        for sheet in plan.sheets
        if sheet.slide and sheet.headline
    ]
    cells = {name: (sheet, area) for name, sheet, area in plan.names}
    for number, message in enumerate(KEY_MESSAGES, 1):
        if place := cells.get(f"key_message_{number}"):
            sheet, area = by_name[place[0]], place[1]
            text = _text_at(sheet, area.first_row, area.first_column)
            found.append(Sentence(message, message, text, "", month))
    written = built.commentary
    return tuple(
        Sentence(each.subject, each.label, each.text, written.of(each.subject, month), month)
        for each in found
    )


def _text_at(sheet: SheetPlan, row: int, column: int) -> str:
    cells = (cell for cell in sheet.cells if (cell.row, cell.column) == (row, column))
    contents = (cell.content for cell in cells)
    return next((content.text for content in contents if isinstance(content, Text)), "")


def _targets(measure: Measure, month: Month, built: BuiltFrom) -> EditableValues:
    """Return the targets of a measure: those there are, and those of this year and the next."""
    definitions, layout = built.measures.definitions, built.measures.layout
    target = definitions.targets.get(measure.name)
    entries: dict[str, Entry] = {**target.years, **target.dates} if target else {}
    years = (month.financial_year, month.plus(12).financial_year)
    typed = dict(_typed_in_workbooks(measure.name, built, "targets"))
    fields = [
        EditField(
            key,
            f"From {_day(key)}" if len(key) > len("2023-24") else f"Target {key}",
            value_as_typed(entries[key], measure) if key in entries else "",
            typed.get(key, ""),
        )
        for key in sorted({*entries, *years, *typed})
    ]
    fields.append(EditField(TOLERANCE, "Amber if missed by less than", tolerance_as_typed(target)))
    refusal = ""
    if _row_target(measure.name, layout):
        place = definitions.where("layouts", layout.name)
        refusal = f"The layout sets the target of this row itself: change it in {place.file}."
    hint = f"{_POLARITY[measure.better]} {_EMPTY}"
    return _values("targets", measure.name, definitions, tuple(fields), hint, refusal)


def _day(text: str) -> str:
    year, month, day = map(int, text.split("-"))
    return day_label(Month(year, month).first_day.replace(day=day))


def _row_target(measure: str, layout: Layout) -> bool:
    rows = (row for table in layout.tables for row in table.rows)
    return any(row.measure == measure and row.target for row in rows)


def _benchmarks(measure: Measure, built: BuiltFrom) -> EditableValues:
    """Return the benchmarks of a measure, by the columns that its tables have."""
    definitions, layout = built.measures.definitions, built.measures.layout
    known = definitions.benchmarks.get(measure.name)
    typed = dict(_typed_in_workbooks(measure.name, built, "benchmarks"))
    fields = []
    for name in _comparators(measure.name, layout, definitions):
        comparator = definitions.comparators[name]
        held = (built.effective.held or {}).get((measure.name, name))
        locked = typed.get(name) or typed.get(comparator.title, "")
        if held and held.file and not locked:
            shown = value_as_typed(held.entry, measure) or "none"
            locked = f"{shown}, published in {held.file}"
        text = value_as_typed(known.shown(comparator), measure) if known else ""
        fields.append(EditField(name, comparator.title, text, locked))
    refusal = "" if fields else "The tables of this layout have no columns of benchmarks."
    hint = f"Values of the year that each column shows. {_EMPTY}"
    return _values("benchmarks", measure.name, definitions, tuple(fields), hint, refusal)


def _values(
    section: str, measure: str, definitions: Definitions, fields: tuple[EditField, ...],
    hint: str, refusal: str,
) -> EditableValues:  # fmt: skip
    """Return fields with the file that they are kept in, or why they cannot be changed."""
    file, fault = file_of_values(definitions, section, measure)
    profile = definitions.places.get((COUNCIL, COUNCIL))
    place = definitions.places.get((section, measure)) or profile
    is_fixed = file is None and not refusal
    return EditableValues(
        fields, hint, str(file or ""), refusal or fault,
        needs_council=is_fixed and profile is None,
        needs_copy=is_fixed and place is not None and is_sample(Path(place.file)),
    )  # fmt: skip


def _typed_in_workbooks(measure: str, built: BuiltFrom, kind: str) -> Iterator[tuple[str, str]]:
    """Yield which values of a measure people have typed over in a workbook, which count first."""
    for workbook in filter(None, (built.history.previous, built.history.existing)):
        for value in workbook.targets if kind == "targets" else workbook.benchmarks:
            if value.measure == measure:
                known = built.measures.definitions.measures[measure]
                shown = value_as_typed(value.entry, known)
                yield value.place, f"{shown}, typed in {workbook.name}: change it there"


def _comparators(measure: str, layout: Layout, definitions: Definitions) -> tuple[str, ...]:
    """Return the comparators of the tables that show a measure with benchmarks."""
    names: dict[str, None] = {}
    for table in layout.tables:
        if "benchmarks" in table.columns and measure in {row.measure for row in table.rows}:
            names |= dict.fromkeys(comparators_of(table, layout, definitions))
    return tuple(names)


def table_described(name: str, built: BuiltFrom) -> TableDescribed | None:
    """Return the rows of a table, and every measure that it could have; None for another sheet."""
    definitions, layout = built.measures.definitions, built.measures.layout
    table = next((each for each in layout.tables if each.name == name), None)
    if table is None:
        return None
    given = {sheet.dataset for sheet in built.loaded.sheets if sheet.dataset}
    titles = {name: dataset.title for name, dataset in definitions.datasets.items()}
    choices = sorted(
        (_choice(measure, definitions, given, titles) for measure in definitions.measures.values()),
        key=lambda choice: natural_order(choice.title),
    )
    rows = tuple(
        (row.measure, row.title or definitions.measures[row.measure].title) for row in table.rows
    )
    return TableDescribed(name, rows, tuple(choices), str(file_of_rows(definitions, layout.name)))


def _choice(
    measure: Measure, definitions: Definitions, given: Collection[str], titles: Mapping[str, str]
) -> MeasureChoice:
    lists = sorted(lists_of(measure.name, definitions))
    missing = [titles[each] for each in lists if each not in given]
    stand_ins = lists_of(measure.otherwise, definitions) if measure.otherwise else frozenset()
    if stand_ins and stand_ins <= set(given):
        missing = []
    source = ", ".join(titles[each] for each in lists) or "Worked out from others"
    blank = f"blank: {listed(missing)} not given" if missing else ""
    return MeasureChoice(measure.name, measure.title, source, blank)


def edited_words(edit: DefinitionsEdit | None, file: Path | None, definitions: Definitions) -> str:
    """Return what is said once an edit is written: what it changed, and where it went."""
    name = file.name if file else ""
    where = f"{name} in {file.parent}" if file else ""
    match edit:
        case None:
            return f"Put back: {name} is as it was."
        case TargetEdit(measure):
            return f"Targets saved: {definitions.measures[measure].title}. They are in {where}."
        case BenchmarkEdit(measure):
            return f"Benchmarks saved: {definitions.measures[measure].title}. They are in {where}."
        case RowsEdit(layout, table, add, remove):
            numbers = ((len(add), "added"), (len(remove), "removed"))
            changes = " and ".join(
                f"{counted(number, 'indicator')} {word}" for number, word in numbers if number
            )
            apart = _apart(edit, definitions)
            return (
                f"{table}: {changes}.{apart} {Path(layout).stem} is your own layout now: {where}."
            )


def _apart(edit: RowsEdit, definitions: Definitions) -> str:
    """Return where an added row went, if not behind the one that was chosen."""
    layout = definitions.layouts.get(Path(edit.layout).stem)
    tables = layout.tables if layout else ()
    shown = [row.measure for table in tables if table.name == edit.table for row in table.rows]
    if not edit.add or not edit.after or edit.add[0] not in shown:
        return ""
    place = shown.index(edit.add[0])
    if place and shown[place - 1] == edit.after:
        return ""
    return f" It is row {place + 1}, beside what you added or removed before."
