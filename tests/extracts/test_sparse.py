"""Every list and every table of a return with next to nothing in it: no rows, or odd ones."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter

from tests.fuzz.lists import headings_of
from tests.loaded import LoadedExtracts, load
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.extracts.read_extracts import ExtractDefinitions
from workbook_builder.problems import Result

DEFINITIONS = load_definitions([Path(__file__).parents[2] / "layouts"]).value
KNOWN = ExtractDefinitions(DEFINITIONS.datasets, DEFINITIONS.codes, DEFINITIONS.standards)

#: Rows by what they are, as the text of every cell.
SPARSE: Mapping[str, tuple[str, ...]] = {
    "no row": (), "a blank row": ("",), "a row of spaces": ("  ",), "texts": ("x",),
    "numbers": ("1",), "days": ("01/07/2023",), "months": ("2023-07",),
    "the same row twice": ("01/07/2023", "01/07/2023"), "a gap": ("01/07/2023", "", "02/07/2023"),
}  # fmt: skip
#: What a workbook holds in another way than a text file.
IN_A_WORKBOOK = ("no row", "days", "a gap")


def written(folder: Path, headings: tuple[str, ...], texts: tuple[str, ...], ending: str) -> Path:
    file = folder / f"list{ending}"
    rows = [headings, *([text] * len(headings) for text in texts)]
    if ending == ".csv":
        with file.open("w", encoding="utf-8", newline="") as text:
            csv.writer(text).writerows(rows)
        return file
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("List")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return file


def nothing_is_lost_in_silence(found: Result[LoadedExtracts]) -> bool:
    """Tell whether a problem says so where rows of a list were left out or none was read."""
    sheets = [sheet for sheet in found.value.sheets if sheet.dataset]
    kept_all = all(sheet.rows_read == sheet.rows_kept > 0 for sheet in sheets)
    return bool(found.problems) or (kept_all and bool(sheets))


#: What only completes the records of other lists gives none by itself.
LISTS = {name: each for name, each in headings_of(DEFINITIONS).items()
         if not name.endswith("_described")}  # fmt: skip


@pytest.mark.parametrize("headings", LISTS.values(), ids=LISTS.keys())
def test_next_to_nothing_is_read(headings: tuple[str, ...], tmp_path: Path) -> None:
    for what, texts in SPARSE.items():
        for ending in (".csv", ".xlsx") if what in IN_A_WORKBOOK else (".csv",):
            file = written(tmp_path, headings, texts, ending)
            found = load([file], KNOWN)
            kept = sum(sheet.rows_kept for sheet in found.value.sheets)
            assert nothing_is_lost_in_silence(found), (what, ending)
            if ending == ".csv":
                assert sum(map(len, found.value.records.values())) <= kept, what
            file.unlink()
