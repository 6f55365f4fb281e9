"""Builds a workbook without holding lists against one another, to see what that takes.

python -m benchmarks.checks FOLDER OUT.xlsx
"""

from __future__ import annotations

import sys
from typing import Any

from workbook_builder.cli.commands import run_command
from workbook_builder.extracts import read_extracts
from workbook_builder.extracts.end_columns import FoundEnds
from workbook_builder.extracts.headings import Headings
from workbook_builder.measures import count
from workbook_builder.store import load_extracts


def _nothing(*values: Any, **named: Any) -> list[Any]:
    """Find no problem."""
    return []


def _no_ends(grid: object, headings: Headings) -> FoundEnds:
    """Look for no column of ends."""
    return FoundEnds(headings)


if __name__ == "__main__":
    folder, out = sys.argv[1:3]
    for owner, name, instead in (
        (read_extracts, "find_end_columns", _no_ends),
        (load_extracts, "check_files_together", _nothing),
        (load_extracts, "future_days", _nothing),
        (count, "ListCompleteness", lambda *values: None),
    ):
        assert hasattr(owner, name)  # else nothing would be left out
        setattr(owner, name, instead)
    sys.exit(run_command(["build", folder, "--out", out]))
