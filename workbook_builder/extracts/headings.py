"""Recognise what dataset a sheet holds, by the headings in one of its first rows.

A person may have said it (manual mapping): that goes before what the headings say.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts.column_types import Factorized, tidied
from workbook_builder.extracts.dates import days_written_in
from workbook_builder.extracts.model import Assignment, headings_mark
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, counted
from workbook_builder.readers.grid import ROWS_SEARCHED, Grid, TopRow

#: What a person said of sheets, by the mark of their headings (`assignments.headings_mark`).
Assignments = Mapping[str, Assignment]

_NEAR = 2
_ALIASES_SHOWN = 4
#: A longer text is no heading; comparing takes the square of the length.
_LONGEST_HEADING = 100
_LONGEST_SHOWN = 80
#: A line with one of these words says when a report was made, not of which day it is.
_WHEN_RUN = re.compile(r"(?i)\b(run|ran|printed|produced|created|extracted|generated|refreshed)\b")


@dataclass(frozen=True)
class Headings:
    """The row of a sheet where its headings stand, and the columns that they mean.

    `positions` may name several places for one column until one of them is chosen. `constants` are
    the values of columns that the sheet has no heading for, `lacks` required columns that are not
    known of any of its records.
    """

    dataset: Dataset
    row: int
    texts: tuple[str, ...]
    positions: Mapping[str, tuple[int, ...]]
    constants: Mapping[str, str] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()

    @property
    def required(self) -> frozenset[str]:
        """The columns that each of its records must have."""
        required = self.dataset.required_without(self.lacks)
        return required if not self.lacks else required & {*self.positions, *self.constants}

    def heading(self, column: str) -> str:
        """Return the heading of a column as it stands in the file, cut short if it is very long."""
        text = self.texts[self.positions[column][0]]
        return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def recognise(grid: Grid, datasets: Mapping[str, Dataset]) -> Headings | Problem:
    """Find the dataset of which most columns have a heading in one row near the top of the sheet.

    All required columns must be there. Two datasets that fit equally well are a problem, not a
    guess.
    """
    rows = grid.top
    matches = [_best_row(rows, dataset) for dataset in datasets.values()]
    whole = _most_columns(match for match in matches if _is_whole(match))
    if len(whole) == 1:
        return whole[0]
    if whole:
        return _ambiguous(grid, whole)
    if both := _in_two_rows(rows, datasets):
        return _two_rows(grid, *both)
    nearest = _most_columns(match for match in matches if len(match.positions) >= _NEAR)
    return _lacking(grid, nearest[0]) if len(nearest) == 1 else _unknown(grid)


def is_of_headings(row: TopRow, datasets: Mapping[str, Dataset]) -> bool:
    """Tell whether a row holds all needed headings of a dataset."""
    return any(_is_whole(_best_row((row,), dataset)) for dataset in datasets.values())


def choose_columns(grid: Grid, headings: Headings) -> Result[Headings | None]:
    """Settle columns that two headings mean; a required one that stays open loses the sheet."""
    places: dict[str, tuple[int, ...]] = {}
    problems: list[Problem] = []
    lost = False
    for column, positions in headings.positions.items():
        if len(positions) == 1 or _all_equal(grid, headings.row, positions):
            places[column] = positions[:1]
            continue
        required = column in headings.required
        problems.append(_two_headings(grid, headings, positions, required=required))
        lost = lost or required
    chosen = None if lost else replace(headings, positions=places)
    return Result(chosen, tuple(problems))


def stated_period(grid: Grid, headings: Headings) -> tuple[date, date] | None:
    """Return the period written above the headings: the first line that holds exactly two days."""
    for row in grid.top:
        if row.number >= headings.row:
            return None
        days = days_written_in(" ".join(row.texts))
        if len(days) == 2 and days[0] <= days[1]:
            return days[0], days[1]
    return None


def likely_headings(grid: Grid) -> TopRow | None:
    """Return the row that is most likely that of the headings: the first with most plain words.

    Records nearly always hold digits (identifiers, days, numbers), and headings hardly ever do.
    """
    rows = [row for row in grid.top if _plain_words(row)]
    return max(rows, key=_plain_words, default=None)  # the first of those that have as many


def _plain_words(row: TopRow) -> int:
    return sum(any(mark.isalpha() for mark in text) and not any(mark.isdigit() for mark in text)
               for text in row.texts)  # fmt: skip


def recognise_assigned(
    grid: Grid, datasets: Mapping[str, Dataset], assignments: Assignments
) -> Headings | Problem | None:
    """Return the headings of a sheet by what a person said of it; None if nobody said anything."""
    row = likely_headings(grid) if assignments else None
    assignment = assignments.get(headings_mark(row.texts)) if row else None
    if row is None or assignment is None or assignment.dataset not in datasets:
        return None
    dataset = datasets[assignment.dataset]
    mapped = {same_name(text): column for column, text in assignment.columns.items() if text}
    usual = {name: column for name, column in dataset.known_names.items()
             if column not in assignment.columns}  # fmt: skip
    positions = _with_fallbacks(row, _positions(row, usual | mapped), dataset)
    none = {column for column, text in assignment.columns.items() if not text}
    positions = {column: place for column, place in positions.items() if column not in none}
    headings = Headings(dataset, row.number, row.texts, positions)
    return headings if _is_whole(headings) else _lacking(grid, headings)


def assigned_note(grid: Grid, headings: Headings) -> Problem:
    """Return the note that a sheet was read as a person said."""
    what = f'this was read as "{headings.dataset.title}", as you said.'
    return Problem(catalogue.ASSIGNED, what, grid.where((headings.row,)))


def with_snapshot_day(grid: Grid, headings: Headings) -> Headings:
    """Return headings with the day that stands above them, where records need one and have none.

    That is the first line with one day, unless it says when the report was run.
    """
    name = headings.dataset.snapshot
    if not name or name in headings.positions or name in headings.constants:
        return headings
    for row in grid.top:
        if row.number >= headings.row:
            break
        text = " ".join(row.texts)
        days = days_written_in(text)
        if len(days) == 1 and not _WHEN_RUN.search(text):
            return replace(headings, constants={**headings.constants, name: days[0].isoformat()})
    return headings


def _best_row(rows: Iterable[TopRow], dataset: Dataset) -> Headings:
    """Return the first row with all needed headings of a dataset, else the one with most of them.

    The headings may stand again among the records, fuller than above: what is between must not go.
    """
    known = dataset.known_names
    found = ((row, _with_fallbacks(row, _positions(row, known), dataset)) for row in rows)
    matches = [Headings(dataset, row.number, row.texts, at) for row, at in found if at]
    nothing = Headings(dataset, 0, (), {})
    whole = (match for match in matches if _is_whole(match))
    return next(whole, max(matches, key=_fit, default=nothing))


def _fit(match: Headings) -> tuple[bool, int]:
    return _is_whole(match), len(match.positions)


def _positions(row: TopRow, known: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    positions: dict[str, tuple[int, ...]] = {}
    if known.keys().isdisjoint(row.names):  # as of nearly all rows and datasets
        return positions
    for place, name in enumerate(row.names):
        if name and name in known:
            column = known[name]
            positions[column] = (*positions.get(column, ()), place)
    return positions


def _with_fallbacks(
    row: TopRow, positions: Mapping[str, tuple[int, ...]], dataset: Dataset
) -> Mapping[str, tuple[int, ...]]:
    """Return positions with those of the columns that only a fallback names, if any other is there.

    A heading that many kinds of extract have tells nothing by itself.
    """
    if not positions:
        return positions
    names = {name: place for place, name in reversed(list(enumerate(row.names)))}
    added = {
        column: (names[there[0]],)
        for column, fallbacks in dataset.fallback_names.items()
        if column not in positions and (there := [name for name in fallbacks if name in names])
    }
    return {**positions, **added}


def _most_columns(matches: Iterable[Headings]) -> list[Headings]:
    """Return the match with most columns, or all of them that share the first place."""
    found = list(matches)
    most = max((len(match.positions) for match in found), default=0)
    return [match for match in found if len(match.positions) == most]


def _is_whole(match: Headings) -> bool:
    return match.dataset.required <= match.positions.keys()


def _missing(match: Headings) -> list[str]:
    return [name for name in match.dataset.columns
            if name in match.dataset.required and name not in match.positions]  # fmt: skip


def _all_equal(grid: Grid, row: int, positions: tuple[int, ...]) -> bool:
    below = grid.cells.loc[row + 1 :]
    columns = (below[place].to_numpy() for place in positions)
    first, *others = (tidied(Factorized.of(cells)).cells for cells in columns)
    return all(np.array_equal(first, other) for other in others)


def _ambiguous(grid: Grid, matches: list[Headings]) -> Problem:
    titles = " and ".join(f'"{match.dataset.title}"' for match in matches)
    what = f"the headings fit {titles} equally well."
    return Problem(catalogue.AMBIGUOUS_SHEET, what, grid.where(), "Sheet left out.")


def _lacking(grid: Grid, match: Headings) -> Problem:
    missing = _missing(match)
    lacking = " or ".join(f'"{match.dataset.heading(name)}"' for name in missing)
    others = ", ".join(
        name for column in missing for name in _other_headings(match.dataset, column)
    )
    what = (
        f'this looks like "{match.dataset.title}" but has no column {lacking}'
        f"{f' ({others})' if others else ''}.{_similar(match, missing)}"
    )
    return Problem(catalogue.MISSING_COLUMN, what, grid.where((match.row,)), "Sheet left out.")


def _other_headings(dataset: Dataset, column: str) -> tuple[str, ...]:
    """Return other headings that would do for a column as well as its usual one."""
    aliases = dataset.columns[column].aliases[:_ALIASES_SHOWN]
    return tuple(alias for alias in aliases if alias != dataset.heading(column))


def _similar(match: Headings, missing: list[str]) -> str:
    """Ask whether a heading of the sheet that is nearly a known one was meant."""
    taken = {place for places in match.positions.values() for place in places}
    free = {
        same_name(text): text
        for place, text in enumerate(match.texts)
        if place not in taken and len(text) <= _LONGEST_HEADING
    }
    wanted = [name for name, column in match.dataset.known_names.items() if column in missing]
    near = (difflib.get_close_matches(name, free, n=1, cutoff=0.8) for name in wanted)
    meant = next((free[names[0]] for names in near if names), "")
    return f' Is it "{meant}"?' if meant else ""


def _in_two_rows(
    rows: tuple[TopRow, ...], datasets: Mapping[str, Dataset]
) -> tuple[Dataset, int] | None:
    """Find a dataset all of whose needed columns have headings if two rows are read as one."""
    known = [(dataset, dataset.known_names) for dataset in datasets.values()]
    for above, below in itertools.pairwise(rows):
        joined = _joined(above, below)
        for dataset, names in known:
            positions = _with_fallbacks(joined, _positions(joined, names), dataset)
            match = Headings(dataset, below.number, joined.texts, positions)
            if _is_whole(match):
                return dataset, above.number
    return None


def _joined(above: TopRow, below: TopRow) -> TopRow:
    """Read a heading that is cut over two rows as one; a merged cell counts for all below it."""
    texts = []
    merged = ""
    for upper, lower in zip(above.texts, below.texts, strict=True):
        merged = upper or merged
        texts.append(f"{upper} {lower}" if upper else f"{merged} {lower}" if lower else "")
    texts = [text.strip() for text in texts]
    return TopRow(below.number, tuple(texts), tuple(same_name(text) for text in texts))


def _two_rows(grid: Grid, dataset: Dataset, row: int) -> Problem:
    what = f'the headings of "{dataset.title}" seem to be split over two rows, or merged.'
    return Problem(catalogue.TWO_HEADING_ROWS, what, grid.where((row, row + 1)), "Sheet left out.")


def _unknown(grid: Grid) -> Problem:
    searched = counted(min(ROWS_SEARCHED, len(grid.cells)), "row")
    what = f"no headings of a known extract were found in the first {searched}."
    return Problem(catalogue.NOT_RECOGNISED, what, grid.where(), "Sheet left out.")


def _two_headings(
    grid: Grid, headings: Headings, positions: tuple[int, ...], *, required: bool
) -> Problem:
    texts = " and ".join(f'"{headings.texts[place]}"' for place in positions)
    what = f"the headings {texts} mean the same, but their cells differ."
    kind = catalogue.TWO_HEADINGS_NEEDED if required else catalogue.TWO_HEADINGS
    done = "Sheet left out." if required else "Records kept, column left blank."
    return Problem(kind, what, grid.where((headings.row,)), done)
