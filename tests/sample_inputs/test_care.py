"""The sample extracts about children in care: recounted from the files with pandas alone."""

import csv
import re
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_inputs"
TOTALS = tomllib.loads((SAMPLES / "generator" / "totals_care.toml").read_text(encoding="utf-8"))
FLOWS, PLACED, PERCENT, TEAMS = (TOTALS[x] for x in ("flows", "placed", "percent", "teams"))
MONTHS = pd.period_range("2022-07", "2023-07", freq="M")
MONTH_ENDS = [month.end_time.normalize() for month in MONTHS]
JULY = MONTH_ENDS[-1]
HOLIDAYS = [
    "2021-08-30", "2021-12-27", "2021-12-28", "2022-01-03", "2022-04-15", "2022-04-18",
    "2022-05-02", "2022-06-02", "2022-06-03", "2022-08-29", "2022-09-19", "2022-12-26",
    "2022-12-27", "2023-01-02", "2023-04-07", "2023-04-10", "2023-05-01", "2023-05-08",
    "2023-05-29",
]  # fmt: skip
PATTERNS = {
    r"\d\d/\d\d/\d{4}": "%d/%m/%Y",
    r"\d\d-[A-Z][a-z]{2}-\d\d": "%d-%b-%y",
    r"\d\d-[A-Z][a-z]{2}-\d{4}": "%d-%b-%Y",
    r"\d{4}-\d\d-\d\dT00:00:00": "%Y-%m-%dT00:00:00",
}
EXCEL_DAY_0 = datetime(1899, 12, 30)
FAR_FUTURE = pd.Timestamp("2100-01-01")
SIX_WEEKS = pd.Timedelta(days=42)
FOSTERED = ["U1", "U2", "U3", "U4", "U5", "U6"]
ADOPTED, ORDERS = ["E11", "E12"], ["E41", "E43", "E44", "E45", "E46", "E47", "E48"]

Frame = pd.DataFrame
Series = pd.Series


def clean(frame: Frame) -> Frame:
    frame = frame.rename(columns=str.strip).map(lambda x: x.strip() if isinstance(x, str) else x)
    frame = frame.replace("", None).dropna(how="all").reset_index(drop=True)
    return frame.rename(columns={"Child Unique ID": "child", "Child ID": "child",
                                 "Person ID": "child", "Young Person ID": "child"})  # fmt: skip


def text(name: str, sep: str = ",", encoding: str = "utf-8-sig", skip: int = 0) -> Frame:
    return clean(pd.read_csv(SAMPLES / name, sep=sep, encoding=encoding, skiprows=skip, dtype=str))


def sheet(name: str, page: str, skip: int = 0, foot: int = 0) -> Frame:
    rows = list(openpyxl.load_workbook(SAMPLES / name, read_only=True)[page].values)[skip:]
    body = rows[1 : len(rows) - foot]
    return clean(Frame(body, columns=[str(header) for header in rows[0]], dtype=object))


def day(cell: object) -> datetime | None:
    if isinstance(cell, int):
        return EXCEL_DAY_0 + timedelta(days=cell)
    if isinstance(cell, str):
        known = [shape for shape in PATTERNS if re.fullmatch(shape, cell)]
        return datetime.strptime(cell, PATTERNS[known[0]])
    return cell if isinstance(cell, datetime) else None


def days(column: Series) -> Series:
    return pd.to_datetime(column.map(day))


@cache
def care() -> Frame:
    both = [text("CLA part 1.csv"), text("CLA part 2.csv")]
    frame = pd.concat(both).drop_duplicates("Care Period ID").reset_index(drop=True)
    frame = frame[~frame["Child's Legal Status"].isin(["V3", "V4"])]
    return frame.assign(
        start=days(frame["Date Started to be Looked After"]),
        end=days(frame["Date Ceased to be Looked After"]),
        born=days(frame["Date of Birth"]),
        uasc=frame["UASC (Y/N)"] == "Y",
    )


