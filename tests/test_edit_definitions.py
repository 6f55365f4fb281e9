"""Targets, benchmarks and rows changed in a person's own TOML: all else in it stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_INPUTS
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.edit_definitions import Edited, edit_definitions
from workbook_builder.edits import BenchmarkEdit, DefinitionsEdit, RowsEdit, TargetEdit

PROFILE = """\
# Ours, agreed in April.
authority = "Leeds"   # since 1974

[targets.re_referrals]
years = { "2023-24" = 0.2, '2022-23' = "<22%" }  # the board's own
note  = "Local"

[benchmarks.re_referrals.values]
england = 0.22 # DfE
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    file = tmp_path / "with the extracts" / "council.toml"
    file.parent.mkdir()
    file.write_text(PROFILE, encoding="utf-8")
    return file


@pytest.fixture
def own_board(own_folder: Path) -> Iterator[Path]:
    file = own_folder / "layouts" / "board.toml"
    yield file
    file.unlink(missing_ok=True)
    if file.parent.is_dir():
        file.parent.rmdir()


def edited(edit: DefinitionsEdit, *inputs: Path) -> Edited:
    return edit_definitions(edit, "board", inputs)


def board(*inputs: Path) -> tuple[Definitions, Layout]:
    known = known_definitions("board", inputs).value
    return known, known.layouts["board"]


def demand(*inputs: Path) -> list[str]:
    table = next(each for each in board(*inputs)[1].tables if each.name == "Demand")
    return [row.measure for row in table.rows]


def test_a_target_takes_its_place_and_all_else_stays(profile: Path) -> None:
    done = edited(TargetEdit("re_referrals", {"2023-24": "18.5%"}, "5%"), profile)
    assert done.faults == {}
    text = profile.read_text(encoding="utf-8")
    assert text == PROFILE.replace('"2023-24" = 0.2,', '"2023-24" = 0.185,')
    target = board(profile)[0].targets["re_referrals"]
    assert target.years["2023-24"].number == 0.185
    assert done.put_back() == ""
    assert profile.read_text(encoding="utf-8") == PROFILE


def test_a_new_target_goes_to_the_end_and_an_empty_one_is_taken_out(profile: Path) -> None:
    new = TargetEdit("referrals", {"2023-24": "273", "2024-25": "", "2023-07-01": "<= 250"}, "2.5%")
    assert edited(new, profile).faults == {}
    assert profile.read_text(encoding="utf-8") == PROFILE + (
        '\n[targets.referrals]\nyears = {"2023-24" = 273}\ndates = {"2023-07-01" = "<=250"}\n'
        "tolerance = 0.025\n"
    )
    gone = TargetEdit("re_referrals", {"2023-24": "", "2022-23": ""}, "5%")
    assert edited(gone, profile).faults == {}
    text = profile.read_text(encoding="utf-8")
    assert "[targets.re_referrals]" not in text
    assert text.startswith('# Ours, agreed in April.\nauthority = "Leeds"   # since 1974\n')


def test_ends_of_lines_and_files_beside_the_profile_are_kept(profile: Path) -> None:
    profile.write_bytes(b"\xef\xbb\xbf" + PROFILE.replace("\n", "\r\n").encode())
    assert edited(BenchmarkEdit("re_referrals", {"england": "21%"}), profile).faults == {}
    changed = PROFILE.replace("0.22 # DfE", "0.21 # DfE").replace("\n", "\r\n")
    assert profile.read_bytes() == b"\xef\xbb\xbf" + changed.encode()
    targets = profile.with_name("targets.toml")
    targets.write_text("[contacts]\nyears = { '2023-24' = 900 }\n", encoding="utf-8")
    assert edited(TargetEdit("referrals", {"2023-24": "273"}), profile.parent).file == targets


@pytest.mark.parametrize(
    ("measure", "text", "says"),
    [
        ("re_referrals", "soon", '"soon" is not a number. Type one such as 85%'),
        ("re_referrals", "20", "type it with the percent sign"),
        ("re_referrals", "120%", "100% at most"),
        ("re_referrals", ">20%", 'Lower is better here, so ">" is the wrong way round: use "<"'),
        ("referrals", "20%", "This is not a percentage"),
        ("referrals", "-3", "0 or more"),
    ],
)
def test_a_value_that_cannot_be_is_told_by_its_field(
    measure: str, text: str, says: str, profile: Path
) -> None:
    done = edited(TargetEdit(measure, {"2024-25": text}, "200%"), profile)
    assert done.file is None
    assert says in done.faults["2024-25"]
    assert done.faults["tolerance"] == "Type a percentage from 0% to 99%."
    assert profile.read_text(encoding="utf-8") == PROFILE


