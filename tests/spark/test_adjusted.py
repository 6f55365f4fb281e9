"""A layout made for one council, as it is for another and for a region."""

from __future__ import annotations

import pytest

from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.record_sources import FromTables, Loaded
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.load_extracts import Extracts


@pytest.mark.parametrize("is_region", [True, False])
def test_a_region_asks_for_no_council_s_teams(*, is_region: bool) -> None:
    definitions = known_definitions().value
    board = definitions.layouts["board"]
    assert any(sheet.teams for sheet in board.team_sheets)
    with DuckDBStore({}) as engine:
        loaded = Loaded(Extracts(()), engine, dict)
        source = FromTables("Up/North", "board", is_region=is_region, loaded=loaded)
        made, layout = source.adjusted(definitions, board)
    assert layout.authority == "Up/North"
    assert layout.file_name == "Board data tables {month} - Up_North.xlsx"
    asked = [one.teams for sheet in layout.team_sheets for one in sheet.breakdowns]
    groups = [one.group for sheet in layout.team_sheets for one in sheet.breakdowns]
    assert any(asked) is not is_region
    assert any(groups) is not is_region
    assert bool(made.teams) is not is_region
