"""Columns that look back: changes, the average, the maximum and the year to date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.indicators import judge
from workbook_builder.indicators.rows import Indicator
from workbook_builder.sheets import formulas
from workbook_builder.sheets.column import Cells, Kind, Places, one
from workbook_builder.sheets.formulas import DASH, NOT_APPLICABLE
from workbook_builder.sheets.plan import Area, Cell, ChangeMarks, Number, Text

_YEAR = 12

_CHANGES: tuple[ColumnKind, ...] = ("change_on_month", "change_on_year")


def _change(kind: ColumnKind) -> Cells:
    def cells(indicator: Indicator, row: int, places: Places) -> list[Cell]:
        column = places.first[kind]
        at = indicator.compared
        position = at.previous if kind == "change_on_month" else at.year_ago
        if at.current is None or position is None:
            return [Cell(row, column, Text(NOT_APPLICABLE), "change", note=_lacks(indicator, kind))]
        current, before = indicator.value_at(at.current), indicator.value_at(position)
        change = None if current is None or before is None else judge.change(current, before)
        content = formulas.change_formula(
            places.month(row, at.current), places.month(row, position), change
        )
        note = compares(indicator, position)
        return [Cell(row, column, content, "change", formulas.CHANGE_FORMAT, note)]

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


def _average(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    digits = judge.digits(indicator.unit, indicator.decimals)
    value = judge.average(_last_year(indicator), digits)
    content = formulas.average_formula(places.last_months(row, _YEAR), digits, value)
    return [Cell(row, places.first["average"], content, "derived", _shape(indicator))]


def _maximum(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    value = max(_last_year(indicator), default=None)
    content = formulas.maximum_formula(places.last_months(row, _YEAR), value)
    return [Cell(row, places.first["maximum"], content, "derived", _shape(indicator))]


def _year_to_date(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    column, found = places.first["year_to_date"], indicator.to_date
    if found.adding == "sum":
        added = [one.value or 0 for one in indicator.months[-found.months :]]
        total = None if found.value is None else sum(added)
        content = formulas.sum_formula(places.last_months(row, found.months), total)
        return [Cell(row, column, content, "derived", _shape(indicator), found.reason)]
    if found.value is None:
        return [Cell(row, column, Text(DASH), "derived", note=found.reason)]
    value = judge.printed(found.value, indicator.unit, indicator.decimals)
    return [Cell(row, column, Number(value), "derived", _shape(indicator))]


def _last_year(indicator: Indicator) -> list[float]:
    return [one.value for one in indicator.months[-_YEAR:] if one.value is not None]


def _shape(indicator: Indicator) -> str:
    return formulas.number_format(indicator.unit, indicator.decimals)


KINDS: Mapping[ColumnKind, Kind] = {
    "change_on_month": Kind(
        one("change_on_month", "% change from previous month"), 11, _change("change_on_month")
    ),
    "change_on_year": Kind(
        one("change_on_year", "% change from same month of previous year"),
        12,
        _change("change_on_year"),
    ),
    "average": Kind(one("average", "12 month average"), 10, _average),
    "maximum": Kind(one("maximum", "12-mnth max value"), 10, _maximum),
    "year_to_date": Kind(one("year_to_date", "Year to date"), 10, _year_to_date),
}


def change_marks(
    indicators: Sequence[Indicator], places: Places, first_row: int
) -> Iterator[ChangeMarks]:
    """Yield what marks the changes: neighbouring rows of one polarity and band share it."""
    for column in (places.first[kind] for kind in _CHANGES if kind in places.first):
        row = first_row
        for (better, band), rows in groupby(indicators, lambda one: (one.desired, one.level_band)):
            count = len(list(rows))
            yield ChangeMarks(Area(row, column, row + count - 1, column), better, band)
            row += count
