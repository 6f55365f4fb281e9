"""Every figure of the service that board and scorecard ask for, counted without the program.

`expected` returns for each measure and month the figure, or that it is unknown, where the lists as
written cannot tell it.
Definitions: docs/reference/measures.md and the domain notes of the project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from tests.other_council.calendar import (
    ages_at,
    month_end,
    months_before,
    months_to,
    working_days_before,
    working_days_between,
)
from tests.other_council.counting import (
    TOLERANCE,
    CannotTell,
    Counter,
    Judged,
    Tally,
    days_before,
    judge,
    of_codes,
)

if TYPE_CHECKING:
    from tests.other_council.variants import Delivery

MONTHS_SHOWN = 13


@dataclass(frozen=True)
class Figure:
    """What a figure is: least and most, which differ where a few records cannot be judged.

    Both are None where there is nothing to divide by. One that `may_be_blank` follows from the
    lists, but a careful program may leave it out.
    """

    least: float | None
    most: float | None
    may_be_blank: bool = False

    def allows(self, value: float | None) -> bool:
        """Say whether a shown value is right."""
        if value is None or self.least is None or self.most is None:
            return value is None and self.least is None
        return self.least - 1e-6 <= value <= self.most + 1e-6


class Unknown:
    """That the data as written cannot tell a figure, and why."""

    def __init__(self, why: str) -> None:
        self.why = why

    def __repr__(self) -> str:
        return f"UNKNOWN ({self.why})"


Answer = Figure | Unknown
Cell = tuple[str, str]
Count = Callable[[Counter], Tally]

SHORT_BREAKS = frozenset({"V3", "V4"})
IN_FOSTERING = frozenset({"U1", "U2", "U3", "U4", "U5", "U6"})
SPECIAL_GUARDIANSHIP = frozenset({"E43", "E44", "E45", "E46", "E47", "E48"})
TEMPORARY = frozenset({"T0", "T1", "T2", "T3", "T4"})
ADOPTIVE = frozenset({"A3", "A4", "A5", "A6"})
TOOK_PART = frozenset({"PN1", "PN2", "PN3", "PN5", "PN6"})
SUPERVISED_DAYS = 42


def expected(delivery: Delivery) -> dict[Cell, Answer]:
    """Return what each figure of a delivery is, for thirteen months."""
    answers: dict[Cell, Answer] = {}
    for month in months_to(delivery.council.month, MONTHS_SHOWN):
        looked_up: dict[tuple[object, ...], object] = {}
        for measure in MEASURES:
            counter = Counter(
                delivery.lists, month, delivery.council.month, delivery.day,
                delivery.may_be_blank,
                measure in delivery.may_be_blank, looked_up,
            )  # fmt: skip
            answers[measure, month] = _figure(delivery, measure, month, counter)
    return answers


def _figure(delivery: Delivery, measure: str, month: str, counter: Counter) -> Answer:
    kind, *parts = MEASURES[measure]
    try:
        tallies = [_counted(part, counter) for part in parts]
    except CannotTell as reason:
        return Unknown(str(reason))
    worst = max(tally.unknown_share(kind) for tally in tallies)
    if worst > TOLERANCE:
        return Unknown(f"{worst:.0%} of the records cannot be judged")
    least, most = _value(kind, tallies, delivery, month)
    soft = counter.soft or any(tally.unknown for tally in tallies)
    return Figure(least, most, soft)


def _counted(part: Count, counter: Counter) -> Tally:
    """Count a part of a figure, which several figures may share, once a month."""
    key = ("part", part)
    if key not in counter.looked_up:
        before, counter.soft = counter.soft, False
        counter.looked_up[key] = (part(counter), counter.soft)
        counter.soft = counter.soft or before
    tally: Tally
    tally, soft = counter.looked_up[key]
    counter.soft = counter.soft or soft
    return tally


def _value(
    kind: str, tallies: list[Tally], delivery: Delivery, month: str
) -> tuple[float | None, float | None]:
    first = tallies[0]
    if kind == "count":
        return first.yes, first.yes + first.may_be_yes
    if kind == "rate":
        people = _population(delivery.council.population, month_end(month))
        return first.yes * 10_000 / people, (first.yes + first.may_be_yes) * 10_000 / people
    if kind == "share":
        if not first.asked:
            return None, None
        return first.yes / first.asked, (first.yes + first.unknown) / first.asked
    whole = tallies[1]  # a part of a whole that is counted by itself
    if not whole.yes:
        return None, None
    return first.yes / (whole.yes + whole.unknown), (first.yes + first.unknown) / whole.yes


def _population(population: Mapping[int, int], day: date) -> int:
    year = day.year if (day.month, day.day) >= (6, 30) else day.year - 1
    return population[year]


# The front door


def _contacts(c: Counter) -> Tally:
    return judge(c.events("contacts", "contact_date")).records


def _referrals(c: Counter) -> Tally:
    return judge(c.events("referrals", "referral_date")).records


def _referral_flag(column: str) -> Count:
    def count(c: Counter) -> Tally:
        rows = c.events("referrals", "referral_date", column)
        return judge(rows, rows[column]).records

    return count


def _referrals_with_cse(c: Counter) -> Tally:
    rows = c.events("referrals", "referral_date", "cse_factor", "date_of_birth")
    old_enough = ages_at(rows["date_of_birth"], rows["referral_date"]) >= 13
    return judge(rows, rows["cse_factor"] & old_enough).records


def _earlier(c: Counter, rows: pd.DataFrame, column: str) -> pd.Series:
    """Say of each referral whether an earlier one, or its closing, lies within twelve months."""
    reach = c.lists["referrals"].reach
    if reach.first > months_before(c.start, 12):
        raise CannotTell("no referrals of the year before")
    known = c.lists["referrals"].complete[["child_id", "referral_date", "referral_close_date"]]
    joined = rows.reset_index().merge(known, on="child_id", suffixes=("", "_earlier"))
    on = joined["referral_date"]
    back = on.map(lambda day: pd.Timestamp(months_before(day.date(), 12)))
    before = joined["referral_date_earlier"] < on
    if column == "referral_close_date":
        closed = joined["referral_close_date_earlier"]
        holds = before & (closed <= on) & (closed >= back)
    else:
        holds = before & (joined["referral_date_earlier"] >= back)
    return pd.Series(rows.index.isin(joined.loc[holds, "index"]), index=rows.index, dtype="boolean")


@cache
def _re_referrals(column: str) -> Count:
    def count(c: Counter) -> Tally:
        rows = c.events("referrals", "referral_date", column)
        return judge(rows, _earlier(c, rows, column)).records

    return count


def _mash(c: Counter) -> Tally:
    rows = c.events("referrals", "mash_completed_date")
    taken = working_days_between(rows["referral_date"], rows["mash_completed_date"])
    return judge(rows, taken.between(0, 1).astype("boolean")).records


@cache
def _event(name: str, column: str) -> Count:
    def count(c: Counter) -> Tally:
        return judge(c.events(name, column)).records

    return count


def _strategy_discussions(c: Counter) -> Tally:
    rows = c.events(
        "strategy_discussions", "strategy_discussion_date", "strategy_discussion_status"
    )
    return judge(rows, rows["strategy_discussion_status"].str.lower() != "cancelled").records


# Early help


def _early_help_assessments_of_children(c: Counter) -> Tally:
    column = "early_help_assessment_completed_date"
    rows = c.events("early_help_assessments", column, "date_of_birth")
    return judge(rows, ages_at(rows["date_of_birth"], rows[column]) < 21).records


def _stepped_up(c: Counter) -> Tally:
    rows = c.events("early_help_episodes", "early_help_end_date", "early_help_end_reason")
    reason = rows["early_help_end_reason"].str.lower()
    return judge(rows, reason.str.contains("step.*up", regex=True).astype("boolean")).children


# Assessments and enquiries


@cache
def _assessments_taking(least: int | None, most: int | None, clock: str = "auth") -> Count:
    def count(c: Counter) -> Tally:
        column = "assessment_auth_date" if clock == "auth" else "assessment_start_date"
        rows = c.events("assessments", column)
        taken = working_days_between(rows["assessment_start_date"], rows["assessment_auth_date"])
        holds = pd.Series(True, index=rows.index, dtype="boolean")
        if least is not None:
            holds &= taken >= least
        if most is not None:
            holds &= taken <= most
        return judge(rows, holds.fillna(False)).records

    return count


def _assessments_nfa(c: Counter) -> Tally:
    rows = c.events("assessments", "assessment_auth_date", "assessment_nfa")
    return judge(rows, rows["assessment_nfa"]).records


def _enquiries_in_year(c: Counter) -> Tally:
    return judge(c.events("section_47_enquiries", "s47_start_date", months=12)).records


def _enquiries_nfa(c: Counter) -> Tally:
    rows = c.events("section_47_enquiries", "s47_end_date", "s47_nfa")
    on_plan = _spell_covers(c, rows, "cp_plans", "s47_start_date")
    in_care = _spell_covers(c, rows, "children_in_care", "s47_start_date")
    rows, doubtful = c.asked(rows, ~(on_plan | in_care))
    return judge(rows, rows["s47_nfa"].mask(doubtful)).records


def _enquiries_to_conference(c: Counter) -> Tally:
    rows = c.events("section_47_enquiries", "s47_end_date", "s47_icpc")
    return judge(rows, rows["s47_icpc"]).records


def _spell_covers(c: Counter, rows: pd.DataFrame, name: str, column: str) -> pd.Series:
    """Say of each record whether a plan, or care, had begun before its day and went on after it."""
    end = {"cp_plans": "cp_plan_end_date", "children_in_care": "care_end_date"}[name]
    start = end.replace("_end_", "_start_")
    listing = c.listing(name, end)
    if len(rows) and not (
        pd.Timestamp(listing.reach.snapshots) <= rows[column].min() and c.end <= listing.reach.last
    ):
        raise CannotTell(f"{name} does not reach to the days asked about")
    spells = listing.rows
    if name == "cp_plans":
        spells = spells[~spells["cp_plan_ola"].fillna(False).astype(bool)]
        unsure = pd.Series(False, index=spells.index)
    else:
        spells = spells[~spells["legal_status"].isin(SHORT_BREAKS)]
        unsure = spells["legal_status"].isna()
    joined = rows.reset_index()[["index", "child_id", column]].merge(
        spells.assign(unsure=unsure)[["child_id", start, end, "unsure"]], on="child_id"
    )
    covers = (joined[start] < joined[column]) & (
        joined[end].isna() | (joined[end] > joined[column])
    )
    sure = set(joined.loc[covers & ~joined["unsure"], "index"])
    maybe = set(joined.loc[covers & joined["unsure"], "index"]) - sure
    answer = pd.Series(rows.index.isin(sure), index=rows.index, dtype="boolean")
    return answer.mask(pd.Series(rows.index.isin(maybe), index=rows.index))


# Conferences


def _conferences(c: Counter, *columns: str) -> pd.DataFrame:
    rows = c.events("initial_conferences", "icpc_date", *columns)
    return rows[~rows["icpc_transfer_in"].fillna(False).astype(bool)]


def _own_conferences(c: Counter) -> Tally:
    rows = _conferences(c)
    return judge(rows[~rows["icpc_temporary"].fillna(False).astype(bool)]).children


def _conferences_to_plan(c: Counter) -> Tally:
    rows = _conferences(c, "icpc_outcome_cp_flag")
    rows = rows[~rows["icpc_temporary"].fillna(False).astype(bool)]
    return judge(rows, rows["icpc_outcome_cp_flag"]).children


def _in_time(rows: pd.DataFrame) -> pd.Series:
    taken = working_days_between(rows["icpc_strategy_discussion_date"], rows["icpc_date"])
    return taken.between(0, 15).astype("boolean")


def _conferences_in_time(c: Counter) -> Tally:
    rows = _conferences(c, "icpc_strategy_discussion_date")
    return judge(rows, _in_time(rows)).records


def _children_in_time(c: Counter) -> Tally:
    rows = _conferences(c, "icpc_strategy_discussion_date")
    return judge(rows, _in_time(rows)).children


def _transfers(c: Counter) -> pd.DataFrame:
    rows = c.events("initial_conferences", "icpc_date", "icpc_transfer_in")
    return rows[rows["icpc_transfer_in"].fillna(False).astype(bool)]


def _transfer_ins(c: Counter) -> Tally:
    return judge(_transfers(c)).children


def _transfers_to_plan(c: Counter) -> Tally:
    rows = _transfers(c)
    return judge(rows, rows["icpc_outcome_cp_flag"]).records


def _review_conferences(c: Counter) -> Tally:
    listing = c.listing("review_conferences", "cp_review_date")
    if not listing.reach.latest_only:
        return judge(c.events("review_conferences", "cp_review_date")).children
    if not (listing.reach.first <= c.start and c.end <= listing.reach.last):
        raise CannotTell("latest reviews only")
    days = listing.rows["cp_review_date"]
    within = int(((days >= pd.Timestamp(c.start)) & (days <= c.at_end)).sum())
    hidden = int((days > c.at_end).sum())
    return Tally(within + hidden, within, hidden)


# Protection plans


def _plans(c: Counter, *columns: str) -> pd.DataFrame:
    rows = c.open_at_end("cp_plans", *columns)
    return rows[~rows["cp_plan_ola"].fillna(False).astype(bool)]


def _on_plan(c: Counter) -> Tally:
    return judge(_plans(c)).children


@cache
def _plan_events(column: str, repeat: bool = False) -> Count:
    def count(c: Counter) -> Tally:
        rows = c.events("cp_plans", column)
        rows = rows[~rows["cp_plan_ola"].fillna(False).astype(bool)]
        return judge(rows, _repeated(c, rows) if repeat else None).records

    return count


def _repeated(c: Counter, rows: pd.DataFrame) -> pd.Series:
    c.listing("cp_plans", "number_of_previous_cp_plans")
    return (rows["number_of_previous_cp_plans"] > 0).astype("boolean")


def _second_plan(c: Counter) -> Tally:
    rows = _plans(c)
    return judge(rows, _repeated(c, rows)).children


def _long_plans(c: Counter) -> Tally:
    rows = _plans(c)
    return judge(
        rows, rows["cp_plan_start_date"] <= pd.Timestamp(months_before(c.end, 15))
    ).children


def _plans_begun_before(months: int) -> Callable[[Counter], Judged]:
    def count(c: Counter) -> Judged:
        rows = _plans(c)
        return judge(rows, rows["cp_plan_start_date"] <= pd.Timestamp(months_before(c.end, months)))

    return count


def _long_plans_number(c: Counter) -> Tally:
    return _plans_begun_before(18)(c).records


def _two_year_plans(c: Counter) -> Tally:
    return _plans_begun_before(24)(c).children


def _plans_with(name: str, column: str, first: Callable[[Counter], date]) -> Count:
    def count(c: Counter) -> Tally:
        rows = _plans(c)
        return judge(rows, _recent(c, rows, name, column, first(c))).children

    return count


def _recent(c: Counter, rows: pd.DataFrame, name: str, column: str, first: date) -> pd.Series:
    seen = "child_seen" if name == "visits" else None
    return c.in_window(rows["child_id"], name, column, first, seen)


def _working(number: int) -> Callable[[Counter], date]:
    return lambda c: working_days_before(c.end, number)


def _back(days: int) -> Callable[[Counter], date]:
    return lambda c: days_before(c.end, days)


def _open_with(spells: str, name: str, column: str, days: int) -> Count:
    def count(c: Counter) -> Tally:
        rows = c.open_at_end(spells)
        return judge(rows, _recent(c, rows, name, column, days_before(c.end, days))).children

    return count


@cache
def _open(name: str) -> Count:
    def count(c: Counter) -> Tally:
        return judge(c.open_at_end(name)).children

    return count


def _open_carers(c: Counter) -> Tally:
    return judge(c.open_at_end("foster_carers")).records


@cache
def _need_plans(disabled: bool, name: str | None = None) -> Count:
    columns = {"visits": "visit_date", "supervisions": "supervision_date"}

    def count(c: Counter) -> Tally:
        rows = c.open_at_end("cin_plans", "disability_team")
        is_asked = rows["disability_team"] == disabled
        if name is None:
            return judge(rows, is_asked).children
        rows, doubtful = c.asked(rows, is_asked)
        answer = _recent(c, rows, name, columns[name], days_before(c.end, 42))
        return judge(rows, answer.mask(doubtful)).children

    return count


# Care


def _in_care(c: Counter, *columns: str) -> tuple[pd.DataFrame, pd.Series]:
    """Return the periods of care open at the month's end, and which may be short breaks."""
    rows = c.open_at_end("children_in_care", *columns)
    if ("in care",) not in c.looked_up:
        told = c.asked(rows, ~of_codes(rows["legal_status"], SHORT_BREAKS))
        c.looked_up["in care",] = told
    found: tuple[pd.DataFrame, pd.Series] = c.looked_up["in care",]
    return found


