"""The columns a board table may have: one record for each kind, at the end of this module.

A new kind needs a record here, its key in `ColumnKind` of `definitions.layouts`, and a line in the
documentation of layouts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.definitions.measures import Unit
from workbook_builder.definitions.targets import MISSING, Comparator, Entry
from workbook_builder.indicators import rating, rounding, spc
from workbook_builder.indicators.rows import Indicator, Shown
from workbook_builder.indicators.spc import Rule, Verdict
from workbook_builder.months import Month
from workbook_builder.sheets.data_table import (
    HIGHEST,
    lines_needed,
    row_height,
    text_height,
    text_width,
    turned_height,
)
from workbook_builder.sheets.formulas import (
    CHANGE_FORMAT,
    DASH,
    DIRECTION_FORMAT,
    HIDDEN,
    NOT_APPLICABLE,
    RAG_FORMAT,
    average_formula,
    change_formula,
    direction_formula,
    entry_format,
    is_hidden,
    maximum_formula,
    number_format,
    rag_formula,
    signed_format,
    sum_formula,
    trend_formula,
)
from workbook_builder.sheets.plan import Content, Empty, Icons, Number, StyleName, Text, address

_YEAR = 12
_REFERENCE_MARGIN = 1
#: Titles have the first of these widths with which the table fits a page.
INDICATOR_WIDTHS = (36.0, 32.0, 28.0)
#: The width of a month: its heading fits, and numbers up to 9,999.
_MONTH_WIDTH = 6.2
_NUMBER_MARGIN = 1.4
#: A commentary is given the first of these widths at which the longest one fits into a row.
_COMMENTARY_WIDTHS = (50.0, 65.0, 80.0, 100.0, 125.0)
UP, DOWN = "▲", "▼"


@dataclass(frozen=True)
class TableContext:
    """What a table is laid out with: its months, of which the first `folded` are folded away.

    `comparators` are those of its benchmark columns; `headings` replace the usual ones.
    """

    months: tuple[Month, ...]
    comparators: tuple[Comparator, ...]
    folded: int = 0
    target_years: tuple[str, ...] = ()
    headings: Mapping[ColumnKind, str] = field(default_factory=dict)

    @property
    def comparator_names(self) -> tuple[str, ...]:
        """The names of the comparators."""
        return tuple(comparator.name for comparator in self.comparators)

    @property
    def month(self) -> Month:
        """The reporting month."""
        return self.months[-1]


@dataclass(frozen=True)
class ColumnPositions:
    """Where each kind of column begins in a table, and how many months and columns it has."""

    first: Mapping[ColumnKind, int]
    months: int
    count: int

    def month(self, row: int, position: int) -> str:
        """Return the address of a month's cell, by its position among the months."""
        return address(row, self.first["months"] + position)

    def last_months(self, row: int, count: int) -> str:
        """Return the address of the cells of the last months."""
        first = max(self.months - count, 0)
        return f"{self.month(row, first)}:{self.month(row, self.months - 1)}"


@dataclass(frozen=True)
class TableRow:
    """One row of a table on its way into cells."""

    indicator: Indicator
    row: int
    positions: ColumnPositions

    @property
    def number_format(self) -> str:
        """The number format of the indicator's values."""
        return number_format(self.indicator.unit, self.indicator.decimals)

    def month(self, position: int) -> str:
        """Return the address of a month's cell, by its position among the months."""
        return self.positions.month(self.row, position)


class CellParts(NamedTuple):
    """A cell that has no place yet."""

    content: Content
    style: StyleName
    number_format: str = ""
    note: str = ""


#: A cell where nothing can be judged.
NOT_RATED = CellParts(Empty(), "unrated")


def single_heading(text: str, context: TableContext) -> tuple[str, ...]:
    """Return the heading of a single column; {month} stands for the reporting month."""
    return (text.replace("{month}", context.month.label),)


def _level_code(_: Indicator) -> float:
    return 0.5


