"""Lay out lists of children as a plan: a summary by team, a sheet a list, the data quality list."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from workbook_builder import workbook_format
from workbook_builder.definitions.measures import Average
from workbook_builder.figures import NO_TEAM, REASONS, Figure, Status
from workbook_builder.measures.listed_records import (
    Counts,
    ListedRecord,
    ListValue,
    RecordList,
    Tally,
)
from workbook_builder.problems import counted
from workbook_builder.sheets.data_table import (
    HEADING_ROW,
    SECTION_HEIGHT,
    TITLE_HEIGHTS,
    Value,
    row_height,
    table_sheet,
    titles,
    unique_name,
    wrapped,
)
from workbook_builder.sheets.formulas import (
    added_formula,
    number_format,
    share_formula,
)
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    Empty,
    Formula,
    Highlight,
    Link,
    NativeTable,
    Number,
    Plan,
    Properties,
    SheetPlan,
    StyleName,
    Text,
    Width,
    address,
)
from workbook_builder.worklists.collect import ListedMeasure, WorklistContent, in_order
from workbook_builder.worklists.data_quality import QualityRow

SUMMARY_SHEET = "Summary"
QUALITY_SHEET = "Data quality"
QUALITY_TABLE = "t_data_quality"

WHOLE = "Whole service"
ONCE = "In several teams, counted once in the service"

_DAY_ZERO = date(1899, 12, 30).toordinal()
_DAY_FORMAT = "dd/mm/yyyy"
_SIGNED = "+#,##0;-#,##0;0"
_LONGEST_SHEET_NAME = 31
#: A sheet's name may not hold these, nor be one that Excel keeps for itself.
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_TAKEN = (SUMMARY_SHEET, QUALITY_SHEET, "History")

_SUMMARY_WIDTHS = (64.0, 13.0, 13.0, 13.0, 13.0, 44.0)
_SUMMARY_HEADINGS = ("Measure", "Counted", "Out of", "Figure", "Not judged", "List")

_QUALITY_COLUMNS = (
    ("File", 30.0), ("Sheet", 18.0), ("Row", 9.0), ("Column", 30.0), ("What is wrong", 46.0),
    ("What was done", 42.0), ("What to correct", 88.0), ("Measures that cannot judge it", 88.0),
)  # fmt: skip
#: Titles are long, and what is one measure's fault is many others' too.
_TITLES_NAMED = 1
_QUALITY_EXPLAINED = (
    "Rows that were not counted, and blank cells because of which a record could not be judged, by "
    "file. No record is shown."
)


def plan_worklist(content: WorklistContent) -> Plan:
    """Lay the whole workbook out as plain values."""
    names = _sheet_names(content.measures)
    lists = [
        _ListSheet(one, records, names[one.measure.name], content).sheet()
        for one in content.measures
        if (records := in_order(one, content.teams))
    ]
    quality = [_quality_sheet(content.quality)] if content.quality is not None else []
    return Plan(
        properties=Properties(
            title=_title(content),
            author=content.authority,
            created=content.written,
            custom=((workbook_format.PROGRAM_PROPERTY, content.program),),
        ),
        sheets=(_Summary(content, names).sheet(), *lists, *quality),
        marking=content.marking,
    )


def _title(content: WorklistContent) -> str:
    return f"Children behind the figures, {content.month.label}"


def _sheet_names(measures: Sequence[ListedMeasure]) -> dict[str, str]:
    """Return a name for the sheet of each measure: its short title, as much of it as fits."""
    names: dict[str, str] = {}
    for one in measures:
        plain = _NOT_IN_SHEET_NAMES.sub(" ", one.measure.short or one.measure.title)
        names[one.measure.name] = _free_name(plain, (*_TAKEN, *names.values()))
    return names


def _free_name(text: str, taken: Collection[str]) -> str:
    """Return as many words of a text as a sheet's name holds, unlike all names taken."""
    folded = {other.casefold() for other in taken}
    for number in count(1):
        end = f" ({number})" if number > 1 else ""
        room = _LONGEST_SHEET_NAME - len(end)
        words = textwrap.wrap(text, room, break_on_hyphens=False)
        name = f"{words[0][:1].upper()}{words[0][1:]}{end}"
        if name.casefold() not in folded:
            return name
    raise AssertionError  # numbers do not end


