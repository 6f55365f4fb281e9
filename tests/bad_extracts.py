"""Extracts with faults that are too large or too odd to be kept as files."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

HEADINGS = ("Referral ID", "Child ID", "Date of referral", "Referral NFA", "Team")
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)
LINE = "R1,2000356653,04/07/2023,N,MASH\n"


def text(*lines: str) -> Callable[[Path], list[Path]]:
    def make(folder: Path) -> list[Path]:
        file = folder / "referrals.csv"
        file.write_text(",".join(HEADINGS) + "\n" + "".join(lines), encoding="utf-8")
        return [file]

    return make


def packed(content: bytes, **parts: bytes) -> bytes:
    """Add parts to a workbook, or put them in place of its own."""
    held = io.BytesIO()
    replaced = {name.replace("__", "."): part for name, part in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            if name not in replaced:
                made.writestr(name, given.read(name))
        for name, part in replaced.items():
            made.writestr(name, part)
    return held.getvalue()


def workbook(*rows: tuple[str, ...]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        for number, row in enumerate((HEADINGS, *rows)):
            sheet.write_row(number, 0, row)
    return held.getvalue()


def saved(folder: Path, content: bytes, name: str = "referrals.xlsx") -> list[Path]:
    (folder / name).write_bytes(content)
    return [folder / name]


def zip_bomb(folder: Path) -> list[Path]:
    """Less than a megabyte that becomes 710 of them."""
    held = io.BytesIO(workbook())
    with (
        zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/image1.png", "w", force_zip64=True) as part,
    ):
        for _ in range(710):
            part.write(bytes(1_000_000))
    return saved(folder, held.getvalue())


def zip_that_lies(folder: Path) -> list[Path]:
    """A part that says it is small and is not."""
    content = packed(workbook(), **{"xl/media/image1.png": bytes(5_000_000)})
    size = (5_000_000).to_bytes(4, "little")
    return saved(folder, content.replace(size, (500).to_bytes(4, "little")))


def too_many_rows(folder: Path) -> list[Path]:
    return text(*(f"R{n},{n},04/07/2023\n" for n in range(1_048_576)))(folder)


def too_many_columns(folder: Path) -> list[Path]:
    return text("R1,2000356653,04/07/2023" + "," * 16_390 + "x\n")(folder)


def as_many_columns_as_excel_has(folder: Path) -> list[Path]:
    file = folder / "referrals.csv"
    names = [*HEADINGS, *(f"Note {n}" for n in range(16_384 - len(HEADINGS)))]
    file.write_text(",".join(names) + "\n" + LINE + "R2,2000356654,31/02/2023\n")
    return [file]


def one_line(folder: Path) -> list[Path]:
    file = folder / "referrals.csv"
    file.write_text("Child ID,Date of referral," + "2000356653,04/07/2023," * 2_300_000)
    return [file]


def no_longer_there(folder: Path) -> list[Path]:
    return [*text(LINE)(folder), folder / "gone.csv"]


def broken_link(folder: Path) -> list[Path]:
    (folder / "link.csv").symlink_to(folder / "gone.csv")
    return [folder / "link.csv"]


def pipe(folder: Path) -> list[Path]:
    os.mkfifo(folder / "pipe.csv")
    return [folder / "pipe.csv"]


def folder_named_csv(folder: Path) -> list[Path]:
    (folder / "referrals.csv").mkdir()
    return [folder / "referrals.csv"]


def deep_folder(folder: Path) -> list[Path]:
    (folder / "in" / "older").mkdir(parents=True)
    (folder / "in" / "Shortcut.lnk").write_bytes(b"L")
    (folder / "in" / "read me.docx").write_bytes(b"PK")
    return [*text(LINE)(folder / "in"), folder / "in"][1:]


def escape_in_the_name(folder: Path) -> list[Path]:
    return saved(folder, b"", "\x1b[31mred\nline.csv")


def sheets_too_large_together(folder: Path) -> list[Path]:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        for number in range(2):
            sheet = book.add_worksheet(f"List {number}")
            sheet.write_row(0, 0, HEADINGS)
            sheet.write(59_999, 69, "x")
    return saved(folder, held.getvalue())


def long_text_in_many_cells(rows: int) -> bytes:
    """Half a megabyte that becomes more than half a gigabyte: every cell shows one long text."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, (*HEADINGS, "Note"))
        for row in range(1, rows + 1):
            sheet.write_row(row, 0, (f"R{row}", "2000356653", "04/07/2023", "N", "MASH"))
            sheet.write(row, 5, "x" * 32_000)
    return held.getvalue()


def one_text_in_many_cells(folder: Path) -> list[Path]:
    """A text that all cells share, in as many as are read."""
    return saved(folder, long_text_in_many_cells(20_000))


def one_text_in_many_odd_cells(folder: Path) -> list[Path]:
    """More of them than are read, in a sheet that is written in another way."""
    content = long_text_in_many_cells(40_000)
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        odd = book.read(name).replace(b"<c r=", b"<c  r=")
    return saved(folder, packed(content, **{name.replace(".", "__"): odd}))


def web_page_of_spanning_cells(folder: Path) -> list[Path]:
    """Each cell says that it reaches over all columns there are."""
    rows = "<tr><td colspan=16384>x" * 600
    page = f"<html><table>{rows}</table></html>"
    return saved(folder, page.encode(), "referrals.xls")


def xml_spreadsheet_of_empty_sheets(folder: Path) -> list[Path]:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = '<Worksheet ss:Name="A"><Table><Row ss:Index="1000000"></Row></Table></Worksheet>'
    book = f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{sheet * 20}'
    return saved(folder, f"{book}</Workbook>".encode(), "referrals.xls")


def long_texts_in_ods(folder: Path) -> list[Path]:
    """Sixty kilobytes that become sixty megabytes of text."""
    names = "".join(f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
                    for one in ("office", "table", "text"))  # fmt: skip
    text = f"<text:p>{'x' * 30_000}</text:p>"
    cell = f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", (
            f'<office:document-content{names}><office:body><office:spreadsheet><table:table '
            f'table:name="A">{f"<table:table-row>{cell}</table:table-row>" * 2_000}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"))  # fmt: skip
    return saved(folder, held.getvalue(), "referrals.ods")


RECIPES: dict[str, Callable[[Path], list[Path]]] = {
    "as_many_columns_as_excel_has": as_many_columns_as_excel_has,
    "broken_link": broken_link,
    "cell_longer_than_excel_allows": text(f"R1,{'2' * 40_000},04/07/2023\n", LINE),
    "control_characters_in_the_file_name": escape_in_the_name,
    "file_no_longer_there": no_longer_there,
    "folder_named_csv": folder_named_csv,
    "folder_with_all_sorts": deep_folder,
    "long_texts_in_ods": long_texts_in_ods,
    "one_text_in_many_cells": one_text_in_many_cells,
    "one_text_in_many_odd_cells": one_text_in_many_odd_cells,
    "one_line_of_50_megabytes": one_line,
    "pipe_named_csv": pipe,
    "sheets_too_large_together": sheets_too_large_together,
    "too_many_columns": too_many_columns,
    "too_many_rows": too_many_rows,
    "web_page_of_spanning_cells": web_page_of_spanning_cells,
    "xml_spreadsheet_of_empty_sheets": xml_spreadsheet_of_empty_sheets,
    "zip_bomb": zip_bomb,
    "zip_that_lies": zip_that_lies,
}
