"""What expressions mean: Spark and DuckDB give the same for every value, to the last digit."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from sqlglot import exp

from tests.frames import arrays
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.measures.expressions import MONTH, RECORD, Expression, bind_expression
from workbook_builder.months import Month
from workbook_builder.problems import Where
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.engine import MONTHS, Engine

pytestmark = pytest.mark.slow

THINGS = Dataset(
    name="things",
    title="Things",
    record="a thing",
    columns={
        "an_id": Column(type="id"),
        "kind": Column(type="text"),
        "begun": Column(type="date"),
        "ended": Column(type="date"),
        "number": Column(type="integer"),
        "score": Column(type="number"),
        "urgent": Column(type="flag"),
    },
)
ROWS: list[tuple[Any, ...]] = [
    ("1", "a", date(2023, 3, 31), date(2023, 4, 11), 0, 0.1, True),
    ("2", "B_", date(2024, 2, 29), None, 3, -2.5, False),
    ("2", "c\\d", date(2022, 12, 23), date(2023, 1, 3), -7, 1e15, None),
    ("3", "  É ", date(1989, 12, 31), date(2051, 1, 1), None, 0.0, True),
    ("4", None, None, date(2023, 7, 15), 2**40, None, False),
    ("5", "100%", date(2023, 5, 31), date(2023, 5, 31), 10, 1 / 3, None),
]

EXPRESSIONS = [
    "5 / 2", "number / 0", "number / 4", "score / 3", "score / number", "-number", "number + 0.5",
    "number * 1.25", "abs(number) - 1", "number = 3.0", "number BETWEEN -7 AND 3",
    "kind LIKE 'c\\%'", "kind LIKE '%\\d'", "kind LIKE 'B_'", "kind ILIKE 'b_'", "kind LIKE '%\\%'",
    "kind NOT LIKE 'a%'", "kind < 'b'", "kind > 'Z'", "kind = 'A'", "lower(kind)", "upper(kind)",
    "trim(kind)", "kind IN ('a', 'x')", "kind NOT IN ('a', NULL)", "nullif(kind, 'a')",
    "coalesce(kind, an_id)", "greatest(number, 1, NULL)", "least(score, 0.05)",
    "begun = '2024-02-29'", "ended - begun", "(ended - begun) * 2", "begun + 1 = ended",
    "begun - 3", "ended - (begun + 3)", "begun < ended - INTERVAL 1 MONTH",
    "begun - INTERVAL 10 DAY < month_start", "days_between(begun, ended)",
    "days_before(ended, 28)", "months_before(begun, 1)", "months_before(begun, 12)",
    "age_at(begun, month_end)", "age_at(begun, ended)", "working_days(begun, ended)",
    "working_days(ended, begun)", "working_days(begun, month_end)",
    "working_days_before(month_end, 10)", "working_days_before(begun, 0)",
    "working_days_before(ended, number)", "working_days_before(ended, score)",
    "working_days_before(begun, 100000)", "urgent", "NOT urgent", "urgent IS NULL",
    "urgent IS NOT TRUE", "urgent OR number > 0", "urgent AND number > 0",
    "CASE WHEN urgent THEN number ELSE 0.5 END", "CASE kind WHEN 'a' THEN 1 END",
    "an_id IN (SELECT other.kind FROM things AS other)",
    "an_id NOT IN (SELECT other.an_id FROM things AS other WHERE other.kind IS NULL)",
    "(kind IN (SELECT other.kind FROM things AS other)) IS NULL",
    "coalesce(kind NOT IN (SELECT other.kind FROM things AS other), true)",
    "ended IN (SELECT max(other.ended) FROM things AS other)",
    "(SELECT count(*) FROM things AS other WHERE other.begun < things.begun)",
    "(SELECT count(*) FROM things AS other WHERE other.an_id = things.an_id AND other.begun <= month_end)",  # noqa: E501
    "(SELECT max(other.begun) FROM things AS other WHERE other.an_id = things.an_id)",
    "(SELECT sum(other.number) FROM things AS other WHERE other.number < 20)",
    "(SELECT avg(other.number) FROM things AS other WHERE other.number < 20)",
    "EXISTS (SELECT 1 FROM things AS other WHERE other.an_id = things.an_id AND other.begun > things.begun)",  # noqa: E501
    "EXISTS (SELECT 1 FROM things AS other WHERE other.an_id = things.an_id AND other.begun = (SELECT max(last.begun) FROM things AS last WHERE last.an_id = things.an_id AND last.begun <= month_end))",  # noqa: E501
    "(SELECT count(*) FROM things AS other WHERE EXISTS (SELECT 1 FROM things AS last WHERE last.begun < other.begun AND last.begun >= things.begun AND last.ended <= month_end))",  # noqa: E501
    "EXISTS (SELECT 1 FROM things AS other WHERE other.kind = things.kind AND working_days(other.begun, month_end) > 10)",  # noqa: E501
]  # fmt: skip

MONTHS_ASKED = [Month(2023, 4), Month(2024, 2)]


def query() -> exp.Select:
    """Return one query of all expressions, for each record and month."""
    keys = [
        exp.column("month", table=MONTH),
        *(exp.column(name, table=RECORD) for name in ("an_id", "begun")),
    ]
    values = []
    for at, text in enumerate(EXPRESSIONS):
        made = bind_expression(text, "things", {"things": THINGS}, Where())
        assert isinstance(made, Expression), (text, made)
        values.append(exp.alias_(exp.paren(made.tree), f"v_{at}"))
    records = exp.to_table("things", alias=RECORD)
    months = exp.to_table(MONTHS, alias=MONTH)
    return exp.select(*keys, *values).from_(months).join(records, join_type="cross")


def answers(engine: Engine) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    engine.set_months(MONTHS_ASKED)
    return {(row[0], row[1], str(row[2])): row[3:] for row in engine.rows(query())}


@pytest.fixture(scope="module")
def both(session: Any) -> tuple[dict[Any, tuple[Any, ...]], dict[Any, tuple[Any, ...]]]:
    spark = pytest.importorskip("workbook_builder.store.spark.session")
    types = ("string", "string", "date", "date", "bigint", "double", "boolean")
    kinds = ", ".join(f"{name} {kind}" for name, kind in zip(THINGS.columns, types, strict=True))
    frame = session.createDataFrame(ROWS, kinds)
    with DuckDBStore({"things": THINGS}) as duck:
        duck.load(
            THINGS,
            arrays(pd.DataFrame(ROWS, columns=list(THINGS.columns)).astype({"number": "Int64"})),
        )
        expected = answers(duck)
    with spark.SparkEngine(session, {"things": (THINGS, frame)}) as engine:
        return expected, answers(engine)


@pytest.mark.parametrize("at", range(len(EXPRESSIONS)), ids=EXPRESSIONS)
def test_the_engines_agree(both: Any, at: int) -> None:
    expected, found = both
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert same(plain(found[key][at]), plain(values[at])), (key, EXPRESSIONS[at])


def plain(value: object) -> object:
    """A day with the time of midnight is that day."""
    return value.date() if isinstance(value, datetime) else value


def same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(other):
        return math.isnan(one)
    return bool(one == other and (one is None) == (other is None))
