"""The first sheet: one page that says how the month is, for people who read nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.figures import Action, Figures, MonthInBrief, RatingChange
from workbook_builder.indicators.highlights import (
    RATING_WORDS,
    Highlights,
    Mover,
    each_measure_once,
    highlights,
    key_messages,
    named,
)
from workbook_builder.indicators.rating import AMBER, GREEN, RED
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month
from workbook_builder.problems import counted
from workbook_builder.sheets.content import Origins
from workbook_builder.sheets.data_table import (
    LINE_HEIGHT,
    TITLE_HEIGHTS,
    lines_needed,
    row_height,
    titles,
)
from workbook_builder.sheets.formulas import (
    CHANGE_FORMAT,
    RAG_FORMAT,
    change_formula,
    entry_format,
    number_format,
)
from workbook_builder.sheets.paging import LANDSCAPE, LEAST_SCALE, width_in_points
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    ChangeMarks,
    Content,
    Empty,
    Formula,
    Link,
    Number,
    Picture,
    RatingFills,
    SheetPlan,
    Text,
    Width,
    address,
    quoted,
)
from workbook_builder.workbook_format import KEY_MESSAGES

SUMMARY_SHEET = "Summary"
#: How many indicators stand in each list.
MOST_LISTED = 5
#: Three panels beside one another, each of a name and three figures, with gaps between them.
_NAME, _FIGURE, _GAP = 36.0, 8.0, 1.6
_PANEL = (_NAME, _FIGURE, _FIGURE, 9.2)
_WIDTHS = (*_PANEL, _GAP, *_PANEL, _GAP, *_PANEL)
_LEFT, _MIDDLE, _RIGHT = 0, len(_PANEL) + 1, 2 * (len(_PANEL) + 1)
_LAST = len(_WIDTHS) - 1
#: Columns of links begin in these columns of the sheet; what is new is beside them.
_LINK_COLUMNS = (_LEFT, _LEFT + 1, _MIDDLE, _MIDDLE + 1)
_NEWS_ROWS = 3
_GAP_HEIGHT = 8.0
_LIST_HEIGHT = 30.0
_SECTION_HEIGHT = 22.0
_LOGO_HEIGHT = 44.0
#: Excel takes formulas no longer than this.
_LONGEST_FORMULA = 8000


@dataclass(frozen=True)
class BoardRow:
    """An indicator as a board table shows it: its sheet, row, and where its columns begin."""

    indicator: Indicator
    sheet: str
    row: int
    first: Mapping[ColumnKind, int]

    def cell(self, kind: ColumnKind, position: int = 0) -> str:
        """Return the address of a cell with its sheet; `position` counts the columns of a kind."""
        return f"{quoted(self.sheet)}!{address(self.row, self.first[kind] + position)}"

    def content(self, kind: ColumnKind, value: float, position: int = 0) -> Content:
        """Return what follows a cell of the table, whose value is this, or else the value."""
        if kind not in self.first:
            return Number(value)
        return Formula(f"={self.cell(kind, position)}", value)


@dataclass(frozen=True)
class KeyMessage:
    """A key message: its cell, by a name, what the program writes there, and what a person did."""

    name: str
    cell: str
    area: Area
    automatic: str
    written: str

    @property
    def text(self) -> str:
        """What stands in the cell: a person's words before the program's."""
        return self.written or self.automatic


@dataclass(frozen=True)
class Summary:
    """What the summary says. `rows` are rows of board tables by measure, `news` sentences.

    `months` are the labels of the month before and of this one; `messages` are the program's words.
    """

    found: Highlights
    rows: Mapping[str, BoardRow]
    months: tuple[str, str]
    messages: tuple[str, ...]
    news: tuple[str, ...]


def summary_of(
    rows: Iterable[BoardRow], figures: Figures, origins: Origins, month: Month
) -> Summary:
    """Return what the summary says of the rows of all board tables."""
    shown = [row if "rag" in row.first else _unrated(row) for row in rows]
    chosen = set(map(id, each_measure_once(row.indicator for row in shown)))
    by_measure = {row.indicator.measure: row for row in shown if id(row.indicator) in chosen}
    found = highlights((row.indicator for row in by_measure.values()), figures, MOST_LISTED)
    blanks = _blanks(found, month)
    revisions = _revisions(origins)
    messages = key_messages(found, [text for text in (*revisions, *blanks) if text])
    news = (
        *(revisions or _unrevised(origins)),
        *(blanks or (f"Every indicator has a figure for {month.label}.",)),
    )
    return Summary(found, by_measure, (month.plus(-1).label, month.label), messages, news)


def month_in_brief(summary: Summary, origins: Origins) -> MonthInBrief:
    """Return what the month comes to, in numbers and names."""
    found = summary.found
    changes = (
        RatingChange(each.indicator.name, RATING_WORDS[each.before], RATING_WORDS[each.now])
        for each in found.changed
        if each.before is not None and each.now is not None
    )
    return MonthInBrief(
        indicators=len(found.rated),
        red=tuple(each.indicator.name for each in found.rated if each.now == RED),
        red_before=found.count_before(RED),
        amber=found.count(AMBER),
        green=found.count(GREEN),
        changes=tuple(changes),
        blank=len(found.blank),
        benchmarked=sum(bool(_benchmarks_of(each.indicator)) for each in found.rated),
        revised=sum(revision.listed is None for revision in origins.revisions),
    )


def _benchmarks_of(indicator: Indicator) -> list[float]:
    return [entry.number for entry in indicator.benchmarks if entry.number is not None]


def _unrated(row: BoardRow) -> BoardRow:
    """Return a row of a table without a RAG column: nobody sees a rating there, so none counts."""
    return replace(row, indicator=replace(row.indicator, rag=None, better=None))


def _revisions(origins: Origins) -> tuple[str, ...]:
    """Say what became of the published figures that today's extracts would make others."""
    new = [revision.action for revision in origins.revisions if revision.listed is None]
    if not new:
        return ()
    actions = ", ".join(f"{new.count(action)} {action}" for action in Action if action in new)
    differ = "differs" if len(new) == 1 else "differ"
    figures = counted(len(new), "published figure")
    return (f"{figures} {differ} from today's data: {actions}. See Revisions.",)


