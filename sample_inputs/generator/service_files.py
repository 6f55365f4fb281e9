"""The files of early help, visits, supervision, conferences, core groups and caseloads."""

import random
from pathlib import Path

from . import service_sheets
from .table import (
    Cell,
    add_blank_rows,
    add_stray_spaces,
    iso_midnight,
    mixed,
    short_month,
    show_dates,
    slashes,
)
from .world import World
from .writers import Sheet, TextStyle, write_text, write_workbook


def early_help_episodes(path: Path, rng: random.Random, world: World) -> None:
    """Write early help episodes and plans as two sheets: titles above, totals below."""
    tables = {
        "Episodes": service_sheets.early_help_episodes(rng, world),
        "Plans": service_sheets.early_help_plans(rng, world),
    }
    above: list[list[Cell]] = [["Early Help caseload"], []]
    pages = []
    for name, table in tables.items():
        add_stray_spaces(table, rng)
        pages.append(Sheet(name, table, above, total_row=True))
    write_workbook(path, pages)


def visits(path: Path, rng: random.Random, world: World) -> None:
    """Write the visits: commas, a byte order mark, blank rows."""
    table = service_sheets.visits(rng, world)
    add_blank_rows(table, rng, 5)
    add_stray_spaces(table, rng)
    write_text(path, show_dates(table, slashes), TextStyle(",", marked=True))


def supervision_log(path: Path, rng: random.Random, world: World) -> None:
    """Write the supervision in Windows-1252: a title, semicolons, months as words."""
    table = service_sheets.supervision_log(rng, world)
    add_stray_spaces(table, rng)
    style = TextStyle(";", "cp1252", title="Supervision log – all services")
    write_text(path, show_dates(table, short_month), style)


def conferences(path: Path, rng: random.Random, world: World) -> None:
    """Write initial and review conferences as two sheets; dates as text, numbers and dates."""
    initial = service_sheets.initial_conferences(rng, world)
    add_blank_rows(initial, rng, 2)
    tables = {"ICPC": initial, "RCPC": service_sheets.review_conferences(rng, world)}
    for table in tables.values():
        add_stray_spaces(table, rng)
    show = mixed(rng)
    write_workbook(path, [Sheet(name, show_dates(table, show)) for name, table in tables.items()])


def core_groups(path: Path, rng: random.Random, world: World) -> None:
    """Write the core groups: bars between cells, dates with a midnight behind them."""
    table = service_sheets.core_group_meetings(rng, world)
    add_stray_spaces(table, rng)
    write_text(path, show_dates(table, iso_midnight), TextStyle("|", line_end="\n"))


def caseloads(path: Path, rng: random.Random, world: World) -> None:
    """Write the caseloads: a workbook with a title above."""
    table = service_sheets.caseloads(rng, world)
    write_workbook(path, [Sheet("Caseloads", table, [["Caseloads at 31/07/2023"], []])])