@cache
def placements() -> Frame:
    frame = text("Placements.csv")
    return frame.assign(
        start=days(frame["Placement Start Date"]),
        end=days(frame["Placement End Date"]).fillna(FAR_FUTURE),
        miles=frame["Distance from Home (miles)"].astype(float),
    )


@cache
def visits() -> Frame:
    frame = sheet("CLA visits.xlsx", "CLA visits")
    return frame.assign(day=days(frame["Date Visited"]))


@cache
def supervisions() -> Frame:
    frame = text("CLA supervision.csv", "|")
    return frame.assign(day=days(frame["Supervised On"]))


@cache
def plans(page: str, column: str) -> Frame:
    frame = sheet("Care plans and pathway plans.xlsx", page, skip=2, foot=1)
    return frame.assign(day=days(frame[column]))


@cache
def reviews() -> Frame:
    frame = sheet("CLA reviews.xlsx", "Reviews")
    return frame.assign(due=days(frame["Review Due"]), day=days(frame["Review Held"]))


@cache
def health() -> Frame:
    frame = text("Health assessments.csv", ";", "cp1252", skip=1)
    return frame.assign(day=days(frame["Date of Health Assessment"]))


@cache
def education_plans() -> Frame:
    return text("PEP.csv").assign(day=lambda frame: days(frame["PEP Completed"]))


@cache
def allocations() -> Frame:
    frame = text("Social worker allocations.csv", ";")
    return frame.assign(
        start=days(frame["Allocated From"]), end=days(frame["Allocated To"]).fillna(FAR_FUTURE)
    )


@cache
def seen_elsewhere(name: str, column: str, sep: str, encoding: str, skip: int) -> Frame:
    frame = text(name, sep, encoding, skip)
    return frame.assign(day=days(frame[column]))


def all_visits() -> Frame:
    others = seen_elsewhere("Visits (EH, CIN and CP).csv", "Date of Visit", ",", "utf-8-sig", 0)
    own = visits()[visits()["Seen"] != "N"]
    return pd.concat([own, others[others["Child Seen"] != "N"]])


def all_supervisions() -> Frame:
    path = SAMPLES / "Supervision log.csv"
    header = path.read_text(encoding="cp1252").splitlines()[1].split(";")
    column = next(name for name in header if name.strip() in ("Supervision Date", "Supervised On",
                                                              "Date of Supervision"))  # fmt: skip
    others = seen_elsewhere(path.name, column.strip(), ";", "cp1252", 1)
    return pd.concat([supervisions(), others])


def open_at(frame: Frame, end: pd.Timestamp) -> Frame:
    return frame[(frame.start <= end) & ~(frame.end <= end)]


def in_month(column: Series, month: pd.Period) -> Series:
    return pd.Series(column.dt.to_period("M") == month)


def back(end: pd.Timestamp, months: int) -> pd.Timestamp:
    return end - pd.DateOffset(months=months)


def dated(frame: Frame, first: pd.Timestamp, last: pd.Timestamp) -> set[str]:
    return set(frame.loc[frame.day.between(first, last), "child"])


def age(born: Series, end: pd.Timestamp) -> Series:
    birthday_to_come = (born.dt.month * 100 + born.dt.day) > end.month * 100 + end.day
    return pd.Series(end.year - born.dt.year - birthday_to_come)


def working_days_in_care(frame: Frame, end: pd.Timestamp) -> Series:
    starts = frame.start.to_numpy("datetime64[D]") + np.timedelta64(1, "D")
    last = np.datetime64(end.date()) + np.timedelta64(1, "D")
    return pd.Series(np.busday_count(starts, last, holidays=HOLIDAYS), index=frame.index)


def percent(part: int, whole: int) -> int:
    return (200 * part + whole) // (2 * whole)


def share(met: Series) -> int:
    return percent(int(met.sum()), len(met))


def visited(end: pd.Timestamp) -> tuple[Frame, Series]:
    here = open_at(care(), end)
    return here, here.child.isin(dated(all_visits(), end - SIX_WEEKS, end))


