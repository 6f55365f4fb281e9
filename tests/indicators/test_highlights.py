"""What stands out of a month: each measure once, few children never, sentences of the figures."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.indicators.test_headline import LAST, indicator, numbers
from workbook_builder.definitions.targets import Entry
from workbook_builder.figures import Figure, Figures, Status
from workbook_builder.indicators.highlights import (
    MOST_MESSAGES,
    Highlights,
    each_measure_once,
    highlights,
    key_messages,
)
from workbook_builder.indicators.rating import AMBER, GREEN, RED, rag
from workbook_builder.indicators.rows import Indicator

NONE = Figures(())


def rated(
    name: str, before: float | None, now: float | None, target: float = 0.9, **changes: object
) -> Indicator:
    """An indicator for which higher is better, rated against its target as the tables rate it."""
    return indicator([before, now], **({
        "measure": name, "short": name, "target": Entry(target), "desired": "higher",
        "rag": rag(now, target, "higher", 0.05),
    } | changes))  # fmt: skip


def found(indicators: Iterable[Indicator], figures: Figures = NONE, most: int = 5) -> Highlights:
    return highlights(indicators, figures, most)


def names(indicators: Iterable[Indicator]) -> list[str]:
    return [each.name for each in indicators]


def test_ratings_are_counted_now_and_before() -> None:
    month = found([
        rated("up", 0.7, 0.95), rated("down", 0.95, 0.88), rated("red", 0.5, 0.6),
        rated("new", None, 0.2), rated("blank", 0.5, None), numbers([5.0, 6.0], measure="contacts"),
    ])  # fmt: skip
    assert [month.count(rating) for rating in (RED, AMBER, GREEN)] == [2, 1, 1]
    assert [month.count_before(rating) for rating in (RED, AMBER, GREEN)] == [3, 0, 1]
    assert names(each.indicator for each in month.changed) == ["up", "down"]
    assert names(month.blank) == ["blank"]


def test_a_measure_counts_once_by_the_row_that_is_rated() -> None:
    plain = rated("visits", 0.7, 0.8, rag=None)
    judged = rated("visits", 0.7, 0.8)
    again = rated("visits", 0.7, 0.8, 0.5)
    assert each_measure_once([plain, judged, again]) == (judged,)
    assert found([plain, judged, again]).count(RED) == 1


def test_the_furthest_from_target_miss_most_of_it() -> None:
    month = found(
        [rated("near", 0.8, 0.88), rated("far", 0.8, 0.3), rated("met", 0.8, 0.95),
         rated("half", 0.8, 0.5), rated("under", 5.0, 30.0, 20.0, better="lower",
                                        rag=rag(30.0, 20.0, "lower", 0.05))],
        most=3,
    )  # fmt: skip
    assert names(month.furthest) == ["far", "under", "half"]


def test_movers_are_told_by_the_share_of_what_they_were_and_the_better_way() -> None:
    month = found([
        rated("a little up", 0.80, 0.82), rated("far up", 0.4, 0.8), rated("down", 0.8, 0.6),
        rated("same", 0.7, 0.7),
        numbers([100.0, 150.0], measure="more", short="more", desired="lower"),
        numbers([100.0, 60.0], measure="neither", short="neither", desired=None),
    ])  # fmt: skip
    assert names(mover.indicator for mover in month.better) == ["far up", "a little up"]
    assert names(mover.indicator for mover in month.worse) == ["more", "down"]
    assert [mover.share for mover in month.better] == [1.0, pytest.approx(0.03)]


def test_what_is_about_few_is_no_movement() -> None:
    few = Figure("few", LAST, "", 4, 5, 0.8, Status.CALCULATED)
    many = Figure("many", LAST, "", 40, 50, 0.8, Status.CALCULATED)
    figures = Figures([few, many])
    month = found([
        rated("few", 0.4, 0.8), rated("many", 0.4, 0.8),
        numbers([2.0, 8.0], measure="adopted", short="adopted", desired="higher"),
        numbers([0.0, 80.0], measure="from none", short="from none", desired="higher"),
    ], figures)  # fmt: skip
    assert names(mover.indicator for mover in month.better) == ["many"]


def test_messages_are_sentences_of_the_figures() -> None:
    month = found([
        rated("visits", 0.95, 0.8), rated("core groups", 0.4, 0.5), rated("plans", 0.7, 0.95),
    ])  # fmt: skip
    assert key_messages(month, ["One figure is new."]) == (
        "2 of 3 rated indicators are red (as before), 0 amber and 1 green.",
        "Rated better than before: plans; rated worse than before: visits.",
        "Core groups rose to 50%, target 90%.",
        "Visits fell to 80%, target 90%.",
        "Plans rose to 95%, target 90%.",
        "One figure is new.",
    )


def test_there_are_no_more_messages_than_a_board_hears() -> None:
    many = [rated(f"measure {number}", 0.9, 0.5 + number / 100) for number in range(20)]
    messages = key_messages(found(many), ["One.", "Two.", "Three."])
    assert len(messages) == MOST_MESSAGES
    assert len(set(messages)) == MOST_MESSAGES
    assert "Rated worse than before: 20 indicators." in messages


def test_without_targets_nothing_is_rated_and_the_messages_say_so() -> None:
    messages = key_messages(
        found([numbers([100.0, 150.0], measure="contacts", desired="lower")]), ["Nothing new."]
    )
    assert messages == (
        "No indicator has both a figure and a target, so nothing is rated.",
        "Contacts rose to 150.",
        "Nothing new.",
    )


def test_a_workbook_without_figures_has_messages_too() -> None:
    month = found([indicator([None, None], measure="a")])
    assert key_messages(month, ["No earlier workbook."]) == (
        "No indicator has both a figure and a target, so nothing is rated.",
        "No earlier workbook.",
    )
