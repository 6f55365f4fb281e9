"""What one authority, or the region of all, has in the tables: the source of one workbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as sql
from sqlglot import exp

from workbook_builder.building.sources import Coverages, FromTables, Loaded
from workbook_builder.building.table_faults import none_of_one
from workbook_builder.building.tables import Table, Tables
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Open
from workbook_builder.engine import kinds
from workbook_builder.engine.load_extracts import Extracts
from workbook_builder.engine.spark.columns import AUTHORITY, empty_frame
from workbook_builder.engine.spark.engine import SparkEngine
from workbook_builder.engine.spark.records import of_authority, of_region
from workbook_builder.measures.comments import COMMENTARY
from workbook_builder.measures.coverage import Spells
from workbook_builder.measures.covered_jointly import CountedCoverage, JointCoverage, SpellsOf
from workbook_builder.measures.population import POPULATION
from workbook_builder.measures.supplied import FIGURES
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Where, listed


@contextmanager
def share_of_authority(
    tables: Tables, name: str, definitions: Definitions, layout: str
) -> Iterator[FromTables]:
    """Open the source of one authority's workbook; a table without its records is not given."""
    held = {one: table for one, table in tables.by_dataset.items() if table.profile.kept.get(name)}
    frames = {one: of_authority(table.records, name) for one, table in held.items()}
    missing = [one for one in tables.by_dataset if one not in held]
    problems = tuple(none_of_one({tables.by_dataset[one].typed.name: [name] for one in missing}))
    with _engine(tables, frames, definitions) as engine:

        def coverages() -> Coverages:
            return {
                one: _counted(dataset, engine, held.get(one), name)
                for one, dataset in definitions.datasets.items()
            }

        sheets = tuple(table.sheet([name]) for table in held.values())
        loaded = Loaded(Extracts(sheets), engine, coverages)
        yield FromTables(name, layout, is_region=False, loaded=loaded, problems=problems)


@contextmanager
def share_of_region(
    tables: Tables, name: str, definitions: Definitions, layout: str
) -> Iterator[FromTables]:
    """Open the source of the region's workbook: all authorities, each in place of a team."""
    problems: list[Problem] = []
    frames: dict[str, DataFrame] = {}
    for one, table in tables.by_dataset.items():
        frames[one] = _OF_REGION.get(one, _as_it_is)(tables, table, problems)
    lacking = {
        table.typed.name: [one for one in tables.authorities if not table.profile.kept.get(one)]
        for one, table in tables.by_dataset.items()
        if one not in _OF_REGION
    }
    problems += none_of_one({place: names for place, names in lacking.items() if names})
    with _engine(tables, frames, definitions) as engine:

        def coverages() -> Coverages:
            return {
                one: _joint(dataset, engine, tables, tables.by_dataset.get(one))
                for one, dataset in definitions.datasets.items()
            }

        sheets = tuple(table.sheet(tables.authorities) for table in tables.by_dataset.values())
        loaded = Loaded(Extracts(sheets), engine, coverages)
        yield FromTables(name, layout, is_region=True, loaded=loaded, problems=tuple(problems))


@contextmanager
def _engine(
    tables: Tables, frames: Mapping[str, DataFrame], definitions: Definitions
) -> Iterator[SparkEngine]:
    """Open an engine over these records, with an empty table for every other dataset."""
    every = {
        name: (dataset, frames.get(name) or empty_frame(tables.session, dataset))
        for name, dataset in definitions.datasets.items()
    }
    with SparkEngine(tables.session, every) as engine:
        yield engine


# --- What is covered -----------------------------------------------------------------------------


def _counted(
    dataset: Dataset,
    engine: SparkEngine,
    table: Table | None,
    authority: str,
    spells: SpellsOf | None = None,
) -> CountedCoverage:
    given = table is not None and bool(table.profile.kept.get(authority))
    days = table.days(authority) if table else {}
    columns = table.typed.columns if table else frozenset(dataset.columns)
    return CountedCoverage(dataset, engine, days, columns, given=given, spells=spells)


def _joint(
    dataset: Dataset, engine: SparkEngine, tables: Tables, table: Table | None
) -> JointCoverage:
    @cache
    def spells(clock: Open) -> Mapping[str, Sequence[Spells]]:
        return _spells(dataset, engine, clock)

    def of(authority: str) -> SpellsOf:
        return lambda clock: spells(clock).get(authority, ())

    parts = [
        _counted(dataset, engine, table, authority, of(authority))
        for authority in (tables.authorities if table else ())
    ]
    if dataset.name in _OF_REGION:
        parts = [part for part in parts if part.given]
    return JointCoverage(dataset, engine, parts)


def _spells(dataset: Dataset, engine: SparkEngine, clock: Open) -> Mapping[str, Sequence[Spells]]:
    """Return when records started and ended, and how many, by authority, in one query."""
    columns = [exp.column(name) for name in (AUTHORITY, clock.start, clock.end)]
    query = exp.select(*columns, exp.Count(this=exp.Star())).from_(exp.to_table(dataset.name))
    known = query.where(columns[1].copy().is_(exp.null()).not_()).group_by(*columns)
    found: defaultdict[str, list[Spells]] = defaultdict(list)
    for authority, start, end, count in engine.rows(known):
        found[authority].append((start, end, count))
    return found


# --- What a region makes of each table -----------------------------------------------------------

_OfRegion = Callable[[Tables, Table, list[Problem]], DataFrame]


def _as_it_is(tables: Tables, table: Table, problems: list[Problem]) -> DataFrame:
    return of_region(table.records, table.dataset)


def _figures(tables: Tables, table: Table, problems: list[Problem]) -> DataFrame:
    """An authority's finished figures stand in its column; those of its teams are not a region's.

    The region's own are not made from them: values cannot be added up.
    """
    what = "finished figures of teams are left out, and none is worked out for the region."
    problems.append(Problem(kinds.NOT_FOR_A_REGION, what, Where(table.typed.name)))
    whole = table.records.where(sql.col("team").isNull())
    return whole.withColumn("team", sql.col(AUTHORITY))


def _no_commentary(tables: Tables, table: Table, problems: list[Problem]) -> DataFrame:
    what = "commentaries of authorities are left out."
    problems.append(Problem(kinds.NOT_FOR_A_REGION, what, Where(table.typed.name)))
    return table.records.limit(0)


def _population(tables: Tables, table: Table, problems: list[Problem]) -> DataFrame:
    """Add the estimates of all authorities up, where all have one."""
    rows = table.records.select(AUTHORITY, "population_group", "year", "people").collect()
    found: defaultdict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for authority, group, year, people in rows:
        if people is not None:
            found[same_name(group), year][authority] = people
    wanted = set(tables.authorities)
    whole = {key: sum(parts.values()) for key, parts in found.items() if parts.keys() == wanted}
    if len(whole) < len(found):
        lacking = {one for parts in found.values() for one in wanted - parts.keys()}
        what = f"some estimates are missing for {listed(lacking)}."
        problems.append(Problem(kinds.POPULATION_IN_PART, what, Where(table.typed.name)))
    made: list[dict[str, Any]] = [
        {"population_group": group, "year": year, "people": people}
        for (group, year), people in sorted(whole.items())
    ]
    schema = table.records.drop(AUTHORITY).schema
    ordered = [tuple(one.get(name) for name in schema.names) for one in made]
    return tables.session.createDataFrame(ordered, schema)


_OF_REGION: Mapping[str, _OfRegion] = {
    FIGURES: _figures,
    COMMENTARY: _no_commentary,
    POPULATION: _population,
}
