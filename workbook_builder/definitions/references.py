"""What definitions say of one another: every name that is used must be defined, and fit its use.

One small function a rule; RULES lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from graphlib import CycleError, TopologicalSorter

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.layouts import (
    DEFAULT_THEME,
    HEADED_BY_CONTENT,
    NEEDED_BY,
    Layout,
    Table,
)
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
from workbook_builder.definitions.sheet_layouts import TARGET_LINE, Panel
from workbook_builder.definitions.statutory_returns import table_faults
from workbook_builder.definitions.targets import Entry
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, ProblemKind, Where, did_you_mean

_MEANT = {"<": "lower", "<=": "lower", ">": "higher", ">=": "higher"}


def unknown_name(kind: ProblemKind, name: str, known: Collection[str], where: Where) -> Problem:
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
                yield unknown_name(catalogue.UNKNOWN_MEASURE, name, definitions.measures, where)


def known_comparators(definitions: Definitions) -> Iterator[Problem]:
    """Benchmarks and layouts name known comparators."""
    for name, where in _comparators_named(definitions):
        if name not in definitions.comparators:
            known = definitions.comparators
            yield unknown_name(catalogue.UNKNOWN_COMPARATOR, name, known, where)


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
            yield Problem(catalogue.WRONG_VALUE, text, where)


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
                    yield unknown_name(catalogue.UNKNOWN_MEASURE, name, known, where)


TARGET_RULES: tuple[Callable[[Definitions], Iterator[Problem]], ...] = (
    known_measures, known_comparators, entries_fit, statistics_fit,
)  # fmt: skip


SheetKeys = tuple[str | int, ...]


def _unknown(
    kind: ProblemKind, noun: str, name: str, known: Collection[str], where: Where
) -> Problem:
    what = f'the {noun} "{name}" is not known. {did_you_mean(name, known)}'.strip()
    return Problem(kind, what, where)


def _sheet_names(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        seen: set[str] = set()
        for section in ("tables", "team_sheets", "caseloads", "slides"):
            for at, sheet in enumerate(getattr(layout, section)):
                if sheet.name.casefold() in seen:
                    where = definitions.where("layouts", layout.name, section, at, "name")
                    text = f'there are two sheets of the name "{sheet.name}".'
                    yield Problem(catalogue.DUPLICATE_NAME, text, where)
                seen.add(sheet.name.casefold())


def _measures(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for keys, name in _shown(layout):
            if name not in definitions.measures:
                where = definitions.where("layouts", layout.name, *keys)
                known = definitions.measures
                yield _unknown(catalogue.UNKNOWN_MEASURE, "measure", name, known, where)


def _shown(layout: Layout) -> Iterator[tuple[SheetKeys, str]]:
    """Yield each measure that team sheets and slides name, with the keys it stands under."""
    for at, sheet in enumerate(layout.team_sheets):
        for number, block in enumerate(sheet.blocks):
            yield ("team_sheets", at, "blocks", number, "measure"), block.measure
    for keys, panel in _panels(layout):
        if panel.teams:
            yield (*keys, "teams"), panel.teams
        for key in ("chart", "table"):
            for number, name in enumerate(getattr(panel, key) or ()):
                yield (*keys, key, number), name


def _panels(layout: Layout) -> Iterator[tuple[SheetKeys, Panel]]:
    for at, slide in enumerate(layout.slides):
        for name, panel in slide.panels.items():
            yield ("slides", at, "panels", name), panel


def _listed_teams(definitions: Definitions) -> Iterator[Problem]:
    """A name with * may stand for any team; any other must be a team's, else it is a misprint."""
    teams = definitions.known_teams
    for layout in definitions.layouts.values():
        for keys, name in _team_names(layout):
            if "*" not in name and not teams.knows(name):
                where = definitions.where("layouts", layout.name, *keys)
                yield _unknown(catalogue.UNKNOWN_TEAM, "team", name, definitions.teams, where)


def _team_names(layout: Layout) -> Iterator[tuple[SheetKeys, str]]:
    for at, sheet in enumerate(layout.team_sheets):
        for number, name in enumerate(sheet.teams):
            yield ("team_sheets", at, "teams", number), name
        for within, block in enumerate(sheet.blocks):
            for number, name in enumerate(block.teams or ()):
                yield ("team_sheets", at, "blocks", within, "teams", number), name


def _team_aliases(definitions: Definitions) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for team in definitions.teams.values():
        for text in {same_name(text): text for text in (team.name, *team.aliases)}.values():
            first = seen.setdefault(same_name(text), team.name)
            if first != team.name:
                where = definitions.where("teams", team.name)
                what = f'"{text}" is already a name of the team "{first}".'
                yield Problem(catalogue.DUPLICATE_NAME, what, where)


def _team_dates(definitions: Definitions) -> Iterator[Problem]:
    for team in definitions.teams.values():
        if team.opened and team.closed and team.closed < team.opened:
            where = definitions.where("teams", team.name, "closed")
            yield Problem(catalogue.WRONG_VALUE, "the team closed before it opened.", where)


