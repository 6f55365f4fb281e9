"""A column of text in, a typed column and the cells that do not convert out.

The work is done on the distinct texts of a column, so its time hardly grows with the rows.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from workbook_builder.columns.different import LONGEST_CELL, neat, plain
from workbook_builder.columns.texts import Texts
from workbook_builder.columns.told_apart import Flags
from workbook_builder.columns.values import Column, Values
from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts.days import (
    is_day_first,
    is_either_way,
    is_month_first,
    read_day,
    read_month,
    without_time,
)
from workbook_builder.names import BLANK_WORDS, SPACES
from workbook_builder.readers.workbook import ERROR_TEXT

#: Spaces of other widths inside a text become plain ones; marks that show nothing go.
_PLAIN = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u202f", " ")
    | dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff")
    | {chr(mark): None for mark in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
)
#: Days that can only be American may be this share of a column before its order is in doubt.
_SLIPS = 0.01
_LONGEST_BLANK_WORD = 4

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]\d+")
_ERROR = re.compile(ERROR_TEXT)
_LIST_LETTER = re.compile(r"^[a-z]\)\s*")
_INTEGER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,18})(?:\.0*)?")
_NUMBER = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?%?")
_POUNDS_AND_SPACES = re.compile(r"[£\s]")
_FLAGS: Mapping[str, bool] = {
    "y": True, "yes": True, "true": True, "t": True, "1": True,
    "n": False, "no": False, "false": False, "f": False, "0": False,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Converted:
    """A typed column and which of its cells are not blank but do not convert.

    `texts` are the cells as they stood, without spaces around them; `written` are days without
    their times.
    """

    values: Column
    failed: Flags
    texts: Texts
    written: Texts | None = None


def convert(kind: ColumnType, cells: Texts) -> Converted:
    """Convert a column of text to the type of its definition, codes left as they stand.

    Excel errors and cells longer than Excel's own fail, whatever the type.
    """
    texts = trimmed(cells)
    converted = _CONVERTERS[kind](texts)
    unusable = texts.passing(is_unusable, neat)
    if not unusable.any():
        return converted
    values = converted.values.without(unusable)
    return Converted(values, converted.failed | unusable, texts, converted.written)


def trimmed(cells: Texts) -> Texts:
    """Return the texts without spaces around them; words for nothing become empty."""
    own = cells.used()
    odd = np.flatnonzero(~own.different.neat)
    found = own.different.texts(odd)
    tidied = [tidy(text) for text in found]
    return own if all(map(_same, tidied, found)) else own.with_texts(odd, tidied)


def is_blank(text: str) -> bool:
    """Tell whether a trimmed text says nothing."""
    return not text


def is_unusable(text: str) -> bool:
    """Tell whether a trimmed text is an Excel error or longer than any cell of Excel's."""
    return len(text) > LONGEST_CELL or is_error(text)


def is_error(text: str) -> bool:
    """Tell whether a trimmed text is an Excel error."""
    return text[:1] in ("#", "E") and _ERROR.fullmatch(text) is not None


def to_ids(texts: Texts) -> Converted:
    """Keep identifiers as they stand; one in scientific notation has lost its digits and fails."""
    lost = texts.passing(_is_scientific, plain)
    return Converted(_filled(texts).without(lost), lost, texts)


def to_texts(texts: Texts) -> Converted:
    """Keep texts as they stand."""
    return Converted(_filled(texts), np.zeros(len(texts), dtype=bool), texts)


def _filled(texts: Texts) -> Texts:
    """Leave cells blank that say nothing."""
    return texts.without(says_nothing(texts))


def says_nothing(texts: Texts) -> Flags:
    """Tell which trimmed cells say nothing."""
    return texts.passing(is_blank, neat)


def to_days(texts: Texts) -> Converted:
    """Read days; a time of day is dropped.

    Days come first. Where more than slips of the pen are readable with the month first only, days
    that can be read either way fail.
    """
    written = texts.changed(_without_times)
    days = Values.of_texts(written, read_day, "datetime64[D]")
    lost = _lost(days, texts)
    if lost.any() and in_doubt(written):
        either = written.passing(is_either_way)
        return Converted(days.without(either), lost | either, texts, written)
    return Converted(days, lost, texts, written)


def _without_times(texts: Iterable[str]) -> Iterable[str]:
    return map(without_time, texts)


def _lost(values: Column, texts: Texts) -> Flags:
    """Tell which cells say something of which no value came."""
    lost = values.blank
    return lost & ~says_nothing(texts) if lost.any() else lost


def in_doubt(written: Texts) -> bool:
    """Tell whether so many days have the month first that the others may have it too."""
    american = int(written.passing(is_month_first).sum())
    british = int(written.passing(is_day_first).sum()) if american else 0
    return american > _SLIPS * (american + british)


def to_months(texts: Texts) -> Converted:
    """Read months, written "2023-07"; a day gives its month."""
    months = texts.changed(lambda each: map(read_month, _without_times(each)))
    return Converted(months, _lost(months, texts), texts)


def to_integers(texts: Texts) -> Converted:
    """Read whole numbers; commas between thousands and ".0" may stand."""
    values = Values.of_texts(texts, _integer, "int64")
    return Converted(values, _lost(values, texts), texts)


def to_numbers(texts: Texts) -> Converted:
    """Read numbers; "95%" is 0.95, pound signs and commas between thousands may stand."""
    values = Values.of_texts(texts, _number, "float64")
    return Converted(values, _lost(values, texts), texts)


def to_flags(texts: Texts) -> Converted:
    """Read yes and no; "Unknown" is blank. The letter of a list, as in "a) Yes", is dropped."""
    words = texts.changed(_flag_words)
    values = Values.of_texts(words, _FLAGS.get, "bool")
    return Converted(values, values.blank & ~words.passing(_is_unknown), texts)


def _is_unknown(word: str) -> bool:
    return word in ("", "unknown")


def _flag_words(texts: Iterable[str]) -> Iterable[str]:
    return (_LIST_LETTER.sub("", text.lower()) for text in texts)


def tidy(text: str) -> str:
    """Write one text one way: no marks that show nothing, letters with their accents in one.

    Words for nothing become empty.
    """
    if text.isascii():
        plain_text = text.strip(SPACES)
    else:
        plain_text = unicodedata.normalize("NFC", text.translate(_PLAIN)).strip(SPACES)
    if len(plain_text) <= _LONGEST_BLANK_WORD and plain_text.lower() in BLANK_WORDS:
        return ""
    return plain_text


def _same(one: str, other: str) -> bool:
    return one is other or one == other


def _is_scientific(text: str) -> bool:
    return ("E" in text or "e" in text) and _SCIENTIFIC.fullmatch(text) is not None


def _integer(text: str) -> int | None:
    return int(text.partition(".")[0].replace(",", "")) if _INTEGER.fullmatch(text) else None


def _number(text: str) -> float | None:
    plain = _POUNDS_AND_SPACES.sub("", text)
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain.rstrip("%").replace(",", ""))
    share = value / 100 if plain.endswith("%") else value
    return share if math.isfinite(share) else None


_CONVERTERS: Mapping[ColumnType, Callable[[Texts], Converted]] = {
    "id": to_ids,
    "text": to_texts,
    "code": to_texts,
    "date": to_days,
    "month": to_months,
    "integer": to_integers,
    "number": to_numbers,
    "flag": to_flags,
}
