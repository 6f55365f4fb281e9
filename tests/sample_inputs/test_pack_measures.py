"""Measures beyond the board's tables, for its slides and beside national figures: recounted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from tests.sample_inputs.test_care import allocations, care, placements, reviews
from tests.sample_inputs.test_services import (
    MONTH_ENDS,
    MONTHS,
    SAMPLES,
    day,
    enquiries,
    in_month,
    open_at,
    own_cp,
    second_plan,
    sheet,
)
from workbook_builder.figures import NO_TEAM
from workbook_builder.python_api import build, read_figures
from workbook_builder.request import Request

FILES = (
    "S47_export.csv", "CIN and CP plans.xlsx", "CLA part 1.csv", "CLA part 2.csv",
    "CLA reviews.xlsx", "ICPC.xlsx", "Placements.csv", "Social worker allocations.csv",
)  # fmt: skip
#: Each measure, and how the team of its records is headed, if it is shown by team.
TEAMS = {
    "cp_plans_18_months_number": "Team Name",
    "section_47_to_initial_conference": "Allocated Team",
    "cp_plans_repeat": "Team Name",
    "cla_visited_at_review": "Team",
    "cp_plans_two_years": "Team Name",
    "cp_plans_ended_two_years": "Team Name",
    "cp_review_up_to_date": "Team Name",
    "cla_three_workers": "Team",
    "new_placements_near": "",
}
#: For the whole service and each month, the percentage shown or, of a number, the number.
EXPECTED = {
    "cp_plans_18_months_number": [22, 32, 41, 44, 48, 46, 51, 51, 50, 45, 40, 41, 38],
    "section_47_to_initial_conference": [10, 23, 25, 18, 21, 13, 18, 18, 31, 26, 21, 23, 17],
    "cp_plans_repeat": [25, 38, 52, 50, 44, 31, 43, 24, 31, 37, 48, 19, 38],
    "cla_visited_at_review": [63, 63, 65, 69, 71, 74, 73, 77, 84, 90, 95, 95, 95],
}

Counted = tuple[pd.DataFrame, "pd.Series[bool]"]


def long_plans() -> Iterator[Counted]:
    for end in MONTH_ENDS:
        rows = open_at(own_cp(), end)
        rows = rows[rows.start <= end - pd.DateOffset(months=18)]
        yield rows, pd.Series(True, index=rows.index)


def enquiries_to_conference() -> Iterator[Counted]:
    for month in MONTHS:
        rows = enquiries()[in_month(enquiries().end, month)]
        yield rows, rows["S47 Led to ICPC"] == "Y"


def repeat_plans() -> Iterator[Counted]:
    for month in MONTHS:
        rows = own_cp()[in_month(own_cp().start, month)]
        yield rows, second_plan()[rows.index]


def visited_at_review() -> Iterator[Counted]:
    for end in MONTH_ENDS:
        rows = open_at(care(), end)
        held = reviews()[reviews().day <= end].sort_values("day").groupby("child").last()
        yield rows, rows.child.isin(held.index[held["Visits in Time"] == "Yes"])


def two_year_plans() -> Iterator[Counted]:
    for end in MONTH_ENDS:
        rows = open_at(own_cp(), end)
        yield rows, rows.start <= end - pd.DateOffset(years=2)


def ended_after_two_years() -> Iterator[Counted]:
    for month in MONTHS:
        rows = own_cp()[in_month(own_cp().end, month)]
        yield rows, rows.start <= rows.end - pd.DateOffset(years=2)


def plans_reviewed() -> Iterator[Counted]:
    held = sheet("ICPC.xlsx", "RCPC")
    held = held.assign(day=pd.to_datetime(held["Date of RCPC"].map(day)))
    for end in MONTH_ENDS:
        rows = open_at(own_cp(), end)
        rows = rows[rows.start <= end - pd.DateOffset(months=3)]
        lately = held[held.day.between(end - pd.DateOffset(months=6), end)]
        last = lately.groupby("Child ID").day.max()
        yield rows, rows.child.map(last) > rows.start


def three_workers() -> Iterator[Counted]:
    for end in MONTH_ENDS:
        rows = open_at(care(), end)
        year = allocations()[
            (allocations().start <= end) & ~(allocations().end <= end - pd.DateOffset(years=1))
        ]
        workers = year.groupby("child")["Social Worker ID"].nunique()
        yield rows, rows.child.map(workers).fillna(0) >= 3


def placed_near() -> Iterator[Counted]:
    for month in MONTHS:
        rows = placements()[in_month(placements().start, month)].dropna(subset="miles")
        yield rows, rows.miles < 20


RECOUNTS: dict[str, Callable[[], Iterator[Counted]]] = {
    "cp_plans_18_months_number": long_plans,
    "section_47_to_initial_conference": enquiries_to_conference,
    "cp_plans_repeat": repeat_plans,
    "cla_visited_at_review": visited_at_review,
    "cp_plans_two_years": two_year_plans,
    "cp_plans_ended_two_years": ended_after_two_years,
    "cp_review_up_to_date": plans_reviewed,
    "cla_three_workers": three_workers,
    "new_placements_near": placed_near,
}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The program's figures of these measures, from the extracts that they need."""
    folder = tmp_path_factory.mktemp("pack")
    rows = ", ".join(f'{{ measure = "{measure}" }}' for measure in TEAMS)
    layout = folder / "pack.toml"
    layout.write_text(
        'title = "Pack"\nauthor = "Nobody"\nmonths = 13\nfile_name = "Pack {month}.xlsx"\n'
        '[[tables]]\nname = "Pack"\ntitle = "Pack"\ncolumns = ["indicator", "months"]\n'
        f"rows = [{rows}]\n",
        encoding="utf-8",
    )
    inputs = tuple(SAMPLES / name for name in FILES)
    built = build(Request(inputs=inputs, out=folder / "pack.xlsx", layout=str(layout)))
    assert built.written is not None, built.problems
    return read_figures(built)


def recount(measure: str) -> Iterator[tuple[str, pd.Period, str, int, int]]:
    """Measure, month, team ("" for the whole service), numerator and denominator."""
    for month, (rows, met) in zip(MONTHS, RECOUNTS[measure](), strict=True):
        yield measure, month, "", int(met.sum()), len(rows)
        for team, flags in met.groupby(rows[TEAMS[measure]]) if TEAMS[measure] else ():
            yield measure, month, str(team), int(flags.sum()), len(flags)


@pytest.mark.parametrize("measure", TEAMS)
def test_every_month_and_team_is_as_recounted(figures: pd.DataFrame, measure: str) -> None:
    own = figures[(figures.measure == measure) & (figures.team != NO_TEAM)]
    counted = {
        (month, team): (int(numerator), int(denominator))
        for month, team, numerator, denominator in zip(
            own.month, own.team, own.numerator, own.denominator.fillna(own.numerator), strict=True
        )
        if denominator
    }
    wanted = {(month, team): (met, rows) for _, month, team, met, rows in recount(measure)}
    assert counted == wanted
    assert (len({team for _, team in counted}) > 5) == bool(TEAMS[measure])


@pytest.mark.parametrize("measure", EXPECTED)
def test_the_whole_service_is_as_written_down(figures: pd.DataFrame, measure: str) -> None:
    own = figures[(figures.measure == measure) & (figures.team == "")]
    scale = 1 if own.denominator.isna().all() else 100
    assert [int(scale * value + 0.5) for value in own.value] == EXPECTED[measure]
