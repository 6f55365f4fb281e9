"""The Demand, Right service and team tables with polars and write_excel.

    python -m benchmarks.peers.with_polars FOLDER OUT.xlsx [FIGURES.json]

It knows these files, their headings and their separators, and tells of nothing that is wrong.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import polars as pl
import xlsxwriter

from benchmarks.peers.with_pandas import DEMAND, HOLIDAYS, RIGHT_SERVICE, TARGETS, TEAM_TABLES

MONTHS = pl.date_range(date(2022, 7, 1), date(2023, 7, 1), "1mo", eager=True)
LAST_DAYS = pl.DataFrame({"month": MONTHS, "last": MONTHS.dt.month_end()})
BANK_HOLIDAYS = [date.fromisoformat(day) for day in HOLIDAYS]
FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y", "%d/%m/%Y %H:%M",
           "%d-%b-%y", "%d-%b-%Y")  # fmt: skip
YES, NO = ["Y", "Yes"], ["N", "No"]

Frames = dict[str, pl.DataFrame]


def clean(frame: pl.DataFrame, columns: dict[str, str], needed: list[str]) -> pl.DataFrame:
    """Name the columns, strip the texts, read the days, and drop what lacks something needed."""
    frame = frame.rename({name: name.strip(" \ufeff") for name in frame.columns})
    frame = frame.select(pl.col(old).alias(new) for old, new in columns.items())
    frame = frame.with_columns(
        day(name) if name.endswith("day") else
        pl.col(name).cast(pl.String).str.strip_chars().fill_null("")
        for name in frame.columns
    )  # fmt: skip
    filled = [pl.col(name).is_not_null() if name.endswith("day") else pl.col(name) != ""
              for name in needed]  # fmt: skip
    return frame.filter(pl.all_horizontal(filled)).unique(maintain_order=True)


def day(name: str) -> pl.Expr:
    """Read days that are dates, serial numbers or texts with the day first."""
    text = pl.col(name).cast(pl.String).str.strip_chars()
    serial = text.cast(pl.Float64, strict=False).cast(pl.Int64)
    from_serial = pl.lit(date(1899, 12, 30)) + pl.duration(days=serial)
    read = [text.str.to_datetime(form, strict=False).dt.date() for form in FORMATS]
    return pl.coalesce(*read, from_serial.cast(pl.Date)).alias(name)


def during(records: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the records of the months, with their month."""
    month = pl.col(name).dt.truncate("1mo")
    return records.with_columns(month=month).filter(month.is_in(MONTHS.implode()))


def open_at_end(records: pl.DataFrame) -> pl.DataFrame:
    """Return the records that are open at the end of each month."""
    still = pl.col("end_day").is_null() | (pl.col("end_day") > pl.col("last"))
    return records.join(LAST_DAYS, how="cross").filter(
        still & (pl.col("start_day") <= pl.col("last"))
    )


