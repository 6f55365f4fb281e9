"""Process limits on a chart, and the variation of a row."""

from __future__ import annotations

import pytest

from tests.indicators.test_headline import LAST, indicator, numbers
from tests.sheets.examples import PLANS
from workbook_builder.definitions.sheet_layouts import Panel
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import months_ending
from workbook_builder.sheets.chart_data import ChartData
from workbook_builder.sheets.charts import ChartBox, measure_chart
from workbook_builder.sheets.plan import Chart, Text

SWINGING = [51.0, 49.0] * 6 + [50.0]


def drawn(row: Indicator, **keys: bool) -> Chart:
    panel = Panel(chart=("m",), **keys)  # type: ignore[arg-type]
    data = ChartData(months_ending(LAST, len(row.months)), {})
    return measure_chart(panel, [row], {}, data, ChartBox(0, 0, 600, 300))


def test_limits_are_lines_that_are_named_at_their_ends() -> None:
    chart = drawn(numbers(SWINGING), limits=True)
    limits = [series for series in chart.series if series.role == "limit"]
    words = [series.end.words.strip() for series in limits if series.end]
    # The mean moving range is (11 * 2 + 1) / 12, times 2.66 it is 5.1.
    assert words == ["Mean 50", "Upper limit 55", "Lower limit 45"]
    assert "Upper limit 55." in chart.alt_text


@pytest.mark.parametrize(
    ("row", "keys"),
    [(numbers(SWINGING), {}), (numbers(SWINGING[:7]), {"limits": True})],
)
def test_without_the_key_or_a_year_there_are_none(row: Indicator, keys: dict[str, bool]) -> None:
    assert all(series.role != "limit" for series in drawn(row, **keys).series)


def test_a_limit_that_no_percentage_can_reach_is_not_drawn() -> None:
    chart = drawn(indicator([0.98, 0.9] * 6 + [0.95]), limits=True)
    names = [series.name for series in chart.series if series.role == "limit"]
    assert names == ["Mean", "Lower limit"]
    assert chart.axis_to == 1.0


def test_the_column_says_in_words_and_a_symbol_what_the_latest_value_tells() -> None:
    sheet = next(sheet for sheet in PLANS["scorecard"].sheets if sheet.name == "Scorecard")
    cells = [cell for cell in sheet.cells if cell.style == "variation"]
    assert cells
    for cell in cells:
        assert isinstance(cell.content, Text)
        assert cell.content.text in {
            "▲ Improving", "▼ Improving", "▲ Concerning", "▼ Concerning", "▲ High", "▼ Low",
            "~ Common",
        }  # fmt: skip
        assert "Mean " in cell.note
        assert " limits " in cell.note
