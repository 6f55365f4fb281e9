"""Targets and benchmarks kept in the workbook, put in place of those that the layouts hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.targets import MISSING, Entry, Target
from workbook_builder.history.previous_workbook import Past
from workbook_builder.history.published_figures import UserOverrides
from workbook_builder.indicators.benchmarks import Benchmark, BenchmarkValues, typed
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, counted
from workbook_builder.sheets.data_sheets import ValueRow

#: What the notes say of a value that the workbook holds.
SOURCE = "kept in the workbook"

_YEAR = re.compile(r"\d{4}-\d{2}")
_Values = Mapping[tuple[str, str], Entry]


@dataclass(frozen=True)
class EffectiveDefinitions:
    """Definitions, layout and benchmarks with the workbook's values, and the rows of its sheets."""

    definitions: Definitions
    layout: Layout
    held: BenchmarkValues
    targets: tuple[ValueRow, ...]
    benchmarks: tuple[ValueRow, ...]
    problems: tuple[Problem, ...]


def effective_definitions(
    definitions: Definitions, layout: Layout, held: BenchmarkValues | None, pasts: Sequence[Past]
) -> EffectiveDefinitions:
    """Put the values of earlier workbooks, the later ones last, in place of the layouts'."""
    held = typed(definitions) if held is None else held
    targets = _by_place(one for past in pasts for one in past.targets)
    benchmarks = _by_place(_named(one, definitions) for past in pasts for one in past.benchmarks)
    return EffectiveDefinitions(
        replace(definitions, targets=_targets(definitions, targets)),
        _without_own_targets(layout, {measure for measure, _ in targets}),
        {**held, **dict(_benchmarks(held, benchmarks))},
        tuple(_target_rows(definitions, layout, targets)),
        tuple(_benchmark_rows(held, layout, benchmarks)),
        tuple(_problems(targets, benchmarks, held)),
    )


def _by_place(kept: Iterable[UserOverrides]) -> _Values:
    return {(one.measure, one.place): one.entry for one in kept}


def _named(kept: UserOverrides, definitions: Definitions) -> UserOverrides:
    """Know a comparator by its heading too."""
    known = {same_name(one.title): name for name, one in definitions.comparators.items()}
    known |= {same_name(name): name for name in definitions.comparators}
    return replace(kept, place=known.get(same_name(kept.place), kept.place))


def _targets(definitions: Definitions, kept: _Values) -> Mapping[str, Target]:
    found = dict(definitions.targets)
    for (measure, period), entry in kept.items():
        own = {period: entry}
        years, dates = (own, {}) if _YEAR.fullmatch(period) else ({}, own)
        before = found.get(measure) or Target(name=measure, years=years, dates=dates)
        texts = [text for text in before.source.split("; ") if text and text != SOURCE]
        found[measure] = replace(
            before,
            years={**before.years, **years},
            dates={**before.dates, **dates},
            source="; ".join((*texts, SOURCE)),
        )
    return found


def _without_own_targets(layout: Layout, measures: set[str]) -> Layout:
    """A row's own target would go before the measure's."""
    tables = tuple(
        replace(
            table,
            rows=tuple(
                replace(row, target=None) if row.measure in measures else row for row in table.rows
            ),
        )
        for table in layout.tables
    )
    return replace(layout, tables=tables) if measures else layout


def _benchmarks(
    held: BenchmarkValues, kept: _Values
) -> Iterator[tuple[tuple[str, str], Benchmark]]:
    for key, entry in kept.items():
        if key in held:
            yield key, Benchmark(entry, held[key].period, "", SOURCE)


def _target_rows(definitions: Definitions, layout: Layout, kept: _Values) -> Iterator[ValueRow]:
    given = {
        (measure, keys[1]): entry
        for measure in layout.measures
        if measure in definitions.targets
        for keys, entry in definitions.targets[measure].entries
    }
    yield from _rows(given, kept)


def _benchmark_rows(held: BenchmarkValues, layout: Layout, kept: _Values) -> Iterator[ValueRow]:
    shown = set(layout.measures)
    given = {key: one.entry for key, one in held.items()
             if key[0] in shown and not one.entry.missing}  # fmt: skip
    yield from _rows(given, kept)


def _rows(given: _Values, kept: _Values) -> Iterator[ValueRow]:
    for key in dict.fromkeys((*given, *kept)):
        before = given.get(key, MISSING)
        yield ValueRow(*key, kept.get(key, before), before)


def _problems(targets: _Values, benchmarks: _Values, held: BenchmarkValues) -> Iterator[Problem]:
    for measure, name in benchmarks:
        if (measure, name) not in held:
            what = f'the comparator "{name}" of the Benchmarks sheet is not known.'
            yield Problem(
                catalogue.BAD_VALUE, what, done="Its benchmark is kept there, but not shown."
            )
    usable = sum(key in held for key in benchmarks)
    for number, noun in ((len(targets), "target"), (usable, "benchmark")):
        if number:
            stands = "stands" if number == 1 else "stand"
            what = f"{counted(number, noun)} {stands} in the workbook, other than in the layouts."
            yield Problem(
                catalogue.KEPT_VALUES, what, done="They were taken in place of the layouts'."
            )
