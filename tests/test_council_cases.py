"""Inputs as other councils had them, each built through the command line and held to what is right.

Each folder of `council_cases` is one input with its `expected.json`: the arguments of `build`, the
figures (`[measure, month, [values that are right]]`, null for a blank), and what must be said.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from workbook_builder.cli.commands import run_command

CASES = sorted(path.parent for path in Path(__file__).parent.glob("council_cases/*/expected.json"))


def layout_of(measures: list[str]) -> str:
    """Return a layout that asks for these measures in thirteen months."""
    rows = ", ".join(f'{{ measure = "{measure}" }}' for measure in measures)
    return (
        'title = "Cases"\nmonths = 13\nfile_name = "Cases.xlsx"\n[[tables]]\nname = "Cases"\n'
        f'title = "Cases"\ncolumns = ["reference", "indicator", "months"]\nrows = [{rows}]\n'
    )


def figures_of(book: Path) -> dict[tuple[str, str], Any]:
    """Read the figures of the whole service from a workbook's table t_figures."""
    for sheet in openpyxl.load_workbook(book, data_only=True):
        if "t_figures" in sheet.tables:
            head, *lines = sheet[sheet.tables["t_figures"].ref]
            names = [cell.value for cell in head]
            records = [dict(zip(names, (one.value for one in line), strict=True)) for line in lines]
            return {(one["measure"], str(one["month"])[:7]): one["value"]
                    for one in records if not one["team"]}  # fmt: skip
    return {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_of_another_council(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    layout, book = tmp_path / "cases.toml", tmp_path / "cases.xlsx"
    measures = list(dict.fromkeys(measure for measure, _, _ in expected["figures"]))
    layout.write_text(layout_of(measures), encoding="utf-8")
    files = sorted(str(path) for path in case.iterdir() if path.name != "expected.json")
    status = run_command(
        ["build", *files, "--layout", str(layout), *expected["args"], "--out", str(book)]
    )
    said = "".join(capsys.readouterr()).lower()
    all_blank = all(None in right for _, _, right in expected["figures"])
    assert status == expected["exit"] or (status == 2 and all_blank), said
    shown = figures_of(book) if book.exists() else {}
    for measure, month, right in expected["figures"]:
        value = shown.get((measure, month))
        fits = [value in (None, "") if one is None else value == pytest.approx(one)
                for one in right]  # fmt: skip
        assert any(fits), f"{measure} {month}: {value!r}, right is {right}"
    assert all(words.lower() in said for words in expected["says"]), said
    assert not any(words.lower() in said for words in expected["says_not"]), said
