"""Process limits held against published examples, and each rule of Making Data Count."""

from __future__ import annotations

import pytest

from workbook_builder.indicators.spc import Verdict, variation, xmr_limits

#: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 "Individuals Control Charts": flow rates
#: of ten batches, with a mean of 50.81, a mean moving range of 1.8778 and limits of 45.8159 and
#: 55.8041. These divide by 1.128, where 2.66 is 3 / 1.128 rounded.
NIST = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]

#: Around 50, no value special: mean 50, mean moving range 2, limits 44.68 and 55.32.
CALM = [51.0, 49.0] * 8


def test_limits_are_those_of_the_published_example() -> None:
    limits = xmr_limits(NIST)
    assert limits
    assert limits.mean == pytest.approx(50.81)
    assert limits.upper - limits.mean == pytest.approx(2.66 * 1.8778, abs=1e-3)
    assert limits.lower == pytest.approx(45.8159, abs=2e-3)
    assert limits.upper == pytest.approx(55.8041, abs=2e-3)
    assert all(limits.lower < value < limits.upper for value in NIST)  # as the handbook says


def test_a_gap_has_no_moving_range_across_it() -> None:
    limits = xmr_limits([10.0, 12.0, None, 100.0, 101.0])
    assert limits
    assert limits.upper - limits.mean == pytest.approx(2.66 * 1.5)
    assert limits.mean == pytest.approx(223 / 4)


@pytest.mark.parametrize("values", [[], [None], [5.0], [5.0, None, 6.0]])
def test_of_too_few_values_there_are_no_limits(values: list[float | None]) -> None:
    assert xmr_limits(values) is None


def test_of_fewer_than_twelve_months_nothing_is_said() -> None:
    assert variation(CALM[:11], "higher") is None
    assert variation([*CALM[:11], None], "higher") is None
    assert variation([*CALM[:13], None], "higher") is None
    assert variation([None, *CALM[:12]], "higher") is not None


def test_the_usual_variation_is_common() -> None:
    found = variation(CALM, "higher")
    assert found
    assert (found.verdict, found.side, found.rules) == ("common", 0, ())
    constant = variation([5.0] * 13, "higher")
    assert constant
    assert constant.verdict == "common"


@pytest.mark.parametrize(
    ("last", "rules", "side"),
    [
        ([70.0], ("outside",), 1),
        ([30.0], ("outside",), -1),
        ([52.0, 51.9, 52.0, 51.9, 52.0, 51.9, 52.0], ("shift",), 1),
        ([52.0, 51.9, 52.0, 51.9, 52.0, 51.9], (), 0),  # six are not enough
        ([48.0, 48.1, 48.0, 48.1, 48.0, 48.1, 48.0], ("shift",), -1),
        ([47.0, 48.0, 49.0, 50.0, 51.0, 52.0, 53.0], ("trend",), 1),
        ([48.0, 48.5, 49.0, 50.5, 51.0, 51.5], (), 0),  # the 49 before is no lower
        ([53.0, 52.0, 51.0, 50.0, 49.0, 48.0, 47.0], ("trend",), -1),
        ([55.8, 51.5, 55.8], ("near",), 1),
        ([55.8, 55.8, 51.5], (), 0),  # the last one is not near
        ([55.8, 49.0, 55.8], (), 0),  # one of the three is on the other side
        ([44.2, 48.5, 44.2], ("near",), -1),
    ],
)
def test_each_rule(last: list[float], rules: tuple[str, ...], side: int) -> None:
    found = variation([*CALM, *last], None)
    assert found
    assert (found.rules, found.side) == (rules, side)


@pytest.mark.parametrize(
    ("last", "better", "verdict"),
    [
        (70.0, "higher", "improving"), (70.0, "lower", "concerning"), (70.0, None, "high"),
        (30.0, "higher", "concerning"), (30.0, "lower", "improving"), (30.0, None, "low"),
    ],
)  # fmt: skip
def test_the_polarity_says_whether_it_is_good(
    last: float, better: object, verdict: Verdict
) -> None:
    found = variation([*CALM, last], better)  # type: ignore[arg-type]
    assert found
    assert found.verdict == verdict
