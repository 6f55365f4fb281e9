"""What the window shows, as frozen values, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from platformdirs import user_documents_path

from workbook_builder.figures import Limit
from workbook_builder.months import Month
from workbook_builder.names import distinct_names, same_name
from workbook_builder.problems import Level, counted
from workbook_builder.window import messages
from workbook_builder.window.messages import (
    Assigned,
    Built,
    Command,
    Crashed,
    DatasetKnown,
    Fault,
    FileSeen,
    Known,
    LayoutKnown,
    LookAtFile,
    Looked,
    Opened,
    OpenInputs,
    Options,
    Proposed,
    ProposeOutput,
)

WORDS = {Level.ERROR: "Error", Level.WARNING: "Warning", Level.NOTE: "Note"}
_MONTHS_BEFORE, _MONTHS_AFTER = 36, 2


@dataclass(frozen=True)
class InputEntry:
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

    entries: tuple[InputEntry, ...] = ()
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
        return distinct_names(one.path for one in self.entries)

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


def inputs_of(entries: Iterable[InputEntry]) -> tuple[Path, ...]:
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


def options_of(state: State, assigned: Assigned) -> Options:
    """Return what a build of what is shown would be asked for."""
    return Options(
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


def read_words(entries: Sequence[InputEntry]) -> str:
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


_USUAL = "board"
_NO_PREVIOUS = "Not a workbook that can be carried on from; see Problems."


def with_known(state: State, known: Known, asked: str, *, other: bool) -> State:
    """Take what is known; files are to be looked at again where `other` definitions are now used.

    A layout file that was asked for is chosen if it can be used. If not, the one before stays, or
    the usual one takes its place, and the message says so.
    """
    layouts = (*known.layouts, *_files_known(state, known))
    names = [one.name for one in layouts]
    wanted = asked if asked and known.layout == asked else state.layout
    if wanted not in names or layout_file(wanted) not in ("", known.layout):
        wanted = known.layout or (_USUAL if _USUAL in names else next(iter(names), ""))
    entries = tuple(replace(one, seen=None) for one in state.entries) if other else state.entries
    found = replace(
        state,
        layouts=layouts,
        datasets=known.datasets,
        layout=wanted,
        definition_faults=known.faults,
        refused=known.refused,
        entries=entries,
    )
    return replace(found, message=_layout_words(found, asked) or state.message)


def _files_known(state: State, known: Known) -> Iterator[messages.LayoutKnown]:
    """Yield layout files that could be used before and can be chosen again."""
    names = {one.name for one in known.layouts}
    for one in state.layouts:
        if layout_file(one.name) and one.name not in names:
            yield one


def _layout_words(state: State, asked: str) -> str:
    """Say which layout is chosen, if a file was asked for."""
    title = state.layout_known.title if state.layout_known else "None"
    if not asked or state.layout == asked:
        return f"The layout is {title}." if asked else ""
    name = Path(asked).name
    return f"{name} cannot be used as the layout; see Problems. The layout is {title}."


def with_opened(state: State, opened: Opened) -> State:
    """Put the files that a path gives in its place, each file once."""
    others = {one.path for one in state.entries if one.opened}
    new = [path for path in opened.files if path not in others]
    entries: list[InputEntry] = []
    for entry in state.entries:
        if entry.opened or entry.path != opened.path:
            entries.append(entry)
        elif opened.files:
            entries += [InputEntry(path, entry.given, opened=True) for path in new]
        else:
            seen = messages.FileSeen("Cannot be used", faults=opened.faults)
            entries.append(replace(entry, opened=True, seen=seen))
    given_faults = {**state.given_faults, opened.path: opened.faults}
    known = f"{opened.path.name} is in the list already."
    message = known if opened.files and not new else state.message
    return replace(state, entries=tuple(entries), given_faults=given_faults, message=message)


def with_looked(state: State, looked: Looked) -> State:
    """Note what a file was seen to be."""
    entries = tuple(
        replace(one, seen=looked.seen) if one.path == looked.path and one.opened else one
        for one in state.entries
    )
    found = replace(state, entries=entries)
    name = found.names.get(looked.path, looked.path.name)
    words = f"{name}: {looked.seen.words}"
    if found.all_seen and len(entries) > 1:
        words = read_words(entries)
    return replace(found, message=words)


def with_proposed(state: State, proposed: Proposed) -> State:
    """Take what the files are together, and say what the named workbook of last month is."""
    words = proposed.previous or (_NO_PREVIOUS if state.previous else "")
    news = f"{state.previous.name}: {words}" if state.previous else ""
    told = words == state.previous_words or not news
    return replace(
        state,
        proposed=proposed.month,
        proposing=False,
        overall=proposed.faults,
        previous_words=words,
        message=state.message if told else news,
    )


def with_failure(state: State, command: Command | None) -> State:
    """Note that the program failed at a command, so that it is not tried again."""
    if isinstance(command, ProposeOutput):
        return replace(state, proposed=None, proposing=False)
    if not isinstance(command, LookAtFile | OpenInputs):
        return state
    failed = messages.FileSeen("Could not be read: the program is at fault")
    return replace(state, entries=tuple(
        replace(one, seen=failed, opened=True) if one.path == command.path else one
        for one in state.entries
    ))  # fmt: skip
