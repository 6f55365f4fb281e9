"""A sheet of caseloads: the high ones, each team's list, and the summary by team beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.sheet_layouts import CaseloadSheet
from workbook_builder.figures import Caseloads, Worker
from workbook_builder.months import Month, day_label
from workbook_builder.sheets.data_table import (
    SECTION_HEIGHT,
    TITLE_HEIGHTS,
    lines_needed,
    row_height,
    titles,
    wrapped,
)
from workbook_builder.sheets.formulas import added_formula, share_formula
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    Formula,
    Highlight,
    NativeTable,
    Number,
    SheetArea,
    SheetPlan,
    StyleName,
    Text,
    Width,
    address,
)
from workbook_builder.sheets.team_sheet import TeamRows

ALL_TEAMS = "All teams"


@dataclass(frozen=True)
class TeamLoad:
    """The caseloads of one team. `over` counts workers with more than the threshold."""

    team: str
    workers: tuple[Worker, ...]
    over: int
    by_status: Mapping[str, int]

    @property
    def cases(self) -> int:
        """How many children the workers have together."""
        return sum(worker.allocations for worker in self.workers)

    @property
    def average(self) -> float:
        """How many children a worker has; there is at least one worker."""
        return self.cases / len(self.workers)

    @property
    def most(self) -> int:
        """How many children the worker with most has."""
        return max(worker.allocations for worker in self.workers)


@dataclass(frozen=True)
class CaseloadSummary:
    """All caseloads: the teams, all of them together, and the workers at or over the threshold.

    Workers stand from the highest caseload to the lowest, then by team. `statuses` are all
    qualifying statuses that occur, the commonest first.
    """

    threshold: int
    teams: tuple[TeamLoad, ...]
    whole: TeamLoad | None
    at_or_over: tuple[Worker, ...]
    statuses: tuple[str, ...]


def summarise_caseloads(caseloads: Caseloads, threshold: int, teams: Teams) -> CaseloadSummary:
    """Return the summary of caseloads.

    Qualifying statuses that differ in letter case only are one, in the first of the spellings.
    """
    spellings: dict[str, str] = {}
    workers = [
        worker._replace(status=spellings.setdefault(worker.status.casefold(), worker.status))
        for worker in caseloads.workers
    ]
    workers.sort(key=lambda worker: (-worker.allocations, teams.sort_key(worker.team),
                                     worker.status, worker.name))  # fmt: skip
    names = sorted({worker.team for worker in workers}, key=teams.sort_key)
    loads = [
        _team_load(name, [worker for worker in workers if worker.team == name], threshold)
        for name in names
    ]
    statuses = Counter(worker.status for worker in workers)
    return CaseloadSummary(
        threshold,
        tuple(loads),
        _team_load(ALL_TEAMS, workers, threshold) if workers else None,
        tuple(worker for worker in workers if worker.allocations >= threshold),
        tuple(sorted(statuses, key=lambda status: (-statuses[status], status))),
    )


def _team_load(team: str, workers: Sequence[Worker], threshold: int) -> TeamLoad:
    over = sum(worker.allocations > threshold for worker in workers)
    return TeamLoad(team, tuple(workers), over, Counter(worker.status for worker in workers))


_LIST_HEADINGS = ("No. of Allocations", "Qualifying Status", "Allocated_Team")
_WORKER_HEADING = "Worker"
#: The column of the teams in a list of workers, counted from its first.
_TEAM = 2
_SUMMARY_HEADINGS = ("Team", "Workers", "Cases", "Average", "Maximum")
_LEFT_ALIGNED = {"Team", "Qualifying Status", "Allocated_Team", _WORKER_HEADING}
_WHOLE_FORMAT = "#,##0"
_AVERAGE_FORMAT = "#,##0.0"
#: The summary's columns of workers, cases and their average, counted from its first.
_WORKERS, _CASES, _AVERAGE = 1, 2, 3

#: The areas of a team's numbers of allocations and of its qualifying statuses.
Ranges = Mapping[str, tuple[Area, Area]]


def worker_rows(
    workers: Sequence[Worker], row: int, column: int, over: float | str, teams: Teams,
    *, size: int = 0, named: bool = False, fit: Callable[[str], str] = str,
) -> TeamRows:  # fmt: skip
    """Lay out a list of workers; `over` is the threshold or the cell that holds it.

    `size` is the font's in points, 0 for the usual; `named` says that workers' names are shown.
    `fit` shortens the name of a team to the room there is; the cell's note has all of it then.
    """
    headings = (*_LIST_HEADINGS, _WORKER_HEADING) if named else _LIST_HEADINGS
    cells = [*_headings(headings, row, column, size)]
    for place, worker in enumerate(workers, row + 1):
        team = teams.get(worker.team).short_name
        texts = [worker.status, fit(team), *([worker.name] * named)]
        allocations = Number(worker.allocations)
        cells.append(Cell(place, column, allocations, "figure", _WHOLE_FORMAT, size=size))
        cells += [Cell(place, column + number, Text(text), "name", size=size,
                       note=team if number == _TEAM and text != team else "")
                  for number, text in enumerate(texts, 1)]  # fmt: skip
    last_row = row + len(workers)
    area = Area(row, column, last_row, column + len(headings) - 1)
    highlights = (Highlight(Area(row + 1, column, last_row, column), over),) if workers else ()
    return TeamRows(area, headings, tuple(cells), highlights=highlights)


def _headings(texts: Sequence[str], row: int, column: int, size: int) -> Iterator[Cell]:
    for number, text in enumerate(texts):
        style: StyleName = "heading" if text in _LEFT_ALIGNED else "heading_centred"
        yield Cell(row, column + number, Text(text), style, size=size)


def summary_rows(
    summary: CaseloadSummary, row: int, column: int, teams: Teams, *,
    ranges: Ranges | None = None, threshold: str = "", statuses: bool = True, size: int = 0,
    fit: Callable[[str], str] = lambda name: name,
) -> TeamRows:  # fmt: skip
    """Lay out the summary by team.

    Where the teams' lists are on the sheet (`ranges`), it is worked out from them in formulas, with
    the cell that holds the threshold. `statuses` says that each qualifying status has a column,
    `fit` how a team's name is written, `size` is the font's in points, 0 for the usual.
    """
    shown = summary.statuses if statuses else ()
    writer = _SummaryWriter(summary, row, column, teams, ranges or {}, threshold, shown, size, fit)
    return writer.written()


@dataclass(frozen=True)
class _SummaryWriter:
    summary: CaseloadSummary
    row: int
    column: int
    teams: Teams
    ranges: Ranges
    threshold: str
    statuses: tuple[str, ...]
    size: int
    fit: Callable[[str], str]

    def written(self) -> TeamRows:
        headings: tuple[str, ...] = (*_SUMMARY_HEADINGS, f"Over {self.summary.threshold}")
        taken = {heading.casefold() for heading in headings}
        headings += tuple(f"{status} (status)" if status.casefold() in taken else status
                          for status in self.statuses)  # fmt: skip
        cells = [*_headings(headings, self.row, self.column, self.size)]
        for place, load in enumerate(self.summary.teams, self.row + 1):
            cells += self._team(place, load)
        last_row = self.row + len(self.summary.teams) + 1
        if self.summary.whole:
            cells += self._whole_service(last_row, self.summary.whole)
        area = Area(self.row, self.column, last_row, self.column + len(headings) - 1)
        return TeamRows(area, headings, tuple(cells))

    def _team(self, place: int, load: TeamLoad) -> Iterator[Cell]:
        name = self.teams.get(load.team).short_name
        shown = self.fit(name)
        note = name if shown != name else ""
        yield Cell(place, self.column, Text(shown), "name", note=note, size=self.size)
        contents: list[Content] = [Number(number) for number in self._numbers(load)]
        if load.team in self.ranges:
            formulas = zip(self._formulas(load.team), self._numbers(load), strict=True)
            contents = [Formula(formula, number) for formula, number in formulas]
        contents.insert(_AVERAGE - 1, self._average(place, load))
        yield from self._figures(place, contents, "figure")

    def _numbers(self, load: TeamLoad) -> list[int]:
        """Return workers, cases, the most of one worker, those over the threshold, each status."""
        counts = [load.by_status.get(status, 0) for status in self.statuses]
        return [len(load.workers), load.cases, load.most, load.over, *counts]

    def _formulas(self, team: str) -> list[str]:
        """Return the same as formulas that read the team's list."""
        numbers, statuses = (area.text for area in self.ranges[team])
        counts = [
            f'=SUMPRODUCT(--({statuses}="{status.replace(chr(34), chr(34) * 2)}"))'
            for status in self.statuses
        ]
        return [
            f"=COUNT({numbers})", f"=SUM({numbers})", f"=MAX({numbers})",
            f'=COUNTIF({numbers},">"&{self.threshold})', *counts,
        ]  # fmt: skip

    def _average(self, place: int, load: TeamLoad) -> Content:
        cases, workers = self._address(place, _CASES), self._address(place, _WORKERS)
        return share_formula(cases, workers, load.average)

    def _address(self, row: int, number: int) -> str:
        return address(row, self.column + number)

    def _figures(self, place: int, contents: list[Content], style: StyleName) -> Iterator[Cell]:
        for number, content in enumerate(contents, 1):
            shown_as = _AVERAGE_FORMAT if number == _AVERAGE else _WHOLE_FORMAT
            yield Cell(place, self.column + number, content, style, shown_as, size=self.size)

    def _whole_service(self, place: int, load: TeamLoad) -> Iterator[Cell]:
        """Yield the row of the whole service: formulas if all its workers are in a team's row."""
        yield Cell(place, self.column, Text(load.team), "total_name", size=self.size)
        numbers = self._numbers(load)
        contents: list[Content] = [Number(number) for number in numbers]
        if sum(len(team.workers) for team in self.summary.teams) == len(load.workers):
            columns = [number for number in range(1, len(numbers) + 2) if number != _AVERAGE]
            areas = [f"{self._address(self.row + 1, n)}:{self._address(place - 1, n)}"
                     for n in columns]  # fmt: skip
            contents = [added_formula([area], number)
                        for area, number in zip(areas, numbers, strict=True)]  # fmt: skip
            contents[2] = Formula(f"=MAX({areas[2]})", load.most)
        contents.insert(_AVERAGE - 1, self._average(place, load))
        yield from self._figures(place, contents, "total")


