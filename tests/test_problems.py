from __future__ import annotations

import pytest

from workbook_builder.problems import (
    Level,
    Problem,
    ProblemKind,
    Where,
    by_effect,
    counted,
    did_you_mean,
    has_errors,
    listed,
)

NOTE = ProblemKind("T001", Level.NOTE, "A note", "")
ERROR = ProblemKind("T002", Level.ERROR, "An error", "Do that.")


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (Where(), ""),
        (Where("a.xlsx", "Sheet 1", (2,), "Date"), 'a.xlsx, sheet "Sheet 1", row 2, column "Date"'),
        (Where("a.toml", line=7, key="contacts.where"), "a.toml, line 7, contacts.where"),
        (Where("a.csv", rows=(2, 3, 4)), "a.csv, rows 2, 3, 4"),
        (Where("a.csv", rows=tuple(range(2, 1208))), "a.csv, rows 2, 3, 4 and 1,203 more"),
    ],
)
def test_places_in_words(where: Where, text: str) -> None:
    assert where.text() == text


def test_a_problem_in_one_line() -> None:
    problem = Problem(ERROR, "it broke.", Where("a.csv", rows=(2,)), done="Left out.")
    assert problem.text() == "a.csv, row 2: it broke. Left out. Do that. [T002]"


def test_long_lists_of_indicators_are_cut_short() -> None:
    problem = Problem(ERROR, "x.", done="Left blank", indicators=("A", "B", "C"))
    assert problem.done_text() == 'Left blank: "A"; "B"; "C".'
    assert problem.done_text(1) == 'Left blank: "A" and 2 more.'
    assert problem.done_text(3) == 'Left blank: "A"; "B"; "C".'
    assert problem.text(2) == 'x. Left blank: "A"; "B" and 1 more. Do that. [T002]'


def test_problems_are_sorted_by_what_they_do_to_the_workbook() -> None:
    warning = ProblemKind("T003", Level.WARNING, "A warning", "")
    rows = Problem(warning, "touches what is shown", Where("a.csv", rows=(2, 3)))
    row = Problem(warning, "touches it less", Where("a.csv", rows=(2,)))
    much, little = (Problem(warning, f"{n} blank", blank_figures=n) for n in (13, 1))
    note, error = Problem(NOTE, "a note"), Problem(ERROR, "an error")
    assert by_effect([note, little, row, much, rows, error]) == [
        error, rows, row, much, little, note
    ]  # fmt: skip


def test_a_problem_without_place_and_advice() -> None:
    assert Problem(NOTE, "this is so.").text() == "this is so. [T001]"


def test_advice_for_the_case_goes_before_the_usual() -> None:
    assert Problem(ERROR, "x", advice="Do this.").to_do == "Do this."
    assert Problem(ERROR, "x").to_do == "Do that."


def test_only_errors_are_errors() -> None:
    assert has_errors([Problem(NOTE, "x"), Problem(ERROR, "y")])
    assert not has_errors([Problem(NOTE, "x")])
    assert Level.NOTE < Level.WARNING < Level.ERROR


def test_the_nearest_name_is_suggested() -> None:
    assert did_you_mean("contcats", ["referrals", "contacts"]) == 'Did you mean "contacts"?'
    assert did_you_mean("zebra", ["referrals", "contacts"]) == ""


def test_words_and_numbers_in_sentences() -> None:
    assert listed({"b", "a"}) == "a, b"
    assert [counted(number, "row") for number in (0, 1, 1204)] == ["0 rows", "1 row", "1,204 rows"]
    assert counted(2, "child", "children") == "2 children"
