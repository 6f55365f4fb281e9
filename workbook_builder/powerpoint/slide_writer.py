"""Fill one slide: texts into placeholders, charts and tables into the place of its content."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml

from workbook_builder.looks import RATING_LOOKS
from workbook_builder.powerpoint.charts import add_chart
from workbook_builder.powerpoint.colours import Colour, Palette, rating_colours
from workbook_builder.powerpoint.geometry import POINT, Box
from workbook_builder.powerpoint.pages import (
    CHIP_GAP,
    CHIP_HEIGHT,
    CHIP_SIZE,
    CHIP_WIDTH,
    PANEL_TITLE_SIZE,
    SENTENCE_SIZE,
    Part,
    PlacedPart,
)
from workbook_builder.powerpoint.tables import add_table
from workbook_builder.powerpoint.templates import SlideFrame
from workbook_builder.powerpoint.text_fit import largest_size, text_height
from workbook_builder.sheets.plan import DeckPage

#: How the names of all shapes begin that the program draws.
OURS = "WB "
TITLE, HEADLINE, COMMENTARY = "title", f"{OURS}Headline", f"{OURS}Commentary"
#: The last line of the program's notes; what people write below it is kept.
NOTES_END = "Your own notes below this line are kept next month."

_TITLE_SIZES = tuple(float(size) for size in range(44, 11, -1))
_HEADLINE_SIZES = (15.0, 14.0, 13.0, 12.0, 11.0, 10.0)
_COMMENTARY_SIZES = (12.0, 11.0, 10.0)
_SOURCE_SIZE, _SOURCE_HEIGHT = 10.0, 15.0
CONTINUED = "The rest of the commentary is in the notes of this slide."
#: The commentary has at most this share of a slide's content.
_MOST_COMMENTARY = 0.3
#: What PowerPoint leaves free at the left and right of a text, in points.
_INSET = 7.2
_NUMBER_WIDTH = 60.0
_LATENT = {"SLIDE_NUMBER": PP_PLACEHOLDER.SLIDE_NUMBER, "FOOTER": PP_PLACEHOLDER.FOOTER}


@dataclass(frozen=True)
class SlideTexts:
    """What a slide says in words; `own` are the names of those that somebody wrote by hand."""

    title: str
    headline: str
    commentary: tuple[str, ...]
    own: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Places:
    """Where the parts of a slide stand. A text that is not there has no place."""

    body: Box
    headline: Box | None
    commentary: Box | None
    commentary_size: float
    source: Box


@dataclass(frozen=True)
class DeckSlide:
    """One slide of a sheet: its number among `count`, counted from 1, and its parts in place."""

    sheet: str
    page: DeckPage
    number: int
    count: int
    parts: tuple[PlacedPart, ...]

    @property
    def key(self) -> str:
        """What the slide is found again by."""
        return f"{self.sheet}#{self.number}"

    @property
    def title(self) -> str:
        """The title, with the slide's number where a page has several."""
        number = f" ({self.number} of {self.count})" if self.count > 1 else ""
        return f"{self.page.title}{number}"

    @property
    def texts(self) -> SlideTexts:
        """What the program itself would say on the slide."""
        return SlideTexts(self.title, self.page.headline, self.page.commentary)


def places_of(frame: SlideFrame, headline: str, commentary: Sequence[str]) -> Places:
    """Return where the parts of a slide stand that has these texts."""
    body, commentary_box = frame.content, frame.commentary_box
    headline_box = frame.headline_box if frame.headline is not None else None
    if headline_box is None and headline:
        height = text_height([headline], body.width - 2 * _INSET, _HEADLINE_SIZES[0]) + 6
        headline_box = body.first(min(height, body.height * _MOST_COMMENTARY))
        body = body.below(headline_box.height + 4)
    lowest = commentary_box.bottom if commentary_box else body.bottom
    source = Box(body.left, lowest + 1, body.width, _SOURCE_HEIGHT)
    if source.bottom > frame.bottom:
        source = Box(body.left, lowest - _SOURCE_HEIGHT, body.width, _SOURCE_HEIGHT)
        if commentary_box:
            commentary_box = commentary_box.above(_SOURCE_HEIGHT + 1)
        else:
            body = body.above(_SOURCE_HEIGHT + 4)
    size = _COMMENTARY_SIZES[-1]
    if commentary:
        size, needed = _commentary_need(commentary, body, commentary_box)
        if commentary_box is None:
            commentary_box = body.last(needed)
            body = body.above(needed + 4)
        elif needed > commentary_box.height:
            more = needed - commentary_box.height
            commentary_box = Box(commentary_box.left, commentary_box.top - more,
                                 commentary_box.width, needed)  # fmt: skip
            body = body.above(more)
    return Places(body, headline_box, commentary_box, size, source)


