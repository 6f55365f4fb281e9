from __future__ import annotations

import numpy as np

from tests.frames import rows_of
from workbook_builder.columns.kept import Kept
from workbook_builder.columns.table import Records
from workbook_builder.columns.texts import Texts
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.extracts.duplicates import Part, below_one_another, put_together
from workbook_builder.extracts.model import Sheet
from workbook_builder.problems import Result

COLUMNS = {"id": Column(type="id"), "team": Column(type="text"), "note": Column(type="text")}
KEYED = Dataset(name="d", title="D", record="a d", columns=COLUMNS, key=("id",))
KEYLESS = Dataset(name="d", title="D", record="a d", columns=COLUMNS)


def part(file: str, *rows: tuple[str | None, str | None, str | None]) -> Part:
    columns = {name: Texts.of([row[at] for row in rows]) for at, name in enumerate(COLUMNS)}
    numbers = np.arange(2, 2 + len(rows), dtype=np.int32)
    return Part(Sheet(file, ""), Kept.of(Records(numbers, columns)))


def rows(result: Result[tuple[Part, ...]]) -> list[tuple[str, ...]]:
    records = below_one_another(result.value)
    return [tuple(cell or "" for cell in row) for row in rows_of(records)]


def faults(result: Result[tuple[Part, ...]]) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(p.code, p.where.file, p.where.rows) for p in result.problems]


def test_equal_records_of_one_key_count_once() -> None:
    made = put_together(
        KEYED, [part("a", ("1", "x", None), ("2", "y", None)), part("b", ("1", "x", None))]
    )
    assert rows(made) == [("1", "x", ""), ("2", "y", "")]
    assert faults(made) == [("X028", "b", (2,))]
    assert "stands in a already" in made.problems[0].text()


def test_the_fullest_record_of_a_key_stays_then_the_last() -> None:
    made = put_together(KEYED, [
        part("a", ("1", "x", "n"), ("2", "y", None)),
        part("b", ("1", "z", None), ("2", "w", None)),
    ])  # fmt: skip
    assert rows(made) == [("1", "x", "n"), ("2", "w", "")]
    assert faults(made) == [("X029", "a", (3,)), ("X029", "b", (2,))]


def test_without_a_key_equal_rows_count_as_often_as_in_the_file_that_has_most() -> None:
    row = (None, "x", None)
    made = put_together(KEYED, [part("a", row, row), part("b", row, row, row)])
    assert rows(made) == [("", "x", "")] * 3
    assert faults(made) == [("X028", "b", (2, 3))]


def test_without_a_key_equal_rows_of_one_file_are_all_kept() -> None:
    row = ("1", "x", None)
    made = put_together(KEYLESS, [part("a", row), part("a", row)])
    assert (len(rows(made)), made.problems) == (2, ())


def test_nothing_to_put_together_is_fine() -> None:
    assert rows(put_together(KEYED, [part("a"), part("b")])) == []