@cache
def _care(
    answer: Callable[[Counter, pd.DataFrame], pd.Series] | None = None, *columns: str
) -> Count:
    """Count children in care at the month's end of whom something holds."""

    def count(c: Counter) -> Tally:
        rows, doubtful = _in_care(c, *columns)
        told = None if answer is None else answer(c, rows)
        if told is None:
            told = pd.Series(True, index=rows.index, dtype="boolean")
        return judge(rows, told, doubtful).children

    return count


def _care_among(
    among: Callable[[Counter, pd.DataFrame], pd.Series],
    answer: Callable[[Counter, pd.DataFrame], pd.Series],
    *columns: str,
) -> Count:
    """Count, of some children in care at the month's end, those of whom something holds."""

    def count(c: Counter) -> Tally:
        rows, doubtful = _in_care(c, *columns)
        rows, perhaps = c.asked(rows, among(c, rows))
        told = answer(c, rows).astype("boolean").mask(doubtful.reindex(rows.index) | perhaps)
        return judge(rows, told).children

    return count


def _started_by(c: Counter, rows: pd.DataFrame, day: date) -> pd.Series:
    """Say whether care began by a day; NA where the list may have lost the true start."""
    listed = (rows["care_start_date"] <= pd.Timestamp(day)).astype("boolean")
    return listed.mask(~rows["start_is_sure"].astype(bool) & ~listed)


