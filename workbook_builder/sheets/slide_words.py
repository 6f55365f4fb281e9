"""What a page of the deck says beside its charts and tables: source, commentary, speaker notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbook_builder.definitions.measure_text import how_counted
from workbook_builder.figures import Figure, Figures
from workbook_builder.indicators.rounding import value_text
from workbook_builder.indicators.rows import Indicator
from workbook_builder.sheets.content import WorkbookContent
from workbook_builder.sheets.plan import DeckPage, PixelBox, SheetPlan, SlidePanel

_WHOLE = PixelBox(0, 0, 1280, 720)
#: How the notes on a measure begin that has no figure this month.
_NO_FIGURE = "no figure"


def with_words(
    sheet: SheetPlan, indicators: Sequence[Indicator], content: WorkbookContent, figures: Figures
) -> SheetPlan:
    """Return a sheet with all that the deck says of it and its indicators.

    `figures` are those that are shown, with their marks; a sheet without a page stays as it is.
    """
    if sheet.deck is None:
        return sheet
    each_once = {indicator.measure: indicator for indicator in reversed(indicators)}
    in_order = [each_once.pop(indicator.measure) for indicator in indicators
                if indicator.measure in each_once]  # fmt: skip
    page = replace(
        sheet.deck,
        commentary=tuple(_commentary(in_order, content)),
        notes=tuple(_notes(in_order, content, figures)),
        source=_source(content, sheet.deck.source),
    )
    return replace(sheet, deck=page)


def board_page(sheet: SheetPlan, title: str) -> SheetPlan:
    """Return a board table's sheet with a page that shows the whole table."""
    panel = SlidePanel("", _WHOLE, table=sheet.tables[0].area)
    return replace(sheet, deck=DeckPage(title, (panel,)))


def _source(content: WorkbookContent, note: str) -> str:
    """Write the line below a slide: whether it is a draft, the slide's own note, and the source."""
    draft = "Draft." if content.layout.draft else ""
    return " ".join(text for text in (draft, note, f"Source: {content.subtitle}") if text)


def _commentary(indicators: Sequence[Indicator], content: WorkbookContent) -> Iterator[str]:
    """Yield what people wrote about the reporting month, each text behind its indicator's title."""
    for indicator in indicators:
        if text := content.commentary.of(indicator.measure, content.month):
            yield f"{indicator.title}: {text}"


def _notes(
    indicators: Sequence[Indicator], content: WorkbookContent, figures: Figures
) -> Iterator[str]:
    """Yield for each indicator its definition and this month's numbers, then what was revised."""
    definitions, layout = content.definitions, content.layout
    for indicator in indicators:
        measure = definitions.measures[indicator.measure]
        figure = figures.get(indicator.measure, content.month)
        yield f"{indicator.title}. {how_counted(measure, definitions, layout)}"
        yield f"{content.month.label}: {_numbers(indicator, figure)}."
        for shown in indicator.months:
            if shown.mark:
                yield f"{shown.month.label}: {shown.mark}"


def _numbers(indicator: Indicator, figure: Figure | None) -> str:
    """Write a figure as it is printed, with what it was worked out from."""
    shown = indicator.months[-1] if indicator.months else None
    if figure is None or shown is None or shown.value is None:
        reason = shown.reason.rstrip(".") if shown else ""
        return f"{_NO_FIGURE} ({reason})" if reason else _NO_FIGURE
    parts = [value_text(shown.value, indicator.unit, indicator.decimals)]
    for name in ("numerator", "denominator"):
        number = getattr(figure, name)
        if number is not None:
            parts.append(f"{name} {number:,.10g}")
    return ", ".join(parts)
