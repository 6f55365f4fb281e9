"""Charts and slides as they stand in the file: live cells, axes, colours, alt text, the page."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import range_boundaries

from workbook_builder.contrast import TEXT_CONTRAST, contrast
from workbook_builder.excel.formats import (
    BENCHMARK_COLOURS,
    CHART_COLOURS,
    GRIDLINE,
    INK,
    LABEL_COLOURS,
    NAVY,
    PAPER,
    QUIET,
    TARGET_COLOUR,
)

SPACES = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
}
COLOURS = {
    colour.lstrip("#")
    for colour in (
        *CHART_COLOURS, *LABEL_COLOURS, *BENCHMARK_COLOURS, TARGET_COLOUR,
        GRIDLINE,
        INK, NAVY, QUIET, PAPER,
    )
}  # fmt: skip
TITLES = (
    "Context of Demand",
    "Caseloads",
    "% of Single Assessments within 45 and 20 working days",
    "CIN performance",
    "ICPC timeliness",
    "CP performance: duration and visits",
    "CP performance: core groups and supervision",
    "Children in our care: visits",
    "Children in our care: supervision",
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:Sparkline Group"),
    pytest.mark.filterwarnings("ignore:Conditional Formatting"),
    pytest.mark.filterwarnings("ignore:Unknown extension"),
]


@dataclass(frozen=True)
class Series:
    name: str
    categories: str
    values: str
    cached: list[str]


def charts(workbook: Path) -> Iterator[etree._Element]:
    with zipfile.ZipFile(workbook) as file:
        for name in sorted(file.namelist()):
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                yield etree.fromstring(file.read(name))


def series(chart: etree._Element) -> Iterator[Series]:
    for element in chart.iterfind(".//c:ser", SPACES):
        cached = [point.text or "" for point in element.iterfind("c:val//c:v", SPACES)]
        yield Series(
            element.findtext("c:tx//c:f", "", SPACES) or element.findtext("c:tx//c:v", "", SPACES),
            element.findtext("c:cat//c:f", "", SPACES),
            element.findtext("c:val//c:f", "", SPACES),
            cached,
        )


def cells(book: openpyxl.Workbook, reference: str) -> list[object]:
    parts = re.fullmatch(r"'?(.+?)'?!([$A-Z0-9:]+)", reference)
    assert parts, reference
    sheet = book[parts[1].replace("''", "'")]
    left, top, right, bottom = (
        int(edge or 0) for edge in range_boundaries(parts[2].replace("$", ""))
    )
    return [
        sheet.cell(row, column).value
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    ]


@pytest.mark.parametrize("name", ["sample", "teams"])
def test_charts_draw_cells_of_the_workbook(name: str, workbooks: Mapping[str, Path]) -> None:
    book = openpyxl.load_workbook(workbooks[name], data_only=True)
    months = re.compile(r"[A-Z][a-z]{2}-\d\d")
    drawn = 0
    for chart in charts(workbooks[name]):
        line = not chart.findall(".//c:barDir[@val='bar']", SPACES)
        for plotted in series(chart):
            values = cells(book, plotted.values)
            labels = [str(label) for label in cells(book, plotted.categories)]
            assert len(values) == len(labels)
            known = [value for value in values if value is not None]
            assert [float(text) for text in plotted.cached] == pytest.approx(known)
            assert not line or all(months.fullmatch(label) for label in labels)
            drawn += 1
    assert drawn > 3


def test_the_nine_slides_have_thirteen_months(workbooks: Mapping[str, Path]) -> None:
    book = openpyxl.load_workbook(workbooks["sample"])
    slides = [sheet for sheet in book if sheet.title.startswith("Slide ")]
    assert tuple(sheet["B1"].value for sheet in slides) == TITLES
    lengths = {
        len(cells(book, plotted.values))
        for chart in charts(workbooks["sample"])
        for plotted in series(chart)
        if "Caseloads" not in plotted.values
    }
    assert lengths == {13}
    assert len(list(charts(workbooks["sample"]))) >= 15


def test_every_chart_has_alt_text_and_values_written_beside_it(
    workbooks: Mapping[str, Path],
) -> None:
    with zipfile.ZipFile(workbooks["sample"]) as file:
        drawings = [etree.fromstring(file.read(name)) for name in file.namelist()
                    if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)]  # fmt: skip
    alt_texts = [shape.get("descr", "") for drawing in drawings
            for shape in drawing.iterfind(".//xdr:cNvPr", SPACES)]  # fmt: skip
    assert len(alt_texts) == len(list(charts(workbooks["sample"])))
    assert all(re.match(r"(Line|Column|Bar) chart: .+\d", text) for text in alt_texts)
    for chart in charts(workbooks["sample"]):
        assert chart.find(".//c:dLbls/c:showVal[@val='1']", SPACES) is not None


def test_axes_start_where_the_layout_says(workbooks: Mapping[str, Path]) -> None:
    starts = {}
    for chart in charts(workbooks["sample"]):
        title = "".join(text.text or "" for text in chart.iterfind(".//c:title//a:t", SPACES))
        least = chart.find(".//c:valAx/c:scaling/c:min", SPACES)
        assert least is not None
        starts[title] = float(least.get("val", "nan"))
    assert starts["Contacts in the month"] == 0
    assert starts["Section 47 enquiries per 10,000 children, 12 months"] == 300
    assert starts["Visited in time"] == 0.7


def test_lines_are_the_target_last_year_neighbours_and_south_east(
    workbooks: Mapping[str, Path],
) -> None:
    book = openpyxl.load_workbook(workbooks["sample"], data_only=True)
    formulas = openpyxl.load_workbook(workbooks["sample"])
    (chart,) = (
        chart for chart in charts(workbooks["sample"])
        if "within 45 working days" in "".join(
            text.text or "" for text in chart.iterfind(".//c:title//a:t", SPACES))
    )  # fmt: skip
    lines = [line for line in series(chart) if "Chart data" in line.values]
    assert [cells(book, line.name)[0] for line in lines] == [
        "Target 90%", "Southampton 2021/22 86%", "Statistical neighbours 87%", "South East 89%",
    ]  # fmt: skip
    assert [cells(book, line.values)[0] for line in lines] == [0.9, 0.86, 0.87, 0.89]
    assert all(len(set(cells(book, line.values))) == 1 for line in lines)
    # They follow the board table, which the reader may change.
    sheet = formulas["Chart data"]
    row = next(row for row in sheet.iter_rows(min_row=4) if row[1].value == "Target 90%")
    assert str(row[2].value).startswith("='Timeliness and quality'!")
    assert row[3].value == f"=$C{row[0].row}"


@pytest.mark.parametrize("name", ["sample", "teams"])
def test_colours_are_the_themes(name: str, workbooks: Mapping[str, Path]) -> None:
    used = {
        colour.get("val")
        for chart in charts(workbooks[name])
        for colour in chart.iterfind(".//a:srgbClr", SPACES)
    }
    assert used <= COLOURS
    assert len(used) > 4


@pytest.mark.parametrize("name", ["sample", "teams"])
def test_a_slide_fills_a_page_of_sixteen_by_nine(name: str, workbooks: Mapping[str, Path]) -> None:
    slides = [sheet for sheet in openpyxl.load_workbook(workbooks[name])
              if sheet.title.startswith("Slide ")]  # fmt: skip
    assert slides
    for sheet in slides:
        assert sheet.page_setup.paperSize == 9  # A4: 11.69 by 8.27 inches
        margins = sheet.page_margins
        width = 11.69 - margins.left - margins.right
        height = 8.27 - margins.top - margins.bottom
        assert width / height == pytest.approx(16 / 9, rel=0.005)
        assert width * 96 < 1280  # so that Excel makes it smaller: it never makes it larger


def test_sparklines_are_of_the_kind_and_with_the_points_asked_for(
    workbooks: Mapping[str, Path],
) -> None:
    book = openpyxl.load_workbook(workbooks["teams"])
    sparklines = {}
    for number, sheet in enumerate(book.sheetnames, 1):
        with zipfile.ZipFile(workbooks["teams"]) as file:
            text = file.read(f"xl/worksheets/sheet{number}.xml").decode()
        groups = re.findall(r"<x14:sparklineGroup ([^>]*)>", text)
        if groups:
            sources = re.findall(r"<x14:sparkline><xm:f>([^<]*)</xm:f>", text)
            sparklines[sheet] = (groups[0], sources[0])
    changes, source = sparklines["Board"]
    assert 'type="stacked"' in changes  # what Excel calls win/loss
    assert {'high="1"', 'low="1"', 'negative="1"'} <= set(changes.split())
    assert 'last="1"' not in changes
    assert source.startswith("'Chart data'!")
    columns, _ = sparklines["Columns"]
    assert 'type="column"' in columns
    assert not re.search(r'(high|low|last|negative)="1"', columns)
    of_teams, source = sparklines["Months"]
    assert 'type="stacked"' in of_teams
    assert source.startswith("'Chart data'!")


def test_wins_and_losses_are_changes_on_the_month_before(workbooks: Mapping[str, Path]) -> None:
    sheet = openpyxl.load_workbook(workbooks["teams"], data_only=True)["Chart data"]
    rows = {(row[0], row[1]): row[3:] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert rows["Visited in time", "Change on last month"] == (None, 0, 0)
    assert rows["Never counted", "Change on last month"] == (None, None, None)


def test_numbers_beside_lines_can_be_read() -> None:
    assert len(LABEL_COLOURS) == len(CHART_COLOURS)
    assert all(contrast(colour, "#FFFFFF") >= TEXT_CONTRAST for colour in LABEL_COLOURS)
    assert all(contrast(colour, "#FFFFFF") >= 2.9 for colour in CHART_COLOURS[:-1])
