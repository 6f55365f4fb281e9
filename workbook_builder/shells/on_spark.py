"""Build and check over tables of many councils, on Spark, for the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from workbook_builder.engine import kinds
from workbook_builder.outcomes import Outcome, Request
from workbook_builder.problems import Problem, Where
from workbook_builder.shells.bar import progress_bar
from workbook_builder.shells.report import print_problems, print_sheets, print_written

OK, INPUTS_AT_FAULT = 0, 2


def build_on_spark(wishes: argparse.Namespace, request: Request) -> int:
    """Build the workbooks that are wanted, say what was written, and return the exit status."""
    outcomes = _outcomes(wishes, request, write=True)
    for outcome in _each_problem_once(outcomes):
        print_problems(outcome.problems, notes=False)
        if outcome.written and not outcome.failed:
            print_written(outcome)
        else:
            print("A workbook was not written.", file=sys.stderr)
    return _status(outcomes)


def check_on_spark(wishes: argparse.Namespace, request: Request) -> int:
    """Do all but write, say what each table was taken for, and return the exit status."""
    outcomes = _outcomes(wishes, request, write=False)
    for outcome in _each_problem_once(outcomes):
        print_sheets(outcome)
        print_problems(outcome.problems, notes=True)
    return _status(outcomes)


def _outcomes(wishes: argparse.Namespace, request: Request, *, write: bool) -> Sequence[Outcome]:
    if len(wishes.inputs) != 1 or wishes.inputs[0].is_file():
        file = next((one.name for one in wishes.inputs if one.is_file()), "")
        what = "there must be one folder or schema of tables, and no files."
        return [Outcome((Problem(kinds.OTHER_INPUT, what, Where(file)),))]
    try:
        from workbook_builder import many
    except ImportError as fault:
        if (fault.name or "").partition(".")[0] not in ("pyspark", "py4j"):
            raise
        return [Outcome((Problem(kinds.NO_SPARK, "the package pyspark is not there."),))]
    wanted = many.Wanted(str(wishes.inputs[0]), wishes.authority, wishes.region)
    with progress_bar() as on_progress:
        return (many.build_many if write else many.check_many)(wanted, request, on_progress)


def _each_problem_once(outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
    """Return the outcomes without the problems that one before them has."""
    said: set[Problem] = set()
    found: list[Outcome] = []
    for outcome in outcomes:
        new = tuple(one for one in outcome.problems if one not in said)
        said |= set(new)
        found.append(replace(outcome, problems=new))
    return found


def _status(outcomes: Sequence[Outcome]) -> int:
    return INPUTS_AT_FAULT if any(outcome.failed for outcome in outcomes) else OK
