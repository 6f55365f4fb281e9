"""A layout made for one council, as it is for another and for a region."""

from __future__ import annotations

import pytest

from tests.conftest import SAMPLE_INPUTS
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.record_sources import FromTables, Loaded
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.load_extracts import Extracts


@pytest.mark.parametrize("is_region", [True, False])
def test_a_region_asks_for_no_council_s_teams(*, is_region: bool) -> None:
    own = [file for file in SAMPLE_INPUTS.glob("*.toml") if file.name != "council.toml"]
    definitions = known_definitions(inputs=own).value
    board = definitions.layouts["board"]
    assert any(sheet.teams for sheet in board.team_sheets)
    with DuckDBStore({}) as engine:
        loaded = Loaded(Extracts(()), engine, lambda covers: {})
        source = FromTables("Up/North", "board", is_region=is_region, loaded=loaded)
        made, layout = source.adjusted(definitions, board)
    assert layout.authority == "Up/North"
    assert layout.file_name == "Board data tables {month} - Up_North.xlsx"
    asked = [one.teams for sheet in layout.team_sheets for one in sheet.breakdowns]
    groups = [one.group for sheet in layout.team_sheets for one in sheet.breakdowns]
    assert any(asked) is not is_region
    assert any(groups) is not is_region
    assert bool(made.teams) is not is_region


def test_another_council_has_nothing_of_the_profiles() -> None:
    definitions = known_definitions(inputs=[SAMPLE_INPUTS]).value
    with DuckDBStore({}) as engine:
        loaded = Loaded(Extracts(()), engine, lambda covers: {})
        for name, teams in (("Leeds", False), ("Southampton City Council", True)):
            source = FromTables(name, "board", is_region=False, loaded=loaded)
            made, layout = source.adjusted(definitions, definitions.layouts["board"])
            assert bool(made.teams) is bool(made.targets) is bool(made.benchmarks) is teams
            assert (made.comparators["own_authority"].title == "Leeds 2021/22") is not teams
            found = made.authority_of(layout)
            assert found
            assert found.name == ("Southampton" if teams else "Leeds")
