"""Figures of the shipped measures over tiny extracts."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from workbook_builder.build_workbook import check, explain
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.measures.explain import MonthNumbers
from workbook_builder.months import Month
from workbook_builder.request import Outcome, Progress, Request

JULY = Month(2023, 7)
PERIOD = "Period: 01/07/2020 to 31/07/2023"

#: The cells of a record by column; columns that are not named are blank.
Record = Mapping[str, str]
Lists = Mapping[str, Sequence[Record]]


def quiet(progress: Progress) -> None:
    """Progress that nobody watches."""


@lru_cache(maxsize=1)
def shipped() -> Definitions:
    """Return the shipped definitions."""
    return known_definitions().value


def record(**cells: str) -> Record:
    """Return a record of child 1, unless it says of whom."""
    return {"child_id": "1"} | cells


def write(folder: Path, lists: Lists, period: str = PERIOD) -> Path:
    """Write each list to a CSV file that says its period.

    It has all columns of its dataset, but for those whose absence means something.
    """
    datasets = shipped().datasets
    inputs = folder / "inputs"
    inputs.mkdir(exist_ok=True)
    for name, records in lists.items():
        with (inputs / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(f"{period}\n\n" if period else "")
            used = {column for one in records for column in one}
            columns = datasets[name].columns.items()
            headings = [key for key, one in columns if key in used or one.absent is None]
            writer = csv.DictWriter(file, headings, restval="")
            writer.writeheader()
            writer.writerows(records)
    return inputs


def figures(
    folder: Path, measure: str, lists: Lists, month: Month = JULY, *, period: str = PERIOD
) -> dict[Month, MonthNumbers]:
    """Return the figures of a measure over tiny lists, by month."""
    done = explain(Request((write(folder, lists, period),), month=month), measure, quiet)
    assert done.explanation, done.problems
    return {one.month: one for one in done.explanation.months}


def counts(
    folder: Path, measure: str, lists: Lists, month: Month = JULY
) -> tuple[float | None, float | None]:
    """Return numerator and denominator of a measure in one month."""
    found = figures(folder, measure, lists, month)[month]
    assert not found.reason, found.reason
    return found.numerator, found.denominator


def checked(folder: Path, measures: Sequence[str], lists: Lists, month: Month = JULY) -> Outcome:
    """Return all that building would find, for a layout of these measures."""
    rows = ", ".join(f'{{ measure = "{name}" }}' for name in measures)
    layout = folder / "tiny.toml"
    layout.write_text(
        'title = "Tiny"\n[[tables]]\nname = "Tiny"\ntitle = "Tiny"\n'
        f'columns = ["indicator", "months"]\nrows = [{rows}]\n',
        encoding="utf-8",
    )
    return check(Request((write(folder, lists),), layout=str(layout), month=month), quiet)
