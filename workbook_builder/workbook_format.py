"""What a workbook of ours is known by next month: names that one month writes and the next reads.

The table of figures and its columns are a contract with other programs too.
"""

from __future__ import annotations

#: Rises when an older program could no longer read what is written here.
FORMAT = 1

FORMAT_PROPERTY = "Workbook format"
MONTH_PROPERTY = "Reporting month"
LAYOUT_PROPERTY = "Layout"
PROGRAM_PROPERTY = "Program"
AUTHORITY_PROPERTY = "Authority"
AUTHOR_PROPERTY = "Author"

FIGURES_TABLE = "t_figures"
FIGURES_COLUMNS = ("measure", "month", "team", "numerator", "denominator", "value", "status")

COMMENTARY_TABLE = "t_commentary"
COMMENTARY_COLUMNS = ("measure", "month", "commentary")

#: A hidden copy of the figures, one row for each measure and team, one column for each month.
WRITTEN_TABLE = "t_as_written"
WRITTEN_KEYS = ("measure", "team")

#: Differences from published figures that a Revisions sheet has listed, and in which month.
LISTED_TABLE = "t_listed_revisions"
LISTED_COLUMNS = ("measure", "month", "team", "numerator", "denominator", "value", "listed")

#: What the program wrote as commentary, so that what people changed can be told.
SAID_TABLE = "t_commentary_as_written"

#: Which measure each row of a table with commentary stands for.
ROWS_TABLE = "t_commentary_rows"
ROWS_COLUMNS = (
    "table", "commentary_heading", "reference_heading", "title_heading", "reference", "title",
    "measure",
)  # fmt: skip

#: Targets and benchmarks that a council keeps in the workbook; what differs from the last column,
#: which says what the layouts hold, goes before them.
TARGETS_TABLE = "t_targets"
TARGETS_COLUMNS = ("measure", "title", "period", "target", "in the layouts")
BENCHMARKS_TABLE = "t_benchmarks"
BENCHMARKS_COLUMNS = ("measure", "title", "comparator", "benchmark", "in the layouts")

_UNKNOWN = "-"
_BETWEEN = " / "


def numbers_text(numbers: tuple[float | None, ...]) -> str:
    """Write numbers into one cell, so that they are read back as they were."""
    return _BETWEEN.join(_UNKNOWN if one is None else repr(one) for one in numbers)


def numbers_in(text: str) -> tuple[float | None, ...] | None:
    """Read what numbers_text wrote; anything else gives None."""
    try:
        parts = text.split(_BETWEEN)
        return tuple(None if part == _UNKNOWN else float(part) for part in parts)
    except ValueError:
        return None
