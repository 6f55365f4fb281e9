"""Axes of round numbers, labels that meet no line, names at the ends of lines that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from tests.sheets.team_examples import TEAM_PLANS
from workbook_builder.sheets.chart_labels import (
    LABEL_HEIGHT,
    Axis,
    Frame,
    choose_place,
    common_axis,
    crosses,
    label_box,
    month_step,
    nice_axis,
    overlaps,
    spread,
)
from workbook_builder.sheets.plan import Chart, LabelPlace, PixelBox

PLAN = TEAM_PLANS["teams"]
CHARTS = [chart for sheet in PLAN.sheets for chart in sheet.charts
          if chart.plot and chart.kind != "bar"]  # fmt: skip
FRAME = Frame(PixelBox(40, 20, 520, 200), 13, Axis(0.0, 1.0, 0.2))
ANYWHERE = (0.0, 0.0, 1000.0, 1000.0)


@pytest.mark.parametrize(
    ("lowest", "highest", "start", "end", "axis"),
    [
        (0.65, 0.9, 0.5, 1.0, Axis(0.5, 1.0, 0.1)),
        (0.07, 0.9, 0.5, 1.0, Axis(0.0, 1.0, 0.2)),  # nothing is hidden
        (0.0, 0.0, 0.0, None, Axis(0.0, 0.01, 0.01)),
        (0.2, 1.3, 0.0, 1.0, Axis(0.0, 1.5, 0.5)),
    ],
)
def test_axes_of_percentages(
    lowest: float, highest: float, start: float, end: float | None, axis: Axis
) -> None:
    assert nice_axis(lowest, highest, start, end, "percent", 0) == axis


@pytest.mark.parametrize(
    ("lowest", "highest", "start", "axis"),
    [
        (1428, 2023, 0, Axis(0, 2500, 500)),
        (343, 371, 300, Axis(300, 380, 20)),
        (0, 3, 0, Axis(0, 3, 1)),
        (0, 0, 0, Axis(0, 1, 1)),
        (-4, 6, 0, Axis(-4, 6, 2)),
        (7, 7, 0, Axis(0, 8, 2)),
    ],
)
def test_axes_of_numbers_have_whole_steps(
    lowest: float, highest: float, start: float, axis: Axis
) -> None:
    assert nice_axis(lowest, highest, start, None, "number", 0) == axis


def test_one_axis_for_all_holds_what_each_holds() -> None:
    axes = [Axis(0.5, 1.0, 0.1), Axis(0.0, 0.6, 0.2), Axis(0.2, 0.9, 0.1)]
    assert common_axis(axes) == Axis(0.0, 1.0, 0.2)


@pytest.mark.parametrize(
    ("count", "pitch", "step"), [(13, 46, 1), (13, 30, 2), (13, 15, 4), (7, 20, 3), (1, 400, 1),
                                 (12, 30, 11), (13, 2, 13), (8, 200, 1)],
)  # fmt: skip
def test_months_are_named_as_often_as_there_is_room_the_last_among_them(
    count: int, pitch: float, step: int
) -> None:
    assert month_step(count, pitch, 46) == step


def test_a_label_goes_where_no_line_is() -> None:
    spot = (200.0, 100.0)
    flat = [(0.0, 100.0), spot, (400.0, 100.0)]
    above = [(0.0, 88.0), (400.0, 88.0)]
    places: tuple[LabelPlace, ...] = ("above", "below", "left")
    assert choose_place(places, spot, "65%", [flat], [], ANYWHERE) == "above"
    assert choose_place(places, spot, "65%", [flat, above], [], ANYWHERE) == "below"
    below = [(0.0, 112.0), (400.0, 112.0)]
    assert choose_place(places, spot, "65%", [flat, above, below], [], ANYWHERE) is None
    here = label_box("above", spot, "65%")
    assert choose_place(places, spot, "65%", [flat], [here], ANYWHERE) == "below"
    assert choose_place(places, spot, "65%", [flat], [], (0.0, 90.0, 999.0, 999.0)) == "below"


def test_a_steep_line_is_seen_between_its_points_and_a_gap_is_none() -> None:
    box = (90.0, 40.0, 110.0, 60.0)
    assert crosses([(0.0, 0.0), (200.0, 100.0)], box)
    assert not crosses([(0.0, 0.0), None, (200.0, 100.0)], box)
    assert not crosses([(0.0, 70.0), (200.0, 70.0)], box)
    assert crosses([(100.0, 0.0), (100.0, 200.0)], box)
    assert crosses([None, (100.0, 50.0), None], box)


@pytest.mark.parametrize(
    "wanted",
    [
        {"a": 50.0, "b": 51.0, "c": 52.0},
        {"a": 20.0, "b": 20.0, "c": 21.0, "d": 200.0},
        {"a": 218.0, "b": 219.0, "c": 220.0},
    ],
)
def test_names_at_the_ends_are_moved_apart_and_keep_their_order(wanted: dict[str, float]) -> None:
    heights = spread(wanted, 20, 220)
    ordered = sorted(wanted, key=lambda name: wanted[name])
    moved = [heights[name] for name in ordered]
    assert all(low - high >= 15 - 1e-9 for high, low in pairwise(moved))
    assert min(moved) >= 20
    assert max(moved) <= 220


def test_names_that_do_not_meet_stay_where_they_are() -> None:
    assert spread({"a": 40.0, "b": 120.0}, 20, 220) == {"a": 40.0, "b": 120.0}


def test_pixels_and_values_are_the_same_places() -> None:
    assert (FRAME.x(0), FRAME.x(12)) == (60, 540)
    assert (FRAME.y(0.0), FRAME.y(1.0), FRAME.y(0.25)) == (220, 20, 170)
    assert FRAME.y(0.5 + FRAME.value(-15)) == pytest.approx(FRAME.y(0.5) - 15)


def numbers(values: Sequence[float | str | None]) -> list[float | None]:
    return [value if isinstance(value, float) else None for value in values]


def printed(value: float, chart: Chart) -> str:
    return f"{value:.0%}" if chart.number_format.endswith("%") else f"{value:,.0f}"


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.title)
def test_no_label_of_a_chart_is_on_a_line_or_on_another(chart: Chart) -> None:
    assert chart.plot
    assert chart.axis_from is not None
    assert chart.axis_to is not None
    axis = Axis(chart.axis_from, chart.axis_to, chart.axis_step or 1)
    values = [numbers(PLAN.values(series.values)) for series in chart.series]
    frame = Frame(chart.plot, len(values[0]), axis)
    lines = [frame.line(each) for each, series in zip(values, chart.series, strict=True)
             if chart.kind == "line" or series.role != "measure"]  # fmt: skip
    boxes = []
    for each, series in zip(values, chart.series, strict=True):
        for label in series.labels or ():
            value = each[label.point]
            assert value is not None
            spot = frame.x(label.point), frame.y(value)
            boxes.append(label_box(label.place, spot, printed(value, chart)))
        if series.end:
            height = numbers(PLAN.values(series.end.values))[-1]
            assert height is not None
            spot = frame.x(frame.count - 1), frame.y(height)
            boxes.append(label_box("right", spot, series.end.words))
    assert boxes
    assert not any(crosses(line, box) for line in lines for box in boxes)
    assert not any(overlaps(box, other) for number, box in enumerate(boxes)
                   for other in boxes[number + 1 :])  # fmt: skip
    assert all(box[0] >= 0 and box[2] <= chart.width for box in boxes)
    assert all(box[1] >= 0 and box[3] <= chart.height + LABEL_HEIGHT for box in boxes)
