"""A difference from a published figure in words: what it was, would be, and what explains it."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.definitions.measures import (
    Average,
    Children,
    ChildrenInAny,
    ChildrenPercentage,
    Measure,
    Rate,
)
from workbook_builder.indicators.judge import digits, printed
from workbook_builder.months import Month
from workbook_builder.problems import counted
from workbook_builder.revisions import NOTHING, Action, Revision

_NO_MEASURE = Measure(name="unknown", title="unknown")
_MOST_DECIMALS = 6


def decimals_of(revision: Revision, measure: Measure | None) -> int:
    """Return the digits after the point that show a difference: more than are printed elsewhere."""
    known = measure or _NO_MEASURE
    values = [revision.published.value, revision.recalculated.value]
    if known.unit == "number" and all(
        value is None or float(value).is_integer() for value in values
    ):
        return 0
    difference = abs(revision.difference or 0.0)
    wanted = known.decimals
    while wanted < _MOST_DECIMALS and difference < 10.0 ** -digits(known.unit, wanted):
        wanted += 1
    return wanted


def value_text(value: float | None, measure: Measure | None, decimals: int) -> str:
    """Write a value as it is printed: "285", "94.9%"."""
    if value is None:
        return "blank"
    known = measure or _NO_MEASURE
    shown = printed(value, known.unit, decimals)
    return f"{shown:.{decimals}%}" if known.unit == "percent" else f"{shown:,.{decimals}f}"


def explanation(revision: Revision, measure: Measure | None) -> str:
    """Say what explains a difference: so many records more or fewer, or what a person did."""
    parts = [*_by_hand(revision, measure), *_by_records(revision, measure or _NO_MEASURE)]
    return " ".join(parts)


def mark(revision: Revision, measure: Measure | None, month: Month) -> str:
    """Write the note on a cell whose figure is not, or no longer, what today's extracts give."""
    decimals = decimals_of(revision, measure)
    published = value_text(revision.published.value, measure, decimals)
    today = value_text(revision.recalculated.value, measure, decimals)
    told = revision.recalculated.value is not None
    given = {
        Action.KEPT: f"As published. Today's extracts give {today}." if told else "As published.",
        Action.REPLACED: f"Today's figure. {published} was published.",
        Action.TYPED: "",
        Action.CLEARED: "",
    }[revision.action]
    listed = revision.listed or month
    where = f"See the Revisions sheet of {listed.label}."
    return " ".join(part for part in (given, explanation(revision, measure), where) if part)


def _by_hand(revision: Revision, measure: Measure | None) -> Iterator[str]:
    if revision.action is Action.FILLED:
        yield "It was blank when the month was published."
    if revision.action is Action.CLEARED:
        yield "It was taken out of last month's workbook by hand."
    if revision.action is Action.TYPED:
        written = revision.written.value if revision.written else None
        text = value_text(written, measure, decimals_of(revision, measure))
        what = "nothing" if written is None else text
        yield f"It was typed by hand into a finished workbook; the program had written {what}."


def _by_records(revision: Revision, measure: Measure) -> Iterator[str]:
    before, after = revision.published, revision.recalculated
    if after == NOTHING:
        told = "no record of this team" if revision.team else "no figure"
        yield f"Today's extracts give {told}."
        return
    if revision.action is Action.FILLED or before.same(after):
        return
    if before == NOTHING:
        yield "No figure of this team was published."
    elif before.numerator is None and before.denominator is None:
        yield "It was published without numerator and denominator."
    else:
        changes = list(_changes(revision, measure))
        same = "The numbers behind it are the same: it is worked out in another way."
        yield f"{', '.join(changes)}." if changes else same


def _changes(revision: Revision, measure: Measure) -> Iterator[str]:
    before, after = revision.published, revision.recalculated
    single = before.denominator is None and after.denominator is None
    over = _change(before.numerator, after.numerator, _noun(measure))
    under = _change(before.denominator, after.denominator, _noun(measure))
    if isinstance(measure, Average):
        over = _change(before.numerator, after.numerator, "")
        yield from (f"{text} in the sum of the values" for text in over)
        yield from under
    elif isinstance(measure, Rate):
        yield from (f"{text} counted" for text in over)
        yield from (f"population: {text}" for text in
                    _change(before.denominator, after.denominator, "person", "people"))  # fmt: skip
    else:
        yield from over if single else (f"{text} in the numerator" for text in over)
        yield from (f"{text} in the denominator" for text in under)


def _noun(measure: Measure) -> str:
    if isinstance(measure, Children | ChildrenPercentage | ChildrenInAny):
        return "child"
    return "" if isinstance(measure, Rate) else "record"


def _change(
    before: float | None, after: float | None, noun: str, plural: str = ""
) -> Iterator[str]:
    if before is None or after is None:
        return
    difference = round(after - before, 6)
    if not difference:
        return
    size, word = abs(difference), "more" if difference > 0 else "fewer"
    if not noun or not float(size).is_integer():
        yield f"{size:,.6g} {word if noun else word.replace('fewer', 'less')}"
        return
    text = counted(int(size), noun, plural or ("children" if noun == "child" else ""))
    number, _, name = text.partition(" ")
    yield f"{number} {word} {name}"
