"""A web page has its own limit: its tables take more memory than those of a text file."""

from __future__ import annotations

from workbook_builder.problems import Problem
from workbook_builder.readers.limits import MOST_PAGE_MB
from workbook_builder.readers.web_page import read

TABLE = b"<html><table><tr><td>Child ID</td></tr></table>"


def page(size: int) -> bytes:
    return TABLE.ljust(size)


def test_a_page_as_large_as_the_limit_is_read() -> None:
    found = read("page.xls", page(MOST_PAGE_MB * 1_000_000))
    assert isinstance(found, list)
    (grid,) = found
    assert grid.cells[0].tolist() == ["Child ID"]


def test_a_larger_one_is_a_problem_that_names_the_limit() -> None:
    found = read("page.xls", page((MOST_PAGE_MB + 2) * 1_000_000))
    assert isinstance(found, Problem)
    assert "the web page has 62 MB; at most 60 MB are read" in found.what