@dataclass(frozen=True)
class TableColumnKind:
    """A kind of column, or of neighbouring columns: heading, width in characters, cells, and more.

    `heading` is the usual heading, from which `headings` makes that of each column. `fitted_width`
    goes before `width` where it depends on the rows; a column is never narrower than the longest
    word of its heading. `row_height` is the height in points that a
    row needs in a column so wide. `icons` stand beside the cells, the upper from `icon_threshold`
    on; `change_marks` says that changes are marked with arrows, `rating_fills` that the cells have
    the colours of their rating.
    """

    heading: str
    width: float
    cells: Callable[[TableRow], list[CellParts]]
    headings: Callable[[str, TableContext], tuple[str, ...]] = single_heading
    centred: bool = True
    fitted_width: Callable[[Sequence[Indicator]], float] | None = None
    row_height: Callable[[Indicator, float], float] | None = None
    icons: Icons | None = None
    icon_threshold: Callable[[Indicator], float] = _level_code
    change_marks: bool = False
    rating_fills: bool = False


def headings_of(kind: ColumnKind, context: TableContext) -> tuple[str, ...]:
    """Return the headings of a kind of column: from the layout's text, or else the usual one."""
    record = COLUMN_KINDS[kind]
    return record.headings(context.headings.get(kind, record.heading), context)


def column_positions(columns: Sequence[ColumnKind], context: TableContext) -> ColumnPositions:
    """Return where each kind of column begins."""
    first: dict[ColumnKind, int] = {}
    count = 0
    for kind in columns:
        first[kind] = count
        count += len(headings_of(kind, context))
    return ColumnPositions(first, len(context.months), count)


def _reference(row: TableRow) -> list[CellParts]:
    reference = row.indicator.reference
    style: StyleName = "quality" if row.indicator.qualitative else "reference"
    return [CellParts(Text(reference) if reference else Empty(), style)]


def _reference_width(indicators: Sequence[Indicator]) -> float:
    longest = max(len(indicator.reference) for indicator in indicators)
    return max(COLUMN_KINDS["reference"].width, longest + _REFERENCE_MARGIN)


def _title_height(indicator: Indicator, width: float) -> float:
    return row_height(lines_needed(indicator.title, width))


def _month_headings(_: str, context: TableContext) -> tuple[str, ...]:
    return tuple(month.label for month in context.months)


def _months(row: TableRow) -> list[CellParts]:
    cells: list[CellParts] = []
    latest = row.indicator.months[-1]
    for shown in row.indicator.months:
        if shown.value is None:
            content = Text(HIDDEN) if is_hidden(shown) else Empty()
            cells.append(CellParts(content, "blank", note=shown.reason))
        else:
            style: StyleName = "latest" if shown is latest else "figure"
            style = "revised" if shown.mark else style
            cells.append(CellParts(Number(shown.value), style, row.number_format, shown.mark))
    return cells


def _months_width(indicators: Sequence[Indicator]) -> float:
    return max(
        (month_width(one.months, one.unit, one.decimals) for one in indicators),
        default=_MONTH_WIDTH,
    )


def month_width(months: Iterable[Shown], unit: Unit, decimals: int) -> float:
    """Return the width in characters of columns of months that hold all of their values."""
    values = (
        rounding.value_text(shown.value, unit, decimals)
        for shown in months
        if shown.value is not None
    )
    widest = max(map(text_width, values), default=0.0)
    return max(_MONTH_WIDTH, widest + _NUMBER_MARGIN)


def _sparkline_headings(text: str, context: TableContext) -> tuple[str, ...]:
    shown = len(context.months) - context.folded
    usual = f"Last {shown} months" if shown > 1 else "This month"
    return single_heading(text or usual, context)


def _compared_months(indicator: Indicator, position: int) -> str:
    """Say which months a quarterly row compares, where these are not plain from the headings."""
    current = indicator.compared.current
    if not indicator.quarterly or current is None:
        return ""
    months = indicator.months
    return f"{months[current].month.label} compared with {months[position].month.label}."