def supervised(end: pd.Timestamp) -> tuple[Frame, Series]:
    here = open_at(care(), end)
    return here, here.child.isin(dated(all_supervisions(), end - SIX_WEEKS, end))


def with_care_plan(end: pd.Timestamp) -> tuple[Frame, Series]:
    here = open_at(care(), end)
    here = here[working_days_in_care(here, end) >= 10]
    recent = dated(plans("Care plans", "Care Plan Authorised"), back(end, 6), end)
    return here, here.child.isin(recent)


def with_pathway_plan(end: pd.Timestamp) -> tuple[Frame, Series]:
    here = open_at(care(), end)
    here = here[age(here.born, end) >= 16]
    recent = dated(plans("Pathway plans", "Pathway Plan Authorised"), back(end, 6), end)
    return here, here.child.isin(recent)


def with_education_plan(end: pd.Timestamp) -> tuple[Frame, Series]:
    here = open_at(care(), end)
    here = here[age(here.born, end).between(5, 15)]
    return here, here.child.isin(dated(education_plans(), back(end, 6), end))


def reviewed(end: pd.Timestamp) -> tuple[Frame, Series]:
    here = open_at(care(), end)
    recent = here.child.isin(dated(reviews(), back(end, 6), end))
    return here, recent | (working_days_in_care(here, end) < 20)


def visited_at_review(end: pd.Timestamp) -> tuple[Frame, Series]:
    here = open_at(care(), end)
    held = reviews()[reviews().day <= end].sort_values("day").groupby("child").last()
    return here, here.child.isin(held.index[held["Visits in Time"] == "Yes"])


def long_in_care(end: pd.Timestamp) -> Frame:
    here = open_at(care(), end)
    return here[here.start <= back(end, 12)]


def healthy(end: pd.Timestamp) -> tuple[Frame, Series]:
    here = long_in_care(end)
    half, whole = (here.child.isin(dated(health(), back(end, n), end)) for n in (6, 12))
    return here, half.where(age(here.born, end) < 5, whole)


def healthy_in_year(end: pd.Timestamp) -> tuple[Frame, Series]:
    here = long_in_care(end)
    return here, here.child.isin(dated(health(), back(end, 12), end))


def same_worker(end: pd.Timestamp) -> tuple[Frame, Series]:
    here, now = long_in_care(end), open_at(allocations(), end)
    return here, here.child.isin(now.loc[now.start <= back(end, 6), "child"])


def moved_often(end: pd.Timestamp) -> tuple[Frame, Series]:
    frame, here = placements(), open_at(care(), end)
    lately = frame[(frame.start <= end) & (frame.end > back(end, 12))]
    number = lately[lately.end - lately.start >= pd.Timedelta(days=1)].groupby("child").size()
    return here, here.child.map(number) >= 3


def near(end: pd.Timestamp) -> tuple[Frame, Series]:
    now = open_at(placements(), end)
    here = open_at(care(), end)
    return here, here.child.isin(now.loc[now.miles < 20, "child"])


MEASURES: dict[str, Callable[[pd.Timestamp], tuple[Frame, Series]]] = {
    "visited": visited, "supervised": supervised, "care_plan": with_care_plan,
    "pathway_plan": with_pathway_plan, "education_plan": with_education_plan, "review": reviewed,
    "visited_at_review": visited_at_review, "health": healthy, "health_in_year": healthy_in_year,
    "same_worker": same_worker, "three_placements": moved_often, "near": near,
}  # fmt: skip
KINDS: dict[str, Callable[[Frame], Series]] = {
    "residential": lambda x: x["Placement Type"].isin(["H5", "K1", "K2"]),
    "unregulated": lambda x: x["Placement Type"].isin(["H5", "Z102", "Z103", "Z104"]),
    "parents": lambda x: x["Placement Type"] == "P1",
    "connected": lambda x: x["Placement Type"].isin(["U1", "U3"]),
    "connected_elsewhere": lambda x: (
        x["Placement Type"].isin(["U1", "U3"]) & (x["Placement Provider"] != "PR1")
    ),
    "adoption": lambda x: x["Placement Type"].isin(["A3", "A4", "A5", "A6"]),
    "fostering_for_adoption": lambda x: x["Placement Type"].isin(["U2", "U5"]),
    "in_house": lambda x: x["Placement Type"].isin(FOSTERED) & (x["Placement Provider"] == "PR1"),
    "agency": lambda x: x["Placement Type"].isin(FOSTERED) & (x["Placement Provider"] == "PR4"),
}
REASONS = {
    "adopted": ADOPTED, "orders": ORDERS, "home_planned": ["E4A"], "home_unplanned": ["E4B"],
}  # fmt: skip


