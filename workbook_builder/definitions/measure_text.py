"""What measure definitions say, in sentences that the readers of a workbook understand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from workbook_builder.definitions.datasets import Parameter
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import (
    Average,
    Children,
    ChildrenInAny,
    ChildrenPercentage,
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
    "Working days are Monday to Friday, without the bank holidays of England and Wales. Day 0 is "
    "the start date; the working days after it are counted, up to and including the end date."
)

#: The datasets that rates are worked out with, and that finished figures come in.
_POPULATION, _FINISHED = "population", "figures"


def how_counted(measure: Measure, definitions: Definitions, layout: Layout | None = None) -> str:
    """Say in words how a measure is worked out, from its definition itself.

    Thresholds have the layout's values, or their own where it gives none.
    """
    wording = _Wording(definitions, definitions.parameters_in_force(layout))
    excluded = "; ".join(measure.exclude) if isinstance(measure, Clocked) else ""
    return wording.describe(measure) + (f" Left out: {excluded}." if excluded else "")


def sql_words(text: str, definitions: Definitions, layout: Layout | None = None) -> str:
    """Return SQL on one line, each parameter followed by its value in force."""
    return _Wording(definitions, definitions.parameters_in_force(layout)).sql(text)


def thresholds(
    measures: Iterable[str], definitions: Definitions, layout: Layout | None = None
) -> Iterator[tuple[Parameter, int]]:
    """Yield the parameters that measures or their parts name, with the values in force."""
    parts = definitions.with_parts(measures)
    texts = [text for name in parts for text in definitions.measures[name].expressions.values()]
    for name, value in definitions.parameters_in_force(layout).items():
        if _pattern_of(name).search("\n".join(texts)):
            yield definitions.parameters[name], value


def taken_from(measure: Measure, definitions: Definitions) -> tuple[str, ...]:
    """Return the titles of the datasets that a measure, or what it is derived from, is made of."""
    datasets: dict[str, None] = {}
    for name in definitions.with_parts([measure.name]):
        part = definitions.measures[name]
        if isinstance(part, Clocked):
            datasets[part.dataset] = None
        elif isinstance(part, Rate | Supplied):
            datasets[_POPULATION if isinstance(part, Rate) else _FINISHED] = None
    known = definitions.datasets
    return tuple(known[name].title for name in datasets if name in known)


def clock_words(measure: Clocked, definitions: Definitions) -> str:
    """Say which records belong to a month, with the headings that people know."""
    dataset = definitions.datasets[measure.dataset]
    match measure.clock:
        case During(column, months):
            span = "in the month" if months == 1 else f"in the {months} months that end with it"
            return f"whose {dataset.heading(column)} is {span}"
        case Open(start, end):
            return (
                f"that are open at the end of the month ({dataset.heading(start)} by then, and no "
                f"{dataset.heading(end)} by then)"
            )
        case Latest():
            return "in the extract, for the reporting month"


def polarity_word(better: Polarity | None) -> str:
    """Say which way is better: "Lower", "Higher", or "Not judged"."""
    return better.capitalize() if better else "Not judged"


#: A key of a column or dataset in SQL, outside quotes.
_KEY = re.compile(r"(?<!['\w])[a-z]\w*(?!['\w])")


def _population(key: str) -> str:
    """Return what people call a population: "children_0_17" is children aged 0 to 17."""
    ages = re.fullmatch(r"([a-z]+)_(\d+)_(\d+)", key)
    return f"{ages[1]} aged {ages[2]} to {ages[3]}" if ages else key.replace("_", " ")


def _pattern_of(parameter: str) -> re.Pattern[str]:
    """Return what finds a parameter in SQL, but no dataset, column or function of its name."""
    return re.compile(rf"(?<![\w.]){parameter}\b(?!\s*[.(])")


@dataclass(frozen=True)
class _Wording:
    """What measures are put in words with: all definitions, and the parameters in force."""

    definitions: Definitions
    parameters: Mapping[str, int]

    def describe(self, measure: Measure) -> str:
        """Say how a measure is worked out, but for what is left out of it."""
        match measure:
            case Count():
                text = f"Counts {self.records(measure)}."
            case Children():
                text = f"Counts the children in {self.records(measure)}; each child counts once."
            case Percentage():
                text = f"Denominator: {self.records(measure, with_where=False)}. "
                text += f"Numerator: those where {self.condition(measure.where)}."
            case ChildrenPercentage():
                text = f"Denominator: the children in {self.records(measure, with_where=False)}. "
                text += f"Numerator: those where {self.condition(measure.where)}. "
                text += "Each child counts once."
            case Average():
                text = f"The mean of {self.condition(measure.value)} over {self.records(measure)}."
            case ChildrenInAny():
                parts = "; ".join(self.titles(measure.parts))
                text = f"Counts the children in any of these: {parts}. Each child counts once."
            case Rate():
                (part,) = self.titles(measure.parts)
                people = _population(measure.population)
                text = f"{part}, divided by the population ({people}: the latest mid-year "
                text += f"estimate, 30 June, at the end of the month), times {measure.per:,}."
            case Share():
                part, whole = self.titles(measure.parts)
                text = f"{part}, as a percentage of {whole}."
            case Sum():
                taken_off = "".join(f" - {title}" for title in self.titles(measure.minus))
                text = f"{' + '.join(self.titles(measure.sum_of))}{taken_off}."
            case Supplied():
                text = "Taken from a list of finished figures."
            case _:
                raise TypeError(f"no words for {type(measure).__name__}")
        return text

    def records(self, measure: Clocked, *, with_where: bool = True) -> str:
        """Say which records a measure looks at, with its `where` or only what it is among."""
        title = self.definitions.datasets[measure.dataset].title
        conditions = [text for text in (measure.among, measure.where if with_where else "") if text]
        texts = [self.condition(text) for text in conditions]
        if len(texts) > 1:
            texts = [f"({text})" if " OR " in text.upper() else text for text in texts]
        where = f", where {' and '.join(texts)}" if texts else ""
        return f"the records of {title} {clock_words(measure, self.definitions)}{where}"

    def sql(self, text: str) -> str:
        """Return SQL on one line, each parameter followed by its value in force."""
        line = re.sub(r"(?<=\() | (?=\))", "", " ".join(text.split()))
        for name, value in self.parameters.items():
            line = _pattern_of(name).sub(f"{name} ({value})", line)
        return line

    def condition(self, text: str) -> str:
        """Return SQL on one line, with headings and titles in place of our keys."""
        return _KEY.sub(lambda key: self.headings.get(key[0], key[0]), self.sql(text))

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """What people call each column and dataset whose key is not a plain word, in quotes."""
        names: dict[str, str] = {}
        for dataset in self.definitions.datasets.values():
            names |= {name: f'"{dataset.heading(name)}"' for name in dataset.columns if "_" in name}
        titles = self.definitions.datasets.items()
        return names | {name: f'"{dataset.title}"' for name, dataset in titles if "_" in name}

    def titles(self, names: tuple[str, ...]) -> list[str]:
        """Return the titles of measures, in quotes."""
        return [f'"{self.definitions.measures[name].title}"' for name in names]
