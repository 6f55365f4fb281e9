"""The columns a table may have: for each kind its headings, its widths and its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.definitions.targets import MISSING, Comparator, Entry
from workbook_builder.indicators import rating
from workbook_builder.indicators.rating import average, decimals_shown, printed
from workbook_builder.indicators.rows import Indicator, Shown
from workbook_builder.months import Month
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
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    ChangeMarks,
    Content,
    Empty,
    Number,
    StyleName,
    Text,
    address,
)


@dataclass(frozen=True)
class TableContext:
    """What a table is set in: its months, of which the first `folded` are folded away, and more.

    `headings` go before the usual ones.
    """

    months: tuple[Month, ...]
    comparators: tuple[Comparator, ...]
    folded: int = 0
    target_years: tuple[str, ...] = ()
    headings: Mapping[ColumnKind, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the comparators."""
        return tuple(one.name for one in self.comparators)

    @property
    def month(self) -> Month:
        """The reporting month."""
        return self.months[-1]


@dataclass(frozen=True)
class ColumnPositions:
    """Where each kind of column begins in a table."""

    first: Mapping[ColumnKind, int]
    months: int
    folded: int = 0

    def month(self, row: int, position: int) -> str:
        """The address of the cell of a month, by its position among the months."""
        return address(row, self.first["months"] + position)

    def last_months(self, row: int, count: int) -> str:
        """The address of the cells of the last months."""
        first = max(self.months - count, 0)
        return f"{self.month(row, first)}:{self.month(row, self.months - 1)}"


Headings = Callable[[TableContext], tuple[str, ...]]
Cells = Callable[[Indicator, int, ColumnPositions], list[Cell]]


@dataclass(frozen=True)
class TableColumnKind:
    """A kind of column (or of neighbouring columns): headings, width of each, and its cells."""

    headings: Headings
    width: float
    cells: Cells
    centred: bool = True


def single_heading(kind: ColumnKind, heading: str) -> Headings:
    """Return the headings of a single column: the layout's own, or else the usual one.

    {month} stands for the reporting month.
    """

    def headings(setting: TableContext) -> tuple[str, ...]:
        text = setting.headings.get(kind, heading)
        return (text.replace("{month}", setting.month.label),)

    return headings


_YEAR = 12

_CHANGES: tuple[ColumnKind, ...] = ("change_on_month", "change_on_year")


