"""The workbook's sheets as the window shows them, and what there is to say of one figure.

The worker makes these from the plan, which Excel is drawn from too, so the two show the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape

from workbook_builder.figures import REASONS, Figure
from workbook_builder.indicators.rounding import value_text
from workbook_builder.looks import (
    BAD,
    GOOD,
    HIGHLIGHT_FILL,
    HIGHLIGHT_INK,
    LEVEL,
    QUIET,
    RATING_LOOKS,
)
from workbook_builder.measures.explain import Explanation, Subject, explain_measure
from workbook_builder.plan_workbook import BuiltFrom
from workbook_builder.problems import counted
from workbook_builder.sheets.cell_styles import HALF_PERCENT, cell_style, change_looks
from workbook_builder.sheets.number_text import content_text, number_text
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    ChangeMarks,
    DataBars,
    Icons,
    Link,
    Number,
    Plan,
    PlanTheme,
    SheetPlan,
)
from workbook_builder.window.preview_charts import number_of, places, preview_charts
from workbook_builder.window.preview_sheet import (
    LETTER_WIDTH,
    FigurePlace,
    PreviewCell,
    PreviewSheet,
)

#: Sheets of more cells are lists to be filtered in Excel, not tables to be read.
_MOST_CELLS = 20_000
#: Excel's own measures: pixels of a letter and of the sides of a cell, pixels of a point.
_LETTER, _SIDES, _POINT = 7.0, 5.0, 96 / 72
_USUAL_WIDTH, _USUAL_HEIGHT = 8.43, 20.0
_SEEN = 0.5
#: The row's arrow and its colour above, at and below the threshold, by the kind of icon.
_ICONS: Mapping[Icons, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    "direction": (("▲", GOOD), ("►", LEVEL), ("▼", BAD)),
    "trend": (("▲", QUIET), ("►", QUIET), ("▼", QUIET)),
}


def preview_sheets(plan: Plan) -> tuple[PreviewSheet, ...]:
    """Return the sheets of a plan that are tables to be read, in their order.

    Hidden sheets and long lists are left out.
    """
    by_name = {sheet.name: sheet for sheet in plan.sheets}
    return tuple(
        _preview_sheet(sheet, by_name, plan.theme)
        for sheet in plan.sheets
        if not sheet.hidden and 0 < len(sheet.cells) <= _MOST_CELLS
    )


def _preview_sheet(
    sheet: SheetPlan, by_name: Mapping[str, SheetPlan], theme: PlanTheme
) -> PreviewSheet:
    planned = {(cell.row, cell.column): cell for cell in sheet.cells}
    cells = {place: _styled(cell, theme) for place, cell in planned.items()}
    for place, change in _rules(sheet, planned):
        cells[place] = change(cells[place])
    for spark in sheet.sparklines:
        source = by_name.get(spark.sheet, sheet)
        known = planned if source is sheet else {(one.row, one.column): one for one in source.cells}
        values = tuple(number_of(known.get(place)) for place in places(spark.values))
        before = cells.get((spark.row, spark.column), PreviewCell(""))
        cells[spark.row, spark.column] = before._replace(spark=values)
    rows, columns = (1 + max(place[axis] for place in cells) for axis in (0, 1))
    widths = [_pixels(_USUAL_WIDTH)] * columns
    for width in sheet.widths:
        for column in range(width.first, min(width.last + 1, columns)):
            widths[column] = 0 if width.folded else _pixels(width.width)
    heights = [_USUAL_HEIGHT] * rows
    for row, points in sheet.heights:
        if row < rows:
            heights[row] = points * _POINT
    figures = {
        (line.row, line.first_column + step): FigurePlace(line.measure, month, line.team)
        for line in sheet.figure_rows
        for step, month in enumerate(line.months)
    }
    merged = {
        (area.first_row, area.first_column): (
            area.last_row - area.first_row + 1, area.last_column - area.first_column + 1
        )
        for area in sheet.merged
    }  # fmt: skip
    _run_to_the_left(cells, widths, merged)
    charts = preview_charts(sheet, by_name, theme)
    for chart, planned_chart in zip(charts, sheet.charts, strict=True):
        place = chart.row, chart.column
        cells[place] = cells.get(place, PreviewCell(""))._replace(note=planned_chart.alt_text)
        _make_room(widths, chart.column, chart.width, _pixels(_USUAL_WIDTH))
        _make_room(heights, chart.row, chart.height, _USUAL_HEIGHT)
    return PreviewSheet(
        sheet.name, cells, tuple(widths), tuple(heights), sheet.freeze or (0, 0), figures, merged,
        charts, sheet.slide,
    )  # fmt: skip


def _run_to_the_left(
    cells: dict[tuple[int, int], PreviewCell],
    widths: Sequence[float],
    merged: dict[tuple[int, int], tuple[int, int]],
) -> None:
    """Let texts at the right that are too long go over the empty cells before them, as in Excel."""
    for (row, column), cell in list(cells.items()):
        if not cell.right or cell.boxed or cell.wrapped or (row, column) in merged:
            continue
        needed = len(cell.text) * cell.size * LETTER_WIDTH
        first, width = column, widths[column]
        while width < needed and first > 0 and (row, first - 1) not in cells:
            first -= 1
            width += widths[first]
        if first < column:
            cells[row, first] = cells.pop((row, column))
            merged[row, first] = (1, column - first + 1)


def _make_room(sizes: list[float], first: int, needed: float, usual: float) -> None:
    """Add rows or columns until those from the first on are as large as is needed."""
    while len(sizes) <= first or sum(sizes[first:]) < needed:
        sizes.append(usual)


def _pixels(characters: float) -> float:
    return characters * _LETTER + _SIDES


def _styled(cell: Cell, theme: PlanTheme) -> PreviewCell:
    """Return a cell in the look of its style, before any rule."""
    look = cell_style(cell.style, cell.size, theme)
    alignment = look.align or ("right" if isinstance(cell.content, Number) else "left")
    return PreviewCell(
        text=content_text(cell.content, cell.number_format),
        fill=look.fill,
        ink=look.ink,
        bold=look.bold,
        italic=look.italic,
        centred=alignment == "center",
        right=alignment == "right",
        wrapped=look.wrapped,
        boxed=look.boxed,
        size=look.size,
        note=cell.note,
        sheet=cell.content.sheet if isinstance(cell.content, Link) else "",
    )


_Change = Callable[[PreviewCell], PreviewCell]


def _rules(
    sheet: SheetPlan, planned: Mapping[tuple[int, int], Cell]
) -> Iterator[tuple[tuple[int, int], _Change]]:
    """Yield what the sheet's conditional formats change, cell by cell, as Excel applies them."""
    for fills in sheet.rating_fills:
        for place, value in _numbers(fills.area, planned):
            rating = RATING_LOOKS[_three_way(value, _SEEN)]
            yield (
                place,
                lambda cell, rating=rating: cell._replace(  # type: ignore[misc]
                    text=rating.text, fill=rating.fill, ink=rating.ink, bold=True
                ),
            )
    for icons in sheet.icon_sets:
        for place, value in _numbers(icons.area, planned):
            icon, ink = _ICONS[icons.icons][1 - _three_way(value, icons.threshold)]
            yield (
                place,
                lambda cell, icon=icon, ink=ink: cell._replace(  # type: ignore[misc]
                    icon=icon, icon_ink=ink
                ),
            )
    for marks in sheet.change_marks:
        for place, value in _numbers(marks.area, planned):
            yield place, _marked(value, marks)
    for bars in sheet.data_bars:
        yield from _bars(bars, planned)
    for highlight in sheet.highlights:
        over = highlight.over
        limit = over if isinstance(over, float | int) else number_of(_at_address(over, planned))
        for place, value in _numbers(highlight.area, planned):
            if limit is not None and value > limit:
                yield (
                    place,
                    lambda cell: cell._replace(fill=HIGHLIGHT_FILL, ink=HIGHLIGHT_INK, bold=True),
                )


