"""Kinds of columns: each has its record, and the layout may name its headings."""

from __future__ import annotations

from typing import get_args

import pytest

from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.months import Month
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
