"""Blank months in words: one problem for each extract and reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.frames import arrays
from workbook_builder.build_workbook import check
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Count
from workbook_builder.figures import REASONS, Figure, Figures, Status
from workbook_builder.measures.compute import Blank, Computed
from workbook_builder.measures.count import blank_problems
from workbook_builder.measures.covered_months import Finding
from workbook_builder.measures.dataset_coverage import DatasetCoverage
from workbook_builder.months import Month, months_ending
from workbook_builder.problems import Problem
from workbook_builder.request import Request
from workbook_builder.store.duckdb_store import DuckDBStore

JULY = Month(2023, 7)
DATASETS = {
    name: Dataset(name=name, title=name.title(), record="one", columns={"day": Column(type="date")})
    for name in ("contacts", "referrals")
}
DEFINITIONS = Definitions(
    datasets=DATASETS,
    measures={
        name: Count(name=name, title=title, count_of="contacts", during="day")
        for name, title in (("all", "All contacts"), ("urgent", "Urgent contacts"))
    },
)


@pytest.fixture
def coverages() -> Iterator[Mapping[str, DatasetCoverage]]:
    with DuckDBStore(DATASETS) as engine:
        days = pd.DataFrame({"day": pd.Series([date(2023, 7, 9)], dtype="datetime64[us]")})
        engine.load(DATASETS["contacts"], arrays(days))
        yield {
            name: DatasetCoverage(dataset, engine, has_extract=True, stated=[])
            for name, dataset in DATASETS.items()
        }


def problems(
    coverages: Mapping[str, DatasetCoverage], *blanks: Blank, differing: tuple[Figure, ...] = ()
) -> tuple[Problem, ...]:
    return blank_problems(Computed(Figures(()), blanks, differing), DEFINITIONS, coverages)


def blank(
    status: Status, *, measure: str = "all", month: Month = JULY, of: str = "contacts"
) -> Blank:
    return Blank(measure, month, Finding(status, of))


def test_one_problem_for_each_reason_and_its_months(
    coverages: Mapping[str, DatasetCoverage],
) -> None:
    found = problems(
        coverages,
        *(blank(Status.NOT_COVERED, month=month) for month in months_ending(JULY, 3)),
        blank(Status.NOT_COVERED, measure="urgent", month=Month(2023, 1)),
        blank(Status.NOT_COVERED, of="referrals"),
        blank(Status.UNFINISHED),
    )
    assert [problem.code for problem in found] == ["M002", "M002", "M002", "M003"]
    assert found[0].what == (
        "Contacts: no data for May-23 to Jul-23. Its last record is dated 9 Jul 2023."
    )
    assert found[0].done_text() == 'Left blank: "All contacts".'
    # Another measure that is blank in other months is not said to be blank in these.
    assert found[1].what == "Contacts: no data for Jan-23."
    assert found[1].done_text() == 'Left blank: "Urgent contacts".'
    assert found[2].what == "Referrals: no data for Jul-23."


@pytest.mark.parametrize(
    ("status", "code", "what"),
    [
        (Status.NO_EXTRACT, "M001", "no extract of Contacts was given."),
        (Status.UNFINISHED, "M003", "Contacts: the extract covers only part of Jul-23. Its last "
         "record is dated 9 Jul 2023."),
        (Status.NO_RECORDS, "M004",
         "Contacts: no records in Jul-23, though months usually have many."),
        (Status.NO_POPULATION, "M005", "there is no population estimate for Jul-23."),
        (Status.NO_DENOMINATOR, "M006",
         "Contacts: nothing to calculate from in Jul-23."),
        (Status.CANNOT_BE_COMPUTED, "M007", "Contacts: the calculation gave no number for Jul-23."),
        (Status.NOT_A_SNAPSHOT_MONTH, "M008",
         "Contacts: the extract shows only the current position, so it cannot give Jul-23."),
    ],
)  # fmt: skip
def test_each_reason_in_words(
    coverages: Mapping[str, DatasetCoverage], status: Status, code: str, what: str
) -> None:
    [problem] = problems(coverages, blank(status))
    assert (problem.code, problem.what) == (code, what)
    assert problem.to_do


def test_every_reason_for_a_blank_can_be_told(coverages: Mapping[str, DatasetCoverage]) -> None:
    # Between quarters it is as it should be; only figures of teams are published blank; small
    # numbers are hidden after the blanks have been told, as the layout wishes.
    untold = {Status.BETWEEN_QUARTERS, Status.PUBLISHED, Status.SUPPRESSED}
    for status in set(REASONS) - untold:
        [problem] = problems(coverages, blank(status))
        assert problem.code.startswith("M")


def test_a_differing_figure_is_named(coverages: Mapping[str, DatasetCoverage]) -> None:
    figures = tuple(
        Figure("all", JULY, team, None, None, 3, Status.SUPPLIED) for team in ("", "North")
    )
    whole, team = problems(coverages, differing=figures)
    assert whole.text().startswith(
        '"All contacts", Jul-23: the finished figure differs from the records. '
        "The figure from the records was used."
    )
    assert team.what.startswith('"All contacts", Jul-23, North: ')
    assert {whole.code, team.code} == {"M010"}


def test_without_blanks_there_is_nothing_to_say(coverages: Mapping[str, DatasetCoverage]) -> None:
    assert problems(coverages) == ()


_ROWS = "".join(f"{at},{at % 28 + 1:02}/{at % 12 + 1:02}/2023,{{}}\n" for at in range(600))


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.csv": ("Child ID,Date of Referral,NFA\n", "")}, 'cells in "NFA" for'),
        ({"a.csv": ("Child ID,Referral Date,Referral NFA\n", ""),
          "b.csv": ("Child ID,Referral Date,NFA\n", "")}, 'cells in "Referral NFA" or "NFA" for'),
        # What the file does not have is called as usual.
        ({"a.csv": ("Child ID,Date of Referral,Note\n", "")}, 'no column "Referral NFA?"'),
    ],
)  # fmt: skip
def test_a_column_is_called_as_in_the_files(
    files: Mapping[str, tuple[str, str]], told: str, tmp_path: Path
) -> None:
    for name, (head, cell) in files.items():
        (tmp_path / name).write_text(head + _ROWS.format(*[cell] * 600), encoding="utf-8")
    request = Request((tmp_path,), month=JULY)
    outcome = check(request, lambda progress: None)
    texts = [problem.what for problem in outcome.problems if problem.code in ("M013", "M034")]
    assert any(told in text for text in texts), texts
