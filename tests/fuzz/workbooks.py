"""One damaged extract all the way: a workbook is built of it, and its figures are read back."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from unittest import mock

import openpyxl

from tests.fuzz.extracts import made
from tests.fuzz.kinds import ROOT, Found
from workbook_builder import workspace
from workbook_builder.build_workbook import build
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.months import Month
from workbook_builder.problem_catalogue import NO_PROFILE
from workbook_builder.problems import Level, Result
from workbook_builder.request import Request

LAYOUT = """
title = "A"
file_name = "out.xlsx"
months = 3
[[tables]]
name = "A"
title = "A"
columns = ["indicator", "months"]
rows = [{ measure = "referrals" }, { measure = "no_further_action" }]
"""
MEASURE = """
[no_further_action]
title = "Percentage of referrals without further action"
percentage_of = "referrals"
during = "referral_date"
where = "referral_nfa"
"""
MONTH = Month(2023, 9)
FIRST_ROW = 4

#: What the sheet of figures shows by measure and month: numerator, denominator, value.
Shown = Mapping[tuple[str, str], tuple[float | None, ...]]


@dataclass(frozen=True)
class Bench:
    """A folder and the definitions of a layout of two measures, which are prepared anew each time.

    Only these two are known, so that a build takes a tenth of its time.
    """

    folder: Path
    definitions: Definitions = field(repr=False)

    @classmethod
    def at(cls, folder: Path) -> Bench:
        """Write the layout and load what it needs."""
        (folder / "measures").mkdir(parents=True)
        (folder / "mine.toml").write_text(LAYOUT, encoding="utf-8")
        (folder / "measures" / "mine.toml").write_text(MEASURE, encoding="utf-8")
        known = load_definitions([ROOT / "layouts"], folder / "mine.toml").value
        measures = {name: known.measures[name] for name in ("referrals", "no_further_action")}
        mine = {"mine": known.layouts["mine"]}
        return cls(folder, replace(known, measures=measures, layouts=mine, targets={}))

    def built(self, path: Path, month: Month = MONTH) -> tuple[Shown, bool]:
        """Build a workbook; return its figures and whether a problem above a note was met."""
        out = self.folder / "out.xlsx"
        out.unlink(missing_ok=True)
        request = Request((path,), "mine", month, out, datetime(2023, 10, 2))
        with mock.patch.object(
            workspace, "known_definitions", return_value=Result(self.definitions)
        ):
            outcome = build(request, lambda progress: None)
        said = any(problem.level > Level.NOTE and problem.kind is not NO_PROFILE
                   for problem in outcome.problems)  # fmt: skip
        for problem in outcome.problems:
            problem.text()
        return (shown(out) if outcome.written else {}), said


def shown(workbook: Path) -> Shown:
    """Read the figures of the whole service from a workbook."""
    book = openpyxl.load_workbook(workbook, read_only=True)
    try:
        rows = book["Figures"].iter_rows(min_row=FIRST_ROW, values_only=True)
        return {
            (str(row[0]), str(row[1])): tuple(_number(cell) for cell in row[3:6])
            for row in rows
            if not row[2]
        }
    finally:
        book.close()


def _number(cell: object) -> float | None:
    return cell if isinstance(cell, int | float) else None


def workbook_case(seed: int, bench: Bench) -> Found | None:
    """Hold the workbook that is built of a damaged extract against the clean one's."""
    case = made(random.Random(seed))
    if case is None:
        return None
    path = bench.folder / f"referrals{case.ending}"
    path.write_bytes(case.clean)
    wanted, _ = bench.built(path)
    if any(numbers[0] != case.wanted_of(*key) for key, numbers in wanted.items() if numbers[0]):
        return Found(seed, "a clean extract gives another figure", case.ending)
    path.write_bytes(case.content)
    found, said = bench.built(path)
    if case.known and not said and found != wanted:
        return Found(seed, "another figure and no problem", f"{case.ending} {case.damage}")
    return None
