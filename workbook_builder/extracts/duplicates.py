"""The records of a dataset from several sheets in, each record once out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.columns.kept import Kept
from workbook_builder.columns.same import Same, numbered_rows, numbered_with, one_column
from workbook_builder.columns.table import Records
from workbook_builder.columns.told_apart import Flags, first_of_each
from workbook_builder.columns.values import Column
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts.model import Sheet
from workbook_builder.problems import Problem, Result, Where, counted, listed

#: Records by their number, counted over all sheets.
_Some = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Part:
    """The records of one sheet; `counts` tells which of them count, all if it is left out."""

    sheet: Sheet
    kept: Kept
    counts: Flags | None = None

    @property
    def dataset(self) -> str:
        """The name of the dataset of the records."""
        return self.sheet.dataset

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.sheet.file

    def records(self) -> Records:
        """Return the records that count."""
        records = self.kept.records()
        return records if self.counts is None else records.take(self.counts)


@dataclass(frozen=True, eq=False)
class _Again:
    """Records that equal earlier ones, and these earlier ones in the same order."""

    records: _Some
    equals: _Some


def put_together(dataset: Dataset, parts: Sequence[Part]) -> Result[tuple[Part, ...]]:
    """Say of the records of all sheets which count, so that those that stand twice count once.

    Records with the dataset's key are told apart by it: equal ones count once, of different ones
    the fullest stays, then the last. Records without it count once only if another file holds them
    too, because a list without identifiers may rightly hold equal rows.
    """
    origin = _Origin(tuple(parts))
    keyed, keys = _keys(dataset, origin)
    equal, gives_way = _same_key(keyed, keys, origin)
    others = np.setdiff1d(np.arange(origin.count), keyed, assume_unique=True)
    elsewhere = _in_other_files(others, origin)
    again = _Again(
        np.concatenate((equal.records, elsewhere.records)),
        np.concatenate((equal.equals, elsewhere.equals)),
    )
    problems = (*_counted_once(again, origin), *_differing(gives_way, origin))
    return Result(origin.without(np.concatenate((again.records, gives_way))), problems)


def below_one_another(parts: Sequence[Part]) -> Records:
    """Return the records that count of all parts as one table."""
    tables = [part.records() for part in parts]
    columns = {
        name: one_column([one.columns[name] for one in tables]) for name in tables[0].columns
    }
    return Records(np.concatenate([one.rows for one in tables]), columns)


class _Origin:
    """Where each record, counted over all sheets, comes from, and what it holds."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self.parts = parts
        self.lengths = [len(part.kept) for part in parts]
        self.count = sum(self.lengths)

    def column(self, name: str) -> Column:
        """Return one column of all records."""
        return one_column([part.kept.column(name) for part in self.parts])

    def contents(self, records: _Some) -> Same:
        """Number some of the records so that equal ones, blanks included, have one number."""
        numbers = np.zeros(len(records), dtype=np.int64)
        for name in self.parts[0].kept.columns:  # one by one, for together they fill the memory
            numbers = numbered_with(numbers, self.column(name).take(records))
        return numbers

    def filled(self, records: _Some) -> npt.NDArray[np.int64]:
        """Return how many cells of some of the records are filled."""
        count = np.zeros(len(records), dtype=np.int64)
        for name in self.parts[0].kept.columns:
            count += ~self.column(name).take(records).blank
        return count

    def without(self, dropped: _Some) -> tuple[Part, ...]:
        """Return the parts, of which some records do not count."""
        if not len(dropped):
            return self.parts
        counts = np.ones(self.count, dtype=bool)
        counts[dropped] = False
        ends = np.cumsum(self.lengths)[:-1]
        return tuple(
            replace(part, counts=None if own.all() else own)
            for part, own in zip(self.parts, np.split(counts, ends), strict=True)
        )

    @cached_property
    def part(self) -> npt.NDArray[np.int32]:
        """The number of the part that each record stands in."""
        return np.repeat(np.arange(len(self.parts), dtype=np.int32), self.lengths)

    @cached_property
    def row(self) -> npt.NDArray[np.int32]:
        """The number of the row that each record stands in."""
        return np.concatenate([part.kept.rows for part in self.parts])

    @cached_property
    def files(self) -> Sequence[str]:
        """The names of the files, in the order of the parts."""
        return list(dict.fromkeys(part.file for part in self.parts))

    @cached_property
    def file(self) -> npt.NDArray[np.int32]:
        """The number of the file that each record stands in."""
        of_part = [self.files.index(part.file) for part in self.parts]
        return np.array(of_part, dtype=np.int32)[self.part]

    def rows(self, records: _Some) -> tuple[int, ...]:
        """Return the numbers of the rows that some records stand in."""
        return tuple(self.row[records].tolist())


