"""The design of a deck: opened from a template or last month's deck, or the standard one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.opc.constants import RELATIONSHIP_TYPE

from workbook_builder.powerpoint.colours import Palette, palette_of
from workbook_builder.powerpoint.geometry import Box, around

#: The layout that is looked for if none is named, as PowerPoint calls it.
USUAL_LAYOUT = "Title and Content"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TEMPLATE_TYPE = b"presentationml.template.main+xml"
_MACRO_TYPE = b"macroEnabled"
#: More than any deck unpacks to, and more parts than any has: beyond them a file is hostile.
_MOST_BYTES, _MOST_PARTS = 400_000_000, 20_000

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_CONTENTS = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.CHART, PP_PLACEHOLDER.TABLE)
_TEXTS = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.SUBTITLE)
_FOOTERS = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
#: Room that is left at the edges of a slide whose layout says nothing of it, in points.
_EDGE = 30.0
_GAP = 4.0
#: A text placeholder at least so high (as a share of the content's height) is for content.
_TALL = 0.5


class BadDeckError(Exception):
    """A file that cannot be used as a deck or template; its text says why, as a sentence."""


@dataclass(frozen=True)
class SlideFrame:
    """A layout and the rectangles of its parts; indexes are those of placeholders, None if absent.

    `contents` are the placeholders whose place `content` is; `bottom` is where footers begin.
    """

    layout: Any
    content: Box
    contents: tuple[int, ...]
    headline: int | None
    commentary: int | None
    headline_box: Box
    commentary_box: Box | None
    bottom: float
    width: float
    height: float


def open_deck(content: bytes) -> Any:
    """Open a presentation. Raises BadDeckError with what is wrong with it."""
    if not content:
        raise BadDeckError("the file is empty.")
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise BadDeckError("the file is protected with a password.")
        raise BadDeckError("the file has the old format .ppt.")
    _refuse_hostile(content)
    try:
        presentation = pptx.Presentation(io.BytesIO(content))
        layouts = [
            layout for master in presentation.slide_masters for layout in master.slide_layouts
        ]
        size = presentation.slide_width, presentation.slide_height
    except (PythonPptxError, etree.LxmlError, zipfile.BadZipFile, AssertionError, AttributeError,
            KeyError, IndexError, TypeError, ValueError, EOFError, OSError) as fault:  # fmt: skip
        raise BadDeckError("the file is damaged or not a PowerPoint file.") from fault
    if not layouts:
        raise BadDeckError("the file has no slide layouts.")
    if not all(size):
        raise BadDeckError("the file does not say how large its slides are.")
    return presentation


def _refuse_hostile(content: bytes) -> None:
    """Refuse what is no package of a presentation, and what would fill the memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            types = package.read("[Content_Types].xml") if len(parts) <= _MOST_PARTS else b""
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, NotImplementedError,
            RuntimeError) as fault:  # fmt: skip
        raise BadDeckError("the file is damaged or not a PowerPoint file.") from fault
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise BadDeckError("the file unpacks to more than any presentation.")
    if _TEMPLATE_TYPE in types:
        raise BadDeckError("the file is a PowerPoint template (.potx), not a presentation.")
    if _MACRO_TYPE in types:
        raise BadDeckError("the file may hold macros (.pptm).")


def layout_names(presentation: Any) -> tuple[str, ...]:
    """Return the names of all layouts."""
    return tuple(layout.name for layout in _layouts(presentation))


def _layouts(presentation: Any) -> Iterator[Any]:
    for master in presentation.slide_masters:
        yield from master.slide_layouts


def choose_layout(presentation: Any, wanted: str) -> Any:
    """Return the layout of a name, None if there is none.

    Without a name it is PowerPoint's "Title and Content", or in its place the first layout with a
    title and room for content.
    """
    by_name = {
        layout.name.strip().casefold(): layout for layout in reversed(list(_layouts(presentation)))
    }
    named = by_name.get((wanted or USUAL_LAYOUT).strip().casefold())
    if named is not None or wanted:
        return named
    usable = [layout for layout in _layouts(presentation) if _kinds(layout, _TITLES)]
    with_content = [layout for layout in usable if _kinds(layout, _CONTENTS)]
    return next(iter(with_content or usable), None)


def has_title(layout: Any) -> bool:
    """Tell whether a layout has a placeholder for the title."""
    return bool(_kinds(layout, _TITLES))


