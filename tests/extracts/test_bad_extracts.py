"""Each folder of extracts_bad holds an extract with a fault and the words its problem must say.

`expected.txt` may also say what the file is `recognised:` as (several names, or "nothing"), how
many `records:` all its sheets keep, or `records once:` put together, their `days:`, and which codes
stay `silent:`. A folder without an extract has a recipe of its name in bad_extracts.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.bad_extracts import RECIPES
from tests.loaded import LoadedExtracts, cells_of, read_extracts
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.extracts.statistics_files import KnownStatistics
from workbook_builder.problems import Result

CASES = sorted(path for path in (Path(__file__).parents[1] / "extracts_bad").iterdir())
_KNOWN = load_definitions([Path(__file__).parents[2] / "layouts"]).value
PUBLISHED = KnownStatistics(_KNOWN.statistics, _KNOWN.neighbours)


def files_of(case: Path, tmp_path: Path) -> list[Path]:
    files = sorted(path for path in case.iterdir() if path.name != "expected.txt")
    return files or RECIPES[case.name](tmp_path)


def recognised(result: Result[LoadedExtracts], wanted: str) -> None:
    taken_for = {sheet.dataset for sheet in result.value.sheets if sheet.dataset}
    assert taken_for == (set() if wanted == "nothing" else set(wanted.split()))


def records(result: Result[LoadedExtracts], wanted: str) -> None:
    assert sum(sheet.rows_kept for sheet in result.value.sheets) == int(wanted)


def records_once(result: Result[LoadedExtracts], wanted: str) -> None:
    assert sum(map(len, result.value.records.values())) == int(wanted)


def days(result: Result[LoadedExtracts], wanted: str) -> None:
    (records,) = result.value.records.values()
    cells = (cells_of(records[name]) for name in records)
    first = next(column for column in cells if any(isinstance(cell, date) for cell in column))
    assert [day.isoformat() for day in first] == wanted.split()


def silent(result: Result[LoadedExtracts], wanted: str) -> None:
    assert not {problem.code for problem in result.problems} & set(wanted.split())


STATED: Mapping[str, Callable[[Result[LoadedExtracts], str], None]] = {
    "recognised": recognised,
    "records": records,
    "records once": records_once,
    "days": days,
    "silent": silent,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_extract(case: Path, shipped: Mapping[str, Dataset], tmp_path: Path) -> None:
    files = files_of(case, tmp_path)
    result = read_extracts(files, shipped, lambda name: None, statistics=PUBLISHED)
    texts = [problem.text() for problem in result.problems]
    for words in (case / "expected.txt").read_text(encoding="utf-8").splitlines():
        stated, colon, wanted = words.partition(":")
        if colon and stated in STATED:
            STATED[stated](result, wanted.strip())
        else:
            assert any(words in text for text in texts), f"{words!r} stands in none of {texts}"
    says_where = list(case.iterdir()) != [case / "expected.txt"]  # else there is no file at all
    for problem in result.problems if says_where else ():
        assert problem.to_do, problem
        assert problem.where.file or problem.where.column, problem
        assert len(problem.text()) < 700, problem


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 120


def test_the_table_of_faults_names_cases_that_are_there() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = text.partition("| fault | cases |")[2].partition("\n\n")[0]
    named = re.findall(r"`([a-z_0-9]+)`", rows)
    assert len(named) > 50
    assert set(named) <= {case.name for case in CASES}
