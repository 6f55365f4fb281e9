"""The sheets next month's build reads: figures, revisions, commentary, targets, benchmarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace

from workbook_builder import workbook_format
from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.definitions.measures import (
    Average,
    Children,
    ChildrenInAny,
    ChildrenPercentage,
    Measure,
    Rate,
)
from workbook_builder.definitions.targets import Entry
from workbook_builder.figures import (
    NOTHING,
    Action,
    Comment,
    Commentary,
    Figure,
    FigureKey,
    Figures,
    Listed,
    Revision,
)
from workbook_builder.indicators.rounding import decimals_shown, digits, value_text
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month
from workbook_builder.problems import counted
from workbook_builder.sheets.content import ValueRow
from workbook_builder.sheets.data_table import (
    HEADING_ROW,
    TITLE_HEIGHTS,
    TableStack,
    Value,
    table_sheet,
    titles,
)
from workbook_builder.sheets.formulas import (
    RAG_FORMAT,
    number_format,
    signed_format,
    trend_formula,
)
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    NativeTable,
    Number,
    RatingFills,
    SheetPlan,
)
from workbook_builder.sheets.summary_sheet import BoardRow

FIGURES_SHEET = "Figures"
COMMENTARY_SHEET = "Commentary"
TARGETS_SHEET = "Targets"
BENCHMARKS_SHEET = "Benchmarks"
MEMORY_SHEET = "As written"

_FIGURES_WIDTHS = (40.0, 10.0, 34.0, 14.0, 16.0, 14.0, 26.0)
_FIGURES_EXPLAINED = (
    "Every figure of this workbook, unrounded; percentages as shares of one. A blank team is the "
    "whole service. A figure without a value says why in its status. Only this heading is printed."
)
#: What is beside the columns that `workbook_format` names, from the left; keys come last.
_COMMENTARY_COLUMNS = (
    ("Ref.", 7.0), ("Indicator", 44.0), ("Figure", 10.0), ("Change", 10.0), ("RAG", 10.0),
    ("commentary", 84.0), ("month", 10.0), ("measure", 36.0),
)  # fmt: skip
_REFERENCE, _TITLE, _FIGURE, _CHANGE, _RAG = range(5)
_COMMENTARY_EXPLAINED = (
    "What you write here, or in a table's commentary column, is kept for next month. Figures are "
    "for the row's month, changes from the month before."
)
_VALUES_WIDTHS = {
    "title": 60.0, "period": 24.0, "comparator": 24.0, "target": 16.0, "benchmark": 16.0,
    "in the layouts": 16.0, "measure": 40.0,
}  # fmt: skip
_VALUES_EXPLAINED = (
    "Type over a target or benchmark, or add a row below the table with its title or measure. "
    "Next month's workbook uses it instead of the layouts' value."
)
_MEMORY_EXPLAINED = (
    "What the program wrote, so that next month's build can see what people changed. "
    "Nothing to do here."
)


def figures_sheet(figures: Iterable[Figure]) -> SheetPlan:
    """Lay out all figures in the order in which they come."""
    rows: list[list[Value]] = [
        [figure.measure, str(figure.month), figure.team, figure.numerator, figure.denominator,
         figure.value, str(figure.status)]
        for figure in figures
    ]  # fmt: skip
    columns = list(zip(workbook_format.FIGURES_COLUMNS, _FIGURES_WIDTHS, strict=True))
    sheet = table_sheet(
        FIGURES_SHEET, _FIGURES_EXPLAINED, workbook_format.FIGURES_TABLE, columns, rows,
        style="data", filtered=True, landscape=False,
    )  # fmt: skip
    # Its hundred pages would come out with the board when somebody prints the whole workbook.
    return replace(sheet, print_area=Area(0, 0, HEADING_ROW - 1, len(columns) - 1))


def commentary_sheet(
    measures: Iterable[str],
    commentary: Commentary,
    month: Month,
    indicators: Mapping[str, Indicator],
    board_rows: Mapping[str, BoardRow],
) -> SheetPlan:
    """Lay out a row for each measure in the reporting month, then all other commentary.

    Beside the words is what they are about, from `indicators` by measure; figures of the reporting
    month follow the cells of the board tables, where those have a row.
    """
    shown = dict.fromkeys(measures)
    comments = [
        *(Comment(measure, month, commentary.of(measure, month)) for measure in shown),
        *(comment for comment in commentary
          if comment.measure not in shown or comment.month != month),
    ]  # fmt: skip
    rows: list[list[Value]] = []
    for comment in comments:
        indicator = indicators.get(comment.measure)
        reference = indicator.reference if indicator else ""
        title = indicator.title if indicator else comment.measure
        rows.append([reference, title, None, None, None, comment.text, str(comment.month),
                     comment.measure])  # fmt: skip

    def with_figures(cell: Cell) -> Cell:
        """Put figure, change and rating into the cells before the words."""
        if cell.row == HEADING_ROW:
            centred = cell.column in (_REFERENCE, _FIGURE, _CHANGE, _RAG)
            return cell._replace(style="heading_centred") if centred else cell
        comment = comments[cell.row - HEADING_ROW - 1]
        indicator = indicators.get(comment.measure)
        if cell.column == _REFERENCE:
            return cell._replace(style="reference")
        if cell.column in (_FIGURE, _CHANGE, _RAG):
            row = board_rows.get(comment.measure) if comment.month == month else None
            return _figure_beside(cell, indicator, comment.month, row) if indicator else cell
        return cell

    sheet = table_sheet(
        COMMENTARY_SHEET, _COMMENTARY_EXPLAINED, workbook_format.COMMENTARY_TABLE,
        _COMMENTARY_COLUMNS, rows, reformat=with_figures,
    )  # fmt: skip
    last_row = HEADING_ROW + max(len(rows), 1)
    return replace(
        sheet,
        freeze=(HEADING_ROW + 1, _TITLE + 1),
        print_area=Area(0, 0, last_row, len(_COMMENTARY_COLUMNS) - 2),
        rating_fills=(RatingFills(Area(HEADING_ROW + 1, _RAG, last_row, _RAG)),),
    )


def _figure_beside(cell: Cell, indicator: Indicator, month: Month, row: BoardRow | None) -> Cell:
    """Return a cell beside a comment with the figure, the change or the rating of its month.

    Changes and ratings are those of the reporting month, or of the quarter that is judged there.
    `row` is that of the board table whose cells it follows.
    """
    compared = indicator.compared
    is_last = indicator.months[-1].month == month
    earlier = (place for place, shown in enumerate(indicator.months) if shown.month == month)
    position = compared.current if is_last else next(earlier, None)
    value = indicator.value_at(position)
    content: Content
    if cell.column == _FIGURE and value is not None:
        content = row.content("months", value, position or 0) if row else Number(value)
        shown_as = number_format(indicator.unit, indicator.decimals)
        return cell._replace(content=content, style="figure", number_format=shown_as)
    if cell.column == _CHANGE and is_last and indicator.trend is not None:
        content = Number(indicator.trend)
        if row and "months" in row.first:
            now, before = (
                row.cell("months", place or 0) for place in (compared.current, compared.previous)
            )
            content = trend_formula(now, before, indicator.trend)
        shown_as = signed_format(indicator.unit, indicator.decimals)
        return cell._replace(content=content, style="figure", number_format=shown_as)
    if cell.column == _RAG and is_last and indicator.rag is not None:
        content = row.content("rag", indicator.rag) if row else Number(indicator.rag)
        return cell._replace(content=content, style="rag", number_format=RAG_FORMAT)
    return cell._replace(style="unrated")


def _comment_values(comment: Comment) -> list[Value]:
    return [comment.measure, str(comment.month), comment.text]


def targets_sheet(rows: Sequence[ValueRow], measures: Mapping[str, Measure]) -> SheetPlan:
    """Lay out the targets in force, where a council may keep its own."""
    return _values_sheet(
        TARGETS_SHEET,
        workbook_format.TARGETS_TABLE,
        workbook_format.TARGETS_COLUMNS,
        rows,
        measures,
    )


def benchmarks_sheet(rows: Sequence[ValueRow], measures: Mapping[str, Measure]) -> SheetPlan:
    """Lay out the benchmarks in force, where a council may keep its own."""
    return _values_sheet(
        BENCHMARKS_SHEET,
        workbook_format.BENCHMARKS_TABLE,
        workbook_format.BENCHMARKS_COLUMNS,
        rows,
        measures,
    )


def _values_sheet(
    name: str,
    table: str,
    headings: Sequence[str],
    rows: Sequence[ValueRow],
    measures: Mapping[str, Measure],
) -> SheetPlan:
    """Lay out values, each with the title of its measure first and its key last."""
    values: list[list[Value]] = [
        [measures[row.measure].title if row.measure in measures else "", row.place,
         _entry_value(row.entry), _entry_value(row.in_layouts), row.measure]
        for row in rows
    ]  # fmt: skip
    measure, *others = headings

    def in_full(cell: Cell) -> Cell:
        """Give a number the format of its measure, with all its digits."""
        if not isinstance(cell.content, Number):
            return cell
        measure = measures.get(rows[cell.row - HEADING_ROW - 1].measure)
        unit, usual = (measure.unit, measure.decimals) if measure else ("number", 0)
        decimals = decimals_shown(cell.content.value, unit, usual)
        return cell._replace(style="figure", number_format=number_format(unit, decimals))

    columns = [(heading, _VALUES_WIDTHS[heading]) for heading in (*others, measure)]
    return table_sheet(name, _VALUES_EXPLAINED, table, columns, values, reformat=in_full)


def _entry_value(entry: Entry) -> Value:
    """Return a number without a sign as a number; all else as it is written in TOML."""
    if entry.number is None or not entry.sign:
        return entry.word or entry.number
    shown = f"{entry.number * 100:.10g}%" if entry.in_percent else f"{entry.number:.10g}"
    return f"{entry.sign}{shown}"


@dataclass(frozen=True)
class CommentRow:
    """A row of a table with commentary: native table, headings, and how to find the row again."""

    table: str
    commentary_heading: str
    reference_heading: str
    title_heading: str
    reference: str
    title: str
    measure: str


def comment_rows(
    table: NativeTable, first: Mapping[ColumnKind, int], indicators: Iterable[Indicator]
) -> Iterator[CommentRow]:
    """Yield the rows of a table that has a column of commentary.

    `first` is where each kind of column begins.
    """
    if "commentary" not in first:
        return
    kinds: tuple[ColumnKind, ...] = ("commentary", "reference", "indicator")
    commentary, reference, title = (
        table.headings[first[kind]] if kind in first else "" for kind in kinds
    )
    for indicator in indicators:
        yield CommentRow(
            table.name, commentary, reference, title,
            indicator.reference if reference else "", indicator.title if title else "",
            indicator.measure,
        )  # fmt: skip


@dataclass(frozen=True)
class HeadlineRow:
    """The headline of a slide as it is written, the area of its cell, and that cell's name."""

    slide: str
    cell: str
    area: Area
    text: str


