"""Commentary: last month's as last month's, this month's kept, nobody's words lost."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.history.chain import LAYOUT, layout_in, rows
from tests.history.conftest import Council
from workbook_builder.request import Outcome

#: Row and column of the first commentary on the board sheet of the test layout.
BOARD, FIRST_ROW = "Contacts", 4


def column_of(book: Workbook, heading: str) -> int:
    sheet = book[BOARD]
    for cell in sheet[FIRST_ROW - 1]:
        if str(cell.value).startswith(heading):
            assert cell.column
            return cell.column
    raise AssertionError(heading)


def write_in_table(book: Workbook, at: int, text: str) -> None:
    book[BOARD].cell(FIRST_ROW + at, column_of(book, "Commentary")).value = text


def write_on_sheet(book: Workbook, measure: str, text: str) -> None:
    for row in book["Commentary"].iter_rows(min_row=4):
        if row[-1].value == measure:
            row[5].value = text
            return
    raise AssertionError(measure)


def said(workbook: Path) -> dict[tuple[str, str], str]:
    """Return what stands on the Commentary sheet."""
    found = rows(workbook, "Commentary", "t_commentary")
    return {(str(row["measure"]), str(row["month"])): str(row["commentary"])
            for row in found if row["commentary"]}  # fmt: skip


def in_table(workbook: Path) -> list[object]:
    book = openpyxl.load_workbook(workbook)
    column = column_of(book, "Commentary")
    return [book[BOARD].cell(FIRST_ROW + at, column).value for at in range(4)]


def written(outcome: Outcome) -> Path:
    assert outcome.written, [problem.text() for problem in outcome.problems]
    return outcome.written


def codes(outcome: Outcome) -> list[str]:
    return [problem.code for problem in outcome.problems]


def test_last_months_words_come_as_last_months_and_this_month_starts_empty(
    council: Council,
) -> None:
    def edit(book: Workbook) -> None:
        write_in_table(book, 0, "Half term.\nAnd a new form.")
        write_on_sheet(book, "own_police", "A project with the police.")

    july = written(council.july(council.change(edit)))
    assert said(july) == {
        ("own_contacts", "2023-06"): "Half term.\nAnd a new form.",
        ("own_police", "2023-06"): "A project with the police.",
    }
    assert in_table(july) == [None] * 4
    months = [row["month"] for row in rows(july, "Commentary", "t_commentary")]
    assert months == ["2023-07"] * 4 + ["2023-06"] * 2


def test_building_the_month_again_keeps_what_was_typed(council: Council) -> None:
    july = written(council.july(council.june))

    def edit(book: Workbook) -> None:
        write_in_table(book, 1, "In the table.")
        write_on_sheet(book, "own_rate", "On the sheet.")

    council.change(edit, july)
    again = written(council.july(council.june))
    assert again == july
    assert in_table(again) == [None, "In the table.", "On the sheet.", None]
    third = written(council.july(council.june))
    assert said(third) == {
        ("own_police", "2023-07"): "In the table.",
        ("own_rate", "2023-07"): "On the sheet.",
    }


def test_what_was_changed_since_goes_before_what_was_written(council: Council) -> None:
    july = written(council.july(council.june))
    council.change(lambda book: write_in_table(book, 0, "First words."), july)
    written(council.july(council.june))
    council.change(lambda book: write_on_sheet(book, "own_contacts", "Better words."), july)
    again = written(council.july(council.june))
    assert in_table(again)[0] == "Better words."
    assert said(again) == {("own_contacts", "2023-07"): "Better words."}


def test_words_changed_in_two_places_all_stay(council: Council) -> None:
    july = written(council.july(council.june))

    def edit(book: Workbook) -> None:
        write_in_table(book, 0, "Mine.")
        write_on_sheet(book, "own_contacts", "Yours.")

    council.change(edit, july)
    again = written(council.july(council.june))
    assert set(str(in_table(again)[0]).splitlines()) == {"Mine.", "Yours."}


def test_sorted_rows_keep_their_own_words(council: Council) -> None:
    july = written(council.july(council.june))

    def edit(book: Workbook) -> None:
        for at in range(4):
            write_in_table(book, at, f"Row {at}.")
        sheet = book[BOARD]
        body = [[cell.value for cell in row] for row in
                sheet.iter_rows(min_row=FIRST_ROW, max_row=FIRST_ROW + 3)]  # fmt: skip
        for at, row in enumerate(reversed(body), FIRST_ROW):
            for column, value in enumerate(row, 1):
                sheet.cell(at, column).value = value

    council.change(edit, july)
    again = written(council.july(council.june))
    assert in_table(again) == ["Row 0.", "Row 1.", "Row 2.", "Row 3."]


def test_a_changed_layout_loses_no_words(council: Council) -> None:
    july = written(council.july(council.june))

    def edit(book: Workbook) -> None:
        for at in range(4):
            write_in_table(book, at, f"Row {at}.")

    council.change(edit, july)
    changed = LAYOUT.replace('reference = "2"', 'reference = "2b", title = "Police"')
    changed = changed.replace('  { measure = "own_rate", reference = "3" },\n', "")
    layout_in(council.folder, changed)
    outcome = council.july(council.june)
    again = written(outcome)
    assert in_table(again)[:3] == ["Row 0.", "Row 1.", "Row 3."]
    assert said(again)["own_rate", "2023-07"] == "Row 2."
    (problem,) = [one for one in outcome.problems if one.code == "H019"]
    assert '"own_rate"' in problem.what
    assert "kept on the Commentary sheet" in problem.done


@pytest.mark.parametrize("known", [True, False])
def test_words_in_a_row_that_nobody_knows_are_kept(known: bool, council: Council) -> None:
    july = written(council.july(council.june))

    def edit(book: Workbook) -> None:
        sheet = book[BOARD]
        sheet.cell(FIRST_ROW, column_of(book, "Ref.")).value = "99"
        sheet.cell(FIRST_ROW, column_of(book, "Indicator")).value = "A row of my own"
        write_in_table(book, 0, "My own words.")
        if not known:
            del book["As written"]

    council.change(edit, july)
    outcome = council.july(council.june)
    assert said(written(outcome))["A row of my own", "2023-07"] == "My own words."
    assert "H019" in codes(outcome)


def test_words_that_name_no_month_or_look_like_a_formula_stay_as_they_are(
    council: Council,
) -> None:
    july = written(council.july(council.june))
    council.change(lambda book: write_in_table(book, 0, "- fewer\n- slower"), july)
    assert in_table(written(council.july(council.june)))[0] == "- fewer\n- slower"
