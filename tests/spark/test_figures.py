"""Tables of two councils: the workbook of each, and the region's, have DuckDB's figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.tables import records_of, write_tables
from workbook_builder.build_workbook import check
from workbook_builder.definitions.load_definitions import DEFAULT_LAYOUT, known_definitions
from workbook_builder.figures import WHOLE_SERVICE, Figure, Figures
from workbook_builder.problems import has_errors
from workbook_builder.request import Outcome, Request

pytestmark = pytest.mark.slow

#: The council of the sample and an invented one, with some of the sample's children each: what a
#: query takes on Spark hardly depends on them. Some children are of both councils.
SAMPLE, MERE = "852", "Mere Vale"
SOME = {
    SAMPLE: "md5(child_id) < '5'",
    MERE: "md5(child_id) BETWEEN '3' AND '9'",
}

OWN = """
[own_contacts]
title = "Contacts"
count_of = "contacts"
during = "contact_date"
teams = true

[own_plans]
title = "Plans"
count_of = "cp_plans"
open = ["cp_plan_start_date", "cp_plan_end_date"]
teams = true

[own_children]
title = "Children with a plan"
children_of = "cp_plans"
open = ["cp_plan_start_date", "cp_plan_end_date"]
teams = true

[own_referred]
title = "Children referred in twelve months"
children_of = "referrals"
during = "referral_date"
over = "12 months"
teams = true

[own_any]
title = "Children with either"
children_in_any_of = ["own_children", "own_referred"]
teams = true

[own_visited]
title = "Visited in ten working days"
percentage_of = "cp_plans"
open = ["cp_plan_start_date", "cp_plan_end_date"]
where = "EXISTS (SELECT 1 FROM visits WHERE visits.child_id = cp_plans.child_id AND visits.visit_date BETWEEN working_days_before(month_end, 10) AND month_end)"
teams = true

[own_length]
title = "Working days on a plan"
average_of = "cp_plans"
during = "cp_plan_end_date"
value = "working_days(cp_plan_start_date, cp_plan_end_date)"
teams = true

[own_rate]
title = "Plans for 10,000 children"
rate_of = "own_plans"
per = 10_000
population = "children_0_17"
"""  # noqa: E501
ROWS = ("own_contacts", "own_plans", "own_children", "own_referred", "own_any", "own_visited",
        "own_length", "own_rate")  # fmt: skip


def some(authority: str) -> Callable[[str], str]:
    """Return what keeps a council's share of the records: all of what is of no child."""

    def change(query: str) -> str:
        of_children = '"child_id"' in query
        return f"SELECT * FROM ({query}) WHERE {SOME[authority]}" if of_children else query

    return change


@pytest.fixture(scope="session")
def folders(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The councils' records as Parquet tables, and those of each as CSV extracts."""
    tables, extracts = tmp_path_factory.mktemp("tables"), tmp_path_factory.mktemp("extracts")
    datasets = known_definitions().value.datasets
    records = records_of([root / "sample_inputs"])
    for authority in SOME:
        write_tables(records, datasets, tables, authority, change=some(authority))
        write_tables(records, datasets, extracts / authority, authority, "csv", some(authority))
    return tables, extracts


@pytest.fixture(scope="session")
def read(session: Any, folders: tuple[Path, Path]) -> Any:
    """The tables, read and checked once for all tests."""
    tables = pytest.importorskip("workbook_builder.store.spark.tables")
    found = tables.read_tables(session, str(folders[0]), known_definitions().value)
    assert not has_errors(found.problems)
    return found


@pytest.fixture
def on_tables(many: Any, read: Any, folders: tuple[Path, Path], monkeypatch: Any) -> Any:
    monkeypatch.setattr(many, "read_tables", lambda session, place, definitions: read)

    def check(request: Request, **whom: str) -> tuple[Outcome, ...]:
        wanted = many.Wanted(str(folders[0]), **whom)
        use = many.build_many if request.out else many.check_many
        found: tuple[Outcome, ...] = use(wanted, request, lambda progress: None)
        return found

    return check


def listed(figures: Figures) -> list[Figure]:
    return sorted(figures, key=lambda one: (one.measure, one.month, one.team))


def figures_of_extracts(folders: tuple[Path, Path], authority: str, layout: str) -> Figures:
    """Return DuckDB's figures of a council's extracts."""
    files = tuple(sorted((folders[1] / authority).rglob("*.csv")))
    outcome = check(Request(files, layout=layout), lambda progress: None)
    assert not outcome.failed, outcome.problems
    return outcome.figures


def test_all_figures_of_the_board_are_the_same(
    on_tables: Any, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    """Of three months, which is enough for each query to differ by the month."""
    short = tmp_path / "short.toml"
    short.write_text(f'extends = "{DEFAULT_LAYOUT}"\nmonths = 3\n', encoding="utf-8")
    (found,) = on_tables(Request((), layout=str(short)), authority=SAMPLE)
    assert not found.failed, found.problems
    expected = listed(figures_of_extracts(folders, SAMPLE, str(short)))
    assert len([one for one in expected if one.value is not None]) > 700
    assert listed(found.figures) == expected


def test_each_council_has_the_workbook_that_its_extracts_give(
    on_tables: Any, folders: tuple[Path, Path], layout: Callable[..., str], tmp_path: Path
) -> None:
    file = layout(OWN, *ROWS)
    outcomes = on_tables(Request((), layout=file, out=tmp_path), authority="all")
    for outcome, authority in zip(outcomes, SOME, strict=True):
        assert outcome.written == tmp_path / f"Own Jul-23 - {authority}.xlsx"
        figures = figures_of_extracts(folders, authority, file)
        assert listed(outcome.figures) == listed(figures)
        assert any(one.value for one in figures if one.measure == "own_length")
        book = openpyxl.load_workbook(outcome.written)
        texts = [cell for row in book["Sources"].iter_rows(values_only=True) for cell in row]
        assert authority in texts and "contacts" in texts


def test_a_region_has_its_councils_in_place_of_teams(
    on_tables: Any, folders: tuple[Path, Path], layout: Callable[..., str]
) -> None:
    file = layout(OWN, *ROWS)
    (region,) = on_tables(Request((), layout=file), region="The North")
    assert not region.failed, region.problems
    each = [figures_of_extracts(folders, authority, file) for authority in SOME]
    compared = 0
    for figure in region.figures:
        own = [one.get(figure.measure, figure.month, WHOLE_SERVICE) for one in each]
        assert all(own)
        if figure.team != WHOLE_SERVICE:
            council = own[list(SOME).index(figure.team)]
            assert council and (figure.numerator, figure.denominator, figure.value) == (
                council.numerator, council.denominator, council.value)  # fmt: skip
        elif figure.value is not None:
            parts = [one.numerator or 0 for one in own if one]
            assert figure.numerator == sum(parts), figure
            compared += 1
    assert compared > 15
