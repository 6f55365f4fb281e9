"""The design of a deck without a template: 16:9, in the colours of the workbook's theme.

It is python-pptx's own empty presentation with another size, theme and layouts, so no file of a
design needs to travel with the program.
"""

from __future__ import annotations

import re
from typing import Any

import pptx
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.util import Emu

from workbook_builder.powerpoint.geometry import POINT, Box
from workbook_builder.sheets.plan import PlanTheme

_WIDTH, _HEIGHT = 960, 540
_EDGE = 30
_TITLE = Box(_EDGE, 13, 900, 38)
_HEADLINE = Box(_EDGE, 50, 900, 26)
_CONTENT = Box(_EDGE, 78, 900, 383)
_COMMENTARY = Box(_EDGE, 463, 900, 30)
_FOOTER = Box(330, 510, 300, 20)
_NUMBER = Box(850, 510, 80, 20)
_DATE = Box(_EDGE, 510, 120, 20)
_BAND = Box(0, 0, _WIDTH, 7)

#: What stays of python-pptx's layouts: one for our slides, the others for slides of the council's.
_LAYOUTS = ("Title Slide", "Title and Content", "Title Only", "Blank")
_SCHEME = {
    "dk1": "1F2933", "lt1": "FFFFFF", "dk2": "12436D", "lt2": "EAF0F6", "accent1": "12436D",
    "accent2": "F46A25", "accent3": "28A197", "accent4": "801650", "accent5": "3D3D3D",
    "accent6": "A285D1", "hlink": "0B5394", "folHlink": "5B2A86",
}  # fmt: skip
_NAMESPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def default_design(theme: PlanTheme) -> Any:
    """Return an empty presentation in the standard design and the colours of a theme."""
    presentation: Any = pptx.Presentation()
    presentation.slide_width, presentation.slide_height = _emu(_WIDTH), _emu(_HEIGHT)
    for layout in list(presentation.slide_layouts):
        if layout.name not in _LAYOUTS:
            presentation.slide_layouts.remove(layout)
    master = presentation.slide_master
    _set_colours(master, theme)
    _set_text_styles(master)
    for kind, box in (("title", _TITLE), ("body", _CONTENT), ("dt", _DATE), ("ftr", _FOOTER),
                      ("sldNum", _NUMBER)):  # fmt: skip
        _place(_placeholder(master, kind), box)
    _placeholder(master, "title")._element.find(".//{*}bodyPr").set("lIns", "0")
    _set_small(master)
    _add_band(master)
    layouts = {layout.name: layout for layout in presentation.slide_layouts}
    _widen(layouts["Title Slide"])
    _add_texts(layouts["Title and Content"])
    return presentation


def _emu(points: float) -> Emu:
    return Emu(round(points * POINT))


def _set_colours(master: Any, theme: PlanTheme) -> None:
    own = {"accent1": theme.main, "dk2": theme.main, "lt2": theme.pale, "accent4": theme.accent}
    scheme = _SCHEME | {name: colour.lstrip("#") for name, colour in own.items()}
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    xml = part.blob.decode("utf-8")
    for name, colour in scheme.items():
        xml = re.sub(
            f"<a:{name}>.*?</a:{name}>",
            f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>', xml, flags=re.DOTALL,
        )  # fmt: skip
    part._blob = xml.encode("utf-8")


def _set_text_styles(master: Any) -> None:
    """Give titles and texts sizes for a page of figures."""
    styles = master._element.find("{*}txStyles")
    title = styles.find("{*}titleStyle/{*}lvl1pPr")
    title.set("algn", "l")
    properties = title.find("{*}defRPr")
    properties.set("sz", "2600")
    properties.set("b", "1")
    properties.find("{*}solidFill/{*}schemeClr").set("val", "tx2")
    for level, size in enumerate((1800, 1600, 1400, 1200, 1200), 1):
        styles.find(f"{{*}}bodyStyle/{{*}}lvl{level}pPr/{{*}}defRPr").set("sz", str(size))


def _placeholder(parent: Any, kind: str) -> Any:
    return next(shape for shape in parent.placeholders
                if shape._element.nvSpPr.nvPr.find("{*}ph").get("type", "obj") == kind)  # fmt: skip


def _place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = box.emu


def _set_small(master: Any) -> None:
    """Make the date, the footer and the slide number small, and dark enough to be read."""
    for kind in ("dt", "ftr", "sldNum"):
        properties = _placeholder(master, kind)._element.find(".//{*}lvl1pPr/{*}defRPr")
        properties.set("sz", "1000")
        tint = properties.find(".//{*}tint")
        if tint is not None:
            tint.getparent().remove(tint)


def _add_band(master: Any) -> None:
    """Draw a band of the main colour along the upper edge, behind everything."""
    left, top, width, height = _BAND.emu
    master._element.cSld.spTree.insert(2, parse_xml(
        f'<p:sp {_NAMESPACES}><p:nvSpPr><p:cNvPr id="20" name="Band" descr=""/><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        '</a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/>'
        "</a:ln></p:spPr></p:sp>"
    ))  # fmt: skip


def _widen(layout: Any) -> None:
    """Fit the parts of a layout that python-pptx made for 4:3 into the width of 16:9."""
    for shape in layout.placeholders:
        if shape._element.spPr.find("{*}xfrm") is not None:
            box = Box.of_emu(shape.left, shape.top, shape.width, shape.height)
            wide = _WIDTH / 720
            _place(shape, Box(box.left * wide, box.top, box.width * wide, box.height))


def _add_texts(layout: Any) -> None:
    """Add the placeholders of the headline and of the commentary to a layout."""
    content = _placeholder(layout, "obj")._element
    texts = (
        ("Headline", 13, _HEADLINE, 1500, "ctr", "Headline: what the board should know"),
        ("Commentary", 14, _COMMENTARY, 1200, "t", "Commentary"),
    )
    for number, (name, index, box, size, anchor, prompt) in enumerate(texts):
        left, top, width, height = box.emu
        element = parse_xml(
            f'<p:sp {_NAMESPACES}><p:nvSpPr><p:cNvPr id="{21 + number}" name="{name}"/>'
            '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>'
            f'<p:ph type="body" sz="quarter" idx="{index}" hasCustomPrompt="1"/></p:nvPr>'
            f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
            f'<a:ext cx="{width}" cy="{height}"/></a:xfrm></p:spPr><p:txBody>'
            f'<a:bodyPr lIns="0" tIns="0" bIns="0" anchor="{anchor}"><a:normAutofit/></a:bodyPr>'
            f"<a:lstStyle>"
            f'<a:lvl1pPr marL="0" indent="0"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
            f'<a:defRPr sz="{size}"/></a:lvl1pPr></a:lstStyle>'
            f'<a:p><a:pPr lvl="0"/><a:r><a:rPr lang="en-GB"/><a:t>{prompt}</a:t></a:r></a:p>'
            "</p:txBody></p:sp>"
        )
        if name == "Headline":
            content.addprevious(element)
        else:
            content.addnext(element)
