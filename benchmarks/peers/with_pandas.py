"""The Demand, Right service and team tables with pandas and openpyxl, as an analyst writes them.

    python -m benchmarks.peers.with_pandas FOLDER OUT.xlsx [FIGURES.json]

It knows these files, their headings and their separators, and tells of nothing that is wrong.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.formatting.rule import IconSetRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

MONTHS = pd.period_range("2022-07", "2023-07", freq="M")
HOLIDAYS = [
    "2021-04-02", "2021-04-05", "2021-05-03", "2021-05-31", "2021-08-30", "2021-12-27",
    "2021-12-28", "2022-01-03", "2022-04-15", "2022-04-18", "2022-05-02", "2022-06-02",
    "2022-06-03", "2022-08-29", "2022-09-19", "2022-12-26", "2022-12-27", "2023-01-02",
    "2023-04-07", "2023-04-10", "2023-05-01", "2023-05-08", "2023-05-29", "2023-08-28",
]  # fmt: skip
TARGETS = {"referrals": 273, "assessments_completed": 274, "children_on_cp_plans": 295,
           "cp_plan_rate": 60, "children_in_care": 495, "children_in_care_rate": 100}  # fmt: skip
DEMAND = ["contacts", "early_help_referrals", "early_help_assessments_started", "referrals",
          "strategy_discussions", "section_47_enquiries_completed", "section_47_rolling_rate",
          "assessments_completed"]  # fmt: skip
RIGHT_SERVICE = ["early_help_referrals", "early_help_assessments_started", "contacts", "referrals",
                 "assessments_completed", "children_in_need_not_cwd", "children_in_need_cwd",
                 "children_on_cp_plans", "cp_plan_rate", "children_in_care",
                 "children_in_care_rate", "children_open_to_the_service"]  # fmt: skip
TEAM_TABLES = ["assessments_done_early", "assessments_in_time", "initial_conferences_in_time",
               "cp_visited_in_10_working_days", "children_in_need_not_cwd_visited",
               "cla_visited"]  # fmt: skip

Figures = dict[str, pd.DataFrame]


def clean(frame: pd.DataFrame, columns: dict[str, str], needed: list[str]) -> pd.DataFrame:
    """Name the columns, strip the texts, read the days, and drop what lacks something needed."""
    frame.columns = [str(name).strip() for name in frame.columns]
    frame = frame[list(columns)].rename(columns=columns)
    for name in columns.values():
        if name.endswith("day"):
            frame[name] = days(frame[name])
        else:
            frame[name] = frame[name].astype("str").str.strip().replace({"nan": "", "None": ""})
    filled = frame[needed].notna() & (frame[needed] != "")
    return frame[filled.all(axis=1)].drop_duplicates()


def days(cells: pd.Series) -> pd.Series:
    """Read days that are dates, serial numbers or texts with the day first."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        known: pd.Series = cells.dt.normalize()
        return known
    serials = pd.to_numeric(cells, errors="coerce")
    from_serials = pd.to_datetime(serials, unit="D", origin="1899-12-30")
    left = cells.where(serials.isna())
    iso = pd.to_datetime(left, format="ISO8601", errors="coerce")
    british = pd.to_datetime(left.where(iso.isna()), format="mixed", dayfirst=True, errors="coerce")
    return from_serials.fillna(iso).fillna(british).dt.normalize()


def working_days(start: pd.Series, end: pd.Series) -> pd.Series:
    """Count the working days after the start up to and including the end."""
    known = start.notna() & end.notna()
    after = (start[known] + pd.Timedelta(days=1)).to_numpy("datetime64[D]")
    until = (end[known] + pd.Timedelta(days=1)).to_numpy("datetime64[D]")
    counted = np.busday_count(after, until, holidays=np.array(HOLIDAYS, "datetime64[D]"))
    return pd.Series(counted, index=start.index[known]).reindex(start.index)


def during(records: pd.DataFrame, day: str) -> pd.DataFrame:
    """Return the records of the months, with their month."""
    month = records[day].dt.to_period("M")
    found: pd.DataFrame = records.assign(month=month)[month.isin(MONTHS)]
    return found


def open_at_end(records: pd.DataFrame) -> pd.DataFrame:
    """Return the records that are open at the end of each month."""
    found = []
    for month in MONTHS:
        last = month.end_time.normalize()
        still = records["end_day"].isna() | (records["end_day"] > last)
        rows = records[(records["start_day"] <= last) & still]
        found.append(rows.assign(month=pd.Series(month, rows.index), last=last))
    return pd.concat(found)