def _trend(row: TableRow) -> list[CellParts]:
    indicator, compared = row.indicator, row.indicator.compared
    if compared.current is None or compared.previous is None:
        return [NOT_RATED]
    current, previous = row.month(compared.current), row.month(compared.previous)
    formula = trend_formula(current, previous, indicator.trend)
    signed = signed_format(indicator.unit, indicator.decimals)
    return [CellParts(formula, "trend", signed, _compared_months(indicator, compared.previous))]


def _half_a_digit(indicator: Indicator) -> float:
    return float(0.5 / 10 ** rounding.digits(indicator.unit, indicator.decimals))


def _change_on_month(row: TableRow) -> list[CellParts]:
    return _change(row, row.indicator.compared.previous, "the previous quarter")


def _change_on_year(row: TableRow) -> list[CellParts]:
    return _change(row, row.indicator.compared.year_ago, "the same quarter last year")


def _change(row: TableRow, position: int | None, quarter: str) -> list[CellParts]:
    """Return the change from the month at a position; `quarter` names it in a quarterly row."""
    indicator, current = row.indicator, row.indicator.compared.current
    if current is None or position is None:
        missing = ""
        if indicator.quarterly:
            missing = f"No figure of {quarter}."
            if current is None:
                missing = "No figure in the last six months."
        return [CellParts(Text(NOT_APPLICABLE), "change", note=missing)]
    value, before = indicator.value_at(current), indicator.value_at(position)
    change = None if value is None or before is None else rating.change(value, before)
    formula = change_formula(row.month(current), row.month(position), change)
    return [CellParts(formula, "change", CHANGE_FORMAT, _compared_months(indicator, position))]


def _last_year(indicator: Indicator) -> list[float]:
    return [shown.value for shown in indicator.months[-_YEAR:] if shown.value is not None]


def _average(row: TableRow) -> list[CellParts]:
    digits = rounding.digits(row.indicator.unit, row.indicator.decimals)
    value = rating.average(_last_year(row.indicator), digits)
    formula = average_formula(row.positions.last_months(row.row, _YEAR), digits, value)
    return [CellParts(formula, "derived", row.number_format)]


def _maximum(row: TableRow) -> list[CellParts]:
    value = max(_last_year(row.indicator), default=None)
    formula = maximum_formula(row.positions.last_months(row.row, _YEAR), value)
    return [CellParts(formula, "derived", row.number_format)]


def _year_to_date(row: TableRow) -> list[CellParts]:
    indicator, to_date = row.indicator, row.indicator.to_date
    if to_date.adding == "sum":
        values = [shown.value or 0 for shown in indicator.months[-to_date.months :]]
        total = None if to_date.value is None else sum(values)
        formula = sum_formula(row.positions.last_months(row.row, to_date.months), total)
        return [CellParts(formula, "derived", row.number_format, to_date.reason)]
    if to_date.value is None:
        return [CellParts(Text(DASH), "derived", note=to_date.reason)]
    value = rounding.printed(to_date.value, indicator.unit, indicator.decimals)
    return [CellParts(Number(value), "derived", row.number_format)]


def entry_cell(
    entry: Entry | None, style: StyleName, indicator: Indicator, *, in_full: bool = False
) -> CellParts:
    """Lay out the value of a target or benchmark: a number with its sign, a word, or nothing.

    `in_full` shows all digits: a rating must be seen to follow from the numbers on the page.
    """
    entry = entry or MISSING
    if entry.number is None:
        return CellParts(Text(entry.word) if entry.word else Empty(), style)
    decimals = indicator.decimals
    if in_full:
        decimals = rounding.decimals_shown(entry.number, indicator.unit, decimals)
    shown_as = entry_format(indicator.unit, decimals, entry.sign)
    return CellParts(Number(entry.number), style, shown_as)


def _target(row: TableRow) -> list[CellParts]:
    return [entry_cell(row.indicator.target, "target", row.indicator, in_full=True)]


def _target_headings(text: str, context: TableContext) -> tuple[str, ...]:
    return tuple(text.replace("{year}", year) for year in context.target_years)


def _targets_by_year(row: TableRow) -> list[CellParts]:
    return [
        entry_cell(entry, "target", row.indicator, in_full=True)
        for entry in row.indicator.targets_by_year
    ]


