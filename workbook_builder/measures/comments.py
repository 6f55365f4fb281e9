"""Commentary that people give: rows of the commentary dataset in, comments out."""

from __future__ import annotations

from sqlglot import exp

from workbook_builder.commentary import Comment, Commentary
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.engine.protocol import Engine
from workbook_builder.measures import kinds
from workbook_builder.measures.named import MeasureNames
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Result

COMMENTARY = "commentary"


def read_commentary(
    engine: Engine, definitions: Definitions, layout: Layout, month: Month
) -> Result[Commentary]:
    """Return the commentary at hand; what names no month was written for the given one.

    A measure is named by its key, or by a reference or title that means one measure only.
    """
    if COMMENTARY not in definitions.datasets:
        return Result(Commentary())
    columns = ("measure", "indicator", "month", "commentary")
    rows = engine.rows(exp.select(*(exp.column(name) for name in columns)).from_(COMMENTARY))
    names = MeasureNames(definitions, layout)
    comments: list[Comment] = []
    problems: list[Problem] = []
    for name, title, written, text in rows:
        measure = names.find(name, title)
        if measure:
            of_month = Month.parse(written) if written else None
            comments.append(Comment(measure.name, of_month or month, _lines(text)))
        else:
            problems.append(_unknown(name, names))
    return Result(Commentary(comments), tuple(dict.fromkeys(problems)))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unknown(name: str, names: MeasureNames) -> Problem:
    what = f'a commentary is on "{name}", which is not known. {names.hint(name)}'.strip()
    return Problem(kinds.UNKNOWN_COMMENT, what, done="It was left out.")