def _in_care_for(months: int) -> Callable[[Counter, pd.DataFrame], pd.Series]:
    return lambda c, rows: _started_by(c, rows, months_before(c.end, months))


def _aged(least: int, most: int = 99) -> Callable[[Counter, pd.DataFrame], pd.Series]:
    def told(c: Counter, rows: pd.DataFrame) -> pd.Series:
        ages = ages_at(rows["date_of_birth"], c.end)
        return ((ages >= least) & (ages <= most)).astype("boolean")

    return told


@cache
def _had(name: str, column: str, months: int = 0, days: int = 0) -> Callable[..., pd.Series]:
    def told(c: Counter, rows: pd.DataFrame) -> pd.Series:
        first = months_before(c.end, months) if months else days_before(c.end, days)
        return _recent(c, rows, name, column, first)

    return told


def _uasc(c: Counter, rows: pd.DataFrame) -> pd.Series:
    return rows["uasc"]


def _not_uasc(c: Counter, rows: pd.DataFrame) -> pd.Series:
    return ~rows["uasc"]


def _care_events(
    column: str, *columns: str, holds: Callable[[pd.DataFrame], pd.Series] | None = None
) -> Count:
    """Count periods of care that began or ended in the month, short breaks aside."""

    def count(c: Counter) -> Tally:
        rows = c.events("children_in_care", column, *columns)
        rows, doubtful = c.asked(rows, ~of_codes(rows["legal_status"], SHORT_BREAKS))
        if column == "care_start_date" and rows["follows_short_break"].fillna(False).any():
            c.soft = True
        told = pd.Series(True, index=rows.index, dtype="boolean")
        if holds is not None:
            told = holds(rows)
        return judge(rows, told, doubtful).records

    return count


