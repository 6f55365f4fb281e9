"""The Revisions sheet: published figures that today's extracts would make others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from workbook_builder.definitions.measures import Measure
from workbook_builder.figures import Figure, Figures
from workbook_builder.months import Month
from workbook_builder.problems import counted
from workbook_builder.revisions import Action, Revision
from workbook_builder.sheets.formulas import number_format, signed_format
from workbook_builder.sheets.listing import Value, listing, widths
from workbook_builder.sheets.plan import Cell, Number, Sheet
from workbook_builder.sheets.revision_words import decimals_of, explanation, mark
from workbook_builder.sheets.titles import TITLE_HEIGHTS, titles

NAME = "Revisions"
TABLE = "t_revisions"

_COLUMNS = (
    ("measure", 34.0), ("title", 46.0), ("month", 10.0), ("team", 26.0), ("published", 13.0),
    ("recalculated", 13.0), ("difference", 13.0), ("what explains it", 56.0), ("action", 16.0),
)  # fmt: skip
_VALUES = range(4, 7)


def revisions_sheet(
    revisions: Sequence[Revision], measures: Mapping[str, Measure], previous: str
) -> Sheet:
    """Lay out the differences that no earlier workbook lists; `previous` is last month's."""
    new = [one for one in revisions if one.listed is None]
    listed = listing(TABLE, 2, _COLUMNS, [_row(one, measures.get(one.measure)) for one in new])
    return Sheet(
        name=NAME,
        cells=(
            *titles(NAME, _explained(new, len(revisions) - len(new), previous)),
            *(_shaped(cell, new, measures) for cell in listed.cells),
        ),
        widths=widths(_COLUMNS),
        heights=(*TITLE_HEIGHTS, *listed.heights),
        tables=(replace(listed.table, filtered=True),),
        freeze=(3, 0),
        repeat_rows=(2, 2),
    )


def with_marks(
    figures: Figures, revisions: Iterable[Revision], measures: Mapping[str, Measure], month: Month
) -> Figures:
    """Mark the figures that a person must not take for today's, or for the ones published."""
    marks = {
        one.key: mark(one, measures.get(one.measure), month)
        for one in revisions
        if one.action is not Action.FILLED
    }
    return Figures(_marked(figure, marks.get(figure.key, "")) for figure in figures)


def _marked(figure: Figure, text: str) -> Figure:
    return replace(figure, mark=text) if text else figure


def _explained(new: Sequence[Revision], earlier: int, previous: str) -> str:
    stands = "still stand" if earlier > 1 else "still stands"
    more = f" {earlier:,} more, listed in earlier workbooks, {stands}." if earlier else ""
    if not new:
        return f"Nothing new differs from the figures published in {previous}.{more}"
    are = "is" if len(new) == 1 else "are"
    return (
        f"{counted(len(new), 'figure')} published in {previous} {are} not what today's extracts "
        f"give, or no longer what was published.{more}"
    )


def _row(one: Revision, measure: Measure | None) -> list[Value]:
    return [
        one.measure,
        measure.title if measure else "",
        str(one.month),
        one.team,
        one.published.value,
        one.recalculated.value,
        one.difference,
        explanation(one, measure),
        str(one.action),
    ]


def _shaped(cell: Cell, rows: Sequence[Revision], measures: Mapping[str, Measure]) -> Cell:
    """Give a number the format of its measure."""
    if not isinstance(cell.content, Number) or cell.column not in _VALUES:
        return cell
    revision = rows[cell.row - 3]
    measure = measures.get(revision.measure)
    unit, decimals = (measure.unit if measure else "number"), decimals_of(revision, measure)
    shape = signed_format if cell.column == _VALUES[-1] else number_format
    return cell._replace(style="figure", number_format=shape(unit, decimals))
