"""Slides: 16:9, nothing on top of anything else, nothing lost where there is no room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, combinations

import pytest

from tests.sheets.team_examples import TEAM_PLANS
from workbook_builder.definitions.sheet_layouts import GridArea
from workbook_builder.sheets.plan import Cell, Chart, Empty, Number, SheetPlan, Text
from workbook_builder.sheets.slide_fit import HEIGHT, WIDTH, SlideGrid, TableNeed

SLIDES = [sheet for sheet in TEAM_PLANS["teams"].sheets if sheet.slide]

ChartBox = tuple[int, int, int, int]


def edges(sizes: Sequence[float]) -> list[float]:
    return [0, *accumulate(sizes)]


def columns(sheet: SheetPlan) -> list[float]:
    return edges([round(width.width * 7) + 5 for width in sheet.widths])


def rows(sheet: SheetPlan) -> list[float]:
    return edges([height / 0.75 for _, height in sheet.heights])


def chart_box(sheet: SheetPlan, chart: Chart) -> tuple[float, float, float, float]:
    left, top = columns(sheet)[chart.column], rows(sheet)[chart.row]
    return left, top, left + chart.width, top + chart.height


def cell_box(sheet: SheetPlan, cell: Cell) -> tuple[float, float, float, float]:
    across, down = columns(sheet), rows(sheet)
    return across[cell.column], down[cell.row], across[cell.column + 1], down[cell.row + 1]


def overlap(box: Sequence[float], other: Sequence[float]) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def texts(sheet: SheetPlan) -> Iterator[str]:
    yield from (cell.content.text for cell in sheet.cells if isinstance(cell.content, Text))


@pytest.mark.parametrize("slide", SLIDES, ids=lambda slide: slide.name)
def test_a_slide_is_sixteen_by_nine(slide: SheetPlan) -> None:
    assert columns(slide)[-1] == WIDTH
    assert rows(slide)[-1] == HEIGHT
    assert WIDTH * 9 == HEIGHT * 16
    assert slide.print_area
    assert slide.print_area.last_row == len(slide.heights) - 1
    assert slide.print_area.last_column == len(slide.widths) - 1
    assert [row for row, _ in slide.heights] == list(range(len(slide.heights)))


@pytest.mark.parametrize("slide", SLIDES, ids=lambda slide: slide.name)
def test_nothing_stands_on_anything_else(slide: SheetPlan) -> None:
    charts = [chart_box(slide, chart) for chart in slide.charts]
    assert not any(overlap(box, other) for box, other in combinations(charts, 2))
    filled = [cell for cell in slide.cells if not isinstance(cell.content, Empty)]
    assert not any(overlap(box, cell_box(slide, cell)) for box in charts for cell in filled)
    for left, top, right, bottom in charts:
        assert left >= 0 <= top
        assert right <= WIDTH
        assert bottom <= HEIGHT


@pytest.mark.parametrize("slide", SLIDES, ids=lambda slide: slide.name)
def test_every_chart_says_what_it_shows(slide: SheetPlan) -> None:
    for chart in slide.charts:
        assert chart.title in chart.alt_text
        assert len(chart.alt_text) > len(chart.title) + 20


def test_alt_text_tells_the_figures_in_words() -> None:
    chart = SLIDES[0].charts[0]
    assert chart.alt_text.startswith("Line chart: Visited in time, May-23 to Jul-23. In time: 79%")
    assert "Target 95%." in chart.alt_text
    assert "South East 88%." in chart.alt_text or "South East 87.5%." in chart.alt_text


def test_several_lines_are_named_at_their_ends_in_place_of_a_legend() -> None:
    chart = SLIDES[0].charts[0]
    words = [(series.role, series.end.words.strip()) for series in chart.series if series.end]
    assert words == [
        ("measure", "In time 79%"), ("measure", "Late 7%"), ("target", "Target 95%"),
        ("benchmark", "South East 87.5%"),
    ]  # fmt: skip


def test_teams_without_room_stand_in_one_row_and_nothing_is_lost() -> None:
    (slide,) = (slide for slide in SLIDES if slide.name == "Slide B")
    named = [text for text in texts(slide) if text.endswith("more teams")]
    assert named == ["56 more teams"]
    rest = next(cell for cell in slide.cells
              if isinstance(cell.content, Text) and cell.content.text == named[0])  # fmt: skip
    numbers = {
        cell.row: cell.content.value
        for cell in slide.cells
        if cell.column == rest.column + 1 and isinstance(cell.content, Number)
    }
    assert sum(value for row, value in numbers.items() if row <= rest.row) == 2190


def test_an_empty_panel_says_why() -> None:
    (slide,) = (slide for slide in SLIDES if slide.name == "Slide B")
    text = " ".join(texts(slide))
    assert "There is no figure for Jul-23. No extract of this kind was given." in text
    assert "There are no figures to draw." in text


def need(rows: int, names: tuple[str, ...] = ("A",)) -> TableNeed:
    return TableNeed(GridArea(0, 0, 0, 0), (80, 70, 60), rows, names, "Title")


@pytest.mark.parametrize("count", [1, 12, 18, 30, 200])
def test_rows_are_as_high_as_room_allows(count: int) -> None:
    grid = SlideGrid(1, (1, 2), (need(count),))
    assert sum(grid.heights) == HEIGHT
    assert sum(grid.pixels) == WIDTH
    body = grid.heights[2:-1]
    assert min(body) >= 17
    if count <= 30:
        assert grid.room(GridArea(0, 0, 0, 0)) > count


def test_rows_get_higher_for_names_of_several_lines() -> None:
    short, long = (
        SlideGrid(2, (1, 1, 1), (need(10, (name,)),)) for name in ("A", "A long name " * 7)
    )
    assert long.row > 2 * short.row
    body = long.heights[2:-1]
    assert max(body) - min(body) <= 1


def test_a_name_without_room_keeps_its_end() -> None:
    area = GridArea(0, 0, 0, 0)
    name = "Safeguarding and Assessment Team for the Whole of the Far North-West, East 10"
    shown = SlideGrid(6, (1, 1, 1), (need(3, (name,)),)).fitted(name, area)
    assert shown.startswith("Safeg")
    assert "… " in shown
    assert shown.endswith("East 10")
    assert SlideGrid(6, (1, 1, 1), (need(3, (name,)),)).fitted("East 10", area) == "East 10"


def test_an_axis_hides_no_value() -> None:
    """The layout starts the axis at 20 %; the lower line lies at 7 %."""
    chart = SLIDES[0].charts[0]
    assert (chart.axis_from, chart.axis_to) == (0.0, 1.0)