def _marked(value: float, marks: ChangeMarks) -> _Change:
    """Return the mark of a change: the first of Excel's three rules that holds."""
    up, down, level = change_looks(marks)
    look = (up, level, down)[1 - _three_way(value, marks.band - HALF_PERCENT)]
    text = number_text(value, look.number_format)
    return lambda cell: cell._replace(text=text, ink=look.ink)


def _bars(
    bars: DataBars, planned: Mapping[tuple[int, int], Cell]
) -> Iterator[tuple[tuple[int, int], _Change]]:
    numbers = list(_numbers(bars.area, planned))
    highest = bars.highest or max((value for _, value in numbers), default=0)
    for place, value in numbers if highest > 0 else ():
        share = min(max(value / highest, 0.0), 1.0)
        yield place, lambda cell, share=share: cell._replace(bar=share)  # type: ignore[misc]


def _three_way(value: float, threshold: float) -> int:
    """Return 1 from a threshold on, -1 below its negative, else 0."""
    return 1 if value >= threshold else 0 if value >= -threshold else -1


def _numbers(
    area: Area, planned: Mapping[tuple[int, int], Cell]
) -> Iterator[tuple[tuple[int, int], float]]:
    for place in places(area):
        value = number_of(planned.get(place))
        if value is not None:
            yield place, value


