"""The engine agrees with plain loops over rows, for every clock and every kind of measure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple

import holidays
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.frames import arrays
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.references import check_references
from workbook_builder.extracts.model import Sheet
from workbook_builder.figures import NO_TEAM, Figures, Status
from workbook_builder.measures.compute import Populations, Task, compute_figures
from workbook_builder.measures.covered_months import Coverage
from workbook_builder.measures.dataset_coverage import DatasetCoverage
from workbook_builder.measures.listed_records import ListSource
from workbook_builder.measures.prepare import prepare_measures
from workbook_builder.measures.query import Prepared
from workbook_builder.measures.record_lists import listed_measures, record_lists
from workbook_builder.months import Month, months_ending
from workbook_builder.store.duckdb_store import DuckDBStore

REPORTED = Month(2023, 1)
MONTHS = months_ending(REPORTED, 5)
PEOPLE = 1234
ALWAYS = (date(2000, 1, 1), date(2023, 1, 31))

DATASETS = """
[plans]
title = "Plans"
record = "a plan"
team = "team"
[plans.columns]
child_id = { type = "id", required = true }
start_date = { type = "date", required = true }
end_date = { type = "date" }
score = { type = "number" }
urgent = { type = "flag" }
kind = { type = "text" }
team = { type = "text" }

[visits]
title = "Visits"
record = "a visit"
[visits.columns]
child_id = { type = "id", required = true }
visit_date = { type = "date", required = true }
"""

CLOCKS = {
    "month": 'during = "start_date"',
    "year": 'during = "start_date"\nover = "12 months"',
    "open": 'open = ["start_date", "end_date"]',
    "latest": "latest = true",
}

#: What each clock measures, CLOCK standing for its name and TIME for its keys.
ON_EACH_CLOCK = """
[CLOCK_count]
title = "Records"
count_of = "plans"
TIME
where = "kind <> 'a' OR urgent"
teams = true

[CLOCK_all]
title = "All records"
count_of = "plans"
TIME
teams = true

[CLOCK_urgent]
title = "Children with an urgent record"
children_of = "plans"
TIME
where = "urgent"
teams = true

[CLOCK_children_a]
title = "Children of kind a"
children_of = "plans"
TIME
among = "kind = 'a'"
teams = true

[CLOCK_percentage]
title = "Not urgent"
percentage_of = "plans"
TIME
where = "NOT urgent"
teams = true

[CLOCK_percentage_among]
title = "Urgent of kind a"
percentage_of = "plans"
TIME
among = "kind = 'a'"
where = "urgent"
teams = true

[CLOCK_average]
title = "Average score of the urgent of kind a"
average_of = "plans"
TIME
value = "score"
among = "kind = 'a'"
where = "urgent"
teams = true

[CLOCK_rate]
title = "Records for 10,000 people"
rate_of = "CLOCK_count"
per = 10_000
population = "everyone"

[CLOCK_share]
title = "Urgent children to records"
share_of = "CLOCK_all"
part = "CLOCK_urgent"
teams = true

[CLOCK_any]
title = "Children urgent, of kind a or now open"
children_in_any_of = ["CLOCK_urgent", "CLOCK_children_a", "open_urgent"]
teams = true

[CLOCK_sum]
title = "A sum over two clocks"
sum_of = ["CLOCK_count", "open_all"]
minus = ["CLOCK_urgent"]
teams = true
"""

WORKING_DAYS = """
[quick]
title = "Ended within five working days"
percentage_of = "plans"
during = "end_date"
where = "working_days(start_date, end_date) <= 5"
teams = true

[length]
title = "Average working days"
average_of = "plans"
during = "end_date"
value = "working_days(start_date, end_date)"
teams = true