_LIST_WIDTHS = (13.5, 17.0, 32.0)
_WORKER_WIDTH = 28.0
_GAP = 3.0
_TEAM_WIDTH = 34.0
_NUMBER_WIDTH = 10.5
_TOP = 3
_SECTION_WIDTH = 48
_UNKNOWN_DAY = "The list has no date, so it is read as this month's."


def origin(caseloads: Caseloads, month: Month) -> str:
    """Say where caseloads come from, and of which day they are."""
    if not caseloads.workers:
        return caseloads.reason
    if caseloads.source == "allocations":
        counted = f"Counted from the allocations that are open at the end of {month.label}."
        return f"{caseloads.reason} {counted}".strip()
    if caseloads.day is None:
        return f"From the caseload list. {_UNKNOWN_DAY}"
    return f"From the caseload list of {day_label(caseloads.day)}."


@dataclass(frozen=True)
class SummaryCells:
    """A caseload summary and its cells on a sheet: the teams' names and their average caseloads.

    `summary` is None where there are no caseloads; `origin` says why, or where they come from.
    """

    summary: CaseloadSummary | None
    origin: str
    teams: SheetArea | None = None
    averages: SheetArea | None = None


def summary_cells(
    caseloads: Caseloads, origin: str, threshold: int, teams: Teams, sheet: SheetPlan
) -> SummaryCells:
    """Return where a caseload sheet has its summary, for the slides that show it too."""
    native_tables = [table for table in sheet.tables if table.headings[:1] == ("Team",)]
    if not caseloads.workers or not native_tables:
        return SummaryCells(None, origin)
    area = native_tables[0].area

    def column(number: int) -> SheetArea:
        """Return a column without its heading and without the row of the whole service."""
        left = area.first_column + number
        return SheetArea(sheet.name, Area(area.first_row + 1, left, area.last_row - 1, left))

    summary = summarise_caseloads(caseloads, threshold, teams)
    return SummaryCells(summary, origin, column(0), column(_AVERAGE))


