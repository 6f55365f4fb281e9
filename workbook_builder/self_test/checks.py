"""The checks of the self-test, from what came with the program to its window."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from platformdirs import user_log_path

from workbook_builder.crash_log import crash_log_sentence, write_crash_log
from workbook_builder.paths import licences, program_version, shipped, without_user_layouts
from workbook_builder.problems import has_errors

#: The same three referrals in each kind of workbook; old and rare ones are read in a sandbox.
KINDS = ("xlsx", "xls", "xlsb", "ods")
_REFERRALS = Path(__file__).parent / "kinds"
_ROWS = 3


class CheckFailed(Exception):
    """What a check found is not what it should be; the message says what."""


@dataclass(frozen=True)
class Check:
    """One check: its subject, and a function that returns what it found or raises CheckFailed.

    The function is given a folder of its own, which is deleted afterwards.
    """

    subject: str
    run: Callable[[Path], str]


@dataclass(frozen=True)
class CheckResult:
    """What came of a check."""

    subject: str
    detail: str
    passed: bool

    @property
    def line(self) -> str:
        """The result in one line."""
        return f"{'ok' if self.passed else 'FAILED':8}{self.subject}: {self.detail}"


def run_self_test(tell: Callable[[str], None]) -> bool:
    """Make every check, telling the result of each in one line; return whether all passed.

    The results are kept in a log as well: the window's program has nowhere to print them.
    """
    results = []
    with without_user_layouts(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for number, check in enumerate(checks()):
            check_folder = Path(folder) / str(number)
            check_folder.mkdir()
            results.append(run_check(check, check_folder))
            tell(results[-1].line)
    passed = sum(result.passed for result in results)
    tell(f"{passed} of {len(results)} checks passed. Workbook Builder {program_version()}")
    try:
        log = user_log_path("workbook-builder", appauthor=False, ensure_exists=True)
        lines = "".join(f"{result.line}\n" for result in results)
        (log / "self-test.log").write_text(lines, encoding="utf-8")
    except OSError:
        pass  # it was told already
    return passed == len(results)


def run_check(check: Check, folder: Path) -> CheckResult:
    """Make a check; a fault of the program fails it and goes to the crash log."""
    try:
        return CheckResult(check.subject, check.run(folder), passed=True)
    except CheckFailed as failure:
        return CheckResult(check.subject, str(failure), passed=False)
    except Exception as fault:
        detail = f"{type(fault).__name__}. {crash_log_sentence(write_crash_log(fault))}"
        return CheckResult(check.subject, detail, passed=False)


def checks() -> Iterator[Check]:
    """Yield the checks in the order in which they are made."""
    if getattr(sys, "frozen", False):
        yield Check("Licences", _check_licences)
    yield Check("Layouts", _check_layouts)
    yield Check("Help", _check_help)
    for ending in KINDS:
        yield Check(f"Reading .{ending}", partial(_check_reading, ending))
    yield Check("Sample workbook", _check_sample)
    yield Check("Window", _check_window)


def _check_licences(folder: Path) -> str:
    files = [file for file in licences().rglob("*") if file.is_file()]
    if not files:
        raise CheckFailed("the folder LICENCES is not there or empty")
    return f"{len(files)} files"


def _check_layouts(folder: Path) -> str:
    from workbook_builder.definitions.load_definitions import known_definitions

    known = known_definitions()
    if has_errors(known.problems) or not known.value.layouts:
        raise CheckFailed("they cannot be read")
    return f"{len(known.value.layouts)} layouts, {len(known.value.measures)} measures"


def _check_help(folder: Path) -> str:
    pages = list(shipped("docs").rglob("*.md"))
    if not pages:
        raise CheckFailed("its pages are not there")
    return f"{len(pages)} pages"


def _check_reading(ending: str, folder: Path) -> str:
    from workbook_builder.definitions.load_definitions import known_definitions
    from workbook_builder.extracts.file_cache import FileCache
    from workbook_builder.preview import look

    file = _REFERRALS / f"referrals.{ending}"
    sheets = look(file, known_definitions().value, {}, FileCache()).value
    known = [(sheet.dataset, sheet.rows_kept) for sheet in sheets if sheet.dataset]
    if known != [("referrals", _ROWS)]:
        raise CheckFailed("its referrals are not read as they stand there")
    return f"{_ROWS} referrals"


def _check_sample(folder: Path) -> str:
    from workbook_builder.self_test.record import (
        build_sample,
        differences,
        load_record,
        read_back,
    )

    workbook = folder / "sample.xlsx"
    build_sample(workbook)
    now = read_back(workbook)
    if different := list(differences(now, load_record())):
        raise CheckFailed("; ".join(different))
    return f"{len(now.sheets)} sheets and {now.number:,} figures as recorded"


def _check_window(folder: Path) -> str:
    try:
        from workbook_builder.window.qt.application import describe_off_screen
    except ImportError:
        raise CheckFailed("PySide6-Essentials is not installed or cannot be loaded") from None
    description = describe_off_screen(_REFERRALS / "referrals.xls", folder / "settings.json")
    if description is None:
        raise CheckFailed("it did not show what the worker read")
    return f"opened off screen; {description}"
