"""Hide figures that are about few people, and figures that would disclose them.

A count from 1 to n - 1 is hidden (primary suppression), and so is a percentage or an average of
which a part is so small. Where a total and the visible teams would disclose a hidden team, another
team is hidden too, or else the total; where figures of other measures would, these are (secondary
suppression). What is derived from a hidden figure is hidden with it. Nought is shown: it is about
nobody.
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
from workbook_builder.history.reconcile_published_figures import Reconciled
from workbook_builder.months import Month
from workbook_builder.problem_catalogue import BAD_LIMIT
from workbook_builder.problems import Problem, Result
from workbook_builder.request import Request
from workbook_builder.suppression.identities import Counts, DisclosureByOverlap, counts_of
from workbook_builder.suppression.linear_relations import DisclosureByEquations


def with_limit(layout: Layout, asked: Limit | None) -> Result[Layout]:
    """Return the layout with the limit that was asked for; without one it stays as it is."""
    if asked is None:
        return Result(layout)
    if asked == OFF:
        return Result(replace(layout, suppress_under=None))
    if LEAST_LIMIT <= asked <= MOST_LIMIT:
        return Result(replace(layout, suppress_under=asked))
    text = f"the limit for small numbers is not from {LEAST_LIMIT} to {MOST_LIMIT}."
    return Result(layout, (Problem(BAD_LIMIT, text, done="Nothing was written."),))


def limit_words(layout: Layout, asked: Limit | None) -> str:
    """Say which small numbers are hidden and who said so; nothing where nobody said anything."""
    who = "as the layout says" if asked is None else "as chosen for this workbook"
    if layout.suppress_under is None:
        return "" if asked is None else f"All are shown, {who}"
    few = _small_numbers(layout.suppress_under)
    return f"Figures about {few} are hidden, {who}, and what would give them away: [c]"


def withheld_words(layout: Layout, request: Request) -> str:
    """Say why the numbers of an explained measure are not given; nothing where they are.

    They count what enters and what each exclusion takes away, which a workbook shows nowhere: no
    rule that is made for workbooks can say which of them give a hidden figure away.
    """
    if layout.suppress_under is None or not request.inputs:
        return ""
    who = "the layout hides" if request.suppress_under is None else "it was asked to hide"
    few = _small_numbers(layout.suppress_under)
    return (
        f"Its numbers are not given, because {who} figures about {few}, which they could give away."
    )


def _small_numbers(limit: int) -> str:
    return "1" if limit == LEAST_LIMIT else f"1 to {limit - 1}"


def apply_suppression(
    reconciled: Reconciled, under: int | None, definitions: Definitions
) -> Reconciled:
    """Return reconciled figures without those that a layout hides, and without their revisions."""
    if under is None:
        return reconciled
    parts = {name: set(definitions.with_parts([name])) - {name} for name in definitions.measures}
    figures = suppress_figures(reconciled.computed.figures, under, parts, counts_of(definitions))
    hidden = {figure.key for figure in figures if figure.status is Status.SUPPRESSED}
    revisions = tuple(
        revision
        for revision in reconciled.revisions
        if (revision.measure, revision.month, revision.team) not in hidden
    )
    listed = {key: each for key, each in reconciled.listed.items() if key not in hidden}
    computed = replace(reconciled.computed, figures=figures)
    return replace(reconciled, computed=computed, revisions=revisions, listed=listed)


def suppress_figures(
    figures: Figures, under: int, parts: Mapping[str, Iterable[str]], counts: Counts | None = None
) -> Figures:
    """Hide the figures with numbers from 1 to `under` - 1, and those that would disclose them.

    `parts` names for each measure the others that it is derived from, `counts` says which of their
    numbers count the same or overlap.
    """
    by_key = {figure.key: figure for figure in figures}
    hidden = {key for key, figure in by_key.items() if _is_small(figure, under)}
    teams: defaultdict[tuple[str, Month], dict[str, Figure]] = defaultdict(dict)
    for figure in by_key.values():
        teams[figure.measure, figure.month][figure.team] = figure
    overlaps = DisclosureByOverlap(by_key.values(), counts or {}, under)
    equations = DisclosureByEquations(by_key.values(), counts or {}, under)
    while True:
        disclosing = {
            *_disclosing_teams(teams.values(), hidden),
            *_derived_from_hidden(by_key, hidden, parts),
            *overlaps.disclosing(hidden),
        } - hidden
        disclosing = disclosing or set(equations.disclosing(hidden))
        if not disclosing:
            break
        hidden |= disclosing
    return Figures(
        replace(figure, numerator=None, denominator=None, value=None,
                status=Status.SUPPRESSED, mark="")
        if key in hidden else figure
        for key, figure in by_key.items()
    )  # fmt: skip


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


def _disclosing_teams(
    tables: Iterable[Mapping[str, Figure]], hidden: set[FigureKey]
) -> Iterator[FigureKey]:
    """Yield one more figure to hide for each measure and month whose hidden teams are disclosed."""
    for table in tables:
        whole = table.get(WHOLE_SERVICE)
        teams = [figure for team, figure in table.items() if team != WHOLE_SERVICE]
        hidden_teams = [figure for figure in teams if figure.key in hidden]
        if whole is None or whole.key in hidden or not hidden_teams:
            continue
        parts = ("numerator", "denominator", "value")
        if any(_is_disclosed(hidden_teams, part) for part in parts):
            visible = [figure for figure in teams
                       if figure.key not in hidden and figure.value is not None]  # fmt: skip
            yield min(visible, key=_loss).key if visible else whole.key


def _is_disclosed(hidden_teams: Sequence[Figure], part: str) -> bool:
    """Tell whether the sum of hidden numbers, each at least 1, can come about in one way only."""
    numbers: list[float] = []
    for figure in hidden_teams:
        is_ratio = figure.numerator is not None or figure.denominator is not None
        number = None if part == "value" and is_ratio else getattr(figure, part)
        if number:
            numbers.append(number)
    return len(numbers) == 1 or (len(numbers) > 1 and sum(numbers) <= len(hidden_teams))


def _loss(figure: Figure) -> tuple[bool, float, str]:
    """Order visible figures by how little is lost by hiding them: smallest first, noughts last."""
    size = figure.numerator if figure.numerator is not None else figure.value or 0.0
    return size == 0, size, figure.team


def _derived_from_hidden(
    figures: Iterable[FigureKey], hidden: set[FigureKey], parts: Mapping[str, Iterable[str]]
) -> Iterator[FigureKey]:
    """Yield what is derived from a hidden figure, from which it could be worked back."""
    for measure, month, team in figures:
        if any((part, month, team) in hidden for part in parts.get(measure, ())):
            yield measure, month, team
