"""A sheet of caseloads: the high ones, each team's list, and the summary by team beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workbook_builder.caseloads import Caseloads, Worker
from workbook_builder.definitions.team_sheets import CaseloadSheet
from workbook_builder.definitions.teams import Teams
from workbook_builder.indicators.caseloads import CaseloadSummary, summed_up
from workbook_builder.months import Month, day_label
from workbook_builder.sheets.caseload_rows import Rows, summary_headings, summary_rows, worker_rows
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Highlight,
    NativeTable,
    Number,
    Sheet,
    Text,
    Width,
)
from workbook_builder.sheets.text_height import lines_needed, row_height, wrapped
from workbook_builder.sheets.titles import SECTION_HEIGHT, TITLE_HEIGHTS, titles

_WIDTHS = (13.5, 17.0, 32.0)
_WORKER_WIDTH = 28.0
_GAP = 3.0
_TEAM_WIDTH = 34.0
_NUMBER_WIDTH = 10.5
_TOP = 3
_SECTION_WIDTH = 48
_UNKNOWN_DAY = "The list does not say of which day it is; it is taken for the month's."


def origin(caseloads: Caseloads, month: Month) -> str:
    """Say where caseloads come from, and of which day they are."""
    if not caseloads.workers:
        return caseloads.reason
    if caseloads.source == "allocations":
        said = f"Counted from the allocations that are open at the end of {month.label}."
        return f"{caseloads.reason} {said}".strip()
    if caseloads.day is None:
        return f"From the caseload list. {_UNKNOWN_DAY}"
    return f"From the caseload list of {day_label(caseloads.day)}."


def caseload_sheet(
    sheet: CaseloadSheet,
    caseloads: Caseloads,
    teams: Teams,
    month: Month,
    table_name: Callable[[str], str],
) -> Sheet:
    """Lay out a sheet; without caseloads it says why there are none."""
    said = origin(caseloads, month)
    if not caseloads.workers:
        return _without(sheet, month, said)
    summary = summed_up(caseloads, sheet.threshold, teams)
    return _Laid(sheet, summary, teams, table_name).sheet(f"{month.label}. {said}")


def _without(sheet: CaseloadSheet, month: Month, said: str) -> Sheet:
    lines = [Cell(_TOP + at, 0, Text(line), "body") for at, line in enumerate(wrapped(said, 90))]
    cells = (*titles(sheet.title, f"{month.label}. There are no caseloads to show."), *lines)
    area = Area(0, 0, _TOP + len(lines), 1)
    return Sheet(sheet.name, cells, (Width(0, 1, 50.0),), TITLE_HEIGHTS, print_area=area)


class _Laid:
    def __init__(
        self,
        sheet: CaseloadSheet,
        summary: CaseloadSummary,
        teams: Teams,
        table_name: Callable[[str], str],
    ) -> None:
        self.of = sheet
        self.summary = summary
        self.teams = teams
        self.table_name = table_name
        self.widths = _WIDTHS + ((_WORKER_WIDTH,) if sheet.show_workers else ())
        self.right = len(self.widths) + 1
        threshold = Area(_TOP - 1, self.right + 1, _TOP - 1, self.right + 1)
        self.threshold = threshold.absolute
        self.row = _TOP
        self.cells: list[Cell] = []
        self.heights: dict[int, float] = {}
        self.highlights: list[Highlight] = []
        self.tables: list[NativeTable] = []
        self.ranges: dict[str, tuple[Area, Area]] = {}

    def sheet(self, subtitle: str) -> Sheet:
        self._list(f"Caseloads of {self.of.threshold} or more", self.summary.at_or_over, "over")
        if self.of.team_lists:
            for load in self.summary.teams:
                rows = self._list(self.teams.get(load.team).short_name, load.workers, load.team)
                self.ranges[load.team] = (rows.column(0), rows.column(1))
        width = self._summary()
        return Sheet(
            name=self.of.name,
            cells=(*titles(self.of.title, subtitle), *self.cells),
            widths=tuple(self._widths(width)),
            heights=(*TITLE_HEIGHTS, *sorted(self.heights.items())),
            tables=tuple(self.tables),
            repeat_rows=(0, 1),
            print_area=Area(0, 0, self.row - 1, width - 1),
            highlights=tuple(self.highlights),
        )

    def _list(self, title: str, workers: Sequence[Worker], name: str) -> Rows:
        lines = wrapped(title, _SECTION_WIDTH)
        for line in lines:
            self.cells.append(Cell(self.row, 0, Text(line), "section"))
            self._high(self.row, SECTION_HEIGHT)
            self.row += 1
        self.row -= 1
        shown = self.of.show_workers
        rows = worker_rows(workers, self.row + 1, 0, self.threshold, self.teams, named=shown)
        self._high(self.row + 1, row_height(2))
        for at, worker in enumerate(workers, self.row + 2):
            name_shown = self.teams.get(worker.team).short_name
            self._high(at, row_height(lines_needed(name_shown, _WIDTHS[2])))
        self.cells += rows.cells
        self.highlights += rows.highlights
        if workers:
            self._table(f"caseloads {name}", rows)
        else:
            said = f"No caseload is {self.of.threshold} or more."
            self.cells.append(Cell(rows.area.last_row + 1, 0, Text(said), "body"))
            self.row += 1
        self.row = rows.area.last_row + 2
        return rows

    def _summary(self) -> int:
        """Lay out the summary and return the number of columns of the sheet."""
        self.cells += [
            Cell(_TOP - 1, self.right, Text("Threshold: a caseload over it stands out"), "name"),
            Cell(_TOP - 1, self.right + 1, Number(self.of.threshold), "figure", "#,##0"),
            Cell(_TOP, self.right, Text("By team"), "section"),
        ]
        self._high(_TOP - 1, row_height(1))
        rows = summary_rows(self.summary, _TOP + 1, self.right, self.teams, ranges=self.ranges,
                            threshold=self.threshold)  # fmt: skip
        for at, load in enumerate(self.summary.teams, _TOP + 2):
            name = self.teams.get(load.team).short_name
            self._high(at, row_height(lines_needed(name, _TEAM_WIDTH)))
        self.cells += rows.cells
        self._table("caseloads summary", rows)
        self.row = max(self.row, rows.area.last_row + 2)
        return rows.area.last_column + 1

    def _high(self, row: int, height: float) -> None:
        self.heights[row] = max(height, self.heights.get(row, 0))

    def _table(self, name: str, rows: Rows) -> None:
        self.tables.append(NativeTable(self.table_name(name), rows.area, rows.headings))

    def _widths(self, width: int) -> Iterator[Width]:
        for at, size in enumerate((*self.widths, _GAP, _TEAM_WIDTH)):
            yield Width(at, at, size)
        numbers = len(summary_headings(self.summary, statuses=True)) - 1
        yield Width(width - numbers, width - 1, _NUMBER_WIDTH)
