"""The sheets of a layout besides its board tables: slides, team sheets and caseload sheets.

Also what all sheets share: the rules for their names, and sparklines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.toml_files import Key, Name, Words, definition

#: Sheets that the program makes itself.
RESERVED_SHEETS = frozenset({
    "cover", "summary", "notes", "checks", "figures", "commentary", "history", "chart data",
    "revisions", "sources", "targets", "benchmarks", "as written",
})  # fmt: skip

_BAD_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET_NAME = 31


def _sheet_name(name: str) -> str:
    if len(name) > _LONGEST_SHEET_NAME:
        raise PydanticCustomError(
            "sheet_name", f"is longer than the {_LONGEST_SHEET_NAME} characters that Excel allows"
        )
    if _BAD_IN_SHEET_NAMES.search(name) or name.startswith("'") or name.endswith("'"):
        raise PydanticCustomError("sheet_name", "may not hold any of [ ] : * ? / \\ in Excel")
    if name.casefold() in RESERVED_SHEETS:
        raise PydanticCustomError("sheet_name", "is the name of a sheet that the program makes")
    return name


SheetName = Annotated[Name, AfterValidator(_sheet_name)]

ChartKind = Literal["line", "column"]
CaseloadPart = Literal["list", "teams", "summary", "chart"]
#: What a table of measures on a slide may have after its months.
SlideColumn = Literal["trend", "target", "rag", "direction"]
DEFAULT_SLIDE_COLUMNS: tuple[SlideColumn, ...] = ("target", "rag", "direction")
DEFAULT_SLIDE_MONTHS = 2

#: The line of a chart that is no comparator's.
TARGET_LINE = "target"

_OWN_KEYS = ("chart", "teams", "table", "caseloads")
#: Further keys by the own key of the panels that may have them.
_KEYS_OF = {
    "chart": ("kind", "lines", "axis_from", "axis_to", "labels", "limits"),
    "table": ("months", "columns"),
    "caseloads": ("caseload_teams", "part"),
}
_MOST_BANDS = 12
_MOST_COLUMNS = 6

Finite = Annotated[float, Field(allow_inf_nan=False)]


@definition
class Panel:
    """One part of a slide, of the kind whose own key it bears.

    `chart` names measures that are drawn month by month, `teams` a measure by team, `table`
    measures with their month, target and RAG, `caseloads` a part of the caseloads. Of a chart:
    `lines` are benchmarks by their comparator, or "target"; `axis_from` and `axis_to` are where
    its axis starts and ends, in the measure's own unit; `limits` are the first measure's mean and
    process limits. `names` are short names of the measures.
    A table has so many `months`, and the `columns` after them. The workers of `caseload_teams` are
    listed, or the first `part` of so many of them: (1, 3) is the first third.
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
    limits: bool | None = None
    months: Annotated[int, Field(ge=1, le=24)] | None = None
    columns: tuple[SlideColumn, ...] | None = None
    caseload_teams: Words | None = None
    part: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1, le=6)]] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Panel:
        if sum(bool(getattr(self, key)) for key in _OWN_KEYS) != 1:
            raise PydanticCustomError(
                "panel", "needs one of: chart, teams, table, caseloads; and no more than one"
            )
        for own_key, keys in _KEYS_OF.items():
            given = [key for key in keys if getattr(self, key) is not None]
            if given and not getattr(self, own_key):
                text = f'has "{given[0]}", which goes with {own_key} only'
                raise PydanticCustomError("panel", text)
        if self.part and self.part[0] > self.part[1]:
            raise PydanticCustomError("panel", 'has a "part" beyond the last')
        if self.names and len(self.names) != len(self.chart or self.table or ()):
            raise PydanticCustomError("panel", 'needs as many "names" as measures')
        low, high = self.axis_from, self.axis_to
        if low is not None and high is not None and low >= high:
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
        raise PydanticCustomError(
            "grid", 'must be panel names with spaces between them, such as "a b"'
        )
    return text


GridRow = Annotated[str, AfterValidator(_grid_row)]


