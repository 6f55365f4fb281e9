"""The formulas, worked out by LibreOffice, against the values that stand beside them."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from tests.excel.libre import needs_libreoffice, recalculated
from tests.sheets.examples import ALL_COLUMNS, LAST, PLANS, STAMP
from workbook_builder.definitions.layouts import ColumnKind, Row, Table
from workbook_builder.definitions.measures import Polarity, Unit
from workbook_builder.definitions.targets import Entry
from workbook_builder.excel.draw import draw
from workbook_builder.indicators import rating
from workbook_builder.indicators.rounding import digits, printed, rounded
from workbook_builder.indicators.rows import Indicator, Shown, YearToDate
from workbook_builder.months import months_ending
from workbook_builder.sheets.board_table import FIRST_ROW, board_sheet
from workbook_builder.sheets.formulas import DASH, NOT_APPLICABLE
from workbook_builder.sheets.plan import Cell, Formula, Plan, Properties, SheetPlan
from workbook_builder.sheets.table_columns import TableContext

pytestmark = [needs_libreoffice, pytest.mark.filterwarnings("ignore:Sparkline Group")]

ROWS = 600
MONTHS = months_ending(LAST, 2)


@pytest.mark.parametrize(
    "name",
    ["every_column",
     *(pytest.param(name, marks=pytest.mark.slow) for name in ("sample", "scorecard", "teams"))],
)  # fmt: skip
def test_libreoffice_agrees_with_every_value(
    name: str, workbooks: Mapping[str, Path], tmp_path: Path
) -> None:
    ours = openpyxl.load_workbook(workbooks[name], data_only=True)
    theirs = openpyxl.load_workbook(recalculated(workbooks[name], tmp_path), data_only=True)
    for sheet in ours:
        for row in sheet.iter_rows():
            for cell in row:
                value = theirs[sheet.title][cell.coordinate].value
                if isinstance(cell.value, float):
                    assert value == pytest.approx(cell.value, rel=1e-14), cell.coordinate
                else:
                    assert value == cell.value, cell.coordinate


def judged(indicator: Indicator) -> tuple[int | None, int | None, float | None]:
    """Return RAG, direction and trend, by the functions that judge single values."""
    previous, current = (shown.value for shown in indicator.months)
    target, better = indicator.target, indicator.better
    rag = direction = trend = None
    if current is not None and target and target.number is not None and better:
        rag = rating.rag(current, target.number, better, indicator.tolerance)
    if current is not None and previous is not None:
        trend = rating.trend(current, previous)
        direction = rating.direction(current, previous, better) if better else None
    return rag, direction, trend


def with_judgement(indicator: Indicator) -> Indicator:
    rag, direction, trend = judged(indicator)
    return replace(indicator, rag=rag, direction=direction, trend=trend)


def random_value(chance: random.Random, unit: Unit, decimals: int) -> float:
    size = 1 if unit == "percent" else chance.choice([1, 100, 1e5])
    return printed(chance.uniform(-0.2, 1) * size, unit, decimals)


def near(chance: random.Random, target: float, tolerance: float) -> float:
    """Return a value on or beside an edge of the rating."""
    edge = target + chance.choice([-1, 0, 1]) * tolerance * abs(target)
    return rounded(edge + chance.choice([-1, 0, 1]) * 1e-6, 8)


def random_indicator(chance: random.Random, number: int) -> Indicator:
    unit: Unit = chance.choice(["number", "percent"])
    decimals = chance.choice([0, 1, 2])
    better: Polarity | None = chance.choice(["higher", "lower", "higher", "lower", None])
    indicator = Indicator(
        measure=f"m{number}",
        reference="",
        title=f"Indicator {number}",
        unit=unit,
        decimals=decimals,
        better=better,
        months=(),
        target=None,
        tolerance=chance.choice([0.0, 0.05, 0.1, 0.0123456789, 1e-7]),
        benchmarks=(),
        note="",
        rag=None,
        direction=None,
        trend=None,
    )
    return with_values(chance, indicator)


def with_values(chance: random.Random, indicator: Indicator) -> Indicator:
    """Return an indicator with other values and another target."""
    values: list[float | None] = [
        random_value(chance, indicator.unit, indicator.decimals) for _ in MONTHS
    ]
    target = random_value(chance, indicator.unit, indicator.decimals + 1)
    sign = chance.choice(["", "", "<", ">="])
    if chance.random() < 0.1:
        target = 0.0
    if chance.random() < 0.4:
        values[-1] = near(chance, target, indicator.tolerance)
    if chance.random() < 0.2:
        values[0] = values[-1]
    if chance.random() < 0.1:
        values[chance.randrange(len(values))] = None
    shown = tuple(Shown(month, value) for month, value in zip(MONTHS, values, strict=True))
    return with_judgement(replace(indicator, months=shown, target=Entry(target, sign)))


def sheet_of(indicators: list[Indicator]) -> SheetPlan:
    row = Row(measure="any")
    table = Table(name="Random", title="Random", columns=ALL_COLUMNS, rows=(row,) * ROWS)
    return board_sheet(table, "t_random", indicators, TableContext(MONTHS, ()), "Random rows")


def edited(before: SheetPlan, after: SheetPlan) -> SheetPlan:
    """Return a sheet as if its values and targets had been typed over: the formulas not yet run."""
    cells: list[Cell] = []
    for old, new in zip(before.cells, after.cells, strict=True):
        if isinstance(old.content, Formula) and isinstance(new.content, Formula):
            assert old.content.formula == new.content.formula
            cells.append(old)
        else:
            cells.append(new)
    return replace(before, cells=tuple(cells))


def shown_codes(indicator: Indicator) -> tuple[float | None, ...]:
    return indicator.trend, indicator.rag, indicator.direction


def codes_in(workbook: Path) -> Iterator[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(workbook, data_only=True)["Random"]
    headings = [cell.value for cell in sheet[FIRST_ROW]]
    wanted = [headings.index(text) for text in ("Change on last month", "RAG",
                                                "Direction of travel")]  # fmt: skip
    for row in sheet.iter_rows(min_row=FIRST_ROW + 1, max_row=FIRST_ROW + ROWS, values_only=True):
        yield tuple(row[column] for column in wanted)


@pytest.mark.slow
def test_edited_values_are_judged_as_we_judge(tmp_path: Path) -> None:
    chance = random.Random(20230731)
    before = [random_indicator(chance, number) for number in range(ROWS)]
    after = [with_values(chance, indicator) for indicator in before]
    sheet = edited(sheet_of(before), sheet_of(after))
    file = tmp_path / "random.xlsx"
    file.write_bytes(draw(Plan(Properties("Random", "", STAMP.written), (sheet,))))

    stale = list(codes_in(file))
    assert stale == [shown_codes(indicator) for indicator in before]
    expected = [shown_codes(indicator) for indicator in after]
    assert sum(old != new for old, new in zip(stale, expected, strict=True)) > ROWS / 2
    assert {codes[1] for codes in expected} == {1, 0, -1, None}
    for row, (actual, wanted) in enumerate(
        zip(codes_in(recalculated(file, tmp_path)), expected, strict=True)
    ):
        assert actual[1:] == wanted[1:], after[row]
        assert actual[0] == pytest.approx(wanted[0], abs=1e-12), after[row]


YEAR = months_ending(LAST, 14)
LOOKING_BACK: tuple[ColumnKind, ...] = (
    "months", "change_on_month", "change_on_year", "average", "maximum", "year_to_date",
)  # fmt: skip


def with_year(chance: random.Random, indicator: Indicator) -> Indicator:
    """Return an indicator with the values of more than a year, some of them blank or 0."""
    blanks = chance.choice([0.0, 0.05, 0.95])
    values: list[float | None] = [
        None if chance.random() < blanks
        else chance.choice([0.0, *[random_value(chance, indicator.unit, indicator.decimals)] * 9])
        for _ in YEAR
    ]  # fmt: skip
    shown = tuple(Shown(month, value) for month, value in zip(YEAR, values, strict=True))
    summed = [value for value in values[-4:] if value is not None]
    total = sum(summed) if len(summed) == 4 else None
    return replace(indicator, months=shown, to_date=YearToDate("sum", 4, total))


def looked_back(indicator: Indicator) -> list[float | str]:
    values = [shown.value for shown in indicator.months]
    year = [value for value in values[-12:] if value is not None]
    return [
        shown_change(values[-1], values[-2]),
        shown_change(values[-1], values[-13]),
        mean_shown(year, digits(indicator.unit, indicator.decimals)) if year else DASH,
        max(year) if year else DASH,
        DASH if indicator.to_date.value is None else indicator.to_date.value,
    ]


def shown_change(current: float | None, comparison: float | None) -> float | str:
    if current is None or not comparison:
        return NOT_APPLICABLE
    share = Fraction(str(current)) / Fraction(str(comparison)) - 1
    return float(Decimal(round_half_away(share * 100)) / 100)


def mean_shown(values: list[float], places: int) -> float:
    mean = statistics.mean(Fraction(str(value)) for value in values)
    return float(Decimal(round_half_away(mean * 10**places)).scaleb(-places))


def round_half_away(value: Fraction) -> int:
    return int(abs(value) + Fraction(1, 2)) * (1 if value >= 0 else -1)


def alike(actual: Sequence[object], expected: Sequence[float | str]) -> bool:
    return all(
        value == (wanted if isinstance(wanted, str) else pytest.approx(wanted, rel=1e-14))
        for value, wanted in zip(actual, expected, strict=True)
    )


@pytest.mark.slow
def test_edited_months_change_what_looks_back(tmp_path: Path) -> None:
    chance = random.Random(20230801)
    before = [with_year(chance, random_indicator(chance, number)) for number in range(ROWS)]
    after = [with_year(chance, indicator) for indicator in before]
    table = Table(name="Random", title="R", columns=LOOKING_BACK, rows=(Row(measure="any"),) * ROWS)

    def sheet(indicators: list[Indicator]) -> SheetPlan:
        return board_sheet(table, "t_random", indicators, TableContext(YEAR, ()), "Random rows")

    file = tmp_path / "random.xlsx"
    plan = Plan(Properties("R", "", STAMP.written), (edited(sheet(before), sheet(after)),))
    file.write_bytes(draw(plan))
    ours, theirs = (
        openpyxl.load_workbook(workbook, data_only=True)["Random"]
        for workbook in (file, recalculated(file, tmp_path))
    )
    for row, indicator in enumerate(after, FIRST_ROW + 1):
        actual = [cell.value for cell in theirs[row][len(YEAR) :]]
        stale = [cell.value for cell in ours[row][len(YEAR) :]]
        assert alike(actual, looked_back(indicator)), indicator
        assert alike(stale, looked_back(before[row - FIRST_ROW - 1]))


@pytest.mark.slow
def test_a_wrong_value_is_found_out(tmp_path: Path) -> None:
    """Else all of the above would prove nothing: LibreOffice must not keep what it reads."""
    plan = PLANS["every_column"]
    board = plan.sheets[1]
    wrong = tuple(
        cell._replace(content=replace(cell.content, value=99))
        if isinstance(cell.content, Formula)
        else cell
        for cell in board.cells
    )
    file = tmp_path / "wrong.xlsx"
    file.write_bytes(draw(replace(plan, sheets=(plan.sheets[0], replace(board, cells=wrong)),
                                  names=())))  # fmt: skip
    sheet = openpyxl.load_workbook(recalculated(file, tmp_path), data_only=True)[board.name]
    assert 99 not in [cell.value for row in sheet.iter_rows() for cell in row]
