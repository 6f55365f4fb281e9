"""Targets and benchmarks that a council keeps in its workbook."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.history.chain import LAYOUT, layout_in, rows
from tests.history.conftest import JUNE, Council
from workbook_builder.build_workbook import prepare
from workbook_builder.request import Outcome, Request
from workbook_builder.window.editable import editable_indicator
from workbook_builder.workspace import Workspace

TARGETS = """
[own_contacts]
years = { "2023-24" = 20 }

[own_police]
years = { "2023-24" = "<40%" }
"""
BENCHMARKS = """
[comparators.england]
title  = "England"
period = "2021/22"

[benchmarks.own_rate]
values = { england = 3.5 }
"""
COLUMNS = 'columns = ["reference", "indicator", "months", "target", "rag", "benchmarks"]'
WITH_TARGETS = LAYOUT.replace(
    'columns = ["reference", "indicator", "months", "commentary"]', COLUMNS
)

#: Rows of the board sheet.
CONTACTS, POLICE, RATE, TWICE = range(4, 8)


@pytest.fixture
def judged(council: Council) -> Council:
    """A council whose layouts hold targets and benchmarks, with June built from them."""
    (council.folder / "targets.toml").write_text(TARGETS, "utf-8")
    (council.folder / "benchmarks.toml").write_text(BENCHMARKS, "utf-8")
    layout_in(council.folder, WITH_TARGETS)
    council.june.unlink()
    outcome = council.july(out=council.june, month=JUNE)
    assert outcome.written == council.june, [one.text() for one in outcome.problems]
    return council


def written(outcome: Outcome) -> Path:
    assert outcome.written, [one.text() for one in outcome.problems]
    return outcome.written


def cell(workbook: Path, row: int, heading: str) -> object:
    sheet = openpyxl.load_workbook(workbook, data_only=True)["Contacts"]
    headings = [cell.value for cell in sheet[3]]
    return sheet.cell(row, headings.index(heading) + 1).value


def type_in(
    book: Workbook, table: str, measure: str, value: str | float | None, place: str = ""
) -> None:
    """Type over a value, or into a new row below the table."""
    sheet = book["Targets" if table == "t_targets" else "Benchmarks"]
    ref = sheet.tables[table].ref
    for row in sheet[ref]:
        if row[4].value == measure and place in ("", row[1].value):
            row[2].value = value
            return
    below = int(ref.split(":")[1].lstrip("ABCDE")) + 1
    cells: dict[int, str | float | None] = {5: measure, 2: place, 3: value}
    for column, text in cells.items():
        sheet.cell(below, column).value = text


def codes(outcome: Outcome) -> set[str]:
    return {one.code for one in outcome.problems}


def test_the_sheet_lists_what_is_in_force(judged: Council) -> None:
    assert [list(row.values()) for row in rows(judged.june, "Targets", "t_targets")] == [
        ["Contacts", "2023-24", 20, 20, "own_contacts"],
        ["Contacts by the police", "2023-24", "<40%", "<40%", "own_police"],
    ]
    assert [list(row.values()) for row in rows(judged.june, "Benchmarks", "t_benchmarks")] == [
        ["Rate of contacts", "england", 3.5, 3.5, "own_rate"],
    ]


def test_what_nobody_changed_follows_the_layouts(judged: Council) -> None:
    (judged.folder / "targets.toml").write_text(TARGETS.replace("= 20", "= 30"), "utf-8")
    outcome = judged.july(judged.june)
    assert cell(written(outcome), CONTACTS, "Target") == 30
    assert "H023" not in codes(outcome)


def test_a_changed_value_wins_stays_and_is_said(judged: Council) -> None:
    def edit(book: Workbook) -> None:
        type_in(book, "t_targets", "own_contacts", 12)
        type_in(book, "t_targets", "own_police", "TBC")
        type_in(book, "t_benchmarks", "own_rate", 4.5)

    outcome = judged.july(judged.change(edit))
    july = written(outcome)
    assert "H023" in codes(outcome)
    (judged.folder / "targets.toml").write_text(TARGETS.replace("= 20", "= 30"), "utf-8")
    july.rename(judged.folder / "first july.xlsx")
    again = written(judged.july(judged.folder / "first july.xlsx"))
    for workbook in (judged.folder / "first july.xlsx", again):
        assert cell(workbook, CONTACTS, "Target") == 12
        assert cell(workbook, POLICE, "Target") == "TBC"
        assert cell(workbook, RATE, "England") == 4.5
        (note,) = [row for row in rows(workbook, "Notes", "t_definitions")
                   if row["Indicator"] == "Contacts"]  # fmt: skip
        assert "kept in the workbook" in str(note["Source"])
        columns = rows(workbook, "Notes", "t_benchmark_columns")
        assert "kept in the workbook" in {row["Read from"] for row in columns}
    assert rows(again, "Targets", "t_targets")[0]["in the layouts"] == 30


def test_a_new_row_is_a_new_target_and_an_empty_cell_follows_the_layouts(judged: Council) -> None:
    def add(book: Workbook) -> None:
        type_in(book, "t_targets", "own_twice", 100, "2023-07-01")

    july = written(judged.july(judged.change(add)))
    assert cell(july, TWICE, "Target") == 100
    july.rename(judged.folder / "first july.xlsx")
    judged.change(lambda book: type_in(book, "t_targets", "own_twice", None),
                  judged.folder / "first july.xlsx")  # fmt: skip
    again = written(judged.july(judged.folder / "first july.xlsx"))
    assert cell(again, TWICE, "Target") is None


@pytest.mark.parametrize(
    ("measure", "value", "place"),
    [("own_contacts", "many", ""), ("own_police", 95, ""), ("nobody", 3, "2023-24"),
     ("own_twice", 3, "2023-25"), ("own_twice", 3, "2023-13-45")],
)  # fmt: skip
def test_what_cannot_be_used_is_said_and_the_layouts_stand(
    measure: str, value: str | float, place: str, judged: Council
) -> None:
    outcome = judged.july(
        judged.change(lambda book: type_in(book, "t_targets", measure, value, place))
    )
    assert cell(written(outcome), CONTACTS, "Target") == 20
    (problem,) = [one for one in outcome.problems if one.code == "H024"]
    assert 'sheet "Targets", row' in problem.text()


def test_a_rows_own_target_gives_way_too(judged: Council) -> None:
    own = WITH_TARGETS.replace('reference = "1" }', 'reference = "1", target = 7 }')
    layout_in(judged.folder, own)
    july = written(
        judged.july(judged.change(lambda book: type_in(book, "t_targets", "own_contacts", 12)))
    )
    assert cell(july, CONTACTS, "Target") == 12


def test_the_window_shows_a_value_typed_in_the_workbook_and_says_that_it_counts_first(
    judged: Council,
) -> None:
    def edit(book: Workbook) -> None:
        type_in(book, "t_targets", "own_contacts", 12)
        type_in(book, "t_benchmarks", "own_rate", 4.5)

    june = judged.change(edit)
    request = Request((judged.inputs, june), str(judged.layout), out=judged.folder / "july.xlsx")
    with Workspace() as workspace:
        built = prepare(request, lambda progress: None, workspace).built
    assert built
    contacts, rate = (editable_indicator(name, built) for name in ("own_contacts", "own_rate"))
    assert contacts and rate
    target = next(field for field in contacts.targets.fields if field.key == "2023-24")
    assert (target.text, target.locked) == ("20", "12, typed in june.xlsx: change it there")
    benchmark = next(field for field in rate.benchmarks.fields if field.key == "england")
    assert (benchmark.text, benchmark.locked) == ("3.5", "4.5, typed in june.xlsx: change it there")
