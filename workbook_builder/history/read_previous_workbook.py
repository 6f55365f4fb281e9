"""Read a workbook that the program wrote earlier, as it is now: figures, commentary, overrides."""

from __future__ import annotations

import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.measures import Measure
from workbook_builder.figures import (
    LARGEST_SHARE,
    Amount,
    Comment,
    FigureKey,
    Listed,
    Memory,
    Published,
    Remembered,
    Status,
)
from workbook_builder.history.user_overrides import UserOverride, read_benchmarks, read_targets
from workbook_builder.history.workbook_tables import (
    Book,
    MeasureKeys,
    NotANumber,
    Value,
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
from workbook_builder.paths import Fingerprint, fingerprint_of
from workbook_builder.problems import Problem, Result, Where, counted, has_errors, listed
from workbook_builder.workbook_format import (
    AUTHOR_PROPERTY,
    AUTHORITY_PROPERTY,
    COMMENTARY_AS_WRITTEN_TABLE,
    COMMENTARY_COLUMNS,
    COMMENTARY_ROWS_COLUMNS,
    COMMENTARY_ROWS_TABLE,
    COMMENTARY_TABLE,
    DECK_TAGS,
    FIGURES_AS_WRITTEN_KEYS,
    FIGURES_AS_WRITTEN_TABLE,
    FIGURES_COLUMNS,
    FIGURES_TABLE,
    FORMAT,
    FORMAT_PROPERTY,
    HEADLINES_COLUMNS,
    HEADLINES_TABLE,
    LAYOUT_PROPERTY,
    LISTED_REVISIONS_COLUMNS,
    LISTED_REVISIONS_TABLE,
    MONTH_PROPERTY,
    PROGRAM_PROPERTY,
    parse_numbers,
)

_TYPED, _PUBLISHED = same_name(Status.TYPED), same_name(Status.PUBLISHED)
_NUMBERS = ("numerator", "denominator", "value")


@dataclass(frozen=True)
class FiguresRead:
    """The published figures, those that a person cleared, those that were written blank.

    `cleared` has the numbers that the program wrote; `rows` counts the rows of the tables.
    """

    published: Mapping[FigureKey, Published]
    cleared: Mapping[FigureKey, Amount]
    blank: frozenset[FigureKey]
    rows: int


@dataclass(frozen=True)
class _Entry:
    """One row of a table of figures: `fault` names the column that holds no usable number."""

    table: WorkbookTable
    row: WorkbookRow
    key: FigureKey
    amount: Amount
    status: str
    fault: str = ""


def read_figures(
    tables: Sequence[WorkbookTable],
    keys: MeasureKeys,
    written: Mapping[FigureKey, Amount] | None,
) -> Result[FiguresRead]:
    """Read published figures; `written` is what the program wrote in their place, if known.

    A cell without a usable number counts as what was written there. Of two rows of one figure the
    one that was written is taken, else the first.
    """
    entries: list[_Entry] = []
    problems: list[Problem] = []
    for table in tables:
        of_table = _entries(table, keys)
        entries += of_table.value
        problems += of_table.problems
    by_key: defaultdict[FigureKey, list[_Entry]] = defaultdict(list)
    for entry in entries:
        amount = (written or {}).get(entry.key) if entry.fault == "value" else None
        by_key[entry.key].append(replace(entry, amount=amount, fault="") if amount else entry)
    problems += _not_numbers(entries)
    problems += _repeated(by_key.values())
    published: dict[FigureKey, Published] = {}
    blank: set[FigureKey] = set()
    for key, same_figure in by_key.items():
        before = (written or {}).get(key)
        entry = _choose(same_figure, before)
        if entry.amount.value is None:
            blank.add(key)
            continue
        changed = written is not None and not (before and before.same(entry.amount))
        typed = changed or entry.status == _TYPED
        carried = entry.status == _PUBLISHED
        published[key] = Published(*key, entry.amount, before, typed, carried)
    cleared = {key: each for key, each in (written or {}).items() if key not in published}
    blank -= cleared.keys()
    return Result(FiguresRead(published, cleared, frozenset(blank), len(entries)), tuple(problems))


def _entries(table: WorkbookTable, keys: MeasureKeys) -> Result[list[_Entry]]:
    entries: list[_Entry] = []
    bad_rows: list[int] = []
    for row in table.rows:
        measure = keys.key(text_of(row.cells.get("measure")))
        month = month_of(row.cells.get("month"))
        if measure and month:
            entries.append(_entry(table, row, measure, month, keys))
        else:
            bad_rows.append(row.number)
    text = f"{counted(len(bad_rows), 'row')} without a measure or a month that can be read."
    problem = Problem(catalogue.BAD_ROW, text, table.where(bad_rows), "Left out.")
    return Result(entries, (problem,) if bad_rows else ())


def _entry(
    table: WorkbookTable, row: WorkbookRow, measure: str, month: Month, keys: MeasureKeys
) -> _Entry:
    numbers: dict[str, float | None] = dict.fromkeys(_NUMBERS)
    fault = ""
    for column in reversed(_NUMBERS):
        try:
            numbers[column] = number_of(row.cells.get(column))
        except NotANumber:
            fault = fault or column
    amount = Amount(*numbers.values())
    if keys.is_percent(measure) and amount.value is not None and amount.value > LARGEST_SHARE:
        fault, amount = "value", replace(amount, value=None)
    team = text_of(row.cells.get("team"))
    status = same_name(text_of(row.cells.get("status")))
    return _Entry(table, row, (measure, month, team), amount, status, fault)


def _not_numbers(entries: Iterable[_Entry]) -> Iterator[Problem]:
    rows: dict[tuple[str, str], tuple[WorkbookTable, list[int]]] = {}
    for entry in entries:
        if entry.fault:
            key = (entry.table.sheet, entry.fault)
            rows.setdefault(key, (entry.table, []))[1].append(entry.row.number)
    for (_, column), (table, numbers) in rows.items():
        text = f"{counted(len(numbers), 'cell')} that should hold a number (percentages as 95%)."
        done = "The figure that the program wrote was used, or else left blank."
        yield Problem(catalogue.NO_NUMBER, text, table.where(numbers, column), done)


def _repeated(groups: Iterable[Sequence[_Entry]]) -> Iterator[Problem]:
    rows: dict[tuple[str, bool], tuple[WorkbookTable, list[int]]] = {}
    for first, *others in groups:
        for other in others:
            key = (other.table.sheet, other.amount.same(first.amount))
            rows.setdefault(key, (other.table, []))[1].append(other.row.number)
    for (_, same), (table, numbers) in rows.items():
        verb = "repeats" if len(numbers) == 1 else "repeat"
        differ = "with the same numbers" if same else "with other numbers"
        text = f"{counted(len(numbers), 'row')} {verb} a measure, month and team {differ}."
        done = "Counted once." if same else (
            "The row that the program wrote was used, or else the first."
        )  # fmt: skip
        yield Problem(catalogue.PUBLISHED_TWICE, text, table.where(numbers), done)


def _choose(same_figure: Sequence[_Entry], written: Amount | None) -> _Entry:
    for entry in same_figure:
        if written and entry.amount.same(written):
            return entry
    return next((each for each in same_figure if each.amount.value is not None), same_figure[0])


def unknown_measures(
    published: Iterable[FigureKey], keys: MeasureKeys, file: str
) -> Iterator[Problem]:
    """Yield a problem for each measure with published figures that is not known any more."""
    figures: defaultdict[str, int] = defaultdict(int)
    for measure, *_ in published:
        if not keys.knows(measure):
            figures[measure] += 1
    for measure, number in figures.items():
        yield keys.unknown(catalogue.PUBLISHED_UNKNOWN_MEASURE, measure, number, file)


def read_written(book: Book, keys: MeasureKeys) -> Mapping[FigureKey, Amount] | None:
    """Read what the program wrote, from the hidden sheet; None where that is not there."""
    written: dict[FigureKey, Amount] = {}
    tables = book.tables(same_name(FIGURES_AS_WRITTEN_TABLE), FIGURES_AS_WRITTEN_KEYS[:1])
    for table in tables:
        months = {name: Month.parse(text) for name, text in table.headings.items()}
        for row in table.rows:
            measure = keys.key(text_of(row.cells.get("measure")))
            team = text_of(row.cells.get("team"))
            for name, month in months.items():
                numbers = parse_numbers(text_of(row.cells.get(name)))
                if month and numbers and len(numbers) == 3:
                    written[measure, month, team] = Amount(*numbers)
    return written if tables else None


def read_listed(book: Book, keys: MeasureKeys) -> Iterator[tuple[FigureKey, Listed]]:
    """Yield the differences that this or an earlier Revisions sheet lists, from a hidden sheet."""
    for table in book.tables(same_name(LISTED_REVISIONS_TABLE), ("measure", "month")):
        for row in table.rows if table.has(LISTED_REVISIONS_COLUMNS) else ():
            month, since = (month_of(row.cells.get(name)) for name in ("month", "listed"))
            try:
                amount = Amount(*(number_of(row.cells.get(name)) for name in _NUMBERS))
            except NotANumber:
                continue
            if month and since:
                measure = keys.key(text_of(row.cells.get("measure")))
                yield (measure, month, text_of(row.cells.get("team"))), Listed(amount, since)


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


#: Where a deck has its tags; more or larger ones than these are none of ours.
_TAG_PARTS, _MOST_TAGS, _LARGEST_TAG = "ppt/tags/", 2000, 1_000_000


def is_previous_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook that holds published figures; its sheets are not read."""
    return holds_table(path, FIGURES_TABLE)


def is_previous_deck(path: Path) -> bool:
    """Tell whether a file of slides holds any that the program wrote, or cannot be looked into.

    What is wrong with one that cannot is said when the slides are written.
    """
    try:
        with zipfile.ZipFile(path) as package:
            tags = [part for part in package.infolist() if part.filename.startswith(_TAG_PARTS)]
            return any(part.file_size <= _LARGEST_TAG and DECK_TAGS.encode() in package.read(part)
                       for part in tags[:_MOST_TAGS])  # fmt: skip
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError):
        return True


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
        text = "the hidden sheet that shows which figures were typed is missing."
        problems.append(Problem(catalogue.NO_MEMORY, text, Where(name), "All were used."))
    problems += unknown_measures(published, keys, name)
    properties = book.properties
    month = month_of(properties.get(same_name(MONTH_PROPERTY), "")) or max(
        (month for _, month, _ in published), default=None
    )
    if month is None:
        text = "the table of figures is empty, and the reporting month is not known."
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
        text = f"the workbook was written by {program}, and this version cannot read it."
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
    text = f"{len(tables)} tables are called {FIGURES_TABLE}, on the sheets {sheets}."
    done = "All were read, and each figure was counted once."
    return Result(usable, (Problem(catalogue.TWO_TABLES, text, Where(book.file), done),))


def _figures_list(book: Book) -> Result[tuple[WorkbookTable, ...]]:
    """Find the figures by their headings, in a workbook whose properties say that it is ours."""
    ours = same_name(MONTH_PROPERTY) in book.properties
    lists = book.lists(FIGURES_COLUMNS) if ours else ()
    if not lists:
        text = f"there is no table {FIGURES_TABLE}."
        return Result((), (Problem(catalogue.NO_FIGURES, text, Where(book.file)),))
    text = f"the table {FIGURES_TABLE} is gone; the figures were found by their headings."
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
    now += _headlines(book)
    written = _listed_comments(book, COMMENTARY_AS_WRITTEN_TABLE, keys, month)
    return Remembered(tuple(written), tuple(now))


#: The column of the commentary's table by which a row without a measure is known.
_COMMENT_TITLE = "Indicator"


def _listed_comments(
    book: Book, table_name: str, keys: MeasureKeys, month: Month
) -> Iterator[Comment]:
    for table in book.tables(same_name(table_name), COMMENTARY_COLUMNS):
        for row in table.rows:
            text = _words(row.cells.get("commentary"))
            title = text_of(row.cells.get(same_name(_COMMENT_TITLE)))
            measure = keys.key(text_of(row.cells.get("measure"))) or keys.titled(title) or title
            if text:
                yield Comment(measure, month_of(row.cells.get("month")) or month, text)


def _headlines(book: Book) -> Iterator[Comment]:
    """Yield the headlines of slides that a person has put in place of the program's.

    They count as commentary on the slide. Those that are as written are made anew each time.
    """
    for table in book.tables(same_name(HEADLINES_TABLE), HEADLINES_COLUMNS[:1]):
        for row in table.rows:
            slide, cell = (text_of(row.cells.get(name)) for name in ("slide", "cell"))
            text, month = _words(book.named_cell(cell)), month_of(row.cells.get("month"))
            if month and text and text != _words(row.cells.get("headline")):
                yield Comment(slide, month, text)


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