def _commentary_need(commentary: Sequence[str], body: Box, box: Box | None) -> tuple[float, float]:
    """Return the font size of a commentary and the height that it needs, within reason."""
    width = (box or body).width - 2 * _INSET
    if box and (size := largest_size(commentary, width, box.height, _COMMENTARY_SIZES)):
        return size, box.height
    size = _COMMENTARY_SIZES[-1]
    most = body.height * _MOST_COMMENTARY + (box.height if box else 0)
    return size, min(text_height(commentary, width, size) + 4, most)


class SlideWriter:
    """Fills slides of one layout, in the colours of its theme."""

    def __init__(self, frame: SlideFrame, palette: Palette) -> None:
        self.frame = frame
        self.palette = palette

    def fill(self, slide: Any, drawn: DeckSlide, texts: SlideTexts, own_notes: str = "") -> None:
        """Fill a slide that has its placeholders and nothing of ours but them.

        Texts that somebody wrote by hand stay as they stand there; `own_notes` go below the notes.
        """
        places = places_of(self.frame, texts.headline, texts.commentary)
        if TITLE not in texts.own:
            self._write_title(slide, texts.title)
        if HEADLINE not in texts.own:
            self._write_headline(slide, texts.headline, places)
        free = self._free_placeholders(slide)
        for number, placed in enumerate(drawn.parts, 1):
            self._draw_part(slide, placed, number, free, texts.title)
        for shape in free:
            if not (shape.has_text_frame and shape.text_frame.text):
                shape._element.getparent().remove(shape._element)
        if COMMENTARY not in texts.own:
            self._write_commentary(slide, texts.commentary, places)
        self._text_box(slide, f"{OURS}Source", [drawn.page.source], places.source, _SOURCE_SIZE,
                       self.palette.quiet)  # fmt: skip
        self._add_footers(slide)
        write_notes(slide, [*drawn.page.commentary, *drawn.page.notes], own_notes)

    def _write_title(self, slide: Any, text: str) -> None:
        title = slide.shapes.title
        if title is None:
            return
        title.text_frame.text = text
        usual = self._title_size()
        box = Box.of_emu(title.left, title.top, title.width, title.height)
        sizes = [size for size in _TITLE_SIZES if size <= usual]
        fitting = largest_size([text], (box.width - 2 * _INSET) * 0.95, box.height - 4, sizes)
        if fitting != usual:
            _set_size(title, fitting or _TITLE_SIZES[-1])

    def _title_size(self) -> float:
        """Return the font size of titles in points, of the layout or of its master."""
        elements = [shape._element for shape in self.frame.layout.placeholders
                    if shape.placeholder_format.idx == 0]  # fmt: skip
        elements.append(self.frame.layout.slide_master._element.find("{*}txStyles/{*}titleStyle"))
        for element in elements:
            if element is None:
                continue
            properties = element.find(".//{*}lvl1pPr/{*}defRPr")
            if properties is not None and properties.get("sz"):
                return int(properties.get("sz")) / 100
        return _TITLE_SIZES[0]

    def _write_headline(self, slide: Any, text: str, places: Places) -> None:
        box = places.headline
        if box is None:
            return
        size = largest_size([text], box.width - 2 * _INSET, box.height, _HEADLINE_SIZES)
        if self.frame.headline is not None:
            placeholder = _placeholder(slide, self.frame.headline)
            if placeholder is not None:
                placeholder.name = HEADLINE
                _write_paragraphs(placeholder, [text])
                if text and size != _HEADLINE_SIZES[0]:
                    _set_size(placeholder, size or _HEADLINE_SIZES[-1])
            return
        self._text_box(slide, HEADLINE, [text], box, size or _HEADLINE_SIZES[-1], self.palette.ink)

    def _write_commentary(self, slide: Any, texts: Sequence[str], places: Places) -> None:
        box, size = places.commentary, places.commentary_size
        if box is None:
            return
        shown = _fitted(texts, box, size)
        if self.frame.commentary is None:
            self._text_box(slide, COMMENTARY, shown, box, size, self.palette.ink)
            return
        placeholder = _placeholder(slide, self.frame.commentary)
        if placeholder is None:
            return
        placeholder.name = COMMENTARY
        _write_paragraphs(placeholder, shown)
        if texts:
            _set_size(placeholder, size)
        if box != self.frame.commentary_box:
            placeholder.left, placeholder.top, placeholder.width, placeholder.height = box.emu
        # Behind the charts and tables in the order in which a screen reader reads.
        slide.shapes._spTree.append(placeholder._element)

    def _free_placeholders(self, slide: Any) -> list[Any]:
        """Return the placeholders in whose place charts and tables are drawn."""
        return [shape for shape in slide.placeholders
                if shape.placeholder_format.idx in self.frame.contents]  # fmt: skip

    def _draw_part(
        self, slide: Any, placed: PlacedPart, number: int, free: list[Any], title: str
    ) -> None:
        part, box, panel = placed.part, placed.box, placed.part.panel
        height = part.title_height(box.width)
        if panel.title:
            beside = self._draw_chips(slide, part, box.first(height), number)
            self._text_box(
                slide, f"{OURS}Title {number}", [panel.title],
                replace(box.first(height), width=box.width - beside), PANEL_TITLE_SIZE,
                self.palette.ink, bold=True,
            )  # fmt: skip
        box = box.below(height)
        if part.chart:
            name = f"{OURS}Chart {number}"
            frame = add_chart(slide, part.chart, box, self.palette, name)
            _fill_placeholder(frame, free, PP_PLACEHOLDER.CHART)
            return
        if part.table:
            below = part.sentences_height(box.width)
            alt = f"Table: {panel.title or title}."
            frame, height = add_table(slide, part.table, box.above(below), placed.size,
                                      self.palette, f"{OURS}Table {number}", alt)  # fmt: skip
            _fill_placeholder(frame, free, PP_PLACEHOLDER.TABLE)
            box = box.below(height + 2)
        if panel.sentences:
            self._text_box(slide, f"{OURS}Text {number}", panel.sentences, box, SENTENCE_SIZE,
                           self.palette.quiet)  # fmt: skip

    def _draw_chips(self, slide: Any, part: Part, box: Box, number: int) -> float:
        """Draw the ratings of a chart's measures at the right of its title; return their width."""
        beside, height = part.chips_size(box.width)
        for row, (chip, target) in enumerate(part.rated):
            fill, ink = rating_colours(chip.rag or 0)
            words = RATING_LOOKS[chip.rag or 0].text
            line = Box(box.left, box.top + row * height, box.width, height - 1)
            right = replace(line.first(CHIP_HEIGHT), left=line.right - CHIP_WIDTH, width=CHIP_WIDTH)
            name = f"{OURS}Rating {number}.{row + 1}"
            self._text_box(slide, name, [words], right, CHIP_SIZE, ink, bold=True,
                           fill=fill)  # fmt: skip
            width = beside - CHIP_WIDTH - 2 * CHIP_GAP
            left = replace(line, left=right.left - width - CHIP_GAP, width=width)
            self._text_box(slide, f"{OURS}Target {number}.{row + 1}", [target], left, CHIP_SIZE,
                           self.palette.quiet, align=PP_ALIGN.RIGHT)  # fmt: skip
        return beside

    def _text_box(
        self, slide: Any, name: str, texts: Sequence[str], box: Box, size: float, colour: Colour,
        *, bold: bool = False, fill: Colour | None = None, align: Any = None,
    ) -> None:  # fmt: skip
        shape = slide.shapes.add_textbox(*box.emu)
        shape.name = name
        frame = shape.text_frame
        frame.word_wrap = True
        flush = name not in (HEADLINE, COMMENTARY)
        frame.margin_left = frame.margin_right = round((0 if flush else _INSET) * POINT)
        frame.margin_top = frame.margin_bottom = 0
        _write_paragraphs(shape, texts)
        if fill:
            frame.vertical_anchor = MSO_ANCHOR.MIDDLE
            properties = shape._element.spPr
            for none in properties.findall("{*}noFill"):  # a new text box says that it has none
                properties.remove(none)
            properties.append(_fill_element(fill))
        for paragraph in frame.paragraphs:
            paragraph.alignment = PP_ALIGN.CENTER if fill else align
            for run in paragraph.runs:
                properties = run._r.get_or_add_rPr()
                properties.set("sz", str(round(size * 100)))
                properties.set("b", str(int(bold)))
                properties.append(_fill_element(colour))

    def _add_footers(self, slide: Any) -> None:
        """Show the layout's footer and slide number; without the latter, one of our own."""
        present = set()
        for shape in list(slide.placeholders):
            present.add(shape.placeholder_format.type)
            if shape.placeholder_format.type in _LATENT.values():  # a screen reader reads it last
                slide.shapes._spTree.append(shape._element)
        for kind in _LATENT.values():
            if kind in present:
                continue
            for shape in self.frame.layout.placeholders:
                if shape.placeholder_format.type == kind:
                    _clone_footer(slide, shape)
                    present.add(kind)
        if PP_PLACEHOLDER.SLIDE_NUMBER not in present:
            left = self.frame.width - _NUMBER_WIDTH - 24
            top = min(self.frame.bottom + 4, self.frame.height - _SOURCE_HEIGHT - 6)
            self._text_box(slide, f"{OURS}Slide number", ["0"], Box(left, top, _NUMBER_WIDTH,
                           _SOURCE_HEIGHT), _SOURCE_SIZE, self.palette.quiet)  # fmt: skip
            _make_number(slide.shapes[-1])


