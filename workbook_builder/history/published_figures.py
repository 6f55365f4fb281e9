"""Targets and benchmarks that people keep in the workbook, out of its tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isclose

from pydantic_core import PydanticCustomError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.commentary import Comment, Remembered
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.targets import MISSING, Entry, entry_of
from workbook_builder.figures import Amount, FigureKey, Published, Status
from workbook_builder.history.workbook_tables import (
    Book,
    NotANumber,
    Value,
    WorkbookRow,
    WorkbookTable,
    month_of,
    number_of,
    text_of,
)
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, ProblemKind, Result, Where, counted, did_you_mean
from workbook_builder.workbook_format import (
    BENCHMARKS_COLUMNS,
    BENCHMARKS_TABLE,
    COMMENTARY_COLUMNS,
    COMMENTARY_TABLE,
    ROWS_COLUMNS,
    ROWS_TABLE,
    SAID_TABLE,
    TARGETS_COLUMNS,
    TARGETS_TABLE,
)


class Names:
    """Knows each measure by its key and by those that it had formerly."""

    def __init__(self, measures: Mapping[str, Measure]) -> None:
        self._measures = measures
        self._keys = {
            same_name(name): measure.name
            for measure in measures.values()
            for name in measure.formerly
        } | {same_name(name): name for name in measures}

    def key(self, name: str) -> str:
        """Return the key of a measure; one that is not known keeps its name."""
        return self._keys.get(same_name(name), name)

    def titled(self, title: str) -> str:
        """Return the key of the only measure with a title, or nothing."""
        meant = [one.name for one in self._measures.values()
                 if same_name(one.title) == same_name(title)]  # fmt: skip
        return meant[0] if len(meant) == 1 else ""

    def knows(self, key: str) -> bool:
        """Tell whether a measure is defined."""
        return key in self._measures

    def is_percent(self, key: str) -> bool:
        """Tell whether a measure is known to be a percentage."""
        return key in self._measures and self._measures[key].unit == "percent"

    def unknown(self, kind: ProblemKind, name: str, figures: int, file: str) -> Problem:
        """Return the problem that a measure with so many figures is not known."""
        hint = did_you_mean(name, self._measures)
        what = f'the measure "{name}" is not known. {hint}'.strip()
        done = f"Its {counted(figures, 'figure')} stay on the Figures sheet."
        return Problem(kind, what, Where(file), done)


_COMMENTARY = "commentary"


def read_comments(book: Book, names: Names, month: Month) -> Remembered:
    """Return the commentary of a workbook; what stands in its tables is of its own month.

    A row of a table is known by the reference and title that were written there, wherever it has
    moved; where that is not known, by its title. Words in a row that nobody knows keep the title.
    """
    listed = tuple(_listed(book, COMMENTARY_TABLE, names, month))
    wrote = tuple(_listed(book, SAID_TABLE, names, month))
    in_tables = tuple(_in_tables(book, names, month))
    return Remembered(wrote, (*listed, *in_tables))


def _listed(book: Book, table_name: str, names: Names, month: Month) -> Iterator[Comment]:
    for table in book.tables(same_name(table_name), COMMENTARY_COLUMNS):
        for row in table.rows:
            text = _words(row.cells.get("commentary"))
            measure = names.key(text_of(row.cells.get("measure")))
            if text:
                yield Comment(measure, month_of(row.cells.get("month")) or month, text)


@dataclass
class _Column:
    """A column of commentary: its headings, and the measures of its rows by what tells them."""

    table: str
    heading: str
    reference: str = ""
    title: str = "Indicator"
    measures: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, reference: str, title: str, measure: str) -> None:
        """Say which measure a row stands for; its title alone tells where nothing tells better."""
        self.measures[same_name(reference), same_name(title)] = measure
        self.measures.setdefault(("", same_name(title)), measure)

    def measure(self, reference: str, title: str, names: Names) -> str:
        """Return the measure of a row; where nobody knows it, the row's title."""
        keys = ((same_name(reference), same_name(title)), ("", same_name(title)))
        known = next((self.measures[key] for key in keys if key in self.measures), "")
        return known or names.titled(title) or title or reference


def _in_tables(book: Book, names: Names, month: Month) -> Iterator[Comment]:
    for column in _columns(book, names) or _guessed(book):
        heads = [same_name(text) for text in (column.reference, column.title, column.heading)]
        for table in book.tables(same_name(column.table), (column.title,)):
            for row in table.rows:
                reference, title, text = (_words(row.cells.get(head)) for head in heads)
                if text:
                    yield Comment(column.measure(reference, title, names), month, text)


def _columns(book: Book, names: Names) -> list[_Column]:
    found: dict[tuple[str, str], _Column] = {}
    for table in book.tables(same_name(ROWS_TABLE), ROWS_COLUMNS[:1]):
        for row in table.rows:
            name, heading, *heads, reference, title, measure = (
                text_of(row.cells.get(same_name(column))) for column in ROWS_COLUMNS
            )
            if name and heading:
                column = found.setdefault(
                    (name, heading), _Column(name, heading, heads[0], heads[1])
                )
                column.add(reference, title, names.key(measure))
    return list(found.values())


