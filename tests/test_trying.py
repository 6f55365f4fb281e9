"""Measures are tried while extracts are read; what is at fault there is all that is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlglot import exp

from workbook_builder import workspace
from workbook_builder.build_workbook import build
from workbook_builder.measures.prepare import (
    BackgroundValidation,
    BoundMeasures,
    validate_in_background,
)
from workbook_builder.months import Month
from workbook_builder.request import Progress, Request, Step
from workbook_builder.store.duckdb_store import _Trial
from workbook_builder.store.engine import Trial

#: Seconds after which a test gives up on what never comes; nothing is held against them.
PATIENCE = 120
LAYOUT = """
title = "A"
[[tables]]
name = "A"
title = "A"
columns = ["indicator", "months"]
rows = [{ measure = "late" }]
"""
MEASURE = """
[late]
title = "Late"
count_of = "contacts"
during = "contact_date"
where = "WHERE_"
"""
#: Only the database knows that this cannot be counted; the other is known by its names.
FOUND_BY_TRIAL, FOUND_AT_ONCE = "lower(contact_date) = 'x'", "contact_dat = 'x'"


def request_for(folder: Path, where: str, files: int = 3) -> Request:
    layouts = folder / "layouts"
    (layouts / "measures").mkdir(parents=True)
    (layouts / "mine.toml").write_text(LAYOUT, encoding="utf-8")
    measure = MEASURE.replace("WHERE_", where)
    (layouts / "measures" / "late.toml").write_text(measure, encoding="utf-8")
    inputs = []
    for number in range(files):
        inputs.append(folder / f"{number}.csv")
        days = "".join(f"{day},{day:02}/07/2023\n" for day in range(1, 33))
        inputs[-1].write_text("Child ID,Contact Date\n" + days, encoding="utf-8")
    out = folder / "out.xlsx"
    return Request(tuple(inputs), str(layouts / "mine.toml"), Month(2023, 7), out)


@pytest.mark.parametrize("where", [FOUND_BY_TRIAL, FOUND_AT_ONCE])
def test_a_measure_at_fault_is_told_without_what_the_extracts_bring(
    where: str, tmp_path: Path
) -> None:
    request = request_for(tmp_path, where)
    outcome = build(request, lambda progress: None)
    assert {problem.code[0] for problem in outcome.problems} == {"L"}
    assert outcome.sheets == ()
    assert outcome.written is None
    assert not (tmp_path / "out.xlsx").exists()


def test_no_more_files_are_read_when_a_measure_is_known_to_be_at_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    trials: list[BackgroundValidation] = []

    @contextmanager
    def kept(measures: BoundMeasures, engine: Trial) -> Iterator[BackgroundValidation]:
        with validate_in_background(measures, engine) as trial:
            trials.append(trial)
            yield trial

    def hear(progress: Progress) -> None:
        if progress.step is Step.READING:
            read.append(progress.doing)
            trials[0].problems()  # the trial is over before the next file

    monkeypatch.setattr(workspace, "validate_in_background", kept)

    outcome = build(request_for(tmp_path, FOUND_BY_TRIAL), hear)
    assert len(read) == 1
    assert [problem.code for problem in outcome.problems] == ["L016"]


def test_measures_that_are_tried_late_are_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = _Trial.fault
    reading = threading.Event()

    def late(self: _Trial, query: exp.Query) -> str:
        assert reading.wait(PATIENCE)
        return usual(self, query)

    def hear(progress: Progress) -> None:
        if progress.step is Step.READING:  # of the only file
            reading.set()

    monkeypatch.setattr(_Trial, "fault", late)
    outcome = build(request_for(tmp_path, FOUND_BY_TRIAL, files=1), hear)
    assert [problem.code for problem in outcome.problems] == ["L016"]


def test_a_sound_measure_leaves_what_the_extracts_bring(tmp_path: Path) -> None:
    outcome = build(request_for(tmp_path, "child_id = '1'"), lambda progress: None)
    assert outcome.written
    assert {problem.code[0] for problem in outcome.problems} > {"X"}
