"""Query trees as DuckDB's SQL, the calendar's questions as look-ups in its table."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generators.duckdb import DuckDBGenerator

from workbook_builder.engine.working_days import NumberedWorkingDay, WorkingDayNumber

#: The table of days: day, number (working days up to and including it), working.
CALENDAR = "_calendar"


def duck_sql(tree: exp.Expr, *, pretty: bool = False, identify: bool = False) -> str:
    """Write a tree in DuckDB's dialect; `identify` puts every name in quotation marks."""
    return tree.sql(_Dialect, pretty=pretty, identify=identify)


def parsed(text: str) -> exp.Query:
    """Return the tree of a query that is written in DuckDB's dialect."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    assert isinstance(tree, exp.Query)
    return tree


def _number(day: exp.Expr) -> exp.Expr:
    calendar = exp.to_table(CALENDAR, alias="day_of")
    chosen = exp.Max(this=exp.column("number", table="day_of"))
    same_day = exp.EQ(this=exp.column("day", table="day_of"), expression=day)
    return exp.Subquery(this=exp.select(chosen).from_(calendar).where(same_day))


def _day(number: exp.Expr) -> exp.Expr:
    calendar = exp.to_table(CALENDAR, alias="day_before")
    its_number = exp.EQ(this=exp.column("number", table="day_before"), expression=number)
    chosen = exp.Max(this=exp.column("day", table="day_before"))
    working = exp.column("working", table="day_before")
    return exp.Subquery(this=exp.select(chosen).from_(calendar).where(its_number, working))


class _Dialect(DuckDB):
    class Generator(DuckDBGenerator):
        TRANSFORMS = {  # noqa: RUF012 - as the library declares it
            **DuckDBGenerator.TRANSFORMS,
            WorkingDayNumber: lambda self, node: self.sql(_number(node.this)),
            NumberedWorkingDay: lambda self, node: self.sql(_day(node.this)),
        }
