"""The sample extracts of services to children: recounted from the files with pandas alone."""

import csv
import re
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_inputs"
FIGURES = SAMPLES / "generator" / "totals_services.toml"
TOTALS = tomllib.loads(FIGURES.read_text(encoding="utf-8"))
PERCENT, TEAMS, EARLY_HELP = TOTALS["percent"], TOTALS["teams"], TOTALS["early_help"]
MONTHS = pd.period_range("2022-07", "2023-07", freq="M")
MONTH_ENDS = [month.end_time.normalize() for month in MONTHS]
JULY = MONTHS[-1]
HOLIDAYS = [
    "2022-04-15", "2022-04-18", "2022-05-02", "2022-06-02", "2022-06-03", "2022-08-29",
    "2022-09-19", "2022-12-26", "2022-12-27", "2023-01-02", "2023-04-07", "2023-04-10",
    "2023-05-01", "2023-05-08", "2023-05-29",
]  # fmt: skip
NOT_ENDED = pd.Timestamp("2100-01-01")
EXCEL_DAY_0 = datetime(1899, 12, 30)
PATTERNS = {
    r"\d\d/\d\d/\d{4}": "%d/%m/%Y",
    r"\d\d-[A-Z][a-z]{2}-\d\d": "%d-%b-%y",
    r"\d\d-[A-Z][a-z]{2}-\d{4}": "%d-%b-%Y",
    r"\d{4}-\d\d-\d\dT00:00:00": "%Y-%m-%dT00:00:00",
}

Frame = pd.DataFrame


def clean(frame: Frame) -> Frame:
    frame = frame.rename(columns=str.strip).map(lambda x: x.strip() if isinstance(x, str) else x)
    return frame.replace("", None).dropna(how="all").reset_index(drop=True)


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
        return parsed(cell, PATTERNS[known[0]])
    return cell if isinstance(cell, datetime) else None