def _ended(codes: set[str] | frozenset[str]) -> Count:
    return _care_events(
        "care_end_date",
        "care_end_reason",
        holds=lambda rows: of_codes(rows["care_end_reason"], codes),
    )


@cache
def _placed(
    types: frozenset[str], provider: str | None = None
) -> Callable[[Counter, pd.DataFrame], pd.Series]:
    def told(c: Counter, rows: pd.DataFrame) -> pd.Series:
        kind = c.at_month_end(rows["child_id"], "placements", "placement_type")
        answer = of_codes(kind, types)
        if provider is not None:
            by = c.at_month_end(rows["child_id"], "placements", "placement_provider")
            answer &= of_codes(by, {provider})
        return answer

    return told


def _near(c: Counter, rows: pd.DataFrame) -> pd.Series:
    miles = c.at_month_end(rows["child_id"], "placements", "placement_distance").astype("Float64")
    return (miles < 20).astype("boolean")


def _three(c: Counter, rows: pd.DataFrame) -> pd.Series:
    listing = c.listing("placements", "placement_type")
    reach = listing.reach
    back = months_before(c.end, 12)
    if reach.latest_only or reach.snapshots > back or c.end > reach.last:
        raise CannotTell("placements of the year before are not all there")
    spells = listing.rows
    end = spells["placement_end_date"]
    counted = spells[
        (spells["placement_start_date"] <= c.at_end)
        & (end.isna() | ((end > pd.Timestamp(back)) & (end > spells["placement_start_date"])))
    ]
    sure = counted[~counted["placement_type"].isin(TEMPORARY) & counted["placement_type"].notna()]
    least = rows["child_id"].map(sure.groupby("child_id").size()).fillna(0)
    perhaps = counted[~counted["placement_type"].isin(TEMPORARY)]
    most = rows["child_id"].map(perhaps.groupby("child_id").size()).fillna(0)
    answer = (least >= 3).astype("boolean").mask((least < 3) & (most >= 3))
    if reach.children is not None:
        answer = answer.mask(~rows["child_id"].isin(list(reach.children)))
    answer.index = rows.index
    return answer


