"""The sentence on an indicator: what it says of every kind of history, and what it never says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from workbook_builder.definitions.targets import Entry
from workbook_builder.figures import REASONS, Status
from workbook_builder.indicators.headline import headline, missed_by, most_telling
from workbook_builder.indicators.rating import trend
from workbook_builder.indicators.rows import Indicator, Shown
from workbook_builder.months import Month, months_ending

LAST = Month(2023, 7)
_BEFORE = [0.8, 0.75, 0.8, 0.72, 0.7, 0.75, 0.71, 0.74, 0.72, 0.75, 0.73]


def indicator(values: Sequence[float | None], **changes: object) -> Indicator:
    """An indicator with these values up to July 2023, the last one compared with that before."""
    months = months_ending(LAST, len(values))
    shown = tuple(Shown(month, value) for month, value in zip(months, values, strict=True))
    keys: dict[str, Any] = {
        "measure": "m", "reference": "", "title": "Percentage with a core group in time",
        "short": "core groups in time", "unit": "percent", "decimals": 0, "better": "higher",
        "months": shown, "target": None, "tolerance": 0.05, "benchmarks": (), "note": "",
        "rag": None, "direction": None,
        "trend": trend(values[-1], values[-2]) if len(values) > 1 else None,
    } | changes  # fmt: skip
    return Indicator(**keys)


def numbers(values: Sequence[float | None], **changes: object) -> Indicator:
    return indicator(values, **({"unit": "number", "short": "contacts", "better": None} | changes))


def test_the_sentence_of_a_board() -> None:
    falling = indicator([*_BEFORE, 0.71, 0.65], target=Entry(0.95))
    said = "Core groups in time fell to 65%, target 95%: lowest of 13 months"
    assert headline(falling) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([310.0], "Contacts at 310"),
        ([310.0, 285.0], "Contacts fell to 285"),
        ([285.0, 1310.0], "Contacts rose to 1,310"),
        ([285.0, 285.0], "Contacts stayed at 285"),
        ([3.0, 2.0, 1.0, 0.0], "Contacts fell to 0: lowest of 4 months"),
        ([3.0, 2.0, 1.0], "Contacts fell to 1"),
        ([5.0, 7.0, None, 6.0], "Contacts at 6"),
        ([5.0, 7.0, 6.0, None, 8.0], "Contacts at 8: highest of the 4 months with a figure"),
        ([9.0, 4.0, 4.0, 4.0, 4.0], "Contacts stayed at 4: the same for 4 months"),
        ([4.0, 4.0, 4.0], "Contacts stayed at 4"),
        ([9.0, 2.0, 3.0, 4.0, 5.0], "Contacts rose to 5: third rise in a row"),
        ([9.0, 1.0, 3.0, 5.0, 4.0, 6.0, 7.0, 8.0], "Contacts rose to 8: highest since Dec-22"),
        ([2.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 2.0], "Contacts fell to 2: lowest since Dec-22"),
        ([5.0, 9.0, 7.0, 6.0, 8.0], "Contacts rose to 8"),
        ([9.0, *range(1, 8), 8.0], "Contacts rose to 8: highest since Nov-22"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_history(values: list[float | None], said: str) -> None:
    assert headline(numbers(values)) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (2, ""),
        (3, ": third fall in a row"),
        (5, ": fifth fall in a row"),
        (6, ": lowest since Dec-22"),
        (9, ": lowest since Sep-22"),
    ],
)
def test_a_run_is_counted_until_it_is_the_lowest_for_long(count: int, said: str) -> None:
    falls = [20.0, *map(float, range(30 + count, 29, -1))]
    low_before = [20.0, 19.0, *falls[1:]]
    assert headline(numbers(low_before)) == f"Contacts fell to 30{said}"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (None, ""),
        (Entry(word="TBC"), ""),
        (Entry(0.36, sign="<"), ", target under 36%"),
        (Entry(0.145, sign=">="), ", target at least 14.5%"),
        (Entry(0.36, sign=">"), ", target over 36%"),
        (Entry(0.36, sign="<="), ", target at most 36%"),
        (Entry(0.0), ", target 0%"),
    ],
)
def test_the_target_is_said_in_full_or_not_at_all(target: Entry | None, said: str) -> None:
    sentence = headline(indicator([0.5, 0.6], target=target))
    assert sentence == f"Core groups in time rose to 60%{said}"


def test_values_are_as_printed_in_the_tables() -> None:
    assert headline(indicator([0.5, 0.612], decimals=1)) == "Core groups in time rose to 61.2%"


def test_a_measure_without_a_short_name_goes_by_its_title() -> None:
    assert headline(indicator([0.5], short="")).startswith(
        "Percentage with a core group in time at"
    )


@pytest.mark.parametrize("status", [Status.NO_EXTRACT, Status.UNFINISHED, Status.NOT_JUDGED])
def test_a_blank_says_why_and_nothing_of_earlier_months(status: Status) -> None:
    months = months_ending(LAST, 2)
    shown = (Shown(months[0], 0.5), Shown(months[1], None, REASONS[status]))
    sentence = headline(indicator([0.5, None], months=shown, target=Entry(0.95)))
    assert sentence.startswith("Core groups in time: no figure for Jul-23 (")
    assert "%" not in sentence
    assert not sentence.endswith(".)")


def test_a_hidden_figure_gives_nothing_away() -> None:
    months = months_ending(LAST, 13)
    values = [0.5] * 12
    shown = (*map(Shown, months, values), Shown(LAST, None, REASONS[Status.SUPPRESSED]))
    sentence = headline(indicator([*values, None], months=shown[:12] + shown[-1:]))
    assert sentence == (
        "Core groups in time: not shown for Jul-23, because it is a small number or would reveal "
        "one"
    )


def test_hidden_months_before_are_not_counted() -> None:
    months = months_ending(LAST, 5)
    hidden = REASONS[Status.SUPPRESSED]
    shown = [Shown(month, value, "" if value else hidden)
             for month, value in zip(months, [5.0, 6.0, None, 7.0, 8.0], strict=True)]  # fmt: skip
    sentence = headline(numbers([5.0, 6.0, None, 7.0, 8.0], months=tuple(shown)))
    assert sentence == "Contacts rose to 8: highest of the 4 months with a figure"


def test_nothing_at_all() -> None:
    assert headline(indicator([None])) == "Core groups in time: no figure for Jul-23"
    assert headline(indicator([0.5], months=())) == "Core groups in time: no figures"


def test_a_quarterly_figure_names_its_month_and_counts_quarters() -> None:
    values = [5.0, None, None, 6.0, None, None, 7.0, None, None, 8.0, None]
    claims = numbers(values, quarterly=True, trend=1.0)
    assert headline(claims) == "Contacts rose to 8 in Jun-23: highest of 4 quarters"
    level = [8.0, None, None, 8.0, None, None, 8.0, None, None, 8.0, None]
    same = numbers(level, quarterly=True, trend=0.0)
    assert headline(same) == "Contacts stayed at 8 in Jun-23: the same for 4 quarters"
    none = numbers([None] * 9, quarterly=True, trend=None)
    assert headline(none) == "Contacts: no figure for Jul-23"


def test_how_far_from_the_target() -> None:
    assert missed_by(indicator([0.76], target=Entry(0.95))) == pytest.approx(0.2)
    assert missed_by(indicator([0.3], target=Entry(0.2), better="lower")) == pytest.approx(0.5)
    assert missed_by(indicator([0.97], target=Entry(0.95))) == pytest.approx(-0.02 / 0.95)
    for unknown in (
        indicator([0.76]), indicator([None], target=Entry(0.95)),
        indicator([0.76], target=Entry(0.95), better=None), indicator([0.76], target=Entry(0.0)),
    ):  # fmt: skip
        assert missed_by(unknown) is None


def test_which_indicator_tells_most() -> None:
    red = indicator([0.5, 0.6], target=Entry(0.95))
    redder = indicator([0.5, 0.5], target=Entry(0.95))
    green = indicator([0.5, 0.99], target=Entry(0.95))
    highest = numbers([3.0, 2.0, 1.0, 4.0])
    moved = numbers([3.0, 9.0])
    blank = numbers([3.0, None])
    assert most_telling([green, red, redder]) is redder
    assert most_telling([moved, highest, green]) is highest
    assert most_telling([blank, moved]) is moved
    assert most_telling([blank, numbers([1.0, None])]) is blank
