"""The command line: build, check, explain, layouts, self-test; else the window."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workbook_builder.months import Month
from workbook_builder.shells.arguments import COMMANDS, parsed
from workbook_builder.shells.collecting import seldom_collected
from workbook_builder.shells.stopping import stoppable
from workbook_builder.writing import clear_parts

if TYPE_CHECKING:
    from workbook_builder.revisions import Recalculation
    from workbook_builder.run import OnProgress, Request

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
        from workbook_builder.shells.qt.window import run_window
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
    from workbook_builder import run
    from workbook_builder.shells.report import print_problems, print_written

    if wishes.engine == "spark":
        from workbook_builder.shells.on_spark import build_on_spark

        return build_on_spark(wishes, _request(wishes, inputs=()))
    outcome = _with_bar(run.build, _request(wishes))
    print_problems(outcome.problems, notes=False)
    if outcome.failed or outcome.written is None:
        print("Nothing was written.", file=sys.stderr)
        return INPUTS_AT_FAULT
    print_written(outcome)
    return OK


def _check(wishes: argparse.Namespace) -> int:
    from workbook_builder import run
    from workbook_builder.shells.report import print_problems, print_sheets

    if wishes.engine == "spark":
        from workbook_builder.shells.on_spark import check_on_spark

        return check_on_spark(wishes, _request(wishes, inputs=()))
    outcome = _with_bar(run.check, _request(wishes))
    print_sheets(outcome)
    print_problems(outcome.problems, notes=True)
    return INPUTS_AT_FAULT if outcome.failed else OK


def _explain(wishes: argparse.Namespace) -> int:
    from workbook_builder import run
    from workbook_builder.shells.explained import print_explained
    from workbook_builder.shells.report import print_problems

    explained = _with_bar(
        lambda request, on_progress: run.explain(request, wishes.measure, on_progress),
        _request(wishes),
    )
    print_problems(explained.problems, notes=False)
    if explained.explanation is None:
        return INPUTS_AT_FAULT
    print_explained(explained)
    return OK


def _layouts(wishes: argparse.Namespace) -> int:
    from workbook_builder import run
    from workbook_builder.problems import has_errors
    from workbook_builder.shells.report import print_layouts, print_problems

    known = run.known_definitions()
    print_problems(known.problems, notes=True)
    print_layouts(known.value)
    return INPUTS_AT_FAULT if has_errors(known.problems) else OK


def _self_test(wishes: argparse.Namespace) -> int:
    from workbook_builder.shells.self_test.checks import run_self_test

    return OK if run_self_test(print) else PROGRAM_AT_FAULT


def _request(wishes: argparse.Namespace, inputs: Sequence[Path] | None = None) -> Request:
    from workbook_builder.run import Request

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
    from workbook_builder.revisions import Recalculation

    if words is None:
        return None
    months = [month for month in map(Month.parse, words) if month]
    measures = tuple(word for word in words if Month.parse(word) is None)
    return Recalculation(measures, min(months, default=None))


def _with_bar(use_case: Callable[[Request, OnProgress], T], request: Request) -> T:
    from workbook_builder.shells.bar import progress_bar

    with progress_bar() as on_progress:
        return use_case(request, on_progress)


def _crashed(fault: Exception) -> int:
    from workbook_builder.shells.crash import keep_log, log_words

    said = "Something went wrong inside the program; nothing was written."
    print(said, log_words(keep_log(fault)), file=sys.stderr)
    return PROGRAM_AT_FAULT
