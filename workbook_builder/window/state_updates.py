"""How the window's state changes with each answer of the worker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from platformdirs import user_documents_path

from workbook_builder.problems import counted
from workbook_builder.window.messages import (
    Command,
    DefinitionsLoaded,
    FileLookedAt,
    FileSummary,
    InputsOpened,
    LookAtFile,
    OpenInputs,
    OutputProposed,
    ProposeOutput,
)
from workbook_builder.window.state import InputEntry, State, layout_file

_DEFAULT_LAYOUT = "board"
_NO_PREVIOUS = "Not a workbook that can be carried on from; see Problems."


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
    updated = replace(
        state,
        layouts=layouts,
        datasets=loaded.datasets,
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
        refusal = f"{Path(asked).name} cannot be used as the layout; see Problems."
        message = f"{refusal} {message}"
    return replace(updated, message=message)


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
    in_list = f"{opened.path.name} is in the list already."
    return replace(
        state,
        entries=tuple(entries),
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
        combined_problems=proposed.problems,
        previous_words=words,
        message=f"{state.previous.name}: {words}" if state.previous and is_news else state.message,
    )


def with_failed_command(state: State, command: Command | None) -> State:
    """Note that the program failed at a command, so that it is not tried again."""
    if isinstance(command, ProposeOutput):
        return replace(state, proposed=None, proposing=False)
    if not isinstance(command, LookAtFile | OpenInputs):
        return state
    failed = FileSummary("Could not be read: the program is at fault")
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