class _Summary:
    """The first sheet: all measures with their figures, then each by team."""

    def __init__(self, content: WorklistContent, names: dict[str, str]) -> None:
        self.content = content
        self.names = names
        self.cells: list[Cell] = []
        self.heights: list[tuple[int, float]] = []

    def sheet(self) -> SheetPlan:
        content = self.content
        end = self._all_measures()
        for one in content.measures:
            if one.records and one.records.has_teams:
                end = self._by_team(one, one.records, end + 2)
        of_team = f"{content.team} only. " if content.team else ""
        says = (
            f"{self._council()}{of_team}From today's extracts; not for the board. "
            "Each list adds up to the board's figure."
        )
        table = NativeTable(
            workbook_format.WORKLISTS_TABLE,
            Area(HEADING_ROW, 0, HEADING_ROW + max(len(content.measures), 1), 5),
            _SUMMARY_HEADINGS,
        )
        return SheetPlan(
            name=SUMMARY_SHEET,
            cells=(*titles(_title(content), says), *self.cells),
            widths=tuple(Width(at, at, width) for at, width in enumerate(_SUMMARY_WIDTHS)),
            heights=(*TITLE_HEIGHTS, *self.heights),
            tables=(table,),
            freeze=(HEADING_ROW + 1, 0),
        )

    def _council(self) -> str:
        """Name the council, unless it is only known by a code."""
        name = self.content.authority
        return "" if not name or any(mark.isdigit() for mark in name) else f"{name}. "

    def _headings(self, row: int, headings: Sequence[str]) -> None:
        for column, text in enumerate(headings):
            style: StyleName = "heading" if column in (0, 5) else "heading_centred"
            self.cells.append(Cell(row, column, Text(text), style))
        self.heights.append((row, row_height(1)))

    def _all_measures(self) -> int:
        """Lay out a row for each measure; return the first row below them."""
        self._headings(HEADING_ROW, _SUMMARY_HEADINGS)
        row = HEADING_ROW + 1
        for one in self.content.measures:
            lines = self._measure(row, one)
            self.heights.append((row, row_height(lines)))
            row += 1
        if not self.content.measures:
            self.cells += (Cell(row, column, Empty(), "name") for column in range(6))
            row += 1
        return row

    def _measure(self, row: int, one: ListedMeasure) -> int:
        """Lay out the row of one measure; return the lines that it takes."""
        measure, records = one.measure, one.records
        figure = one.figure(self.content.month)
        tally = _tally_of(records, figure, self.content.team)
        link: Content = Empty()
        style: StyleName = "text"
        says = one.reason
        if one.parts:
            says = f"From: {'; '.join(self._title_of(part) for part in one.parts)}"
        if records:
            link, style = Link(self.names[measure.name], self.names[measure.name]), "link"
        elif says:
            link = Text(says)
        self.cells += (
            Cell(row, 0, Text(measure.title), "indicator"),
            *self._numbers(row, one, tally, "figure"),
            Cell(row, 5, link, style),
        )
        texts = ((measure.title, _SUMMARY_WIDTHS[0]), (says, _SUMMARY_WIDTHS[5]))
        return max(len(wrapped(text, width - 3)) for text, width in texts)

    def _title_of(self, name: str) -> str:
        return next(one.measure.title for one in self.content.measures if one.measure.name == name)

    def _numbers(
        self, row: int, one: ListedMeasure, tally: Tally | None, style: StyleName
    ) -> Iterator[Cell]:
        """Yield the numerator, the denominator, the figure and how many could not be judged."""
        measure, records = one.measure, one.records
        figure = one.figure(self.content.month)
        if tally is None:
            yield from (Cell(row, column, Empty(), "blank") for column in (1, 2, 3, 4))
            return
        decimals = measure.decimals if isinstance(measure, Average) else 0
        yield Cell(row, 1, Number(tally.numerator), style, number_format("number", decimals))
        has_below = bool(figure and figure.denominator is not None) or bool(
            records and records.has_denominator
        )
        below: Content = Number(tally.denominator) if has_below else Empty()
        yield Cell(row, 2, below, style, number_format("number", 0))
        yield self._value(row, one, tally, style)
        unjudged: Content = Empty()
        if records:
            unjudged = Number(sum(each.counts is Counts.NOT_JUDGED for each in records.records))
        yield Cell(row, 4, unjudged, style, number_format("number", 0))

    def _value(self, row: int, one: ListedMeasure, tally: Tally, style: StyleName) -> Cell:
        """Return the cell of the figure: of a share or an average, a formula."""
        measure, figure = one.measure, one.figure(self.content.month)
        shown = number_format(measure.unit, measure.decimals)
        if figure and figure.value is None and not self.content.team:
            blank = REASONS.get(figure.status, "")
            return Cell(row, 3, Empty(), "blank", note=f"The board leaves it blank. {blank}")
        if one.records and one.records.has_denominator:
            value = tally.numerator / tally.denominator if tally.denominator else None
            formula = share_formula(address(row, 1), address(row, 2), value)
            return Cell(row, 3, formula, style, shown)
        if one.records:
            return Cell(row, 3, Formula(f"={address(row, 1)}", tally.numerator), style, shown)
        value = figure.value if figure else None
        return Cell(row, 3, Empty() if value is None else Number(value), style, shown)

    def _by_team(self, one: ListedMeasure, records: RecordList, row: int) -> int:
        """Lay out a measure by team; return the first row below it."""
        self.cells.append(Cell(row, 0, Text(one.measure.title), "section"))
        self.heights.append((row, SECTION_HEIGHT))
        self._headings(row + 1, ("Team", *_SUMMARY_HEADINGS[1:5]))
        teams = sorted(
            records.teams, key=lambda team: (team == NO_TEAM, self.content.teams.sort_key(team))
        )
        first = row = row + 2
        for team in teams:
            own = _of_team(records, team)
            in_team = ListedMeasure(one.measure, one.figures, own)
            self.cells += (
                Cell(row, 0, Text(team), "name"),
                *self._numbers(row, in_team, records.tally(team), "figure"),
            )
            row += 1
        if self.content.team:
            return row
        whole = records.tally()
        twice = [sum(getattr(records.tally(team), name) for team in teams) - getattr(whole, name)
                 for name in ("numerator", "denominator")]  # fmt: skip
        if any(twice):
            self.cells.append(Cell(row, 0, Text(ONCE), "other_name"))
            for column, number in enumerate(twice, start=1):
                known = column == 1 or records.has_denominator
                less: Content = Number(-number) if known else Empty()
                self.cells.append(Cell(row, column, less, "other", number_format("number", 0)))
            self.cells += (Cell(row, column, Empty(), "other") for column in (3, 4))
            row += 1
        self.cells.append(Cell(row, 0, Text(WHOLE), "total_name"))
        for cell in self._numbers(row, one, whole, "total"):
            column, content = cell.column, cell.content
            if column in (1, 2, 4) and isinstance(content, Number) and row > first:
                area = Area(first, column, row - 1, column).text
                added = added_formula([area], content.value)
                self.cells.append(cell._replace(content=added))
            else:
                self.cells.append(cell)
        return row + 1


