"""One damaged extract: what is read of it, and what a workbook made of it shows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tests.fuzz.damage import (
    BY_ROWS,
    HEADINGS,
    Rows,
    as_csv,
    as_html,
    as_xlsx,
    bad_bytes,
    clean_rows,
)
from tests.fuzz.kinds import Found
from tests.loaded import cells_of, read_extracts
from workbook_builder.definitions.library import Definitions
from workbook_builder.problems import Level

WRITERS: tuple[tuple[str, Callable[[Rows], bytes]], ...] = (
    (".csv", as_csv), (".csv", as_csv), (".xlsx", as_xlsx), (".xls", as_html),
)  # fmt: skip
#: Every so many seeds the clean extract is read as well, to see that the oracle is right.
CLEAN_EACH = 10
#: Referrals by month and outcome.
Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Case:
    """An extract before and after its damage; `known` tells whether the oracle may judge it."""

    ending: str
    clean: bytes
    content: bytes
    damage: tuple[str, ...]
    wanted: Counts
    known: bool

    def wanted_of(self, measure: str, month: str) -> int:
        """Return the referrals of a month, or those without further action."""
        outcomes = ("True",) if measure == "no_further_action" else ("True", "False")
        return sum(self.wanted.get((month, one), 0) for one in outcomes)

    def by_month(self, found: Counts) -> Counts:
        """Return counts as far as the damage leaves them comparable."""
        if "heading" not in self.damage:
            return found
        # A column that is not found is reported where a measure needs it.
        months: Counter[tuple[str, str]] = Counter()
        for (month, _), number in found.items():
            months[month, ""] += number
        return months


def made(chance: random.Random) -> Case | None:
    """Make and damage an extract; None where nobody could tell what is right."""
    rows = clean_rows(chance)
    ending, write = chance.choice(WRITERS)
    clean, wanted = write(rows), counted(rows)
    damage = [chance.choice(BY_ROWS)(rows, chance) for _ in range(chance.randint(0, 2))]
    content = write(rows) if damage else clean
    case = case_of(Case(ending, clean, content, tuple(damage), wanted, bool(damage)), rows)
    if case and (not damage or chance.random() < 0.1):
        content, sort = bad_bytes(content, chance)
        # In a text, changed bytes can make another good record; in a packed workbook they cannot.
        known = ending == ".xlsx" and (case.known or not damage)
        case = replace(case, content=content, damage=(*damage, sort), known=known)
    return case


def case_of(case: Case, rows: Rows) -> Case | None:
    """Return a case of these damaged rows as far as it can be judged; None if not at all."""
    damage = case.damage
    if "row twice" in damage and any("Referral ID" in one for one in damage):
        return None  # the same holds for a row whose own identifier is gone
    if "short row" in damage and any(_is_bare(row) for row in rows):
        return None  # nothing is left of a record; it is a blank row
    if "heading" in damage and "row twice" in damage:
        return replace(case, known=False)  # equal rows without identifiers count as they stand
    return case


def _is_bare(row: list[str]) -> bool:
    """Tell whether a row is cut and shows nothing."""
    return len(row) < len(HEADINGS) and not "".join(row).strip("\t\x0b\u00a0\u200e\u200f ")


def counted(rows: Rows) -> Counts:
    """Count clean rows by month and outcome, without the program."""
    flags = {"Y": "True", "N": "False"}
    return Counter((f"{row[2][6:]}-{row[2][3:5]}", flags[row[3]]) for row in rows[1:])


def counts(path: Path, definitions: Definitions) -> tuple[Counts, bool]:
    """Return the referrals by month and outcome, and whether a problem above a note was met."""
    read = read_extracts([path], definitions.datasets, lambda name: None, definitions.codes)
    records = read.value.records.get("referrals")
    said = any(problem.level > Level.NOTE for problem in read.problems)
    for problem in read.problems:
        problem.text()
    if records is None:
        return {}, said
    days = cells_of(records["referral_date"])
    flags = cells_of(records["referral_nfa"])
    rows = zip(days, flags, strict=True)
    return Counter(
        (f"{day:%Y-%m}", "<NA>" if flag is None else str(flag)) for day, flag in rows
    ), said


def extract_case(seed: int, folder: Path, definitions: Definitions) -> Found | None:
    """Hold what is read of a damaged extract against the clean records."""
    case = made(random.Random(seed))
    if case is None:
        return None
    path = folder / f"referrals{case.ending}"
    if seed % CLEAN_EACH == 0:
        path.write_bytes(case.clean)
        if counts(path, definitions) != (case.wanted, False):
            return Found(seed, "a clean extract is not read", case.ending)
    path.write_bytes(case.content)
    found, said = counts(path, definitions)
    if case.known and not said and case.by_month(found) != case.by_month(case.wanted):
        return Found(seed, "another figure and no problem", f"{case.ending} {case.damage}")
    return None