def _stable(c: Counter, rows: pd.DataFrame) -> pd.Series:
    """Say whether a child has been in one placement for two years, or led from it to adoption."""
    listing = c.listing("placements", "placement_type")
    spells = listing.rows
    back = pd.Timestamp(months_before(c.end, 24))
    start = c.at_month_end(rows["child_id"], "placements", "placement_start_date")
    sure = c.at_month_end(rows["child_id"], "placements", "start_is_sure")
    kind = c.at_month_end(rows["child_id"], "placements", "placement_type")
    answers: list[object] = []
    for child, begun, certain, code in zip(rows["child_id"], start, sure, kind, strict=True):
        if pd.isna(begun):
            answers.append(pd.NA)
        elif begun <= back:
            answers.append(True)
        elif not certain:
            answers.append(pd.NA)
        elif pd.isna(code) or code in ADOPTIVE:
            ended = spells["placement_end_date"]
            before = (
                (spells["child_id"] == child)
                & (spells["placement_start_date"] <= back)
                & (ended >= begun - pd.Timedelta(days=1))
                & (ended <= begun)
            )
            since = (begun - pd.Timedelta(days=1)).date()
            whole = not listing.reach.latest_only and listing.reach.snapshots <= since
            led = True if before.any() else (False if whole else pd.NA)
            answers.append(pd.NA if pd.isna(code) and led is not False else led)
        else:
            answers.append(False)
    return pd.Series(answers, index=rows.index, dtype="boolean")


def _permanence(c: Counter, rows: pd.DataFrame) -> pd.Series:
    made = rows["permanence_plan_date"]
    back = made.map(lambda d: pd.NaT if pd.isna(d) else pd.Timestamp(months_before(d.date(), 6)))
    held = (made <= c.at_end) & (pd.to_datetime(back) <= rows["care_start_date"])
    return held.astype("boolean").fillna(False)


def _same_worker(c: Counter, rows: pd.DataFrame) -> pd.Series:
    begun = c.at_month_end(rows["child_id"], "social_worker_allocations", "allocation_start_date")
    told = (begun <= pd.Timestamp(months_before(c.end, 6))).astype("boolean")
    reach = c.lists["social_worker_allocations"].reach
    if reach.children is None and reach.snapshots <= c.end:
        return told
    return told.mask(begun.isna())


def _health(c: Counter, rows: pd.DataFrame) -> pd.Series:
    young = ages_at(rows["date_of_birth"], c.end) < 5
    half = _had("health_assessments", "health_assessment_date", months=6)(c, rows)
    year = _had("health_assessments", "health_assessment_date", months=12)(c, rows)
    return year.mask(young.fillna(False), half).mask(young.isna())


def _reviewed(c: Counter, rows: pd.DataFrame) -> pd.Series:
    new = rows["care_start_date"] > pd.Timestamp(working_days_before(c.end, 20))
    held = _had("care_reviews", "cla_review_date", months=6)(c, rows)
    return new.astype("boolean") | held


def _visited_at_review(c: Counter, rows: pd.DataFrame) -> pd.Series:
    listing = c.listing("care_reviews", "cla_review_date", "visits_in_time")
    if listing.reach.latest_only or c.end > listing.reach.last:
        raise CannotTell("not every review is there")
    held = listing.rows[listing.rows["cla_review_date"] <= c.at_end]
    last = held.sort_values("cla_review_date").groupby("child_id")["visits_in_time"].last()
    told = rows["child_id"].map(last).astype("boolean")
    told.index = rows.index
    in_list = pd.Series(
        listing.reach.children is None
        or rows["child_id"].isin(list(listing.reach.children or ())).to_numpy(),
        index=rows.index,
    )
    return told.fillna(False).mask(~in_list & told.isna())


def _reviews_in_time(c: Counter) -> Tally:
    rows = c.events("care_reviews", "cla_review_due_date")
    held = (rows["cla_review_date"] <= rows["cla_review_due_date"]).astype("boolean")
    return judge(rows, held.fillna(False)).records


def _participation(c: Counter) -> Tally:
    rows = c.events("care_reviews", "cla_review_date", "cla_review_participation")
    care = c.listing("children_in_care", "date_of_birth")
    if care.reach.first > c.start or care.reach.last < c.end:
        raise CannotTell("not every child reviewed is in the list of children in care")
    born = rows["child_id"].map(
        care.rows.drop_duplicates("child_id").set_index("child_id")["date_of_birth"]
    )
    born.index = rows.index
    of_age = ages_at(pd.to_datetime(born), rows["cla_review_date"]) >= 4
    rows, doubtful = c.asked(rows, of_age)
    told = of_codes(rows["cla_review_participation"], TOOK_PART)
    return judge(rows, told.mask(doubtful)).records


def _initial_health(c: Counter) -> Tally:
    rows = c.events("health_assessments", "health_assessment_date", "health_assessment_type")
    rows, doubtful = c.asked(rows, of_codes(rows["health_assessment_type"], {"IHA"}))
    care = c.listing("children_in_care")
    if care.reach.first > months_before(c.start, 2) or care.reach.last < c.end:
        raise CannotTell("not every start of care is known")
    joined = rows.reset_index().merge(
        care.rows[["child_id", "care_start_date"]], on="child_id"
    )  # fmt: skip
    taken = working_days_between(joined["care_start_date"], joined["health_assessment_date"])
    begun = joined["care_start_date"] <= joined["health_assessment_date"]
    in_time = set(joined.loc[begun & (taken <= 20).fillna(False).astype(bool), "index"])
    told = pd.Series(rows.index.isin(in_time), index=rows.index, dtype="boolean")
    return judge(rows, told.mask(doubtful)).records


