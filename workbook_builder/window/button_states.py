"""Which buttons and fields of the window are on, and what turns the Build button off."""

from __future__ import annotations

from workbook_builder.window.state import State


def build_blocked_by(state: State) -> str:
    """Return why the Build button is off; nothing if a workbook can be built now."""
    if not state.entries:
        return "there are no files in the list"
    if state.building:
        return "a workbook is being built"
    return ""


def can_cancel(state: State) -> bool:
    """Tell whether a build can still be stopped: not once the workbook is put in its place."""
    return not state.writing


def can_change_files(state: State) -> bool:
    """Tell whether files may be removed or assigned: not while a build reads them."""
    return not state.building


def can_recalculate(state: State) -> bool:
    """Tell whether there is an earlier workbook whose published months may be recalculated."""
    return bool(state.previous_names)


def can_choose_first_month(state: State) -> bool:
    """Tell whether the first month to recalculate may be chosen."""
    return can_recalculate(state) and state.recalculate


def can_open_result(state: State) -> bool:
    """Tell whether there is a finished workbook to open."""
    return bool(state.result and state.result.written)


def can_open_slides(state: State) -> bool:
    """Tell whether there are finished slides to open."""
    return bool(state.result and state.result.slides)


def can_list_children(state: State) -> bool:
    """Tell whether a figure is chosen, and the council's profile allows lists of children."""
    return bool(state.figure and state.preview and state.preview.lists_children)


def can_copy_summary(state: State) -> bool:
    """Tell whether a build has come to its end, with a workbook or without."""
    return state.result is not None


def can_open_log(state: State) -> bool:
    """Tell whether the log of a fault of the program can be opened."""
    return bool(state.crash and state.crash.log)
