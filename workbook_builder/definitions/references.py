"""What definitions say of one another: every name that is used must be defined, and fit its use.

One small function a rule; here those about datasets, code lists, statutory returns and measures,
in `layout_references` those about layouts and what stands in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from graphlib import CycleError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset, GivenDataset
from workbook_builder.definitions.layouts import (
    DEFAULT_THEME,
    HEADED_BY_CONTENT,
    NEEDED_BY,
    Layout,
    Table,
)
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
from workbook_builder.definitions.sheet_layouts import TARGET_LINE, Panel
from workbook_builder.definitions.targets import Entry
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Where, listed

Rule = Callable[[Definitions], Iterator[Problem]]
Keys = tuple[str | int, ...]
#: Return the place of keys inside something.
Place = Callable[..., Where]

#: The columns of the month itself, which every expression may name.
_MONTH_COLUMNS = frozenset({"month_start", "month_end"})

POLARITY_OF_SIGN = {"<": "lower", "<=": "lower", ">": "higher", ">=": "higher"}

_unknown_measure = partial(unknown_name, catalogue.UNKNOWN_MEASURE, "measure")
_unknown_comparator = partial(unknown_name, catalogue.UNKNOWN_COMPARATOR, "comparator")


def _tables(definitions: Definitions) -> Iterator[tuple[Table, Place]]:
    for layout in definitions.layouts.values():
        for number, table in enumerate(layout.tables):
            yield table, partial(definitions.where, "layouts", layout.name, "tables", number)


def _panels(layout: Layout) -> Iterator[tuple[Keys, Panel]]:
    """Yield the panels of all slides of a layout, with the keys that they stand under."""
    for number, slide in enumerate(layout.slides):
        for name, panel in slide.panels.items():
            yield ("slides", number, "panels", name), panel


def _row_measures(definitions: Definitions) -> Iterator[Problem]:
    known = definitions.measures
    for table, where in _tables(definitions):
        for number, row in enumerate(table.rows):
            if row.measure not in known:
                yield _unknown_measure(row.measure, known, where("rows", number, "measure"))


def _columns(definitions: Definitions) -> Iterator[Problem]:
    """A column stands once in a table, and with those that it is worked out from."""
    for table, where in _tables(definitions):
        for column in dict.fromkeys(table.columns):
            if table.columns.count(column) > 1:
                text = f'the column "{column}" appears twice in the table "{table.name}".'
                yield Problem(catalogue.DUPLICATE_NAME, text, where("columns"))
            for needed in NEEDED_BY.get(column, ()):
                if needed not in table.columns:
                    text = f'the column "{column}" needs the column "{needed}".'
                    yield Problem(catalogue.NEEDS_COLUMN, text, where("columns"))


def _headings(definitions: Definitions) -> Iterator[Problem]:
    for table, where in _tables(definitions):
        for column in table.headings:
            if column in HEADED_BY_CONTENT:
                text = f'the headings of the column "{column}" are what it shows.'
                yield Problem(catalogue.WRONG_VALUE, text, where("headings", column))
            elif column not in table.columns:
                text = f'the table has no column "{column}" to give a heading to.'
                yield Problem(catalogue.NEEDS_COLUMN, text, where("headings", column))
        if ("targets_by_year" in table.columns) != bool(table.target_years):
            text = 'the column "targets_by_year" and the key "target_years" must be used together.'
            yield Problem(catalogue.NEEDS_COLUMN, text, where("columns"))


def _themes(definitions: Definitions) -> Iterator[Problem]:
    known = definitions.themes
    for layout in definitions.layouts.values():
        if layout.theme not in known and layout.theme != DEFAULT_THEME:
            where = definitions.where("layouts", layout.name, "theme")
            yield unknown_name(catalogue.UNKNOWN_THEME, "theme", layout.theme, known, where)


def _parameter_names(definitions: Definitions) -> Iterator[Problem]:
    columns = {column for dataset in definitions.datasets.values() for column in dataset.columns}
    for name in definitions.parameters:
        if name in columns | _MONTH_COLUMNS:
            text = f'"{name}" is also the name of a column, so SQL could mean either.'
            yield Problem(catalogue.DUPLICATE_NAME, text, definitions.where("parameters", name))


def _parameter_values(definitions: Definitions) -> Iterator[Problem]:
    known = definitions.parameters
    for layout in definitions.layouts.values():
        for name, value in layout.parameters.items():
            where = definitions.where("layouts", layout.name, "parameters", name)
            if name not in known:
                yield unknown_name(catalogue.UNKNOWN_PARAMETER, "parameter", name, known, where)
            elif value > known[name].most:
                text = f'"{name}" may be {known[name].most} at most.'
                yield Problem(catalogue.WRONG_VALUE, text, where)


def _targets_and_benchmarks(definitions: Definitions) -> Iterator[Problem]:
    """Targets and benchmarks are those of known measures."""
    known = definitions.measures
    for section in ("targets", "benchmarks"):
        for name in getattr(definitions, section):
            if name not in known:
                yield _unknown_measure(name, known, definitions.where(section, name))


def _comparators(definitions: Definitions) -> Iterator[Problem]:
    """Benchmarks and layouts name known comparators."""
    named: list[tuple[str, Where]] = []
    for benchmarks in definitions.benchmarks.values():
        where = partial(definitions.where, "benchmarks", benchmarks.name)
        named += [(name, where(*keys)) for keys, name, _ in benchmarks.entries]
        named += [(name, where("periods", name)) for name in benchmarks.periods]
    for layout in definitions.layouts.values():
        chosen: list[tuple[Iterable[str], Keys]] = [(layout.comparators or (), ("comparators",))]
        for number, table in enumerate(layout.tables):
            chosen.append((table.comparators or (), ("tables", number, "comparators")))
        for names, keys in chosen:
            for position, name in enumerate(names):
                named.append((name, definitions.where("layouts", layout.name, *keys, position)))
    for name, place in named:
        if name not in definitions.comparators:
            yield _unknown_comparator(name, definitions.comparators, place)


def _entries_fit(definitions: Definitions) -> Iterator[Problem]:
    """A value has its measure's unit, and the sign of a target its measure's polarity."""
    for name, entry, where, judged in _entries(definitions):
        measure = definitions.measures.get(name)
        for text in _misfits(entry, measure, judged=judged) if measure else ():
            yield Problem(catalogue.WRONG_VALUE, text, where)


def _entries(definitions: Definitions) -> Iterator[tuple[str, Entry, Where, bool]]:
    """Yield targets and benchmarks: their measure, value and place, and whether it judges."""
    for target in definitions.targets.values():
        for keys, entry in target.entries:
            yield target.name, entry, definitions.where("targets", target.name, *keys), True
    for benchmarks in definitions.benchmarks.values():
        for path, _, entry in benchmarks.entries:
            where = definitions.where("benchmarks", benchmarks.name, *path)
            yield benchmarks.name, entry, where, False
    for table, place in _tables(definitions):
        for number, row in enumerate(table.rows):
            if row.target:
                yield row.measure, row.target, place("rows", number, "target"), row.judged


def _misfits(entry: Entry, measure: Measure, *, judged: bool) -> Iterator[str]:
    if entry.number is None:
        return
    if entry.in_percent and measure.unit != "percent":
        yield f'the value is in percent, and "{measure.name}" is not.'
    if measure.unit == "percent" and not entry.in_percent and abs(entry.number) > 1:
        number = f"{entry.number:g}"
        yield f'{number} is over 100%: write a share such as 0.36, or a percentage: "{number}%".'
    polarity = POLARITY_OF_SIGN.get(entry.sign, measure.better)
    if judged and measure.better and polarity != measure.better:
        yield f'the sign "{entry.sign}" contradicts better = "{measure.better}".'


def _statistics(definitions: Definitions) -> Iterator[Problem]:
    """Files of statistics feed known measures."""
    known = definitions.measures
    for statistic in definitions.statistics.values():
        for number, figures in enumerate(statistic.gives):
            for position, name in enumerate(figures.measures):
                if name not in known:
                    keys = ("gives", number, "measures", position)
                    where = definitions.where("statistics", statistic.name, *keys)
                    yield _unknown_measure(name, known, where)


def _sheet_names(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        names: set[str] = set()
        for section in ("tables", "team_sheets", "caseloads", "slides"):
            for number, sheet in enumerate(getattr(layout, section)):
                if sheet.name.casefold() in names:
                    where = definitions.where("layouts", layout.name, section, number, "name")
                    text = f'there are two sheets called "{sheet.name}".'
                    yield Problem(catalogue.DUPLICATE_NAME, text, where)
                names.add(sheet.name.casefold())


def _sheet_measures(definitions: Definitions) -> Iterator[Problem]:
    """Team sheets and slides show known measures."""
    known = definitions.measures
    for layout in definitions.layouts.values():
        shown: list[tuple[Keys, str]] = [
            (("team_sheets", number, "blocks", position, "measure"), block.measure)
            for number, sheet in enumerate(layout.team_sheets)
            for position, block in enumerate(sheet.blocks)
        ]
        for keys, panel in _panels(layout):
            shown += [((*keys, "teams"), panel.teams)] if panel.teams else []
            for key in ("chart", "table"):
                names = getattr(panel, key) or ()
                shown += [((*keys, key, number), name) for number, name in enumerate(names)]
        for keys, name in shown:
            if name not in known:
                yield _unknown_measure(
                    name, known, definitions.where("layouts", layout.name, *keys)
                )


def _listed_teams(definitions: Definitions) -> Iterator[Problem]:
    """A name with * may stand for any team; any other must be a team's, else it is a misprint."""
    teams = definitions.known_teams
    for layout in definitions.layouts.values():
        for number, sheet in enumerate(layout.team_sheets):
            lists: list[tuple[Keys, Iterable[str]]] = [((), sheet.teams)]
            for position, block in enumerate(sheet.blocks):
                lists.append((("blocks", position), block.teams or ()))
            where = partial(definitions.where, "layouts", layout.name, "team_sheets", number)
            for keys, names in lists:
                for position, name in enumerate(names):
                    if "*" not in name and not teams.knows(name):
                        place = where(*keys, "teams", position)
                        kind, known = catalogue.UNKNOWN_TEAM, definitions.teams
                        yield unknown_name(kind, "team", name, known, place)


