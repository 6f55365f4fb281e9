"""What the window shows, as frozen values, and the build that they ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from platformdirs import user_documents_path

from workbook_builder.figures import Limit, TypedText
from workbook_builder.months import Month, months_between
from workbook_builder.names import distinct_names, same_name
from workbook_builder.paths import NAMED_DEFINITIONS
from workbook_builder.problem_catalogue import UNREADABLE
from workbook_builder.problems import Level, counted
from workbook_builder.window.messages import (
    Assigned,
    AuthorityChoice,
    BuildFinished,
    Command,
    DatasetChoice,
    Days,
    DefinitionsEdited,
    DefinitionsLoaded,
    FigureDescribed,
    FileLookedAt,
    FileSummary,
    InputsOpened,
    LayoutChoice,
    LookAtFile,
    OpenInputs,
    Options,
    OutputProposed,
    PreviewWorkbook,
    ProposeOutput,
    ReplaceAsked,
    SheetSummary,
    ShownProblem,
    TableDescribed,
    WorkbookPreviewed,
    WorkerFault,
    WorklistWritten,
)

_MONTHS_BEFORE, _MONTHS_AFTER = 36, 2


@dataclass(frozen=True)
class InputEntry:
    """A file in the list: its path, what a person gave, and what it was recognised as.

    A path that is not `opened` may still be a folder; `whole` says that everything in the folder
    that was given is in the list. One that is `left_out` stays in the list and is not read.
    """

    path: Path
    given: Path
    opened: bool = False
    whole: bool = True
    summary: FileSummary | None = None
    left_out: bool = False

    @property
    def known(self) -> bool:
        """Whether one of its sheets was recognised."""
        sheets = self.summary.sheets if self.summary and not self.left_out else ()
        return any(sheet.known for sheet in sheets)

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
    `refused` are the problems of a layout file that cannot be used. With `previewing` the preview
    that is shown is being renewed; `figure` is what was asked about one of its cells. `question` is
    asked before a fuller workbook is replaced. `lists` are the lists of children that were written.
    `covered` are the days that were found in the files,
    `covers` those that a person says they cover. `authority` is whose workbooks these are, by the
    profile; with `asking_council` that is being asked. `typed` are the texts that were typed here,
    `saved` those of them that a workbook holds. `table` is what was asked about a table, `edited`
    what came of the last edit.
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
    authorities: tuple[AuthorityChoice, ...] = ()
    authority: str = ""
    asking_council: bool = False
    covered: Days | None = None
    covers: Days | None = None
    reading: Path | None = None
    folder: str = ""
    name: str = ""
    name_by_hand: bool = False
    previous: Path | None = None
    previous_words: str = ""
    suppress_under: Limit | None = None
    slides: bool = False
    recalculate: bool = False
    since: Month | None = None
    building: bool = False
    writing: bool = False
    doing: str = ""
    share: float = 0.0
    preview: WorkbookPreviewed | None = None
    previewing: bool = False
    figure: FigureDescribed | None = None
    table: TableDescribed | None = None
    edited: DefinitionsEdited | None = None
    typed: tuple[TypedText, ...] = ()
    saved: frozenset[TypedText] = frozenset()
    worklist_problems: tuple[ShownProblem, ...] = ()
    lists: tuple[Path, ...] = ()
    question: ReplaceAsked | None = None
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
        of_preview = self.preview.problems if self.preview else ()
        of_definitions = (*self.refused, *self.definition_problems, *self.worklist_problems)
        return tuple(dict.fromkeys((*built, *of_definitions, *of_preview, *of_files)))

    def _problems_file_by_file(self) -> Iterator[ShownProblem]:
        """Yield what was met in each file by itself."""
        for path in dict.fromkeys(entry.given for entry in self.entries):
            yield from self.opening_problems.get(path, ())
        for entry in self.entries:
            for problem in entry.summary.problems if entry.summary and not entry.left_out else ():
                is_its_own = problem.file == entry.path.name
                yield problem._replace(file=self.names[entry.path]) if is_its_own else problem

    def stopped_by(self, problem: ShownProblem) -> int | None:
        """Return the place in the list of a file that keeps the others from being built."""
        if problem.code not in UNREADABLE:
            return None
        places = (
            place
            for place, entry in enumerate(self.entries)
            if self.names[entry.path] == problem.file and not entry.left_out
        )
        return next(places, None)

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
        """The months that may be chosen, the latest first: those of which there is data."""
        around = self.proposed or self.month
        if around is None:
            return ()
        if period := self.covers or self.covered:
            chosen = self.month or around
            first = min(Month.of(period[0]), around, chosen)
            last = max(Month.of(period[1]), around, chosen)
            return tuple(reversed(tuple(months_between(first, last))))
        return tuple(around.plus(step) for step in range(_MONTHS_AFTER, -_MONTHS_BEFORE, -1))


def is_layout(path: Path) -> bool:
    """Tell whether a file is a layout: a TOML file that is not a profile or a part of one."""
    return bool(layout_file(path.name)) and path.name.lower() not in NAMED_DEFINITIONS


def with_added(state: State, paths: Iterable[Path]) -> State:
    """Put files and folders into the list."""
    later = " It is read when the workbook is built." if state.building else ""
    entries = tuple(InputEntry(path, path) for path in paths)
    return replace(state, entries=state.entries + entries, message=f"Files added.{later}")


def with_unread(state: State, path: Path, mark: str) -> State:
    """Let a file be looked at again, and all others that have sheets with the same headings."""
    return replace(state, entries=tuple(
        replace(entry, summary=None) if entry.path == path or entry.has(mark) else entry
        for entry in state.entries
    ))  # fmt: skip


def with_removed(state: State, removed: Collection[Path]) -> State:
    """Take files out of the list; what is left of a folder is read file by file."""
    incomplete = {path.parent for path in removed}
    return replace(state, message="Removed from the list.", entries=tuple(
        replace(entry, whole=entry.whole and entry.given not in incomplete)
        for entry in state.entries if entry.path not in removed
    ))  # fmt: skip


def with_left_out(state: State, path: Path, *, wanted: bool) -> State:
    """Leave a file out that stays in the list, or use it again."""
    words = "is left out; the workbook says so" if wanted else "is used again"
    return replace(
        state,
        entries=tuple(
            replace(entry, left_out=wanted) if entry.path == path else entry
            for entry in state.entries
        ),
        message=f"{state.names.get(path, path.name)} {words}.",
    )


def with_copied_sample(state: State, sample: Path, copy: Path) -> State:
    """Put the person's own copy of the sample in its place."""
    others = tuple(
        entry for entry in state.entries
        if entry.given != copy and not entry.path.is_relative_to(sample)
    )  # fmt: skip
    message = f"The sample was copied to {copy}. Its targets can be changed as soon as it is read."
    return replace(state, entries=(InputEntry(copy, copy), *others), message=message)