def _keys(dataset: Dataset, origin: _Origin) -> tuple[_Some, Same]:
    """Return the records that have the dataset's key, and its number, equal keys alike."""
    columns = [origin.column(name) for name in dataset.key]
    if not columns:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.int64)
    keyed = np.flatnonzero(~np.logical_or.reduce([column.blank for column in columns]))
    return keyed, numbered_rows([column.take(keyed) for column in columns])


def _same_key(keyed: _Some, keys: Same, origin: _Origin) -> tuple[_Again, _Some]:
    """Return the records equal to an earlier one of their key, and those that give way."""
    nothing = np.empty(0, dtype=np.intp)
    again = np.bincount(keys, minlength=1)[keys] > 1
    if not again.any():
        return _Again(nothing, nothing), nothing
    shared, keys = keyed[again], keys[again]
    # Equal records have equal keys, so no two keys are mixed up here.
    first = first_of_each(origin.contents(shared))
    is_first = first == np.arange(len(shared))
    equal = _Again(shared[~is_first], shared[first[~is_first]])
    left, keys = shared[is_first], keys[is_first]
    # Sorted so that the record to keep is the last of its key: the fullest, then the latest.
    order = np.argsort(origin.filled(left), kind="stable")
    last = np.empty(keys.max(initial=0) + 1, dtype=np.intp)
    last[keys[order]] = order
    gives_way = order[last[keys[order]] != order]
    return equal, left[gives_way]


def _in_other_files(records: _Some, origin: _Origin) -> _Again:
    """Return the records that another, earlier file holds as often, with their equal in it."""
    nothing = np.empty(0, dtype=np.intp)
    if not len(records) or len(origin.files) < 2:
        return _Again(nothing, nothing)
    contents, files = origin.contents(records), origin.file[records]
    in_several = np.zeros(len(records), dtype=bool)
    in_several[contents[files != files[first_of_each(contents)]]] = True
    some = np.flatnonzero(in_several[contents])
    turn = _turns(contents[some] * len(origin.files) + files[some])
    first = first_of_each(contents[some] * (int(turn.max(initial=0)) + 1) + turn)
    later = first != np.arange(len(some))
    return _Again(records[some[later]], records[some[first[later]]])


def _turns(groups: Same) -> Same:
    """Tell of each the how many-th of its group it is, from 0."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    begins = np.ones(len(groups), dtype=bool)
    begins[1:] = ordered[1:] != ordered[:-1]
    places = np.arange(len(groups))
    turns = np.empty(len(groups), dtype=np.int64)
    turns[order] = places - np.maximum.accumulate(np.where(begins, places, 0))
    return turns


def _counted_once(again: _Again, origin: _Origin) -> Iterator[Problem]:
    files, others = origin.file[again.records], origin.file[again.equals]
    for number in dict.fromkeys(files.tolist()):
        here = files == number
        file = origin.files[number]
        found = sorted({origin.files[other] for other in set(others[here].tolist())})
        place = "this file" if found == [file] else listed(found)
        rows = origin.rows(again.records[here])
        verb = "stands" if len(rows) == 1 else "stand"
        what = f"{counted(len(rows), 'row')} {verb} in {place} already."
        yield Problem(catalogue.COUNTED_ONCE, what, Where(file, rows=rows), "Counted once.")


def _differing(records: _Some, origin: _Origin) -> Iterable[Problem]:
    ordered = np.sort(records)
    for number in np.unique(origin.part[ordered]).tolist():
        part = origin.parts[number]
        rows = origin.rows(ordered[origin.part[ordered] == number])
        verb = "differs" if len(rows) == 1 else "differ"
        what = f"{counted(len(rows), 'record')} {verb} from another one with the same identifier."
        done = "The record with more filled cells, else the later one, was kept."
        yield Problem(catalogue.SAME_KEY, what, Where(part.file, part.sheet.sheet, rows), done)
