"""The files: which sheet goes into which, in what format and with what untidiness."""

import random
from collections.abc import Callable
from pathlib import Path

from . import service_files, sheets
from .care_files import write_care_files
from .finished import write_finished_figures
from .table import (
    Cell,
    add_blank_rows,
    add_faulty_rows,
    add_stray_spaces,
    iso_midnight,
    long_month,
    mixed,
    short_month,
    show_dates,
    slashes,
    table_of,
)
from .totals import Totals, read_totals
from .world import World, make_world
from .writers import Sheet, TextStyle, write_text, write_workbook

SEED = 20230803

Writer = Callable[[Path, random.Random, World], None]


def write_extracts(folder: Path) -> list[str]:
    """Make the world and write every file into ``folder``; gives the files' names."""
    totals = read_totals()
    world = make_world(random.Random(SEED), totals)
    writers: dict[str, Writer] = {
        "Contacts 2022-23.csv": _contacts,
        "EARLY HELP monthly.xlsx": _early_help,
        "rpt62_referrals.csv": _referrals,
        "strategy discussions.txt": _strategy_discussions,
        "S47_export.csv": _enquiries,
        "C&F assessments.xlsx": _assessments,
        "CIN and CP plans.xlsx": _plans,
        "care leavers.xlsx": _care_leavers,
        "EH episodes.xlsx": service_files.early_help_episodes,
        "Visits (EH, CIN and CP).csv": service_files.visits,
        "Supervision log.csv": service_files.supervision_log,
        "ICPC.xlsx": service_files.conferences,
        "Core groups.csv": service_files.core_groups,
        "Caseloads July 2023.xlsx": service_files.caseloads,
    }
    for name, write in writers.items():
        write(folder / name, random.Random(f"{SEED} {write.__name__}"), world)
    _population(folder / "population.csv", totals)
    write_finished_figures(folder / "Finished figures.csv")
    care = write_care_files(folder, world)
    return [*writers, *care, "population.csv", "Finished figures.csv"]


def _contacts(path: Path, rng: random.Random, world: World) -> None:
    """Write the contacts: commas, a byte order mark, dates with times, faulty and blank rows."""
    table = sheets.contacts(rng, world)
    add_faulty_rows(table, rng, {"record": 0, "child": 1, "date": 2}, "31/02/2023 10:15")
    add_blank_rows(table, rng, 6)
    add_stray_spaces(table, rng)
    write_text(path, show_dates(table, slashes), TextStyle(",", marked=True))


def _early_help(path: Path, rng: random.Random, world: World) -> None:
    """Write a workbook of two sheets with titles above and totals below, and its parameters."""
    tables = {
        "EH referrals": sheets.early_help_referrals(rng, world),
        "EH assessments": sheets.early_help_assessments(rng, world),
    }
    pages = []
    for name, table in tables.items():
        add_stray_spaces(table, rng)
        above: list[list[Cell]] = [[f"Early Help monthly: {name}"], ["Run on 03/08/2023"], []]
        pages.append(Sheet(name, table, above, total_row=True))
    parameters = table_of({
        "Parameter": ["Date from", "Date to", "Include closed"],
        "Setting": ["01/07/2022", "03/08/2023", "Yes"],
    })  # fmt: skip
    write_workbook(path, [*pages, Sheet("Parameters", parameters)])


def _referrals(path: Path, rng: random.Random, world: World) -> None:
    """Write the referrals in Windows-1252: a title, semicolons, months as words."""
    table = sheets.referrals(rng, world)
    add_faulty_rows(table, rng, {"record": 0, "date": 1, "child": 2}, "31-Feb-23")
    add_blank_rows(table, rng, 3)
    add_stray_spaces(table, rng)
    title = "rpt62 – Referrals (Café Street hub, no £ data)"
    write_text(path, show_dates(table, short_month), TextStyle(";", "cp1252", title=title))


def _strategy_discussions(path: Path, rng: random.Random, world: World) -> None:
    """Write the strategy discussions in UTF-16, parted by tabs, headers in capitals."""
    table = sheets.strategy_discussions(rng, world)
    add_stray_spaces(table, rng)
    write_text(path, show_dates(table, slashes), TextStyle("\t", "utf-16-le", marked=True))


def _enquiries(path: Path, rng: random.Random, world: World) -> None:
    """Write the section 47 enquiries: bars between cells, dates with a midnight behind them."""
    table = sheets.enquiries(rng, world)
    add_blank_rows(table, rng, 4)
    add_stray_spaces(table, rng)
    write_text(path, show_dates(table, iso_midnight), TextStyle("|", line_end="\n"))


def _assessments(path: Path, rng: random.Random, world: World) -> None:
    """Write the assessments: a workbook whose dates are text, serial numbers and dates."""
    table = sheets.assessments(rng, world)
    add_blank_rows(table, rng, 3)
    add_stray_spaces(table, rng)
    write_workbook(path, [Sheet("Sheet1", show_dates(table, mixed(rng)))])


def _plans(path: Path, rng: random.Random, world: World) -> None:
    """Write child in need plans and child protection plans as two sheets of a workbook."""
    tables = {"CIN": sheets.cin_plans(rng, world), "CP": sheets.cp_plans(rng, world)}
    for table in tables.values():
        add_stray_spaces(table, rng)
    write_workbook(path, [Sheet(name, table) for name, table in tables.items()])


def _care_leavers(path: Path, rng: random.Random, world: World) -> None:
    """Write the care leavers: a workbook whose dates are text."""
    table = sheets.care_leavers(rng, world)
    add_blank_rows(table, rng, 2)
    add_stray_spaces(table, rng)
    write_workbook(path, [Sheet("Care leavers", show_dates(table, long_month))])


def _population(path: Path, totals: Totals) -> None:
    """Write the population estimates of the totals, one row a year."""
    years = list(totals.population)
    people = [str(number) for number in totals.population.values()]
    table = table_of({
        "Mid-year": [*years],
        "Population Group": ["children_0_17"] * len(years),
        "People": [*people],
    })  # fmt: skip
    write_text(path, table, TextStyle(","))
