"""The tables of figures of last month's workbook in, published figures out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.figures import FigureKey, Status
from workbook_builder.history import kinds
from workbook_builder.history.cells import NotANumber, month_of, number_of, text_of
from workbook_builder.history.names import Names
from workbook_builder.history.workbook import Row, Table
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, counted
from workbook_builder.revisions import Amount, Published

_TYPED, _PUBLISHED = same_name(Status.TYPED), same_name(Status.PUBLISHED)
_NUMBERS = ("numerator", "denominator", "value")
#: A percentage above this is taken for one whose % sign was forgotten: 95 in place of 95%.
_LARGEST_SHARE = 1.5


@dataclass(frozen=True)
class FiguresRead:
    """The published figures by key, those taken out by hand, those that stood blank."""

    published: Mapping[FigureKey, Published]
    cleared: Mapping[FigureKey, Amount]
    blank: frozenset[FigureKey]
    rows: int


@dataclass(frozen=True)
class _Entry:
    """One row: `fault` names the column that holds no usable number."""

    table: Table
    row: Row
    key: FigureKey
    amount: Amount
    status: str
    fault: str = ""


def read_figures(
    tables: Sequence[Table], names: Names, written: Mapping[FigureKey, Amount] | None
) -> Result[FiguresRead]:
    """Read published figures; `written` is what the program wrote in their place, if known.

    A cell without a usable number counts as what was written there. Of two rows of one figure the
    one that was written stands, else the first.
    """
    entries: list[_Entry] = []
    problems: list[Problem] = []
    for table in tables:
        read = _entries(table, names)
        entries += read.value
        problems += read.problems
    by_key: defaultdict[FigureKey, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_key[entry.key].append(_mended(entry, written or {}))
    problems += _not_numbers(entries)
    problems += _twice(by_key.values())
    chosen = {key: _chosen(same, written or {}) for key, same in by_key.items()}
    return Result(_sorted_out(chosen, written, len(entries)), tuple(problems))


def _entries(table: Table, names: Names) -> Result[list[_Entry]]:
    entries: list[_Entry] = []
    misplaced: list[int] = []
    for row in table.rows:
        measure = names.key(text_of(row.cells.get("measure")))
        month = month_of(row.cells.get("month"))
        if measure and month:
            entries.append(_entry(table, row, measure, month, names))
        else:
            misplaced.append(row.number)
    what = f"{counted(len(misplaced), 'row')} without a measure or a month that can be read."
    problem = Problem(kinds.BAD_ROW, what, table.where(misplaced), "Left out.")
    return Result(entries, (problem,) if misplaced else ())


def _entry(table: Table, row: Row, measure: str, month: Month, names: Names) -> _Entry:
    numbers: dict[str, float | None] = dict.fromkeys(_NUMBERS)
    fault = ""
    for column in reversed(_NUMBERS):
        try:
            numbers[column] = number_of(row.cells.get(column))
        except NotANumber:
            fault = fault or column
    amount = Amount(*numbers.values())
    if names.is_percent(measure) and amount.value is not None and amount.value > _LARGEST_SHARE:
        fault, amount = "value", Amount(amount.numerator, amount.denominator, None)
    team = text_of(row.cells.get("team"))
    status = same_name(text_of(row.cells.get("status")))
    return _Entry(table, row, (measure, month, team), amount, status, fault)


def _mended(entry: _Entry, written: Mapping[FigureKey, Amount]) -> _Entry:
    if entry.fault == "value" and entry.key in written:
        return _Entry(entry.table, entry.row, entry.key, written[entry.key], entry.status)
    return entry


def _not_numbers(entries: Iterable[_Entry]) -> Iterator[Problem]:
    rows: dict[tuple[str, str], tuple[Table, list[int]]] = {}
    for entry in entries:
        if entry.fault:
            key = (entry.table.sheet, entry.fault)
            rows.setdefault(key, (entry.table, []))[1].append(entry.row.number)
    for (_, column), (table, numbers) in rows.items():
        what = f"{counted(len(numbers), 'cell')} that should hold a number (percentages as 95%)."
        done = "The figure was taken as the program wrote it; where it wrote none, it is blank."
        yield Problem(kinds.NO_NUMBER, what, table.where(numbers, column), done)


def _twice(groups: Iterable[Sequence[_Entry]]) -> Iterator[Problem]:
    found: dict[tuple[str, bool], tuple[Table, list[int]]] = {}
    for first, *others in groups:
        for other in others:
            key = (other.table.sheet, other.amount.same(first.amount))
            found.setdefault(key, (other.table, []))[1].append(other.row.number)
    for (_, same), (table, numbers) in found.items():
        verb = "repeats" if len(numbers) == 1 else "repeat"
        differ = "with the same numbers" if same else "with other numbers"
        what = f"{counted(len(numbers), 'row')} {verb} a measure, month and team {differ}."
        done = "Counted once." if same else (
            "The row that the program wrote was taken; where it wrote neither, the first one."
        )  # fmt: skip
        yield Problem(kinds.TWICE, what, table.where(numbers), done)


def _chosen(same: Sequence[_Entry], written: Mapping[FigureKey, Amount]) -> _Entry:
    before = written.get(same[0].key)
    as_written = (entry for entry in same if before and entry.amount.same(before))
    return next(as_written, next((one for one in same if one.amount.value is not None), same[0]))


def _sorted_out(
    chosen: Mapping[FigureKey, _Entry], written: Mapping[FigureKey, Amount] | None, rows: int
) -> FiguresRead:
    published: dict[FigureKey, Published] = {}
    blank: set[FigureKey] = set()
    for key, entry in chosen.items():
        if entry.amount.value is None:
            blank.add(key)
            continue
        before = (written or {}).get(key)
        changed = written is not None and not (before and before.same(entry.amount))
        typed = changed or entry.status == _TYPED
        carried = entry.status == _PUBLISHED
        published[key] = Published(*key, entry.amount, before, typed, carried)
    gone = {key: one for key, one in (written or {}).items() if key not in published}
    return FiguresRead(published, gone, frozenset(blank - gone.keys()), rows)


def unknown_measures(published: Iterable[FigureKey], names: Names, file: str) -> Iterator[Problem]:
    """Yield a problem for each measure with published figures that is not known any more."""
    figures: defaultdict[str, int] = defaultdict(int)
    for measure, *_ in published:
        if not names.knows(measure):
            figures[measure] += 1
    for measure, number in figures.items():
        yield names.unknown(kinds.UNKNOWN_MEASURE, measure, number, file)
