"""Workbooks out of tables that hold many councils' records, on Spark: one of each, or the region's.

This is imported only when somebody asks for it: pyspark is an option.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from workbook_builder import run
from workbook_builder.building.known import known_definitions
from workbook_builder.building.shares import share_of_authority, share_of_region
from workbook_builder.building.sources import FromTables, Source
from workbook_builder.building.tables import Tables, read_tables
from workbook_builder.engine import kinds
from workbook_builder.engine.spark.said import FAULTS, said
from workbook_builder.engine.spark.session import spark_session
from workbook_builder.names import same_name
from workbook_builder.outcomes import BAD_OUTPUT, OnProgress, Outcome, Request
from workbook_builder.problems import Problem, Where, did_you_mean, has_errors, listed

#: What stands for a workbook of each authority.
ALL = "all"

UseCase = Callable[[Request, OnProgress, Source], Outcome]
_Share = AbstractContextManager[FromTables]


@dataclass(frozen=True)
class Wanted:
    """Where the tables are, and for whom workbooks are wanted: one authority, all, or a region."""

    place: str
    authority: str = ""
    region: str = ""


def build_many(wanted: Wanted, request: Request, on_progress: OnProgress) -> tuple[Outcome, ...]:
    """Build the workbooks that are wanted, one after the other; one that fails stops none."""
    return tuple(_each(wanted, request, on_progress, run.build))


def check_many(wanted: Wanted, request: Request, on_progress: OnProgress) -> tuple[Outcome, ...]:
    """Do everything that building does, but write nothing."""
    return tuple(_each(wanted, request, on_progress, run.check))


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
        except FAULTS as fault:
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
    tables: Tables,
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
        except FAULTS as fault:
            yield Outcome((*problems, _unanswered(fault, wanted.place)))


def _is_wanted(name: str, wanted: Wanted) -> bool:
    return wanted.authority == ALL or same_name(name) == same_name(wanted.authority)


def _choice(wanted: Wanted, tables: Tables, request: Request) -> Iterator[Problem]:
    """Yield why it is not clear which workbooks are wanted, or where they go."""
    names = tables.authorities
    where = Where(wanted.place)
    if bool(wanted.region) == bool(wanted.authority):
        yield Problem(kinds.CHOOSE, f"there are records of {listed(names)}.", where)
    elif not wanted.region and not any(_is_wanted(one, wanted) for one in names):
        hint = did_you_mean(wanted.authority, names) or f"Known: {listed(names)}."
        what = f'there are no records of "{wanted.authority}". {hint}'
        yield Problem(kinds.CHOOSE, what, where)
    out = request.out
    if wanted.authority == ALL and len(names) > 1 and out and not out.is_dir():
        what = "several workbooks cannot be written to one file."
        yield Problem(BAD_OUTPUT, what, Where(str(out)), advice="Give a folder with --out.")


def _unanswered(fault: Exception, place: str) -> Problem:
    return Problem(kinds.SPARK_FAILED, said(fault), Where(place))
