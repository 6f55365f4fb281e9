"""Every reference of the published monthly scorecards has its measure, and stands in the layout."""

from __future__ import annotations

import csv
from pathlib import Path

from workbook_builder.definitions.load_definitions import known_definitions

REFERENCES = Path(__file__).parent / "published" / "scorecard_references.csv"


def published() -> list[dict[str, str]]:
    with REFERENCES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_all_references_stand_in_the_layout_in_the_published_order() -> None:
    definitions = known_definitions().value
    (table,) = definitions.layouts["scorecard"].tables
    ours = [(row.reference, row.measure) for row in table.rows]
    assert len(ours) == 64
    assert ours == [(row["reference"], row["measure"]) for row in published()]


def test_indicators_bear_their_published_titles() -> None:
    definitions = known_definitions().value
    (table,) = definitions.layouts["scorecard"].tables
    for row, wanted in zip(table.rows, published(), strict=True):
        assert (row.title or definitions.measures[row.measure].title) == wanted["indicator"]


def test_what_no_council_system_records_comes_finished() -> None:
    measures = known_definitions().value.measures
    finished = {name for name, measure in measures.items() if measure.own_key == "supplied"}
    assert finished == {
        "not_in_education_employment_or_training", "first_time_entrants", "families_attached",
        "payment_by_results_claims", "cla_teeth_checked", "workforce_agency",
        "workforce_turnover", "workforce_vacancies",
    }  # fmt: skip
