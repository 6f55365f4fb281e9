"""Which small numbers a workbook hides: what was asked goes before what its layout says."""

from __future__ import annotations

from dataclasses import replace

from workbook_builder.definitions.layouts import Layout
from workbook_builder.figures import LEAST_LIMIT, MOST_LIMIT, OFF, Limit
from workbook_builder.outcomes import BAD_LIMIT, Request
from workbook_builder.problems import Problem, Result


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