def _kinds(layout: Any, kinds: Sequence[Any]) -> list[Any]:
    return [shape for shape in layout.placeholders if shape.placeholder_format.type in kinds]


def frame_of(presentation: Any, layout: Any) -> SlideFrame:
    """Return where a layout has its title, its content and its texts."""
    width, height = presentation.slide_width / 12700, presentation.slide_height / 12700
    title = _box(_kinds(layout, _TITLES)[0])
    footers = [_box(shape) for shape in _kinds(layout, _FOOTERS)]
    bottom = min([box.top for box in footers if box.top > height / 2], default=height - _EDGE)
    contents = _kinds(layout, _CONTENTS)
    texts = _kinds(layout, _TEXTS)
    if not contents:  # a layout for texts only: its tallest text is where content goes
        tall = [shape for shape in texts if _box(shape).height > height * _TALL]
        contents = tall[:1]
        texts = [shape for shape in texts if shape not in contents]
    top = title.bottom + _GAP
    if contents:
        content = around([_box(shape) for shape in contents])
    else:
        content = Box(_EDGE, top, width - 2 * _EDGE, bottom - top - _GAP)
    above = [shape for shape in texts if _box(shape).bottom <= content.top + _GAP]
    below = [shape for shape in texts if _box(shape).top >= content.bottom - _GAP]
    headline, commentary = next(iter(above), None), next(iter(below), None)
    return SlideFrame(
        layout=layout,
        content=content,
        contents=tuple(shape.placeholder_format.idx for shape in contents),
        headline=headline.placeholder_format.idx if headline is not None else None,
        commentary=commentary.placeholder_format.idx if commentary is not None else None,
        headline_box=_box(headline) if headline is not None else content,
        commentary_box=_box(commentary) if commentary is not None else None,
        bottom=max(bottom, content.bottom),
        width=width,
        height=height,
    )


def _box(shape: Any) -> Box:
    """Return the rectangle of a placeholder, which may be its master's."""
    values = (shape.left, shape.top, shape.width, shape.height)
    return Box.of_emu(*(value or 0 for value in values))


# --- Colours -------------------------------------------------------------------------------------

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def palette_for(layout: Any) -> Palette:
    """Return the palette of the theme of a layout's master, on the background of the layout."""
    master = layout.slide_master
    theme = _theme_colours(master)
    colour_map = dict(master._element.find("{*}clrMap").attrib)
    background = _background(layout, theme, colour_map) or _background(master, theme, colour_map)
    return palette_of(theme, colour_map, background or _resolved("bg1", theme, colour_map))


def _theme_colours(master: Any) -> dict[str, str]:
    """Return the colours of a master's theme by name, as "12436D"."""
    try:
        blob = master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob
        root = etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))
    except (KeyError, etree.LxmlError):
        return {}
    colours: dict[str, str] = {}
    for entry in root.iterfind(f".//{_DRAWING}clrScheme/*"):
        for colour in entry:
            value = colour.get("lastClr") or colour.get("val") or ""
            if re.fullmatch("[0-9A-Fa-f]{6}", value):
                colours[etree.QName(entry).localname] = value.upper()
    return colours


def _resolved(name: str, theme: Mapping[str, str], colour_map: Mapping[str, str]) -> str:
    usual = {"bg1": "FFFFFF", "bg2": "FFFFFF"}.get(name, "000000")
    return theme.get(colour_map.get(name, name), usual)


def _background(part: Any, theme: Mapping[str, str], colour_map: Mapping[str, str]) -> str:
    """Return the colour of the background that a layout or master has for itself, or nothing."""
    ground = part._element.find("{*}cSld/{*}bg")
    if ground is None:
        return ""
    colour = ground.find(f"{{*}}bgPr/{_DRAWING}solidFill/*")
    if colour is None:
        colour = ground.find(f"{{*}}bgRef/{_DRAWING}schemeClr")
    if colour is None:
        return ""
    value = colour.get("val", "")
    if etree.QName(colour).localname == "schemeClr":
        return _resolved(value, theme, colour_map)
    return value.upper() if re.fullmatch("[0-9A-Fa-f]{6}", value) else ""


def without_slides(presentation: Any) -> None:
    """Take the slides out of a template: they are samples of its design."""
    listed = presentation.slides._sldIdLst
    for entry in list(listed):
        presentation.part.drop_rel(entry.rId)
        listed.remove(entry)
