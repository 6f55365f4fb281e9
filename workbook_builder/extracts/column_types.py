"""The types that a column of a dataset can have: how its cells are read, and its types elsewhere.

A column of text cells is factorized first: every rule runs once on each different text, and the
codes of the cells say which text stands where. COLUMN_TYPES holds all that the program knows of a
type; a new one needs a line there and its name in `definitions.datasets.ColumnType`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbook_builder.definitions.datasets import CodeList, ColumnType
from workbook_builder.extracts.dates import (
    is_day_first,
    is_either_way,
    is_month_first,
    is_no_day,
    is_word_for_no_day,
    read_day,
    read_month,
    without_time,
)
from workbook_builder.names import BLANK_WORDS, SPACES, same_name
from workbook_builder.readers.workbook import ERROR_TEXT

Array = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]

#: Characters that a cell of Excel holds at most.
LONGEST_CELL = 32_767
#: Spaces of other widths inside a text become plain ones; marks that show nothing go.
_PLAIN = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u202f", " ")
    | dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff")
    | {chr(mark): None for mark in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
)
#: Days that can only be American may be this share of a column before its order is in doubt.
_SLIPS = 0.01
#: Only a text with one of these in it can be a day that means none.
YEARS_OF_NO_DAYS = ("0001", "1753", "1899", "1900", "9999")
_LONGEST_BLANK_WORD = max(map(len, BLANK_WORDS))

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]\d+")
_ERROR = re.compile(ERROR_TEXT)
_THOUSANDS_ID = re.compile(r"\d{1,3}(?:,\d{3})+", re.ASCII)
_BETWEEN_IDS = re.compile(r"\s*(?:[;,&+\n]|\band\b)\s*")
_LISTED_ID = re.compile(r"([A-Za-z]{0,4}-?)(\d{4,})", re.ASCII)
_DECIMAL_ID = re.compile(r"^(\d+)\.0+$", re.ASCII)
_LIST_LETTER_OF_TEXT = re.compile(r"^[a-z]\)\s*")
_INTEGER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,18})(?:\.0*)?")
_NUMBER = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?%?")
_POUNDS_AND_SPACES = re.compile(r"[£\s]")
_FLAG_NUMBER = re.compile(r"-?([01])(?:\.0*)?")
_FLAGS: Mapping[str, bool] = {
    "y": True, "yes": True, "true": True, "t": True, "1": True,
    "n": False, "no": False, "false": False, "f": False, "0": False,
    "\u2713": True, "\u2714": True, "\u2611": True,
    "\u2717": False, "\u2718": False, "\u2610": False,
}  # fmt: skip
#: Words of flags that say that the answer is not known.
_NOT_KNOWN = re.compile(r"(?:not |un)(?:known|recorded|stated|available)")
#: An answer with its number before it, as in "1 - Yes", and with what explains it: "Y - confirmed".
_NUMBERED_FLAG = re.compile(r"\d\s*[-.):\u2013]\s*(?=[a-z])")
_EXPLAINED_FLAG = re.compile(r"(y|yes|n|no)\s*(?:[-:,;(\u2013]\s*)(.+)", re.DOTALL)


@dataclass(frozen=True, eq=False)
class Factorized:
    """A column whose cells are codes into its categories: texts, or what was read of them.

    No cell is without a code; a blank is the text "", or None or NaT among values.
    """

    codes: npt.NDArray[np.integer[Any]]
    categories: Array

    @classmethod
    def of(cls, cells: Array | Sequence[str]) -> Factorized:
        """Factorize cells of text."""
        codes, categories = pd.factorize(np.asarray(cells, dtype=object))
        return cls(codes, np.asarray(categories, dtype=object))

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def cells(self) -> Array:
        """The value of each cell."""
        cells: Array = self.categories[self.codes]
        return cells

    def take(self, rows: Array | slice) -> Factorized:
        """Return some of the cells, without the categories that stand in none of them.

        The codes take as few bytes as they can.
        """
        codes = self.codes[rows]
        stands = np.zeros(len(self.categories), dtype=bool)
        stands[codes] = True
        categories = self.categories
        if not stands.all():
            codes = (np.cumsum(stands) - 1)[codes]
            categories = categories[stands]
        return Factorized(codes.astype(np.min_scalar_type(max(len(categories) - 1, 0))), categories)

    def map_categories(self, change: Callable[[str], str]) -> Factorized:
        """Change every text, each different one once."""
        return replace(self, categories=_array_of(map(change, self.categories)))

    @cached_property
    def joined(self) -> str:
        """All different texts one behind the other, for a first look that takes no time."""
        return "|".join(self.categories)

    def where(self, test: Callable[[str], object], marks: tuple[str, ...] = ("",)) -> Flags:
        """Tell which cells hold a text that passes a test; only one with one of the marks can."""
        return self.broadcast(self.passing(test, marks))

    def passing(self, test: Callable[[str], object], marks: tuple[str, ...] = ("",)) -> Flags:
        """Tell which categories pass a test; only one with one of the marks in it can."""
        if not any(mark in self.joined for mark in marks):
            return np.zeros(len(self.categories), dtype=bool)
        passed = (bool(test(text)) for text in self.categories)
        return np.fromiter(passed, bool, len(self.categories))

    def broadcast(self, flags: Flags) -> Flags:
        """Tell of each cell what is told of its category."""
        found: Flags = flags[self.codes] if flags.any() else np.zeros(len(self), dtype=bool)
        return found


@dataclass(frozen=True, eq=False)
class TypedColumn:
    """A column of cells, and what was read of each of its different texts.

    `texts` are without spaces around them, and "" where they say nothing. `values` are None or NaT
    or NaN where nothing was read, `failed` tells which texts say something that cannot be read.
    `written` are days without their times; `none` tells which of them mean that there is no day.
    Where the order of day and month is in doubt, `distrusted` tells which other texts were not read
    either: the column is trusted whole or not.
    """

    texts: Factorized
    values: Array
    failed: Flags
    written: Factorized | None = None
    none: Flags | None = None
    distrusted: Flags | None = None

    @cached_property
    def distrusted_cells(self) -> Flags:
        """Which cells were not read because the column as a whole is not trusted."""
        if self.distrusted is None:
            return np.zeros(len(self.texts), dtype=bool)
        return self.texts.broadcast(self.distrusted)

    @cached_property
    def blank(self) -> Flags:
        """Which cells have no value."""
        return self.texts.broadcast(np.asarray(pd.isna(self.values), dtype=bool))

    @cached_property
    def says_nothing(self) -> Flags:
        """Which cells are blank as they stand."""
        return self.texts.broadcast(np.asarray(self.texts.categories == "", dtype=bool))

    @cached_property
    def failed_cells(self) -> Flags:
        """Which cells say something that cannot be read."""
        return self.texts.broadcast(self.failed)

    @cached_property
    def no_days(self) -> Flags:
        """Which cells hold a day, or a word, that means none."""
        if self.none is None:
            return np.zeros(len(self.texts), dtype=bool)
        return self.texts.broadcast(self.none)

    @cached_property
    def cells(self) -> Array:
        """The value of each cell."""
        return self.typed.cells

    @property
    def typed(self) -> Factorized:
        """The values by the codes of the cells."""
        return Factorized(self.texts.codes, self.values)

    def rows_in_doubt(self, rows: Flags) -> bool:
        """Tell whether so many days have the month first that the others may have it too."""
        assert self.written is not None
        return _in_doubt(self.written, rows)


def tidied(cells: Factorized) -> Factorized:
    """Return the texts without spaces around them; words for nothing become empty."""
    texts = cells.categories
    joined = cells.joined
    odd: Iterable[int] = range(len(texts))
    if joined.isascii() and joined.isprintable() and not _has_spaces_at_an_end(joined):
        odd = (at for at, text in enumerate(texts) if len(text) <= _LONGEST_BLANK_WORD)
    changed = {at: new for at in odd if (new := tidy(texts[at])) != texts[at]}
    if not changed:
        return cells
    texts = texts.copy()
    texts[list(changed)] = list(changed.values())
    return replace(cells, categories=texts)


def _has_spaces_at_an_end(joined: str) -> bool:
    """Tell whether one of several texts that "|" joins may begin or end with a space."""
    return "| " in joined or " |" in joined or joined.startswith(" ") or joined.endswith(" ")


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


def is_error(text: str) -> bool:
    """Tell whether a tidy text is an Excel error."""
    return text[:1] in ("#", "E") and _ERROR.fullmatch(text) is not None


def is_too_long(text: str) -> bool:
    """Tell whether a text is longer than any cell of Excel's."""
    return len(text) > LONGEST_CELL


