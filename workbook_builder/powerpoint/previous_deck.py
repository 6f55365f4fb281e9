"""Last month's deck, made this month's: our slides are found by their tags and drawn anew.

What people added, moved or wrote stays: slides and shapes of their own, the order of the slides,
places and sizes that they gave our charts and tables, and words that they wrote over ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbook_builder.powerpoint.slide_writer import (
    COMMENTARY,
    HEADLINE,
    NOTES_END,
    OURS,
    TITLE,
    DeckSlide,
    SlideTexts,
    SlideWriter,
)
from workbook_builder.powerpoint.tags import (
    MONTH_TAG,
    SLIDE_TAG,
    SLIDES_TAG,
    read_tags,
    remove_tags,
    write_tags,
)
from workbook_builder.workbook_format import DECK_TAGS

_WRITTEN_TAG = f"{DECK_TAGS}WRITTEN"
_PLACES_TAG = f"{DECK_TAGS}PLACES"
_DIGITS = 16
_Place = tuple[int, int, int, int]
_EDGES = 4


@dataclass
class Kept:
    """What was kept of last month's deck, and what could not be: titles of slides.

    `words` have a title, headline or commentary that somebody wrote, `copies` are copies of our
    slides, `deleted` slides that somebody deleted. `removed` are slides of ours that the layout no
    longer has, `notes` those in whose notes somebody changed what the program wrote.
    """

    words: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def month_of(presentation: Any) -> str:
    """Return the month ("2023-07") of a deck that the program wrote, or nothing."""
    return read_tags(presentation).get(MONTH_TAG, "")


def our_slides(presentation: Any) -> Iterator[Any]:
    """Yield the slides that the program wrote."""
    return (slide for slide in presentation.slides if SLIDE_TAG in read_tags(slide))


class DeckRenewal:
    """Draws the slides of a plan into a presentation that may have those of an earlier month."""

    def __init__(self, presentation: Any) -> None:
        self.presentation = presentation
        self.kept = Kept()
        self._ours: dict[str, Any] = {}
        for slide in list(presentation.slides):
            key = read_tags(slide).get(SLIDE_TAG)
            if key and key in self._ours:
                remove_tags(slide)
                self.kept.copies.append(_title_of(slide))
            elif key:
                self._ours[key] = slide
        self._written = _keys(read_tags(presentation).get(SLIDES_TAG, ""))
        self._last: Any = None

    def layout_of(self, sheet: str) -> Any:
        """Return the slide layout that people chose for the slides of a sheet, None if new."""
        slide = self._ours.get(f"{sheet}#1")
        return slide.slide_layout if slide is not None else None

    def draw(self, drawn: DeckSlide, writer: SlideWriter) -> None:
        """Draw a slide: over last month's, or as a new one behind the slide before it."""
        slide = self._ours.pop(drawn.key, None)
        if slide is None and drawn.key in self._written:
            self.kept.deleted.append(drawn.title)
            return
        if slide is None:
            slide = self.presentation.slides.add_slide(writer.frame.layout)
            self._move_behind(slide)
            writer.fill(slide, drawn, drawn.texts)
            self._remember(slide, drawn)
        else:
            self._renew(slide, drawn, writer)
        self._last = slide

    def finish(self, month: str, keys: Sequence[str]) -> None:
        """Take out slides of ours that the plan has no more, and remember the keys of its own."""
        for slide in self._ours.values():
            self.kept.removed.append(_title_of(slide))
            self._take_out(slide)
        write_tags(self.presentation, {MONTH_TAG: month, SLIDES_TAG: json.dumps(list(keys))})

    def _renew(self, slide: Any, drawn: DeckSlide, writer: SlideWriter) -> None:
        """Draw over last month's slide."""
        tags = read_tags(slide)
        written, places = _texts(tags.get(_WRITTEN_TAG, "")), _places(tags.get(_PLACES_TAG, ""))
        texts = self._kept_texts(slide, drawn, written)
        moved = {
            shape.name: _place_of(shape)
            for shape in slide.shapes
            if shape.name in places and _place_of(shape) != places[shape.name]
        }
        own_notes = self._own_notes(slide, drawn, written)
        theirs = [shape._element for shape in slide.shapes
                  if not shape.is_placeholder and not shape.name.startswith(OURS)]  # fmt: skip
        _remove_ours(slide, texts.own)
        writer.fill(slide, drawn, texts, own_notes)
        self._remember(slide, drawn, texts)
        for shape in slide.shapes:
            if shape.name in moved:
                shape.left, shape.top = moved[shape.name][:2]
                if not shape.has_table:  # whose rows say how high it is
                    shape.width, shape.height = moved[shape.name][2:]
        for element in theirs:  # what people drew stays in front
            slide.shapes._spTree.append(element)

    def _kept_texts(self, slide: Any, drawn: DeckSlide, written: Mapping[str, str]) -> SlideTexts:
        """Return the texts of a slide: people's own where they wrote over the program's."""
        texts, changed = drawn.texts, False
        now = dict(_words(slide))
        for name, text in now.items():
            if not _is_own(name, now, written):
                continue
            changed = True
            if name == TITLE:
                texts = replace(texts, title=text)
            elif name == HEADLINE:
                texts = replace(texts, headline=text)
            else:
                texts = replace(texts, commentary=tuple(text.split("\n")))
        if changed:
            self.kept.words.append(drawn.title)
        own = (name for name in now if _is_own(name, now, written))
        return replace(texts, own=frozenset(own))

    def _own_notes(self, slide: Any, drawn: DeckSlide, written: Mapping[str, str]) -> str:
        """Return what somebody wrote below the program's notes."""
        if not slide.has_notes_slide or slide.notes_slide.notes_text_frame is None:
            return ""
        ours, end, own = slide.notes_slide.notes_text_frame.text.partition(NOTES_END)
        if "notes" in written and _digest(ours) != written["notes"]:
            self.kept.notes.append(drawn.title)
        return str(own).strip("\n") if end else ""

    def _remember(self, slide: Any, drawn: DeckSlide, texts: SlideTexts | None = None) -> None:
        """Tag a slide with what was written on it and where, to tell what people change."""
        own = texts.own if texts else frozenset()
        written = {name: "" if name in own else _digest(text) for name, text in _words(slide)}
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = slide.notes_slide.notes_text_frame.text.partition(NOTES_END)[0]
            written["notes"] = _digest(notes)
        places = {shape.name: _place_of(shape) for shape in slide.shapes
                  if shape.name.startswith(OURS) and not shape.is_placeholder}  # fmt: skip
        places |= {shape.name: _place_of(shape) for shape in slide.shapes
                   if shape.has_chart or shape.has_table}  # fmt: skip
        write_tags(slide, {
            SLIDE_TAG: drawn.key,
            _WRITTEN_TAG: json.dumps(written),
            _PLACES_TAG: json.dumps(places),
        })  # fmt: skip

    def _move_behind(self, slide: Any) -> None:
        """Move a new slide, which is the last, behind the one that was drawn before it."""
        if self._last is None:
            return
        entries = self.presentation.slides._sldIdLst
        by_id = {entry.id: entry for entry in entries}
        by_id[self._last.slide_id].addnext(by_id[slide.slide_id])

    def _take_out(self, slide: Any) -> None:
        entries = self.presentation.slides._sldIdLst
        entry = next(entry for entry in entries if entry.id == slide.slide_id)
        self.presentation.part.drop_rel(entry.rId)
        entries.remove(entry)


