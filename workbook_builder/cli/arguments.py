"""The command line's arguments. Nothing heavy is imported here, so that --help answers at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from workbook_builder.figures import OFF, Limit, Recalculation
from workbook_builder.months import Month

ENGINES = ("duckdb", "spark")
COMMANDS = ("build", "check", "explain", "layouts", "self-test")


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse what follows the program's name; a mistake ends the program with status 2.

    The option `recalculate` becomes a Recalculation, or None if it was not given.
    """
    parser = argument_parser()
    options = parser.parse_args(arguments)
    many = getattr(options, "authority", "") or getattr(options, "region", "")
    if many and options.engine != "spark":
        parser.error("--authority and --region go with --engine spark")
    options.recalculate = recalculation_of(getattr(options, "recalculate", None))
    return options


def recalculation_of(words: Sequence[str] | None) -> Recalculation | None:
    """Sort the words after --recalculate into measures and the first month; no word means all."""
    if words is None:
        return None
    months = [month for month in map(Month.parse, words) if month]
    measures = tuple(word for word in words if Month.parse(word) is None)
    return Recalculation(measures, min(months, default=None))


def argument_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="workbook-builder",
        description="Turns raw children's services extracts into the monthly board workbook.",
        epilog="Without a command the window opens, with the files that are given. "
        "Exit status: 0 written, 1 the program is at fault, 2 the inputs are at fault and "
        "nothing was written.",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    build = commands.add_parser("build", help="build the workbook from extracts")
    _add_inputs_and_layout(build)
    build.add_argument("--out", type=Path, metavar="FILE",
                       help="the workbook to write; the layout's own file name "
                            "if left out")  # fmt: skip
    build.add_argument("--recalculate", nargs="*", metavar="MEASURE_OR_MONTH",
                       help="after the inputs: take today's figures in place of published ones, "
                            "for all, for named measures, or from a month on")  # fmt: skip
    _add_engine(build)
    check = commands.add_parser(
        "check", help="say what each file was taken for, and every problem; write nothing"
    )
    _add_inputs_and_layout(check)
    _add_engine(check)
    explain = commands.add_parser(
        "explain", help="say how a measure is counted; with inputs, show how its figures come about"
    )
    explain.add_argument("measure", metavar="MEASURE", help="a measure's key, as cp_plan_rate")
    _add_inputs_and_layout(explain, needed=False)
    for command in (build, check, explain):
        command.add_argument("--suppress-under", type=_limit, metavar="N",
                             help="hide figures about 1 to N - 1 (N from 2 to 50), and those that "
                                  "would give them away; off hides none; as the layout says "
                                  "if left out")  # fmt: skip
    commands.add_parser("layouts", help="list the layouts and measures that are known")
    commands.add_parser(
        "self-test", help="check this program: build the sample workbook, open the window unseen"
    )
    return parser


def _add_inputs_and_layout(command: argparse.ArgumentParser, *, needed: bool = True) -> None:
    command.add_argument("inputs", nargs="+" if needed else "*", type=Path, metavar="INPUT",
                         help="an extract (CSV, XLSX, XLS, XLSB, ODS) or a folder of "
                              "extracts")  # fmt: skip
    command.add_argument("--layout", default="board", metavar="NAME_OR_FILE",
                         help="a layout's name or its TOML file (board if left out)")  # fmt: skip
    command.add_argument("--month", type=_month, metavar="YYYY-MM",
                         help="the reporting month; the last one that the extracts cover "
                              "if left out")  # fmt: skip
    command.add_argument("--previous", type=Path, metavar="WORKBOOK",
                         help="last month's workbook, if it is not among the inputs")  # fmt: skip


def _add_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument("--engine", choices=ENGINES, default=ENGINES[0],
                         help="what counts: duckdb, inside the program (if left out), or spark, "
                              "over tables of many councils: INPUT is then a folder of Parquet or "
                              "CSV folders, or a schema")  # fmt: skip
    command.add_argument("--authority", metavar="NAME", default="",
                         help="with spark: the authority whose workbook is wanted, or all for one "
                              "of each")  # fmt: skip
    command.add_argument("--region", metavar="NAME", default="",
                         help="with spark: one workbook of all authorities, under this name, with "
                              "authorities in place of teams")  # fmt: skip


def _month(text: str) -> Month:
    month = Month.parse(text)
    if month is None:
        raise argparse.ArgumentTypeError(f'"{text}" is not a month; write it as 2023-07')
    return month


def _limit(text: str) -> Limit:
    if text == OFF:
        return OFF
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is neither a whole number nor off') from None
