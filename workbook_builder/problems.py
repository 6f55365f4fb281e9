"""Problems as values: what happened, where, what the program did about it, what to do.

The bottom layer: nothing of ours is imported here. Functions return their result together with the
problems they met; only the shells show them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T")

_ROWS_SHOWN = 3


class Level(IntEnum):
    """How much a problem matters; higher is worse."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem: its stable code, its level, its title and the usual advice."""

    code: str
    level: Level
    title: str
    advice: str


@dataclass(frozen=True)
class Where:
    """The place of a problem; what does not apply is left out.

    `rows` are row numbers as a person counts them in the file (the first row is 1); `line` is a
    line of a TOML file and `key` the dotted path of the offending key in it.
    """

    file: str = ""
    sheet: str = ""
    rows: tuple[int, ...] = ()
    column: str = ""
    line: int | None = None
    key: str = ""

    def text(self, rows_shown: int = _ROWS_SHOWN) -> str:
        """Write the place in words, most general first, with so many row numbers at most."""
        parts = [
            _shown(self.file),
            f'sheet "{_shown(self.sheet)}"' if self.sheet else "",
            f"line {self.line}" if self.line else "",
            _rows_text(self.rows, rows_shown),
            f'column "{_shown(self.column)}"' if self.column else "",
            self.key,
        ]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Problem:
    """One thing that the user should know. Holds no value of any child's record.

    `indicators` are the titles of those that it touches, named behind `done`; `blank_figures` is
    how many figures of the whole service it leaves blank, `missing` a list that was not given.
    """

    kind: ProblemKind
    what: str
    where: Where = Where()
    done: str = ""
    advice: str = ""
    indicators: tuple[str, ...] = ()
    blank_figures: int = 0
    missing: str = ""

    @property
    def code(self) -> str:
        """The stable code of the problem's kind."""
        return self.kind.code

    @property
    def level(self) -> Level:
        """The level of the problem's kind."""
        return self.kind.level

    @property
    def to_do(self) -> str:
        """What the user can do: the advice for this case, else the usual one of its kind."""
        return self.advice or self.kind.advice

    def done_text(self, most: int | None = None) -> str:
        """Write what was done, and name the indicators that it touches, so many at most.

        Only their number is written where none is to be named.
        """
        if not self.indicators:
            return self.done
        if most == 0:
            return f"{self.done}: {counted(len(self.indicators), 'indicator')}."
        most = most or None
        names = "; ".join(f'"{title}"' for title in self.indicators[:most])
        more = len(self.indicators[most:]) if most else 0
        return f"{self.done}: {names}{f' and {more} more' if more else ''}."

    def text(self, most: int | None = None) -> str:
        """Write the problem as one line: place, what happened, what was done, what to do, code.

        At most so many indicators are named.
        """
        place = self._place()
        head = f"{place}: {self.what}" if place else self.what
        parts = (head, self.done_text(most), self.to_do, f"[{self.code}]")
        return " ".join(part for part in parts if part)

    def _place(self) -> str:
        """Write the place, without the column if the sentence names it."""
        named = self.where.column and self.where.column in self.what
        return (replace(self.where, column="") if named else self.where).text()


@dataclass(frozen=True)
class Result(Generic[T]):
    """A value together with the problems met while making it."""

    value: T
    problems: tuple[Problem, ...] = ()


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any problem is an error."""
    return any(problem.level is Level.ERROR for problem in problems)


def by_effect(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by what they do to the workbook.

    Errors come first, then what touches figures that are shown (most rows first), then what leaves
    figures blank (most first), then notes.
    """

    def effect(problem: Problem) -> tuple[int, bool, int, int]:
        rows = len(problem.where.rows)
        return -problem.level, problem.blank_figures > 0, -problem.blank_figures, -rows

    return sorted(problems, key=effect)


_LISTS_NAMED = 3


def missing_lists_together(problems: Iterable[Problem], indicators: int = 0) -> list[Problem]:
    """Return problems in their order, those of lists that were not given as one.

    It stands where the first of them stood, and says how many `indicators` (of so many that the
    tables have, if that is known) are blank for want of any of the lists.
    """
    every = list(problems)
    missing = [problem for problem in every if problem.missing]
    if len(missing) < 2:
        return every
    titles = tuple(dict.fromkeys(title for problem in missing for title in problem.indicators))
    names = ", ".join(problem.missing for problem in missing[:_LISTS_NAMED])
    more = len(missing) - _LISTS_NAMED
    named = f"{names} and {more} more" if more > 0 else names
    of_all = f" of {indicators}" if indicators else ""
    together = Problem(
        missing[0].kind,
        f"{len(missing)} lists were not given ({named}), so {len(titles)}{of_all} indicators are "
        "blank.",
        blank_figures=sum(problem.blank_figures for problem in missing),
    )
    at = every.index(missing[0])
    return [*every[:at], together, *(one for one in every[at:] if not one.missing)]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return 'Did you mean "x"?' with the nearest known name, or nothing if none is near."""
    if len(word) > _LONGEST_NAME:  # comparing takes the square of the length
        return ""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'Did you mean "{near[0]}"?' if near else ""


def listed(words: Iterable[str]) -> str:
    """Write words as a list in a sentence: "a, b, c"."""
    return ", ".join(sorted(words))


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: "1 row", "1,204 rows"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


_LONGEST_NAME = 200


def _shown(name: str) -> str:
    """Return a name as one line that can steer no terminal, cut short if it is very long."""
    plain = "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in name)
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[:_LONGEST_NAME]}..."


def _rows_text(rows: tuple[int, ...], most: int) -> str:
    if not rows:
        return ""
    shown = ", ".join(f"{row}" for row in rows[:most])
    more = len(rows) - most
    tail = f" and {more:,} more" if more > 0 else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {shown}{tail}"