def _rag(row: TableRow) -> list[CellParts]:
    indicator, position = row.indicator, row.indicator.compared.current
    target_known = indicator.target is not None and indicator.target.number is not None
    if indicator.better is None or not target_known or position is None:
        return [NOT_RATED]
    target = address(row.row, row.positions.first["target"])
    formula = rag_formula(
        row.month(position), target, indicator.better, indicator.tolerance, indicator.rag
    )
    month = indicator.months[position].month.label
    note = f"The figure of {month}." if indicator.quarterly else ""
    return [CellParts(formula, "rag", RAG_FORMAT, note)]


def _direction(row: TableRow) -> list[CellParts]:
    indicator, compared = row.indicator, row.indicator.compared
    if indicator.better is None or compared.current is None or compared.previous is None:
        return [NOT_RATED]
    current, previous = row.month(compared.current), row.month(compared.previous)
    formula = direction_formula(current, previous, indicator.better, indicator.direction)
    note = _compared_months(indicator, compared.previous)
    return [CellParts(formula, "direction", DIRECTION_FORMAT, note)]


#: Without its symbol a verdict would be told by its word alone; up and down say which way it is.
_SYMBOLS = {1: UP, -1: DOWN, 0: "~"}
_VERDICTS: Mapping[Verdict, str] = {
    "improving": "Improving", "concerning": "Concerning", "high": "High", "low": "Low",
    "common": "Common",
}  # fmt: skip
_RULES: Mapping[Rule, str] = {
    "outside": "outside the limits",
    "shift": "seven months or more on one side of the mean",
    "trend": "seven months or more in one direction",
    "near": "two of three months near one limit",
}


def _variation(row: TableRow) -> list[CellParts]:
    """Say whether the latest value is more than the usual variation, and in a note why."""
    indicator = row.indicator
    values = [shown.value for shown in indicator.months]
    found = None if indicator.quarterly else spc.variation(values, indicator.better)
    if found is None:
        note = f"Needs a figure of this month and of {spc.FEWEST_MONTHS} months in all."
        return [CellParts(Empty(), "unrated", note=note)]
    text = f"{_SYMBOLS[found.side]} {_VERDICTS[found.verdict]}"
    mean, lower, upper = (
        rounding.value_text(value, indicator.unit, indicator.decimals + 1)
        for value in (found.limits.mean, found.limits.lower, found.limits.upper)
    )
    cause = "Common variation: as usual."
    if found.rules:
        cause = f"Special cause: {', '.join(_RULES[rule] for rule in found.rules)}."
    note = f"{cause} Mean {mean}, limits {lower} and {upper}."
    return [CellParts(Text(text), "variation", note=note)]


def _entry_width(entry: Entry | None, indicator: Indicator) -> float:
    if entry is None or entry.number is None:
        return max(map(text_width, entry.word.split()), default=0.0) if entry else 0.0
    decimals = rounding.decimals_shown(entry.number, indicator.unit, indicator.decimals)
    return text_width(entry.sign + rounding.value_text(entry.number, indicator.unit, decimals))


def _target_width(indicators: Sequence[Indicator]) -> float:
    return max(6.4, *(_entry_width(indicator.target, indicator) + 0.8 for indicator in indicators))


def _benchmarks_width(indicators: Sequence[Indicator]) -> float:
    widths = (_entry_width(entry, indicator) for indicator in indicators
              for entry in indicator.benchmarks)  # fmt: skip
    return max(7.0, max(widths, default=0.0) + 0.8)


def _benchmark_headings(_: str, context: TableContext) -> tuple[str, ...]:
    return tuple(comparator.title for comparator in context.comparators)


def _benchmarks(row: TableRow) -> list[CellParts]:
    return [entry_cell(entry, "benchmark", row.indicator) for entry in row.indicator.benchmarks]


def _commentary_width(indicators: Sequence[Indicator]) -> float:
    fitting = (
        width for width in _COMMENTARY_WIDTHS
        if all(text_height(indicator.commentary, width) < HIGHEST for indicator in indicators)
    )  # fmt: skip
    return next(fitting, _COMMENTARY_WIDTHS[-1])