def unusable(texts: Factorized) -> Flags:
    """Tell which tidy texts are Excel errors or longer than any cell of Excel's."""
    errors = texts.passing(is_error, ("#", "Err:"))
    if max(map(len, texts.categories), default=0) > LONGEST_CELL:
        errors |= texts.passing(is_too_long)
    return errors


def read_column(kind: ColumnType, cells: Factorized, units: Sequence[str] = ()) -> TypedColumn:
    """Read a column of texts as its type says; codes stay as they stand.

    Numbers may have one of the column's units behind them; another unit fails. Excel errors and
    cells longer than Excel's own fail, whatever the type.
    """
    texts = tidied(cells)
    plain = texts.map_categories(_without_unit(units)) if units else texts
    typed = COLUMN_TYPES[kind].read(plain)
    if units:
        typed = replace(typed, texts=texts)
    faulty = unusable(texts)
    if not faulty.any():
        return typed
    values = typed.values.copy()
    values[faulty] = None
    return replace(typed, values=values, failed=typed.failed | faulty)


def _without_unit(units: Sequence[str]) -> Callable[[str], str]:
    """Return what takes a unit off the end of a number, as in "6.3 miles"."""
    words = "|".join(re.escape(unit.lower()) for unit in sorted(units, key=len, reverse=True))
    with_unit = re.compile(rf"([+-]?[\d,.]+)\s*(?:{words})\.?", re.IGNORECASE)

    def number(text: str) -> str:
        found = with_unit.fullmatch(text)
        return found[1] if found else text

    return number


