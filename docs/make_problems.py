"""Writes docs/reference/problems.md from the kinds of problem that the program knows.

What each of them means, and an example, is in problem_examples.toml. Run it after adding a kind:
python docs/make_problems.py
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from workbook_builder.cli.printing import COMMAND_LINE_HINTS
from workbook_builder.problem_catalogue import ALL_KINDS
from workbook_builder.problems import Level, ProblemKind
from workbook_builder.window.view_models import WINDOW_HINTS

PAGE = Path(__file__).parent / "reference" / "problems.md"
EXAMPLES = Path(__file__).parent / "problem_examples.toml"

_HEAD = """# Problems and what to do

Every message of the program ends with a code. Look it up here: what it means, an example,
what to do. Codes stay the same from version to version.

- An **error** means that nothing was written.
- A **warning** means that the workbook was written, and that something in it is blank or left out.
- A **note** is worth knowing. Nothing needs to be done.

No message quotes a record. Rows are named by their number in the file, the first row being 1. This
page is written by `python docs/make_problems.py`.
"""

_PARTS = {
    "X": "Extracts",
    "M": "Figures",
    "H": "Last month's workbook",
    "R": "The run",
    "W": "Writing the workbook",
    "D": "The slides",
    "S": "Published statistics",
    "L": "Layouts and other definitions",
    "C": "Lists of children",
    "E": "Tables of many councils",
}

_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}


def page() -> str:
    """Return the text of the page."""
    examples = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    parts = [_HEAD]
    for letter, title in _PARTS.items():
        parts.append(f"\n## {title}\n")
        kinds = sorted((k.code, k) for k in ALL_KINDS if k.code[0] == letter)
        parts += [_entry(kind, examples[code]) for code, kind in kinds]
    return "".join(parts)


def _entry(kind: ProblemKind, example: Mapping[str, str]) -> str:
    shells = ((COMMAND_LINE_HINTS, "On the command line"), (WINDOW_HINTS, "In the window"))
    hints = "".join(f" *{where}:* {said[kind.code]}" for said, where in shells if kind.code in said)
    return (
        f"\n### {kind.code}: {kind.title} ({_LEVELS[kind.level]})\n\n"
        f"{example['means']}\n\n> {example['example']}\n\n**What to do.** {kind.advice}{hints}\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
