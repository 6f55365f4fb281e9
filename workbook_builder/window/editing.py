"""What was edited in the preview: texts that are not in a workbook yet, and changed definitions."""

from __future__ import annotations

from dataclasses import replace

from workbook_builder.figures import TypedText
from workbook_builder.months import Month
from workbook_builder.problems import counted
from workbook_builder.window.messages import BuildFinished, DefinitionsEdited, Options
from workbook_builder.window.state import State, with_definitions

_NOT_SAVED = "Nothing was changed because of a fault in the program."


def with_text(state: State, typed: TypedText) -> State:
    """Take a text that a person typed; its `before` is the text that they saw there.

    One that goes on from their own typed text takes the place of what that one did.
    """
    same = _typed(state, typed.subject, typed.month)
    if same and same.text == typed.text:
        return state
    if same and same.text == typed.before:
        typed = typed._replace(before=same.before)
    others = tuple(each for each in state.typed if each is not same)
    return replace(state, typed=(*others, typed))


def text_shown(state: State, subject: str, month: Month, there: str) -> str:
    """Return the text to edit: what a person has typed, else what is `there` in the preview."""
    typed = _typed(state, subject, month)
    return typed.text if typed and typed not in state.saved else there


def _typed(state: State, subject: str, month: Month | None) -> TypedText | None:
    """Return what was typed of a subject and month."""
    key = (subject, month)
    return next((each for each in state.typed if (each.subject, each.month) == key), None)


def unsaved_texts(state: State) -> tuple[TypedText, ...]:
    """Return the texts that are in no workbook yet."""
    return tuple(
        each for each in state.typed if each not in state.saved and each.text != (each.before or "")
    )


def unsaved_words(state: State) -> str:
    """Return what is lost when the window is closed: "2 texts are in no workbook yet."."""
    number = len(unsaved_texts(state))
    return f"{counted(number, 'text')} {'is' if number == 1 else 'are'} in no workbook yet."


def with_saved_texts(state: State, asked: Options | None, built: BuildFinished) -> State:
    """Note which texts a build has written; those of months after its own wait."""
    if asked is None or built.written is None:
        return state
    month = asked.month
    now = {each for each in asked.typed if not (month and each.month and each.month > month)}
    return replace(state, saved=state.saved | now)


def with_edit(state: State, edited: DefinitionsEdited) -> State:
    """Take what came of an edit of the definitions: they are the ones to go by from then on."""
    if edited.loaded:
        state = with_definitions(state, edited.loaded, "", changed=False)
    words = edited.words or next(iter(edited.faults.values()), "")
    return replace(state, edited=edited, table=None, message=words)


def with_failed_edit(state: State) -> State:
    """Note that the program failed at an edit."""
    failed = DefinitionsEdited(None, "", {"": _NOT_SAVED})
    return replace(state, edited=failed)
