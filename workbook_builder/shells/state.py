"""What the window shows, as frozen values, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from platformdirs import user_documents_path

from workbook_builder.figures import Limit
from workbook_builder.months import Month
from workbook_builder.names import same_name, told_apart
from workbook_builder.problems import Level, counted
from workbook_builder.shells.messages import (
    Assigned,
    Built,
    Crashed,
    DatasetKnown,
    Fault,
    FileSeen,
    LayoutKnown,
    Wishes,
)

WORDS = {Level.ERROR: "Error", Level.WARNING: "Warning", Level.NOTE: "Note"}
_MONTHS_BEFORE, _MONTHS_AFTER = 36, 2


@dataclass(frozen=True)
class Entry:
    """A file in the list: its path, what a person gave, and what it was seen to be.

    A path that is not `opened` may still be a folder; `whole` says that all that its folder gives
    stands in the list.
    """

    path: Path
    given: Path
    opened: bool = False
    whole: bool = True
    seen: FileSeen | None = None

    @property
    def known(self) -> bool:
        """Whether a sheet of it was taken for something."""
        return bool(self.seen and any(sheet.known for sheet in self.seen.sheets))

    def has(self, mark: str) -> bool:
        """Tell whether a sheet has headings with this mark."""
        return bool(self.seen and any(sheet.mark == mark for sheet in self.seen.sheets))

    @property
    def troubles(self) -> str:
        """How many errors, warnings and notes there are of it: "2 warnings, 1 note"."""
        if self.seen is None:
            return "Not read yet"
        levels = [fault.level for fault in self.seen.faults]
        found = {level: levels.count(level) for level in WORDS}
        return ", ".join(
            counted(number, WORDS[level].lower()) for level, number in found.items() if number
        )


@dataclass(frozen=True)
class State:
    """All that the window shows.

    `month` and `name` are a person's; without them the proposed month and the layout's own name
    are taken. `share` is how much of the build is done; `writing` that it cannot be stopped any
    more. `overall` are the problems of all files together, once they have been looked over, and
    `previous_words` what the workbook is that was named as last month's. `refused` are the faults
    of a layout file that cannot be used.
    """

    entries: tuple[Entry, ...] = ()
    given_faults: Mapping[Path, tuple[Fault, ...]] = field(default_factory=dict)
    definition_faults: tuple[Fault, ...] = ()
    refused: tuple[Fault, ...] = ()
    overall: tuple[Fault, ...] | None = None
    layouts: tuple[LayoutKnown, ...] = ()
    datasets: tuple[DatasetKnown, ...] = ()
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
    result: Built | None = None
    crash: Crashed | None = None
    message: str = ""

    @cached_property
    def names(self) -> Mapping[Path, str]:
        """What each file is called, so that files of one name are told apart."""
        return told_apart(one.path for one in self.entries)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """All problems: of the last build, of the definitions, and of the files in the list."""
        built = self.result.faults if self.result else ()
        files = tuple(self._of_files()) if self.overall is None else self.overall
        return tuple(dict.fromkeys((*built, *self.refused, *self.definition_faults, *files)))

    def _of_files(self) -> Iterator[Fault]:
        """Yield what was met in each file by itself."""
        for path in dict.fromkeys(one.given for one in self.entries):
            yield from self.given_faults.get(path, ())
        for entry in self.entries:
            for fault in entry.seen.faults if entry.seen else ():
                own = fault.file == entry.path.name
                yield replace(fault, file=self.names[entry.path]) if own else fault

    @property
    def pasts(self) -> tuple[str, ...]:
        """The names of earlier workbooks: the one that was named, else those in the list."""
        if self.previous:
            return (self.previous.name,)
        return tuple(self.names[one.path] for one in self.entries if one.seen and one.seen.past)

    @property
    def all_seen(self) -> bool:
        """Whether every file has been looked at."""
        return all(one.seen for one in self.entries)

    @property
    def worth_a_proposal(self) -> bool:
        """Whether there is anything that a month can be told by, or that is to be looked at."""
        return bool(self.previous) or any(one.known for one in self.entries)

    @property
    def layout_known(self) -> LayoutKnown | None:
        """The layout that is chosen."""
        return next((one for one in self.layouts if one.name == self.layout), None)

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that may be chosen, the latest first."""
        around = self.proposed or self.month
        if around is None:
            return ()
        return tuple(around.plus(at) for at in range(_MONTHS_AFTER, -_MONTHS_BEFORE, -1))


