"""A sheet of team tables, one below the other, each with what it adds up to in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from workbook_builder.definitions.sheet_layouts import TeamSheet
from workbook_builder.indicators.rating import decimals_shown, digits
from workbook_builder.indicators.rows import Shown
from workbook_builder.indicators.team_tables import TeamRow, TeamTable
from workbook_builder.sheets.data_table import SECTION_HEIGHT, TITLE_HEIGHTS, titles
from workbook_builder.sheets.formulas import (
    DASH,
    HIDDEN,
    RAG_FORMAT,
    added_formula,
    entry_format,
    is_hidden,
    number_format,
    rag_formula,
    rest_formula,
    rounded,
    share_formula,
)
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    DataBars,
    Empty,
    Highlight,
    IconSet,
    NativeTable,
    Number,
    Sheet,
    Sparkline,
    StyleName,
    Text,
    Width,
    address,
)
from workbook_builder.sheets.text_height import lines_needed, row_height, wrapped

_NAME_STYLES: dict[str, StyleName] = {
    "group": "group", "subtotal": "total_name", "total": "total_name", "headline": "total_name",
    "other": "other_name", "overlap": "other_name", "target": "other_name",
}  # fmt: skip
_FIGURE_STYLES: dict[str, StyleName] = {
    "group": "group", "subtotal": "total", "total": "total", "headline": "total",
    "other": "other", "overlap": "other", "target": "other",
}  # fmt: skip
#: What stands in a name that is not written in full; all of it stands in the cell's note.
CUT = "…"


@dataclass(frozen=True)
class Columns:
    """Which columns a team table has, counted from its first; None where it has none."""

    denominator: int | None
    numerator: int
    value: int | None
    rag: int | None
    months: int | None
    headings: tuple[str, ...]

    @property
    def count(self) -> int:
        """The number of columns."""
        return len(self.headings)


@dataclass(frozen=True)
class TeamRowsLayout:
    """A team table laid out: its cells and what is drawn on them; `area` has its headings too."""

    area: Area
    headings: tuple[str, ...]
    cells: tuple[Cell, ...]
    icon_sets: tuple[IconSet, ...]
    data_bars: tuple[DataBars, ...]
    sparklines: tuple[Sparkline, ...]
    highlights: tuple[Highlight, ...] = ()


def columns_of(table: TeamTable) -> Columns:
    """Return the columns that a table needs."""
    by = table.breakdown.by
    headings = ["Team/Locality" if by == "team" else by.capitalize()]
    if table.divided:
        value = "%" if table.unit == "percent" else "Average"
        headings += ["Denominator", "Numerator", value]
    else:
        headings += ["Number"]
    rag = len(headings) if table.judged else None
    headings += ["RAG"] if table.judged else []
    months = len(headings) if table.breakdown.months and _months(table) else None
    if months is not None:
        headings += [shown.month.label for shown in _months(table)]
        headings += [f"Last {len(_months(table))} months"]
    divided = table.divided
    return Columns(
        1 if divided else None, 2 if divided else 1, 3 if divided else None, rag, months,
        tuple(headings),
    )  # fmt: skip


def _months(table: TeamTable) -> tuple[Shown, ...]:
    return max((row.months for row in table.rows), key=len, default=())


def lay_out(
    table: TeamTable,
    row: int,
    column: int,
    *,
    size: int = 0,
    named: Callable[[str], str] = lambda name: name,
) -> TeamRowsLayout:
    """Lay out a table with its headings in a row; `named` says how a team's name is written."""
    return _Layer(table, row, column, size, named).laid_out()


