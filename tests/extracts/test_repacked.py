"""A workbook with other parts in place of some: the others are taken over as they are packed."""

from __future__ import annotations

import io
import zipfile

import pytest

from workbook_builder.extracts.repacked import repacked

PARTS = {
    "[Content_Types].xml": b"<Types/>" * 50,
    "xl/workbook.xml": b"<workbook/>",
    "xl/worksheets/sheet1.xml": b"<worksheet>old</worksheet>" * 1_000,
    "xl/media/picture.png": b"of no use here",
    "xl/worksheets/_rels/sheet1.xml.rels": b"<Relationships/>",
}
SHEET = "xl/worksheets/sheet1.xml"


def archive(comment: bytes = b"", packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as made:
        made.comment = comment
        for name, content in PARTS.items():
            part = zipfile.ZipInfo(name)
            part.extra = b"\x99\x99\x02\x00ab"  # as some writers add
            part.compress_type = packing
            made.writestr(part, content)
    return held.getvalue()


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
@pytest.mark.parametrize("packed", [frozenset({SHEET}), frozenset[str]()])
def test_other_parts_stay_and_the_named_are_replaced(packing: int, packed: frozenset[str]) -> None:
    pieces = [b"<worksheet>", b"new" * 10_000, b"</worksheet>"]
    with zipfile.ZipFile(repacked(archive(packing=packing), {SHEET: pieces}, packed)) as found:
        assert found.testzip() is None
        kept = {
            name: content for name, content in PARTS.items() if name.endswith((".xml", ".rels"))
        }
        assert {name: found.read(name) for name in found.namelist()} == {
            **kept, SHEET: b"".join(pieces),
        }  # fmt: skip
        way = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        assert found.getinfo(SHEET).compress_type == way
        assert found.getinfo("xl/workbook.xml").compress_type == packing


def test_an_archive_within_other_bytes_is_read_where_it_lies() -> None:
    """As those that unpack themselves: what stands before an archive moves all of it."""
    content = b"#! a program before the archive\n" + archive()
    with zipfile.ZipFile(repacked(content, {SHEET: [b"new"]}, frozenset())) as found:
        assert found.read("[Content_Types].xml") == PARTS["[Content_Types].xml"]
        assert found.testzip() is None
