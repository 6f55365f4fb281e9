"""The functions that SQL expressions in measures may call, and the trees that ours stand for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from workbook_builder.engine.working_days import NumberedWorkingDay, WorkingDayNumber

Arguments = Sequence[exp.Expr]

#: SQL's own functions that are allowed, by the class of their tree.
STANDARD: tuple[type[exp.Func], ...] = (
    exp.Abs, exp.Coalesce, exp.Greatest, exp.Least, exp.Lower, exp.Nullif, exp.Trim, exp.Upper,
    exp.If, exp.Case, exp.Exists, exp.And, exp.Or,
)  # fmt: skip

#: Functions that make one value of many: allowed inside a sub-select only.
AGGREGATES: tuple[type[exp.Func], ...] = (exp.Avg, exp.Count, exp.Max, exp.Min, exp.Sum)


def _working_days(arguments: Arguments) -> exp.Expr:
    start, end = arguments
    days = exp.Sub(this=WorkingDayNumber(this=end), expression=WorkingDayNumber(this=start))
    return exp.paren(days)


def _working_days_before(arguments: Arguments) -> exp.Expr:
    day, back = arguments
    number = exp.Sub(this=WorkingDayNumber(this=day), expression=exp.paren(back))
    return NumberedWorkingDay(this=number)


def _days_between(arguments: Arguments) -> exp.Expr:
    start, end = arguments
    return exp.DateDiff(this=end, expression=start, unit=exp.var("DAY"))


def _before(unit: str) -> Callable[[Arguments], exp.Expr]:
    def tree(arguments: Arguments) -> exp.Expr:
        day, back = arguments
        span = exp.Interval(this=exp.Literal.string(back.name), unit=exp.var(unit))
        return exp.cast(exp.Sub(this=day, expression=span), "DATE")

    return tree


def _part(part: type[exp.Func], day: exp.Expr) -> exp.Expr:
    return part(this=day.copy())


def _day_of_year(day: exp.Expr) -> exp.Expr:
    hundredfold = exp.Mul(this=_part(exp.Month, day), expression=exp.Literal.number(100))
    return exp.paren(exp.Add(this=hundredfold, expression=_part(exp.Day, day)))


def _age_at(arguments: Arguments) -> exp.Expr:
    born, day = arguments
    years = exp.Sub(this=_part(exp.Year, day), expression=_part(exp.Year, born))
    not_yet = exp.LT(this=_day_of_year(day), expression=_day_of_year(born))
    case = exp.Case().when(not_yet, exp.Literal.number(1)).else_(exp.Literal.number(0))
    return exp.paren(exp.Sub(this=years, expression=case))


#: Our own functions: how many arguments, and the tree that they stand for.
#: working_days(a, b): working days after a up to and including b.
#: working_days_before(d, n): the first day from which working_days to d is at most n.
#: days_between(a, b): calendar days from a to b. days_before(d, 28), months_before(d, 12): the day
#: so many days or months back.
#: age_at(born, d): whole years; a child born on 29 February is a year older on 1 March.
OWN: dict[str, tuple[int, Callable[[Arguments], exp.Expr]]] = {
    "working_days": (2, _working_days),
    "working_days_before": (2, _working_days_before),
    "days_between": (2, _days_between),
    "days_before": (2, _before("DAY")),
    "months_before": (2, _before("MONTH")),
    "age_at": (2, _age_at),
}

NAMES: tuple[str, ...] = tuple(
    sorted([*OWN, "abs", "coalesce", "greatest", "least", "lower", "nullif", "trim", "upper",
            "avg", "count", "max", "min", "sum"])
)  # fmt: skip
