"""Query trees as Spark's SQL, with the meaning that DuckDB gives them.

What Spark reads otherwise is written out: the division of whole numbers and by nothing, days minus
days, backslashes in patterns, and the calendar's questions as look-ups in two lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

from workbook_builder.store.calendar import FIRST_DAY
from workbook_builder.store.engine import NumberedWorkingDay, WorkingDayNumber

#: The list of the running numbers of all days from FIRST_DAY on, and that of the working days.
NUMBERS = "_working_day_numbers"
WORKING_DAYS = "_working_days"

#: A mark that stands in no pattern; a backslash is a mark like others.
_NO_ESCAPE = "\x01"


def spark_sql(tree: exp.Expr) -> str:
    """Write a tree in Spark's dialect, every name quoted."""
    return tree.sql(_SparkDialect, identify=True)


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


class _SparkDialect(Spark):
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


#: The sources of a select by alias.
Sources = Mapping[str, exp.Expr]

#: Tells the names of a table's columns that hold days.
Days = Mapping[str, frozenset[str]]


def for_spark(query: exp.Query, days: Days) -> exp.Query:
    """Return a copy of a tree that Spark can run; `days` names the columns of days by table."""
    made = query.copy()
    _rewrite(made, _told_apart)
    tables = {table.alias_or_name: table.name for table in made.find_all(exp.Table)}
    known = frozenset(
        (alias, name) for alias, table in tables.items() for name in days.get(table, ())
    )
    _rewrite(made, lambda node: _in_days(node, known))
    for select in [one for one in made.find_all(exp.Select) if not _is_inner(one)]:
        _bring_in(select, {})
    return made


def _rewrite(tree: exp.Expr, change: Callable[[exp.Expr], exp.Expr]) -> None:
    """Change the nodes below a tree, the innermost first."""
    for node in reversed(list(tree.bfs())):
        if node is not tree and (changed := change(node)) is not node:
            node.replace(changed)


# --- IN ------------------------------------------------------------------------------------------


def _told_apart(node: exp.Expr) -> exp.Expr:
    """Write IN over a sub-select as yes, no or cannot be told."""
    query = node.args.get("query") if isinstance(node, exp.In) else None
    if query is None:
        return node
    select = query.this if isinstance(query, exp.Subquery) else query
    (value,) = select.expressions
    if value.find(exp.AggFunc):
        return exp.paren(exp.EQ(this=node.this, expression=exp.Subquery(this=select)))
    same = exp.EQ(this=exp.paren(value), expression=exp.paren(node.this))
    found = _exists(select, same)
    unclear = _exists(select, exp.Is(this=exp.paren(same.copy()), expression=exp.null()))
    case = exp.Case().when(found, exp.true()).when(unclear, exp.null()).else_(exp.false())
    return exp.paren(case)


def _exists(select: exp.Select, condition: exp.Expr) -> exp.Expr:
    one = select.copy().select("1", append=False).where(condition)
    return exp.Exists(this=one)


# --- Days ----------------------------------------------------------------------------------------

_SAME = (exp.Coalesce, exp.Greatest, exp.Least, exp.Nullif, exp.Max, exp.Min, exp.Paren)


def _in_days(node: exp.Expr, known: frozenset[tuple[str, str]]) -> exp.Expr:
    if not isinstance(node, exp.Add | exp.Sub):
        return node
    left, right = node.this, node.expression
    if isinstance(node, exp.Sub) and _is_day(left, known) and _is_day(right, known):
        return exp.DateDiff(this=left, expression=right)
    for day, other in ((left, right), (right, left)):
        if _is_day(day, known) and not other.find(exp.Interval):
            ahead: exp.Expr = exp.cast(exp.paren(other), "INT")
            ahead = exp.Neg(this=ahead) if isinstance(node, exp.Sub) else ahead
            return exp.Anonymous(this="DATE_ADD", expressions=[day, ahead])
    return node


def _is_day(node: exp.Expr, known: frozenset[tuple[str, str]]) -> bool:
    if isinstance(node, exp.Column):
        return (node.table, node.name) in known
    if isinstance(node, exp.Cast):
        return bool(node.to.this == exp.DataType.Type.DATE)
    if isinstance(node, exp.Subquery):
        return _is_day(node.this.expressions[0], known)
    if isinstance(node, exp.Case):
        return any(_is_day(branch.args["true"], known) for branch in node.args["ifs"])
    if isinstance(node, exp.Anonymous):
        return str(node.this) == "DATE_ADD"
    same = isinstance(node, _SAME) and _is_day(node.this, known)
    return same or isinstance(node, NumberedWorkingDay)


# --- Sub-selects inside sub-selects --------------------------------------------------------------


def _is_inner(select: exp.Select) -> bool:
    """Tell whether a select stands in an expression, so that it may ask of those around it."""
    around = select.parent
    while isinstance(around, exp.Subquery | exp.SetOperation):
        around = around.parent
    return around is not None and not isinstance(around, exp.From | exp.Join)


def _bring_in(select: exp.Select, around: Sources) -> None:
    """Let no sub-select of a select ask of what is further out than the select right around it."""
    visible = {**around, **_sources(select)}
    for inner in list(_inner_selects(select)):
        further: defaultdict[str, list[exp.Column]] = defaultdict(list)
        for deeper in _inner_selects(inner):
            for column in deeper.find_all(exp.Column):
                equal = _equal_in(inner, column)
                if equal is not None:
                    column.replace(equal.copy())
                elif column.table in visible:
                    further[column.table].append(column)
        for alias, columns in further.items():
            _join(inner, alias, columns, visible[alias])
        _bring_in(inner, visible)


def _join(inner: exp.Select, alias: str, columns: Sequence[exp.Column], source: exp.Expr) -> None:
    """Bring the values of columns from further out into the inner select, each once."""
    names = sorted({column.name for column in columns})
    brought = f"{alias}_of_{next(iter(_sources(inner)))}"
    values = exp.select(*(exp.column(name) for name in names)).from_(source.copy()).distinct()
    inner.join(values.subquery(brought), join_type="cross", copy=False)
    for name in names:
        own, outer = exp.column(name, table=brought), exp.column(name, table=alias)
        inner.where(exp.NullSafeEQ(this=own, expression=outer), copy=False)
    for column in columns:
        column.replace(exp.column(column.name, table=brought))


def _equal_in(inner: exp.Select, column: exp.Column) -> exp.Column | None:
    """Return the inner select's own column that its condition says is equal to one further out."""
    condition = inner.args.get("where")
    own = _sources(inner)
    for part in condition.this.flatten() if condition else ():
        if isinstance(part, exp.EQ | exp.NullSafeEQ):
            for one, other in ((part.this, part.expression), (part.expression, part.this)):
                if other == column and isinstance(one, exp.Column) and one.table in own:
                    return one
    return None


def _sources(select: exp.Select) -> Sources:
    from_ = select.args.get("from_")
    parts = [from_.this] if from_ else []
    parts += [join.this for join in select.args.get("joins") or ()]
    return {part.alias_or_name: part for part in parts}


def _inner_selects(select: exp.Select) -> Iterator[exp.Select]:
    """Yield the sub-selects in the expressions of a select, without those inside them."""
    for found in list(select.find_all(exp.Select)):
        if found is not select and _is_inner(found) and _nearest(found) is select:
            yield found


def _nearest(select: exp.Select) -> exp.Expr | None:
    return select.find_ancestor(exp.Select)
