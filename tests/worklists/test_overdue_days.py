"""How late each record is, held against plain pandas on a council that shares no code with us."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd
import pytest

from tests.measures.tiny import quiet
from tests.other_council.calendar import (
    month_end,
    month_start,
    months_before,
    working_days_before,
    working_days_between,
)
from tests.other_council.children import invent
from tests.other_council.variants import Delivery, deliver
from tests.other_council.writing import write
from tests.worklists.lists import ALLOWED, Cell, sheets_of
from workbook_builder.build_workbook import worklist
from workbook_builder.months import Month
from workbook_builder.request import Request, WorklistRequest

MONTH = "2024-03"
CHILD = "Person ID"
Tables = dict[str, pd.DataFrame]
#: A child's identifier, and by how many days its record is over; None is not known.
Overdue = Counter[tuple[str, int | None]]


def open_at_end(rows: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    at = pd.Timestamp(month_end(MONTH))
    return rows[(rows[start] <= at) & (rows[end].isna() | (rows[end] > at))]


def in_month(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    first, last = pd.Timestamp(month_start(MONTH)), pd.Timestamp(month_end(MONTH))
    return rows[(rows[column] >= first) & (rows[column] <= last)]


def plans(tables: Tables) -> pd.DataFrame:
    rows = open_at_end(tables["cp_plans"], "cp_plan_start_date", "cp_plan_end_date")
    return rows[~rows["cp_plan_ola"].fillna(False)]


def needs(tables: Tables) -> pd.DataFrame:
    rows = open_at_end(tables["cin_plans"], "cin_plan_start_date", "cin_plan_end_date")
    return rows[~rows["disability_team"].fillna(True)]


def care(tables: Tables, since: date | None = None) -> pd.DataFrame:
    rows = open_at_end(tables["children_in_care"], "care_start_date", "care_end_date")
    rows = rows[~rows["legal_status"].isin(["V3", "V4"])]
    return rows if since is None else rows[rows["care_start_date"] <= pd.Timestamp(since)]


def latest(tables: Tables, rows: pd.DataFrame, name: str, column: str) -> pd.Series:
    """Return the day of each child's latest record of a list by the month's end."""
    events = tables[name]
    events = events[events[column] <= pd.Timestamp(month_end(MONTH))]
    if "child_seen" in events:
        events = events[events["child_seen"].fillna(True)]
    return rows["child_id"].map(events.groupby("child_id")[column].max())


def overdue(rows: pd.DataFrame, over: pd.Series) -> Overdue:
    numbers = (None if pd.isna(number) else int(number) for number in over)
    return Counter(zip(map(str, rows["child_id"]), numbers, strict=True))


def working_days_ago(
    records: Callable[[Tables], pd.DataFrame], name: str, column: str, most: int
) -> Callable[[Tables], Overdue]:
    def count(tables: Tables) -> Overdue:
        rows = records(tables)
        last = latest(tables, rows, name, column)
        at = pd.Series(pd.Timestamp(month_end(MONTH)), index=rows.index)
        return overdue(rows, working_days_between(last, at) - most)

    return count


def days_since(
    records: Callable[[Tables], pd.DataFrame], name: str, column: str, earliest: date
) -> Callable[[Tables], Overdue]:
    def count(tables: Tables) -> Overdue:
        rows = records(tables)
        last = latest(tables, rows, name, column)
        return overdue(rows, (pd.Timestamp(earliest) - last).dt.days)

    return count


def days_back(number: int) -> date:
    return (pd.Timestamp(month_end(MONTH)) - pd.Timedelta(days=number)).date()


def taken(name: str, clock: str, start: str, end: str, most: int) -> Callable[[Tables], Overdue]:
    def count(tables: Tables) -> Overdue:
        rows = in_month(tables[name], clock)
        if name == "initial_conferences":
            rows = rows[~rows["icpc_transfer_in"].fillna(False)]
            rows = rows[rows[start].notna()]  # the others are not judged
        return overdue(rows, working_days_between(rows[start], rows[end]) - most)

    return count


END = month_end(MONTH)
EXPECTED: dict[str, Callable[[Tables], Overdue]] = {
    "cp_visited_in_10_working_days": working_days_ago(plans, "visits", "visit_date", 10),
    "cp_visited_in_15_working_days": working_days_ago(plans, "visits", "visit_date", 15),
    "cp_visited_in_4_weeks": days_since(plans, "visits", "visit_date", days_back(28)),
    "cp_core_group_in_time": days_since(plans, "core_groups", "core_group_date", days_back(42)),
    "cp_supervised": days_since(plans, "supervisions", "supervision_date", days_back(42)),
    "children_in_need_not_cwd_visited": days_since(needs, "visits", "visit_date", days_back(42)),
    "cla_visited": days_since(care, "visits", "visit_date", days_back(42)),
    "cla_care_plan": days_since(
        lambda tables: care(tables, working_days_before(END, 10)), "care_plans", "care_plan_date",
        months_before(END, 6),
    ),
    "cla_health_in_year": days_since(
        lambda tables: care(tables, months_before(END, 12)), "health_assessments",
        "health_assessment_date", months_before(END, 12),
    ),
    "assessments_in_time": taken(
        "assessments", "assessment_auth_date", "assessment_start_date", "assessment_auth_date", 45
    ),
    "assessments_done_early": taken(
        "assessments", "assessment_start_date", "assessment_start_date", "assessment_auth_date", 20
    ),
    "initial_conferences_in_time": taken(
        "initial_conferences", "icpc_date", "icpc_strategy_discussion_date", "icpc_date", 15
    ),
    "mash_in_one_working_day": taken(
        "referrals", "mash_completed_date", "referral_date", "mash_completed_date", 1
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> tuple[Delivery, dict[str, Overdue]]:
    """Another council's lists, and what a worklist says of each measure."""
    folder = tmp_path_factory.mktemp("council")
    delivery = deliver(invent(1, "small", MONTH), "lists", "clean")
    write(delivery.sheets, folder, delivery.day)
    (folder / "council.toml").write_text(ALLOWED, encoding="utf-8")
    request = Request((folder,), month=Month(2024, 3), out=folder.parent / "lists.xlsx")
    outcome = worklist(request, WorklistRequest(tuple(EXPECTED)), quiet)
    assert outcome.written, [problem.text() for problem in outcome.problems]
    summary, *lists = sheets_of(outcome.written).values()
    assert len(summary) > len(EXPECTED)
    return delivery, dict(zip(EXPECTED, map(shown, lists), strict=True))


