"""The records of a dataset from several sheets in, each record once out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts import kinds
from workbook_builder.extracts.kept import Kept
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.texts import put_below_one_another
from workbook_builder.problems import Problem, Result, Where, counted, listed


@dataclass(frozen=True, eq=False)
class Part:
    """The records of one sheet; `counts` tells which of them count, all if it is left out."""

    sheet: Sheet
    kept: Kept
    counts: npt.NDArray[np.bool_] | None = None

    @property
    def dataset(self) -> str:
        """The name of the dataset of the records."""
        return self.sheet.dataset

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.sheet.file

    def frame(self) -> pd.DataFrame:
        """Return the records that count; their index holds their row numbers."""
        frame = self.kept.frame()
        return frame if self.counts is None else frame[self.counts]


def put_together(dataset: Dataset, parts: Sequence[Part]) -> Result[tuple[Part, ...]]:
    """Say of the records of all sheets which count, so that those that stand twice count once.

    Records with the dataset's key are told apart by it: equal ones count once, of different ones
    the fullest stays, then the last. Records without it count once only if another file holds them
    too, because a list without identifiers may rightly hold equal rows.
    """
    origin = _Origin(tuple(parts))
    keys = origin.columns(dataset.key)
    keyed = _keyed(dataset, keys)
    equal, different = _same_key(dataset, keys[keyed], origin)
    unkeyed = keys.index[~keyed]
    del keys  # which take much memory
    again = pd.concat([equal, _in_other_files(unkeyed, origin)])
    problems = (*_counted_once(again, origin), *_differing(different, origin))
    return Result(origin.without(again.index.union(pd.Index(different))), problems)


def below_one_another(parts: Sequence[Part]) -> pd.DataFrame:
    """Return the records that count of all parts as one frame, counted anew from 0."""
    frames = [part.frame() for part in parts]
    return pd.DataFrame(
        {name: put_below_one_another([frame[name] for frame in frames]) for name in frames[0]},
        copy=False,
    )


class _Origin:
    """Where each record, counted over all sheets, comes from, and what it holds."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self.parts = parts
        self.lengths = [len(part.kept) for part in parts]

    def column(self, name: str) -> pd.Series:
        """Return one column of all records."""
        return put_below_one_another([part.kept.column(name) for part in self.parts])

    def columns(self, names: Iterable[str]) -> pd.DataFrame:
        """Return some columns of all records."""
        rows = pd.RangeIndex(sum(self.lengths))
        return pd.DataFrame({name: self.column(name) for name in names}, index=rows, copy=False)

    def contents(self, records: pd.Index) -> pd.Series:
        """Number some of the records so that equal ones, blanks included, have one number."""
        numbers = np.zeros(len(records), dtype=np.int64)
        for name in self.parts[0].kept.columns:  # one by one, for together they fill the memory
            own, different = pd.factorize(self.column(name).loc[records])
            numbers, _ = pd.factorize(numbers * (len(different) + 1) + own + 1)
        return pd.Series(numbers, index=records)

    def filled(self, records: pd.Index) -> pd.Series:
        """Return how many cells of some of the records are filled."""
        count = pd.Series(0, index=records)
        for name in self.parts[0].kept.columns:
            count += self.column(name).loc[records].notna()
        return count

    def without(self, dropped: pd.Index) -> tuple[Part, ...]:
        """Return the parts, of which some records do not count."""
        if dropped.empty:
            return self.parts
        counts = np.ones(sum(self.lengths), dtype=bool)
        counts[dropped] = False
        ends = np.cumsum(self.lengths)[:-1]
        return tuple(
            replace(part, counts=None if own.all() else own)
            for part, own in zip(self.parts, np.split(counts, ends), strict=True)
        )

    @cached_property
    def part(self) -> pd.Series:
        """The number of the part that each record stands in."""
        return pd.Series(np.repeat(np.arange(len(self.parts)), self.lengths))

    @cached_property
    def row(self) -> pd.Series:
        """The number of the row that each record stands in."""
        rows = [part.kept.rows.to_numpy(dtype="int64") for part in self.parts]
        return pd.Series(np.concatenate(rows))

    @cached_property
    def file(self) -> pd.Series:
        """The name of the file that each record stands in."""
        return self.part.map(dict(enumerate(part.file for part in self.parts)))

    def by_sheet(self, records: pd.Index) -> Iterable[tuple[Part, tuple[int, ...]]]:
        """Yield each sheet that holds some of the records, and their rows in it."""
        chosen = self.part.loc[records.sort_values()]
        for number, rows in self.row.loc[chosen.index].groupby(chosen):
            yield self.parts[int(str(number))], tuple(int(row) for row in rows)


def _keyed(dataset: Dataset, records: pd.DataFrame) -> pd.Series:
    key = list(dataset.key)
    if not key:
        return pd.Series(False, index=records.index)
    return records[key].notna().all(axis=1)


def _same_key(dataset: Dataset, keys: pd.DataFrame, origin: _Origin) -> tuple[pd.Series, list[int]]:
    """Return the records equal to an earlier one, with that one, and those that give way."""
    if keys.empty or not (again := keys.duplicated(list(dataset.key), keep=False)).any():
        return pd.Series(dtype="int64"), []
    shared = keys[again]
    equal = _first_equal(origin.contents(shared.index))
    left = shared.drop(index=equal.index)
    filled = origin.filled(left.index)
    # Sorted so that the record to keep is the last of its key: the fullest, then the latest.
    ordered = left.loc[filled.sort_values(kind="stable").index]
    gives_way = ordered.duplicated(list(dataset.key), keep="last")
    return equal, [int(number) for number in ordered.index[gives_way]]


def _first_equal(contents: pd.Series) -> pd.Series:
    """Return for each record that equals an earlier one the number of that earlier one."""
    own = pd.Series(contents.index, index=contents.index)
    first = own.groupby(contents).transform("first")
    return first[first != own]


def _in_other_files(records: pd.Index, origin: _Origin) -> pd.Series:
    """Return the records that another, earlier file holds as often, with their equal in it."""
    if records.empty or len({part.file for part in origin.parts}) < 2:
        return pd.Series(dtype="int64")
    contents = origin.contents(records)
    turn = contents.groupby([contents, origin.file.loc[records]]).cumcount()
    equal_turns, _ = pd.factorize(contents * (int(turn.max()) + 1) + turn)
    return _first_equal(pd.Series(equal_turns, index=records))


def _counted_once(again: pd.Series, origin: _Origin) -> Iterable[Problem]:
    files = origin.file.loc[again.index]
    for file in files.unique():
        repeated = again[files == file]
        others = sorted(set(origin.file.loc[repeated]))
        place = "this file" if others == [file] else listed(others)
        rows = tuple(int(row) for row in origin.row.loc[repeated.index])
        verb = "stands" if len(rows) == 1 else "stand"
        what = f"{counted(len(rows), 'row')} {verb} in {place} already."
        yield Problem(kinds.COUNTED_ONCE, what, Where(file, rows=rows), "Counted once.")


def _differing(different: list[int], origin: _Origin) -> Iterable[Problem]:
    for part, rows in origin.by_sheet(pd.Index(different)):
        verb = "differs" if len(rows) == 1 else "differ"
        what = f"{counted(len(rows), 'record')} {verb} from another one with the same identifier."
        done = "The record with more filled cells, else the later one, was kept."
        yield Problem(kinds.SAME_KEY, what, Where(part.file, part.sheet.sheet, rows), done)
