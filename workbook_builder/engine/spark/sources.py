"""Where tables of records are: the folders of a folder, or the tables of a schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.engine import kinds
from workbook_builder.engine.spark.said import FAULTS, said
from workbook_builder.problems import Problem, Result, Where, did_you_mean, listed

_FORMATS = ("parquet", "csv")


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as it stands; the columns of a text table are texts, whatever they mean."""

    dataset: Dataset
    name: str
    frame: DataFrame
    is_text: bool = False


def find_tables(
    session: SparkSession, place: str, datasets: Mapping[str, Dataset]
) -> Result[tuple[RawTable, ...]]:
    """Find the table of each dataset in a folder or, if there is no such folder, in a schema."""
    try:
        if Path(place).is_dir():
            return _in_folder(session, Path(place), datasets)
        return _in_schema(session, place, datasets)
    except FAULTS as fault:
        what = f"its tables cannot be read: {said(fault)}"
        return Result((), (Problem(kinds.NO_TABLES, what, Where(place)),))


def _in_folder(
    session: SparkSession, folder: Path, datasets: Mapping[str, Dataset]
) -> Result[tuple[RawTable, ...]]:
    found: list[RawTable] = []
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        name = path.name if path.is_dir() else path.stem
        formats = _formats(path)
        if path.name.startswith((".", "_")):
            continue
        if name not in datasets or not formats:
            problems.append(_unknown(path.name, name, datasets))
        elif len(formats) > 1 or any(one.name == name for one in found):
            what = "it stands there both as Parquet and as CSV."
            problems.append(Problem(kinds.NO_TABLES, what, Where(path.name)))
        else:
            found.append(_read(session, path, formats[0], datasets[name]))
    return _found(str(folder), found, problems)


def _formats(path: Path) -> list[str]:
    files = path.rglob("*") if path.is_dir() else iter([path])
    endings = {file.suffix.lower() for file in files if not file.name.startswith((".", "_"))}
    return [one for one in _FORMATS if f".{one}" in endings]


def _read(session: SparkSession, path: Path, kind: str, dataset: Dataset) -> RawTable:
    place = path.resolve().as_uri()
    if kind == "parquet":
        return RawTable(dataset, path.name, session.read.parquet(place))
    frame = session.read.csv(
        place,
        header=True,
        multiLine=True,
        escape='"',
        mode="FAILFAST",
        encoding="UTF-8",
        enforceSchema=False,
    )
    return RawTable(dataset, path.name, frame, is_text=True)


def _in_schema(
    session: SparkSession, schema: str, datasets: Mapping[str, Dataset]
) -> Result[tuple[RawTable, ...]]:
    names = sorted(table.name for table in session.catalog.listTables(schema))
    problems = [_unknown(name, name, datasets) for name in names if name not in datasets]
    found = [
        RawTable(datasets[name], f"{schema}.{name}", session.table(f"{schema}.`{name}`"))
        for name in names
        if name in datasets
    ]
    return _found(schema, found, problems)


def _found(
    place: str, tables: Iterable[RawTable], problems: Iterable[Problem]
) -> Result[tuple[RawTable, ...]]:
    found = tuple(tables)
    nothing = (
        [] if found else [Problem(kinds.NO_TABLES, "none bears a dataset's name.", Where(place))]
    )
    return Result(found, (*problems, *nothing))


def _unknown(shown: str, name: str, datasets: Mapping[str, Dataset]) -> Problem:
    hint = did_you_mean(name, datasets) or f"Known: {listed(datasets)}."
    what = f"no dataset is called that, or it holds neither Parquet nor CSV files. {hint}"
    if name in datasets:
        what = "it holds neither Parquet nor CSV files."
    return Problem(kinds.UNKNOWN_TABLE, what, Where(shown), "It was not read.")