def inputs_of(entries: Iterable[Entry]) -> tuple[Path, ...]:
    """Return what is to be read: folders as they were given, unless a file of them was removed."""
    return tuple(dict.fromkeys(one.given if one.whole else one.path for one in entries))


def with_output(state: State) -> State:
    """Return a state with the folder and the name that are proposed, unless a person gave them."""
    folder = state.folder or str(usual_folder())
    layout = state.layout_known
    name = state.name
    if not state.name_by_hand:
        month = state.month or state.proposed
        name = layout.file_name.replace("{month}", month.label) if layout and month else ""
    if (folder, name) == (state.folder, state.name):
        return state
    return replace(state, folder=folder, name=name)


def usual_folder() -> Path:
    """Return the folder for workbooks that nobody chose a folder for."""
    documents = user_documents_path()
    return documents if documents.is_dir() else Path.home()


def output_of(state: State) -> Path:
    """Return where the workbook goes; the folder alone where it is yet to be named."""
    folder, name = Path(state.folder), state.name.strip()
    if not name:
        return folder
    return folder / (name if name.lower().endswith(".xlsx") else f"{name}.xlsx")


def wishes_of(state: State, assigned: Assigned) -> Wishes:
    """Return what a build of what is shown would be asked for."""
    return Wishes(
        inputs=inputs_of(state.entries),
        layout=state.layout,
        month=state.month or state.proposed,
        out=output_of(state),
        assigned=assigned,
        recalculate=state.recalculate and bool(state.pasts),
        since=state.since,
        previous=state.previous,
        suppress_under=state.suppress_under,
    )


def layout_file(layout: str) -> str:
    """Return the file of a layout that is a single file; nothing for one that is known by name."""
    return layout if layout.lower().endswith(".toml") else ""


def missing_columns(dataset: DatasetKnown, headings: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that a dataset must have and that no heading means."""
    names = {same_name(text) for text in headings}
    return tuple(one.name for one in dataset.required if not one.headings & names)


def read_words(entries: Sequence[Entry]) -> str:
    """Say how many files were read, and how many of them were not recognised."""
    unknown = sum(not one.known for one in entries)
    rest = f"{unknown} of them not recognised" if unknown else "all recognised"
    return f"{counted(len(entries), 'file')} read, {rest}."


def offer_words(name: str, offered: str) -> str:
    """Say that a workbook is open elsewhere, and which name is offered in its place."""
    return f'"{name}" is open in another program. Close it, or build again as "{offered}".'


def by_file(faults: Iterable[Fault]) -> list[tuple[str, list[Fault]]]:
    """Group problems by file, files with errors first, and in each the worst first."""
    groups: dict[str, list[Fault]] = {}
    for fault in sorted(faults, key=lambda one: -one.level):
        groups.setdefault(fault.file, []).append(fault)
    return list(groups.items())


def fault_text(fault: Fault) -> str:
    """Return a problem as one line."""
    head = f"{fault.place}: {fault.what}" if fault.place else fault.what
    parts = (f"{WORDS[fault.level]}: {head}", fault.done, fault.to_do, f"[{fault.code}]")
    return " ".join(part for part in parts if part)


def faults_text(faults: Iterable[Fault]) -> str:
    """Return problems as text, grouped by file."""
    return "\n\n".join(
        "\n".join([file or "The workbook", *(f"  {fault_text(one)}" for one in group)])
        for file, group in by_file(faults)
    )


def summary_of(state: State) -> str:
    """Return what came of building, as text to send to a colleague."""
    return "\n".join(_summary(state))


def _summary(state: State) -> Iterator[str]:
    result = state.result
    if result is None:
        return
    yield result.headline
    if result.written:
        yield str(result.written)
    yield from (f"- {one}" for one in result.attention)
    yield "\nFiles"
    yield from (f"- {one}" for one in result.files)
    if result.faults:
        yield f"\nProblems\n{faults_text(result.faults)}"
