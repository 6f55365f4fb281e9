"""Outcomes as lines of text for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace

from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.model import Sheet
from workbook_builder.figures import Status
from workbook_builder.months import day_label
from workbook_builder.problems import Level, Problem, counted
from workbook_builder.run import Outcome
from workbook_builder.shells.hints import COMMAND_LINE, advised

_WORDS = {Level.ERROR: "Error", Level.WARNING: "Warning", Level.NOTE: "Note"}


def print_problems(problems: Iterable[Problem], *, notes: bool) -> None:
    """Print problems grouped by file, the worst first, to the error stream.

    Without `notes` the mere notes are only counted.
    """
    given = list(problems)
    shown = [one for one in given if notes or one.level is not Level.NOTE]
    for file, group in _by_file(shown):
        print(f"\n{file}" if file else "", file=sys.stderr)
        for problem in group:
            told = replace(problem, advice=advised(problem, COMMAND_LINE))
            text = told.text(with_file=False)
            print(f"  {_WORDS[problem.level]}: {text}", file=sys.stderr)
    left = len(given) - len(shown)
    if left:
        print(f"\n{counted(left, 'note')} more; see them with: workbook-builder check",
              file=sys.stderr)  # fmt: skip


def print_written(outcome: Outcome) -> None:
    """Print what was written."""
    month = outcome.month.label if outcome.month else ""
    hidden = sum(figure.status is Status.SUPPRESSED for figure in outcome.shown)
    blank = sum(figure.value is None for figure in outcome.shown) - hidden
    few = f" and {hidden} hidden, since small numbers are: [c]" if hidden else ""
    print(f"Written: {outcome.written}")
    print(f"Reporting month {month}; {counted(len(outcome.shown), 'figure')} of the whole service, "
          f"{blank} of them blank{few}.")  # fmt: skip


def print_sheets(outcome: Outcome) -> None:
    """Print what each sheet of each file was taken for."""
    for sheet in outcome.sheets:
        print(_sheet_line(sheet))
    if outcome.month:
        print(f"Reporting month: {outcome.month.label}")


def print_layouts(definitions: Definitions) -> None:
    """Print the layouts with their tables, and all measures with their titles."""
    print("Layouts")
    for name, layout in sorted(definitions.layouts.items()):
        print(f"  {name}: {layout.title}, {counted(layout.months, 'month')}")
        for table in layout.tables:
            print(f"    {table.name}: {counted(len(table.rows), 'indicator')}")
    print("Measures")
    for name, measure in sorted(definitions.measures.items()):
        print(f"  {name}: {measure.title}")


def _sheet_line(sheet: Sheet) -> str:
    name = f'{sheet.file}, sheet "{sheet.sheet}"' if sheet.sheet else sheet.file
    if not sheet.dataset:
        return f"{name}: {sheet.standard or 'not recognised'}"
    days = ""
    if sheet.first_day and sheet.last_day:
        days = f", {day_label(sheet.first_day)} to {day_label(sheet.last_day)}"
    return f"{name}: {sheet.dataset}, {counted(sheet.rows_kept, 'row')}{days}"


def _by_file(problems: Sequence[Problem]) -> list[tuple[str, list[Problem]]]:
    groups: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda one: -one.level):
        groups.setdefault(problem.where.file, []).append(problem)
    return list(groups.items())