def memory_sheet(
    figures: Figures,
    listed: Mapping[FigureKey, Listed],
    commentary: Commentary,
    rows: Sequence[CommentRow],
    *,
    headlines: Sequence[HeadlineRow],
    month: Month,
) -> SheetPlan:
    """Lay out the hidden copy of the figures, differences listed so far, commentary, headlines."""
    revisions: list[list[Value]] = [
        [measure, str(month), team, *revision.amount, str(revision.month)]
        for (measure, month, team), revision in sorted(listed.items())
    ]
    tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Value]]]] = (
        (workbook_format.FIGURES_AS_WRITTEN_TABLE, *_figures_as_written(figures)),
        (
            workbook_format.LISTED_REVISIONS_TABLE,
            workbook_format.LISTED_REVISIONS_COLUMNS,
            revisions,
        ),
        (
            workbook_format.COMMENTARY_AS_WRITTEN_TABLE,
            workbook_format.COMMENTARY_COLUMNS,
            list(map(_comment_values, commentary)),
        ),
        (
            workbook_format.COMMENTARY_ROWS_TABLE,
            workbook_format.COMMENTARY_ROWS_COLUMNS,
            [list(astuple(row)) for row in rows],
        ),
        (
            workbook_format.HEADLINES_TABLE,
            workbook_format.HEADLINES_COLUMNS,
            [[row.slide, str(month), row.cell, row.text] for row in headlines],
        ),
    )
    stack = TableStack(first_row=2)
    for name, headings, body in tables:
        stack.add(name, [(heading, 0.0) for heading in headings], body, style="data")
    return SheetPlan(
        name=MEMORY_SHEET,
        cells=(*titles(MEMORY_SHEET, _MEMORY_EXPLAINED), *stack.cells),
        heights=TITLE_HEIGHTS,
        tables=stack.tables,
        hidden=True,
    )