def shown(rows: Sequence[Sequence[Cell]]) -> Overdue:
    """Read a list: whose record is over by how many days."""
    headings = [str(heading) for heading in rows[2]]
    over = next(at for at, text in enumerate(headings) if "over (+)" in text)
    child, counted = headings.index(CHILD), headings.index("Counted")
    found: Overdue = Counter()
    for row in rows[3:]:
        number = row[over]
        assert number is None or isinstance(number, int | float)
        if row[counted] in ("Yes", "No"):
            found[str(row[child]), None if number is None else int(number)] += 1
    return found


@pytest.mark.parametrize("measure", EXPECTED)
def test_days_over_are_those_of_pandas(
    measure: str, council: tuple[Delivery, dict[str, Overdue]]
) -> None:
    delivery, listed = council
    tables = {name: one.rows for name, one in delivery.lists.items()}
    expected = EXPECTED[measure](tables)
    assert expected
    assert listed[measure] == expected


def test_some_are_late_and_some_lack_any_record(
    council: tuple[Delivery, dict[str, Overdue]],
) -> None:
    _, listed = council
    late = {name for name, one in listed.items() if any((over or 0) > 0 for _, over in one)}
    lacking = {name for name, one in listed.items() if any(over is None for _, over in one)}
    assert sum(map(len, listed.values())) > 200
    assert len(late) > 8
    assert lacking
