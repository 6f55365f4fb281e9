"""The records of the sample inputs, as the program reads them and as they were known on a day."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from tests.loaded import load
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.record_sources import extract_definitions

ROOT = Path(__file__).parents[2]
SAMPLE_INPUTS = ROOT / "sample_inputs"

#: The records of each dataset.
Records = dict[str, pd.DataFrame]


@cache
def sample_records() -> Records:
    """Return the records of the sample, days as time stamps; every cell keeps its value."""
    definitions = load_definitions([ROOT / "layouts"]).value
    read = load([SAMPLE_INPUTS], extract_definitions(definitions, "", {})).value.records
    records: Records = {}
    for name, frame in read.items():
        dates = definitions.datasets[name].date_columns
        days = {column: pd.to_datetime(frame[column]) for column in dates}
        records[name] = frame.assign(**days).reset_index(drop=True)
    return records


def known_on(day: date) -> Records:
    """Return the records as they were at the end of a day: what came later is not yet known.

    The first day of a record is in its first column of days that is not a day when it was due.
    """
    definitions = load_definitions([ROOT / "layouts"]).value
    at = pd.Timestamp(day)
    known: Records = {}
    for name, every in sample_records().items():
        dates = [one for one in definitions.datasets[name].date_columns if "birth" not in one]
        happened = [one for one in dates if "due" not in one.split("_")]
        frame = every[~(every[happened[0]] > at)] if happened else every
        later = {column: frame[column].mask(frame[column] > at) for column in happened[1:]}
        known[name] = frame.assign(**later).reset_index(drop=True)
    return known


def born(records: Records) -> pd.Series:
    """Return when children were born, by their identifiers, as far as any list says it."""
    frames = [
        frame[["child_id", "date_of_birth"]]
        for frame in records.values()
        if "date_of_birth" in frame
    ]
    every = pd.concat(frames).dropna().drop_duplicates("child_id")
    return every.set_index("child_id")["date_of_birth"]


def latest(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return each child's latest day in a column, by the child."""
    return frame.groupby("child_id")[column].max()


def open_since(frame: pd.DataFrame, first: date, start: str, end: str) -> pd.DataFrame:
    """Return what began or ended on a day or later, or is still open."""
    at = pd.Timestamp(first)
    return frame[(frame[start] >= at) | frame[end].isna() | (frame[end] >= at)]
