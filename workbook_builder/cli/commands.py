"""The commands of the command line, each from its arguments to an exit status.

What is heavy is imported by the command that needs it: --help and the window come at once.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import io
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, TypeVar

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.atomic_write import remove_unfinished
from workbook_builder.crash_log import crash_log_sentence, write_crash_log
from workbook_builder.figures import OFF, Limit, Recalculation
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Where, has_errors

if TYPE_CHECKING:
    from workbook_builder.problems import Result
    from workbook_builder.request import OnProgress, Outcome, Progress, Request

ENGINES = ("duckdb", "spark")
COMMANDS = ("build", "check", "explain", "records", "worklist", "layouts", "council", "self-test")


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse what follows the program's name; a mistake ends the program with status 2.

    The option `recalculate` becomes a Recalculation, or None if it was not given.
    """
    parser = argument_parser()
    options = parser.parse_args(arguments)
    many = getattr(options, "authority", "") or getattr(options, "region", "")
    if many and getattr(options, "engine", "spark") != "spark":
        parser.error("--authority and --region need --engine spark")
    options.recalculate = recalculation_of(getattr(options, "recalculate", None))
    if options.command == "worklist":
        options.measures, options.inputs = measures_and_inputs(options.words)
        if not options.inputs:
            parser.error("give the extracts after the measures: worklist MEASURE... INPUT...")
        if not options.measures and not options.data_quality:
            parser.error("name a measure before the extracts, or ask for --data-quality")
    return options


