"""The command line's words. Nothing heavy is imported here, so that --help answers at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from workbook_builder.figures import OFF, Limit
from workbook_builder.months import Month

ENGINES = ("duckdb", "spark")

COMMANDS = ("build", "check", "explain", "layouts", "self-test")

_INPUT_HELP = "an extract (CSV, XLSX, XLS, XLSB, ODS) or a folder of extracts"


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


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the words after the program's name; what does not go together ends the program."""
    root = parser()
    wishes = root.parse_args(arguments)
    many = getattr(wishes, "authority", "") or getattr(wishes, "region", "")
    if many and wishes.engine != "spark":
        root.error("--authority and --region go with --engine spark")
    return wishes


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    root = argparse.ArgumentParser(
        prog="workbook-builder",
        description="Turns raw children's services extracts into the monthly board workbook.",
        epilog="Without a command the window opens, with the files that are given. "
        "Exit status: 0 written, 1 the program is at fault, 2 the inputs are at fault and "
        "nothing was written.",
    )
    root.add_argument("--version", action="store_true", help="print the version")
    commands = root.add_subparsers(dest="command", metavar="COMMAND")
    build = commands.add_parser("build", help="build the workbook from extracts")
    _inputs_and_layout(build)
    build.add_argument("--out", type=Path, metavar="FILE",
                       help="the workbook to write; the layout's own file name "
                            "if left out")  # fmt: skip
    build.add_argument("--recalculate", nargs="*", metavar="MEASURE_OR_MONTH",
                       help="after the inputs: take today's figures in place of published ones, "
                            "for all, for named measures, or from a month on")  # fmt: skip
    _engine(build)
    check = commands.add_parser(
        "check", help="say what each file was taken for, and every problem; write nothing"
    )
    _inputs_and_layout(check)
    _engine(check)
    explain = commands.add_parser(
        "explain", help="say how a measure is counted; with inputs, show how its figures come about"
    )
    explain.add_argument("measure", metavar="MEASURE", help="a measure's key, as cp_plan_rate")
    _inputs_and_layout(explain, needed=False)
    for command in (build, check, explain):
        command.add_argument("--suppress-under", type=_limit, metavar="N",
                             help="hide figures about 1 to N - 1 (N from 2 to 50), and those that "
                                  "would give them away; off hides none; as the layout says "
                                  "if left out")  # fmt: skip
    commands.add_parser("layouts", help="list the layouts and measures that are known")
    commands.add_parser(
        "self-test", help="check this program: build the sample workbook, open the window unseen"
    )
    return root


def _inputs_and_layout(command: argparse.ArgumentParser, *, needed: bool = True) -> None:
    many = "+" if needed else "*"
    command.add_argument("inputs", nargs=many, type=Path, metavar="INPUT", help=_INPUT_HELP)
    command.add_argument("--layout", default="board", metavar="NAME_OR_FILE",
                         help="a layout's name or its TOML file (board if left out)")  # fmt: skip
    command.add_argument("--month", type=_month, metavar="YYYY-MM",
                         help="the reporting month; the last one that the extracts cover "
                              "if left out")  # fmt: skip
    command.add_argument("--previous", type=Path, metavar="WORKBOOK",
                         help="last month's workbook, if it is not among the inputs")  # fmt: skip


def _engine(command: argparse.ArgumentParser) -> None:
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
