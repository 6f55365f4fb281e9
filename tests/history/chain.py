"""A council that publishes every month: extracts that grow, with corrections of earlier months."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import openpyxl

from workbook_builder import build_workbook
from workbook_builder.months import Month, months_ending
from workbook_builder.request import Outcome, Progress, Request

LAST = Month(2023, 7)
MONTHS = months_ending(LAST, 13)
TEAMS = ("North", "South")

MEASURES = """
[own_contacts]
title    = "Contacts"
count_of = "contacts"
during   = "contact_date"
teams    = true

[own_police]
title         = "Contacts by the police"
percentage_of = "contacts"
during        = "contact_date"
where         = "contact_source = 'Police'"
teams         = true

[own_rate]
title      = "Rate of contacts"
rate_of    = "own_contacts"
per        = 10_000
population = "children_0_17"
decimals   = 1

[own_twice]
title  = "Contacts twice"
sum_of = ["own_contacts", "own_contacts"]
"""

LAYOUT = """
title     = "Chain"
author    = "A team"
authority = "Somewhere"
months    = 13

[[tables]]
name    = "Contacts"
title   = "Contacts"
columns = ["reference", "indicator", "months", "commentary"]
rows    = [
  { measure = "own_contacts", reference = "1" },
  { measure = "own_police", reference = "2" },
  { measure = "own_rate", reference = "3" },
  { measure = "own_twice", reference = "4" },
]
"""

Key = tuple[str, Month, str]


@dataclass(frozen=True)
class Contact:
    """One contact of one child."""

    number: int
    day: date
    source: str
    team: str


def quiet(progress: Progress) -> None:
    """Progress that nobody watches."""


def layout_in(folder: Path, text: str = LAYOUT, measures: str = MEASURES) -> Path:
    """Write the layout and its measures and return the layout's file."""
    (folder / "measures").mkdir(exist_ok=True)
    (folder / "measures" / "own.toml").write_text(measures, encoding="utf-8")
    (folder / "chain.toml").write_text(text, encoding="utf-8")
    return folder / "chain.toml"


def write_extracts(folder: Path, contacts: Iterable[Contact], month: Month) -> Path:
    """Write the extracts as they are run after the end of a month."""
    folder.mkdir(exist_ok=True)
    period = f"Period: 01/07/2021 to {month.last_day:%d/%m/%Y}"
    with (folder / "contacts.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(f"{period}\n\n")
        writer = csv.writer(file)
        writer.writerow(["Contact ID", "Child ID", "Contact Date", "Contact Source", "Team"])
        for one in contacts:
            day = one.day.strftime("%d/%m/%Y")
            writer.writerow([one.number, one.number, day, one.source, one.team])
    people = "Year,Population Group,People\n2021,children_0_17,50000\n2022,children_0_17,50000\n"
    (folder / "population.csv").write_text(people, encoding="utf-8")
    return folder


def contacts_of(month: Month, first_number: int) -> list[Contact]:
    """Return the contacts of a month: more in later months, every third by the police."""
    count = 10 + month.number
    return [
        Contact(
            first_number + at,
            date(month.year, month.number, 1 + at % 28),
            "Police" if at % 3 == 0 else "School",
            TEAMS[at % 2],
        )
        for at in range(count)
    ]


def grown(months: Sequence[Month] = MONTHS) -> Iterator[tuple[Month, list[Contact]]]:
    """Yield each month with all contacts that are known after it.

    In every month one contact of three months before turns up late, and in every fourth month one
    of two months before turns out to be another team's.
    """
    known: list[Contact] = []
    for month in months_ending(months[0].plus(-1), 12):
        known += contacts_of(month, len(known) + 1)
    for at, month in enumerate(months):
        known += contacts_of(month, 1_000_000 * (at + 1))
        if at:
            late = month.plus(-3)
            known.append(Contact(90_000_000 + at, late.first_day, "Police", TEAMS[at % 2]))
        if at and at % 4 == 0:
            moved = next(i for i, one in enumerate(known) if Month.of(one.day) == month.plus(-2))
            known[moved] = replace(known[moved], team=TEAMS[known[moved].team == TEAMS[0]])
        yield month, list(known)


def expected(contacts: Iterable[Contact], months: Iterable[Month]) -> dict[Key, float]:
    """Count by hand what the measures give for these months."""
    found: dict[Key, float] = {}
    every = list(contacts)
    for month in months:
        here = [one for one in every if Month.of(one.day) == month]
        for team in ("", *TEAMS):
            own = [one for one in here if team in ("", one.team)]
            found["own_contacts", month, team] = len(own)
            found["own_police", month, team] = sum(one.source == "Police" for one in own) / len(own)
        found["own_rate", month, ""] = len(here) / 50_000 * 10_000
        found["own_twice", month, ""] = 2 * len(here)
    return found


def build(
    inputs: Sequence[Path], layout: Path, out: Path, month: Month, /, **wishes: object
) -> Outcome:
    """Build one workbook; wishes go before what is given otherwise."""
    written = datetime(month.year, month.number, 28, 9, 0, 0)
    request = Request(tuple(inputs), str(layout), month, out, written)
    return build_workbook.build(replace(request, **wishes), quiet)  # type: ignore[arg-type]


def rows(workbook: Path, sheet: str, table: str) -> list[dict[str, object]]:
    """Return the rows of a native table by its headings."""
    book = openpyxl.load_workbook(workbook, data_only=True)
    cells = book[sheet][book[sheet].tables[table].ref]
    headings, *body = [[cell.value for cell in row] for row in cells]
    return [dict(zip(map(str, headings), row, strict=True)) for row in body]


def figures_in(workbook: Path) -> Mapping[Key, float]:
    """Return the values on the Figures sheet."""
    return {_key(row): float(str(row["value"])) for row in rows(workbook, "Figures", "t_figures")
            if row["value"] is not None}  # fmt: skip


def revised_in(workbook: Path) -> Counter[Key]:
    """Return what the Revisions sheet lists, and how often."""
    listed = rows(workbook, "Revisions", "t_revisions")
    return Counter(_key(row) for row in listed if row["measure"])


def _key(row: Mapping[str, object]) -> Key:
    month = Month.parse(str(row["month"]))
    assert month
    return str(row["measure"]), month, str(row["team"] or "")
