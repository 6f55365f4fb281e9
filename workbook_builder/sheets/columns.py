"""The columns a table may have: for each kind its headings, its widths and its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.definitions.values import MISSING, Entry
from workbook_builder.indicators.judge import decimals_shown
from workbook_builder.indicators.rows import Indicator, Shown
from workbook_builder.sheets import changes, formulas, wordings
from workbook_builder.sheets.column import Kind, Places, Setting, one
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


def _reference(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    content: Content = Text(indicator.reference) if indicator.reference else Empty()
    style: StyleName = "quality" if indicator.qualitative else "reference"
    return [Cell(row, places.first["reference"], content, style)]


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
        content = Text(formulas.HIDDEN) if formulas.is_hidden(shown) else Empty()
        return Cell(row, column, content, "blank", note=shown.reason)
    style: StyleName = "revised" if shown.mark else "latest" if latest else "figure"
    shape = formulas.number_format(indicator.unit, indicator.decimals)
    return Cell(row, column, Number(shown.value), style, shape, shown.mark)


def _sparkline(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    return [Cell(row, places.first["sparkline"], Empty(), "spark")]


def _trend(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    column = places.first["trend"]
    at = indicator.compared
    if at.current is None or at.previous is None:
        return [Cell(row, column, Text(DASH), "trend")]
    current, previous = places.month(row, at.current), places.month(row, at.previous)
    content = formulas.trend_formula(current, previous, indicator.trend)
    shape = formulas.signed_format(indicator.unit, indicator.decimals)
    note = changes.compares(indicator, at.previous)
    return [Cell(row, column, content, "trend", shape, note)]


def _target(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    column = places.first["target"]
    return [entry_cell(indicator.target or MISSING, row, column, "target", indicator, full=True)]


def _targets_by_year(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    first = places.first["targets_by_year"]
    return [
        entry_cell(entry or MISSING, row, first + at, "target", indicator, full=True)
        for at, entry in enumerate(indicator.targets_by_year)
    ]


def _rag(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    column = places.first["rag"]
    position = indicator.compared.current
    target_known = indicator.target is not None and indicator.target.number is not None
    if indicator.better is None or not target_known or position is None:
        return [Cell(row, column, Text(DASH), "rag")]
    target = address(row, places.first["target"])
    current = places.month(row, position)
    content = formulas.rag_formula(
        current, target, indicator.better, indicator.tolerance, indicator.rag
    )
    return [Cell(row, column, content, "rag", formulas.RAG_FORMAT, changes.rates(indicator))]


def _direction(indicator: Indicator, row: int, places: Places) -> list[Cell]:
    column = places.first["direction"]
    at = indicator.compared
    if indicator.better is None or at.current is None or at.previous is None:
        return [Cell(row, column, Text(DASH), "direction")]
    current, previous = places.month(row, at.current), places.month(row, at.previous)
    content = formulas.direction_formula(current, previous, indicator.better, indicator.direction)
    note = changes.compares(indicator, at.previous)
    return [Cell(row, column, content, "direction", formulas.DIRECTION_FORMAT, note)]


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


def _target_headings(setting: Setting) -> tuple[str, ...]:
    text = setting.headings.get("targets_by_year", "Target {year}")
    return tuple(text.replace("{year}", year) for year in setting.target_years)


def _month_headings(setting: Setting) -> tuple[str, ...]:
    return tuple(month.label for month in setting.months)


def _sparkline_heading(setting: Setting) -> tuple[str, ...]:
    count = len(setting.months) - setting.folded
    usual = f"Last {count} months" if count > 1 else "This month"
    return one("sparkline", usual)(setting)


def _benchmark_headings(setting: Setting) -> tuple[str, ...]:
    return tuple(comparator.title for comparator in setting.comparators)


KINDS: Mapping[ColumnKind, Kind] = {
    "reference": Kind(one("reference", "Ref."), 6, _reference),
    "indicator": Kind(one("indicator", "Indicator"), 50, _indicator, centred=False),
    "months": Kind(_month_headings, 8, _months),
    "sparkline": Kind(_sparkline_heading, 20, _sparkline),
    "trend": Kind(one("trend", "Change on last month"), 13, _trend),
    "target": Kind(one("target", "Target"), 9, _target),
    "rag": Kind(one("rag", "RAG"), 11, _rag),
    "direction": Kind(one("direction", "Direction of travel"), 12, _direction),
    "benchmarks": Kind(_benchmark_headings, 12.5, _benchmarks),
    "targets_by_year": Kind(_target_headings, 9, _targets_by_year),
    "note": Kind(one("note", "Note"), 30, _note, centred=False),
    **changes.KINDS,
    **wordings.KINDS,
}


def placed(columns: Sequence[ColumnKind], setting: Setting) -> tuple[Places, int]:
    """Return where each kind of column begins, and the number of columns in all."""
    first: dict[ColumnKind, int] = {}
    at = 0
    for kind in columns:
        first[kind] = at
        at += len(KINDS[kind].headings(setting))
    return Places(first, len(setting.months), setting.folded), at