[visited]
title = "Visited in the last ten working days"
percentage_of = "plans"
open = ["start_date", "end_date"]
where = "EXISTS (SELECT 1 FROM visits WHERE visits.child_id = plans.child_id AND visits.visit_date BETWEEN working_days_before(month_end, 10) AND month_end)"
teams = true
"""  # noqa: E501


class Plan(NamedTuple):
    child: str
    start: date
    end: date | None
    score: float | None
    urgent: bool | None
    kind: str | None
    team: str | None


class Visit(NamedTuple):
    child: str
    day: date


# --- What the definitions mean, in plain loops ---------------------------------------------------


class Counted(NamedTuple):
    numerator: float | None
    denominator: float | None
    value: float | None


BLANK = Counted(None, None, None)
Condition = Callable[[Plan], bool]


def always(plan: Plan) -> bool:
    return True


def urgent(plan: Plan) -> bool:
    return plan.urgent is True


def not_urgent(plan: Plan) -> bool:
    return plan.urgent is False


def is_judged(plan: Plan) -> bool:
    return plan.urgent is not None


def kind_a(plan: Plan) -> bool:
    return plan.kind == "a"


def other_or_urgent(plan: Plan) -> bool:
    return plan.kind not in {None, "a"} or plan.urgent is True


def last_day(month: Month) -> date:
    return date(month.year, month.number, monthrange(month.year, month.number)[1])


def belongs(plan: Plan, clock: str, month: Month) -> bool:
    begins, ends = date(month.year, month.number, 1), last_day(month)
    if clock == "month":
        return begins <= plan.start <= ends
    if clock == "year":
        # Twelve months that end with this one: from the day after this month's end a year ago.
        following = ends + timedelta(days=1)
        return following.replace(year=following.year - 1) <= plan.start <= ends
    if clock == "open":
        return plan.start <= ends and (plan.end is None or plan.end > ends)
    return month == REPORTED


def number(plans: Iterable[Plan], condition: Condition = always) -> Counted:
    found = sum(condition(plan) for plan in plans)
    return Counted(found, None, found)


def children(plans: Iterable[Plan], condition: Condition = always) -> Counted:
    found = len({plan.child for plan in plans if condition(plan)})
    return Counted(found, None, found)


def ratio(above: float, below: float, per: int = 1) -> Counted:
    return Counted(above, below, above / below * per if below else None)


def percentage(plans: Sequence[Plan], among: Condition, condition: Condition) -> Counted:
    looked_at = [plan for plan in plans if among(plan)]
    return ratio(sum(condition(plan) for plan in looked_at), len(looked_at))


def average(values: Iterable[float | None]) -> Counted:
    known = [value for value in values if value is not None]
    return ratio(sum(known), len(known))


def total(*values: float | None) -> Counted:
    found = sum(value for value in values if value is not None)
    return Counted(found, None, found)


def expected_on(
    clock: str, month: Month, plans: Sequence[Plan], *, whole: bool
) -> Mapping[str, Counted]:
    here = [plan for plan in plans if belongs(plan, clock, month)]
    now_open = [plan for plan in plans if belongs(plan, "open", month)]
    count, every, hot = number(here, other_or_urgent), number(here), children(here, urgent)
    in_any = [plan for plan in here if urgent(plan) or kind_a(plan)]
    in_any += [plan for plan in now_open if urgent(plan)]
    found = {
        "count": count,
        "all": every,
        "urgent": hot,
        "children_a": children(here, kind_a),
        # Of whom it is not known they are left out.
        "percentage": percentage(here, is_judged, not_urgent),
        "percentage_among": percentage(here, lambda plan: kind_a(plan) and is_judged(plan), urgent),
        "average": average(plan.score for plan in here if kind_a(plan) and urgent(plan)),
        "share": ratio(hot.value or 0, every.value or 0),
        "any": children(in_any),
        "sum": total(count.value, number(now_open).value, -(hot.value or 0)),
    }
    if whole:
        found["rate"] = ratio(count.value or 0, PEOPLE, 10_000)
    if clock == "latest" and month != REPORTED:
        found = dict.fromkeys(found, BLANK)
    return {f"{clock}_{name}": counted for name, counted in found.items()}


CLOSED = holidays.country_holidays("GB", subdiv="ENG", years=range(2020, 2026))


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in CLOSED


def working_days(start: date, end: date) -> int:
    if end < start:
        return -working_days(end, start)
    days = pd.date_range(start, end)[1:]
    return sum(is_working(day.date()) for day in days)


def ten_working_days_before(day: date) -> date:
    while working_days(day - timedelta(days=1), last_day(Month.of(day))) <= 10:
        day -= timedelta(days=1)
    return day


def expected_working_days(
    month: Month, plans: Sequence[Plan], visits: Sequence[Visit]
) -> Mapping[str, Counted]:
    ended = [
        (plan.start, plan.end)
        for plan in plans
        if plan.end is not None and (plan.end.year, plan.end.month) == (month.year, month.number)
    ]
    lengths = [working_days(start, end) for start, end in ended]
    since = ten_working_days_before(last_day(month))
    seen = {visit.child for visit in visits if since <= visit.day <= last_day(month)}
    now_open = [plan for plan in plans if belongs(plan, "open", month)]
    return {
        "quick": ratio(sum(length <= 5 for length in lengths), len(lengths)),
        "length": average(lengths),
        "visited": percentage(now_open, always, lambda plan: plan.child in seen),
    }


# --- What the engine makes of the same rows ------------------------------------------------------


class Ready(NamedTuple):
    definitions: Definitions
    prepared: Mapping[str, Prepared]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    folder = tmp_path_factory.mktemp("layouts")
    measures = [
        ON_EACH_CLOCK.replace("CLOCK", name).replace("TIME", keys) for name, keys in CLOCKS.items()
    ]
    for name, text in (("datasets", DATASETS), ("measures", "".join(measures) + WORKING_DAYS)):
        (folder / name).mkdir()
        (folder / name / "all.toml").write_text(text, encoding="utf-8")
    loaded = load_definitions([folder])
    assert (loaded.problems, check_references(loaded.value)) == ((), ())
    with DuckDBStore(loaded.value.datasets) as engine:
        prepared = prepare_measures(loaded.value, engine)
    assert prepared.problems == ()
    return Ready(loaded.value, prepared.value)


def plans_frame(plans: Sequence[Plan]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "child_id": pd.Series([plan.child for plan in plans], dtype="str"),
            "start_date": pd.Series([plan.start for plan in plans], dtype="datetime64[us]"),
            "end_date": pd.Series([plan.end for plan in plans], dtype="datetime64[us]"),
            "score": pd.Series([plan.score for plan in plans], dtype="Float64"),
            "urgent": pd.Series([plan.urgent for plan in plans], dtype="boolean"),
            "kind": pd.Series([plan.kind for plan in plans], dtype="str"),
            "team": pd.Series([plan.team for plan in plans], dtype="str"),
        }
    )


def visits_frame(visits: Sequence[Visit]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "child_id": pd.Series([visit.child for visit in visits], dtype="str"),
            "visit_date": pd.Series([visit.day for visit in visits], dtype="datetime64[us]"),
        }
    )


def computed(
    ready: Ready, plans: Sequence[Plan], visits: Sequence[Visit] = (), tolerance: float = 1.0
) -> Figures:
    with counted_by(ready, plans, visits, tolerance) as (_, _, figures):
        return figures


@contextmanager
def counted_by(
    ready: Ready, plans: Sequence[Plan], visits: Sequence[Visit] = (), tolerance: float = 1.0
) -> Iterator[tuple[Task, DuckDBStore, Figures]]:
    """Give the engine that holds the records, what was asked of it, and its figures."""
    datasets = ready.definitions.datasets
    with DuckDBStore(datasets) as engine:
        engine.load(datasets["plans"], arrays(plans_frame(plans)))
        engine.load(datasets["visits"], arrays(visits_frame(visits)))
        covered = {
            name: DatasetCoverage(dataset, engine, has_extract=True, stated=[ALWAYS])
            for name, dataset in datasets.items()
        }
        task = Task(
            definitions=ready.definitions,
            prepared=ready.prepared,
            coverage=Coverage(covered, REPORTED),
            populations=Populations({("everyone", 2021): PEOPLE}),
            supplied={},
            months=MONTHS,
            wanted=tuple(ready.definitions.measures),
            tolerance=tolerance,
        )
        yield task, engine, compute_figures(task, engine).figures


def assert_agrees(
    figures: Figures, expected: Mapping[str, Counted], month: Month, team: str
) -> None:
    for name, counted in expected.items():
        figure = figures.get(name, month, team)
        if figure is None:
            # A team that no record of the measure's clock names has no row; it had nothing then.
            assert team, name
            assert not counted.numerator, (name, month, team)
            continue
        made = Counted(figure.numerator, figure.denominator, figure.value)
        assert made == pytest.approx(counted), (name, month, team)


# --- Random records ------------------------------------------------------------------------------

EDGES = [
    date(2021, 10, 31), date(2021, 11, 1), date(2021, 12, 31), date(2022, 1, 1), date(2022, 1, 31),
    date(2022, 2, 1), date(2022, 8, 31), date(2022, 9, 1), date(2022, 9, 30), date(2022, 10, 31),
    date(2022, 11, 1), date(2022, 11, 30), date(2022, 12, 23), date(2022, 12, 25),
    date(2022, 12, 30), date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2), date(2023, 1, 3),
    date(2023, 1, 16), date(2023, 1, 17), date(2023, 1, 30), date(2023, 1, 31), date(2023, 2, 1),
]  # fmt: skip
DAYS = st.sampled_from(EDGES) | st.dates(date(2021, 10, 1), date(2023, 3, 31))
CHILDREN = st.sampled_from(["1", "2", "3", "4", "05"])


@st.composite
def some_plans(draw: st.DrawFn) -> Plan:
    start = draw(DAYS)
    return Plan(
        child=draw(CHILDREN),
        start=start,
        end=draw(st.none() | st.just(start) | DAYS),
        score=draw(st.none() | st.integers(-3, 60).map(lambda whole: whole / 4)),
        urgent=draw(st.sampled_from([True, False, None])),
        kind=draw(st.sampled_from(["a", "b", None])),
        team=draw(st.sampled_from(["North", "South's", "", None])),
    )


PLANS = st.lists(some_plans(), max_size=40)
#: Around the tenth working day before the end of September 2022, with a bank holiday between.
VISIT_DAYS = st.dates(date(2022, 9, 14), date(2022, 9, 20)) | DAYS
VISITS = st.lists(st.builds(Visit, child=CHILDREN, day=VISIT_DAYS), max_size=20)
RANDOM = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def split_by_team(plans: Sequence[Plan]) -> Mapping[str, Sequence[Plan]]:
    teams: dict[str, list[Plan]] = {"": list(plans), "North": [], "South's": [], NO_TEAM: []}
    for plan in plans:
        teams[plan.team or NO_TEAM].append(plan)
    return teams


@RANDOM
@given(plans=PLANS)
def test_every_kind_on_every_clock(ready: Ready, plans: list[Plan]) -> None:
    figures = computed(ready, plans)
    for team, its_plans in split_by_team(plans).items():
        for month in MONTHS:
            for clock in CLOCKS:
                expected = expected_on(clock, month, its_plans, whole=not team)
                assert_agrees(figures, expected, month, team)


@settings(RANDOM, max_examples=2)
@given(plans=PLANS, visits=VISITS)
def test_the_records_behind_every_figure_add_up_to_it(
    ready: Ready, plans: list[Plan], visits: list[Visit]
) -> None:
    source = ListSource((Sheet("plans.csv", "", "plans"),))
    with counted_by(ready, plans, visits) as (task, engine, figures):
        for name, measure in ready.definitions.measures.items():
            if listed_measures(name, ready.definitions) != (name,):
                continue
            lists = record_lists(name, MONTHS, task, engine, source)
            for month in MONTHS:
                for team in ("", *figures.teams(measure.name)):
                    figure = figures.get(name, month, team)
                    if figure and figure.numerator is not None:
                        tally = lists[month].tally(team)
                        assert tally.numerator == figure.numerator, figure
                        assert figure.denominator in (None, tally.denominator), figure


TOLERANCE = 0.05


def blank_if_not_judged(
    plans: Sequence[Plan], maybe: Callable[[Plan], bool], unknown: Callable[[Plan], bool]
) -> bool:
    """Say whether too many of those that count, or may, cannot be judged.

    One alone may be, where few of all are in doubt (here there are never so many).
    """
    asked = [plan for plan in plans if maybe(plan)]
    number = sum(map(unknown, asked))
    if number == 1 and sum(map(unknown, plans)) <= TOLERANCE * len(plans):
        return False
    return number > TOLERANCE * len(asked)


@RANDOM
@given(plans=PLANS)
def test_a_figure_is_blank_if_too_many_of_its_records_cannot_be_judged(
    ready: Ready, plans: list[Plan]
) -> None:
    figures = computed(ready, plans, tolerance=TOLERANCE)
    for month in MONTHS:
        here = [plan for plan in plans if belongs(plan, "month", month)]
        blank = {
            "month_count": blank_if_not_judged(
                here,
                lambda plan: plan.kind != "a" or plan.urgent is not False,
                lambda plan: (
                    plan.urgent is not True
                    and (plan.kind is None or (plan.kind == "a" and plan.urgent is None))
                ),
            ),
            "month_all": False,
            "month_percentage": blank_if_not_judged(here, always, lambda plan: plan.urgent is None),
            "month_percentage_among": blank_if_not_judged(
                here,
                lambda plan: plan.kind in {None, "a"},
                lambda plan: plan.kind is None or plan.urgent is None,
            ),
        }
        for name, is_blank in blank.items():
            figure = figures.get(name, month, "")
            assert figure
            assert (figure.status is Status.NOT_JUDGED) == is_blank, (name, month)
        for team in split_by_team(plans):
            either = figures.get("month_any", month, team)
            parts = [
                figures.get(name, month, team)
                for name in ("month_urgent", "month_children_a", "open_urgent")
            ]
            if either and either.status is Status.NOT_JUDGED:  # by doubts of its own team's records
                assert any(part and part.not_judged for part in parts), (month, team)


@RANDOM
@given(plans=PLANS, visits=VISITS)
def test_working_days_and_sub_selects(ready: Ready, plans: list[Plan], visits: list[Visit]) -> None:
    figures = computed(ready, plans, visits)
    for team, its_plans in split_by_team(plans).items():
        for month in MONTHS:
            expected = expected_working_days(month, its_plans, visits)
            assert_agrees(figures, expected, month, team)


def test_the_plain_side_counts_what_it_should() -> None:
    """A hand-made case, so that both sides cannot be wrong in the same way."""
    ends_on_the_last_day = Plan("1", date(2022, 12, 1), date(2023, 1, 31), None, None, "b", None)
    started_on_it = Plan("2", date(2023, 1, 31), None, None, None, None, None)
    found = expected_on("open", REPORTED, [ends_on_the_last_day, started_on_it], whole=True)
    assert found["open_all"].value == 1
    assert found["open_count"].value == 0
    assert working_days(date(2022, 12, 23), date(2023, 1, 3)) == 4
    assert ten_working_days_before(date(2023, 1, 31)) == date(2023, 1, 17)
