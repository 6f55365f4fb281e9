"""A column of text in, a typed column and the cells that do not convert out.

The work is done on the distinct texts of a column, so its time hardly grows with the rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts.bounds import LONGEST_CELL
from workbook_builder.extracts.days import (
    is_day_first,
    is_either_way,
    is_month_first,
    read_day,
    read_month,
    without_time,
)
from workbook_builder.extracts.marks import ERROR_TEXT
from workbook_builder.extracts.screens import plain
from workbook_builder.extracts.texts import (
    by_text,
    distinct,
    matching,
    numbered,
    passing,
    values_by_text,
    without_blanks,
)
from workbook_builder.names import BLANK_WORDS, SPACES

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
_INTEGER = r"[+-]?(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,18})(?:\.0*)?"
_NUMBER = r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?%?"
_FLAGS: Mapping[str, bool] = {
    "y": True, "yes": True, "true": True, "t": True, "1": True,
    "n": False, "no": False, "false": False, "f": False, "0": False,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Converted:
    """A typed column and, of the same index, which cells are not blank but do not convert.

    `texts` are the cells as they stood, without spaces around them; `written` are days without
    their times.
    """

    values: pd.Series
    failed: pd.Series
    texts: pd.Series
    written: pd.Series | None = None


def convert(kind: ColumnType, cells: pd.Series) -> Converted:
    """Convert a column of text to the type of its definition, codes left as they stand.

    Excel errors and cells longer than Excel's own fail, whatever the type.
    """
    texts = trimmed(cells)
    converted = _CONVERTERS[kind](texts)
    unusable = passing(texts, is_unusable, plain)
    if not unusable.any():
        return converted
    values = converted.values.mask(unusable)
    return Converted(values, converted.failed | unusable, texts, converted.written)


def trimmed(cells: pd.Series) -> pd.Series:
    """Return the texts without spaces around them; words for nothing become empty."""
    codes, found = distinct(cells)
    odd = np.flatnonzero(~plain(found))
    tidied = [tidy(text) for text in found[odd]]
    if all(map(_same, tidied, found[odd])):
        is_numbered = isinstance(cells.array, pd.Categorical)
        return cells if is_numbered else numbered(codes, found, cells.index)
    whole = found.copy()
    whole[odd] = tidied
    return by_text(cells, lambda texts: whole)


def is_blank(text: str) -> bool:
    """Tell whether a trimmed text says nothing."""
    return not text


def is_unusable(text: str) -> bool:
    """Tell whether a trimmed text is an Excel error or longer than any cell of Excel's."""
    return len(text) > LONGEST_CELL or is_error(text)


def is_error(text: str) -> bool:
    """Tell whether a trimmed text is an Excel error."""
    return text[:1] in ("#", "E") and _ERROR.fullmatch(text) is not None


def to_ids(texts: pd.Series) -> Converted:
    """Keep identifiers as they stand; one in scientific notation has lost its digits and fails."""
    lost = matching(texts, _is_scientific, plain)
    filled = without_blanks(texts)
    return Converted(filled.mask(lost) if lost.any() else filled, lost, texts)


def to_texts(texts: pd.Series) -> Converted:
    """Keep texts as they stand."""
    return Converted(without_blanks(texts), pd.Series(False, index=texts.index), texts)


def to_days(texts: pd.Series) -> Converted:
    """Read days; a time of day is dropped.

    Days come first. Where more than slips of the pen are readable with the month first only, days
    that can be read either way fail.
    """
    written = by_text(texts, _without_times)
    days = values_by_text(written, _days)
    if in_doubt(written):
        days = days.mask(matching(written, is_either_way))
    return Converted(days, _lost(days, texts, is_blank), texts, written)


def _without_times(texts: Iterable[str]) -> Iterable[str]:
    return map(without_time, texts)


def _days(texts: pd.Series) -> pd.Series:
    days = np.array([read_day(text) for text in texts], dtype="datetime64[D]")
    return pd.Series(days.astype("datetime64[us]"))


def _lost(values: pd.Series, texts: pd.Series, says_nothing: Callable[[str], bool]) -> pd.Series:
    """Tell which cells say something of which no value came."""
    lost = values.isna().to_numpy()
    if lost.any():
        lost = lost & ~passing(texts, says_nothing)
    return pd.Series(lost, index=values.index, copy=False)


def in_doubt(written: pd.Series) -> bool:
    """Tell whether so many days have the month first that the others may have it too."""
    american = int(matching(written, is_month_first).sum())
    british = int(matching(written, is_day_first).sum()) if american else 0
    return american > _SLIPS * (american + british)


def to_months(texts: pd.Series) -> Converted:
    """Read months, written "2023-07"; a day gives its month."""
    months = by_text(by_text(texts, _without_times), lambda each: map(read_month, each))
    return Converted(months, _lost(months, texts, is_blank), texts)


def to_integers(texts: pd.Series) -> Converted:
    """Read whole numbers; commas between thousands and ".0" may stand."""
    values = values_by_text(texts, _integers)
    return Converted(values, _lost(values, texts, is_blank), texts)


def to_numbers(texts: pd.Series) -> Converted:
    """Read numbers; "95%" is 0.95, pound signs and commas between thousands may stand."""
    values = values_by_text(texts, _numbers)
    return Converted(values, _lost(values, texts, is_blank), texts)


def to_flags(texts: pd.Series) -> Converted:
    """Read yes and no; "Unknown" is blank. The letter of a list, as in "a) Yes", is dropped."""
    words = by_text(texts, _flag_words)
    values = values_by_text(words, lambda each: each.map(_FLAGS).astype("boolean"))
    return Converted(values, _lost(values, words, _says_nothing), texts)


def _says_nothing(word: str) -> bool:
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


def _integers(texts: pd.Series) -> pd.Series:
    readable = texts.str.fullmatch(_INTEGER).astype(bool)
    digits = texts[readable].str.replace(r",|\.0*$", "", regex=True)
    return digits.astype("int64").astype("Int64").reindex(texts.index)


def _numbers(texts: pd.Series) -> pd.Series:
    plain = texts.str.replace(r"[£\s]", "", regex=True)
    readable = plain[plain.str.fullmatch(_NUMBER).astype(bool)]
    percent = readable.str.endswith("%").astype(bool)
    values = readable.str.replace(r"[,%]", "", regex=True).astype("float64")
    shares = values.where(~percent, values / 100)
    finite = shares.where(np.isfinite(shares))
    return finite.astype("Float64").reindex(texts.index)


_CONVERTERS: Mapping[ColumnType, Callable[[pd.Series], Converted]] = {
    "id": to_ids,
    "text": to_texts,
    "code": to_texts,
    "date": to_days,
    "month": to_months,
    "integer": to_integers,
    "number": to_numbers,
    "flag": to_flags,
}