def _lines(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for keys, panel in _panels(layout):
            for number, name in enumerate(panel.lines or ()):
                if name != TARGET_LINE and name not in definitions.comparators:
                    where = definitions.where("layouts", layout.name, *keys, "lines", number)
                    known = [TARGET_LINE, *definitions.comparators]
                    yield _unknown(catalogue.UNKNOWN_COMPARATOR, "comparator", name, known, where)


def _units(definitions: Definitions) -> Iterator[Problem]:
    """Percentages and numbers have no axis in common."""
    for layout in definitions.layouts.values():
        for keys, panel in _panels(layout):
            names = [name for name in panel.chart or () if name in definitions.measures]
            if len({definitions.measures[name].unit for name in names}) > 1:
                where = definitions.where("layouts", layout.name, *keys, "chart")
                text = "the chart holds percentages and numbers, which need an axis each."
                advice = "Put them into two panels."
                yield Problem(catalogue.WRONG_VALUE, text, where, advice=advice)


def _grids(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for at, slide in enumerate(layout.slides):
            for name in slide.areas:
                if name not in slide.panels:
                    where = definitions.where("layouts", layout.name, "slides", at, "grid")
                    known = slide.panels
                    yield _unknown(catalogue.UNKNOWN_PANEL, "panel", name, known, where)
            for name in slide.panels:
                if name not in slide.areas:
                    keys = ("slides", at, "panels", name)
                    where = definitions.where("layouts", layout.name, *keys)
                    text = f'the panel "{name}" stands nowhere in the grid.'
                    yield Problem(catalogue.UNKNOWN_PANEL, text, where)


def _caseload_panels(definitions: Definitions) -> Iterator[Problem]:
    """A slide shows the caseloads as their sheet has them, so there must be one."""
    for layout in definitions.layouts.values():
        for keys, panel in _panels(layout):
            if panel.caseloads and not layout.caseloads:
                where = definitions.where("layouts", layout.name, *keys, "caseloads")
                text = "the slide shows caseloads, and the layout has no sheet of them."
                yield Problem(catalogue.MISSING_KEY, text, where, advice="Add [[caseloads]].")


SHEET_RULES: tuple[Callable[[Definitions], Iterator[Problem]], ...] = (
    _sheet_names, _measures, _listed_teams, _team_aliases, _team_dates, _lines, _units, _grids,
    _caseload_panels,
)  # fmt: skip


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
                yield unknown_name(catalogue.UNKNOWN_COLUMN, column, dataset.columns, where)


def _dataset_order(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        for at, pair in enumerate(dataset.in_order):
            for place, column in enumerate(pair):
                if column not in dataset.date_columns:
                    where = definitions.where("datasets", dataset.name, "in_order", at, place)
                    yield unknown_name(
                        catalogue.UNKNOWN_COLUMN, column, dataset.date_columns, where
                    )


def _dataset_requires(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        if not dataset.required:
            where = definitions.where("datasets", dataset.name)
            yield Problem(catalogue.MISSING_KEY, "no column is required, so no sheet could be told "
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
                    yield Problem(catalogue.DUPLICATE_NAME, text, where)


def _dataset_codes(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        for name, column in dataset.columns.items():
            where = definitions.where("datasets", dataset.name, "columns", name, "codes")
            if (column.type == "code") != bool(column.codes):
                text = f'the column "{name}" needs both type = "code" and a code list.'
                yield Problem(catalogue.WRONG_VALUE, text, where)
            elif column.codes and column.codes not in definitions.codes:
                hint = did_you_mean(column.codes, definitions.codes)
                text = f'the code list "{column.codes}" is not known. {hint}'.strip()
                yield Problem(catalogue.UNKNOWN_CODES, text, where)


def _dataset_dates_of_codes(definitions: Definitions) -> Iterator[Problem]:
    for dataset in definitions.datasets.values():
        for name, column in dataset.columns.items():
            if column.dated_by and column.dated_by not in dataset.date_columns:
                where = definitions.where("datasets", dataset.name, "columns", name, "dated_by")
                yield unknown_name(
                    catalogue.UNKNOWN_COLUMN, column.dated_by, dataset.date_columns, where
                )


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
                    yield Problem(catalogue.DUPLICATE_NAME, text, where)


def _clocked(definitions: Definitions) -> Iterator[tuple[Clocked, Dataset]]:
    for measure in definitions.measures.values():
        if isinstance(measure, Clocked) and measure.dataset in definitions.datasets:
            yield measure, definitions.datasets[measure.dataset]


def _measure_datasets(definitions: Definitions) -> Iterator[Problem]:
    for measure in definitions.measures.values():
        if isinstance(measure, Clocked) and measure.dataset not in definitions.datasets:
            where = definitions.where("measures", measure.name, measure.own_key)
            yield unknown_name(
                catalogue.UNKNOWN_DATASET, measure.dataset, definitions.datasets, where
            )


def _measure_clocks(definitions: Definitions) -> Iterator[Problem]:
    for measure, dataset in _clocked(definitions):
        for keys, column in _clock_columns(measure):
            where = definitions.where("measures", measure.name, *keys)
            if column not in dataset.columns:
                yield unknown_name(catalogue.UNKNOWN_COLUMN, column, dataset.columns, where)
            elif dataset.columns[column].type != "date":
                yield Problem(catalogue.WRONG_VALUE, f'the column "{column}" is not a date.', where)


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
            yield unknown_name(catalogue.UNKNOWN_COLUMN, measure.child, dataset.columns, where)
        if measure.teams and not dataset.team:
            where = definitions.where("measures", measure.name, "teams")
            text = f'the dataset "{dataset.name}" has no team.'
            advice = "Name its team column, or leave teams out."
            yield Problem(catalogue.WRONG_VALUE, text, where, advice=advice)


def _derived_teams(definitions: Definitions) -> Iterator[Problem]:
    for measure in definitions.measures.values():
        known = [
            definitions.measures[part] for part in measure.parts if part in definitions.measures
        ]
        without = [part.name for part in known if not part.teams]
        if measure.teams and without and not isinstance(measure, ChildrenInAny):
            where = definitions.where("measures", measure.name, "teams")
            text = f'"{without[0]}", from which it is derived, has no figures by team.'
            advice = "Give that measure teams = true, or leave teams out here."
            yield Problem(catalogue.WRONG_VALUE, text, where, advice=advice)


def _measure_parts(definitions: Definitions) -> Iterator[Problem]:
    for measure in definitions.measures.values():
        for part in dict.fromkeys(measure.parts):
            where = definitions.where("measures", measure.name, *_part_keys(measure, part))
            if part not in definitions.measures:
                yield unknown_name(catalogue.UNKNOWN_MEASURE, part, definitions.measures, where)
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
        yield Problem(catalogue.NOT_CHILDREN, text, where)


def _circles(definitions: Definitions) -> Iterator[Problem]:
    try:
        in_order(definitions)
    except CycleError as fault:
        circle: list[str] = fault.args[1]
        text = f"these measures need one another: {' -> '.join(reversed(circle))}."
        yield Problem(catalogue.CIRCLE, text, definitions.where("measures", circle[0]))


def _layout_measures(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for at, table in enumerate(layout.tables):
            for number, row in enumerate(table.rows):
                if row.measure not in definitions.measures:
                    keys = ("tables", at, "rows", number, "measure")
                    where = definitions.where("layouts", layout.name, *keys)
                    known = definitions.measures
                    yield unknown_name(catalogue.UNKNOWN_MEASURE, row.measure, known, where)


def _layout_columns(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for at, table in enumerate(layout.tables):
            where = definitions.where("layouts", layout.name, "tables", at, "columns")
            for text in _column_faults(table):
                kind = catalogue.DUPLICATE_NAME if "twice" in text else catalogue.NEEDS_COLUMN
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
                    yield Problem(catalogue.WRONG_VALUE, text, where("headings", column))
                elif column not in table.columns:
                    text = f'the table has no column "{column}" to give a heading to.'
                    yield Problem(catalogue.NEEDS_COLUMN, text, where("headings", column))
            if ("targets_by_year" in table.columns) != bool(table.target_years):
                text = 'the column "targets_by_year" and the key "target_years" go together.'
                yield Problem(catalogue.NEEDS_COLUMN, text, where("columns"))


def _parameter_names(definitions: Definitions) -> Iterator[Problem]:
    columns = {column for one in definitions.datasets.values() for column in one.columns}
    for name in definitions.parameters:
        if name in columns | MONTH_COLUMNS:
            text = f'"{name}" is also the name of a column, so SQL could mean either.'
            yield Problem(catalogue.DUPLICATE_NAME, text, definitions.where("parameters", name))


def _layout_parameters(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for name, value in layout.parameters.items():
            where = definitions.where("layouts", layout.name, "parameters", name)
            known = definitions.parameters
            if name not in known:
                yield unknown_name(catalogue.UNKNOWN_PARAMETER, name, known, where)
            elif value > known[name].most:
                text = f'"{name}" may be {known[name].most} at most.'
                yield Problem(catalogue.WRONG_VALUE, text, where)


def _layout_themes(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        if layout.theme not in definitions.themes and layout.theme != DEFAULT_THEME:
            where = definitions.where("layouts", layout.name, "theme")
            yield unknown_name(catalogue.UNKNOWN_THEME, layout.theme, definitions.themes, where)


RULES: tuple[Rule, ...] = (
    _dataset_columns,
    _dataset_order, _dataset_requires, _dataset_aliases,
    _dataset_codes, _dataset_dates_of_codes, _standard_tables, _code_spellings,
    _measure_datasets, _measure_clocks, _measure_columns, _measure_parts, _derived_teams,
    _circles,
    _layout_measures, _layout_columns, _layout_headings,
    _layout_themes, _parameter_names, _layout_parameters,
    *TARGET_RULES,
    *SHEET_RULES,
)  # fmt: skip
