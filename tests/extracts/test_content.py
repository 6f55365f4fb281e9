from __future__ import annotations

import pytest

from tests.conftest import ROOT
from workbook_builder.extracts.content import Content, content_of

FILES = ROOT / "workbook_builder" / "self_test" / "kinds"


@pytest.mark.parametrize("ending", ["xlsx", "xls", "xlsb", "ods"])
def test_workbooks_are_known_by_their_bytes(ending: str) -> None:
    assert content_of((FILES / f"referrals.{ending}").read_bytes())[0] is Content.WORKBOOK


@pytest.mark.parametrize(("content", "kind"), [
    (b"Child ID,Date\n", Content.TEXT),
    (b"", Content.TEXT),
    (b"\xef\xbb\xbf <HTML>", Content.WEB_PAGE),
    ("\ufeff<table>".encode("utf-16-le"), Content.WEB_PAGE),
    (b"<?xml version='1.0'?><html>", Content.WEB_PAGE),
    (b"<?xml version='1.0'?><Workbook>", Content.OTHER),
    (b"%PDF-1.7", Content.OTHER),
    (b"PK\x03\x04 cut off", Content.BROKEN_WORKBOOK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
     Content.LOCKED_WORKBOOK),
])  # fmt: skip
def test_other_content(content: bytes, kind: Content) -> None:
    assert content_of(content)[0] is kind
