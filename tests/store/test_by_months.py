"""What does not fit into memory for all months is counted for fewer of them at a time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from workbook_builder.months import Month, months_ending
from workbook_builder.store.engine import Exhausted, OutOfMemory, Rows, retry_by_month

MONTHS = months_ending(Month(2023, 7), 13)


class Small:
    """An engine with memory for so many months at once."""

    def __init__(self, most: int, fault: type[Exhausted] = OutOfMemory) -> None:
        self.most, self.fault = most, fault
        self.months: tuple[Month, ...] = MONTHS
        self.asked: list[int] = []

    def set_months(self, months: Sequence[Month]) -> None:
        self.months = tuple(months)

    def rows(self) -> Rows:
        self.asked.append(len(self.months))
        if len(self.months) > self.most:
            raise self.fault("too much")
        return [(month,) for month in self.months]


@pytest.mark.parametrize("most", [1, 2, 5, 12, 13])
def test_each_month_is_counted_once_and_in_order(most: int) -> None:
    engine = Small(most)
    assert retry_by_month(engine.rows, engine.set_months, MONTHS) == [(month,) for month in MONTHS]
    assert engine.months == MONTHS
    assert (len(engine.asked) == 1) == (most == 13)


def test_what_fits_for_no_month_is_given_up() -> None:
    engine = Small(0)
    with pytest.raises(OutOfMemory):
        retry_by_month(engine.rows, engine.set_months, MONTHS)


def test_what_takes_too_long_is_not_tried_again() -> None:
    engine = Small(0, Exhausted)
    with pytest.raises(Exhausted):
        retry_by_month(engine.rows, engine.set_months, MONTHS)
    assert engine.asked == [13]
