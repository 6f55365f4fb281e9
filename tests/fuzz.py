"""Mutated extracts and layouts: python -m tests.fuzz --extracts 20000 --layouts 5000

An extract is made of clean records, damaged in one or more ways, and read and counted. The oracle:
no traceback, no hang (ten seconds each), and the counts by month are those of the clean records
unless a problem above a note says otherwise. A damaged TOML file is loaded and, if it still
loads, its measures are prepared: no traceback, no hang. Exit status 1 if anything was found.
"""

from __future__ import annotations

import argparse
import html
import io
import random
import signal
import sys
import tempfile
import time
import traceback
import types
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from workbook_builder.definitions.library import Definitions, load_definitions
from workbook_builder.definitions.references import check_references
from workbook_builder.engine.duck import DuckEngine
from workbook_builder.extracts.days import read_day
from workbook_builder.extracts.read import read_extracts
from workbook_builder.measures.prepare import prepared_measures
from workbook_builder.problems import Level, has_errors

ROOT = Path(__file__).resolve().parents[1]
HEADINGS = ("Referral ID", "Child ID", "Date of referral", "Referral NFA", "Team")
SECONDS = 10

Rows = list[list[str]]
Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Found:
    """A case that went wrong: its number, how, and its damage."""

    seed: int
    how: str
    damage: str


class _Hang(Exception):
    pass


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


def counts(path: Path, definitions: Definitions) -> tuple[Counts, bool]:
    """Return the referrals by month and outcome, and whether a problem above a note was met."""
    read = read_extracts([path], definitions.datasets, lambda name: None, definitions.codes)
    records = read.value.records.get("referrals")
    said = any(problem.level > Level.NOTE for problem in read.problems)
    for problem in read.problems:
        problem.text()
    if records is None:
        return {}, said
    months = records["referral_date"].dt.strftime("%Y-%m")
    flags = records["referral_nfa"].astype("object").astype(str)
    return Counter(zip(months, flags, strict=True)), said


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
    row[place] = text
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


def _by_month(found: Counts) -> Counts:
    months: Counter[tuple[str, str]] = Counter()
    for (month, _), number in found.items():
        months[month, ""] += number
    return months


def extract_case(seed: int, folder: Path, definitions: Definitions) -> Found | None:
    """Damage an extract and hold what is read against the clean records."""
    chance = random.Random(seed)
    rows = clean_rows(chance)
    ending, write = chance.choice(
        ((".csv", as_csv), (".csv", as_csv), (".xlsx", as_xlsx), (".xls", as_html))
    )
    path = folder / f"referrals{ending}"
    path.write_bytes(write(rows))
    wanted, said = counts(path, definitions)
    if said or not wanted:
        return Found(seed, "a clean extract is not read", ending)
    damage = [chance.choice(BY_ROWS)(rows, chance) for _ in range(chance.randint(0, 2))]
    content = write(rows) if damage else path.read_bytes()
    known = bool(damage)
    if "row twice" in damage and any("Referral ID" in one for one in damage):
        return None  # the same holds for a row whose own identifier is gone
    if not damage or chance.random() < 0.1:
        content, sort = bad_bytes(content, chance)
        damage.append(sort)
        # In a text, changed bytes can make another good record; in a packed workbook they cannot.
        known = ending == ".xlsx"
    path.write_bytes(content)
    found, said = counts(path, definitions)
    if "heading" in damage:
        # A column that is not found is reported where a measure needs it; equal rows without
        # identifiers count as they stand.
        wanted, found = _by_month(wanted), _by_month(found)
        known = known and "row twice" not in damage
    if known and found != wanted and not said:
        return Found(seed, "another figure and no problem", f"{ending} {damage}")
    return None