def _team_aliases(definitions: Definitions) -> Iterator[Problem]:
    """A name means one team only."""
    team_of: dict[str, str] = {}
    for team in definitions.teams.values():
        names = {same_name(name): name for name in (team.name, *team.aliases)}
        for folded, name in names.items():
            first = team_of.setdefault(folded, team.name)
            if first != team.name:
                where = definitions.where("teams", team.name)
                text = f'"{name}" is already a name of the team "{first}".'
                yield Problem(catalogue.DUPLICATE_NAME, text, where)


def _team_dates(definitions: Definitions) -> Iterator[Problem]:
    for team in definitions.teams.values():
        if team.opened and team.closed and team.closed < team.opened:
            where = definitions.where("teams", team.name, "closed")
            yield Problem(catalogue.WRONG_VALUE, "the team closed before it opened.", where)


def _chart_lines(definitions: Definitions) -> Iterator[Problem]:
    known = [TARGET_LINE, *definitions.comparators]
    for layout in definitions.layouts.values():
        for keys, panel in _panels(layout):
            for number, name in enumerate(panel.lines or ()):
                if name not in known:
                    where = definitions.where("layouts", layout.name, *keys, "lines", number)
                    yield _unknown_comparator(name, known, where)


def _chart_units(definitions: Definitions) -> Iterator[Problem]:
    """Percentages and numbers have no axis in common."""
    measures = definitions.measures
    for layout in definitions.layouts.values():
        for keys, panel in _panels(layout):
            units = {measures[name].unit for name in panel.chart or () if name in measures}
            if len(units) > 1:
                where = definitions.where("layouts", layout.name, *keys, "chart")
                text = "the chart holds percentages and numbers, which need an axis each."
                advice = "Use two panels."
                yield Problem(catalogue.WRONG_VALUE, text, where, advice=advice)


