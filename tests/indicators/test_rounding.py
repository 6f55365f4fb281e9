"""Rounding half away from zero, and values as they are printed."""

from __future__ import annotations

import pytest

from workbook_builder.definitions.measures import Unit
from workbook_builder.indicators.rounding import decimals_shown, printed, rounded, value_text


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
    ("value", "unit", "decimals", "expected"),
    [
        (1285.0, "number", 0, "1,285"),
        (94.45, "number", 1, "94.5"),
        (0.945, "percent", 0, "95%"),
        (0.9445, "percent", 1, "94.5%"),
        (-0.4, "number", 0, "0"),
        (None, "number", 0, "blank"),
    ],
)
def test_values_as_text(value: float | None, unit: Unit, decimals: int, expected: str) -> None:
    assert value_text(value, unit, decimals) == expected
