"""The self-test's parts; the packaged program's tests run it as a whole."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from workbook_builder.cli.commands import run_command
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.request import Outcome
from workbook_builder.self_test import checks
from workbook_builder.self_test.checks import (
    Check,
    CheckFailed,
    SampleRecord,
    differences,
    load_record,
    read_back,
    run_check,
    run_self_test,
)

#: To renew the record: python -m workbook_builder.self_test.checks
SECRET = "2000356653"
FIRST_PAINT_VARIABLE = "WORKBOOK_BUILDER_FIRST_PAINT"


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where logs are kept, for one test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "workbook-builder" / "log"


def test_the_record_is_of_the_sample_workbook(sample_build: Outcome) -> None:
    assert sample_build.written
    assert read_back(sample_build.written) == load_record()


def other_figure(once: SampleRecord) -> SampleRecord:
    return replace(once, figures={**once.figures, "contacts": "1 - 1"}, all_figures="0")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda once: once, []),
        (
            lambda once: replace(once, month="2023-06"),
            ["the reporting month is 2023-06, not 2023-07"],
        ),
        (
            lambda once: replace(once, sheets=once.sheets[::-1]),
            ["other sheets, or in another order"],
        ),
        (other_figure, ["other figures of contacts"]),
        (
            lambda once: replace(once, all_figures="0"),
            ["other figures of earlier months or of teams"],
        ),
        (lambda once: replace(once, number=3), ["3 figures, not 6,731"]),
    ],
)
def test_what_differs_is_said(
    change: Callable[[SampleRecord], SampleRecord], said: list[str]
) -> None:
    once = load_record()
    assert list(differences(change(once), once)) == said


def test_a_long_list_of_other_figures_is_cut() -> None:
    once = load_record()
    (line,) = differences(replace(once, figures={}), once)
    assert line.endswith(f"and {len(once.figures) - 5} more")


def test_a_check_that_fails_says_what(tmp_path: Path) -> None:
    def look(folder: Path) -> str:
        raise CheckFailed("nothing is there")

    outcome = run_check(Check("Layouts", look), tmp_path)
    assert (outcome.passed, outcome.line) == (False, "FAILED  Layouts: nothing is there")


def test_a_fault_fails_its_check_without_a_word_of_data(tmp_path: Path, logs: Path) -> None:
    def look(folder: Path) -> str:
        raise ValueError(SECRET)

    outcome = run_check(Check("Layouts", look), tmp_path)
    assert not outcome.passed
    assert "ValueError" in outcome.line
    assert SECRET not in outcome.line + (logs / "crash.log").read_text(encoding="utf-8")


def test_one_failed_check_fails_the_whole_and_the_others_are_made(
    monkeypatch: pytest.MonkeyPatch, logs: Path
) -> None:
    def fails(folder: Path) -> str:
        assert folder.is_dir()
        raise CheckFailed("not there")

    made = (Check("Layouts", fails), Check("Help", lambda folder: "27 pages"))
    monkeypatch.setattr(checks, "checks", lambda: iter(made))
    told: list[str] = []
    assert not run_self_test(told.append)
    assert told[:2] == ["FAILED  Layouts: not there", "ok      Help: 27 pages"]
    assert told[2].startswith("1 of 2 checks passed.")
    assert (logs / "self-test.log").read_text(encoding="utf-8").splitlines() == told[:2]


def test_the_checks_are_made_where_a_window_may_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    made_in: list[threading.Thread] = []

    def run_self_test(tell: Callable[[str], None]) -> bool:
        made_in.append(threading.current_thread())
        return True

    monkeypatch.setattr(checks, "run_self_test", run_self_test)
    assert run_command(["self-test"]) == 0
    assert made_in == [threading.main_thread()]


def test_without_own_layouts_the_programs_own_hold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, logs: Path
) -> None:
    own = tmp_path / "layouts"
    own.mkdir()
    (own / "broken.toml").write_text("[", encoding="utf-8")
    monkeypatch.setattr("workbook_builder.paths.user_layout_folders", lambda: (own,))
    assert known_definitions().problems
    seen: list[tuple[object, ...]] = []

    def look(folder: Path) -> str:
        seen.append(known_definitions().problems)
        return ""

    monkeypatch.setattr(checks, "checks", lambda: iter([Check("Layouts", look)]))
    assert run_self_test(lambda line: None)
    assert seen == [()]
    assert known_definitions().problems


def test_the_window_is_up_before_anything_heavy_is_imported() -> None:
    code = """
import sys
from PySide6.QtWidgets import QApplication
from workbook_builder.__main__ import main
from workbook_builder.window.qt.main_window import FirstPaint

heavy = ("pandas", "numpy", "duckdb", "openpyxl", "xlsxwriter", "sqlglot", "pydantic", "holidays")

def told(self, watched, event):
    if event.type() == event.Type.Paint:
        watched.removeEventFilter(self)
        print([name for name in heavy if name in sys.modules], flush=True)
        QApplication.exit(7)
    return False

FirstPaint.eventFilter = told
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", FIRST_PAINT_VARIABLE: "unused"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.stdout, done.returncode) == ("[]\n", 7), done.stderr
