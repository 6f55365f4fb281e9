"""Finished figures that people supply."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.frames import arrays
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.definitions.layouts import Layout, Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Count, Percentage
from workbook_builder.figures import Figure, Status
from workbook_builder.measures.finished_figures import SuppliedFigures, supplied_figures
from workbook_builder.months import Month
from workbook_builder.problems import Result
from workbook_builder.store.duckdb_store import DuckDBStore

JULY = Month(2023, 7)

FIGURES = Dataset(
    name="figures",
    title="Finished figures",
    record="a figure",
    columns={
        "measure": Column(type="text", required=True),
        "month": Column(type="month", required=True),
        "team": Column(type="text"),
        "numerator": Column(type="number"),
        "denominator": Column(type="number"),
        "value": Column(type="number"),
    },
)
DEFINITIONS = Definitions(
    datasets={"figures": FIGURES},
    measures={
        "contacts": Count(name="contacts", title="Contacts", count_of="c", during="d"),
        "referrals": Count(name="referrals", title="Referrals", count_of="r", during="d"),
        "in_time": Percentage(
            name="in_time", title="In time", percentage_of="r", during="d", where="true"
        ),
    },
)
LAYOUT = Layout(
    name="board",
    title="Board",
    tables=(
        Table(
            name="One",
            title="One",
            columns=("indicator", "months"),
            rows=(
                Row(measure="contacts", reference="PI 1"),
                Row(measure="referrals", reference="PI 2"),
                Row(measure="in_time", reference="PI 2"),
                Row(measure="in_time"),
            ),
        ),
    ),
)

FullRow = tuple[str, str, str | None, float | None, float | None, float | None]


def read(*rows: FullRow) -> Result[SuppliedFigures]:
    text = dict.fromkeys(("measure", "month", "team"), "str")
    numbers = dict.fromkeys(("numerator", "denominator", "value"), "Float64")
    frame = pd.DataFrame(rows, columns=list(FIGURES.columns)).astype({**text, **numbers})
    with DuckDBStore(DEFINITIONS.datasets) as engine:
        engine.load(FIGURES, arrays(frame))
        return supplied_figures(engine, DEFINITIONS, LAYOUT)


@pytest.mark.parametrize("name", ["contacts", "Contacts", " CONTACTS ", "PI 1", "pi1"])
def test_a_measure_is_known_by_its_key_or_its_own_reference(name: str) -> None:
    made = read((name, "2023-07", None, None, None, 12.0))
    expected = Figure("contacts", JULY, "", None, None, 12.0, Status.SUPPLIED)
    assert made == Result({("contacts", JULY, ""): expected})


def test_figures_of_teams_and_of_the_service_stand_beside_one_another() -> None:
    made = read(("contacts", "2023-07", "North", None, None, 5.0),
                ("contacts", "2023-07", "", None, None, 12.0))  # fmt: skip
    assert {key[2]: figure.value for key, figure in made.value.items()} == {"North": 5, "": 12}


def test_a_value_is_worked_out_from_numerator_and_denominator() -> None:
    made = read(("in_time", "2023-07", None, 3.0, 4.0, None))
    assert made.value["in_time", JULY, ""].value == 0.75
    assert made.problems == ()


def test_a_row_without_any_number_is_passed_over() -> None:
    assert read(("contacts", "2023-07", None, None, None, None)) == Result({})


@pytest.mark.parametrize("name", ["contact", "PI 2"], ids=["misspelt", "a reference of two"])
def test_an_unknown_measure_is_left_out(name: str) -> None:
    row: FullRow = (name, "2023-07", None, None, None, 1.0)
    made = read(row, row)
    assert made.value == {}
    [problem] = made.problems
    assert (problem.code, f'the measure "{name}" is not known' in problem.what) == ("M009", True)
    assert problem.done == "The figure was left out."


def test_a_misspelt_measure_gets_a_suggestion() -> None:
    [problem] = read(("contcats", "2023-07", None, None, None, 1.0)).problems
    assert 'Did you mean "contacts"?' in problem.text()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("in_time", "2023-07", None, None, None, 95.0), "is a percentage above 150 %"),
        (("in_time", "2023-07", None, 95.0, 1.0, None), "is a percentage above 150 %"),
        (("in_time", "2023-07", None, 3.0, 0.0, None), "has neither a value nor"),
        (("in_time", "2023-07", None, 3.0, None, None), "has neither a value nor"),
        (("in_time", "2023-07", None, None, 4.0, None), "has neither a value nor"),
    ],
)
def test_an_unusable_figure_is_left_out(row: FullRow, why: str) -> None:
    made = read(row)
    assert made.value == {}
    [problem] = made.problems
    assert problem.code == "M012"
    assert f'a finished figure of "In time" {why}' in problem.what


def test_a_list_may_say_that_there_is_nothing_to_divide_by() -> None:
    made = read(("in_time", "2023-07", "Team", 0.0, 0.0, None))
    assert made.value == {}
    assert not made.problems


def test_a_percentage_up_to_150_is_believed_and_a_number_is_not_limited() -> None:
    made = read(("in_time", "2023-07", None, None, None, 1.5),
                ("contacts", "2023-07", None, None, None, 9500.0))  # fmt: skip
    assert sorted(figure.value or 0 for figure in made.value.values()) == [1.5, 9500]


def test_without_a_dataset_of_figures_there_are_none() -> None:
    with DuckDBStore({}) as engine:
        assert supplied_figures(engine, Definitions(), LAYOUT) == Result({})
