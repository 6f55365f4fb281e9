"""Commentary that people give."""

from __future__ import annotations

import pandas as pd

from tests.frames import arrays
from tests.measures.test_supplied_figures import DEFINITIONS, LAYOUT
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.figures import Comment, Commentary
from workbook_builder.measures.finished_figures import read_commentary
from workbook_builder.months import Month
from workbook_builder.problems import Result
from workbook_builder.store.duckdb_store import DuckDBStore

JULY, JUNE = Month(2023, 7), Month(2023, 6)

COLUMNS = ("measure", "indicator", "month", "commentary")
DATASET = Dataset(
    name="commentary",
    title="Commentary",
    record="a commentary",
    columns={
        "measure": Column(type="text", required=True),
        "indicator": Column(type="text"),
        "month": Column(type="month"),
        "commentary": Column(type="text", required=True),
    },
)

Given = tuple[str, str | None, str | None, str]


def read(*rows: Given) -> Result[Commentary]:
    definitions = Definitions(datasets={"commentary": DATASET}, measures=DEFINITIONS.measures)
    with DuckDBStore(definitions.datasets) as engine:
        engine.load(DATASET, arrays(pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")))
        return read_commentary(engine, definitions, LAYOUT, JULY)


def test_a_measure_is_named_by_key_reference_or_title() -> None:
    found = read(("contacts", None, "2023-07", "One."), ("PI 1", None, "2023-06", "Two."),
                 ("Referrals", None, "2023-07", "Three."))  # fmt: skip
    assert found.problems == ()
    assert found.value.of("contacts", JULY) == "One."
    assert found.value.of("contacts", JUNE) == "Two."
    assert found.value.of("referrals", JULY) == "Three."


def test_a_reference_of_two_measures_is_settled_by_the_title() -> None:
    found = read(("PI 2", "In time", None, "Late visits."))
    assert found.value.of("in_time", JULY) == "Late visits."
    assert read(("PI 2", None, None, "Late visits.")).problems[0].code == "M015"


def test_without_a_month_it_is_the_reporting_month() -> None:
    assert read(("contacts", None, None, "Now.")).value.of("contacts", JULY) == "Now."


def test_an_unknown_measure_is_a_problem_with_the_nearest_name() -> None:
    found = read(("contcts", None, "2023-07", "Words."))
    assert list(found.value) == []
    assert found.problems[0].code == "M015"
    assert 'Did you mean "contacts"?' in found.problems[0].text()


def test_what_several_people_wrote_stands_together_and_once() -> None:
    found = read(("contacts", None, None, "A."), ("PI 1", None, None, "B."),
                 ("contacts", None, "2023-07", "A."))  # fmt: skip
    assert list(found.value) == [Comment("contacts", JULY, "A.\nB.")]


def test_line_breaks_of_all_programs_are_one() -> None:
    found = read(("contacts", None, None, "One\r\ntwo\rthree\nfour"))
    assert found.value.of("contacts", JULY) == "One\ntwo\nthree\nfour"


def test_without_such_a_dataset_there_is_none() -> None:
    with DuckDBStore({}) as engine:
        made = read_commentary(engine, Definitions(), LAYOUT, JULY)
    assert list(made.value) == []
