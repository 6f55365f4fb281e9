"""Tags of a presentation and of its slides, by which the program finds its own slides again.

PowerPoint keeps tags with what they belong to, whatever people change, rename or reorder, and shows
them nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml

from workbook_builder.workbook_format import DECK_TAGS

#: Names of tags are in capital letters in PowerPoint.
SLIDE_TAG = f"{DECK_TAGS}SLIDE"
MONTH_TAG = f"{DECK_TAGS}MONTH"
SLIDES_TAG = f"{DECK_TAGS}SLIDES"

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.tags+xml"
_MAIN = "http://schemas.openxmlformats.org/presentationml/2006/main"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
#: What follows the list of tags in a presentation, in the order of the schema.
_AFTER_IN_PRESENTATION = ("kinsoku", "defaultTextStyle", "modifyVerifier", "extLst")
_AFTER_IN_SLIDE = ("controls", "extLst")


def read_tags(owner: Any) -> dict[str, str]:
    """Return the tags of a presentation or of a slide by name; what cannot be read has none."""
    part = _tags_part(owner)
    return {} if part is None else dict(_tags_in(part.blob))


def write_tags(owner: Any, tags: Mapping[str, str]) -> None:
    """Give a presentation or a slide our tags; those of other programs stay."""
    part = _tags_part(owner)
    others = {} if part is None else {
        name: value for name, value in _tags_in(part.blob) if not name.startswith(DECK_TAGS)
    }  # fmt: skip
    blob = _xml({**others, **tags})
    if part is not None:
        part._blob = blob
        return
    package = owner.part.package
    name = PackURI(package.next_partname("/ppt/tags/tag%d.xml"))
    relation = owner.part.relate_to(
        Part(name, _CONTENT_TYPE, package, blob), RELATIONSHIP_TYPE.TAGS
    )
    listed = _list_of(owner)
    listed.append(parse_xml(
        f'<p:tags xmlns:p="{_MAIN}" xmlns:r="{_RELATIONSHIPS}" r:id="{relation}"/>'
    ))  # fmt: skip


def remove_tags(owner: Any) -> None:
    """Take our tags off a slide."""
    if any(name.startswith(DECK_TAGS) for name in read_tags(owner)):
        write_tags(owner, {})


def _holder(owner: Any) -> tuple[Any, tuple[str, ...]]:
    """Return the element that lists the tags, and what follows the list in it."""
    element = owner._element
    is_slide = etree.QName(element).localname == "sld"
    return (element.cSld, _AFTER_IN_SLIDE) if is_slide else (element, _AFTER_IN_PRESENTATION)


def _list_of(owner: Any) -> Any:
    """Return the element that lists customer data, made if there is none."""
    holder, after = _holder(owner)
    listed = holder.find(f"{{{_MAIN}}}custDataLst")
    if listed is not None:
        return listed
    listed = parse_xml(f'<p:custDataLst xmlns:p="{_MAIN}"/>')
    following = next((child for child in holder if etree.QName(child).localname in after), None)
    if following is None:
        holder.append(listed)
    else:
        following.addprevious(listed)
    return listed


def _tags_part(owner: Any) -> Any:
    holder, _ = _holder(owner)
    entry = holder.find(f"{{{_MAIN}}}custDataLst/{{{_MAIN}}}tags")
    if entry is None:
        return None
    try:
        return owner.part.related_part(entry.get(f"{{{_RELATIONSHIPS}}}id"))
    except KeyError:
        return None


def _tags_in(blob: bytes) -> Iterator[tuple[str, str]]:
    try:
        root = etree.fromstring(blob, _PARSER)
    except etree.LxmlError:
        return
    for tag in root.iter(f"{{{_MAIN}}}tag"):
        if name := tag.get("name"):
            yield name, tag.get("val", "")


def _xml(tags: Mapping[str, str]) -> bytes:
    entries = "".join(
        f'<p:tag name="{escape(name)}" val="{escape(value)}"/>' for name, value in tags.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<p:tagLst xmlns:p="{_MAIN}">{entries}</p:tagLst>'.encode()
