from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from tests.loaded import grid_of
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts.headings import Headings, choose_columns, recognise, stated_period
from workbook_builder.problems import Problem
from workbook_builder.readers.grid import Grid


def grid(*rows: list[str]) -> Grid:
    return grid_of(rows)


def found(sheet: Grid, datasets: Mapping[str, Dataset]) -> Headings:
    headings = recognise(sheet, datasets)
    assert isinstance(headings, Headings)
    return headings


def fault(sheet: Grid, datasets: Mapping[str, Dataset]) -> Problem:
    problem = recognise(sheet, datasets)
    assert isinstance(problem, Problem)
    return problem


def test_names_and_aliases_count_whatever_their_case_and_punctuation(
    shipped: Mapping[str, Dataset],
) -> None:
    headings = found(grid(["CHILD-ID", " date of  Referral:", "Foo"]), shipped)
    assert (headings.dataset.name, headings.row) == ("referrals", 1)
    assert headings.positions == {"child_id": (0,), "referral_date": (1,)}


def test_title_lines_may_stand_above(shipped: Mapping[str, Dataset]) -> None:
    sheet = grid(["Report"], [""], ["Child", "", ""], ["Child ID", "Referral Date"], ["1", "x"])
    assert found(sheet, shipped).row == 4


def test_headings_below_the_top_are_not_looked_for(shipped: Mapping[str, Dataset]) -> None:
    assert fault(grid(*[["x"]] * 40, ["Child ID", "Referral Date"]), shipped).code == "X015"


def test_most_columns_win_and_a_tie_is_no_guess(shipped: Mapping[str, Dataset]) -> None:
    both = ["Child ID", "Date of Contact", "Date of referral"]
    assert found(grid([*both, "Contact Outcome"]), shipped).dataset.name == "contacts"
    tie = fault(grid(both), shipped)
    assert tie.code == "X017"
    assert '"Contacts" and "Referrals"' in tie.text()


def test_a_missing_column_is_named_with_its_headings(shipped: Mapping[str, Dataset]) -> None:
    lacking = fault(grid(["Referral ID", "Child ID", "Referral NFA", "Referal Date"]), shipped)
    assert lacking.code == "X016"
    for words in ('"Referrals"', '"Referral Date"', "Date of referral", 'Is it "Referal Date"?'):
        assert words in lacking.text()


@pytest.mark.parametrize(("above", "period"), [
    (["Period: 01/07/2022 to 31/07/2023"], (date(2022, 7, 1), date(2023, 7, 31))),
    (["From", "2022-07-01", "To", "2023-07-31"], (date(2022, 7, 1), date(2023, 7, 31))),
    (["31/07/2023 to 01/07/2022"], None),
    (["Run on 03/08/2023"], None),
])  # fmt: skip
def test_a_period_above_the_headings(
    shipped: Mapping[str, Dataset], above: list[str], period: tuple[date, date] | None
) -> None:
    sheet = grid(above, ["Child ID", "Referral Date"], ["1", "01/07/2022"])
    assert stated_period(sheet, found(sheet, shipped)) == period


def test_two_headings_with_equal_cells_are_one(shipped: Mapping[str, Dataset]) -> None:
    sheet = grid(["Child ID", "Referral Date", "Person ID"], ["1", "x", " 1"], ["2", "y", "2"])
    chosen = choose_columns(sheet, found(sheet, shipped))
    assert chosen.problems == ()
    assert chosen.value is not None
    assert chosen.value.positions["child_id"] == (0,)


def test_two_headings_that_differ_blank_the_column_or_lose_the_sheet(
    shipped: Mapping[str, Dataset],
) -> None:
    sheet = grid(["Child ID", "Referral Date", "Team", "Team Name"], ["1", "x", "A", "B"])
    chosen = choose_columns(sheet, found(sheet, shipped))
    assert [problem.code for problem in chosen.problems] == ["X019"]
    assert chosen.value is not None
    assert "team" not in chosen.value.positions
    needed = grid(["Child ID", "Person ID", "Referral Date"], ["1", "2", "x"])
    lost = choose_columns(needed, found(needed, shipped))
    assert (lost.value, [problem.code for problem in lost.problems]) == (None, ["X018"])


@pytest.mark.parametrize("heading", ["Mosaic ID", "LCS ID", "Person Ref"])
def test_what_a_case_system_calls_the_child_counts_where_nothing_else_does(
    shipped: Mapping[str, Dataset], heading: str
) -> None:
    headings = found(grid([heading, "Referral Date"], ["1", "01/07/2022"]), shipped)
    assert headings.positions == {"child_id": (0,), "referral_date": (1,)}
    both = found(grid([heading, "Child ID", "Referral Date"], ["9", "1", "x"]), shipped)
    assert both.positions["child_id"] == (1,)


def test_what_many_lists_have_alone_makes_none_of_them(shipped: Mapping[str, Dataset]) -> None:
    assert fault(grid(["Mosaic ID", "Person Ref"], ["1", "2"]), shipped).code == "X015"


@pytest.mark.parametrize("row", [
    ["CLA[Child ID]", "CLA[Date Started to be Looked After]"],
    ["[Child ID]", "[Date Started to be Looked After]"],
    ["'All care'[Child ID]", "'All care'[Date Started to be Looked After]", ""],
])  # fmt: skip
def test_headings_of_power_bi_name_their_table(
    shipped: Mapping[str, Dataset], row: list[str]
) -> None:
    headings = found(grid(row, ["1", "01/07/2022"]), shipped)
    assert headings.dataset.name == "children_in_care"
    assert headings.heading("child_id") == row[0]


def test_brackets_of_one_heading_are_a_unit(shipped: Mapping[str, Dataset]) -> None:
    assert fault(grid(["Child ID", "Visit[Date of Visit]"], ["1", "x"]), shipped).code != "X017"
    with pytest.raises(AssertionError):
        found(grid(["Child ID", "Visit[Date of Visit]"], ["1", "x"]), shipped)