def _guessed(book: Book) -> list[_Column]:
    """Find the columns of commentary by their headings, where the workbook does not tell."""
    own = {same_name(COMMENTARY_TABLE), same_name(SAID_TABLE)}
    return [
        _Column(name, heading, "Ref.")
        for name, headings in book.table_headings()
        for heading in headings
        if name not in own and same_name(heading).startswith(_COMMENTARY)
    ]


def _words(cell: Value) -> str:
    # Excel and LibreOffice save line breaks in their own ways.
    return text_of(cell).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()


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

    table: WorkbookTable
    row: WorkbookRow
    key: FigureKey
    amount: Amount
    status: str
    fault: str = ""


def read_figures(
    tables: Sequence[WorkbookTable], names: Names, written: Mapping[FigureKey, Amount] | None
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


def _entries(table: WorkbookTable, names: Names) -> Result[list[_Entry]]:
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
    problem = Problem(catalogue.BAD_ROW, what, table.where(misplaced), "Left out.")
    return Result(entries, (problem,) if misplaced else ())


def _entry(
    table: WorkbookTable, row: WorkbookRow, measure: str, month: Month, names: Names
) -> _Entry:
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
    rows: dict[tuple[str, str], tuple[WorkbookTable, list[int]]] = {}
    for entry in entries:
        if entry.fault:
            key = (entry.table.sheet, entry.fault)
            rows.setdefault(key, (entry.table, []))[1].append(entry.row.number)
    for (_, column), (table, numbers) in rows.items():
        what = f"{counted(len(numbers), 'cell')} that should hold a number (percentages as 95%)."
        done = "The figure was taken as the program wrote it; where it wrote none, it is blank."
        yield Problem(catalogue.NO_NUMBER, what, table.where(numbers, column), done)


def _twice(groups: Iterable[Sequence[_Entry]]) -> Iterator[Problem]:
    found: dict[tuple[str, bool], tuple[WorkbookTable, list[int]]] = {}
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
        yield Problem(catalogue.PUBLISHED_TWICE, what, table.where(numbers), done)


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
        yield names.unknown(catalogue.PUBLISHED_UNKNOWN_MEASURE, measure, number, file)


_YEAR = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: A percentage above this is taken for one whose % sign was forgotten: 95 in place of 95%.
_KEPT_LARGEST_SHARE = 1.5


@dataclass(frozen=True)
class UserOverrides:
    """One value that a person put in place of what the layouts hold.

    `place` is the period of a target ("2023-24", or the day from which it holds), or the comparator
    of a benchmark.
    """

    measure: str
    place: str
    entry: Entry


def read_targets(book: Book, names: Names) -> Result[tuple[UserOverrides, ...]]:
    """Return the targets that go before those of the layouts."""
    return _read(book, TARGETS_TABLE, TARGETS_COLUMNS, names)


def read_benchmarks(book: Book, names: Names) -> Result[tuple[UserOverrides, ...]]:
    """Return the benchmarks that go before those of the layouts and of published statistics."""
    return _read(book, BENCHMARKS_TABLE, BENCHMARKS_COLUMNS, names)


def _read(
    book: Book, name: str, columns: tuple[str, ...], names: Names
) -> Result[tuple[UserOverrides, ...]]:
    measure, _, place, value, _ = columns
    kept: list[UserOverrides] = []
    problems: list[Problem] = []
    for table in book.tables(same_name(name), (measure, place)):
        bad: list[int] = []
        for row in table.rows:
            try:
                kept += _kept(row, columns, names)
            except PydanticCustomError:
                bad.append(row.number)
        problems += _unusable(table, bad, value)
    return Result(tuple(kept), tuple(problems))


def _kept(row: WorkbookRow, columns: tuple[str, ...], names: Names) -> Iterator[UserOverrides]:
    measure, _, place, value, before = (row.cells.get(same_name(column)) for column in columns)
    entry = _kept_entry(value)
    if entry.missing or _same(entry, _kept_entry(before)):
        return
    key, where = names.key(text_of(measure)), _place(place)
    periods = columns[2] == TARGETS_COLUMNS[2]
    share = (
        names.is_percent(key) and entry.number is not None and entry.number > _KEPT_LARGEST_SHARE
    )
    if not names.knows(key) or not where or (periods and not _is_period(where)) or share:
        raise PydanticCustomError("kept", "cannot be used")
    yield UserOverrides(key, where, entry)


def _place(cell: Value) -> str:
    return cell.strftime("%Y-%m-%d") if isinstance(cell, datetime | date) else text_of(cell)


def _is_period(text: str) -> bool:
    """Tell whether a text is a financial year or a day, as targets have them in TOML."""
    if found := _YEAR.fullmatch(text):
        return (int(found[1]) + 1) % 100 == int(found[2])
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _kept_entry(cell: Value) -> Entry:
    return MISSING if cell is None else entry_of(cell)


def _same(one: Entry, other: Entry) -> bool:
    if one.number is None or other.number is None:
        return one == other
    return one.sign == other.sign and isclose(one.number, other.number, rel_tol=1e-9)


def _unusable(table: WorkbookTable, rows: list[int], column: str) -> Iterator[Problem]:
    if rows:
        what = "the measure, the period or comparator, or the value cannot be used."
        done = "The layouts' value stands."
        yield Problem(catalogue.BAD_VALUE, what, table.where(rows, column), done)
