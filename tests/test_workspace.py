"""What one run takes over from the one before: measures and records, until something changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.test_trying import FOUND_BY_TRIAL, LAYOUT, MEASURE
from tests.window.test_window import contacts
from workbook_builder.build_workbook import build, prepare, write_prepared
from workbook_builder.months import Month
from workbook_builder.request import Outcome, Progress, Request, Step
from workbook_builder.workspace import Workspace

WRITTEN = datetime(2023, 8, 4, 9, 30)
FIRST = Month(2023, 6)


class Runs:
    """Builds with one workspace, and hears which files are read."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.read: list[str] = []

    def run(self, request: Request) -> Outcome:
        prepared = prepare(request, self._hear, self.workspace)
        return write_prepared(prepared, self._hear)

    def _hear(self, progress: Progress) -> None:
        if progress.step is Step.READING:
            self.read.append(progress.doing)


@pytest.fixture
def runs() -> Iterator[Runs]:
    with Workspace(keeps=True) as workspace:
        yield Runs(workspace)


def request_for(folder: Path, **wishes: object) -> Request:
    usual = {"month": FIRST, "written": WRITTEN, "out": folder / "out" / "kept.xlsx", **wishes}
    return Request((folder / "c.csv",), **usual)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    contacts(tmp_path / "c.csv", 400)
    (tmp_path / "out").mkdir()
    return tmp_path


def test_another_month_and_limit_take_the_records_as_they_are_and_write_the_same(
    folder: Path, runs: Runs
) -> None:
    month = runs.run(request_for(folder)).month
    assert month == FIRST
    assert runs.read == ["Reading c.csv"]
    wishes = {"month": FIRST.plus(1), "suppress_under": 5}
    assert runs.run(request_for(folder, out=folder / "out" / "second.xlsx", **wishes)).written
    assert runs.read == ["Reading c.csv"]
    alone = request_for(folder, out=folder / "out" / "alone.xlsx", **wishes)
    written = build(alone, lambda progress: None).written
    assert written
    assert written.read_bytes() == (folder / "out" / "second.xlsx").read_bytes()


def test_a_file_that_changed_is_read_again(folder: Path, runs: Runs) -> None:
    before = runs.run(request_for(folder))
    contacts(folder / "c.csv", 300)
    after = runs.run(request_for(folder, replace_fuller=True))
    assert runs.read == ["Reading c.csv"] * 2
    assert (before.sheets[0].rows_kept, after.sheets[0].rows_kept) == (400, 300)


def test_a_measure_at_fault_is_told_until_it_is_corrected(folder: Path, runs: Runs) -> None:
    (folder / "measures").mkdir()
    measure, layout = folder / "measures" / "late.toml", folder / "mine.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    measure.write_text(MEASURE.replace("WHERE_", FOUND_BY_TRIAL), encoding="utf-8")
    request = request_for(folder, layout=str(layout))
    assert runs.run(request).failed
    measure.write_text(MEASURE.replace("WHERE_", "child_id <> 'x'"), encoding="utf-8")
    assert not runs.run(request).failed
    assert runs.read == ["Reading c.csv"] * 2
