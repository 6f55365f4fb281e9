"""The sample extracts: made the same every time, and adding up to the published totals."""

import io
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_inputs"
TOTALS = tomllib.loads((SAMPLES / "generator" / "totals.toml").read_text(encoding="utf-8"))
MONTHS = pd.period_range("2022-07", "2023-07", freq="M")
MONTH_ENDS = [month.end_time.normalize() for month in MONTHS]
CONTRADICTORY_CARE_RATE = 4  # Nov-22: 113 was published beside 543, which gives 110.
FILES = {
    "Contacts 2022-23.csv", "EARLY HELP monthly.xlsx", "rpt62_referrals.csv",
    "strategy discussions.txt", "S47_export.csv", "C&F assessments.xlsx", "CIN and CP plans.xlsx",
    "CLA part 1.csv", "CLA part 2.csv", "care leavers.xlsx", "population.csv",
    "EH episodes.xlsx", "Visits (EH, CIN and CP).csv", "Supervision log.csv", "ICPC.xlsx",
    "Core groups.csv", "Caseloads July 2023.xlsx",
    "Placements.csv", "CLA visits.xlsx", "CLA supervision.csv", "CLA reviews.xlsx",
    "Care plans and pathway plans.xlsx", "Health assessments.csv", "PEP.csv",
    "Social worker allocations.csv", "Foster carers.csv", "Missing episodes.csv",
    "Adoptions.csv", "Finished figures.csv",
}  # fmt: skip


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.rename(columns=str.strip).map(lambda x: x.strip() if isinstance(x, str) else x)
    return frame.replace("", None).dropna(how="all")


def csv(name: str, sep: str = ",", encoding: str = "utf-8", skip: int = 0) -> pd.DataFrame:
    path = SAMPLES / name
    return clean(pd.read_csv(path, sep=sep, encoding=encoding, skiprows=skip, dtype=str))


def sheet(name: str, page: str, skip: int = 0, foot: int = 0) -> pd.DataFrame:
    rows = list(openpyxl.load_workbook(SAMPLES / name)[page].values)[skip:]
    body = rows[1 : len(rows) - foot]
    return clean(pd.DataFrame(body, columns=[str(header) for header in rows[0]], dtype=object))


def dates(column: pd.Series, pattern: str) -> pd.Series:
    return pd.to_datetime(column, format=pattern, errors="coerce").dt.normalize()


def any_date(cell: object) -> datetime | None:
    if isinstance(cell, int):
        return datetime(1899, 12, 30) + timedelta(days=cell)
    if isinstance(cell, str):
        return datetime.strptime(cell, "%d/%m/%Y")
    return cell if isinstance(cell, datetime) else None


@cache
def contacts() -> pd.DataFrame:
    frame = csv("Contacts 2022-23.csv", encoding="utf-8-sig")
    frame["date"] = dates(frame["Contact Date"], "%d/%m/%Y %H:%M")
    return frame


@cache
def referrals() -> pd.DataFrame:
    frame = csv("rpt62_referrals.csv", ";", "cp1252", skip=1)
    frame["date"] = dates(frame["Date of referral"], "%d-%b-%y")
    return frame


@cache
def early_help_referrals() -> pd.DataFrame:
    frame = sheet("EARLY HELP monthly.xlsx", "EH referrals", skip=3, foot=1)
    frame["date"] = pd.to_datetime(frame["Date Referred to Early Help"])
    return frame


@cache
def early_help_assessments() -> pd.DataFrame:
    frame = sheet("EARLY HELP monthly.xlsx", "EH assessments", skip=3, foot=1)
    frame["date"] = pd.to_datetime(frame["EHA Started"])
    return frame


@cache
def strategy_discussions() -> pd.DataFrame:
    frame = csv("strategy discussions.txt", "\t", "utf-16")
    frame["date"] = dates(frame["DATE OF STRATEGY DISCUSSION"], "%d/%m/%Y")
    return frame


@cache
def enquiries() -> pd.DataFrame:
    frame = csv("S47_export.csv", "|")
    frame["start"] = dates(frame["S47 Start Date"], "%Y-%m-%dT%H:%M:%S")
    frame["end"] = dates(frame["S47 End Date"], "%Y-%m-%dT%H:%M:%S")
    return frame


def spells(frame: pd.DataFrame, child: str, start: pd.Series, end: pd.Series) -> pd.DataFrame:
    return frame.assign(child=frame[child], start=pd.to_datetime(start), end=pd.to_datetime(end))


@cache
def assessments() -> pd.DataFrame:
    frame = sheet("C&F assessments.xlsx", "Sheet1")
    start = frame["C&F Start Date"].map(any_date)
    return spells(frame, "Child ID", start, frame["C&F Authorised Date"].map(any_date))


@cache
def cin_plans() -> pd.DataFrame:
    frame = sheet("CIN and CP plans.xlsx", "CIN")
    return spells(frame, "Child ID", frame["CIN Plan Started"], frame["CIN Plan Ended"])


