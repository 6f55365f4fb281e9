"""Figures that are not what today's extracts give, marked in tables of teams as in all others."""

from __future__ import annotations

from dataclasses import replace

from tests.sheets.examples import STAMP
from tests.sheets.team_examples import DEFINITIONS, FIGURES, LAST, TEAM_LAYOUTS
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.sheet_layouts import Panel, Slide, TeamBlock, TeamSheet
from workbook_builder.figures import Figure, Figures
from workbook_builder.months import Month, months_ending
from workbook_builder.sheets.compose import compose
from workbook_builder.sheets.content import WorkbookContent
from workbook_builder.sheets.plan import Cell, Plan

MARK = "As published. Today's data gives another figure."
MEASURE = "visited"


def marked(figure: Figure, team: str, month: Month) -> Figure:
    here = (figure.measure, figure.team, figure.month) == (MEASURE, team, month)
    return replace(figure, mark=MARK) if here else figure


def plan(team: str, month: Month) -> Plan:
    base = TEAM_LAYOUTS["teams"]
    block = TeamBlock(measure=MEASURE)
    layout = Layout(
        name="marks",
        title="Marks",
        tables=base.tables,
        months=base.months,
        team_sheets=(
            TeamSheet(name="Now", title="Now", blocks=(block,)),
            TeamSheet(name="Months", title="Months", months=True, blocks=(block,)),
        ),
        slides=(
            Slide(
                name="Slide",
                title="Slide",
                grid=("small",),
                panels={"small": Panel(title="Small", table=(MEASURE,))},
            ),
        ),
    )
    figures = Figures(marked(figure, team, month) for figure in FIGURES)
    return compose(
        WorkbookContent(layout, DEFINITIONS, figures, months_ending(LAST, layout.months), STAMP)
    )


def revised(workbook: Plan, name: str) -> list[Cell]:
    (sheet,) = (sheet for sheet in workbook.sheets if sheet.name == name)
    return [cell for cell in sheet.cells if cell.style == "revised"]


def test_a_team_s_month_is_marked_with_what_is_to_be_known_of_it() -> None:
    cells = revised(plan("East 1", LAST.plus(-1)), "Months")
    notes = [cell.note for cell in cells]
    assert notes.count(MARK) == 1
    assert all(note == MARK or "A team's figure here" in note for note in notes)
    assert len(notes) == 2  # the team's own cell and the total's


def test_this_month_s_numbers_of_a_team_are_marked() -> None:
    cells = revised(plan("East 1", LAST), "Now")
    assert [cell.note for cell in cells] == [MARK, MARK]


def test_the_headline_is_marked_on_sheets_and_slides() -> None:
    workbook = plan("", LAST.plus(-1))
    assert [cell.note for cell in revised(workbook, "Months")] == [MARK]
    assert [cell.note for cell in revised(workbook, "Slide")] == [MARK]


def test_without_a_mark_nothing_is_marked() -> None:
    workbook = plan("no such team", LAST)
    assert not [
        cell for sheet in workbook.sheets for cell in sheet.cells if cell.style == "revised"
    ]
