"""Last month's workbook as people leave it: found again, and every fault in it said."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from tests.excel.libre import SOFFICE, needs_libreoffice
from tests.history.chain import MEASURES, Key, build, figures_in, layout_in, rows
from tests.history.conftest import JUNE, Council
from workbook_builder.history import workbook_tables
from workbook_builder.months import Month
from workbook_builder.request import Outcome

MAY = Month(2023, 5)
CONTACTS: Key = ("own_contacts", MAY, "")


def sheet_of(book: Workbook) -> Worksheet:
    sheet = book["Figures"]
    assert isinstance(sheet, Worksheet)
    return sheet


def row_of(sheet: Worksheet, key: Key) -> int:
    for row in sheet.iter_rows(min_row=4):
        if (row[0].value, row[1].value, row[2].value or "") == (key[0], str(key[1]), key[2]):
            assert row[0].row
            return row[0].row
    raise AssertionError(key)


def texts(outcome: Outcome, code: str) -> list[str]:
    return [problem.text() for problem in outcome.problems if problem.code == code]


def moved(book: Workbook) -> None:
    """Insert rows and columns above, left and inside, and rename the sheet."""
    sheet = sheet_of(book)
    body = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    del book["Figures"]
    other = book.create_sheet("My numbers", 0)
    order = (5, 1, 6, 0, 2, 4, 3)
    for at, row in enumerate(body):
        cells = [row[column] for column in order]
        cells.insert(2, "checked by" if at == 0 else "me")
        for column, value in enumerate(cells, 3):
            other.cell(8 + at, column, value)
    other.add_table(Table(displayName="t_figures", ref=f"C8:J{7 + len(body)}"))


def sorted_and_filtered(book: Workbook) -> None:
    sheet = sheet_of(book)
    body = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    body.sort(key=lambda row: (-float(str(row[5] or 0)), str(row[0])))
    for at, row in enumerate(body, 4):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column).value = value
        sheet.row_dimensions[at].hidden = at % 2 == 0
    sheet.tables["t_figures"].autoFilter.add_filter_column(0, ["own_rate"])


def months_as_dates(book: Workbook) -> None:
    for row in sheet_of(book).iter_rows(min_row=4):
        month = Month.parse(str(row[1].value))
        assert month
        row[1].value = datetime(month.year, month.number, 1)
        row[1].number_format = "mmm-yy"


def numbers_as_text(book: Workbook) -> None:
    for row in sheet_of(book).iter_rows(min_row=4):
        if isinstance(row[5].value, int | float):
            row[5].value = f" {row[5].value} "


@pytest.mark.parametrize("edit", [moved, sorted_and_filtered, months_as_dates, numbers_as_text])
def test_figures_are_found_however_they_were_left(
    edit: Callable[[Workbook], None], council: Council
) -> None:
    before = figures_in(council.june)
    outcome = council.july(council.change(edit))
    assert outcome.written
    after = figures_in(outcome.written)
    assert {key: after[key] for key in before} == pytest.approx(before, rel=1e-12)
    assert not texts(outcome, "H012")


def test_rows_typed_below_the_table_are_read_until_a_blank_one(council: Council) -> None:
    def edit(book: Workbook) -> None:
        sheet = sheet_of(book)
        last = sheet.max_row
        old = ["own_contacts", "2019-03", None, None, None, 77, "from the archive"]
        for column, value in enumerate(old, 1):
            sheet.cell(last + 1, column, value)
        sheet.cell(last + 3, 1, "own_contacts")
        sheet.cell(last + 3, 2, "2019-02")

    outcome = council.july(council.change(edit))
    assert outcome.written
    found = figures_in(outcome.written)
    assert found["own_contacts", Month(2019, 3), ""] == 77
    assert ("own_contacts", Month(2019, 2), "") not in found


def test_a_figure_typed_by_hand_is_honoured_and_shown_as_such(council: Council) -> None:
    def edit(book: Workbook) -> None:
        sheet = sheet_of(book)
        row = row_of(sheet, CONTACTS)
        sheet.cell(row, 4, 500)
        sheet.cell(row, 6, 500)

    outcome = council.july(council.change(edit))
    assert outcome.written
    assert figures_in(outcome.written)[CONTACTS] == 500
    place = ("own_contacts", "2023-05", None)
    (row,) = [row for row in rows(outcome.written, "Figures", "t_figures")
              if (row["measure"], row["month"], row["team"]) == place]  # fmt: skip
    assert row["status"] == "typed by hand"
    (listed,) = [row for row in rows(outcome.written, "Revisions", "t_revisions")
                 if row["action"] == "typed by hand"]  # fmt: skip
    assert (listed["measure"], listed["month"], listed["published"]) == (
        "own_contacts", "2023-05", 500,
    )  # fmt: skip
    assert "had written 15" in str(listed["what explains it"])
    assert texts(outcome, "H012")


def test_what_follows_from_a_typed_figure_is_not_worked_out_against_it(council: Council) -> None:
    """The sum was taken out by hand, so it is made anew: from the published parts, not today's."""

    def edit(book: Workbook) -> None:
        sheet = sheet_of(book)
        sheet.cell(row_of(sheet, CONTACTS), 6, 500)
        sheet.cell(row_of(sheet, ("own_twice", MAY, "")), 6).value = None

    outcome = council.july(council.change(edit))
    assert outcome.written
    assert figures_in(outcome.written)["own_twice", MAY, ""] == 1000


