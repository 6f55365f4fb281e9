"""What a build prints is short enough to be read, whatever is missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_INPUTS
from tests.returns.annex_a import annex_a
from tests.returns.writing import write_workbook
from workbook_builder.cli.commands import run_command

RUN_ON = date(2023, 7, 31)
MOST_LINES = 15


def printed(inputs: list[Path], folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command prints, with a short path to the workbook."""
    out = folder / "out.xlsx"
    assert run_command(["build", *map(str, inputs), "--out", str(out)]) == 0
    captured = capsys.readouterr()
    return (captured.err + captured.out).replace(str(folder), "")


@pytest.mark.slow
def test_of_three_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("Contacts 2022-23.csv", "rpt62_referrals.csv", "C&F assessments.xlsx")
    text = printed([SAMPLE_INPUTS / name for name in names], tmp_path, capsys)
    assert "13 lists were not given" in text
    assert "--verbose prints all." in text
    assert len(text.splitlines()) <= MOST_LINES
    assert len(text) <= 1_500


@pytest.mark.slow
def test_of_annex_a(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed([write_workbook(annex_a(RUN_ON), tmp_path / "A.xlsx", RUN_ON)], tmp_path, capsys)
    assert "Annex A" not in text.splitlines()[0]
    assert "--verbose prints all." in text
    assert len(text.splitlines()) <= MOST_LINES
    assert len(text) <= 2_000
