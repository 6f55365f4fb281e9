"""The sheet of each list: which columns it has and what stands in them."""

import random
from datetime import date, datetime, time, timedelta

from .days import FIRST_DAY, periods_from, working_on_or_before
from .details import births, referral_details
from .flows import Event, Placed, Spell
from .outcomes import flag_by_month
from .table import Cell, Table, numbers, picks, table_of
from .world import World

BLANK_TEAM_SHARE = 0.005
EAST_WEST_CENTRAL = ("Central", "East", "West")
BRIEF = {f"Brief Intervention Team {place} 1": 6 for place in EAST_WEST_CENTRAL}
FAMILIES = {"SWF Central 1": 3, "SWF Central 2": 3} | {
    f"SWF {place} {n}": 3 for place in ("East", "West") for n in (1, 2, 3)
}
FRONTLINE = {"Frontline Team": 2}
EARLY_HELP = {f"Early Help {place}": 1 for place in EAST_WEST_CENTRAL}
DISABILITY = {"Disability Team": 1}
WARDS = {"Harbour": 3, "Castle": 2, "Northfield": 4, "Old Town": 2, "Riverside": 3}
SOURCES = {
    "Police": 30, "School": 25, "Health services; GP": 8, "Health services; hospital": 10,
    "Individual; family member": 9, "Housing": 4, "Anonymous": 4, "Other local authority": 3,
}  # fmt: skip
ACCOMMODATION = {"U": 40, "D": 20, "B": 14, "Z": 10, "E": 6, "T": 6, "X": 2, "S": 2}
ACTIVITIES = {"F2": 22, "F5": 20, "P5": 8, "F1": 7, "F4": 4, "G5": 22, "G4": 11, "G6": 6}
CATEGORIES = {"Neglect": 45, "Emotional abuse": 40, "Physical abuse": 9, "Sexual abuse": 6}


def teams(rng: random.Random, choices: dict[str, int], count: int) -> list[Cell]:
    """``count`` teams drawn by weight, three or more of them blank."""
    drawn = picks(rng, choices, count)
    for blank in rng.sample(range(count), max(3, round(count * BLANK_TEAM_SHARE))):
        drawn[blank] = None
    return drawn


def contacts(rng: random.Random, world: World) -> Table:
    """Contacts by date and time."""
    events = world.events["contacts"]
    count = len(events)
    outcomes = {"Information and advice": 45, "Early help": 15, "Referral": 18, "No action": 22}
    return table_of({
        " Contact No": numbers("CON", 104501, count),
        "Child Unique ID ": _children(events),
        "Contact Date": _with_times(rng, [day for day, _ in events]),
        "Source of Contact": picks(rng, SOURCES, count),
        "Contact Outcome": picks(rng, outcomes, count),
        "Contact Team": teams(rng, {"MASH": 1}, count),
    })  # fmt: skip


def referrals(rng: random.Random, world: World) -> Table:
    """Referrals into statutory services by date."""
    events = world.events["referrals"]
    count = len(events)
    return table_of({
        "Referral Reference": numbers("R", 62001, count),
        "Date of referral": _dates(events),
        "Child ID": _children(events),
        "Source of Referral": picks(rng, SOURCES, count),
        "Referral NFA?": _referral_flags(rng, world),
        "Referral Team": teams(rng, {"MASH": 30} | BRIEF, count),
        **referral_details(events, world.spells["care"] + world.spells["unaccompanied"]),
    })  # fmt: skip


def _referral_flags(rng: random.Random, world: World) -> list[Cell]:
    """No further action, as published by month: mostly for children never assessed."""
    events = world.events["referrals"]
    assessed = {child for child, _ in world.spells["assessments"]}
    spells = [Spell(day) for day, _ in events]
    known = {id(spell) for spell, (_, child) in zip(spells, events, strict=True)
             if child in assessed}  # fmt: skip
    dated: list[tuple[date | None, Spell]] = [(spell.start, spell) for spell in spells]
    percents = world.services.percent["referrals_nfa"]
    flag_by_month(rng, dated, percents, lambda spell: id(spell) in known)
    return [spell.facts["nfa"] for spell in spells]


