"""Where the workbook goes when something is in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.history.chain import LAYOUT, build, layout_in, rows
from tests.history.conftest import JULY, JUNE, Council
from tests.powerpoint.templates_by_hand import BAD
from workbook_builder.atomic_write import is_locked
from workbook_builder.request import Outcome


def texts(outcome: Outcome, code: str) -> list[str]:
    return [problem.text() for problem in outcome.problems if problem.code == code]


@pytest.mark.parametrize("lock", [".~lock.july.xlsx#", "~$july.xlsx"])
def test_a_locked_output_is_left_alone_and_the_new_one_goes_beside(
    lock: str, council: Council
) -> None:
    first = council.july(council.june)
    assert first.written
    before = first.written.read_bytes()
    (council.folder / lock).touch()
    second = council.july(council.june)
    third = council.july(council.june)
    assert first.written.read_bytes() == before
    assert [one.written.name for one in (second, third) if one.written] == [
        "july (2).xlsx", "july (3).xlsx",
    ]  # fmt: skip
    (text,) = texts(second, "W002")
    assert "open in another program" in text
    assert "july (2).xlsx" in text


def test_a_locked_output_can_be_refused_so_that_a_window_may_ask(council: Council) -> None:
    assert council.july(council.june).written
    (council.folder / ".~lock.july.xlsx#").touch()
    refused = council.july(council.june, beside_if_locked=False)
    assert refused.written is None
    assert "open in another program" in texts(refused, "W001")[0]
    assert not list(council.folder.glob("july (*).xlsx"))


def test_a_file_that_may_not_be_opened_for_writing_counts_as_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows answers while Excel has the file open."""
    file = tmp_path / "board.xlsx"
    file.write_bytes(b"old")
    assert not is_locked(file)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "open", refused)
    assert is_locked(file)


def test_a_lock_that_comes_while_building_does_not_lose_the_build(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel opened the file after it was looked at: Windows then refuses to replace it."""
    assert council.july(council.june).written
    replace = os.replace

    def refused(part: str, target: str) -> None:
        if Path(target).name == "july.xlsx":
            raise PermissionError(13, "Access is denied")
        replace(part, target)

    monkeypatch.setattr(os, "replace", refused)
    outcome = council.july(council.june)
    assert outcome.written == council.folder / "july (2).xlsx"
    assert texts(outcome, "W002")


def test_words_of_a_locked_output_come_along(council: Council) -> None:
    first = council.july(council.june)
    assert first.written

    def edit(book: object) -> None:
        book["Commentary"]["F4"] = "Typed and still open."  # type: ignore[index]

    council.change(edit, first.written)
    (council.folder / ".~lock.july.xlsx#").touch()
    second = council.july(council.june)
    assert second.written
    texts_found = [row["commentary"] for row in rows(second.written, "Commentary", "t_commentary")]
    assert "Typed and still open." in texts_found


def test_another_months_workbook_is_never_written_over(council: Council) -> None:
    before = council.june.read_bytes()
    outcome = council.july(out=council.june)
    assert outcome.written == council.folder / "june (2).xlsx"
    assert council.june.read_bytes() == before
    assert "the workbook for Jun-23" in texts(outcome, "W003")[0]


def test_a_workbook_of_a_newer_version_is_never_written_over(council: Council) -> None:
    def edit(book: object) -> None:
        book.custom_doc_props["Workbook format"].value = "2"  # type: ignore[attr-defined]

    council.change(edit)
    before = council.june.read_bytes()
    outcome = council.july(out=council.june, month=JUNE)
    assert outcome.written == council.folder / "june (2).xlsx"
    assert council.june.read_bytes() == before


def test_the_output_may_stand_in_the_folder_of_the_inputs(council: Council) -> None:
    out = council.inputs / "board.xlsx"
    for _ in range(2):
        outcome = council.july(council.june, out=out)
        assert outcome.written == out
        assert not texts(outcome, "H005")


def test_last_months_workbook_in_the_folder_of_the_inputs_is_not_the_output(
    council: Council,
) -> None:
    place = council.inputs / "board.xlsx"
    council.june.rename(place)
    before = place.read_bytes()
    outcome = council.july(out=place)
    assert outcome.written is None
    assert "last month's workbook" in texts(outcome, "R003")[0]
    assert place.read_bytes() == before


@pytest.mark.parametrize(
    ("slides", "template", "code"),
    [("deck.ppt", "", "D001"), ("gone/deck.pptx", "", "D001"), ("deck.pptx", "potx", "D004"),
     ("deck.pptx", "password", "D004"), ("deck.pptx", "cut off", "D004"),
     ("deck.pptx", "without layouts", "D004")],
)  # fmt: skip
def test_whatever_is_wrong_with_the_deck_the_workbook_is_written(
    slides: str, template: str, code: str, council: Council
) -> None:
    text = f'table_slides = true\ntemplate = "our.pptx"\n{LAYOUT}' if template else LAYOUT
    layout = layout_in(council.folder, text)
    if template:
        (layout.parent / "our.pptx").write_bytes(BAD[template][0]())
    out, wanted = council.folder / "slides.xlsx", council.folder / slides
    outcome = build([council.inputs], layout, out, JULY, slides=wanted)
    assert outcome.written == out
    (problem,) = [problem for problem in outcome.problems if problem.code.startswith("D0")]
    assert problem.code == code
    assert bool(outcome.slides) == (code == "D004")
