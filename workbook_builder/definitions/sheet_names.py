"""Names of sheets: what Excel allows, and those that the program keeps for itself."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.base import Name

#: Sheets that the program makes itself.
RESERVED_SHEETS = frozenset({
    "cover", "notes", "checks", "figures", "commentary", "history", "chart data", "revisions",
    "sources", "targets", "benchmarks", "as written",
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
        raise PydanticCustomError("sheet_name", "is a sheet that the program makes itself")
    return name


SheetName = Annotated[Name, AfterValidator(_sheet_name)]
