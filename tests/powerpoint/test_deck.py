"""The sample's deck: its numbers are the workbook's, and everybody can read it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator

from tests.powerpoint.conftest import opened
from tests.powerpoint.reading import agrees, charts, number_in, sheet_of, tables, tag_of
from tests.sheets.examples import PLANS
from workbook_builder.contrast import MARK_CONTRAST, TEXT_CONTRAST, contrast
from workbook_builder.powerpoint.deck import draw_deck
from workbook_builder.powerpoint.tables import DeckCell, DeckTable
from workbook_builder.sheets.plan import Cell, Plan, Text
from workbook_builder.sheets.slide_words import board_page

WITH_SLIDES = [name for name, plan in PLANS.items() if any(sheet.deck for sheet in plan.sheets)]
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SMALLEST = 1000
NOTE = re.compile(
    r"[A-Z][a-z]{2}-\d\d: (.*?)(?:, numerator ([\d,.]+))?(?:, denominator ([\d,.]+))?\."
)


def rows_below(sheet: Any, headings: list[str]) -> list[list[object]]:
    """Return the rows of the sheet's tables that have these headings."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    # The deck leaves out bars, which say what the number before them says.
    bars = {column for row in rows for column, cell in enumerate(row) if cell == "Chart"}
    rows = [[cell for column, cell in enumerate(row) if column not in bars] for row in rows]
    found: list[list[object]] = []
    for number, row in enumerate(rows):
        for start in range(len(row) - len(headings) + 1):
            if [str(cell or "") for cell in row[start : start + len(headings)]] == headings:
                found += [later[start : start + len(headings)] for later in rows[number + 1 :]]
    return found


def test_there_is_a_slide_for_each_slide_of_the_layout(deck: Any, book: openpyxl.Workbook) -> None:
    of_layout = [sheet for sheet in book.sheetnames if sheet.startswith("Slide")]
    shown = list(dict.fromkeys(sheet_of(slide) for slide in deck.slides))
    assert [sheet for sheet in shown if sheet.startswith("Slide")] == of_layout
    assert len({tag_of(slide) for slide in deck.slides}) == len(deck.slides)


def test_every_cell_of_a_table_is_the_workbooks(deck: Any, book: openpyxl.Workbook) -> None:
    cells = 0
    for slide in deck.slides:
        for headings, *rows in tables(slide):
            known = rows_below(book[sheet_of(slide)], headings)
            assert known, headings
            for row in rows:
                assert any(all(map(agrees, row, values)) for values in known), row
                cells += len(row)
    assert cells > 500


def test_every_value_of_a_chart_is_the_workbooks(deck: Any, book: openpyxl.Workbook) -> None:
    """A chart of the deck has the name of one on its sheet, and that one's cells as its values."""
    compared = 0
    for slide in deck.slides:
        sheet = book[sheet_of(slide)]
        drawn = [series for chart in charts(slide) for series in chart.plots[0].series]
        planned = [series_values(book, formula) for formula in value_formulas(sheet, book)]
        for series in drawn:
            assert list(series.values) in planned, series.name
            compared += 1
    assert compared > 25


def value_formulas(sheet: Any, book: openpyxl.Workbook) -> Iterator[str]:
    for chart in sheet._charts:
        for plot in (chart, *chart._charts):
            for series in plot.series:
                yield series.val.numRef.f


def series_values(book: openpyxl.Workbook, formula: str) -> list[float | None]:
    name, _, area = formula.rpartition("!")
    cells = book[name.strip("'").replace("''", "'")][area.replace("$", "")]
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    values = [cell.value for row in rows for cell in (row if isinstance(row, tuple) else (row,))]
    return [value if isinstance(value, int | float) else None for value in values]


def test_every_number_of_the_notes_is_among_the_figures(deck: Any, book: openpyxl.Workbook) -> None:
    figures = [row[3:6] for row in book["Figures"].iter_rows(min_row=4, values_only=True)
               if row[1] == "2023-07" and not row[2]]  # fmt: skip
    told = 0
    for slide in deck.slides:
        notes = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        for line in filter(NOTE.fullmatch, notes.split("\n")):
            match = NOTE.fullmatch(line)
            assert match
            value, *parts = match.groups()
            if value.startswith("no figure"):
                assert parts == [None, None]
                continue
            numbers = [float(part.replace(",", "")) if part else None for part in parts]
            shown = number_in(value)
            assert shown
            assert any(
                all(mine is None or mine == theirs
                    for mine, theirs in zip(numbers, row[:2], strict=True))
                and isinstance(row[2], int | float) and abs(row[2] - shown[0]) <= shown[1] + 1e-9
                for row in figures
            ), line  # fmt: skip
            told += 1
    assert told > 20


