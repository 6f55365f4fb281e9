"""Teams under one name: what the extracts call a team becomes the name that teams.toml gives it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.teams import Teams

_TEAM = "team"


def with_team_names(
    records: Mapping[str, pd.DataFrame], datasets: Mapping[str, Dataset], teams: Teams
) -> dict[str, pd.DataFrame]:
    """Return the records of each dataset with their teams' names; other names stay as they are.

    This comes before anything is counted, so that a child whose team was renamed counts once.
    """
    return {name: _named(frame, datasets[name], teams) for name, frame in records.items()}


def _named(frame: pd.DataFrame, dataset: Dataset, teams: Teams) -> pd.DataFrame:
    column = dataset.team or (_TEAM if _TEAM in dataset.columns else "")
    if not column or column not in frame:
        return frame
    names = {text: teams.get(text).name for text in frame[column].dropna().unique()}
    return frame.assign(**{column: frame[column].map(names)})
