"""The allow-list: what SQL in measures may say, and that nothing else gets through."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.measures.expressions import (
    AGGREGATES,
    MONTH,
    OWN_FUNCTIONS,
    RECORD,
    STANDARD_FUNCTIONS,
    Expression,
    bind_expression,
)
from workbook_builder.problems import Problem, Where
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.engine import NumberedWorkingDay, WorkingDayNumber

DATASETS: Mapping[str, Dataset] = load_definitions(
    [Path(__file__).parents[2] / "layouts"]
).value.datasets
HERE = Where("mine.toml", line=5)

#: What our own functions stand for, besides what measures may call themselves.
FUNCTIONS = (
    *(*STANDARD_FUNCTIONS, *AGGREGATES, exp.DateDiff, exp.Year, exp.Month, exp.Day, exp.Cast),
    *(WorkingDayNumber, NumberedWorkingDay),
)


def sql(text: str) -> str:
    """Return the bound expression as SQL."""
    made = bind_expression(text, "contacts", DATASETS, HERE, {"limit_days": 10})
    assert isinstance(made, Expression), made
    return made.tree.sql("duckdb")


def fault(text: str) -> Problem:
    """Return the problem that an expression gives."""
    made = bind_expression(text, "contacts", DATASETS, HERE)
    assert isinstance(made, Problem), made.tree.sql("duckdb")
    return made


def assert_harmless(made: Expression) -> None:
    """Hold a tree against the list: tables, functions, columns."""
    aliases = {table.alias for table in made.tree.find_all(exp.Table)} | {RECORD, MONTH}
    assert {table.name for table in made.tree.find_all(exp.Table)} <= set(DATASETS)
    assert made.lookups <= DATASETS.keys()
    for node in made.tree.walk():
        assert not isinstance(node, exp.Func) or isinstance(node, FUNCTIONS), node.sql()
        assert not isinstance(node, exp.Command | exp.DDL | exp.DML | exp.Join), node.sql()
        assert not isinstance(node, exp.Column) or node.table in aliases, node.sql()
        assert node.comments is None
    made.tree.sql("duckdb")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("team = 'x'", "record.team = 'x'"),
        ("Contacts.TEAM = 'x'", "record.team = 'x'"),
        ('"Team" = \'x\'', "record.team = 'x'"),
        ("contact_date <= MONTH_END", "record.contact_date <= month.month_end"),
        ("month.month_start = contact_date", "month.month_start = record.contact_date"),
        ("team = 'a' -- why", "record.team = 'a'"),
        ("contact_date > DATE '2023-07-31' /* why */",
         "record.contact_date > CAST('2023-07-31' AS DATE)"),
        ("contact_date > days_before(month_end, Limit_Days)",
         "record.contact_date > CAST(month.month_end - INTERVAL '10' DAY AS DATE)"),
        ("COALESCE(team, '') IN ('a', 'b')", "COALESCE(record.team, '') IN ('a', 'b')"),
        ("contacts.child_id IN (SELECT Referrals.child_id FROM REFERRALS)",
         "record.child_id IN (SELECT look_1.child_id FROM referrals AS look_1)"),
        ("EXISTS (SELECT 1 FROM contacts AS Earlier WHERE earlier.child_id = contacts.child_id)",
         "EXISTS(SELECT 1 FROM contacts AS look_1 WHERE look_1.child_id = record.child_id)"),
        ("(SELECT count(*) FROM referrals WHERE referral_date < contact_date) > 1",
         "(SELECT COUNT(*) FROM referrals AS look_1 WHERE look_1.referral_date < "
         "record.contact_date) > 1"),
    ],
)  # fmt: skip
def test_columns_are_bound_to_where_they_belong(text: str, expected: str) -> None:
    assert sql(text) == expected


def test_the_datasets_that_sub_selects_look_at_are_told() -> None:
    text = "EXISTS (SELECT 1 FROM referrals WHERE EXISTS (SELECT 1 FROM cin_plans)) AND team = ''"
    made = bind_expression(text, "contacts", DATASETS, HERE)
    assert isinstance(made, Expression)
    assert made.lookups == {"referrals", "cin_plans"}


@pytest.mark.parametrize("name", OWN_FUNCTIONS)
def test_the_programs_own_functions_are_replaced(name: str) -> None:
    days = name not in ("working_days_before", "days_before", "months_before")
    made = sql(f"{name.upper()}(contact_date, {'month_end' if days else '5'}) IS NULL")
    assert name.upper() not in made.upper()
    assert name not in made


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("record.team = 'x'", "L007"),
        ("referrals.team = 'x'", "L007"),
        ("main.contacts.team = 'x'", "L012"),
        ("contacts.* IS NULL", "L012"),
        ("*", "L012"),
        ("month_end + *", "L012"),
        ("EXISTS (SELECT * EXCLUDE (team) FROM referrals)", "L012"),
        ("child_id IN (SELECT r.child_id FROM referrals AS r(a, b))", "L012"),
        ("EXISTS (SELECT 1 FROM referrals AS r PIVOT (sum(x) FOR y IN (1)))", "L012"),
        ("EXISTS (SELECT 1 FROM ONLY referrals)", "L012"),
        ("EXISTS (SELECT 1 FROM _calendar)", "L012"),
        ("EXISTS (SELECT 1 FROM (SELECT 1 FROM referrals))", "L012"),
        ("EXISTS (SELECT 1 FROM referrals ORDER BY 1)", "L012"),
        ("EXISTS (SELECT 1 FROM referrals GROUP BY team HAVING true)", "L012"),
        ("EXISTS (WITH a AS (SELECT 1) SELECT 1 FROM referrals)", "L012"),
        ("EXISTS (SELECT 1 FROM referrals UNION SELECT 1 FROM contacts)", "L012"),
        ("EXISTS (SELECT 1)", "L012"),
        ("TRY_CAST(team AS DATE) IS NULL", "L012"),
        ("CAST(5 AS DATE) IS NULL", "L012"),
        ("TIMESTAMP '2023-07-31' > contact_date", "L012"),
        ("count(*) > 1", "L012"),
        ("team = $1", "L012"),
        ("team = ?", "L012"),
        ("now() > contact_date", "L008"),
        ("random() > 0.5", "L008"),
        ("team ~ 'x'", "L008"),
        ("sql_auto_complete('x') IS NULL", "L008"),
        ("months_before(month_end, -1) = contact_date", "L011"),
        ("months_before(month_end, contact_date) = contact_date", "L011"),
        ("days_before(month_end, 1.5) = contact_date", "L011"),
        ("", "L011"),
        (";", "L011"),
        ("true; true", "L011"),
        ("{:}", "L011"),
    ],
)
def test_what_is_off_the_list_is_refused(text: str, code: str) -> None:
    problem = fault(text)
    assert problem.code == code
    assert problem.where == HERE


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "(" * 1900,
        "(" * 1500 + "1" + ")" * 1500,
        "NOT " * 900 + "true",
        "- " * 400 + "1 > 0",
        "- " * 1900 + "1",
        "[" * 3000,
        "CASE WHEN " * 300,
        "coalesce(" * 300 + "1" + ")" * 300,
        "age_at(contact_date, " * 40 + "contact_date" + ")" * 40,
        "team = '" + "x" * 5000 + "'",
    ],
    ids=lambda text: text[:12],
)
def test_a_bomb_is_a_problem(text: str) -> None:
    assert fault(text).code == "L011"


def test_functions_inside_functions_do_not_grow_without_end() -> None:
    # age_at repeats its values: without a limit each level would make the tree three times larger.
    assert fault("age_at(" * 20 + "contact_date" + ", contact_date)" * 20).code == "L011"
    assert sql("age_at(age_at(contact_date, month_end), contact_date) = 1")


def test_a_long_row_of_conditions_is_no_bomb() -> None:
    text = " OR ".join(f"team = '{number}'" for number in range(150))
    assert sql(text).count(" OR ") == 149


def test_what_is_accepted_can_be_written_and_tried_by_the_engine() -> None:
    deepest = "(" * 20 + "NOT " * 20 + "team = 'x'" + ")" * 20
    made = bind_expression(deepest, "contacts", DATASETS, HERE)
    assert isinstance(made, Expression)
    with DuckDBStore(DATASETS) as engine:
        query = exp.select(made.tree).from_(exp.to_table("contacts", alias=RECORD))
        assert engine.fault(query) == ""


# Fragments of SQL, allowed and forbidden ones mixed.
ATOMS = st.sampled_from(
    ["team", "Child_ID", "contact_date", "month_end", "contacts.team", "referrals.team", "other.x",
     "'x'", "1", "2.5", "NULL", "true", "DATE '2023-07-31'", "INTERVAL 3 DAY", "*", "current_date",
     "$1", "?", "[1, 2]", "{'a': 1}", "rowid", "\"team\"", "x'00'", "'''", "main.contacts.team"]
)  # fmt: skip
TABLES = st.sampled_from(
    ["referrals", "contacts", "contacts AS other", "REFERRALS r", "'C:/secret.csv'", "_calendar",
     "_months", "read_csv('x.csv')", "duckdb_settings()", "information_schema.tables",
     "sqlite_master", "referrals, contacts", "referrals JOIN contacts USING (child_id)",
     "(SELECT 1)", "(VALUES (1))", "referrals TABLESAMPLE 10%", "range(10)", "pg_catalog.pg_tables"]
)  # fmt: skip
NAMES = st.sampled_from(
    ["coalesce", "lower", "abs", "count", "max", "working_days", "working_days_before", "age_at",
     "months_before", "days_between", "getenv", "read_text", "glob", "random", "now", "substr",
     "current_setting", "query", "query_table", "list_transform", "struct_pack", "nextval",
     "regexp_matches"]
)  # fmt: skip
OPERATORS = st.sampled_from(
    ["=", "<>", "<", ">=", "+", "-", "*", "/", "%", "||", "AND", "OR", "LIKE", "ILIKE", "IS", "IN",
     "->", "::", "~", "IS DISTINCT FROM", ";", ",", "COLLATE", "^", "GLOB", ":="]
)  # fmt: skip
TAILS = st.sampled_from(
    ["", "", "", " LIMIT 1", " ORDER BY 1", " GROUP BY 1", " UNION SELECT 1", " HAVING true",
     " QUALIFY true", " OFFSET 1", " FOR UPDATE", " WINDOW w AS ()"]
)  # fmt: skip


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    selects = st.tuples(inner, TABLES, inner, TAILS).map(
        lambda of: f"(SELECT {of[0]} FROM {of[1]} WHERE {of[2]}{of[3]})"
    )
    return st.one_of(
        st.tuples(inner, OPERATORS, inner).map(" ".join),
        st.tuples(NAMES, st.lists(inner, max_size=3)).map(
            lambda of: f"{of[0]}({', '.join(of[1])})"
        ),
        selects,
        selects.map(lambda text: f"EXISTS {text}"),
        st.tuples(inner, selects).map(lambda of: f"{of[0]} IN {of[1]}"),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"NOT {text}"),
        inner.map(lambda text: f"CAST({text} AS INTEGER)"),
        st.tuples(inner, inner).map(lambda of: f"CASE WHEN {of[0]} THEN {of[1]} END"),
        st.tuples(inner, inner).map(lambda of: f"max({of[0]}) OVER (PARTITION BY {of[1]})"),
        st.tuples(inner, inner).map(lambda of: f"{of[0]} BETWEEN {of[1]} AND month_end"),
    )


STATEMENTS = st.sampled_from(
    ["DROP TABLE contacts", "ATTACH 'x.db'", "COPY contacts TO 'x'", "PRAGMA version", "SET x = 1",
     "INSTALL httpfs", "LOAD httpfs", "EXPORT DATABASE 'x'", "CALL f()", "CREATE TABLE a (b INT)",
     "INSERT INTO contacts VALUES (1)", "UPDATE contacts SET team = 1", "DELETE FROM contacts",
     "SUMMARIZE contacts", "DESCRIBE contacts", "SHOW TABLES", "USE x", "CHECKPOINT", "VACUUM",
     "FROM contacts", "PIVOT contacts ON team", "EXPLAIN SELECT 1", "BEGIN", "DETACH x"]
)  # fmt: skip


@settings(max_examples=400)
@given(st.recursive(ATOMS, grown, max_leaves=8) | STATEMENTS)
@example("EXISTS (SELECT 1 FROM referrals WHERE true)")
@example("working_days(contact_date, month_end) > 3 AND lower(team) = 'x'")
def test_any_mixture_is_refused_or_harmless(text: str) -> None:
    made = bind_expression(text, "contacts", DATASETS, HERE)
    if isinstance(made, Expression):
        assert_harmless(made)
    else:
        assert made.what
        assert made.where == HERE


@settings(max_examples=200)
@given(st.text("()[]{}'\"`,;:.*+-/\\<>=!?$#@%&|~^ \n0aeE_xNT", max_size=30))
def test_any_text_is_refused_or_harmless(text: str) -> None:
    made = bind_expression(text, "contacts", DATASETS, HERE)
    if isinstance(made, Expression):
        assert_harmless(made)


def test_the_fragments_hold_both_sorts() -> None:
    assert_harmless(Expression(exp.true(), frozenset()))
    for text in ("getenv('x') = team", "EXISTS (SELECT 1 FROM _months WHERE true)"):
        fault(text)
    read = exp.select("1").from_("secret").subquery()
    with pytest.raises(AssertionError):
        assert_harmless(Expression(read, frozenset()))


@pytest.mark.parametrize(
    ("value", "kept", "dropped"),
    [(0, "assessment_start_date", "assessment_auth_date"),
     (1, "assessment_auth_date", "assessment_start_date")],
)  # fmt: skip
def test_a_case_that_a_parameter_decides_needs_only_its_branch(
    value: int, kept: str, dropped: str
) -> None:
    text = "CASE WHEN p = 1 THEN assessment_auth_date ELSE assessment_start_date END < month_end"
    made = bind_expression(text, "assessments", DATASETS, Where(), {"p": value})
    assert isinstance(made, Expression)
    assert kept in made.tree.sql("duckdb")
    assert dropped not in made.tree.sql("duckdb")


def test_a_case_over_records_stays() -> None:
    text = "CASE WHEN assessment_nfa THEN 1 WHEN 2 > 1 THEN 2 ELSE 3 END = 1"
    made = bind_expression(text, "assessments", DATASETS, Where())
    assert isinstance(made, Expression)
    assert "CASE WHEN" in made.tree.sql("duckdb")
