"""What a person said of a sheet goes before its headings; files are read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.model import Assignment, headings_mark
from workbook_builder.extracts.read_extracts import ReadFiles
from workbook_builder.record_sources import look, look_over
from workbook_builder.request import Request

DEFINITIONS = known_definitions().value
HEADINGS = ("Young person", "Seen", "Remarks")
SAID = Assignment("contacts", {"child_id": "Young person", "contact_date": "Seen"})


@pytest.fixture
def unknown(tmp_path: Path) -> Path:
    file = tmp_path / "list.csv"
    rows = "".join(f"C{day},{day:02d}/07/2023,said hello\n" for day in range(1, 32))
    file.write_text(f"A list\n{','.join(HEADINGS)}\n{rows}", encoding="utf-8")
    return file


def test_an_unknown_sheet_gives_its_headings_and_they_find_it_again(unknown: Path) -> None:
    cache: ReadFiles = FileCache()
    (sheet,) = look(unknown, DEFINITIONS, {}, cache).value
    assert sheet.headings == HEADINGS
    mark = headings_mark(("YOUNG PERSON ", "seen", "remarks"))
    found = look(unknown, DEFINITIONS, {mark: SAID}, cache)
    (sheet,) = found.value
    assert sheet.dataset == "contacts"
    assert sheet.rows_kept == 31
    assert [one.code for one in found.problems] == ["X052"]


def test_a_build_honours_what_was_assigned_and_says_so(unknown: Path, tmp_path: Path) -> None:
    request = Request((unknown,), out=tmp_path / "b.xlsx", assigned={headings_mark(HEADINGS): SAID})
    outcome = build(request, lambda progress: None)
    assert outcome.written
    assert "X052" in {one.code for one in outcome.problems}


def test_what_is_still_missing_is_named(unknown: Path) -> None:
    said = {headings_mark(HEADINGS): Assignment("contacts", {"child_id": "Young person"})}
    found = look(unknown, DEFINITIONS, said, FileCache())
    (problem,) = found.problems
    assert problem.code == "X016"
    assert '"Contact Date"' in problem.what


def test_other_headings_and_datasets_that_are_gone_change_nothing(unknown: Path) -> None:
    for said in ({headings_mark(("a", "b")): SAID},
                 {headings_mark(HEADINGS): Assignment("gone")}):  # fmt: skip
        found = look(unknown, DEFINITIONS, said, FileCache())
        assert [one.code for one in found.problems] == ["X015"]


def test_a_mark_does_not_tell_the_headings() -> None:
    mark = headings_mark(("Anna Example", "1 May"))
    assert len(mark) == 32
    assert mark != headings_mark(("1 May", "Anna Example"))
    assert "anna" not in mark


def test_a_file_is_read_once_until_it_changes(unknown: Path) -> None:
    cache: ReadFiles = FileCache()
    said = {headings_mark(HEADINGS): SAID}
    first = look(unknown, DEFINITIONS, said, cache)
    again = look(unknown, DEFINITIONS, said, cache)
    assert again.value[0] is first.value[0]
    text = unknown.read_text(encoding="utf-8")
    unknown.write_text(text + "C99,01/08/2023,later\n", encoding="utf-8")
    os.utime(unknown, ns=(0, 10**18))
    assert look(unknown, DEFINITIONS, said, cache).value[0].rows_kept == 32


def test_the_month_proposed_is_the_one_that_a_run_takes(unknown: Path, root: Path) -> None:
    cache: ReadFiles = FileCache()

    def month(path: Path, said: Mapping[str, Assignment]) -> str:
        return str(look_over([path], None, DEFINITIONS, said, cache).value.month)

    assert month(unknown, {headings_mark(HEADINGS): SAID}) == "2023-07"
    assert month(unknown, {}) == "None"
    assert month(root / "sample_inputs", {}) == "2023-07"


def test_looking_over_all_files_tells_what_is_wrong_between_them(tmp_path: Path) -> None:
    for name in ("a.csv", "copy of a.csv"):
        (tmp_path / name).write_text("Child ID,Contact Date\nC1,01/06/2023\nC2,02/06/2023\n")
    cache: ReadFiles = FileCache()
    alone = [look(file, DEFINITIONS, {}, cache).problems for file in tmp_path.iterdir()]
    assert alone == [(), ()]
    found = look_over([tmp_path], None, DEFINITIONS, {}, cache)
    assert [one.code for one in found.problems] == ["X028"]


def test_the_workbook_named_as_last_months_is_looked_at_with_the_files(unknown: Path) -> None:
    found = look_over([], unknown, DEFINITIONS, {}, FileCache())
    assert found.value.named is None
    assert found.problems[0].code.startswith("H")
