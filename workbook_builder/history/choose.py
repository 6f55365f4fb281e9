"""Which of several earlier workbooks is last month's, and whether it is our own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from workbook_builder.definitions.layouts import Layout
from workbook_builder.history import kinds
from workbook_builder.history.past import Past
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, Where


def chosen(pasts: Sequence[Past], layout: Layout, month: Month) -> Result[Past | None]:
    """Choose last month's workbook for a month: the newest, if possible not of a later month.

    Of two that are of one month the one of the same layout is taken, else the later one. Workbooks
    of another council are an error, whichever is chosen.
    """
    if not pasts:
        return Result(None)
    foreign = [problem for past in pasts for problem in _foreign(past, layout)]
    newest = max(pasts, key=lambda past: _order(past, layout, month))
    others = [_not_chosen(past, newest) for past in pasts if past is not newest]
    later = [_later(newest, month)] if newest.month > month else []
    return Result(newest, (*foreign, *others, *later))


def _order(past: Past, layout: Layout, month: Month) -> tuple[bool, Month, bool, datetime, str]:
    same = past.layout == layout.name
    return past.month <= month, past.month, same, past.created or datetime.min, past.name


def _foreign(past: Past, layout: Layout) -> Iterator[Problem]:
    where = Where(past.name)
    if past.authority and layout.authority:
        if same_name(past.authority) != same_name(layout.authority):
            what = f'the workbook is of "{past.authority}", the layout of "{layout.authority}".'
            yield Problem(kinds.OTHER_AUTHORITY, what, where, "Nothing was written.")
    elif past.author and layout.author and same_name(past.author) != same_name(layout.author):
        what = f'the workbook is by "{past.author}", the layout by "{layout.author}".'
        yield Problem(kinds.OTHER_AUTHOR, what, where, "Its figures were taken over.")


def _not_chosen(past: Past, newest: Past) -> Problem:
    what = f"this is the workbook of {past.month.label}."
    done = f"It was left out; {newest.name}, of {newest.month.label}, was taken."
    return Problem(kinds.NOT_THE_NEWEST, what, Where(past.name), done)


def _later(past: Past, month: Month) -> Problem:
    what = f"the workbook is of {past.month.label}, later than {month.label}, which is being built."
    done = f"Only its figures up to {month.label} were taken over."
    return Problem(kinds.LATER, what, Where(past.name), done)
