"""Writes docs/reference/problems.md from the kinds of problem that the program knows.

Run it after adding a kind: python docs/make_problems.py
"""

from __future__ import annotations

from pathlib import Path

from workbook_builder.cli.printing import COMMAND_LINE_HINTS
from workbook_builder.problem_catalogue import ALL_KINDS
from workbook_builder.problems import Level, ProblemKind
from workbook_builder.window.view_models import WINDOW_HINTS

PAGE = Path(__file__).parent / "reference" / "problems.md"

_HEAD = """# Problems and what to do

Every message of the program ends with a code. Codes stay the same from version to version.

- An **error** means that nothing was written.
- A **warning** means that the workbook was written, and that something in it is blank or left out.
- A **note** is worth knowing and needs nothing done.

No message quotes a record. Rows are named by their number in the file, the first row being 1. This
page is written by `python docs/make_problems.py`.
"""

_PARTS = {
    "L": "Layouts and other definitions",
    "X": "Extracts",
    "E": "Tables of many councils",
    "M": "Figures",
    "S": "Published statistics",
    "H": "Last month's workbook",
    "R": "The run",
    "C": "Lists of children",
    "W": "Writing the workbook",
    "D": "The slides",
}

_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}


def page() -> str:
    """Return the text of the page."""
    parts = [_HEAD]
    for letter, title in _PARTS.items():
        rows = [_row(kind) for kind in ALL_KINDS if kind.code.startswith(letter)]
        head = f"\n## {title}\n\n| code | level | what it means | what to do |\n|---|---|---|---|\n"
        parts.append(head + "\n".join(rows) + "\n")
    return "".join(parts)


def _row(kind: ProblemKind) -> str:
    here = ((COMMAND_LINE_HINTS, "On the command line"), (WINDOW_HINTS, "In the window"))
    hints = "".join(f" *{where}:* {said[kind.code]}" for said, where in here if kind.code in said)
    return f"| {kind.code} | {_LEVELS[kind.level]} | {kind.title} | {kind.advice}{hints} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