def early_help_referrals(rng: random.Random, world: World) -> Table:
    """Referrals into early help by date; the early help system's own identifiers."""
    events = world.events["early_help_referrals"]
    count = len(events)
    return table_of({
        "Client ID": _children(events),
        "EH Referral ID": numbers("EHR", 7001, count),
        "Date Referred to Early Help": _dates(events),
        "EH Referral Source": picks(rng, SOURCES, count),
        "Early Help Team": teams(rng, EARLY_HELP, count),
    })  # fmt: skip


def early_help_assessments(rng: random.Random, world: World) -> Table:
    """Early help assessments by start; three have an impossible completion date."""
    placed = world.spells["early_help_assessments"]
    count = len(placed)
    completed = _ends(placed)
    wrong = rng.sample([n for n, day in enumerate(completed) if not day], 3)
    for at, text in zip(wrong, ("31/02/2023", "31/11/2022", "00/05/2023"), strict=True):
        completed[at] = text
    return table_of({
        "Client ID": _members(placed),
        "EHA ID": numbers("EHA", 3001, count),
        "EHA Started": _starts(placed),
        "EHA Completed": completed,
        "Lead Organisation": picks(rng, {"Council": 6, "School": 3, "Health": 1}, count),
        "Early Help Team": teams(rng, EARLY_HELP, count),
        "Date of Birth": births([child for child, _ in placed], set(), adults=True),
    })  # fmt: skip


