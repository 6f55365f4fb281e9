"""The sheets that next month's build reads: figures, commentary, targets, benchmarks, memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from workbook_builder import workbook_format
from workbook_builder.commentary import Comment, Commentary
from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.targets import Entry
from workbook_builder.figures import Figure, FigureKey, Figures, Listed
from workbook_builder.indicators.rounding import decimals_shown
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month
from workbook_builder.sheets.content import ValueRow
from workbook_builder.sheets.data_table import (
    HEADING_ROW,
    TITLE_HEIGHTS,
    TableStack,
    Value,
    table_sheet,
    titles,
)
from workbook_builder.sheets.formulas import number_format
from workbook_builder.sheets.plan import Cell, NativeTable, Number, SheetPlan

FIGURES_SHEET = "Figures"
COMMENTARY_SHEET = "Commentary"
TARGETS_SHEET = "Targets"
BENCHMARKS_SHEET = "Benchmarks"
MEMORY_SHEET = "As written"

_FIGURES_WIDTHS = (40.0, 10.0, 34.0, 14.0, 16.0, 14.0, 26.0)
_FIGURES_EXPLAINED = (
    "Every figure of this workbook, unrounded; percentages as shares of one. A blank team is the "
    "whole service. A figure without a value says why in its status."
)
_COMMENTARY_WIDTHS = (44.0, 10.0, 120.0)
_COMMENTARY_EXPLAINED = (
    "What is written here, or in a table's commentary column, is kept for next month."
)
_VALUES_WIDTHS = (40.0, 60.0, 24.0, 16.0, 16.0)
_VALUES_EXPLAINED = (
    "Type over a target or benchmark, or add a row below the table: next month's workbook takes it "
    "in place of the layouts'."
)
_MEMORY_EXPLAINED = (
    "What the program wrote, so that next month's build can tell what people changed since. "
    "Nothing needs doing here."
)


def figures_sheet(figures: Iterable[Figure]) -> SheetPlan:
    """Lay out all figures in the order in which they come."""
    rows: list[list[Value]] = [
        [figure.measure, str(figure.month), figure.team, figure.numerator, figure.denominator,
         figure.value, str(figure.status)]
        for figure in figures
    ]  # fmt: skip
    columns = list(zip(workbook_format.FIGURES_COLUMNS, _FIGURES_WIDTHS, strict=True))
    return table_sheet(
        FIGURES_SHEET, _FIGURES_EXPLAINED, workbook_format.FIGURES_TABLE, columns, rows,
        style="data", filtered=True, landscape=False,
    )  # fmt: skip


def commentary_sheet(measures: Iterable[str], commentary: Commentary, month: Month) -> SheetPlan:
    """Lay out a row for each measure in the reporting month, then all other commentary."""
    shown = dict.fromkeys(measures)
    comments = [
        *(Comment(measure, month, commentary.of(measure, month)) for measure in shown),
        *(comment for comment in commentary
          if comment.measure not in shown or comment.month != month),
    ]  # fmt: skip
    columns = list(zip(workbook_format.COMMENTARY_COLUMNS, _COMMENTARY_WIDTHS, strict=True))
    return table_sheet(
        COMMENTARY_SHEET, _COMMENTARY_EXPLAINED, workbook_format.COMMENTARY_TABLE, columns,
        list(map(_comment_values, comments)),
    )  # fmt: skip


def _comment_values(comment: Comment) -> list[Value]:
    return [comment.measure, str(comment.month), comment.text]


def targets_sheet(rows: Sequence[ValueRow], measures: Mapping[str, Measure]) -> SheetPlan:
    """Lay out the targets in force, where a council may keep its own."""
    return _values_sheet(
        TARGETS_SHEET,
        workbook_format.TARGETS_TABLE,
        workbook_format.TARGETS_COLUMNS,
        rows,
        measures,
    )


def benchmarks_sheet(rows: Sequence[ValueRow], measures: Mapping[str, Measure]) -> SheetPlan:
    """Lay out the benchmarks in force, where a council may keep its own."""
    return _values_sheet(
        BENCHMARKS_SHEET,
        workbook_format.BENCHMARKS_TABLE,
        workbook_format.BENCHMARKS_COLUMNS,
        rows,
        measures,
    )


def _values_sheet(
    name: str,
    table: str,
    headings: Sequence[str],
    rows: Sequence[ValueRow],
    measures: Mapping[str, Measure],
) -> SheetPlan:
    values: list[list[Value]] = [
        [row.measure, measures[row.measure].title if row.measure in measures else "", row.place,
         _entry_value(row.entry), _entry_value(row.in_layouts)]
        for row in rows
    ]  # fmt: skip

    def in_full(cell: Cell) -> Cell:
        """Give a number the format of its measure, with all its digits."""
        if not isinstance(cell.content, Number):
            return cell
        measure = measures.get(rows[cell.row - HEADING_ROW - 1].measure)
        unit, usual = (measure.unit, measure.decimals) if measure else ("number", 0)
        decimals = decimals_shown(cell.content.value, unit, usual)
        return cell._replace(style="figure", number_format=number_format(unit, decimals))

    columns = list(zip(headings, _VALUES_WIDTHS, strict=True))
    return table_sheet(name, _VALUES_EXPLAINED, table, columns, values, reformat=in_full)


def _entry_value(entry: Entry) -> Value:
    """Return a number without a sign as a number; all else as it is written in TOML."""
    if entry.number is None or not entry.sign:
        return entry.word or entry.number
    shown = f"{entry.number * 100:.10g}%" if entry.in_percent else f"{entry.number:.10g}"
    return f"{entry.sign}{shown}"


@dataclass(frozen=True)
class CommentRow:
    """A row of a table with commentary: native table, headings, and how to find the row again."""

    table: str
    commentary_heading: str
    reference_heading: str
    title_heading: str
    reference: str
    title: str
    measure: str


def comment_rows(
    table: NativeTable, first: Mapping[ColumnKind, int], indicators: Iterable[Indicator]
) -> Iterator[CommentRow]:
    """Yield the rows of a table that has a column of commentary.

    `first` is where each kind of column begins.
    """
    if "commentary" not in first:
        return
    kinds: tuple[ColumnKind, ...] = ("commentary", "reference", "indicator")
    commentary, reference, title = (
        table.headings[first[kind]] if kind in first else "" for kind in kinds
    )
    for indicator in indicators:
        yield CommentRow(
            table.name, commentary, reference, title,
            indicator.reference if reference else "", indicator.title if title else "",
            indicator.measure,
        )  # fmt: skip


def memory_sheet(
    figures: Figures,
    listed: Mapping[FigureKey, Listed],
    commentary: Commentary,
    rows: Sequence[CommentRow],
) -> SheetPlan:
    """Lay out the hidden copy of the figures, the differences listed so far, and the commentary."""
    revisions: list[list[Value]] = [
        [measure, str(month), team, *revision.amount, str(revision.month)]
        for (measure, month, team), revision in sorted(listed.items())
    ]
    tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Value]]]] = (
        (workbook_format.FIGURES_AS_WRITTEN_TABLE, *_figures_as_written(figures)),
        (
            workbook_format.LISTED_REVISIONS_TABLE,
            workbook_format.LISTED_REVISIONS_COLUMNS,
            revisions,
        ),
        (
            workbook_format.COMMENTARY_AS_WRITTEN_TABLE,
            workbook_format.COMMENTARY_COLUMNS,
            list(map(_comment_values, commentary)),
        ),
        (
            workbook_format.COMMENTARY_ROWS_TABLE,
            workbook_format.COMMENTARY_ROWS_COLUMNS,
            [list(astuple(row)) for row in rows],
        ),
    )
    stack = TableStack(first_row=2)
    for name, headings, body in tables:
        stack.add(name, [(heading, 0.0) for heading in headings], body, style="data")
    return SheetPlan(
        name=MEMORY_SHEET,
        cells=(*titles(MEMORY_SHEET, _MEMORY_EXPLAINED), *stack.cells),
        heights=TITLE_HEIGHTS,
        tables=stack.tables,
        hidden=True,
    )


def _figures_as_written(figures: Figures) -> tuple[Sequence[str], Sequence[Sequence[Value]]]:
    """Return headings and rows: one row for each measure and team, one column for each month."""
    known = [figure for figure in figures if figure.value is not None]
    months = sorted({figure.month for figure in known})
    texts: dict[tuple[str, str], dict[Month, str]] = {}
    for figure in known:
        numbers = workbook_format.numbers_text((figure.numerator, figure.denominator, figure.value))
        texts.setdefault((figure.measure, figure.team), {})[figure.month] = numbers
    rows: list[list[Value]] = [
        [*key, *(by_month.get(month) for month in months)] for key, by_month in texts.items()
    ]
    return (*workbook_format.FIGURES_AS_WRITTEN_KEYS, *map(str, months)), rows
