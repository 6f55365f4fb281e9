"""The reference says everything: each TOML key, problem code, SQL function and option."""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import re
import zipfile
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

from workbook_builder.cli.commands import argument_parser
from workbook_builder.definitions.council import Team, Theme
from workbook_builder.definitions.datasets import Code, CodeList, Column, Dataset, Parameter
from workbook_builder.definitions.layouts import KeyBlock, Layout, RevisionRule, Row, Table
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.definitions.measures import KINDS
from workbook_builder.definitions.sheet_layouts import (
    CaseloadSheet,
    Panel,
    Slide,
    Sparklines,
    TeamBlock,
    TeamSheet,
)
from workbook_builder.definitions.targets import (
    Benchmarks,
    Comparator,
    GivenFigures,
    NeighbourFile,
    Statistic,
    Target,
)
from workbook_builder.measures.expressions import FUNCTION_NAMES
from workbook_builder.problem_catalogue import ALL_KINDS
from workbook_builder.request import Outcome

DEFINITIONS = (
    Code, CodeList, Parameter, Column, Dataset,
    Target, Comparator, Benchmarks, NeighbourFile,
    Statistic, GivenFigures, Row, KeyBlock,
    Table, RevisionRule, Layout, Theme, Team,
    TeamSheet, TeamBlock, CaseloadSheet, Slide,
    Panel, Sparklines, *KINDS.values(),
)  # fmt: skip


def page(root: Path, name: str) -> str:
    return (root / "docs" / "reference" / name).read_text(encoding="utf-8")


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", DEFINITIONS, ids=lambda kind: kind.__name__)
def test_every_key_is_explained(kind: type, root: Path) -> None:
    text = page(root, "toml.md")
    named_by_heading = {"name"} if kind is not Table else set()
    keys = {field.name for field in dataclasses.fields(kind)} - named_by_heading
    assert not {key for key in keys if not re.search(rf"`{key}\b", text)}


def test_every_problem_is_explained(root: Path) -> None:
    written = load(root / "docs" / "make_problems.py").page()
    assert page(root, "problems.md") == written, "run: python docs/make_problems.py"
    assert all(f"### {kind.code}: {kind.title}" in written for kind in ALL_KINDS)


def test_every_measure_is_listed(root: Path) -> None:
    written = load(root / "docs" / "make_measures.py").page()
    assert page(root, "measures.md") == written, "run: python docs/make_measures.py"
    assert all(f"| `{name}` |" in written for name in known_definitions().value.measures)


def test_bank_holidays_are_those_that_the_library_knows(root: Path) -> None:
    module = root / "workbook_builder" / "store" / "calendar.py"
    written = load(root / "docs" / "make_bank_holidays.py").module()
    assert module.read_text(encoding="utf-8") == written, "run: python docs/make_bank_holidays.py"


def test_codes_are_unique_and_advice_is_a_sentence() -> None:
    codes = [kind.code for kind in ALL_KINDS]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[A-Z]\d{3}", code) for code in codes)
    for kind in ALL_KINDS:
        assert kind.title[0].isupper(), kind
        assert kind.advice[0].isupper(), kind


def test_every_function_is_explained(root: Path) -> None:
    text = page(root, "sql.md")
    assert not [name for name in FUNCTION_NAMES if f"`{name}" not in text]


def test_every_option_is_explained(root: Path) -> None:
    text = page(root, "command-line.md")
    commands = next(
        action
        for action in argument_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    for name, command in commands.choices.items():
        assert f"workbook-builder {name}" in text
        for action in command._actions:
            for option in action.option_strings:
                assert option in ("-h", "--help") or option in text


def test_links_lead_somewhere(root: Path) -> None:
    pages = [root / "README.md", root / "CONTRIBUTING.md", *(root / "docs").rglob("*.md")]
    for one in pages:
        for link in re.findall(r"\]\(([^)#]+)", one.read_text(encoding="utf-8")):
            assert (one.parent / link).exists(), f"{one}: {link}"


def test_ci_runs_the_test_command_of_the_readme(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"```sh\n(.+?)\n```", readme, re.DOTALL)
    assert len(commands) == 2
    mark = "pip install -e '.[test]'"
    assert [command for command in readme.splitlines() if mark in command] == [commands[1]]
    assert mark in (root / ".ci" / "run").read_text(encoding="utf-8")


def test_no_page_names_a_registry_or_a_person(root: Path) -> None:
    for file in (root / "docs").rglob("*.md"):
        assert "pypi.org" not in file.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_workbook_is_as_the_accessibility_statement_says(sample_build: Outcome) -> None:
    assert sample_build.written
    book = openpyxl.load_workbook(sample_build.written)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    slides = [sheet for sheet in shown if sheet.title.startswith("Slide ")]
    plain = [sheet for sheet in shown if sheet not in slides]
    assert not [sheet.title for sheet in plain if not sheet["A1"].value]
    assert not [sheet.title for sheet in plain[1:] if not sheet.tables or sheet.merged_cells.ranges]
    assert {len(sheet.merged_cells.ranges) for sheet in slides} == {1}
    tables = [(sheet, table) for sheet in shown for table in sheet.tables.values()]
    assert [table.name for _, table in tables if not table.ref.startswith("A")] == [
        "t_caseloads_summary"
    ]
    for sheet, table in tables:
        head, *rows = sheet[table.ref]
        texts = [cell.value for cell in head]
        assert all(texts)
        assert len(set(texts)) == len(texts)
        assert all(any(cell.value not in (None, "") for cell in row) for row in rows), table.name
    folded = {sheet.title: [name for name, one in sheet.column_dimensions.items() if one.hidden]
              for sheet in shown}  # fmt: skip
    assert {title: names for title, names in folded.items() if names} == {"Notes": ["I"]}
    links = {sheet.title for sheet in shown for row in sheet for cell in row if cell.hyperlink}
    assert links == {"Summary"}
    assert book.active is shown[0]
    assert book.properties.title
    assert book.properties.creator
    assert not book.properties.language
    with zipfile.ZipFile(sample_build.written) as parts:
        assert not [name for name in parts.namelist() if "vba" in name or "media" in name]