def read_texts(texts: Factorized, read: Callable[[str], Any], dtype: str = "object") -> TypedColumn:
    """Read each of some tidy texts as a value; one that says something and gives None fails."""
    found = [read(text) for text in texts.categories]
    pairs = zip(texts.categories, found, strict=True)
    failed = np.fromiter((value is None and text != "" for text, value in pairs), bool, len(found))
    return TypedColumn(texts, _array_of(found, dtype), failed)


def _read_ids(texts: Factorized) -> TypedColumn:
    """Keep identifiers as they stand, but for the ".0" of one that was a number on the way here.

    One in scientific notation has lost its digits and fails, and so does a cell of several. Commas
    between thousands go.
    """
    failed = texts.passing(is_scientific, ("E+", "E-", "e+", "e-")) | several_ids(texts)
    typed = _read_as_they_stand(texts, failed)
    if ".0" not in texts.joined and "," not in texts.joined:
        return typed
    whole = [
        _DECIMAL_ID.sub(r"\1", value.replace(",", "") if _THOUSANDS_ID.fullmatch(value) else value)
        if value
        else value
        for value in typed.values
    ]
    return replace(typed, values=_array_of(whole))


def several_ids(texts: Factorized) -> Flags:
    """Tell which texts are several identifiers, as of brothers and sisters: "300107; 300114".

    Two with a stroke between them may be one identifier of a family and a child, so one of them
    must also be an identifier of its own.
    """
    several = texts.passing(_are_several_ids, (";", ", ", "&", "+", "\n", " and "))
    if "/" in texts.joined:
        alone = set(texts.categories)
        several |= texts.passing(
            lambda text: (
                _are_several_ids(text.replace("/", ";"))
                and not alone.isdisjoint(part.strip() for part in text.split("/"))
            ),
            ("/",),
        )
    return several


def _are_several_ids(text: str) -> bool:
    parts = [_LISTED_ID.fullmatch(part) for part in _BETWEEN_IDS.split(text)]
    alike = [(part[1], len(part[2])) for part in parts if part]
    if len(parts) < 2 or len(alike) < len(parts):
        return False
    lengths = [length for _, length in alike]
    of_one_kind = len({letters for letters, _ in alike}) == 1
    return of_one_kind and max(lengths) - min(lengths) <= 1