def strategy_discussions(rng: random.Random, world: World) -> Table:
    """Strategy discussions held, and one in fifty more that were cancelled."""
    held = [(day, child, "Held") for day, child in world.events["strategy_discussions"]]
    cancelled = [
        (max(FIRST_DAY, working_on_or_before(day - timedelta(1))), child, "Cancelled")
        for day, child, _ in rng.sample(held, len(held) // 50)
    ]
    rows = sorted(held + cancelled)
    count = len(rows)
    return table_of({
        "STRATEGY DISCUSSION ID": numbers("SD", 21001, count),
        "PERSON ID": [child for _, child, _ in rows],
        "DATE OF STRATEGY DISCUSSION": [day for day, _, _ in rows],
        "STRATEGY DISCUSSION STATUS": [status for _, _, status in rows],
        "TEAM NAME": teams(rng, {"MASH": 10} | BRIEF | FAMILIES, count),
    })  # fmt: skip


def enquiries(rng: random.Random, world: World) -> Table:
    """Section 47 enquiries by start."""
    placed = world.spells["enquiries"]
    count = len(placed)
    return table_of({
        "S47 ID": numbers("", 880101, count),
        "Person ID": _members(placed),
        "S47 Start Date": _starts(placed),
        "S47 End Date": _ends(placed),
        "S47 Ended NFA": _facts(placed, "nfa"),
        "S47 Led to ICPC": _facts(placed, "conference"),
        "Allocated Team": teams(rng, BRIEF | FAMILIES, count),
    })  # fmt: skip


def assessments(rng: random.Random, world: World) -> Table:
    """Child and family assessments by start."""
    placed = world.spells["assessments"]
    count = len(placed)
    return table_of({
        "C&F Assessment ID": numbers("", 3300001, count),
        "Child ID": _members(placed),
        "C&F Start Date": _starts(placed),
        "C&F Authorised Date": _ends(placed),
        "Assessment Outcome NFA": _facts(placed, "nfa"),
        "Assessment Team": _fixed_teams(placed, teams(rng, BRIEF | FAMILIES | FRONTLINE, count)),
    })  # fmt: skip


def cin_plans(rng: random.Random, world: World) -> Table:
    """Child in need plans, in no order; three children have two plans at once."""
    families = world.spells["cin"] + world.spells["cin_twice"]
    disability = world.spells["disability"]
    flags: list[Cell] = [*["N"] * len(families), *["Y"] * len(disability)]
    team_names = teams(rng, BRIEF | FAMILIES | FRONTLINE, len(families))
    team_names += teams(rng, DISABILITY, len(disability))
    placed = families + disability
    return _shuffled(rng, table_of({
        "Ward": picks(rng, WARDS, len(placed)),
        "CIN Plan Ended": _ends(placed),
        "Child ID": _members(placed),
        "CWD": flags,
        "Allocated Team": team_names,
        "CIN Plan ID": numbers("", 510001, len(placed)),
        "CIN Plan Started": _starts(placed),
    }))  # fmt: skip


def cp_plans(rng: random.Random, world: World) -> Table:
    """Child protection plans, in no order, with other authorities' plans among them."""
    own, elsewhere = world.spells["cp"] + world.spells["earlier_cp"], world.spells["elsewhere"]
    placed = own + elsewhere
    flags: list[Cell] = [*["No"] * len(own), *["Yes"] * len(elsewhere)]
    return _shuffled(rng, table_of({
        "Category of Abuse": picks(rng, CATEGORIES, len(placed)),
        "Child ID": _members(placed),
        "CP Plan Ended": _ends(placed),
        "CP Plan Started": _starts(placed),
        "Other LA Plan": flags,
        "Ward": picks(rng, WARDS, len(placed)),
        "CP Plan ID": numbers("", 640001, len(placed)),
        "Previous CP Plans": _facts(placed, "previous"),
        "Team Name": _fixed_teams(placed, teams(rng, FAMILIES | FRONTLINE, len(placed))),
    }))  # fmt: skip


def care_leavers(rng: random.Random, world: World) -> Table:
    """Periods of leaving care service by start."""
    placed = world.spells["leavers"]
    count = len(placed)
    return table_of({
        "Care Leaver ID": numbers("", 9101, count),
        "Young Person ID": _members(placed),
        "Leaving Care Start Date": _starts(placed),
        "Leaving Care End Date": _ends(placed),
        "Eligibility Category": picks(rng, {"Former relevant": 8, "Relevant": 1}, count),
        "Allocated Team": teams(rng, {"Pathways Team": 1}, count),
        **_leavers_now(count),
    })  # fmt: skip


def _leavers_now(count: int) -> dict[str, list[Cell]]:
    """How care leavers are doing, from a random state of its own."""
    rng = random.Random("care leavers now")
    return {
        "In Touch": picks(rng, {"Yes": 92, "No": 5, "Refused": 3}, count),
        "Type of Accommodation": picks(rng, ACCOMMODATION, count),
        "Suitability of Accommodation": picks(rng, {"Suitable": 93, "Unsuitable": 7}, count),
        "Activity Status": picks(rng, ACTIVITIES, count),
    }


def _with_times(rng: random.Random, dates: list[date]) -> list[Cell]:
    """Times of day for sorted dates; each month begins at 00:00 and ends at 23:59."""
    hours, weights = range(24), [1] * 8 + [20] * 10 + [4] * 6
    moments = [
        datetime.combine(day, time(rng.choices(hours, weights)[0], rng.randrange(60)))
        for day in dates
    ]
    for period in periods_from(dates[0]):
        within = [n for n, day in enumerate(dates) if period.first <= day <= period.last]
        moments[within[0]] = datetime.combine(dates[within[0]], time(0, 0))
        moments[within[-1]] = datetime.combine(dates[within[-1]], time(23, 59))
    return [*sorted(moments)]


def _shuffled(rng: random.Random, table: Table) -> Table:
    """The table with its rows in a random order."""
    rng.shuffle(table.rows)
    return table


def _dates(events: list[Event]) -> list[Cell]:
    return [day for day, _ in events]


def _children(events: list[Event]) -> list[Cell]:
    return [child for _, child in events]


def _members(placed: list[Placed]) -> list[Cell]:
    return [child for child, _ in placed]


def _starts(placed: list[Placed]) -> list[Cell]:
    return [spell.start for _, spell in placed]


def _ends(placed: list[Placed]) -> list[Cell]:
    return [spell.end for _, spell in placed]


def _facts(placed: list[Placed], name: str) -> list[Cell]:
    return [spell.facts.get(name) for _, spell in placed]


def _fixed_teams(placed: list[Placed], drawn: list[Cell]) -> list[Cell]:
    """The team drawn, or the one that was decided."""
    pairs = zip(placed, drawn, strict=True)
    return [spell.facts.get("team", other) for (_, spell), other in pairs]
