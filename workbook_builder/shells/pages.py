"""Problems, results and pages of the docs as HTML for the window."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from workbook_builder.shells.messages import Built, Fault
from workbook_builder.shells.state import WORDS, by_file

#: What the address of a link to a problem's page begins with.
PROBLEM = "problem:"


def problems_page(faults: Iterable[Fault]) -> str:
    """Return problems grouped by file, errors first, each with what to do and a link."""
    groups = by_file(faults)
    if not groups:
        return "<p>Nothing to report.</p>"
    return "".join(
        f"<h3>{escape(file or 'The workbook')}</h3>{''.join(map(_problem, group))}"
        for file, group in groups
    )


def _problem(fault: Fault) -> str:
    place = f"{escape(fault.place)}: " if fault.place else ""
    what = escape(fault.what if place else fault.what[:1].upper() + fault.what[1:])
    link = f'<a href="{PROBLEM}{fault.code}">About {fault.code}</a>'
    return (
        f"<p><b>{WORDS[fault.level]}.</b> {place}{what} {escape(fault.done)}<br>"
        f"What to do: {escape(fault.to_do)} {link}</p>"
    )


def result_page(result: Built | None) -> str:
    """Return what came of building."""
    if result is None:
        return "<p>Nothing has been built yet.</p>"
    head = f"<h2>{escape(result.headline)}</h2>"
    place = f"<p>{escape(str(result.written.parent))}</p>" if result.written else ""
    points = "".join(f"<li>{escape(one)}</li>" for one in result.attention)
    first = "<h3>Look at these first</h3>" if points else ""
    calm = "" if points else "<p>Nothing needs attention.</p>"
    return f"{head}{place}{first}<ul>{points}</ul>{calm}"