def _of_team(records: RecordList, team: str) -> RecordList:
    own = tuple(record for record in records.records if record.team == team)
    return RecordList(records.measure, records.month, own, has_denominator=records.has_denominator)


def _tally_of(records: RecordList | None, figure: Figure | None, team: str) -> Tally | None:
    """Return numerator and denominator of what is listed, or of a figure that others make up."""
    if records:
        return records.tally(team)
    if team or figure is None or figure.value is None or figure.status is Status.SUPPLIED:
        return None
    below = figure.denominator
    return Tally(figure.value if figure.numerator is None else figure.numerator, int(below or 0))


@dataclass(frozen=True)
class _Column:
    """One column of a list: its heading, its width, and the value and format of its cells."""

    heading: str
    width: float
    value: Callable[[ListedRecord], ListValue]
    number_format: str = ""


class _ListSheet:
    """One list as a native table with filters, by team, the worst first."""

    def __init__(
        self, one: ListedMeasure, records: RecordList, name: str, content: WorklistContent
    ) -> None:
        self.one, self.records, self.name, self.content = one, records, name, content
        self.columns = list(_with_own_headings(self._columns()))

    def sheet(self) -> SheetPlan:
        columns = self.columns
        cells = [
            Cell(HEADING_ROW, at, Text(column.heading), "heading")
            for at, column in enumerate(columns)
        ]
        rows = self.records.records
        cells += (
            _list_cell(row, at, column, record)
            for row, record in enumerate(rows, start=HEADING_ROW + 1)
            for at, column in enumerate(columns)
        )
        last_row = HEADING_ROW + max(len(rows), 1)
        if not rows:
            cells += (Cell(HEADING_ROW + 1, at, Empty(), "data") for at in range(len(columns)))
        area = Area(HEADING_ROW, 0, last_row, len(columns) - 1)
        table = unique_name(f"list {self.one.measure.name}", ())
        over = next((at for at, one in enumerate(columns) if one.number_format == _SIGNED), None)
        highlights = () if over is None else (
            Highlight(Area(HEADING_ROW + 1, over, last_row, over), 0),
        )  # fmt: skip
        lines = max(len(wrapped(column.heading, column.width - 4)) for column in columns)
        return SheetPlan(
            name=self.name,
            cells=(*titles(self.one.measure.title, self._says()), *cells),
            widths=tuple(Width(at, at, column.width) for at, column in enumerate(columns)),
            heights=(*TITLE_HEIGHTS, (HEADING_ROW, row_height(lines))),
            tables=(NativeTable(table, area, tuple(column.heading for column in columns), True),),
            freeze=(HEADING_ROW + 1, 2),
            repeat_rows=(HEADING_ROW, HEADING_ROW),
            highlights=highlights,
        )

    def _says(self) -> str:
        """Say in a line what the list holds."""
        numbers = {
            counts: sum(record.counts is counts for record in self.records.records)
            for counts in Counts
        }
        parts = [f"{numbers[Counts.YES]:,} counted"]
        if numbers[Counts.NO]:
            parts.append(f"{numbers[Counts.NO]:,} not")
        if numbers[Counts.NOT_JUDGED]:
            parts.append(f"{numbers[Counts.NOT_JUDGED]:,} could not be judged")
        if numbers[Counts.SAME_CHILD]:
            again = counted(numbers[Counts.SAME_CHILD], "further record")
            parts.append(f"{again} of children who are counted already")
        team = f", {self.content.team}" if self.content.team else ""
        note = f" {self.one.note}" if self.one.note else ""
        definition = f" {self.one.measure.definition}" if self.one.measure.definition else ""
        return f"{self.content.month.label}{team}: {', '.join(parts)}.{note}{definition}"

    def _columns(self) -> Iterator[_Column]:
        """Yield the columns: who and where, whether it counts, the days, and where it stands."""
        records = self.records
        if records.has_teams:
            yield _Column("Team", 30, lambda record: record.team)
        if records.child_heading:
            yield _Column(records.child_heading, 16, lambda record: record.shown_child)
        if any(record.worker for record in records.records):
            yield _Column("Worker", 14, lambda record: record.worker)
        yield _Column("Counted", 12, lambda record: str(record.counts))
        if any(record.why for record in records.records):
            yield _Column("Why not", 44, lambda record: record.why)
        if any(record.within for record in records.records):
            yield _Column("Counted in", 44, lambda record: record.within)
        for at, heading in enumerate(records.headings):
            yield _Column(heading, 16, _value_at(at))
        if records.last_event:
            yield _Column(records.last_event, 16, lambda record: record.last_event)
        if records.time_unit:
            unit = records.time_unit.capitalize()
            yield _Column(f"{unit} over (+) or left (-)", 14,
                          lambda record: record.timing.over, _SIGNED)  # fmt: skip
            yield _Column(records.due, 14, lambda record: record.timing.due)
        yield _Column("File", 28, lambda record: record.file)
        if any(record.sheet for record in records.records):
            yield _Column("Sheet", 18, lambda record: record.sheet)
        yield _Column("Row", 9, lambda record: record.row)