def _figures_as_written(figures: Figures) -> tuple[Sequence[str], Sequence[Sequence[Value]]]:
    """Return headings and rows: one row for each measure and team, one column for each month."""
    known = [figure for figure in figures if figure.value is not None]
    months = sorted({figure.month for figure in known})
    texts: dict[tuple[str, str], dict[Month, str]] = {}
    for figure in known:
        numbers = workbook_format.numbers_text((figure.numerator, figure.denominator, figure.value))
        texts.setdefault((figure.measure, figure.team), {})[figure.month] = numbers
    rows: list[list[Value]] = [
        [*key, *(by_month.get(month) for month in months)] for key, by_month in texts.items()
    ]
    return (*workbook_format.FIGURES_AS_WRITTEN_KEYS, *map(str, months)), rows


REVISIONS_SHEET = "Revisions"
REVISIONS_TABLE = "t_revisions"

_COLUMNS = (
    ("measure", 34.0), ("title", 46.0), ("month", 10.0), ("team", 26.0), ("published", 13.0),
    ("recalculated", 13.0), ("difference", 13.0), ("what explains it", 56.0), ("action", 16.0),
)  # fmt: skip
_VALUES = range(4, 7)
_DIFFERENCE = 6

#: The measure of a revision whose own is not defined any more.
_UNKNOWN_MEASURE = Measure(name="unknown", title="unknown")
_MOST_DECIMALS = 6


