"""All figures in, the same without small numbers out, and without those that give them away.

A count from 1 to n - 1 is hidden, and so is a percentage or an average of which a part is so small.
Where a total and the teams that are shown would give a hidden team away, another team is hidden
too, or else the total; where figures of other measures would, these are. What is worked out from a
hidden figure is hidden with it. Nought is shown: it is about nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.figures import (
    LEAST_LIMIT,
    MOST_LIMIT,
    OFF,
    WHOLE_SERVICE,
    Figure,
    FigureKey,
    Figures,
    Limit,
    Status,
)
from workbook_builder.history.reconcile import Reconciled
from workbook_builder.months import Month
from workbook_builder.problem_catalogue import BAD_LIMIT
from workbook_builder.problems import Problem, Result
from workbook_builder.request import Request
from workbook_builder.suppression.identities import Counts, Overlaps, counts_of
from workbook_builder.suppression.linear_relations import Relations


def with_limit(layout: Layout, asked: Limit | None) -> Result[Layout]:
    """Return the layout with the limit that was asked for; without one it stays as it is."""
    if asked is None:
        return Result(layout)
    if asked == OFF:
        return Result(replace(layout, suppress_under=None))
    if LEAST_LIMIT <= asked <= MOST_LIMIT:
        return Result(replace(layout, suppress_under=asked))
    what = f"the limit for small numbers is not from {LEAST_LIMIT} to {MOST_LIMIT}."
    return Result(layout, (Problem(BAD_LIMIT, what, done="Nothing was written."),))


def limit_words(layout: Layout, asked: Limit | None) -> str:
    """Say which small numbers are hidden and who said so; nothing where nobody said anything."""
    who = "as the layout says" if asked is None else "as chosen for this workbook"
    if layout.suppress_under is None:
        return "" if asked is None else f"All are shown, {who}"
    hidden = _numbers(layout.suppress_under)
    return f"Figures about {hidden} are hidden, {who}, and what would give them away: [c]"


def withheld_words(layout: Layout, request: Request) -> str:
    """Say why the numbers of an explained measure are not given; nothing where they are.

    They count what enters and what each exclusion takes away, which a workbook shows nowhere: no
    rule that is made for workbooks can say which of them give a hidden figure away.
    """
    if layout.suppress_under is None or not request.inputs:
        return ""
    who = "the layout hides" if request.suppress_under is None else "it was asked to hide"
    few = _numbers(layout.suppress_under)
    return (
        f"Its numbers are not given, because {who} figures about {few}, which they could give away."
    )


def _numbers(limit: int) -> str:
    return "1" if limit == LEAST_LIMIT else f"1 to {limit - 1}"


_Table = Mapping[str, Figure]


def apply_suppression(
    settled: Reconciled, under: int | None, definitions: Definitions
) -> Reconciled:
    """Return settled figures without those that a layout hides, and without their revisions."""
    if under is None:
        return settled
    parts = {name: set(definitions.with_parts([name])) - {name} for name in definitions.measures}
    figures = suppressed(settled.computed.figures, under, parts, counts_of(definitions))
    hidden = {one.key for one in figures if one.status is Status.SUPPRESSED}
    return replace(
        settled,
        computed=replace(settled.computed, figures=figures),
        revisions=tuple(
            one for one in settled.revisions if (one.measure, one.month, one.team) not in hidden
        ),
        listed={key: one for key, one in settled.listed.items() if key not in hidden},
    )


def suppressed(
    figures: Figures, under: int, parts: Mapping[str, Iterable[str]], counts: Counts | None = None
) -> Figures:
    """Hide the figures with numbers from 1 to `under` - 1, and what would give them away.

    `parts` names for each measure the others that it is worked out from, `counts` says which of
    their numbers count the same or overlap.
    """
    every = {figure.key: figure for figure in figures}
    hidden = {key for key, figure in every.items() if _is_small(figure, under)}
    tables = _tables(every.values())
    overlaps = Overlaps(every.values(), counts or {}, under)
    relations = Relations(every.values(), counts or {}, under)
    while True:
        more = {*_given_away(tables, hidden), *_worked_out(every, hidden, parts)}
        more |= set(overlaps.given_away(hidden))
        more -= hidden
        more = more or set(relations.given_away(hidden))
        if not more:
            return Figures(_hidden(one) if key in hidden else one for key, one in every.items())
        hidden |= more


def _hidden(figure: Figure) -> Figure:
    return replace(figure, numerator=None, denominator=None, value=None,
                   status=Status.SUPPRESSED, mark="")  # fmt: skip


def _is_small(figure: Figure, under: int) -> bool:
    """Tell whether a figure, or the rest that a percentage leaves, is about few."""
    if figure.value is None:
        return False
    numbers = [figure.numerator, figure.denominator]
    if figure.numerator is None and figure.denominator is None:
        numbers = [figure.value]
    elif figure.numerator is not None and figure.denominator is not None:
        numbers.append(figure.denominator - figure.numerator)
    return any(number is not None and 0 < number < under for number in numbers)


def _tables(figures: Iterable[Figure]) -> list[_Table]:
    """Return the figures of each measure and month by team."""
    found: defaultdict[tuple[str, Month], dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        found[figure.measure, figure.month][figure.team] = figure
    return [table for table in found.values() if len(table) > 1]


def _given_away(tables: Iterable[_Table], hidden: set[FigureKey]) -> Iterator[FigureKey]:
    """Yield one more figure to hide for each table whose hidden teams can be told."""
    for table in tables:
        whole = table.get(WHOLE_SERVICE)
        teams = [one for team, one in table.items() if team != WHOLE_SERVICE]
        dark = [one for one in teams if one.key in hidden]
        if whole is None or whole.key in hidden or not dark:
            continue
        if any(_can_be_told(dark, part) for part in ("numerator", "denominator", "value")):
            lit = [one for one in teams if one.key not in hidden and one.value is not None]
            yield min(lit, key=_next_to_hide).key if lit else whole.key


def _can_be_told(dark: Sequence[Figure], part: str) -> bool:
    """Tell whether the sum of hidden numbers, each at least 1, leaves only one way."""
    known = [number for one in dark if (number := _added(one, part))]
    return len(known) == 1 or (len(known) > 1 and sum(known) <= len(dark))


def _added(figure: Figure, part: str) -> float | None:
    """Return a number that teams add up to; a percentage is none."""
    if part == "value" and (figure.numerator is not None or figure.denominator is not None):
        return None
    number: float | None = getattr(figure, part)
    return number


def _next_to_hide(figure: Figure) -> tuple[bool, float, str]:
    """Order the figures shown by how little is lost: the smallest first, noughts last."""
    size = figure.numerator if figure.numerator is not None else figure.value or 0.0
    return size == 0, size, figure.team


def _worked_out(
    every: Mapping[FigureKey, Figure], hidden: set[FigureKey], parts: Mapping[str, Iterable[str]]
) -> Iterator[FigureKey]:
    """Yield what is worked out from a hidden figure, by which it could be worked back."""
    for measure, month, team in every:
        if any((part, month, team) in hidden for part in parts.get(measure, ())):
            yield measure, month, team
