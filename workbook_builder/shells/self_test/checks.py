"""The checks of the self-test, from what came with the program to its window."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from platformdirs import user_log_path

from workbook_builder.paths import licences, program_version, shipped, without_own_layouts
from workbook_builder.problems import has_errors
from workbook_builder.shells.self_test.checked import Check, Checked, Failed, checked

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
        raise Failed("the folder LICENCES is not there or empty")
    return f"{len(found)} files"


def _layouts(folder: Path) -> str:
    from workbook_builder.run import known_definitions

    known = known_definitions()
    if has_errors(known.problems) or not known.value.layouts:
        raise Failed("they cannot be read")
    return f"{len(known.value.layouts)} layouts, {len(known.value.measures)} measures"


def _help(folder: Path) -> str:
    pages = list(shipped("docs").rglob("*.md"))
    if not pages:
        raise Failed("its pages are not there")
    return f"{len(pages)} pages"


def _reading(ending: str, folder: Path) -> str:
    from workbook_builder.building.looking import FileCache, look
    from workbook_builder.run import known_definitions

    file = _REFERRALS / f"referrals.{ending}"
    sheets = look(file, known_definitions().value, {}, FileCache()).value
    known = [(sheet.dataset, sheet.rows_kept) for sheet in sheets if sheet.dataset]
    if known != [("referrals", _ROWS)]:
        raise Failed("its referrals are not read as they stand there")
    return f"{_ROWS} referrals"


def _sample(folder: Path) -> str:
    from workbook_builder.shells.self_test.recorded import recorded
    from workbook_builder.shells.self_test.sample import build_sample, differences, read_back

    workbook = folder / "sample.xlsx"
    build_sample(workbook)
    now = read_back(workbook)
    other = list(differences(now, recorded()))
    if other:
        raise Failed("; ".join(other))
    return f"{len(now.sheets)} sheets and {now.number:,} figures as recorded"


def _window(folder: Path) -> str:
    try:
        from workbook_builder.shells.qt.off_screen import look_off_screen
    except ImportError:
        raise Failed("PySide6-Essentials is not installed or cannot be loaded") from None
    seen = look_off_screen(_REFERRALS / "referrals.xls", folder / "settings.json")
    if seen is None:
        raise Failed("it did not show what the worker read")
    return f"opened off screen; {seen}"


def _keep(outcomes: list[Checked]) -> None:
    """Keep the outcome in a log: the window's program has nowhere to print it."""
    try:
        log = user_log_path("workbook-builder", appauthor=False, ensure_exists=True)
        lines = "".join(f"{one.line}\n" for one in outcomes)
        (log / "self-test.log").write_text(lines, encoding="utf-8")
    except OSError:
        pass  # it was told already