@cache
def cp_plans() -> pd.DataFrame:
    frame = sheet("CIN and CP plans.xlsx", "CP")
    return spells(frame, "Child ID", frame["CP Plan Started"], frame["CP Plan Ended"])


@cache
def care() -> pd.DataFrame:
    frame = pd.concat([csv("CLA part 1.csv"), csv("CLA part 2.csv")])
    frame = frame.drop_duplicates("Care Period ID")
    start = dates(frame["Date Started to be Looked After"], "%d/%m/%Y")
    end = dates(frame["Date Ceased to be Looked After"], "%d/%m/%Y")
    return spells(frame, "Child Unique ID", start, end)


@cache
def leavers() -> pd.DataFrame:
    frame = sheet("care leavers.xlsx", "Care leavers")
    start = dates(frame["Leaving Care Start Date"], "%d-%b-%Y")
    end = dates(frame["Leaving Care End Date"], "%d-%b-%Y")
    return spells(frame, "Young Person ID", start, end)


def services() -> list[pd.DataFrame]:
    return [
        sheet("EH episodes.xlsx", "Episodes", skip=2, foot=1),
        sheet("EH episodes.xlsx", "Plans", skip=2, foot=1),
        csv("Visits (EH, CIN and CP).csv", encoding="utf-8-sig"),
        csv("Supervision log.csv", ";", "cp1252", skip=1),
        sheet("ICPC.xlsx", "ICPC"),
        sheet("ICPC.xlsx", "RCPC"),
        csv("Core groups.csv", "|"),
        sheet("Caseloads July 2023.xlsx", "Caseloads", skip=2),
    ]


def in_months(column: pd.Series) -> list[int]:
    months = column.dropna().dt.to_period("M")
    return [int((months == month).sum()) for month in MONTHS]


def open_children(frame: pd.DataFrame) -> list[set[str]]:
    return [
        set(frame.loc[(frame.start <= day) & (frame.end.isna() | (frame.end > day)), "child"])
        for day in MONTH_ENDS
    ]


def own_cp_plans() -> list[set[str]]:
    return open_children(cp_plans()[cp_plans()["Other LA Plan"] != "Yes"])


def in_care() -> list[set[str]]:
    return open_children(care()[~care()["Child's Legal Status"].isin(["V3", "V4"])])


def with_child(frame: pd.DataFrame, child: str) -> pd.Series:
    return frame.loc[frame[child].notna(), "date"]


def held() -> pd.Series:
    frame = strategy_discussions()
    return frame.loc[frame["STRATEGY DISCUSSION STATUS"] != "Cancelled", "date"]


EVENTS: dict[str, Callable[[], pd.Series]] = {
    "contacts": lambda: with_child(contacts(), "Child Unique ID"),
    "early_help_referrals": lambda: with_child(early_help_referrals(), "Client ID"),
    "early_help_assessments_started": lambda: with_child(early_help_assessments(), "Client ID"),
    "referrals": lambda: with_child(referrals(), "Child ID"),
    "strategy_discussions": held,
    "section_47_completed": lambda: enquiries()["end"],
    "assessments_completed": lambda: assessments()["end"],
}
STOCKS: dict[str, Callable[[], list[set[str]]]] = {
    "cin_plans_not_disability": lambda: open_children(cin_plans()[cin_plans()["CWD"] == "N"]),
    "cin_plans_disability": lambda: open_children(cin_plans()[cin_plans()["CWD"] == "Y"]),
    "cp_plans": own_cp_plans,
    "children_in_care": in_care,
    "unaccompanied_children_in_care": lambda: open_children(care()[care()["UASC (Y/N)"] == "Y"]),
    "care_leavers": lambda: open_children(leavers()),
    "open_to_service": lambda: [
        set.union(*lists)
        for lists in zip(
            open_children(assessments()), open_children(cin_plans()), own_cp_plans(), in_care(),
            open_children(leavers()), strict=True,
        )
    ],
}  # fmt: skip


