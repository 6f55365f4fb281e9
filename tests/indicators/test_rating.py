"""Judgement on its exact edges: which months are compared, RAG, direction and trend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.definitions.measures import Polarity
from workbook_builder.indicators.rating import (
    AMBER,
    BETTER,
    GREEN,
    RED,
    SAME,
    WORSE,
    Comparison,
    average,
    change,
    comparison,
    direction,
    rag,
    trend,
)

OPPOSITE: dict[Polarity, Polarity] = {"higher": "lower", "lower": "higher"}

values = st.integers(-(10**7), 10**7).map(lambda whole: whole / 1000)
polarities = st.sampled_from(list(OPPOSITE))


def months(text: str) -> list[float | None]:
    """Read "..5" as two blanks and a 5."""
    return [None if mark == "." else float(mark) for mark in text]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("1", (0, None, None)),
        ("12", (1, 0, None)),
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
        ("..1..2..3..4...", (11, 8, None)),  # a quarter is late: the one before still stands
        (".1...2.3.......", (None, None, None)),  # seven months old: no current figure
        (".1....2.3...4..", (12, 8, 1)),  # figures come in now sooner, now later
        ("..1..2..3.....5", (14, None, 2)),  # the quarter before was left out
        (".....", (None, None, None)),
        ("5", (0, None, None)),
    ],
)
def test_a_quarter_is_compared_with_the_quarter_before_and_a_year_before(
    values: str, expected: tuple[int | None, ...]
) -> None:
    assert comparison(months(values), quarterly=True) == Comparison(*expected)


@given(st.lists(st.none() | st.floats(0, 9), max_size=20))
def test_a_quarterly_row_never_compares_blanks(values: list[float | None]) -> None:
    compared = comparison(values, quarterly=True)
    for position in (compared.current, compared.previous, compared.year_ago):
        assert position is None or values[position] is not None


@pytest.mark.parametrize(
    ("value", "target", "better", "expected"),
    [
        (95, 95, "higher", GREEN),
        (96, 95, "higher", GREEN),
        (94.9, 95, "higher", AMBER),
        (0.9026, 0.95, "higher", AMBER),
        (0.9025, 0.95, "higher", RED),  # missed by exactly the tolerance
        (0.9, 0.95, "higher", RED),
        (100, 100, "lower", GREEN),
        (99, 100, "lower", GREEN),
        (104.99, 100, "lower", AMBER),
        (105, 100, "lower", RED),  # missed by exactly the tolerance
        (106, 100, "lower", RED),
        # Of a target of nothing there is no share: met or missed.
        (0, 0, "lower", GREEN),
        (0.001, 0, "lower", RED),
        (0, 0, "higher", GREEN),
        (-0.001, 0, "higher", RED),
        # The tolerance of a negative target counts the same way.
        (-100, -100, "higher", GREEN),
        (-104.99, -100, "higher", AMBER),
        (-105, -100, "higher", RED),
        (-95.01, -100, "lower", AMBER),
        (-95, -100, "lower", RED),
    ],
)
def test_rag_on_its_edges(value: float, target: float, better: Polarity, expected: int) -> None:
    assert rag(value, target, better, 0.05) == expected


@pytest.mark.parametrize("better", list(OPPOSITE))
def test_rag_without_tolerance_is_never_amber(better: Polarity) -> None:
    assert {rag(value, 100, better, 0) for value in (99.999, 100, 100.001)} == {GREEN, RED}


@pytest.mark.parametrize(
    ("current", "previous", "better", "expected"),
    [
        (2, 1, "higher", BETTER),
        (2, 1, "lower", WORSE),
        (1, 2, "higher", WORSE),
        (1, 2, "lower", BETTER),
        (1, 1, "higher", SAME),
        (1, 1, "lower", SAME),
        (0.1 + 0.2, 0.3, "higher", SAME),  # binary noise is no change
    ],
)
def test_direction(current: float, previous: float, better: Polarity, expected: int) -> None:
    assert direction(current, previous, better) == expected


def test_trend_is_free_of_binary_noise() -> None:
    assert trend(0.3, 0.1) == 0.2
    assert trend(1804, 1948) == -144


@given(values, values, polarities, st.sampled_from([0.0, 0.05, 0.1, 0.123456789]))
def test_rag_turned_round_is_the_same(
    value: float, target: float, better: Polarity, tolerance: float
) -> None:
    turned = rag(-value, -target, OPPOSITE[better], tolerance)
    assert rag(value, target, better, tolerance) == turned


@given(values, values, polarities)
def test_direction_turned_round_is_the_same(
    current: float, previous: float, better: Polarity
) -> None:
    judged = direction(current, previous, better)
    assert judged is not None
    assert judged == direction(-current, -previous, OPPOSITE[better])
    assert -judged == direction(previous, current, better)
    assert -judged == direction(current, previous, OPPOSITE[better])


@given(values, values)
def test_trend_has_the_sign_of_the_direction(current: float, previous: float) -> None:
    difference, turned = trend(current, previous), trend(previous, current)
    assert difference is not None and turned == -difference
    assert (difference > 0) - (difference < 0) == direction(current, previous, "higher")


def test_what_is_not_known_is_not_judged() -> None:
    assert rag(None, 1, "higher", 0.05) is rag(1, None, "higher", 0.05) is None
    assert rag(1, 1, None, 0.05) is None
    assert direction(None, 1, "higher") is direction(1, 1, None) is trend(1, None) is None


def test_a_change_is_a_share_in_whole_percents() -> None:
    assert change(110, 100) == 0.1
    assert change(1, 3) == -0.67
    assert change(1, 0) is None


def test_an_average_is_as_printed() -> None:
    assert average([1, 2], 0) == 2.0
    assert average([], 0) is None
