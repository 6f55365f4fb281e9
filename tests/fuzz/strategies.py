"""Extracts and their damage as Hypothesis draws them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from random import Random

from hypothesis import strategies as st

from tests.fuzz.damage import (
    BAD_CELLS,
    BY_ROWS,
    HEADINGS,
    Rows,
    as_csv,
    as_html,
    as_xlsx,
)
from tests.fuzz.extracts import Case, case_of, counted
from tests.fuzz.kinds import ROOT

_WRITERS: tuple[tuple[str, Callable[[Rows], bytes]], ...] = (
    (".csv", as_csv), (".xlsx", as_xlsx), (".xls", as_html),
)  # fmt: skip
_REAL = ROOT / "sample_inputs" / "rpt62_referrals.csv"
#: So many of its records are passed over for one that is used.
_EACH = 40
_TITLES = 2
#: Texts that may be another good record, not damage: a blank, or another day.
_MAY_BE_GOOD = ("", "\t", "\x0b", "\u200f", "NULL", "None", "45111.5", "2023-07-01T23:30:00Z",
                "0023-07-01", "04/07/2203", "07/31/2023")  # fmt: skip

_days = st.dates(date(2023, 7, 1), date(2023, 9, 30)).map("{:%d/%m/%Y}".format)
_records = st.tuples(_days, st.integers(0, 999), st.sampled_from("YN"))
_places = st.randoms(use_true_random=False)


def _as_rows(drawn: list[tuple[str, int, str]]) -> Rows:
    records = ([f"R{number}", f"{2_000_000_000 + child}", day, flag, "MASH"]
               for number, (day, child, flag) in enumerate(drawn))  # fmt: skip
    return [list(HEADINGS), *records]


@st.composite
def damaged_cases(draw: st.DrawFn) -> Case | None:
    """Draw an extract of clean records, and up to three kinds of damage to its cells and rows."""
    rows = _as_rows(draw(st.lists(_records, min_size=1, max_size=20)))
    ending, write = draw(st.sampled_from(_WRITERS))
    clean, wanted = write(rows), counted(rows)
    chance: Random = draw(_places)
    damage = [one(rows, chance) for one in draw(st.lists(st.sampled_from(BY_ROWS), max_size=3))]
    return case_of(Case(ending, clean, write(rows), tuple(damage), wanted, known=True), rows)


def real_rows() -> Rows:
    """Return some records of an extract of the sample that have no fault, and their headings."""
    lines = _REAL.read_bytes().decode("cp1252").splitlines()
    _, headings, *records = csv.reader(lines, delimiter=";")
    months = ("Jul-21", "Aug-21", "Sep-21")
    good = [row for row in records if row[1].endswith(months) and row[6][-2:] <= "20"]
    chosen = [row for row in good if all(row)][::_EACH]
    return [["Period: 01/07/2021 to 30/09/2021"], headings, *chosen]


def real_text(rows: Rows) -> bytes:
    """Write rows as that extract does."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("cp1252", errors="replace")


@st.composite
def real_cells(draw: st.DrawFn) -> bytes:
    """Draw the real extract with some cells of its records replaced by what nobody can read."""
    rows = real_rows()
    wrong = st.sampled_from([text for text in BAD_CELLS if text not in _MAY_BE_GOOD])
    for _ in range(draw(st.integers(1, 4))):
        row = rows[draw(st.integers(_TITLES, len(rows) - 1))]
        row[draw(st.integers(0, len(row) - 1))] = draw(wrong)
    return real_text(rows)


def damaged_bytes(content: bytes) -> st.SearchStrategy[bytes]:
    """Draw the content with bytes changed, cut away, put in or doubled."""
    places = st.integers(0, len(content) - 1)
    return st.one_of(
        st.builds(_changed, st.just(content), st.dictionaries(places, st.integers(0, 255),
                                                              min_size=1, max_size=8)),
        places.map(lambda at: content[:at]),
        st.builds(lambda at, more: content[:at] + more + content[at:], places,
                  st.binary(min_size=1, max_size=40)),
        st.builds(lambda at, size: content[: at + size] + content[at:], places,
                  st.integers(1, 400)),
    )  # fmt: skip


def _changed(content: bytes, places: dict[int, int]) -> bytes:
    changed = bytearray(content)
    for at, byte in places.items():
        changed[at] = byte
    return bytes(changed)
