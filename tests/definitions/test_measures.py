"""What measures say of themselves."""

from __future__ import annotations

import pytest

from workbook_builder.definitions.measures import (
    KINDS,
    Clocked,
    During,
    Latest,
    Measure,
    Open,
    span_months,
)
from workbook_builder.definitions.schema_errors import measure_kind, shaped
from workbook_builder.definitions.toml_files import TomlPlace

HERE = TomlPlace("mine.toml")
ENTRIES: dict[str, dict[str, object]] = {
    "count_of": {"latest": True},
    "children_of": {"latest": True},
    "percentage_of": {"latest": True, "where": "x"},
    "percentage_of_children_in": {"latest": True, "where": "x"},
    "average_of": {"latest": True, "value": "x"},
    "rate_of": {"per": 100, "population": "children"},
    "share_of": {"part": "b"},
}
PERCENT = ("percentage_of", "percentage_of_children_in", "share_of", "supplied")
VALUES: dict[str, object] = {
    "children_in_any_of": ["a", "b"],
    "sum_of": ["a", "b"],
    "supplied": "percent",
}


def measure(**keys: object) -> Measure:
    table = {"title": "A measure", **keys}
    kind = measure_kind(table, HERE).value
    assert kind
    made = shaped(kind, "a_measure", table, HERE)
    assert made.value, made.problems
    return made.value


def clocked(**keys: object) -> Clocked:
    made = measure(**keys)
    assert isinstance(made, Clocked)
    return made


@pytest.mark.parametrize("own_key", KINDS)
def test_a_measure_is_of_the_kind_whose_key_it_bears(own_key: str) -> None:
    made = measure(**{own_key: VALUES.get(own_key, "a"), **ENTRIES.get(own_key, {})})
    assert type(made) is KINDS[own_key]
    assert made.own_key == own_key
    assert made.unit == ("percent" if own_key in PERCENT else "number")


def test_the_clocks() -> None:
    assert clocked(count_of="a", during="day").clock == During("day", 1)
    assert clocked(count_of="a", during="day", over="12 months").clock == During("day", 12)
    assert clocked(count_of="a", open=["start", "end"]).clock == Open("start", "end")
    assert clocked(count_of="a", latest=True).clock == Latest()


@pytest.mark.parametrize(("text", "months"), [("", 1), ("1 month", 1), ("12 months", 12)])
def test_the_months_of_a_span(text: str, months: int) -> None:
    assert span_months(text) == months


def test_the_parts_of_derived_measures() -> None:
    assert measure(count_of="a", latest=True).parts == ()
    assert measure(rate_of="a", per=1, population="p").parts == ("a",)
    assert measure(share_of="whole", part="a").parts == ("a", "whole")
    assert measure(sum_of=["a", "b"], minus=["c"]).parts == ("a", "b", "c")
    assert measure(children_in_any_of=["a", "b"]).parts == ("a", "b")


def test_the_expressions_are_those_that_are_given() -> None:
    assert clocked(count_of="a", latest=True).expressions == {}
    made = clocked(average_of="a", latest=True, value="days", among="team = 'x'")
    assert made.dataset == "a"
    assert made.expressions == {"among": "team = 'x'", "value": "days"}
    left_out = clocked(count_of="a", latest=True, exclude={"of others": "team = 'x'"})
    assert left_out.expressions == {"exclude.of others": "team = 'x'"}


def test_a_percentage_needs_its_condition() -> None:
    table = {"title": "All", "percentage_of": "a", "latest": True}
    made = shaped(KINDS["percentage_of"], "all", table, HERE)
    assert made.value is None
    assert [problem.code for problem in made.problems] == ["L003"]
