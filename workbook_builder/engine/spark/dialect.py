"""Query trees as Spark's SQL, with the meaning that DuckDB gives them.

What Spark reads otherwise is written out: the division of whole numbers and by nothing, days minus
days, backslashes in patterns, and the calendar's questions as look-ups in two lists.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

from workbook_builder.engine.bank_holidays import FIRST_DAY
from workbook_builder.engine.working_days import NumberedWorkingDay, WorkingDayNumber

#: The list of the running numbers of all days from FIRST_DAY on, and that of the working days.
NUMBERS = "_working_day_numbers"
WORKING_DAYS = "_working_days"

#: A mark that stands in no pattern; a backslash is a mark like others.
_NO_ESCAPE = "\x01"


def spark_sql(tree: exp.Expr) -> str:
    """Write a tree in Spark's dialect, every name quoted."""
    return tree.sql(_Dialect, identify=True)


class _Generator(SparkGenerator):
    TRANSFORMS = {  # noqa: RUF012 - as the library declares it
        **SparkGenerator.TRANSFORMS,
        WorkingDayNumber: lambda self, node: self.sql(_number(node.this)),
        NumberedWorkingDay: lambda self, node: self.sql(_day(node.this)),
        exp.Div: lambda self, node: self.sql(_quotient(node)),
        exp.DateDiff: lambda self, node: self.func("DATEDIFF", node.this, node.expression),
        exp.Like: lambda self, node: _pattern(self, node, "LIKE"),
        exp.ILike: lambda self, node: _pattern(self, node, "ILIKE"),
    }


class _Dialect(Spark):
    Generator = _Generator


def _number(day: exp.Expr) -> exp.Expr:
    first = exp.cast(exp.Literal.string(FIRST_DAY.isoformat()), "DATE")
    return _entry(NUMBERS, exp.Anonymous(this="DATEDIFF", expressions=[day.copy(), first]))


def _day(number: exp.Expr) -> exp.Expr:
    """The list of working days starts with number 1; a fraction is the number of none."""
    whole = _WholeNumber(this=number.copy())
    found = _entry(WORKING_DAYS, exp.Sub(this=whole, expression=exp.Literal.number(1)))
    is_whole = exp.EQ(this=exp.paren(number.copy()), expression=whole.copy())
    return exp.Case().when(is_whole, found)


def _entry(name: str, at: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="GET", expressions=[exp.column(name), at])


class _WholeNumber(exp.Expression, exp.Func):
    """A number without its fraction; blank where it is too large for a place in a list."""


class _Quotient(exp.Expression, exp.Binary):
    """A division that is written as it stands."""


def _quotient(node: exp.Div) -> exp.Expr:
    """Divide as floating point does: by nothing gives infinity, or no number."""
    above, below = (exp.cast(exp.paren(part.copy()), "DOUBLE")
                    for part in (node.this, node.expression))  # fmt: skip
    infinity = exp.cast(exp.Literal.string("Infinity"), "DOUBLE")
    by_nothing = exp.EQ(this=below, expression=exp.Literal.number(0))
    endless = exp.Mul(this=above, expression=infinity)
    divided = _Quotient(this=above.copy(), expression=below.copy())
    return exp.Case().when(by_nothing, endless).else_(divided)


def _pattern(writer: SparkGenerator, node: exp.Binary, word: str) -> str:
    text, pattern = writer.sql(node.this), writer.sql(node.expression)
    word = f"NOT {word}" if node.args.get("negate") else word
    return f"{text} {word} {pattern} ESCAPE '{_NO_ESCAPE}'"


_Generator.TRANSFORMS |= {
    _Quotient: lambda self, node: self.binary(node, "/"),
    _WholeNumber: lambda self, node: f"TRY_CAST({self.sql(node.this)} AS INT)",
}
