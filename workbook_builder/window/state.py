"""What the window shows, as frozen values, and the build that they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from workbook_builder.figures import Limit
from workbook_builder.months import Month
from workbook_builder.names import distinct_names, same_name
from workbook_builder.problems import Level, counted
from workbook_builder.window.messages import (
    Assigned,
    BuildFinished,
    DatasetChoice,
    FileSummary,
    LayoutChoice,
    Options,
    ShownProblem,
    WorkerFault,
)

_MONTHS_BEFORE, _MONTHS_AFTER = 36, 2


@dataclass(frozen=True)
class InputEntry:
    """A file in the list: its path, what a person gave, and what it was recognised as.

    A path that is not `opened` may still be a folder; `whole` says that everything in the folder
    that was given is in the list.
    """

    path: Path
    given: Path
    opened: bool = False
    whole: bool = True
    summary: FileSummary | None = None

    @property
    def known(self) -> bool:
        """Whether one of its sheets was recognised."""
        return bool(self.summary and any(sheet.known for sheet in self.summary.sheets))

    def has(self, mark: str) -> bool:
        """Tell whether a sheet has headings with this mark."""
        return bool(self.summary and any(sheet.mark == mark for sheet in self.summary.sheets))

    @property
    def problem_counts(self) -> str:
        """How many errors, warnings and notes there are: "2 warnings, 1 note"."""
        if self.summary is None:
            return "Not read yet"
        levels = [problem.level for problem in self.summary.problems]
        return ", ".join(
            counted(levels.count(level), level.name.lower())
            for level in sorted(Level, reverse=True)
            if level in levels
        )


@dataclass(frozen=True)
class State:
    """All that the window shows.

    `month` and `name` are a person's; without them the proposed month and the layout's own name
    are taken. `share` (0 to 1) is how much of the build is done; with `writing` it cannot be
    stopped any more. `combined_problems` are those of all files together, once they have been
    looked over, and `previous_words` describe the workbook that was named as last month's.
    `refused` are the problems of a layout file that cannot be used.
    """

    entries: tuple[InputEntry, ...] = ()
    opening_problems: Mapping[Path, tuple[ShownProblem, ...]] = field(default_factory=dict)
    definition_problems: tuple[ShownProblem, ...] = ()
    refused: tuple[ShownProblem, ...] = ()
    combined_problems: tuple[ShownProblem, ...] | None = None
    layouts: tuple[LayoutChoice, ...] = ()
    datasets: tuple[DatasetChoice, ...] = ()
    layout: str = ""
    month: Month | None = None
    proposed: Month | None = None
    proposing: bool = False
    reading: Path | None = None
    folder: str = ""
    name: str = ""
    name_by_hand: bool = False
    previous: Path | None = None
    previous_words: str = ""
    suppress_under: Limit | None = None
    recalculate: bool = False
    since: Month | None = None
    building: bool = False
    writing: bool = False
    doing: str = ""
    share: float = 0.0
    result: BuildFinished | None = None
    crash: WorkerFault | None = None
    message: str = ""

    @cached_property
    def names(self) -> Mapping[Path, str]:
        """What each file is called: with as much of its folder as distinguishes it."""
        return distinct_names(entry.path for entry in self.entries)

    @cached_property
    def problems(self) -> tuple[ShownProblem, ...]:
        """All problems: of the last build, of the definitions, and of the files in the list."""
        built = self.result.problems if self.result else ()
        of_files = self.combined_problems
        if of_files is None:
            of_files = tuple(self._problems_file_by_file())
        return tuple(dict.fromkeys((*built, *self.refused, *self.definition_problems, *of_files)))

    def _problems_file_by_file(self) -> Iterator[ShownProblem]:
        """Yield what was met in each file by itself."""
        for path in dict.fromkeys(entry.given for entry in self.entries):
            yield from self.opening_problems.get(path, ())
        for entry in self.entries:
            for problem in entry.summary.problems if entry.summary else ():
                is_its_own = problem.file == entry.path.name
                yield replace(problem, file=self.names[entry.path]) if is_its_own else problem

    @property
    def previous_names(self) -> tuple[str, ...]:
        """The names of earlier workbooks: the one that was named, else those in the list."""
        if self.previous:
            return (self.previous.name,)
        return tuple(
            self.names[entry.path] for entry in self.entries if entry.summary and entry.summary.past
        )

    @property
    def all_looked_at(self) -> bool:
        """Whether every file has been looked at."""
        return all(entry.summary for entry in self.entries)

    @property
    def month_can_be_proposed(self) -> bool:
        """Whether there is anything that tells a month, or that is to be looked at."""
        return bool(self.previous) or any(entry.known for entry in self.entries)

    @property
    def chosen_layout(self) -> LayoutChoice | None:
        """The layout that is chosen."""
        return next((layout for layout in self.layouts if layout.name == self.layout), None)

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that may be chosen, the latest first."""
        around = self.proposed or self.month
        if around is None:
            return ()
        return tuple(around.plus(step) for step in range(_MONTHS_AFTER, -_MONTHS_BEFORE, -1))


def options_of(state: State, assigned: Assigned) -> Options:
    """Return what a build of what is shown would be asked for."""
    out, name = Path(state.folder), state.name.strip()
    if name:  # else the folder alone: the build names the workbook
        out /= name if name.lower().endswith(".xlsx") else f"{name}.xlsx"
    return Options(
        inputs=inputs_of(state.entries),
        layout=state.layout,
        month=state.month or state.proposed,
        out=out,
        assigned=assigned,
        recalculate=state.recalculate and bool(state.previous_names),
        since=state.since,
        previous=state.previous,
        suppress_under=state.suppress_under,
    )


def inputs_of(entries: Iterable[InputEntry]) -> tuple[Path, ...]:
    """Return what is to be read: folders as they were given, unless a file of them was removed."""
    return tuple(dict.fromkeys(entry.given if entry.whole else entry.path for entry in entries))


def layout_file(layout: str) -> str:
    """Return the file of a layout that is a single file; nothing for one that is known by name."""
    return layout if layout.lower().endswith(".toml") else ""


def missing_columns(dataset: DatasetChoice, headings: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that a dataset must have and that no heading means."""
    names = {same_name(text) for text in headings}
    return tuple(column.name for column in dataset.required if not column.headings & names)
