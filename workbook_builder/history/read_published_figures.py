"""Read the published figures of an earlier workbook, and which of them a person typed.

The Figures sheet holds the figures as they are now, perhaps changed by hand; a hidden sheet holds
what the program wrote. A figure that differs from what was written was typed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.figures import (
    LARGEST_SHARE,
    Amount,
    FigureKey,
    Listed,
    Published,
    Status,
)
from workbook_builder.history.workbook_tables import (
    Book,
    MeasureKeys,
    NotANumber,
    WorkbookRow,
    WorkbookTable,
    month_of,
    number_of,
    text_of,
)
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, counted
from workbook_builder.workbook_format import (
    FIGURES_AS_WRITTEN_KEYS,
    FIGURES_AS_WRITTEN_TABLE,
    LISTED_REVISIONS_COLUMNS,
    LISTED_REVISIONS_TABLE,
    parse_numbers,
)

_TYPED, _PUBLISHED = same_name(Status.TYPED), same_name(Status.PUBLISHED)
_NUMBERS = ("numerator", "denominator", "value")


@dataclass(frozen=True)
class FiguresRead:
    """The published figures, those that a person cleared, those that were written blank.

    `cleared` has the numbers that the program wrote; `rows` counts the rows of the tables.
    """

    published: Mapping[FigureKey, Published]
    cleared: Mapping[FigureKey, Amount]
    blank: frozenset[FigureKey]
    rows: int


@dataclass(frozen=True)
class _Entry:
    """One row of a table of figures: `fault` names the column that holds no usable number."""

    table: WorkbookTable
    row: WorkbookRow
    key: FigureKey
    amount: Amount
    status: str
    fault: str = ""


def read_figures(
    tables: Sequence[WorkbookTable],
    keys: MeasureKeys,
    written: Mapping[FigureKey, Amount] | None,
) -> Result[FiguresRead]:
    """Read published figures; `written` is what the program wrote in their place, if known.

    A cell without a usable number counts as what was written there. Of two rows of one figure the
    one that was written is taken, else the first.
    """
    entries: list[_Entry] = []
    problems: list[Problem] = []
    for table in tables:
        of_table = _entries(table, keys)
        entries += of_table.value
        problems += of_table.problems
    by_key: defaultdict[FigureKey, list[_Entry]] = defaultdict(list)
    for entry in entries:
        amount = (written or {}).get(entry.key) if entry.fault == "value" else None
        by_key[entry.key].append(replace(entry, amount=amount, fault="") if amount else entry)
    problems += _not_numbers(entries)
    problems += _repeated(by_key.values())
    published: dict[FigureKey, Published] = {}
    blank: set[FigureKey] = set()
    for key, same_figure in by_key.items():
        before = (written or {}).get(key)
        entry = _choose(same_figure, before)
        if entry.amount.value is None:
            blank.add(key)
            continue
        changed = written is not None and not (before and before.same(entry.amount))
        typed = changed or entry.status == _TYPED
        carried = entry.status == _PUBLISHED
        published[key] = Published(*key, entry.amount, before, typed, carried)
    cleared = {key: each for key, each in (written or {}).items() if key not in published}
    blank -= cleared.keys()
    return Result(FiguresRead(published, cleared, frozenset(blank), len(entries)), tuple(problems))


def _entries(table: WorkbookTable, keys: MeasureKeys) -> Result[list[_Entry]]:
    entries: list[_Entry] = []
    bad_rows: list[int] = []
    for row in table.rows:
        measure = keys.key(text_of(row.cells.get("measure")))
        month = month_of(row.cells.get("month"))
        if measure and month:
            entries.append(_entry(table, row, measure, month, keys))
        else:
            bad_rows.append(row.number)
    text = f"{counted(len(bad_rows), 'row')} without a measure or a month that can be read."
    problem = Problem(catalogue.BAD_ROW, text, table.where(bad_rows), "Left out.")
    return Result(entries, (problem,) if bad_rows else ())


def _entry(
    table: WorkbookTable, row: WorkbookRow, measure: str, month: Month, keys: MeasureKeys
) -> _Entry:
    numbers: dict[str, float | None] = dict.fromkeys(_NUMBERS)
    fault = ""
    for column in reversed(_NUMBERS):
        try:
            numbers[column] = number_of(row.cells.get(column))
        except NotANumber:
            fault = fault or column
    amount = Amount(*numbers.values())
    if keys.is_percent(measure) and amount.value is not None and amount.value > LARGEST_SHARE:
        fault, amount = "value", replace(amount, value=None)
    team = text_of(row.cells.get("team"))
    status = same_name(text_of(row.cells.get("status")))
    return _Entry(table, row, (measure, month, team), amount, status, fault)


def _not_numbers(entries: Iterable[_Entry]) -> Iterator[Problem]:
    rows: dict[tuple[str, str], tuple[WorkbookTable, list[int]]] = {}
    for entry in entries:
        if entry.fault:
            key = (entry.table.sheet, entry.fault)
            rows.setdefault(key, (entry.table, []))[1].append(entry.row.number)
    for (_, column), (table, numbers) in rows.items():
        text = f"{counted(len(numbers), 'cell')} that should hold a number (percentages as 95%)."
        done = "The figure was taken as the program wrote it; where it wrote none, it is blank."
        yield Problem(catalogue.NO_NUMBER, text, table.where(numbers, column), done)


def _repeated(groups: Iterable[Sequence[_Entry]]) -> Iterator[Problem]:
    rows: dict[tuple[str, bool], tuple[WorkbookTable, list[int]]] = {}
    for first, *others in groups:
        for other in others:
            key = (other.table.sheet, other.amount.same(first.amount))
            rows.setdefault(key, (other.table, []))[1].append(other.row.number)
    for (_, same), (table, numbers) in rows.items():
        verb = "repeats" if len(numbers) == 1 else "repeat"
        differ = "with the same numbers" if same else "with other numbers"
        text = f"{counted(len(numbers), 'row')} {verb} a measure, month and team {differ}."
        done = "Counted once." if same else (
            "The row that the program wrote was taken; where it wrote neither, the first one."
        )  # fmt: skip
        yield Problem(catalogue.PUBLISHED_TWICE, text, table.where(numbers), done)


def _choose(same_figure: Sequence[_Entry], written: Amount | None) -> _Entry:
    for entry in same_figure:
        if written and entry.amount.same(written):
            return entry
    return next((each for each in same_figure if each.amount.value is not None), same_figure[0])


def unknown_measures(
    published: Iterable[FigureKey], keys: MeasureKeys, file: str
) -> Iterator[Problem]:
    """Yield a problem for each measure with published figures that is not known any more."""
    figures: defaultdict[str, int] = defaultdict(int)
    for measure, *_ in published:
        if not keys.knows(measure):
            figures[measure] += 1
    for measure, number in figures.items():
        yield keys.unknown(catalogue.PUBLISHED_UNKNOWN_MEASURE, measure, number, file)


def read_written(book: Book, keys: MeasureKeys) -> Mapping[FigureKey, Amount] | None:
    """Read what the program wrote, from the hidden sheet; None where that is not there."""
    written: dict[FigureKey, Amount] = {}
    tables = book.tables(same_name(FIGURES_AS_WRITTEN_TABLE), FIGURES_AS_WRITTEN_KEYS[:1])
    for table in tables:
        months = {name: Month.parse(text) for name, text in table.headings.items()}
        for row in table.rows:
            measure = keys.key(text_of(row.cells.get("measure")))
            team = text_of(row.cells.get("team"))
            for name, month in months.items():
                numbers = parse_numbers(text_of(row.cells.get(name)))
                if month and numbers and len(numbers) == 3:
                    written[measure, month, team] = Amount(*numbers)
    return written if tables else None


def read_listed(book: Book, keys: MeasureKeys) -> Iterator[tuple[FigureKey, Listed]]:
    """Yield the differences that this or an earlier Revisions sheet lists, from a hidden sheet."""
    for table in book.tables(same_name(LISTED_REVISIONS_TABLE), ("measure", "month")):
        for row in table.rows if table.has(LISTED_REVISIONS_COLUMNS) else ():
            month, since = (month_of(row.cells.get(name)) for name in ("month", "listed"))
            try:
                amount = Amount(*(number_of(row.cells.get(name)) for name in _NUMBERS))
            except NotANumber:
                continue
            if month and since:
                measure = keys.key(text_of(row.cells.get("measure")))
                yield (measure, month, text_of(row.cells.get("team"))), Listed(amount, since)