@pytest.mark.parametrize("measure", MEASURES)
def test_percentages_come_out_at_every_month_end(measure: str) -> None:
    counted = [share(MEASURES[measure](end)[1]) for end in MONTH_ENDS]
    assert counted == PERCENT[measure]


@pytest.mark.parametrize("kind", KINDS)
def test_children_in_each_kind_of_placement(kind: str) -> None:
    counted = []
    for end in MONTH_ENDS:
        now = open_at(placements(), end)
        counted.append(now.loc[KINDS[kind](now), "child"].nunique())
    assert counted == PLACED[kind]


@pytest.mark.parametrize("flow", ["local_started", "local_ended", "uasc_started", "uasc_ended"])
def test_periods_of_care_began_and_ended(flow: str) -> None:
    group, what = flow.split("_")
    frame = care()[care().uasc == (group == "uasc")]
    column = frame.start if what == "started" else frame.end
    assert [int(in_month(column, month).sum()) for month in MONTHS] == FLOWS[flow]


@pytest.mark.parametrize("reason", REASONS)
def test_reasons_for_which_care_ended(reason: str) -> None:
    ended = care()[care()["Reason Ceased"].isin(REASONS[reason])]
    assert [int(in_month(ended.end, month).sum()) for month in MONTHS] == FLOWS[reason]


def test_every_ended_period_has_a_reason_and_no_open_one() -> None:
    assert (care()["Reason Ceased"].notna() == care().end.notna()).all()


def test_initial_health_assessments_in_twenty_working_days() -> None:
    initial = health()[health()["IHA or RHA"] == "IHA"]
    pairs = initial.merge(care(), on="child")
    pairs = pairs[pairs.start <= pairs.day]
    soon = pairs[
        np.busday_count(
            pairs.start.to_numpy("datetime64[D]") + np.timedelta64(1, "D"),
            pairs.day.to_numpy("datetime64[D]") + np.timedelta64(1, "D"),
            holidays=HOLIDAYS,
        ) <= 20
    ]  # fmt: skip
    in_time = set(zip(soon.child, soon.day, strict=True))
    counted = []
    for month in MONTHS:
        rows = initial[in_month(initial.day, month)]
        met = [pair in in_time for pair in zip(rows.child, rows.day, strict=True)]
        counted.append(percent(sum(met), len(met)))
    assert counted == PERCENT["initial_health"]


def test_reviews_due_in_the_month_held_in_time() -> None:
    rows = [reviews()[in_month(reviews().due, month)] for month in MONTHS]
    assert [share(frame.day <= frame.due) for frame in rows] == PERCENT["reviews_in_time"]


def test_participation_in_reviews_from_four_years_of_age() -> None:
    born = care().drop_duplicates("child").set_index("child").born
    counted = []
    for month in MONTHS:
        held = reviews()[in_month(reviews().day, month)]
        old = held[held.day >= held.child.map(born).map(lambda day: day + pd.DateOffset(years=4))]
        counted.append(share(old.Participation.isin(["PN1", "PN2", "PN3", "PN5", "PN6"])))
    assert counted == PERCENT["participation"]


@pytest.mark.parametrize("measure", TEAMS)
def test_july_2023_comes_out_team_by_team(measure: str) -> None:
    here, met = MEASURES[measure](JULY)
    counted = {
        team: [int((here.Team == team).sum()), int((met & (here.Team == team)).sum())]
        for team in TEAMS[measure]
    }
    assert counted == TEAMS[measure]