def caseload_sheet(
    sheet: CaseloadSheet,
    caseloads: Caseloads,
    teams: Teams,
    month: Month,
    table_name: Callable[[str], str],
) -> SheetPlan:
    """Lay out a sheet of caseloads; without any it says why there are none.

    `table_name` returns a unique name for a native table.
    """
    source = origin(caseloads, month)
    if caseloads.workers:
        summary = summarise_caseloads(caseloads, sheet.threshold, teams)
        return _CaseloadWriter(sheet, summary, teams, table_name).written(
            f"{month.label}. {source}"
        )
    lines = [Cell(row, 0, Text(line), "body") for row, line in enumerate(wrapped(source, 90), _TOP)]
    return SheetPlan(
        name=sheet.name,
        cells=(*titles(sheet.title, f"{month.label}. There are no caseloads to show."), *lines),
        widths=(Width(0, 1, 50.0),),
        heights=TITLE_HEIGHTS,
        print_area=Area(0, 0, _TOP + len(lines), 1),
    )


class _CaseloadWriter:
    """Lays out a sheet: lists below one another at the left, the summary to their right."""

    def __init__(
        self,
        sheet: CaseloadSheet,
        summary: CaseloadSummary,
        teams: Teams,
        table_name: Callable[[str], str],
    ) -> None:
        self.layout = sheet
        self.summary = summary
        self.teams = teams
        self.table_name = table_name
        self.list_widths = (*_LIST_WIDTHS, _WORKER_WIDTH) if sheet.show_workers else _LIST_WIDTHS
        self.right = len(self.list_widths) + 1
        threshold = Area(_TOP - 1, self.right + 1, _TOP - 1, self.right + 1)
        self.threshold = threshold.absolute
        self.row = _TOP
        self.cells: list[Cell] = []
        self.heights: dict[int, float] = {}
        self.highlights: list[Highlight] = []
        self.tables: list[NativeTable] = []
        self.ranges: dict[str, tuple[Area, Area]] = {}

    def written(self, subtitle: str) -> SheetPlan:
        threshold = self.layout.threshold
        self._add_list(f"Caseloads of {threshold} or more", self.summary.at_or_over, "over")
        if self.layout.team_lists:
            for load in self.summary.teams:
                name = self.teams.get(load.team).short_name
                rows = self._add_list(name, load.workers, load.team)
                self.ranges[load.team] = (rows.column(0), rows.column(1))
        summary = self._add_summary()
        last_column = summary.area.last_column
        first_number = last_column - len(summary.headings) + 2
        left_widths = enumerate((*self.list_widths, _GAP, _TEAM_WIDTH))
        widths = [Width(column, column, width) for column, width in left_widths]
        return SheetPlan(
            name=self.layout.name,
            cells=(*titles(self.layout.title, subtitle), *self.cells),
            widths=(*widths, Width(first_number, last_column, _NUMBER_WIDTH)),
            heights=(*TITLE_HEIGHTS, *sorted(self.heights.items())),
            tables=tuple(self.tables),
            repeat_rows=(0, 1),
            print_area=Area(0, 0, self.row - 1, last_column),
            highlights=tuple(self.highlights),
        )

    def _add_list(self, title: str, workers: Sequence[Worker], name: str) -> TeamRows:
        """Lay out a list of workers below its title; `name` is part of its native table's."""
        for line in wrapped(title, _SECTION_WIDTH):
            self.cells.append(Cell(self.row, 0, Text(line), "section"))
            self._grow(self.row, SECTION_HEIGHT)
            self.row += 1
        named = self.layout.show_workers
        rows = worker_rows(workers, self.row, 0, self.threshold, self.teams, named=named)
        self._grow(self.row, row_height(2))
        for row, worker in enumerate(workers, self.row + 1):
            team = self.teams.get(worker.team).short_name
            self._grow(row, row_height(lines_needed(team, _LIST_WIDTHS[2])))
        self.cells += rows.cells
        self.highlights += rows.highlights
        self.row = rows.area.last_row + 2
        if workers:
            self._add_table(f"caseloads {name}", rows)
        else:
            nobody = f"No caseload is {self.layout.threshold} or more."
            self.cells.append(Cell(rows.area.last_row + 1, 0, Text(nobody), "body"))
        return rows

    def _add_summary(self) -> TeamRows:
        """Lay out the threshold and, below it, the summary."""
        label = "Threshold: a caseload over it stands out"
        threshold = Number(self.layout.threshold)
        self.cells += [
            Cell(_TOP - 1, self.right, Text(label), "name"),
            Cell(_TOP - 1, self.right + 1, threshold, "figure", _WHOLE_FORMAT),
            Cell(_TOP, self.right, Text("By team"), "section"),
        ]
        self._grow(_TOP - 1, row_height(1))
        rows = summary_rows(self.summary, _TOP + 1, self.right, self.teams, ranges=self.ranges,
                            threshold=self.threshold)  # fmt: skip
        for row, load in enumerate(self.summary.teams, _TOP + 2):
            name = self.teams.get(load.team).short_name
            self._grow(row, row_height(lines_needed(name, _TEAM_WIDTH)))
        self.cells += rows.cells
        self._add_table("caseloads summary", rows)
        self.row = max(self.row, rows.area.last_row + 2)
        return rows

    def _grow(self, row: int, height: float) -> None:
        self.heights[row] = max(height, self.heights.get(row, 0))

    def _add_table(self, name: str, rows: TeamRows) -> None:
        self.tables.append(NativeTable(self.table_name(name), rows.area, rows.headings))
