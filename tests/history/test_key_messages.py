"""Key messages of the summary: drafts made anew each time, unless a person has written another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.table import Table

from tests.history.chain import figures_in, rows
from tests.history.conftest import Council
from tests.history.test_commentary_kept import codes, said, written

WORDS = "Visits were missed in half term; two workers have started since."


def place(workbook: Path, number: int) -> str:
    """The cell of a key message, found by its defined name."""
    name = openpyxl.load_workbook(workbook).defined_names[f"key_message_{number}"]
    ((sheet, cell),) = name.destinations
    assert sheet == "Summary"
    return str(cell).replace("$", "")


def message(workbook: Path, number: int) -> object:
    return openpyxl.load_workbook(workbook)["Summary"][place(workbook, number)].value


def type_over(cell: str, text: str | None) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        book["Summary"][cell].value = text

    return edit


def test_drafts_are_made_anew_each_time(council: Council) -> None:
    july = written(council.july(council.june))
    drafts = [message(july, number) for number in range(1, 7)]
    assert str(drafts[0]).endswith(".")
    assert said(july) == {}
    kept = {row["slide"]: row["headline"] for row in rows(july, "As written", "t_headlines")}
    assert kept["Key message 1"] == drafts[0]
    written(council.july(council.june))
    assert [message(july, number) for number in range(1, 7)] == drafts


def test_a_persons_words_are_kept_in_their_place_and_carried_on_as_commentary(
    council: Council,
) -> None:
    july = written(council.july(council.june))
    council.change(type_over(place(july, 1), WORDS), july)
    council.change(type_over(place(july, 6), "Our own sixth message."), july)
    for _ in range(2):
        outcome = council.july(council.june)
        assert written(outcome) == july
        assert message(july, 1) == WORDS
        assert message(july, 6) == "Our own sixth message."
        assert said(july)["Key message 1", "2023-07"] == WORDS
        assert "M015" not in codes(outcome)


def test_a_message_that_was_taken_away_is_a_draft_again(council: Council) -> None:
    july = written(council.july(council.june))
    draft = message(july, 1)
    council.change(type_over(place(july, 1), None), july)
    written(council.july(council.june))
    assert message(july, 1) == draft


def of_the_old_form(book: Workbook) -> None:
    """Make a workbook what it was before the summary: a cover, commentary of three columns."""
    headings = [str(cell.value) for cell in book["Commentary"][3]]
    columns = [headings.index(name) for name in ("measure", "month", "commentary")]
    kept = [[row[column] for column in columns]
            for row in book["Commentary"].iter_rows(min_row=4, values_only=True)]  # fmt: skip
    for name in ("Summary", "Commentary"):
        del book[name]
    for name in [name for name in book.defined_names if name.startswith("key_message_")]:
        del book.defined_names[name]
    memory = book["As written"]
    for cells in memory.iter_rows():
        if str(cells[0].value).startswith("Key message"):
            for cell in cells:
                cell.value = None
    book.create_sheet("Cover", 0)["A1"] = "Board"
    sheet = book.create_sheet("Commentary")
    rows_below = [row for row in kept if row[0] and not str(row[0]).startswith("Key message")]
    rows_below = rows_below or [["own_contacts", "2023-06", None]]
    rows_below[0][2] = WORDS
    for row in (["measure", "month", "commentary"], *rows_below):
        sheet.append(row)
    sheet.add_table(Table(displayName="t_commentary", ref=f"A1:C{1 + len(rows_below)}"))


def test_a_workbook_of_the_form_before_the_summary_is_carried_on(council: Council) -> None:
    before = figures_in(council.june)
    old = council.change(of_the_old_form)
    assert "Summary" not in openpyxl.load_workbook(old).sheetnames
    outcome = council.july(old)
    july = written(outcome)
    after = figures_in(july)
    assert {key: after[key] for key in before} == pytest.approx(before)
    assert WORDS in said(july).values()
    assert str(message(july, 1)).endswith(".")
    assert not [problem for problem in outcome.problems if problem.code == "H012"]