def _value_at(at: int) -> Callable[[ListedRecord], ListValue]:
    return lambda record: record.values[at]


def _with_own_headings(columns: Iterable[_Column]) -> Iterator[_Column]:
    """Yield columns of which no two have the same heading, as a native table needs."""
    taken: set[str] = set()
    for column in columns:
        number, heading = 1, column.heading
        while heading.casefold() in taken:
            number += 1
            heading = f"{column.heading} ({number})"
        taken.add(heading.casefold())
        yield replace(column, heading=heading)


def _list_cell(row: int, at: int, column: _Column, record: ListedRecord) -> Cell:
    value = column.value(record)
    if value is None or value == "":
        return Cell(row, at, Empty(), "data")
    if isinstance(value, bool):
        return Cell(row, at, Text("Yes" if value else "No"), "data")
    if isinstance(value, date):
        return Cell(row, at, Number(value.toordinal() - _DAY_ZERO), "data", _DAY_FORMAT)
    if isinstance(value, str):
        return Cell(row, at, Text(value), "data")
    return Cell(row, at, Number(value), "data_number", column.number_format)


def _titles(measures: Sequence[str]) -> str:
    more = len(measures) - _TITLES_NAMED
    text = "; ".join(measures[:_TITLES_NAMED])
    return f"{text}; and {more} more" if more > 0 else text


def _quality_sheet(rows: Sequence[QualityRow]) -> SheetPlan:
    values: list[list[Value]] = [
        [row.file, row.sheet, row.row, row.column, row.matter, row.done, row.correct,
         _titles(row.measures)]
        for row in rows
    ]  # fmt: skip
    return table_sheet(
        QUALITY_SHEET, _QUALITY_EXPLAINED, QUALITY_TABLE, _QUALITY_COLUMNS, values,
        style="data", filtered=True,
    )  # fmt: skip
