"""What becomes of the state when the worker has answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from workbook_builder.shells import messages as say
from workbook_builder.shells.state import Entry, State, layout_file, read_words

_USUAL = "board"
_NO_PREVIOUS = "Not a workbook that can be carried on from; see Problems."


def with_known(state: State, known: say.Known, asked: str, *, other: bool) -> State:
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


def _files_known(state: State, known: say.Known) -> Iterator[say.LayoutKnown]:
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


def with_opened(state: State, opened: say.Opened) -> State:
    """Put the files that a path gives in its place, each file once."""
    others = {one.path for one in state.entries if one.opened}
    new = [path for path in opened.files if path not in others]
    entries: list[Entry] = []
    for entry in state.entries:
        if entry.opened or entry.path != opened.path:
            entries.append(entry)
        elif opened.files:
            entries += [Entry(path, entry.given, opened=True) for path in new]
        else:
            seen = say.FileSeen("Cannot be used", faults=opened.faults)
            entries.append(replace(entry, opened=True, seen=seen))
    given_faults = {**state.given_faults, opened.path: opened.faults}
    known = f"{opened.path.name} is in the list already."
    message = known if opened.files and not new else state.message
    return replace(state, entries=tuple(entries), given_faults=given_faults, message=message)


def with_looked(state: State, looked: say.Looked) -> State:
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


def with_proposed(state: State, proposed: say.Proposed) -> State:
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


def with_failure(state: State, command: say.Command | None) -> State:
    """Note that the program failed at a command, so that it is not tried again."""
    if isinstance(command, say.Propose):
        return replace(state, proposed=None, proposing=False)
    if not isinstance(command, say.Look | say.Open):
        return state
    failed = say.FileSeen("Could not be read: the program is at fault")
    return replace(state, entries=tuple(
        replace(one, seen=failed, opened=True) if one.path == command.path else one
        for one in state.entries
    ))  # fmt: skip
