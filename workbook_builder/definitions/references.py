"""What definitions say of one another: every name that is used must be defined, and fit its use.

One small function a rule; here those about datasets, code lists, statutory returns and measures,
in `layout_references` those about layouts and what stands in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from graphlib import CycleError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.layout_references import LAYOUT_RULES, Keys, Rule
from workbook_builder.definitions.library import Definitions, measures_in_order, unknown_name
from workbook_builder.definitions.measures import (
    Children,
    ChildrenInAny,
    ChildrenPercentage,
    Clocked,
    During,
    Measure,
    Open,
)
from workbook_builder.definitions.statutory_returns import GivenDataset
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Where, listed


def check_references(definitions: Definitions) -> tuple[Problem, ...]:
    """Return every fault in what definitions say of one another."""
    rules = (*_DATASET_RULES, *_MEASURE_RULES, *LAYOUT_RULES)
    return tuple(problem for rule in rules for problem in rule(definitions))


def _dataset_columns(definitions: Definitions) -> Iterator[Problem]:
    """The team, the snapshot and the key of a dataset are columns of it."""
    for dataset in definitions.datasets.values():
        named: list[tuple[Keys, str]] = [
            *([(("team",), dataset.team)] if dataset.team else []),
            *([(("snapshot",), dataset.snapshot)] if dataset.snapshot else []),
            *((("key", number), column) for number, column in enumerate(dataset.key)),
        ]
        for keys, column in named:
            if column not in dataset.columns:
                where = definitions.where("datasets", dataset.name, *keys)
                yield _unknown_column(column, dataset.columns, where)


def _dataset_order(definitions: Definitions) -> Iterator[Problem]:
    """Pairs of columns whose order is checked are dates."""
    for dataset in definitions.datasets.values():
        for number, pair in enumerate(dataset.in_order):
            for side, column in enumerate(pair):
                if column not in dataset.date_columns:
                    where = definitions.where("datasets", dataset.name, "in_order", number, side)
                    yield _unknown_column(column, dataset.date_columns, where)


def _dataset_requires(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        if not dataset.required:
            where = definitions.where("datasets", dataset.name)
            text = "no column is required, so no sheet could be told to be this dataset."
            advice = "Add required = true to one or more columns."
            yield Problem(catalogue.MISSING_KEY, text, where, advice=advice)


def _dataset_aliases(definitions: Definitions) -> Iterator[Problem]:
    """A heading means one column only."""
    for dataset in definitions.datasets.values():
        column_of: dict[str, str] = {}
        for name, column in dataset.columns.items():
            headings = {same_name(text): text for text in (name, *column.aliases)}
            for folded, heading in headings.items():
                first = column_of.setdefault(folded, name)
                if first != name:
                    where = definitions.where("datasets", dataset.name, "columns", name, "aliases")
                    text = f'"{heading}" is already a heading of the column "{first}".'
                    yield Problem(catalogue.DUPLICATE_NAME, text, where)


def _dataset_codes(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        for name, column in dataset.columns.items():
            where = definitions.where("datasets", dataset.name, "columns", name, "codes")
            if (column.type == "code") != bool(column.codes):
                text = f'the column "{name}" needs both type = "code" and a code list.'
                yield Problem(catalogue.WRONG_VALUE, text, where)
            elif column.codes and column.codes not in definitions.codes:
                kind, known = catalogue.UNKNOWN_CODES, definitions.codes
                yield unknown_name(kind, "code list", column.codes, known, where)


def _dataset_dates_of_codes(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        for name, column in dataset.columns.items():
            if column.dated_by and column.dated_by not in dataset.date_columns:
                where = definitions.where("datasets", dataset.name, "columns", name, "dated_by")
                yield _unknown_column(column.dated_by, dataset.date_columns, where)


def _return_tables(definitions: Definitions) -> Iterator[Problem]:
    """A table of a statutory return gives records to known datasets, or says why it does not."""
    for statutory_return in definitions.standards.values():
        for number, table in enumerate(statutory_return.tables):
            where = partial(definitions.where, "standards", statutory_return.name, "tables", number)
            if not table.gives and not table.limits:
                text = f'the table "{table.name}" gives nothing and does not say why.'
                advice = "Add gives or limits."
                yield Problem(catalogue.MISSING_KEY, text, where(), advice=advice)
            for position, records in enumerate(table.gives):
                dataset = definitions.datasets.get(records.dataset)
                if dataset:
                    yield from _given_columns(records, dataset, partial(where, "gives", position))
                else:
                    kind, known = catalogue.UNKNOWN_DATASET, definitions.datasets
                    here = where("gives", position, "dataset")
                    yield unknown_name(kind, "dataset", records.dataset, known, here)


def _given_columns(
    records: GivenDataset, dataset: Dataset, where: Callable[..., Where]
) -> Iterator[Problem]:
    """Yield what is wrong with the columns that a table gives to a dataset."""
    for key, names in (("columns", records.columns), ("constants", records.constants)):
        for name in names:
            if name not in dataset.columns:
                yield _unknown_column(name, dataset.columns, where(key, name))
    if lacking := dataset.required - {*records.columns, *records.constants}:
        text = f'the dataset "{dataset.name}" also requires {listed(lacking)}.'
        yield Problem(catalogue.MISSING_KEY, text, where("columns"))
    if records.new_when and len(set(records.columns) & set(dataset.date_columns)) < 2:
        text = "records that are joined need columns for their first and their last day."
        yield Problem(catalogue.MISSING_KEY, text, where("new_when"))


def _code_spellings(definitions: Definitions) -> Iterator[Problem]:
    """A spelling means one code only."""
    for codes in definitions.codes.values():
        code_of: dict[str, str] = {}
        for name, code in codes.codes.items():
            for spelling in {same_name(text) for text in (name, code.title, *code.spellings)}:
                first = code_of.setdefault(spelling, name)
                if first != name:
                    where = definitions.where("codes", codes.name, "codes", name)
                    text = f'"{spelling}" already means the code "{first}".'
                    yield Problem(catalogue.DUPLICATE_NAME, text, where)


def _measure_datasets(definitions: Definitions) -> Iterator[Problem]:
    known = definitions.datasets
    for measure in definitions.measures.values():
        if isinstance(measure, Clocked) and measure.dataset not in known:
            where = definitions.where("measures", measure.name, measure.own_key)
            kind = catalogue.UNKNOWN_DATASET
            yield unknown_name(kind, "dataset", measure.dataset, known, where)


def _of_known_datasets(definitions: Definitions) -> Iterator[tuple[Clocked, Dataset]]:
    for measure in definitions.measures.values():
        if isinstance(measure, Clocked) and measure.dataset in definitions.datasets:
            yield measure, definitions.datasets[measure.dataset]


def _measure_clocks(definitions: Definitions) -> Iterator[Problem]:
    """The columns of a clock are dates of the measure's dataset."""
    for measure, dataset in _of_known_datasets(definitions):
        clock = measure.clock
        named: list[tuple[Keys, str]] = []
        if isinstance(clock, During):
            named = [(("during",), clock.column)]
        elif isinstance(clock, Open):
            named = [(("open", 0), clock.start), (("open", 1), clock.end)]
        for keys, column in named:
            where = definitions.where("measures", measure.name, *keys)
            if column not in dataset.columns:
                yield _unknown_column(column, dataset.columns, where)
            elif dataset.columns[column].type != "date":
                yield Problem(catalogue.WRONG_VALUE, f'the column "{column}" is not a date.', where)


