"""Signs that extracts do not belong together: lost zeros, two systems, old extracts, councils.

Nothing is changed or left out on such a sign, for only a person can tell. Only letters that all
identifiers of a list have before them are taken off, if without them they are those of the others.
The checks run on the tables before records that stand twice are taken out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.problems import Problem, Where, counted, listed

if TYPE_CHECKING:
    from workbook_builder.extracts.model import Sheet
    from workbook_builder.store.duckdb_store import DuckDBStore

#: Days between the last days of two extracts of one dataset before the older one is worth a word.
_MUCH_OLDER = timedelta(days=183)
#: So many records that ended since show that a list was run later than its last record began.
_ENDED_SINCE = 3
#: Records that a sheet must have before the pattern of its identifiers says anything.
_ENOUGH = 5
#: The share of identifiers that must have one pattern.
_MOST = 0.9
#: The pattern of identifiers that are plain numbers.
_DIGITS = "9"
#: The share of a sheet's identifiers that must be in others without what stands before them.
_MOST_SHARED = 0.3
#: An identifier with every run of letters as A and every run of digits as 9. The usual ones are
#: told by a look at the whole text, which takes a tenth of the time.
_PATTERN = """
    CASE WHEN REGEXP_FULL_MATCH(id, '[0-9]+') THEN '9'
    WHEN REGEXP_FULL_MATCH(id, '[A-Za-z]+[0-9]+') THEN 'A9'
    ELSE REGEXP_REPLACE(
        REGEXP_REPLACE(id, '[\\p{L}\\p{Nl}\\p{No}]+', 'A', 'g'), '\\p{Nd}+', '9', 'g'
    ) END
