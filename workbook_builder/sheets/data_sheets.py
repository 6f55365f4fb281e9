"""The sheets of targets and benchmarks in force, where a council may keep its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from workbook_builder.commentary import Comment, Commentary
from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.targets import Entry
from workbook_builder.figures import Figure, FigureKey, Figures, Listed
from workbook_builder.indicators.rating import decimals_shown
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month
from workbook_builder.sheets.data_table import TITLE_HEIGHTS, Value, listing, titles, widths
from workbook_builder.sheets.formulas import number_format
from workbook_builder.sheets.plan import Cell, NativeTable, Number, Sheet
from workbook_builder.workbook_format import (
    BENCHMARKS_COLUMNS,
    BENCHMARKS_TABLE,
    COMMENTARY_COLUMNS,
    COMMENTARY_TABLE,
    FIGURES_TABLE,
    LISTED_COLUMNS,
    LISTED_TABLE,
    ROWS_COLUMNS,
    ROWS_TABLE,
    SAID_TABLE,
    TARGETS_COLUMNS,
    TARGETS_TABLE,
    WRITTEN_KEYS,
    WRITTEN_TABLE,
    numbers_text,
)

COMMENTARY_SHEET = "Commentary"

_COLUMNS = (("measure", 44.0), ("month", 10.0), ("commentary", 120.0))
_EXPLAINED = "What is written here, or in a table's commentary column, is kept for next month."


def commentary_sheet(measures: Iterable[str], commentary: Commentary, month: Month) -> Sheet:
    """Lay out a row for each measure in the reporting month, then all else that was written."""
    rows = [_row(comment) for comment in _ordered(measures, commentary, month)]
    listed = listing(COMMENTARY_TABLE, 2, _COLUMNS, rows)
    return Sheet(
        name=COMMENTARY_SHEET,
        cells=(*titles(COMMENTARY_SHEET, _EXPLAINED), *listed.cells),
        widths=widths(_COLUMNS),
        heights=(*TITLE_HEIGHTS, *listed.heights),
        tables=(listed.table,),
        freeze=(3, 0),
        repeat_rows=(2, 2),
    )


def _ordered(measures: Iterable[str], commentary: Commentary, month: Month) -> Iterator[Comment]:
    shown = dict.fromkeys(measures)
    for measure in shown:
        yield Comment(measure, month, commentary.of(measure, month))
    yield from (one for one in commentary if one.measure not in shown or one.month != month)


def _row(comment: Comment) -> list[Value]:
    return [comment.measure, str(comment.month), comment.text]


FIGURES_SHEET = "Figures"

_FIGURES_SHEET_COLUMNS = (
    ("measure", 40.0), ("month", 10.0), ("team", 34.0), ("numerator", 14.0),
    ("denominator", 16.0), ("value", 14.0), ("status", 26.0),
)  # fmt: skip
_FIGURES_SHEET_EXPLAINED = (
    "Every figure of this workbook, unrounded; percentages as shares of one. A blank team is the "
    "whole service. A figure without a value says why in its status."
)


def figures_sheet(figures: Iterable[Figure]) -> Sheet:
    """Lay out all figures in the order in which they come."""
    rows = [_figures_sheet_row(figure) for figure in figures]
    listed = listing(FIGURES_TABLE, 2, _FIGURES_SHEET_COLUMNS, rows, style="data", filtered=True)
    return Sheet(
        name=FIGURES_SHEET,
        cells=(
            *titles(FIGURES_SHEET, _FIGURES_SHEET_EXPLAINED),
            *listed.cells,
        ),
        widths=widths(_FIGURES_SHEET_COLUMNS),
        heights=(*TITLE_HEIGHTS, *listed.heights),
        tables=(listed.table,),
        freeze=(3, 0),
        repeat_rows=(2, 2),
        landscape=False,
    )


def _figures_sheet_row(figure: Figure) -> list[Value]:
    return [
        figure.measure,
        str(figure.month),
        figure.team,
        figure.numerator,
        figure.denominator,
        figure.value,
        str(figure.status),
    ]


MEMORY_SHEET = "As written"
MEMORY_TABLES = (WRITTEN_TABLE, LISTED_TABLE, SAID_TABLE, ROWS_TABLE)

_MEMORY_SHEET_EXPLAINED = (
    "What the program wrote, so that next month's build can tell what people changed since. "
    "Nothing needs doing here."
)


@dataclass(frozen=True)
class CommentRow:
    """A row of a table with commentary: native table, headings, and what tells the row."""

    table: str
    commentary_heading: str
    reference_heading: str
    title_heading: str
    reference: str
    title: str
    measure: str


def memory_sheet(
    figures: Figures,
    listed: Mapping[FigureKey, Listed],
    commentary: Commentary,
    rows: Sequence[CommentRow],
) -> Sheet:
    """Lay out the copy of the figures, the differences listed so far, and the commentary."""
    lists: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Value]]]] = (
        (WRITTEN_TABLE, *_written(figures)),
        (LISTED_TABLE, LISTED_COLUMNS, list(_listed(listed))),
        (SAID_TABLE, COMMENTARY_COLUMNS, [[c.measure, str(c.month), c.text] for c in commentary]),
        (ROWS_TABLE, ROWS_COLUMNS, [list(astuple(row)) for row in rows]),
    )
    cells: list[Cell] = [*titles(MEMORY_SHEET, _MEMORY_SHEET_EXPLAINED)]
    tables: list[NativeTable] = []
    row = 2
    for name, headings, body in lists:
        made = listing(name, row, [(text, 0.0) for text in headings], body, style="data")
        cells += made.cells
        tables.append(made.table)
        row = made.end + 2
    return Sheet(
        MEMORY_SHEET, tuple(cells), heights=TITLE_HEIGHTS, tables=tuple(tables), hidden=True
    )


def _written(figures: Figures) -> tuple[Sequence[str], Sequence[Sequence[Value]]]:
    known = [figure for figure in figures if figure.value is not None]
    months = sorted({figure.month for figure in known})
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for one in known:
        numbers = numbers_text((one.numerator, one.denominator, one.value))
        rows.setdefault((one.measure, one.team), {})[str(one.month)] = numbers
    body: list[list[Value]] = [
        [*key, *(texts.get(str(month)) for month in months)] for key, texts in rows.items()
    ]
    return (*WRITTEN_KEYS, *map(str, months)), body


def _listed(listed: Mapping[FigureKey, Listed]) -> Iterator[list[Value]]:
    for (measure, month, team), one in sorted(listed.items()):
        yield [measure, str(month), team, *one.amount, str(one.month)]


def comment_rows(
    table: NativeTable, first: Mapping[ColumnKind, int], indicators: Iterable[Indicator]
) -> Iterator[CommentRow]:
    """Yield the rows of a table that has a column of commentary.

    `first` is where each kind of column begins.
    """
    if "commentary" not in first:
        return
    kinds: tuple[ColumnKind, ...] = ("commentary", "reference", "indicator")
    headings = (table.headings[first[kind]] if kind in first else "" for kind in kinds)
    commentary, reference, title = headings
    for one in indicators:
        yield CommentRow(
            table.name, commentary, reference, title,
            one.reference if reference else "", one.title if title else "", one.measure,
        )  # fmt: skip


TARGETS, BENCHMARKS = "Targets", "Benchmarks"
VALUE_TABLES = (TARGETS_TABLE, BENCHMARKS_TABLE)

_WIDTHS = (40.0, 60.0, 24.0, 16.0, 16.0)
_TARGETS_SHEET_EXPLAINED = (
    "Type over a target or benchmark, or add a row below the table: next month's workbook takes it "
    "in place of the layouts'."
)


@dataclass(frozen=True)
class ValueRow:
    """A target or benchmark in force, and what the layouts hold in its place.

    `place` is the period of a target, or the comparator of a benchmark.
    """

    measure: str
    place: str
    entry: Entry
    in_layouts: Entry


def targets_sheet(rows: Sequence[ValueRow], measures: Mapping[str, Measure]) -> Sheet:
    """Lay out the targets."""
    return _sheet(TARGETS, TARGETS_TABLE, TARGETS_COLUMNS, rows, measures)


def benchmarks_sheet(rows: Sequence[ValueRow], measures: Mapping[str, Measure]) -> Sheet:
    """Lay out the benchmarks."""
    return _sheet(BENCHMARKS, BENCHMARKS_TABLE, BENCHMARKS_COLUMNS, rows, measures)


def _sheet(
    name: str,
    table: str,
    columns: Sequence[str],
    rows: Sequence[ValueRow],
    measures: Mapping[str, Measure],
) -> Sheet:
    """Lay out one list; nothing stands below it, so that rows can be added there."""
    sized = list(zip(columns, _WIDTHS, strict=True))
    listed = listing(
        table, 2, sized, [_targets_sheet_row(row, measures.get(row.measure)) for row in rows]
    )
    return Sheet(
        name=name,
        cells=(
            *titles(name, _TARGETS_SHEET_EXPLAINED),
            *(_shaped(cell, rows, measures) for cell in listed.cells),
        ),
        widths=widths(sized),
        heights=(*TITLE_HEIGHTS, *listed.heights),
        tables=(listed.table,),
        freeze=(3, 0),
        repeat_rows=(2, 2),
    )


def _targets_sheet_row(row: ValueRow, measure: Measure | None) -> list[Value]:
    title = measure.title if measure else ""
    return [row.measure, title, row.place, _value(row.entry), _value(row.in_layouts)]


def _value(entry: Entry) -> Value:
    """A number without a sign stands as a number; all else as it is written in TOML."""
    if entry.number is None or not entry.sign:
        return entry.word or entry.number
    shown = f"{entry.number * 100:.10g}%" if entry.in_percent else f"{entry.number:.10g}"
    return f"{entry.sign}{shown}"


def _shaped(cell: Cell, rows: Sequence[ValueRow], measures: Mapping[str, Measure]) -> Cell:
    if not isinstance(cell.content, Number):
        return cell
    measure = measures.get(rows[cell.row - 3].measure)
    unit, usual = (measure.unit, measure.decimals) if measure else ("number", 0)
    decimals = decimals_shown(cell.content.value, unit, usual)
    return cell._replace(style="figure", number_format=number_format(unit, decimals))
