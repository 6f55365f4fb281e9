"""Extracts as they were read into what they cover, dataset by dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.engine.load_extracts import Extracts
from workbook_builder.engine.protocol import Engine
from workbook_builder.extracts.model import Sheet
from workbook_builder.measures.covered import DatasetCoverage


def coverages_of(
    definitions: Definitions, extracts: Extracts, engine: Engine
) -> Mapping[str, DatasetCoverage]:
    """Return what the extracts of each dataset cover."""
    coverages = {
        name: _coverage(dataset, [one for one in extracts.sheets if one.dataset == name], engine)
        for name, dataset in definitions.datasets.items()
    }
    # The days of one are judged while the engine counts those of the next.
    asked = [(one, query) for one in coverages.values() if (query := one.days_query())]
    answers = engine.answers(query for _, query in asked)
    for (coverage, _), rows in zip(asked, answers, strict=True):
        coverage.know_days(rows)
    return coverages


def _coverage(dataset: Dataset, sheets: Sequence[Sheet], engine: Engine) -> DatasetCoverage:
    """Return what the sheets of a dataset cover; one that holds all makes up for the others."""
    held = [sheet.held_from for sheet in sheets if sheet.held_from]
    return DatasetCoverage(
        dataset,
        engine,
        given=bool(sheets),
        stated=[sheet.stated for sheet in sheets if sheet.stated],
        held_from=min(held) if held and len(held) == len(sheets) else None,
        latest_only=bool(sheets) and all(sheet.latest_only for sheet in sheets),
        columns=_columns_of_all(sheets),
    )


def _columns_of_all(sheets: Sequence[Sheet]) -> frozenset[str] | None:
    """Return the columns that every sheet with records has; what one lacks would count too few."""
    found = [frozenset(sheet.columns) for sheet in sheets if sheet.rows_kept]
    return frozenset.intersection(*found) if found else None