def _unrevised(origins: Origins) -> tuple[str, ...]:
    if not origins.previous:
        return ("No earlier workbook was given to compare with.",)
    return (f"No figure differs from those published in {origins.previous}.",)


def _blanks(found: Highlights, month: Month) -> tuple[str, ...]:
    """Say which indicators have no figure."""
    if not found.blank:
        return ()
    names = named(found.blank, f"{counted(len(found.blank), 'indicator')} of the board tables")
    return (f"There is no figure for {month.label} of {names}. See Notes.",)


#: Columns of groups of links; each group has a heading and the names of its sheets.
LinkColumns = Sequence[Sequence[tuple[str, Sequence[str]]]]


@dataclass(frozen=True)
class SummaryPage:
    """What stands around the summary: titles, links, how to print it, and a PNG picture as logo.

    `written` are key messages that people have put in place of the program's, by their names.
    """

    title: str
    subtitle: str
    links: LinkColumns
    printing: str
    written: Mapping[str, str]
    logo: bytes = b""


def summary_sheet(summary: Summary, page: SummaryPage) -> tuple[SheetPlan, tuple[KeyMessage, ...]]:
    """Lay out the summary on one page; also return its key messages, which people may edit."""
    return _SummaryPageWriter(summary, page).written()


class _SummaryPageWriter:
    """Writes the panels from the top, each over what the one before left free."""

    def __init__(self, summary: Summary, page: SummaryPage) -> None:
        self.content = summary
        self.page = page
        self.cells: list[Cell] = []
        self.heights: dict[int, float] = dict((*TITLE_HEIGHTS, (len(TITLE_HEIGHTS), _GAP_HEIGHT)))
        self.merged: list[Area] = []
        self.fills: list[RatingFills] = []
        self.marks: list[ChangeMarks] = []
        self.messages: list[KeyMessage] = []
        self.row = len(self.heights)

    def written(self) -> tuple[SheetPlan, tuple[KeyMessage, ...]]:
        logo = self.page.logo
        self.cells += titles(self.page.title, self.page.subtitle)
        self._ratings()
        self._key_messages()
        self._next(1 + len(KEY_MESSAGES))
        self._lists()
        self._next(2 + MOST_LISTED)
        self._news_and_links()
        height = sum(self.heights.get(row, LINE_HEIGHT) for row in range(self.row))
        width = sum(map(width_in_points, _WIDTHS))
        scale = min(LANDSCAPE.width / width, LANDSCAPE.height / height)
        sheet = SheetPlan(
            name=SUMMARY_SHEET,
            cells=tuple(self.cells),
            widths=tuple(Width(column, column, width) for column, width in enumerate(_WIDTHS)),
            heights=tuple(sorted(self.heights.items())),
            rating_fills=tuple(self.fills),
            change_marks=tuple(self.marks),
            pictures=(Picture(0, _LAST, logo, "Logo", _LOGO_HEIGHT),) if logo else (),
            print_area=Area(0, 0, self.row - 1, _LAST),
            # Of very many sheets there are links for more than a page.
            one_page=scale >= LEAST_SCALE,
            merged=tuple(self.merged),
        )  # fmt: skip
        return sheet, tuple(self.messages)

    def _next(self, rows: int) -> None:
        """Go on below a panel of so many rows, with a gap."""
        self.row += rows + 1
        self.heights[self.row - 1] = _GAP_HEIGHT

    def _head(self, row: int, column: int, text: str) -> None:
        self.cells.append(Cell(row, column, Text(text), "section"))
        self.heights[row] = _SECTION_HEIGHT

    def _headings(self, row: int, column: int, texts: Sequence[str]) -> None:
        self.cells += [
            Cell(row, column + number, Text(text), "heading_centred" if number else "heading")
            for number, text in enumerate(texts)
        ]

    def _ratings(self) -> None:
        """Lay out how many indicators have each rating, now and before."""
        found, row = self.content.found, self.row
        before, now = self.content.months
        self._head(row, _LEFT, "Ratings")
        self._headings(row + 1, _LEFT, ("Indicators", now, before))
        for place, rating in enumerate(RATING_WORDS, row + 2):
            count = self._count(rating)
            self.cells += [
                Cell(place, _LEFT, Number(rating), "rag", RAG_FORMAT),
                Cell(place, _LEFT + 1, count, "count"),
                Cell(place, _LEFT + 2, Number(found.count_before(rating)), "figure", "0"),
            ]
        self.fills.append(RatingFills(Area(row + 2, _LEFT, row + 4, _LEFT)))
        rest = row + 2 + len(RATING_WORDS)
        unrated = len(found.rated) - sum(found.count(rating) for rating in RATING_WORDS)
        for place, (text, number) in enumerate(
            (("Changed rating", len(found.changed)), ("Without a rating", unrated)), rest
        ):
            self.cells += [
                Cell(place, _LEFT, Text(text), "name"),
                Cell(place, _LEFT + 1, Number(number), "figure", "0"),
                Cell(place, _LEFT + 2, Empty(), "figure"),
            ]

    def _count(self, rating: int) -> Content:
        """Return a formula that counts the board tables' cells with a rating."""
        found, rows = self.content.found, self.content.rows
        cells = [
            rows[each.indicator.measure].cell("rag")
            for each in found.rated
            if each.indicator.rag is not None and "rag" in rows[each.indicator.measure].first
        ]
        formula = "=" + "+".join(f"({cell}={rating})" for cell in cells)
        count = found.count(rating)
        if not cells or len(formula) > _LONGEST_FORMULA:
            return Number(count)
        return Formula(f"=N({formula[1:]})", count)

    def _key_messages(self) -> None:
        """Lay out the key messages, each in cells that are one, to be edited."""
        content, row = self.content, self.row
        self._head(row, _MIDDLE, "Key messages")
        note = "Drafts made from the figures: edit them. Your words are kept."
        self.cells.append(Cell(row, _RIGHT, Text(note), "subtitle"))
        width = sum(_WIDTHS[_MIDDLE:])
        drafts = zip_longest(KEY_MESSAGES, content.messages[: len(KEY_MESSAGES)], fillvalue="")
        for number, (name, automatic) in enumerate(drafts, 1):
            place = row + number
            area = Area(place, _MIDDLE, place, _LAST)
            cell = f"key_message_{number}"
            written = self.page.written.get(name, "")
            first = Area(place, _MIDDLE, place, _MIDDLE)
            message = KeyMessage(name, cell, first, automatic, written)
            self.messages.append(message)
            self.merged.append(area)
            shown: Content = Text(message.text) if message.text else Empty()
            self.cells += [
                Cell(place, _MIDDLE, shown, "message"),
                *(Cell(place, column, Empty(), "message")
                  for column in range(_MIDDLE + 1, _LAST + 1)),
            ]  # fmt: skip
            lines = lines_needed(message.text, width)
            self.heights[place] = row_height(lines)

    def _lists(self) -> None:
        found, row = self.content.found, self.row
        before, now = self.content.months
        self._head(row, _LEFT, "Furthest from target")
        self._headings(row + 1, _LEFT, ("Indicator", now, "Target", "RAG"))
        self._head(row, _MIDDLE, "Improved most")
        self._headings(row + 1, _MIDDLE, ("Indicator", before, now, "Change"))
        self._head(row, _RIGHT, "Worsened most")
        self._headings(row + 1, _RIGHT, ("Indicator", before, now, "Change"))
        self.heights[row + 1] = row_height(1)
        for place, indicator in enumerate(found.furthest, row + 2):
            self.cells += self._missed(place, indicator)
        self.fills.append(RatingFills(Area(row + 2, _LEFT + 3, row + 1 + MOST_LISTED, _LEFT + 3)))
        for column, movers in ((_MIDDLE, found.better), (_RIGHT, found.worse)):
            for place, mover in enumerate(movers, row + 2):
                self.cells += self._moved(place, column, mover)
                area = Area(place, column + 3, place, column + 3)
                indicator = mover.indicator
                self.marks.append(ChangeMarks(area, indicator.desired, indicator.level_band))
        nothing = "Nothing is rated red or amber." if found.rated else "There are no indicators."
        for column, entries, text in (
            (_LEFT, found.furthest, nothing),
            (_MIDDLE, found.better, "No indicator has improved."),
            (_RIGHT, found.worse, "No indicator has worsened."),
        ):
            if not entries:
                self.cells.append(Cell(row + 2, column, Text(text), "subtitle"))
        names: dict[int, list[str]] = {}
        for indicators in (found.furthest, [m.indicator for m in found.better],
                           [m.indicator for m in found.worse]):  # fmt: skip
            for place, indicator in enumerate(indicators, row + 2):
                names.setdefault(place, []).append(indicator.name)
        for place in range(row + 2, row + 2 + MOST_LISTED):
            lines = max((lines_needed(name, _NAME) for name in names.get(place, ())), default=1)
            self.heights[place] = max(_LIST_HEIGHT, row_height(lines))

    def _named(self, place: int, column: int, indicator: Indicator) -> Cell:
        name = indicator.name[:1].upper() + indicator.name[1:]
        row = self.content.rows.get(indicator.measure)
        shown: Content = Link(name, row.sheet) if row else Text(name)
        return Cell(place, column, shown, "link")

    def _value(self, place: int, column: int, indicator: Indicator, position: int | None) -> Cell:
        """Return the cell of a month's value, which follows the board table."""
        value = indicator.value_at(position)
        assert value is not None  # else the indicator is in no list
        assert position is not None
        row = self.content.rows.get(indicator.measure)
        shown: Content = row.content("months", value, position) if row else Number(value)
        shown_as = number_format(indicator.unit, indicator.decimals)
        return Cell(place, column, shown, "figure", shown_as)

    def _missed(self, place: int, indicator: Indicator) -> Iterator[Cell]:
        target, rag, row = indicator.target, indicator.rag, self.content.rows[indicator.measure]
        assert target is not None  # else the indicator would not be rated
        assert target.number is not None
        assert rag is not None
        yield self._named(place, _LEFT, indicator)
        yield self._value(place, _LEFT + 1, indicator, indicator.compared.current)
        shown_as = entry_format(indicator.unit, indicator.decimals, target.sign)
        yield Cell(place, _LEFT + 2, row.content("target", target.number), "target", shown_as)
        yield Cell(place, _LEFT + 3, row.content("rag", rag), "rag", RAG_FORMAT)

    def _moved(self, place: int, column: int, mover: Mover) -> Iterator[Cell]:
        indicator = mover.indicator
        compared = indicator.compared
        yield self._named(place, column, indicator)
        yield self._value(place, column + 1, indicator, compared.previous)
        yield self._value(place, column + 2, indicator, compared.current)
        before, now = address(place, column + 1), address(place, column + 2)
        change = change_formula(now, before, mover.share)
        yield Cell(place, column + 3, change, "change", CHANGE_FORMAT)

    def _news_and_links(self) -> None:
        """Lay out the links to all sheets and, beside them, what is new."""
        top = self.row
        self._head(top, _LEFT, "Contents")
        self._head(top, _RIGHT, "New since the last publication")
        ends = [top + 1]
        for column, groups in zip(_LINK_COLUMNS, self.page.links, strict=False):
            row = top + 1
            for heading, names in groups:
                self.cells.append(Cell(row, column, Text(heading), "panel"))
                self.cells += [Cell(place, column, Link(name, name), "plain_link")
                               for place, name in enumerate(names, row + 1)]  # fmt: skip
                row += 1 + len(names)
            ends.append(row)
        row = top + 1
        for sentence in self.content.news:
            area = Area(row, _RIGHT, row + _NEWS_ROWS - 1, _LAST)
            self.merged.append(area)
            self.cells.append(Cell(row, _RIGHT, Text(sentence), "news"))
            row = area.last_row + 1
        self.row = max(*ends, row)
        self.cells.append(Cell(self.row, _LEFT, Text(self.page.printing), "subtitle"))
        self.row += 1
