"""Layouts that extend others."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.problems import Result

BASE = """
title   = "Base"
months  = 13
parameters = { one = 1, two = 2 }

[[tables]]
name    = "First"
title   = "The first"
columns = ["indicator", "months"]
rows    = [{ measure = "a" }, { measure = "b" }]

[[tables]]
name    = "Second"
title   = "The second"
columns = ["indicator"]
headings = { indicator = "What" }
rows    = [{ measure = "c" }]
"""


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def loaded(folder: Path, **files: str) -> Result[Definitions]:
    return load_definitions([write(folder, base=BASE, **files)])


def layout(folder: Path, mine: str) -> Layout:
    result = loaded(folder, mine=mine)
    assert result.problems == ()
    return result.value.layouts["mine"]


def test_all_is_taken_over_but_what_is_said(tmp_path: Path) -> None:
    mine = layout(tmp_path, 'extends = "base"\ntitle = "Mine"\nparameters = { two = 22 }')
    base = loaded(tmp_path).value.layouts["base"]
    assert (mine.title, mine.months) == ("Mine", 13)
    assert mine.tables == base.tables
    assert mine.parameters == {"one": 1, "two": 22}


def test_tables_are_told_by_their_names(tmp_path: Path) -> None:
    mine = layout(
        tmp_path,
        """
extends = "base"
[[tables]]
name = "Third"
title = "The third"
columns = ["indicator"]
rows = [{ measure = "d" }]
[[tables]]
name = "Second"
title = "Another second"
""",
    )
    assert [table.name for table in mine.tables] == ["First", "Second", "Third"]
    assert mine.tables[1].title == "Another second"
    assert [row.measure for row in mine.tables[1].rows] == ["c"]
    assert mine.tables[1].headings == {"indicator": "What"}


def test_tables_may_be_left_out(tmp_path: Path) -> None:
    mine = layout(tmp_path, 'extends = "base"\nwithout = ["First"]')
    assert [table.name for table in mine.tables] == ["Second"]


def test_a_layout_may_be_extended_twice(tmp_path: Path) -> None:
    files = {
        "mine": 'extends = "middle"\nmonths = 7',
        "middle": 'extends = "base"\nwithout = ["First"]\n[[tables]]\nname = "Second"\nmonths = 3',
    }
    result = loaded(tmp_path, **files)
    assert result.problems == ()
    mine = result.value.layouts["mine"]
    assert mine.months == 7
    assert [(table.name, table.months) for table in mine.tables] == [("Second", 3)]


def test_a_users_layout_may_extend_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    shipped = write(tmp_path / "shipped", base=BASE)
    own = write(tmp_path / "own", base='extends = "base"\ntitle = "Our own"')
    result = load_definitions([shipped, own])
    assert result.problems == ()
    assert result.value.layouts["base"].title == "Our own"
    assert len(result.value.layouts["base"].tables) == 2


def test_a_single_file_may_extend_one_beside_it(tmp_path: Path) -> None:
    folder = write(tmp_path, base=BASE, mine='extends = "base"', other="title = 1")
    result = load_definitions([], folder / "mine.toml")
    assert result.problems == ()
    assert set(result.value.layouts) == {"mine", "base"}


def test_only_a_layout_beside_it_is_read_for_it(tmp_path: Path) -> None:
    write(tmp_path, secret=BASE)
    folder = write(tmp_path / "inner", mine='extends = "../secret"')
    [problem] = load_definitions([], folder / "mine.toml").problems[:1]
    assert problem.code == "L021"


def test_faults_are_reported_where_they_stand(tmp_path: Path) -> None:
    faulty = BASE.replace('columns = ["indicator"]', 'columns = ["indicater"]')
    write(
        tmp_path,
        base=faulty,
        mine="""
extends = "base"
[[tables]]
name = "First"
columns = ["mnths"]
[[tables]]
name = "Fourth"
""",
    )
    problems = load_definitions([tmp_path]).problems
    places = sorted(
        (Path(problem.where.file).name, problem.where.line, problem.code) for problem in problems
    )
    assert places == [
        ("base.toml", 15, "L004"),
        ("mine.toml", 5, "L004"),
        ("mine.toml", 6, "L003"),
        ("mine.toml", 6, "L003"),
        ("mine.toml", 6, "L003"),
    ]


def test_the_seven_month_scorecard_differs_in_what_it_says_only(root: Path) -> None:
    layouts = load_definitions([root / "layouts"]).value.layouts
    thirteen, seven = layouts["scorecard"], layouts["scorecard_7_months"]
    assert (thirteen.months, seven.months) == (13, 7)
    assert seven.tables == thirteen.tables


EDITED = """
extends = "base"
[[tables]]
name   = "First"
add    = [{ measure = "x", reference = "9" }, { measure = "y" }]
remove = ["b"]
change = [{ measure = "a", reference = "1" }]
after  = "a"
"""


def test_rows_of_a_table_are_added_removed_and_changed(tmp_path: Path) -> None:
    rows = layout(tmp_path, EDITED).tables[0].rows
    assert [(row.measure, row.reference) for row in rows] == [("a", "1"), ("x", "9"), ("y", "")]


def test_rows_are_added_at_the_end_unless_it_says_after_which(tmp_path: Path) -> None:
    rows = layout(tmp_path, EDITED.replace('after  = "a"', "")).tables[0].rows
    assert [row.measure for row in rows] == ["a", "x", "y"]
    last = EDITED.replace('after  = "a"', 'after = "b"').replace('remove = ["b"]', "")
    assert [row.measure for row in layout(tmp_path, last).tables[0].rows] == ["a", "b", "x", "y"]


def test_a_fault_in_an_added_or_changed_row_is_told_where_it_stands(tmp_path: Path) -> None:
    faulty = EDITED.replace('reference = "9"', "reference = 9").replace('"1"', "1")
    problems = loaded(tmp_path, mine=faulty).problems
    assert {(problem.where.line, problem.code) for problem in problems} == {
        (5, "L004"),
        (7, "L004"),
    }


@pytest.mark.parametrize(
    ("line", "instead", "words", "number"),
    [
        ('remove = ["b"]', 'remove = ["bb"]', 'no row for the measure "bb". Did you mean "b"?', 6),
        ('after  = "a"', 'after = "z"', 'no row for the measure "z".', 8),
        ('remove = ["b"]', 'remove = "b"', '"remove" must be a list of measures.', 6),
        ('remove = ["b"]', "rows = []", '"rows" replaces all rows', 6),
        ('measure = "a", ', "", 'no row for the measure "None".', 7),
    ],
)
def test_rows_that_are_not_there_are_told(
    line: str, instead: str, words: str, number: int, tmp_path: Path
) -> None:
    problem = loaded(tmp_path, mine=EDITED.replace(line, instead)).problems[0]
    assert words in problem.text()
    assert (problem.code, problem.where.line) == ("L021", number)


def test_sheets_of_teams_are_told_by_their_names_too(tmp_path: Path) -> None:
    base = BASE + '[[team_sheets]]\nname = "T"\ntitle = "Teams"\nblocks = [{ measure = "a" }]\n'
    mine = 'extends = "base"\n[[team_sheets]]\nname = "T"\nteams = ["East *"]\n'
    result = load_definitions([write(tmp_path, base=base, mine=mine)])
    assert result.problems == ()
    (sheet,) = result.value.layouts["mine"].team_sheets
    assert (sheet.title, sheet.teams) == ("Teams", ("East *",))
