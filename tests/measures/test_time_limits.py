"""How late a record is follows from the SQL of its measure, where that holds one time limit."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.tiny import shipped
from workbook_builder.measures.expressions import Expression, bind_expression
from workbook_builder.measures.time_limits import (
    TimeLimit,
    last_day_within,
    time_limit,
    working_day_after,
    working_days_after,
)
from workbook_builder.problems import Where

CLOSED = holidays.country_holidays("GB", subdiv="ENG", years=range(2019, 2027))
DAYS = st.dates(date(2020, 1, 1), date(2025, 12, 31))


def limit_of(text: str, dataset: str = "cp_plans") -> TimeLimit | None:
    bound = bind_expression(text, dataset, shipped().datasets, Where(), {"cp_visit_days": 28})
    assert isinstance(bound, Expression), bound
    return time_limit(bound.tree)


def exists(condition: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM visits WHERE visits.child_id = cp_plans.child_id AND {condition})"
    )


@pytest.mark.parametrize(
    ("text", "dataset", "unit", "span"),
    [
        ("working_days(referral_date, mash_completed_date) <= 1", "referrals", "working days", 1),
        ("working_days(referral_date, mash_completed_date) < 2", "referrals", "working days", 1),
        ("working_days(referral_date, mash_completed_date) BETWEEN 0 AND 1", "referrals",
         "working days", 1),
        ("days_between(referral_date, mash_completed_date) <= 3 AND referral_nfa", "referrals",
         "days", 3),
        ("cla_review_date <= cla_review_due_date", "care_reviews", "days", 0),
    ],
)  # fmt: skip
def test_days_of_the_record_itself(text: str, dataset: str, unit: str, span: int) -> None:
    limit = limit_of(text, dataset)
    assert limit
    assert (limit.unit, limit.span, limit.event) == (unit, span, None)
    assert not limit.beyond


def test_what_asks_for_those_over_the_limit() -> None:
    limit = limit_of("working_days(referral_date, mash_completed_date) > 1", "referrals")
    assert limit
    assert (limit.span, limit.beyond) == (1, True)
    long = limit_of("cp_plan_start_date <= months_before(month_end, 15)")
    assert long
    assert (long.unit, long.span, long.beyond) == ("months", 15, True)


@pytest.mark.parametrize(
    ("condition", "unit", "span"),
    [
        ("visit_date BETWEEN working_days_before(month_end, 10) AND month_end", "working days", 10),
        ("visit_date BETWEEN days_before(month_end, cp_visit_days) AND month_end", "days", 28),
        ("visit_date >= months_before(month_end, 6) AND visit_date <= month_end", "months", 6),
        ("visit_date <= month_end AND visit_date >= CASE WHEN cp_plan_ola THEN "
         "months_before(month_end, 6) ELSE months_before(month_end, 12) END", "months", None),
    ],
)  # fmt: skip
def test_the_latest_record_of_another_list(condition: str, unit: str, span: int | None) -> None:
    limit = limit_of(exists(condition))
    assert limit
    assert (limit.unit, limit.span, limit.event) == (unit, span, ("visits", "visit_date"))


@pytest.mark.parametrize(
    "text",
    [
        "cp_plan_ola",
        "working_days(cp_plan_start_date, cp_plan_end_date) BETWEEN 11 AND 25",  # a band
        "working_days(cp_plan_start_date, cp_plan_end_date) = 5",
        exists("visit_date >= cp_plan_start_date"),  # no window that ends with the month
        exists("child_seen"),
        "NOT " + exists("visit_date BETWEEN days_before(month_end, 28) AND month_end"),
        # Of two limits none is the one that matters.
        exists("visit_date BETWEEN days_before(month_end, 28) AND month_end")
        + " AND days_between(cp_plan_start_date, cp_plan_end_date) <= 5",
    ],
)
def test_what_is_no_time_limit(text: str) -> None:
    assert limit_of(text) is None


@given(DAYS, DAYS)
def test_working_days_are_those_after_the_first_day(first: date, until: date) -> None:
    early, late = sorted((first, until))
    days = (early + timedelta(days=ahead) for ahead in range(1, (late - early).days + 1))
    number = sum(day.weekday() < 5 and day not in CLOSED for day in days)
    assert working_days_after(first, until) == (number if until >= first else -number)


@given(DAYS, st.integers(0, 60))
def test_the_day_that_is_due_is_the_last_in_time(first: date, number: int) -> None:
    due = working_day_after(first, number)
    assert working_days_after(first, due) == number
    ahead = due + timedelta(days=1)
    while ahead.weekday() >= 5 or ahead in CLOSED:
        ahead += timedelta(days=1)
    assert working_days_after(first, ahead) == number + 1


def months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for length in (31, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, length))
        except ValueError:
            continue
    raise AssertionError


@given(DAYS, st.integers(1, 24))
def test_months_end_with_the_last_day_from_which_they_lead_back(first: date, months: int) -> None:
    last = last_day_within(first, months)
    assert months_back(last, months) <= first
    assert months_back(last + timedelta(days=1), months) > first
