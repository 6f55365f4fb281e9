"""One damaged TOML file in place of a shipped one; where it loads, a workbook is built by it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from unittest import mock

from tests.fuzz.damage import damaged_toml
from tests.fuzz.kinds import ROOT, Found
from workbook_builder import workspace
from workbook_builder.build_workbook import build
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.definitions.layouts import Layout, Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.references import check_references
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.read_extracts import ReadFiles
from workbook_builder.measures.prepare import prepare_measures
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Result, has_errors
from workbook_builder.request import Request
from workbook_builder.store.duckdb_store import DuckDBStore

#: So many changed measures are put into one layout.
MOST_ROWS = 8
#: The definitions by which files are read.
READ_BY = ("datasets", "codes", "standards", "statistics", "neighbours")


@dataclass(frozen=True)
class Library:
    """The shipped definitions, an extract of a few records for each dataset, and a folder."""

    folder: Path
    shipped: Definitions
    inputs: tuple[Path, ...]
    shelf: ReadFiles

    @classmethod
    def at(cls, folder: Path) -> Library:
        """Write the extracts and load the shipped definitions."""
        (folder / "in").mkdir(parents=True)
        shipped = load_definitions([ROOT / "layouts"]).value
        inputs = tuple(_extract(folder / "in", one) for one in shipped.datasets.values())
        return cls(folder, shipped, inputs, FileCache())

    def few(self, definitions: Definitions) -> tuple[Path, ...]:
        """Return the extracts of datasets that are not as they were shipped, and two others."""
        shipped = self.shipped.datasets
        changed = {name for name, one in definitions.datasets.items() if one != shipped.get(name)}
        return tuple(one for one in self.inputs if one.stem in changed | {"contacts", "referrals"})

    def changed(self, definitions: Definitions) -> list[str]:
        """Return the measures that are not as they were shipped."""
        shipped = self.shipped.measures
        return [name for name, one in definitions.measures.items() if one != shipped.get(name)]

    def built(self, definitions: Definitions, layout: str) -> tuple[Problem, ...]:
        """Build a workbook by damaged definitions, of a few records."""
        out = self.folder / "out.xlsx"
        out.unlink(missing_ok=True)
        as_shipped = all(getattr(definitions, one) == getattr(self.shipped, one) for one in READ_BY)
        # Files that are read by other definitions are read anew: of those a few will do.
        inputs = self.inputs if as_shipped else self.few(definitions)
        shelf = self.shelf if as_shipped else FileCache()
        request = Request(inputs, layout, Month(2023, 9), out, datetime(2023, 10, 2))
        with mock.patch.object(workspace, "known_definitions", return_value=Result(definitions)):
            return build(request, lambda progress: None, shelf).problems

    def prepared(self, definitions: Definitions) -> tuple[Problem, ...]:
        """Prepare every measure that may not be as it was."""
        if _same_ground(definitions, self.shipped):
            kept = definitions.with_parts(self.changed(definitions))
            measures = {name: definitions.measures[name] for name in kept}
            definitions = replace(definitions, measures=measures)
        with DuckDBStore(definitions.datasets) as engine:
            return prepare_measures(definitions, engine).problems


def _same_ground(one: Definitions, other: Definitions) -> bool:
    """Tell whether what measures are prepared by is the same."""
    return one.datasets == other.datasets and one.parameters == other.parameters


def _extract(folder: Path, dataset: Dataset) -> Path:
    file = folder / f"{dataset.name}.csv"
    columns = dataset.columns.items()
    headings = [column.aliases[0] if column.aliases else name for name, column in columns]
    rows = [headings] + [[_cell(name, one, row) for name, one in columns] for row in range(20)]
    lines = "".join(",".join(f'"{text}"' for text in row) + "\n" for row in rows)
    file.write_text(f"Period: 01/07/2023 to 30/09/2023\n{lines}", encoding="utf-8")
    return file


def _cell(name: str, column: Column, row: int) -> str:
    if name == "measure":
        return "contacts"
    if column.type == "date":
        return f"{row % 28 + 1:02}/{row % 3 + 7:02}/2023"
    plain = {"month": "2023-09", "integer": "3", "number": "3.5", "flag": "YN"[row % 2]}
    return plain.get(column.type) or f"{name}{row % 6}"


def layout_case(seed: int, library: Library) -> Found | None:
    """Damage a shipped TOML file, load it, and build by it what it may have changed."""
    chance = random.Random(seed)
    chosen = chance.choice(sorted((ROOT / "layouts").rglob("*.toml")))
    text = chosen.read_text(encoding="utf-8")
    for _ in range(chance.randint(1, 4)):
        text = damaged_toml(text, chance)
    own = library.folder / "own"
    place = own / chosen.relative_to(ROOT / "layouts")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", errors="replace")
    try:
        loaded = load_definitions([ROOT / "layouts", own])
        problems = (*loaded.problems, *check_references(loaded.value))
        if not has_errors(problems):
            problems += _used(loaded.value, place.stem, library)
        for problem in problems:
            problem.text()
    finally:
        place.unlink()
    return None


def _used(definitions: Definitions, name: str, library: Library) -> tuple[Problem, ...]:
    """Use definitions that load: prepare what is changed, and build a workbook by it."""
    problems = library.prepared(definitions)
    if has_errors(problems):
        return problems
    layout = definitions.layouts.get(name)
    if layout and layout != library.shipped.layouts.get(name):
        return problems + library.built(definitions, name)
    changed = library.changed(definitions)[:MOST_ROWS] or ["contacts"]
    return problems + library.built(_with_layout(definitions, changed), "mine")


def _with_layout(definitions: Definitions, measures: Iterable[str]) -> Definitions:
    """Add a layout of these measures, and keep no measures but what it needs."""
    rows = tuple(Row(measure=name) for name in measures)
    table = Table(name="A", title="A", columns=("indicator", "months"), rows=rows)
    mine = Layout(name="mine", title="A", file_name="out.xlsx", months=3, tables=(table,))
    kept = {name: definitions.measures[name] for name in definitions.with_parts(measures)}
    return replace(definitions, layouts={"mine": mine}, measures=kept, targets={})