def revisions_sheet(
    revisions: Sequence[Revision], measures: Mapping[str, Measure], previous: str
) -> SheetPlan:
    """Lay out the revisions that no earlier workbook lists.

    `previous` is the name of last month's workbook.
    """
    new = [revision for revision in revisions if revision.listed is None]

    def as_measured(cell: Cell) -> Cell:
        """Give a number the format of its measure."""
        if not isinstance(cell.content, Number) or cell.column not in _VALUES:
            return cell
        revision = new[cell.row - HEADING_ROW - 1]
        measure = measures.get(revision.measure, _UNKNOWN_MEASURE)
        format_of = signed_format if cell.column == _DIFFERENCE else number_format
        shown_as = format_of(measure.unit, _decimals(revision, measure))
        return cell._replace(style="figure", number_format=shown_as)

    return table_sheet(
        REVISIONS_SHEET,
        _explained(len(new), len(revisions) - len(new), previous),
        REVISIONS_TABLE,
        _COLUMNS,
        [
            [
                revision.measure,
                measures[revision.measure].title if revision.measure in measures else "",
                str(revision.month),
                revision.team,
                revision.published.value,
                revision.recalculated.value,
                revision.difference,
                _explanation(revision, measures.get(revision.measure, _UNKNOWN_MEASURE)),
                str(revision.action),
            ]
            for revision in new
        ],
        filtered=True,
        reformat=as_measured,
    )


def _explained(new: int, earlier: int, previous: str) -> str:
    verb = "still apply" if earlier > 1 else "still applies"
    more = f" {earlier:,} more, listed in earlier workbooks, {verb}." if earlier else ""
    if not new:
        return f"No further figure differs from those published in {previous}.{more}"
    are = "is" if new == 1 else "are"
    return (
        f"{counted(new, 'figure')} published in {previous} {are} different from today's "
        f"data, or changed since publication.{more}"
    )


def with_marks(
    figures: Figures, revisions: Iterable[Revision], measures: Mapping[str, Measure], month: Month
) -> Figures:
    """Mark the figures that a reader must not take for today's, or for the published ones.

    `month` is the reporting month, on whose Revisions sheet new revisions are listed.
    """
    marks = {
        revision.key: _mark(revision, measures.get(revision.measure, _UNKNOWN_MEASURE), month)
        for revision in revisions
        if revision.action is not Action.FILLED
    }
    return Figures(
        replace(figure, mark=mark) if (mark := marks.get(figure.key)) else figure
        for figure in figures
    )


