"""Workbooks of teams, caseloads and slides made by hand: many teams, long names, nothing at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from workbook_builder.definitions.council import Team
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.definitions.layouts import Layout, Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Average, Count, Measure, Percentage, Rate
from workbook_builder.definitions.sheet_layouts import (
    CaseloadSheet,
    Panel,
    Slide,
    Sparklines,
    TeamBlock,
    TeamSheet,
)
from workbook_builder.definitions.targets import Benchmarks, Comparator, Entry, Target
from workbook_builder.figures import (
    NO_TEAM,
    WHOLE_SERVICE,
    Caseloads,
    Figure,
    Figures,
    Status,
    Worker,
)
from workbook_builder.months import Month, months_ending
from workbook_builder.sheets.compose import compose
from workbook_builder.sheets.content import Stamp, WorkbookContent
from workbook_builder.sheets.plan import Plan

LAST = Month(2023, 7)
STAMP = Stamp(datetime(2023, 8, 3, 9, 0, 0), "Workbook Builder 0")
MONTHS = months_ending(LAST, 3)

#: 80 characters, as the longest that a system allows.
LONG = "Integrated Family Safeguarding & Assessment Service for the North-West of Town, "
MANY = tuple(f"{LONG[:76]}{number:>4}" for number in range(1, 61))

MEASURES: tuple[Measure, ...] = (
    Percentage(name="visited", title="Visited in time", percentage_of="visits", during="day",
               where="in_time", better="higher", teams=True),
    Percentage(name="late", title="Visited late", percentage_of="visits", during="day",
               where="late", teams=True),
    Percentage(name="many", title="Sixty teams", percentage_of="visits", during="day",
               where="in_time", better="lower", teams=True),
    Count(name="visits", title="Visits", count_of="visits", during="day", teams=True),
    Count(name="twice", title="Children with two teams", count_of="visits", during="day",
          teams=True),
    Average(name="days", title="Days waited", average_of="visits", value="days", during="day",
            better="lower", teams=True),
    Rate(name="rate", title="Visits per 10,000", rate_of="visits", per=10_000, population="all"),
    Percentage(name="alone", title="One team only", percentage_of="visits", during="day",
               where="in_time", teams=True),
    Percentage(name="nothing", title="Nothing to count", percentage_of="visits", during="day",
               where="in_time", better="higher", teams=True),
    Count(name="blank", title="Never counted", count_of="visits", during="day", teams=True),
    Percentage(name="given", title="Finished percentages", percentage_of="visits", during="day",
               where="in_time", better="higher", teams=True),
)  # fmt: skip

#: Numerator and denominator in July by measure and team; those of earlier months follow from them.
AMOUNTS: Mapping[str, Mapping[str, tuple[float, float | None]]] = {
    "visited": {
        "East 10": (9, 10), "East 2": (19, 20), "East 1": (1, 8), "West 1": (0, 0),
        "West 2": (6, 6), "Closed Team": (0, 0), NO_TEAM: (2, 3), WHOLE_SERVICE: (37, 47),
    },
    "late": {"East 1": (1, 8), "East 2": (1, 20), WHOLE_SERVICE: (2, 28)},
    "many": {
        **{name: (at % 7, 7 + at) for at, name in enumerate(MANY)},
        WHOLE_SERVICE: (sum(at % 7 for at in range(60)), sum(7 + at for at in range(60))),
    },
    "visits": {"East 1": (12, None), "East 2": (30, None), NO_TEAM: (3, None),
               WHOLE_SERVICE: (45, None)},
    "twice": {"East 1": (12, None), "East 2": (30, None), WHOLE_SERVICE: (40, None)},
    "days": {"East 1": (30.5, 4), "East 2": (12, 5), WHOLE_SERVICE: (42.5, 9)},
    "rate": {WHOLE_SERVICE: (45, 20_000)},
    "alone": {"East 1": (3, 4), WHOLE_SERVICE: (3, 4)},
    "nothing": {"East 1": (0, 0), WHOLE_SERVICE: (0, 0)},
}  # fmt: skip


def _figures() -> Iterator[Figure]:
    for measure, teams in AMOUNTS.items():
        for back, month in enumerate(reversed(MONTHS)):
            for team, (numerator, denominator) in teams.items():
                if team == "Closed Team" and back == 2:
                    yield _figure(measure, month, team, 1, 2)
                else:
                    yield _figure(measure, month, team, numerator, denominator)
    for month in MONTHS:
        yield Figure("blank", month, WHOLE_SERVICE, None, None, None, Status.NO_EXTRACT)
        yield Figure("given", month, WHOLE_SERVICE, None, None, 0.5, Status.SUPPLIED)
        yield Figure("given", month, "East 1", None, None, 0.25, Status.SUPPLIED)


def _figure(
    measure: str, month: Month, team: str, numerator: float, denominator: float | None
) -> Figure:
    if denominator == 0:
        return Figure(measure, month, team, numerator, 0, None, Status.NO_DENOMINATOR)
    value = numerator if denominator is None else numerator / denominator
    return Figure(measure, month, team, numerator, denominator, value, Status.CALCULATED)


FIGURES = Figures(_figures())

DEFINITIONS = Definitions(
    datasets={
        "visits": Dataset(
            name="visits",
            title="Visits",
            record="visit",
            columns={"day": Column(type="date", required=True)},
        )
    },
    measures={measure.name: measure for measure in MEASURES},
    targets={
        "visited": Target(name="visited", years={"2023-24": Entry(0.95)}),
        "many": Target(name="many", years={"2023-24": Entry(0.1)}),
        "days": Target(name="days", years={"2023-24": Entry(4.0)}),
        "nothing": Target(name="nothing", years={"2023-24": Entry(0.9)}),
        "given": Target(name="given", years={"2023-24": Entry(0.9)}),
        "visits": Target(name="visits", years={"2023-24": Entry(40.0)}),
    },
    comparators={"south_east": Comparator(name="south_east", title="South East")},
    benchmarks={"visited": Benchmarks(name="visited", values={"south_east": Entry(0.875)})},
    teams={
        team.name: team
        for team in (
            Team(name="East 1", locality="East", service="Field", short="E1"),
            Team(name="East 2", locality="East", service="Field"),
            Team(name="East 10", locality="East", service="Duty", aliases=("Old East 10",)),
            Team(name="West 1", locality="West", service="Field"),
            Team(name="West 2", locality="West", service="Duty", order=1),
            Team(name="Closed Team", locality="West", closed="2023-06-15"),
        )
    },
)

WORKERS = (
    Worker("East 1", "SW", 30), Worker("East 1", "sw", 21), Worker("East 1", "NQSW", 20),
    Worker("East 2", "SW", 19), Worker(MANY[0], "ASYE", 21), Worker(MANY[0], "SW", 0),
)  # fmt: skip
CASELOADS = Caseloads(WORKERS, "list", date(2023, 7, 31))

_BOARD = Table(
    name="Board",
    title="Board",
    columns=("indicator", "months", "sparkline", "target", "rag", "direction", "benchmarks"),
    rows=(Row(measure="visited"), Row(measure="visits"), Row(measure="blank")),
    sparklines=Sparklines(kind="win_loss", points=("high", "low", "negative")),
)
_COLUMNS = Table(
    name="Columns",
    title="Columns",
    columns=("indicator", "months", "sparkline"),
    rows=(Row(measure="late"),),
    sparklines=Sparklines(kind="column", points=()),
)


def _blocks(*names: str) -> tuple[TeamBlock, ...]:
    return tuple(TeamBlock(measure=name) for name in names)


TEAM_LAYOUTS: Mapping[str, Layout] = {
    "teams": Layout(
        name="teams",
        title="Teams",
        months=3,
        tables=(_BOARD, _COLUMNS),
        team_sheets=(
            TeamSheet(name="Listed by team", title="Listed", teams=("East *", "West 1", "Closed*"),
                      blocks=_blocks("visited", "twice", "days", "rate", "blank")),
            TeamSheet(name="Grouped by team", title="Grouped", group="locality", marks=("bars",),
                      blocks=(*_blocks("visited", "late"),
                              TeamBlock(measure="visited", by="service", group=None),
                              TeamBlock(measure="alone", marks=("icons",), sort="lowest"))),
            TeamSheet(name="Odd by team", title="Odd", empty_teams=True,
                      blocks=_blocks("many", "nothing", "given", "visits")),
            TeamSheet(name="Months", title="Months", months=True, sort="highest",
                      sparklines=Sparklines(kind="win_loss", points=("high", "low")),
                      blocks=_blocks("visited")),
        ),
        caseloads=(
            CaseloadSheet(name="Caseloads", title="Caseloads"),
            CaseloadSheet(name="No list", title="No list", source="list"),
            CaseloadSheet(name="None so high", title="None", threshold=99, team_lists=False),
        ),
        slides=(
            Slide(
                name="Slide A", title="Charts and teams", note="A note.",
                grid=("line line teams", "columns held teams"),
                panels={
                    "line": Panel(chart=("visited", "late"), names=("In time", "Late"),
                                  lines=("target", "south_east"), axis_from=0.2, axis_to=1.0),
                    "columns": Panel(chart=("visits",), kind="column", lines=("target",)),
                    "held": Panel(table=("visited", "visits", "blank")),
                    "teams": Panel(teams="visited"),
                },
            ),
            Slide(
                name="Slide B", title="Sixty teams and caseloads", widths=(3, 2, 2),
                grid=("many list nothing", "many summary chart", "blank blank rate"),
                panels={
                    "many": Panel(teams="many"),
                    "list": Panel(caseloads="list"),
                    "summary": Panel(caseloads="summary"),
                    "chart": Panel(caseloads="chart"),
                    "nothing": Panel(teams="blank"),
                    "blank": Panel(chart=("blank",), labels=False),
                    "rate": Panel(teams="rate"),
                },
            ),
        ),
    ),
}  # fmt: skip


def team_plan(layout: Layout) -> Plan:
    none = Caseloads(reason="No caseload list was given.")
    caseloads = (CASELOADS, none, CASELOADS)
    months = months_ending(LAST, layout.months)
    return compose(
        WorkbookContent(layout, DEFINITIONS, FIGURES, months, STAMP, caseloads=caseloads)
    )


TEAM_PLANS: Mapping[str, Plan] = {name: team_plan(layout) for name, layout in TEAM_LAYOUTS.items()}
