"""Judgement of single values, on its exact edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.definitions.measures import Polarity, Unit
from workbook_builder.indicators.rating import (
    AMBER,
    BETTER,
    GREEN,
    RED,
    SAME,
    WORSE,
    decimals_shown,
    direction,
    printed,
    rag,
    rounded,
    trend,
)

OPPOSITE: dict[Polarity, Polarity] = {"higher": "lower", "lower": "higher"}

values = st.integers(-(10**7), 10**7).map(lambda whole: whole / 1000)
polarities = st.sampled_from(list(OPPOSITE))


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (12.5, 0, 13.0),
        (-12.5, 0, -13.0),
        (11.5, 0, 12.0),
        (0.285, 2, 0.29),
        (1.005, 2, 1.01),
        (-0.285, 2, -0.29),
        (12.499999, 0, 12.0),
        (1e15, 9, 1e15),
        (1e15 + 0.5, 0, 1e15 + 1),
        (1e300, 9, 1e300),
        (1e-300, 9, 0.0),
        (5e-324, 0, 0.0),
        (0.5, 0, 1.0),
    ],
)
def test_rounding_is_half_away_from_zero(value: float, places: int, expected: float) -> None:
    assert rounded(value, places) == expected


@pytest.mark.parametrize("value", [-0.0, -0.4, -1e-300])
def test_rounding_never_gives_minus_zero(value: float) -> None:
    assert str(rounded(value, 0)) == "0.0"


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        (0.945, "percent", 0, 0.95),
        (0.9449, "percent", 0, 0.94),
        (0.9445, "percent", 1, 0.945),
        (94.5, "number", 0, 95.0),
        (94.45, "number", 1, 94.5),
    ],
)
def test_value_is_printed_in_its_unit(
    value: float, unit: Unit, decimals: int, expected: float
) -> None:
    assert printed(value, unit, decimals) == expected


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        (0.95, "percent", 0, 0),
        (0.945, "percent", 0, 1),
        (0.9, "percent", 2, 2),
        (273.0, "number", 0, 0),
        (1000.0, "number", 0, 0),
        (59.25, "number", 1, 2),
        (0.0, "number", 0, 0),
    ],
)
def test_decimals_shown_show_all_of_a_target(
    value: float, unit: Unit, decimals: int, expected: int
) -> None:
    assert decimals_shown(value, unit, decimals) == expected


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
    assert judged == direction(-current, -previous, OPPOSITE[better])
    assert judged == -direction(previous, current, better)
    assert judged == -direction(current, previous, OPPOSITE[better])


@given(values, values)
def test_trend_has_the_sign_of_the_direction(current: float, previous: float) -> None:
    change = trend(current, previous)
    assert (change > 0) - (change < 0) == direction(current, previous, "higher")
    assert change == -trend(previous, current)