def parsed(cell: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(cell, pattern)
    except ValueError:
        return None


def dated(frame: Frame, child: str, **columns: str) -> Frame:
    """The frame with its child and its dates under short names."""
    times = {name: pd.to_datetime(frame[column].map(day)) for name, column in columns.items()}
    return frame.assign(child=frame[child], **times)


@cache
def referrals() -> Frame:
    frame = text("rpt62_referrals.csv", ";", "cp1252", skip=1)
    return dated(frame, "Child ID", day="Date of referral").dropna(subset=["child", "day"])


@cache
def assessments() -> Frame:
    frame = sheet("C&F assessments.xlsx", "Sheet1")
    return dated(frame, "Child ID", start="C&F Start Date", end="C&F Authorised Date")


@cache
def enquiries() -> Frame:
    frame = text("S47_export.csv", "|")
    return dated(frame, "Person ID", start="S47 Start Date", end="S47 End Date")


@cache
def cin() -> Frame:
    frame = sheet("CIN and CP plans.xlsx", "CIN")
    return dated(frame, "Child ID", start="CIN Plan Started", end="CIN Plan Ended")


@cache
def cp() -> Frame:
    frame = sheet("CIN and CP plans.xlsx", "CP")
    return dated(frame, "Child ID", start="CP Plan Started", end="CP Plan Ended")


@cache
def care() -> Frame:
    frame = pd.concat([text("CLA part 1.csv"), text("CLA part 2.csv")])
    frame = frame.drop_duplicates("Care Period ID")
    start, end = "Date Started to be Looked After", "Date Ceased to be Looked After"
    return dated(frame, "Child Unique ID", start=start, end=end)


@cache
def leavers() -> Frame:
    frame = sheet("care leavers.xlsx", "Care leavers")
    start, end = "Leaving Care Start Date", "Leaving Care End Date"
    return dated(frame, "Young Person ID", start=start, end=end)


@cache
def episodes() -> Frame:
    frame = sheet("EH episodes.xlsx", "Episodes", skip=2, foot=1)
    return dated(frame, "Client ID", start="EH Episode Start", end="EH Episode End")


@cache
def visits() -> Frame:
    frame = dated(text("Visits (EH, CIN and CP).csv"), "Person ID", day="Date of Visit")
    return frame[frame["Child Seen"] != "N"]


@cache
def supervisions() -> Frame:
    frame = text("Supervision log.csv", ";", "cp1252", skip=1)
    return dated(frame, "Client ID", day="Supervised On")


@cache
def core_groups() -> Frame:
    return dated(text("Core groups.csv", "|"), "PERSON ID", day="CORE GROUP DATE")


@cache
def conferences() -> Frame:
    frame = sheet("ICPC.xlsx", "ICPC")
    held, strategy = "Date of Initial Child Protection Conference", "ICPC Strategy Discussion Date"
    return dated(frame, "Child ID", day=held, strategy=strategy)


def own_cp() -> Frame:
    return cp()[cp()["Other LA Plan"] == "No"]


def open_at(frame: Frame, end: pd.Timestamp) -> Frame:
    return frame[(frame.start <= end) & (frame.end.fillna(NOT_ENDED) > end)]


def in_month(column: pd.Series, month: pd.Period) -> pd.Series:
    first, last = month.start_time, month.end_time
    return column.between(first, last)


def working_days(start: pd.Series, end: pd.Series) -> pd.Series:
    first = (start + pd.Timedelta(days=1)).to_numpy(dtype="datetime64[D]")
    last = (end + pd.Timedelta(days=1)).to_numpy(dtype="datetime64[D]")
    return pd.Series(np.busday_count(first, last, holidays=HOLIDAYS), index=start.index)


def ten_working_days(end: pd.Timestamp) -> int:
    """Days back to the first day with ten working days between it and the month end."""
    days = [n for n in range(40) if int(working_days_of(end - timedelta(n), end)) <= 10]
    return max(days)


def working_days_of(start: pd.Timestamp, end: pd.Timestamp) -> int:
    return int(working_days(pd.Series([start]), pd.Series([end])).iloc[0])


def share(met: pd.Series) -> int:
    return int((200 * met.sum() + len(met)) // (2 * len(met)))


def children_lately(events: Frame, end: pd.Timestamp, days: int) -> set[str]:
    return set(events.loc[events.day.between(end - timedelta(days), end), "child"])


def lately(records: Frame, events: Frame, days: int = 42) -> list[int]:
    """The percentage of open records whose child has an event in the days up to a month end."""
    return [
        share(open_at(records, end).child.isin(children_lately(events, end, days)))
        for end in MONTH_ENDS
    ]


def monthly(column: pd.Series, met: pd.Series) -> list[int]:
    return [share(met[in_month(column, month)]) for month in MONTHS]


def in_time(frame: Frame, days: int) -> pd.Series:
    ended = frame.dropna(subset=["start", "end"])
    return (working_days(ended.start, ended.end) <= days).reindex(frame.index, fill_value=False)


def re_referred() -> pd.Series:
    pairs = referrals()[["child", "day"]].reset_index()
    pairs = pairs.merge(pairs, on="child", suffixes=("", "_before"))
    recent = pairs.day_before >= pairs.day - pd.DateOffset(months=12)
    found = set(pairs.loc[(pairs.day_before < pairs.day) & recent, "index"])
    return pd.Series(referrals().index.isin(found), index=referrals().index)


def enquiries_of_children_on_no_list() -> Frame:
    known = pd.concat([cp()[["child", "start", "end"]], care()[["child", "start", "end"]]])
    pairs = enquiries().reset_index().merge(known, on="child", suffixes=("", "_known"))
    during = pairs.end_known.fillna(NOT_ENDED) > pairs.start
    return enquiries().drop(pairs.loc[during & (pairs.start_known < pairs.start), "index"])


def second_plan() -> pd.Series:
    firsts = cp().groupby("child").start.min()
    return (own_cp()["Previous CP Plans"].fillna(0).astype(int) > 0) | (
        own_cp().start > own_cp().child.map(firsts)
    )


def conferences_in_time() -> list[int]:
    own = conferences()[conferences()["Transfer-in Conference"] == "No"]
    return monthly(own.day, working_days(own.strategy, own.day) <= 15)


def nfa(frame: Frame, column: str, flag: str) -> list[int]:
    return monthly(frame[column], frame[flag] == "Y")


def disability(flag: str) -> Frame:
    return cin()[cin()["CWD"] == flag]


RECOUNTS: dict[str, Callable[[], list[int]]] = {
    "early_help_visited": lambda: lately(episodes(), visits(), 28),
    "early_help_supervised": lambda: lately(episodes(), supervisions()),
    "re_referrals": lambda: monthly(referrals().day, re_referred()),
    "referrals_nfa": lambda: nfa(referrals(), "day", "Referral NFA?"),
    "assessments_in_time": lambda: monthly(assessments().end, in_time(assessments(), 45)),
    "assessments_nfa": lambda: nfa(assessments(), "end", "Assessment Outcome NFA"),
    "assessment_supervised": lambda: lately(assessments(), supervisions()),
    "section_47_nfa": lambda: nfa(enquiries_of_children_on_no_list(), "end", "S47 Ended NFA"),
    "initial_conferences_in_time": conferences_in_time,
    "children_in_need_not_cwd_visited": lambda: lately(disability("N"), visits()),
    "children_in_need_cwd_visited": lambda: lately(disability("Y"), visits()),
    "children_in_need_not_cwd_supervised": lambda: lately(disability("N"), supervisions()),
    "children_in_need_cwd_supervised": lambda: lately(disability("Y"), supervisions()),
    "cp_second_plan": lambda: [
        share(second_plan()[open_at(own_cp(), end).index]) for end in MONTH_ENDS
    ],
    "cp_visited_in_10_working_days": lambda: [
        lately(own_cp(), visits(), ten_working_days(end))[n] for n, end in enumerate(MONTH_ENDS)
    ],
    "cp_visited_in_4_weeks": lambda: lately(own_cp(), visits(), 28),
    "cp_core_group_in_time": lambda: lately(own_cp(), core_groups()),
    "cp_supervised": lambda: lately(own_cp(), supervisions()),
    "care_leavers_supervised": lambda: lately(leavers(), supervisions()),
}


@pytest.mark.parametrize("measure", PERCENT)
def test_percentage_of_each_month(measure: str) -> None:
    assert RECOUNTS[measure]() == PERCENT[measure]


def test_children_open_to_early_help() -> None:
    numbers = [open_at(episodes(), end).child.nunique() for end in MONTH_ENDS]
    assert numbers == EARLY_HELP["children_open_to_early_help"]


def test_early_help_assessments_completed() -> None:
    frame = sheet("EARLY HELP monthly.xlsx", "EH assessments", skip=3, foot=1)
    ends = dated(frame, "Client ID", end="EHA Completed").end
    completed = [int(in_month(ends, month).sum()) for month in MONTHS]
    assert completed == EARLY_HELP["early_help_assessments_completed"]


def by_team(frame: Frame, team: str, met: pd.Series) -> dict[str, list[int]]:
    groups = met.groupby(frame[team])
    return {str(name): [len(flags), int(flags.sum())] for name, flags in groups}


def plans_in_july() -> Frame:
    return open_at(own_cp(), MONTH_ENDS[-1])


def plans_with(events: Frame, days: int) -> pd.Series:
    return plans_in_july().child.isin(children_lately(events, MONTH_ENDS[-1], days))


def assessments_in_july(clock: str, days: int) -> dict[str, list[int]]:
    frame = assessments()[in_month(assessments()[clock], JULY)]
    return by_team(frame, "Assessment Team", in_time(frame, days))


def plans_in_july_by_team(met: pd.Series) -> dict[str, list[int]]:
    return by_team(plans_in_july(), "Team Name", met)


TEAM_RECOUNTS: dict[str, Callable[[], dict[str, list[int]]]] = {
    "assessments_done_early": lambda: assessments_in_july("start", 20),
    "assessments_in_time": lambda: assessments_in_july("end", 45),
    "cp_second_plan": lambda: plans_in_july_by_team(second_plan()[plans_in_july().index]),
    "cp_visited_in_10_working_days": lambda: plans_in_july_by_team(plans_with(visits(), 14)),
    "cp_core_group_in_time": lambda: plans_in_july_by_team(plans_with(core_groups(), 42)),
    "cp_supervised": lambda: plans_in_july_by_team(plans_with(supervisions(), 42)),
}


@pytest.mark.parametrize("measure", TEAMS)
def test_teams_of_july_2023(measure: str) -> None:
    recounted = TEAM_RECOUNTS[measure]()
    assert {team: recounted[team] for team in TEAMS[measure]} == TEAMS[measure]


def test_children_on_two_lists_are_visited_and_supervised() -> None:
    care_lists = care()[~care()["Child's Legal Status"].isin(["V3", "V4"])]
    found = 0
    for end in MONTH_ENDS:
        on_plan = set(open_at(own_cp(), end).child)
        both = on_plan & set(open_at(care_lists, end).child)
        both |= set(open_at(assessments(), end).child) & set(open_at(cin(), end).child)
        assert both <= children_lately(visits(), end, ten_working_days(end))
        assert both <= children_lately(supervisions(), end, 42)
        found += len(both)
    assert found > 900


def test_caseloads_by_team() -> None:
    frame = sheet("Caseloads July 2023.xlsx", "Caseloads", skip=2)
    kept: dict[str, list[list[object]]] = {}
    for team, status, number in zip(
        frame["Allocated_Team"],
        frame["Qualifying Status"],
        frame["No. of Allocations"],
        strict=True,
    ):
        kept.setdefault(team, []).append([status, number])
    assert kept == TOTALS["caseloads"]
    assert frame["Worker ID"].is_unique


def test_early_help_has_identifiers_of_its_own() -> None:
    assert episodes().child.str.fullmatch(r"00\d{5}").all()
    assert not set(episodes().child) & set(cin().child)


def test_published_rows_are_all_in_the_figures() -> None:
    path = ROOT / "tests" / "published" / "board_2023-07.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    months = [month.strftime("%b-%y") for month in MONTHS]
    for measure, figures in PERCENT.items():
        published = next(row for row in rows if row["measure"] == measure)
        assert [published[month] for month in months] == [f"{figure}%" for figure in figures]
