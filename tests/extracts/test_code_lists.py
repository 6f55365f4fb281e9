"""Columns of codes: what means a code, what maps to nothing, codes outside their years."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.loaded import cells_of, read_extracts
from workbook_builder.definitions.datasets import Code, CodeList
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.extracts.column_types import Factorized, out_of_use, read_codes, read_column

LAYOUTS = Path(__file__).resolve().parents[2] / "layouts"

PLACES = CodeList(
    name="places",
    title="Places",
    codes={
        "U1": Code(title="Foster placement with relative", spellings=("Kinship, long term",)),
        "H5": Code(title="Semi-independent", until="2024-03-31", now=("K3",)),
        "K3": Code(title="Supported accommodation", since="2023-10-28"),
    },
)


@pytest.fixture(scope="module")
def shipped() -> Definitions:
    return load_definitions([LAYOUTS]).value


def code(text: str) -> tuple[object, bool]:
    """What a text means, None if nothing, and whether it failed."""
    column = read_codes(Factorized.of([text]), PLACES)
    return column.cells[0], bool(column.failed_cells[0])


@pytest.mark.parametrize(
    "text",
    ["U1", "u1", " U 1 ", "foster placement with RELATIVE", "Kinship - long term", "U1: anything",
     "a) U1: Foster placement - relatives - long term", "zz) U1", "U1 - kin"],
)  # fmt: skip
def test_the_code_its_title_and_its_spellings_mean_it(text: str) -> None:
    assert code(text) == ("U1", False)


@pytest.mark.parametrize("text", ["U9", "other", "U1 or K3", "Foster", "U9: Foster placement"])
def test_what_maps_to_nothing_fails_and_is_never_another_code(text: str) -> None:
    assert code(text) == (None, True)


@pytest.mark.parametrize("text", ["", "  ", "n/a", "null"])
def test_blank_is_blank(text: str) -> None:
    assert code(text) == (None, False)


def test_codes_outside_their_years_are_told() -> None:
    values = read_codes(Factorized.of(["H5", "H5", "K3", "K3", "U1", "H5"]), PLACES)
    texts = ["2024-03-31", "2024-04-01", "2023-10-27", "2023-10-28", "2030-01-01", ""]
    days = read_column("date", Factorized.of(texts))
    assert list(out_of_use(values, days, PLACES)) == [False, True, True, False, False, False]


@pytest.mark.parametrize(
    ("codes", "old", "new", "last", "first"),
    [
        ("care_end_reason", "E43", "E45", date(2019, 3, 31), date(2019, 4, 1)),
        ("placement_type", "H5", "K3", date(2024, 3, 31), date(2023, 10, 28)),
        ("placement_type", "P2", "K3", date(2024, 3, 31), date(2023, 10, 28)),
        ("placement_type", "Z1", "Z11", date(2025, 3, 31), date(2025, 4, 1)),
    ],
)
def test_the_breaks_in_the_statutory_lists(
    shipped: Definitions, codes: str, old: str, new: str, last: date, first: date
) -> None:
    listed = shipped.codes[codes].codes
    assert new in listed[old].now
    assert listed[old].in_use(last)
    assert not listed[old].in_use(date(2025, 4, 1))
    assert listed[new].in_use(first)


def test_unknown_values_are_counted_and_their_cells_left_blank(
    shipped: Definitions, tmp_path: Path
) -> None:
    rows = [("1", "K2"), ("2", "moon base"), ("3", "moon base"), ("4", "u6: foster"), ("5", "")]
    text = "Child ID,Placement Start Date,Placement Type\n" + "".join(
        f"{child},01/07/2023,{kind}\n" for child, kind in rows
    )
    file = tmp_path / "placements.csv"
    file.write_text(text, encoding="utf-8")
    result = read_extracts([file], shipped.datasets, lambda name: None, shipped.codes)
    types = result.value.records["placements"]["placement_type"]
    assert cells_of(types) == ["K2", None, None, "U6", None]
    (problem,) = [one for one in result.problems if one.code == "X031"]
    assert problem.where.rows == (3, 4)
    assert "2 cells have 1 value" in problem.text()
    assert "moon" not in problem.text()
    (unknown,) = result.value.sheets[0].unknown
    assert (unknown.value, unknown.cells, unknown.codes) == ("moon base", 2, "placement_type")
