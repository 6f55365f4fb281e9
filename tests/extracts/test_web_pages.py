"""A web page has its own limit: its tables take more memory than those of a text file."""

from __future__ import annotations

from tests.frames import cells_of
from workbook_builder.extracts.bounds import MOST_PAGE_MB
from workbook_builder.extracts.web_pages import read_web_page
from workbook_builder.problems import Problem

TABLE = b"<html><table><tr><td>Child ID</td></tr></table>"


def page(size: int) -> bytes:
    return TABLE.ljust(size)


def test_a_page_as_large_as_the_limit_is_read() -> None:
    found = read_web_page("page.xls", page(MOST_PAGE_MB * 1_000_000))
    assert isinstance(found, tuple)
    (grid,) = found
    assert cells_of(grid.cells.columns[0]) == ["Child ID"]


def test_a_larger_one_is_a_problem_that_names_the_limit() -> None:
    found = read_web_page("page.xls", page((MOST_PAGE_MB + 2) * 1_000_000))
    assert isinstance(found, Problem)
    assert "the web page has 62 MB; at most 60 MB are read" in found.what
