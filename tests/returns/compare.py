"""What a workbook shows of each standard return alone, held against the records it was made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.returns.annex_a import annex_a
from tests.returns.cin_census import as_xml as cin_census_xml
from tests.returns.cin_census import cin_census
from tests.returns.records import ROOT, SAMPLE_INPUTS, known_on
from tests.returns.ssd import ssd
from tests.returns.ssda903 import as_xml as ssda903_xml
from tests.returns.ssda903 import ssda903
from tests.returns.writing import write_content, write_files, write_records, write_workbook
from workbook_builder.build_workbook import check
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.figures import WHOLE_SERVICE, Figure
from workbook_builder.months import Month
from workbook_builder.request import Outcome, Request

#: The day on which every return was run, and the month that it is for.
RUN_ON = date(2023, 7, 31)
MONTH = Month(2023, 7)
#: The years of the returns that hold a year: the last whole one, and this one so far.
YEARS = ((date(2022, 4, 1), date(2023, 3, 31)), (date(2023, 4, 1), RUN_ON))


def _annex_a(folder: Path) -> list[Path]:
    return [write_workbook(annex_a(RUN_ON), folder / "Annex A.xlsx", RUN_ON)]


def _ssda903(folder: Path) -> list[Path]:
    return [
        path
        for first, last in YEARS
        for path in write_files(ssda903(first, last), folder / str(first.year), last)
    ]


def _ssda903_xml(folder: Path) -> list[Path]:
    return [
        write_content(ssda903_xml(ssda903(first, last)), folder / f"SSDA903 {first.year}.xml", last)
        for first, last in YEARS
    ]


def _cin_census(folder: Path) -> list[Path]:
    return [
        path
        for first, last in YEARS
        for path in write_files(cin_census(first, last), folder / str(first.year), last)
    ]


def _cin_census_xml(folder: Path) -> list[Path]:
    return [
        write_content(
            cin_census_xml(cin_census(first, last), last.year),
            folder / f"CIN {first.year}.xml",
            last,
        )
        for first, last in YEARS
    ]


def _ssd(folder: Path) -> list[Path]:
    return write_files(ssd(RUN_ON), folder, RUN_ON, "%Y-%m-%dT00:00:00", "NULL")


#: How each return is written into a folder, by its name for people.
FORMS: Mapping[str, Callable[[Path], Sequence[Path]]] = {
    "Annex A": _annex_a,
    "SSDA903": _ssda903,
    "SSDA903 (XML)": _ssda903_xml,
    "CIN census": _cin_census,
    "CIN census (XML)": _cin_census_xml,
    "SSD": _ssd,
}


@dataclass(frozen=True)
class Shown:
    """The months of which a measure has a figure from a return, and which are not the records'."""

    months: tuple[Month, ...]
    wrong: tuple[tuple[Month, Figure, Figure | None], ...]


@cache
def records_alone() -> Outcome:
    """Return the figures of the records themselves, as they were known when returns were run."""
    folder = Path(mkdtemp())
    return _check(write_records(known_on(RUN_ON), folder, RUN_ON))


def shown_of(form: str, folder: Path) -> Mapping[str, Shown]:
    """Return what the board layout shows of a return alone, by measure.

    The populations, which no return holds, are given beside it.
    """
    given = _check([*FORMS[form](folder), SAMPLE_INPUTS / "population.csv"])
    own = records_alone().figures
    shown: dict[str, Shown] = {}
    for measure in board_measures():
        figures = [given.figures.get(measure, month) for month in months_of(given)]
        there = [figure for figure in figures if figure and figure.value is not None]
        pairs = [(one, own.get(measure, one.month)) for one in there]
        wrong = [(one.month, one, other) for one, other in pairs if not _same(one, other)]
        shown[measure] = Shown(tuple(one.month for one in there), tuple(wrong))
    return shown


def months_of(outcome: Outcome) -> Sequence[Month]:
    """Return the months that the tables show, the reporting month last."""
    months = {figure.month for figure in outcome.figures if figure.team == WHOLE_SERVICE}
    return sorted(months)[-13:]


def board_measures() -> Sequence[str]:
    """Return the measures of the tables of the board layout."""
    layout = load_definitions([ROOT / "layouts"]).value.layouts["board"]
    return tuple(dict.fromkeys(row.measure for table in layout.tables for row in table.rows))


def _same(one: Figure, other: Figure | None) -> bool:
    """Tell whether two figures are equal, but for records that one of them could not judge."""
    if other is None or other.value is None or one.value is None:
        return False
    unjudged = max(one.not_judged, other.not_judged) / max(one.asked, 1)
    return abs(one.value - other.value) <= max(1e-9, unjudged * max(1, abs(other.value)))


def _check(inputs: Sequence[Path]) -> Outcome:
    return check(Request(inputs=tuple(inputs), month=MONTH), lambda progress: None)
