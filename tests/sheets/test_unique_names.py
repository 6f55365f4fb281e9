"""Names of tables and areas, whatever the sheets are called."""

from __future__ import annotations

import re

import pytest

from tests.sheets.examples import LAYOUTS, PLANS, plan_of
from workbook_builder.definitions.layouts import Layout, Row, Table
from workbook_builder.sheets.plan import Plan

ODD = (
    "a b", "a-b", "a_b", "A B 2", "a b__2", "Q1", "RAG1", "SEP24", "R1C1", "Figures!",
    "Definitions", "Blanks", "t_commentary!", "Commentary 1", "...", "Ω", "日本", "1", "x" * 31,
)  # fmt: skip


def plan_with(names: tuple[str, ...]) -> Plan:
    tables = tuple(
        Table(name=name, title=name, columns=("indicator",), rows=(Row(measure="referrals"),))
        for name in names
    )
    return plan_of(Layout(name="odd", title="Odd", months=1, tables=tables))


def names_of_areas(plan: Plan) -> list[str]:
    """The names of areas to be copied; those of key messages are of single cells."""
    return [name for name, sheet, _ in plan.names if sheet != "Summary"]


def test_names_are_unique_and_no_addresses() -> None:
    plan = plan_with(ODD)
    names = [table.name for sheet in plan.sheets for table in sheet.tables]
    names += names_of_areas(plan)
    assert len({name.casefold() for name in names}) == len(names) == 2 * len(ODD) + 13
    for name in names:
        assert re.fullmatch(r"[tn]_[a-z0-9_]*", name)


def test_own_tables_keep_their_names() -> None:
    plan = plan_with(ODD)
    by_sheet = {sheet.name: [table.name for table in sheet.tables] for sheet in plan.sheets}
    assert by_sheet["Figures"] == ["t_figures"]
    assert by_sheet["Notes"][0] == "t_definitions"
    assert by_sheet["Commentary"] == ["t_commentary"]
    assert "t_commentary" not in by_sheet["t_commentary!"]


def test_simple_names_stay_simple() -> None:
    plan = plan_with(("Right service right time",))
    assert names_of_areas(plan) == ["n_right_service_right_time"]
    assert plan.sheets[1].tables[0].name == "t_right_service_right_time"


@pytest.mark.parametrize("name", PLANS)
def test_headings_of_a_table_are_unique_and_stand_in_its_first_row(name: str) -> None:
    for sheet in PLANS[name].sheets:
        contents = {(cell.row, cell.column): cell.content for cell in sheet.cells}
        for table in sheet.tables:
            assert len({text.casefold() for text in table.headings}) == len(table.headings)
            row, first = table.area.first_row, table.area.first_column
            shown = [
                getattr(contents[row, first + n], "text", "") for n in range(len(table.headings))
            ]
            assert tuple(shown) == table.headings


def test_named_areas_are_what_is_printed() -> None:
    plan = PLANS["odd_names"]
    by_name = {sheet.name: sheet for sheet in plan.sheets}
    areas = [(sheet, area) for name, sheet, area in plan.names if name in names_of_areas(plan)]
    assert len(areas) == len(LAYOUTS["odd_names"].tables)
    for sheet, area in areas:
        assert area == by_name[sheet].print_area
