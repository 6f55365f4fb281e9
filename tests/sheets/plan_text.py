"""A plan as text, for people to read and for tests to compare."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.sheets.plan import (
    Cell,
    ChangeMarks,
    Chart,
    Content,
    Empty,
    Formula,
    Link,
    Number,
    Plan,
    Series,
    SheetArea,
    SheetPlan,
    Sparkline,
    Text,
    Width,
    address,
    quoted,
)


def plan_text(plan: Plan) -> str:
    """Write a whole plan, a line for each thing in it."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    properties = plan.properties
    yield f"workbook {properties.title!r} by {properties.author!r} created {properties.created}"
    yield from (f"property {name} = {value}" for name, value in properties.custom)
    yield from (f"name {name} = {sheet}!{area.text}" for name, sheet, area in plan.names)
    theme = plan.theme
    yield f"theme {theme.main} {theme.pale} {theme.accent}"
    for sheet in plan.sheets:
        yield from _sheet_lines(sheet)


def _sheet_lines(sheet: SheetPlan) -> Iterator[str]:
    shape = f"{' landscape' if sheet.landscape else ''}{' hidden' if sheet.hidden else ''}"
    page = " slide" if sheet.slide else " one page" if sheet.one_page else ""
    yield f"\nsheet {sheet.name!r}{shape}{page}"
    yield from (_width_line(width) for width in sheet.widths)
    yield from (f"  row {row + 1} height {height:g}" for row, height in sheet.heights)
    yield from _page_lines(sheet)
    yield from (f"  merged {area.text}" for area in sheet.merged)
    if sheet.group:
        yield f"  tab {sheet.group}"
    if sheet.freeze:
        yield f"  freeze at {address(*sheet.freeze)}"
    if sheet.repeat_rows:
        yield f"  repeat rows {sheet.repeat_rows[0] + 1}-{sheet.repeat_rows[1] + 1}"
    if sheet.repeat_columns:
        yield f"  repeat columns {sheet.repeat_columns[0]}-{sheet.repeat_columns[1]}"
    if sheet.print_area:
        yield f"  print {sheet.print_area.text}"
    if sheet.page_areas:
        yield f"  pages {', '.join(area.text for area in sheet.page_areas)}"
    if sheet.scale:
        yield f"  scale {sheet.scale} %"
    yield from (f"  picture {address(p.row, p.column)} {p.alt_text!r} {p.height:g} high" for p in
                sheet.pictures)  # fmt: skip
    yield from (f"  table {table.name} {table.area.text}" for table in sheet.tables)
    yield from (f"  icons {i.icons} {i.area.text} at {i.threshold:g}" for i in sheet.icon_sets)
    yield from (f"  ratings {fills.area.text}" for fills in sheet.rating_fills)
    yield from (_marks_line(marks) for marks in sheet.change_marks)
    yield from (f"  bars {b.area.text} to {b.highest}" for b in sheet.data_bars)
    yield from (f"  highlight {h.area.text} over {h.over}" for h in sheet.highlights)
    yield from (_sparkline(sparkline) for sparkline in sheet.sparklines)
    for chart in sheet.charts:
        yield from _chart_lines(chart)
    yield from (_cell_line(cell) for cell in sheet.cells)


def _page_lines(sheet: SheetPlan) -> Iterator[str]:
    """A slide's headline and panels; of a board table's page its area says enough."""
    if not sheet.headline or not sheet.deck:
        return
    headline = sheet.headline
    yield f"  headline {headline.text!r} at {headline.cell.text}"
    if headline.automatic != headline.text:
        yield f"    in place of {headline.automatic!r}"
    for panel in sheet.deck.panels:
        box = panel.box
        parts = [f"table {panel.table.text}"] if panel.table else []
        parts += [repr(panel.chart.title)] if panel.chart else []
        parts += map(repr, panel.sentences)
        yield (f"  panel {panel.title!r} at {box.left}, {box.top}, {box.width} x {box.height}: "
               f"{'; '.join(parts)}")  # fmt: skip
        for chip in panel.chips:
            judged = f"rag {chip.rag}, direction {chip.direction}"
            yield f"    chip {chip.name!r} {chip.value}, target {chip.target or 'none'}, {judged}"


def _sparkline(sparkline: Sparkline) -> str:
    usual = (sparkline.kind, sparkline.points) == ("line", ("last",))
    points = ", ".join(sparkline.points) or "nothing"
    shape = "" if usual else f" {sparkline.kind} with {points}"
    source = f"{quoted(sparkline.sheet)}!" if sparkline.sheet else ""
    place = address(sparkline.row, sparkline.column)
    return f"  sparkline {place} of {source}{sparkline.values.text}{shape}"


def _chart_lines(chart: Chart) -> Iterator[str]:
    place = address(chart.row, chart.column)
    axis = f"axis {chart.axis_from} to {chart.axis_to} as {chart.number_format}"
    yield f"  {chart.kind} chart at {place}, {chart.width} x {chart.height}, {axis}"
    yield f"    {chart.title!r}: {chart.alt_text!r}"
    plot = chart.plot
    if plot:
        where = f"plot {plot.left}, {plot.top}, {plot.width} x {plot.height}"
        step = "" if chart.axis_step is None else f", steps of {chart.axis_step:g}"
        yield f"    {where}{step}, every {chart.month_step} months"
    for series in chart.series:
        yield f"    {series.role} {_named(series.name)} of {series.values.text}{_labels(series)}"
        if series.end:
            words = f"{series.end.words!r} ({series.end.text.text})"
            yield f"      at its end {words} of {series.end.values.text}"


def _labels(series: Series) -> str:
    if series.labels is None:
        return ", all values written"
    return "".join(f", {label.point} {label.place}" for label in series.labels)


def _named(name: SheetArea | str) -> str:
    return repr(name) if isinstance(name, str) else name.text


def _width_line(width: Width) -> str:
    folded = " folded" if width.folded else ""
    return f"  columns {width.first}-{width.last} width {width.width:g}{folded}"


def _marks_line(marks: ChangeMarks) -> str:
    return f"  changes {marks.area.text} better {marks.better or 'neither'} from {marks.band:g}"


def _cell_line(cell: Cell) -> str:
    size = f" size {cell.size}" if cell.size else ""
    shown = f" as {cell.number_format}" if cell.number_format else ""
    note = f" note {cell.note!r}" if cell.note else ""
    return f"  {cell.address} [{cell.style}{size}] {_content(cell.content)}{shown}{note}"


def _content(content: Content) -> str:
    match content:
        case Text(text):
            return repr(text)
        case Number(value):
            return f"{value:.15g}"
        case Formula(formula, value):
            return f"{formula} -> {value!r}"
        case Link(text, sheet):
            return f"{text!r} -> {sheet!r}"
        case Empty():
            return "(empty)"
