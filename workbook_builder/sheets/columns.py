"""The columns a table may have: for each kind its headings, its widths and its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.definitions.benchmarks import Comparator
from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.definitions.values import MISSING, Entry
from workbook_builder.indicators.judge import decimals_shown
from workbook_builder.indicators.rows import Indicator, Shown
from workbook_builder.months import Month
from workbook_builder.sheets import formulas
from workbook_builder.sheets.formulas import DASH
from workbook_builder.sheets.plan import (
    Cell,
    Content,
    Empty,
    Number,
    StyleName,
    Text,
    address,
)


@dataclass(frozen=True)
class Setting:
    """What all tables of a workbook have in common."""

    months: tuple[Month, ...]
    comparators: tuple[Comparator, ...]


@dataclass(frozen=True)
class Places:
    """Where each kind of column begins in a table."""

    first: Mapping[ColumnKind, int]
    months: int

    def current(self, row: int) -> str:
        """The address of the last month's cell."""
        return address(row, self.first["months"] + self.months - 1)

    def previous(self, row: int) -> str:
        """The address of the cell of the month before the last."""
        return address(row, self.first["months"] + self.months - 2)


Headings = Callable[[Setting], tuple[str, ...]]
Cells = Callable[[Indicator, int, Places], list[Cell]]


@dataclass(frozen=True)
class Kind:
    """A kind of column (or of neighbouring columns): headings, width of each, and its cells."""

    headings: Headings
    width: float
    cells: Cells
    centred: bool = True


def _one(heading: str) -> Headings:
    return lambda setting: (heading,)


def _reference(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    content: Content = Text(indicator.reference) if indicator.reference else Empty()
    return [Cell(row, places.first["reference"], content, "reference")]


def _indicator(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    return [Cell(row, places.first["indicator"], Text(indicator.title), "indicator")]


def _months(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    first = places.first["months"]
    last = len(indicator.months) - 1
    return [
        _month(shown, row, first + at, indicator, latest=at == last)
        for at, shown in enumerate(indicator.months)
    ]


def _month(shown: Shown, row: int, column: int, indicator: Indicator, *, latest: bool) -> Cell:
    if shown.value is None:
        return Cell(row, column, Empty(), "blank", note=shown.reason)
    style: StyleName = "latest" if latest else "figure"
    shape = formulas.number_format(indicator.unit, indicator.decimals)
    return Cell(row, column, Number(shown.value), style, shape)


def _sparkline(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    return [Cell(row, places.first["sparkline"], Empty(), "spark")]


def _trend(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    column = places.first["trend"]
    if places.months < 2:
        return [Cell(row, column, Text(DASH), "trend")]
    content = formulas.trend_formula(places.current(row), places.previous(row), indicator.trend)
    shape = formulas.signed_format(indicator.unit, indicator.decimals)
    return [Cell(row, column, content, "trend", shape)]


def _target(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    column = places.first["target"]
    return [entry_cell(indicator.target or MISSING, row, column, "target", indicator, full=True)]


def _rag(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    column = places.first["rag"]
    if indicator.better is None or indicator.target is None or indicator.target.number is None:
        return [Cell(row, column, Text(DASH), "rag")]
    target = address(row, places.first["target"])
    current = places.current(row)
    content = formulas.rag_formula(
        current, target, indicator.better, indicator.tolerance, indicator.rag
    )
    return [Cell(row, column, content, "rag", formulas.RAG_FORMAT)]


def _direction(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    column = places.first["direction"]
    if indicator.better is None or places.months < 2:
        return [Cell(row, column, Text(DASH), "direction")]
    content = formulas.direction_formula(
        places.current(row), places.previous(row), indicator.better, indicator.direction
    )
    return [Cell(row, column, content, "direction", formulas.DIRECTION_FORMAT)]


def _benchmarks(indicator: Indicator, row: int, places: Places) -> list[Cell]:
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
    shape = formulas.entry_format(indicator.unit, decimals, entry.sign)
    return Cell(row, column, Number(entry.number), style, shape)


def _note(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    content: Content = Text(indicator.note) if indicator.note else Empty()
    return [Cell(row, places.first["note"], content, "note")]


def _month_headings(setting: Setting) -> tuple[str, ...]:
    return tuple(month.label for month in setting.months)


def _sparkline_heading(setting: Setting) -> tuple[str, ...]:
    count = len(setting.months)
    return (f"Last {count} months" if count > 1 else "This month",)


def _benchmark_headings(setting: Setting) -> tuple[str, ...]:
    return tuple(comparator.title for comparator in setting.comparators)


KINDS: Mapping[ColumnKind, Kind] = {
    "reference": Kind(_one("Ref."), 6, _reference),
    "indicator": Kind(_one("Indicator"), 50, _indicator, centred=False),
    "months": Kind(_month_headings, 8, _months),
    "sparkline": Kind(_sparkline_heading, 20, _sparkline),
    "trend": Kind(_one("Change on last month"), 13, _trend),
    "target": Kind(_one("Target"), 9, _target),
    "rag": Kind(_one("RAG"), 11, _rag),
    "direction": Kind(_one("Direction of travel"), 12, _direction),
    "benchmarks": Kind(_benchmark_headings, 12.5, _benchmarks),
    "note": Kind(_one("Note"), 30, _note, centred=False),
}


def placed(columns: Sequence[ColumnKind], setting: Setting) -> tuple[Places, int]:
    """Return where each kind of column begins, and the number of columns in all."""
    first: dict[ColumnKind, int] = {}
    at = 0
    for kind in columns:
        first[kind] = at
        at += len(KINDS[kind].headings(setting))
    return Places(first, len(setting.months)), at