"""


def check_files_together(
    sheets: Mapping[int, Sheet], datasets: Mapping[str, Dataset], engine: DuckDBStore
) -> list[Problem]:
    """Return what hints at lost zeros, two systems' identifiers, or last year's extract.

    `sheets` are those with records, by their numbers in the tables. Raises Exhausted.
    """
    filled = {number: sheet for number, sheet in sheets.items() if sheet.rows_kept}
    columns = _id_columns(filled, datasets, engine)
    prefixed = [one for column in columns for one in _without_prefixes(column, filled, engine)]
    if prefixed:
        columns = _id_columns(filled, datasets, engine)
    return [
        *prefixed,
        *(problem for column in columns for problem in _lost_zeros(column, filled, engine)),
        *(problem for column in columns for problem in _two_kinds_of_id(column, filled)),
        *_older_extracts(filled, datasets, engine),
    ]


def several_councils(named: Sequence[tuple[Sheet, str, frozenset[str]]]) -> list[Problem]:
    """Return the problem that the records are not all of one council.

    `named` are sheets, the heading of their column of councils, and the names in it.
    """
    names = {council for *_, councils in named for council in councils}
    if len(names) < 2:
        return []
    files = listed({sheet.file for sheet, _, councils in named if councils})
    headings = {heading for _, heading, councils in named if councils}
    what = f"the records name {len(names)} councils."
    return [
        Problem(
            catalogue.TWO_COUNCILS, what, Where(files, column=min(headings)), "All were counted."
        )
    ]


@dataclass(frozen=True)
class _IdColumn:
    """A column of identifiers, which means the same in all datasets, and what sheets hold in it.

    `datasets` are those that have it. By the number of a sheet: the pattern that most of its
    identifiers have, or "". `lost_zeros` says whether one may have leading zeros elsewhere.
    """

    name: str
    datasets: tuple[str, ...]
    patterns: Mapping[int, str] = field(default_factory=dict)
    lost_zeros: bool = False


def _id_columns(
    sheets: Mapping[int, Sheet], datasets: Mapping[str, Dataset], engine: DuckDBStore
) -> list[_IdColumn]:
    """Look at the identifiers of all sheets, column by column."""
    having: defaultdict[str, list[int]] = defaultdict(list)
    for number, sheet in sheets.items():
        for name, column in datasets[sheet.dataset].columns.items():
            if column.type == "id" and name in sheet.columns:
                having[name].append(number)
    return [
        _several(name, numbers, sheets, engine)
        if len(numbers) > 1
        else _single(name, numbers[0], sheets, engine)
        for name, numbers in having.items()
    ]


def _single(name: str, number: int, sheets: Mapping[int, Sheet], engine: DuckDBStore) -> _IdColumn:
    """Look at a column that one sheet has: there is no other to compare its pattern with."""
    table = sheets[number].dataset
    query = f"""SELECT BOOL_OR(STARTS_WITH("{name}", '0')) FROM "{table}" WHERE _sheet = {number}"""
    ((padded,),) = engine.rows(query)
    return _IdColumn(name, (table,), {number: ""}, bool(padded))


def _several(
    name: str, numbers: Sequence[int], sheets: Mapping[int, Sheet], engine: DuckDBStore
) -> _IdColumn:
    """Look at a column that several sheets have, and at the pattern of most of its identifiers."""
    tables = tuple(dict.fromkeys(sheets[number].dataset for number in numbers))
    shapes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    records: Counter[int] = Counter()
    lost_zeros = False
    for number, shape, ids, cells, lost in engine.rows(_patterns_of(tables, name)):
        if number in numbers:
            shapes[number][shape] += ids
            records[number] += cells
            lost_zeros = lost_zeros or lost
    patterns = {
        number: _usual(shapes[number]) if records[number] >= _ENOUGH else ""
        for number in numbers
        if number in shapes
    }
    return _IdColumn(name, tables, patterns, lost_zeros)


def _patterns_of(tables: Sequence[str], column: str) -> str:
    """Count the different identifiers of each sheet, and their cells, by their pattern.

    Also tell whether one of them has leading zeros elsewhere.
    """
    different = " UNION ALL ".join(
        f'SELECT _sheet, "{column}" AS id, COUNT(*) AS cells FROM "{table}" '
        f'WHERE "{column}" IS NOT NULL GROUP BY _sheet, "{column}"'
        for table in tables
    )
    return f"""
        WITH different AS ({different}),
        padded AS (
            SELECT DISTINCT LTRIM(id, '0') AS short FROM different WHERE STARTS_WITH(id, '0')
        )
        SELECT _sheet, {_PATTERN} AS pattern, COUNT(*) AS ids, SUM(cells) AS cells,
            COUNT(short) > 0 AS lost
        FROM different LEFT JOIN padded ON id = short GROUP BY _sheet, pattern
        """


def _usual(patterns: Counter[str]) -> str:
    """Return the pattern that nearly all identifiers have, or nothing."""
    pattern, count = patterns.most_common(1)[0]
    return pattern if count / patterns.total() >= _MOST else ""


def _without_prefixes(
    column: _IdColumn, sheets: Mapping[int, Sheet], engine: DuckDBStore
) -> Iterator[Problem]:
    """Take the same letters off all identifiers of a sheet, if the rest is in the other sheets."""
    plain = [number for number, pattern in column.patterns.items() if pattern == _DIGITS]
    for number, pattern in column.patterns.items():
        sheet = sheets[number]
        if not plain or pattern in ("", _DIGITS):
            continue
        ((prefix, known),) = engine.rows(_prefix_query(column, sheet.dataset, number, plain))
        if not prefix or known is None or known < _MOST_SHARED:
            continue
        engine.take_off(sheet.dataset, column.name, number, len(prefix))
        what = (
            f'every identifier begins with "{prefix}". Other files have the same ones without it.'
        )
        where = Where(sheet.file, sheet.sheet, (), _heading(sheet, column.name))
        done = "The prefix was ignored."
        yield Problem(catalogue.PREFIXED_IDS, what, where, done)


def _prefix_query(column: _IdColumn, table: str, sheet: int, plain: Sequence[int]) -> str:
    """Return what stands before the digits of all identifiers of a sheet, if it is the same.

    With it the share of them that plain sheets have without it.
    """
    numbers = ", ".join(map(str, plain))
    others = " UNION ".join(
        f'SELECT "{column.name}" AS id FROM "{name}" WHERE _sheet IN ({numbers})'
        for name in column.datasets
    )
    return f"""
        WITH own AS (
            SELECT DISTINCT id, REGEXP_EXTRACT(id, '^([^0-9]+)[0-9]+$', 1) AS prefix
            FROM (SELECT "{column.name}" AS id FROM "{table}" WHERE _sheet = {sheet}) AS cells
            WHERE id IS NOT NULL
        ), others AS ({others})
        SELECT CASE WHEN MIN(prefix) = MAX(prefix) THEN MIN(prefix) ELSE '' END,
            AVG(CASE WHEN SUBSTR(own.id, LENGTH(prefix) + 1) IN (SELECT id FROM others) THEN 1.0
                ELSE 0.0 END)
        FROM own
        """


def _lost_zeros(
    column: _IdColumn, sheets: Mapping[int, Sheet], engine: DuckDBStore
) -> Iterator[Problem]:
    """Yield the sheets with identifiers that have leading zeros elsewhere."""
    if not column.lost_zeros:
        return
    rows: defaultdict[int, list[int]] = defaultdict(list)
    others: defaultdict[int, set[str]] = defaultdict(set)
    for number, row, padded_in in engine.rows(_without_zeros(column)):
        if number in column.patterns:
            rows[number].append(row)
            others[number].add(_name(sheets[padded_in]))
    for number in sorted(rows):
        sheet, where_rows = sheets[number], tuple(rows[number])
        verb = "has" if len(where_rows) == 1 else "have"
        what = (
            f"{counted(len(where_rows), 'identifier')} {verb} lost leading zeros, still present in "
            f"{listed(others[number])}."
        )
        where = Where(sheet.file, sheet.sheet, where_rows, _heading(sheet, column.name))
        done = "Read as they are, so records of one child are not matched."
        yield Problem(catalogue.LOST_ZEROS, what, where, done)


def _without_zeros(column: _IdColumn) -> str:
    """Return the records whose identifier has zeros before it elsewhere, and in which sheet."""
    numbers = ", ".join(map(str, column.patterns))
    cells = " UNION ALL ".join(
        f'SELECT _sheet, _row, "{column.name}" AS id FROM "{table}" WHERE _sheet IN ({numbers})'
        for table in column.datasets
    )
    return f"""
        WITH cells AS ({cells}),
        padded AS (
            SELECT LTRIM(id, '0') AS short, MAX(_sheet) AS padded_in FROM cells
            WHERE STARTS_WITH(id, '0') AND LTRIM(id, '0') <> '' GROUP BY LTRIM(id, '0')
        )
        SELECT _sheet, _row, padded_in FROM cells JOIN padded ON id = short ORDER BY _sheet, _row
        """


def _two_kinds_of_id(column: _IdColumn, sheets: Mapping[int, Sheet]) -> Iterator[Problem]:
    """Yield the problem that the identifiers of two sheets have two patterns."""
    patterns = sorted({pattern for pattern in column.patterns.values() if pattern})
    if len(patterns) < 2:
        return
    groups = [
        listed({_name(sheets[number]) for number, own in column.patterns.items() if own == pattern})
        for pattern in patterns
    ]
    what = (
        f"the identifiers in {groups[0]} look different from those in {groups[1]}, as if from two "
        "systems."
    )
    where = Where(column=_heading(sheets[next(iter(column.patterns))], column.name))
    yield Problem(catalogue.TWO_KINDS_OF_ID, what, where, "All were counted.")


def _older_extracts(
    sheets: Mapping[int, Sheet], datasets: Mapping[str, Dataset], engine: DuckDBStore
) -> Iterator[Problem]:
    """Yield files that end long before others of their dataset and hold records without an end.

    Such a record would count as open to this day, though the newer extract no longer has it. Where
    records have ended lately, the file is no old one: the report was split by the days on which
    they began.
    """
    ends = {number: sheet.last_day for number, sheet in sheets.items() if sheet.last_day}
    for name in dict.fromkeys(sheet.dataset for sheet in sheets.values()):
        same = {number: day for number, day in ends.items() if sheets[number].dataset == name}
        last = max(same.values(), default=None)
        for number, ended in same.items():
            sheet = sheets[number]
            if last is None or last - ended < _MUCH_OLDER or sheet.standard:
                continue
            if _ended_lately(datasets[name], number, last, engine):
                continue
            newer = [other for other, day in same.items() if day > ended]
            query = _open_rows(datasets[name], number, newer)
            rows = tuple(row for (row,) in engine.rows(query)) if query else ()
            if rows:
                what = (
                    f"this list ends {(last - ended).days} days before another list of "
                    f"{datasets[name].title}, with {counted(len(rows), 'record')} still open."
                )
                where = Where(sheet.file, sheet.sheet, rows)
                yield Problem(catalogue.OLDER_EXTRACT, what, where, "They were counted.")


def _ended_lately(dataset: Dataset, sheet: int, last: date, engine: DuckDBStore) -> bool:
    """Tell whether records of a sheet ended about when the last of another list began.

    Ends in the future are planned: they say nothing of when the list was run.
    """
    if not dataset.in_order:
        return False
    _, end = dataset.in_order[0]
    query = f"""
        SELECT COUNT(*) FILTER (WHERE "{end}" <= DATE '{last}'),
            COUNT(*) FILTER (WHERE "{end}" > DATE '{last}')
        FROM "{dataset.name}"
        WHERE _sheet = {sheet} AND "{end}" > DATE '{last - _MUCH_OLDER}'
        """
    ((lately, planned),) = engine.rows(query)
    return bool(lately >= _ENDED_SINCE and lately > planned)


def _open_rows(dataset: Dataset, sheet: int, newer: Sequence[int]) -> str | None:
    """Return the rows of a sheet without an end whose child and start no newer sheet holds."""
    child = next((name for name, column in dataset.columns.items() if column.type == "id"), None)
    if not dataset.in_order or child is None or not newer:
        return None
    start, end = dataset.in_order[0]
    return f"""
        SELECT _row FROM "{dataset.name}" AS old
        WHERE _sheet = {sheet} AND "{end}" IS NULL AND "{start}" IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM "{dataset.name}" AS new
            WHERE new._sheet IN ({", ".join(map(str, newer))})
            AND new."{child}" IS NOT DISTINCT FROM old."{child}" AND new."{start}" = old."{start}"
        ) ORDER BY _row
        """


def _name(sheet: Sheet) -> str:
    """Return the file of a sheet, and the sheet if it has a name."""
    return sheet.file + (f' (sheet "{sheet.sheet}")' if sheet.sheet else "")


def _heading(sheet: Sheet, column: str) -> str:
    return dict(zip(sheet.columns, sheet.recognised_by, strict=False)).get(column, column)
