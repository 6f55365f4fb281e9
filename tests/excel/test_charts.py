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

from tests.excel.conftest import opened
from workbook_builder.contrast import TEXT_CONTRAST, contrast
from workbook_builder.looks import INK, PAPER, QUIET
from workbook_builder.sheets.cell_styles import (
    BENCHMARK_COLOUR,
    CHART_COLOURS,
    GRIDLINE,
    LABEL_COLOURS,
    LIMIT_COLOUR,
    NAVY,
    TARGET_COLOUR,
)

SPACES = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
}
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
COLOURS = {
    colour.lstrip("#")
    for colour in (
        *CHART_COLOURS, *LABEL_COLOURS, BENCHMARK_COLOUR, LIMIT_COLOUR, TARGET_COLOUR,
        GRIDLINE,
        INK, NAVY, QUIET, PAPER,
    )
}  # fmt: skip
TITLES = (
    "Context of Demand",
    "Context of Demand: distribution of children across the service",
    "Caseloads",
    "Caseloads of the other teams",
    "% of Single Assessments within 45 and 20 working days",
    "CIN performance: children in need not allocated to CWD",
    "ICPC timeliness",
    "CP performance: duration and visits",
    "CP performance: core groups and supervision",
    "Children in our care: visits performance",
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


def titled(workbook: Path) -> Iterator[tuple[str, etree._Element]]:
    """Each chart with its title, with which its alt text begins."""
    with zipfile.ZipFile(workbook) as file:
        for name in file.namelist():
            if not re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
                continue
            rels = etree.fromstring(file.read(f"xl/drawings/_rels/{Path(name).name}.rels"))
            targets = {rel.get("Id"): rel.get("Target", "") for rel in rels}
            for frame in etree.fromstring(file.read(name)).iterfind(".//xdr:graphicFrame", SPACES):
                (properties,) = frame.iterfind(".//xdr:cNvPr", SPACES)
                (chart,) = frame.iterfind(".//c:chart", SPACES)
                alt_text = properties.get("descr", "")
                target = targets[chart.get(f"{{{RELATIONS}}}id")]
                title = re.sub(r"^\w+ chart: ", "", alt_text)
                yield title, etree.fromstring(file.read(f"xl/charts/{Path(target).name}"))


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
    book = opened(workbooks[name], data_only=True)
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


def test_the_eleven_slides_of_the_pack_have_thirteen_months(workbooks: Mapping[str, Path]) -> None:
    book = opened(workbooks["sample"])
    slides = [sheet for sheet in book if sheet.title.startswith("Slide ")]
    assert tuple(sheet["B1"].value for sheet in slides) == TITLES
    lengths = {
        len(cells(book, plotted.values))
        for chart in charts(workbooks["sample"])
        for plotted in series(chart)
        if "Caseloads" not in plotted.values
    }
    assert lengths == {13}
    assert len(list(charts(workbooks["sample"]))) >= 14


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
        shown = ("showVal", "showSerName")  # names at the ends have the last values
        assert any(chart.find(f".//c:dLbls/c:{tag}[@val='1']", SPACES) is not None for tag in shown)


def test_axes_start_where_the_layout_says_and_percentages_of_a_slide_alike(
    workbooks: Mapping[str, Path],
) -> None:
    starts = {}
    for title, chart in titled(workbooks["sample"]):
        least = chart.find(".//c:valAx/c:scaling/c:min", SPACES)
        assert least is not None
        starts[title.rpartition(", Jul-22")[0]] = float(least.get("val", "nan"))
        assert chart.find(".//c:title", SPACES) is None  # it is in the cells above
    assert starts["CP plans lasting 18 months or more"] == 0
    assert starts["Visited within the last 6 weeks"] == 0.7
    assert starts["Core group meeting in time"] == starts["CP supervision within timescale"] == 0.5
    # One starts at 40 % and one at 20 %.
    names = ("CLA supervision within timescale", "Care leavers' supervision within timescale")
    assert {starts[name] for name in names} == {0.2}


def test_lines_are_named_at_their_ends_and_follow_the_board_table(
    workbooks: Mapping[str, Path],
) -> None:
    book = opened(workbooks["sample"], data_only=True)
    formulas = opened(workbooks["sample"])
    (chart,) = (
        chart for title, chart in titled(workbooks["sample"]) if "within 45 working days" in title
    )
    every = list(series(chart))
    lines = [line for line in every if "Chart data" in line.values and "!" not in line.name]
    assert [line.name for line in lines] == [
        "Target", "Southampton 2021/22", "Statistical neighbours", "South East",
    ]  # fmt: skip
    assert [cells(book, line.values)[0] for line in lines] == [0.9, 0.86, 0.87, 0.89]
    assert all(len(set(cells(book, line.values))) == 1 for line in lines)
    ends = [end for end in every if "!" in end.name]
    assert [str(cells(book, end.name)[0]).strip() for end in ends] == [
        "89%", "Target 90%", "Southampton 2021/22 86%", "Statistical neighbours 87%",
        "South East 89%",
    ]  # fmt: skip
    heights = [cells(book, end.values)[-1] for end in ends]
    assert all(set(cells(book, end.values)[:-1]) == {None} for end in ends)
    assert len({round(float(str(height)), 3) for height in heights}) == 5
    # They follow the board table, which the reader may change.
    sheet = formulas["Chart data"]
    row = next(row for row in sheet.iter_rows(min_row=4)
               if row[1].value == "Target" and "45 working days" in str(row[0].value))  # fmt: skip
    assert str(row[2].value).startswith("='Timeliness and quality'!")
    assert row[3].value == f"=$C{row[0].row}"
    end = next(row for row in sheet.iter_rows(min_row=4) if "Target " in str(row[1].value))
    assert "TEXT('Chart data'!$C$" in str(end[1].value) or "TEXT('Chart data'!C" in str(
        end[1].value
    )


def test_labels_are_the_last_the_highest_and_the_lowest(workbooks: Mapping[str, Path]) -> None:
    """What is written beside points, and in how large letters."""
    for title, chart in titled(workbooks["sample"]):
        if title.startswith("Average caseload"):
            continue
        assert chart.find(".//c:legend", SPACES) is None
        assert all(body.get("wrap") == "none" for body in chart.iterfind(".//a:bodyPr", SPACES))
        for measure in chart.iterfind(".//c:ser", SPACES):
            shown = [label for label in measure.iterfind(".//c:dLbl", SPACES)
                     if label.find("c:delete", SPACES) is None]  # fmt: skip
            assert len(shown) <= 3
            for label in shown:
                assert label.find("c:dLblPos", SPACES) is not None
                assert label.find("c:showVal", SPACES) is not None
        sizes = {int(run.get("sz", "")) for run in chart.iterfind(".//a:defRPr", SPACES)
                 if run.get("sz")}  # fmt: skip
        assert min(sizes) >= 1000


def test_the_latest_of_single_columns_has_the_colour_that_stands_out(
    workbooks: Mapping[str, Path],
) -> None:
    charts_of = dict(titled(workbooks["sample"]))
    (chart,) = (chart for title, chart in charts_of.items() if title.startswith("CP plans lasting"))
    points = chart.findall(".//c:ser/c:dPt", SPACES)
    colours = [point.find(".//a:srgbClr", SPACES) for point in points]
    values = [colour.get("val") for colour in colours if colour is not None]
    assert values == [*[CHART_COLOURS[1].lstrip("#")] * 12, NAVY.lstrip("#")]


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
    slides = [sheet for sheet in opened(workbooks[name])
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
    book = opened(workbooks["teams"])
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
    sheet = opened(workbooks["teams"], data_only=True)["Chart data"]
    rows = {(row[0], row[1]): row[3:] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert rows["Visited in time", "Change on last month"] == (None, 0, 0)
    assert rows["Never counted", "Change on last month"] == (None, None, None)


def test_numbers_beside_lines_can_be_read() -> None:
    assert len(LABEL_COLOURS) == len(CHART_COLOURS)
    assert all(contrast(colour, "#FFFFFF") >= TEXT_CONTRAST for colour in LABEL_COLOURS)
    assert all(contrast(colour, "#FFFFFF") >= 2.9 for colour in CHART_COLOURS[:-1])