def _measure_columns(definitions: Definitions) -> Iterator[Problem]:
    """Children are counted, and teams told, by columns of the measure's dataset."""
    for measure, dataset in _of_known_datasets(definitions):
        child = measure.child if isinstance(measure, Children | ChildrenPercentage) else None
        if child is not None and child not in dataset.columns:
            where = definitions.where("measures", measure.name, "child")
            yield _unknown_column(child, dataset.columns, where)
        if measure.teams and not dataset.team:
            where = definitions.where("measures", measure.name, "teams")
            text = f'the dataset "{dataset.name}" has no team.'
            advice = "Name its team column, or leave teams out."
            yield Problem(catalogue.WRONG_VALUE, text, where, advice=advice)


def _measure_parts(definitions: Definitions) -> Iterator[Problem]:
    known = definitions.measures
    for measure in known.values():
        for part in dict.fromkeys(measure.parts):
            where = definitions.where("measures", measure.name, *_keys_of_part(measure, part))
            if part not in known:
                yield unknown_name(catalogue.UNKNOWN_MEASURE, "measure", part, known, where)
            elif isinstance(measure, ChildrenInAny) and not isinstance(known[part], Children):
                text = (
                    f'"{part}" does not count children, so it cannot be put together with others.'
                )
                yield Problem(catalogue.NOT_CHILDREN, text, where)


def _keys_of_part(measure: Measure, part: str) -> Keys:
    """Return the keys under which a measure names one of its parts."""
    for key in (measure.own_key, "part", "minus"):
        value = getattr(measure, key, "")
        if value == part:
            return (key,)
        if isinstance(value, tuple) and part in value:
            return (key, value.index(part))
    return ()


def _derived_teams(definitions: Definitions) -> Iterator[Problem]:
    """What is derived from other measures has figures by team only if these have."""
    known = definitions.measures
    for measure in known.values():
        without = [part for part in measure.parts if part in known and not known[part].teams]
        if measure.teams and without and not isinstance(measure, ChildrenInAny):
            where = definitions.where("measures", measure.name, "teams")
            text = f'"{without[0]}", from which it is derived, has no figures by team.'
            advice = "Give that measure teams = true, or leave teams out here."
            yield Problem(catalogue.WRONG_VALUE, text, where, advice=advice)


def _circles(definitions: Definitions) -> Iterator[Problem]:
    try:
        measures_in_order(definitions)
    except CycleError as fault:
        circle: list[str] = fault.args[1]
        text = f"these measures need one another: {' -> '.join(reversed(circle))}."
        yield Problem(catalogue.CIRCLE, text, definitions.where("measures", circle[0]))


_unknown_column = partial(unknown_name, catalogue.UNKNOWN_COLUMN, "column")

_DATASET_RULES: tuple[Rule, ...] = (
    _dataset_columns, _dataset_order, _dataset_requires, _dataset_aliases, _dataset_codes,
    _dataset_dates_of_codes, _return_tables, _code_spellings,
)  # fmt: skip
_MEASURE_RULES: tuple[Rule, ...] = (
    _measure_datasets, _measure_clocks, _measure_columns, _measure_parts, _derived_teams, _circles,
)  # fmt: skip