def write_notes(slide: Any, notes: Sequence[str], own: str) -> None:
    """Write the speaker's notes of a slide: the commentary in full, then what was counted.

    What somebody wrote of their `own` stands below them.
    """
    frame = slide.notes_slide.notes_text_frame if notes or own or slide.has_notes_slide else None
    if frame is not None:
        frame.text = "\n".join([*notes, NOTES_END, *([own] if own else [])])


def _fitted(texts: Sequence[str], box: Box, size: float) -> list[str]:
    """Return a commentary that fits, ended by a hint where the rest has no room."""
    width = box.width - 2 * _INSET
    if text_height(texts, width, size) <= box.height:
        return list(texts)
    room = box.height - text_height([CONTINUED], width, size)
    shown: list[str] = []
    for text in texts:
        words = text.split(" ")
        while words and text_height([*shown, " ".join(words)], width, size) > room:
            words.pop()
        if words:
            shown.append(" ".join(words))
        if len(words) < len(text.split(" ")):
            break
    return [*shown, CONTINUED]


def _placeholder(slide: Any, index: int) -> Any:
    return next((shape for shape in slide.placeholders
                 if shape.placeholder_format.idx == index), None)  # fmt: skip


def _write_paragraphs(shape: Any, texts: Sequence[str]) -> None:
    """Write paragraphs; a line break within one stays inside it."""
    shape.text_frame.text = "\n".join(text.replace("\n", "\v") for text in texts)
    for properties in shape._element.iterfind(".//{*}rPr"):
        properties.set("lang", "en-GB")