def test_benchmarks_of_the_year_shown_and_new_ones(profile: Path) -> None:
    period = board(profile)[0].comparators["england"].period
    by_year = PROFILE.replace(
        "[benchmarks.re_referrals.values]\nengland = 0.22 # DfE",
        f'[benchmarks.re_referrals.years]\n"{period}" = {{ england = 0.22 }} # DfE',
    )
    profile.write_text(by_year, encoding="utf-8")
    edit = BenchmarkEdit("re_referrals", {"england": "21.5%"})
    assert edited(edit, profile).faults == {}
    text = profile.read_text(encoding="utf-8")
    assert f'"{period}" = {{ england = 0.215 }} # DfE' in text
    assert edited(BenchmarkEdit("re_referrals", {"england": ""}), profile).faults == {}
    assert "benchmarks.re_referrals" not in profile.read_text(encoding="utf-8")
    new = BenchmarkEdit("referrals", {"england": "545.5"})
    assert edited(new, profile).faults == {}
    assert profile.read_text(encoding="utf-8").endswith(
        "\n[benchmarks.referrals]\nvalues = {england = 545.5}\n"
    )


def test_without_a_profile_and_in_what_comes_with_the_program_nothing_is_written() -> None:
    edit = TargetEdit("referrals", {"2023-24": "273"})
    assert edited(edit).faults[""].startswith("There is no council profile yet.")
    files = [SAMPLE_INPUTS / name for name in ("council.toml", "targets.toml")]
    before = [file.read_bytes() for file in files]
    assert "comes with the program" in edited(edit, SAMPLE_INPUTS).faults[""]
    assert [file.read_bytes() for file in files] == before


def test_what_other_definitions_override_is_not_written(profile: Path, own_folder: Path) -> None:
    layout = profile.parent / "ours" / "board.toml"
    layout.parent.mkdir()
    layout.write_text('extends = "board"\n', encoding="utf-8")
    (layout.parent / "targets.toml").write_text("[referrals]\nyears = {'2023-24' = 1}\n", "utf-8")
    done = edit_definitions(TargetEdit("referrals", {"2024-25": "2"}), str(layout), (profile,))
    assert done.file == layout.parent / "targets.toml", "it is edited where it stands"
    faulty = profile.parent / "faulty.toml"
    faulty.write_text("[[", encoding="utf-8")
    profile.write_text("authority = [", encoding="utf-8")
    assert edited(TargetEdit("referrals", {"2023-24": "3"}), profile).faults[""]
    assert profile.read_text(encoding="utf-8") == "authority = ["


def test_rows_are_added_to_and_taken_out_of_a_table_of_a_supplied_layout(own_board: Path) -> None:
    rows = demand()
    add = RowsEdit("board", "Demand", add=("children_missing",), after=rows[1])
    done = edited(add)
    assert (done.faults, done.file) == ({}, own_board)
    assert demand() == [*rows[:2], "children_missing", *rows[2:]]
    text = own_board.read_text(encoding="utf-8")
    assert text.startswith('extends = "board"\n\n[[tables]]\nname = "Demand"\n')
    assert done.put_back() == ""
    assert demand() == rows
    assert not own_board.exists()


def test_rows_of_a_layout_that_is_there_keep_its_comments(own_board: Path) -> None:
    own_board.parent.mkdir(parents=True, exist_ok=True)
    ours = (
        'extends = "board" # ours\n\n[[tables]]\nname   = "Demand"\nremove = ["referrals"] # no\n'
    )
    own_board.write_text(ours, encoding="utf-8")
    rows = demand()
    assert edited(RowsEdit("board", "Demand", remove=(rows[0],))).faults == {}
    assert demand() == rows[1:]
    assert edited(RowsEdit("board", "Demand", add=(rows[0],))).faults == {}
    assert demand() == rows, "what was taken out comes back to its place"
    assert own_board.read_text(encoding="utf-8") == ours
    assert edited(RowsEdit("board", "Demand", remove=tuple(rows))).faults == {
        "": "A table needs at least one indicator."
    }


def test_rows_of_a_table_that_lists_its_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'title = "Mine"\n\n[[tables]]\nname = "T"\ntitle = "T"\ncolumns = ["indicator", "months"]\n'
        "rows = [\n  { measure = 'contacts' },  # the first\n  { measure = 'referrals' },\n]\n",
        encoding="utf-8",
    )
    add = RowsEdit(str(file), "T", add=("re_referrals",), after="contacts")
    assert edit_definitions(add, str(file)).faults == {}
    rows = known_definitions(str(file)).value.layouts["mine"].tables[0].rows
    assert [row.measure for row in rows] == ["contacts", "re_referrals", "referrals"]
    assert "# the first" in file.read_text(encoding="utf-8")