def _grids(definitions: Definitions) -> Iterator[Problem]:
    """The grid of a slide names all its panels, and no others."""
    for layout in definitions.layouts.values():
        for number, slide in enumerate(layout.slides):
            where = partial(definitions.where, "layouts", layout.name, "slides", number)
            for name in slide.areas:
                if name not in slide.panels:
                    kind, known = catalogue.UNKNOWN_PANEL, slide.panels
                    yield unknown_name(kind, "panel", name, known, where("grid"))
            for name in slide.panels:
                if name not in slide.areas:
                    text = f'the panel "{name}" is not in the grid.'
                    yield Problem(catalogue.UNKNOWN_PANEL, text, where("panels", name))


def _caseload_panels(definitions: Definitions) -> Iterator[Problem]:
    """A slide shows the caseloads as their sheet has them, so there must be one."""
    for layout in definitions.layouts.values():
        for keys, panel in _panels(layout):
            if panel.caseloads and not layout.caseloads:
                where = definitions.where("layouts", layout.name, *keys, "caseloads")
                text = "the slide shows caseloads, and the layout has no sheet of them."
                yield Problem(catalogue.MISSING_KEY, text, where, advice="Add [[caseloads]].")


LAYOUT_RULES: tuple[Rule, ...] = (
    _row_measures, _columns, _headings, _themes, _parameter_names, _parameter_values,
    _targets_and_benchmarks, _comparators, _entries_fit, _statistics,
    _sheet_names, _sheet_measures, _listed_teams, _team_aliases, _team_dates,
    _chart_lines, _chart_units, _grids, _caseload_panels,
)  # fmt: skip


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
            *(
                (("fallback_key", number), column)
                for number, column in enumerate(dataset.fallback_key)
            ),
        ]
        for keys, column in named:
            if column not in dataset.columns:
                where = definitions.where("datasets", dataset.name, *keys)
                yield _unknown_column(column, dataset.columns, where)


