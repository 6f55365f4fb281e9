"""Layouts: which sheets, columns and rows make the workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.base import Name, definition
from workbook_builder.definitions.parameters import ParameterValue
from workbook_builder.definitions.values import Stated

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

#: Sheets that the program makes itself.
RESERVED_SHEETS = frozenset({"cover", "notes", "checks", "figures", "commentary", "history"})

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
        raise PydanticCustomError("sheet_name", "is a sheet that the program makes itself")
    return name


def _file_name(name: str) -> str:
    if not name.endswith(".xlsx") or re.search(r'[<>:"/\\|?*]', name):
        raise PydanticCustomError("file_name", "must be a plain file name that ends with .xlsx")
    return name


SheetName = Annotated[Name, AfterValidator(_sheet_name)]
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
    target: Stated | None = None
    judged: bool = True


@definition
class Table:
    """One table, on a sheet of its own: its columns from left to right, its rows from the top.

    `comparators` are its benchmark columns in order; left out they are the layout's.
    """

    name: SheetName
    title: Name
    columns: Annotated[tuple[ColumnKind, ...], Field(min_length=1)]
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]
    comparators: tuple[Name, ...] | None = None


@definition
class Layout:
    """A whole workbook. `file_name` may hold {month}, for the reporting month ("Jul-23").

    `authority`, a code or a name, says which council this is in published statistics;
    `comparators` are the benchmark columns in order, all that are defined if left out.
    """

    name: Name
    title: Name
    tables: Annotated[tuple[Table, ...], Field(min_length=1)]
    months: Annotated[int, Field(ge=1, le=60)] = 13
    parameters: Mapping[str, ParameterValue] = Field(default_factory=dict)
    file_name: FileName = "Board data tables {month}.xlsx"
    author: str = ""
    authority: str = ""
    comparators: tuple[Name, ...] | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that the tables show, each once, in the order in which they first stand."""
        return tuple(dict.fromkeys(row.measure for table in self.tables for row in table.rows))
