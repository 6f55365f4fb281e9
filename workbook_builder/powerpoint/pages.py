"""Fit the parts of a page onto slides: as many as it takes, with no text under 10 points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.powerpoint.charts import DrawnChart
from workbook_builder.powerpoint.geometry import Box
from workbook_builder.powerpoint.tables import DeckTable, SheetCells
from workbook_builder.powerpoint.text_fit import LINE, line_count, text_height, text_width
from workbook_builder.sheets.plan import Chip, SlidePanel

#: Font sizes of tables and sentences from the best to the smallest that there may be.
TABLE_SIZES = (13.0, 12.0, 11.0, 10.0)
SMALLEST = TABLE_SIZES[-1]
PANEL_TITLE_SIZE = 12.0
SENTENCE_SIZE = 11.0
GAP = 10.0
#: Beside the title of a chart: the room of a rating, the gap to its target, and of what share of
#: the width both together have at most.
CHIP_WIDTH, CHIP_HEIGHT, CHIP_SIZE, CHIP_GAP = 58.0, 16.0, 10.0, 6.0
_MOST_FOR_CHIPS = 0.62
#: Edges that differ by so small a share of the page are one.
_EDGE = 0.02
#: Rows should have this much room above what they need where the font is not the smallest.
_AIR = 1.12
#: Of charts or tables so many have room side by side where they are moved together, with such
#: a share of the page between them besides the usual gap.
_MOST_BESIDE = 3
_BESIDE_GAP = 0.012
#: Fewer rows than these do not stand by themselves on a slide.
_LEAST_ROWS = 3


@dataclass(frozen=True)
class Part:
    """A panel of a page with what it shows: a chart, a table, or sentences alone.

    Its edges are shares of the page's body, from 0 (left, top) to 1.
    """

    panel: SlidePanel
    left: float
    top: float
    right: float
    bottom: float
    chart: DrawnChart | None = None
    table: DeckTable | None = None

    def needed(self, width: float, size: float) -> float:
        """Return the height in points that the part needs in a width."""
        if self.chart:
            return self.title_height(width) + self.chart.least_height
        rows = sum(self.table.heights(width, size)) if self.table else 0.0
        return self.title_height(width) + rows + self.sentences_height(width)

    def title_height(self, width: float) -> float:
        """Return the height of the title, and of the ratings beside it."""
        if not self.panel.title:
            return 0.0
        beside, height = self.chips_size(width)
        lines = text_height([self.panel.title], width - beside, PANEL_TITLE_SIZE, bold=True) + 3
        return max(lines, len(self.rated) * height)

    @property
    def rated(self) -> tuple[tuple[Chip, str], ...]:
        """The chips that have a rating, each with what is written beside it."""
        chips = self.panel.chips
        return tuple((chip, chip_words(chip, alone=len(chips) == 1)) for chip in chips
                     if chip.rag is not None)  # fmt: skip

    def chips_size(self, width: float) -> tuple[float, float]:
        """Return the width of the ratings beside the title, and the height of each."""
        if not self.rated:
            return 0.0, 0.0
        taken = CHIP_WIDTH + 2 * CHIP_GAP
        room = min(max(text_width(words, CHIP_SIZE) for _, words in self.rated) + 2,
                   width * _MOST_FOR_CHIPS - taken)  # fmt: skip
        lines = max(line_count(words, room, CHIP_SIZE) for _, words in self.rated)
        return room + taken, max(CHIP_HEIGHT, lines * CHIP_SIZE * LINE + 2)

    def sentences_height(self, width: float) -> float:
        """Return the height of the sentences below a table, or by themselves."""
        sentences = self.panel.sentences
        return text_height(sentences, width, SENTENCE_SIZE) + 3 if sentences else 0.0


@dataclass(frozen=True)
class PlacedPart:
    """A part in its place on a slide; `size` is the font's of its table."""

    part: Part
    box: Box
    size: float


def parts_of(
    panels: Sequence[SlidePanel], sheet: SheetCells, sheets: Mapping[str, SheetCells]
) -> list[Part]:
    """Return the panels of a sheet with their values, each in its share of all their room."""
    left, top = (min(getattr(panel.box, edge) for panel in panels) for edge in ("left", "top"))
    width = max(panel.box.left + panel.box.width for panel in panels) - left
    height = max(panel.box.top + panel.box.height for panel in panels) - top
    return [
        Part(
            panel,
            (panel.box.left - left) / width,
            (panel.box.top - top) / height,
            (panel.box.left + panel.box.width - left) / width,
            (panel.box.top + panel.box.height - top) / height,
            DrawnChart.of(panel.chart, sheets) if panel.chart else None,
            sheet.table(panel.table, sheets) if panel.table else None,
        )
        for panel in panels
    ]


