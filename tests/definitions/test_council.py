"""The profile of a council: found among the inputs or in a folder, its faults by their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder.definitions.council import CouncilProfile
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import (
    known_definitions,
    load_definitions,
    read_logo,
)
from workbook_builder.problems import Result

PROFILE = """
authority = "Southampton"
marking = "OFFICIAL-SENSITIVE"
worklists = true
logo = "pictures/crest.png"
slide_template = "deck.pptx"

[colours]
main = "#003366"

[populations.children_0_17]
2022 = 49_300

[teams."East 1"]
aliases = ["E1"]

[targets.referrals]
years = { "2023-24" = 273 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "council.toml").write_text(PROFILE, encoding="utf-8")
    return tmp_path


def test_without_a_profile_all_of_it_is_blank() -> None:
    assert load_definitions([]).value.council == CouncilProfile()


@pytest.mark.parametrize("dropped", ["", "council.toml"])
def test_a_profile_is_found_in_a_dropped_folder_or_dropped_itself(
    dropped: str, folder: Path
) -> None:
    known = known_definitions(inputs=[folder / dropped])
    assert not known.problems
    council = known.value.council
    assert (council.authority, council.marking) == ("Southampton", "OFFICIAL-SENSITIVE")
    assert council.worklists
    assert council.colours
    assert council.colours.main == "#003366"
    assert council.populations == {"children_0_17": {"2022": 49_300}}
    assert known.value.beside_profile(council.logo) == folder / "pictures" / "crest.png"
    assert known.value.known_teams.get("e1").name == "East 1"
    assert set(known.value.targets["referrals"].years) == {"2023-24"}


def test_a_profile_is_found_in_a_folder_of_definitions(folder: Path) -> None:
    assert load_definitions([folder]).value.council.slide_template == "deck.pptx"


def test_a_later_profile_replaces_an_earlier_one(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "council.toml").write_text('authority = "Leeds"', encoding="utf-8")
    council = load_definitions([folder], inputs=[other]).value.council
    assert (council.authority, council.marking) == ("Leeds", "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("authorty = 'Leeds'", 'Did you mean "authority"?'),
        ("worklists = 'yes'", "must be true or false"),
        ("logo = 'crest.bmp'", "must be a file name ending in .png"),
        ("slide_template = 'deck.ppt'", "must be a file name ending in .pptx"),
        ("neighbours = 'Leeds'", "must be a list in [ ]"),
        ("colours = { main = '#EEEEEE' }", "has a contrast of 1.2 with white"),
        ("populations.children_0_17.2022 = 0", "0 must be greater than 0"),
        ("populations.children_0_17.22 = 9", 'must be a year, such as "2022"'),
        ("[targets.referrals]", 'needs "years" or "dates"'),
    ],
)
def test_a_fault_is_named_with_file_and_line(line: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "council.toml"
    file.write_text(f"\nmarking = 'OFFICIAL'\n{line}\n", encoding="utf-8")
    (problem,) = load_definitions([], inputs=[tmp_path]).problems
    assert words in problem.text()
    assert (problem.where.file, problem.where.line) == (str(file), 3)


def known(folder: Path, text: str) -> Result[Definitions]:
    (folder / "council.toml").write_text(text, encoding="utf-8")
    return known_definitions(inputs=[folder])


def test_headings_layouts_and_neighbours_follow_from_the_authority(tmp_path: Path) -> None:
    definitions = known(tmp_path, 'authority = "E08000035"').value
    titles = [comparator.title for comparator in definitions.comparators.values()]
    assert titles == [
        "Leeds 2023/24", "Statistical neighbours", "Yorkshire and The Humber", "England",
    ]  # fmt: skip
    assert definitions.layouts["board"].authority == "383"
    assert definitions.authority
    assert definitions.authority.populations["children_0_17"][2024] > 150_000
    outcomes = {row.outcome for row in definitions.layouts["scorecard"].tables[0].rows}
    assert any("local authorities like Leeds." in outcome for outcome in outcomes)


def test_without_an_authority_the_headings_name_none() -> None:
    definitions = known_definitions().value
    assert definitions.comparators["own_authority"].title == "Own authority 2023/24"
    assert definitions.comparators["region"].title == "Region"
    assert not definitions.layouts["board"].authority


def test_a_profile_says_otherwise_than_the_list(tmp_path: Path) -> None:
    text = (
        'authority = "Leeds"\nregion = "North"\nneighbours = ["Bradford", "380", "Kirkless"]\n'
        "[populations.children_0_17]\n2025 = 170_000\n"
    )
    result = known(tmp_path, text)
    authority = result.value.authority
    assert authority
    assert (authority.code, authority.region) == ("383", "North")
    assert authority.neighbours == {"council.toml": ("380",)}
    assert authority.populations == {"children_0_17": {2025: 170_000}}
    (problem,) = result.problems
    assert (problem.code, problem.where.line) == ("L044", 3)
    assert 'Did you mean "Kirklees"' in problem.what


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("Southamton", "L044", 'Did you mean "Southampton"'),
        ("Surrey East", "L044", "Only what the profile says is used."),
        ("Cumbria", "L045", "now Cumberland and Westmorland and Furness."),
    ],
)
def test_an_authority_that_is_not_known_or_has_ended_is_said(
    name: str, code: str, words: str, tmp_path: Path
) -> None:
    result = known(tmp_path, f'authority = "{name}"')
    (problem,) = result.problems
    assert problem.code == code
    assert words in problem.text()
    assert result.value.authority
    assert result.value.authority.name == name


def test_the_councils_colours_take_the_place_of_the_standard_theme(tmp_path: Path) -> None:
    definitions = known(tmp_path, 'authority = "Leeds"\n[colours]\nmain = "#003366"').value
    theme = definitions.themes[definitions.layouts["board"].theme]
    assert (theme.main, theme.accent) == ("#003366", "#801650")


def test_the_councils_logo_goes_on_the_cover(tmp_path: Path) -> None:
    definitions = known(tmp_path, 'authority = "Leeds"\nlogo = "crest.png"').value
    board = definitions.layouts["board"]
    assert [problem.code for problem in read_logo(board, definitions).problems] == ["L023"]
    picture = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    (tmp_path / "crest.png").write_bytes(picture)
    assert read_logo(board, definitions).value == picture