def _set_size(shape: Any, size: float) -> None:
    for paragraph in shape.text_frame.paragraphs:
        for run in paragraph.runs:
            run._r.get_or_add_rPr().set("sz", str(round(size * 100)))


def _fill_element(colour: Colour) -> Any:
    namespace = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    return parse_xml(f"<a:solidFill {namespace}>{colour.xml}</a:solidFill>")


def _fill_placeholder(frame: Any, free: list[Any], kind: Any) -> None:
    """Make a chart or table the content of the first placeholder that may hold it."""
    for placeholder in free:
        if placeholder.placeholder_format.type in (kind, PP_PLACEHOLDER.OBJECT):
            frame._element.nvGraphicFramePr.nvPr.append(
                copy.deepcopy(placeholder._element.nvSpPr.nvPr.find("{*}ph"))
            )
            placeholder._element.getparent().remove(placeholder._element)
            free.remove(placeholder)
            return


def _clone_footer(slide: Any, shape: Any) -> None:
    element = copy.deepcopy(shape._element)
    element.nvSpPr.cNvPr.set("id", str(max(int(number) for number in
                             slide._element.xpath("//p:cNvPr/@id")) + 1))  # fmt: skip
    properties = element.spPr
    for child in list(properties):
        properties.remove(child)
    slide.shapes._spTree.append(element)


def _make_number(shape: Any) -> None:
    """Turn the text of a shape into the field of the slide's number."""
    run = shape.text_frame.paragraphs[0].runs[0]._r
    field = parse_xml(
        '<a:fld xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"/>'
    )
    for child in list(run):
        field.append(child)
    field.find("{*}t").text = "‹#›"
    run.getparent().replace(run, field)