def test_a_cleared_figure_is_filled_and_listed(council: Council) -> None:
    def edit(book: Workbook) -> None:
        sheet = sheet_of(book)
        sheet.delete_rows(row_of(sheet, CONTACTS))

    outcome = council.july(council.change(edit))
    assert outcome.written
    assert figures_in(outcome.written)[CONTACTS] == 15
    actions = [row["action"] for row in rows(outcome.written, "Revisions", "t_revisions")]
    assert actions.count("cleared by hand") == 1
    assert texts(outcome, "H016")


@pytest.mark.parametrize("by_name", [False, True])
def test_a_damaged_workbook_is_named_and_nothing_is_written(
    by_name: bool, council: Council
) -> None:
    content = council.june.read_bytes()
    half = content[: len(content) // 2]
    council.june.write_bytes(half)
    outcome = council.july(previous=council.june) if by_name else council.july(council.june)
    assert outcome.failed
    assert outcome.written is None
    assert texts(outcome, "H001" if by_name else "X011")
    assert "june.xlsx" in " ".join(problem.text() for problem in outcome.problems)
    assert council.june.read_bytes() == half


def test_a_workbook_from_a_newer_version_is_refused(council: Council) -> None:
    def edit(book: Workbook) -> None:
        book.custom_doc_props["Workbook format"].value = "2"  # type: ignore[attr-defined]

    outcome = council.july(council.change(edit))
    assert outcome.written is None
    assert "Workbook Builder" in texts(outcome, "H002")[0]


def test_a_workbook_of_another_council_is_refused(council: Council) -> None:
    def edit(book: Workbook) -> None:
        book.custom_doc_props["Authority"].value = "Elsewhere"  # type: ignore[attr-defined]

    outcome = council.july(council.change(edit))
    assert outcome.written is None
    assert '"Elsewhere"' in texts(outcome, "H003")[0]
    assert '"Somewhere"' in texts(outcome, "H003")[0]


def test_figures_of_a_renamed_measure_are_kept_and_said(council: Council) -> None:
    renamed = MEASURES.replace("[own_police]", "[own_police_share]")
    layout = council.layout.read_text("utf-8").replace('"own_police"', '"own_police_share"')
    layout_in(council.folder, layout, renamed)
    before = figures_in(council.june)
    outcome = council.july(council.june)
    assert outcome.written
    after = figures_in(outcome.written)
    assert {key: after.get(key) for key in before} == pytest.approx(before)
    (text,) = texts(outcome, "H007")
    assert 'Did you mean "own_police_share"?' in text


def test_a_measure_says_what_it_was_called_formerly(council: Council) -> None:
    renamed = MEASURES.replace("[own_police]", '[own_police_share]\nformerly = ["own_police"]')
    layout = council.layout.read_text("utf-8").replace('"own_police"', '"own_police_share"')
    layout_in(council.folder, layout, renamed)
    before = figures_in(council.june)
    outcome = council.july(council.june)
    assert outcome.written
    after = figures_in(outcome.written)
    assert not texts(outcome, "H007")
    for (measure, month, team), value in before.items():
        name = "own_police_share" if measure == "own_police" else measure
        assert after[name, month, team] == pytest.approx(value)


@pytest.mark.parametrize("second", ["same", "other"])
def test_two_tables_of_one_name(second: str, council: Council) -> None:
    def edit(book: Workbook) -> None:
        sheet = sheet_of(book)
        copy = book.create_sheet("Copy")
        for row in sheet.iter_rows(min_row=3, max_row=9):
            for cell in row:
                assert cell.column
                copy.cell((cell.row or 0) - 2, cell.column, cell.value)
        if second == "other":
            copy["F2"] = 12345
        # Excel would refuse this name; other programs do not look.
        copy.tables.add(Table(displayName="t_figures", ref="A1:G7"))

    before = figures_in(council.june)
    outcome = council.july(council.change(edit))
    assert outcome.written
    after = figures_in(outcome.written)
    assert {key: after[key] for key in before} == pytest.approx(before)
    (text,) = texts(outcome, "H010")
    assert '"Copy"' in text
    assert '"Figures"' in text
    assert any("with other numbers" in one for one in texts(outcome, "H009")) == (second == "other")


def test_text_in_the_value_column_keeps_what_was_written(council: Council) -> None:
    place: list[int] = []

    def edit(book: Workbook) -> None:
        sheet = sheet_of(book)
        place.append(row_of(sheet, CONTACTS))
        sheet.cell(place[0], 6, "see note")

    before = figures_in(council.june)
    outcome = council.july(council.change(edit))
    assert outcome.written
    (text,) = texts(outcome, "H008")
    assert f'june.xlsx, sheet "Figures", row {place[0]}, column "value"' in text
    assert figures_in(outcome.written)[CONTACTS] == before[CONTACTS]


def test_a_percentage_without_its_sign_is_not_taken_for_thousands_of_percent(
    council: Council,
) -> None:
    key: Key = ("own_police", MAY, "")
    before = figures_in(council.june)
    outcome = council.july(
        council.change(lambda book: sheet_of(book).cell(row_of(sheet_of(book), key), 6, 95))
    )
    assert outcome.written
    assert texts(outcome, "H008")
    assert figures_in(outcome.written)[key] == before[key]


def test_a_needed_heading_that_is_gone_is_named(council: Council) -> None:
    def edit(book: Workbook) -> None:
        sheet = sheet_of(book)
        sheet["F3"] = "figure"
        sheet.tables["t_figures"].tableColumns[5].name = "figure"

    outcome = council.july(council.change(edit))
    assert outcome.written is None
    assert "no column value" in texts(outcome, "H018")[0]


def test_a_table_made_a_plain_range_is_found_by_its_headings(council: Council) -> None:
    def edit(book: Workbook) -> None:
        del sheet_of(book).tables["t_figures"]

    before = figures_in(council.june)
    outcome = council.july(previous=council.change(edit))
    assert outcome.written
    assert texts(outcome, "H014")
    after = figures_in(outcome.written)
    assert {key: after[key] for key in before} == pytest.approx(before)


def test_a_workbook_without_figures_cannot_be_last_months(council: Council, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    Workbook().save(other)
    outcome = council.july(previous=other)
    assert outcome.written is None
    assert texts(outcome, "H004")


def test_a_workbook_that_is_not_there_is_named(council: Council) -> None:
    outcome = council.july(previous=council.folder / "may.xlsx")
    assert outcome.written is None
    assert "may.xlsx" in texts(outcome, "X001")[0]


def test_the_newest_of_two_workbooks_is_taken(council: Council) -> None:
    first = council.july(council.june)
    assert first.written
    july = council.folder / "first july.xlsx"
    first.written.rename(july)
    outcome = council.july(council.june, july)
    assert outcome.written
    (text,) = texts(outcome, "H005")
    assert text.startswith("june.xlsx: this is the workbook for Jun-23.")
    assert "first july.xlsx" in text


def in_two_folders(council: Council) -> tuple[Path, Path]:
    """Return June's workbook twice under one name, once as it is after somebody saved it."""
    places = council.folder / "as sent", council.folder / "corrected"
    for place in places:
        place.mkdir()
        shutil.copy(council.june, place / "board.xlsx")
    council.change(lambda book: None, places[0] / "board.xlsx")
    return places[0] / "board.xlsx", places[1] / "board.xlsx"


@pytest.mark.parametrize("named", [False, True])
def test_two_workbooks_of_one_file_name_are_told_apart_by_their_folders(
    named: bool, council: Council
) -> None:
    sent, corrected = in_two_folders(council)
    given = council.july(sent, previous=corrected) if named else council.july(sent, corrected)
    assert given.written
    (text,) = texts(given, "H005")
    names = [str(Path(one.parent.name, one.name)) for one in (sent, corrected)]
    left = next(one for one in names if text.startswith(f"{one}: this is the workbook for Jun-23."))
    (taken,) = {*names} - {left}
    assert taken in text
    assert not named or left == names[0]
    files = [sheet.file for sheet in given.sheets if sheet.standard.startswith("workbook of")]
    assert sorted(files) == sorted(names)
    book = openpyxl.load_workbook(given.written)
    sources = {cell.value for row in book["Sources"].iter_rows() for cell in row}
    assert taken in sources and left not in sources


def test_of_two_workbooks_of_one_month_the_same_layouts_is_taken(council: Council) -> None:
    other = council.folder / "other.toml"
    other.write_text(council.layout.read_text("utf-8"), "utf-8")
    scorecard = council.folder / "z.xlsx"
    inputs = council.folder / "june"
    assert build([inputs], other, scorecard, JUNE, written=datetime(2030, 1, 1)).written
    outcome = council.july(council.june, scorecard)
    assert outcome.written
    assert texts(outcome, "H005")[0].startswith("z.xlsx")


@needs_libreoffice
@pytest.mark.parametrize("ending", ["ods", "xlsb"])
def test_another_format_is_said_to_be_one(ending: str, council: Council) -> None:
    """It is no extract of finished figures, though it looks like one."""
    other = council.june.with_suffix(f".{ending}")
    if ending == "ods":
        assert SOFFICE
        profile = (council.folder / "profile").as_uri()
        command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to",
                   "ods", "--outdir", str(council.folder), str(council.june)]  # fmt: skip
        for _ in range(2):
            subprocess.run(command, capture_output=True, timeout=600, check=False)
    else:  # nothing here writes one; its tables are known by their names
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("xl/workbook.bin", b"")
            archive.writestr("xl/tables/table1.bin", "t_figures".encode("utf-16-le"))
    outcome = council.july(other)
    assert outcome.written is None
    assert "save it as an Excel Workbook (.xlsx)" in texts(outcome, "H001")[0]


def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_tables, "MOST_UNPACKED_BYTES", 10_000)
    outcome = council.july(previous=council.june)
    assert outcome.written is None
    assert texts(outcome, "H001")


