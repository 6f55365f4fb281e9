"""Which of several earlier workbooks is last month's, and whether it is our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.commentary import Remembered
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.measures import Measure
from workbook_builder.figures import Amount, FigureKey, Listed, Memory
from workbook_builder.fingerprints import Fingerprint, fingerprint_of
from workbook_builder.history.published_figures import (
    FiguresRead,
    Names,
    UserOverrides,
    read_benchmarks,
    read_comments,
    read_figures,
    read_targets,
    unknown_measures,
)
from workbook_builder.history.workbook_tables import (
    Book,
    NotANumber,
    WorkbookRow,
    WorkbookTable,
    holds_table,
    month_of,
    number_of,
    open_book,
    text_of,
)
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, Where, has_errors, listed
from workbook_builder.workbook_format import (
    AUTHOR_PROPERTY,
    AUTHORITY_PROPERTY,
    FIGURES_COLUMNS,
    FIGURES_TABLE,
    FORMAT,
    FORMAT_PROPERTY,
    LAYOUT_PROPERTY,
    LISTED_COLUMNS,
    LISTED_TABLE,
    MONTH_PROPERTY,
    PROGRAM_PROPERTY,
    WRITTEN_KEYS,
    WRITTEN_TABLE,
    numbers_in,
)

_KEYS = ("measure", "month")
_NEEDED = ("measure", "month", "value")


@dataclass(frozen=True)
class Past:
    """A workbook that the program wrote earlier, as it stands now.

    `name` is its file's, with what tells it from others of that name. `authority` and `author` are
    those of the layout that it was written with; `rows` counts the rows of its figures, `sheet` is
    where they stand now.
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
    targets: tuple[UserOverrides, ...] = ()
    benchmarks: tuple[UserOverrides, ...] = ()
    fingerprint: Fingerprint = field(default_factory=Fingerprint)

    @property
    def month(self) -> Month:
        """Its reporting month."""
        return self.memory.month


def is_past(path: Path) -> bool:
    """Tell whether a file is a workbook that holds published figures; its sheets are not read."""
    return holds_table(path, FIGURES_TABLE)


def read_past(
    path: Path, content: bytes, measures: Mapping[str, Measure], called: str = ""
) -> Result[Past | None]:
    """Read a workbook that the program wrote earlier; None where an error says why it cannot be.

    It is called by its file's name, or by what tells that from others. The file itself is never
    touched.
    """
    called = called or path.name
    book = open_book(called, content)
    if book is None:
        what = "the workbook is damaged, protected with a password or not an Excel workbook."
        return Result(None, (Problem(catalogue.PUBLISHED_UNREADABLE, what, Where(called)),))
    tables = _figures_tables(book)
    problems = [*_too_new(book), *tables.problems]
    if has_errors(problems):
        return Result(None, tuple(problems))
    names = Names(measures)
    written = _written(book, names)
    figures = read_figures(tables.value, names, written)
    problems += figures.problems
    if written is None:
        what = "the hidden sheet by which typed figures are told is not there."
        problems.append(Problem(catalogue.NO_MEMORY, what, Where(called), "All were taken over."))
    problems += unknown_measures(figures.value.published, names, called)
    month = _month(book, figures.value)
    if month is None:
        what = "the table of figures holds no figure, and no reporting month is known."
        return Result(None, (*problems, Problem(catalogue.NO_FIGURES, what, Where(called))))
    memory = Memory(month, figures.value.published, figures.value.cleared, figures.value.blank,
                    dict(_listed(book, names)))  # fmt: skip
    past = _past(path, book, tables.value[0].sheet, figures.value.rows, memory)
    targets, benchmarks = read_targets(book, names), read_benchmarks(book, names)
    problems += (*targets.problems, *benchmarks.problems)
    past = replace(
        past,
        commentary=read_comments(book, names, month),
        targets=targets.value,
        benchmarks=benchmarks.value,
        fingerprint=fingerprint_of(path, content),
    )
    return Result(past, tuple(problems))


def _past(path: Path, book: Book, sheet: str, rows: int, memory: Memory) -> Past:
    given = book.properties
    layout, authority, author = (
        given.get(same_name(name), "")
        for name in (LAYOUT_PROPERTY, AUTHORITY_PROPERTY, AUTHOR_PROPERTY)
    )
    return Past(path, book.file, sheet, rows, layout, authority, author, book.created, memory)


def _too_new(book: Book) -> Iterator[Problem]:
    text = book.properties.get(same_name(FORMAT_PROPERTY), "1")
    program = book.properties.get(same_name(PROGRAM_PROPERTY), "a newer version")
    try:
        newer = float(text) > FORMAT
    except ValueError:
        newer = True
    if newer:
        what = f"the workbook was written by {program}, in a way that this version cannot read."
        yield Problem(catalogue.NEWER, what, Where(book.file), "Nothing was written.")