def chip_words(chip: Chip, *, alone: bool) -> str:
    """Return what stands beside a rating: the target, behind the measure's name if needed."""
    target = f"target {chip.target}"
    return target.capitalize() if alone or not chip.name else f"{chip.name}, {target}"


def paged(parts: Sequence[Part], body: Box) -> list[list[PlacedPart]]:
    """Place the parts of a page on one slide or more, each a list of parts in reading order.

    The bands of the page stay together as far as their height allows. Where a page needs several
    slides, and fewer with its charts above its tables, it has those. A table that is longer than a
    slide goes on on the next one, its headings repeated.
    """
    pages = _pages(parts, body)
    if len(pages) > 1 and (rearranged := _charts_above_tables(parts)):
        fewer = _pages(rearranged, body)
        if len(fewer) < len(pages) and _columns(fewer) == _columns(pages):
            pages = fewer
    return [_placed(page, body) for page in pages]


def _pages(parts: Sequence[Part], body: Box) -> list[list[list[Part]]]:
    """Return the bands of each slide that parts need in their arrangement."""
    narrowed = [_narrowed(part, body) for part in parts]
    pages: list[list[list[Part]]] = []
    used = 0.0
    pieces = [piece for band in _bands(narrowed) for piece in _split(band, body)]
    for band in pieces:
        needed = _needed(band, body)
        if pages and used + GAP + needed <= body.height:
            pages[-1].append(band)
            used += GAP + needed
        else:
            pages.append([band])
            used = needed
    return pages


def _charts_above_tables(parts: Sequence[Part]) -> list[Part] | None:
    """Return the parts with all charts side by side above all tables, None if they cannot be so.

    Tables below one another each need their height, side by side they share it.
    """
    ordered = sorted(parts, key=lambda part: (part.top, part.left))
    bands = [[part for part in ordered if not part.table], [part for part in ordered if part.table]]
    if not all(0 < len(band) <= _MOST_BESIDE for band in bands):
        return None
    gap = _BESIDE_GAP
    return [
        replace(part, left=number * (1 + gap) / len(band),
                right=((number + 1) * (1 + gap)) / len(band) - gap,
                top=row / len(bands), bottom=(row + 1) / len(bands))
        for row, band in enumerate(bands)
        for number, part in enumerate(band)
    ]  # fmt: skip


def _columns(pages: Sequence[Sequence[Sequence[Part]]]) -> int:
    """Return how many columns the tables have for which there was no room."""
    tables = {part.panel.title: part.table for page in pages for band in page for part in band}
    return sum(len(table.left_out) for table in tables.values() if table)


def _width(part: Part, body: Box) -> float:
    left, right = _edges(part, body)
    return right - left


def _edges(part: Part, body: Box) -> tuple[float, float]:
    """Return the left and right edge of a part, with half a gap at each inner one."""
    middle = (GAP / 2 if part.left > _EDGE else 0), (GAP / 2 if part.right < 1 - _EDGE else 0)
    left = body.left + body.width * part.left + middle[0]
    right = body.left + body.width * part.right - middle[1]
    return left, right


def _narrowed(part: Part, body: Box) -> Part:
    """Return a part whose table has only columns that there is room for; it says which are not."""
    if part.table is None:
        return part
    table = part.table.narrowed(_width(part, body), SMALLEST)
    left_out = table.left_out[len(part.table.left_out) :]
    if not left_out:
        return part
    sentence = f"Also in the workbook: {', '.join(reversed(left_out))}."
    panel = replace(part.panel, sentences=(*part.panel.sentences, sentence))
    return replace(part, table=table, panel=panel)


def _bands(parts: Sequence[Part]) -> list[list[Part]]:
    """Return the parts that stand side by side, band by band; all are one if some span several."""
    tops = _tops(parts)
    ends = dict(zip(tops, [*tops[1:], 1.0], strict=True))
    by_top = {top: [part for part in parts if abs(part.top - top) <= _EDGE] for top in tops}
    if any(part.bottom > ends[top] + _EDGE for top, band in by_top.items() for part in band):
        return [list(parts)]
    return list(by_top.values())


def _tops(parts: Sequence[Part]) -> list[float]:
    """Return where parts begin; what differs by a few pixels is one."""
    tops: list[float] = []
    for top in sorted(part.top for part in parts):
        if not tops or top - tops[-1] > _EDGE:
            tops.append(top)
    return tops


