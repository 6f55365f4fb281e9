"""The files about children in care."""

import random
from collections.abc import Callable
from pathlib import Path

from . import care_sheets
from .care import Care, make_care
from .care_permanence import permanence
from .table import (
    Table,
    add_blank_rows,
    add_stray_spaces,
    iso_midnight,
    long_month,
    mixed,
    short_month,
    show_dates,
    slashes,
)
from .world import World
from .writers import Sheet, TextStyle, write_text, write_workbook

OVERLAP = 40

CareWriter = Callable[[Path, random.Random, Care], None]


def write_care_files(folder: Path, world: World) -> list[str]:
    """Write every file about children in care into ``folder``; gives the files' names."""
    care = make_care(world)
    for name, write in WRITERS.items():
        write(folder / name, random.Random(f"children in care: {write.__name__}"), care)
    return [*WRITERS]


def _part_1(path: Path, rng: random.Random, care: Care) -> None:
    """Write the first half of the periods of care."""
    table = _care(care)
    half = len(table.rows) // 2
    write_text(path, Table(table.headers, table.rows[:half]), TextStyle(","))


def _part_2(path: Path, rng: random.Random, care: Care) -> None:
    """Write the second half of the periods of care, and the last rows of the first again."""
    table = _care(care)
    half = len(table.rows) // 2
    write_text(path, Table(table.headers, table.rows[half - OVERLAP :]), TextStyle(","))


def _care(care: Care) -> Table:
    """The same list for both parts, so that the rows in both are identical."""
    rng = random.Random("children in care: list")
    table = care_sheets.children_in_care(rng, care)
    add_stray_spaces(table, rng)
    return show_dates(table, slashes)


def _placements(path: Path, rng: random.Random, care: Care) -> None:
    """Write the placements: commas, blank rows."""
    table = care_sheets.placements(rng, care)
    add_blank_rows(table, rng, 4)
    add_stray_spaces(table, rng)
    write_text(path, show_dates(table, slashes), TextStyle(",", marked=True))


def _visits(path: Path, rng: random.Random, care: Care) -> None:
    """Write the visits: a workbook whose dates are text, serial numbers and dates."""
    table = care_sheets.visits(rng, care)
    add_stray_spaces(table, rng)
    write_workbook(path, [Sheet("CLA visits", show_dates(table, mixed(rng)))])


def _supervisions(path: Path, rng: random.Random, care: Care) -> None:
    """Write the supervision: bars between cells, dates with a midnight behind them."""
    table = care_sheets.supervisions(rng, care)
    add_blank_rows(table, rng, 3)
    write_text(path, show_dates(table, iso_midnight), TextStyle("|", line_end="\n"))


def _plans(path: Path, rng: random.Random, care: Care) -> None:
    """Write care plans and pathway plans as two sheets, titles above and totals below."""
    tables = {
        "Care plans": care_sheets.care_plans(care),
        "Pathway plans": care_sheets.pathway_plans(care),
    }
    pages = []
    for name, table in tables.items():
        add_stray_spaces(table, rng)
        pages.append(Sheet(name, table, [[f"{name} authorised"], []], total_row=True))
    write_workbook(path, pages)


def _reviews(path: Path, rng: random.Random, care: Care) -> None:
    """Write the reviews: a workbook whose dates are text."""
    table = care_sheets.reviews(care)
    add_blank_rows(table, rng, 2)
    add_stray_spaces(table, rng)
    write_workbook(path, [Sheet("Reviews", show_dates(table, long_month))])


def _health_assessments(path: Path, rng: random.Random, care: Care) -> None:
    """Write the health assessments: semicolons, a title, months as words."""
    table = care_sheets.health_assessments(care)
    add_stray_spaces(table, rng)
    style = TextStyle(";", "cp1252", title="Health assessments (CLA) – all ages")
    write_text(path, show_dates(table, short_month), style)


def _education_plans(path: Path, rng: random.Random, care: Care) -> None:
    """Write the personal education plans: commas."""
    table = care_sheets.education_plans(care)
    add_blank_rows(table, rng, 2)
    write_text(path, show_dates(table, slashes), TextStyle(","))


def _allocations(path: Path, rng: random.Random, care: Care) -> None:
    """Write the social worker allocations: semicolons."""
    table = care_sheets.allocations(care)
    add_stray_spaces(table, rng)
    write_text(path, show_dates(table, iso_midnight), TextStyle(";"))


def _foster_carers(path: Path, rng: random.Random, care: Care) -> None:
    """Write the in-house foster carers: commas, months as words."""
    table = care_sheets.foster_carers(rng)
    write_text(path, show_dates(table, short_month), TextStyle(","))


def _missing_episodes(path: Path, rng: random.Random, care: Care) -> None:
    """Write the missing episodes: tabs."""
    table = care_sheets.missing_episodes(rng, care)
    add_stray_spaces(table, rng)
    write_text(path, show_dates(table, slashes), TextStyle("\t"))


def _permanence(path: Path, rng: random.Random, care: Care) -> None:
    """Write the adoption decisions: commas."""
    write_text(path, show_dates(permanence(rng, care), slashes), TextStyle(","))


WRITERS: dict[str, CareWriter] = {
    "CLA part 1.csv": _part_1,
    "CLA part 2.csv": _part_2,
    "Placements.csv": _placements,
    "CLA visits.xlsx": _visits,
    "CLA supervision.csv": _supervisions,
    "Care plans and pathway plans.xlsx": _plans,
    "CLA reviews.xlsx": _reviews,
    "Health assessments.csv": _health_assessments,
    "PEP.csv": _education_plans,
    "Social worker allocations.csv": _allocations,
    "Foster carers.csv": _foster_carers,
    "Missing episodes.csv": _missing_episodes,
    "Adoptions.csv": _permanence,
}
