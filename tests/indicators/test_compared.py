"""Which months are held against one another, and the year to date."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.definitions.measures import Children, Count, Measure, Percentage, Sum
from workbook_builder.figures import Figure, Figures, Status
from workbook_builder.indicators.rating import NOT_ADDED, Comparison, comparison, to_date
from workbook_builder.months import Month, months_ending

N = None


def months(text: str) -> list[float | None]:
    """Read "..5" as two blanks and a 5."""
    return [None if mark == "." else float(mark) for mark in text]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("1", (0, N, N)),
        ("12", (1, 0, N)),
        ("1.........." + "..", (12, 11, 0)),
        ("1" * 14, (13, 12, 1)),
    ],
)
def test_a_month_is_compared_with_the_month_before_and_a_year_before(
    values: str, expected: tuple[int | None, ...]
) -> None:
    assert comparison(months(values)) == Comparison(*expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("..1..2..3..4..5", (14, 11, 2)),  # the quarter's month is the reporting month
        (".1..2..3..4..5.", (13, 10, 1)),  # a month later: never blank for that
        ("1..2..3..4..5..", (12, 9, 0)),  # two months later
        ("..1..2..3..4...", (11, 8, N)),  # a quarter is late: the one before still stands
        (".1...2.3.......", (N, N, N)),  # seven months old: no current figure
        (".1....2.3...4..", (12, 8, 1)),  # figures come in now sooner, now later
        ("..1..2..3.....5", (14, N, 2)),  # the quarter before was left out
        (".....", (N, N, N)),
        ("5", (0, N, N)),
    ],
)
def test_a_quarter_is_compared_with_the_quarter_before_and_a_year_before(
    values: str, expected: tuple[int | None, ...]
) -> None:
    assert comparison(months(values), quarterly=True) == Comparison(*expected)


@given(st.lists(st.none() | st.floats(0, 9), max_size=20))
def test_a_quarterly_row_never_compares_blanks(values: list[float | None]) -> None:
    found = comparison(values, quarterly=True)
    for position in (found.current, found.previous, found.year_ago):
        assert position is None or values[position] is not None


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
    last = months_ending(JULY, 13)
    made = []
    for at, month in enumerate(last, 1):
        back = len(last) - at
        if blank and back == blank:
            made.append(Figure(measure, month, "", None, None, None, Status.NOT_COVERED))
        else:
            made.append(Figure(measure, month, "", at, 2.0 * at, at, Status.CALCULATED))
    return Figures(made)


@pytest.mark.parametrize(
    ("measure", "value"),
    [("count", 10 + 11 + 12 + 13), ("share", 0.5), ("sum", 46), ("rolling", N), ("stock", N),
     ("children", N), ("mixed", N)],
)  # fmt: skip
def test_only_what_falls_in_a_month_adds_up(measure: str, value: float | None) -> None:
    found = to_date(MEASURES[measure], MEASURES, figures_of(measure), months_ending(JULY, 13))
    assert found.value == value
    assert (found == NOT_ADDED) == (value is None)


@pytest.mark.parametrize("measure", ["count", "share"])
def test_a_year_with_a_blank_month_is_not_summed(measure: str) -> None:
    held = months_ending(JULY, 13)
    assert to_date(MEASURES[measure], MEASURES, figures_of(measure, blank=2), held).value is None
    assert to_date(MEASURES[measure], MEASURES, figures_of(measure, blank=5), held).value


def test_a_year_that_the_table_does_not_hold_is_not_summed() -> None:
    held = months_ending(JULY, 3)
    assert to_date(MEASURES["count"], MEASURES, figures_of("count"), held) == NOT_ADDED
