"""What overlapping measures would give away: attacked with all that a workbook shows."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import WRITTEN
from workbook_builder.build_workbook import build
from workbook_builder.months import Month, months_ending
from workbook_builder.request import Request

UNDER = 5
LAST = Month(2023, 7)
TEAMS = ("North", "South", "West")
#: A month, a team, and whether there was no further action.
Atom = tuple[Month, str, bool]
MEASURES = """
[r_all]
title = "Referrals"
count_of = "referrals"
during = "referral_date"
teams = true
[r_nfa]
title = "Referrals without further action"
count_of = "referrals"
during = "referral_date"
where = "referral_nfa"
teams = true
[r_other]
title = "Referrals with further action"
count_of = "referrals"
during = "referral_date"
where = "NOT referral_nfa"
teams = true
[p_nfa]
title = "Percentage without further action"
percentage_of = "referrals"
during = "referral_date"
where = "referral_nfa"
teams = true
[y_all]
title = "Referrals of a year"
count_of = "referrals"
during = "referral_date"
over = "12 months"
teams = true
[y_nfa]
title = "Referrals of a year without further action"
percentage_of = "referrals"
during = "referral_date"
over = "12 months"
where = "referral_nfa"
teams = true
"""
NAMES = ("r_all", "r_nfa", "r_other", "p_nfa", "y_all", "y_nfa")
LAYOUT = f"""
title = "A"
suppress_under = {UNDER}
months = 13
[[tables]]
name = "A"
title = "A"
columns = ["indicator", "sparkline", "months", "change_on_month", "average", "maximum"]
rows = [{", ".join(f'{{ measure = "{name}" }}' for name in NAMES)}]
[[team_sheets]]
name = "By team"
title = "By team"
blocks = [{{ measure = "r_nfa", months = true }}, {{ measure = "p_nfa" }}]
[[slides]]
name = "Slide"
title = "Slide"
grid = ["a b"]
[slides.panels]
a = {{ table = ["r_all", "r_nfa"] }}
b = {{ chart = ["r_nfa"], title = "R" }}
"""


def records(chance: random.Random) -> dict[Atom, int]:
    """Two years and a month of small and larger numbers."""
    few = (0, 0, 1, 2, 3, 6, 9, 14)
    return {
        (month, team, nfa): chance.choice(few) + (0 if nfa else chance.choice((0, 12)))
        for month in months_ending(LAST, 25) for team in TEAMS for nfa in (True, False)
    }  # fmt: skip


def built(folder: Path, counts: Mapping[Atom, int]) -> openpyxl.Workbook:
    lines = [
        f"{month}{team}{nfa}{one},{one},{one % 28 + 1:02}/{month.number:02}/{month.year},"
        f"{'Y' if nfa else 'N'},{team}"
        for (month, team, nfa), count in counts.items() for one in range(count)
    ]  # fmt: skip
    extract = folder / "referrals.csv"
    headings = "Referral ID,Child ID,Date of referral,Referral NFA,Team\n"
    extract.write_text("Period: 01/07/2021 to 31/07/2023\n" + headings + "\n".join(lines))
    (folder / "measures").mkdir()
    (folder / "measures" / "mine.toml").write_text(MEASURES)
    layout = folder / "mine.toml"
    layout.write_text(LAYOUT)
    out = folder / "out.xlsx"
    request = Request((extract,), str(layout), LAST, out, WRITTEN)
    outcome = build(request, lambda progress: None)
    assert outcome.written, [problem.text() for problem in outcome.problems]
    return openpyxl.load_workbook(io.BytesIO(out.read_bytes()), data_only=True)


def form(atoms: list[Atom], part: str, month: Month, team: str) -> np.ndarray:
    """Which atoms a number is the sum of."""
    name, number = part.split(".")
    months = months_ending(month, 12) if name.startswith("y") else (month,)
    nfa = {"r_all": None, "r_nfa": True, "r_other": False, "y_all": None}.get(
        name, True if number == "numerator" else None)  # fmt: skip
    return np.array([
        one in months and (not team or which == team) and nfa in (None, flag)
        for one, which, flag in atoms], dtype=float)  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_no_small_number_can_be_worked_out_from_all_that_is_shown(
    seed: int, tmp_path: Path
) -> None:
    counts = records(random.Random(seed))
    atoms = list(counts)
    amounts = np.array([counts[one] for one in atoms], dtype=float)
    book = built(tmp_path, counts)
    forms: dict[tuple[str, Month, str], np.ndarray] = {}
    known: set[tuple[str, Month, str]] = set()
    hidden = 0
    for row in book["Figures"].iter_rows(min_row=4, values_only=True):
        month = Month.parse(str(row[1]))
        assert month
        hidden += row[6] == "suppressed [c]"
        for part, number in zip(("numerator", "denominator"), row[3:5], strict=True):
            key = (f"{row[0]}.{part}", month, str(row[2] or ""))
            if part == "numerator" or str(row[0]) in ("p_nfa", "y_nfa"):
                forms[key] = form(atoms, *key)
            if isinstance(number, int | float):
                assert forms[key] @ amounts == number
                known.add(key)
    assert hidden > 20 and len(known) > 20
    small = [key for key, one in forms.items() if 0 < one @ amounts < UNDER]
    assert not known & set(small)
    matrix = np.array([forms[key] for key in known])
    # What can be written as a sum of what is shown leaves nothing over.
    basis, _, _ = np.linalg.svd(matrix.T, full_matrices=False)
    rank = np.linalg.matrix_rank(matrix)
    basis = basis[:, :rank]
    told = [key for key in small
            if np.linalg.norm(forms[key] - basis @ (basis.T @ forms[key])) < 1e-6]  # fmt: skip
    assert not told
    for sheet in ("A", "By team"):
        assert "[c]" in {cell.value for row in book[sheet].iter_rows() for cell in row}
    hidden_here = [team for team in TEAMS if ("r_nfa.numerator", LAST, team) not in known]
    named = [row[0].value for row in book["By team"].iter_rows()]
    for team in hidden_here:
        place = named.index(team)
        assert list(book["By team"].iter_rows(values_only=True))[place][1] == "[c]"
    nothing_more_is_shown(book, known)


def nothing_more_is_shown(book: openpyxl.Workbook, known: set[tuple[str, Month, str]]) -> None:
    """What a sheet shows under a month's heading is nothing that the Figures sheet hides."""
    for sheet in ("A", "Chart data"):
        rows = list(book[sheet].iter_rows(values_only=True)) if sheet in book.sheetnames else []
        heads = next((row for row in rows if "Jul-23" in row), ())
        for row in rows:
            name = {f"Referrals{rest}": one for rest, one in
                    (("", "r_all"), (" without further action", "r_nfa"),
                     (" with further action", "r_other"))}.get(str(row[0] or row[1]))  # fmt: skip
            for heading, value in zip(heads, row, strict=False):
                month = Month.parse(str(heading or ""))
                if name and month and isinstance(value, int | float):
                    assert (f"{name}.numerator", month, "") in known, (sheet, name, month)
