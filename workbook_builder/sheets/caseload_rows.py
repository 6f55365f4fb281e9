"""Rows of caseloads: lists of workers, and the summary by team. Used by their sheet and slides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.caseloads import Worker
from workbook_builder.definitions.teams import Teams
from workbook_builder.indicators.caseloads import CaseloadSummary, TeamLoad
from workbook_builder.sheets.formulas import added_formula, share_formula
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    Formula,
    Highlight,
    Number,
    StyleName,
    Text,
    address,
)

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
