"""Rows judged as a whole: blanks, missing targets and polarities, one month only."""

from __future__ import annotations

import pytest

from tests.sheets.examples import DEFINITIONS, FIGURES, LAST, LAYOUTS
from workbook_builder.definitions.targets import MISSING, Entry
from workbook_builder.figures import REASONS, Status
from workbook_builder.indicators.rating import AMBER, BETTER, GREEN, WORSE
from workbook_builder.indicators.rows import Indicator, judged_rows
from workbook_builder.months import months_ending


def judged(months: int) -> dict[str, Indicator]:
    (table,) = LAYOUTS["every_column"].tables
    rows = judged_rows(table, DEFINITIONS, FIGURES, months_ending(LAST, months))
    return {row.measure: row for row in rows}


@pytest.mark.parametrize(
    ("measure", "rag", "direction", "trend"),
    [
        ("referrals", AMBER, BETTER, -5.0),
        ("in_time", AMBER, WORSE, -0.01),  # 94 % as printed against 94.5 %
        ("in_full", None, WORSE, -0.004),  # a target for another year is none
        ("days", None, None, 2.4),  # neither target nor polarity; 12.35 is printed 12.4
        ("gap_now", None, None, None),
        ("gap_before", None, None, None),
        ("unknown", None, None, None),
    ],
)
def test_row_is_judged(
    measure: str, rag: int | None, direction: int | None, trend: float | None
) -> None:
    row = judged(3)[measure]
    assert (row.rag, row.direction, row.trend) == (rag, direction, trend)


def test_blank_months_say_why() -> None:
    rows = judged(3)
    assert rows["gap_now"].months[-1].value is None
    assert rows["gap_now"].months[-1].reason == REASONS[Status.UNFINISHED]
    assert rows["gap_before"].months[-2].reason == REASONS[Status.NOT_COVERED]
    assert [shown.value for shown in rows["unknown"].months] == [None] * 3


def test_values_are_as_printed() -> None:
    rows = judged(3)
    assert [shown.value for shown in rows["in_time"].months] == [0.9, 0.95, 0.94]
    assert [shown.value for shown in rows["days"].months] == [11.3, 10.0, 12.4]


def test_one_month_has_a_rating_but_nothing_to_compare_with() -> None:
    row = judged(1)["in_time"]
    assert (row.rag, row.direction, row.trend) == (AMBER, None, None)


def test_rating_follows_the_rounded_value() -> None:
    row = judged(2)["in_time"]
    assert row.target == Entry(0.945)
    assert row.months[0].value == 0.95  # 94.9 % is printed 95 % and so would be green
    assert judged_rows(
        LAYOUTS["every_column"].tables[0], DEFINITIONS, FIGURES, months_ending(LAST.plus(-1), 1)
    )[1].rag == GREEN  # fmt: skip


def test_a_rows_own_words_come_before_the_targets() -> None:
    (table,) = LAYOUTS["every_column"].tables
    rows = judged(3)
    assert rows["referrals"].note == "Rate of 639"
    assert rows["in_time"].note == table.rows[1].note == "A note."


def test_benchmarks_stand_in_the_comparators_order() -> None:
    rows = judged(3)
    assert rows["in_time"].benchmarks == (Entry(0.876), MISSING, Entry(0.9))
    assert rows["referrals"].benchmarks == (MISSING, MISSING, MISSING)
