"""The database: nothing reaches out of it, and values come back as they went in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import sqlglot
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlglot import exp

from tests.frames import arrays
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.months import Month, months_ending
from workbook_builder.store import duckdb_store
from workbook_builder.store.calendar import (
    FIRST_DAY,
    LAST_DAY,
    bank_holidays,
    calendar_days,
    is_working_day,
    working_days,
    working_days_of_spans,
)
from workbook_builder.store.duckdb_store import _CLOSED, _MANY, CALENDAR, DuckDBStore
from workbook_builder.store.engine import MONTHS, OutOfMemory, Rows

EVERY_TYPE = Dataset(
    name="every_type",
    title="Every type",
    record="one",
    columns={
        "an_id": Column(type="id"),
        "a_text": Column(type="text"),
        "a_month": Column(type="month"),
        "a_day": Column(type="date"),
        "an_integer": Column(type="integer"),
        "a_number": Column(type="number"),
        "a_flag": Column(type="flag"),
    },
)


_TWO = ("an_id", "a_text")


@pytest.fixture
def engine() -> Iterator[DuckDBStore]:
    with DuckDBStore({"every_type": EVERY_TYPE}) as opened:
        yield opened


def query(text: str) -> exp.Query:
    tree = sqlglot.parse_one(text, read="duckdb")
    assert isinstance(tree, exp.Query)
    return tree


def every_row(engine: DuckDBStore) -> Rows:
    return engine.rows(query("SELECT * EXCLUDE (_file, _sheet, _row) FROM every_type"))


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "an_id": pd.Series(["007", None], dtype="str"),
            "a_text": pd.Series(["O'Brien \u2013 \U0001f600", None], dtype="str"),
            "a_month": pd.Series(["2023-07", None], dtype="str"),
            "a_day": pd.Series([date(2024, 2, 29), None], dtype="datetime64[us]"),
            "an_integer": pd.Series([2**53 + 1, None], dtype="Int64"),
            "a_number": pd.Series([0.1, None], dtype="Float64"),
            "a_flag": pd.Series([False, None], dtype="boolean"),
        }
    )


FULL = ("007", "O'Brien \u2013 \U0001f600", "2023-07", date(2024, 2, 29), 2**53 + 1, 0.1, False)
EMPTY = (None,) * 7


def test_values_of_every_type_come_back_as_they_went_in(engine: DuckDBStore) -> None:
    engine.load(EVERY_TYPE, arrays(frame()))
    assert every_row(engine) == [FULL, EMPTY]
    assert [type(value) for value in every_row(engine)[0]] == [type(value) for value in FULL]


@pytest.mark.parametrize(
    "unit", ["datetime64[s]", "datetime64[ms]", "datetime64[us]", "datetime64[ns]"]
)
def test_days_come_in_any_resolution(engine: DuckDBStore, unit: str) -> None:
    records = frame().astype({"a_day": unit})
    engine.load(EVERY_TYPE, arrays(records))
    assert every_row(engine) == [FULL, EMPTY]


def test_days_far_away_come_back(engine: DuckDBStore) -> None:
    records = frame()
    records["a_day"] = pd.Series([date(1900, 1, 1), date(2099, 12, 31)], dtype="datetime64[us]")
    engine.load(EVERY_TYPE, arrays(records))
    assert [row[3] for row in every_row(engine)] == [date(1900, 1, 1), date(2099, 12, 31)]


def test_columns_that_are_all_blank_stay_blank(engine: DuckDBStore) -> None:
    engine.load(EVERY_TYPE, arrays(frame().tail(1)))
    assert every_row(engine) == [EMPTY]


@pytest.mark.parametrize("different", [1, 40, 5000])
@pytest.mark.parametrize("blank", ["first", "last", "all but one"])
def test_texts_come_back_few_or_many(engine: DuckDBStore, different: int, blank: str) -> None:
    numbers = np.arange(5000) % different
    blanks = {"first": slice(0, 3000), "last": slice(3000, 5000), "all but one": slice(0, 4999)}
    numbers[blanks[blank]] = -1
    texts = [f"{number:05d}" for number in range(different)]
    records = frame().head(1).loc[[0] * 5000].reset_index(drop=True)
    records["an_id"] = pd.Series([None if one < 0 else texts[one] for one in numbers], dtype=object)
    engine.load(EVERY_TYPE, arrays(records))
    assert [row[0] for row in every_row(engine)] == [
        None if number < 0 else texts[number] for number in numbers
    ]


def test_columns_may_come_in_any_order(engine: DuckDBStore) -> None:
    records = frame()
    engine.load(EVERY_TYPE, arrays(records[records.columns[::-1]]))
    assert every_row(engine) == [FULL, EMPTY]


def test_loading_again_adds_to_what_is_there(engine: DuckDBStore) -> None:
    engine.load(EVERY_TYPE, arrays(frame().head(1)))
    engine.load(EVERY_TYPE, arrays(frame().tail(1)))
    assert every_row(engine) == [FULL, EMPTY]


def test_no_records_are_fine(engine: DuckDBStore) -> None:
    engine.load(EVERY_TYPE, arrays(frame().head(0)))
    assert every_row(engine) == []


def test_the_incoming_records_are_not_left_behind(engine: DuckDBStore) -> None:
    engine.load(EVERY_TYPE, arrays(frame()))
    assert "_incoming" in engine.fault(query("SELECT * FROM _incoming"))


def test_months_replace_those_said_before(engine: DuckDBStore) -> None:
    engine.set_months([Month(2023, 6), Month(2023, 7)])
    engine.set_months([Month(2024, 2)])
    found = engine.rows(query(f"SELECT * FROM {MONTHS}"))
    assert found == [("2024-02", date(2024, 2, 1), date(2024, 2, 29))]


def test_a_query_that_cannot_run_is_a_fault_in_one_line(engine: DuckDBStore) -> None:
    fault = engine.fault(query("SELECT a_day + a_text FROM every_type WHERE nonsense"))
    assert "nonsense" in fault
    assert "\n" not in fault
    assert engine.fault(query("SELECT a_day FROM every_type")) == ""


# --- Nothing reaches out -------------------------------------------------------------------------


def refused(engine: DuckDBStore, statement: str) -> str:
    """Run a statement on the engine's own connection and return why it was refused."""
    with pytest.raises(duckdb.Error) as caught:
        engine._database.execute(statement).fetchall()
    return str(caught.value)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.csv"
    file.write_text("child_id\n1\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "reader", ["read_csv('{}')", "read_text('{}')", "read_blob('{}')", "glob('{}')", "'{}'"]
)
def test_files_cannot_be_read(engine: DuckDBStore, secret: Path, reader: str) -> None:
    source = reader.format(secret.as_posix())
    with duckdb.connect() as elsewhere:
        assert elsewhere.execute(f"SELECT count(*) FROM {source}").fetchone() == (1,)
    assert "disabled" in refused(engine, f"SELECT * FROM {source}")


