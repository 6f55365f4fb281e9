"""Workbooks out of tables that hold many councils' records, on Spark: one of each, or the region's.

This is imported only when somebody asks for it: pyspark is an option.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as sql
from sqlglot import exp

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.build_workbook import build, check
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.definitions.measures import Open
from workbook_builder.measures.compute import POPULATION
from workbook_builder.measures.council_coverage import (
    CouncilCoverage,
    EpisodeSource,
    RegionCoverage,
)
from workbook_builder.measures.coverage import EpisodeCount, Period
from workbook_builder.measures.finished_figures import COMMENTARY, FIGURES
from workbook_builder.names import same_name
from workbook_builder.problem_catalogue import BAD_OUTPUT
from workbook_builder.problems import Problem, Where, did_you_mean, has_errors, listed
from workbook_builder.record_sources import Coverages, FromTables, Loaded, RecordSource
from workbook_builder.request import OnProgress, Outcome, Request
from workbook_builder.store.load_extracts import Extracts
from workbook_builder.store.spark.records import AUTHORITY, empty_frame, of_authority, of_region
from workbook_builder.store.spark.session import (
    SPARK_ERRORS,
    SparkEngine,
    error_message,
    spark_session,
)
from workbook_builder.store.spark.tables import (
    RecordTable,
    RecordTables,
    missing_authorities,
    read_tables,
)


@contextmanager
def share_of_authority(
    tables: RecordTables, name: str, definitions: Definitions, layout: str
) -> Iterator[FromTables]:
    """Open the source of one authority's workbook; a table without its records is not given."""
    held = {one: table for one, table in tables.by_dataset.items() if table.profile.kept.get(name)}
    frames = {one: of_authority(table.records, name) for one, table in held.items()}
    missing = [one for one in tables.by_dataset if one not in held]
    problems = tuple(
        missing_authorities({tables.by_dataset[one].typed.name: [name] for one in missing})
    )
    with _engine(tables, frames, definitions) as engine:

        def coverages(covers: Period | None) -> Coverages:
            return {
                one: _counted(dataset, engine, held.get(one), name)
                for one, dataset in definitions.datasets.items()
            }

        sheets = tuple(table.sheet([name]) for table in held.values())
        loaded = Loaded(Extracts(sheets), engine, coverages)
        yield FromTables(name, layout, is_region=False, loaded=loaded, problems=problems)


