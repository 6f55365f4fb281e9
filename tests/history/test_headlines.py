"""Headlines of slides: made from the figures each time, unless a person has written another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.history.chain import rows
from tests.history.conftest import Council
from tests.history.test_commentary_kept import codes, said, written

SLIDE = """
[[slides]]
name  = "Front door"
title = "The front door"
grid  = ["contacts"]

[slides.panels]
contacts = { chart = ["own_contacts"], title = "Contacts" }
"""
KEY = ("Front door", "2023-07")


@pytest.fixture
def with_slide(council: Council) -> Council:
    layout = council.layout.read_text(encoding="utf-8")
    council.layout.write_text(layout + SLIDE, encoding="utf-8")
    return council


def headline(workbook: Path) -> str:
    return str(openpyxl.load_workbook(workbook)["Front door"]["B2"].value)


def type_over(text: str | None) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        book["Front door"]["B2"].value = text

    return edit


def test_the_programs_sentence_is_made_anew_each_time(with_slide: Council) -> None:
    july = written(with_slide.july(with_slide.june))
    automatic = headline(july)
    assert " to " in automatic
    assert said(july) == {}
    kept = rows(july, "As written", "t_headlines")
    (row,) = (each for each in kept if each["slide"] == KEY[0])  # beside the key messages
    assert (row["slide"], row["month"], row["headline"]) == (*KEY, automatic)
    (target,) = openpyxl.load_workbook(july).defined_names[str(row["cell"])].destinations
    assert target == ("Front door", "$B$2")
    written(with_slide.july(with_slide.june))
    assert headline(july) == automatic
    assert said(july) == {}


def test_a_persons_sentence_is_kept_and_listed(with_slide: Council) -> None:
    july = written(with_slide.july(with_slide.june))
    with_slide.change(type_over("Half term kept contacts down"), july)
    for _ in range(2):
        outcome = with_slide.july(with_slide.june)
        assert written(outcome) == july
        assert headline(july) == "Half term kept contacts down"
        assert said(july) == {KEY: "Half term kept contacts down"}
        assert "M015" not in codes(outcome)


def test_it_is_kept_where_the_cell_has_moved_and_the_sheet_has_another_name(
    with_slide: Council,
) -> None:
    july = written(with_slide.july(with_slide.june))

    def edit(book: Workbook) -> None:
        sheet = book["Front door"]
        sheet.title = "Renamed"
        sheet["B7"].value = "Moved and changed"
        book.defined_names["headline_1"].value = "'Renamed'!$B$7"

    with_slide.change(edit, july)
    written(with_slide.july(with_slide.june))
    assert headline(july) == "Moved and changed"


def test_the_commentary_sheet_takes_it_back_or_changes_it(with_slide: Council) -> None:
    july = written(with_slide.july(with_slide.june))
    automatic = headline(july)
    with_slide.change(type_over("First words"), july)
    written(with_slide.july(with_slide.june))

    def in_list(text: str | None) -> Callable[[Workbook], None]:
        def edit(book: Workbook) -> None:
            sheet = book["Commentary"]
            (row,) = (row for row in sheet.iter_rows(min_row=4) if row[-1].value == "Front door")
            row[5].value = text

        return edit

    with_slide.change(in_list("Better words"), july)
    written(with_slide.july(with_slide.june))
    assert headline(july) == "Better words"
    with_slide.change(in_list(None), july)
    written(with_slide.july(with_slide.june))
    assert headline(july) == automatic


@pytest.mark.parametrize("text", [None, "  "])
def test_an_emptied_headline_comes_back(with_slide: Council, text: str | None) -> None:
    july = written(with_slide.july(with_slide.june))
    automatic = headline(july)
    with_slide.change(type_over(text), july)
    written(with_slide.july(with_slide.june))
    assert headline(july) == automatic


def test_next_month_has_its_own_headline_and_keeps_the_old_one(with_slide: Council) -> None:
    """June's words stay on the Commentary sheet, under June."""
    june = with_slide.change(
        lambda book: book["Commentary"].append(
            [None, None, None, None, None, "What June said", "2023-06", "Front door"]
        )
    )
    july = written(with_slide.july(june))
    assert headline(july) != "What June said"
    assert said(july) == {("Front door", "2023-06"): "What June said"}


def test_a_slide_that_is_gone_changes_nothing(with_slide: Council) -> None:
    july = written(with_slide.july(with_slide.june))
    automatic = headline(july)

    def edit(book: Workbook) -> None:
        book["Front door"]["B2"].value = "Lost with its sheet"
        del book["Front door"]

    with_slide.change(edit, july)
    written(with_slide.july(with_slide.june))
    assert headline(july) == automatic
