"""The preview shows what the plan says, as Excel would; and its Qt part, what the preview says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.sheets.examples import PLANS
from workbook_builder.looks import GOOD, RATING_LOOKS
from workbook_builder.sheets.number_text import content_text
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    ChangeMarks,
    Chart,
    DataBars,
    EndName,
    Formula,
    Highlight,
    IconSet,
    Number,
    Plan,
    PointLabel,
    Properties,
    RatingFills,
    Series,
    SheetArea,
    SheetPlan,
    Sparkline,
    Text,
    Width,
)
from workbook_builder.window.preview import preview_sheets
from workbook_builder.window.preview_sheet import PreviewSheet

PROPERTIES = Properties("A workbook", "Workbook Builder", datetime(2023, 8, 3))


def shown(sheet: SheetPlan, *others: SheetPlan) -> PreviewSheet:
    return preview_sheets(Plan(PROPERTIES, (sheet, *others)))[0]


def row_of(*values: float) -> tuple[Cell, ...]:
    return tuple(Cell(0, place, Number(value), "figure", "0") for place, value in enumerate(values))


ROW = Area(0, 0, 0, 2)


def test_every_cell_of_every_example_has_the_text_that_excel_shows() -> None:
    texts = 0
    for plan in PLANS.values():
        for sheet in preview_sheets(plan):
            planned = next(one for one in plan.sheets if one.name == sheet.name)
            areas = [fills.area for fills in planned.rating_fills]
            areas += [marks.area for marks in planned.change_marks]
            ruled = {place for area in areas for place in places(area)}
            charts = {(chart.row, chart.column) for chart in planned.charts}
            for cell in planned.cells:
                if (cell.row, cell.column) not in sheet.cells:  # over empty cells at its left
                    content = content_text(cell.content, cell.number_format)
                    assert content in [each.text for each in sheet.cells.values() if each.right]
                    continue
                preview = sheet.cells[cell.row, cell.column]
                if (cell.row, cell.column) not in ruled:
                    assert preview.text == content_text(cell.content, cell.number_format)
                    texts += bool(preview.text)
                if (cell.row, cell.column) not in charts:
                    assert preview.note == cell.note
    assert texts > 500


def places(area: Area) -> list[tuple[int, int]]:
    rows = range(area.first_row, area.last_row + 1)
    return [(row, column) for row in rows
            for column in range(area.first_column, area.last_column + 1)]  # fmt: skip


def test_ratings_have_their_word_shape_and_colours() -> None:
    codes = tuple(
        Cell(0, place, Formula("=1", code), "rag", "0") for place, code in enumerate((1, 0, -1))
    )
    sheet = shown(SheetPlan("A", codes, rating_fills=(RatingFills(ROW),)))
    for place, code in enumerate((1, 0, -1)):
        look, cell = RATING_LOOKS[code], sheet.cells[0, place]
        assert (cell.text, cell.fill, cell.ink) == (look.text, look.fill, look.ink)


def test_a_cell_without_a_rating_keeps_its_text() -> None:
    cells = (Cell(0, 0, Formula("=1", ""), "rag", "0"),)
    sheet = shown(SheetPlan("A", cells, rating_fills=(RatingFills(ROW),)))
    assert (sheet.cells[0, 0].text, sheet.cells[0, 0].fill) == ("", "")


def test_directions_have_arrows_from_the_threshold_on() -> None:
    sheet = shown(SheetPlan("A", row_of(1, 0, -1), icon_sets=(IconSet(ROW, "direction"),)))
    assert [sheet.cells[0, place].icon for place in range(3)] == ["▲", "►", "▼"]
    assert sheet.cells[0, 0].icon_ink == GOOD


def test_changes_are_marked_by_the_rules_that_excel_has() -> None:
    marks = ChangeMarks(ROW, "lower", 0.1)
    sheet = shown(SheetPlan("A", row_of(0.1, 0.09, -0.1), change_marks=(marks,)))
    assert [sheet.cells[0, place].text for place in range(3)] == ["△ +10%", "► +9%", "▼ -10%"]


def test_bars_fill_their_share_and_what_stands_out_does() -> None:
    sheet = shown(
        SheetPlan(
            "A",
            (*row_of(5, 10, 20), Cell(3, 5, Number(9), "figure", "0")),
            data_bars=(DataBars(ROW),),
            highlights=(Highlight(ROW, "$F$4"),),
        )
    )
    assert [sheet.cells[0, place].bar for place in range(3)] == [0.25, 0.5, 1.0]
    assert [bool(sheet.cells[0, place].fill) for place in range(3)] == [False, True, True]


def test_a_sparkline_has_the_values_of_its_area_also_of_another_sheet() -> None:
    data = SheetPlan("Data", row_of(1, 2, 3))
    line = Sparkline(1, 0, Area(0, 0, 0, 3), sheet="Data")
    sheet = shown(SheetPlan("A", (Cell(1, 0, Text(""), "spark"),), sparklines=(line,)), data)
    assert sheet.cells[1, 0].spark == (1, 2, 3, None)


def test_folded_columns_take_no_room_and_hidden_sheets_are_not_shown() -> None:
    folded = SheetPlan("A", row_of(1, 2, 3), widths=(Width(1, 1, 10, folded=True),))
    hidden = replace(folded, name="B", hidden=True)
    sheets = preview_sheets(Plan(PROPERTIES, (folded, hidden)))
    assert [sheet.name for sheet in sheets] == ["A"]
    assert [width > 0 for width in sheets[0].widths] == [True, False, True]


def test_cells_of_figures_say_which_they_show() -> None:
    plan = PLANS["every_column"]
    tables = [sheet for sheet in preview_sheets(plan) if sheet.figures]
    assert tables
    for sheet in tables:
        for place, figure in sheet.figures.items():
            heading = sheet.cells[sheet.frozen[0] - 1, place[1]]
            assert heading.text == figure.month.label


def test_words_are_found_one_after_another_and_from_the_beginning_again() -> None:
    cells = tuple(
        Cell(row, 0, Text(text), "text") for row, text in enumerate(("Visits", "CP visits"))
    )
    sheet = shown(SheetPlan("A", cells))
    assert sheet.find("visits", (-1, -1)) == (0, 0)
    assert sheet.find("visits", (0, 0)) == (1, 0)
    assert sheet.find("visits", (1, 0)) == (0, 0)
    assert sheet.find("nothing", (0, 0)) is None


def test_a_copied_table_holds_every_text_escaped() -> None:
    sheet = shown(SheetPlan("A", (Cell(0, 0, Text("<b>&"), "text"), *row_of(1)[:0])))
    assert "&lt;b&gt;&amp;" in sheet.as_html()
    assert sheet.as_text() == "<b>&"


def test_a_chart_has_the_values_of_its_cells_and_an_axis_that_holds_them() -> None:
    months = tuple(Cell(1, place, Text(f"M{place}"), "body", "@") for place in range(3))
    target = tuple(Cell(2, place, Number(0.95), "body", "0%") for place in range(3))
    rates = (Cell(0, 0, Number(0.31), "body", "0%"), Cell(0, 2, Number(0.84), "body", "0%"))
    words = SheetArea("data", Area(3, 0, 3, 0))
    data = SheetPlan("data", (*months, *target, *rates), hidden=True)
    names, line = (SheetArea("data", Area(row, 0, row, 2)) for row in (1, 2))
    series = (
        Series("Rate", names, SheetArea("data", ROW), labels=(PointLabel(2, "right"),)),
        Series("Target", names, line, "target", end=EndName(words, line, "Target 95%")),
    )
    chart = Chart(4, 0, 640, 320, "line", "Rate", series, "0%", "Rate by month: 84%")
    sheet = shown(SheetPlan("Slide", (Cell(0, 0, Text("A headline"), "headline", "@"),),
                            charts=(chart,), slide=True), data)  # fmt: skip
    (drawn,) = sheet.charts
    rate, level = drawn.series
    assert rate.values == (0.31, None, 0.84)
    assert [(label.text, label.place) for label in rate.labels] == [("84%", "right")]
    assert (level.values, level.end) == ((0.95,) * 3, ("Target 95%", 0.95))
    assert drawn.months == ("M0", "M1", "M2")
    assert [text for _, text in drawn.ticks] == ["0%", "20%", "40%", "60%", "80%", "100%"]
    assert sheet.cells[4, 0].note == "Rate by month: 84%"
    assert sum(sheet.heights[4:]) >= 320
    assert sum(sheet.widths) >= 640
