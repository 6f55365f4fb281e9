"""Columns of words: who answers for an indicator, what it is for, what people say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.indicators.rows import Indicator
from workbook_builder.sheets.column import Cells, Kind, Places, one
from workbook_builder.sheets.plan import Cell, Content, Empty, StyleName, Text

UP, DOWN = "▲", "▼"


def _words(kind: ColumnKind, style: StyleName, text: Callable[[Indicator], str]) -> Cells:
    def cells(indicator: Indicator, row: int, places: Places) -> list[Cell]:
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


KINDS: Mapping[ColumnKind, Kind] = {
    "owner": Kind(one("owner", "Owner"), 7, _words("owner", "role", lambda row: row.owner)),
    "reporter": Kind(
        one("reporter", "Reporter"), 8, _words("reporter", "role", lambda row: row.reporter)
    ),
    "outcome": Kind(
        one("outcome", "Outcome"),
        34,
        _words("outcome", "note", lambda row: row.outcome),
        centred=False,
    ),
    "desired_direction": Kind(
        one("desired_direction", "DoT"), 6, _words("desired_direction", "mark", _desired)
    ),
    "percentage": Kind(
        one("percentage", "Percentage?"), 11.5, _words("percentage", "mark", _percentage)
    ),
    "commentary": Kind(
        one("commentary", "Commentary ({month})"),
        50,
        _words("commentary", "note", lambda row: row.commentary),
        centred=False,
    ),
}