# Care leavers and all children


def _leavers_now(c: Counter) -> pd.DataFrame:
    """Return the care leavers of a list whose day belongs to the month."""
    if c.day != c.end:
        late = (c.day - c.end).days
        if not 0 <= late <= 7:
            raise CannotTell("the day of the list does not belong to the month")
        c.soft = True
    return c.open_at_end("care_leavers")


def _leavers_suitable(c: Counter) -> Tally:
    rows = _leavers_now(c)
    return judge(
        rows,
        of_codes(rows["in_touch"], {"YES"}) & of_codes(rows["accommodation_suitable"], {"1"}),
    ).records


def _leavers_19_to_21(
    answer: Callable[[pd.DataFrame], pd.Series], left_out: frozenset[str] = frozenset()
) -> Count:
    def count(c: Counter) -> Tally:
        rows = _leavers_now(c)
        ages = ages_at(rows["date_of_birth"], c.end)
        asked = (
            of_codes(rows["eligibility"], {"Former relevant child"})
            & ~of_codes(rows["in_touch"], {"DIED", "RHOM"})
            & ~of_codes(rows["accommodation"], set(left_out))
            & (ages >= 19)
            & (ages <= 21)
        )
        rows, doubtful = c.asked(rows, asked)
        return judge(rows, answer(rows).mask(doubtful)).records

    return count


def _any_of(*parts: Callable[[Counter], tuple[set[str], set[str], set[str]]]) -> Count:
    def count(c: Counter) -> Tally:
        found = [part(c) for part in parts]
        yes = set().union(*(one[0] for one in found))
        unsure = set().union(*(one[1] for one in found)) - yes
        asked = set().union(*(one[2] for one in found))
        return Tally(len(asked), len(yes), len(unsure))

    return count


def _set_of(name: str) -> Callable[[Counter], tuple[set[str], set[str], set[str]]]:
    return lambda c: judge(c.open_at_end(name)).child_sets


def _set_on_plan(c: Counter) -> tuple[set[str], set[str], set[str]]:
    return judge(_plans(c)).child_sets


def _set_in_care(c: Counter) -> tuple[set[str], set[str], set[str]]:
    rows, doubtful = _in_care(c)
    told = pd.Series(True, index=rows.index, dtype="boolean").mask(doubtful)
    return judge(rows, told).child_sets


def _not_protected(name: str) -> Callable[[Counter], tuple[set[str], set[str], set[str]]]:
    def told(c: Counter) -> tuple[set[str], set[str], set[str]]:
        rows = c.open_at_end(name)
        on_plan, _, _ = _set_on_plan(c)
        in_care, perhaps, _ = _set_in_care(c)
        answer = ~rows["child_id"].isin(list(on_plan | in_care)).astype("boolean")
        answer = answer.mask(rows["child_id"].isin(list(perhaps - on_plan)))
        return judge(rows, answer).child_sets

    return told


def _set_16_and_over(with_plan: bool) -> Callable[[Counter], tuple[set[str], set[str], set[str]]]:
    def told(c: Counter) -> tuple[set[str], set[str], set[str]]:
        rows, doubtful = _in_care(c, "date_of_birth")
        rows, perhaps = c.asked(rows, _aged(16)(c, rows))
        answer = pd.Series(True, index=rows.index, dtype="boolean")
        if with_plan:
            answer = _had("pathway_plans", "pathway_plan_date", months=6)(c, rows)
        return judge(rows, answer.mask(doubtful.reindex(rows.index) | perhaps)).child_sets

    return told


def _set_leavers(with_plan: bool) -> Callable[[Counter], tuple[set[str], set[str], set[str]]]:
    def told(c: Counter) -> tuple[set[str], set[str], set[str]]:
        rows = c.open_at_end("care_leavers")
        if not with_plan:
            return judge(rows).child_sets
        return judge(rows, _had("pathway_plans", "pathway_plan_date", months=6)(c, rows)).child_sets

    return told


def _missing(kinds: set[str]) -> Count:
    def count(c: Counter) -> Tally:
        columns = ["missing_episode_type"]
        if "M" in kinds:
            columns.append("children_not_in_care")  # which the children looked after return lacks
        rows = c.events("missing_episodes", "missing_episode_start_date", *columns)
        answer = of_codes(rows["missing_episode_type"], kinds)
        if "M" in kinds:
            answer = answer.fillna(True)  # by its definition, an unknown type counts as missing
        return judge(rows, answer).children

    return count


CWD, NOT_CWD = True, False
SUPERVISION = ("supervisions", "supervision_date", SUPERVISED_DAYS)
_with_plan = _any_of(_set_16_and_over(True), _set_leavers(True))
_needing_plan = _any_of(_set_16_and_over(False), _set_leavers(False))
_rows_adopted = _ended({"E11", "E12"})
_rows_guardians = _ended(SPECIAL_GUARDIANSHIP)
_ifa, _home = _placed(IN_FOSTERING, "PR4"), _placed(frozenset({"H5", "K1", "K2"}))
_parents, _connected = _placed(frozenset({"P1"})), _placed(frozenset({"U1", "U3"}))
_unregulated, _in_house = (
    _placed(frozenset({"H5", "Z102", "Z103", "Z104"})),
    _placed(IN_FOSTERING, "PR1"),
)

