"""Each file of layouts_bad has a fault; the words beside it must stand in one of its problems.

A case is a file `<section>__<fault>.toml`, or a folder laid out as a user's layouts folder where
the fault needs several files. A line of the .txt holds words of one problem, separated by " | ".
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.references import check_references
from workbook_builder.measures.prepare import prepare_measures
from workbook_builder.problems import Problem, has_errors
from workbook_builder.store.duckdb_store import DuckDBStore

BAD = Path(__file__).parents[1] / "layouts_bad"
SHIPPED = Path(__file__).parents[2] / "layouts"
SAMPLE = Path(__file__).parents[2] / "sample_inputs"
CASES = sorted(path for path in BAD.iterdir() if path.suffix != ".txt")
PLACES = {
    "dataset": "datasets/mine.toml",
    "measure": "measures/mine.toml",
    "layout": "mine.toml",
    "targets": "targets.toml",
    "benchmarks": "benchmarks.toml",
    "themes": "themes.toml",
    "statistics": "statistics/mine.toml",
    "teams": "teams.toml",
    "council": "council.toml",
}


def users_folder(case: Path, folder: Path) -> Path:
    """Lay a case out as a user's own layouts folder."""
    if case.is_dir():
        shutil.copytree(case, folder)
        return folder
    section = case.name.partition("__")[0]
    target = folder / PLACES[section]
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(case, target)
    return folder


def problems_in(folder: Path) -> tuple[Problem, ...]:
    """Do all the checks that come before a build."""
    loaded = load_definitions([SHIPPED, SAMPLE, folder])
    problems = (*loaded.problems, *check_references(loaded.value))
    if has_errors(problems):
        return problems
    own = {
        name: measure
        for name, measure in loaded.value.measures.items()
        if loaded.value.where("measures", name).file.startswith(str(folder))
    }
    with DuckDBStore(loaded.value.datasets) as engine:
        return problems + prepare_measures(replace(loaded.value, measures=own), engine).problems


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_fault_is_named_with_its_place(case: Path, tmp_path: Path) -> None:
    folder = users_folder(case, tmp_path / "layouts")
    problems = problems_in(folder)
    texts = [problem.text() for problem in problems]
    for line in case.with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        words = line.split(" | ")
        assert any(all(word in text for word in words) for text in texts), (
            f"{line!r} stands in none of {texts}"
        )
    for problem in problems:
        assert problem.code.startswith("L")
        assert problem.where.file
        assert problem.where.line


def test_every_case_has_its_words_and_every_words_their_case() -> None:
    words = {path.stem for path in BAD.glob("*.txt") if path.read_text(encoding="utf-8").strip()}
    assert words == {case.stem for case in CASES}


def test_every_kind_of_fault_in_a_file_has_a_case() -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in BAD.glob("*.txt"))
    assert {f"L{number:03}" for number in range(1, 18)} <= set(told.replace("\n", " ").split())
