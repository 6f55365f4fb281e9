"""Files of one name are told apart by as much of their folders as that takes."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.conftest import WRITTEN
from workbook_builder.build_workbook import build
from workbook_builder.names import distinct_names
from workbook_builder.request import Request

HEADINGS = "Child ID,Contact Date\n"


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/in/a.csv", "/in/b.csv"], ["a.csv", "b.csv"]),
        (["/in/June/a.csv", "/in/July/a.csv", "/in/b.csv"], ["June/a.csv", "July/a.csv", "b.csv"]),
        (["/in/June/x/a.csv", "/in/July/x/a.csv"], ["June/x/a.csv", "July/x/a.csv"]),
        (["/in/a.csv", "/in/x/a.csv"], ["in/a.csv", "x/a.csv"]),
        (["/a.csv", "/x/a.csv", "/a.csv"], ["/a.csv", "x/a.csv"]),
        (["/x/x/a.csv", "/x/a.csv"], ["x/x/a.csv", "/x/a.csv"]),
        ([], []),
    ],
)
def test_a_name_holds_what_tells_a_file_from_others(paths: list[str], names: list[str]) -> None:
    found = distinct_names(map(Path, paths))
    assert [Path(name) for name in found.values()] == [Path(name) for name in names]
    assert list(found) == list(dict.fromkeys(map(Path, paths)))


def test_problems_and_sources_tell_files_of_one_name_apart(tmp_path: Path) -> None:
    june = "".join(f"{day},{day:02}/06/2023\n" for day in range(1, 31)) + "2,never\n"
    for month, rows in (("June", june), ("July", june.replace("/06/", "/07/") + ",\n")):
        (tmp_path / month).mkdir()
        (tmp_path / month / "contacts.csv").write_text(HEADINGS + rows, encoding="utf-8")
        (tmp_path / month / "notes.pdf").touch()
    inputs = (tmp_path / "June", tmp_path / "July")
    out = tmp_path / "out.xlsx"
    outcome = build(Request(inputs, out=out, written=WRITTEN), lambda progress: None)
    assert [Path(sheet.file).parent.name for sheet in outcome.sheets] == ["June", "July"]
    files = {one.where.file for one in outcome.problems if one.code in ("X005", "X023")}
    assert files == {str(Path(month, name)) for month in ("June", "July")
                     for name in ("contacts.csv", "notes.pdf")}  # fmt: skip
    book = openpyxl.load_workbook(out, data_only=True)
    listed = book["Sources"].iter_rows(values_only=True)
    read = [(str(row[0]), row[5], row[6]) for row in listed if "contacts" in str(row[0])]
    assert read == [(str(Path(month, "contacts.csv")), 31, 30) for month in ("June", "July")]
