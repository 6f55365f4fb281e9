"""A fuller workbook is never replaced unasked, and a backup of it is kept."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.test_run import WRITTEN, days, quiet, write_contacts
from workbook_builder.build_workbook import build
from workbook_builder.cli.commands import INPUTS_AT_FAULT, OK, run_command
from workbook_builder.request import Outcome, Request

LONG, SHORT = (date(2022, 7, 1), date(2023, 7, 31)), (date(2023, 6, 1), date(2023, 7, 31))


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Contacts of thirteen months, and of two."""
    folder = tmp_path_factory.mktemp("extracts")
    return (
        write_contacts(folder / "long.csv", days(*LONG)),
        write_contacts(folder / "short.csv", days(*SHORT)),
    )


@pytest.fixture(scope="module")
def full(extracts: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook of thirteen months."""
    out = tmp_path_factory.mktemp("full") / "board.xlsx"
    assert built(out, extracts[0]).written == out
    return out.read_bytes()


def built(out: Path, *inputs: Path, replace_fuller: bool = False) -> Outcome:
    request = Request(inputs, out=out, written=WRITTEN, replace_fuller=replace_fuller)
    return build(request, quiet)


def told(outcome: Outcome, code: str) -> list[str]:
    return [problem.text() for problem in outcome.problems if problem.code == code]


def test_a_build_with_fewer_figures_is_refused_and_says_how_many(
    extracts: tuple[Path, Path], full: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "board.xlsx"
    out.write_bytes(full)
    outcome = built(out, extracts[1])
    assert outcome.failed
    assert outcome.written is None
    (text,) = told(outcome, "W004")
    assert "it holds 13 figures, and the new workbook only 2" in text
    assert out.read_bytes() == full
    assert list(tmp_path.iterdir()) == [out]


def test_what_is_replaced_is_kept_beside_it_and_no_backup_takes_the_place_of_another(
    extracts: tuple[Path, Path], full: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "board.xlsx"
    for backup in ("board (replaced).xlsx", "board (replaced) (2).xlsx"):
        out.write_bytes(full)
        outcome = built(out, extracts[1], replace_fuller=True)
        assert outcome.written == out
        (text,) = told(outcome, "W005")
        assert f'It was kept as "{backup}"' in text
        assert (tmp_path / backup).read_bytes() == full
        assert out.read_bytes() != full


def test_the_same_month_again_asks_nothing(
    extracts: tuple[Path, Path], full: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "board.xlsx"
    out.write_bytes(full)
    outcome = built(out, extracts[0], replace_fuller=True)
    assert outcome.written == out
    assert list(tmp_path.iterdir()) == [out]
    assert not told(outcome, "W004") + told(outcome, "W005")


def test_a_workbook_of_somebody_else_is_not_replaced_but_an_empty_file_is(
    extracts: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "board.xlsx"
    out.write_bytes(b"minutes of the board")
    (text,) = told(built(out, extracts[1]), "W004")
    assert "not a workbook of this program" in text
    assert out.read_bytes() == b"minutes of the board"
    out.write_bytes(b"")
    assert built(out, extracts[1]).written == out


def test_a_backup_among_the_inputs_is_not_last_months_workbook(
    extracts: tuple[Path, Path], full: bytes, tmp_path: Path
) -> None:
    shutil.copy(extracts[1], tmp_path)
    (tmp_path / "board (replaced).xlsx").write_bytes(full)
    outcome = built(tmp_path / "new.xlsx", tmp_path)
    (text,) = told(outcome, "H026")
    assert "board (replaced).xlsx" in text
    assert sum(figure.value is not None for figure in outcome.shown) == 2


def test_no_backup_no_replacement(
    extracts: tuple[Path, Path], full: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "board.xlsx"
    out.write_bytes(full)

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    outcome = built(out, extracts[1], replace_fuller=True)
    assert outcome.written is None
    assert "No space left on device" in told(outcome, "W001")[0]
    assert out.read_bytes() == full


def test_the_command_line_replaces_only_when_told(
    extracts: tuple[Path, Path], full: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "board.xlsx"
    out.write_bytes(full)
    asked = ["build", str(extracts[1]), "--out", str(out)]
    assert run_command(asked) == INPUTS_AT_FAULT
    assert "--replace" in capsys.readouterr().err
    assert out.read_bytes() == full
    assert run_command([*asked, "--replace"]) == OK
    assert (tmp_path / "board (replaced).xlsx").read_bytes() == full
