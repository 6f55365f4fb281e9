"""One invented period of care, with its placements, reviews, plans, health, workers and leaving."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from tests.other_council import records
from tests.other_council.calendar import birthday, office_day

if TYPE_CHECKING:
    from random import Random

CARE_TEAMS = ("Oak Team", "Willow Team")
SUPPORTED_ACCOMMODATION_FROM = date(2023, 10, 28)


class Source(Protocol):
    """What gives out identifiers and knows where the history begins."""

    history_start: date
    horizon: date

    def identifier(self, prefix: str) -> str:
        """Return an identifier that was not used yet."""

    def days(self, mean: float, least: int = 0) -> int:
        """Return a number of days that is often near the mean."""


@dataclass(frozen=True)
class Drawn:
    """What was drawn of one period of care."""

    end: date
    team: str
    rows: dict[str, list[Any]]
    visited: tuple[tuple[date, date], ...]
    leaving: tuple[date, date] | None


@dataclass
class _Period:
    rng: Random
    child: str
    born: date
    start: date
    uasc: bool
    source: Source
    team: str
    rows: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, name: str, record: object) -> None:
        self.rows.setdefault(name, []).append(record)


def draw(rng: Random, child: str, born: date, start: date, uasc: bool, source: Source) -> Drawn:
    """Draw a period of care that begins on a day."""
    period = _Period(rng, child, born, start, uasc, source, rng.choice(CARE_TEAMS))
    grown_up = birthday(born, 18)
    kind = rng.random()
    if uasc:
        end = grown_up
    elif kind < 0.4:
        end = start + timedelta(days=source.days(130, 6))
    else:
        end = start + timedelta(days=source.days(1150, 200))
    end = max(min(end, grown_up), start + timedelta(days=2))
    reason = _reason(period, end, grown_up)
    care_start = _statuses(period, start, end, reason)
    _placements(period, start, end, reason)
    _reviews(period, care_start, end)
    _health(period, care_start, end)
    _plans(period, care_start, end)
    _workers(period, care_start, end)
    _missing(period, care_start, end)
    if reason in {"E11", "E12"}:
        _adoption(period, care_start, end)
    leaving = _leaving(period, care_start, end) if end == grown_up else None
    return Drawn(end, period.team, period.rows, ((care_start, end),), leaving)


def _reason(period: _Period, end: date, grown_up: date) -> str:
    rng = period.rng
    if end == grown_up:
        return rng.choice(("E5", "E5", "E6", "E7", "E17"))
    young = end < birthday(period.born, 7)
    long = (end - period.start).days > 300
    if young and long and rng.random() < 0.7:
        return rng.choice(("E11", "E12"))
    return rng.choice(("E4A", "E4A", "E4B", "E45", "E47", "E48", "E41", "E13", "E8"))


def _statuses(period: _Period, start: date, end: date, reason: str) -> date:
    """Legal statuses and periods of care; the day from which the child is looked after."""
    rng = period.rng
    care_start = start
    if rng.random() < 0.03 and (end - start).days > 120:
        care_start = start + timedelta(days=rng.randint(40, 110))
        _care_period(period, start, care_start, "X1", "V4", False)
        period.add("legal_statuses", records.LegalStatus(period.child, start, care_start, "V4"))
    elif rng.random() < 0.05 and not period.uasc and reason not in {"E11", "E12"}:
        _care_period(period, start, end, reason, "V4", False)
        period.add("legal_statuses", records.LegalStatus(period.child, start, end, "V4"))
        return start
    days: list[tuple[date, str]]
    if period.uasc or rng.random() < 0.35:
        days = [(care_start, "V2")]
    else:
        days = [(care_start, rng.choice(("C1", "C1", "L2", "V2")))]
        full = care_start + timedelta(days=source_days(period, 210, 30))
        if full < end:
            days.append((full, "E1" if reason in {"E11", "E12"} else "C2"))
    for (first, code), following in zip(days, [*(d for d, _ in days[1:]), end], strict=True):
        period.add("legal_statuses", records.LegalStatus(period.child, first, following, code))
    _care_period(period, care_start, end, reason, days[-1][1], care_start != start)
    return care_start


def source_days(period: _Period, mean: float, least: int) -> int:
    """Return a number of days near a mean."""
    return period.source.days(mean, least)


def _care_period(
    period: _Period, start: date, end: date, reason: str, status: str, follows: bool
) -> None:
    rng = period.rng
    plan = start + timedelta(days=max(10, round(rng.gauss(130, 45))))
    planned = plan if status != "V4" and plan < end and rng.random() < 0.9 else None
    period.add(
        "children_in_care",
        records.CarePeriod(
            period.source.identifier("K"), period.child, start, end, reason, period.born, planned,
            status, period.uasc, follows, period.team,
        ),
    )  # fmt: skip


def _placements(period: _Period, start: date, end: date, reason: str) -> None:
    rng = period.rng
    adoptive = None
    if reason in {"E11", "E12"} and (end - start).days > 260:
        adoptive = end - timedelta(days=rng.randint(120, 240))
    day = start
    while day < end:
        kind, provider = _setting(period, day)
        until = day + timedelta(days=period.source.days(rng.choice((60, 300, 1500)), 2))
        if rng.random() < 0.05:
            kind, until = "T4", day + timedelta(days=rng.randint(1, 7))
        elif rng.random() < 0.015:
            until = day  # less than a day
        until = min(until, end)
        if adoptive and day < adoptive <= until:
            until = adoptive
        if adoptive and day == adoptive:
            kind, provider, until = rng.choice(("A3", "A4", "A5", "A6")), "PR1", end
        miles = round(abs(rng.gauss(0, 16)) + 0.3, 1)
        period.add(
            "placements",
            records.Placement(period.child, day, until, kind, provider, miles),
        )
        day = until


def _setting(period: _Period, day: date) -> tuple[str, str | None]:
    rng = period.rng
    old = day >= birthday(period.born, 16)
    if old and rng.random() < (0.7 if period.uasc else 0.35):
        return ("K3" if day >= SUPPORTED_ACCOMMODATION_FROM else "H5"), "PR4"
    chance = rng.random()
    if chance < 0.5:
        return rng.choice(("U4", "U6", "U6", "U5")), rng.choice(("PR1", "PR1", "PR4", "PR4", "PR5"))
    if chance < 0.7:
        return rng.choice(("U1", "U3", "U3")), rng.choice(("PR1", "PR1", "PR1", "PR4"))
    if chance < 0.84:
        return "K2", rng.choice(("PR1", "PR4", "PR4"))
    if chance < 0.94:
        return "P1", "PR0"
    return rng.choice(("R3", "S1", "R2")), "PR4"


def _reviews(period: _Period, start: date, end: date) -> None:
    rng = period.rng
    due = start + timedelta(days=28)
    gap = 91
    while due <= end and due < period.source.horizon:
        late = rng.random() < 0.15
        held: date | None = office_day(due + timedelta(days=rng.randint(1, 18) if late else 0), rng)
        if not late:
            held = due - timedelta(days=rng.randint(0, 12))
        if held and (held >= end or rng.random() < 0.02):
            held = None
        taking_part = None
        if held:
            able = birthday(period.born, 4) <= held
            taking_part = rng.choice(("PN1", "PN1", "PN3", "PN6", "PN6", "PN7")) if able else "PN0"
        if due >= period.source.history_start - timedelta(days=400):
            period.add(
                "care_reviews",
                records.CareReview(
                    period.child, due, held, taking_part,
                    None if held is None else rng.random() < 0.9, period.team,
                ),
            )  # fmt: skip
        due = (held or due) + timedelta(days=gap)
        gap = 182


def _recurring(period: _Period, first: date, end: date, gap: float, spread: float) -> list[date]:
    rng = period.rng
    days: list[date] = []
    day = first
    while day < min(end, period.source.horizon):
        held = office_day(day, rng)
        if held < end and held >= period.source.history_start - timedelta(days=400):
            days.append(held)
        day += timedelta(days=max(20, round(rng.gauss(gap, spread))))
    return days


def _health(period: _Period, start: date, end: date) -> None:
    rng = period.rng
    first = start + timedelta(days=period.source.days(19, 5))
    oldest = period.source.history_start - timedelta(days=400)
    if oldest <= first < end:
        period.add("health_assessments", records.HealthAssessment(period.child, first, "IHA"))
    gap = 178 if birthday(period.born, 5) > start else 350
    for day in _recurring(period, first + timedelta(days=gap - 20), end, gap, 30):
        if rng.random() < 0.95:
            period.add("health_assessments", records.HealthAssessment(period.child, day, "RHA"))


def _plans(period: _Period, start: date, end: date) -> None:
    rng = period.rng
    first = start + timedelta(days=rng.randint(4, 17))
    for day in _recurring(period, first, end, 155, 35):
        period.add("care_plans", records.CarePlan(period.child, day, period.team))
    school = max(birthday(period.born, 4), start) + timedelta(days=rng.randint(10, 60))
    for day in _recurring(period, school, min(end, birthday(period.born, 16)), 140, 40):
        period.add("personal_education_plans", records.EducationPlan(period.child, day))
    entitled = max(birthday(period.born, 16), start + timedelta(days=92))
    for day in _recurring(period, entitled + timedelta(days=rng.randint(5, 60)), end, 160, 35):
        period.add("pathway_plans", records.PathwayPlan(period.child, day, period.team))


def _workers(period: _Period, start: date, end: date) -> None:
    day = start
    while day < end:
        until = min(day + timedelta(days=period.source.days(380, 25)), end)
        worker = f"W{period.rng.randint(100, 160)}"
        period.add(
            "social_worker_allocations",
            records.Allocation(period.child, worker, day, until, period.team),
        )
        day = until


def _missing(period: _Period, start: date, end: date) -> None:
    rng = period.rng
    day = max(start, birthday(period.born, 12), period.source.history_start)
    while True:
        day += timedelta(days=round(rng.expovariate(1 / 400)) + 1)
        back = day + timedelta(days=rng.choice((0, 1, 1, 2, 4)))
        if back >= end:
            return
        kind = "A" if rng.random() < 0.2 else "M"
        period.add("missing_episodes", records.MissingEpisode(period.child, day, back, kind))
        day = back


def _adoption(period: _Period, start: date, end: date) -> None:
    decision = start + (end - start) * 0.4
    placed = end - timedelta(days=150)
    period.add(
        "permanence",
        records.Permanence(
            period.child, decision, decision + timedelta(days=30), placed - timedelta(days=30),
            placed, end,
        ),
    )  # fmt: skip


def _leaving(period: _Period, start: date, end: date) -> tuple[date, date] | None:
    """Leaving care services from the eighteenth birthday on."""
    rng = period.rng
    if start > end - timedelta(days=91):
        return None
    until = birthday(period.born, rng.choice((21, 21, 21, 22, 25)))
    touch = rng.choice(("YES",) * 12 + ("NO", "NO", "REFU", "NREQ", "RHOM"))
    home = rng.choice("UUUUDDTZBEKYRX")
    suitable = "2" if home in "RX" or rng.random() < 0.08 else "1"
    doing = rng.choice(("F1", "F2", "F4", "F5", "P2", "P5", "G4", "G5", "G5", "G6"))
    eligible = rng.choice(("Former relevant child",) * 8 + ("Qualifying care leaver",))
    period.add(
        "care_leavers",
        records.CareLeaver(
            period.source.identifier("Y"), period.child, end, until, period.born, touch, home,
            suitable, doing, eligible, "Pathways",
        ),
    )  # fmt: skip
    for day in _recurring(period, end + timedelta(days=rng.randint(5, 90)), until, 165, 40):
        period.add("pathway_plans", records.PathwayPlan(period.child, day, "Pathways"))
    return end, until