def _at_address(absolute: str, planned: Mapping[tuple[int, int], Cell]) -> Cell | None:
    """Return the cell of an address such as "$F$3"."""
    wanted = absolute.replace("$", "")
    return next((cell for cell in planned.values() if cell.address == wanted), None)


def figure_page(place: FigurePlace, built: BuiltFrom) -> str:
    """Return what a figure is and how it comes about, as a page: value, counts, definition, files.

    Small numbers are hidden in it as in the workbook.
    """
    measures = built.measures
    definitions, layout = measures.definitions, measures.layout
    subject = Subject(definitions, measures.prepared, layout, built.months[-1])
    explanation = explain_measure(place.measure, subject)
    figure = built.reconciled.computed.figures.get(*place)
    sheets = [
        f"{', '.join(filter(None, (sheet.file, sheet.sheet)))}: {counted(sheet.rows_kept, 'row')}"
        for sheet in built.loaded.sheets
        if sheet.dataset in explanation.datasets
    ]
    numbers = (*_counts(figure, explanation), *_changes(place, explanation, built))
    definition = (("Definition", explanation.definition), ("Counted", explanation.how))
    origin = (("Source", explanation.source), ("Files", "; ".join(sheets)))
    where = f"{place.month.label}{f', {place.team}' if place.team else ''}"
    columns = "".join(f"<td>{_facts(facts)}</td>" for facts in (numbers, definition, origin))
    return (f"<h3>{escape(explanation.title)}: {escape(where)}</h3>"
            f'<table width="100%" cellspacing="8"><tr>{columns}</tr></table>')  # fmt: skip


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<p><b>{name}</b><br>{escape(text)}</p>" for name, text in facts if text)


def _counts(figure: Figure | None, explanation: Explanation) -> Iterator[tuple[str, str]]:
    """Yield a figure's value, or why it is blank, and what it is worked out from."""
    if figure is None:
        yield "Value", "blank"
        return
    value = value_text(figure.value, explanation.unit, explanation.decimals)
    yield "Value", value if figure.value is not None else REASONS.get(figure.status, "blank")
    if figure.numerator is not None and figure.denominator is not None:
        below = "of the population" if explanation.per_population else "of"
        yield "Worked out from", f"{figure.numerator:,.12g} {below} {figure.denominator:,.12g}"
    if figure.not_judged:
        yield "Not judged", f"{counted(figure.not_judged, 'record')} of {figure.asked:,}"
    yield "Note", figure.mark


def _changes(
    place: FigurePlace, explanation: Explanation, built: BuiltFrom
) -> Iterator[tuple[str, str]]:
    """Yield what has changed since a figure was published."""
    for revision in built.reconciled.revisions:
        if revision.key == tuple(place):
            published, today = (
                value_text(amount.value, explanation.unit, explanation.decimals)
                for amount in (revision.published, revision.recalculated)
            )
            text = f"{published} was published; today's data gives {today} ({revision.action})."
            yield "Change since publication", text
