"""Which months an extract covers, case by case in words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.frames import arrays
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.definitions.measures import Clocked, Count, During, Latest, Open
from workbook_builder.figures import Status
from workbook_builder.measures.count import delivery_problems
from workbook_builder.measures.coverage import (
    covered_periods,
    during_status,
    open_status,
    stated_status,
    without_early_ends,
)
from workbook_builder.measures.covered_months import Coverage, Finding
from workbook_builder.measures.dataset_coverage import DatasetCoverage
from workbook_builder.measures.expressions import Expression, bind_expression
from workbook_builder.measures.query import Prepared
from workbook_builder.measures.reporting_month import (
    delivery_of,
    last_month_in,
    proposed_reporting_month,
    stopped_months,
)
from workbook_builder.months import Month, months_between
from workbook_builder.problems import Problem, Where
from workbook_builder.store.calendar import bank_holidays
from workbook_builder.store.duckdb_store import DuckDBStore

WHOLE = Status.CALCULATED
PART = Status.UNFINISHED
NONE = Status.NO_RECORDS
OUTSIDE = Status.NOT_COVERED

FIRST, LAST = date(2022, 7, 1), date(2023, 7, 31)


def month(text: str) -> Month:
    found = Month.parse(text)
    assert found
    return found


def every(step: int, first: date = FIRST, last: date = LAST) -> list[date]:
    """A record every so many days."""
    return [first + timedelta(days=ahead) for ahead in range(0, (last - first).days + 1, step)]


def office_days(first: date = FIRST, last: date = LAST, *, each: int = 5) -> list[date]:
    """So many records each day on which offices work."""
    days = [
        day for day in every(1, first, last) if day.weekday() < 5 and day not in bank_holidays()
    ]
    return days * each


def without(days: Iterable[date], first: date, last: date) -> list[date]:
    return [day for day in days if not first <= day <= last]


def judged(days: Iterable[date], *months: str) -> list[Status]:
    periods = covered_periods(Counter(days))
    return [during_status(periods, month(text)) for text in months]


TUESDAYS = every(7, date(2022, 7, 5), date(2023, 7, 25)) * 25

CASES: dict[str, tuple[list[date], dict[str, Status]]] = {
    "a busy list from the first to the last day": (
        office_days(),
        {"2022-06": OUTSIDE, "2022-07": WHOLE, "2023-01": WHOLE, "2023-07": WHOLE,
         "2023-08": OUTSIDE},
    ),
    "run in the middle of a month": (
        office_days(last=date(2023, 7, 14)),
        {"2023-06": WHOLE, "2023-07": PART, "2023-08": OUTSIDE},
    ),
    "from the middle of a month": (
        office_days(first=date(2022, 7, 15)),
        {"2022-06": OUTSIDE, "2022-07": PART, "2022-08": WHOLE},
    ),
    "only the first half of one month": (
        office_days(date(2023, 7, 3), date(2023, 7, 14), each=1),
        {"2023-07": PART},
    ),
    "the last thirty days, fewer than one a day": (
        every(2, date(2023, 6, 15), date(2023, 7, 14)),
        {"2023-06": PART, "2023-07": PART},
    ),
    "a busy list without one month": (
        without(office_days(), date(2023, 2, 1), date(2023, 2, 28)),
        {"2023-01": WHOLE, "2023-02": NONE, "2023-03": WHOLE},
    ),
    "last year's file ends in mid-March, this year's begins in April": (
        without(office_days(), date(2023, 3, 15), date(2023, 3, 31)),
        {"2023-02": WHOLE, "2023-03": PART, "2023-04": WHOLE},
    ),
    "a gap across the end of a month": (
        without(office_days(), date(2022, 9, 15), date(2022, 10, 19)),
        {"2022-08": WHOLE, "2022-09": PART, "2022-10": PART, "2022-11": WHOLE},
    ),
    "two a month and a month with none": (
        [day for m in months_between(month("2022-07"), month("2023-07"))
         for day in (m.first_day.replace(day=4), m.first_day.replace(day=20)) if m.number != 2],
        {"2022-07": WHOLE, "2023-01": WHOLE, "2023-02": WHOLE, "2023-03": WHOLE, "2023-07": WHOLE},
    ),
    "one stray record years ahead": (
        [*office_days(last=date(2023, 7, 14)), date(2031, 5, 6)],
        {"2023-06": WHOLE, "2023-07": PART, "2023-08": NONE, "2031-04": NONE, "2031-05": PART,
         "2031-06": OUTSIDE},
    ),
    "one stray record in the next month": (
        [*office_days(last=date(2023, 7, 14)), date(2023, 8, 3)],
        {"2023-06": WHOLE, "2023-07": PART, "2023-08": PART},
    ),
    "one stray record on the last day of the month it was run in": (
        [*office_days(last=date(2023, 7, 14)), date(2023, 7, 31)],
        {"2023-06": WHOLE, "2023-07": PART, "2023-08": OUTSIDE},
    ),
    "one stray record before the first month": (
        [date(2022, 5, 10), *office_days(first=date(2022, 6, 15))],
        {"2022-05": PART, "2022-06": PART, "2022-07": WHOLE},
    ),
    "one stray record years ago": (
        [date(1922, 7, 4), *office_days()],
        {"1922-07": PART, "2022-06": NONE, "2022-07": WHOLE, "2023-07": WHOLE},
    ),
    "offices that close from Christmas to New Year": (
        without(office_days(), date(2022, 12, 23), date(2023, 1, 2)),
        {"2022-12": WHOLE, "2023-01": WHOLE},
    ),
    "December ends with the last day before Christmas": (
        office_days(last=date(2022, 12, 16)),
        {"2022-11": WHOLE, "2022-12": PART},
    ),
    "a month that begins on a bank holiday Sunday and one that ends on a Sunday": (
        office_days(date(2023, 1, 1), date(2023, 4, 30), each=30),
        {"2023-01": WHOLE, "2023-04": WHOLE},
    ),
    "records on all days, run on the Friday before a Sunday month end": (
        every(1, last=date(2023, 4, 28)) * 30,
        {"2023-03": WHOLE, "2023-04": PART},
    ),
    "dozens each day, run on the morning of the last working day": (
        office_days(last=date(2023, 7, 28), each=48),
        {"2023-06": WHOLE, "2023-07": PART},
    ),
    "a panel each Tuesday": (
        TUESDAYS,
        {"2022-07": WHOLE, "2022-12": WHOLE, "2023-07": WHOLE},
    ),
    "a panel each Tuesday, run before the month's last two": (
        [day for day in TUESDAYS if day <= date(2023, 7, 12)],
        {"2023-06": WHOLE, "2023-07": PART},
    ),
    "a panel each Tuesday, run the day after the last but one": (
        [day for day in TUESDAYS if day <= date(2023, 7, 19)],
        {"2023-06": WHOLE, "2023-07": PART},
    ),
    "schools are closed in August and send next to nothing": (
        [*without(every(2) * 2, date(2022, 8, 1), date(2022, 8, 31)), date(2022, 8, 2),
         date(2022, 8, 9), date(2022, 8, 18), date(2022, 8, 25)],
        {"2022-07": WHOLE, "2022-08": WHOLE, "2022-09": WHOLE},
    ),
    "one record": ([date(2023, 7, 14)], {"2023-07": PART}),
    "no record": ([], {"2023-07": OUTSIDE}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_events_during_a_month(case: str) -> None:
    days, expected = CASES[case]
    assert dict(zip(expected, judged(days, *expected), strict=True)) == expected


@settings(max_examples=100, derandomize=True)
@given(
    data=st.data(),
    each=st.lists(st.integers(2, 9), min_size=40, max_size=40),
    first=st.dates(date(2020, 1, 1), date(2023, 6, 30)),
    length=st.integers(70, 500),
)
def test_a_busy_list_cut_on_any_days(
    data: st.DataObject, each: list[int], first: date, length: int
) -> None:
    """A cut month is never whole unless next to nothing is missing; whole ones always are."""
    last = first + timedelta(days=length)
    days = office_days(first, last, each=1)
    counts = {day: each[at % len(each)] for at, day in enumerate(days)}
    periods = covered_periods(counts)
    for one in months_between(Month.of(first).plus(-1), Month.of(last).plus(1)):
        missing = office_days(one.first_day, one.last_day, each=1)
        missing = [day for day in missing if day not in counts]
        status = during_status(periods, one)
        if not missing:
            assert status is WHOLE, one
        # Seven records at two to nine a day are at most three days' worth.
        elif len(missing) > 3:
            assert status is not WHOLE, one


# --- Open at the end of a month ------------------------------------------------------------------


def open_judged(starts: list[date], ends: list[date], *months: str) -> list[Status]:
    last_ends, changes = covered_periods(Counter(ends)), covered_periods(Counter(starts + ends))
    return [open_status(last_ends, changes, month(text)) for text in months]


OLD_STARTS = every(40, date(2015, 1, 1), FIRST)
STARTS = [*OLD_STARTS, *office_days(each=1)]

OPEN_CASES: dict[str, tuple[list[date], list[date], dict[str, Status]]] = {
    "open or ended since July 2022": (
        STARTS, office_days(each=1),
        {"2022-06": OUTSIDE, "2022-07": WHOLE, "2023-01": WHOLE, "2023-07": WHOLE,
         "2023-08": OUTSIDE},
    ),
    "open or ended since mid-July: the end of the month is known": (
        [*OLD_STARTS, *office_days(first=date(2022, 7, 15), each=1)],
        office_days(first=date(2022, 7, 15), each=1),
        {"2022-06": OUTSIDE, "2022-07": WHOLE, "2022-08": WHOLE},
    ),
    "run in the middle of a month": (
        [*OLD_STARTS, *office_days(last=date(2023, 7, 14), each=1)],
        office_days(last=date(2023, 7, 14), each=1),
        {"2023-06": WHOLE, "2023-07": PART},
    ),
    "the last record ended months ago, others still start": (
        STARTS, office_days(last=date(2023, 3, 31), each=1),
        {"2023-02": WHOLE, "2023-07": WHOLE},
    ),
    "a stray old end": (
        STARTS, [date(2016, 5, 3), *office_days(each=1)],
        {"2016-04": OUTSIDE, "2016-05": PART, "2019-01": NONE, "2022-06": NONE, "2022-07": WHOLE,
         "2023-07": WHOLE},
    ),
    "ended records of two months are lost": (
        STARTS, without(office_days(each=1), date(2022, 12, 10), date(2023, 2, 9)),
        {"2022-11": WHOLE, "2022-12": PART, "2023-01": NONE, "2023-02": WHOLE},
    ),
    "no ended records": (STARTS, [], {"2023-07": OUTSIDE}),
}  # fmt: skip


@pytest.mark.parametrize("case", OPEN_CASES)
def test_open_at_the_end_of_a_month(case: str) -> None:
    starts, ends, expected = OPEN_CASES[case]
    assert dict(zip(expected, open_judged(starts, ends, *expected), strict=True)) == expected


# --- Lists that have lost a part of what was open ------------------------------------------------


SHORT, LONG = (10, 40, 70, 100), (20, 100, 200, 300)


def open_lists(
    first_start: date, *, lasting: Sequence[int], ended_only: bool = False
) -> DatasetCoverage:
    """One start a day since some day, open for these numbers of days, seen on 3 August 2023."""
    run_on = date(2023, 8, 3)
    starts = every(1, first_start, run_on)
    ends = [day + timedelta(days=lasting[at % len(lasting)]) for at, day in enumerate(starts)]
    spells = [(a, b if b <= run_on else None) for a, b in zip(starts, ends, strict=True)]
    spells = [
        (start, end)
        for start, end in spells
        if (end is None and not ended_only) or (end and end >= FIRST)
    ]
    return covered(PLANS, [start for start, _ in spells], [end for _, end in spells])


def known(extract: DatasetCoverage, *months: str) -> list[Status]:
    return [extract.status(OPEN, month(text), REPORTED) for text in months]


def test_a_list_of_all_that_was_open_since_a_day() -> None:
    extract = open_lists(date(2020, 1, 1), lasting=SHORT)
    assert known(extract, "2022-06", "2022-07", "2023-07") == [OUTSIDE, WHOLE, WHOLE]


def test_a_few_earlier_plans_of_the_same_children_tell_nothing_of_their_time() -> None:
    run_on = date(2023, 8, 3)
    starts = every(1, date(2020, 1, 1), run_on)
    spells = [(day, day + timedelta(days=SHORT[at % 4])) for at, day in enumerate(starts)]
    listed = [(start, end if end <= run_on else None) for start, end in spells if end >= FIRST]
    earlier = [(day, day + timedelta(days=90)) for day in every(40, date(2020, 1, 1), FIRST)]
    both = [*listed, *((start, end) for start, end in earlier if end < FIRST)]
    extract = covered(PLANS, [start for start, _ in both], [end for _, end in both])
    assert known(extract, "2021-12", "2022-06", "2022-07") == [OUTSIDE, OUTSIDE, WHOLE]
    assert known(extract, "2023-06", "2023-07") == [WHOLE, WHOLE]


def test_a_list_of_what_started_since_a_day_is_believed_once_the_earlier_have_ended() -> None:
    extract = open_lists(date(2022, 7, 1), lasting=SHORT)
    assert known(extract, "2022-10", "2022-12", "2023-01") == [OUTSIDE, OUTSIDE, WHOLE]


def test_a_list_of_long_plans_started_since_a_day_tells_nothing_yet() -> None:
    extract = open_lists(date(2022, 7, 1), lasting=LONG)
    assert known(extract, "2022-07", "2023-05", "2023-07") == [OUTSIDE, OUTSIDE, OUTSIDE]


def test_a_list_of_ended_ones_only_cannot_tell_what_was_open() -> None:
    extract = open_lists(date(2020, 1, 1), lasting=SHORT, ended_only=True)
    assert known(extract, "2022-09", "2023-07") == [OUTSIDE, OUTSIDE]


def test_a_short_list_may_begin_and_end_with_nothing_open() -> None:
    starts = [day for m in months_between(Month.of(FIRST), REPORTED) for day in [m.first_day] * 3]
    extract = covered(PLANS, starts, [start + timedelta(days=20) for start in starts])
    assert known(extract, "2022-08", "2023-07") == [WHOLE, WHOLE]


# --- What an extract says of itself --------------------------------------------------------------


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([(date(2023, 7, 1), date(2023, 7, 31))], WHOLE),
        ([(date(2023, 7, 1), date(2023, 7, 30))], PART),
        ([(date(2023, 7, 2), date(2023, 8, 31))], PART),
        ([(date(2023, 7, 1), date(2023, 7, 15)), (date(2023, 7, 16), date(2023, 7, 31))], WHOLE),
        ([(date(2023, 7, 1), date(2023, 7, 10)), (date(2023, 7, 20), date(2023, 7, 31))], PART),
        ([(date(2023, 5, 1), date(2023, 6, 30))], None),
        ([], None),
    ],
)
def test_stated_periods(periods: list[tuple[date, date]], expected: Status | None) -> None:
    assert stated_status(periods, month("2023-07")) is expected


def test_the_last_month_in_a_period() -> None:
    assert last_month_in((date(2023, 7, 1), date(2023, 7, 31))) == month("2023-07")
    assert last_month_in((date(2023, 5, 9), date(2023, 7, 30))) == month("2023-06")
    assert last_month_in((date(2023, 7, 2), date(2023, 7, 31))) is None
    assert last_month_in((date(2023, 1, 1), date.max)) == Month(9999, 12)


# --- Datasets and measures -----------------------------------------------------------------------

DAY = Column(type="date")
PLANS = Dataset(
    name="plans",
    title="Plans",
    record="a plan",
    columns={"start_date": DAY, "end_date": DAY},
)
VISITS = Dataset(name="visits", title="Visits", record="a visit", columns={"visit_date": DAY})
KINDS = Dataset(name="kinds", title="Kinds", record="a kind", columns={"kind": Column(type="text")})
DATASETS = {one.name: one for one in (PLANS, VISITS, KINDS)}
REPORTED = month("2023-07")

DURING = During("start_date")
OPEN = Open("start_date", "end_date")


ENGINES = ExitStack()


@pytest.fixture(autouse=True)
def _close_engines() -> Iterator[None]:
    with ENGINES:
        yield


def covered(
    dataset: Dataset,
    *columns: Sequence[date | None],
    has_extract: bool = True,
    stated: Sequence[tuple[date, date]] = (),
) -> DatasetCoverage:
    engine = ENGINES.enter_context(DuckDBStore(DATASETS))
    series = [pd.Series(list(days), dtype="datetime64[us]") for days in columns]
    if series:
        engine.load(dataset, arrays(pd.DataFrame(dict(zip(dataset.columns, series, strict=True)))))
    return DatasetCoverage(dataset, engine, has_extract=has_extract, stated=stated)


def plans(*columns: Sequence[date | None], stated: Sequence[tuple[date, date]] = ()) -> Coverage:
    return Coverage({"plans": covered(PLANS, *columns, stated=stated)}, REPORTED)


def prepared(where: str = "", **keys: object) -> Prepared:
    measure = Count(name="m", title="M", count_of="plans", where=where, **keys)  # type: ignore[arg-type]
    assert isinstance(measure, Clocked)
    expressions: dict[str, Expression] = {}
    if where:
        made = bind_expression(where, "plans", DATASETS, Where())
        assert not isinstance(made, Problem)
        expressions["where"] = made
    return Prepared(measure, expressions)


def test_without_an_extract_nothing_is_covered() -> None:
    missing = covered(PLANS, has_extract=False, stated=[(FIRST, LAST)])
    assert missing.status(DURING, REPORTED, REPORTED) is Status.NO_EXTRACT
    assert missing.any_day_status(REPORTED) is Status.NO_EXTRACT


def test_a_snapshot_covers_the_reporting_month_only() -> None:
    extract = covered(PLANS, [date(2020, 1, 1)], [None], stated=[(FIRST, LAST)])
    assert extract.status(Latest(), REPORTED, REPORTED) is WHOLE
    assert extract.status(Latest(), REPORTED.plus(-1), REPORTED) is Status.NOT_A_SNAPSHOT_MONTH


def test_a_list_of_open_ones_covers_the_reporting_month_only() -> None:
    extract = covered(PLANS, STARTS, [None] * len(STARTS))
    assert extract.status(OPEN, REPORTED, REPORTED) is WHOLE
    assert extract.status(OPEN, REPORTED.plus(-1), REPORTED) is Status.NOT_A_SNAPSHOT_MONTH


def test_a_list_of_open_ones_that_is_out_of_date_covers_nothing() -> None:
    old = [day for day in STARTS if day < date(2023, 6, 1)]
    extract = covered(PLANS, old, [None] * len(old))
    assert extract.status(OPEN, REPORTED, REPORTED) is OUTSIDE


def test_what_is_stated_goes_before_what_the_records_suggest() -> None:
    days = office_days()
    extract = covered(PLANS, days, days, stated=[(date(2023, 5, 1), date(2023, 8, 14))])
    found = [extract.status(DURING, REPORTED.plus(ahead), REPORTED) for ahead in (-3, -2, 0, 1, 2)]
    assert found == [WHOLE, WHOLE, WHOLE, PART, OUTSIDE]
    assert extract.last_whole_month == REPORTED


def test_over_twelve_months_needs_all_twelve() -> None:
    coverage = plans(office_days(), office_days())
    year = prepared(during="start_date", over="12 months")
    found = [coverage.of(year, month(text)).status for text in ("2023-05", "2023-06", "2023-07")]
    assert found == [OUTSIDE, WHOLE, WHOLE]


def test_over_twelve_months_is_blank_after_a_hole() -> None:
    days = without(office_days(), date(2022, 9, 1), date(2022, 9, 30))
    coverage = plans(days, days)
    year = prepared(during="start_date", over="12 months")
    assert coverage.of(year, REPORTED).status is NONE


def test_looking_back_needs_the_months_before() -> None:
    coverage = plans(office_days(), office_days())
    back = prepared(during="start_date", look_back="12 months")
    assert coverage.of(back, month("2023-06")).status is OUTSIDE
    assert coverage.of(back, month("2023-07")).status is WHOLE


VISITED = "EXISTS (SELECT 1 FROM visits WHERE visit_date <= month_end)"


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        (office_days(), Finding(WHOLE, "plans")),
        (None, Finding(Status.NO_EXTRACT, "visits")),
        ([], Finding(OUTSIDE, "visits")),
        (office_days(last=date(2023, 7, 14)), Finding(PART, "visits")),
        (office_days(last=date(2023, 5, 31)), Finding(OUTSIDE, "visits")),
    ],
    ids=["to the end", "missing", "empty", "cut", "stale"],
)
def test_what_a_sub_select_looks_at_must_be_covered_too(
    visits: list[date] | None, expected: Finding
) -> None:
    looked_at = covered(VISITS, visits or [], has_extract=visits is not None)
    own = covered(PLANS, office_days(), office_days())
    coverage = Coverage({"plans": own, "visits": looked_at}, REPORTED)
    assert coverage.of(prepared(VISITED, during="start_date"), REPORTED) == expected


def test_a_list_without_days_is_covered_when_it_is_given() -> None:
    assert covered(KINDS).any_day_status(REPORTED) is WHOLE
    assert covered(KINDS).last_whole_month is None
    assert covered(KINDS).last_day is None


def test_the_last_day_is_that_of_any_record() -> None:
    extract = covered(PLANS, [date(2023, 7, 3), date(2023, 7, 4)], [date(2023, 7, 9), None])
    assert extract.last_day == date(2023, 7, 9)


# --- Several extracts together -------------------------------------------------------------------

RANDOM = random.Random(7)
KINDS_NOW = Count(name="kinds_now", title="Kinds", count_of="kinds", latest=True)
QUIET = [day for day in office_days(last=date(2023, 7, 18), each=1) if RANDOM.random() < 0.3]


def test_a_quiet_list_alone_may_stop_days_early() -> None:
    assert judged(QUIET, "2023-07") == [WHOLE]
    assert stopped_months(covered_periods(Counter(QUIET))) == frozenset()


def test_quiet_lists_that_all_stop_early_are_unfinished() -> None:
    both = {"plans": covered(PLANS, QUIET, QUIET), "visits": covered(VISITS, QUIET)}
    coverage = Coverage(both, REPORTED)
    assert coverage.of(prepared(during="start_date"), REPORTED) == Finding(PART, "plans")
    assert coverage.of(prepared(during="start_date"), month("2023-06")).status is WHOLE
    assert proposed_reporting_month(tuple(both.values())) == month("2023-06")


def test_a_stated_period_is_believed_when_all_lists_stop_early() -> None:
    own = covered(PLANS, QUIET, QUIET, stated=[(FIRST, LAST)])
    coverage = Coverage({"plans": own, "visits": covered(VISITS, QUIET)}, REPORTED)
    assert coverage.of(prepared(during="start_date"), REPORTED).status is WHOLE


def test_a_quiet_list_is_whole_beside_one_that_goes_on() -> None:
    both = {"plans": covered(PLANS, QUIET, QUIET), "visits": covered(VISITS, office_days())}
    coverage = Coverage(both, REPORTED)
    assert coverage.of(prepared(during="start_date"), REPORTED).status is WHOLE


@pytest.mark.parametrize(
    ("delivered_days", "lists", "expected"),
    [
        # A quiet list alone may stop early; that a second stops with it is no chance.
        (QUIET, 1, WHOLE),
        (QUIET, 2, PART),
        # Run in the first days after the month, and in the middle of the next.
        (office_days(last=date(2023, 8, 2)), 1, WHOLE),
        (office_days(last=date(2023, 8, 15)), 1, Status.NOT_A_SNAPSHOT_MONTH),
    ],
)
def test_a_list_of_the_present_without_days_is_of_the_day_of_the_delivery(
    delivered_days: Sequence[date], lists: int, expected: Status
) -> None:
    kinds = covered(KINDS)
    kinds.delivery = delivery_of([Counter(delivered_days)], [Counter(delivered_days)])
    assert kinds.day_of_list == delivered_days[-1]
    others = {str(number): covered(PLANS, QUIET, QUIET) for number in range(lists)}
    coverage = Coverage({**others, "kinds": kinds}, REPORTED)
    assert coverage.of(Prepared(KINDS_NOW, {}), REPORTED).status is expected


def visits_until(last: date) -> DatasetCoverage:
    return covered(VISITS, office_days(last=last))


def test_one_stale_list_does_not_hold_back_the_reporting_month() -> None:
    lists = [visits_until(LAST), visits_until(LAST), visits_until(date(2022, 12, 31))]
    assert proposed_reporting_month(lists) == REPORTED


def test_one_day_in_the_future_does_not_move_the_reporting_month() -> None:
    typing_slip = covered(VISITS, [*office_days(last=date(2023, 8, 14)), date(2031, 5, 6)])
    assert proposed_reporting_month([typing_slip]) == REPORTED
    assert proposed_reporting_month([typing_slip, visits_until(LAST)]) == REPORTED


def test_most_lists_decide_the_reporting_month() -> None:
    later, earlier = visits_until(LAST), visits_until(date(2023, 6, 30))
    assert proposed_reporting_month([later, earlier]) == REPORTED
    assert proposed_reporting_month([later, earlier, earlier]) == month("2023-06")


def test_without_a_whole_month_there_is_no_reporting_month() -> None:
    assert proposed_reporting_month([]) is None
    assert proposed_reporting_month([covered(VISITS, has_extract=False)]) is None
    part = covered(VISITS, office_days(date(2023, 7, 3), date(2023, 7, 14)))
    assert proposed_reporting_month([part]) is None


# --- One delivery, one day -----------------------------------------------------------------------

RARE = [
    date(2022, 8, 9),
    date(2022, 11, 15),
    date(2023, 1, 24),
    date(2023, 4, 18),
    date(2023, 6, 6),
]
BUSY = Counter(office_days(last=date(2023, 8, 2)))


def delivered(
    days: Sequence[date], *, written: date | None = None, covers: tuple[date, date] | None = None
) -> DatasetCoverage:
    """A list of visits in one delivery with a busy list that was run on 2 August 2023."""
    extract = covered(VISITS, days)
    own = DatasetCoverage(
        VISITS, extract._engine, has_extract=True, stated=(), written=written, reaches=max(days)
    )
    counted = Counter(days)
    own.delivery = delivery_of([BUSY, counted], [BUSY, counted], covers)
    return own


def visited(extract: DatasetCoverage, *months: str) -> list[Status]:
    return [extract.status(During("visit_date"), month(text), REPORTED) for text in months]


def test_the_delivery_day_is_the_last_of_the_busy_lists() -> None:
    found = delivery_of([BUSY], [BUSY])
    assert found
    assert (found.day, found.until) == (date(2023, 8, 2), date(2023, 8, 2))


def test_planned_and_mistyped_days_are_after_the_delivery_day() -> None:
    ahead = Counter([*every(9, date(2023, 8, 7), date(2024, 3, 1)), date(2031, 5, 6)])
    found = delivery_of([BUSY], [BUSY + ahead])
    assert found
    assert found.day == date(2023, 8, 2)


def test_a_quiet_list_whose_file_was_written_with_the_busy_ones_is_complete() -> None:
    assert visited(delivered(RARE, written=date(2023, 8, 3)), "2023-07", "2023-08") == [WHOLE, PART]


def test_statistics_alone_do_not_make_a_quiet_list_complete() -> None:
    assert visited(delivered(RARE), "2023-07") == [OUTSIDE]
    assert visited(delivered(RARE, written=date(2023, 10, 1)), "2023-07") == [OUTSIDE]


def test_a_list_older_than_the_delivery_is_blank_from_its_day_on_and_told() -> None:
    extract = delivered(RARE, written=date(2023, 6, 20))
    assert visited(extract, "2023-05", "2023-06", "2023-07") == [WHOLE, OUTSIDE, OUTSIDE]
    assert [one.kind.code for one in delivery_problems([extract])] == ["M036"]


def test_what_the_user_says_covers_a_quiet_list_but_not_a_busy_one_that_stops() -> None:
    said = (date(2022, 7, 1), date(2023, 7, 31))
    assert visited(delivered(RARE, covers=said), "2022-07", "2023-07") == [WHOLE, WHOLE]
    stopped = delivered(office_days(last=date(2023, 7, 3)), covers=said)
    assert visited(stopped, "2023-06", "2023-07") == [WHOLE, PART]
    assert [one.kind.code for one in delivery_problems([stopped])] == ["M035"]


def test_what_the_user_says_ends_with_the_delivery() -> None:
    said = (date(2022, 7, 1), date(2023, 9, 30))
    assert visited(delivered(RARE, covers=said), "2023-07", "2023-09") == [WHOLE, OUTSIDE]


def test_one_quiet_month_does_not_begin_a_list() -> None:
    few = {date(2023, 2, 1), date(2023, 2, 14), date(2023, 2, 22)}
    ends = Counter(day for day in office_days(each=1) if day.month != 2 or day in few)
    assert without_early_ends(ends) == ends


def test_a_list_of_open_ones_tells_the_reporting_month_only_whatever_it_says() -> None:
    extract = covered(PLANS, STARTS, [None] * len(STARTS), stated=[(FIRST, LAST)])
    assert known(extract, "2023-06", "2023-07") == [Status.NOT_A_SNAPSHOT_MONTH, WHOLE]