def _needed(band: Sequence[Part], body: Box) -> float:
    """Return the height that a band needs; parts below one another in it share what they have."""
    share = max(part.bottom for part in band) - min(part.top for part in band)
    return max(
        part.needed(_width(part, body), SMALLEST) * share
        / max(part.bottom - part.top, 1e-6)
        for part in band
    )  # fmt: skip


def _split(band: list[Part], body: Box) -> Iterator[list[Part]]:
    """Yield a band, or the pieces of it that each fit a slide."""
    if _needed(band, body) <= body.height:
        yield band
        return
    if len(_tops(band)) > 1:  # parts above one another part first
        for rows in _by_top(band):
            yield from _split(rows, body)
        return
    tables = [part for part in band if part.table]
    fitting = [part for part in band if not part.table]
    rests: list[list[Part]] = []
    for part in tables:
        first, *rest = _pieces(part, body)
        fitting.append(first)
        rests.append(rest)
    order = [part.left for part in band]
    yield sorted(fitting, key=lambda part: order.index(part.left))
    for number in range(max(map(len, rests), default=0)):
        yield [rest[number] for rest in rests if number < len(rest)]


def _by_top(band: Sequence[Part]) -> list[list[Part]]:
    """Return the parts of a band by where they begin, each piece as a band of its own."""
    return [
        [replace(part, top=0.0, bottom=1.0) for part in band if abs(part.top - top) <= _EDGE]
        for top in _tops(band)
    ]


def _pieces(part: Part, body: Box) -> list[Part]:
    """Return a part whose table is split by rows into as many as it takes, of like length."""
    assert part.table is not None
    width = _width(part, body)
    heading, *heights = part.table.heights(width, SMALLEST)
    room = body.height - heading - part.title_height(width) - part.sentences_height(width)
    starts, used = [0], 0.0
    for row, height in enumerate(heights):
        if used and used + height > room:
            starts.append(row)
            used = 0.0
        used += height
    count = len(heights)
    if len(starts) > 1 and count - starts[-1] < _LEAST_ROWS:  # a few rows come with more of them
        starts[-1] = max(starts[-2] + 1, count - _LEAST_ROWS)
    ends = [*starts[1:], count]
    pieces = [part.table.part(start + 1, end) for start, end in zip(starts, ends, strict=True)]
    return [
        replace(part, table=piece, panel=part.panel if end == count else _without_sentences(part))
        for piece, end in zip(pieces, ends, strict=True)
    ]


def _without_sentences(part: Part) -> SlidePanel:
    return replace(part.panel, sentences=())


def _placed(bands: Sequence[Sequence[Part]], body: Box) -> list[PlacedPart]:
    """Place bands below one another; those that need more than their share get it."""
    needs = [_needed(band, body) for band in bands]
    free = body.height - GAP * (len(bands) - 1)
    heights = _shared(needs, free)
    placed: list[PlacedPart] = []
    top = body.top
    for band, height in zip(bands, heights, strict=True):
        placed += _placed_band(band, Box(body.left, top, body.width, height), body)
        top += height + GAP
    size = _table_size(placed)
    return [replace(part, size=size) for part in placed]


def _shared(needs: Sequence[float], free: float) -> list[float]:
    """Share a height equally, but for what needs more."""
    fixed: dict[int, float] = {}
    while True:
        others = [number for number in range(len(needs)) if number not in fixed]
        share = (free - sum(fixed.values())) / max(len(others), 1)
        larger = {number: needs[number] for number in others if needs[number] > share}
        if not larger or len(larger) == len(others):
            return [fixed.get(number, share) for number in range(len(needs))]
        fixed |= larger


def _placed_band(band: Sequence[Part], box: Box, body: Box) -> Iterator[PlacedPart]:
    first = min(part.top for part in band)
    share = max(part.bottom for part in band) - first
    for part in band:
        left, right = _edges(part, body)
        top = box.top + box.height * (part.top - first) / share
        bottom = box.top + box.height * (part.bottom - first) / share
        inner = GAP if bottom < box.bottom - 1 else 0.0
        yield PlacedPart(part, Box(left, top, right - left, bottom - top - inner), SMALLEST)


def _table_size(placed: Sequence[PlacedPart]) -> float:
    """Return the largest font size at which all tables of a slide fit."""
    tables = [(one.part, one.box) for one in placed if one.part.table]
    for size in TABLE_SIZES[:-1]:
        if all(part.table and part.table.reads_well(box.width, size)
               and part.needed(box.width, size) * _AIR <= box.height
               for part, box in tables):  # fmt: skip
            return size
    return SMALLEST
