"""Targets by year and by date, and what may stand in a target's or a benchmark's cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.targets import MISSING, MISSING_MARKS, Entry, Target, entry_of
from workbook_builder.months import Month

SHIPPED = Path(__file__).parents[2] / "layouts"
SAMPLE = Path(__file__).parents[2] / "sample_inputs"


def month(text: str) -> Month:
    parsed = Month.parse(text)
    assert parsed
    return parsed


@pytest.mark.parametrize(
    ("value", "entry"),
    [
        (273, Entry(273.0)),
        (0, Entry(0.0)),
        (0.36, Entry(0.36)),
        ("<36%", Entry(0.36, "<", in_percent=True)),
        (">=0.9", Entry(0.9, ">=")),
        ("< 20", Entry(20.0, "<")),
        ("\u2264 7.3 %", Entry(0.073, "<=", in_percent=True)),
        ("36%", Entry(0.36, in_percent=True)),
        ("80,850", Entry(80850.0)),
        ("0", Entry(0.0)),
        ("TBC", Entry(word="TBC")),
        ("tbc", Entry(word="TBC")),
        (" Local ", Entry(word="Local")),
    ],
)
def test_what_an_entry_may_be(value: object, entry: Entry) -> None:
    assert entry_of(value) == entry


@pytest.mark.parametrize(
    "value", ["abc", "36 per cent", "<", "%", "1,0", "< TBC", True, [1], float("nan"), 10**400]
)
def test_anything_else_is_a_fault(value: object) -> None:
    with pytest.raises(PydanticCustomError):
        entry_of(value)


@given(st.sampled_from(sorted(MISSING_MARKS)), st.booleans(), st.sampled_from(["", " "]))
def test_a_missing_mark_is_never_a_number(mark: str, upper: bool, space: str) -> None:
    text = space + (mark.upper() if upper else mark) + space
    assert entry_of(text) == MISSING
    target = Target(name="t", years={"2023-24": entry_of(text)})
    assert target.in_force(month("2023-07")) is None
    assert target.in_year("2023-24") is None


@given(st.text(max_size=12))
def test_only_digits_make_a_number(text: str) -> None:
    try:
        entry = entry_of(text)
    except PydanticCustomError:
        return
    assert (entry.number is not None) == any(mark.isdigit() for mark in text)


def entries(**values: object) -> dict[str, Entry]:
    return {key.replace("_", "-"): entry_of(value) for key, value in values.items()}


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2022-03", None),
        ("2022-04", 0.7),
        ("2023-03", 0.7),
        ("2023-04", 0.8),
        ("2023-06", 0.8),  # the month's last day is before the day from which 0.9 holds
        ("2023-07", 0.9),
        ("2024-03", 0.9),
        ("2024-04", 0.9),  # no year's target begins, so what holds from a day on still holds
        ("2024-08", None),  # marked as missing from then on
        ("2025-04", 0.95),
        ("2026-04", None),  # a year's target ends with its year
    ],
)
def test_what_began_last_is_in_force(when: str, expected: float | None) -> None:
    years = {"2022-23": Entry(0.7), "2023-24": Entry(0.8), "2025-26": Entry(0.95)}
    dates = {"2023-07-31": Entry(0.9), "2024-08-01": MISSING}
    entry = Target(name="t", years=years, dates=dates).in_force(month(when))
    assert (entry.number if entry else None) == expected


def test_a_day_says_it_more_exactly_than_the_year_that_begins_with_it() -> None:
    target = Target(name="t", years={"2023-24": Entry(1)}, dates={"2023-04-01": Entry(2)})
    assert target.in_force(month("2023-04")) == Entry(2)


@given(
    begins=st.lists(st.dates(date(2018, 1, 1), date(2026, 12, 31)), unique=True, min_size=1),
    when=st.dates(date(2017, 1, 1), date(2027, 12, 31)),
)
def test_dates_alone_never_end(begins: list[date], when: date) -> None:
    dates = {str(day): Entry(float(day.toordinal())) for day in begins}
    entry = Target(name="t", dates=dates).in_force(Month.of(when))
    begun = [day for day in begins if day <= Month.of(when).last_day]
    assert entry == (Entry(float(max(begun).toordinal())) if begun else None)


def test_a_years_target_is_what_is_in_force_at_its_end() -> None:
    years = {"2017-18": entry_of(112), "2018-19": entry_of("TBC"), "2019-20": entry_of("<100")}
    target = Target(name="t", years=years, dates={"2020-01-01": Entry(90.0)})
    assert target.in_year("2017-18") == Entry(112.0)
    assert target.in_year("2018-19") == Entry(word="TBC")
    assert target.in_year("2019-20") == Entry(90.0)
    assert target.in_year("2016-17") is None


def test_a_target_without_any_value_is_a_fault() -> None:
    with pytest.raises(ValidationError):
        Target(name="t")


def test_the_monthly_datasets_targets_are_there() -> None:
    targets = load_definitions([SHIPPED, SAMPLE]).value.targets
    names = ("children_in_care", "placed_ifa_number", "care_leavers_in_suitable_accommodation")
    years = ("2017-18", "2018-19", "2019-20")
    shown = {name: tuple(targets[name].in_year(year) for year in years) for name in names}
    tbc = Entry(word="TBC")
    assert shown == {
        "children_in_care": (Entry(515.0), Entry(460.0), Entry(390.0)),
        "placed_ifa_number": (Entry(112.0), tbc, tbc),
        "care_leavers_in_suitable_accommodation": (Entry(0.92), Entry(0.93), Entry(0.94)),
    }


@pytest.mark.parametrize(
    ("measure", "values"),
    [
        ("referrals", (340, 354, 470)),
        ("assessments_over_45_days", ("21.1%", "17.1%", "7.1%")),
        ("children_in_care_rate", (69, 62, 41)),
        ("contacts", ("Local", "Local", "Local")),
        ("not_in_education_employment_or_training", ("6.1%", "6.0%", "6.4%")),
        ("foster_carers", ("-", "-", "-")),
    ],
)
def test_the_monthly_datasets_benchmarks_are_there(
    measure: str, values: tuple[object, ...]
) -> None:
    known = load_definitions([SHIPPED, SAMPLE]).value
    names = known.layouts["scorecard"].comparators or ()
    titles = [known.comparators[name].title for name in names]
    assert titles == ["Stat. Neighbour", "England", "SE region"]
    typed = known.benchmarks.get(measure)
    shown = [typed.shown(known.comparators[name]) if typed else MISSING for name in names]
    wanted = [entry_of(value) for value in values]
    assert [(entry.number, entry.word) for entry in shown] == [
        (entry.number, entry.word) for entry in wanted
    ]
