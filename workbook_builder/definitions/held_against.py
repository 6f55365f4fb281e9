"""What targets, benchmarks and statistics say of other definitions: rules as in references."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from workbook_builder.definitions import kinds
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.values import Entry
from workbook_builder.problems import Kind, Problem, Where, did_you_mean

_MEANT = {"<": "lower", "<=": "lower", ">": "higher", ">=": "higher"}


def unknown_name(kind: Kind, name: str, known: Collection[str], where: Where) -> Problem:
    """Return the problem that a name is not known, with the nearest known one."""
    noun = kind.title.split()[1]
    text = f'the {noun} "{name}" is not known. {did_you_mean(name, known)}'.strip()
    return Problem(kind, text, where)


def known_measures(definitions: Definitions) -> Iterator[Problem]:
    """Targets and benchmarks are those of known measures."""
    for section, names in (
        ("targets", definitions.targets),
        ("benchmarks", definitions.benchmarks),
    ):
        for name in names:
            if name not in definitions.measures:
                where = definitions.where(section, name)
                yield unknown_name(kinds.UNKNOWN_MEASURE, name, definitions.measures, where)


def known_comparators(definitions: Definitions) -> Iterator[Problem]:
    """Benchmarks and layouts name known comparators."""
    for name, where in _comparators_named(definitions):
        if name not in definitions.comparators:
            known = definitions.comparators
            yield unknown_name(kinds.UNKNOWN_COMPARATOR, name, known, where)


def _comparators_named(definitions: Definitions) -> Iterator[tuple[str, Where]]:
    for benchmarks in definitions.benchmarks.values():
        for keys, comparator, _ in benchmarks.entries:
            yield comparator, definitions.where("benchmarks", benchmarks.name, *keys)
        for comparator in benchmarks.periods:
            where = definitions.where("benchmarks", benchmarks.name, "periods", comparator)
            yield comparator, where
    for layout in definitions.layouts.values():
        chosen: list[tuple[Iterable[str], tuple[str | int, ...]]] = [
            (layout.comparators or (), ("comparators",)),
            *(
                (table.comparators or (), ("tables", at, "comparators"))
                for at, table in enumerate(layout.tables)
            ),
        ]
        for names, path in chosen:
            for place, name in enumerate(names):
                yield name, definitions.where("layouts", layout.name, *path, place)


def entries_fit(definitions: Definitions) -> Iterator[Problem]:
    """A value has its measure's unit, and the sign of a target its measure's polarity."""
    for name, entry, where, judged in _entries(definitions):
        measure = definitions.measures.get(name)
        for text in _misfits(entry, measure, judged=judged) if measure else ():
            yield Problem(kinds.WRONG_VALUE, text, where)


def _entries(definitions: Definitions) -> Iterator[tuple[str, Entry, Where, bool]]:
    for target in definitions.targets.values():
        for keys, entry in target.entries:
            yield target.name, entry, definitions.where("targets", target.name, *keys), True
    for benchmarks in definitions.benchmarks.values():
        for path, _, entry in benchmarks.entries:
            where = definitions.where("benchmarks", benchmarks.name, *path)
            yield benchmarks.name, entry, where, False
    for layout in definitions.layouts.values():
        for at, table in enumerate(layout.tables):
            for row_at, row in enumerate(table.rows):
                if row.target:
                    path_of_row = ("tables", at, "rows", row_at, "target")
                    where = definitions.where("layouts", layout.name, *path_of_row)
                    yield row.measure, row.target, where, row.judged


def _misfits(entry: Entry, measure: Measure, *, judged: bool) -> Iterator[str]:
    if entry.number is None:
        return
    if entry.in_percent and measure.unit != "percent":
        yield f'the value is in percent, and "{measure.name}" is not.'
    if measure.unit == "percent" and not entry.in_percent and abs(entry.number) > 1:
        number = f"{entry.number:g}"
        yield f'{number} is more than the whole: write a share as 0.36 or percent as "{number}%".'
    if judged and measure.better and _MEANT.get(entry.sign, measure.better) != measure.better:
        yield f'the sign "{entry.sign}" says otherwise than better = "{measure.better}".'


def statistics_fit(definitions: Definitions) -> Iterator[Problem]:
    """Files of statistics feed known measures."""
    known: Mapping[str, Measure] = definitions.measures
    for statistic in definitions.statistics.values():
        for at, given in enumerate(statistic.gives):
            for which, name in enumerate(given.measures):
                if name not in known:
                    keys = ("gives", at, "measures", which)
                    where = definitions.where("statistics", statistic.name, *keys)
                    yield unknown_name(kinds.UNKNOWN_MEASURE, name, known, where)


RULES: tuple[Callable[[Definitions], Iterator[Problem]], ...] = (
    known_measures, known_comparators, entries_fit, statistics_fit,
)  # fmt: skip
