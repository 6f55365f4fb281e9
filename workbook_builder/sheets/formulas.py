"""Formulas of the workbook, each with the value it has now, and the number formats of values.

A reader may change what a formula refers to and see it follow. The formulas rate and compare as
`indicators` does; a test recalculates them all with LibreOffice.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from workbook_builder.definitions.measures import Polarity, Unit
from workbook_builder.indicators.rating import CHANGE_DIGITS
from workbook_builder.indicators.rounding import EXACT_DIGITS
from workbook_builder.indicators.rows import Shown
from workbook_builder.looks import RATING_LOOKS
from workbook_builder.sheets.plan import Formula

#: Written where there is nothing to work out.
DASH = "-"
#: What a rating, direction or trend gives where there is nothing to judge: the cell looks empty.
UNRATED = ""
#: Written in place of a number that is not shown because it is about few people.
HIDDEN = "[c]"
#: Written in place of the rating of a percentage of so few that it tells little.
SMALL = "Small"
#: Written where there is no change to work out.
NOT_APPLICABLE = "n/a"

#: Number formats have a part for numbers above, below and equal to 0.
RAG_FORMAT = ";".join(f'"{RATING_LOOKS[code].text}"' for code in (1, -1, 0))
DIRECTION_FORMAT = '"Better";"Worse";"Same"'
CHANGE_FORMAT = "+0%;-0%;0%"


def is_hidden(shown: Shown) -> bool:
    """Tell whether a month has a figure that is not shown because it is about few people."""
    return shown.reason.startswith(HIDDEN)


def number_format(unit: Unit, decimals: int) -> str:
    """Return the number format of a measure's values."""
    after = "." + "0" * decimals if decimals else ""
    return f"0{after}%" if unit == "percent" else f"#,##0{after}"


def entry_format(unit: Unit, decimals: int, sign: str) -> str:
    """Return the number format of a target or benchmark, the sign ("<") before the number."""
    plain = number_format(unit, decimals)
    return f'"{sign}"{plain}' if sign else plain


def signed_format(unit: Unit, decimals: int) -> str:
    """Return the number format of a change, with its sign."""
    plain = number_format(unit, decimals)
    return f"+{plain};-{plain};{plain}"


def rag_formula(
    value: str, target: str, better: Polarity, tolerance: float, code: int | None
) -> Formula:
    """Return the RAG code (1, 0, -1) of a value cell against a target cell, or nothing."""
    missed = _difference(target, value) if better == "higher" else _difference(value, target)
    allowed = f"ROUND({Decimal(repr(tolerance)):f}*ABS({target}),{EXACT_DIGITS})"
    judged = f"IF({missed}<=0,1,IF({missed}<{allowed},0,-1))"
    return Formula(_if_both_numbers(value, target, judged), UNRATED if code is None else code)


def unless_small(rating: Formula, denominator: str, limit: int, *, small: bool) -> Formula:
    """Return a rating that says "Small" where its percentage is of fewer than a limit."""
    is_small = f"AND(ISNUMBER({denominator}),{denominator}>0,{denominator}<{limit})"
    formula = f'=IF({is_small},"{SMALL}",{rating.formula.removeprefix("=")})'
    return Formula(formula, SMALL if small else rating.value)


def direction_formula(current: str, previous: str, better: Polarity, code: int | None) -> Formula:
    """Return the direction of travel (1 better, 0 same, -1 worse) from one cell to another."""
    rise = _difference(current, previous) if better == "higher" else _difference(previous, current)
    return Formula(_if_both_numbers(previous, current, f"SIGN({rise})"),
                   UNRATED if code is None else code)  # fmt: skip


def trend_formula(current: str, previous: str, change: float | None) -> Formula:
    """Return this month less last month."""
    return Formula(_if_both_numbers(previous, current, _difference(current, previous)),
                   UNRATED if change is None else change)  # fmt: skip


def change_formula(current: str, comparison: str, change: float | None) -> Formula:
    """Return the change from one cell to another as a share, in whole percents."""
    share = f"ROUND(ROUND({current}/{comparison}-1,{EXACT_DIGITS}),{CHANGE_DIGITS})"
    unless_zero = f'IF({comparison}=0,"{NOT_APPLICABLE}",{share})'
    formula = f'=IF(COUNT({comparison},{current})<2,"{NOT_APPLICABLE}",{unless_zero})'
    return Formula(formula, NOT_APPLICABLE if change is None else change)


def average_formula(cells: str, digits: int, average: float | None) -> Formula:
    """Return the mean of the cells that hold numbers."""
    mean = f"ROUND(ROUND(AVERAGE({cells}),{EXACT_DIGITS}),{digits})"
    return _if_any(cells, mean, average)


def maximum_formula(cells: str, maximum: float | None) -> Formula:
    """Return the largest of the cells that hold numbers."""
    return _if_any(cells, f"MAX({cells})", maximum)


def sum_formula(cells: str, total: float | None) -> Formula:
    """Return the sum of cells, if all of them hold numbers."""
    formula = f'=IF(COUNT({cells})<COLUMNS({cells}),"{DASH}",SUM({cells}))'
    return Formula(formula, DASH if total is None else total)


def share_formula(numerator: str, denominator: str, value: float | None) -> Formula:
    """Return one cell divided by another, a dash where that would be by nothing."""
    text = f'=IF({denominator}=0,"{DASH}",{numerator}/{denominator})'
    return Formula(text, DASH if value is None else value)


def added_formula(areas: Sequence[str], value: float) -> Formula:
    """Return the sum of cells and areas of cells."""
    return Formula(f"=SUM({','.join(areas)})", value)


def rest_formula(whole: str, parts: Sequence[str], value: float) -> Formula:
    """Return what is left of a cell when others are taken off; less than nothing is possible."""
    return Formula(f"={whole}-SUM({','.join(parts)})", value)


def rounded(cell: str, digits: int) -> str:
    """Return a cell rounded, for use in another formula."""
    return f"ROUND({cell},{digits})"


def _if_any(cells: str, then: str, value: float | None) -> Formula:
    return Formula(f'=IF(COUNT({cells})=0,"{DASH}",{then})', DASH if value is None else value)


def _difference(left: str, right: str) -> str:
    return f"ROUND({left}-{right},{EXACT_DIGITS})"


def _if_both_numbers(first: str, second: str, then: str) -> str:
    return f'=IF(COUNT({first},{second})<2,"{UNRATED}",{then})'
