"""Worklists over tiny extracts, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import openpyxl

from tests.conftest import WRITTEN
from tests.measures.tiny import JULY, Lists, quiet, write
from workbook_builder.build_workbook import worklist
from workbook_builder.months import Month
from workbook_builder.request import Outcome, Request, WorklistRequest

ALLOWED = 'worklists = true\nmarking = "OFFICIAL-SENSITIVE"\n'

Cell = str | float | bool | date | None


@dataclass(frozen=True)
class Written:
    """What came of a wish for lists, and the rows of each sheet that was written."""

    outcome: Outcome
    sheets: Mapping[str, Sequence[Sequence[Cell]]]

    def rows(self, sheet: str) -> list[dict[str, Cell]]:
        """Return the rows of a list by their headings, which stand in its third row."""
        _, _, headings, *rows = self.sheets[sheet]
        return [dict(zip(map(str, headings), row, strict=True)) for row in rows if any(row)]

    @property
    def lists(self) -> list[str]:
        """The names of the sheets that hold lists of records."""
        return [name for name in self.sheets if name not in ("Summary", "Data quality")]

    @property
    def codes(self) -> set[str]:
        """The codes of the problems met."""
        return {problem.code for problem in self.outcome.problems}


def listed(
    folder: Path,
    measures: Sequence[str],
    lists: Lists,
    month: Month = JULY,
    profile: str = ALLOWED,
    *,
    team: str = "",
    data_quality: bool = False,
    out: str = "lists.xlsx",
) -> Written:
    """Write lists of children behind measures over tiny extracts, and read what was written."""
    inputs = write(folder, lists)
    if profile:
        (inputs / "council.toml").write_text(profile, encoding="utf-8")
    request = Request((inputs,), month=month, out=folder / out, written=WRITTEN)
    asked = WorklistRequest(tuple(measures), team, data_quality)
    outcome = worklist(request, asked, quiet)
    return Written(outcome, sheets_of(outcome.written) if outcome.written else {})


def sheets_of(workbook: Path) -> dict[str, Sequence[Sequence[Cell]]]:
    """Return the values of all cells of a workbook, by sheet."""
    book = openpyxl.load_workbook(workbook, data_only=False)
    return {
        sheet.title: [tuple(map(_day, row)) for row in sheet.iter_rows(values_only=True)]
        for sheet in book
    }


def _day(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    assert value is None or isinstance(value, str | float | int | bool)
    return value