def _change(kind: ColumnKind) -> Cells:
    def cells(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
        column = places.first[kind]
        at = indicator.compared
        position = at.previous if kind == "change_on_month" else at.year_ago
        if at.current is None or position is None:
            return [Cell(row, column, Text(NOT_APPLICABLE), "change", note=_lacks(indicator, kind))]
        current, before = indicator.value_at(at.current), indicator.value_at(position)
        change = None if current is None or before is None else rating.change(current, before)
        content = change_formula(places.month(row, at.current), places.month(row, position), change)
        note = compares(indicator, position)
        return [Cell(row, column, content, "change", CHANGE_FORMAT, note)]

    return cells


def _lacks(indicator: Indicator, kind: ColumnKind) -> str:
    """Say why a quarterly row has nothing to compare."""
    if not indicator.quarterly:
        return ""
    if indicator.compared.current is None:
        return "No figure in the last six months."
    before = "the previous quarter" if kind == "change_on_month" else "the same quarter last year"
    return f"No figure of {before}."


def compares(indicator: Indicator, position: int) -> str:
    """Say which months a quarterly row compares, where these are not plain from the headings."""
    current = indicator.compared.current
    if not indicator.quarterly or current is None:
        return ""
    months = indicator.months
    return f"{months[current].month.label} compared with {months[position].month.label}."


def rates(indicator: Indicator) -> str:
    """Say which month a quarterly row is rated by."""
    current = indicator.compared.current
    if not indicator.quarterly or current is None:
        return ""
    return f"The figure of {indicator.months[current].month.label}."


def _average(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    digits = rating.digits(indicator.unit, indicator.decimals)
    value = average(_last_year(indicator), digits)
    content = average_formula(places.last_months(row, _YEAR), digits, value)
    return [Cell(row, places.first["average"], content, "derived", _shape(indicator))]


def _maximum(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    value = max(_last_year(indicator), default=None)
    content = maximum_formula(places.last_months(row, _YEAR), value)
    return [Cell(row, places.first["maximum"], content, "derived", _shape(indicator))]


def _year_to_date(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    column, found = places.first["year_to_date"], indicator.to_date
    if found.adding == "sum":
        added = [one.value or 0 for one in indicator.months[-found.months :]]
        total = None if found.value is None else sum(added)
        content = sum_formula(places.last_months(row, found.months), total)
        return [Cell(row, column, content, "derived", _shape(indicator), found.reason)]
    if found.value is None:
        return [Cell(row, column, Text(DASH), "derived", note=found.reason)]
    value = printed(found.value, indicator.unit, indicator.decimals)
    return [Cell(row, column, Number(value), "derived", _shape(indicator))]


def _last_year(indicator: Indicator) -> list[float]:
    return [one.value for one in indicator.months[-_YEAR:] if one.value is not None]


def _shape(indicator: Indicator) -> str:
    return number_format(indicator.unit, indicator.decimals)


CHANGE_COLUMNS: Mapping[ColumnKind, TableColumnKind] = {
    "change_on_month": TableColumnKind(
        single_heading("change_on_month", "% change from previous month"),
        11,
        _change("change_on_month"),
    ),
    "change_on_year": TableColumnKind(
        single_heading("change_on_year", "% change from same month of previous year"),
        12,
        _change("change_on_year"),
    ),
    "average": TableColumnKind(single_heading("average", "12 month average"), 10, _average),
    "maximum": TableColumnKind(single_heading("maximum", "12-mnth max value"), 10, _maximum),
    "year_to_date": TableColumnKind(
        single_heading("year_to_date", "Year to date"), 10, _year_to_date
    ),
}


def change_marks(
    indicators: Sequence[Indicator], places: ColumnPositions, first_row: int
) -> Iterator[ChangeMarks]:
    """Yield what marks the changes: neighbouring rows of one polarity and band share it."""
    for column in (places.first[kind] for kind in _CHANGES if kind in places.first):
        row = first_row
        for (better, band), rows in groupby(indicators, lambda one: (one.desired, one.level_band)):
            count = len(list(rows))
            yield ChangeMarks(Area(row, column, row + count - 1, column), better, band)
            row += count


UP, DOWN = "▲", "▼"


def _words(kind: ColumnKind, style: StyleName, text: Callable[[Indicator], str]) -> Cells:
    def cells(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
        words = text(indicator)
        content: Content = Text(words) if words else Empty()
        return [Cell(row, places.first[kind], content, style)]

    return cells


def _desired(indicator: Indicator) -> str:
    if indicator.desired is None:
        return ""
    return UP if indicator.desired == "higher" else DOWN


def _percentage(indicator: Indicator) -> str:
    return "Yes" if indicator.unit == "percent" else "No"


TEXT_COLUMNS: Mapping[ColumnKind, TableColumnKind] = {
    "owner": TableColumnKind(
        single_heading("owner", "Owner"), 7, _words("owner", "role", lambda row: row.owner)
    ),
    "reporter": TableColumnKind(
        single_heading("reporter", "Reporter"),
        8,
        _words("reporter", "role", lambda row: row.reporter),
    ),
    "outcome": TableColumnKind(
        single_heading("outcome", "Outcome"),
        34,
        _words("outcome", "note", lambda row: row.outcome),
        centred=False,
    ),
    "desired_direction": TableColumnKind(
        single_heading("desired_direction", "DoT"), 6, _words("desired_direction", "mark", _desired)
    ),
    "percentage": TableColumnKind(
        single_heading("percentage", "Percentage?"), 11.5, _words("percentage", "mark", _percentage)
    ),
    "commentary": TableColumnKind(
        single_heading("commentary", "Commentary ({month})"),
        50,
        _words("commentary", "note", lambda row: row.commentary),
        centred=False,
    ),
}


def _reference(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    content: Content = Text(indicator.reference) if indicator.reference else Empty()
    style: StyleName = "quality" if indicator.qualitative else "reference"
    return [Cell(row, places.first["reference"], content, style)]


def _indicator(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    return [Cell(row, places.first["indicator"], Text(indicator.title), "indicator")]


def _months(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    first = places.first["months"]
    last = len(indicator.months) - 1
    return [
        _month(shown, row, first + at, indicator, latest=at == last)
        for at, shown in enumerate(indicator.months)
    ]


def _month(shown: Shown, row: int, column: int, indicator: Indicator, *, latest: bool) -> Cell:
    if shown.value is None:
        content = Text(HIDDEN) if is_hidden(shown) else Empty()
        return Cell(row, column, content, "blank", note=shown.reason)
    style: StyleName = "revised" if shown.mark else "latest" if latest else "figure"
    shape = number_format(indicator.unit, indicator.decimals)
    return Cell(row, column, Number(shown.value), style, shape, shown.mark)


def _sparkline(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    return [Cell(row, places.first["sparkline"], Empty(), "spark")]


def _trend(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    column = places.first["trend"]
    at = indicator.compared
    if at.current is None or at.previous is None:
        return [Cell(row, column, Text(DASH), "trend")]
    current, previous = places.month(row, at.current), places.month(row, at.previous)
    content = trend_formula(current, previous, indicator.trend)
    shape = signed_format(indicator.unit, indicator.decimals)
    note = compares(indicator, at.previous)
    return [Cell(row, column, content, "trend", shape, note)]


def _target(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    column = places.first["target"]
    return [entry_cell(indicator.target or MISSING, row, column, "target", indicator, full=True)]


def _targets_by_year(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    first = places.first["targets_by_year"]
    return [
        entry_cell(entry or MISSING, row, first + at, "target", indicator, full=True)
        for at, entry in enumerate(indicator.targets_by_year)
    ]


def _rag(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    column = places.first["rag"]
    position = indicator.compared.current
    target_known = indicator.target is not None and indicator.target.number is not None
    if indicator.better is None or not target_known or position is None:
        return [Cell(row, column, Text(DASH), "rag")]
    target = address(row, places.first["target"])
    current = places.month(row, position)
    content = rag_formula(current, target, indicator.better, indicator.tolerance, indicator.rag)
    return [Cell(row, column, content, "rag", RAG_FORMAT, rates(indicator))]


def _direction(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    column = places.first["direction"]
    at = indicator.compared
    if indicator.better is None or at.current is None or at.previous is None:
        return [Cell(row, column, Text(DASH), "direction")]
    current, previous = places.month(row, at.current), places.month(row, at.previous)
    content = direction_formula(current, previous, indicator.better, indicator.direction)
    note = compares(indicator, at.previous)
    return [Cell(row, column, content, "direction", DIRECTION_FORMAT, note)]


def _benchmarks(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    first = places.first["benchmarks"]
    return [
        entry_cell(entry, row, first + at, "benchmark", indicator)
        for at, entry in enumerate(indicator.benchmarks)
    ]


def entry_cell(
    entry: Entry,
    row: int,
    column: int,
    style: StyleName,
    indicator: Indicator,
    *,
    full: bool = False,
) -> Cell:
    """Lay out a target's or a benchmark's value: a number with its sign, a word, or a dash.

    `full` shows all digits: a rating must be seen to follow from the numbers on the page.
    """
    if entry.number is None:
        return Cell(row, column, Text(entry.word or DASH), style)
    decimals = indicator.decimals
    if full:
        decimals = decimals_shown(entry.number, indicator.unit, indicator.decimals)
    shape = entry_format(indicator.unit, decimals, entry.sign)
    return Cell(row, column, Number(entry.number), style, shape)


def _note(indicator: Indicator, row: int, places: ColumnPositions) -> list[Cell]:
    content: Content = Text(indicator.note) if indicator.note else Empty()
    return [Cell(row, places.first["note"], content, "note")]


def _target_headings(setting: TableContext) -> tuple[str, ...]:
    text = setting.headings.get("targets_by_year", "Target {year}")
    return tuple(text.replace("{year}", year) for year in setting.target_years)


def _month_headings(setting: TableContext) -> tuple[str, ...]:
    return tuple(month.label for month in setting.months)


def _sparkline_heading(setting: TableContext) -> tuple[str, ...]:
    count = len(setting.months) - setting.folded
    usual = f"Last {count} months" if count > 1 else "This month"
    return single_heading("sparkline", usual)(setting)


def _benchmark_headings(setting: TableContext) -> tuple[str, ...]:
    return tuple(comparator.title for comparator in setting.comparators)


COLUMN_KINDS: Mapping[ColumnKind, TableColumnKind] = {
    "reference": TableColumnKind(single_heading("reference", "Ref."), 6, _reference),
    "indicator": TableColumnKind(
        single_heading("indicator", "Indicator"), 50, _indicator, centred=False
    ),
    "months": TableColumnKind(_month_headings, 8, _months),
    "sparkline": TableColumnKind(_sparkline_heading, 20, _sparkline),
    "trend": TableColumnKind(single_heading("trend", "Change on last month"), 13, _trend),
    "target": TableColumnKind(single_heading("target", "Target"), 9, _target),
    "rag": TableColumnKind(single_heading("rag", "RAG"), 11, _rag),
    "direction": TableColumnKind(
        single_heading("direction", "Direction of travel"), 12, _direction
    ),
    "benchmarks": TableColumnKind(_benchmark_headings, 12.5, _benchmarks),
    "targets_by_year": TableColumnKind(_target_headings, 9, _targets_by_year),
    "note": TableColumnKind(single_heading("note", "Note"), 30, _note, centred=False),
    **CHANGE_COLUMNS,
    **TEXT_COLUMNS,
}


def placed(columns: Sequence[ColumnKind], setting: TableContext) -> tuple[ColumnPositions, int]:
    """Return where each kind of column begins, and the number of columns in all."""
    first: dict[ColumnKind, int] = {}
    at = 0
    for kind in columns:
        first[kind] = at
        at += len(COLUMN_KINDS[kind].headings(setting))
    return ColumnPositions(first, len(setting.months), setting.folded), at
