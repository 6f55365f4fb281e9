"""The Chart data sheet: changes of any row of months, each under its own month."""

from __future__ import annotations

from tests.sheets.team_examples import MONTHS
from workbook_builder.sheets.chart_data import ChartData
from workbook_builder.sheets.plan import Area, Empty, Formula, SheetArea

#: Five months of a table that holds more than the sheet shows, two of one that holds fewer.
FIVE, TWO = Area(4, 2, 4, 6), Area(9, 1, 9, 2)


def contents(data: ChartData, place: SheetArea) -> list[object]:
    sheet = data.sheet()
    assert sheet
    cells = {(cell.row, cell.column): cell.content for cell in sheet.cells}
    area = place.area
    return [
        content.value if isinstance(content := cells[area.first_row, column], Formula) else content
        for column in range(area.first_column, area.last_column + 1)
    ]


def test_of_more_months_than_the_sheet_has_the_last_ones_are_taken() -> None:
    data = ChartData(MONTHS, {})
    place = data.changes("Many", "0", SheetArea("Board", FIVE), [1, 2, 4, None, 9])
    assert contents(data, place) == [Empty(), "", ""]
    place = data.changes("More", "0", SheetArea("Team", FIVE), [1, 2, 4, 3, 9])
    assert contents(data, place) == [Empty(), -1, 6]
    sheet = data.sheet()
    assert sheet
    last = next(cell.content for cell in sheet.cells if (cell.row, cell.column) == (4, 5))
    assert isinstance(last, Formula)
    assert "'Team'!G5" in last.formula
    assert "'Team'!F5" in last.formula


def test_of_fewer_months_each_stands_under_its_own() -> None:
    data = ChartData(MONTHS, {})
    place = data.changes("Few", "0", SheetArea("Board", TWO), [5, 3])
    assert contents(data, place) == [Empty(), -2]
    assert place.area.last_column == 2 + len(MONTHS)
    assert data.headings.area.last_column == place.area.last_column


def test_without_lines_there_is_no_sheet() -> None:
    assert ChartData(MONTHS, {}).sheet() is None
