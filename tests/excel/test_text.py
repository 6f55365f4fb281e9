"""Text stays text, whatever it looks like, and what no file can hold is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from openxml_audit import OpenXmlValidator

from workbook_builder.excel.draw import DrawError, draw
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Formula,
    NativeTable,
    Number,
    Plan,
    Properties,
    SheetPlan,
    Text,
)

HARD = (
    "=1+1", "=cmd|' /C calc'!A0", "{=SUM(A1)}", "+1", "-1", "@SUM(A1)", "\t=1+1", "\ttab",
    "http://example.org", "https://example.org/#a", "mailto:a@example.org", "ftp://example.org",
    "internal:Sheet!A1", "external:c:\\a.xlsx", "www.example.org", "\\\\server\\share",
    "<b>bold</b>", "a & b", "&amp;", "]]>", "<r><t>rich</t></r>", "<r>&</r>", "<r></r>", "<r>",
    '"quoted"', "'apostrophe", "one\ntwo", "one\n\n", " spaces ", "  ", "😀 👩‍👩‍👧 ñ", "مرحبا",
    "x" * 3_000, "=" * 300, "_x0041_", "TRUE", "1", "1e5", "#N/A", "2023-07-01", "\u00a0", "\u200b",
)  # fmt: skip
CONTROLS = ("\x00", "a\x01b", "\x07", "a\x0bb", "a\x1fb", "\x7f", "a\ufffeb", "a\uffffb", "a\x0cb")


def plan_with(*contents: Text | Number | Formula) -> Plan:
    cells = tuple(Cell(row, 0, content, "data") for row, content in enumerate(contents))
    properties = Properties("Title", "Author", datetime(2023, 8, 3), (("Layout", "board"),))
    return Plan(properties, (SheetPlan("Sheet", cells),))


def read_back(content: bytes) -> list[tuple[object, str, bool]]:
    """Return value, type and whether there is a link, of each cell of the first column."""
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content))
    return [(cell.value, cell.data_type, cell.hyperlink is not None) for (cell,) in sheet]


def test_text_is_read_back_as_it_was() -> None:
    cells = read_back(draw(plan_with(*(Text(text) for text in HARD))))
    assert cells == [(text, "s", False) for text in HARD]


def test_hard_text_leaves_the_file_valid(tmp_path: Path) -> None:
    file = tmp_path / "hard.xlsx"
    file.write_bytes(draw(plan_with(*(Text(text) for text in (*HARD, *CONTROLS)))))
    assert list(OpenXmlValidator().validate(file).errors) == []


def test_control_characters_are_written_as_excel_does() -> None:
    cells = read_back(draw(plan_with(*(Text(text) for text in CONTROLS))))
    assert [unescape(str(value)) for value, _, _ in cells] == list(CONTROLS)


PRINTABLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
)
BEGINNINGS = st.sampled_from(["", "=", "{=", "@", "<r>", "http://", "\t", "\n"])
ENDS = st.sampled_from(["", "}", "</r>", "\n", " "])


@settings(max_examples=50)
@given(st.builds("{}{}{}".format, BEGINNINGS, PRINTABLE, ENDS).filter(bool))
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    assert read_back(draw(plan_with(Text(text)))) == [(text, "s", False)]


def test_formulas_keep_text_and_numbers_apart() -> None:
    content = draw(plan_with(Formula('="-"', "-"), Formula("=1+1", 2), Formula('="1"', "1")))
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    assert [cell.value for (cell,) in sheet] == ["-", 2, "1"]


def with_sheet(name: str) -> Plan:
    plan = plan_with(Text("a"))
    return replace(plan, sheets=(replace(plan.sheets[0], name=name),))


def with_name(name: str) -> Plan:
    return replace(plan_with(Text("a")), names=((name, "Sheet", Area(0, 0, 0, 0)),))


def with_table(name: str, *headings: str) -> Plan:
    plan = plan_with(*(Text(heading) for heading in headings), Text("a"))
    table = NativeTable(name, Area(0, 0, 1, len(headings) - 1), headings)
    return replace(plan, sheets=(replace(plan.sheets[0], cells=(), tables=(table,)),))


def with_table_named(name: str) -> Plan:
    return with_table(name, "heading")


def with_note(note: str) -> Plan:
    plan = plan_with(Text("a"))
    cells = (plan.sheets[0].cells[0]._replace(note=note),)
    return replace(plan, sheets=(replace(plan.sheets[0], cells=cells),))


def with_title(title: str) -> Plan:
    plan = plan_with(Text("a"))
    return replace(plan, properties=replace(plan.properties, title=title))


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (with_sheet, "x" * 32),
        (with_sheet, "a/b"),
        (with_sheet, "'a'"),
        (with_sheet, "a\x01"),
        *((with_name, name) for name in ("A1", "RAG1", "SEP24", "cin10", "XFD1", "R1C1", "a b")),
        *((with_table_named, name) for name in ("RAG1", "Q1", "two words")),
        (with_note, "x" * 32_768),
        (with_note, "a\x01"),
        (with_title, "a\x01"),
    ],
)
def test_what_no_workbook_can_hold_is_refused(make: Callable[[str], Plan], argument: str) -> None:
    with pytest.raises(DrawError):
        draw(make(argument) if make is not with_table else with_table(argument, "heading"))


@pytest.mark.parametrize("headings", [("a", "A"), ("a\x01",), ("<r>&</r>",)])
def test_bad_headings_are_refused(headings: tuple[str, ...]) -> None:
    with pytest.raises(DrawError):
        draw(with_table("t_a", *headings))


def test_two_sheets_of_one_name_are_refused() -> None:
    plan = plan_with(Text("a"))
    with pytest.raises(DrawError):
        draw(replace(plan, sheets=plan.sheets * 2))


@pytest.mark.parametrize("name", ["XFE1", "RAGS1", "RAG", "t_1", "n_rag1"])
def test_names_that_are_no_cells_are_written(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(draw(with_name(name))))
    assert list(book.defined_names) == [name]


@pytest.mark.parametrize("length", [32_767, 32_768])
def test_text_may_be_as_long_as_excel_allows(length: int) -> None:
    plan = plan_with(Text("x" * length))
    if length > 32_767:
        with pytest.raises(DrawError):
            draw(plan)
    else:
        assert read_back(draw(plan)) == [("x" * length, "s", False)]


@pytest.mark.parametrize(
    "content", [Number(float("nan")), Number(float("inf")), Text("\ud800 alone")]
)
def test_what_xml_has_no_word_for_is_refused(content: Text | Number) -> None:
    with pytest.raises(DrawError):
        draw(plan_with(content))