def test_every_child_in_care_has_one_open_placement_and_nobody_else() -> None:
    for end in pd.date_range("2021-07-31", "2023-07-31", freq="ME"):
        now = open_at(placements(), end)
        assert now.child.is_unique
        assert set(now.child) == set(open_at(care(), end).child)


def test_a_placement_begins_when_the_one_before_ends() -> None:
    stays = {child: joined(rows) for child, rows in care().groupby("child")}
    for child, rows in placements().sort_values("start").groupby("child"):
        spans = list(zip(rows.start, rows.end, strict=True))
        assert all(start < end for start, end in spans)
        assert all(later >= end for (_, end), (later, _) in pairwise(spans))
        assert joined(rows) == stays[child]


def joined(rows: Frame) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """The spans of rows, those that touch or overlap made one."""
    found: list[tuple[pd.Timestamp, pd.Timestamp]] = []
    ends = rows.end.fillna(FAR_FUTURE)
    for start, end in sorted(zip(rows.start, ends, strict=True)):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def test_children_are_under_eighteen_and_born_before_they_came_into_care() -> None:
    frame = care()
    last = frame.end.fillna(pd.Timestamp("2023-08-03"))
    assert (frame.born <= frame.start).all()
    assert (last < frame.born.map(lambda born: born + pd.DateOffset(years=18))).all()
    assert (frame.groupby("child").born.nunique() == 1).all()


def test_nothing_is_recorded_of_children_who_are_not_in_care() -> None:
    stays = {child: joined(rows) for child, rows in care().groupby("child")}
    for frame in (visits(), supervisions(), reviews(), health(), education_plans()):
        for child, when in zip(frame.child, frame.day, strict=True):
            assert any(start <= when <= end for start, end in stays[child])


def test_sheets_fit_the_dataset_that_they_are() -> None:
    def plain(header: object) -> str:
        return re.sub(r"[^a-z0-9]", "", str(header).lower())

    needed = {
        name: [
            {plain(alias) for alias in [column, *parts.get("aliases", [])]}
            for column, parts in dataset["columns"].items()
            if parts.get("required")
        ]
        for path in (ROOT / "layouts" / "datasets").glob("*.toml")
        for name, dataset in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }
    for expected, headers in own_headers():
        given = set(map(plain, headers))
        assert [n for n, columns in needed.items() if all(x & given for x in columns)] == [expected]


def own_headers() -> list[tuple[str, list[str]]]:
    """The headings of the sheets as they stand in the files, with the dataset that each is."""
    texts = {
        "children_in_care": ("CLA part 1.csv", ",", 0), "placements": ("Placements.csv", ",", 0),
        "supervisions": ("CLA supervision.csv", "|", 0),
        "health_assessments": ("Health assessments.csv", ";", 1),
        "personal_education_plans": ("PEP.csv", ",", 0),
        "social_worker_allocations": ("Social worker allocations.csv", ";", 0),
        "foster_carers": ("Foster carers.csv", ",", 0),
        "missing_episodes": ("Missing episodes.csv", "\t", 0),
    }  # fmt: skip
    books = {
        "visits": ("CLA visits.xlsx", "CLA visits", 0), "care_reviews": ("CLA reviews.xlsx",
        "Reviews", 0), "care_plans": ("Care plans and pathway plans.xlsx", "Care plans", 2),
        "pathway_plans": ("Care plans and pathway plans.xlsx", "Pathway plans", 2),
    }  # fmt: skip
    found = []
    for dataset, (name, sep, row) in texts.items():
        lines = (SAMPLES / name).read_bytes().decode("utf-8-sig", "replace").splitlines()
        found.append((dataset, next(csv.reader([lines[row]], delimiter=sep))))
    for dataset, (name, page, row) in books.items():
        rows = list(openpyxl.load_workbook(SAMPLES / name, read_only=True)[page].values)
        found.append((dataset, [str(header) for header in rows[row]]))
    return found