MEASURES: dict[str, tuple[str, *tuple[Count, ...]]] = {
    # Front door
    "contacts": ("count", _contacts),
    "early_help_referrals": ("count", _event("early_help_referrals", "early_help_referral_date")),
    "early_help_assessments_started": (
        "count", _event("early_help_assessments", "early_help_assessment_start_date"),
    ),
    "early_help_assessments_completed": (
        "count", _event("early_help_assessments", "early_help_assessment_completed_date"),
    ),
    "early_help_assessments_completed_children": ("count", _early_help_assessments_of_children),
    "early_help_plans_opened": ("count", _event("early_help_plans", "early_help_plan_start_date")),
    "early_help_stepped_up": ("count", _stepped_up),
    "children_open_to_early_help": ("count", _open("early_help_episodes")),
    "early_help_visited": ("share", _open_with("early_help_episodes", "visits", "visit_date", 28)),
    "early_help_supervised": ("share", _open_with("early_help_episodes", *SUPERVISION)),
    "referrals": ("count", _referrals),
    "referral_rate": ("rate", _referrals),
    "referrals_nfa": ("share", _referral_flag("referral_nfa")),
    "referrals_with_cse_factor": ("count", _referrals_with_cse),
    "re_referrals": ("share", _re_referrals("referral_date")),
    "re_referrals_after_closure": ("share", _re_referrals("referral_close_date")),
    "re_referrals_after_closure_number": ("count", _re_referrals("referral_close_date")),
    "mash_in_one_working_day": ("share", _mash),
    "contacts_becoming_referrals": ("part", _referrals, _contacts),
    # Assessments and enquiries
    "strategy_discussions": ("count", _strategy_discussions),
    "assessments_completed": ("count", _event("assessments", "assessment_auth_date")),
    "assessments_in_time": ("share", _assessments_taking(0, 45)),
    "assessments_in_time_number": ("count", _assessments_taking(0, 45)),
    "assessments_done_early": ("share", _assessments_taking(None, 20, "start")),
    "assessments_10_days": ("share", _assessments_taking(None, 10)),
    "assessments_11_to_25_days": ("share", _assessments_taking(11, 25)),
    "assessments_26_to_35_days": ("share", _assessments_taking(26, 35)),
    "assessments_36_to_45_days": ("share", _assessments_taking(36, 45)),
    "assessments_over_45_days": ("share", _assessments_taking(46, None)),
    "assessments_nfa": ("share", _assessments_nfa),
    "assessment_supervised": ("share", _open_with("assessments", *SUPERVISION)),
    "section_47_enquiries_started": ("count", _event("section_47_enquiries", "s47_start_date")),
    "section_47_rate": ("rate", _event("section_47_enquiries", "s47_start_date")),
    "section_47_enquiries_completed": ("count", _event("section_47_enquiries", "s47_end_date")),
    "section_47_rolling_rate": ("rate", _enquiries_in_year),
    "section_47_nfa": ("share", _enquiries_nfa),
    "section_47_to_initial_conference": ("share", _enquiries_to_conference),
    # Conferences and protection plans
    "initial_conferences": ("count", _own_conferences),
    "initial_conference_rate": ("rate", _own_conferences),
    "initial_conferences_in_time": ("share", _conferences_in_time),
    "initial_conferences_in_time_number": ("count", _children_in_time),
    "initial_conferences_to_plan_number": ("count", _conferences_to_plan),
    "initial_conferences_to_plan": ("part", _conferences_to_plan, _own_conferences),
    "transfer_ins": ("count", _transfer_ins),
    "transfer_ins_to_plan": ("share", _transfers_to_plan),
    "review_conferences": ("count", _review_conferences),
    "children_on_cp_plans": ("count", _on_plan),
    "cp_plan_rate": ("rate", _on_plan),
    "cp_plans_ended": ("count", _plan_events("cp_plan_end_date")),
    "cp_plans_repeat_number": ("count", _plan_events("cp_plan_start_date", repeat=True)),
    "cp_plans_repeat": ("share", _plan_events("cp_plan_start_date", repeat=True)),
    "cp_second_plan": ("share", _second_plan),
    "cp_long_plans": ("share", _long_plans),
    "cp_plans_18_months_number": ("count", _long_plans_number),
    "cp_plans_two_years": ("share", _two_year_plans),
    "cp_visited_in_10_working_days": ("share", _plans_with("visits", "visit_date", _working(10))),
    "cp_visited_in_15_working_days": ("share", _plans_with("visits", "visit_date", _working(15))),
    "cp_visited_in_4_weeks": ("share", _plans_with("visits", "visit_date", _back(28))),
    "cp_core_group_in_time": ("share", _plans_with("core_groups", "core_group_date", _back(42))),
    "cp_supervised": ("share", _plans_with("supervisions", "supervision_date", _back(42))),
    # Children in need
    "children_in_need_not_cwd": ("count", _need_plans(NOT_CWD)),
    "children_in_need_cwd": ("count", _need_plans(CWD)),
    "children_in_need_not_cwd_visited": ("share", _need_plans(NOT_CWD, "visits")),
    "children_in_need_cwd_visited": ("share", _need_plans(CWD, "visits")),
    "children_in_need_not_cwd_supervised": ("share", _need_plans(NOT_CWD, "supervisions")),
    "children_in_need_cwd_supervised": ("share", _need_plans(CWD, "supervisions")),
    "children_in_need_all": (
        "count", _any_of(_not_protected("assessments"), _not_protected("cin_plans")),
    ),
    "children_open_to_the_service": (
        "count",
        _any_of(
            _set_of("assessments"), _set_of("cin_plans"), _set_on_plan, _set_in_care,
            _set_of("care_leavers"),
        ),
    ),
    "children_missing": ("count", _missing({"M"})),
    "children_away": ("count", _missing({"A"})),
    # Care
    "children_in_care": ("count", _care()),
    "children_in_care_rate": ("rate", _care()),
    "children_in_care_local": ("count", _care(_not_uasc, "uasc")),
    "children_in_care_rate_local": ("rate", _care(_not_uasc, "uasc")),
    "children_in_care_uasc": ("count", _care(_uasc, "uasc")),
    "care_started": ("count", _care_events("care_start_date")),
    "care_started_uasc": (
        "count", _care_events("care_start_date", "uasc", holds=lambda rows: rows["uasc"]),
    ),
    "care_ended": ("count", _care_events("care_end_date")),
    "care_ended_local": (
        "count", _care_events("care_end_date", "uasc", holds=lambda rows: ~rows["uasc"]),
    ),
    "care_ended_uasc": (
        "count", _care_events("care_end_date", "uasc", holds=lambda rows: rows["uasc"]),
    ),
    "ended_adopted": ("share", _rows_adopted),
    "adoptions": ("count", _rows_adopted),
    "ended_cao_sgo": ("share", _ended(SPECIAL_GUARDIANSHIP | {"E41"})),
    "ended_sgo": ("share", _rows_guardians),
    "special_guardianships": ("count", _rows_guardians),
    "ended_returned_home": ("share", _ended({"E4A"})),
    "returned_home": ("count", _ended({"E4A", "E4B"})),
    "cla_visited": ("share", _care(_had("visits", "visit_date", days=42))),
    "cla_supervised": ("share", _care(_had("supervisions", "supervision_date", days=42))),
    "cla_care_plan": (
        "share",
        _care_among(
            lambda c, rows: _started_by(c, rows, working_days_before(c.end, 10)),
            _had("care_plans", "care_plan_date", months=6),
        ),
    ),
    "cla_care_plan_number": ("count", _care(_had("care_plans", "care_plan_date", months=6))),
    "cla_pathway_plan": (
        "share",
        _care_among(
            _aged(16), _had("pathway_plans", "pathway_plan_date", months=6), "date_of_birth"
        ),
    ),
    "cla_review_up_to_date": ("share", _care(_reviewed)),
    "cla_visited_at_review": ("share", _care(_visited_at_review)),
    "cla_reviews_in_time": ("share", _reviews_in_time),
    "cla_participation": ("share", _participation),
    "initial_health_assessments_in_time": ("share", _initial_health),
    "cla_health_up_to_date": ("share", _care_among(_in_care_for(12), _health, "date_of_birth")),
    "cla_health_in_year": (
        "share",
        _care_among(
            _in_care_for(12), _had("health_assessments", "health_assessment_date", months=12)
        ),
    ),
    "cla_pep": (
        "share",
        _care_among(
            _aged(5, 15), _had("personal_education_plans", "pep_date", months=6), "date_of_birth"
        ),
    ),
    "cla_permanence_plan": (
        "share", _care_among(_in_care_for(6), _permanence, "permanence_plan_date"),
    ),
    "cla_same_worker": ("share", _care_among(_in_care_for(12), _same_worker)),
    # Placements
    "three_placements": ("share", _care(_three)),
    "long_term_stability": (
        "share",
        _care_among(
            lambda c, rows: _aged(0, 15)(c, rows) & _in_care_for(30)(c, rows),
            _stable,
            "date_of_birth",
        ),
    ),
    "placed_near": ("share", _care(_near)),
    "placed_residential": ("share", _care(_home)),
    "placed_residential_number": ("count", _care(_home)),
    "placed_ifa": ("share", _care(_ifa)),
    "placed_ifa_number": ("count", _care(_ifa)),
    "placed_with_parents": ("share", _care(_parents)),
    "placed_with_parents_number": ("count", _care(_parents)),
    "placed_unregulated": ("share", _care(_unregulated)),
    "placed_unregulated_number": ("count", _care(_unregulated)),
    "placed_connected_carers": ("share", _care(_connected)),
    "placed_connected_carers_number": ("count", _care(_connected)),
    "placed_connected_carers_own_number": ("count", _care(_placed(frozenset({"U1", "U3"}), "PR1"))),
    "placed_in_house": ("share", _care(_in_house)),
    "placed_in_house_number": ("count", _care(_in_house)),
    "placed_for_adoption": ("count", _care(_placed(ADOPTIVE))),
    "placed_for_adoption_with_fostering_number": (
        "count", _care(_placed(ADOPTIVE | frozenset({"U2", "U5"}))),
    ),
    "foster_carers": ("count", _open_carers),
    # Care leavers
    "care_leavers": ("count", _open("care_leavers")),
    "care_leavers_supervised": ("share", _open_with("care_leavers", *SUPERVISION)),
    "care_leavers_in_suitable_accommodation": ("share", _leavers_suitable),
    "care_leavers_19_to_21_in_touch": (
        "share", _leavers_19_to_21(lambda rows: of_codes(rows["in_touch"], {"YES"})),
    ),
    "care_leavers_19_to_21_suitable": (
        "share",
        _leavers_19_to_21(
            lambda rows: of_codes(rows["accommodation_suitable"], {"1"}), frozenset("GHR")
        ),
    ),
    "care_leavers_19_to_21_eet": (
        "share",
        _leavers_19_to_21(
            lambda rows: of_codes(rows["activity"].str[:1], {"F", "P"}).astype("boolean")
        ),
    ),
    "with_pathway_plan": ("count", _with_plan),
    "with_pathway_plan_share": ("part", _with_plan, _needing_plan),
}  # fmt: skip
