"""Writes the self-test's referrals.xlsb: a smallest binary workbook; no free program saves one."""

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "workbook_builder"
XLSB = PROGRAM / "self_test" / "kinds" / "referrals.xlsb"
HEADINGS = ("Referral ID", "Child ID", "Date of referral", "Referral NFA", "Referral Team")
ROWS: tuple[tuple[str | float, ...], ...] = (
    ("R1", 2000356653.0, 45111.0, "N", "MASH"),
    ("R2", 2000356654.0, 45112.0, "Y", "MASH"),
    ("R3", 2000356655.0, 45113.0, "N", "MASH"),
)
BEGIN_SHEETS, END_SHEETS, SHEET, CALCULATION = 143, 144, 156, 157
BEGIN_DATA, END_DATA, ROW, NUMBER, TEXT = 145, 146, 0, 5, 6
MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_PART = "xl/worksheets/sheet1.bin"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def record(kind: int, body: bytes = b"") -> bytes:
    """One record: its kind and its length in seven bits a byte, then its body."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    length = len(body)
    size = bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
    return head + size + body


def wide(text: str) -> bytes:
    """A text with its length before it."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(column: int, value: str | float) -> bytes:
    """One cell: column, style, value."""
    place = struct.pack("<II", column, 0)
    if isinstance(value, str):
        return record(TEXT, place + wide(value))
    return record(NUMBER, place + struct.pack("<d", value))


def row(number: int, values: Sequence[str | float]) -> bytes:
    """One row and its cells."""
    cells = (cell(column, value) for column, value in enumerate(values))
    return record(ROW, struct.pack("<I", number) + bytes(13)) + b"".join(cells)


def sheet() -> bytes:
    """The sheet with its rows."""
    parts = [record(BEGIN_DATA)]
    parts += [row(number, values) for number, values in enumerate((HEADINGS, *ROWS))]
    return b"".join((record(148, struct.pack("<4I", 0, 3, 0, 4)), *parts, record(END_DATA)))


def relation(target: str, kind: str) -> str:
    """A file that holds one relation."""
    return (f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
            f'Type="{MAIN}/{kind}" Target="{target}"/></Relationships>')  # fmt: skip


def frame() -> dict[str, str | bytes]:
    """All parts of a workbook but its sheet."""
    listed = record(SHEET, struct.pack("<II", 0, 1) + wide("rId1") + wide("Referrals"))
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="bin" '
        'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        "_rels/.rels": relation("xl/workbook.bin", "officeDocument"),
        "xl/workbook.bin": record(BEGIN_SHEETS)
        + listed
        + record(END_SHEETS)
        + record(CALCULATION, bytes(26)),
        "xl/_rels/workbook.bin.rels": relation("worksheets/sheet1.bin", "worksheet"),
    }


def main() -> None:
    """Write the workbook."""
    parts = {**frame(), SHEET_PART: sheet()}
    with zipfile.ZipFile(XLSB, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
