"""Areas in the shape of a slide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets.examples import PLANS
from workbook_builder.sheets.plan import Sheet
from workbook_builder.sheets.slide_fit import SLIDE, slide_shape, width_in_points

EMPTY_COLUMN = 48


@given(
    width=st.floats(200, 3000),
    above=st.floats(50, 150),
    rows=st.lists(st.floats(20, 120), min_size=1, max_size=40),
)
def test_the_area_has_the_shape_of_a_slide_or_is_left_alone(
    width: float, above: float, rows: list[float]
) -> None:
    shape = slide_shape(width, above, rows)
    assert 1 <= shape.growth <= 1.6
    high = above + sum(rows) * shape.growth + shape.rows * 15
    wide = width + shape.columns * EMPTY_COLUMN
    if width < 1.5 * (above + sum(rows)):
        assert (shape.growth, shape.rows, shape.columns) == (1, 0, 0)
    else:
        assert high <= width / SLIDE + 1e-6 or wide <= high * SLIDE + 1e-6
        assert abs(wide / SLIDE - high) < 15 + EMPTY_COLUMN


def shape_of(board: Sheet) -> float:
    """Return width by height of a sheet's print area, in points."""
    area = board.print_area
    assert area
    widths = {at: 0.0 if one.folded else width_in_points(one.width)
              for one in board.widths for at in range(one.first, one.last + 1)}  # fmt: skip
    heights = dict(board.heights)
    wide = sum(widths.get(at, EMPTY_COLUMN) for at in range(area.last_column + 1))
    return wide / sum(heights.get(row, 15.0) for row in range(area.last_row + 1))


@pytest.mark.parametrize("name", ["every_column", "scorecard", "one_month"])
def test_tables_fill_a_slide(name: str) -> None:
    assert shape_of(PLANS[name].sheets[1]) == pytest.approx(SLIDE, rel=0.04)
