"""Read a workbook that the program wrote earlier, as it is now: figures, commentary, overrides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.commentary import Comment, Remembered
from workbook_builder.definitions.measures import Measure
from workbook_builder.figures import Memory
from workbook_builder.fingerprints import Fingerprint, fingerprint_of
from workbook_builder.history.read_published_figures import (
    read_figures,
    read_listed,
    read_written,
    unknown_measures,
)
from workbook_builder.history.user_overrides import UserOverride, read_benchmarks, read_targets
from workbook_builder.history.workbook_tables import (
    Book,
    MeasureKeys,
    Value,
    WorkbookTable,
    holds_table,
    month_of,
    open_book,
    text_of,
)
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, Where, has_errors, listed
from workbook_builder.workbook_format import (
    AUTHOR_PROPERTY,
    AUTHORITY_PROPERTY,
    COMMENTARY_AS_WRITTEN_TABLE,
    COMMENTARY_COLUMNS,
    COMMENTARY_ROWS_COLUMNS,
    COMMENTARY_ROWS_TABLE,
    COMMENTARY_TABLE,
    FIGURES_COLUMNS,
    FIGURES_TABLE,
    FORMAT,
    FORMAT_PROPERTY,
    LAYOUT_PROPERTY,
    MONTH_PROPERTY,
    PROGRAM_PROPERTY,
)

_KEYS = ("measure", "month")
_NEEDED = ("measure", "month", "value")


@dataclass(frozen=True)
class PreviousWorkbook:
    """A workbook that the program wrote earlier, as it is now.

    `name` is its file's, with its folder where another file has that name too. `authority` and
    `author` are those of the layout that it was written with; `rows` counts the rows of its
    figures, `sheet` is where these are now.
    """

    path: Path
    name: str
    sheet: str
    rows: int
    layout: str
    authority: str
    author: str
    created: datetime | None
    memory: Memory
    commentary: Remembered = field(default_factory=Remembered)
    targets: tuple[UserOverride, ...] = ()
    benchmarks: tuple[UserOverride, ...] = ()
    fingerprint: Fingerprint = field(default_factory=Fingerprint)

    @property
    def month(self) -> Month:
        """Its reporting month."""
        return self.memory.month


def is_previous_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook that holds published figures; its sheets are not read."""
    return holds_table(path, FIGURES_TABLE)


def read_previous_workbook(
    path: Path, content: bytes, measures: Mapping[str, Measure], name: str = ""
) -> Result[PreviousWorkbook | None]:
    """Read a workbook that the program wrote earlier; None where an error says why it cannot be.

    Problems call it by `name`, or by its file's name. The file itself is never touched.
    """
    name = name or path.name
    book = open_book(name, content)
    if book is None:
        text = "the workbook is damaged, protected with a password or not an Excel workbook."
        return Result(None, (Problem(catalogue.PUBLISHED_UNREADABLE, text, Where(name)),))
    tables = _figures_tables(book)
    problems = [*_too_new(book), *tables.problems]
    if has_errors(problems):
        return Result(None, tuple(problems))
    keys = MeasureKeys(measures)
    written = read_written(book, keys)
    figures = read_figures(tables.value, keys, written)
    published = figures.value.published
    problems += figures.problems
    if written is None:
        text = "the hidden sheet by which typed figures are told is not there."
        problems.append(Problem(catalogue.NO_MEMORY, text, Where(name), "All were taken over."))
    problems += unknown_measures(published, keys, name)
    properties = book.properties
    month = month_of(properties.get(same_name(MONTH_PROPERTY), "")) or max(
        (month for _, month, _ in published), default=None
    )
    if month is None:
        text = "the table of figures holds no figure, and no reporting month is known."
        return Result(None, (*problems, Problem(catalogue.NO_FIGURES, text, Where(name))))
    targets, benchmarks = read_targets(book, keys), read_benchmarks(book, keys)
    problems += (*targets.problems, *benchmarks.problems)
    previous = PreviousWorkbook(
        path=path,
        name=book.file,
        sheet=tables.value[0].sheet,
        rows=figures.value.rows,
        layout=properties.get(same_name(LAYOUT_PROPERTY), ""),
        authority=properties.get(same_name(AUTHORITY_PROPERTY), ""),
        author=properties.get(same_name(AUTHOR_PROPERTY), ""),
        created=book.created,
        memory=Memory(month, published, figures.value.cleared, figures.value.blank,
                      dict(read_listed(book, keys))),
        commentary=_read_comments(book, keys, month),
        targets=targets.value,
        benchmarks=benchmarks.value,
        fingerprint=fingerprint_of(path, content),
    )  # fmt: skip
    return Result(previous, tuple(problems))


def _too_new(book: Book) -> Iterator[Problem]:
    written_format = book.properties.get(same_name(FORMAT_PROPERTY), "1")
    program = book.properties.get(same_name(PROGRAM_PROPERTY), "a newer version")
    try:
        newer = float(written_format) > FORMAT
    except ValueError:
        newer = True
    if newer:
        text = f"the workbook was written by {program}, in a way that this version cannot read."
        yield Problem(catalogue.NEWER, text, Where(book.file), "Nothing was written.")