class _Layer:
    def __init__(
        self, table: TeamTable, row: int, column: int, size: int, named: Callable[[str], str]
    ) -> None:
        self.table = table
        self.columns = columns_of(table)
        self.row = row
        self.column = column
        self.size = size
        self.named = named
        target = (TeamRow("target", "Target"),) if table.judged else ()
        self.rows = (*table.rows, *target)
        self.places = list(enumerate(self.rows, row + 1))

    def laid_out(self) -> TeamRowsLayout:
        last = self.row + len(self.rows)
        area = Area(self.row, self.column, last, self.column + self.columns.count - 1)
        cells = [*self._headings()]
        for place, row in self.places:
            cells += self._cells(place, row)
        icons, bars = tuple(self._icons()), tuple(self._bars())
        lines = tuple(self._sparklines())
        return TeamRowsLayout(area, self.columns.headings, tuple(cells), icons, bars, lines)

    def _headings(self) -> Iterator[Cell]:
        for at, text in enumerate(self.columns.headings):
            style: StyleName = "heading_centred" if at else "heading"
            yield Cell(self.row, self.column + at, Text(text), style, size=self.size)

    def _cells(self, place: int, row: TeamRow) -> Iterator[Cell]:
        name = self.named(row.name) if row.kind in ("team", "other") else row.name
        cell = self._cell(place, 0, Text(name), _NAME_STYLES.get(row.kind, "name"))
        yield cell._replace(note=row.name if CUT in name else "")
        style = _FIGURE_STYLES.get(row.kind, "figure")
        contents = self._contents(place, row)
        for at in range(1, self.columns.count):
            content, shape = contents.get(at, (Empty(), ""))
            shown = self._style(at, style, content)
            mark = self._mark(row, at) if isinstance(content, Number) else ""
            cell = self._cell(place, at, content, "revised" if mark else shown, shape)
            yield cell._replace(note=mark or self._reason(row, at))

    def _style(self, at: int, style: StyleName, content: Content) -> StyleName:
        if at == self.columns.rag and style != "group":
            return "total_rag" if style == "total" else "rag"
        if self._is_month(at) and style == "figure" and isinstance(content, Empty):
            return "blank"
        return style

    def _mark(self, row: TeamRow, at: int) -> str:
        """Return what to say of a figure that is not what today's extracts give."""
        if self._is_month(at):
            number = at - (self.columns.months or 0)
            return row.months[number].mark if number < len(row.months) else ""
        return row.mark if at in (self.columns.denominator, self.columns.numerator) else ""

    def _reason(self, row: TeamRow, at: int) -> str:
        """Return why a month's cell is blank, for its note."""
        if not self._is_month(at):
            return ""
        number = at - (self.columns.months or 0)
        return row.months[number].reason if number < len(row.months) else ""

    def _is_month(self, at: int) -> bool:
        first = self.columns.months
        return first is not None and first <= at < self.columns.count - 1

    def _cell(
        self, place: int, at: int, content: Content, style: StyleName, shape: str = ""
    ) -> Cell:
        return Cell(place, self.column + at, content, style, shape, size=self.size)

    def _contents(self, place: int, row: TeamRow) -> dict[int, tuple[Content, str]]:
        if row.kind == "group":
            return {}
        if row.kind == "target":
            return self._target()
        found: dict[int, tuple[Content, str]] = {}
        if self.columns.denominator is not None:
            at = self.columns.denominator
            found[at] = (self._amount(place, row, at, row.denominator), self._plain(at))
        at = self.columns.numerator
        found[at] = (self._amount(place, row, at, row.numerator), self._plain(at))
        if self.columns.value is not None and row.kind != "overlap":
            found[self.columns.value] = (self._value(place, row), self._shape)
        if self.columns.rag is not None and row.kind != "overlap":
            found[self.columns.rag] = (self._rag(place, row), RAG_FORMAT)
        return found | self._month_contents(row)

    def _month_contents(self, row: TeamRow) -> dict[int, tuple[Content, str]]:
        first = self.columns.months
        if first is None:
            return {}
        hidden: dict[int, tuple[Content, str]] = {
            first + at: (Text(HIDDEN), "")
            for at, shown in enumerate(row.months)
            if is_hidden(shown)
        }
        return hidden | {
            first + at: (Number(shown.value), self._shape)
            for at, shown in enumerate(row.months)
            if shown.value is not None
        }

    def _plain(self, at: int) -> str:
        """Return the number format of numerators or denominators: whole if they all are."""
        column = [row.denominator if at == self.columns.denominator else row.numerator
                  for row in self.rows]  # fmt: skip
        whole = all(amount == int(amount) for amount in column if amount is not None)
        return number_format("number", 0 if whole else self.table.decimals)

    @property
    def _shape(self) -> str:
        return number_format(self.table.unit, self.table.decimals)

    def _target(self) -> dict[int, tuple[Content, str]]:
        one, value, target = self.table.indicator, self.columns.value, self.table.target
        assert one.target is not None  # else the table is not judged
        assert target is not None
        assert value is not None
        decimals = decimals_shown(target, one.unit, one.decimals)
        return {value: (Number(target), entry_format(one.unit, decimals, one.target.sign))}

    def _amount(self, place: int, row: TeamRow, at: int, amount: float | None) -> Content:
        if amount is None:
            return Text(HIDDEN if row.hidden else DASH)
        if row.kind in ("subtotal", "total"):
            areas = self._summed(place, row, at)
            return added_formula(areas, amount) if areas else Number(amount)
        if row.kind == "overlap":
            parts = [self._address(where, at) for where, one in self.places
                     if one.kind in ("total", "other")]  # fmt: skip
            whole = next(where for where, one in self.places if one.kind == "headline")
            return rest_formula(self._address(whole, at), parts, amount)
        return Number(amount)

    def _summed(self, place: int, row: TeamRow, at: int) -> list[str]:
        """Return the cells that a sum adds up: its group's teams, or all subtotals or teams."""
        before = [(where, one) for where, one in self.places if where < place]
        if row.kind == "subtotal":
            start = max(where for where, one in before if one.kind == "group")
            return self._areas([where for where, _ in before if where > start], at)
        subtotals = [where for where, one in before if one.kind == "subtotal"]
        return self._areas(subtotals or [where for where, _ in before], at)

    def _areas(self, rows: Sequence[int], at: int) -> list[str]:
        """Return cells of one column as few areas of neighbours."""
        areas: list[str] = []
        for _, run in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
            found = [row for _, row in run]
            first, last = self._address(found[0], at), self._address(found[-1], at)
            areas.append(first if first == last else f"{first}:{last}")
        return areas

    def _address(self, row: int, at: int) -> str:
        return address(row, self.column + at)

    def _value(self, place: int, row: TeamRow) -> Content:
        if row.denominator is None:  # a finished percentage, or what cannot be added up
            unknown = Text(HIDDEN if row.hidden else DASH)
            return unknown if row.value is None else Number(row.value)
        numerator = self._address(place, self.columns.numerator)
        denominator = self._address(place, self.columns.denominator or 0)
        return share_formula(numerator, denominator, row.value)

    def _rag(self, place: int, row: TeamRow) -> Content:
        one = self.table.indicator
        assert one.better is not None
        assert self.columns.value is not None
        value = self._address(place, self.columns.value)
        target = self._address(self.places[-1][0], self.columns.value)
        shown = rounded(value, digits(one.unit, self.table.decimals))
        return rag_formula(shown, target, one.better, one.tolerance, row.rag)

    def _rows_of(self, *kinds: str) -> list[int]:
        return [place for place, row in self.places if row.kind in kinds]

    def _icons(self) -> Iterator[IconSet]:
        if self.columns.rag is None or "icons" not in self.table.breakdown.marks:
            return
        at = self.column + self.columns.rag
        yield IconSet(Area(self.row + 1, at, self.row + len(self.table.rows), at), "rag")

    def _bars(self) -> Iterator[DataBars]:
        teams = self._rows_of("team")
        if "bars" not in self.table.breakdown.marks or not teams:
            return
        value = self.columns.value or self.columns.numerator
        at = self.column + value
        percent = self.table.unit == "percent"
        yield DataBars(Area(teams[0], at, teams[-1], at), 1 if percent else None)

    def _sparklines(self) -> Iterator[Sparkline]:
        first = self.columns.months
        if first is None:
            return
        last = self.column + self.columns.count - 1
        for place, row in self.places:
            if any(shown.value is not None for shown in row.months):
                values = Area(place, self.column + first, place, last - 1)
                yield Sparkline(place, last, values)


