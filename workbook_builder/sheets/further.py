"""The sheets of a workbook beside its board tables: slides, teams, caseloads, what charts draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from workbook_builder.caseloads import Caseloads
from workbook_builder.definitions.layouts import Layout, Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.team_sheets import Breakdown
from workbook_builder.figures import Figures
from workbook_builder.indicators.benchmarks import Held
from workbook_builder.indicators.caseloads import summed_up
from workbook_builder.indicators.rows import Indicator, judged_rows
from workbook_builder.indicators.team_tables import TeamTable
from workbook_builder.indicators.teams import team_table
from workbook_builder.months import Month
from workbook_builder.problems import counted
from workbook_builder.sheets.caseload_sheet import caseload_sheet, origin
from workbook_builder.sheets.chart_data import NAME as CHART_DATA
from workbook_builder.sheets.chart_data import ChartData, board_sources
from workbook_builder.sheets.free_names import free_name
from workbook_builder.sheets.plan import Area, Sheet
from workbook_builder.sheets.slide_sheet import CaseloadPlace, Stage, caseload_place, slide_sheet
from workbook_builder.sheets.sparkline_rows import as_asked
from workbook_builder.sheets.team_sheet import team_sheet

Contents = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Material:
    """All that the sheets are made of."""

    layout: Layout
    definitions: Definitions
    figures: Figures
    months: tuple[Month, ...]
    caseloads: tuple[Caseloads, ...]
    subtitle: str
    held: Held | None = None


@dataclass(frozen=True)
class Further:
    """The sheets, with what the cover says of them and the names of what is copied elsewhere.

    `boards` are the board tables as they were, or with what their sparklines need elsewhere.
    """

    boards: tuple[Sheet, ...]
    slides: tuple[Sheet, ...]
    sheets: tuple[Sheet, ...]
    data: tuple[Sheet, ...]
    indicators: tuple[Indicator, ...]
    slide_contents: Contents
    sheet_contents: Contents
    names: tuple[tuple[str, str, Area], ...]

    @property
    def data_contents(self) -> Contents:
        """What the cover says of the sheet that charts draw from."""
        said = "What charts draw that stands in no other table"
        return ((CHART_DATA, said),) if self.data else ()


def further_sheets(
    material: Material,
    boards: Sequence[Sheet],
    judged: Sequence[Sequence[Indicator]],
    taken: Sequence[str],
) -> Further:
    """Return the sheets; `taken` are names of tables that there are already."""
    return _Maker(material, boards, judged, taken).made()


class _Maker:
    def __init__(
        self,
        material: Material,
        boards: Sequence[Sheet],
        judged: Sequence[Sequence[Indicator]],
        taken: Sequence[str],
    ) -> None:
        self.of = material
        self.boards = boards
        self.judged = judged
        self.taken = list(taken)
        self.teams = material.definitions.known_teams
        self.data = ChartData(material.months, board_sources(boards, judged, material.months))

    def made(self) -> Further:
        layout = self.of.layout
        teams = [self._team_sheet(at) for at in range(len(layout.team_sheets))]
        caseloads = tuple(self._caseload_sheets())
        slides = tuple(self._slides(caseloads))
        tables = zip(layout.tables, self.boards, strict=True)
        boards = tuple(as_asked(table.sparklines, board, self.data) for table, board in tables)
        sheet = self.data.sheet()
        return Further(
            boards, slides, (*teams, *caseloads), (sheet,) if sheet else (),
            tuple(self.indicators.values()), tuple(self._slide_contents()),
            tuple(self._sheet_contents()), tuple(self._names([*slides, *teams, *caseloads])),
        )  # fmt: skip

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators of all measures that stand on these sheets."""
        layout = self.of.layout
        shown = [name for sheet in layout.team_sheets for name in sheet.measures]
        names = dict.fromkeys([*shown, *(name for one in layout.slides for name in one.measures)])
        if not names:
            return {}
        rows = tuple(Row(measure=name) for name in names)
        table = Table(name="-", title="-", columns=("months",), rows=rows)
        material = self.of
        made = judged_rows(
            table, material.definitions, material.figures, material.months, held=material.held
        )
        return {indicator.measure: indicator for indicator in made}

    def _table_name(self, text: str) -> str:
        self.taken.append(free_name(text, self.taken))
        return self.taken[-1]

    def _team_table(self, breakdown: Breakdown) -> TeamTable:
        return team_table(breakdown, self.of.definitions, self.of.figures, self.of.months)

    def _team_sheet(self, at: int) -> Sheet:
        sheet = self.of.layout.team_sheets[at]
        tables = [self._team_table(one) for one in sheet.breakdowns]
        laid = team_sheet(sheet, tables, self._table_name, self.of.subtitle)
        return as_asked(sheet.sparklines, laid, self.data)

    def _caseload_sheets(self) -> Iterator[Sheet]:
        month = self.of.months[-1]
        for at, sheet in enumerate(self.of.layout.caseloads):
            yield caseload_sheet(sheet, self._caseloads(at), self.teams, month, self._table_name)

    def _caseloads(self, at: int) -> Caseloads:
        given = self.of.caseloads
        return given[at] if at < len(given) else Caseloads(reason="No caseload list was given.")

    def _slides(self, caseload_sheets: Sequence[Sheet]) -> Iterator[Sheet]:
        place = self._caseload_place(caseload_sheets)
        for slide in self.of.layout.slides:
            names = dict.fromkeys(one.teams for one in slide.panels.values() if one.teams)
            stage = Stage(
                self.indicators, {name: self._team_table(self._on_slide(name)) for name in names},
                self.of.definitions.comparators, self.teams, place, self.data, self.of.subtitle,
            )  # fmt: skip
            yield slide_sheet(slide, stage)

    def _caseload_place(self, sheets: Sequence[Sheet]) -> CaseloadPlace:
        """Slides show the first caseload sheet of the layout."""
        if not sheets:
            return CaseloadPlace(None, "")
        first, found = self.of.layout.caseloads[0], self._caseloads(0)
        summary = summed_up(found, first.threshold, self.teams) if found.workers else None
        return caseload_place(summary, origin(found, self.of.months[-1]), sheets[0])

    def _on_slide(self, measure: str) -> Breakdown:
        """Return a measure by team as its team sheet has it, but with the rest in one row."""
        sheets = self.of.layout.team_sheets
        blocks = (one for sheet in sheets for one in sheet.breakdowns if one.measure == measure)
        usual = next(blocks, Breakdown(measure))
        return replace(usual, group=None, others="one_row", months=False)

    def _slide_contents(self) -> Iterator[tuple[str, str]]:
        for slide in self.of.layout.slides:
            yield slide.name, f"Slide: {slide.title}"

    def _sheet_contents(self) -> Iterator[tuple[str, str]]:
        for sheet in self.of.layout.team_sheets:
            yield sheet.name, f"{counted(len(sheet.blocks), 'indicator')} by team"
        for one in self.of.layout.caseloads:
            yield one.name, f"Caseloads of {one.threshold} or more, and all of them by team"

    def _names(self, sheets: Sequence[Sheet]) -> Iterator[tuple[str, str, Area]]:
        """Name each page, to be copied into a slide or to be found by other programs."""
        name: Callable[[str], str] = self._table_name
        for sheet in sheets:
            if sheet.print_area:
                yield f"n_{name(sheet.name).removeprefix('t_')}", sheet.name, sheet.print_area
