"""Small workbooks made by hand, between them with everything that a layout may ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from tests.sheets.team_examples import TEAM_PLANS
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.definitions.layouts import (
    ColumnKind,
    KeyBlock,
    Layout,
    Row,
    Table,
    months_needed,
)
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Average, Count, Measure, Percentage, Supplied
from workbook_builder.definitions.targets import Benchmarks, Comparator, Entry, Target
from workbook_builder.figures import Comment, Commentary, Figure, Figures, Status
from workbook_builder.months import Month, months_ending
from workbook_builder.sheets.compose import compose
from workbook_builder.sheets.content import Stamp, WorkbookContent
from workbook_builder.sheets.plan import Plan

LAST = Month(2023, 7)
STAMP = Stamp(datetime(2023, 8, 3, 9, 0, 0), "Workbook Builder 0")

ALL_COLUMNS: tuple[ColumnKind, ...] = (
    "reference", "indicator", "months", "sparkline", "trend",
    "target", "rag", "direction", "benchmarks", "note",
)  # fmt: skip

MEASURES: tuple[Measure, ...] = (
    Count(name="referrals", title="Referrals", count_of="visits", during="day", better="lower"),
    Percentage(name="in_time", title="Seen in time", percentage_of="visits", during="day",
               where="in_time", better="higher", definition="Visits made in time."),
    Percentage(name="in_full", title="Seen in time, to a decimal", percentage_of="visits",
               during="day", where="in_time", better="higher", decimals=1),
    Average(name="days", title="Days waited", average_of="visits", value="days", during="day",
            source="=HYPERLINK(\"http://example.org\")"),
    Count(name="gap_now", title="Blank this month", count_of="visits", during="day",
          better="lower"),
    Count(name="gap_before", title="Blank the month before", count_of="visits", during="day",
          better="lower"),
    Count(name="unknown", title="Never computed & <unknown>", count_of="visits", during="day"),
)  # fmt: skip

QUARTERLY = Supplied(name="claims", title="Claims of the quarter", supplied="number",
                     better="higher", frequency="quarterly")  # fmt: skip

#: Values from May to July 2023; a status stands for a blank.
VALUES: Mapping[str, tuple[float | Status, float | Status, float | Status]] = {
    "referrals": (310.0, 285.0, 280.0),
    "in_time": (0.9, 0.949, 0.9449),
    "in_full": (0.9, 0.949, 0.9449),
    "days": (11.25, 10.0, 12.35),
    "gap_now": (4.0, 5.0, Status.UNFINISHED),
    "gap_before": (4.0, Status.NOT_COVERED, 3.0),
}

DEFINITIONS = Definitions(
    datasets={
        "visits": Dataset(
            name="visits",
            title="Visits",
            record="visit",
            columns={"day": Column(type="date", required=True)},
        )
    },
    measures={measure.name: measure for measure in (*MEASURES, QUARTERLY)},
    targets={
        "referrals": Target(name="referrals", years={"2023-24": Entry(273.0)}, note="Rate of 639"),
        "in_time": Target(name="in_time", years={"2023-24": Entry(0.945)}, tolerance=0.0123456789),
        "in_full": Target(name="in_full", years={"2022-23": Entry(0.95)}),
        "gap_now": Target(name="gap_now", years={"2023-24": Entry(4.0)}, tolerance=0.0),
    },
    comparators={
        "ours": Comparator(name="ours", title="England", period="2021/22", source="DfE"),
        "theirs": Comparator(name="theirs", title="England", method="mean"),
        "odd": Comparator(name="odd", title="target"),
    },
    benchmarks={
        "in_time": Benchmarks(name="in_time", values={"ours": Entry(0.876), "odd": Entry(0.9)})
    },
)


def _rows(note: str = "") -> tuple[Row, ...]:
    return tuple(
        Row(measure=measure.name, reference="" if at == 1 else str(at), note=note if at else "")
        for at, measure in enumerate(MEASURES)
    )


def _figures() -> Iterator[Figure]:
    for measure, values in VALUES.items():
        for month, value in zip(months_ending(LAST, 3), values, strict=True):
            if isinstance(value, Status):
                yield Figure(measure, month, "", None, None, None, value)
            else:
                yield Figure(measure, month, "", value * 100, 100.0, value, Status.CALCULATED)
    for at, months in enumerate((-14, -13, -4, -1)):
        claims = 20.0 + 5 * at
        yield Figure("claims", LAST.plus(months), "", None, None, claims, Status.SUPPLIED)
    for back in range(3, 16):
        value = 250.0 + back
        yield Figure("referrals", LAST.plus(-back), "", value, None, value, Status.CALCULATED)
    yield Figure("referrals", LAST, '=Team "A" & <B>', 3.0, None, 3.0, Status.SUPPLIED)


FIGURES = Figures(_figures())

SCORECARD_COLUMNS: tuple[ColumnKind, ...] = (
    "reference", "indicator", "owner", "reporter", "outcome", "months", "sparkline",
    "change_on_month", "change_on_year", "direction", "desired_direction", "average", "maximum",
    "year_to_date", "percentage", "targets_by_year", "variation", "commentary",
)  # fmt: skip

SCORECARD = Table(
    name="Scorecard",
    title="Scorecard",
    columns=SCORECARD_COLUMNS,
    percent_decimals=2,
    target_years=("2022-23", "2023-24"),
    headings={"reference": "No.", "targets_by_year": "{year}"},
    key=(
        KeyBlock(title="Key", lines=("One line", "Another line")),
        KeyBlock(title="Arrows", lines=("▲ better",)),
    ),
    rows=(
        Row(
            measure="referrals",
            reference="PI-QL",
            owner="Head of Service, Front Door",
            reporter="Analyst",
            outcome="Children are helped early.",
            qualitative=True,
        ),
        Row(measure="in_time", judged=False),
        Row(measure="in_full", better="lower"),
        Row(measure="gap_before", better="neither"),
        Row(measure="claims"),
        Row(measure="unknown"),
    ),
)

COMMENTARY = Commentary([
    Comment("referrals", LAST, '=1+1 is "no" formula\nand this a second line'),
    Comment("referrals", LAST.plus(-1), "What was said in June."),
    Comment("gone", LAST, "On a measure that no table shows."),
])  # fmt: skip

LAYOUTS: Mapping[str, Layout] = {
    "scorecard": Layout(name="scorecard", title="Scorecard", months=2, tables=(SCORECARD,)),
    "every_column": Layout(
        name="every_column",
        title="Every column",
        author="Data Team",
        months=3,
        tables=(
            Table(name="All", title="All columns", columns=ALL_COLUMNS, rows=_rows("A note.")),
        ),
    ),
    "one_month": Layout(
        name="one_month",
        title="One month",
        months=1,
        tables=(Table(name="One", title="One month", columns=ALL_COLUMNS, rows=_rows()),),
    ),
    "odd_names": Layout(
        name="odd_names",
        title="Odd names",
        months=2,
        tables=(
            Table(
                name="O'Neil & Co. #1 100%",
                title="Few columns, and a title longer than they are wide",
                columns=("indicator", "months", "sparkline"),
                rows=(Row(measure="referrals", title="Row\nof two lines"),),
            ),
            Table(
                name="Q1",
                title="No months",
                columns=("indicator", "target", "benchmarks"),
                rows=(Row(measure="in_time"), Row(measure="referrals")),
            ),
        ),
    ),
}


def plan_of(layout: Layout) -> Plan:
    months = months_ending(LAST, months_needed(layout, DEFINITIONS.measures))
    return compose(
        WorkbookContent(layout, DEFINITIONS, FIGURES, months, STAMP, commentary=COMMENTARY)
    )


PLANS: Mapping[str, Plan] = {
    **{name: plan_of(layout) for name, layout in LAYOUTS.items()},
    **TEAM_PLANS,
}