class ViewProtocol(Protocol):
    """What shows the state and does what only a desktop can."""

    def present(self, state: State) -> None:
        """Show a state."""

    def announce(self, text: str) -> None:
        """Say a change to screen readers."""

    def open(self, path: Path) -> None:
        """Open a file or folder with the desktop's own program for it."""

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""


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
        slides=state.slides,
        covers=state.covers,
        without=tuple(entry.path for entry in state.entries if entry.left_out),
        typed=state.typed,
    )


def inputs_of(entries: Iterable[InputEntry]) -> tuple[Path, ...]:
    """Return what is to be read: folders as they were given, unless a file of them was removed."""
    return tuple(dict.fromkeys(entry.given if entry.whole else entry.path for entry in entries))


def layout_file(layout: str) -> str:
    """Return the file of a layout that is a single file; nothing for one that is known by name."""
    return layout if layout.lower().endswith(".toml") else ""


def meant_headings(dataset: DatasetChoice, sheet: SheetSummary) -> dict[str, str]:
    """Return the heading that each column of a dataset is read from, if there is one.

    That is what the sheet was read by, or the first heading that the dataset knows.
    """
    if sheet.dataset == dataset.name and sheet.meanings:
        return dict(sheet.meanings)
    meant: dict[str, str] = {}
    for column in dataset.columns:
        for text in sheet.headings:
            if same_name(text) in column.headings and text not in meant.values():
                meant.setdefault(column.name, text)
    return meant


