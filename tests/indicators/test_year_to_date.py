"""The year to date: what adds up over months, and when a year is summed."""

from __future__ import annotations

import pytest

from workbook_builder.definitions.measures import Children, Count, Measure, Percentage, Sum
from workbook_builder.figures import Figure, Figures, Status
from workbook_builder.indicators.rows import NOT_ADDED, year_to_date
from workbook_builder.months import Month, months_ending

JULY = Month(2023, 7)
MEASURES: dict[str, Measure] = {
    "count": Count(name="count", title="C", count_of="d", during="day"),
    "rolling": Count(name="rolling", title="R", count_of="d", during="day", over="12 months"),
    "stock": Count(name="stock", title="S", count_of="d", open=("a", "b")),
    "children": Children(name="children", title="K", children_of="d", during="day"),
    "share": Percentage(name="share", title="P", percentage_of="d", during="day", where="x"),
    "sum": Sum(name="sum", title="S", sum_of=("count",), minus=("count",)),
    "mixed": Sum(name="mixed", title="M", sum_of=("count", "stock")),
}


def figures_of(measure: str, blank: int = 0) -> Figures:
    """Return figures of 1 in 2, 2 in 4, ... one of them blank so many months back."""
    months = months_ending(JULY, 13)
    figures = []
    for number, month in enumerate(months, 1):
        if blank and len(months) - number == blank:
            figures.append(Figure(measure, month, "", None, None, None, Status.NOT_COVERED))
        else:
            figures.append(
                Figure(measure, month, "", number, 2.0 * number, number, Status.CALCULATED)
            )
    return Figures(figures)


@pytest.mark.parametrize(
    ("measure", "value"),
    [("count", 10 + 11 + 12 + 13), ("share", 0.5), ("sum", 46), ("rolling", None), ("stock", None),
     ("children", None), ("mixed", None)],
)  # fmt: skip
def test_only_what_falls_in_a_month_adds_up(measure: str, value: float | None) -> None:
    months = months_ending(JULY, 13)
    total = year_to_date(MEASURES[measure], MEASURES, figures_of(measure), months)
    assert total.value == value
    assert (total == NOT_ADDED) == (value is None)


@pytest.mark.parametrize("measure", ["count", "share"])
def test_a_year_with_a_blank_month_is_not_summed(measure: str) -> None:
    held = months_ending(JULY, 13)
    assert (
        year_to_date(MEASURES[measure], MEASURES, figures_of(measure, blank=2), held).value is None
    )
    assert year_to_date(MEASURES[measure], MEASURES, figures_of(measure, blank=5), held).value


def test_a_year_that_the_table_does_not_hold_is_not_summed() -> None:
    months = months_ending(JULY, 3)
    assert year_to_date(MEASURES["count"], MEASURES, figures_of("count"), months) == NOT_ADDED