@pytest.mark.parametrize(
    "statement",
    [
        "COPY every_type TO '{}'",
        "EXPORT DATABASE '{}'",
        "ATTACH '{}' AS other",
    ],
)
def test_files_cannot_be_written(engine: DuckDBStore, tmp_path: Path, statement: str) -> None:
    target = tmp_path / "out"
    assert "disabled" in refused(engine, statement.format(target.as_posix()))
    assert not target.exists()


@pytest.mark.parametrize(
    "statement", ["INSTALL httpfs", "LOAD httpfs", "LOAD '/tmp/x.duckdb_extension'"]
)
def test_extensions_cannot_be_loaded(engine: DuckDBStore, statement: str) -> None:
    assert refused(engine, statement).startswith(("Permission Error", "IO Error"))


@pytest.mark.parametrize(
    "statement",
    [
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET autoload_known_extensions = true",
        "SET memory_limit = '1GB'",
        "RESET enable_external_access",
    ],
)
def test_the_configuration_cannot_be_changed(engine: DuckDBStore, statement: str) -> None:
    assert "lock" in refused(engine, statement)


def test_the_environment_cannot_be_read(engine: DuckDBStore) -> None:
    assert "getenv" in refused(engine, "SELECT getenv('PATH')")


def test_variables_of_the_program_are_no_tables(engine: DuckDBStore) -> None:
    not_a_table = frame()
    assert len(not_a_table) == 2
    assert "not_a_table" in refused(engine, "SELECT * FROM not_a_table")


def test_a_text_that_looks_like_sql_stays_a_text(engine: DuckDBStore) -> None:
    records = frame().head(1)
    records["a_text"] = "'); DROP TABLE every_type; --"
    engine.load(EVERY_TYPE, arrays(records))
    assert every_row(engine)[0][1] == "'); DROP TABLE every_type; --"


# --- Working days --------------------------------------------------------------------------------


def test_working_days_of_many_spans_are_those_of_each() -> None:
    # Over Christmas, beyond the calendar, of one day, and of none: the last before the first.
    days = [date(1753, 1, 1), date(2022, 12, 23), date(2022, 12, 27), date(2023, 1, 3), LAST_DAY]
    spans = [(first, last) for first in days for last in (*days, date(9999, 12, 31))]
    assert working_days_of_spans(spans) == [working_days(*span) for span in spans]
    assert working_days_of_spans([]) == []


def test_the_calendar_counts_working_days_without_a_gap(engine: DuckDBStore) -> None:
    days = list(calendar_days())
    assert (days[0][0], days[-1][0]) == (FIRST_DAY, LAST_DAY)
    assert len(days) == (LAST_DAY - FIRST_DAY).days + 1
    for (_, before, _), (_, number, working) in pairwise(days):
        assert number - before == working
    assert engine.rows(query(f"SELECT * FROM {CALENDAR} ORDER BY day")) == days


