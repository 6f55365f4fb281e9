"""Clean extracts, and the ways in which they and TOML files are damaged."""

from __future__ import annotations

import html
import io
import random
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import xlsxwriter

from workbook_builder.extracts.dates import read_day

HEADINGS = ("Referral ID", "Child ID", "Date of referral", "Referral NFA", "Team")

Rows = list[list[str]]


def clean_rows(chance: random.Random) -> Rows:
    """Return the records of an extract: headings, then a few rows of July to September 2023."""
    first = date(2023, 7, 1)
    rows = [list(HEADINGS)]
    for number in range(chance.randint(1, 30)):
        day = first + timedelta(days=chance.randrange(90))
        child = 2_000_000_000 + chance.randrange(1000)
        rows.append([f"R{number}", f"{child}", f"{day:%d/%m/%Y}", chance.choice("YN"), "MASH"])
    return rows


def as_csv(rows: Rows) -> bytes:
    """Write rows as a text file."""
    return "".join(",".join(row) + "\n" for row in rows).encode()


def as_xlsx(rows: Rows) -> bytes:
    """Write rows as a workbook, days as days."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2023, 10, 2)})  # the same bytes each time
        style = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("List")
        for at, row in enumerate(rows):
            for place, text in enumerate(row):
                day = read_day(text) if at and place == 2 and "/" in text else None
                if day:
                    sheet.write_datetime(at, place, day, style)
                else:
                    sheet.write_string(at, place, text)
    return held.getvalue()


def as_html(rows: Rows) -> bytes:
    """Write rows as the web page that a system names .xls."""
    lines = (
        "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    return ("<html><body><table>" + "".join(lines) + "</table></body></html>").encode()


# ---- damage that a person would notice in the file: bytes, cells, rows, headings

BAD_CELLS = (
    "", "#N/A", "#REF!", "31/02/2023", "07/31/2023", "4.5E+09", "=1+1", "\t", '"', "x" * 40_000,
    "0023-07-01", "04/07/2203", "NULL", "\x0b", "\u200f", "????", "45111.5", "1e400", "-1", "Total",
    "2023-07-01T23:30:00Z", "<b>", "&#0;", ",", "''", "\u0661\u0662/07/2023", "None", "#####",
)  # fmt: skip


#: Good days, only other ones.
_OTHER_DAYS = ("45111.5", "2023-07-01T23:30:00Z")


def bad_cell(rows: Rows, chance: random.Random) -> str:
    row, text = chance.choice(rows[1:]), chance.choice(BAD_CELLS)
    place = chance.randrange(len(row))
    if place == 3 and text.strip("\t\x0b\u200f") in ("", "NULL", "None"):
        text = "#N/A"  # a blank cell that may be blank is another record, not damage
    if place == 2 and text in _OTHER_DAYS:
        text = "31/02/2023"
    is_heading = bool(set(row) & set(HEADINGS))  # as where a title has come above
    row[place] = text
    if is_heading:
        return "heading"
    return f"cell {HEADINGS[place] if place < len(HEADINGS) else place}={text[:12]!r}"


def bad_heading(rows: Rows, chance: random.Random) -> str:
    place = chance.randrange(len(rows[0]))
    rows[0][place] = chance.choice((*BAD_CELLS, *HEADINGS, rows[0][place].upper()))
    return "heading"


def blank_rows(rows: Rows, chance: random.Random) -> str:
    rows.insert(chance.randrange(len(rows) + 1), [""] * len(rows[0]))
    return "blank row"


def headings_again(rows: Rows, chance: random.Random) -> str:
    rows.insert(chance.randrange(1, len(rows) + 1), list(rows[0]))
    return "headings again"


def row_twice(rows: Rows, chance: random.Random) -> str:
    at = chance.randrange(1, len(rows))
    rows.insert(at, list(rows[at]))
    return "row twice"


def shifted(rows: Rows, chance: random.Random) -> str:
    chance.choice(rows[1:]).insert(chance.randrange(3), "x")
    return "shifted row"


def cut_row(rows: Rows, chance: random.Random) -> str:
    del chance.choice(rows[1:])[chance.randrange(1, 3) :]
    return "short row"


def title_above(rows: Rows, chance: random.Random) -> str:
    rows.insert(0, [chance.choice(("Referrals", "Printed 01/08/2023", "=1+1", "<x>"))])
    return "title"


def spaces(rows: Rows, chance: random.Random) -> str:
    row = chance.choice(rows)
    row[:] = [f"\u00a0{text} \u200e" for text in row]
    return "spaces"


BY_ROWS: Sequence[Callable[[Rows, random.Random], str]] = (
    bad_cell, bad_cell, bad_cell, bad_heading, blank_rows, headings_again, row_twice, shifted,
    cut_row, title_above, spaces,
)  # fmt: skip


def bad_bytes(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Change, cut or double some bytes. The oracle cannot know what a changed digit meant."""
    changed = bytearray(content)
    sort = chance.choice(("flip", "cut", "double", "insert", "nul"))
    at = chance.randrange(len(changed))
    if sort == "flip":
        for _ in range(chance.randint(1, 8)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    elif sort == "cut":
        del changed[at:]
    elif sort == "double":
        changed[at:at] = changed[at : at + chance.randrange(1, 400)]
    else:
        changed[at:at] = b"\0" if sort == "nul" else bytes(chance.randrange(256) for _ in range(5))
    return bytes(changed), f"bytes {sort}"


TOML_BITS = (
    "[", "]", "{", "}", '"', "'", "=", "1e999", "99999999999999999999", "-1", "true", "\n", "\0",
    "nan", "[[tables]]", "months = 1000000000\n", "EXISTS (SELECT 1 FROM visits)", "; DROP TABLE x",
    "read_csv('/etc/passwd')", "pg_sleep(9)", "ATTACH 'x'", "../", "é", "\u202e", "((((((((((",
)  # fmt: skip


#: Values of TOML; what stands between them mostly keeps a file one that loads.
_VALUE = re.compile(r'"[^"\n]*"|(?<== )[\d._]+|true|false')
VALUES = (
    '""', '"contacts"', '"child_id"', "0", "-1", "1", "61", "1e300", "true", "[]", "{}",
    '"\\u0000"', '"1 = 1"', '"child_id = 1"', '"contact_date"', '"12 months"', '"é"', '"\\n"',
)  # fmt: skip


def damaged_toml(text: str, chance: random.Random) -> str:
    """Cut, double, swap or put in something, or change a value so that it may well still load."""
    at = chance.randrange(len(text) + 1)
    sort = chance.randrange(8)
    if sort == 0:
        return text[:at] + chance.choice(TOML_BITS) + text[at:]
    if sort == 1:
        return text[:at] + text[at + chance.randint(1, 40) :]
    if sort == 2:
        return text[:at] + text[at : at + 200] + text[at:]
    if sort == 3:
        lines = text.split("\n")
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
        return "\n".join(lines)
    return _other_value(text, chance)


def _other_value(text: str, chance: random.Random) -> str:
    """Put another value in the place of one, or change a character inside it."""
    values = list(_VALUE.finditer(text))
    if not values:
        return text
    one, other = chance.choice(values), chance.choice(values)
    inside = chance.randrange(one.start(), one.end())
    changed = (
        other[0],
        chance.choice(VALUES),
        text[one.start() : inside] + chance.choice("x19 (=<é'") + text[inside + 1 : one.end()],
    )
    return text[: one.start()] + chance.choice(changed) + text[one.end() :]
