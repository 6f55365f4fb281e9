"""The checks of the self-test, from what came with the program to its window."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from platformdirs import user_log_path

from workbook_builder.cli.process import keep_log, log_words
from workbook_builder.paths import licences, program_version, shipped, without_own_layouts
from workbook_builder.problems import has_errors


class CheckFailed(Exception):
    """What a check found is not what it should be; the words say what."""


@dataclass(frozen=True)
class Check:
    """One check: what it is of, and a function that says what it found or raises Failed.

    The function is given a folder of its own, which is gone afterwards.
    """

    what: str
    look: Callable[[Path], str]


@dataclass(frozen=True)
class Checked:
    """What came of a check."""

    what: str
    found: str
    passed: bool

    @property
    def line(self) -> str:
        """The outcome in one line."""
        return f"{'ok' if self.passed else 'FAILED':8}{self.what}: {self.found}"


def checked(check: Check, folder: Path) -> Checked:
    """Make a check; a fault of the program fails it, and is kept in the log."""
    try:
        return Checked(check.what, check.look(folder), passed=True)
    except CheckFailed as fault:
        return Checked(check.what, str(fault), passed=False)
    except Exception as fault:
        found = f"{type(fault).__name__}. {log_words(keep_log(fault))}"
        return Checked(check.what, found, passed=False)


#: The same three referrals in each kind of workbook; old and rare ones are read in a process apart.
KINDS = ("xlsx", "xls", "xlsb", "ods")
_REFERRALS = Path(__file__).parent / "kinds"
_ROWS = 3


def run_self_test(tell: Callable[[str], None]) -> bool:
    """Make every check, telling the outcome of each in one line; return whether all passed."""
    with without_own_layouts(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        outcomes = [_told(one, tell) for one in _outcomes(Path(folder))]
    passed = sum(one.passed for one in outcomes)
    tell(f"{passed} of {len(outcomes)} checks passed. Workbook Builder {program_version()}")
    _keep(outcomes)
    return passed == len(outcomes)


def _told(outcome: Checked, tell: Callable[[str], None]) -> Checked:
    tell(outcome.line)
    return outcome


def _outcomes(folder: Path) -> Iterator[Checked]:
    for at, check in enumerate(checks()):
        own = folder / str(at)
        own.mkdir()
        yield checked(check, own)


def checks() -> Iterator[Check]:
    """Yield the checks in the order in which they are made."""
    if getattr(sys, "frozen", False):
        yield Check("Licences", _licences)
    yield Check("Layouts", _layouts)
    yield Check("Help", _help)
    for ending in KINDS:
        yield Check(f"Reading .{ending}", partial(_reading, ending))
    yield Check("Sample workbook", _sample)
    yield Check("Window", _window)


def _licences(folder: Path) -> str:
    found = [file for file in licences().rglob("*") if file.is_file()]
    if not found:
        raise CheckFailed("the folder LICENCES is not there or empty")
    return f"{len(found)} files"


def _layouts(folder: Path) -> str:
    from workbook_builder.definitions.load_definitions import known_definitions

    known = known_definitions()
    if has_errors(known.problems) or not known.value.layouts:
        raise CheckFailed("they cannot be read")
    return f"{len(known.value.layouts)} layouts, {len(known.value.measures)} measures"


def _help(folder: Path) -> str:
    pages = list(shipped("docs").rglob("*.md"))
    if not pages:
        raise CheckFailed("its pages are not there")
    return f"{len(pages)} pages"


def _reading(ending: str, folder: Path) -> str:
    from workbook_builder.definitions.load_definitions import known_definitions
    from workbook_builder.extracts.file_cache import FileCache
    from workbook_builder.preview import look

    file = _REFERRALS / f"referrals.{ending}"
    sheets = look(file, known_definitions().value, {}, FileCache()).value
    known = [(sheet.dataset, sheet.rows_kept) for sheet in sheets if sheet.dataset]
    if known != [("referrals", _ROWS)]:
        raise CheckFailed("its referrals are not read as they stand there")
    return f"{_ROWS} referrals"


def _sample(folder: Path) -> str:
    from workbook_builder.self_test.sample import build_sample, differences, read_back, recorded

    workbook = folder / "sample.xlsx"
    build_sample(workbook)
    now = read_back(workbook)
    other = list(differences(now, recorded()))
    if other:
        raise CheckFailed("; ".join(other))
    return f"{len(now.sheets)} sheets and {now.number:,} figures as recorded"


def _window(folder: Path) -> str:
    try:
        from workbook_builder.window.qt.main_window import look_off_screen
    except ImportError:
        raise CheckFailed("PySide6-Essentials is not installed or cannot be loaded") from None
    seen = look_off_screen(_REFERRALS / "referrals.xls", folder / "settings.json")
    if seen is None:
        raise CheckFailed("it did not show what the worker read")
    return f"opened off screen; {seen}"


def _keep(outcomes: list[Checked]) -> None:
    """Keep the outcome in a log: the window's program has nowhere to print it."""
    try:
        log = user_log_path("workbook-builder", appauthor=False, ensure_exists=True)
        lines = "".join(f"{one.line}\n" for one in outcomes)
        (log / "self-test.log").write_text(lines, encoding="utf-8")
    except OSError:
        pass  # it was told already