def _mark(revision: Revision, measure: Measure, month: Month) -> str:
    """Write the note on a cell whose figure is not, or no longer, what today's extracts give."""
    decimals = _decimals(revision, measure)
    today = "As published."
    if revision.recalculated.value is not None:
        recalculated = value_text(revision.recalculated.value, measure.unit, decimals)
        today = f"As published. Today's data gives {recalculated}."
    published = value_text(revision.published.value, measure.unit, decimals)
    shown = {
        Action.KEPT: today,
        Action.REPLACED: f"Today's figure. {published} was published.",
        Action.TYPED: "",
        Action.CLEARED: "",
    }[revision.action]
    where = f"See the Revisions sheet of {(revision.listed or month).label}."
    return " ".join(text for text in (shown, _explanation(revision, measure), where) if text)


def _decimals(revision: Revision, measure: Measure) -> int:
    """Return the digits after the point that show a difference: more than are printed elsewhere."""
    values = [revision.published.value, revision.recalculated.value]
    if measure.unit == "number" and all(
        value is None or float(value).is_integer() for value in values
    ):
        return 0
    difference = abs(revision.difference or 0.0)
    decimals = measure.decimals
    while decimals < _MOST_DECIMALS and difference < 10.0 ** -digits(measure.unit, decimals):
        decimals += 1
    return decimals


def _explanation(revision: Revision, measure: Measure) -> str:
    """Say what explains a difference: so many records more or fewer, or what a person did."""
    return " ".join([*_by_hand(revision, measure), *_by_records(revision, measure)])


def _by_hand(revision: Revision, measure: Measure) -> Iterator[str]:
    if revision.action is Action.FILLED:
        yield "It was blank when the month was published."
    if revision.action is Action.CLEARED:
        yield "Somebody deleted it from last month's workbook."
    if revision.action is Action.TYPED:
        written = revision.written.value if revision.written else None
        text = "nothing"
        if written is not None:
            text = value_text(written, measure.unit, _decimals(revision, measure))
        yield f"Typed by hand into a finished workbook; the program had written {text}."


def _by_records(revision: Revision, measure: Measure) -> Iterator[str]:
    before, after = revision.published, revision.recalculated
    if after == NOTHING:
        missing = "no record of this team" if revision.team else "no figure"
        yield f"Today's data gives {missing}."
        return
    if revision.action is Action.FILLED or before.same(after):
        return
    if before == NOTHING:
        yield "No figure of this team was published."
    elif before.numerator is None and before.denominator is None:
        yield "It was published without numerator and denominator."
    else:
        changes = list(_changes(revision, measure))
        same = "The numbers behind it are the same, but the calculation has changed."
        yield f"{', '.join(changes)}." if changes else same


def _changes(revision: Revision, measure: Measure) -> Iterator[str]:
    """Yield what changed in numerator and denominator, in the words of the kind of measure."""
    before, after = revision.published, revision.recalculated
    numerators = before.numerator, after.numerator
    denominators = before.denominator, after.denominator
    noun = "record"
    if isinstance(measure, Children | ChildrenPercentage | ChildrenInAny):
        noun = "child"
    if isinstance(measure, Average):
        yield from (f"{text} in the sum of the values" for text in _change(*numerators, ""))
        yield from _change(*denominators, noun)
    elif isinstance(measure, Rate):
        yield from (f"{text} counted" for text in _change(*numerators, ""))
        yield from (f"population: {text}" for text in _change(*denominators, "person", "people"))
    elif denominators == (None, None):
        yield from _change(*numerators, noun)
    else:
        yield from (f"{text} in the numerator" for text in _change(*numerators, noun))
        yield from (f"{text} in the denominator" for text in _change(*denominators, noun))


def _change(
    before: float | None, after: float | None, noun: str, plural: str = ""
) -> Iterator[str]:
    """Yield a change as "3 more children"; without a noun, as "2.5 less"; nothing if there is none.

    The usual plural has an s.
    """
    difference = round(after - before, 6) if before is not None and after is not None else 0
    if not difference:
        return
    size, word = abs(difference), "more" if difference > 0 else "fewer"
    if not noun or not float(size).is_integer():
        yield f"{size:,.6g} {word if noun else word.replace('fewer', 'less')}"
        return
    text = counted(int(size), noun, plural or ("children" if noun == "child" else ""))
    number, _, name = text.partition(" ")
    yield f"{number} {word} {name}"
