"""The contract of the Figures sheet, by which other programs find figures again."""

from __future__ import annotations

from tests.sheets.examples import FIGURES, PLANS
from workbook_builder.months import Month
from workbook_builder.sheets.plan import Content, Empty, Number, Text

HEADINGS = ("measure", "month", "team", "numerator", "denominator", "value", "status")


def rows() -> list[list[Content]]:
    (sheet,) = (sheet for sheet in PLANS["every_column"].sheets if sheet.name == "Figures")
    (table,) = sheet.tables
    area = table.area
    contents = {(cell.row, cell.column): cell.content for cell in sheet.cells}
    return [
        [contents[row, column] for column in range(area.first_column, area.last_column + 1)]
        for row in range(area.first_row, area.last_row + 1)
    ]


def test_sheet_table_and_headings_have_their_names() -> None:
    (sheet,) = (sheet for sheet in PLANS["every_column"].sheets if sheet.name == "Figures")
    (table,) = sheet.tables
    assert (sheet.name, table.name, table.headings) == ("Figures", "t_figures", HEADINGS)
    assert rows()[0] == [Text(heading) for heading in HEADINGS]


def test_every_figure_has_its_row() -> None:
    assert len(rows()) - 1 == len(list(FIGURES))


def test_months_are_iso_texts() -> None:
    for _, month, *_ in rows()[1:]:
        assert isinstance(month, Text)
        read = Month.parse(month.text)
        assert str(read) == month.text


def test_a_blank_team_is_the_whole_service() -> None:
    teams = [row[2] for row in rows()[1:] if row[0] == Text("referrals")]
    assert teams == [*[Empty()] * 16, Text('=Team "A" & <B>')]


def test_values_are_unrounded_and_blanks_say_why() -> None:
    values = {(row[0], row[1]): row[3:] for row in rows()[1:]}
    assert values[Text("in_time"), Text("2023-07")] == [
        Number(94.49), Number(100.0), Number(0.9449), Text("calculated"),
    ]  # fmt: skip
    assert values[Text("gap_now"), Text("2023-07")] == [
        Empty(), Empty(), Empty(), Text("unfinished month"),
    ]  # fmt: skip
