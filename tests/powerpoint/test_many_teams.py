"""The deck of a council of sixty teams with long names, in the standard design and in templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLE_INPUTS, WRITTEN, made_once
from tests.other_council import care, children
from tests.other_council.children import invent
from tests.other_council.variants import deliver
from tests.other_council.writing import write
from tests.powerpoint.conftest import opened
from tests.powerpoint.reading import tables
from tests.powerpoint.templates_by_hand import TEMPLATES
from tests.powerpoint.test_deck import DRAWING, SMALLEST, outside, overlapping, parts_of
from workbook_builder.build_workbook import plan_of, prepare
from workbook_builder.months import Month
from workbook_builder.powerpoint.deck import DeckFile, draw_deck
from workbook_builder.request import Request
from workbook_builder.sheets.plan import Plan, Text
from workbook_builder.workspace import Workspace

pytestmark = pytest.mark.slow

SERVICES = (
    "Assessment and Intervention Service", "Safeguarding and Family Support",
    "Children with Disabilities and Complex Needs", "Multi-Agency Safeguarding Hub",
    "Family Solutions",
)  # fmt: skip
PLACES = ("Northgate", "Riverside and Quay", "Old Market", "Saint Barnabas", "Upper Weald")
TEAMS = tuple(
    f"{service} {place} {number}" for number in (1, 2) for place in PLACES for service in SERVICES
)
CARE_TEAMS = tuple(f"Children Looked After {place} {number}" for number in (1, 2)
                   for place in PLACES)  # fmt: skip
DESIGNS = ("", *TEMPLATES)


def plan_of_sixty_teams(folder: Path) -> Plan:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(children, "TEAMS", TEAMS)
        patch.setattr(care, "CARE_TEAMS", CARE_TEAMS)
        council = invent(3, "medium", "2024-03")
    delivery = deliver(council, "lists", "clean")
    write(delivery.sheets, folder, delivery.day)
    (folder / "council.toml").write_text('authority = "Bristol"\n', encoding="utf-8")
    targets = (SAMPLE_INPUTS / "targets.toml").read_bytes()
    (folder / "targets.toml").write_bytes(targets)
    request = Request((folder,), month=Month(2024, 3), written=WRITTEN, out=folder / "board.xlsx")
    with Workspace() as workspace:
        plan = plan_of(prepare(request, lambda progress: None, workspace))
    assert plan
    return plan


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return made_once(tmp_path_factory, "sixty_teams", plan_of_sixty_teams)


def drawn(plan: Plan, design: str) -> Any:
    template = DeckFile(f"{design}.pptx", TEMPLATES[design]()) if design else None
    result = draw_deck(plan, template)
    assert not result.problems
    return opened(result.value)


@pytest.mark.parametrize("design", DESIGNS)
def test_nothing_overlaps_and_no_team_is_lost(plan: Plan, design: str) -> None:
    deck = drawn(plan, design)
    for slide in deck.slides:
        assert overlapping(slide) == []
        assert outside(deck, slide) == []
    runs = (run for part in parts_of(deck)
            for run in part.iter(f"{DRAWING}rPr", f"{DRAWING}defRPr"))  # fmt: skip
    sizes = [int(run.get("sz")) for run in runs if run.get("sz")]
    assert min(sizes) >= SMALLEST
    planned = teams_in(
        cell.content.text for sheet in plan.sheets if sheet.deck for cell in sheet.cells
        if isinstance(cell.content, Text)
    )  # fmt: skip
    assert len(planned) > 20
    shown = teams_in(text for slide in deck.slides for table in tables(slide)
                     for row in table for text in row)  # fmt: skip
    assert shown >= planned


def teams_in(texts: Any) -> set[str]:
    return set(texts) & {*TEAMS, *CARE_TEAMS}
