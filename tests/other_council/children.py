"""An invented council: its children, and all that happened to them, drawn from one seed.

A child comes by a contact and a referral; the rest follows in order: assessment, strategy
discussion, enquiry, conference, protection plan, plan in need, care, leaving care. Nothing is of
real people.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pandas as pd

from tests.other_council import care, records
from tests.other_council.calendar import birthday, month_end, month_start, months_to, office_day

if TYPE_CHECKING:
    from collections.abc import Sequence

HISTORY_MONTHS = 30
YEARS_BEFORE_HISTORY = 6
SIZES = {"small": 1, "medium": 10}
REFERRALS_A_MONTH = 38.0

SOURCES = ("Police", "School", "Health visitor", "Relative", "Housing", "Hospital", "Anonymous")
TEAMS = ("Ash Team", "Birch Team", "Cedar Team", "Damson Team")
EARLY_HELP_TEAMS = ("Early Help North", "Early Help South")
ABUSE = (
    "Neglect",
    "Neglect",
    "Emotional abuse",
    "Emotional abuse",
    "Physical abuse",
    "Sexual abuse",
)


@dataclass(frozen=True, slots=True)
class Child:
    """One invented child."""

    child_id: str
    born: date
    sex: str
    ethnicity: str
    disabled: bool


@dataclass(frozen=True)
class Council:
    """All that happened, up to some weeks after the reporting month."""

    seed: int
    size: str
    month: str
    history_start: date
    children: dict[str, Child]
    tables: dict[str, pd.DataFrame]
    population: dict[int, int]

    @property
    def month_end(self) -> date:
        """The last day of the reporting month."""
        return month_end(self.month)


def frame_of(kind: type, rows: Sequence[Any]) -> pd.DataFrame:
    """Return records as a table: days as datetime64, yes and no as nullable booleans."""
    columns: dict[str, pd.Series] = {}
    for field in fields(kind):
        values = [getattr(row, field.name) for row in rows]
        kinds = str(field.type)
        if kinds.startswith("date"):
            columns[field.name] = pd.Series(pd.to_datetime(values)).astype("datetime64[ns]")
        elif kinds.startswith("bool"):
            columns[field.name] = pd.Series(values, dtype="boolean")
        elif kinds == "int":
            columns[field.name] = pd.Series(values, dtype="Int64")
        elif kinds == "float":
            columns[field.name] = pd.Series(values, dtype="Float64")
        else:
            columns[field.name] = pd.Series(values, dtype="object").astype("string")
    return pd.DataFrame(columns)


def invent(seed: int, size: str = "small", month: str | None = None) -> Council:
    """Draw a council from a seed: "small" has some 45 children in care, "medium" ten times that."""
    rng = Random(f"{seed} {size}")
    month = month or f"{rng.choice((2023, 2024, 2025))}-{rng.randint(1, 12):02d}"
    maker = _Maker(rng, SIZES[size], month)
    maker.run()
    per_child = 9100 * SIZES[size]
    year = int(month[:4])
    population = {y: per_child + 37 * (y - year) for y in range(year - 4, year + 1)}
    return Council(
        seed, size, month, maker.history_start, maker.children, maker.tables(), population
    )


class _Maker:
    """Draws what happened, day by day and case by case."""

    def __init__(self, rng: Random, scale: int, month: str) -> None:
        self.rng = rng
        self.scale = scale
        self.history_start = month_start(months_to(month, HISTORY_MONTHS)[0])
        self.first = self.history_start.replace(
            year=self.history_start.year - YEARS_BEFORE_HISTORY, day=1
        )
        self.horizon = month_end(month) + timedelta(days=45)
        self.children: dict[str, Child] = {}
        self.free_from: dict[str, date] = {}
        self.plans_of: dict[str, int] = {}
        self.rows: dict[str, list[Any]] = {name: [] for name in RECORDS}
        self.next_id = rng.randint(100_000, 300_000)
        self.recent: list[str] = []

    def identifier(self, prefix: str) -> str:
        """Return an identifier that was not used yet."""
        self.next_id += self.rng.randint(1, 7)
        return f"{prefix}{self.next_id}"

    def add(self, name: str, record: object) -> None:
        """Keep a record, unless it lies wholly beyond the horizon."""
        self.rows[name].append(record)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all records as tables."""
        return {name: frame_of(kind, self.rows[name]) for name, kind in RECORDS.items()}

    def days(self, mean: float, least: int = 0) -> int:
        """Return a number of days that is often near the mean and sometimes much more."""
        return least + round(self.rng.gammavariate(2.2, max(mean - least, 0.5) / 2.2))

    # Who comes

    def new_child(self, day: date, youngest: float = -0.1, oldest: float = 17.2) -> Child:
        """Invent a child of an age on the day."""
        rng = self.rng
        age = max(rng.triangular(youngest, oldest, min(max(6, youngest), oldest)), 0.0)
        child = Child(
            self.identifier(""),
            day - timedelta(days=round(age * 365.25) + 1),
            rng.choice("MF"),
            rng.choice(("WBRI", "WBRI", "WBRI", "WOTH", "MWBC", "APKN", "BAFR", "AOTH")),
            rng.random() < 0.09,
        )
        self.children[child.child_id] = child
        return child

    def known_child(self, day: date) -> Child | None:
        """Return a child whose case was closed lately, if one is found at once."""
        for _ in range(12):
            if not self.recent:
                return None
            child = self.children[self.rng.choice(self.recent[-600 * self.scale :])]
            closed = self.free_from.get(child.child_id, day)
            if closed < day < birthday(child.born, 17) and (day - closed).days < 900:
                return child
        return None

    def run(self) -> None:
        """Draw everything."""
        rng = self.rng
        day = self.first
        while day <= self.horizon:
            shut = day.weekday() > 4
            season = 0.7 if day.month == 8 else 1.0
            rate = REFERRALS_A_MONTH * self.scale * 12 / 365.25 * season * (0.25 if shut else 1.3)
            for _ in range(self._poisson(rate)):
                self.case(day)
            if day >= self.history_start - timedelta(days=3):
                for _ in range(self._poisson(rate * 2.4)):
                    self.contact(day, self.new_child(day) if rng.random() < 0.7 else None)
            if day >= self.history_start - timedelta(days=500):
                for _ in range(self._poisson(rate * 0.28)):
                    self.early_help(day)
            day += timedelta(days=1)
        self.foster_carers()
        self.missing_elsewhere()

    def _poisson(self, mean: float) -> int:
        total, count = self.rng.expovariate(1.0), 0
        while total < mean:
            count += 1
            total += self.rng.expovariate(1.0)
        return count

    # The front door

    def contact(self, day: date, child: Child | None) -> None:
        """A contact about a child, perhaps one that is known."""
        if child is None:
            if not self.recent:
                return
            child = self.children[self.rng.choice(self.recent)]
        source = self.rng.choice(SOURCES)
        self.add(
            "contacts",
            records.Contact(self.identifier("C"), child.child_id, day, source, "Front Door"),
        )

    def case(self, day: date) -> None:
        """A referral and all that comes of it."""
        rng = self.rng
        day = office_day(day, rng)
        child = (self.known_child(day) if rng.random() < 0.24 else None) or self.new_child(day)
        uasc = rng.random() < 0.006
        if uasc:
            child = self.new_child(day, 15.0, 17.2)
        self.recent.append(child.child_id)
        self.contact(day - timedelta(days=rng.choice((0, 0, 0, 1, 2))), child)
        nfa = not uasc and rng.random() < 0.13
        team = rng.choice(TEAMS)
        mash = office_day(day + timedelta(days=rng.choice((0, 0, 1, 1, 2, 4))), rng)
        closed = mash if nfa else self.assessed(child, day, team, uasc)
        old_enough = birthday(child.born, 13) <= day
        self.add(
            "referrals",
            records.Referral(
                self.identifier("R"), child.child_id, day, rng.choice(SOURCES), nfa, mash, closed,
                child.born, rng.random() < (0.15 if old_enough else 0.02), team,
            ),
        )  # fmt: skip
        self.free_from[child.child_id] = closed or self.horizon + timedelta(days=999)

    def assessed(self, child: Child, day: date, team: str, uasc: bool) -> date:
        """An assessment and what it leads to; the day on which the case is closed."""
        rng = self.rng
        start = office_day(day + timedelta(days=rng.choice((0, 1, 1, 2, 3))), rng)
        end = office_day(start + timedelta(days=self.days(44, 3)), rng)
        danger = rng.random() < 0.4
        plan_end = self.enquired(child, start, team) if danger else None
        into_care = uasc or rng.random() < (0.11 if plan_end else 0.035)
        in_need = not plan_end and not into_care and rng.random() < 0.42
        nfa = not (plan_end or into_care or in_need)
        self.add(
            "assessments",
            records.Assessment(
                self.identifier("A"), child.child_id, start, end, day, nfa, team
            ),
        )  # fmt: skip
        self.supervised(child, start, end, team)
        closed = end
        if in_need:
            closed = self.need_plan(child, end, team)
        if plan_end:
            closed = max(closed, plan_end)
            if rng.random() < 0.6:
                closed = self.need_plan(child, plan_end, team)
        if into_care:
            begin = office_day(start + timedelta(days=rng.randint(0, 40)), rng)
            closed = max(closed, self.care(child, begin, uasc))
        return office_day(closed + timedelta(days=rng.randint(0, 14)), rng)

    def need_plan(self, child: Child, start: date, team: str) -> date:
        """A child in need plan with its visits; its last day."""
        rng = self.rng
        end = office_day(start + timedelta(days=self.days(190, 20)), rng)
        end = max(min(end, birthday(child.born, 18)), start + timedelta(days=1))
        held_by = "Elm Team (disabled children)" if child.disabled else team
        self.add(
            "cin_plans",
            records.NeedPlan(
                self.identifier("N"), child.child_id, start, end, child.disabled, held_by
            ),
        )
        self.visited(child, start, end, 31, "Child in need", held_by)
        self.supervised(child, start, end, held_by)
        return end

    # Protection

    def enquired(self, child: Child, day: date, team: str) -> date | None:
        """A strategy discussion and an enquiry; the last day of a plan that comes of it."""
        rng = self.rng
        strategy = office_day(day + timedelta(days=rng.choice((0, 0, 1, 3))), rng)
        cancelled = rng.random() < 0.06
        self.add(
            "strategy_discussions",
            records.StrategyDiscussion(
                self.identifier("SD"), child.child_id, strategy,
                "Cancelled" if cancelled else "Held", team,
            ),
        )  # fmt: skip
        if cancelled or rng.random() < 0.2:
            return None
        end = office_day(strategy + timedelta(days=self.days(14, 4)), rng)
        nfa = rng.random() < 0.38
        conference_id, plan_end = None, None
        if not nfa and rng.random() < 0.85:
            conference_id = self.identifier("I")
            held = office_day(strategy + timedelta(days=self.days(19, 6)), rng)
            to_plan = rng.random() < 0.88
            self.add(
                "initial_conferences",
                records.Conference(
                    conference_id, child.child_id, held, strategy, False, False, to_plan, team
                ),
            )
            if to_plan:
                plan_end = self.protection_plan(child, held, team, False)
        self.add(
            "section_47_enquiries",
            records.Enquiry(
                self.identifier("S"), child.child_id, strategy, end, nfa,
                conference_id is not None, conference_id, team,
            ),
        )  # fmt: skip
        if rng.random() < 0.05:
            self.transferred_in(day)
        return plan_end

    def transferred_in(self, day: date) -> None:
        """A child with a plan moves into the area, for good or for a while."""
        rng = self.rng
        child = self.new_child(day)
        held = office_day(day + timedelta(days=rng.randint(1, 20)), rng)
        temporary, to_plan = rng.random() < 0.3, rng.random() < 0.9
        team = rng.choice(TEAMS)
        self.add(
            "initial_conferences",
            records.Conference(
                self.identifier("I"), child.child_id, held, None, True, temporary, to_plan, team
            ),
        )
        end = self.protection_plan(child, held, team, temporary) if to_plan else held
        self.recent.append(child.child_id)
        self.free_from[child.child_id] = end

    def protection_plan(self, child: Child, start: date, team: str, temporary: bool) -> date:
        """A protection plan with its visits, core groups and reviews; its last day."""
        rng = self.rng
        end = office_day(start + timedelta(days=self.days(330 if not temporary else 80, 30)), rng)
        end = max(min(end, birthday(child.born, 18)), start + timedelta(days=1))
        before = self.plans_of.get(child.child_id, 1 if rng.random() < 0.08 else 0)
        self.plans_of[child.child_id] = before + 1
        self.add(
            "cp_plans",
            records.ProtectionPlan(
                self.identifier("P"), child.child_id, start, end, rng.choice(ABUSE), before,
                temporary, team,
            ),
        )  # fmt: skip
        self.visited(child, start, end, 12, "Child protection", team)
        self.supervised(child, start, end, team)
        for day in self.every(start, end, 33, 9):
            self.add("core_groups", records.CoreGroup(child.child_id, day, team))
        due = start + timedelta(days=91)
        while due < end:
            held = office_day(due - timedelta(days=rng.randint(-6, 12)), rng)
            if held < end:
                self.add(
                    "review_conferences",
                    records.ReviewConference(
                        self.identifier("V"), child.child_id, held, due, team
                    ),
                )  # fmt: skip
            due = held + timedelta(days=182)
        if rng.random() < 0.12:
            again = office_day(start + timedelta(days=rng.randint(20, 200)), rng)
            if again < end:
                finished = office_day(again + timedelta(days=self.days(13, 4)), rng)
                self.add(
                    "section_47_enquiries",
                    records.Enquiry(
                        self.identifier("S"), child.child_id, again, finished,
                        rng.random() < 0.5, False, None, team,
                    ),
                )  # fmt: skip
        return end

    # What recurs

    def every(self, start: date, end: date, interval: float, spread: float) -> list[date]:
        """Return office days at intervals; those long before the history are left out."""
        oldest = self.history_start - timedelta(days=45)
        if start < oldest:
            start = oldest + timedelta(days=self.rng.randint(0, round(interval)))
        days: list[date] = []
        last = min(end, self.horizon)
        day = start + timedelta(days=max(1, round(self.rng.gauss(interval * 0.4, spread / 2))))
        while day < last:
            held = office_day(day, self.rng)
            if held < last and (not days or held > days[-1]):
                days.append(held)
            gap = self.rng.gauss(interval, spread)
            day += timedelta(days=max(2, round(gap if self.rng.random() < 0.94 else gap * 2.2)))
        return days

    def visited(
        self, child: Child, start: date, end: date, interval: float, kind: str, team: str
    ) -> None:
        """Visits between two days; a few find nobody."""
        for day in self.every(start, end, interval, interval / 3.5):
            seen = self.rng.random() < 0.94
            self.add("visits", records.Visit(child.child_id, day, kind, seen, team))

    def supervised(self, child: Child, start: date, end: date, team: str) -> None:
        """Supervisions of the case between two days."""
        for day in self.every(start, end, 31, 8):
            self.add("supervisions", records.Supervision(child.child_id, day, team))

    # Early help

    def early_help(self, day: date) -> None:
        """A referral into early help and what comes of it."""
        rng = self.rng
        day = office_day(day, rng)
        adult = rng.random() < 0.04
        child = self.new_child(day, 22.0, 45.0) if adult else self.new_child(day)
        team = rng.choice(EARLY_HELP_TEAMS)
        self.add(
            "early_help_referrals",
            records.EarlyHelpReferral(self.identifier("E"), child.child_id, day, team),
        )
        if rng.random() < 0.12:
            return
        start = office_day(day + timedelta(days=rng.randint(1, 16)), rng)
        end = office_day(start + timedelta(days=self.days(35, 8)), rng)
        self.add(
            "early_help_assessments",
            records.EarlyHelpAssessment(
                self.identifier("H"), child.child_id, start, end, child.born,
                rng.choice(("School", "Council", "Health")), team,
            ),
        )  # fmt: skip
        if adult:
            return
        closed = office_day(end + timedelta(days=self.days(210, 14)), rng)
        reason = rng.choice(
            ("Needs met", "Needs met", "Needs met", "Disengaged", "Moved away", "Step up to CIN")
        )
        self.add(
            "early_help_episodes",
            records.EarlyHelpEpisode(
                self.identifier("G"), child.child_id, start, closed, reason, team
            ),
        )
        if rng.random() < 0.75:
            self.add(
                "early_help_plans",
                records.EarlyHelpPlan(self.identifier("L"), child.child_id, end, closed, team),
            )
        self.visited(child, start, closed, 23, "Early help", team)
        self.supervised(child, start, closed, team)

    # Care

    def care(self, child: Child, start: date, uasc: bool) -> date:
        """A period of care with all that belongs to it; its last day."""
        drawn = care.draw(self.rng, child.child_id, child.born, start, uasc, self)
        for name, rows in drawn.rows.items():
            self.rows[name].extend(rows)
        for day, until in drawn.visited:
            self.visited(child, day, until, 30, "Child in care", drawn.team)
            self.supervised(child, day, until, drawn.team)
        if drawn.leaving:
            self.supervised(child, *drawn.leaving, "Pathways")
        return drawn.end

    def foster_carers(self) -> None:
        """Households that the council approved."""
        for _ in range(34 * self.scale):
            start = self.first + timedelta(
                days=self.rng.randint(0, (self.horizon - self.first).days)
            )
            end = start + timedelta(days=self.days(1900, 200))
            self.add("foster_carers", records.FosterCarer(self.identifier("F"), start, end))

    def missing_elsewhere(self) -> None:
        """Children who go missing from home, so few that whole months pass without one."""
        days = (self.horizon - self.history_start).days
        for _ in range(self._poisson(0.018 * days * self.scale)):
            start = self.history_start + timedelta(days=self.rng.randint(0, days))
            end = start + timedelta(days=self.rng.choice((0, 1, 1, 2, 5)))
            child = self.rng.choice(self.recent)
            self.add("missing_episodes", records.MissingEpisode(child, start, end, "M"))