def _read_as_they_stand(texts: Factorized, failed: Flags | None = None) -> TypedColumn:
    """Keep texts as they stand."""
    values = texts.categories
    if failed is None:
        failed = np.zeros(len(values), dtype=bool)
    blank = failed | np.asarray(values == "", dtype=bool)
    if blank.any():
        values = values.copy()
        values[blank] = None
    return TypedColumn(texts, values, failed)


def _read_days(texts: Factorized) -> TypedColumn:
    """Read days; a time of day is dropped.

    Days come first. Where more than slips of the pen are readable with the month first only, days
    that can be read either way fail, and no other day of the column is trusted. A day that
    databases write for none is blank, and so is a word such as "Ongoing".
    """
    written = texts.map_categories(without_time)
    days = iter(map(read_day, written.categories))
    typed = replace(read_texts(texts, lambda _: next(days), "datetime64[s]"), written=written)
    none = written.passing(is_no_day, YEARS_OF_NO_DAYS)
    if typed.failed.any():
        none |= written.passing(is_word_for_no_day)
    if none.any():
        values = typed.values.copy()
        values[none] = np.datetime64("NaT")
        typed = replace(typed, values=values, failed=typed.failed & ~none, none=none)
    if typed.failed.any() and _in_doubt(written, slice(None)):
        either = written.passing(is_either_way)
        failed = typed.failed | either
        distrusted = ~failed & ~np.asarray(pd.isna(typed.values), dtype=bool)
        values = np.full_like(typed.values, np.datetime64("NaT"))
        return replace(typed, values=values, failed=failed, distrusted=distrusted)
    return typed


def _in_doubt(written: Factorized, rows: Flags | slice) -> bool:
    counts = np.bincount(written.codes[rows], minlength=len(written.categories))
    american = int(counts[written.passing(is_month_first)].sum())
    british = int(counts[written.passing(is_day_first)].sum()) if american else 0
    return american > _SLIPS * (american + british)


def _read_months(texts: Factorized) -> TypedColumn:
    """Read months, written "2023-07"; a day gives its month."""
    return read_texts(texts, lambda text: read_month(without_time(text)))


def _read_integers(texts: Factorized) -> TypedColumn:
    """Read whole numbers; commas between thousands and ".0" may stand."""
    return read_texts(texts, _integer)


def _read_numbers(texts: Factorized) -> TypedColumn:
    """Read numbers; "95%" is 0.95, pound signs and commas between thousands may stand."""
    return read_texts(texts, _number, "float64")


def _read_flags(texts: Factorized) -> TypedColumn:
    """Read yes and no, also as 1.0 and 0.0 or, as Access writes them, -1 and 0.

    "Unknown" is blank. The letter of a list, as in "a) Yes", is dropped, and so is what explains an
    answer, as in "Y - confirmed".
    """
    words = texts.map_categories(_flag_word)
    typed = read_texts(words, _FLAGS.get)
    unknown = words.passing(lambda word: _NOT_KNOWN.fullmatch(word) is not None)
    return replace(typed, texts=texts, failed=typed.failed & ~unknown)


def as_tick_box(column: TypedColumn, rows: Flags) -> TypedColumn | None:
    """Return a column of flags with blank read as no, if all that stands in some rows is yes.

    None where it is no tick box: something else stands in it, nothing does, or no cell is blank.
    """
    codes = np.unique(column.texts.codes[rows])
    texts = column.texts.categories
    says_nothing = np.asarray(texts == "", dtype=bool)
    filled = codes[~says_nothing[codes]]
    if not len(filled) or len(filled) == len(codes):
        return None
    if not all(column.values[code] is True for code in filled):
        return None
    values = column.values.copy()
    values[says_nothing] = False
    return replace(column, values=values)


def _flag_word(text: str) -> str:
    """Return what a flag says in small letters.

    That is without a list's letter or number, decimals and minus, and without an explanation,
    unless this says that the answer is not known.
    """
    if found := _FLAG_NUMBER.fullmatch(text):
        return found[1]
    word = _NUMBERED_FLAG.sub("", _LIST_LETTER_OF_TEXT.sub("", text.lower()), count=1)
    explained = _EXPLAINED_FLAG.fullmatch(word)
    return explained[1] if explained and not _NOT_KNOWN.search(explained[2]) else word