def count(records: pd.DataFrame) -> pd.DataFrame:
    """Count records by month, for the whole service and by team."""
    return both(records, lambda rows: rows.size())


def children(records: pd.DataFrame) -> pd.DataFrame:
    """Count different children by month, for the whole service and by team."""
    return both(records, lambda rows: rows["child"].nunique())


def both(records: pd.DataFrame, counted: Callable[[Any], pd.Series]) -> pd.DataFrame:
    """Return a table of figures with a row for each team, that of the whole service unnamed."""
    named = records.assign(team=records["team"].replace("", "No team recorded"))
    by_team = counted(named.groupby(["team", "month"])).unstack(fill_value=0)
    whole = counted(records.groupby("month")).to_frame("").T
    return pd.concat([whole, by_team]).reindex(columns=MONTHS, fill_value=0).fillna(0)


def share(records: pd.DataFrame, good: pd.Series) -> pd.DataFrame:
    """Return the share of records that are good."""
    return divided(count(records[good]), count(records))


def share_of_children(records: pd.DataFrame, good: pd.Series) -> pd.DataFrame:
    """Return the share of children with a record that is good."""
    return divided(children(records[good]), children(records))


def divided(part: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Divide by what there is; nothing out of nothing is blank."""
    return part.reindex(whole.index, fill_value=0) / whole.where(whole > 0)


def visited(plans: pd.DataFrame, visits: pd.DataFrame, first: pd.Series) -> pd.Series:
    """Tell which children on plans were seen from a first day to the month's end."""
    asked = plans[["child", "last"]].assign(first=first).drop_duplicates()
    met = asked.merge(visits, on="child")
    met = met[(met["visit_day"] >= met["first"]) & (met["visit_day"] <= met["last"])]
    seen = pd.MultiIndex.from_frame(met[["child", "last"]])
    return pd.Series(pd.MultiIndex.from_frame(plans[["child", "last"]]).isin(seen), plans.index)


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the extracts that the tables need."""

    def csv(name: str, **options: object) -> pd.DataFrame:
        return pd.read_csv(folder / name, dtype=str, **options)  # type: ignore[call-overload,no-any-return]

    def xlsx(name: str, sheet: str, skip: int = 0) -> pd.DataFrame:
        return pd.read_excel(
            folder / name, sheet_name=sheet, skiprows=skip, dtype=object, engine="openpyxl"
        )

    care = pd.concat([csv("CLA part 1.csv"), csv("CLA part 2.csv")])
    visits = csv("Visits (EH, CIN and CP).csv", encoding="utf-8-sig")
    return {
        "contacts": clean(csv("Contacts 2022-23.csv", encoding="utf-8-sig"),
            {"Contact No": "id", "Child Unique ID": "child", "Contact Date": "day",
             "Contact Team": "team"}, ["child", "day"]),
        "early_help_referrals": clean(xlsx("EARLY HELP monthly.xlsx", "EH referrals", 3),
            {"EH Referral ID": "id", "Client ID": "child", "Date Referred to Early Help": "day",
             "Early Help Team": "team"}, ["child", "day"]),
        "early_help_assessments": clean(xlsx("EARLY HELP monthly.xlsx", "EH assessments", 3),
            {"EHA ID": "id", "Client ID": "child", "EHA Started": "day",
             "Early Help Team": "team"}, ["child", "day"]),
        "referrals": clean(
            csv("rpt62_referrals.csv", sep=";", encoding="cp1252", skiprows=1),
            {"Referral Reference": "id", "Child ID": "child", "Date of referral": "day",
             "Referral Team": "team"}, ["child", "day"]),
        "strategy": clean(csv("strategy discussions.txt", sep="\t", encoding="utf-16"),
            {"STRATEGY DISCUSSION ID": "id", "PERSON ID": "child", "TEAM NAME": "team",
             "DATE OF STRATEGY DISCUSSION": "day", "STRATEGY DISCUSSION STATUS": "status"},
            ["child", "day"]),
        "section_47": clean(csv("S47_export.csv", sep="|"),
            {"S47 ID": "id", "Person ID": "child", "S47 Start Date": "start_day",
             "S47 End Date": "end_day", "Allocated Team": "team"}, ["child", "start_day"]),
        "assessments": clean(xlsx("C&F assessments.xlsx", "Sheet1"),
            {"C&F Assessment ID": "id", "Child ID": "child", "C&F Start Date": "start_day",
             "C&F Authorised Date": "end_day", "Assessment Team": "team"}, ["child", "start_day"]),
        "cin": clean(xlsx("CIN and CP plans.xlsx", "CIN"),
            {"CIN Plan ID": "id", "Child ID": "child", "CIN Plan Started": "start_day",
             "CIN Plan Ended": "end_day", "Allocated Team": "team", "CWD": "cwd"},
            ["child", "start_day"]),
        "cp": clean(xlsx("CIN and CP plans.xlsx", "CP"),
            {"CP Plan ID": "id", "Child ID": "child", "CP Plan Started": "start_day",
             "CP Plan Ended": "end_day", "Team Name": "team", "Other LA Plan": "other"},
            ["child", "start_day"]),
        "icpc": clean(xlsx("ICPC.xlsx", "ICPC"),
            {"ICPC ID": "id", "Child ID": "child", "Allocated Team": "team",
             "Date of Initial Child Protection Conference": "day",
             "ICPC Strategy Discussion Date": "strategy_day", "Transfer-in Conference": "transfer"},
            ["child", "day"]),
        "care": clean(care,
            {"Care Period ID": "id", "Child Unique ID": "child", "Team": "team",
             "Date Started to be Looked After": "start_day", "Child's Legal Status": "status",
             "Date Ceased to be Looked After": "end_day"}, ["child", "start_day"]),
        "leavers": clean(xlsx("care leavers.xlsx", "Care leavers"),
            {"Care Leaver ID": "id", "Young Person ID": "child", "Allocated Team": "team",
             "Leaving Care Start Date": "start_day", "Leaving Care End Date": "end_day"},
            ["child", "start_day"]),
        "visits": pd.concat([
            clean(visits, {"Person ID": "child", "Date of Visit": "visit_day",
                           "Child Seen": "seen"}, ["child", "visit_day"]),
            clean(xlsx("CLA visits.xlsx", "CLA visits"), {"Child ID": "child", "Seen": "seen",
                  "Date Visited": "visit_day"}, ["child", "visit_day"])]),
        "population": csv("population.csv"),
    }  # fmt: skip


def figures(read: dict[str, pd.DataFrame]) -> Figures:
    """Return the figures of each measure, months across, the whole service in the first row."""
    assessments, section_47 = read["assessments"], read["section_47"]
    held = read["strategy"]["status"].str.lower() != "cancelled"
    cin, cp, care = open_at_end(read["cin"]), open_at_end(read["cp"]), open_at_end(read["care"])
    not_cwd = cin[~cin["cwd"].isin(["Y", "Yes"])]
    cp = cp[~cp["other"].isin(["Y", "Yes"])]
    care = care[~care["status"].isin(["V3", "V4"])]
    visits = read["visits"][~read["visits"]["seen"].isin(["N", "No"])][["child", "visit_day"]]
    at_work = open_at_end(
        assessments[assessments["end_day"].isna() | (assessments["end_day"] > "2022-07-01")]
    )
    everyone = pd.concat([at_work, cin, cp, care, open_at_end(read["leavers"])])
    started, finished = during(assessments, "start_day"), during(assessments, "end_day")
    conferences = during(read["icpc"][~read["icpc"]["transfer"].isin(["Y", "Yes"])], "day")
    took = working_days(conferences["strategy_day"], conferences["day"])
    took_started = working_days(started["start_day"], started["end_day"])
    took_finished = working_days(finished["start_day"], finished["end_day"])
    ten_ago = cp["last"].map(lambda last: np.busday_offset(
        last.to_datetime64().astype("datetime64[D]"), -10, roll="backward",
        holidays=np.array(HOLIDAYS, "datetime64[D]")))  # fmt: skip
    population = read["population"].set_index("Mid-year")["People"].astype(float)
    people = pd.Series({month: population[mid_year(month)] for month in MONTHS})
    in_year = pd.DataFrame({
        month: [((section_47["start_day"] <= month.end_time)
                 & (section_47["start_day"] >= (month - 11).start_time)).sum()]
        for month in MONTHS}, index=[""])  # fmt: skip
    return {
        "contacts": count(during(read["contacts"], "day")),
        "early_help_referrals": count(during(read["early_help_referrals"], "day")),
        "early_help_assessments_started": count(during(read["early_help_assessments"], "day")),
        "referrals": count(during(read["referrals"], "day")),
        "strategy_discussions": count(during(read["strategy"][held], "day")),
        "section_47_enquiries_completed": count(during(section_47, "end_day")),
        "section_47_rolling_rate": in_year / people * 10_000,
        "assessments_completed": count(finished),
        "children_in_need_not_cwd": children(not_cwd),
        "children_in_need_cwd": children(cin[cin["cwd"].isin(["Y", "Yes"])]),
        "children_on_cp_plans": children(cp),
        "cp_plan_rate": children(cp).loc[[""]] / people * 10_000,
        "children_in_care": children(care),
        "children_in_care_rate": children(care).loc[[""]] / people * 10_000,
        "children_open_to_the_service": children(everyone).loc[[""]],
        "assessments_done_early": share(started, took_started <= 20),
        "assessments_in_time": share(finished, took_finished.between(0, 45)),
        "initial_conferences_in_time": share(conferences, took.between(0, 15)),
        "cp_visited_in_10_working_days": share_of_children(cp, visited(cp, visits, ten_ago)),
        "children_in_need_not_cwd_visited": share_of_children(
            not_cwd, visited(not_cwd, visits, not_cwd["last"] - pd.Timedelta(days=42))),
        "cla_visited": share(care, visited(care, visits, care["last"] - pd.Timedelta(days=42))),
    }  # fmt: skip


def mid_year(month: pd.Period) -> str:
    """Return the year whose mid-year estimate a month is divided by: the latest by its end."""
    return str(month.year if month.month >= 6 else month.year - 1)


def write(found: Figures, out: Path) -> None:
    """Write the tables to a workbook."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    months = [month.strftime("%b-%y") for month in MONTHS]
    for title, measures in (("Demand", DEMAND), ("Right service right time", RIGHT_SERVICE)):
        rows = [[name.replace("_", " ").capitalize(), *found[name].iloc[0].round(1),
                 TARGETS.get(name), rag(float(found[name].to_numpy()[0, -1]), TARGETS.get(name))]
                for name in measures]  # fmt: skip
        sheet = table(book, title, ["Indicator", *months, "Target", "RAG"], rows)
        area = f"P2:P{len(rows) + 1}"
        rule = IconSetRule(  # type: ignore[no-untyped-call]
            "3TrafficLights1", "num", [-1, -0.5, 0.5], showValue=False
        )
        sheet.conditional_formatting.add(area, rule)
    for name in TEAM_TABLES:
        by_team = found[name].astype(object).fillna("").iloc[1:]
        rows = [[team, *values] for team, values in zip(by_team.index, by_team.to_numpy().tolist(),
                                                        strict=True)]  # fmt: skip
        title = name.replace("_", " ").capitalize()[:31]
        table(book, title, ["Team", *months], rows, number_format="0.0%")
    book.save(out)


def rag(value: float, target: float | None) -> int | None:
    """Return 1 for a target that is met, 0 for one that is nearly met, -1 for one that is not."""
    if target is None:
        return None
    return 1 if value <= target else 0 if value <= target * 1.05 else -1


def table(
    book: Workbook, title: str, headings: list[str], rows: list[list[object]],
    number_format: str = "#,##0.#",
) -> Worksheet:  # fmt: skip
    """Write one table to a sheet of its own."""
    sheet: Worksheet = book.create_sheet(title)
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", "1F4E79")
        cell.alignment = Alignment(horizontal="center")
    for cells in sheet.iter_rows(min_row=2, min_col=2):
        for cell in cells:
            cell.number_format = number_format
    sheet.column_dimensions["A"].width = 48
    sheet.freeze_panes = "B2"
    return sheet


def as_json(found: Figures) -> str:
    """Write the figures as rows of measure, month, team and value."""
    rows = [[name, str(month), str(team), None if pd.isna(value) else float(value)]
            for name, by_team in found.items()
            for team, values in by_team.iterrows()
            for month, value in values.items()]  # fmt: skip
    return json.dumps(rows)


if __name__ == "__main__":
    made = figures(read(Path(sys.argv[1])))
    write(made, Path(sys.argv[2]))
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_text(as_json(made), encoding="utf-8")