RECORDS: dict[str, type] = {
    "contacts": records.Contact,
    "early_help_referrals": records.EarlyHelpReferral,
    "early_help_assessments": records.EarlyHelpAssessment,
    "early_help_episodes": records.EarlyHelpEpisode,
    "early_help_plans": records.EarlyHelpPlan,
    "referrals": records.Referral,
    "assessments": records.Assessment,
    "strategy_discussions": records.StrategyDiscussion,
    "section_47_enquiries": records.Enquiry,
    "initial_conferences": records.Conference,
    "review_conferences": records.ReviewConference,
    "core_groups": records.CoreGroup,
    "cp_plans": records.ProtectionPlan,
    "cin_plans": records.NeedPlan,
    "visits": records.Visit,
    "supervisions": records.Supervision,
    "children_in_care": records.CarePeriod,
    "legal_statuses": records.LegalStatus,
    "placements": records.Placement,
    "care_reviews": records.CareReview,
    "care_plans": records.CarePlan,
    "pathway_plans": records.PathwayPlan,
    "personal_education_plans": records.EducationPlan,
    "health_assessments": records.HealthAssessment,
    "social_worker_allocations": records.Allocation,
    "care_leavers": records.CareLeaver,
    "foster_carers": records.FosterCarer,
    "missing_episodes": records.MissingEpisode,
    "permanence": records.Permanence,
}
