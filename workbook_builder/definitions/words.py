"""Measure definitions into sentences that the readers of a workbook understand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch

from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import (
    Average,
    Children,
    ChildrenInAny,
    Clock,
    Clocked,
    Count,
    During,
    Latest,
    Measure,
    Open,
    Percentage,
    Rate,
    Share,
    Sum,
    Supplied,
)

WORKING_DAYS = (
    "Working days are Monday to Friday without the bank holidays of England and Wales. Day 0 is "
    "the start date; the count is the working days after it up to and including the end date."
)


def how_counted(measure: Measure, definitions: Definitions) -> str:
    """Say in words how a measure is worked out, from its definition itself."""
    return _said(measure, definitions)


@singledispatch
def _said(measure: Measure, definitions: Definitions) -> str:
    raise TypeError(f"no words for {type(measure).__name__}")


@_said.register
def _(measure: Count, definitions: Definitions) -> str:
    return f"Counts {_records(measure, definitions)}."


@_said.register
def _(measure: Children, definitions: Definitions) -> str:
    return f"Counts the children in {_records(measure, definitions)}; each child counts once."


@_said.register
def _(measure: Percentage, definitions: Definitions) -> str:
    return (
        f"Denominator: {_records(measure, definitions, with_where=False)}. "
        f"Numerator: those where {measure.where}."
    )


@_said.register
def _(measure: Average, definitions: Definitions) -> str:
    return f"The mean of {measure.value} over {_records(measure, definitions)}."


@_said.register
def _(measure: ChildrenInAny, definitions: Definitions) -> str:
    parts = "; ".join(_titles(measure.parts, definitions))
    return f"Counts the children who stand in any of: {parts}. Each child counts once."


@_said.register
def _(measure: Rate, definitions: Definitions) -> str:
    (part,) = _titles(measure.parts, definitions)
    return (
        f"{part}, divided by the population ({measure.population}: the latest mid-year estimate, "
        f"30 June, at the end of the month), times {measure.per:,}."
    )


@_said.register
def _(measure: Share, definitions: Definitions) -> str:
    part, whole = _titles(measure.parts, definitions)
    return f"{part}, as a percentage of {whole}."


@_said.register
def _(measure: Sum, definitions: Definitions) -> str:
    added = " + ".join(_titles(measure.sum_of, definitions))
    taken = "".join(f" - {title}" for title in _titles(measure.minus, definitions))
    return f"{added}{taken}."


@_said.register
def _(measure: Supplied, definitions: Definitions) -> str:
    return "Taken as it stands from a list of finished figures."


def _titles(names: tuple[str, ...], definitions: Definitions) -> list[str]:
    return [f'"{definitions.measures[name].title}"' for name in names]


def _records(measure: Clocked, definitions: Definitions, *, with_where: bool = True) -> str:
    dataset = definitions.datasets[measure.dataset]
    conditions = [measure.among, measure.where if with_where else ""]
    given = " and ".join(text for text in conditions if text)
    where = f", where {given}" if given else ""
    return f"the records of {dataset.title} {_clock(measure.clock)}{where}"


def _clock(clock: Clock) -> str:
    if isinstance(clock, During):
        day = clock.column
        span = "the month" if clock.months == 1 else f"the {clock.months} months that end with it"
        return f"whose {day} falls in {span}"
    if isinstance(clock, Open):
        return (
            f"that are open at the end of the month ({clock.start} by then, no {clock.end} by then)"
        )
    assert isinstance(clock, Latest)  # the only other clock
    return "in the extract, for the reporting month"


def polarity_word(measure: Measure) -> str:
    """Say which way is better: "Lower", "Higher", or "Not judged"."""
    words: Mapping[str | None, str] = {"lower": "Lower", "higher": "Higher"}
    return words.get(measure.better, "Not judged")