def figures_of(records: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    """Work a value out by month, for the whole service (team "") and by team."""
    named = records.with_columns(team=pl.col("team").replace("", "No team recorded"))
    whole = records.with_columns(team=pl.lit("")).group_by("team", "month").agg(value=value)
    by_team = named.group_by("team", "month").agg(value=value)
    return pl.concat([whole, by_team])


def count(records: pl.DataFrame) -> pl.DataFrame:
    """Count records."""
    return figures_of(records, pl.len().cast(pl.Float64))


def children(records: pl.DataFrame) -> pl.DataFrame:
    """Count different children."""
    return figures_of(records, pl.col("child").n_unique().cast(pl.Float64))


def share(records: pl.DataFrame, good: pl.Expr) -> pl.DataFrame:
    """Return the share of records that are good."""
    return figures_of(records, good.fill_null(value=False).mean())


def share_of_children(records: pl.DataFrame, good: pl.Expr) -> pl.DataFrame:
    """Return the share of children with a record that is good."""
    met = pl.col("child").filter(good).n_unique()
    return figures_of(records, met / pl.col("child").n_unique())


def seen(plans: pl.DataFrame, visits: pl.DataFrame, first: pl.Expr) -> pl.DataFrame:
    """Add whether the child of a plan was seen from a first day to the month's end."""
    asked = plans.select("child", "last", first=first).unique()
    within = pl.col("visit_day").is_between(pl.col("first"), pl.col("last"))
    met = asked.join(visits, on="child").filter(within).select("child", "last").unique()
    found = plans.join(met.with_columns(seen=pl.lit(value=True)), on=["child", "last"], how="left")
    return found.with_columns(pl.col("seen").fill_null(value=False))


def working_days(start: str, end: str) -> pl.Expr:
    """Count the working days after the start up to and including the end."""
    one = pl.duration(days=1)
    return pl.business_day_count(
        (pl.col(start) + one).cast(pl.Date), (pl.col(end) + one).cast(pl.Date),
        holidays=BANK_HOLIDAYS,
    )  # fmt: skip


def per_10_000(count_of: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Divide what the whole service has by the population."""
    whole = count_of.filter(pl.col("team") == "").join(people, on="month")
    return whole.select("team", "month", value=pl.col("value") / pl.col("people") * 10_000)


def read(folder: Path) -> Frames:
    """Read the extracts that the tables need."""

    def csv(name: str, separator: str = ",", encoding: str = "utf8", skip: int = 0) -> pl.DataFrame:
        return pl.read_csv(folder / name, separator=separator, encoding=encoding, skip_rows=skip,
                           infer_schema=False, truncate_ragged_lines=True)  # fmt: skip

    def xlsx(name: str, sheet: str, skip: int = 0) -> pl.DataFrame:
        return pl.read_excel(folder / name, sheet_name=sheet,
                             read_options={"header_row": skip, "dtypes": "string"})  # fmt: skip

    visits = csv("Visits (EH, CIN and CP).csv")
    care = pl.concat([csv("CLA part 1.csv"), csv("CLA part 2.csv")])
    return {
        "contacts": clean(csv("Contacts 2022-23.csv"),
            {"Contact No": "id", "Child Unique ID": "child", "Contact Date": "day",
             "Contact Team": "team"}, ["child", "day"]),
        "early_help_referrals": clean(xlsx("EARLY HELP monthly.xlsx", "EH referrals", 3),
            {"EH Referral ID": "id", "Client ID": "child", "Date Referred to Early Help": "day",
             "Early Help Team": "team"}, ["child", "day"]),
        "early_help_assessments": clean(xlsx("EARLY HELP monthly.xlsx", "EH assessments", 3),
            {"EHA ID": "id", "Client ID": "child", "EHA Started": "day",
             "Early Help Team": "team"}, ["child", "day"]),
        "referrals": clean(csv("rpt62_referrals.csv", ";", "cp1252", 1),
            {"Referral Reference": "id", "Child ID": "child", "Date of referral": "day",
             "Referral Team": "team"}, ["child", "day"]),
        "strategy": clean(csv("strategy discussions.txt", "\t", "utf-16"),
            {"STRATEGY DISCUSSION ID": "id", "PERSON ID": "child", "TEAM NAME": "team",
             "DATE OF STRATEGY DISCUSSION": "day", "STRATEGY DISCUSSION STATUS": "status"},
            ["child", "day"]),
        "section_47": clean(csv("S47_export.csv", "|"),
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
        "visits": pl.concat([
            clean(visits, {"Person ID": "child", "Date of Visit": "visit_day",
                           "Child Seen": "seen"}, ["child", "visit_day"]),
            clean(xlsx("CLA visits.xlsx", "CLA visits"), {"Child ID": "child",
                  "Date Visited": "visit_day", "Seen": "seen"}, ["child", "visit_day"])]),
        "population": csv("population.csv"),
    }  # fmt: skip


def figures(read: Frames) -> Frames:
    """Return the figures of each measure, long: team, month, value."""
    assessments, section_47 = read["assessments"], read["section_47"]
    cin, cp, care = open_at_end(read["cin"]), open_at_end(read["cp"]), open_at_end(read["care"])
    not_cwd = cin.filter(~pl.col("cwd").is_in(YES))
    cp = cp.filter(~pl.col("other").is_in(YES))
    care = care.filter(~pl.col("status").is_in(["V3", "V4"]))
    visits = read["visits"].filter(~pl.col("seen").is_in(NO)).select("child", "visit_day")
    everyone = pl.concat([
        one.select("child", "team", "month")
        for one in (open_at_end(assessments), cin, cp, care, open_at_end(read["leavers"]))
    ])  # fmt: skip
    conferences = during(read["icpc"].filter(~pl.col("transfer").is_in(YES)), "day")
    started, finished = during(assessments, "start_day"), during(assessments, "end_day")
    took = working_days("start_day", "end_day")
    six_weeks = pl.col("last") - pl.duration(days=42)
    ten_days = pl.col("last").dt.add_business_days(-10, roll="backward", holidays=BANK_HOLIDAYS)
    year = pl.col("Mid-year").cast(pl.Int32)
    people = LAST_DAYS.with_columns(
        year=(pl.col("month").dt.year() - (pl.col("month").dt.month() < 6).cast(pl.Int32))
        .cast(pl.Int32)
    ).join(
        read["population"].select(year=year, people=pl.col("People").cast(pl.Float64)), on="year"
    ).select("month", "people")  # fmt: skip
    in_year = section_47.join(LAST_DAYS, how="cross").filter(
        (pl.col("start_day") <= pl.col("last"))
        & (pl.col("start_day") >= pl.col("month").dt.offset_by("-11mo"))
    )
    return {
        "contacts": count(during(read["contacts"], "day")),
        "early_help_referrals": count(during(read["early_help_referrals"], "day")),
        "early_help_assessments_started": count(during(read["early_help_assessments"], "day")),
        "referrals": count(during(read["referrals"], "day")),
        "strategy_discussions": count(during(
            read["strategy"].filter(pl.col("status").str.to_lowercase() != "cancelled"), "day")),
        "section_47_enquiries_completed": count(during(section_47, "end_day")),
        "section_47_rolling_rate": per_10_000(count(in_year), people),
        "assessments_completed": count(finished),
        "children_in_need_not_cwd": children(not_cwd),
        "children_in_need_cwd": children(cin.filter(pl.col("cwd").is_in(YES))),
        "children_on_cp_plans": children(cp),
        "cp_plan_rate": per_10_000(children(cp), people),
        "children_in_care": children(care),
        "children_in_care_rate": per_10_000(children(care), people),
        "children_open_to_the_service": children(everyone).filter(pl.col("team") == ""),
        "assessments_done_early": share(started, took <= 20),
        "assessments_in_time": share(finished, took.is_between(0, 45)),
        "initial_conferences_in_time": share(
            conferences, working_days("strategy_day", "day").is_between(0, 15)),
        "cp_visited_in_10_working_days": share_of_children(
            seen(cp, visits, ten_days), pl.col("seen")),
        "children_in_need_not_cwd_visited": share_of_children(
            seen(not_cwd, visits, six_weeks), pl.col("seen")),
        "cla_visited": share(seen(care, visits, six_weeks), pl.col("seen")),
    }  # fmt: skip


def wide(found: pl.DataFrame, first: str, name: pl.Expr) -> pl.DataFrame:
    """Return figures with the months across."""
    ordered = found.sort("month").with_columns(
        name.alias(first), pl.col("month").dt.strftime("%b-%y")
    )
    return ordered.pivot("month", index=first, values="value").sort(first)


def write(found: Frames, out: Path) -> None:
    """Write the tables to a workbook."""
    with xlsxwriter.Workbook(out) as book:
        for title, measures in (("Demand", DEMAND), ("Right service right time", RIGHT_SERVICE)):
            rows = pl.concat(
                wide(found[name].filter(pl.col("team") == ""), "Indicator",
                     pl.lit(name.replace("_", " ").capitalize()))
                .with_columns(Target=pl.lit(TARGETS.get(name), pl.Float64))
                for name in measures
            )  # fmt: skip
            last = pl.col(rows.columns[-2])
            rows = rows.with_columns(
                RAG=pl.when(last <= pl.col("Target")).then(1)
                .when(last <= pl.col("Target") * 1.05).then(0)
                .when(pl.col("Target").is_not_null()).then(-1)
            )  # fmt: skip
            icons = {"type": "icon_set", "icon_style": "3_traffic_lights", "icons_only": True}
            rows.write_excel(book, title, freeze_panes=(1, 1), conditional_formats={"RAG": icons},
                             column_formats={rows.columns[1]: "#,##0.#"})  # fmt: skip
        for name in TEAM_TABLES:
            teams = wide(found[name].filter(pl.col("team") != ""), "Team", pl.col("team"))
            teams.write_excel(book, name.replace("_", " ").capitalize()[:31], freeze_panes=(1, 1),
                              dtype_formats={pl.Float64: "0.0%"})  # fmt: skip


def as_json(found: Frames) -> str:
    """Write the figures as rows of measure, month, team and value."""
    rows = [[name, month.strftime("%Y-%m"), team, value]
            for name, frame in found.items()
            for team, month, value in frame.select("team", "month", "value").rows()]  # fmt: skip
    return json.dumps(rows)


if __name__ == "__main__":
    made = figures(read(Path(sys.argv[1])))
    write(made, Path(sys.argv[2]))
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_text(as_json(made), encoding="utf-8")