def layout_case(seed: int, folder: Path) -> Found | None:
    """Damage a shipped TOML file and load it; where it loads, prepare its measures."""
    chance = random.Random(seed)
    files = sorted((ROOT / "layouts").rglob("*.toml"))
    chosen = chance.choice(files)
    text = chosen.read_text(encoding="utf-8")
    for _ in range(chance.randint(1, 4)):
        text = damaged_toml(text, chance)
    place = folder / chosen.relative_to(ROOT / "layouts")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", errors="replace")
    try:
        loaded = load_definitions([folder, ROOT / "layouts"])
        problems = (*loaded.problems, *check_references(loaded.value))
        if not has_errors(problems):
            with DuckEngine(loaded.value.datasets) as engine:
                problems += prepared_measures(loaded.value, engine).problems
        for problem in problems:
            problem.text()
    finally:
        place.unlink()
    return None


TOML_BITS = (
    "[", "]", "{", "}", '"', "'", "=", "1e999", "99999999999999999999", "-1", "true", "\n", "\0",
    "nan", "[[tables]]", "months = 1000000000\n", "EXISTS (SELECT 1 FROM visits)", "; DROP TABLE x",
    "read_csv('/etc/passwd')", "pg_sleep(9)", "ATTACH 'x'", "../", "é", "\u202e", "((((((((((",
)  # fmt: skip


def damaged_toml(text: str, chance: random.Random) -> str:
    """Cut, double, swap or put in something."""
    at = chance.randrange(len(text) + 1)
    sort = chance.randrange(4)
    if sort == 0:
        return text[:at] + chance.choice(TOML_BITS) + text[at:]
    if sort == 1:
        return text[:at] + text[at + chance.randint(1, 40) :]
    if sort == 2:
        return text[:at] + text[at : at + 200] + text[at:]
    lines = text.split("\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def guarded(seed: int, case: Callable[[int], Found | None]) -> Found | None:
    """Run one case; a traceback or a hang is a find."""

    def hang(number: int, frame: types.FrameType | None) -> None:
        raise _Hang

    if hasattr(signal, "setitimer"):
        # The processor's own time: others may keep it busy.
        signal.signal(signal.SIGPROF, hang)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return case(seed)
    except _Hang:
        return Found(seed, f"longer than {SECONDS} seconds", "")
    except Exception as fault:  # any traceback at all is a find
        place = traceback.extract_tb(fault.__traceback__)[-1]
        return Found(seed, f"{type(fault).__name__} in {Path(place.filename).name}:{place.lineno}",
                     str(fault)[:80])  # fmt: skip
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)


def fuzz(extracts: int, layouts: int, first: int = 0, seconds: float = float("inf")) -> list[Found]:
    """Run so many cases of each sort, or as many as fit in the seconds; return what went wrong."""
    definitions = load_definitions([ROOT / "layouts"]).value
    began = time.monotonic()
    found: list[Found] = []
    done: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        (folder / "layouts").mkdir()
        cases: Sequence[tuple[str, int, Callable[[int], Found | None]]] = (
            ("extracts", extracts, lambda seed: extract_case(seed, folder, definitions)),
            ("layouts", layouts, lambda seed: layout_case(seed, folder / "layouts")),
        )
        for name, number, case in cases:
            until = time.monotonic() + seconds / 2
            for seed in range(first, first + number):
                if time.monotonic() > until:
                    break
                one = guarded(seed, case)
                done[name] += 1
                if one:
                    found.append(one)
                    print(name, one, flush=True)  # noqa: T201
            print(f"{name}: {done[name]} tried", flush=True)  # noqa: T201
    took = time.monotonic() - began
    print(f"{dict(done)} in {took:.0f} s: {len(found)} found", flush=True)  # noqa: T201
    return found


def main() -> int:
    """Read the wishes and fuzz."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--extracts", type=int, default=20_000)
    wishes.add_argument("--layouts", type=int, default=5_000)
    wishes.add_argument("--first", type=int, default=0, help="the first seed")
    wishes.add_argument("--seconds", type=float, default=float("inf"))
    given = wishes.parse_args()
    return bool(fuzz(given.extracts, given.layouts, given.first, given.seconds))


if __name__ == "__main__":
    sys.exit(main())