def test_the_workbook_of_a_later_month_gives_only_what_came_before(council: Council) -> None:
    first = council.july(council.june)
    assert first.written
    july = council.folder / "later.xlsx"
    first.written.rename(july)
    outcome = council.july(july, month=JUNE)
    assert outcome.written
    assert texts(outcome, "H006")
    assert max(month for _, month, _ in figures_in(outcome.written)) == JUNE


def test_the_old_file_is_never_touched(council: Council) -> None:
    before = (council.june.stat().st_mtime_ns, hashlib.sha256(council.june.read_bytes()).digest())
    assert council.july(council.june).written
    after = (council.june.stat().st_mtime_ns, hashlib.sha256(council.june.read_bytes()).digest())
    assert before == after
    refused = council.july(previous=council.june, out=council.june)
    assert refused.written is None
    assert texts(refused, "R003")
    assert hashlib.sha256(council.june.read_bytes()).digest() == before[1]


@pytest.mark.parametrize("in_place", [True, False])
def test_a_month_built_twice_with_last_months_workbook_is_the_same_to_the_byte(
    in_place: bool, council: Council
) -> None:
    contents = []
    for _ in range(3):
        written = council.july(council.june).written
        assert written
        contents.append(written.read_bytes())
        if not in_place:
            written.unlink()
    assert contents[0] == contents[1] == contents[2]


def test_a_month_built_again_over_typed_words_and_figures_is_the_same_to_the_byte(
    council: Council,
) -> None:
    july = council.july(council.june).written
    assert july

    def edit(book: Workbook) -> None:
        book["Commentary"]["F4"] = "Typed."
        book["Figures"]["F4"] = 77

    council.change(edit, july)
    contents = []
    for _ in range(3):
        assert council.july(council.june).written == july
        contents.append(july.read_bytes())
    assert contents[0] == contents[1] == contents[2]
