"""The tables of a slide: a measure by team, measures with their month, and caseloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.slides import GridArea
from workbook_builder.definitions.teams import Teams
from workbook_builder.indicators.caseloads import CaseloadSummary
from workbook_builder.indicators.judge import decimals_shown, direction
from workbook_builder.indicators.rows import Indicator
from workbook_builder.indicators.team_tables import TeamTable, rating, with_fewer_rows
from workbook_builder.sheets import formulas
from workbook_builder.sheets.caseload_rows import Rows, summary_rows, worker_rows
from workbook_builder.sheets.chart_data import Source
from workbook_builder.sheets.formulas import DASH, HIDDEN
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    Formula,
    Icons,
    IconSet,
    Number,
    Place,
    StyleName,
    Text,
    address,
)
from workbook_builder.sheets.slide_grid import Need
from workbook_builder.sheets.team_rows import LaidOut, columns_of, lay_out

_WIDTHS = {"Denominator": 88, "Numerator": 78, "%": 64, "RAG": 78, "Average": 68, "Number": 78,
           "No. of Allocations": 124, "Qualifying Status": 118, "Allocated_Team": 0}  # fmt: skip
_OTHER_WIDTH = 70
_SMALL_HEADINGS = ("Indicator", "", "", "Target", "RAG", "Direction")
_SMALL_WIDTHS = (64, 64, 64, 78, 82)


@dataclass(frozen=True)
class Spot:
    """Where a table begins, the size of its font, its rows, and how a name is made to fit."""

    row: int
    column: int
    size: int
    room: int
    fit: Callable[[str], str]


@dataclass(frozen=True)
class SlideTable:
    """A table of a slide: what it needs, and how it is laid out in a spot."""

    need: Need
    lay: Callable[[Spot], LaidOut]


def team_panel(table: TeamTable, area: GridArea, title: str, teams: Teams) -> SlideTable:
    """Return a measure by team; teams that there is no room for stand together in one row."""
    columns = columns_of(table)
    widths = tuple(_WIDTHS.get(text, _OTHER_WIDTH) for text in columns.headings[1:])

    def named(name: str) -> str:
        return teams.get(name).short_name

    def lay(spot: Spot) -> LaidOut:
        spare = spot.room - 1 - (len(table.rows) + table.judged)
        shown = with_fewer_rows(table, -spare) if spare < 0 else table

        def fitted(name: str) -> str:
            return spot.fit(named(name))

        return lay_out(shown, spot.row, spot.column, size=spot.size, named=fitted)

    names = tuple(named(row.name) for row in table.rows)
    rows = 1 + len(table.rows) + table.judged
    teams_shown = sum(row.kind == "team" for row in table.rows)
    need = Need(area, widths, rows, names, title, 1 + rows - max(teams_shown - 1, 0))
    return SlideTable(need, lay)


def high_caseloads_panel(
    summary: CaseloadSummary, area: GridArea, title: str, teams: Teams
) -> SlideTable:
    """Return the caseloads at or over the threshold; the lowest are left out if room is short."""
    workers = summary.at_or_over
    names = tuple(f"{at}" for at in range(len(workers)))

    def lay(spot: Spot) -> LaidOut:
        fits = workers if len(workers) < spot.room else workers[: max(spot.room - 2, 0)]
        rows = worker_rows(fits, spot.row, spot.column, summary.threshold, teams, size=spot.size)
        left = len(workers) - len(fits)
        text = f"and {left} more of {summary.threshold} or over"
        more = _more(rows.area, text, spot.size) if left else ()
        return _as_laid_out(rows, more)

    return SlideTable(Need(area, (118, 142), 1 + len(workers), names, title, 4), lay)


def _more(area: Area, text: str, size: int) -> tuple[Cell, ...]:
    return (Cell(area.last_row + 1, area.first_column, Text(text), "subtitle", size=size),)


def caseload_summary_panel(
    summary: CaseloadSummary, area: GridArea, title: str, teams: Teams
) -> SlideTable:
    """Return the caseloads by team; the smallest teams are left out if room is short."""
    names = tuple(teams.get(load.team).short_name for load in summary.teams)

    def lay(spot: Spot) -> LaidOut:
        fits = spot.room - 2
        left = len(summary.teams) - fits
        shown = summary if left <= 0 else _largest(summary, max(fits - 1, 0))
        rows = summary_rows(
            shown, spot.row, spot.column, teams, statuses=False, size=spot.size, fit=spot.fit
        )
        hidden = len(summary.teams) - len(shown.teams)
        more = _more(rows.area, f"All teams: with {hidden} more", spot.size) if hidden else ()
        return _as_laid_out(rows, more)

    widths = (66, 58, 66, 76, 64)
    return SlideTable(Need(area, widths, 2 + len(summary.teams), names, title, 4), lay)


def _largest(summary: CaseloadSummary, most: int) -> CaseloadSummary:
    kept = sorted(summary.teams, key=lambda load: -load.cases)[:most]
    return replace(summary, teams=tuple(load for load in summary.teams if load in kept))


def _as_laid_out(rows: Rows, more: Sequence[Cell] = ()) -> LaidOut:
    return LaidOut(rows.area, rows.headings, (*rows.cells, *more), (), (), (), rows.highlights)


def measures_panel(
    indicators: Sequence[Indicator], area: GridArea, title: str, sources: Mapping[str, Source]
) -> SlideTable:
    """Return a small table: the last two months of each measure, target, RAG and direction."""
    labels = [shown.month.label for shown in indicators[0].months[-2:]]
    months = ("Before", *labels) if len(labels) < 2 else tuple(labels)

    def lay(spot: Spot) -> LaidOut:
        fits = indicators if len(indicators) < spot.room else indicators[: max(spot.room - 2, 0)]
        laid = _Small(fits, sources, spot, months).laid_out()
        left = len(indicators) - len(fits)
        text = f"and {left} more, for which there is no room"
        more = _more(laid.area, text, spot.size) if left else ()
        return replace(laid, cells=(*laid.cells, *more))

    names = tuple(one.title for one in indicators)
    return SlideTable(Need(area, _SMALL_WIDTHS, 1 + len(indicators), names, title, 4), lay)


@dataclass(frozen=True)
class _Small:
    indicators: Sequence[Indicator]
    sources: Mapping[str, Source]
    spot: Spot
    months: tuple[str, ...]

    def laid_out(self) -> LaidOut:
        headings = self._headings()
        cells = [self._cell(self.spot.row, at, Text(text), "heading_centred" if at else "heading")
                 for at, text in enumerate(headings)]  # fmt: skip
        for row, one in enumerate(self.indicators, self.spot.row + 1):
            cells += self._indicator(row, one)
        last = self.spot.row + len(self.indicators)
        area = Area(self.spot.row, self.spot.column, last, self.spot.column + len(headings) - 1)
        codes: tuple[tuple[int, Icons], ...] = ((4, "rag"), (5, "direction"))
        columns = [(area.first_column + at, kind) for at, kind in codes if self.indicators]
        icons = [IconSet(Area(area.first_row + 1, at, last, at), kind) for at, kind in columns]
        return LaidOut(area, headings, tuple(cells), tuple(icons), (), ())

    def _headings(self) -> tuple[str, ...]:
        return (_SMALL_HEADINGS[0], *self.months, *_SMALL_HEADINGS[3:])

    def _cell(self, row: int, at: int, content: Content, style: StyleName, shape: str = "") -> Cell:
        return Cell(row, self.spot.column + at, content, style, shape, size=self.spot.size)

    def _name(self, row: int, one: Indicator) -> Cell:
        shown = self.spot.fit(one.title)
        note = one.title if shown != one.title else ""
        return self._cell(row, 0, Text(shown), "name")._replace(note=note)

    def _indicator(self, row: int, one: Indicator) -> list[Cell]:
        shape = formulas.number_format(one.unit, one.decimals)
        previous, current = self._month(one, -2), self._month(one, -1)
        cells = [
            self._name(row, one),
            self._marked(self._cell(row, 1, previous, "figure", shape), one, -2),
            self._marked(self._cell(row, 2, current, "total", shape), one, -1),
        ]
        return [*cells, self._target(row, one), self._rag(row, one), self._direction(row, one)]

    def _marked(self, cell: Cell, one: Indicator, back: int) -> Cell:
        """Mark a figure that is not what today's extracts give."""
        mark = one.months[back].mark if len(one.months) >= -back else ""
        return cell._replace(style="revised", note=mark) if mark else cell

    def _month(self, one: Indicator, back: int) -> Content:
        value = _shown(one, back)
        if value is None:
            return Text(HIDDEN if _is_hidden(one, back) else DASH)
        source = self.sources.get(one.measure)
        if source is None:
            return Number(value)
        area = source.months.area
        column = area.last_column + 1 + back
        cell = Place(source.months.sheet, Area(area.first_row, column, area.first_row, column))
        return Formula(f"={cell.text}", value)

    def _target(self, row: int, one: Indicator) -> Cell:
        entry = one.target
        if entry is None or entry.number is None:
            return self._cell(row, 3, Text(entry.word or DASH if entry else DASH), "target")
        decimals = decimals_shown(entry.number, one.unit, one.decimals)
        shape = formulas.entry_format(one.unit, decimals, entry.sign)
        return self._cell(row, 3, Number(entry.number), "target", shape)

    def _rag(self, row: int, one: Indicator) -> Cell:
        if one.better is None or one.target is None or one.target.number is None:
            return self._cell(row, 4, Text(DASH), "rag")
        current, target = self._at(row, 2), self._at(row, 3)
        code = rating(one, _shown(one, -1), one.decimals)
        content = formulas.rag_formula(current, target, one.better, one.tolerance, code)
        return self._cell(row, 4, content, "rag", formulas.RAG_FORMAT)

    def _direction(self, row: int, one: Indicator) -> Cell:
        if one.better is None:
            return self._cell(row, 5, Text(DASH), "direction")
        now, before = _shown(one, -1), _shown(one, -2)
        known = now is not None and before is not None
        code = direction(now, before, one.better) if known else None  # type: ignore[arg-type]
        content = formulas.direction_formula(self._at(row, 2), self._at(row, 1), one.better, code)
        return self._cell(row, 5, content, "direction", formulas.DIRECTION_FORMAT)

    def _at(self, row: int, at: int) -> str:
        return address(row, self.spot.column + at)


def _is_hidden(one: Indicator, back: int) -> bool:
    return len(one.months) >= -back and formulas.is_hidden(one.months[back])


def _shown(one: Indicator, back: int) -> float | None:
    """Return the value of a month counted from the last, which is judged as it stands here.

    The board table may judge an earlier one: a quarter's, where a month has none.
    """
    return one.months[back].value if len(one.months) >= -back else None
