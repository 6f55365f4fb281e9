"""Layouts: which sheets, columns and rows make the workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.base import Name, definition
from workbook_builder.definitions.parameters import ParameterValue
from workbook_builder.definitions.sheet_names import SheetName
from workbook_builder.definitions.slides import Slide
from workbook_builder.definitions.sparklines import Sparklines
from workbook_builder.definitions.team_sheets import CaseloadSheet, TeamSheet

ColumnKind = Literal[
    "reference", "indicator", "months", "sparkline", "trend",
    "target", "rag", "direction", "benchmarks", "note",
]  # fmt: skip

#: The columns that must stand in the table for another to be worked out.
NEEDED_BY: dict[str, tuple[str, ...]] = {
    "sparkline": ("months",),
    "trend": ("months",),
    "rag": ("months", "target"),
    "direction": ("months",),
}


def _file_name(name: str) -> str:
    if not name.endswith(".xlsx") or re.search(r'[<>:"/\\|?*]', name):
        raise PydanticCustomError("file_name", "must be a plain file name that ends with .xlsx")
    return name


FileName = Annotated[Name, AfterValidator(_file_name)]


@definition
class Row:
    """One indicator: a measure in a table, with its reference and perhaps a title of its own.

    A `target` goes before the measure's; a row that is not `judged` shows no RAG and no direction.
    """

    measure: Name
    reference: str = ""
    title: str = ""
    note: str = ""
    target: Annotated[float, Field(allow_inf_nan=False)] | None = None
    judged: bool = True


@definition
class Table:
    """One table, on a sheet of its own: its columns from left to right, its rows from the top."""

    name: SheetName
    title: Name
    columns: Annotated[tuple[ColumnKind, ...], Field(min_length=1)]
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]
    sparklines: Sparklines = Field(default_factory=Sparklines)


@definition
class Layout:
    """A whole workbook. `file_name` may hold {month}, for the reporting month ("Jul-23")."""

    name: Name
    title: Name
    tables: Annotated[tuple[Table, ...], Field(min_length=1)]
    months: Annotated[int, Field(ge=1, le=60)] = 13
    parameters: Mapping[str, ParameterValue] = Field(default_factory=dict)
    file_name: FileName = "Board data tables {month}.xlsx"
    author: str = ""
    team_sheets: tuple[TeamSheet, ...] = ()
    caseloads: tuple[CaseloadSheet, ...] = ()
    slides: tuple[Slide, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that are shown, each once, in the order in which they first stand."""
        shown = [row.measure for table in self.tables for row in table.rows]
        shown += [name for sheet in self.team_sheets for name in sheet.measures]
        shown += [name for slide in self.slides for name in slide.measures]
        return tuple(dict.fromkeys(shown))
