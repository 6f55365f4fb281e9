"""Last month's workbook on the command line."""

from __future__ import annotations

import pytest

from tests.history.chain import figures_in
from tests.history.conftest import JULY, Council
from workbook_builder.cli.commands import recalculation_of, run_command
from workbook_builder.figures import Recalculation
from workbook_builder.months import Month

APRIL = Month(2023, 4)


def called(command: str, council: Council, *more: str) -> int:
    given = [str(council.inputs), "--layout", str(council.layout), "--month", str(JULY)]
    return run_command([command, *given, *more])


def test_previous_is_given_by_name(council: Council, capsys: pytest.CaptureFixture[str]) -> None:
    out = council.folder / "july.xlsx"
    assert called("build", council, "--previous", str(council.june), "--out", str(out)) == 0
    done = capsys.readouterr()
    assert "figures are different from today's data" in done.err
    assert f"Written: {out}" in done.out
    assert figures_in(out)["own_contacts", APRIL, ""] == 14


def test_recalculation_is_asked_for_after_the_inputs(council: Council) -> None:
    out = council.folder / "july.xlsx"
    wishes = ["--previous", str(council.june), "--out", str(out), "--recalculate", "own_contacts"]
    assert called("build", council, *wishes, "2023-04") == 0
    assert figures_in(out)["own_contacts", APRIL, ""] == 15


def test_a_locked_output_is_said_and_the_other_name_printed(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    out = council.folder / "july.xlsx"
    assert called("build", council, "--out", str(out)) == 0
    (council.folder / ".~lock.july.xlsx#").touch()
    capsys.readouterr()
    assert called("build", council, "--out", str(out)) == 0
    done = capsys.readouterr()
    assert "open in another program" in done.err
    assert f"Written: {council.folder / 'july (2).xlsx'}" in done.out


def test_check_says_which_file_is_last_months(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called("check", council, "--previous", str(council.june)) == 0
    out = capsys.readouterr().out
    assert 'june.xlsx, sheet "Figures": workbook of Jun-23, ' in out
    assert " published figures" in out


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        (None, None),
        ([], Recalculation()),
        (["a", "2023-04", "b"], Recalculation(("a", "b"), APRIL)),
        (["2023-04", "2023-06"], Recalculation((), APRIL)),
    ],
)
def test_words_are_sorted_into_measures_and_a_month(
    words: list[str] | None, wish: Recalculation | None
) -> None:
    assert recalculation_of(words) == wish


def test_what_was_published_stands_beside_what_is_counted(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(council.inputs), str(council.june), "--layout", str(council.layout)]
    assert run_command(["explain", "own_contacts", *given]) == 0
    lines = capsys.readouterr().out.splitlines()
    (headings,) = [line.split() for line in lines if line.strip().startswith("Month ")]
    assert headings == ["Month", "Entered", "Numerator", "Value", "Published"]
    april = next(line.split() for line in lines if line.strip().startswith("Apr-23"))
    july = next(line.split() for line in lines if line.strip().startswith("Jul-23"))
    assert april[-2:] == ["15", "14"]  # one contact of April was entered late
    assert len(july) == len(headings) - 1
