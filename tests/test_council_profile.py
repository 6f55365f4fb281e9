"""Nothing of one council is a default: what a build shows with the sample's profile and without."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import SAMPLE_INPUTS, WRITTEN
from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.months import Month
from workbook_builder.problem_catalogue import NO_PROFILE
from workbook_builder.request import Outcome, Request

#: What only the sample's profile knows, in small letters.
OF_THE_COUNCIL = ("southampton", "south east", "e06000045", "swf ", "frontline team")
#: Teams stand in the extracts as well.
OF_THE_EXTRACTS = ("swf ", "frontline team")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The workbook of the sample's extracts without its profile."""
    folder = tmp_path_factory.mktemp("bare")
    extracts = folder / "extracts"
    extracts.mkdir()
    for file in SAMPLE_INPUTS.iterdir():
        if file.is_file() and file.suffix not in (".toml", ".md"):
            shutil.copyfile(file, extracts / file.name)
    out = folder / "board.xlsx"
    request = Request(inputs=(extracts,), out=out, written=WRITTEN, slides=folder)
    return build(request, lambda progress: None)


def parts(outcome: Outcome) -> dict[str, str]:
    """Return every part of a written workbook and of its slides, in small letters."""
    assert outcome.written, [problem.text() for problem in outcome.problems]
    assert outcome.slides
    found: dict[str, str] = {}
    for file in (outcome.written, outcome.slides):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                if name.endswith((".xlsx", ".docx")):  # the data of a chart
                    with zipfile.ZipFile(io.BytesIO(content)) as inner:
                        content = b"".join(map(inner.read, inner.namelist()))
                found[name] = content.decode("utf-8", errors="replace").casefold()
    return found


def ratings(outcome: Outcome) -> int:
    """Count the cells of the reporting month's RAG column that hold a rating."""
    assert outcome.written
    book = openpyxl.load_workbook(outcome.written, data_only=True)
    count = 0
    for sheet in book.worksheets:
        if sheet.title in ("Summary", "Notes"):  # their numbers are no ratings
            continue
        for row in sheet.iter_rows(values_only=True):
            if "RAG" in row:
                break
        else:
            continue
        column = row.index("RAG")
        for cells in sheet.iter_rows(values_only=True):
            count += isinstance(cells[column], int | float) and cells[column] in (-1, 0, 1)
    return count


def test_without_a_profile_no_part_of_the_file_names_a_council(bare: Outcome) -> None:
    held = parts(bare)
    words = [word for word in OF_THE_COUNCIL if word not in OF_THE_EXTRACTS]
    assert not [(name, word) for name, text in held.items() for word in words if word in text]
    assert "own authority" in held["xl/sharedStrings.xml"]


def test_with_the_profile_they_are_there(sample_build: Outcome) -> None:
    held = "".join(parts(sample_build).values())
    assert [word for word in OF_THE_COUNCIL if word in held] == [
        word for word in OF_THE_COUNCIL if word != "e06000045"
    ]


def test_without_a_profile_nothing_is_rated(bare: Outcome, sample_build: Outcome) -> None:
    assert ratings(bare) == 0
    assert ratings(sample_build) >= 70  # what was published


def test_without_a_profile_the_figures_are_the_same(bare: Outcome, sample_build: Outcome) -> None:
    def whole(outcome: Outcome) -> dict[tuple[str, Month], float | None]:
        return {(one.measure, one.month): one.value for one in outcome.shown}

    assert whole(bare) == whole(sample_build)


def test_it_is_said_once_what_a_profile_would_add(bare: Outcome, sample_build: Outcome) -> None:
    said = [problem for problem in bare.problems if problem.kind is NO_PROFILE]
    assert len(said) == 1
    assert "no targets, ratings, benchmarks" in said[0].what
    assert NO_PROFILE not in {problem.kind for problem in sample_build.problems}


def test_what_is_shipped_has_no_values_of_one_council(root: Path) -> None:
    definitions = known_definitions().value
    assert not definitions.targets
    assert not definitions.benchmarks
    assert not definitions.teams
    assert not [
        (layout.name, row.measure)
        for layout in definitions.layouts.values()
        for table in layout.tables
        for row in table.rows
        if row.target
    ]
    for file in (root / "layouts").rglob("*.toml"):
        assert "southampton" not in file.read_text(encoding="utf-8").casefold(), file