@contextmanager
def share_of_region(
    tables: RecordTables, name: str, definitions: Definitions, layout: str
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
    problems += missing_authorities({place: names for place, names in lacking.items() if names})
    with _engine(tables, frames, definitions) as engine:

        def coverages(covers: Period | None) -> Coverages:
            return {
                one: _joint(dataset, engine, tables, tables.by_dataset.get(one))
                for one, dataset in definitions.datasets.items()
            }

        sheets = tuple(table.sheet(tables.authorities) for table in tables.by_dataset.values())
        loaded = Loaded(Extracts(sheets), engine, coverages)
        yield FromTables(name, layout, is_region=True, loaded=loaded, problems=tuple(problems))


@contextmanager
def _engine(
    tables: RecordTables, frames: Mapping[str, DataFrame], definitions: Definitions
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
    table: RecordTable | None,
    authority: str,
    episodes: EpisodeSource | None = None,
) -> CouncilCoverage:
    has_extract = table is not None and bool(table.profile.kept.get(authority))
    days = table.days(authority) if table else {}
    columns = table.typed.columns if table else frozenset(dataset.columns)
    return CouncilCoverage(
        dataset, engine, days, columns, has_extract=has_extract, episodes=episodes
    )


def _joint(
    dataset: Dataset, engine: SparkEngine, tables: RecordTables, table: RecordTable | None
) -> RegionCoverage:
    @cache
    def episodes(clock: Open) -> Mapping[str, Sequence[EpisodeCount]]:
        return _episodes(dataset, engine, clock)

    def of(authority: str) -> EpisodeSource:
        return lambda clock: episodes(clock).get(authority, ())

    parts = [
        _counted(dataset, engine, table, authority, of(authority))
        for authority in (tables.authorities if table else ())
    ]
    if dataset.name in _OF_REGION:
        parts = [part for part in parts if part.has_extract]
    return RegionCoverage(dataset, engine, parts)


def _episodes(
    dataset: Dataset, engine: SparkEngine, clock: Open
) -> Mapping[str, Sequence[EpisodeCount]]:
    """Return when records started and ended, and how many, by authority, in one query."""
    columns = [exp.column(name) for name in (AUTHORITY, clock.start, clock.end)]
    query = exp.select(*columns, exp.Count(this=exp.Star())).from_(exp.to_table(dataset.name))
    known = query.where(columns[1].copy().is_(exp.null()).not_()).group_by(*columns)
    found: defaultdict[str, list[EpisodeCount]] = defaultdict(list)
    for authority, start, end, count in engine.rows(known):
        found[authority].append((start, end, count))
    return found


# --- What a region makes of each table -----------------------------------------------------------

_OfRegion = Callable[[RecordTables, RecordTable, list[Problem]], DataFrame]


def _as_it_is(tables: RecordTables, table: RecordTable, problems: list[Problem]) -> DataFrame:
    return of_region(table.records, table.dataset)


def _figures(tables: RecordTables, table: RecordTable, problems: list[Problem]) -> DataFrame:
    """An authority's finished figures stand in its column; those of its teams are not a region's.

    The region's own are not made from them: values cannot be added up.
    """
    what = "teams' finished figures were left out; none can be worked out for a region."
    problems.append(Problem(catalogue.NOT_FOR_A_REGION, what, Where(table.typed.name)))
    whole = table.records.where(sql.col("team").isNull())
    return whole.withColumn("team", sql.col(AUTHORITY))


def _no_commentary(tables: RecordTables, table: RecordTable, problems: list[Problem]) -> DataFrame:
    what = "authorities' commentary was left out."
    problems.append(Problem(catalogue.NOT_FOR_A_REGION, what, Where(table.typed.name)))
    return table.records.limit(0)


def _population(tables: RecordTables, table: RecordTable, problems: list[Problem]) -> DataFrame:
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
        problems.append(Problem(catalogue.POPULATION_IN_PART, what, Where(table.typed.name)))
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


#: What stands for a workbook of each authority.
ALL = "all"

UseCase = Callable[[Request, OnProgress, RecordSource], Outcome]
_Share = AbstractContextManager[FromTables]


@dataclass(frozen=True)
class Wanted:
    """Where the tables are, and for whom workbooks are wanted: one authority, all, or a region."""

    place: str
    authority: str = ""
    region: str = ""


def build_many(wanted: Wanted, request: Request, on_progress: OnProgress) -> tuple[Outcome, ...]:
    """Build the workbooks that are wanted, one after the other; one that fails stops none."""
    return tuple(_each(wanted, request, on_progress, build))


def check_many(wanted: Wanted, request: Request, on_progress: OnProgress) -> tuple[Outcome, ...]:
    """Do everything that building does, but write nothing."""
    return tuple(_each(wanted, request, on_progress, check))


def _each(
    wanted: Wanted, request: Request, on_progress: OnProgress, use_case: UseCase
) -> Iterator[Outcome]:
    with spark_session() as opened:
        if opened.value is None:
            yield Outcome(opened.problems)
            return
        known = known_definitions(request.layout)
        if has_errors(known.problems):
            yield Outcome(known.problems)
            return
        try:
            read = read_tables(opened.value, wanted.place, known.value)
        except SPARK_ERRORS as fault:
            yield Outcome((_unanswered(fault, wanted.place),))
            return
        problems = (*read.problems, *_choice(wanted, read.value, request))
        if has_errors(problems):
            yield Outcome(problems)
            return
        yield from _made(wanted, request, on_progress, use_case, read.value, problems)


def _made(
    wanted: Wanted,
    request: Request,
    on_progress: OnProgress,
    use_case: UseCase,
    tables: RecordTables,
    problems: tuple[Problem, ...],
) -> Iterator[Outcome]:
    definitions = known_definitions(request.layout).value
    shares: list[_Share] = []
    if wanted.region:
        shares.append(share_of_region(tables, wanted.region, definitions, request.layout))
    else:
        names = [one for one in tables.authorities if _is_wanted(one, wanted)]
        shares += [share_of_authority(tables, one, definitions, request.layout) for one in names]
    for share in shares:
        try:
            with share as source:
                yield use_case(request, on_progress, source.also(problems))
        except SPARK_ERRORS as fault:
            yield Outcome((*problems, _unanswered(fault, wanted.place)))


def _is_wanted(name: str, wanted: Wanted) -> bool:
    return wanted.authority == ALL or same_name(name) == same_name(wanted.authority)


def _choice(wanted: Wanted, tables: RecordTables, request: Request) -> Iterator[Problem]:
    """Yield why it is not clear which workbooks are wanted, or where they go."""
    names = tables.authorities
    where = Where(wanted.place)
    if bool(wanted.region) == bool(wanted.authority):
        yield Problem(catalogue.CHOOSE, f"there are records of {listed(names)}.", where)
    elif not wanted.region and not any(_is_wanted(one, wanted) for one in names):
        hint = did_you_mean(wanted.authority, names) or f"Known: {listed(names)}."
        what = f'there are no records of "{wanted.authority}". {hint}'
        yield Problem(catalogue.CHOOSE, what, where)
    out = request.out
    if wanted.authority == ALL and len(names) > 1 and out and not out.is_dir():
        what = "several workbooks cannot go into one file."
        yield Problem(BAD_OUTPUT, what, Where(str(out)), advice="Name a folder with --out.")


def _unanswered(fault: Exception, place: str) -> Problem:
    return Problem(catalogue.SPARK_FAILED, error_message(fault), Where(place))
