"""Every list and every table of a return with next to nothing in it: no rows, or odd ones."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import xlsxwriter

from workbook_builder.building.coverages import coverages_of
from workbook_builder.definitions.library import load_definitions
from workbook_builder.engine.duck import DuckEngine
from workbook_builder.extracts.read import Files, Known, read_all
from workbook_builder.extracts.table import arrays_of
from workbook_builder.extracts.together import Extracts
from workbook_builder.problems import Result

DEFINITIONS = load_definitions([Path(__file__).parents[2] / "layouts"]).value
KNOWN = Known(DEFINITIONS.datasets, DEFINITIONS.codes, DEFINITIONS.standards)

#: Rows by what they are, as the text of every cell.
SPARSE: Mapping[str, tuple[str, ...]] = {
    "no row": (), "a blank row": ("",), "a row of spaces": ("  ",), "texts": ("x",),
    "numbers": ("1",), "days": ("01/07/2023",), "months": ("2023-07",),
    "the same row twice": ("01/07/2023", "01/07/2023"), "a gap": ("01/07/2023", "", "02/07/2023"),
}  # fmt: skip
#: What a workbook holds in another way than a text file.
IN_A_WORKBOOK = ("no row", "days", "a gap")


def lists() -> Iterator[tuple[str, list[str]]]:
    """Yield every dataset and every table of a return with its headings."""
    for name, dataset in DEFINITIONS.datasets.items():
        yield name, list(dataset.columns)
    for name, standard in DEFINITIONS.standards.items():
        for table in standard.tables:
            headings = [heading[0] for heading in table.headings]
            given = [heading[0] for one in table.gives for heading in one.columns.values()]
            yield f"{name} {table.name}", list(dict.fromkeys([*headings, *given]))


def written(folder: Path, headings: list[str], texts: tuple[str, ...], ending: str) -> Path:
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


def loaded(extracts: Extracts) -> Mapping[str, int]:
    """Load what was read into an engine, look at what it covers, and return the records."""
    with DuckEngine(DEFINITIONS.datasets) as engine:
        found: dict[str, int] = {}
        for name, records in extracts.records.handed_over():
            engine.load(DEFINITIONS.datasets[name], arrays_of(records))
            found[name] = found.get(name, 0) + len(records)
        coverages_of(DEFINITIONS, extracts, engine)
    return found


def nothing_is_lost_in_silence(found: Result[Extracts]) -> bool:
    """Tell whether a problem says so where rows of a list were left out or none was read."""
    sheets = [sheet for sheet in found.value.sheets if sheet.dataset]
    kept_all = all(sheet.rows_read == sheet.rows_kept > 0 for sheet in sheets)
    return bool(found.problems) or (kept_all and bool(sheets))


@pytest.mark.parametrize(
    "headings", [headings for _, headings in lists()], ids=[name for name, _ in lists()]
)
def test_next_to_nothing_is_read(headings: list[str], tmp_path: Path) -> None:
    for what, texts in SPARSE.items():
        for ending in (".csv", ".xlsx") if what in IN_A_WORKBOOK else (".csv",):
            file = written(tmp_path, headings, texts, ending)
            found = read_all([file], KNOWN, lambda name: None, Files(keeps=False))
            kept = sum(sheet.rows_kept for sheet in found.value.sheets)
            assert nothing_is_lost_in_silence(found), (what, ending)
            if ending == ".csv":
                assert sum(loaded(found.value).values()) <= kept, what
            file.unlink()
