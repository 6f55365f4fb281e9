"""Where the deck goes, and what is said of a deck or a template that cannot be used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.powerpoint.conftest import opened
from tests.powerpoint.templates_by_hand import BAD, TEMPLATES, Maker, dark
from tests.powerpoint.test_deck import WITH_SLIDES
from tests.sheets.examples import LAYOUTS, PLANS
from workbook_builder.definitions.council import CouncilProfile
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.toml_files import TomlPlace
from workbook_builder.history.previous_workbooks import sort_inputs
from workbook_builder.powerpoint.deck import draw_deck
from workbook_builder.sheets.plan import Plan
from workbook_builder.workbook_format import MONTH_PROPERTY
from workbook_builder.write_slides import DeckRequest, no_deck_asked, write_slides

PLAN = PLANS[WITH_SLIDES[0]]
LAYOUT = next(iter(LAYOUTS.values()))
STANDARD = draw_deck(PLAN).value


def of_month(month: str) -> Plan:
    custom = (*PLAN.properties.custom, (MONTH_PROPERTY, month))
    return replace(PLAN, properties=replace(PLAN.properties, custom=custom))


def written(request: DeckRequest, definitions: Definitions | None = None) -> tuple[str, list[str]]:
    """Write a deck; return its name, or nothing, and the codes of the problems."""
    result = write_slides(request, LAYOUT, definitions or Definitions())
    return result.value.name if result.value else "", [one.code for one in result.problems]


def test_a_deck_goes_where_it_is_asked_for(tmp_path: Path) -> None:
    request = DeckRequest(tmp_path / "board.pptx", PLAN, tmp_path / "board.xlsx")
    assert written(request) == ("board.pptx", [])
    assert (tmp_path / "board.pptx").read_bytes() == STANDARD
    assert written(replace(request, wanted=tmp_path)) == ("board.pptx", [])
    assert list(tmp_path.iterdir()) == [tmp_path / "board.pptx"]


@pytest.mark.parametrize("name", ["board.ppt", "board", "board.xlsx"])
def test_a_deck_must_end_with_pptx(name: str, tmp_path: Path) -> None:
    assert written(DeckRequest(tmp_path / name, PLAN, tmp_path / "b.xlsx")) == ("", ["D001"])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    request = DeckRequest(tmp_path / "gone" / "board.pptx", PLAN, tmp_path / "board.xlsx")
    assert written(request) == ("", ["D001"])


def test_a_layout_without_slides_is_said(tmp_path: Path) -> None:
    plan = replace(PLAN, sheets=tuple(replace(sheet, deck=None) for sheet in PLAN.sheets))
    assert written(DeckRequest(tmp_path / "b.pptx", plan, tmp_path / "b.xlsx")) == ("", ["D001"])


def test_a_deck_that_is_open_elsewhere_is_left_alone(tmp_path: Path) -> None:
    deck = tmp_path / "board.pptx"
    deck.write_bytes(STANDARD)
    (tmp_path / "~$board.pptx").write_bytes(b"PowerPoint has it open")
    request = DeckRequest(deck, PLAN, tmp_path / "board.xlsx")
    assert written(request) == ("board (2).pptx", ["D002"])
    assert deck.read_bytes() == STANDARD


@pytest.mark.parametrize("make", [dark, lambda: b"somebody's own file"], ids=["a deck", "no deck"])
def test_a_file_of_somebody_else_is_left_alone(make: Maker, tmp_path: Path) -> None:
    deck, content = tmp_path / "board.pptx", make()
    deck.write_bytes(content)
    request = DeckRequest(deck, of_month("2023-07"), tmp_path / "board.xlsx")
    assert written(request) == ("board (2).pptx", ["D003"])
    assert deck.read_bytes() == content


def test_last_months_deck_is_never_changed_in_place(tmp_path: Path) -> None:
    last = tmp_path / "board.pptx"
    last.write_bytes(draw_deck(of_month("2023-06")).value)
    before = last.read_bytes()
    request = DeckRequest(last, of_month("2023-07"), tmp_path / "board.xlsx", (last,))
    assert written(request) == ("board (2).pptx", ["D003"])
    assert last.read_bytes() == before


def test_a_deck_of_the_same_month_is_carried_on(tmp_path: Path) -> None:
    request = DeckRequest(tmp_path / "board.pptx", of_month("2023-07"), tmp_path / "board.xlsx")
    written(request)
    deck = opened(request.path.read_bytes())
    deck.slides[0].shapes.title.text_frame.text = "In our own words"
    deck.save(request.path)
    assert written(request) == ("board.pptx", ["D007"])
    titles = [slide.shapes.title.text_frame.text
              for slide in opened(request.path.read_bytes()).slides]  # fmt: skip
    assert titles[0] == "In our own words"


def test_the_newest_deck_that_is_not_of_a_later_month_is_carried_on(tmp_path: Path) -> None:
    decks = []
    for month in ("2023-05", "2023-08", "2023-06"):
        deck = opened(draw_deck(of_month(month)).value)
        deck.slides[0].shapes.title.text_frame.text = f"Title of {month}"
        deck.save(tmp_path / f"{month}.pptx")
        decks.append(tmp_path / f"{month}.pptx")
    request = DeckRequest(tmp_path / "new.pptx", of_month("2023-07"), tmp_path / "board.xlsx",
                          tuple(decks))  # fmt: skip
    name, codes = written(request)
    assert sorted(codes) == ["D006", "D006", "D007"]
    new = opened((tmp_path / name).read_bytes())
    assert new.slides[0].shapes.title.text_frame.text == "Title of 2023-06"


@pytest.mark.parametrize("name", ["password", "potx", "cut off", "without layouts"])
def test_a_bad_deck_of_last_month_is_said_and_a_new_one_written(name: str, tmp_path: Path) -> None:
    last = tmp_path / "last.pptx"
    last.write_bytes(BAD[name][0]())
    request = DeckRequest(tmp_path / "new.pptx", PLAN, tmp_path / "board.xlsx", (last,))
    assert written(request) == ("new.pptx", ["D006"])
    assert (tmp_path / "new.pptx").read_bytes() == STANDARD


def test_the_template_of_the_councils_profile_is_used(tmp_path: Path) -> None:
    place = TomlPlace(str(tmp_path / "council.toml"))
    definitions = Definitions(
        council=CouncilProfile(slide_template="our.pptx"), places={("council", "council"): place}
    )
    request = DeckRequest(tmp_path / "new.pptx", PLAN, tmp_path / "board.xlsx")
    assert written(request, definitions) == ("new.pptx", ["D004"])  # there is none beside it
    (tmp_path / "new.pptx").unlink()
    (tmp_path / "our.pptx").write_bytes(TEMPLATES["four to three"]())
    assert written(request, definitions) == ("new.pptx", [])
    assert (
        opened(request.path.read_bytes()).slide_height
        == opened(TEMPLATES["four to three"]()).slide_height
    )
    (tmp_path / "new.pptx").unlink()
    (tmp_path / "our.pptx").write_bytes(BAD["potx"][0]())
    assert written(request, definitions) == ("new.pptx", ["D004"])
    assert request.path.read_bytes() == STANDARD


def test_slides_that_nobody_asked_for_are_a_note() -> None:
    assert no_deck_asked((Path("last.pptx"),)).code == "D010"


def test_decks_among_the_inputs_are_told_from_extracts_and_from_other_slides(
    tmp_path: Path,
) -> None:
    (tmp_path / "ours.pptx").write_bytes(STANDARD)
    (tmp_path / "theirs.pptx").write_bytes(dark())
    (tmp_path / "damaged.pptx").write_bytes(STANDARD[:5000])
    (tmp_path / "contacts.csv").write_text("a,b\n1,2\n")
    given = sort_inputs([tmp_path], None, {}, lambda name: None)
    assert given.value.extracts == (tmp_path / "contacts.csv",)
    assert [deck.name for deck in given.value.decks] == ["damaged.pptx", "ours.pptx"]
    assert [(one.code, one.where.file) for one in given.problems] == [("D006", "theirs.pptx")]
    assert [sheet.standard for sheet in given.value.sheets] == ["slides of an earlier month"] * 2