def parts_of(deck: Any) -> Iterator[Any]:
    """Yield the XML of each slide and of each chart."""
    for slide in deck.slides:
        yield slide._element
        yield from (chart._chartSpace for chart in charts(slide))


def test_no_text_is_smaller_than_10_points(deck: Any) -> None:
    sizes = {int(element.get("sz")) for part in parts_of(deck)
             for element in part.iter(f"{DRAWING}rPr", f"{DRAWING}defRPr", f"{DRAWING}endParaRPr")
             if element.get("sz")}  # fmt: skip
    assert min(sizes) >= SMALLEST


def boxes(slide: Any) -> list[tuple[str, int, int, int, int]]:
    return [
        (shape.name, shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
        for shape in slide.shapes
        if "sparkline" not in shape.name and (not shape.has_text_frame or shape.text_frame.text)
    ]


def overlapping(slide: Any) -> list[tuple[str, str]]:
    """Return the names of shapes that share more than a point of a slide."""
    point = 12700
    placed = boxes(slide)
    return [
        (name, other)
        for number, (name, left, top, right, bottom) in enumerate(placed)
        for other, left2, top2, right2, bottom2 in placed[number + 1 :]
        if min(right, right2) - max(left, left2) > point
        and min(bottom, bottom2) - max(top, top2) > point
    ]


def outside(deck: Any, slide: Any) -> list[str]:
    """Return the names of shapes that reach beyond the edges of a slide."""
    width, height = deck.slide_width, deck.slide_height
    return [name for name, left, top, right, bottom in boxes(slide)
            if left < 0 or top < 0 or right > width + 1 or bottom > height + 1]  # fmt: skip


def test_nothing_overlaps_and_nothing_is_cut(deck: Any) -> None:
    for slide in deck.slides:
        assert overlapping(slide) == []
        assert outside(deck, slide) == []


@pytest.mark.parametrize("name", WITH_SLIDES)
def test_nothing_overlaps_in_slides_by_hand(name: str) -> None:
    deck = opened(draw_deck(PLANS[name]).value)
    assert len(deck.slides) > 0
    for slide in deck.slides:
        assert overlapping(slide) == []
        assert outside(deck, slide) == []


def test_every_slide_has_a_title_and_every_picture_words(deck: Any) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    for slide in deck.slides:
        assert slide.shapes[0] == slide.shapes.title  # which a screen reader reads first
        for shape in slide.shapes:
            properties = shape._element.xpath(".//p:cNvPr")[0]
            if shape.has_chart or shape.has_table:
                assert properties.get("descr")
            if shape.has_table:
                assert shape.table.first_row


def test_texts_in_tables_have_contrast(deck: Any) -> None:
    """Text with a fill of its own behind it; what has none stands on the white of the slide."""
    pairs = set()
    for slide in deck.slides:
        for cell in slide._element.iter(f"{DRAWING}tc"):
            ink = cell.find(f".//{DRAWING}rPr/{DRAWING}solidFill/*")
            ground = cell.find(f"{DRAWING}tcPr/{DRAWING}solidFill/*")
            if ink is not None:
                pairs.add((_rgb(ink), _rgb(ground) if ground is not None else "FFFFFF"))
    assert len(pairs) > 5
    assert all(contrast(*pair) >= TEXT_CONTRAST for pair in pairs)


def _rgb(colour: Any) -> str:
    standard = {"tx1": "1F2933", "accent1": "12436D"}
    return str(standard.get(colour.get("val"), colour.get("val")))


def test_lines_of_charts_have_contrast(deck: Any) -> None:
    accents = {"accent1": "12436D", "accent2": "F46A25", "accent3": "28A197", "accent4": "801650",
               "accent5": "3D3D3D", "accent6": "A285D1"}  # fmt: skip
    colours = {
        accents.get(colour.get("val"), colour.get("val"))
        for slide in deck.slides
        for chart in charts(slide)
        for colour in chart._chartSpace.findall(".//{*}ser/{*}spPr//{*}solidFill/*")
    }
    assert len(colours) > 3
    assert all(contrast(colour, "FFFFFF") >= MARK_CONTRAST - 0.05 for colour in colours)


def test_the_file_is_valid_open_xml(deck_file: Path) -> None:
    assert list(OpenXmlValidator().validate(deck_file).errors) == []


@pytest.mark.parametrize("name", WITH_SLIDES)
def test_one_plan_gives_the_same_bytes(name: str) -> None:
    assert draw_deck(PLANS[name]).value == draw_deck(PLANS[name]).value


def test_targets_are_lines_of_charts_also_above_columns(deck: Any) -> None:
    kinds = set()
    teams = opened(draw_deck(PLANS["teams"]).value)
    for slide in [*deck.slides, *teams.slides]:
        for chart in charts(slide):
            plots = [etree.QName(plot._element).localname for plot in chart.plots]
            names = [series.name for plot in chart.plots for series in plot.series]
            if any(name.startswith("Target") for name in names):
                kinds.add(tuple(plots))
    assert kinds == {("lineChart",), ("barChart", "lineChart")}


def sheet_behind(chart: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active


def test_a_text_that_looks_like_a_formula_stays_a_text_also_behind_a_chart() -> None:
    """Names of teams come from extracts: none of them may plant a formula or break the file."""
    planted = '=HYPERLINK("http://x","<&\x0bclick>")'
    plan = PLANS[WITH_SLIDES[0]]

    def named(cell: Cell) -> Cell:
        is_team = isinstance(cell.content, Text) and cell.style == "name"
        return cell._replace(content=Text(planted)) if is_team else cell

    sheets = tuple(replace(sheet, cells=tuple(map(named, sheet.cells))) for sheet in plan.sheets)
    deck = opened(draw_deck(replace(plan, sheets=sheets)).value)
    shown = planted.replace("\x0b", "\ufffd")
    texts = {row[0] for slide in deck.slides for table in tables(slide) for row in table}
    assert shown in texts
    cells = [
        cell
        for slide in deck.slides
        for chart in charts(slide)
        for row in sheet_behind(chart).iter_rows()
        for cell in row
    ]
    assert {cell.data_type for cell in cells if cell.value == shown} == {"s"}
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


def test_each_slide_of_the_sample_has_one_page(deck: Any, book: openpyxl.Workbook) -> None:
    """Charts go above tables where they do not fit beside them at 10 points."""
    of_layout = [sheet for sheet in book.sheetnames if sheet.startswith("Slide")]
    assert [sheet_of(slide) for slide in deck.slides] == of_layout
    assert len(of_layout) == 11


def test_a_table_of_long_names_stays_inside_its_width() -> None:
    """Lists of workers have two columns of names: that of the teams is wrapped."""
    cell, team = DeckCell("23", "figure"), "Looked After Children and Care Leavers Team Central 12"
    heading = tuple(DeckCell(text, "heading") for text in ("Number", "Status", "Team"))
    body = (cell, DeckCell("NQSW", "name"), DeckCell(team, "name"))
    table = DeckTable((heading, *[body] * 20), {})
    assert table.name_column == 2
    assert sum(table.widths(280.0, 10.0)) <= 280.1
    assert table.fits_width(280.0, 10.0)


def test_headings_of_months_look_like_the_others() -> None:
    drawn = opened(draw_deck(with_table_slides(PLANS["scorecard"])).value)
    tables_of = [shape.table for slide in drawn.slides for shape in slide.shapes if shape.has_table]
    grounds = {
        _rgb(ground) if (ground := cell._tc.find(f"{DRAWING}tcPr/{DRAWING}solidFill/*")) is not None
        else ""
        for table in tables_of for cell in table.rows[0].cells
    }  # fmt: skip
    assert grounds == {"12436D"}


def with_table_slides(plan: Plan) -> Plan:
    sheets = tuple(board_page(sheet, sheet.name) if sheet.group == "board" else sheet
                   for sheet in plan.sheets)  # fmt: skip
    return replace(plan, sheets=sheets)
