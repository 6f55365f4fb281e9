"""Explaining a measure on the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_INPUTS
from workbook_builder.cli.commands import run_command
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.indicators.rounding import printed, value_text
from workbook_builder.request import Outcome


def test_a_definition_is_explained_without_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["explain", "cp_visited_in_10_working_days"]) == 0
    out = capsys.readouterr().out
    assert "cp_visited_in_10_working_days: Percentage of children subject" in out
    assert "Left out   temporary plans of other authorities: cp_plan_ola\n" in out
    assert "Threshold  cp_visit_working_days = 10: Working days" in out
    assert "cp_visit_working_days (10)" in out
    assert "FROM _months AS month\n" in out
    assert "Files" not in out


def sample(*names: str) -> list[str]:
    """Return files of the sample inputs, the profile of the council among them."""
    return [str(SAMPLE_INPUTS / name) for name in ("council.toml", *names)]


CARE = ("CLA part 1.csv", "CLA part 2.csv", "population.csv")


def test_with_inputs_its_numbers_are_shown_and_nothing_of_a_record(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["explain", "children_in_care_rate_local", *sample(*CARE)]) == 0
    done = capsys.readouterr()
    out = done.out
    with (root / "sample_inputs" / "CLA part 1.csv").open(encoding="utf-8") as file:
        children = {row["Child Unique ID"] for row in csv.DictReader(file)}
    assert len(children) > 100
    assert not [child for child in children if child in done.out + done.err]
    assert "  population.csv: population, 3 rows kept of 3\n" in out
    assert "  CLA part 1.csv: children_in_care, " in out
    assert "The months up to Jul-23, whole service" in out
    assert "Made from children_in_care_local: " in out
    assert "  Left out 1: short breaks (V3, V4)\n" in out
    months = [line.split() for line in out.splitlines() if line.startswith("  Jul-23")]
    rate, part = months
    assert rate[2] == "49,310"
    assert int(part[1]) - int(part[2]) >= int(part[3]) > 400
    assert rate[1] == part[3]


@pytest.mark.parametrize(
    ("in_layout", "asked", "who"),
    [("suppress_under = 5", [], "the layout hides"),
     ("", ["--suppress-under", "5"], "it was asked to hide")],
)  # fmt: skip
def test_where_small_numbers_are_hidden_no_number_is_given_and_it_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], in_layout: str, asked: list[str], who: str
) -> None:  # fmt: skip
    layout = tmp_path / "mine.toml"
    layout.write_text(f'title = "A"\nextends = "board"\n{in_layout}\n', encoding="utf-8")
    words = ["explain", "children_in_care_rate_local", *sample(*CARE), "--layout", str(layout),
             "--month", "2023-07"]  # fmt: skip
    assert run_command([*words, *asked]) == 0
    out = capsys.readouterr().out
    assert f"\nIts numbers are not given, because {who} figures about 1 to 4, which they" in out
    assert out.startswith("children_in_care_rate_local: ") and "\nSQL\n" in out
    assert "Made from children_in_care_local: " in out
    for shown in ("Entered", "Jul-23", "kept", "49,310"):
        assert shown not in out
    assert run_command([*words, "--suppress-under", "off"]) == 0
    out = capsys.readouterr().out
    assert "not given" not in out
    assert "Entered" in out and "49,310" in out


def test_without_inputs_nothing_is_withheld(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["explain", "cp_plan_rate", "--suppress-under", "5"]) == 0
    assert "not given" not in capsys.readouterr().out


def test_a_limit_that_makes_no_sense_is_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["explain", "cp_plan_rate", "--suppress-under", "1"]) == 2
    assert "[R006]" in capsys.readouterr().err


def test_a_blank_month_says_why(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    care = [str(root / "sample_inputs" / f"CLA part {part}.csv") for part in (1, 2)]
    assert run_command(["explain", "cla_visited", *care, "--month", "2023-07"]) == 0
    out = capsys.readouterr().out
    assert "no visits file was given" in out
    assert "blank  Visits: No extract of this kind was given." in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explain", "cp_plan_rat"], 'Did you mean "cp_plan_rate"?'),
        (["explain", "contacts", "nowhere"], "nowhere"),
        (["explain", "contacts", "--layout", "bord"], 'Did you mean "board"?'),
    ],
)
def test_faulty_wishes_exit_with_2_and_words(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(arguments) == 2
    done = capsys.readouterr()
    assert words in done.err
    assert done.out == ""


def test_a_supplied_measure_has_no_query(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["explain", "first_time_entrants"]) == 0
    out = capsys.readouterr().out
    assert "Taken from a list of finished figures." in out
    assert "SELECT" not in out


def test_values_are_written_as_the_workbook_prints_them(sample_build: Outcome) -> None:
    definitions = known_definitions().value
    for figure in sample_build.figures:
        measure = definitions.measures[figure.measure]
        if figure.value is not None and not figure.team:
            text = value_text(figure.value, measure.unit, measure.decimals)
            number = float(text.replace(",", "").removesuffix("%"))
            shown = number / 100 if measure.unit == "percent" else number
            assert shown == pytest.approx(
                printed(figure.value, measure.unit, measure.decimals), abs=1e-12
            )


def test_records_that_are_not_judged_have_a_column_of_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    inputs = sample(*CARE, "Placements.csv")
    words = ["explain", "placed_near", *inputs, "--month", "2023-07"]
    assert run_command(words) == 0
    lines = capsys.readouterr().out.splitlines()
    headings = next(line for line in lines if line.split()[:1] == ["Month"])
    assert "Not judged" in headings
    (november,) = (line.split() for line in lines if line.split()[:1] == ["Nov-22"])
    entered, short_breaks, not_judged, near, denominator = map(int, november[1:6])
    assert (not_judged, denominator) == (11, entered - short_breaks)  # those count as further away
    assert 0 < near < denominator
