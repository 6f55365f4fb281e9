"""Names of properties, tables and columns that one month's workbook writes and the next reads.

The tables of figures and of commentary are a contract with other programs too.
"""

from __future__ import annotations

#: Raised when an older program could no longer read a new workbook.
FORMAT = 1

FORMAT_PROPERTY = "Workbook format"
MONTH_PROPERTY = "Reporting month"
LAYOUT_PROPERTY = "Layout"
PROGRAM_PROPERTY = "Program"
AUTHORITY_PROPERTY = "Authority"
AUTHOR_PROPERTY = "Author"

#: What the name of a backup ends with, before its ending and a number.
BACKUP_MARK = " (replaced)"

FIGURES_TABLE = "t_figures"
FIGURES_COLUMNS = ("measure", "month", "team", "numerator", "denominator", "value", "status")

COMMENTARY_TABLE = "t_commentary"
COMMENTARY_COLUMNS = ("measure", "month", "commentary")

#: What the key messages of the Summary sheet are called where they are kept as commentary.
KEY_MESSAGES = tuple(f"Key message {number}" for number in range(1, 7))

#: A hidden copy of the figures, one row for each measure and team, one column for each month.
FIGURES_AS_WRITTEN_TABLE = "t_as_written"
FIGURES_AS_WRITTEN_KEYS = ("measure", "team")

#: Revisions that a Revisions sheet has listed already, and in which month.
LISTED_REVISIONS_TABLE = "t_listed_revisions"
LISTED_REVISIONS_COLUMNS = (*FIGURES_COLUMNS[:-1], "listed")

#: The commentary as the program wrote it, to tell what people changed since.
COMMENTARY_AS_WRITTEN_TABLE = "t_commentary_as_written"

#: The measure of each row of a table that has a column of commentary.
COMMENTARY_ROWS_TABLE = "t_commentary_rows"
COMMENTARY_ROWS_COLUMNS = (
    "table", "commentary_heading", "reference_heading", "title_heading", "reference", "title",
    "measure",
)  # fmt: skip

#: The headline of each slide as the program wrote it; `cell` is the defined name of its cell.
HEADLINES_TABLE = "t_headlines"
HEADLINES_COLUMNS = ("slide", "month", "cell", "headline")

#: Targets and benchmarks in force. What a council has typed over, so that it differs from the last
#: column, overrides the layouts.
TARGETS_TABLE = "t_targets"
TARGETS_COLUMNS = ("measure", "title", "period", "target", "in the layouts")
BENCHMARKS_TABLE = "t_benchmarks"
BENCHMARKS_COLUMNS = ("measure", "title", "comparator", "benchmark", "in the layouts")

#: All of these tables.
TABLES = (
    FIGURES_TABLE, COMMENTARY_TABLE, FIGURES_AS_WRITTEN_TABLE, LISTED_REVISIONS_TABLE,
    COMMENTARY_AS_WRITTEN_TABLE, COMMENTARY_ROWS_TABLE, HEADLINES_TABLE, TARGETS_TABLE,
    BENCHMARKS_TABLE,
)  # fmt: skip

#: How the names of the tags begin by which slides of ours are found again in a deck.
DECK_TAGS = "WORKBOOK_BUILDER_"
#: How the name of a deck ends.
DECK_ENDING = ".pptx"

#: The table by which a workbook of lists of children is known, so that nobody counts from it.
WORKLISTS_TABLE = "t_lists_of_children"

_UNKNOWN = "-"
_BETWEEN = " / "


def numbers_text(numbers: tuple[float | None, ...]) -> str:
    """Write numbers as the text of one cell that `parse_numbers` reads back unchanged."""
    return _BETWEEN.join(_UNKNOWN if number is None else repr(number) for number in numbers)


def parse_numbers(text: str) -> tuple[float | None, ...] | None:
    """Read what `numbers_text` wrote; return None for any other text."""
    try:
        parts = text.split(_BETWEEN)
        return tuple(None if part == _UNKNOWN else float(part) for part in parts)
    except ValueError:
        return None
