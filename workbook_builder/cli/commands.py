"""The commands of the command line, each from its arguments to an exit status.

What is heavy is imported by the command that needs it: --help and the window come at once.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.atomic_write import remove_unfinished
from workbook_builder.cli.arguments import COMMANDS, parse_arguments
from workbook_builder.cli.process import run_interruptible
from workbook_builder.crash_log import crash_log_sentence, write_crash_log
from workbook_builder.problems import Problem, Where, has_errors

if TYPE_CHECKING:
    from workbook_builder.request import OnProgress, Outcome, Progress, Request

T = TypeVar("T")

OK, PROGRAM_AT_FAULT, INPUTS_AT_FAULT = 0, 1, 2
#: Garbage is collected after so many new objects: a build makes many, and hardly any cycles.
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
    commands = {"build": _build, "check": _check, "explain": _explain, "layouts": _layouts}
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
        out = getattr(options, "out", None)
        remove_unfinished(out.parent if out else Path(), os.getpid())
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
    try:
        from workbook_builder.window.qt.application import run_window
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
    from workbook_builder.cli.printing import print_problems, print_written

    if options.engine == "spark":
        return _build_on_spark(options)
    outcome = _with_progress_bar(build, _request(options))
    print_problems(outcome.problems, notes=False)
    if outcome.failed or outcome.written is None:
        print("Nothing was written.", file=sys.stderr)
        return INPUTS_AT_FAULT
    print_written(outcome)
    return OK


def _check(options: argparse.Namespace) -> int:
    from workbook_builder.build_workbook import check
    from workbook_builder.cli.printing import print_problems, print_sheets

    if options.engine == "spark":
        return _check_on_spark(options)
    outcome = _with_progress_bar(check, _request(options))
    print_sheets(outcome)
    print_problems(outcome.problems, notes=True)
    return INPUTS_AT_FAULT if outcome.failed else OK


def _explain(options: argparse.Namespace) -> int:
    from workbook_builder.build_workbook import explain
    from workbook_builder.cli.printing import print_explained, print_problems

    explained = _with_progress_bar(
        lambda request, on_progress: explain(request, options.measure, on_progress),
        _request(options),
    )
    print_problems(explained.problems, notes=False)
    if explained.explanation is None:
        return INPUTS_AT_FAULT
    print_explained(explained)
    return OK


def _layouts(options: argparse.Namespace) -> int:
    from workbook_builder.cli.printing import print_layouts, print_problems
    from workbook_builder.definitions.load_definitions import known_definitions

    known = known_definitions()
    print_problems(known.problems, notes=True)
    print_layouts(known.value)
    return INPUTS_AT_FAULT if has_errors(known.problems) else OK


def _self_test() -> int:
    from workbook_builder.self_test.checks import run_self_test

    return OK if run_self_test(print) else PROGRAM_AT_FAULT


def _request(options: argparse.Namespace) -> Request:
    from workbook_builder.request import Request

    on_spark = getattr(options, "engine", "") == "spark"  # its tables are no files to read
    return Request(
        inputs=() if on_spark else tuple(options.inputs),
        layout=options.layout,
        month=options.month,
        out=getattr(options, "out", None),
        previous=options.previous,
        recalculate=options.recalculate,
        suppress_under=options.suppress_under,
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
    from workbook_builder.cli.printing import print_problems, print_written

    outcomes = _outcomes_on_spark(options, write=True)
    for outcome in _each_problem_once(outcomes):
        print_problems(outcome.problems, notes=False)
        if outcome.written and not outcome.failed:
            print_written(outcome)
        else:
            print("A workbook was not written.", file=sys.stderr)
    return INPUTS_AT_FAULT if any(outcome.failed for outcome in outcomes) else OK


def _check_on_spark(options: argparse.Namespace) -> int:
    from workbook_builder.cli.printing import print_problems, print_sheets

    outcomes = _outcomes_on_spark(options, write=False)
    for outcome in _each_problem_once(outcomes):
        print_sheets(outcome)
        print_problems(outcome.problems, notes=True)
    return INPUTS_AT_FAULT if any(outcome.failed for outcome in outcomes) else OK


def _outcomes_on_spark(options: argparse.Namespace, *, write: bool) -> Sequence[Outcome]:
    """Build or check the workbooks that the options ask for, one outcome each."""
    from workbook_builder.request import Outcome

    if len(options.inputs) != 1 or options.inputs[0].is_file():
        file = next((path.name for path in options.inputs if path.is_file()), "")
        what = "there must be one folder or schema of tables, and no files."
        return [Outcome((Problem(catalogue.OTHER_INPUT, what, Where(file)),))]
    try:
        from workbook_builder.councils import Wanted, build_many, check_many
    except ImportError as fault:
        if (fault.name or "").partition(".")[0] not in ("pyspark", "py4j"):
            raise
        return [Outcome((Problem(catalogue.NO_SPARK, "the package pyspark is not there."),))]
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
