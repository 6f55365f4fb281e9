"""Pages of A4: nothing lost, nothing twice, nothing too small to read."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets.examples import LAYOUTS, PLANS, SCORECARD, plan_of
from workbook_builder.definitions.layouts import KeyBlock
from workbook_builder.sheets.paging import (
    LANDSCAPE,
    LEAST_SCALE,
    PORTRAIT,
    column_blocks,
    row_blocks,
    stack_pages,
    table_pages,
    width_in_points,
)
from workbook_builder.sheets.plan import SheetPlan, Text

HEIGHTS = st.lists(st.floats(15, 200), min_size=1, max_size=60)


def covers(blocks: list[tuple[int, int]], count: int) -> bool:
    """Tell whether blocks follow one another from the first thing to the last."""
    together = all(after[0] == before[1] + 1 for before, after in pairwise(blocks))
    return blocks[0][0] == 0 and blocks[-1][1] == count - 1 and together


@given(heights=HEIGHTS, room=st.floats(200, 700))
def test_rows_fill_pages_that_they_fit(heights: list[float], room: float) -> None:
    blocks = row_blocks(heights, room)
    assert covers(blocks, len(heights))
    assert all(sum(heights[first : last + 1]) <= room + 1e-9 for first, last in blocks)
    fewest = sum(heights) / room
    assert len(blocks) <= 2 * fewest + 1


@given(heights=HEIGHTS, room=st.floats(200, 700))
def test_there_are_no_fewer_pages_than_full_ones(heights: list[float], room: float) -> None:
    pages, used = 1, 0.0
    for height in heights:
        if used and used + height > room:
            pages, used = pages + 1, 0.0
        used += height
    assert len(row_blocks(heights, room)) == pages


def test_rows_give_a_little_of_their_room_where_that_saves_a_page() -> None:
    room = LANDSCAPE.height * 0.97 - 100.0  # of a table that is not made smaller
    heights = [room / 10 + 2] * 20
    assert len(table_pages([700.0], 100.0, heights, heading_row=0).areas) == 3
    tight = table_pages([700.0], 100.0, heights, heading_row=0, slack=4.5)
    assert len(tight.areas) == 2
    assert tight.growth == pytest.approx(-2)
    assert table_pages([700.0], 100.0, heights[:5], heading_row=0, slack=4.5).growth == 0


def test_pages_of_equal_rows_are_as_even_as_can_be() -> None:
    blocks = row_blocks([30.0] * 37, 16 * 30.0)
    assert [last - first + 1 for first, last in blocks] in ([12, 13, 12], [13, 12, 12])


def test_a_row_higher_than_a_page_has_one_for_itself() -> None:
    assert row_blocks([50.0, 900.0, 50.0], 500.0) == [(0, 0), (1, 1), (2, 2)]


@given(
    widths=st.lists(st.floats(30, 250), min_size=3, max_size=40),
    repeated=st.integers(0, 2),
    room=st.floats(750, 1200),
)
def test_columns_fit_beside_those_that_are_repeated(
    widths: list[float], repeated: int, room: float
) -> None:
    blocks = column_blocks(widths, repeated, [], room)
    assert covers(blocks, len(widths))
    for first, last in blocks:
        named = sum(widths[:repeated]) if first else 0.0
        assert named + sum(widths[first : last + 1]) <= room + 1e-9


def test_a_page_begins_with_a_group_of_columns() -> None:
    # A name, then groups that begin at 1, 4 and 7: the third does not fit with the second.
    assert column_blocks([100.0] * 10, 1, [0, 1, 4, 7], 800.0) == [(0, 6), (7, 9)]


def test_a_group_wider_than_a_page_is_cut() -> None:
    assert column_blocks([100.0] * 12, 1, [0, 1], 500.0) == [(0, 4), (5, 8), (9, 11)]


@given(heights=HEIGHTS, columns=st.integers(5, 40))
def test_a_table_is_printed_in_eight_points_or_more(heights: list[float], columns: int) -> None:
    widths = [width_in_points(8)] * columns
    pages = table_pages(widths, 90, heights, heading_row=2, repeated=2, most_growth=0.6)
    widest = max(sum(widths[a.first_column : a.last_column + 1]) for a in pages.areas)
    scale = pages.scale / 100 if pages.scale else min(1, LANDSCAPE.width / widest)
    assert scale >= LEAST_SCALE - 0.01
    for area in pages.areas:
        wide = sum(widths[area.first_column : area.last_column + 1])
        wide += sum(widths[:2]) if area.first_column else 0
        high = 90 + sum(heights[max(area.first_row - 3, 0) : area.last_row - 2])
        high += pages.growth * (area.last_row - max(area.first_row, 3) + 1)
        assert wide * scale <= LANDSCAPE.width + 1e-6
        assert high * scale <= LANDSCAPE.height + 1e-6
    assert 0 <= pages.growth <= 0.6 * sum(heights) / len(heights) + 1e-9


def test_lists_below_one_another_are_cut_between_them() -> None:
    rows = [28.0, 22.0, 15.0, *[22.0] * 40]  # titles, an empty row, two lists of twenty rows
    pages = stack_pages([500.0], rows, [3, 23], 2, PORTRAIT)
    assert [(area.first_row, area.last_row) for area in pages.areas] == [(0, 22), (23, 42)]
    assert pages.scale == 100


def test_a_list_a_little_too_long_is_made_smaller_before_it_is_cut() -> None:
    pages = stack_pages([500.0], [28.0, 22.0, *[22.0] * 40], [2], 2, PORTRAIT)
    assert len(pages.areas) == 1
    assert LEAST_SCALE * 100 <= (pages.scale or 0) < 100


def test_a_list_of_many_pages_is_cut_inside() -> None:
    pages = stack_pages([500.0], [28.0, 22.0, *[22.0] * 200], [2], 2, PORTRAIT)
    rows = [(area.first_row, area.last_row) for area in pages.areas]
    assert rows[0][0] == 0
    assert rows[-1][1] == 201
    assert all(after[0] == before[1] + 1 for before, after in pairwise(rows))


def board_of(name: str) -> SheetPlan:
    return next(sheet for sheet in PLANS[name].sheets if sheet.group == "board")


@pytest.mark.parametrize("name", PLANS)
def test_the_print_area_ends_with_the_table(name: str) -> None:
    for sheet in PLANS[name].sheets:
        if sheet.group == "board":
            assert sheet.print_area
            last = max(cell.row for cell in sheet.cells)
            widest = max(cell.column for cell in sheet.cells)
            assert (sheet.print_area.last_row, sheet.print_area.last_column) == (last, widest)


@pytest.mark.parametrize("name", PLANS)
def test_pages_hold_every_cell_of_a_table_once(name: str) -> None:
    for sheet in PLANS[name].sheets:
        if not sheet.page_areas:
            continue
        assert sheet.print_area
        held = [
            (row, column)
            for area in sheet.page_areas
            for row in range(area.first_row, area.last_row + 1)
            for column in range(area.first_column, area.last_column + 1)
        ]
        whole = sheet.print_area
        assert len(set(held)) == len(held)
        assert len(held) == (whole.last_row + 1) * (whole.last_column + 1)


def test_a_table_too_wide_for_a_page_repeats_what_its_rows_are() -> None:
    board = board_of("scorecard")
    headings = board.tables[0].headings
    assert board.repeat_columns
    assert headings[: board.repeat_columns[1] + 1] == ("No.", "Indicator")
    first, second = board.page_areas
    assert headings[first.last_column + 1] == headings[second.first_column] == "Percentage?"


def test_texts_above_a_table_of_several_pages_are_not_cut_by_their_edges() -> None:
    board = next(sheet for sheet in PLANS["scorecard"].sheets if sheet.name == "Scorecard")
    wide = replace(SCORECARD, title="A scorecard with a title of rather many words", key=(
        *SCORECARD.key, KeyBlock(title="Benchmarks", lines=("A line that is long enough to " * 4,)),
    ))  # fmt: skip
    (sheet,) = (sheet for sheet in plan_of(replace(LAYOUTS["scorecard"], tables=(wide,))).sheets
                if sheet.name == "Scorecard")  # fmt: skip
    assert sheet.repeat_columns
    block = next(cell for cell in sheet.cells if cell.content == Text("Benchmarks"))
    starts = {area.first_column for area in sheet.page_areas}
    assert block.column in starts - {0}
    titles = [next(cell for cell in each.cells if cell.style == "title") for each in (board, sheet)]
    assert titles[0].size == 0
    assert 11 <= titles[1].size < 18


def test_a_list_longer_than_a_page_begins_below_the_titles() -> None:
    heights = [22.0, 28.0, *[15.0] * 130]
    pages = stack_pages([300.0], heights, [3], 2, PORTRAIT)
    assert pages.areas[0].first_row == 0
    assert pages.areas[0].last_row > 30
    assert pages.areas[-1].last_row == len(heights) - 1
