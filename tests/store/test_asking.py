"""Queries side by side: their answers come in order, none is lost, and none goes on for ever."""

from __future__ import annotations

import time
from collections.abc import Iterator

import duckdb
import pytest

from workbook_builder.store import engine
from workbook_builder.store.engine import AskedQuery, Exhausted, QueryPool, QueryRunner, Rows

SLOW = "SELECT count(*) FROM range(20000000) AS a(x) WHERE x % 7 = x % 5"
ENDLESS = "SELECT count(*) FROM range(10000000000) AS a(x), range(1000) AS b(y) WHERE x % 7 = y % 5"


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as opened:
        yield opened


@pytest.fixture
def alone(database: duckdb.DuckDBPyConnection) -> Iterator[QueryRunner]:
    asker = QueryRunner(database, "too much.")
    yield asker
    asker.close()


@pytest.fixture
def abreast(database: duckdb.DuckDBPyConnection) -> Iterator[QueryPool]:
    made = QueryPool(database, "too much.")
    yield made
    made.close()


def numbers(first: int, last: int) -> list[str]:
    return [f"SELECT {number}" for number in range(first, last)]


def test_answers_come_in_the_order_of_the_queries(abreast: QueryPool, alone: QueryRunner) -> None:
    texts = [SLOW, *numbers(1, 40), SLOW, *numbers(40, 50)]
    found = [rows[0][0] for rows in abreast.rows_of(map(AskedQuery, texts), alone.rows)]
    slow = found[0]
    assert found == [slow, *range(1, 40), slow, *range(40, 50)]


def test_what_is_exhausted_beside_others_is_run_again_alone(
    abreast: QueryPool, alone: QueryRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[bool, str]] = []
    usual = QueryRunner.rows

    def rows(self: QueryRunner, text: str) -> Rows:
        asked.append((self is alone, text))
        if text == "SELECT 5" and self is not alone:
            raise Exhausted("beside others")
        return usual(self, text)

    monkeypatch.setattr(QueryRunner, "rows", rows)
    assert list(abreast.rows_of(map(AskedQuery, numbers(0, 20)), alone.rows)) == [
        [(number,)] for number in range(20)
    ]
    assert [text for is_alone, text in asked if is_alone] == numbers(5, 20)


def test_a_query_is_run_by_its_parts_beside_others_and_as_a_whole_alone(
    abreast: QueryPool, alone: QueryRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = AskedQuery("SELECT 12", ("SELECT 1", "SELECT 2"))
    assert list(abreast.rows_of([query], alone.rows)) == [[(1,), (2,)]]
    usual = QueryRunner.rows

    def rows(self: QueryRunner, text: str) -> Rows:
        if text == "SELECT 2":
            raise Exhausted("beside others")
        return usual(self, text)

    monkeypatch.setattr(QueryRunner, "rows", rows)
    assert list(abreast.rows_of([query], alone.rows)) == [[(12,)]]


def test_what_is_exhausted_alone_too_is_told(abreast: QueryPool, database: object) -> None:
    class Weary(QueryRunner):
        def rows(self, text: str) -> Rows:
            raise Exhausted(text)

    assert isinstance(database, duckdb.DuckDBPyConnection)
    database.execute("SET memory_limit = '10MB'; SET temp_directory = ''")
    large = "SELECT count(DISTINCT x) FROM range(50000000) AS a(x)"
    answers = abreast.rows_of(map(AskedQuery, ["SELECT 1", large]), Weary(database, "").rows)
    assert next(answers) == [(1,)]
    with pytest.raises(Exhausted, match="DISTINCT"):
        next(answers)


def test_a_fault_of_a_query_is_raised_in_its_turn(abreast: QueryPool, alone: QueryRunner) -> None:
    answers = abreast.rows_of(map(AskedQuery, [SLOW, "SELECT nonsense", ENDLESS]), alone.rows)
    assert len(next(answers)) == 1
    with pytest.raises(duckdb.BinderException, match="nonsense"):
        next(answers)
    assert list(abreast.rows_of(map(AskedQuery, numbers(0, 4)), alone.rows)) == [
        [(number,)] for number in range(4)
    ]


def test_queries_that_nobody_waits_for_are_stopped(abreast: QueryPool, alone: QueryRunner) -> None:
    answers = abreast.rows_of(map(AskedQuery, ["SELECT 1", *3 * [ENDLESS]]), alone.rows)
    assert next(answers) == [(1,)]
    began = time.monotonic()
    del answers
    assert time.monotonic() - began < 10
    assert list(abreast.rows_of(map(AskedQuery, numbers(0, 4)), alone.rows)) == [
        [(number,)] for number in range(4)
    ]


def test_a_query_is_stopped_when_its_time_is_over(
    database: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_PATIENCE", 0.5)
    asker = QueryRunner(database, "too much.")
    for _ in range(2):
        with pytest.raises(Exhausted, match="longer than"):
            asker.rows(ENDLESS)
        time.sleep(0.7)  # nothing runs when the watch wakes
        assert asker.rows("SELECT 7") == [(7,)]
    asker.close()


def test_a_query_that_is_tried_does_not_run(alone: QueryRunner) -> None:
    assert alone.fault(ENDLESS) == ""
    assert alone.fault(ENDLESS) == ""
    assert "nonsense" in alone.fault("SELECT nonsense")
