"""The other council is the same for the same seed, hangs together, and its count is sound."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.other_council.__main__ import Score, build, compare
from tests.other_council.calendar import months_before, working_days_before, working_days_between
from tests.other_council.children import Council, invent
from tests.other_council.expected import MEASURES, Figure, expected
from tests.other_council.variants import FORMS, VARIANTS, deliver

MONTH = "2024-03"


@cache
def council() -> Council:
    return invent(1, "small", MONTH)


def open_now(name: str, start: str, end: str) -> pd.DataFrame:
    rows, day = council().tables[name], pd.Timestamp(council().month_end)
    return rows[(rows[start] <= day) & (rows[end] > day)]


def test_a_seed_always_draws_the_same_council() -> None:
    again = invent(1, "small", MONTH)
    for name, table in council().tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])


def test_it_is_a_small_council() -> None:
    assert 25 <= len(open_now("children_in_care", "care_start_date", "care_end_date")) <= 75
    assert 35 <= len(open_now("cp_plans", "cp_plan_start_date", "cp_plan_end_date")) <= 100


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("cp_plans", "cp_plan_start_date", "cp_plan_end_date"),
        ("children_in_care", "care_start_date", "care_end_date"),
    ],
)
def test_no_child_has_two_spells_at_once(name: str, start: str, end: str) -> None:
    rows = council().tables[name].sort_values(["child_id", start])
    assert (rows[end] > rows[start]).all()
    before = rows.groupby("child_id")[end].shift()
    assert (before.isna() | (before <= rows[start])).all()


def test_every_child_in_care_has_a_placement() -> None:
    in_care = open_now("children_in_care", "care_start_date", "care_end_date")["child_id"]
    placed = open_now("placements", "placement_start_date", "placement_end_date")["child_id"]
    assert set(in_care) == set(placed)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2023, 6, 2), date(2023, 6, 5), 1),  # Friday to Monday
        (date(2023, 4, 6), date(2023, 4, 11), 1),  # over Easter
        (date(2022, 12, 23), date(2022, 12, 28), 1),  # over Christmas
        (date(2023, 6, 3), date(2023, 6, 5), 1),  # from a Saturday
        (date(2023, 6, 5), date(2023, 6, 5), 0),
    ],
)
def test_working_days(start: date, end: date, days: int) -> None:
    taken = working_days_between(
        pd.Series([pd.Timestamp(start)]), pd.Series([pd.Timestamp(end)])
    )  # fmt: skip
    assert taken.tolist() == [days]


def test_days_back() -> None:
    assert working_days_before(date(2023, 6, 30), 10) == date(2023, 6, 16)
    assert months_before(date(2023, 8, 31), 6) == date(2023, 2, 28)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_every_variant_can_be_written(form: str) -> None:
    for name, variant in VARIANTS.items():
        if form in variant.forms:
            delivery = deliver(council(), form, name)
            assert all(len(sheet.table.columns) for sheet in delivery.sheets)


def test_complete_lists_tell_everything() -> None:
    answers = expected(deliver(council(), "lists", "run_on_last_day"))
    unknown = {
        measure for (measure, _), answer in answers.items() if not isinstance(answer, Figure)
    }
    # Snapshots without a history are known for the reporting month only.
    assert unknown == {name for name in MEASURES if name.startswith("care_leavers_")} - {
        "care_leavers_supervised"
    }
    assert all(isinstance(answers[measure, MONTH], Figure) for measure in MEASURES)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "variant", "size"),
    [
        ("lists", "clean", "small"), ("lists", "todays_children", "small"),
        ("lists", "open_only", "small"),
        ("annex_a", "clean", "small"), ("ssda903", "clean", "small"),
    ],
)  # fmt: skip
def test_a_workbook_shows_what_can_be_counted_and_nothing_else(
    form: str, variant: str, size: str, tmp_path: Path
) -> None:
    asked = council() if size == "small" else invent(1, size, MONTH)
    truth = expected(deliver(asked, "lists", "clean"))
    delivery = deliver(asked, form, variant)
    score = Score()
    compare(delivery, expected(delivery), truth, build(delivery, tmp_path), score)
    assert score.refused == 0
    assert score.wrong == 0, score.examples
    assert score.shown_unknown == 0, score.examples
    assert score.blank_known <= (0.08 if form == "annex_a" else 0.01) * score.known
