"""Layouts: which sheets, columns and rows make the workbook, and how many months they need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.datasets import ParameterValue
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.sheet_layouts import (
    CaseloadSheet,
    SheetName,
    Slide,
    Sparklines,
    TeamSheet,
)
from workbook_builder.definitions.targets import FinancialYear, Stated
from workbook_builder.definitions.toml_files import Name, Words, definition
from workbook_builder.figures import LEAST_LIMIT, MOST_LIMIT

#: So many of its records a figure may leave out unjudged, as a share of those that it asks about.
DEFAULT_NOT_JUDGED_TOLERANCE = 0.05

ColumnKind = Literal[
    "reference", "indicator", "owner", "reporter", "outcome", "months", "sparkline", "trend",
    "change_on_month", "change_on_year", "target", "rag", "direction", "desired_direction",
    "average", "maximum", "year_to_date", "percentage", "benchmarks", "targets_by_year",
    "variation", "note", "commentary",
]  # fmt: skip

# A new kind of column: its name above, its rules in the three tables below, its cells in
# sheets/table_columns.py, and its line in docs/reference/layouts.md.

#: The columns that must stand in the table for another to be worked out.
NEEDED_BY: dict[str, tuple[str, ...]] = {
    "sparkline": ("months",),
    "trend": ("months",),
    "rag": ("months", "target"),
    "direction": ("months",),
    "change_on_month": ("months",),
    "change_on_year": ("months",),
    "average": ("months",),
    "maximum": ("months",),
    "year_to_date": ("months",),
    "variation": ("months",),
}

#: The columns that look at a whole year.
OF_A_YEAR = frozenset({"change_on_year", "average", "maximum", "year_to_date", "variation"})

#: The theme of a layout that names none.
DEFAULT_THEME = "standard"

#: The columns whose headings are what they show, so that no layout may give them others.
HEADED_BY_CONTENT = frozenset({"months", "benchmarks"})

#: The share of a value by which it must change for the change to be more than level.
DEFAULT_LEVEL_BAND = 0.1

#: Tables of a layout and rows of a table: more than anybody reads, fewer than fill the memory.
MOST_TABLES = 100
MOST_ROWS = 1000


def _file_name(name: str) -> str:
    if not name.endswith(".xlsx") or re.search(r'[<>:"/\\|?*]', name):
        raise PydanticCustomError("file_name", "must be a plain file name ending in .xlsx")
    return name


def _template(name: str) -> str:
    if name and not name.lower().endswith(".pptx"):
        raise PydanticCustomError("template", "must be a PowerPoint file name ending in .pptx")
    return name


TemplatePath = Annotated[str, AfterValidator(_template)]
RowPolarity = Literal["higher", "lower", "neither"]
MonthCount = Annotated[int, Field(ge=1, le=60)]
FileName = Annotated[Name, AfterValidator(_file_name)]


@definition
class Row:
    """One indicator: a measure in a table, with its reference and perhaps a title of its own.

    A `target` goes before the measure's, and so does `better` before its polarity: "neither" takes
    it away. A row that is not `judged` shows no RAG and no direction. `owner` and `reporter` are
    roles, never people. `qualitative` marks a measure of quality, which the table's key explains.
    """

    measure: Name
    reference: str = ""
    title: str = ""
    note: str = ""
    target: Stated | None = None
    judged: bool = True
    better: RowPolarity | None = None
    owner: str = ""
    reporter: str = ""
    outcome: str = ""
    qualitative: bool = False


@definition
class KeyBlock:
    """A part of the key that stands above a table: a heading with a few lines under it."""

    title: Name
    lines: Annotated[tuple[Name, ...], Field(max_length=6)] = ()


@definition
class Table:
    """One table, on a sheet of its own: its columns from left to right, its rows from the top.

    `months` are shown, or as many as the layout says; `percent_decimals` are the digits after the
    point of its percentages, or each measure's own. `headings` go before the usual ones; that of
    the targets by year may hold {year}. A change of less than `level_band` (a share) is level.
    `comparators` are its benchmark columns in order; left out they are the layout's.
    """

    name: SheetName
    title: Name
    columns: Annotated[tuple[ColumnKind, ...], Field(min_length=1)]
    rows: Annotated[tuple[Row, ...], Field(min_length=1, max_length=MOST_ROWS)]
    months: MonthCount | None = None
    percent_decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    headings: Mapping[ColumnKind, Name] = Field(default_factory=dict)
    target_years: tuple[FinancialYear, ...] = ()
    level_band: Annotated[float, Field(gt=0, lt=10)] = DEFAULT_LEVEL_BAND
    key: Annotated[tuple[KeyBlock, ...], Field(max_length=3)] = ()
    comparators: tuple[Name, ...] | None = None
    sparklines: Sparklines = Field(default_factory=Sparklines)


@definition
class RevisionRule:
    """Which differences from published figures are listed: by more than both of these.

    `more_than` is in the measure's own unit (percentages as shares of one), `percent` a share of
    the published figure in percent.
    """

    more_than: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    percent: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0


@definition
class Layout:
    """A whole workbook. `file_name` may hold {month}, for the reporting month ("Jul-23").

    `authority` is the council; last month's workbook must be of the same one.
    `suppress_under` hides figures about fewer people, and those that would give them away.
    `not_judged_tolerance` is the share of its records that a figure may leave out because what it
    asks of them is blank or cannot be read; beyond that it is blank.

    A layout that `extends` another holds all that the other does and it does not say otherwise, but
    for the tables that it is `without`.
    `authority`, a code or a name, says which council this is in published statistics;
    `comparators` are the benchmark columns in order, all that are defined if left out.
    With `table_slides` the deck shows every table after the slides; a `draft` says so on each. Its
    `template` is a .pptx beside the layout's file, of which the slides have the `template_layout`.
    """

    name: Name
    extends: str = ""
    without: Words = ()
    title: Name
    tables: Annotated[tuple[Table, ...], Field(min_length=1, max_length=MOST_TABLES)]
    months: MonthCount = 13
    parameters: Mapping[str, ParameterValue] = Field(default_factory=dict)
    theme: str = DEFAULT_THEME
    file_name: FileName = "Board data tables {month}.xlsx"
    author: str = ""
    authority: str = ""
    revisions: RevisionRule = Field(default_factory=RevisionRule)
    comparators: tuple[Name, ...] | None = None
    team_sheets: tuple[TeamSheet, ...] = ()
    caseloads: tuple[CaseloadSheet, ...] = ()
    slides: tuple[Slide, ...] = ()
    table_slides: bool = False
    draft: bool = False
    template: TemplatePath = ""
    template_layout: str = ""
    not_judged_tolerance: Annotated[float, Field(ge=0, lt=1)] = DEFAULT_NOT_JUDGED_TOLERANCE
    suppress_under: Annotated[int, Field(ge=LEAST_LIMIT, le=MOST_LIMIT)] | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that are shown, each once, in the order in which they first stand."""
        shown = [row.measure for table in self.tables for row in table.rows]
        shown += [name for sheet in self.team_sheets for name in sheet.measures]
        shown += [name for slide in self.slides for name in slide.measures]
        return tuple(dict.fromkeys(shown))


