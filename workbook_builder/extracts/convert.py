"""A column of text in, a typed column and the cells that do not convert out.

The work is done on the distinct texts of a column, so its time hardly grows with the rows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts.bounds import LONGEST_CELL
from workbook_builder.extracts.days import (
    TIME,
    in_uk_time,
    is_day_first,
    is_either_way,
    is_month_first,
    read_day,
    read_month,
)
from workbook_builder.extracts.marks import ERROR_TEXT
from workbook_builder.names import BLANK_WORDS, SPACES

#: Spaces of other widths inside a text become plain ones; marks that show nothing go.
_PLAIN = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u202f", " ")
    | dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff")
    | {chr(mark): None for mark in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
)
#: Days that can only be American may be this share of a column before its order is in doubt.
_SLIPS = 0.01

_SCIENTIFIC = r"[+-]?\d+(?:\.\d+)?[eE][+-]\d+"
_INTEGER = r"[+-]?(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,18})(?:\.0*)?"
_NUMBER = r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?%?"
_FLAGS: Mapping[str, bool] = {
    "y": True, "yes": True, "true": True, "t": True, "1": True,
    "n": False, "no": False, "false": False, "f": False, "0": False,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Converted:
    """A typed column and, of the same index, which cells are not blank but do not convert."""

    values: pd.Series
    failed: pd.Series


def convert(kind: ColumnType, cells: pd.Series) -> Converted:
    """Convert a column of text to the type of its definition, codes left as they stand.

    Excel errors and cells longer than Excel's own fail, whatever the type.
    """
    converted = _CONVERTERS[kind](cells)
    unusable = by_distinct(cells, _unusable).astype(bool)
    if not unusable.any():
        return converted
    return Converted(converted.values.mask(unusable), converted.failed | unusable)


def trimmed(cells: pd.Series) -> pd.Series:
    """Return the texts without spaces around them; words for nothing become empty."""
    return by_distinct(cells, lambda texts: texts)


def to_ids(cells: pd.Series) -> Converted:
    """Keep identifiers as they stand; one in scientific notation has lost its digits and fails."""
    texts = trimmed(cells)
    lost = texts.str.fullmatch(_SCIENTIFIC).astype(bool)
    return Converted(_as_text(texts.where(~lost, "")), lost)


def to_texts(cells: pd.Series) -> Converted:
    """Keep texts as they stand."""
    return Converted(_as_text(trimmed(cells)), pd.Series(False, index=cells.index))


def to_days(cells: pd.Series) -> Converted:
    """Read days; a time of day is dropped.

    Days come first. Where more than slips of the pen are readable with the month first only, days
    that can be read either way fail.
    """
    texts = trimmed(cells)
    written = by_distinct(texts, without_time)
    days = by_distinct(
        written,
        lambda each: pd.Series([read_day(text) for text in each], dtype="datetime64[us]"),
    )
    if in_doubt(written):
        days = days.mask(matching(written, is_either_way))
    return Converted(days, days.isna() & (texts != ""))


def without_time(texts: pd.Series) -> pd.Series:
    """Return days without their time of day; one in UTC is the day in the UK."""
    return texts.map(in_uk_time).str.replace(TIME, "", regex=True)


def in_doubt(written: pd.Series) -> bool:
    """Tell whether so many days have the month first that the others may have it too."""
    american = int(matching(written, is_month_first).sum())
    british = int(matching(written, is_day_first).sum()) if american else 0
    return american > _SLIPS * (american + british)


def matching(cells: pd.Series, test: Callable[[str], bool]) -> pd.Series:
    """Tell which cells pass a test, each distinct text tested once."""
    return by_distinct(cells, lambda texts: texts.map(test)).astype(bool)


def to_months(cells: pd.Series) -> Converted:
    """Read months, written "2023-07"; a day gives its month."""
    texts = trimmed(cells)
    months = by_distinct(
        by_distinct(texts, without_time),
        lambda each: pd.Series([read_month(text) for text in each], dtype="str"),
    )
    return Converted(months, months.isna() & (texts != ""))


def to_integers(cells: pd.Series) -> Converted:
    """Read whole numbers; commas between thousands and ".0" may stand."""
    texts = trimmed(cells)
    values = by_distinct(texts, _integers)
    return Converted(values, values.isna() & (texts != ""))


def to_numbers(cells: pd.Series) -> Converted:
    """Read numbers; "95%" is 0.95, pound signs and commas between thousands may stand."""
    texts = trimmed(cells)
    values = by_distinct(texts, _numbers)
    return Converted(values, values.isna() & (texts != ""))


def to_flags(cells: pd.Series) -> Converted:
    """Read yes and no; "Unknown" is blank. The letter of a list, as in "a) Yes", is dropped."""
    texts = trimmed(cells)
    words = by_distinct(texts, _flag_words)
    values = words.map(_FLAGS).astype("boolean")
    return Converted(values, values.isna() & ~words.isin(("", "unknown")))


def by_distinct(cells: pd.Series, change: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Trim a column and change it, working on each distinct text once."""
    codes, found = pd.factorize(cells)
    distinct = pd.Series([_tidy(text) for text in found], dtype=object)
    distinct = distinct.mask(distinct.str.lower().isin(BLANK_WORDS), "")
    taken = change(distinct).take(codes)
    return taken.set_axis(cells.index)


def _tidy(text: str) -> str:
    """Write one text one way: no marks that show nothing, letters with their accents in one."""
    if text.isascii():
        return text.strip(SPACES)
    return unicodedata.normalize("NFC", text.translate(_PLAIN)).strip(SPACES)


def _unusable(texts: pd.Series) -> pd.Series:
    return texts.str.fullmatch(ERROR_TEXT).astype(bool) | (texts.str.len() > LONGEST_CELL)


def _as_text(texts: pd.Series) -> pd.Series:
    return texts.astype("str").mask(texts == "")


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


def _flag_words(texts: pd.Series) -> pd.Series:
    return texts.str.lower().str.replace(r"^[a-z]\)\s*", "", regex=True)


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
