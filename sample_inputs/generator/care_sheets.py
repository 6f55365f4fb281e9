"""The sheets about children in care: which columns they have and what stands in them."""

import random
from datetime import date, timedelta

from .care import Care
from .care_contact import Dated
from .care_people import Life
from .care_placements import codes, miles
from .care_teams import CARE_TEAMS
from .days import FIRST_DAY, RUN_DATE, draw_dates, periods_from
from .flows import Pace, flow_to_targets, simulate
from .table import Cell, Table, numbers, picks, table_of

UNSEEN_SHARE = 0.02
SUPERVISED = {"Individual": 85, "Group": 10, "Management oversight": 5}
# In-house fostering households approved at the end of each month, and how many change.
HOUSEHOLDS = [182, 181, 181, 179, 178, 178, 176, 175, 173, 172, 170, 169, 168]
HOUSEHOLDS_TURNOVER = 0.02
# Children in care who went missing, by month; one in four of them twice.
MISSING_A_MONTH = 26
SHORT_BREAK_AGES = (5, 16)


def children_in_care(rng: random.Random, care: Care) -> Table:
    """Periods of care by start, short breaks (V3 and V4) among them."""
    rows: list[list[Cell]] = [
        [life.child, record.start, record.end, record.reason, life.born, record.status,
         "Y" if life.alone else "N", record.team, record.permanence]
        for life in care.lives
        for record in life.records
    ]  # fmt: skip
    for at, (child, spell) in enumerate(care.short_breaks):
        born = spell.start - timedelta(round(365.25 * rng.uniform(*SHORT_BREAK_AGES)))
        reason = "E8" if spell.end else None
        rows.append([child, spell.start, spell.end, reason, born, ("V3", "V4")[at % 2], "N",
                     rng.choice(CARE_TEAMS), None])  # fmt: skip
    rows.sort(key=lambda row: (str(row[1]), str(row[0]), str(row[2])))
    headers = ["Child Unique ID", "Date Started to be Looked After",
               "Date Ceased to be Looked After", "Reason Ceased", "Date of Birth",
               "Child's Legal Status", "UASC (Y/N)", "Team", "Permanence Plan Date"]  # fmt: skip
    ids = rng.sample(numbers("CLA", 70001, len(rows)), len(rows))
    numbered = [[number, *row] for number, row in zip(ids, rows, strict=True)]
    return Table(["Care Period ID", *headers], numbered)


def placements(rng: random.Random, care: Care) -> Table:
    """Placements by start."""
    made = sorted(care.placements, key=lambda x: (x.start, x.life.child))
    coded = [codes(rng, placement) for placement in made]
    return table_of({
        "Person ID": [placement.life.child for placement in made],
        "Placement Start Date": [placement.start for placement in made],
        "Placement End Date": [placement.end for placement in made],
        "Placement Type": [kind for kind, _ in coded],
        "Placement Provider": [provider for _, provider in coded],
        "Distance from Home (miles)": [miles(rng, placement) for placement in made],
    })  # fmt: skip


def visits(rng: random.Random, care: Care) -> Table:
    """Visits by date, some of them without the child being seen."""
    made: list[tuple[date, Life, Cell]] = [(day, life, "Y") for day, life in care.visits]
    for day, life in rng.sample(care.visits, round(len(care.visits) * UNSEEN_SHARE)):
        later = day + timedelta(rng.randint(2, 9))
        if later <= RUN_DATE and life.in_care(later):
            made.append((later, life, "N"))
    made.sort(key=lambda visit: (visit[0], visit[1].child))
    return table_of({
        "Child ID": [life.child for _, life, _ in made],
        "Date Visited": [day for day, _, _ in made],
        "Visit Type": picks(rng, {"CLA visit": 9, "CLA visit (virtual)": 1}, len(made)),
        "Seen": [seen for _, _, seen in made],
        "Team Name": _teams([(day, life) for day, life, _ in made]),
    })  # fmt: skip


def supervisions(rng: random.Random, care: Care) -> Table:
    """Supervision by date."""
    return table_of({
        "Team Name": _teams(care.supervisions),
        "Child ID": _children(care.supervisions),
        "Supervised On": _days(care.supervisions),
        "Supervised As": picks(rng, SUPERVISED, len(care.supervisions)),
    })  # fmt: skip


