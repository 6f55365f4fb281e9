"""Texts that a person types for a run, in the window or by --comment, as if in the workbook."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation

from tests.conftest import WRITTEN
from tests.history.conftest import Council
from tests.history.test_commentary_kept import codes, in_table, said, write_in_table, written
from tests.history.test_headlines import SLIDE, headline
from workbook_builder.cli.commands import OK, run_command
from workbook_builder.figures import TypedText
from workbook_builder.months import Month

JULY = Month(2023, 7)
CONTACTS = ("own_contacts", "2023-07")
WORDS = TypedText("own_contacts", "Half term.\nAnd a new form.", JULY, before="")
SENTENCE = TypedText("Front door", "Half term kept contacts down", JULY, before="")
MESSAGE = TypedText("Key message 2", "Visits were missed in half term.", JULY, before="")
TEXTS = {text.subject: text.text for text in (WORDS, SENTENCE, MESSAGE)}


@pytest.fixture
def with_slide(council: Council) -> Council:
    layout = council.layout.read_text(encoding="utf-8")
    council.layout.write_text(layout + SLIDE, encoding="utf-8")
    return council


def cells(workbook: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what every sheet holds but the one that lists the files."""
    book = openpyxl.load_workbook(workbook)
    return {name: list(book[name].iter_rows(values_only=True))
            for name in book.sheetnames if name != "Sources"}  # fmt: skip


def test_they_arrive_where_texts_in_the_workbook_do_and_are_carried_on(with_slide: Council) -> None:
    texts, deck = (WORDS, SENTENCE, MESSAGE), with_slide.folder / "july.pptx"
    july = written(with_slide.july(with_slide.june, typed=texts, slides=deck))
    on_slides = [" ".join(shape.text_frame.text.split()) for slide in Presentation(str(deck)).slides
                 for shape in slide.shapes if shape.has_text_frame]  # fmt: skip
    assert SENTENCE.text in on_slides
    assert any("Half term. And a new form." in text for text in on_slides)
    assert said(july) == {(subject, "2023-07"): text for subject, text in TEXTS.items()}
    assert in_table(july)[0] == WORDS.text
    assert headline(july) == SENTENCE.text
    assert MESSAGE.text in {cell for row in cells(july)["Summary"] for cell in row}
    assert said(written(with_slide.july(with_slide.june)))[CONTACTS] == WORDS.text


def test_command_line_list_and_window_give_the_same(
    with_slide: Council, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(WRITTEN.timestamp())))
    texts = (WORDS, SENTENCE, MESSAGE)
    window = written(with_slide.july(with_slide.june, typed=texts, written=WRITTEN))
    typed = [word for name, text in TEXTS.items() for word in ("--comment", name, text)]
    inputs = [str(with_slide.inputs), str(with_slide.june)]
    asked = ["--layout", str(with_slide.layout), "--month", "2023-07"]
    by_option = tmp_path / "option.xlsx"
    assert run_command(["build", *inputs, *typed, *asked, "--out", str(by_option)]) == OK
    assert by_option.read_bytes() == window.read_bytes()
    listed = tmp_path / "what we say.csv"
    lines = "".join(f'"{name}","{text}"\n' for name, text in TEXTS.items())
    listed.write_text(f"Measure,Commentary\n{lines}", encoding="utf-8")
    by_list = tmp_path / "list.xlsx"
    assert run_command(["build", *inputs, str(listed), *asked, "--out", str(by_list)]) == OK
    assert cells(by_list) == cells(window)


def test_a_text_takes_the_place_of_the_one_that_was_seen(council: Council) -> None:
    july = written(council.july(council.june, typed=(WORDS,)))
    better = TypedText("own_contacts", "Better words.", JULY, before=WORDS.text)
    assert said(written(council.july(council.june, typed=(better,)))) == {CONTACTS: "Better words."}
    gone = TypedText("own_contacts", "", JULY, before="Better words.")
    assert said(written(council.july(council.june, typed=(gone,)))) == {}
    assert in_table(july)[0] is None


def test_what_was_changed_in_the_workbook_since_is_not_lost(council: Council) -> None:
    july = written(council.july(council.june, typed=(WORDS,)))
    council.change(lambda book: write_in_table(book, 0, "From Excel."), july)
    written(council.july(council.june, typed=(WORDS,)))
    assert said(july) == {CONTACTS: "From Excel."}, "it was typed after the text was written"
    other = TypedText("own_contacts", "From the window.", JULY, before="")
    council.change(lambda book: write_in_table(book, 0, "Excel again."), july)
    written(council.july(council.june, typed=(other,)))
    assert said(july) == {CONTACTS: "Excel again.\nFrom the window."}


def test_a_name_that_nobody_has_is_told_and_a_later_month_waits(council: Council) -> None:
    later = TypedText("own_contacts", "In August.", JULY.plus(1), before="")
    gone = TypedText("A slide of another layout", "Kept.", JULY, before="")
    outcome = council.july(council.june, typed=(TypedText("own_contact", "Words."), later, gone))
    assert said(written(outcome)) == {("A slide of another layout", "2023-07"): "Kept."}
    assert (codes(outcome).count("M015"), codes(outcome).count("H019")) == (1, 1)