def _figures_tables(book: Book) -> Result[tuple[WorkbookTable, ...]]:
    """Return the tables of figures, with an error if there is none that can be read."""
    tables = book.tables(same_name(FIGURES_TABLE), _KEYS)
    usable = tuple(table for table in tables if table.has(_NEEDED))
    if not tables:
        return _figures_list(book)
    if not usable:
        missing = [name for name in _NEEDED if not tables[0].has([name])]
        text = f"the table {FIGURES_TABLE} has no column {listed(missing)}."
        return Result((), (Problem(catalogue.NO_HEADING, text, tables[0].where()),))
    if len(tables) == 1:
        return Result(usable)
    sheets = listed(f'"{table.sheet}"' for table in tables)
    text = f"{len(tables)} tables are called {FIGURES_TABLE}; they stand on the sheets {sheets}."
    done = "All were read; a figure that stands in more than one counts once."
    return Result(usable, (Problem(catalogue.TWO_TABLES, text, Where(book.file), done),))


def _figures_list(book: Book) -> Result[tuple[WorkbookTable, ...]]:
    """Find the figures by their headings, in a workbook whose properties say that it is ours."""
    ours = same_name(MONTH_PROPERTY) in book.properties
    lists = book.lists(FIGURES_COLUMNS) if ours else ()
    if not lists:
        text = f"there is no table {FIGURES_TABLE}."
        return Result((), (Problem(catalogue.NO_FIGURES, text, Where(book.file)),))
    text = f"the figures are no table {FIGURES_TABLE} any more; they were found by their headings."
    return Result(lists[:1], (Problem(catalogue.NO_TABLE, text, lists[0].where()),))


def _read_comments(book: Book, keys: MeasureKeys, month: Month) -> Remembered:
    """Return the commentary of a workbook; what is in its tables is of its own month.

    A row of a table is known by the reference and title that were written there, wherever it has
    moved; where that is not known, by its title. Words in a row that nobody knows keep the title.
    """
    now = [*_listed_comments(book, COMMENTARY_TABLE, keys, month)]
    for column in _commentary_columns(book, keys) or _guessed_columns(book):
        headings = [same_name(text) for text in (column.reference, column.title, column.heading)]
        for table in book.tables(same_name(column.table), (column.title,)):
            for row in table.rows:
                reference, title, text = (_words(row.cells.get(name)) for name in headings)
                if text:
                    now.append(Comment(column.measure(reference, title, keys), month, text))
    written = _listed_comments(book, COMMENTARY_AS_WRITTEN_TABLE, keys, month)
    return Remembered(tuple(written), tuple(now))


def _listed_comments(
    book: Book, table_name: str, keys: MeasureKeys, month: Month
) -> Iterator[Comment]:
    for table in book.tables(same_name(table_name), COMMENTARY_COLUMNS):
        for row in table.rows:
            text = _words(row.cells.get("commentary"))
            measure = keys.key(text_of(row.cells.get("measure")))
            if text:
                yield Comment(measure, month_of(row.cells.get("month")) or month, text)


@dataclass
class _CommentaryColumn:
    """A table's column of commentary, and the measures of its rows by reference and title."""

    table: str
    heading: str
    reference: str = ""
    title: str = "Indicator"
    measures: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, reference: str, title: str, measure: str) -> None:
        """Say which measure a row is of; its title alone counts where nothing else is known."""
        self.measures[same_name(reference), same_name(title)] = measure
        self.measures.setdefault(("", same_name(title)), measure)

    def measure(self, reference: str, title: str, keys: MeasureKeys) -> str:
        """Return the measure of a row; where nobody knows it, the row's title."""
        by_both = self.measures.get((same_name(reference), same_name(title)))
        known = by_both if by_both is not None else self.measures.get(("", same_name(title)))
        return known or keys.titled(title) or title or reference


def _commentary_columns(book: Book, keys: MeasureKeys) -> list[_CommentaryColumn]:
    """Read from a hidden sheet which columns hold commentary, and the measures of their rows."""
    columns: dict[tuple[str, str], _CommentaryColumn] = {}
    for table in book.tables(same_name(COMMENTARY_ROWS_TABLE), COMMENTARY_ROWS_COLUMNS[:1]):
        for row in table.rows:
            name, heading, reference_heading, title_heading, reference, title, measure = (
                text_of(row.cells.get(same_name(column))) for column in COMMENTARY_ROWS_COLUMNS
            )
            if name and heading:
                column = _CommentaryColumn(name, heading, reference_heading, title_heading)
                columns.setdefault((name, heading), column).add(reference, title, keys.key(measure))
    return list(columns.values())


def _guessed_columns(book: Book) -> list[_CommentaryColumn]:
    """Find the columns of commentary by their headings, where no hidden sheet tells them."""
    lists = {same_name(COMMENTARY_TABLE), same_name(COMMENTARY_AS_WRITTEN_TABLE)}
    return [
        _CommentaryColumn(name, heading, "Ref.")
        for name, headings in book.table_headings()
        for heading in headings
        if name not in lists and same_name(heading).startswith("commentary")
    ]


def _words(cell: Value) -> str:
    # Excel and LibreOffice save line breaks in their own ways.
    return text_of(cell).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
