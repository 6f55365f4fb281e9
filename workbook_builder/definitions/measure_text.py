"""Measure definitions into sentences that the readers of a workbook understand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch

from workbook_builder.definitions.datasets import Parameter
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import (
    Average,
    Children,
    ChildrenInAny,
    ChildrenPercentage,
    Clock,
    Clocked,
    Count,
    During,
    Latest,
    Measure,
    Open,
    Percentage,
    Polarity,
    Rate,
    Share,
    Sum,
    Supplied,
)

WORKING_DAYS = (
    "Working days are Monday to Friday without the bank holidays of England and Wales. Day 0 is "
    "the start date; the count is the working days after it up to and including the end date."
)

#: The datasets that rates are worked out with, and that finished figures come in.
_POPULATION, _FINISHED = "population", "figures"


@dataclass(frozen=True)
class _Wording:
    """What measures are put in words with: all definitions, and the parameters in force."""

    definitions: Definitions
    parameters: Mapping[str, int]

    def sql(self, text: str) -> str:
        """Return SQL on one line, each parameter followed by its value in force."""
        line = re.sub(r"(?<=\() | (?=\))", "", " ".join(text.split()))
        for name, value in self.parameters.items():
            line = _named(name).sub(f"{name} ({value})", line)
        return line

    def titles(self, names: tuple[str, ...]) -> list[str]:
        """Return the titles of measures, in quotes."""
        return [f'"{self.definitions.measures[name].title}"' for name in names]


def how_counted(measure: Measure, definitions: Definitions, layout: Layout | None = None) -> str:
    """Say in words how a measure is worked out, from its definition itself.

    Thresholds have the layout's values, or their own where it gives none.
    """
    wording = _wording(definitions, layout)
    excluded = "; ".join(measure.exclude) if isinstance(measure, Clocked) else ""
    return _said(measure, wording) + (f" Left out: {excluded}." if excluded else "")


def sql_words(text: str, definitions: Definitions, layout: Layout | None = None) -> str:
    """Return SQL on one line, each parameter followed by its value in force."""
    return _wording(definitions, layout).sql(text)


def thresholds(
    measures: Iterable[str], definitions: Definitions, layout: Layout | None = None
) -> Iterator[tuple[Parameter, int]]:
    """Yield the parameters that measures or their parts name, with the values in force."""
    parts = definitions.with_parts(measures)
    texts = [text for name in parts for text in definitions.measures[name].expressions.values()]
    for name, value in definitions.parameters_in_force(layout).items():
        if _named(name).search("\n".join(texts)):
            yield definitions.parameters[name], value


def taken_from(measure: Measure, definitions: Definitions) -> tuple[str, ...]:
    """Return the titles of the datasets that a measure, or what it is derived from, is made of."""
    found: dict[str, None] = {}
    for name in definitions.with_parts([measure.name]):
        one = definitions.measures[name]
        if isinstance(one, Clocked):
            found[one.dataset] = None
        elif isinstance(one, Rate | Supplied):
            found[_POPULATION if isinstance(one, Rate) else _FINISHED] = None
    known = (definitions.datasets.get(name) for name in found)
    return tuple(dataset.title for dataset in known if dataset)


def _wording(definitions: Definitions, layout: Layout | None) -> _Wording:
    return _Wording(definitions, definitions.parameters_in_force(layout))


def _named(parameter: str) -> re.Pattern[str]:
    """Return what finds a parameter in SQL, but no dataset, column or function of its name."""
    return re.compile(rf"(?<![\w.]){parameter}\b(?!\s*[.(])")


@singledispatch
def _said(measure: Measure, wording: _Wording) -> str:
    raise TypeError(f"no words for {type(measure).__name__}")


@_said.register
def _(measure: Count, wording: _Wording) -> str:
    return f"Counts {_records(measure, wording)}."


@_said.register
def _(measure: Children, wording: _Wording) -> str:
    return f"Counts the children in {_records(measure, wording)}; each child counts once."


@_said.register
def _(measure: Percentage, wording: _Wording) -> str:
    return (
        f"Denominator: {_records(measure, wording, with_where=False)}. "
        f"Numerator: those where {wording.sql(measure.where)}."
    )


@_said.register
def _(measure: ChildrenPercentage, wording: _Wording) -> str:
    return (
        f"Denominator: the children in {_records(measure, wording, with_where=False)}. "
        f"Numerator: those where {wording.sql(measure.where)}. Each child counts once."
    )


@_said.register
def _(measure: Average, wording: _Wording) -> str:
    return f"The mean of {wording.sql(measure.value)} over {_records(measure, wording)}."


@_said.register
def _(measure: ChildrenInAny, wording: _Wording) -> str:
    parts = "; ".join(wording.titles(measure.parts))
    return f"Counts the children who stand in any of: {parts}. Each child counts once."


@_said.register
def _(measure: Rate, wording: _Wording) -> str:
    (part,) = wording.titles(measure.parts)
    return (
        f"{part}, divided by the population ({measure.population}: the latest mid-year estimate, "
        f"30 June, at the end of the month), times {measure.per:,}."
    )


@_said.register
def _(measure: Share, wording: _Wording) -> str:
    part, whole = wording.titles(measure.parts)
    return f"{part}, as a percentage of {whole}."


@_said.register
def _(measure: Sum, wording: _Wording) -> str:
    added = " + ".join(wording.titles(measure.sum_of))
    taken = "".join(f" - {title}" for title in wording.titles(measure.minus))
    return f"{added}{taken}."


@_said.register
def _(measure: Supplied, wording: _Wording) -> str:
    return "Taken as it stands from a list of finished figures."


def _records(measure: Clocked, wording: _Wording, *, with_where: bool = True) -> str:
    dataset = wording.definitions.datasets[measure.dataset]
    conditions = [text for text in (measure.among, measure.where if with_where else "") if text]
    texts = [wording.sql(text) for text in conditions]
    if len(texts) > 1:
        texts = [f"({text})" if " OR " in text.upper() else text for text in texts]
    given = " and ".join(texts)
    where = f", where {given}" if given else ""
    return f"the records of {dataset.title} {clock_words(measure.clock)}{where}"


def clock_words(clock: Clock) -> str:
    """Say which records belong to a month on a clock."""
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


def polarity_word(better: Polarity | None) -> str:
    """Say which way is better: "Lower", "Higher", or "Not judged"."""
    words: Mapping[str | None, str] = {"lower": "Lower", "higher": "Higher"}
    return words.get(better, "Not judged")
