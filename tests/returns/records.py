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
    twice = _in_care_twice(sample_records()["children_in_care"])
    known = {
        name: frame[~frame["child_id"].isin(twice)].reset_index(drop=True)
        if "child_id" in frame
        else frame
        for name, frame in known.items()
    }
    held, enquiries = _led_by_enquiries(known)
    known |= {"initial_conferences": held, "section_47_enquiries": enquiries}
    return known


def _in_care_twice(care: pd.DataFrame) -> set[str]:
    """Return the children of whom one period of care begins within another: no return has any.

    The sample has a few, which make up numbers that were published.
    """
    others = care.merge(care, on="child_id", suffixes=("", "_of_other"))
    others = others[others["care_period_id"] != others["care_period_id_of_other"]]
    start, end = others["care_start_date_of_other"], others["care_end_date_of_other"]
    began = others["care_start_date"]
    return set(others.loc[(began >= start) & (end.isna() | (began < end)), "child_id"])


def _led_by_enquiries(known: Records) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return conferences with the enquiry that led to each, and enquiries with those it lacks.

    An enquiry begins on the day of the strategy discussion. The sample's list of enquiries lacks
    some of the children that conferences were held about.
    """
    held, enquiries = known["initial_conferences"], known["section_47_enquiries"]
    discussed = held["icpc_strategy_discussion_date"]
    keys = enquiries[["child_id", "s47_start_date", "s47_enquiry_id"]]
    found = held.reset_index().merge(
        keys, left_on=["child_id", "icpc_strategy_discussion_date"],
        right_on=["child_id", "s47_start_date"],
    ).drop_duplicates("index").drop_duplicates("s47_enquiry_id").set_index("index")  # fmt: skip
    number = found["s47_enquiry_id"].reindex(held.index)
    number = number.fillna("C" + held["icpc_id"]).where(discussed.notna())
    held = held.assign(s47_enquiry_id=number)
    alone = held[number.notna() & ~number.isin(enquiries["s47_enquiry_id"])]
    added = alone[["child_id", "s47_enquiry_id", "team"]].assign(
        s47_start_date=alone["icpc_strategy_discussion_date"]
    )
    return held, pd.concat([enquiries, added], ignore_index=True)


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
