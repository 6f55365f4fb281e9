"""Slide sheets: charts, team tables and small tables on one page of the shape 16:9."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.base import Key, Name, Words, definition
from workbook_builder.definitions.sheet_names import SheetName

ChartKind = Literal["line", "column"]
CaseloadPart = Literal["list", "summary", "chart"]

#: The line of a chart that is no comparator's.
TARGET_LINE = "target"

_OWN_KEYS = ("chart", "teams", "table", "caseloads")
_CHART_KEYS = ("kind", "lines", "axis_from", "axis_to", "labels")
_MOST_BANDS = 12
_MOST_COLUMNS = 6

Finite = Annotated[float, Field(allow_inf_nan=False)]


@definition
class Panel:
    """One part of a slide, of the kind whose own key it bears.

    `chart` names measures that are drawn month by month, `teams` a measure by team, `table`
    measures with their month, target and RAG, `caseloads` a part of the caseloads. Of a chart:
    `lines` are benchmarks by their comparator, or "target"; `axis_from` and `axis_to` are where
    its axis starts and ends, in the measure's own unit. `names` are short names of the measures.
    """

    title: str = ""
    chart: Annotated[Words, Field(min_length=1, max_length=6)] | None = None
    teams: str = ""
    table: Annotated[Words, Field(min_length=1)] | None = None
    caseloads: CaseloadPart | None = None
    kind: ChartKind | None = None
    names: Words | None = None
    lines: Words | None = None
    axis_from: Finite | None = None
    axis_to: Finite | None = None
    labels: bool | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Panel:
        given = [key for key in _OWN_KEYS if getattr(self, key)]
        if len(given) != 1:
            raise PydanticCustomError(
                "panel", "needs one of: chart, teams, table, caseloads; and no more than one"
            )
        lost = [key for key in _CHART_KEYS if getattr(self, key) is not None]
        if lost and not self.chart:
            raise PydanticCustomError("panel", f'has "{lost[0]}", which goes with chart only')
        if self.names and len(self.names) != len(self.chart or self.table or ()):
            raise PydanticCustomError("panel", 'needs as many "names" as measures')
        if None not in (low := self.axis_from, high := self.axis_to) and low >= high:  # type: ignore[operator]
            raise PydanticCustomError("panel", "has an axis that ends before it starts")
        return self

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that the panel shows."""
        return self.chart or self.table or ((self.teams,) if self.teams else ())


@dataclass(frozen=True)
class GridArea:
    """A rectangle of a slide's grid; both corners are included, rows and columns count from 0."""

    top: int
    left: int
    bottom: int
    right: int


def _grid_row(text: str) -> str:
    if not re.fullmatch(r"\s*[a-z][a-z0-9_]*(\s+[a-z][a-z0-9_]*)*\s*", text):
        raise PydanticCustomError("grid", 'must be names of panels with spaces between, as "a b"')
    return text


GridRow = Annotated[str, AfterValidator(_grid_row)]


@definition
class Slide:
    """A sheet that fills one page: `grid` draws where its panels stand, a text for each row.

    A panel that stands in several neighbouring places fills them all; one with a table stands in
    one column. `widths` say how wide the columns are, held against one another.
    """

    name: SheetName
    title: Name
    grid: Annotated[tuple[GridRow, ...], Field(min_length=1, max_length=_MOST_BANDS)]
    panels: Annotated[Mapping[Key, Panel], Field(min_length=1)]
    widths: tuple[Annotated[int, Field(ge=1, le=100)], ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _rectangles(self) -> Slide:
        rows = [row.split() for row in self.grid]
        if len({len(row) for row in rows}) > 1:
            raise PydanticCustomError("slide", "needs as many names in each row of its grid")
        if len(rows[0]) > _MOST_COLUMNS:
            raise PydanticCustomError("slide", f"has more than {_MOST_COLUMNS} panels side by side")
        if self.widths and len(self.widths) != len(rows[0]):
            raise PydanticCustomError("slide", "needs a width for each column of its grid")
        for name, area in self.areas.items():
            panel = self.panels.get(name)
            if panel and not panel.chart and panel.caseloads != "chart" and area.left != area.right:
                said = "has a table in {panel} that is wider than one column of the grid"
                raise PydanticCustomError("slide", said, {"panel": f'"{name}"'})
            inside = [row[area.left : area.right + 1] for row in rows[area.top : area.bottom + 1]]
            if any(one != name for row in inside for one in row):
                said = "has a grid in which {panel} is no rectangle"
                raise PydanticCustomError("slide", said, {"panel": f'"{name}"'})
        return self

    @property
    def areas(self) -> Mapping[str, GridArea]:
        """The rectangle of each panel that the grid names."""
        places: dict[str, list[tuple[int, int]]] = {}
        for at, row in enumerate(self.grid):
            for column, name in enumerate(row.split()):
                places.setdefault(name, []).append((at, column))
        return {
            name: GridArea(
                min(row for row, _ in found), min(column for _, column in found),
                max(row for row, _ in found), max(column for _, column in found),
            )
            for name, found in places.items()
        }  # fmt: skip

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures of all panels, each once."""
        found = (name for panel in self.panels.values() for name in panel.measures)
        return tuple(dict.fromkeys(found))
