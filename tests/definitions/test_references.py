"""What definitions say of one another; the faults themselves have their files in layouts_bad."""

from __future__ import annotations

from dataclasses import replace
from graphlib import CycleError
from pathlib import Path

import pytest

from workbook_builder.definitions.library import Definitions, measures_in_order
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.measures import Rate, Sum
from workbook_builder.definitions.references import check_references

SHIPPED = Path(__file__).parents[2] / "layouts"


@pytest.fixture(scope="module")
def shipped() -> Definitions:
    return load_definitions([SHIPPED]).value


def with_sums(shipped: Definitions, **parts: tuple[str, ...]) -> Definitions:
    sums = {name: Sum(name=name, title=name, sum_of=summed) for name, summed in parts.items()}
    return replace(shipped, measures={**shipped.measures, **sums})


def test_nothing_refers_to_nothing() -> None:
    assert check_references(Definitions()) == ()
    assert measures_in_order(Definitions()) == ()


def test_each_measure_stands_after_its_parts(shipped: Definitions) -> None:
    sums = with_sums(shipped, all_of_it=("half", "contacts"), half=("referrals",))
    order = measures_in_order(sums)
    assert len(order) == len(set(order)) == len(shipped.measures) + 2
    for name, measure in shipped.measures.items():
        for part in measure.parts:
            assert order.index(part) < order.index(name)
    assert order.index("half") < order.index("all_of_it")


def test_the_order_does_not_hang_on_the_order_of_the_files(shipped: Definitions) -> None:
    turned = dict(reversed(list(shipped.measures.items())))
    assert measures_in_order(replace(shipped, measures=turned)) == measures_in_order(shipped)


def test_a_circle_is_named_once_and_has_no_order(shipped: Definitions) -> None:
    round_three = with_sums(shipped, a=("b",), b=("c",), c=("a",))
    (problem,) = check_references(round_three)
    assert problem.code == "L010"
    assert all(f" {name} " in f" {problem.what} ".replace(".", " ") for name in "abc")
    with pytest.raises(CycleError):
        measures_in_order(round_three)


def test_a_part_that_is_named_twice_is_reported_once(shipped: Definitions) -> None:
    (problem,) = check_references(with_sums(shipped, a=("nowhere_near", "nowhere_near")))
    assert problem.code == "L005"
    assert "Did you mean" not in problem.text()


def test_several_faults_are_all_reported(shipped: Definitions) -> None:
    rate = Rate(name="r", title="R", rate_of="contakts", per=1, population="p")
    faulty = with_sums(shipped, a=("referals",))
    problems = check_references(replace(faulty, measures={**faulty.measures, "r": rate}))
    assert sorted(problem.code for problem in problems) == ["L005", "L005"]