@definition
class Slide:
    """A sheet that fills one page: `grid` draws where its panels stand, a text for each row.

    A panel that stands in several neighbouring places fills them all; one with a table stands in
    one column. `widths` say how wide the columns are, in proportion to one another. `headline` is
    the measure of its panels that the sentence at the top is about; left out it is the one that
    tells most.
    """

    name: SheetName
    title: Name
    grid: Annotated[tuple[GridRow, ...], Field(min_length=1, max_length=_MOST_BANDS)]
    panels: Annotated[Mapping[Key, Panel], Field(min_length=1)]
    widths: tuple[Annotated[int, Field(ge=1, le=100)], ...] = ()
    note: str = ""
    headline: str = ""

    @model_validator(mode="after")
    def _headline_is_shown(self) -> Slide:
        if self.headline and self.headline not in self.measures:
            text = "has a headline about {measure}, which none of its panels shows"
            raise PydanticCustomError("slide", text, {"measure": f'"{self.headline}"'})
        return self

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
                text = "has a table in {panel} that is wider than one column of the grid"
                raise PydanticCustomError("slide", text, {"panel": f'"{name}"'})
            inside = [row[area.left : area.right + 1] for row in rows[area.top : area.bottom + 1]]
            if {inner for row in inside for inner in row} != {name}:
                text = "has a grid in which {panel} is not a rectangle"
                raise PydanticCustomError("slide", text, {"panel": f'"{name}"'})
        return self

    @property
    def areas(self) -> Mapping[str, GridArea]:
        """The rectangle of each panel that the grid names."""
        places: dict[str, list[tuple[int, int]]] = {}
        for row, text in enumerate(self.grid):
            for column, name in enumerate(text.split()):
                places.setdefault(name, []).append((row, column))
        areas: dict[str, GridArea] = {}
        for name, cells in places.items():
            rows, columns = zip(*cells, strict=True)
            areas[name] = GridArea(min(rows), min(columns), max(rows), max(columns))
        return areas

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures of all panels, each once."""
        return tuple(
            dict.fromkeys(name for panel in self.panels.values() for name in panel.measures)
        )


SparklineKind = Literal["line", "column", "win_loss"]
SparklinePoint = Literal["last", "high", "low", "negative"]


@definition
class Sparklines:
    """The sparklines of a table.

    `win_loss` shows the change on the month before: up where the value rose, down where it fell.
    """

    kind: SparklineKind = "line"
    points: tuple[SparklinePoint, ...] = ("last",)


#: How the teams of a table follow one another. "order" is that of teams.toml, then by name; "worst"
#: is the lowest or the highest first, by the measure's polarity, those with a small number last.
TeamSort = Literal["order", "highest", "lowest", "largest", "worst"]
#: What a table may show beside its numbers.
Mark = Literal["bars", "icons"]
Group = Literal["locality", "service"]
Rows = Literal["team", "locality", "service"]
#: The teams that a table does not list: each in a row, or all in one.
Others = Literal["each", "one_row"]
#: Where caseloads come from: "auto" takes the list if there is one of the month.
CaseloadSource = Literal["auto", "list", "allocations"]

DEFAULT_THRESHOLD = 20
#: A percentage of fewer is not rated: one child more or less would change it by over ten points.
DEFAULT_SMALL = 10


@dataclass(frozen=True)
class Breakdown:
    """How one measure is shown by team, with no key left open; the keys are those of TeamSheet."""

    measure: str
    title: str = ""
    teams: tuple[str, ...] = ()
    sort: TeamSort = "order"
    marks: tuple[Mark, ...] = ("bars", "icons")
    group: Group | None = None
    by: Rows = "team"
    others: Others = "each"
    empty_teams: bool = False
    decimals: int | None = None
    months: bool = False
    small_under: int = DEFAULT_SMALL


@definition
class TeamBlock:
    """One measure by team. What is left out is as the sheet says, then as the program does.

    `teams` are names, of which `*` may stand for a part; without them every team is listed.
    `group` puts teams under their locality or service, each with its own sum; `by` has one row
    for each locality or service and none for teams. `decimals` are digits of the values shown. A
    percentage of fewer than `small_under` is marked as small and not rated; 0 rates all.
    """

    measure: Name
    title: str = ""
    teams: Words | None = None
    sort: TeamSort | None = None
    marks: tuple[Mark, ...] | None = None
    group: Group | None = None
    by: Rows | None = None
    others: Others | None = None
    empty_teams: bool | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    months: bool | None = None
    small_under: Annotated[int, Field(ge=0, le=100)] | None = None


@definition
class TeamSheet:
    """A sheet of team tables, one below the other; `name` is the sheet's.

    A team without anything to count is left out of a table unless `empty_teams` is true, and
    named below it. `months` shows every month of each team, with its sparkline.
    """

    name: SheetName
    title: Name
    blocks: Annotated[tuple[TeamBlock, ...], Field(min_length=1)]
    teams: Words = ()
    sort: TeamSort = "order"
    marks: tuple[Mark, ...] = ("bars", "icons")
    group: Group | None = None
    by: Rows = "team"
    others: Others = "each"
    empty_teams: bool = False
    months: bool = False
    small_under: Annotated[int, Field(ge=0, le=100)] = DEFAULT_SMALL
    sparklines: Sparklines = Field(default_factory=Sparklines)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures of the tables, from the top."""
        return tuple(block.measure for block in self.blocks)

    @property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        """The tables from the top; what a block leaves out is as the sheet says."""
        keys = [key.name for key in fields(Breakdown)]
        of_sheet = {
            key: getattr(self, key) for key in keys if hasattr(self, key) and key != "title"
        }
        breakdowns: list[Breakdown] = []
        for block in self.blocks:
            of_block = {key: getattr(block, key, None) for key in keys}
            of_block = {key: value for key, value in of_block.items() if value is not None}
            breakdowns.append(Breakdown(**of_sheet | of_block))
        return tuple(breakdowns)


@definition
class CaseloadSheet:
    """A sheet of workers' caseloads: those of `threshold` or more, each team's, and a summary.

    Workers stand without name or identifier unless `show_workers` is true.
    """

    name: SheetName
    title: Name
    threshold: Annotated[int, Field(ge=1, le=1000)] = DEFAULT_THRESHOLD
    source: CaseloadSource = "auto"
    team_lists: bool = True
    show_workers: bool = False
