"""What definitions say of one another: every name that is used must be defined, and fit its use.

One small function a rule; RULES lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from graphlib import CycleError, TopologicalSorter

from workbook_builder.definitions import held_against, kinds
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.held_against import unknown_name as _unknown
from workbook_builder.definitions.layouts import DEFAULT_THEME, HEADED_BY_CONTENT, NEEDED_BY, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import (
    Children,
    ChildrenInAny,
    ChildrenPercentage,
    Clocked,
    During,
    Measure,
    Open,
)
from workbook_builder.definitions.sheet_rules import SHEET_RULES
from workbook_builder.definitions.standards import table_faults
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Where, did_you_mean

#: The columns of the month itself, which every expression may name.
MONTH_COLUMNS = frozenset({"month_start", "month_end"})

Rule = Callable[[Definitions], Iterator[Problem]]
Keys = tuple[str | int, ...]


def check_references(definitions: Definitions) -> tuple[Problem, ...]:
    """Return every fault in what definitions say of one another."""
    return tuple(problem for rule in RULES for problem in rule(definitions))


def in_order(definitions: Definitions) -> tuple[str, ...]:
    """Return the measures' names so that each stands after those it is derived from.

    Raises CycleError if measures are derived from one another in a circle.
    """
    graph = {name: measure.parts for name, measure in sorted(definitions.measures.items())}
    return tuple(TopologicalSorter(graph).static_order())


def _dataset_columns(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        used: list[tuple[Keys, str]] = [(("team",), dataset.team)] if dataset.team else []
        used += [(("snapshot",), dataset.snapshot)] if dataset.snapshot else []
        used += [(("key", at), column) for at, column in enumerate(dataset.key)]
        for keys, column in used:
            if column not in dataset.columns:
                where = definitions.where("datasets", dataset.name, *keys)
                yield _unknown(kinds.UNKNOWN_COLUMN, column, dataset.columns, where)


def _dataset_order(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        for at, pair in enumerate(dataset.in_order):
            for place, column in enumerate(pair):
                if column not in dataset.date_columns:
                    where = definitions.where("datasets", dataset.name, "in_order", at, place)
                    yield _unknown(kinds.UNKNOWN_COLUMN, column, dataset.date_columns, where)


def _dataset_requires(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        if not dataset.required:
            where = definitions.where("datasets", dataset.name)
            yield Problem(kinds.MISSING_KEY, "no column is required, so no sheet could be told "
                          "to be this dataset.", where,
                          advice="Add required = true to one or more columns.")  # fmt: skip


def _dataset_aliases(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        seen: dict[str, str] = {}
        for name, column in dataset.columns.items():
            for heading in {same_name(text): text for text in (name, *column.aliases)}.items():
                first = seen.setdefault(heading[0], name)
                if first != name:
                    where = definitions.where("datasets", dataset.name, "columns", name, "aliases")
                    text = f'"{heading[1]}" is already a heading of the column "{first}".'
                    yield Problem(kinds.DUPLICATE_NAME, text, where)


def _dataset_codes(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        for name, column in dataset.columns.items():
            where = definitions.where("datasets", dataset.name, "columns", name, "codes")
            if (column.type == "code") != bool(column.codes):
                text = f'the column "{name}" needs both type = "code" and a code list.'
                yield Problem(kinds.WRONG_VALUE, text, where)
            elif column.codes and column.codes not in definitions.codes:
                hint = did_you_mean(column.codes, definitions.codes)
                text = f'the code list "{column.codes}" is not known. {hint}'.strip()
                yield Problem(kinds.UNKNOWN_CODES, text, where)


def _dataset_dates_of_codes(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        for name, column in dataset.columns.items():
            if column.dated_by and column.dated_by not in dataset.date_columns:
                where = definitions.where("datasets", dataset.name, "columns", name, "dated_by")
                yield _unknown(kinds.UNKNOWN_COLUMN, column.dated_by, dataset.date_columns, where)


def _standard_tables(definitions: Definitions) -> Iterator[Problem]:
    for standard in definitions.standards.values():
        where = partial(definitions.where, "standards", standard.name)
        for at, table in enumerate(standard.tables):
            yield from table_faults(table, definitions.datasets, partial(where, "tables", at))


def _code_spellings(definitions: Definitions) -> Iterator[Problem]:
    for codes in definitions.codes.values():
        seen: dict[str, str] = {}
        for name, code in codes.codes.items():
            for spelling in {same_name(text) for text in (name, code.title, *code.spellings)}:
                first = seen.setdefault(spelling, name)
                if first != name:
                    where = definitions.where("codes", codes.name, "codes", name)
                    text = f'"{spelling}" already means the code "{first}".'
                    yield Problem(kinds.DUPLICATE_NAME, text, where)


def _clocked(definitions: Definitions) -> Iterator[tuple[Clocked, Dataset]]:
    for measure in definitions.measures.values():
        if isinstance(measure, Clocked) and measure.dataset in definitions.datasets:
            yield measure, definitions.datasets[measure.dataset]


def _measure_datasets(definitions: Definitions) -> Iterator[Problem]:
    for measure in definitions.measures.values():
        if isinstance(measure, Clocked) and measure.dataset not in definitions.datasets:
            where = definitions.where("measures", measure.name, measure.own_key)
            yield _unknown(kinds.UNKNOWN_DATASET, measure.dataset, definitions.datasets, where)


def _measure_clocks(definitions: Definitions) -> Iterator[Problem]:
    for measure, dataset in _clocked(definitions):
        for keys, column in _clock_columns(measure):
            where = definitions.where("measures", measure.name, *keys)
            if column not in dataset.columns:
                yield _unknown(kinds.UNKNOWN_COLUMN, column, dataset.columns, where)
            elif dataset.columns[column].type != "date":
                yield Problem(kinds.WRONG_VALUE, f'the column "{column}" is not a date.', where)


def _clock_columns(measure: Clocked) -> Iterator[tuple[Keys, str]]:
    clock = measure.clock
    if isinstance(clock, During):
        yield ("during",), clock.column
    elif isinstance(clock, Open):
        yield ("open", 0), clock.start
        yield ("open", 1), clock.end


def _measure_columns(definitions: Definitions) -> Iterator[Problem]:
    for measure, dataset in _clocked(definitions):
        if (
            isinstance(measure, Children | ChildrenPercentage)
            and measure.child not in dataset.columns
        ):
            where = definitions.where("measures", measure.name, "child")
            yield _unknown(kinds.UNKNOWN_COLUMN, measure.child, dataset.columns, where)
        if measure.teams and not dataset.team:
            where = definitions.where("measures", measure.name, "teams")
            text = f'the dataset "{dataset.name}" has no team.'
            yield Problem(kinds.WRONG_VALUE, text, where, advice="Name its team column, or leave "
                          "teams out.")  # fmt: skip


def _derived_teams(definitions: Definitions) -> Iterator[Problem]:
    for measure in definitions.measures.values():
        known = [
            definitions.measures[part] for part in measure.parts if part in definitions.measures
        ]
        without = [part.name for part in known if not part.teams]
        if measure.teams and without and not isinstance(measure, ChildrenInAny):
            where = definitions.where("measures", measure.name, "teams")
            text = f'"{without[0]}", from which it is derived, has no figures by team.'
            yield Problem(kinds.WRONG_VALUE, text, where, advice="Give that measure teams = true, "
                          "or leave teams out here.")  # fmt: skip


def _measure_parts(definitions: Definitions) -> Iterator[Problem]:
    for measure in definitions.measures.values():
        for part in dict.fromkeys(measure.parts):
            where = definitions.where("measures", measure.name, *_part_keys(measure, part))
            if part not in definitions.measures:
                yield _unknown(kinds.UNKNOWN_MEASURE, part, definitions.measures, where)
            elif isinstance(measure, ChildrenInAny):
                yield from _children_only(definitions.measures[part], where)


def _part_keys(measure: Measure, part: str) -> Keys:
    """Return the keys under which a measure names one of its parts."""
    for key in (measure.own_key, "part", "minus"):
        value = getattr(measure, key, "")
        if value == part:
            return (key,)
        if isinstance(value, tuple) and part in value:
            return (key, value.index(part))
    return ()


def _children_only(part: Measure, where: Where) -> Iterator[Problem]:
    if not isinstance(part, Children):
        text = f'"{part.name}" does not count children, so it cannot be put together with others.'
        yield Problem(kinds.NOT_CHILDREN, text, where)


def _circles(definitions: Definitions) -> Iterator[Problem]:
    try:
        in_order(definitions)
    except CycleError as fault:
        circle: list[str] = fault.args[1]
        text = f"these measures need one another: {' -> '.join(reversed(circle))}."
        yield Problem(kinds.CIRCLE, text, definitions.where("measures", circle[0]))


def _layout_measures(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for at, table in enumerate(layout.tables):
            for number, row in enumerate(table.rows):
                if row.measure not in definitions.measures:
                    keys = ("tables", at, "rows", number, "measure")
                    where = definitions.where("layouts", layout.name, *keys)
                    known = definitions.measures
                    yield _unknown(kinds.UNKNOWN_MEASURE, row.measure, known, where)


def _layout_columns(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for at, table in enumerate(layout.tables):
            where = definitions.where("layouts", layout.name, "tables", at, "columns")
            for text in _column_faults(table):
                kind = kinds.DUPLICATE_NAME if "twice" in text else kinds.NEEDS_COLUMN
                yield Problem(kind, text, where)


def _column_faults(table: Table) -> Iterator[str]:
    for column in dict.fromkeys(table.columns):
        if table.columns.count(column) > 1:
            yield f'the column "{column}" stands twice in the table "{table.name}".'
        for needed in NEEDED_BY.get(column, ()):
            if needed not in table.columns:
                yield f'the column "{column}" needs the column "{needed}".'


def _layout_headings(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for at, table in enumerate(layout.tables):
            where = partial(definitions.where, "layouts", layout.name, "tables", at)
            for column in table.headings:
                if column in HEADED_BY_CONTENT:
                    text = f'the headings of the column "{column}" are what it shows.'
                    yield Problem(kinds.WRONG_VALUE, text, where("headings", column))
                elif column not in table.columns:
                    text = f'the table has no column "{column}" to give a heading to.'
                    yield Problem(kinds.NEEDS_COLUMN, text, where("headings", column))
            if ("targets_by_year" in table.columns) != bool(table.target_years):
                text = 'the column "targets_by_year" and the key "target_years" go together.'
                yield Problem(kinds.NEEDS_COLUMN, text, where("columns"))


def _parameter_names(definitions: Definitions) -> Iterator[Problem]:
    columns = {column for one in definitions.datasets.values() for column in one.columns}
    for name in definitions.parameters:
        if name in columns | MONTH_COLUMNS:
            text = f'"{name}" is also the name of a column, so SQL could mean either.'
            yield Problem(kinds.DUPLICATE_NAME, text, definitions.where("parameters", name))


def _layout_parameters(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for name, value in layout.parameters.items():
            where = definitions.where("layouts", layout.name, "parameters", name)
            known = definitions.parameters
            if name not in known:
                yield _unknown(kinds.UNKNOWN_PARAMETER, name, known, where)
            elif value > known[name].most:
                text = f'"{name}" may be {known[name].most} at most.'
                yield Problem(kinds.WRONG_VALUE, text, where)


def _layout_themes(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        if layout.theme not in definitions.themes and layout.theme != DEFAULT_THEME:
            where = definitions.where("layouts", layout.name, "theme")
            yield _unknown(kinds.UNKNOWN_THEME, layout.theme, definitions.themes, where)


RULES: tuple[Rule, ...] = (
    _dataset_columns,
    _dataset_order, _dataset_requires, _dataset_aliases,
    _dataset_codes, _dataset_dates_of_codes, _standard_tables, _code_spellings,
    _measure_datasets, _measure_clocks, _measure_columns, _measure_parts, _derived_teams,
    _circles,
    _layout_measures, _layout_columns, _layout_headings,
    _layout_themes, _parameter_names, _layout_parameters,
    *held_against.RULES,
    *SHEET_RULES,
)  # fmt: skip
