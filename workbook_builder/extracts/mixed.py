"""The records of all sheets in; signs that they do not belong together out.

Nothing is changed or left out on such a sign: only a person can tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts import kinds
from workbook_builder.extracts.convert import trimmed
from workbook_builder.extracts.duplicates import Part
from workbook_builder.extracts.model import Grid, Headings, Sheet
from workbook_builder.extracts.texts import distinct, matching
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Where, counted, listed

#: Days between the last days of two extracts of one dataset before the older one is worth a word.
_MUCH_OLDER = timedelta(days=183)
#: Headings under which extracts name the council that works with a child.
_COUNCIL_HEADINGS = frozenset(
    map(same_name, ("LA", "LA code", "LA name", "Local Authority", "Local Authority Code",
                    "Local Authority Name", "Council", "Council Name", "Responsible LA"))
)  # fmt: skip
#: Records that a sheet must have before the look of its identifiers says anything.
_ENOUGH = 5
#: The share of a sheet's identifiers that must look alike.
_MOST = 0.9
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")


def mixed_up(parts: Sequence[Part], datasets: Mapping[str, Dataset]) -> list[Problem]:
    """Return what hints at lost zeros, two systems' identifiers, or last year's extract."""
    filled = [part for part in parts if len(part.kept)]
    identifiers = _by_column(filled, datasets)
    return [
        *_lost_zeros(identifiers),
        *_two_kinds_of_id(identifiers),
        *_older(filled, datasets),
    ]


def councils_named(grid: Grid, headings: Headings) -> tuple[str, frozenset[str]]:
    """Return the heading of a sheet's column of councils, if it has one, and the councils in it."""
    below = grid.cells.loc[headings.row + 1 :]
    for place, text in enumerate(headings.texts):
        if same_name(text) in _COUNCIL_HEADINGS:
            _, values = distinct(trimmed(below[place]))
            return text, frozenset(filter(None, map(same_name, values)))
    return "", frozenset()


def several_councils(named: Sequence[tuple[Sheet, str, frozenset[str]]]) -> list[Problem]:
    """Return the problem that the records are not all of one council."""
    found = {council for *_, councils in named for council in councils}
    if len(found) < 2:
        return []
    files = listed({sheet.file for sheet, _, councils in named if councils})
    headings = {heading for _, heading, councils in named if councils}
    what = f"the records are said to be of {len(found)} councils."
    return [
        Problem(kinds.TWO_COUNCILS, what, Where(files, column=min(headings)), "All were counted.")
    ]


@dataclass(frozen=True)
class _Identifiers:
    """What is known of the identifiers of one kind in one sheet: how they look, which begin with 0.

    The identifiers themselves stay with the part, for all of them together fill the memory.
    """

    part: Part
    column: str
    look: str
    padded: tuple[str, ...]

    @property
    def sheet(self) -> Sheet:
        """The sheet that they stand in."""
        return self.part.sheet

    @property
    def values(self) -> pd.Series:
        """The cells that hold one."""
        return self.part.kept.column(self.column).dropna()

    @property
    def name(self) -> str:
        """The file, and the sheet if it has one."""
        return self.sheet.file + (f' (sheet "{self.sheet.sheet}")' if self.sheet.sheet else "")


def _identifiers(part: Part, column: str, *, alone: bool) -> _Identifiers | None:
    """Look at the identifiers in a column, if it holds any; `alone` ones are like no others."""
    values = part.kept.column(column).dropna()
    if values.empty:
        return None
    numbers, found = distinct(values)
    texts = list(found.take(pd.unique(numbers)))  # in the order in which they stand
    look = _look(texts) if len(values) >= _ENOUGH and not alone else ""
    some = "\n0" in "\n".join(("", *texts))  # in most there is none
    padded = tuple(text for text in texts if text.startswith("0")) if some else ()
    return _Identifiers(part, column, look, padded)


def _heading(sheet: Sheet, column: str) -> str:
    return dict(zip(sheet.columns, sheet.recognised_by, strict=False)).get(column, column)


def _by_column(
    parts: Iterable[Part], datasets: Mapping[str, Dataset]
) -> Mapping[str, list[_Identifiers]]:
    """Return identifiers by the name of their column, which means the same in all datasets."""
    having: dict[str, list[Part]] = {}
    for part in parts:
        for name, column in datasets[part.dataset].columns.items():
            if column.type == "id" and name in part.sheet.columns:
                having.setdefault(name, []).append(part)
    return {
        name: [seen for part in some if (seen := _identifiers(part, name, alone=len(some) == 1))]
        for name, some in having.items()
    }