@given(st.dates(), st.integers(-20, 1200))
def test_working_days_are_counted_as_if_one_by_one(first: date, length: int) -> None:
    assume(date.min.toordinal() <= first.toordinal() + length <= date.max.toordinal())
    days = [first + timedelta(days=ahead) for ahead in range(length + 1)]
    last = first + timedelta(days=length)
    assert working_days(first, last) == sum(map(is_working_day, days))


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2022, 9, 19), True),  # the funeral of the Queen
        (date(2023, 4, 10), True),  # Easter Monday
        (date(2023, 5, 8), True),  # the coronation
        (date(2022, 12, 27), True),  # for Christmas Day on a Sunday
        (date(2023, 1, 2), True),  # for New Year's Day on a Sunday
        (date(2023, 1, 3), False),
        (date(2023, 3, 17), False),  # St Patrick's Day is Northern Ireland's
    ],
)
def test_bank_holidays_are_those_of_england_and_wales(day: date, *, closed: bool) -> None:
    assert (day in bank_holidays()) is closed


_ASKED = """
from workbook_builder.store.duckdb_store import DuckDBStore
with DuckDBStore({}) as engine:
    for asker in (engine._asker, engine._trial._asker, *engine._abreast._askers):
        print(asker.rows("SELECT current_setting('enable_progress_bar')"))
"""


def test_no_connection_draws_a_bar_over_what_the_shells_show() -> None:
    """DuckDB takes a process that began with no file, as the window's worker does, for a person."""
    command = [sys.executable, "-c", _ASKED]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["[(False,)]"] * 4


def test_many_records_are_packed() -> None:
    records = _MANY
    ids = pd.Series([f"R{row // 3:09}" for row in range(records)], dtype="category")
    texts = pd.Series(["a rather long text"] * records, dtype="category")
    dataset = replace(EVERY_TYPE, columns={name: EVERY_TYPE.columns[name] for name in _TWO})
    with DuckDBStore({"every_type": dataset}) as engine:
        engine.load(dataset, arrays(pd.DataFrame({"an_id": ids, "a_text": texts})))
        sizes = engine._database.execute("SELECT SUM(memory_usage_bytes) FROM duckdb_memory()")
        [(size,)] = sizes.fetchall()
        found = query("SELECT COUNT(DISTINCT an_id), COUNT(a_text) FROM every_type")
        assert engine.rows(found) == [((records + 2) // 3, records)]
    assert size < 20 * records


def test_what_has_no_room_for_all_months_is_counted_some_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(_CLOSED, "memory_limit", "60MB")
    months = months_ending(Month(2023, 12), 48)
    ids = pd.Series([f"R{row:09}" for row in range(60_000)], dtype="category")
    dataset = replace(EVERY_TYPE, columns={"an_id": EVERY_TYPE.columns["an_id"]})
    counted = query(
        "SELECT m.month, COUNT(DISTINCT r.an_id || m.month) FROM _months AS m, every_type AS r "
        "GROUP BY m.month"
    )
    with DuckDBStore({"every_type": dataset}) as engine:
        engine.load(dataset, arrays(pd.DataFrame({"an_id": ids})))
        engine.set_months(months)
        with pytest.raises(OutOfMemory):
            engine.rows(counted)
        [rows] = engine.answers([counted])
    assert sorted(rows) == [(str(month), 60_000) for month in months]


def test_of_many_records_some_months_are_counted_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(duckdb_store, "_AT_ONCE", 300)
    months = months_ending(Month(2023, 12), 13)
    ids = pd.Series([f"R{row:03}" for row in range(100)], dtype="category")
    dataset = replace(EVERY_TYPE, columns={"an_id": EVERY_TYPE.columns["an_id"]})
    queries = [
        query("SELECT m.month, COUNT(*) FROM _months AS m, every_type AS r GROUP BY m.month"),
        query("SELECT an_id, COUNT(*) FROM every_type GROUP BY an_id"),
    ]
    with DuckDBStore({"every_type": dataset}) as engine:
        engine.load(dataset, arrays(pd.DataFrame({"an_id": ids})))
        engine.set_months(months[:5])
        [*_] = engine.answers(queries)
        engine.set_months(months)
        # Queries about as many months share the tables of some of them, and run beside others.
        by_month, by_record, *again = engine.answers([*queries, *3 * queries[:1]])
        tables = {name for (name,) in engine.rows("SELECT table_name FROM duckdb_tables()")}
    assert sorted(by_month) == [(str(month), 100) for month in months]
    assert sorted(by_record) == [(f"R{row:03}", 1) for row in range(100)]
    assert [sorted(rows) for rows in again] == 3 * [sorted(by_month)]
    assert {f"_months_{number}_of_4" for number in range(4)} < tables
