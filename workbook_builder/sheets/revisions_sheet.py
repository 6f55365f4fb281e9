"""The Revisions sheet: published figures that today's extracts would make others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from workbook_builder.definitions.measures import (
    Average,
    Children,
    ChildrenInAny,
    ChildrenPercentage,
    Measure,
    Rate,
)
from workbook_builder.figures import NOTHING, Action, Figure, Figures, Revision
from workbook_builder.indicators.rating import digits, printed
from workbook_builder.months import Month
from workbook_builder.problems import counted
from workbook_builder.sheets.data_table import TITLE_HEIGHTS, Value, listing, titles, widths
from workbook_builder.sheets.formulas import number_format, signed_format
from workbook_builder.sheets.plan import Cell, Number, Sheet

_NO_MEASURE = Measure(name="unknown", title="unknown")
_MOST_DECIMALS = 6


def decimals_of(revision: Revision, measure: Measure | None) -> int:
    """Return the digits after the point that show a difference: more than are printed elsewhere."""
    known = measure or _NO_MEASURE
    values = [revision.published.value, revision.recalculated.value]
    if known.unit == "number" and all(
        value is None or float(value).is_integer() for value in values
    ):
        return 0
    difference = abs(revision.difference or 0.0)
    wanted = known.decimals
    while wanted < _MOST_DECIMALS and difference < 10.0 ** -digits(known.unit, wanted):
        wanted += 1
    return wanted


def value_text(value: float | None, measure: Measure | None, decimals: int) -> str:
    """Write a value as it is printed: "285", "94.9%"."""
    if value is None:
        return "blank"
    known = measure or _NO_MEASURE
    shown = printed(value, known.unit, decimals)
    return f"{shown:.{decimals}%}" if known.unit == "percent" else f"{shown:,.{decimals}f}"


def explanation(revision: Revision, measure: Measure | None) -> str:
    """Say what explains a difference: so many records more or fewer, or what a person did."""
    parts = [*_by_hand(revision, measure), *_by_records(revision, measure or _NO_MEASURE)]
    return " ".join(parts)


def mark(revision: Revision, measure: Measure | None, month: Month) -> str:
    """Write the note on a cell whose figure is not, or no longer, what today's extracts give."""
    decimals = decimals_of(revision, measure)
    published = value_text(revision.published.value, measure, decimals)
    today = value_text(revision.recalculated.value, measure, decimals)
    told = revision.recalculated.value is not None
    given = {
        Action.KEPT: f"As published. Today's extracts give {today}." if told else "As published.",
        Action.REPLACED: f"Today's figure. {published} was published.",
        Action.TYPED: "",
        Action.CLEARED: "",
    }[revision.action]
    listed = revision.listed or month
    where = f"See the Revisions sheet of {listed.label}."
    return " ".join(part for part in (given, explanation(revision, measure), where) if part)


def _by_hand(revision: Revision, measure: Measure | None) -> Iterator[str]:
    if revision.action is Action.FILLED:
        yield "It was blank when the month was published."
    if revision.action is Action.CLEARED:
        yield "It was taken out of last month's workbook by hand."
    if revision.action is Action.TYPED:
        written = revision.written.value if revision.written else None
        text = value_text(written, measure, decimals_of(revision, measure))
        what = "nothing" if written is None else text
        yield f"It was typed by hand into a finished workbook; the program had written {what}."


def _by_records(revision: Revision, measure: Measure) -> Iterator[str]:
    before, after = revision.published, revision.recalculated
    if after == NOTHING:
        told = "no record of this team" if revision.team else "no figure"
        yield f"Today's extracts give {told}."
        return
    if revision.action is Action.FILLED or before.same(after):
        return
    if before == NOTHING:
        yield "No figure of this team was published."
    elif before.numerator is None and before.denominator is None:
        yield "It was published without numerator and denominator."
    else:
        changes = list(_changes(revision, measure))
        same = "The numbers behind it are the same: it is worked out in another way."
        yield f"{', '.join(changes)}." if changes else same


def _changes(revision: Revision, measure: Measure) -> Iterator[str]:
    before, after = revision.published, revision.recalculated
    single = before.denominator is None and after.denominator is None
    over = _change(before.numerator, after.numerator, _noun(measure))
    under = _change(before.denominator, after.denominator, _noun(measure))
    if isinstance(measure, Average):
        over = _change(before.numerator, after.numerator, "")
        yield from (f"{text} in the sum of the values" for text in over)
        yield from under
    elif isinstance(measure, Rate):
        yield from (f"{text} counted" for text in over)
        yield from (f"population: {text}" for text in
                    _change(before.denominator, after.denominator, "person", "people"))  # fmt: skip
    else:
        yield from over if single else (f"{text} in the numerator" for text in over)
        yield from (f"{text} in the denominator" for text in under)


def _noun(measure: Measure) -> str:
    if isinstance(measure, Children | ChildrenPercentage | ChildrenInAny):
        return "child"
    return "" if isinstance(measure, Rate) else "record"


def _change(
    before: float | None, after: float | None, noun: str, plural: str = ""
) -> Iterator[str]:
    if before is None or after is None:
        return
    difference = round(after - before, 6)
    if not difference:
        return
    size, word = abs(difference), "more" if difference > 0 else "fewer"
    if not noun or not float(size).is_integer():
        yield f"{size:,.6g} {word if noun else word.replace('fewer', 'less')}"
        return
    text = counted(int(size), noun, plural or ("children" if noun == "child" else ""))
    number, _, name = text.partition(" ")
    yield f"{number} {word} {name}"


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
