"""Kinds of columns: each has its record, and the layout may name its headings."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from tests.sheets.examples import DEFINITIONS, FIGURES, LAST, LAYOUTS, STAMP
from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.definitions.library import Definitions
from workbook_builder.months import Month, months_ending
from workbook_builder.sheets.compose import compose
from workbook_builder.sheets.content import WorkbookContent
from workbook_builder.sheets.table_columns import COLUMN_KINDS, TableContext, headings_of

MONTHS = (Month(2023, 6), Month(2023, 7))
KINDS: tuple[ColumnKind, ...] = get_args(ColumnKind)


def test_every_kind_that_a_layout_may_name_has_its_record() -> None:
    assert set(COLUMN_KINDS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"months", "benchmarks", "targets_by_year"}))
def test_a_layout_names_the_heading_of_a_single_column(kind: ColumnKind) -> None:
    context = TableContext(MONTHS, (), headings={kind: "Ours in {month}"})
    assert headings_of(kind, context) == ("Ours in Jul-23",)


def test_a_target_column_has_the_heading_of_its_year() -> None:
    context = TableContext(MONTHS, (), target_years=("2022-23", "2023-24"))
    assert headings_of("targets_by_year", context) == ("Target 2022-23", "Target 2023-24")


def headings_with(definitions: Definitions) -> set[str]:
    layout = LAYOUTS["every_column"]
    content = WorkbookContent(layout, definitions, FIGURES, months_ending(LAST, 15), STAMP)
    board = next(sheet for sheet in compose(content).sheets if sheet.name == "All")
    return set(board.tables[0].headings)


def test_columns_that_would_be_empty_in_every_table_are_left_out() -> None:
    rated = {"Target", "RAG"}
    compared = {heading for heading in headings_with(DEFINITIONS) if heading.startswith("England")}
    assert compared
    assert headings_with(DEFINITIONS) >= rated
    without_targets = headings_with(replace(DEFINITIONS, targets={}))
    assert not rated & without_targets
    assert without_targets >= compared
    without_benchmarks = headings_with(replace(DEFINITIONS, benchmarks={}))
    assert not compared & without_benchmarks
    assert without_benchmarks >= rated
