"""The Checks sheet: the worst first, places without details, rare values not shown."""

from __future__ import annotations

from workbook_builder.problems import Level, Problem, ProblemKind, Where
from workbook_builder.sheets.about_sheets import checks_sheet
from workbook_builder.sheets.content import UnknownValueRow
from workbook_builder.sheets.plan import SheetPlan, Text

NOTE = ProblemKind("X001", Level.NOTE, "A note", "Nothing to do.")
WARNING = ProblemKind("X002", Level.WARNING, "A warning", "Look.")


def texts(sheet: SheetPlan) -> list[str]:
    return [cell.content.text for cell in sheet.cells if isinstance(cell.content, Text)]


def test_problems_stand_worst_first_with_their_places() -> None:
    where = Where("a.csv", "S", (3, 5), "Date")
    sheet = checks_sheet([Problem(NOTE, "one."), Problem(WARNING, "two.", where, "Done.")], [])
    shown = texts(sheet)
    assert shown.index("Warning") < shown.index("Note")
    assert 'sheet "S", rows 3, 5, column "Date"' in shown
    assert [table.name for table in sheet.tables] == ["t_checks", "t_problems"]


def test_kinds_are_counted_with_their_rows() -> None:
    places = [Where("a.csv", rows=(3, 5)), Where("b.csv", rows=tuple(range(2, 62)))]
    sheet = checks_sheet([Problem(WARNING, "two.", where) for where in places], [])
    assert "2 problems, 62 rows" in texts(sheet)
    assert "A warning" in texts(sheet)
    (many,) = [text for text in texts(sheet) if text.startswith("rows 2, 3")]
    assert many.endswith("41 and 20 more")


def test_values_are_shown_only_where_they_stand_often() -> None:
    unknown = [
        UnknownValueRow("a.csv", "", "Type", "places", "moon base", 12),
        UnknownValueRow("a.csv", "", "Type", "places", "a rare remark", 2),
        UnknownValueRow("a.csv", "", "Type", "places", "another one", 1),
    ]
    sheet = checks_sheet([], unknown)
    assert "moon base" in texts(sheet)
    assert not {"a rare remark", "another one"} & set(texts(sheet))
    assert "(values in fewer than 3 cells)" in texts(sheet)
    assert sheet.tables[2].name == "t_unknown_values"