def corrected_columns(
    dataset: DatasetChoice, sheet: SheetSummary, chosen: Mapping[str, str]
) -> dict[str, str]:
    """Return the columns whose heading a person must have said: those that are not known by it.

    That a column has no heading is said with an empty text, where one in the sheet would be known.
    """
    known = {column.name: column.headings for column in dataset.columns}
    there = set(map(same_name, sheet.headings))
    read = {name for name, _ in sheet.meanings} if sheet.dataset == dataset.name else set()
    return {
        name: text
        for name, text in chosen.items()
        if (same_name(text) not in known[name] if text else name in read or known[name] & there)
    }


def question_text(question: ReplaceAsked) -> str:
    """Return the question before a file is replaced: "This replaces 85 figures by 6"."""
    if question.before is None:
        return f"{question.file} is there already, and this program did not write it."
    return f"This replaces {counted(question.before, 'figure')} by {question.after:,}."


def told(problems: Iterable[ShownProblem]) -> str:
    """Return problems as sentences: what is wrong, and what to do."""
    words = " ".join(f"{each.what} {each.to_do}" for each in problems)
    return words[:1].upper() + words[1:]


_DEFAULT_LAYOUT = "board"
_NO_PREVIOUS = "This workbook cannot be used as last month's: see Problems."


def with_definitions(
    state: State, loaded: DefinitionsLoaded, asked: str, *, changed: bool
) -> State:
    """Take the layouts and datasets; files are to be looked at again if definitions `changed`.

    A layout file that was `asked` for is chosen if it can be used. If not, the layout before stays,
    or the default takes its place, and the message says so.
    """
    known = {layout.name for layout in loaded.layouts}
    # Layout files that could be used before can be chosen again.
    files = [one for one in state.layouts if layout_file(one.name) and one.name not in known]
    layouts = (*loaded.layouts, *files)
    names = [layout.name for layout in layouts]
    chosen = asked if asked and loaded.layout == asked else state.layout
    if chosen not in names or layout_file(chosen) not in ("", loaded.layout):
        default = _DEFAULT_LAYOUT if _DEFAULT_LAYOUT in names else next(iter(names), "")
        chosen = loaded.layout or default
    entries = tuple(replace(entry, summary=None) if changed else entry for entry in state.entries)
    by_hand = state.name_by_hand and not (asked and chosen == asked != state.layout)
    updated = replace(
        state,
        name_by_hand=by_hand,
        layouts=layouts,
        datasets=loaded.datasets,
        authorities=loaded.authorities,
        authority=loaded.authority,
        layout=chosen,
        definition_problems=loaded.problems,
        refused=loaded.refused,
        entries=entries,
    )
    if not asked:
        return updated
    title = updated.chosen_layout.title if updated.chosen_layout else "None"
    message = f"The layout is {title}."
    if updated.layout != asked:
        refusal = f"{Path(asked).name} cannot be used as the layout: see Problems."
        message = f"{refusal} {message}"
    return replace(updated, message=message)


def with_council(state: State, loaded: DefinitionsLoaded, asked: str, *, ask: bool) -> State:
    """Say whose workbooks these are if that was `asked`; `ask` for it if nothing tells it."""
    if loaded.renewed:
        message = council_message(loaded, asked)
        return replace(state, asking_council=False, message=message)
    return replace(state, asking_council=True) if ask and not loaded.authority else state


def with_result(state: State, built: BuildFinished) -> State:
    """Take what came of a build; another name is offered where a program has the file open."""
    updated = replace(
        state, building=False, writing=False, share=1.0, result=built, message=built.headline
    )
    if not built.offered:
        return updated
    message = (f'"{state.name}" is open in another program. Close it, or build again '
               f'as "{built.offered}".')  # fmt: skip
    return replace(updated, message=message, name=built.offered, name_by_hand=True)