def care_plans(care: Care) -> Table:
    """Care plans by date."""
    return table_of({
        "Child ID": _children(care.care_plans),
        "Care Plan Authorised": _days(care.care_plans),
        "Team": _teams(care.care_plans),
    })  # fmt: skip


def pathway_plans(care: Care) -> Table:
    """Pathway plans by date."""
    return table_of({
        "Young Person ID": _children(care.pathway_plans),
        "Pathway Plan Authorised": _days(care.pathway_plans),
        "Team": _teams(care.pathway_plans),
    })  # fmt: skip


def reviews(care: Care) -> Table:
    """Reviews by month."""
    dated = [(review.held, review.life) for review in care.reviews]
    return table_of({
        "Child ID": _children(dated),
        "Review Due": [review.due for review in care.reviews],
        "Review Held": _days(dated),
        "Participation": [review.participation for review in care.reviews],
        "Visits in Time": ["Yes" if review.visited else "No" for review in care.reviews],
        "Team": _teams(dated),
    })  # fmt: skip


def health_assessments(care: Care) -> Table:
    """Health assessments by date."""
    return table_of({
        "Child ID": [made.life.child for made in care.health],
        "Date of Health Assessment": [made.day for made in care.health],
        "IHA or RHA": ["IHA" if made.initial else "RHA" for made in care.health],
    })  # fmt: skip


def education_plans(care: Care) -> Table:
    """Personal education plans by date."""
    return table_of({
        "Child ID": _children(care.education_plans),
        "PEP Completed": _days(care.education_plans),
    })  # fmt: skip


def allocations(care: Care) -> Table:
    """Social worker allocations by start."""
    made = sorted(care.allocations, key=lambda x: (x.start, x.life.child))
    return table_of({
        "Child ID": [allocation.life.child for allocation in made],
        "Social Worker ID": [allocation.worker for allocation in made],
        "Allocated From": [allocation.start for allocation in made],
        "Allocated To": [allocation.end for allocation in made],
        "Team": _teams([(allocation.start, allocation.life) for allocation in made]),
    })  # fmt: skip


def foster_carers(rng: random.Random) -> Table:
    """Periods of approval of in-house fostering households by start."""
    flow = flow_to_targets(rng, HOUSEHOLDS[0] + 1, HOUSEHOLDS, HOUSEHOLDS_TURNOVER)
    spells = simulate(rng, periods_from(FIRST_DAY), flow, Pace(60, 100_000, 5500))
    return table_of({
        "Fostering Household ID": numbers("FH", 1201, len(spells)),
        "Approved From": [spell.start for spell in spells],
        "Approved To": [spell.end for spell in spells],
    })  # fmt: skip


def missing_episodes(rng: random.Random, care: Care) -> Table:
    """Missing episodes of children in care of ten and over, by start."""
    rows: list[list[Cell]] = []
    for period in periods_from(FIRST_DAY):
        usable = [x for x in care.lives if x.in_care(period.last) and x.age(period.first) >= 10]
        number = MISSING_A_MONTH if period.last < RUN_DATE else 3
        often = rng.sample(usable, number)
        for day in draw_dates(rng, period, number, 1.0):
            life = rng.choice(often)
            back = day + timedelta(rng.choice((0, 0, 0, 1, 1, 2, 5)))
            if life.in_care(day):
                rows.append([life.child, day, back if back <= RUN_DATE else None,
                             rng.choice("MMMA")])  # fmt: skip
    headers = ["Child ID", "Missing From", "Missing To", "Missing or Absent"]
    return Table(headers, sorted(rows, key=lambda row: (str(row[1]), str(row[0]))))


def _children(dated: list[Dated]) -> list[Cell]:
    return [life.child for _, life in dated]


def _days(dated: list[Dated]) -> list[Cell]:
    return [day for day, _ in dated]


def _teams(dated: list[Dated]) -> list[Cell]:
    """The team of each child on the day, or that of the latest period."""
    return [next((x.team for x in life.open_records(day)), life.records[-1].team)
            for day, life in dated]  # fmt: skip