def _figures_tables(book: Book) -> Result[tuple[WorkbookTable, ...]]:
    tables = book.tables(same_name(FIGURES_TABLE), _KEYS)
    usable = tuple(table for table in tables if table.has(_NEEDED))
    if not tables:
        return _figures_list(book)
    if not usable:
        missing = [name for name in _NEEDED if not tables[0].has([name])]
        what = f"the table {FIGURES_TABLE} has no column {listed(missing)}."
        return Result((), (Problem(catalogue.NO_HEADING, what, tables[0].where()),))
    if len(tables) == 1:
        return Result(usable)
    sheets = listed(f'"{table.sheet}"' for table in tables)
    what = f"{len(tables)} tables are called {FIGURES_TABLE}; they stand on the sheets {sheets}."
    done = "All were read; a figure that stands in more than one counts once."
    return Result(usable, (Problem(catalogue.TWO_TABLES, what, Where(book.file), done),))


def _figures_list(book: Book) -> Result[tuple[WorkbookTable, ...]]:
    """Find the figures by their headings, in a workbook that says it is of ours."""
    ours = same_name(MONTH_PROPERTY) in book.properties
    lists = book.lists(FIGURES_COLUMNS) if ours else ()
    if not lists:
        what = f"there is no table {FIGURES_TABLE}."
        return Result((), (Problem(catalogue.NO_FIGURES, what, Where(book.file)),))
    what = f"the figures are no table {FIGURES_TABLE} any more; they were found by their headings."
    return Result(lists[:1], (Problem(catalogue.NO_TABLE, what, lists[0].where()),))


def _month(book: Book, figures: FiguresRead) -> Month | None:
    said = month_of(book.properties.get(same_name(MONTH_PROPERTY), ""))
    return said or max((month for _, month, _ in figures.published), default=None)


def _written(book: Book, names: Names) -> Mapping[FigureKey, Amount] | None:
    """Return what the program wrote; None where that cannot be told."""
    found: dict[FigureKey, Amount] = {}
    tables = book.tables(same_name(WRITTEN_TABLE), WRITTEN_KEYS[:1])
    for table in tables:
        months = {name: Month.parse(text) for name, text in table.headings.items()}
        for row in table.rows:
            measure = names.key(text_of(row.cells.get("measure")))
            team = text_of(row.cells.get("team"))
            for name, month in months.items():
                numbers = numbers_in(text_of(row.cells.get(name)))
                if month and numbers and len(numbers) == 3:
                    found[measure, month, team] = Amount(*numbers)
    return found if tables else None


def _listed(book: Book, names: Names) -> Iterator[tuple[FigureKey, Listed]]:
    for table in book.tables(same_name(LISTED_TABLE), _KEYS):
        for row in table.rows if table.has(LISTED_COLUMNS) else ():
            month, since = (month_of(row.cells.get(name)) for name in ("month", "listed"))
            amount = _amount(row)
            if month and since and amount:
                measure = names.key(text_of(row.cells.get("measure")))
                yield (measure, month, text_of(row.cells.get("team"))), Listed(amount, since)


def _amount(row: WorkbookRow) -> Amount | None:
    try:
        numbers = [number_of(row.cells.get(name)) for name in ("numerator", "denominator", "value")]
    except NotANumber:
        return None
    return Amount(*numbers)


def chosen(pasts: Sequence[Past], layout: Layout, month: Month) -> Result[Past | None]:
    """Choose last month's workbook for a month: the newest, if possible not of a later month.

    Of two that are of one month the one of the same layout is taken, else the later one. Workbooks
    of another council are an error, whichever is chosen.
    """
    if not pasts:
        return Result(None)
    foreign = [problem for past in pasts for problem in _foreign(past, layout)]
    newest = max(pasts, key=lambda past: _order(past, layout, month))
    others = [_not_chosen(past, newest) for past in pasts if past is not newest]
    later = [_later(newest, month)] if newest.month > month else []
    return Result(newest, (*foreign, *others, *later))


def _order(past: Past, layout: Layout, month: Month) -> tuple[bool, Month, bool, datetime, str]:
    same = past.layout == layout.name
    return past.month <= month, past.month, same, past.created or datetime.min, past.name


def _foreign(past: Past, layout: Layout) -> Iterator[Problem]:
    where = Where(past.name)
    if past.authority and layout.authority:
        if same_name(past.authority) != same_name(layout.authority):
            what = f'the workbook is of "{past.authority}", the layout of "{layout.authority}".'
            yield Problem(catalogue.OTHER_AUTHORITY, what, where, "Nothing was written.")
    elif past.author and layout.author and same_name(past.author) != same_name(layout.author):
        what = f'the workbook is by "{past.author}", the layout by "{layout.author}".'
        yield Problem(catalogue.OTHER_AUTHOR, what, where, "Its figures were taken over.")


def _not_chosen(past: Past, newest: Past) -> Problem:
    what = f"this is the workbook of {past.month.label}."
    done = f"It was left out; {newest.name}, of {newest.month.label}, was taken."
    return Problem(catalogue.NOT_THE_NEWEST, what, Where(past.name), done)


def _later(past: Past, month: Month) -> Problem:
    what = f"the workbook is of {past.month.label}, later than {month.label}, which is being built."
    done = f"Only its figures up to {month.label} were taken over."
    return Problem(catalogue.LATER, what, Where(past.name), done)