def _lost_zeros(columns: Mapping[str, list[_Identifiers]]) -> Iterator[Problem]:
    for column, sheets in columns.items():
        padded: dict[str, str] = {}
        for one in sheets:
            padded |= {text.lstrip("0"): one.name for text in one.padded}
        padded.pop("", None)
        for one in sheets if padded else ():
            values = one.values
            short = values[matching(values, padded.__contains__)]
            if len(short):
                others = listed({padded[text] for text in distinct(short)[1]})
                rows = tuple(int(row) for row in short.index)
                verb = "lacks" if len(rows) == 1 else "lack"
                what = (
                    f"{counted(len(rows), 'identifier')} {verb} the leading zeros that "
                    f"{'it has' if len(rows) == 1 else 'they have'} in {others}."
                )
                heading = _heading(one.sheet, column)
                where = Where(one.sheet.file, one.sheet.sheet, rows, heading)
                done = "Read as they stand: records of one child do not find one another."
                yield Problem(kinds.LOST_ZEROS, what, where, done)


def _two_kinds_of_id(columns: Mapping[str, list[_Identifiers]]) -> Iterator[Problem]:
    for column, sheets in columns.items():
        known = sorted({one.look for one in sheets if one.look})
        if len(known) < 2:
            continue
        groups = [listed({one.name for one in sheets if one.look == look}) for look in known]
        what = (
            f"the identifiers in {groups[0]} look different from those in {groups[1]} (letters, "
            "digits, length), as if they came from two systems or two councils."
        )
        where = Where(column=_heading(sheets[0].sheet, column))
        yield Problem(kinds.TWO_KINDS_OF_ID, what, where, "All were counted.")


def _look(texts: Sequence[str]) -> str:
    """Return the shape that most identifiers share, as "AA99"; empty if none is."""
    if "".join(texts).isdecimal():
        return _shape("0")
    shape, count = Counter(map(_shape, texts)).most_common(1)[0]
    return shape if count / len(texts) >= _MOST else ""


def _shape(text: str) -> str:
    if text.isdecimal():  # most are, and need no closer look
        return "9"
    if text.rstrip("0123456789").isalpha():
        return "A" if text.isalpha() else "A9"
    return _DIGITS.sub("9", _LETTERS.sub("A", text))


def _older(parts: Sequence[Part], datasets: Mapping[str, Dataset]) -> Iterator[Problem]:
    """Yield files that end long before others of their dataset and hold records without an end.

    Such a record would count as open to this day, though the newer extract no longer has it.
    """
    for name in dict.fromkeys(part.dataset for part in parts):
        same = [part for part in parts if part.dataset == name]
        last = max((part.sheet.last_day for part in same if part.sheet.last_day), default=None)
        for part in same:
            sheet, ended = part.sheet, part.sheet.last_day
            if not last or not ended or last - ended < _MUCH_OLDER or sheet.standard:
                continue
            newer = [one for one in same if one.sheet.last_day and one.sheet.last_day > ended]
            rows = _open_rows(part, newer, datasets[name])
            if rows:
                verb = "has" if len(rows) == 1 else "have"
                what = (
                    f"this extract ends {(last - ended).days} days before another of "
                    f'"{datasets[name].title}", and {counted(len(rows), "record")} of it {verb} no '
                    "end and no newer record."
                )
                where = Where(sheet.file, sheet.sheet, rows)
                yield Problem(kinds.OLDER_EXTRACT, what, where, "Counted as open to this day.")


def _open_rows(part: Part, newer: Sequence[Part], dataset: Dataset) -> tuple[int, ...]:
    """Return the rows without an end whose child and start no newer sheet holds."""
    if not dataset.in_order:
        return ()
    start, end = dataset.in_order[0]
    child = next((one for one, column in dataset.columns.items() if column.type == "id"), None)
    if child is None or not newer:
        return ()
    frame = part.kept.frame(dict.fromkeys((child, start, end)))
    left_open = frame[frame[end].isna() & frame[start].notna()]
    held = pd.MultiIndex.from_frame(
        pd.concat([other.kept.frame((child, start)) for other in newer])
    )
    again = pd.MultiIndex.from_frame(left_open[[child, start]]).isin(held)
    return tuple(int(row) for row in left_open.index[~again])