def with_worklist(state: State, listed: WorklistWritten) -> State:
    """Take what came of a list of children."""
    if not listed.written:
        message = "No list was written: see Problems."
        return replace(state, worklist_problems=listed.problems, message=message)
    return replace(
        state,
        lists=tuple(dict.fromkeys((*state.lists, listed.written))),
        worklist_problems=listed.problems,
        message=f"Written: {listed.written.name}. It identifies children: keep it secure.",
    )


def council_message(loaded: DefinitionsLoaded, asked: str) -> str:
    """Return whose workbooks these are once a person's own profile says that it is `asked`."""
    same = same_name(asked) == same_name(loaded.authority)
    if same or not loaded.authority:
        return f"These are the workbooks of {loaded.authority or asked}."
    return (f"Your own profile was written. A profile among the files says {loaded.authority}, "
            "which is used.")  # fmt: skip


def with_opened_inputs(state: State, opened: InputsOpened) -> State:
    """Put the files that a path gives in its place, each file once."""
    others = {entry.path for entry in state.entries if entry.opened}
    new = [path for path in opened.files if path not in others]
    entries: list[InputEntry] = []
    for entry in state.entries:
        if entry.opened or entry.path != opened.path:
            entries.append(entry)
        elif opened.files:
            entries += [InputEntry(path, entry.given, opened=True) for path in new]
        else:
            summary = FileSummary("Cannot be used", problems=opened.problems)
            entries.append(replace(entry, opened=True, summary=summary))
    in_list = f"{opened.path.name} is already in the list."
    return replace(
        state,
        entries=tuple(entries),
        authority=opened.authority or state.authority,
        asking_council=state.asking_council and not opened.authority,
        opening_problems={**state.opening_problems, opened.path: opened.problems},
        message=in_list if opened.files and not new else state.message,
    )


def with_file_summary(state: State, looked: FileLookedAt) -> State:
    """Take what a file was recognised as; the message tells it, or how many files were read."""
    updated = replace(state, entries=tuple(
        replace(entry, summary=looked.summary)
        if entry.path == looked.path and entry.opened else entry
        for entry in state.entries
    ))  # fmt: skip
    if updated.all_looked_at and len(updated.entries) > 1:
        unknown = sum(not entry.known for entry in updated.entries)
        rest = f"{unknown} of them not recognised" if unknown else "all recognised"
        message = f"{counted(len(updated.entries), 'file')} read, {rest}."
    else:
        name = updated.names.get(looked.path, looked.path.name)
        message = f"{name}: {looked.summary.words}"
    return replace(updated, message=message)


def with_proposal(state: State, proposed: OutputProposed) -> State:
    """Take what the files are together, and say what the named workbook of last month is."""
    words = proposed.previous or (_NO_PREVIOUS if state.previous else "")
    is_news = words != state.previous_words
    return replace(
        state,
        proposed=proposed.month,
        proposing=False,
        covered=proposed.covered,
        combined_problems=proposed.problems,
        previous_words=words,
        message=f"{state.previous.name}: {words}" if state.previous and is_news else state.message,
    )


def with_failed_command(state: State, command: Command | None) -> State:
    """Note that the program failed at a command, so that it is not tried again."""
    if isinstance(command, ProposeOutput):
        return replace(state, proposed=None, proposing=False)
    if isinstance(command, PreviewWorkbook):
        return replace(state, preview=None, previewing=False)
    if not isinstance(command, LookAtFile | OpenInputs):
        return state
    failed = FileSummary("Could not be read because of a fault in the program")
    return replace(state, entries=tuple(
        replace(entry, summary=failed, opened=True) if entry.path == command.path else entry
        for entry in state.entries
    ))  # fmt: skip


def with_proposed_output(state: State) -> State:
    """Return a state with the folder and the name that are proposed, unless a person gave them."""
    name = state.name
    if not state.name_by_hand:
        layout, month = state.chosen_layout, state.month or state.proposed
        name = layout.file_name.replace("{month}", month.label) if layout and month else ""
    folder = state.folder
    if not folder:
        documents = user_documents_path()
        folder = str(documents if documents.is_dir() else Path.home())
    if (folder, name) == (state.folder, state.name):
        return state
    return replace(state, folder=folder, name=name)