#: This month and the twelve before it.
_YEAR = 13
#: As long before the quarter that is the latest, when the reporting month is two months after it,
#: and a month more for a figure that came in late the year before.
_YEAR_OF_QUARTERS = 16


def shown_months(table: Table, layout: Layout) -> int:
    """Return how many months a table shows."""
    return table.months or layout.months


def asked_months(table: Table, layout: Layout) -> int:
    """Return how many months a table needs figures for, to be complete."""
    looks_at_a_year = not OF_A_YEAR.isdisjoint(table.columns)
    return max(shown_months(table, layout), _YEAR if looks_at_a_year else 1)


def held_months(table: Table, layout: Layout, measures: Mapping[str, Measure]) -> int:
    """Return how many months a table holds: those beyond the months it shows are folded away.

    Quarterly rows are compared with a quarter that lies more than a year back.
    """
    quarterly = any(measures[row.measure].quarterly for row in table.rows)
    of_quarters = quarterly and not OF_A_YEAR.isdisjoint(table.columns)
    return max(asked_months(table, layout), _YEAR_OF_QUARTERS if of_quarters else 1)


def months_needed(layout: Layout, measures: Mapping[str, Measure]) -> int:
    """Return for how many months a layout needs figures."""
    return max(held_months(table, layout, measures) for table in layout.tables)