def _words(slide: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of a slide where people may write their own."""
    if slide.shapes.title is not None:
        yield TITLE, slide.shapes.title.text_frame.text
    for shape in slide.shapes:
        if shape.name in (HEADLINE, COMMENTARY) and shape.has_text_frame:
            yield shape.name, shape.text_frame.text


def _is_own(name: str, now: Mapping[str, str], written: Mapping[str, str]) -> bool:
    return name in written and bool(now[name].strip()) and _digest(now[name]) != written[name]


def _remove_ours(slide: Any, own: frozenset[str]) -> None:
    """Remove what the program drew, and the parts behind it.

    Placeholders of texts stay, and texts (named in `own`) that somebody wrote.
    """
    for shape in list(slide.shapes):
        if not shape.name.startswith(OURS) or shape.name in own:
            continue
        if shape.is_placeholder and shape.has_text_frame:
            continue
        if shape.has_chart:
            slide.part.drop_rel(shape._element.chart_rId)
        shape._element.getparent().remove(shape._element)


def _title_of(slide: Any) -> str:
    title = slide.shapes.title
    return title.text_frame.text if title is not None else f"slide {slide.slide_id}"


def _place_of(shape: Any) -> _Place:
    values = (shape.left, shape.top, shape.width, shape.height)
    left, top, width, height = (int(value or 0) for value in values)
    return left, top, width, height


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:_DIGITS]


def _loaded(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:  # somebody wrote into our tags
        return None


def _keys(text: str) -> frozenset[str]:
    keys = _loaded(text)
    return (
        frozenset(key for key in keys if isinstance(key, str))
        if isinstance(keys, list)
        else (frozenset())
    )


def _texts(text: str) -> dict[str, str]:
    loaded = _loaded(text)
    entries: Iterable[tuple[Any, Any]] = loaded.items() if isinstance(loaded, dict) else ()
    return {name: value for name, value in entries if isinstance(value, str)}


def _places(text: str) -> dict[str, _Place]:
    loaded = _loaded(text)
    entries: Iterable[tuple[Any, Any]] = loaded.items() if isinstance(loaded, dict) else ()
    return {
        name: (place[0], place[1], place[2], place[3])
        for name, place in entries
        if isinstance(place, list) and len(place) == _EDGES
        and all(isinstance(value, int) for value in place)
    }  # fmt: skip
