"""A table of cells, and the untidiness that councils' extracts have."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

Cell = str | int | date | datetime | None

PADDED_SHARE = 0.01
EXCEL_DAY_0 = date(1899, 12, 30)
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun",
               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Headers as they stand in the file, and rows of cells."""

    headers: list[str]
    rows: list[list[Cell]]


def table_of(columns: dict[str, list[Cell]]) -> Table:
    """A table from its columns, left to right."""
    return Table(list(columns), [list(row) for row in zip(*columns.values(), strict=True)])


def numbers(prefix: str, first: int, count: int) -> list[Cell]:
    """Record numbers: ``prefix`` and ``count`` running numbers from ``first``."""
    return [f"{prefix}{first + n}" for n in range(count)]


def picks(rng: random.Random, choices: dict[str, int], count: int) -> list[Cell]:
    """``count`` draws from ``choices`` (text: weight)."""
    return list(rng.choices(list(choices), list(choices.values()), k=count))


def add_faulty_rows(table: Table, rng: random.Random, at: dict[str, int], wrong_date: str) -> None:
    """Add three rows without a child and one with an impossible date to the table.

    ``at`` says where the columns ``record``, ``child`` and ``date`` stand. Each row copies
    another under a record number of its own.
    """
    prefix = "".join(char for char in str(table.rows[0][at["record"]]) if not char.isdigit())
    highest = max(int(str(row[at["record"]]).removeprefix(prefix)) for row in table.rows)
    for extra in range(1, 5):
        row = list(rng.choice(table.rows))
        row[at["record"]] = f"{prefix}{highest + extra}"
        if extra == 4:
            row[at["date"]] = wrong_date
        else:
            row[at["child"]] = None
        table.rows.insert(rng.randrange(len(table.rows)), row)


def add_blank_rows(table: Table, rng: random.Random, count: int) -> None:
    """Put ``count`` empty rows between the others."""
    for _ in range(count):
        table.rows.insert(rng.randrange(1, len(table.rows)), [None] * len(table.headers))


def add_stray_spaces(table: Table, rng: random.Random) -> None:
    """Put spaces before or after a small share of the text cells."""
    for row in table.rows:
        for at, cell in enumerate(row):
            if isinstance(cell, str) and cell and rng.random() < PADDED_SHARE:
                row[at] = rng.choice((f" {cell}", f"{cell} ", f"  {cell} "))


def show_dates(table: Table, show: Callable[[date], Cell]) -> Table:
    """The table with each date replaced by what ``show`` makes of it."""
    rows = [[show(cell) if isinstance(cell, date) else cell for cell in row] for row in table.rows]
    return Table(table.headers, rows)


def slashes(day: date) -> str:
    """``dd/mm/yyyy``, with the time behind it if there is one."""
    return day.strftime("%d/%m/%Y %H:%M" if isinstance(day, datetime) else "%d/%m/%Y")


def short_month(day: date) -> str:
    """``dd-Mon-yy``; English whatever the computer's language."""
    return f"{day.day:02}-{MONTH_NAMES[day.month - 1]}-{day.year % 100:02}"


def long_month(day: date) -> str:
    """``dd-Mon-yyyy``; English whatever the computer's language."""
    return f"{day.day:02}-{MONTH_NAMES[day.month - 1]}-{day.year}"


def iso_midnight(day: date) -> str:
    """``yyyy-mm-ddT00:00:00``."""
    return f"{day.isoformat()}T00:00:00"


def mixed(rng: random.Random) -> Callable[[date], Cell]:
    """Shows most dates as text, some as an Excel serial number, some as they are."""

    def show(day: date) -> Cell:
        kinds: tuple[Cell, ...] = (slashes(day), (day - EXCEL_DAY_0).days, day)
        return rng.choices(kinds, (80, 12, 8))[0]

    return show
