"""What team sheets, caseload sheets and slides say of other definitions, and of one another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from workbook_builder.definitions import kinds
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.slides import TARGET_LINE, Panel
from workbook_builder.names import same_name
from workbook_builder.problems import Kind, Problem, Where, did_you_mean

Keys = tuple[str | int, ...]


def _unknown(kind: Kind, noun: str, name: str, known: Collection[str], where: Where) -> Problem:
    what = f'the {noun} "{name}" is not known. {did_you_mean(name, known)}'.strip()
    return Problem(kind, what, where)


def _sheet_names(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        seen: set[str] = set()
        for section in ("tables", "team_sheets", "caseloads", "slides"):
            for at, sheet in enumerate(getattr(layout, section)):
                if sheet.name.casefold() in seen:
                    where = definitions.where("layouts", layout.name, section, at, "name")
                    text = f'there are two sheets of the name "{sheet.name}".'
                    yield Problem(kinds.DUPLICATE_NAME, text, where)
                seen.add(sheet.name.casefold())


def _measures(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for keys, name in _shown(layout):
            if name not in definitions.measures:
                where = definitions.where("layouts", layout.name, *keys)
                known = definitions.measures
                yield _unknown(kinds.UNKNOWN_MEASURE, "measure", name, known, where)


def _shown(layout: Layout) -> Iterator[tuple[Keys, str]]:
    """Yield each measure that team sheets and slides name, with the keys it stands under."""
    for at, sheet in enumerate(layout.team_sheets):
        for number, block in enumerate(sheet.blocks):
            yield ("team_sheets", at, "blocks", number, "measure"), block.measure
    for keys, panel in _panels(layout):
        if panel.teams:
            yield (*keys, "teams"), panel.teams
        for key in ("chart", "table"):
            for number, name in enumerate(getattr(panel, key) or ()):
                yield (*keys, key, number), name


def _panels(layout: Layout) -> Iterator[tuple[Keys, Panel]]:
    for at, slide in enumerate(layout.slides):
        for name, panel in slide.panels.items():
            yield ("slides", at, "panels", name), panel


def _listed_teams(definitions: Definitions) -> Iterator[Problem]:
    """A name with * may stand for any team; any other must be a team's, else it is a misprint."""
    teams = definitions.known_teams
    for layout in definitions.layouts.values():
        for keys, name in _team_names(layout):
            if "*" not in name and not teams.knows(name):
                where = definitions.where("layouts", layout.name, *keys)
                yield _unknown(kinds.UNKNOWN_TEAM, "team", name, definitions.teams, where)


def _team_names(layout: Layout) -> Iterator[tuple[Keys, str]]:
    for at, sheet in enumerate(layout.team_sheets):
        for number, name in enumerate(sheet.teams):
            yield ("team_sheets", at, "teams", number), name
        for within, block in enumerate(sheet.blocks):
            for number, name in enumerate(block.teams or ()):
                yield ("team_sheets", at, "blocks", within, "teams", number), name


def _team_aliases(definitions: Definitions) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for team in definitions.teams.values():
        for text in {same_name(text): text for text in (team.name, *team.aliases)}.values():
            first = seen.setdefault(same_name(text), team.name)
            if first != team.name:
                where = definitions.where("teams", team.name)
                what = f'"{text}" is already a name of the team "{first}".'
                yield Problem(kinds.DUPLICATE_NAME, what, where)


def _team_dates(definitions: Definitions) -> Iterator[Problem]:
    for team in definitions.teams.values():
        if team.opened and team.closed and team.closed < team.opened:
            where = definitions.where("teams", team.name, "closed")
            yield Problem(kinds.WRONG_VALUE, "the team closed before it opened.", where)


def _lines(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for keys, panel in _panels(layout):
            for number, name in enumerate(panel.lines or ()):
                if name != TARGET_LINE and name not in definitions.comparators:
                    where = definitions.where("layouts", layout.name, *keys, "lines", number)
                    known = [TARGET_LINE, *definitions.comparators]
                    yield _unknown(kinds.UNKNOWN_COMPARATOR, "comparator", name, known, where)


def _units(definitions: Definitions) -> Iterator[Problem]:
    """Percentages and numbers have no axis in common."""
    for layout in definitions.layouts.values():
        for keys, panel in _panels(layout):
            names = [name for name in panel.chart or () if name in definitions.measures]
            if len({definitions.measures[name].unit for name in names}) > 1:
                where = definitions.where("layouts", layout.name, *keys, "chart")
                text = "the chart holds percentages and numbers, which need an axis each."
                advice = "Put them into two panels."
                yield Problem(kinds.WRONG_VALUE, text, where, advice=advice)


def _grids(definitions: Definitions) -> Iterator[Problem]:
    for layout in definitions.layouts.values():
        for at, slide in enumerate(layout.slides):
            for name in slide.areas:
                if name not in slide.panels:
                    where = definitions.where("layouts", layout.name, "slides", at, "grid")
                    known = slide.panels
                    yield _unknown(kinds.UNKNOWN_PANEL, "panel", name, known, where)
            for name in slide.panels:
                if name not in slide.areas:
                    keys = ("slides", at, "panels", name)
                    where = definitions.where("layouts", layout.name, *keys)
                    text = f'the panel "{name}" stands nowhere in the grid.'
                    yield Problem(kinds.UNKNOWN_PANEL, text, where)


def _caseload_panels(definitions: Definitions) -> Iterator[Problem]:
    """A slide shows the caseloads as their sheet has them, so there must be one."""
    for layout in definitions.layouts.values():
        for keys, panel in _panels(layout):
            if panel.caseloads and not layout.caseloads:
                where = definitions.where("layouts", layout.name, *keys, "caseloads")
                text = "the slide shows caseloads, and the layout has no sheet of them."
                yield Problem(kinds.MISSING_KEY, text, where, advice="Add [[caseloads]].")


SHEET_RULES: tuple[Callable[[Definitions], Iterator[Problem]], ...] = (
    _sheet_names, _measures, _listed_teams, _team_aliases, _team_dates, _lines, _units, _grids,
    _caseload_panels,
)  # fmt: skip