def _dataset_worklists(definitions: Definitions) -> Iterator[Problem]:
    """Lists of children show columns of the dataset, and no text that anybody typed."""
    for dataset in definitions.datasets.values():
        for number, column in enumerate(dataset.worklist):
            where = definitions.where("datasets", dataset.name, "worklist", number)
            if column not in dataset.columns:
                yield _unknown_column(column, dataset.columns, where)
            elif dataset.columns[column].type == "text":
                text = f'lists of children may not show "{column}": it is text that people type.'
                advice = "Take it out; identifiers, days, codes, numbers and flags may be shown."
                yield Problem(catalogue.WRONG_VALUE, text, where, advice=advice)


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
            text = "no column is required, so no sheet could be recognised as this dataset."
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
                    for name, column in records.flags.items():
                        flagged = definitions.datasets.get(name)
                        here = where("gives", position, "flags", name)
                        if not flagged:
                            kind, known = catalogue.UNKNOWN_DATASET, definitions.datasets
                            yield unknown_name(kind, "dataset", name, known, here)
                        elif column not in flagged.columns:
                            yield _unknown_column(column, flagged.columns, here)
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
    for name in records.lacks:
        if name not in dataset.required:
            yield _unknown_column(name, dataset.required, where("lacks"))
    if lacking := dataset.required - {*records.columns, *records.constants, *records.lacks}:
        text = f'the dataset "{dataset.name}" also requires {listed(lacking)}.'
        yield Problem(catalogue.MISSING_KEY, text, where("columns"))
    if records.year_end and records.year_end not in dataset.columns:
        yield _unknown_column(records.year_end, dataset.columns, where("year_end"))
    for name in records.apart:
        if name not in records.columns:
            yield _unknown_column(name, records.columns, where("apart", name))
    for key, is_there in (("new_when", records.new_when), ("continues", records.continues)):
        if is_there and len(set(records.columns) & set(dataset.date_columns)) < 2:
            text = "joined records need columns for their first and last day."
            yield Problem(catalogue.MISSING_KEY, text, where(key))


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
        for part in dict.fromkeys(measure.needed):
            where = definitions.where("measures", measure.name, *_keys_of_part(measure, part))
            if part not in known:
                yield unknown_name(catalogue.UNKNOWN_MEASURE, "measure", part, known, where)
            elif (
                isinstance(measure, ChildrenInAny)
                and part in measure.parts
                and not isinstance(known[part], Children)
            ):
                text = (
                    f'"{part}" does not count children, so it cannot be put together with others.'
                )
                yield Problem(catalogue.NOT_CHILDREN, text, where)
            elif part not in measure.parts and known[part].unit != measure.unit:
                text = f'"{part}" is not in {measure.unit}, as this measure is.'
                yield Problem(catalogue.WRONG_VALUE, text, where)


def _keys_of_part(measure: Measure, part: str) -> Keys:
    """Return the keys under which a measure names one of its parts."""
    for key in (measure.own_key, "part", "minus", "otherwise"):
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
        text = f"these measures need each other: {' -> '.join(reversed(circle))}."
        yield Problem(catalogue.CIRCLE, text, definitions.where("measures", circle[0]))


_unknown_column = partial(unknown_name, catalogue.UNKNOWN_COLUMN, "column")

_DATASET_RULES: tuple[Rule, ...] = (
    _dataset_columns, _dataset_order, _dataset_requires, _dataset_aliases, _dataset_codes,
    _dataset_dates_of_codes, _dataset_worklists, _return_tables, _code_spellings,
)  # fmt: skip
_MEASURE_RULES: tuple[Rule, ...] = (
    _measure_datasets, _measure_clocks, _measure_columns, _measure_parts, _derived_teams, _circles,
)  # fmt: skip
