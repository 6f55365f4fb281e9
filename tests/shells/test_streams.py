"""What is printed where Windows has few signs, or nowhere to print."""

from __future__ import annotations

import io
import sys

import pytest

from workbook_builder.cli.process import print_anything


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_sign_that_the_output_has_not_is_shown_by_its_number(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_out = io.BytesIO()
    stream = io.TextIOWrapper(bytes_out, encoding="cp1252", newline="\n")
    monkeypatch.setattr(sys, name, stream)
    print_anything()
    print("Written: Gŵyl Siân £.xlsx", file=stream, flush=True)
    assert bytes_out.getvalue() == "Written: G\\u0175yl Siân £.xlsx\n".encode("cp1252")
