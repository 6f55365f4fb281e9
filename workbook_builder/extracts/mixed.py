"""The records of all sheets in; signs that they do not belong together out.

Nothing is changed or left out on such a sign: only a person can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.columns.different import Different, together
from workbook_builder.columns.same import numbered_together
from workbook_builder.columns.texts import handed_out
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts.convert import trimmed
from workbook_builder.extracts.duplicates import Part
from workbook_builder.extracts.looks import begin_with_zero, look_of
from workbook_builder.extracts.model import Grid, Headings, Sheet
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
    below = grid.cells.below(headings.row).columns
    for place, text in enumerate(headings.texts):
        if same_name(text) in _COUNCIL_HEADINGS:
            values = trimmed(below[place]).used().different.texts()
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
        Problem(
            catalogue.TWO_COUNCILS, what, Where(files, column=min(headings)), "All were counted."
        )
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
    def name(self) -> str:
        """The file, and the sheet if it has one."""
        return self.sheet.file + (f' (sheet "{self.sheet.sheet}")' if self.sheet.sheet else "")

    def standing(self, known: Sequence[str]) -> tuple[tuple[int, ...], Sequence[str]]:
        """Return the rows in which known identifiers stand, and which ones do."""
        cells = self.part.kept.texts(self.column)
        _, became = together([Different.of(known), cells.different])
        number = became[len(known) :]
        stands = handed_out(number < len(known), cells, fill=False)
        which = np.flatnonzero(np.isin(np.arange(len(known)), number)).tolist()
        return tuple(self.part.kept.rows[stands].tolist()), [known[at] for at in which]


def _identifiers(part: Part, column: str, *, alone: bool) -> _Identifiers | None:
    """Look at the identifiers in a column, if it holds any; `alone` ones are like no others."""
    cells = part.kept.texts(column)
    found = cells.different
    if not len(found):
        return None
    enough = not alone and np.count_nonzero(~cells.blank) >= _ENOUGH
    padded = found.texts(np.flatnonzero(begin_with_zero(found)))
    return _Identifiers(part, column, look_of(found) if enough else "", tuple(padded))


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
            rows, short = one.standing(list(padded))
            if rows:
                others = listed({padded[text] for text in short})
                verb = "lacks" if len(rows) == 1 else "lack"
                what = (
                    f"{counted(len(rows), 'identifier')} {verb} the leading zeros that "
                    f"{'it has' if len(rows) == 1 else 'they have'} in {others}."
                )
                heading = _heading(one.sheet, column)
                where = Where(one.sheet.file, one.sheet.sheet, rows, heading)
                done = "Read as they stand: records of one child do not find one another."
                yield Problem(catalogue.LOST_ZEROS, what, where, done)


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
        yield Problem(catalogue.TWO_KINDS_OF_ID, what, where, "All were counted.")


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
                yield Problem(catalogue.OLDER_EXTRACT, what, where, "Counted as open to this day.")


def _open_rows(part: Part, newer: Sequence[Part], dataset: Dataset) -> tuple[int, ...]:
    """Return the rows without an end whose child and start no newer sheet holds."""
    if not dataset.in_order:
        return ()
    start, end = dataset.in_order[0]
    child = next((one for one, column in dataset.columns.items() if column.type == "id"), None)
    if child is None or not newer:
        return ()
    own, begun, ended = (part.kept.column(name) for name in (child, start, end))
    left_open = np.flatnonzero(ended.blank & ~begun.blank)
    if not len(left_open):
        return ()
    records = numbered_together(
        [[own.take(left_open), begun.take(left_open)]]
        + [[other.kept.column(child), other.kept.column(start)] for other in newer]
    )
    missing = ~np.isin(records[: len(left_open)], records[len(left_open) :])
    return tuple(part.kept.rows[left_open[missing]].tolist())
