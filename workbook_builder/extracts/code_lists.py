"""Codes of a code list: what a text means, what no list knows, and codes outside their years."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from workbook_builder.definitions.datasets import CodeList
from workbook_builder.extracts.column_types import (
    Factorized,
    Flags,
    TypedColumn,
    read_texts,
    tidied,
)
from workbook_builder.names import same_name

#: A code with its text behind a colon or a dash, perhaps after the letter of a list: "a) U1: ...".
_CODE_AND_TEXT = re.compile(r"(?:[a-z]{1,2}\)\s*)?([A-Za-z0-9]+)\s*[:\u2013-]\s*\S", re.IGNORECASE)
_LIST_LETTER = re.compile(r"^[a-z]{1,2}\)\s*", re.IGNORECASE)


def read_codes(cells: Factorized, codes: CodeList) -> TypedColumn:
    """Map texts to the codes of a list; a text that maps to nothing fails."""
    known = known_codes(codes)
    return read_texts(tidied(cells), lambda text: code_of(text, known))


def out_of_use(column: TypedColumn, days: TypedColumn, codes: CodeList) -> Flags:
    """Tell which cells hold a code on a day on which the list no longer, or not yet, had it."""
    wrong = np.zeros(len(column.texts), dtype=bool)
    for name, code in codes.codes.items():
        if code.since or code.until:
            used = (
                column.texts.broadcast(np.asarray(column.values == name, dtype=bool)) & ~days.blank
            )
            for day in np.unique(days.cells[used]):
                if not code.in_use(day.item().date()):
                    wrong |= used & (days.cells == day)
    return wrong


def known_codes(codes: CodeList) -> Mapping[str, str]:
    """Return the codes of a list by every name that they are known by."""
    return {
        same_name(text): name
        for name, code in codes.codes.items()
        for text in (name, code.title, *code.spellings)
    }


def code_of(text: str, known: Mapping[str, str]) -> str | None:
    """Return the code that a text means among those known, None if none."""
    plain = _LIST_LETTER.sub("", text)
    for attempt in (text, plain):
        if (name := same_name(attempt)) in known:
            return known[name]
    both = _CODE_AND_TEXT.match(text)
    return known.get(same_name(both[1])) if both else None
