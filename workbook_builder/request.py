"""What is asked of a run and what comes of it, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from pathlib import Path

from workbook_builder.definitions.load_definitions import DEFAULT_LAYOUT
from workbook_builder.extracts.inputs import Reading
from workbook_builder.extracts.model import Assignment, Sheet
from workbook_builder.figures import (
    WHOLE_SERVICE,
    Figure,
    Figures,
    Limit,
    MonthInBrief,
    Recalculation,
    Revision,
    Status,
    TypedText,
)
from workbook_builder.measures.explain import Explanation
from workbook_builder.months import Month
from workbook_builder.problems import Problem, has_errors


@dataclass(frozen=True)
class Request:
    """What a person wishes: inputs, layout (a name or a file), month, and where the result goes.

    Without a month it is the last one that the extracts cover; without `out` the layout's own file
    name in the current folder. `written` is the time stamp of the workbook, now if left out.
    `previous` is last month's workbook, if it is not among the inputs; `recalculate` says which of
    its figures give way to today's. An output that another program has open is left alone: the new
    workbook goes beside it, or nowhere without `beside_if_locked`. `suppress_under` goes before
    what the layout says of small numbers. `covers` is the period of which all lists hold
    everything, as the person says. `slides` is the deck to write as well: a file, or a folder for
    one named as the workbook. What lies in the workbook's place and holds more figures, or is none
    of this program's, is only replaced with `replace_fuller`; a backup of it is kept. Files
    `without` which to build, by path or by name alone, are left out, and the workbook says so.
    `typed` are texts for the workbook: commentary, headlines and key messages.
    """

    inputs: tuple[Path, ...]
    layout: str = DEFAULT_LAYOUT
    month: Month | None = None
    out: Path | None = None
    written: datetime | None = None
    assigned: Mapping[str, Assignment] = field(default_factory=dict)
    previous: Path | None = None
    recalculate: Recalculation | None = None
    beside_if_locked: bool = True
    suppress_under: Limit | None = None
    covers: tuple[date, date] | None = None
    slides: Path | None = None
    replace_fuller: bool = False
    without: tuple[Path, ...] = ()
    typed: tuple[TypedText, ...] = ()


@dataclass(frozen=True)
class WorklistRequest:
    """Whose children a person wishes to see: those behind the figures of some measures.

    `measures` are keys, or references or titles that mean one measure only; `team` is the only one
    to list, all if left out. `data_quality` asks for the list of rows that were left out or not
    judged, with or without measures.
    """

    measures: tuple[str, ...]
    team: str = ""
    data_quality: bool = False


class Step(IntEnum):
    """The steps of a run: the per mille of its time after which each begins, as measured."""

    DEFINITIONS = 0
    READING = 150
    COUNTING = 500
    SHEETS = 840
    WRITING = 990
    DONE = 1000


@dataclass(frozen=True)
class Progress:
    """How far a run has come: what is being done now, and how much of the whole is done.

    The whole is the time that a usual run takes; within a step it goes by bytes of files, measures
    and sheets.
    """

    doing: str
    done: int
    total: int
    step: Step

    @classmethod
    def at(cls, doing: str, step: Step, share: float = 0.0) -> Progress:
        """Return the progress when a share (0 to 1) of a step is done."""
        end = min((one for one in Step if one > step), default=Step.DONE)
        return cls(doing, int(step + (end - step) * min(share, 1.0)), Step.DONE, step)


@dataclass(frozen=True)
class Outcome:
    """What came of a request: the file written, if any, and everything the user should know.

    `slides` is the deck, if one was written; `brief` what the month comes to.
    The tables show the figures of `measures` in the last `asked` months. All others serve
    comparisons and totals, or replace a measure that is blank.
    """

    problems: tuple[Problem, ...]
    written: Path | None = None
    month: Month | None = None
    sheets: tuple[Sheet, ...] = ()
    figures: Figures = field(default_factory=lambda: Figures(()))
    asked: int = 0
    measures: frozenset[str] = frozenset()
    revisions: tuple[Revision, ...] = ()
    slides: Path | None = None
    brief: MonthInBrief | None = None

    @property
    def shown(self) -> tuple[Figure, ...]:
        """The figures of the whole service that the tables ask for."""
        whole = [one for one in self.figures
                 if one.team == WHOLE_SERVICE and one.measure in self.measures]  # fmt: skip
        if self.month and self.asked:
            first = self.month.plus(1 - self.asked)
            whole = [one for one in whole if one.month >= first]
        return tuple(one for one in whole if one.status is not Status.BETWEEN_QUARTERS)

    @property
    def failed(self) -> bool:
        """Whether the inputs were at fault, so that nothing was written."""
        return has_errors(self.problems)


@dataclass(frozen=True)
class Explained(Outcome):
    """What came of the wish to have a measure explained; None where something was at fault.

    `withheld` says why its numbers are not given, where inputs were.
    """

    explanation: Explanation | None = None
    withheld: str = ""


OnProgress = Callable[[Progress], None]


class ProgressReporter:
    """Tells whoever watches a run how far it has come: by bytes of files, measures and sheets."""

    def __init__(self, on_progress: OnProgress, inputs: Sequence[Path]) -> None:
        self._on_progress = on_progress
        self._reading = Reading(inputs)

    def at(self, doing: str, step: Step, share: float = 0.0) -> None:
        """Tell what is being done, and what share of its step is done."""
        self._on_progress(Progress.at(doing, step, share))

    def reading(self, name: str) -> None:
        """Tell that a file is read next."""
        self.at(f"Reading {name}", Step.READING, self._reading.before(name))

    def counted(self, share: float) -> None:
        """Tell the share of the measures that is counted."""
        self.at("Counting", Step.COUNTING, share)

    def drawn(self, share: float) -> None:
        """Tell the share of the sheets that is drawn."""
        self.at("Laying out the sheets", Step.SHEETS, share)
