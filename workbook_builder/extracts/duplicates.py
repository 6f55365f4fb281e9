"""The records of a dataset from several sheets in, each record once out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts import kinds
from workbook_builder.extracts.texts import put_below_one_another
from workbook_builder.problems import Problem, Result, Where, counted, listed


@dataclass(frozen=True, eq=False)
class Part:
    """The records of one sheet; the index of `frame` holds their row numbers."""

    file: str
    sheet: str
    frame: pd.DataFrame


def put_together(dataset: Dataset, parts: Sequence[Part]) -> Result[pd.DataFrame]:
    """Put the records of all sheets together and count those that stand twice once.

    Records with the dataset's key are told apart by it: equal ones count once, of different ones
    the fullest stays, then the last. Records without it count once only if another file holds them
    too, because a list without identifiers may rightly hold equal rows.
    """
    records = _together([part.frame for part in parts])
    origin = _Origin(tuple(parts))
    keyed = _keyed(dataset, records)
    equal, different = _same_key(dataset, records[keyed])
    again = pd.concat([equal, _in_other_files(records[~keyed], origin)])
    problems = (*_counted_once(again, origin), *_differing(different, origin))
    dropped = again.index.union(pd.Index(different))
    if dropped.empty:
        return Result(records, problems)
    return Result(records.drop(index=dropped).reset_index(drop=True), problems)


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: put_below_one_another([frame[name] for frame in frames]) for name in frames[0]},
        copy=False,
    )


class _Origin:
    """Where each record, counted over all sheets, comes from."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self.parts = parts

    @cached_property
    def part(self) -> pd.Series:
        """The number of the part that each record stands in."""
        lengths = [len(part.frame) for part in self.parts]
        return pd.Series(np.repeat(np.arange(len(self.parts)), lengths))

    @cached_property
    def row(self) -> pd.Series:
        """The number of the row that each record stands in."""
        rows = [part.frame.index.to_numpy(dtype="int64") for part in self.parts]
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
    if not key or not set(key) <= set(records.columns):
        return pd.Series(False, index=records.index)
    return records[key].notna().all(axis=1)


def _same_key(dataset: Dataset, records: pd.DataFrame) -> tuple[pd.Series, list[int]]:
    """Return the records equal to an earlier one, with that one, and those that give way."""
    if records.empty or not (again := records.duplicated(list(dataset.key), keep=False)).any():
        return pd.Series(dtype="int64"), []
    shared = records[again]
    equal = _first_equal(shared)
    left = shared.drop(index=equal.index)
    filled = left.notna().sum(axis=1)
    # Sorted so that the record to keep is the last of its key: the fullest, then the latest.
    ordered = left.loc[filled.sort_values(kind="stable").index]
    gives_way = ordered.duplicated(list(dataset.key), keep="last")
    return equal, [int(number) for number in ordered.index[gives_way]]


def _first_equal(records: pd.DataFrame) -> pd.Series:
    """Return for each record that equals an earlier one the number of that earlier one."""
    group = _contents(records)
    first = pd.Series(records.index, index=records.index).groupby(group).transform("first")
    return first[first != records.index]


def _in_other_files(records: pd.DataFrame, origin: _Origin) -> pd.Series:
    """Return the records that another, earlier file holds as often, with their equal in it."""
    if records.empty or origin.file.loc[records.index].nunique() < 2:
        return pd.Series(dtype="int64")
    contents = _contents(records)
    turn = contents.groupby([contents, origin.file.loc[records.index]]).cumcount()
    return _first_equal(pd.DataFrame({"content": contents, "turn": turn}))


def _contents(records: pd.DataFrame) -> pd.Series:
    """Number the records so that equal ones, blanks included, have one number."""
    return records.groupby(list(records.columns), dropna=False, sort=False).ngroup()


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
        yield Problem(kinds.SAME_KEY, what, Where(part.file, part.sheet, rows), done)
