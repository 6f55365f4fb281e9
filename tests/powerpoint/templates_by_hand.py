"""Templates of councils that nobody has: 4:3, dark, with odd names, and files that are none."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pptx
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Emu

#: Placeholders that the template with odd names has none of.
_FOOTERS = ("dt", "ftr", "sldNum")


def saved(presentation: Any) -> bytes:
    target = io.BytesIO()
    presentation.save(target)
    return target.getvalue()


@cache
def four_to_three() -> bytes:
    """python-pptx's own presentation, as PowerPoint 2010 made it, with a motto in the footer."""
    presentation: Any = pptx.Presentation()
    for layout in presentation.slide_layouts:
        for shape in layout.placeholders:
            if "Footer" in shape.name:
                shape.text_frame.text = "Every child matters to us"
    presentation.slides.add_slide(presentation.slide_layouts[0])  # a sample of the design
    return saved(presentation)


@cache
def dark() -> bytes:
    """White on dark blue, by the colour map, with accents too dark for it, in 16:9."""
    presentation: Any = pptx.Presentation()
    presentation.slide_width, presentation.slide_height = Emu(12192000), Emu(6858000)
    master = presentation.slide_master
    colours = master._element.find("{*}clrMap")
    for name, scheme in {"bg1": "dk1", "tx1": "lt1", "bg2": "dk2", "tx2": "lt2"}.items():
        colours.set(name, scheme)
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    xml = part.blob.decode()
    for name, colour in {"dk1": "0B1F33", "accent1": "123A5C", "accent2": "F2A900"}.items():
        xml = re.sub(
            f"<a:{name}>.*?</a:{name}>", f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>', xml
        )
    part._blob = xml.encode()
    wide = 12192000 / 9144000
    for parent in (master, *presentation.slide_layouts):
        for shape in parent.placeholders:
            if shape._element.spPr.find("{*}xfrm") is not None:
                shape.left, shape.width = Emu(int(shape.left * wide)), Emu(int(shape.width * wide))
    return saved(presentation)


@cache
def odd_names() -> bytes:
    """Layouts that are called after a council's taste, and neither footer nor slide number."""
    presentation: Any = pptx.Presentation()
    for number, layout in enumerate(presentation.slide_layouts):
        layout.name = f"Corporate page {chr(65 + number)}"
    for parent in (presentation.slide_master, *presentation.slide_layouts):
        for shape in list(parent.placeholders):
            if shape._element.nvSpPr.nvPr.find("{*}ph").get("type") in _FOOTERS:
                shape._element.getparent().remove(shape._element)
    return saved(presentation)


@cache
def without_layouts() -> bytes:
    presentation: Any = pptx.Presentation()
    for layout in list(presentation.slide_layouts):
        presentation.slide_layouts.remove(layout)
    return saved(presentation)


@cache
def without_titles() -> bytes:
    presentation: Any = pptx.Presentation()
    for layout in list(presentation.slide_layouts):
        if layout.name != "Blank":
            presentation.slide_layouts.remove(layout)
    return saved(presentation)


@cache
def potx() -> bytes:
    return _with_type("presentation.main+xml", "template.main+xml")


@cache
def with_macros() -> bytes:
    main = "vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    return _with_type(main, "vnd.ms-powerpoint.presentation.macroEnabled.main+xml")


def _with_type(old: str, new: str) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(four_to_three())) as source,
        zipfile.ZipFile(target, "w") as package,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(old.encode(), new.encode())
            package.writestr(name, content)
    return target.getvalue()


@cache
def damaged_part() -> bytes:
    """A package that is whole, with a presentation part that is cut off."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(four_to_three())) as source,
        zipfile.ZipFile(target, "w") as package,
    ):
        for name in source.namelist():
            content = source.read(name)
            package.writestr(name, content[:200] if name == "ppt/presentation.xml" else content)
    return target.getvalue()


@cache
def bomb() -> bytes:
    """A package whose parts unpack to half a gigabyte."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr("[Content_Types].xml", b"<Types/>")
        for number in range(10):
            package.writestr(f"ppt/media/{number}.bin", bytes(50_000_000))
    return target.getvalue()


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: Makes the bytes of a file; each is made once, when a test first needs it.
Maker = Callable[[], bytes]

TEMPLATES: Mapping[str, Maker] = {
    "four to three": four_to_three, "dark": dark, "odd names": odd_names,
}  # fmt: skip

#: Files that are no templates, each with words of the problem that it must give.
BAD: Mapping[str, tuple[Maker, str]] = {
    "empty": (bytes, "empty"),
    "cut off": (lambda: four_to_three()[:9000], "damaged"),
    "damaged part": (damaged_part, "damaged"),
    "a text": (lambda: b"Not a presentation at all.", "damaged or not a PowerPoint file"),
    "potx": (potx, "PowerPoint template (.potx)"),
    "pptm": (with_macros, "macros"),
    "password": (
        lambda: _OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le"), "password",
    ),
    "old": (
        lambda: _OLE + bytes(504) + "PowerPoint Document".encode("utf-16-le"), "old format .ppt",
    ),
    "without layouts": (without_layouts, "no slide layouts"),
    "without titles": (without_titles, 'no layout has a title; its layouts are "Blank"'),
    "bomb": (bomb, "unpacks to more than any presentation"),
}  # fmt: skip
