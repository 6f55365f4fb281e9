"""A file that cannot be read is left out on request, and the workbook says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.test_run import WRITTEN, days, quiet, write_contacts
from workbook_builder.build_workbook import build
from workbook_builder.cli.commands import INPUTS_AT_FAULT, OK, run_command
from workbook_builder.request import Outcome, Request


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Extracts, one of which cannot be read."""
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    write_contacts(extracts / "contacts.csv", days(date(2023, 6, 1), date(2023, 7, 31)))
    (extracts / "broken.xlsx").write_bytes(b"PK\x03\x04 and no more")
    return extracts


def built(out: Path, folder: Path, *without: Path) -> Outcome:
    return build(Request((folder,), out=out, written=WRITTEN, without=without), quiet)


def test_the_workbook_is_built_without_it_and_names_it_among_the_sources(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "board.xlsx"
    assert built(out, folder).written is None
    outcome = built(out, folder, folder / "broken.xlsx")
    assert outcome.written == out
    assert [p.where.file for p in outcome.problems if p.code == "X085"] == ["broken.xlsx"]
    book = openpyxl.load_workbook(out, read_only=True)
    rows = [[cell.value for cell in row] for row in book["Sources"].iter_rows()]
    (row,) = [row for row in rows if "broken.xlsx" in row]
    assert "not used" in row
    assert "A file was left out as asked" in row


def test_a_file_that_is_gone_can_be_left_out_too(folder: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone.csv"
    request = Request((folder / "contacts.csv", gone), out=tmp_path / "b.xlsx", without=(gone,))
    assert build(request, quiet).written


def test_a_name_that_no_input_has_stops_the_build(folder: Path, tmp_path: Path) -> None:
    outcome = built(tmp_path / "board.xlsx", folder, Path("brokn.xlsx"))
    assert outcome.written is None
    assert "X086" in {problem.code for problem in outcome.problems}


def test_the_command_line_says_how_and_takes_the_name_alone(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["build", str(folder), "--out", str(tmp_path / "board.xlsx")]
    assert run_command(asked) == INPUTS_AT_FAULT
    assert "--without FILE" in capsys.readouterr().err
    assert run_command([*asked, "--without", "broken.xlsx"]) == OK