def is_scientific(text: str) -> bool:
    """Tell whether a number has lost its digits to scientific notation."""
    return _SCIENTIFIC.fullmatch(text) is not None


def _integer(text: str) -> int | None:
    return int(text.partition(".")[0].replace(",", "")) if _INTEGER.fullmatch(text) else None


def _number(text: str) -> float | None:
    plain = _POUNDS_AND_SPACES.sub("", text)
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain.rstrip("%").replace(",", ""))
    share = value / 100 if plain.endswith("%") else value
    return share if math.isfinite(share) else None


def _array_of(values: Iterable[Any], dtype: str = "object") -> Array:
    """Return values as an array; of objects, each stays what it is."""
    items = list(values)
    array = np.empty(len(items), dtype=dtype)
    array[:] = items
    return array


@dataclass(frozen=True)
class TypeRules:
    """All that the program knows of one type of column.

    `expected` is what a message says should stand in a cell, `values` what a checked expression
    takes a value for. `spark_types` are the types that a column of a Spark table may have, and
    `spark_pattern` is how a cell of a table of texts must be written there.
    """

    read: Callable[[Factorized], TypedColumn]
    expected: str
    values: str
    duckdb: str
    spark: str
    spark_types: tuple[str, ...]
    spark_pattern: str = ""
    dtype: str = "object"


_WHOLE = ("tinyint", "smallint", "int", "bigint")
_TEXT = ("a text", "VARCHAR", "STRING", ("string",))

COLUMN_TYPES: Mapping[ColumnType, TypeRules] = {
    "id": TypeRules(_read_ids, "identifiers", *_TEXT),
    "text": TypeRules(_read_as_they_stand, "texts", *_TEXT),
    "code": TypeRules(_read_as_they_stand, "codes of the column's list", *_TEXT),
    "month": TypeRules(
        _read_months, "months such as 2023-07 or Jul-23", *_TEXT, r"^\d{4}-(0[1-9]|1[0-2])$"
    ),
    "date": TypeRules(
        _read_days, "dates such as 31/07/2023, from 1900 to 2099", "a day",
        "DATE", "DATE", ("date",), r"^\d{4}-\d{2}-\d{2}$", "datetime64[s]",
    ),
    "integer": TypeRules(
        _read_integers, "whole numbers", "a number",
        "BIGINT", "BIGINT", _WHOLE, r"^[+-]?\d{1,18}$",
    ),
    "number": TypeRules(
        _read_numbers, "numbers", "a number", "DOUBLE", "DOUBLE", ("double", "decimal", *_WHOLE),
        r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$", "float64",
    ),
    "flag": TypeRules(
        _read_flags, "Yes or No", "a yes or no",
        "BOOLEAN", "BOOLEAN", ("boolean",), r"^(?i)(true|false)$",
    ),
}  # fmt: skip


#: A code with its text behind a colon or a dash, perhaps after the letter of a list: "a) U1: ...".
_CODE_AND_TEXT = re.compile(r"(?:[a-z]{1,2}\)\s*)?([A-Za-z0-9]+)\s*[:\u2013-]\s*\S", re.IGNORECASE)
_LIST_LETTER = re.compile(r"^[a-z]{1,2}\)\s*", re.IGNORECASE)
#: A code that has a digit, so that it is no word, before its text or in brackets behind it.
_CODE_BEFORE_TEXT = re.compile(r"([A-Za-z]{1,2}\d[A-Za-z0-9]*)\s+\S.*")
_CODE_WITH_DIGIT = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z0-9]*\b")
_CODE_BEHIND_TEXT = re.compile(r".*\S\s*[(\[]([A-Za-z]{1,2}\d[A-Za-z0-9]*)[)\]]")


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
    if both := _CODE_AND_TEXT.match(text):
        return known.get(same_name(both[1]))
    if _CODE_BEFORE_TEXT.match(plain) or _CODE_BEHIND_TEXT.match(plain):
        codes = {known.get(same_name(word)) for word in _CODE_WITH_DIGIT.findall(plain)}
        return codes.pop() if len(codes) == 1 else None  # "U1 or K3" is neither
    return None
