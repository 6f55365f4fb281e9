"""A column of text in, the codes of a list out, and what the list does not know."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from workbook_builder.columns.texts import Texts
from workbook_builder.columns.told_apart import Flags
from workbook_builder.columns.values import Values
from workbook_builder.definitions.datasets import CodeList
from workbook_builder.extracts.convert import Converted, says_nothing, trimmed
from workbook_builder.names import same_name

#: A code with its text behind a colon or a dash, perhaps after the letter of a list: "a) U1: ...".
_CODE_AND_TEXT = re.compile(r"(?:[a-z]{1,2}\)\s*)?([A-Za-z0-9]+)\s*[:\u2013-]\s*\S", re.IGNORECASE)
_LIST_LETTER = re.compile(r"^[a-z]{1,2}\)\s*", re.IGNORECASE)


def to_codes(cells: Texts, codes: CodeList) -> Converted:
    """Map texts to the codes of a list; a text that maps to nothing fails."""
    known = known_codes(codes)
    texts = trimmed(cells)
    found = texts.changed(lambda each: (code_of(text, known) for text in each))
    return Converted(found, found.blank & ~says_nothing(texts), texts)


def out_of_use(values: Texts, days: Values, codes: CodeList) -> Flags:
    """Tell which codes were used on a day on which the list no longer, or not yet, had them."""
    wrong = np.zeros(len(values), dtype=bool)
    for name, code in codes.codes.items():
        if code.since or code.until:
            used = values.passing(name.__eq__) & ~days.blank
            for day in np.unique(days.values[used]):
                if not code.in_use(day.item()):
                    wrong |= used & (days.values == day)
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
