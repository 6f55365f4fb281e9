"""What the reader of workbooks does not tell: Excel errors and formulas without results."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook_builder.extracts.sheet_xml import SheetCells

#: Stands in a cell whose formula was saved without its result.
NO_RESULT = "#FORMULA!"

_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
           "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!",
           "Err:", NO_RESULT)  # fmt: skip

#: A whole cell that is an Excel error, or that is filled with # because a column was too narrow.
ERROR_TEXT = rf"(?:{'|'.join(map(re.escape, _ERRORS[:-2]))}|Err:\d{{3}}|{NO_RESULT}|#{{2,}})"

#: The errors of the binary formats by their number.
ERROR_CODES: Mapping[int, str] = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


@dataclass(eq=False)
class SheetMarks:
    """Of one sheet: its reach, hidden rows, and cells at (row from 1, column from 0) in error.

    `cells` are those of a plain sheet of an .xlsx, which is the part of this name.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    filtered: bool = False
    last_row: int = 0
    last_column: int = 0
    part: str = ""
    cells: SheetCells | None = None


@dataclass(frozen=True, eq=False)
class Marks:
    """Of a workbook: what stands in its sheets by name, and whether it counts days from 1904."""

    sheets: Mapping[str, SheetMarks] = field(default_factory=dict)
    from_1904: bool = False

    def of(self, sheet: str) -> SheetMarks:
        """Return the marks of a sheet by its name."""
        return self.sheets.get(sheet) or SheetMarks()
