"""The whole workbook of the sample with small numbers hidden, attacked cell by cell.

The attacker knows which numbers always make up another: these identities are found in the workbook
that hides nothing. No one subtraction of what is shown may give a hidden number away.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import openpyxl
import pytest
from openpyxl.cell.cell import Cell, MergedCell

from tests.conftest import SAMPLE_INPUTS, WRITTEN
from workbook_builder.build_workbook import build
from workbook_builder.request import Outcome, Request

pytestmark = pytest.mark.slow

UNDER = 5
HIDDEN = "suppressed [c]"
CASELOADS = ("Caseloads", "Slide 3 Caseloads", "Slide 4 Team caseloads")
#: The cells of the values of a chart's line, or of a sparkline.
DRAWN = re.compile(
    r"(?:<c:val><c:numRef><c:f>|<xm:f>)'?([^'!<]+)'?!(\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+)<"
)
#: The block of the Summary that counts ratings.
LAST_OF_RATINGS, RATING_COLUMNS = 10, 3
#: Sheets whose numbers are public.
PUBLISHED = ("Targets", "Benchmarks")
#: A row of a slide that stands for teams it has no rows for.
OTHERS = re.compile(r"Other teams \((\d)\)")
#: Sheets whose numbers count rows of files, days or notes, not children.
ABOUT_FILES = ("Sources", "Checks", "Notes")


class Number(NamedTuple):
    """One of the numbers of a figure; `team` is blank for the whole service."""

    what: str
    month: str
    team: str


Numbers = Mapping[Number, float]
#: The first number less the second is the third, whatever the month.
Identity = tuple[str, str, str]


def opened(workbook: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(workbook, data_only=True)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("suppressed") / "board.xlsx"
    request = Request((SAMPLE_INPUTS,), out=out, written=WRITTEN, suppress_under=UNDER)
    outcome = build(request, lambda progress: None)
    assert outcome.written, [problem.text() for problem in outcome.problems]
    return outcome.written


@pytest.fixture(scope="module")
def book(written: Path) -> openpyxl.Workbook:
    return opened(written)


def rows_of_figures(book: openpyxl.Workbook) -> Iterator[tuple[Any, ...]]:
    return book["Figures"].iter_rows(min_row=4, values_only=True)


def numbers_of(book: openpyxl.Workbook) -> Numbers:
    """Return what counts: what stands above and below the line of every figure."""
    return {
        Number(f"{row[0]}.{part}", str(row[1]), str(row[2] or "")): row[at]
        for row in rows_of_figures(book)
        for at, part in ((3, "above"), (4, "below"))
        if isinstance(row[at], int | float)
    }


@pytest.fixture(scope="module")
def attack() -> ModuleType:
    """The attack by linear programming, which needs scipy."""
    module = pytest.importorskip("tests.linear_attack", exc_type=ImportError)
    assert isinstance(module, ModuleType)
    return module


@pytest.fixture(scope="module")
def every(sample_build: Outcome) -> Numbers:
    assert sample_build.written
    return numbers_of(opened(sample_build.written))


def is_no_number_of_people(cell: Cell | MergedCell) -> bool:
    """Tell whether a number is a rating, counts ratings, or is the change of two that are shown."""
    if cell.parent.title != "Summary":
        return cell.parent.title == "Commentary" and cell.number_format.startswith("+")
    in_block = (cell.row or 0) <= LAST_OF_RATINGS and (cell.column or 0) <= RATING_COLUMNS
    return in_block or (isinstance(cell.value, int) and cell.value in (-1, 0, 1))


def test_no_small_count_stands_in_any_cell_of_any_sheet(book: openpyxl.Workbook) -> None:
    looked_at = 0
    for sheet in book:
        if sheet.title in (*ABOUT_FILES, "Figures"):
            continue
        for row in sheet.iter_rows():
            for cell in row:
                looked_at += 1
                if is_no_number_of_people(cell):
                    continue
                if isinstance(cell.value, int | float) and 0 < cell.value < UNDER:
                    # A share (as a bar, too), or the number by which a format shows a mark.
                    shown_as = cell.number_format
                    assert "%" in shown_as or '"' in shown_as or shown_as == ";;;", (
                        sheet.title, cell.coordinate, cell.value)  # fmt: skip
    assert looked_at > 10_000


def test_no_figure_has_a_small_number(book: openpyxl.Workbook) -> None:
    hidden = 0
    for measure, month, team, above, below, value, status in rows_of_figures(book):
        if status == HIDDEN:
            hidden += 1
            assert (above, below, value) == (None, None, None)
            continue
        for number in (above, below, value if (above, below) == (None, None) else None):
            assert number is None or not 0 < number < UNDER, (measure, month, team)
        if above is not None and below is not None:
            assert not 0 < below - above < UNDER, (measure, month, team)
    assert hidden > 500


@pytest.mark.parametrize("name", CASELOADS)
def test_caseload_sheets_are_empty_and_say_why(name: str, book: openpyxl.Workbook) -> None:
    cells = [cell.value for row in book[name].iter_rows() for cell in row]
    assert not [cell for cell in cells if isinstance(cell, int | float)]
    assert any("hides small numbers" in str(cell) for cell in cells)


def test_no_team_is_what_the_others_leave_of_the_whole(
    book: openpyxl.Workbook, every: Numbers
) -> None:
    shown = numbers_of(book)
    teams: defaultdict[tuple[str, str], list[Number]] = defaultdict(list)
    for one in every:
        if one.team:
            teams[one.what, one.month].append(one)
    attacked = 0
    for (what, month), numbers in teams.items():
        dark = [one for one in numbers if one not in shown and every[one]]
        if dark and Number(what, month, "") in shown:
            attacked += 1
            assert len(dark) > 1, dark
    assert attacked > 100


def identities(every: Numbers) -> set[Identity]:
    """Return which number less which is always a third, over all months of the whole service."""
    months = sorted({one.month for one in every})
    lines = {
        what: tuple(every.get(Number(what, month, ""), 0) for month in months)
        for what in {one.what for one in every}
    }
    by_line: defaultdict[tuple[float, ...], list[str]] = defaultdict(list)
    for what, line in lines.items():
        if len(set(line)) > len(months) // 3:
            by_line[line].append(what)
    found = set()
    for first, other in ((one, two) for one in lines for two in lines if one != two):
        left = tuple(a - b for a, b in zip(lines[first], lines[other], strict=True))
        found |= {(first, other, what) for what in by_line.get(left, ())}
    return found


def test_no_measure_is_what_one_leaves_of_another(book: openpyxl.Workbook, every: Numbers) -> None:
    shown = numbers_of(book)
    found = identities(every)
    assert len(found) > 10
    for one in every:
        # What a hidden percentage is of may be told if it is large: that gives nobody away.
        is_large_base = one.what.endswith(".below") and every[one] >= UNDER
        if one in shown or not every[one] or is_large_base:
            continue
        for first, other, what in found:
            if what == one.what:
                pair = one._replace(what=first), one._replace(what=other)
                assert not all(each in shown for each in pair), (pair, one)


@pytest.mark.slow
def test_no_small_number_follows_from_all_that_is_shown_together(
    book: openpyxl.Workbook, sample_build: Outcome, attack: ModuleType
) -> None:
    assert sample_build.written
    everything = attack.numbers_of(opened(sample_build.written))
    found = attack.attacked(everything, attack.numbers_of(book), UNDER)
    assert found.attacked > 5000 and found.equations > 5000
    assert found.told == ()


@pytest.mark.slow
def test_the_attack_finds_numbers_where_only_the_small_ones_are_hidden(
    sample_build: Outcome, attack: ModuleType
) -> None:
    assert sample_build.written
    everything = {
        place: number
        for place, number in attack.numbers_of(opened(sample_build.written)).items()
        if not place[2] and "care" in place[0][0]
    }
    shown = {place: number for place, number in everything.items() if not 0 < number < UNDER}
    found = attack.attacked(everything, shown, UNDER)
    assert len(found.told) > 4


def test_every_number_of_every_sheet_is_one_of_the_figures_or_worked_out_from_them(
    written: Path, book: openpyxl.Workbook
) -> None:
    """So the attack on the figures is one on the whole workbook."""
    numbers = {number for row in rows_of_figures(book) for number in row[3:6]
               if isinstance(number, int | float)}  # fmt: skip
    shown = numbers | {printed(number, digits) for number in numbers for digits in range(4)}
    shown |= {number for name in PUBLISHED for row in book[name].iter_rows(values_only=True)
              for number in row if isinstance(number, int | float)}  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formulas = openpyxl.load_workbook(written)
    checked = 0
    for sheet in formulas:
        if sheet.title in (*ABOUT_FILES, *PUBLISHED, "Figures"):
            continue
        for row in sheet.iter_rows():
            of_people = [one for one in row if not is_no_number_of_people(one)]
            given = [one.value for one in of_people if isinstance(one.value, int | float)]
            checked += len(given)
            odd = [number for number in given if number not in shown]
            others = next(filter(None, (OTHERS.fullmatch(str(one.value)) for one in row)), None)
            if others:
                sums = sums_of_teams(book, int(others[1]))
                odd = [number for number in odd if number not in sums]
            assert not odd, (sheet.title, row[0].row, odd)
    assert checked > 1000


def sums_of_teams(book: openpyxl.Workbook, several: int) -> set[float]:
    """Return what so many teams come to whose figures are shown."""
    tables: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for measure, month, team, above, below, *_ in rows_of_figures(book):
        if team and isinstance(above, int | float) and month == "2023-07":
            tables[measure, month].append((above, below or 0))
    return {
        sum(numbers)
        for table in tables.values()
        for teams in combinations(table, several)
        for numbers in zip(*teams, strict=True)
    }


def printed(number: float, digits: int) -> float:
    """Round a number as the workbook does: half away from zero."""
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(number)).quantize(step, ROUND_HALF_UP))


def test_no_chart_and_no_sparkline_draws_a_hidden_number_as_nought(
    written: Path, book: openpyxl.Workbook
) -> None:
    """Excel draws a text as nought, and [c] is one."""
    drawn = 0
    with zipfile.ZipFile(written) as packed:
        for name in packed.namelist():
            if name.startswith(("xl/charts/", "xl/worksheets/sheet")):
                text = packed.read(name).decode("utf-8")
                for sheet, area in DRAWN.findall(text.replace("&apos;", "'")):
                    drawn += 1
                    (cells,) = book[sheet][area.replace("$", "")]
                    assert not [cell for cell in cells if cell.value == "[c]"], (name, sheet, area)
    assert drawn > 100
