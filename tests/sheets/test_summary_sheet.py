"""The summary counts what the board tables show, cell for cell."""

from __future__ import annotations

import re

import pytest

from tests.sheets.examples import PLANS
from workbook_builder.indicators.rating import AMBER, GREEN, RED
from workbook_builder.sheets.plan import Formula, Number, shown_value
from workbook_builder.sheets.summary_sheet import SUMMARY_SHEET

COUNTED = re.compile(r"\('((?:[^']|'')+)'!([A-Z]+\d+)=(-?1|0)\)")


@pytest.mark.parametrize("name", PLANS)
def test_each_count_is_that_of_the_cells_that_it_counts(name: str) -> None:
    plan = PLANS[name]
    values = {(sheet.name, cell.address): shown_value(cell.content) for sheet, cell in plan.cells()}
    counts = [cell.content for sheet, cell in plan.cells()
              if sheet.name == SUMMARY_SHEET and cell.style == "count"]  # fmt: skip
    assert len(counts) == len((RED, AMBER, GREEN))
    for content in counts:
        if isinstance(content, Number):  # nothing is rated
            assert content.value == 0
            continue
        assert isinstance(content, Formula)
        terms = COUNTED.findall(content.formula)
        assert content.formula.count("=") == len(terms) + 1
        rated = [values[sheet.replace("''", "'"), address] == int(code)
                 for sheet, address, code in terms]  # fmt: skip
        assert sum(rated) == content.value
