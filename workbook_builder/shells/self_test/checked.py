"""A check of the self-test, and how its outcome is told: in one line that holds no data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.shells.crash import keep_log, log_words


class Failed(Exception):
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
    except Failed as fault:
        return Checked(check.what, str(fault), passed=False)
    except Exception as fault:
        found = f"{type(fault).__name__}. {log_words(keep_log(fault))}"
        return Checked(check.what, found, passed=False)
