"""A sheet of caseloads: the high ones, each team's list, and the summary by team beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.sheet_layouts import CaseloadSheet
from workbook_builder.figures import Caseloads, Worker
from workbook_builder.indicators.caseload_summary import CaseloadSummary, TeamLoad, summed_up
from workbook_builder.months import Month, day_label
from workbook_builder.sheets.data_table import SECTION_HEIGHT, TITLE_HEIGHTS, titles
from workbook_builder.sheets.formulas import added_formula, share_formula
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    Formula,
    Highlight,
    NativeTable,
    Number,
    Sheet,
    StyleName,
    Text,
    Width,
    address,
)
from workbook_builder.sheets.text_height import lines_needed, row_height, wrapped

LIST_HEADINGS = ("No. of Allocations", "Qualifying Status", "Allocated_Team")
WORKER_HEADING = "Worker"
_SUMMARY_HEADINGS = ("Team", "Workers", "Cases", "Average", "Maximum")
_AVERAGE_FORMAT = "#,##0.0"

#: The areas of a team's numbers of allocations and of its qualifying statuses.
Ranges = Mapping[str, tuple[Area, Area]]


@dataclass(frozen=True)
class Rows:
    """Rows laid out: their cells, their area with its headings, and the numbers that stand out."""

    area: Area
    headings: tuple[str, ...]
    cells: tuple[Cell, ...]
    highlights: tuple[Highlight, ...] = ()

    def column(self, at: int) -> Area:
        """The area of one column below its heading."""
        left = self.area.first_column + at
        return Area(self.area.first_row + 1, left, self.area.last_row, left)


def worker_rows(
    workers: Sequence[Worker], row: int, column: int, over: float | str, teams: Teams,
    *, size: int = 0, named: bool = False,
) -> Rows:  # fmt: skip
    """Lay out a list of workers; `over` is the threshold or the cell that holds it."""
    headings = LIST_HEADINGS + ((WORKER_HEADING,) if named else ())
    cells = [*_headings(headings, row, column, size)]
    for at, worker in enumerate(workers, row + 1):
        texts = [worker.status, teams.get(worker.team).short_name, *([worker.name] * named)]
        cells.append(Cell(at, column, Number(worker.allocations), "figure", "#,##0", size=size))
        cells += [Cell(at, column + number, Text(text), "name", size=size)
                  for number, text in enumerate(texts, 1)]  # fmt: skip
    area = Area(row, column, row + len(workers), column + len(headings) - 1)
    numbers = Area(row + 1, column, row + max(len(workers), 1), column)
    return Rows(area, headings, tuple(cells), (Highlight(numbers, over),) if workers else ())


def _headings(texts: Sequence[str], row: int, column: int, size: int) -> Iterator[Cell]:
    for at, text in enumerate(texts):
        centred = text not in ("Team", "Qualifying Status", "Allocated_Team", WORKER_HEADING)
        style: StyleName = "heading_centred" if centred else "heading"
        yield Cell(row, column + at, Text(text), style, size=size)


def summary_headings(summary: CaseloadSummary, *, statuses: bool) -> tuple[str, ...]:
    """Return the headings of the summary; those of qualifying statuses last."""
    own = (*_SUMMARY_HEADINGS, f"Over {summary.threshold}")
    taken = {heading.casefold() for heading in own}
    named = (f"{one} (status)" if one.casefold() in taken else one for one in summary.statuses)
    return (*own, *(named if statuses else ()))


def summary_rows(
    summary: CaseloadSummary, row: int, column: int, teams: Teams, *,
    ranges: Ranges | None = None, threshold: str = "", statuses: bool = True, size: int = 0,
    fit: Callable[[str], str] = lambda name: name,
) -> Rows:  # fmt: skip
    """Lay out the summary by team; `fit` says how a team's name is written.

    Where the teams' lists stand on the sheet (`ranges`), it is worked out from them in formulas,
    with the cell that holds the threshold.
    """
    layer = _Summary(summary, row, column, teams, ranges or {}, threshold, statuses, size, fit)
    return layer.rows()


@dataclass(frozen=True)
class _Summary:
    summary: CaseloadSummary
    row: int
    column: int
    teams: Teams
    ranges: Ranges
    threshold: str
    statuses: bool
    size: int
    fit: Callable[[str], str]

    def rows(self) -> Rows:
        headings = summary_headings(self.summary, statuses=self.statuses)
        cells = [*_headings(headings, self.row, self.column, self.size)]
        for at, load in enumerate(self.summary.teams, self.row + 1):
            cells += self._team(at, load)
        last = self.row + len(self.summary.teams) + 1
        if self.summary.whole:
            cells += self._whole(last, self.summary.whole)
        area = Area(self.row, self.column, last, self.column + len(headings) - 1)
        return Rows(area, headings, tuple(cells))

    def _team(self, at: int, load: TeamLoad) -> Iterator[Cell]:
        name = self.teams.get(load.team).short_name
        shown = self.fit(name)
        note = name if shown != name else ""
        yield Cell(at, self.column, Text(shown), "name", note=note, size=self.size)
        for number, (content, shape) in enumerate(self._contents(at, load), 1):
            yield Cell(at, self.column + number, content, "figure", shape, size=self.size)

    def _contents(self, at: int, load: TeamLoad) -> Iterator[tuple[Content, str]]:
        counts = [load.by_status.get(status, 0) for status in self._shown_statuses]
        numbers = [len(load.workers), load.cases, load.most, load.over, *counts]
        contents: list[Content] = [Number(number) for number in numbers]
        if load.team in self.ranges:
            contents = [Formula(*pair) for pair in zip(self._formulas(load), numbers, strict=True)]
        average = share_formula(self._at(at, 2), self._at(at, 1), load.average)
        yield from ((one, "#,##0") for one in contents[:2])
        yield average, _AVERAGE_FORMAT
        yield from ((one, "#,##0") for one in contents[2:])

    @property
    def _shown_statuses(self) -> tuple[str, ...]:
        return self.summary.statuses if self.statuses else ()

    def _formulas(self, load: TeamLoad) -> list[str]:
        numbers, statuses = (area.text for area in self.ranges[load.team])
        counted = [
            f'=SUMPRODUCT(--({statuses}="{status.replace(chr(34), chr(34) * 2)}"))'
            for status in self._shown_statuses
        ]
        return [
            f"=COUNT({numbers})", f"=SUM({numbers})", f"=MAX({numbers})",
            f'=COUNTIF({numbers},">"&{self.threshold})', *counted,
        ]  # fmt: skip

    def _at(self, row: int, number: int) -> str:
        return address(row, self.column + number)

    def _whole(self, at: int, load: TeamLoad) -> Iterator[Cell]:
        yield Cell(at, self.column, Text(load.team), "total_name", size=self.size)
        counts = [load.by_status.get(status, 0) for status in self._shown_statuses]
        values = [len(load.workers), load.cases, 0, load.most, load.over, *counts]
        complete = sum(len(one.workers) for one in self.summary.teams) == len(load.workers)
        for number, value in enumerate(values, 1):
            area = f"{self._at(self.row + 1, number)}:{self._at(at - 1, number)}"
            content: Content = added_formula([area], value) if complete else Number(value)
            shape = "#,##0"
            if number == 3:
                content = share_formula(self._at(at, 2), self._at(at, 1), load.average)
                shape = _AVERAGE_FORMAT
            elif number == 4 and complete:
                content = Formula(f"=MAX({area})", value)
            yield Cell(at, self.column + number, content, "total", shape, size=self.size)


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
    return _CaseloadLayout(sheet, summary, teams, table_name).sheet(f"{month.label}. {said}")


def _without(sheet: CaseloadSheet, month: Month, said: str) -> Sheet:
    lines = [Cell(_TOP + at, 0, Text(line), "body") for at, line in enumerate(wrapped(said, 90))]
    cells = (*titles(sheet.title, f"{month.label}. There are no caseloads to show."), *lines)
    area = Area(0, 0, _TOP + len(lines), 1)
    return Sheet(sheet.name, cells, (Width(0, 1, 50.0),), TITLE_HEIGHTS, print_area=area)


class _CaseloadLayout:
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
