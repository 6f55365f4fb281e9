"""Inputs as other councils have them: each folder of council_cases is built through the program.

`expected.json` says why, with which arguments, and which figures and words are right; a figure that
is null is a blank with its reason.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from workbook_builder.cli.commands import run_command

CASES = Path(__file__).parent / "council_cases"
FOLDERS = sorted(path.parent for path in CASES.glob("*/expected.json"))


def figures(workbook: Path) -> dict[tuple[str, str], Any]:
    """Return the values of the whole service in the table t_figures, by measure and month."""
    book = openpyxl.load_workbook(workbook, data_only=True)
    sheet = next(sheet for sheet in book if "t_figures" in sheet.tables)
    names, *rows = [[cell.value for cell in row] for row in sheet[sheet.tables["t_figures"].ref]]
    records = [dict(zip(names, row, strict=True)) for row in rows]
    return {
        (str(record["measure"]), str(record["month"])[:7]): record["value"]
        for record in records
        if not record["team"]
    }


def is_right(value: object, allowed: list[float | None]) -> bool:
    """Tell whether a value is one of those that are right."""
    if value in (None, ""):
        return None in allowed
    return any(one is not None and value == pytest.approx(one) for one in allowed)


@pytest.mark.parametrize("case", FOLDERS, ids=lambda path: path.name)
def test_a_case_of_another_council(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figures are right or blank, and what is said is what the reader must know."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    inputs = [str(path) for path in sorted(case.iterdir()) if path.name != "expected.json"]
    book = tmp_path / "cases.xlsx"
    layout = ["--layout", str(CASES / "cases.toml"), "--out", str(book)]
    status = run_command(["build", *inputs, *layout, *expected["args"]], windowed=False)
    said = "".join(capsys.readouterr()).lower()
    blank = any(None in allowed for _, _, allowed in expected["figures"])
    assert status == expected["exit"] or (status == 2 and blank), said
    found = figures(book) if book.exists() else {}
    for measure, month, allowed in expected["figures"]:
        assert is_right(found.get((measure, month)), allowed), (measure, month, found, said)
    for words in expected["says"]:
        assert words.lower() in said
    for words in expected["says_not"]:
        assert words.lower() not in said