NAME_WIDTH = 46.0
_NUMBER_WIDTH = 13.5
_MONTH_WIDTH = 8.0
_SPARKLINE_WIDTH = 20.0
_FIRST_ROW = 3
_NARROWEST = 5


def team_sheet(
    sheet: TeamSheet,
    tables: Sequence[TeamTable],
    table_name: Callable[[str], str],
    subtitle: str,
) -> Sheet:
    """Lay out a sheet; `table_name` gives a free name for a native table."""
    parts = _TeamSheetParts(tables, table_name)
    width = max([_NARROWEST, *(columns_of(table).count for table in tables)])
    return Sheet(
        name=sheet.name,
        cells=(*titles(sheet.title, subtitle), *parts.cells),
        widths=tuple(_widths(tables, width)),
        heights=(*TITLE_HEIGHTS, *parts.heights),
        sparklines=tuple(line for one in parts.laid for line in one.sparklines),
        icon_sets=tuple(icons for one in parts.laid for icons in one.icon_sets),
        tables=tuple(parts.tables),
        repeat_rows=(0, 1),
        print_area=Area(0, 0, parts.row - 1, width - 1),
        landscape=width > _NARROWEST,
        data_bars=tuple(bars for one in parts.laid for bars in one.data_bars),
    )


class _TeamSheetParts:
    """The tables below one another."""

    def __init__(self, tables: Sequence[TeamTable], table_name: Callable[[str], str]) -> None:
        self.row = _FIRST_ROW
        self.cells: list[Cell] = []
        self.heights: list[tuple[int, float]] = []
        self.laid: list[TeamRowsLayout] = []
        self.tables: list[NativeTable] = []
        for table in tables:
            self._add(table, table_name)

    def _add(self, table: TeamTable, table_name: Callable[[str], str]) -> None:
        self.cells.append(Cell(self.row, 0, Text(table.title), "section"))
        self.heights.append((self.row, SECTION_HEIGHT))
        self.row += 1
        if table.rows:
            laid = lay_out(table, self.row, 0)
            name = table_name(f"teams {table.breakdown.measure}")
            self.laid.append(laid)
            self.cells += laid.cells
            self.heights += _heights(laid)
            self.tables.append(NativeTable(name, laid.area, laid.headings))
            self.row = laid.area.last_row + 1
        for sentence in table.sentences:
            for line in wrapped(sentence, NAME_WIDTH + 4 * _NUMBER_WIDTH):
                self.cells.append(Cell(self.row, 0, Text(line), "subtitle"))
                self.row += 1
        self.row += 1


def _heights(laid: TeamRowsLayout) -> Iterator[tuple[int, float]]:
    for cell in laid.cells:
        if cell.column == 0 and isinstance(cell.content, Text):
            lines = lines_needed(cell.content.text, NAME_WIDTH)
            yield cell.row, row_height(lines)


def _widths(tables: Sequence[TeamTable], width: int) -> Iterator[Width]:
    """Months may begin in another column in each table; the widest use of a column counts."""
    found = dict.fromkeys(range(1, width), _NUMBER_WIDTH)
    for table in tables:
        columns = columns_of(table)
        if columns.months is not None:
            found[columns.count - 1] = _SPARKLINE_WIDTH
    months = [one.months for one in map(columns_of, tables) if one.months is not None]
    last = width - 1
    for at in range(max(months, default=width), width):
        found[at] = max(_MONTH_WIDTH, _SPARKLINE_WIDTH if at == last else 0)
    yield Width(0, 0, NAME_WIDTH)
    yield from (Width(at, at, size) for at, size in found.items())
