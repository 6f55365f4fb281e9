"""A user's own definitions: they say only what differs; a fault stops only what needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder.definitions.load_definitions import known_definitions, load_definitions
from workbook_builder.definitions.references import check_references

SHIPPED = Path(__file__).parents[2] / "layouts"


def write(folder: Path, file: str, text: str) -> Path:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a user's own definitions."""
    folder = tmp_path / "Workbook Builder"
    folder.mkdir()
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(folder))
    return folder


def test_a_heading_is_added_in_two_lines(own: Path) -> None:
    line = '[referrals.columns.referral_date]\naliases_also = ["Date Ref Received"]\n'
    write(own, "layouts/datasets/ours.toml", line)
    known = known_definitions()
    assert not known.problems
    shipped = load_definitions([SHIPPED]).value.datasets["referrals"]
    ours = known.value.datasets["referrals"]
    before, now = (each.columns["referral_date"].aliases for each in (shipped, ours))
    assert now == (*before, "Date Ref Received")
    assert ours.known_names["daterefreceived"] == "referral_date"
    assert {**ours.columns, "referral_date": None} == {**shipped.columns, "referral_date": None}


def test_a_spelling_a_threshold_and_a_benchmark_column_are_changed_alike(own: Path) -> None:
    spelling = '[placement_type.codes.K1]\nspellings_also = ["Locked home"]\n'
    write(own, "layouts/codes/ours.toml", spelling)
    write(own, "layouts/parameters.toml", "[assessment_working_days]\nvalue = 40\n")
    write(own, "council.toml", '[comparators.england]\nperiod = "2024/25"\n')
    known = known_definitions()
    assert not known.problems
    assert known.value.codes["placement_type"].codes["K1"].spellings[-1] == "Locked home"
    assert known.value.parameters["assessment_working_days"].value == 40
    assert known.value.comparators["england"].period == "2024/25"


def test_a_fault_in_a_partial_table_is_told_where_it_stands(tmp_path: Path) -> None:
    write(tmp_path, "datasets/ours.toml", "[referrals]\n[referrals.columns.referral_date]\n"
                                          'aliases_also = ["One", 2]\n')  # fmt: skip
    (problem,) = load_definitions([SHIPPED, tmp_path]).problems
    assert (problem.code, problem.where.line) == ("L004", 3)
    assert problem.where.file == str(tmp_path / "datasets" / "ours.toml")


def test_a_spelling_of_another_code_is_told_in_the_users_file(tmp_path: Path) -> None:
    spelling = '[placement_type.codes.{}]\nspellings_also = ["Holiday"]\n'
    text = spelling.format("K1") + spelling.format("T2")
    write(tmp_path, "codes/ours.toml", text)
    (problem,) = check_references(load_definitions([SHIPPED, tmp_path]).value)
    assert problem.where.file == str(tmp_path / "codes" / "ours.toml")


NOT_NEEDED = {
    "layouts/mine.toml": "this is no TOML",
    "layouts/other.toml": 'title = "Other"\n[[tables]]\nname = "T"\ntitle = "T"\n'
    'columns = ["indicator"]\nrows = [{ measure = "nothing" }]\n',
    "layouts/measures/ours.toml": '[ours]\ntitle = "Ours"\ncount_of = "nothing"\nduring = "a"\n'
    '[more]\ntitle = "More"\nsum_of = ["ours"]\n',
    "layouts/measures/half.toml": '[half]\ntitle = "Half\n',
    "layouts/datasets/ours.toml": '[ours]\ntitle = "Ours"\n',
    "targets.toml": '[foster_carers]\nyears = { "2023" = 1 }\n',
}


@pytest.mark.parametrize("file", NOT_NEEDED)
def test_a_faulty_file_stops_nothing_that_does_not_need_it(file: str, own: Path) -> None:
    path = write(own, file, NOT_NEEDED[file])
    known = known_definitions("board")
    assert known.problems
    for problem in known.problems:
        assert (problem.code, problem.where.file) == ("L047", str(path))
        assert str(path) in problem.text()
    assert "board" in known.value.layouts
    assert known.value.measures.keys() == load_definitions([SHIPPED]).value.measures.keys()


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("layouts/board.toml", "this is no TOML", "L001"),
        ("layouts/board.toml", 'extends = "bord"', "L021"),
        ("layouts/measures/ours.toml", "[contacts]\ntitle = 1\n", "L003"),
        ("layouts/measures/ours.toml", '[contacts]\ntitle = "Half\n', "L001"),
        ("layouts/datasets/ours.toml", '[contacts]\ntitle = "Half\n', "L001"),
        ("targets.toml", '[contacts]\nyears = { "2023" = 1 }\n', "L004"),
        ("teams.toml", "[East]\nlocality = 1\n", "L004"),
        ("council.toml", "authority = 852\n", "L004"),
        ("council.toml", "authority = 'Half\n", "L001"),
    ],
)
def test_what_is_needed_stops_the_build(file: str, text: str, code: str, own: Path) -> None:
    path = write(own, file, text)
    first = known_definitions("board").problems[0]
    assert (first.code, first.where.file) == (code, str(path))


def test_a_faulty_layout_of_ones_own_is_an_error_only_where_it_is_asked_for(own: Path) -> None:
    write(own, "layouts/other.toml", NOT_NEEDED["layouts/other.toml"])
    assert [problem.code for problem in known_definitions("board").problems] == ["L047"]
    assert [problem.code for problem in known_definitions("other").problems] == ["L005"]
