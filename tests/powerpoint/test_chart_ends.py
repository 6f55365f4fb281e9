"""What a line is stands at its end, where it meets neither a line nor another name."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from tests.powerpoint.conftest import opened
from tests.powerpoint.reading import charts
from tests.powerpoint.test_deck import WITH_SLIDES
from tests.sheets.examples import PLANS
from workbook_builder.powerpoint.charts import DrawnChart
from workbook_builder.powerpoint.deck import draw_deck
from workbook_builder.powerpoint.tables import SheetCells
from workbook_builder.sheets.chart_labels import Axis, Frame, crosses, label_box, overlaps
from workbook_builder.sheets.plan import Chart, LabelPlace, SlidePanel

SIZES = ((430.0, 110.0), (430.0, 230.0), (860.0, 330.0))
PLACES: dict[str, LabelPlace] = {
    "t": "above", "b": "below", "l": "left", "r": "right", "inEnd": "inside",
}  # fmt: skip


def charts_of(name: str) -> list[DrawnChart]:
    sheets = {sheet.name: SheetCells(sheet) for sheet in PLANS[name].sheets}
    return [DrawnChart.of(chart, sheets) for sheet in PLANS[name].sheets
            for chart in sheet.charts if chart.plot]  # fmt: skip


def labels_of(series: Any) -> dict[int, Any]:
    """Return the labels of a series that are not deleted, by their point."""
    labels = series._element.findall("{*}dLbls/{*}dLbl")
    return {int(label.find("{*}idx").get("val")): label
            for label in labels if label.find("{*}delete") is None}  # fmt: skip


def says(label: Any, part: str) -> bool:
    return bool(label.find(f"{{*}}show{part}").get("val") == "1")


def test_each_line_is_named_at_its_end_and_no_chart_has_a_legend(deck: Any) -> None:
    named = 0
    for slide in deck.slides:
        for chart in charts(slide):
            assert not chart.has_legend
            for series in (one for plot in chart.plots for one in plot.series):
                if series.name.startswith("Target "):
                    ((point, label),) = labels_of(series).items()
                    assert point == len(series.values) - 1
                    assert label.find("{*}dLblPos").get("val") == "r"
                    assert says(label, "SerName") and not says(label, "Val")
                    named += 1
    assert named > 5


def test_the_only_measure_of_a_line_chart_has_its_last_value_at_its_end(deck: Any) -> None:
    seen = 0
    for slide in deck.slides:
        for chart in charts(slide):
            if "lineChart" not in chart.plots[0]._element.tag:
                continue
            series = chart.plots[0].series[0]
            known = [point for point, value in enumerate(series.values) if value is not None]
            label = labels_of(series)[known[-1]]
            assert says(label, "Val") and not says(label, "SerName")
            seen += 1
    assert seen > 5


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", WITH_SLIDES)
def test_no_label_is_on_a_line_at_any_size(name: str, size: tuple[float, float]) -> None:
    for drawn in charts_of(name):
        fitted = drawn.fitted(*size)
        assert fitted.plot is not None
        frame = Frame(fitted.plot, len(fitted.categories), axis_of(fitted.chart))
        lines = [frame.line(series.values) for series in fitted.series
                 if drawn.chart.kind == "line" or series.series.role != "measure"]  # fmt: skip
        placed = [
            label_box(PLACES[place], (frame.x(point), frame.y(series.values[point] or 0.0)),
                      fitted.text(series.values[point] or 0.0))
            for series in fitted.series for point, place in series.labels.items()
        ]  # fmt: skip
        ends = [frame.y(series.last[1]) - series.lifted * size[1] * 96 / 72
                for series in fitted.series if series.end and series.last]  # fmt: skip
        assert not any(crosses(line, box) for line in lines for box in placed)
        assert not any(overlaps(*pair) for pair in combinations(placed, 2))
        assert all(abs(one - other) >= 13 for one, other in combinations(ends, 2))


def axis_of(chart: Chart) -> Axis:
    assert chart.axis_from is not None and chart.axis_to is not None
    return Axis(chart.axis_from, chart.axis_to, chart.axis_step or 0.0)


def test_several_measures_are_named_also_without_values_beside_their_points() -> None:
    """Without a legend a measure has no other name."""
    named = {series.end for name in WITH_SLIDES for drawn in charts_of(name)
             for series in drawn.series
             if series.series.role == "measure"
             and sum(each.series.role == "measure" for each in drawn.series) > 1}  # fmt: skip
    assert named and all(named)


def test_axes_have_the_plans_ends_and_steps() -> None:
    plan = PLANS["teams"]
    deck = opened(draw_deck(plan).value)
    planned = {(chart.axis_from, chart.axis_to, chart.axis_step)
               for sheet in plan.sheets for chart in sheet.charts if chart.plot}  # fmt: skip
    drawn = {
        (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale,
         chart.value_axis.major_unit)
        for slide in deck.slides for chart in charts(slide) if "bar" not in str(chart.chart_type)
    }  # fmt: skip
    assert planned and planned <= drawn


def test_a_chart_whose_axis_is_unknown_is_left_to_powerpoint() -> None:
    drawn = charts_of(WITH_SLIDES[0])[0]
    free = replace(drawn, chart=replace(drawn.chart, axis_to=None))
    assert free.fitted(400, 200) == free


def test_process_limits_are_dotted_and_all_alike() -> None:
    plan = PLANS["teams"]

    def with_limits(chart: Chart) -> Chart:
        series = (replace(one, role="limit") if one.role == "benchmark" else one
                  for one in chart.series)  # fmt: skip
        return replace(chart, series=tuple(series))

    def as_limits(panel: SlidePanel) -> SlidePanel:
        return replace(panel, chart=with_limits(panel.chart)) if panel.chart else panel

    sheets = tuple(
        replace(sheet, deck=replace(sheet.deck, panels=tuple(map(as_limits, sheet.deck.panels))))
        if sheet.deck else sheet
        for sheet in plan.sheets
    )  # fmt: skip
    deck = opened(draw_deck(replace(plan, sheets=sheets)).value)
    looks = [
        (line.find("{*}prstDash").get("val"), line.find("{*}solidFill/*").get("val"))
        for slide in deck.slides for chart in charts(slide)
        for line in chart._chartSpace.findall(".//{*}ser/{*}spPr/{*}ln")
        if line.find("{*}prstDash") is not None
    ]  # fmt: skip
    dotted = [colour for dash, colour in looks if dash == "sysDot"]
    assert dotted and len(set(dotted)) == 1