def measures_and_inputs(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    """Sort the words of a worklist: measures come first, from the first path on all are inputs."""
    paths = [at for at, word in enumerate(words) if Path(word).exists() or _names_a_file(word)]
    first = min(paths, default=len(words))
    return tuple(words[:first]), tuple(map(Path, words[first:]))


#: What a file's name ends with; a measure's title may hold a full stop, too.
_ENDING = re.compile(r"\.[a-z]{3,4}", re.IGNORECASE)


def _names_a_file(word: str) -> bool:
    return word.startswith(".") or _ENDING.fullmatch(Path(word).suffix) is not None


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
        epilog="Without a command the window opens, with any files that you give. "
        "Exit status: 0 written, 1 the program is at fault, 2 the inputs are at fault and "
        "nothing was written.",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    build = commands.add_parser("build", help="build the workbook from extracts")
    _add_inputs_and_layout(build)
    build.add_argument("--out", type=Path, metavar="FILE",
                       help="the workbook to write (default: the layout's "
                            "file name)")  # fmt: skip
    build.add_argument("--slides", type=Path, metavar="DECK",
                       help="also write a PowerPoint deck: a file name ending in .pptx, or a "
                            "folder")  # fmt: skip
    build.add_argument("--replace", action="store_true",
                       help="replace a workbook that has more figures than the new one, or a "
                            "file that this program did not write; a backup is kept")  # fmt: skip
    build.add_argument("--comment", action="append", nargs=2, metavar=("NAME", "TEXT"),
                       help="commentary on a measure, the headline of a slide, or a key message "
                            "of the summary; may be repeated")  # fmt: skip
    build.add_argument("--recalculate", nargs="*", metavar="MEASURE_OR_MONTH",
                       help="after the inputs: use today's figures instead of published ones, "
                            "for all, for the measures named, or from a month on")  # fmt: skip
    _add_without(build)
    _add_covers(build)
    _add_engine(build)
    check = commands.add_parser(
        "check", help="say what each file is, and list every problem; write nothing"
    )
    _add_inputs_and_layout(check)
    _add_without(check)
    _add_covers(check)
    _add_engine(check)
    explain = commands.add_parser(
        "explain", help="say how a measure is counted; with inputs, show how its figures come about"
    )
    explain.add_argument("measure", metavar="MEASURE", help="a measure's key, such as cp_plan_rate")
    _add_inputs_and_layout(explain, needed=False)
    worklist = _add_worklist(commands)
    for command in (build, check, explain):
        command.add_argument("--suppress-under", type=_limit, metavar="N",
                             help="hide figures about 1 to N - 1 (N from 2 to 50), and those that "
                                  "would give them away; off hides none; as the layout says "
                                  "if left out")  # fmt: skip
    for command in (build, check, explain, worklist):
        command.add_argument("--verbose", action="store_true",
                             help="print every problem in full, notes too")  # fmt: skip
    _add_records(commands)
    _add_layouts(commands)
    _add_council(commands)
    commands.add_parser(
        "self-test",
        help="check this program: build the sample workbook and open the window, unseen",
    )
    return parser


def _add_without(command: argparse.ArgumentParser) -> None:
    command.add_argument("--without", action="append", type=Path, metavar="FILE",
                         help="leave out one of the inputs, by its path or its name alone, such as "
                              "one that cannot be read; may be repeated")  # fmt: skip


def _add_records(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    records = commands.add_parser(
        "records", help="write the records of a council's extracts as tables for a cluster"
    )
    records.add_argument("inputs", nargs="+", type=Path, metavar="INPUT",
                         help="an extract or a folder of extracts")  # fmt: skip
    records.add_argument("--out", type=Path, required=True, metavar="FOLDER",
                         help="where to write the tables, one folder for each dataset; other "
                              "councils' tables there are kept")  # fmt: skip
    records.add_argument("--authority", required=True, metavar="NAME",
                         help="the council whose records these are, as all tables should name "
                              "it")  # fmt: skip
    records.add_argument("--csv", action="store_true", help="write CSV instead of Parquet")
    records.add_argument("--verbose", action="store_true",
                         help="print every problem in full, notes too")  # fmt: skip


def _add_layouts(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    layouts = commands.add_parser("layouts", help="list the layouts and measures that are known")
    layouts.add_argument("--copy", metavar="NAME",
                         help="copy a supplied file, such as board or datasets/care, into your "
                              "own folder, to edit there")  # fmt: skip
    layouts.add_argument("--where", action="store_true",
                         help="say which folders definitions are read from")  # fmt: skip
    layouts.add_argument("--keep-edited", nargs="?", const="", metavar="FOLDER",
                         help="copy files that were changed inside the program into your own "
                              "folder, or another: an update does so before it "
                              "begins")  # fmt: skip


def _add_inputs_and_layout(command: argparse.ArgumentParser, *, needed: bool = True) -> None:
    command.add_argument("inputs", nargs="+" if needed else "*", type=Path, metavar="INPUT",
                         help="an extract (CSV, XLSX, XLS, XLSB, ODS) or a folder of "
                              "extracts")  # fmt: skip
    _add_layout_and_month(command)


def _add_council(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    council = commands.add_parser("council", help="write the profile of your council")
    council.add_argument("authority", nargs="?", default="", metavar="NAME_OR_CODE",
                         help="which council it is; the program asks if you leave it "
                              "out")  # fmt: skip
    council.add_argument("--out", type=Path, metavar="FOLDER",
                         help="where to write council.toml (default: your own folder)")  # fmt: skip
    council.add_argument("--replace", action="store_true",
                         help="replace an existing profile")  # fmt: skip


def _add_worklist(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        "worklist",
        help="list the children behind figures, in a separate workbook, if council.toml allows it",
    )
    command.add_argument("words", nargs="+", metavar="MEASURE... INPUT",
                         help="the measures, by key, reference or title; then the extracts or "
                              "folders, including council.toml")  # fmt: skip
    command.add_argument("--team", default="", metavar="NAME", help="list this team only")
    command.add_argument("--data-quality", action="store_true",
                         help="list every row that was not counted or not judged, and what to "
                              "correct")  # fmt: skip
    command.add_argument("--out", type=Path, metavar="FILE",
                         help="the workbook to write; the council's marking is added to its "
                              "name")  # fmt: skip
    _add_layout_and_month(command)
    _add_covers(command)
    command.add_argument("--engine", choices=ENGINES, default=ENGINES[0],
                         help="duckdb only: lists of children are made from files")  # fmt: skip
    return command


def _add_layout_and_month(command: argparse.ArgumentParser) -> None:
    command.add_argument("--layout", default="board", metavar="NAME_OR_FILE",
                         help="a layout's name or its TOML file (default: board)")  # fmt: skip
    command.add_argument("--month", type=_month, metavar="YYYY-MM",
                         help="the reporting month (default: the last one that the extracts "
                              "cover)")  # fmt: skip
    command.add_argument("--previous", type=Path, metavar="WORKBOOK",
                         help="last month's workbook, if it is not among the inputs")  # fmt: skip


def _add_covers(command: argparse.ArgumentParser) -> None:
    command.add_argument("--covers", type=_period, metavar="FROM..TO",
                         help="the days that all lists cover in full, such as "
                              "2022-07-01..2023-07-31 (default: worked out from the "
                              "records)")  # fmt: skip


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


def _period(text: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    try:
        period = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
    except ValueError:
        period = None
    if period is None or period[0] > period[1]:
        wanted = "write the first and last day like this: 2022-07-01..2023-07-31"
        raise argparse.ArgumentTypeError(f'"{text}" is not a period; {wanted}')
    return period


def _limit(text: str) -> Limit:
    if text == OFF:
        return OFF
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is neither a whole number nor off') from None


T = TypeVar("T")

#: Seconds between two looks: on Windows a thread that waits for good does not hear of Ctrl+C.
_POLL_SECONDS = 0.1
_THREAD_NAME = "interruptible work"


def run_interruptible(work: Callable[[], T]) -> T:
    """Do work in a thread; return or raise what it does, or raise KeyboardInterrupt at Ctrl+C.

    After Ctrl+C the work still goes on in its thread: the process must end by `exit_now`.
    """
    results: list[T] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as fault:  # the thread that waits raises it
            faults.append(fault)

    thread = threading.Thread(target=run, name=_THREAD_NAME, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_POLL_SECONDS)
    if faults:
        raise faults[0]
    return results[0]


def exit_now(status: int) -> NoReturn:
    """End this process with an exit status, without waiting for work that was interrupted.

    Nor does Python take the objects of a build apart, which takes a twentieth of the build. The
    exit functions of libraries are still called, but not after interrupted work.
    """
    if not any(thread.name == _THREAD_NAME for thread in threading.enumerate()):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream:  # a program without a console has none
            with suppress(OSError):  # its reader is gone
                stream.flush()
    os._exit(status)


def escape_unprintable() -> None:
    """Let every text be printed: characters that the output's encoding lacks are escaped.

    Windows writes to a file or a pipe in an encoding of 256 characters.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def discard_missing_output() -> bool:
    """Discard what is printed where there is no output; tell whether there is none.

    Windows gives a program that shows a window neither a console nor output.
    """
    missing = [name for name in ("stdout", "stderr") if getattr(sys, name) is None]
    for name in missing:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))
    return bool(missing)


OK, PROGRAM_AT_FAULT, INPUTS_AT_FAULT = 0, 1, 2
#: Garbage is collected after so many new objects: a build makes many, and hardly any cycles, and so
#: does loading the window.
GC_THRESHOLD = 50_000
#: The variables that say on Unix where a window may be shown.
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def run_command(arguments: Sequence[str], *, windowed: bool = False) -> int:
    """Run one command, or show the window, and return the exit status.

    The window opens if there are only paths, as when files are dropped on the icon. A `windowed`
    program has no console on which to say that a path is wrong: its window says so.
    """
    only_paths = all(_is_path(text) for text in arguments)
    is_command = not only_paths and (arguments[0] in COMMANDS or arguments[0].startswith("-"))
    opens_window = only_paths or (windowed and not is_command)
    options = parse_arguments([] if opens_window else arguments)
    commands = {
        "build": _build, "check": _check, "explain": _explain, "records": _records,
        "worklist": _worklist, "layouts": _layouts, "council": _council,
    }  # fmt: skip
    try:
        if options.version:
            status = _version()
        elif opens_window:
            status = show_window([Path(text) for text in arguments])
        elif options.command == "self-test":  # opens the window: Qt needs the main thread for it
            status = _self_test()
        else:
            gc.set_threshold(GC_THRESHOLD)
            status = run_interruptible(partial(commands[options.command], options))
        return status
    except KeyboardInterrupt:
        out: Path | None = getattr(options, "out", None)
        folders = out.glob("*/") if options.command == "records" and out else ()
        for folder in (out.parent if out else Path(), *folders):
            remove_unfinished(folder, os.getpid())
        print("Stopped. Nothing was written.", file=sys.stderr)
        return INPUTS_AT_FAULT
    except BrokenPipeError:  # whoever reads the output (head, more) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as fault:  # the outermost guard: a person never sees a traceback
        said = "Something went wrong inside the program; nothing was written."
        print(said, crash_log_sentence(write_crash_log(fault)), file=sys.stderr)
        return PROGRAM_AT_FAULT


def _is_path(text: str) -> bool:
    return not text.startswith("-") and text not in COMMANDS and Path(text).exists()


def show_window(paths: Sequence[Path]) -> int:
    """Show the window with some files until it is closed; without a display, say so."""
    on_unix = sys.platform not in ("win32", "darwin")
    if on_unix and not any(os.environ.get(name) for name in _DISPLAYS):
        print("There is no display to show the window on. To build without it: "
              "workbook-builder build INPUT...", file=sys.stderr)  # fmt: skip
        return INPUTS_AT_FAULT
    gc.set_threshold(GC_THRESHOLD)
    try:
        from workbook_builder.window.qt.main_window import run_window
    except ImportError:
        print("The window needs PySide6-Essentials, which is not installed or cannot be loaded. "
              "To build without it: workbook-builder build INPUT...", file=sys.stderr)  # fmt: skip
        return INPUTS_AT_FAULT
    return run_window(paths)


def _version() -> int:
    from workbook_builder.paths import program_version

    print(program_version())
    return OK


def _build(options: argparse.Namespace) -> int:
    from workbook_builder.build_workbook import build
    from workbook_builder.cli.printing import print_written

    if options.engine == "spark":
        return _build_on_spark(options)
    outcome = _with_progress_bar(build, _request(options))
    _print_problems(outcome.problems, options, outcome=outcome)
    if outcome.failed or outcome.written is None:
        print("Nothing was written.", file=sys.stderr)
        return INPUTS_AT_FAULT
    print_written(outcome)
    return OK


def _print_problems(
    problems: Sequence[Problem],
    options: argparse.Namespace,
    *,
    every: bool = False,
    outcome: Outcome | None = None,
) -> None:
    from workbook_builder.cli.printing import Detail, print_problems

    detail = Detail.FULL if options.verbose else Detail.EVERY if every else Detail.SHORT
    indicators = len({figure.measure for figure in outcome.shown}) if outcome else 0
    print_problems(problems, detail, indicators)


def _check(options: argparse.Namespace) -> int:
    from workbook_builder.build_workbook import check
    from workbook_builder.cli.printing import print_sheets

    if options.engine == "spark":
        return _check_on_spark(options)
    outcome = _with_progress_bar(check, _request(options))
    print_sheets(outcome)
    _print_problems(outcome.problems, options, every=True, outcome=outcome)
    return INPUTS_AT_FAULT if outcome.failed else OK


def _explain(options: argparse.Namespace) -> int:
    from workbook_builder.build_workbook import explain
    from workbook_builder.cli.printing import print_explained

    explained = _with_progress_bar(
        lambda request, on_progress: explain(request, options.measure, on_progress),
        _request(options),
    )
    _print_problems(explained.problems, options)
    if explained.explanation is None:
        return INPUTS_AT_FAULT
    print_explained(explained)
    return OK


def _records(options: argparse.Namespace) -> int:
    from workbook_builder.cli.printing import print_tables
    from workbook_builder.record_tables import write_record_tables

    kind: Literal["csv", "parquet"] = "csv" if options.csv else "parquet"
    with progress_bar() as on_progress:
        written = write_record_tables(
            options.inputs, options.authority, options.out, on_progress, kind
        )
    _print_problems(written.problems, options)
    if not written.files:
        print("Nothing was written.", file=sys.stderr)
        return INPUTS_AT_FAULT
    print_tables(written)
    return OK


def _worklist(options: argparse.Namespace) -> int:
    from workbook_builder.build_workbook import worklist
    from workbook_builder.cli.printing import print_listed
    from workbook_builder.request import WorklistRequest

    if options.engine == "spark":
        what = "tables do not say which file a record came from."
        _print_problems([Problem(catalogue.NO_LISTS_ON_SPARK, what)], options)
        return INPUTS_AT_FAULT
    asked = WorklistRequest(options.measures, options.team, options.data_quality)
    outcome = _with_progress_bar(
        lambda request, on_progress: worklist(request, asked, on_progress), _request(options)
    )
    _print_problems(outcome.problems, options)
    if outcome.failed or outcome.written is None:
        print("Nothing was written.", file=sys.stderr)
        return INPUTS_AT_FAULT
    print_listed(outcome)
    return OK


def _layouts(options: argparse.Namespace) -> int:
    from workbook_builder.cli.printing import Detail, print_layouts, print_problems
    from workbook_builder.definitions.load_definitions import known_definitions
    from workbook_builder.own_definitions import copy_shipped, folders_in_force, keep_edited

    if options.copy:
        return _print_written_file(copy_shipped(options.copy))
    if options.keep_edited is not None:
        kept = keep_edited(Path(options.keep_edited) if options.keep_edited else None)
        print_problems(kept.problems, Detail.EVERY)
        for path in kept.value:
            print(f"Kept: {path}")
        return PROGRAM_AT_FAULT if kept.problems else OK
    if options.where:
        for folder, what in folders_in_force():
            print(f"{folder} ({what})")
        print("Definitions in a later folder override those in an earlier one.")
        return OK
    known = known_definitions()
    print_problems(known.problems, Detail.EVERY)
    print_layouts(known.value)
    return INPUTS_AT_FAULT if has_errors(known.problems) else OK


def _council(options: argparse.Namespace) -> int:
    """Write a profile; without an argument ask whose, and before another is replaced."""
    from workbook_builder.own_definitions import PROFILE, own_profile, write_profile

    authority = options.authority or _answer("Which council? Its name or code: ")
    if not authority:
        print("Nothing was written.", file=sys.stderr)
        return INPUTS_AT_FAULT
    path = options.out / PROFILE if options.out else own_profile()
    replace_it = options.replace
    if path.exists() and not replace_it and not options.authority:
        answer = _answer(f"{path} already exists. Replace it? (y/n)  ")
        replace_it = answer.casefold() in ("y", "yes")
    return _print_written_file(write_profile(authority, path.parent, replace=replace_it))


def _answer(question: str) -> str:
    """Ask a question on the terminal; nothing where nobody can answer."""
    print(question, end="", flush=True)
    return sys.stdin.readline().strip() if sys.stdin else ""


def _print_written_file(written: Result[Path | None]) -> int:
    from workbook_builder.cli.printing import Detail, print_problems

    print_problems(written.problems, Detail.EVERY)
    if written.value is None:
        return INPUTS_AT_FAULT
    print(f"Written: {written.value}")
    return OK


def _self_test() -> int:
    from workbook_builder.self_test.checks import run_self_test

    return OK if run_self_test(print) else PROGRAM_AT_FAULT


def _request(options: argparse.Namespace) -> Request:
    from workbook_builder.figures import TypedText
    from workbook_builder.request import Request

    on_spark = getattr(options, "engine", "") == "spark"  # its tables are no files to read
    return Request(
        inputs=() if on_spark else tuple(options.inputs),
        layout=options.layout,
        month=options.month,
        out=getattr(options, "out", None),
        previous=options.previous,
        recalculate=options.recalculate,
        suppress_under=getattr(options, "suppress_under", None),
        covers=getattr(options, "covers", None),
        slides=getattr(options, "slides", None),
        replace_fuller=getattr(options, "replace", False),
        without=tuple(getattr(options, "without", None) or ()),
        typed=tuple(TypedText(*each) for each in getattr(options, "comment", None) or ()),
    )


def _with_progress_bar(use_case: Callable[[Request, OnProgress], T], request: Request) -> T:
    with progress_bar() as on_progress:
        return use_case(request, on_progress)


@contextmanager
def progress_bar() -> Iterator[OnProgress]:
    """Give a function that shows how far a run has come, on a terminal only."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda progress: None
        return
    from tqdm import tqdm

    with tqdm(total=1, leave=False, bar_format="{desc} |{bar:30}|") as bar:

        def show(progress: Progress) -> None:
            bar.set_description_str(progress.doing[:50].ljust(50), refresh=False)
            bar.total = progress.total
            bar.n = progress.done
            bar.refresh()

        yield show


# Tables of many councils, on Spark.


def _build_on_spark(options: argparse.Namespace) -> int:
    from workbook_builder.cli.printing import print_written

    outcomes = _outcomes_on_spark(options, write=True)
    for outcome in _each_problem_once(outcomes):
        _print_problems(outcome.problems, options, outcome=outcome)
        if outcome.written and not outcome.failed:
            print_written(outcome)
        else:
            print("A workbook was not written.", file=sys.stderr)
    return INPUTS_AT_FAULT if any(outcome.failed for outcome in outcomes) else OK


def _check_on_spark(options: argparse.Namespace) -> int:
    from workbook_builder.cli.printing import print_sheets

    outcomes = _outcomes_on_spark(options, write=False)
    for outcome in _each_problem_once(outcomes):
        print_sheets(outcome)
        _print_problems(outcome.problems, options, every=True, outcome=outcome)
    return INPUTS_AT_FAULT if any(outcome.failed for outcome in outcomes) else OK


def _outcomes_on_spark(options: argparse.Namespace, *, write: bool) -> Sequence[Outcome]:
    """Build or check the workbooks that the options ask for, one outcome each."""
    from workbook_builder.request import Outcome

    if len(options.inputs) != 1 or options.inputs[0].is_file():
        file = next((path.name for path in options.inputs if path.is_file()), "")
        what = "give one folder or schema of tables, and no files."
        return [Outcome((Problem(catalogue.OTHER_INPUT, what, Where(file)),))]
    try:
        from workbook_builder.councils import Wanted, build_many, check_many
    except ImportError as fault:
        if (fault.name or "").partition(".")[0] not in ("pyspark", "py4j"):
            raise
        return [Outcome((Problem(catalogue.NO_SPARK, "the package pyspark is not installed."),))]
    wanted = Wanted(str(options.inputs[0]), options.authority, options.region)
    with progress_bar() as on_progress:
        return (build_many if write else check_many)(wanted, _request(options), on_progress)


def _each_problem_once(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """Yield the outcomes without the problems that one before them has."""
    known: set[Problem] = set()
    for outcome in outcomes:
        new = tuple(problem for problem in outcome.problems if problem not in known)
        known |= set(new)
        yield replace(outcome, problems=new)
