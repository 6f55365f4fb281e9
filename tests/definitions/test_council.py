"""The profile of a council: found among the inputs or in a folder, its faults by their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder.definitions.council import CouncilProfile
from workbook_builder.definitions.load_definitions import known_definitions, load_definitions

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
        ("logo = 'crest.bmp'", "must be a file that ends with .png or .jpg or .jpeg"),
        ("slide_template = 'deck.ppt'", "must be a file that ends with .pptx"),
        ("neighbours = 'Leeds'", "must be a list in [ ]"),
        ("colours = { main = '#EEEEEE' }", "has a contrast of 1.2 with white"),
        ("populations.children_0_17.2022 = 0", "0 must be greater than 0"),
        ("populations.children_0_17.22 = 9", 'must be a year, as "2022"'),
        ("[targets.referrals]", 'needs "years" or "dates"'),
    ],
)
def test_a_fault_is_named_with_file_and_line(line: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "council.toml"
    file.write_text(f"\nmarking = 'OFFICIAL'\n{line}\n", encoding="utf-8")
    (problem,) = load_definitions([], inputs=[tmp_path]).problems
    assert words in problem.text()
    assert (problem.where.file, problem.where.line) == (str(file), 3)
