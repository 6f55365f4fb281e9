"""What stands out among all indicators of a month: ratings, targets missed, largest changes.

Each measure counts once, by the first row of the layout that rates it, since one measure may stand
in several tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbook_builder.figures import Figures
from workbook_builder.indicators.headline import headline, missed_by
from workbook_builder.indicators.rating import AMBER, GREEN, RED, change, rag
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month
from workbook_builder.problems import counted
from workbook_builder.workbook_format import KEY_MESSAGES

#: The words of the ratings, worst first.
RATING_WORDS = {RED: "red", AMBER: "amber", GREEN: "green"}
#: A change of so few children is no movement of a service.
_SMALL = 10
#: Of so many indicators a sentence gives the names.
_MOST_NAMED = 3
#: There are no more key messages than there is room for, and than a board hears.
MOST_MESSAGES = len(KEY_MESSAGES)


@dataclass(frozen=True)
class Rated:
    """An indicator with its rating now and a month (or a quarter) before, None where it has none.

    Both are against the target of now, so that a change of rating is one of the figures.
    """

    indicator: Indicator
    now: int | None
    before: int | None

    @property
    def has_changed(self) -> bool:
        """Whether it was rated both times, and otherwise."""
        return None not in (self.now, self.before) and self.now != self.before


@dataclass(frozen=True)
class Mover:
    """An indicator with its change on the month before, as a share of what it was."""

    indicator: Indicator
    share: float


@dataclass(frozen=True)
class Highlights:
    """What stands out: every measure with its ratings, and those that lead each list."""

    rated: tuple[Rated, ...]
    furthest: tuple[Indicator, ...]
    better: tuple[Mover, ...]
    worse: tuple[Mover, ...]

    def count(self, rating: int) -> int:
        """Return how many indicators have a rating now."""
        return sum(each.now == rating for each in self.rated)

    def count_before(self, rating: int) -> int:
        """Return how many indicators had a rating a month before."""
        return sum(each.before == rating for each in self.rated)

    @property
    def changed(self) -> tuple[Rated, ...]:
        """The indicators whose rating has changed."""
        return tuple(each for each in self.rated if each.has_changed)

    @property
    def blank(self) -> tuple[Indicator, ...]:
        """The indicators that have no figure to judge or to show."""
        return tuple(each.indicator for each in self.rated if _value_now(each.indicator) is None)


def highlights(indicators: Iterable[Indicator], figures: Figures, most: int) -> Highlights:
    """Return what stands out among the rows of all tables; lists are no longer than `most`.

    `figures` tell which percentages are of few: they move no list.
    """
    rated = tuple(map(_rated, each_measure_once(indicators)))
    missed = [each.indicator for each in rated if each.now in (RED, AMBER)]
    missed.sort(key=lambda indicator: -(missed_by(indicator) or 0.0))
    movers = [mover for each in rated if (mover := _mover(each.indicator, figures))]
    improving = sorted((m for m in movers if _is_better(m)), key=lambda mover: -abs(mover.share))
    worsening = sorted((m for m in movers if not _is_better(m)), key=lambda m: -abs(m.share))
    return Highlights(rated, tuple(missed[:most]), tuple(improving[:most]), tuple(worsening[:most]))


def each_measure_once(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Return one indicator of each measure: the first that is rated, or else the first."""
    chosen: dict[str, Indicator] = {}
    for indicator in indicators:
        known = chosen.get(indicator.measure)
        if known is None or (known.rag is None and indicator.rag is not None):
            chosen[indicator.measure] = indicator
    return tuple(chosen.values())


def _rated(indicator: Indicator) -> Rated:
    target = indicator.target.number if indicator.target else None
    before = indicator.value_at(indicator.compared.previous)
    return Rated(
        indicator, indicator.rag, rag(before, target, indicator.better, indicator.tolerance)
    )


def _value_now(indicator: Indicator) -> float | None:
    return indicator.value_at(indicator.compared.current)


def _mover(indicator: Indicator, figures: Figures) -> Mover | None:
    """Return an indicator that moved for better or worse, unless it is about few."""
    positions = (indicator.compared.previous, indicator.compared.current)
    before, now = (indicator.value_at(position) for position in positions)
    if before is None or now is None or not indicator.desired or before == now:
        return None
    share = change(now, before)
    for position, value in zip(positions, (before, now), strict=True):
        if position is None or _is_of_few(indicator, indicator.months[position].month, value,
                                          figures):  # fmt: skip
            return None
    return None if share is None else Mover(indicator, share)


def _is_of_few(indicator: Indicator, month: Month, value: float, figures: Figures) -> bool:
    figure = figures.get(indicator.measure, month)
    if indicator.unit == "percent":
        whole = figure.denominator if figure else None
        return whole is not None and whole < _SMALL
    return value < _SMALL


def _is_better(mover: Mover) -> bool:
    return (mover.share > 0) == (mover.indicator.desired == "higher")


def key_messages(found: Highlights, news: Sequence[str]) -> tuple[str, ...]:
    """Return three to six sentences on a month, made from its figures, to be edited by people.

    `news` say what is new since the last publication.
    """
    sentences = dict.fromkeys(_sentences(found))
    room = MOST_MESSAGES - min(len(sentences), MOST_MESSAGES - 1)
    return (*list(sentences)[: MOST_MESSAGES - 1], *news[:room])[:MOST_MESSAGES]


def _sentences(found: Highlights) -> Iterator[str]:
    yield _ratings_sentence(found)
    if found.changed:
        yield _changed_sentence(found.changed)
    leading = (found.furthest[:1], [m.indicator for m in found.worse[:1]],
               [m.indicator for m in found.better[:1]], found.furthest[1:2])  # fmt: skip
    for indicators in leading:
        yield from (f"{headline(indicator)}." for indicator in indicators)


def _ratings_sentence(found: Highlights) -> str:
    red, amber, green = (found.count(rating) for rating in RATING_WORDS)
    rated = red + amber + green
    if not rated:
        return "No indicator has both a figure and a target, so nothing is rated."
    are = "is" if red == 1 else "are"
    before = found.count_before(RED)
    was = "as before" if before == red else f"{before} before"
    whole = counted(rated, "rated indicator")
    return f"{red} of {whole} {are} red ({was}), {amber} amber and {green} green."


def _changed_sentence(changed: Sequence[Rated]) -> str:
    """Say which ratings have changed, by name where they are few."""
    better = [each for each in changed if (each.now or 0) > (each.before or 0)]
    worse = [each for each in changed if each not in better]
    parts = [f"rated {word} than before: {_named(group)}"
             for word, group in (("better", better), ("worse", worse)) if group]  # fmt: skip
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _named(group: Sequence[Rated]) -> str:
    return named([each.indicator for each in group], counted(len(group), "indicator"))


def named(indicators: Sequence[Indicator], many: str) -> str:
    """Return the names of indicators as a sentence has them, or `many` in place of more than a few.

    There must be at least one.
    """
    if len(indicators) > _MOST_NAMED:
        return many
    *others, last = (indicator.name for indicator in indicators)
    return f"{', '.join(others)} and {last}" if others else last
