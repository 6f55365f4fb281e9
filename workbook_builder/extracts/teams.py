"""Teams under one name: what the extracts call a team becomes the name that teams.toml gives it."""

from __future__ import annotations

from dataclasses import replace

from workbook_builder.columns.table import Records
from workbook_builder.columns.texts import Texts
from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.datasets import Dataset

_TEAM = "team"


def with_team_names(records: Records, dataset: Dataset, teams: Teams) -> Records:
    """Return the records of a dataset with their teams' names; other names stay as they are.

    This comes before anything is counted, so that a child whose team was renamed counts once.
    """
    name = dataset.team or (_TEAM if _TEAM in dataset.columns else "")
    column = records.columns.get(name)
    if not isinstance(column, Texts):
        return records
    named = column.changed(lambda texts: [teams.get(text).name for text in texts])
    return replace(records, columns={**records.columns, name: named})