def rate(numbers: list[int]) -> list[int]:
    rows = csv("population.csv")
    people = dict(zip(rows["Mid-year"].astype(int), rows["People"].astype(int), strict=True))
    years = [day.year if (day.month, day.day) >= (6, 30) else day.year - 1 for day in MONTH_ENDS]
    # Whole numbers throughout, so that halves round up whatever the machine.
    return [
        (20_000 * number + people[year]) // (2 * people[year])
        for number, year in zip(numbers, years, strict=True)
    ]


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.mark.slow
def test_the_generator_makes_the_committed_files_again(tmp_path: Path) -> None:
    command = [sys.executable, "-B", str(SAMPLES / "generator"), "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    generated = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(generated) == FILES
    for name, made in generated.items():
        kept = (SAMPLES / name).read_bytes()
        # Another release of zlib packs the same workbook into other bytes.
        same = made == kept or (name.endswith("xlsx") and unpacked(made) == unpacked(kept))
        assert same, f"{name} is not what the generator makes"


def test_every_month_has_records_on_its_first_and_last_day() -> None:
    for measure, column in EVENTS.items():
        days = set(column().dropna())
        wanted = {day.replace(day=1) for day in MONTH_ENDS} | set(MONTH_ENDS)
        assert wanted <= days, measure


def test_files_are_small() -> None:
    assert sum((SAMPLES / name).stat().st_size for name in FILES) < 12_000_000


@pytest.mark.parametrize("measure", EVENTS)
def test_records_dated_in_the_month(measure: str) -> None:
    assert in_months(EVENTS[measure]()) == TOTALS["events"][measure]


@pytest.mark.parametrize("measure", STOCKS)
def test_children_open_at_month_end(measure: str) -> None:
    assert [len(children) for children in STOCKS[measure]()] == TOTALS["stocks"][measure]


def test_every_total_is_recounted() -> None:
    assert set(EVENTS) == set(TOTALS["events"])
    assert set(STOCKS) == set(TOTALS["stocks"])
    assert (
        csv("population.csv").set_index("Mid-year")["People"].astype(int).to_dict()
        == (TOTALS["population"])
    )


def test_rolling_rate_of_section_47_enquiries() -> None:
    started = enquiries()["start"].dt.to_period("M")
    twelve = [int(started.between(month - 11, month).sum()) for month in MONTHS]
    assert rate(twelve) == TOTALS["rates"]["section_47_rolling_rate"]


def test_rate_of_child_protection_plans() -> None:
    assert rate([len(x) for x in own_cp_plans()]) == TOTALS["rates"]["cp_plans_rate"]


def test_rate_of_children_in_care() -> None:
    counted = rate([len(x) for x in in_care()])
    published = list(TOTALS["rates"]["children_in_care_rate"])
    assert (counted[CONTRADICTORY_CARE_RATE], published[CONTRADICTORY_CARE_RATE]) == (110, 113)
    del counted[CONTRADICTORY_CARE_RATE], published[CONTRADICTORY_CARE_RATE]
    assert counted == published


@pytest.mark.parametrize(
    ("frame", "column"),
    [
        (contacts, "Contact No"), (referrals, "Referral Reference"),
        (early_help_referrals, "EH Referral ID"), (early_help_assessments, "EHA ID"),
        (strategy_discussions, "STRATEGY DISCUSSION ID"), (enquiries, "S47 ID"),
        (assessments, "C&F Assessment ID"), (cin_plans, "CIN Plan ID"), (cp_plans, "CP Plan ID"),
        (leavers, "Care Leaver ID"),
    ],
)  # fmt: skip
def test_record_numbers_do_not_repeat(frame: Callable[[], pd.DataFrame], column: str) -> None:
    assert frame()[column].notna().all()
    assert frame()[column].is_unique


def test_care_parts_overlap_by_forty_identical_rows() -> None:
    first, second = csv("CLA part 1.csv"), csv("CLA part 2.csv")
    assert first["Care Period ID"].is_unique
    assert second["Care Period ID"].is_unique
    both = first.merge(second, on="Care Period ID")
    assert len(both) == 40
    assert len(first.merge(second, on=list(first.columns))) == 40


def test_identifiers_have_their_systems_form() -> None:
    early = pd.concat([early_help_referrals()["Client ID"], early_help_assessments()["Client ID"]])
    assert early.str.fullmatch(r"00\d{5}").all()
    frames = [assessments(), cin_plans(), cp_plans(), care(), leavers()]
    assert pd.concat([frame["child"] for frame in frames]).str.fullmatch(r"2000\d{6}").all()


@pytest.mark.parametrize(
    ("frame", "shortest", "longest"),
    [(assessments, 1, 250), (enquiries, 3, 40), (cin_plans, 20, 5000), (cp_plans, 20, 5000),
     (care, 5, 6570), (leavers, 20, 5000)],
)  # fmt: skip
def test_spells_last_a_likely_time(
    frame: Callable[[], pd.DataFrame], shortest: int, longest: int
) -> None:
    ended = frame().dropna(subset=["end"])
    assert (ended.end - ended.start).dt.days.between(shortest, longest).all()
    assert ended.end.max() <= pd.Timestamp("2023-08-03")


def test_every_header_row_fits_one_dataset() -> None:
    def plain(header: object) -> str:
        return re.sub(r"[^a-z0-9]", "", str(header).lower())

    layouts = [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in (ROOT / "layouts" / "datasets").glob("*.toml")
    ]
    needed = {
        name: [
            {plain(alias) for alias in [column, *parts.get("aliases", [])]}
            for column, parts in layout[name]["columns"].items()
            if parts.get("required")
        ]
        for layout in layouts
        for name in layout
    }
    frames = [contacts(), referrals(), early_help_referrals(), early_help_assessments(),
              strategy_discussions(), enquiries(), assessments(), cin_plans(), cp_plans(), care(),
              leavers(), csv("population.csv"), *services()]  # fmt: skip
    fits = [
        [n for n, columns in needed.items() if all(c & set(map(plain, frame)) for c in columns)]
        for frame in (f.drop(columns=["date", "start", "end", "child"], errors="ignore")
                      for f in frames)
    ]  # fmt: skip
    assert [names for names in fits if len(names) != 1] == []
    assert len({names[0] for names in fits}) == len(frames)