def _text_cells(
    style: StyleName, text_of: Callable[[Indicator], str]
) -> Callable[[TableRow], list[CellParts]]:
    """Return what lays out a text of the indicator, an empty cell where there is none."""

    def cells(row: TableRow) -> list[CellParts]:
        text = text_of(row.indicator)
        return [CellParts(Text(text) if text else Empty(), style)]

    return cells


def _wrapped_text(
    heading: str,
    width: float,
    text_of: Callable[[Indicator], str],
    fitted_width: Callable[[Sequence[Indicator]], float] | None = None,
) -> TableColumnKind:
    """Return a column of texts, whose rows are as high as they need."""
    return TableColumnKind(
        heading, width, _text_cells("note", text_of), centred=False, fitted_width=fitted_width,
        row_height=lambda indicator, width: text_height(text_of(indicator), width),
    )  # fmt: skip


def _turned_text(
    heading: str, width: float, text_of: Callable[[Indicator], str]
) -> TableColumnKind:
    """Return a narrow column of texts that are turned upwards."""
    return TableColumnKind(
        heading, width, _text_cells("role", text_of),
        row_height=lambda indicator, _: turned_height(text_of(indicator)),
    )  # fmt: skip


_DESIRED = {"higher": UP, "lower": DOWN, None: ""}

#: Every kind of column. Icons and marks of changes are drawn in this order.
COLUMN_KINDS: Mapping[ColumnKind, TableColumnKind] = {
    "reference": TableColumnKind("Ref.", 4, _reference, fitted_width=_reference_width),
    "indicator": TableColumnKind(
        "Indicator", INDICATOR_WIDTHS[0],
        _text_cells("indicator", lambda indicator: indicator.title),
        centred=False, row_height=_title_height,
    ),
    "owner": _turned_text("Owner", 9, lambda indicator: indicator.owner),
    "reporter": _turned_text("Reporter", 9, lambda indicator: indicator.reporter),
    "outcome": _wrapped_text("Outcome", 34, lambda indicator: indicator.outcome),
    "months": TableColumnKind(
        "", _MONTH_WIDTH, _months, _month_headings, fitted_width=_months_width
    ),
    "sparkline": TableColumnKind(
        "", 7, lambda _: [CellParts(Empty(), "spark")], _sparkline_headings
    ),
    "change_on_month": TableColumnKind(
        "% change from previous month", 11, _change_on_month, change_marks=True
    ),
    "change_on_year": TableColumnKind(
        "% change from same month of previous year", 12, _change_on_year, change_marks=True
    ),
    "target": TableColumnKind("Target", 6.4, _target, fitted_width=_target_width),
    "rag": TableColumnKind("RAG", 8.8, _rag, rating_fills=True),
    "direction": TableColumnKind("Direction of travel", 9.6, _direction, icons="direction"),
    "trend": TableColumnKind(
        "Change on last month", 10, _trend, icons="trend", icon_threshold=_half_a_digit
    ),
    "desired_direction": TableColumnKind(
        "DoT", 6, _text_cells("mark", lambda indicator: _DESIRED[indicator.desired])
    ),
    "average": TableColumnKind("12 month average", 8, _average),
    "maximum": TableColumnKind("12-mnth max value", 8, _maximum),
    "year_to_date": TableColumnKind("Year to date", 8, _year_to_date),
    "percentage": TableColumnKind(
        "Percentage?", 11.5,
        _text_cells("mark", lambda indicator: "Yes" if indicator.unit == "percent" else "No"),
    ),
    "benchmarks": TableColumnKind(
        "", 8, _benchmarks, _benchmark_headings, fitted_width=_benchmarks_width
    ),
    "targets_by_year": TableColumnKind("Target {year}", 9, _targets_by_year, _target_headings),
    "variation": TableColumnKind("Variation", 14, _variation),
    "note": _wrapped_text("Note", 30, lambda indicator: indicator.note),
    "commentary": _wrapped_text(
        "Commentary ({month})", 50, lambda indicator: indicator.commentary, _commentary_width
    ),
}  # fmt: skip
