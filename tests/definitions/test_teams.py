"""Teams by any of their names, in their order; layouts of team sheets and slides settled."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SAMPLE_INPUTS
from workbook_builder.definitions.council import Team, Teams
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.definitions.sheet_layouts import GridArea, Panel, Slide, TeamBlock, TeamSheet
from workbook_builder.months import Month
from workbook_builder.names import natural_order

TEAMS = Teams({
    "East 1": Team(name="East 1", aliases=("East Locality 1",), short="E1"),
    "Old": Team(name="Old", opened="2021-04-01", closed="2023-06-30"),
    "First": Team(name="First", order=2),
})  # fmt: skip


def test_a_team_is_found_by_any_of_its_names() -> None:
    assert TEAMS.get("east  locality-1").name == "East 1"
    assert TEAMS.get("East 1").short_name == "E1"
    unknown = TEAMS.get("Somewhere")
    assert (unknown.name, unknown.short_name, unknown.locality) == ("Somewhere", "Somewhere", "")
    assert not TEAMS.knows("Somewhere")


def test_names_are_sorted_as_people_count() -> None:
    names = ["East 10", "east 2", "East 1", "West 1", "First", "East 1 B"]
    assert sorted(names, key=TEAMS.sort_key) == [
        "First", "East 1", "East 1 B", "east 2", "East 10", "West 1",
    ]  # fmt: skip


@given(st.lists(st.text(max_size=8), max_size=8, unique=True))
def test_the_order_is_the_same_however_names_come(names: list[str]) -> None:
    other = names[:]
    random.Random(1).shuffle(other)
    first = [natural_order(name) for name in sorted(names, key=natural_order)]
    assert first == [natural_order(name) for name in sorted(other, key=natural_order)]


def test_a_team_is_closed_from_the_month_after_its_last_day() -> None:
    old = TEAMS.get("Old")
    assert not old.closed_before(Month(2023, 6))
    assert old.closed_before(Month(2023, 7))
    assert old.opened_after(Month(2021, 3))
    assert not old.opened_after(Month(2021, 4))


def test_a_block_says_only_what_differs_from_its_sheet() -> None:
    sheet = TeamSheet(
        name="S", title="S", teams=("East *",), sort="highest", empty_teams=True,
        blocks=(TeamBlock(measure="a"), TeamBlock(measure="b", teams=(), sort="order",
                                                  empty_teams=False, decimals=0)),
    )  # fmt: skip
    first, second = sheet.breakdowns
    assert (first.teams, first.sort, first.empty_teams) == (("East *",), "highest", True)
    assert (second.teams, second.sort, second.empty_teams) == ((), "order", False)
    assert (first.decimals, second.decimals) == (None, 0)


def test_the_grid_of_a_slide_is_a_drawing_of_it() -> None:
    panel = Panel(chart=("a",))
    slide = Slide(name="S", title="S", grid=("a a b", "c c b"),
                  panels={"a": panel, "b": Panel(teams="m"), "c": panel})  # fmt: skip
    assert slide.areas == {
        "a": GridArea(0, 0, 0, 1), "b": GridArea(0, 2, 1, 2), "c": GridArea(1, 0, 1, 1),
    }  # fmt: skip
    assert slide.measures == ("a", "m")


@pytest.mark.parametrize("name", ["BIT East 1", "bit east 1", "Brief Intervention Team East 1"])
def test_the_samples_teams_are_known_by_their_short_names(name: str) -> None:
    team = known_definitions(inputs=[SAMPLE_INPUTS]).value.known_teams.get(name)
    assert (team.name, team.locality) == ("Brief Intervention Team East 1", "East")
