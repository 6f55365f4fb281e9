"""Build and check over tables of many councils, on Spark, for the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.atomic_write import clear_parts
from workbook_builder.cli.arguments import COMMANDS, parsed
from workbook_builder.cli.printing import print_problems, print_sheets, print_written
from workbook_builder.cli.process import seldom_collected, stoppable
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Where
from workbook_builder.request import OnProgress, Outcome, Progress, Request

if TYPE_CHECKING:
    from workbook_builder.figures import Recalculation


@contextmanager
def progress_bar() -> Iterator[OnProgress]:
    """Give a function that shows how far a run has come."""
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


T = TypeVar("T")

#: The variables that say on Unix where a window may be shown.
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

OK, PROGRAM_AT_FAULT, INPUTS_AT_FAULT = 0, 1, 2


def run_command(arguments: Sequence[str], *, windowed: bool = False) -> int:
    """Run one command, or show the window, and return the exit status.

    A program that is `windowed` has no console on which to say that a path is wrong: its window
    says so.
    """
    window = _asks_for_window(arguments) or (windowed and not _starts_with_word(arguments))
    wishes = parsed([] if window else arguments)
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "build": _build,
        "check": _check,
        "explain": _explain,
        "layouts": _layouts,
        "self-test": _self_test,
    }
    try:
        if wishes.version:
            return _version()
        if window:
            return _window([Path(given) for given in arguments])
        work = partial(commands[wishes.command], wishes)
        # The self-test opens the window, which Qt allows in the main thread only.
        return work() if wishes.command == "self-test" else stoppable(seldom_collected()(work))
    except KeyboardInterrupt:
        clear_parts((getattr(wishes, "out", None) or Path("x")).parent, os.getpid())
        print("Stopped. Nothing was written.", file=sys.stderr)
        return INPUTS_AT_FAULT
    except BrokenPipeError:  # whoever reads the output (head, more) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as fault:  # the outermost guard: a person never sees a traceback
        return _crashed(fault)


def _asks_for_window(arguments: Sequence[str]) -> bool:
    """Tell whether there is no command but perhaps files, as when they are dropped on the icon."""
    return all(not one.startswith("-") and _is_path(one) for one in arguments)


def _starts_with_word(arguments: Sequence[str]) -> bool:
    return arguments[0] in COMMANDS or arguments[0].startswith("-")


def _is_path(text: str) -> bool:
    return text not in COMMANDS and Path(text).exists()


def _window(paths: Sequence[Path]) -> int:
    on_unix = sys.platform not in ("win32", "darwin")
    if on_unix and not any(os.environ.get(name) for name in _DISPLAYS):
        print("There is no display to show the window on. To build without it: "
              "workbook-builder build INPUT...", file=sys.stderr)  # fmt: skip
        return INPUTS_AT_FAULT
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


def _build(wishes: argparse.Namespace) -> int:
    from workbook_builder.build_workbook import build
    from workbook_builder.cli.printing import print_problems, print_written

    if wishes.engine == "spark":
        pass

        return build_on_spark(wishes, _request(wishes, inputs=()))
    outcome = _with_bar(build, _request(wishes))
    print_problems(outcome.problems, notes=False)
    if outcome.failed or outcome.written is None:
        print("Nothing was written.", file=sys.stderr)
        return INPUTS_AT_FAULT
    print_written(outcome)
    return OK


def _check(wishes: argparse.Namespace) -> int:
    from workbook_builder.build_workbook import check
    from workbook_builder.cli.printing import print_problems, print_sheets

    if wishes.engine == "spark":
        pass

        return check_on_spark(wishes, _request(wishes, inputs=()))
    outcome = _with_bar(check, _request(wishes))
    print_sheets(outcome)
    print_problems(outcome.problems, notes=True)
    return INPUTS_AT_FAULT if outcome.failed else OK


def _explain(wishes: argparse.Namespace) -> int:
    from workbook_builder.build_workbook import explain
    from workbook_builder.cli.printing import print_explained, print_problems

    explained = _with_bar(
        lambda request, on_progress: explain(request, wishes.measure, on_progress),
        _request(wishes),
    )
    print_problems(explained.problems, notes=False)
    if explained.explanation is None:
        return INPUTS_AT_FAULT
    print_explained(explained)
    return OK


def _layouts(wishes: argparse.Namespace) -> int:
    from workbook_builder.cli.printing import print_layouts, print_problems
    from workbook_builder.definitions.load_definitions import known_definitions
    from workbook_builder.problems import has_errors

    known = known_definitions()
    print_problems(known.problems, notes=True)
    print_layouts(known.value)
    return INPUTS_AT_FAULT if has_errors(known.problems) else OK


def _self_test(wishes: argparse.Namespace) -> int:
    from workbook_builder.self_test.checks import run_self_test

    return OK if run_self_test(print) else PROGRAM_AT_FAULT


def _request(wishes: argparse.Namespace, inputs: Sequence[Path] | None = None) -> Request:
    from workbook_builder.request import Request

    return Request(
        inputs=tuple(wishes.inputs if inputs is None else inputs),
        layout=wishes.layout,
        month=wishes.month,
        out=getattr(wishes, "out", None),
        previous=wishes.previous,
        recalculate=_recalculation(getattr(wishes, "recalculate", None)),
        suppress_under=getattr(wishes, "suppress_under", None),
    )


def _recalculation(words: Sequence[str] | None) -> Recalculation | None:
    """Sort months from measures; no word at all means everything."""
    from workbook_builder.figures import Recalculation

    if words is None:
        return None
    months = [month for month in map(Month.parse, words) if month]
    measures = tuple(word for word in words if Month.parse(word) is None)
    return Recalculation(measures, min(months, default=None))


def _with_bar(use_case: Callable[[Request, OnProgress], T], request: Request) -> T:
    pass

    with progress_bar() as on_progress:
        return use_case(request, on_progress)


def _crashed(fault: Exception) -> int:
    from workbook_builder.cli.process import keep_log, log_words

    said = "Something went wrong inside the program; nothing was written."
    print(said, log_words(keep_log(fault)), file=sys.stderr)
    return PROGRAM_AT_FAULT


OK_ON_SPARK, INPUTS_AT_FAULT_ON_SPARK = 0, 2


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
        return [Outcome((Problem(catalogue.OTHER_INPUT, what, Where(file)),))]
    try:
        from workbook_builder.councils import Wanted, build_many, check_many
    except ImportError as fault:
        if (fault.name or "").partition(".")[0] not in ("pyspark", "py4j"):
            raise
        return [Outcome((Problem(catalogue.NO_SPARK, "the package pyspark is not there."),))]
    wanted = Wanted(str(wishes.inputs[0]), wishes.authority, wishes.region)
    with progress_bar() as on_progress:
        return (build_many if write else check_many)(wanted, request, on_progress)


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
    return INPUTS_AT_FAULT_ON_SPARK if any(outcome.failed for outcome in outcomes) else OK_ON_SPARK
