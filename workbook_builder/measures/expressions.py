"""SQL expressions of measures: text in, a checked tree out; what is not allowed is a problem.

The text never runs. It is parsed, every node is held against the list below, every column is bound
to the dataset it belongs to, and the program's own functions are replaced by what they stand for.
"""

from __future__ import annotations

import logging
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.problems import Problem, ProblemKind, Where, did_you_mean
from workbook_builder.store.engine import NumberedWorkingDay, WorkingDayNumber

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


#: The alias of the measure's own dataset, and of the month, in every query.
RECORD = "record"
MONTH = "month"
MONTH_COLUMNS = ("month_start", "month_end")

_LONGEST = 4000
_DEEPEST = 60
_LARGEST_VALUE = 400  # parts of a value in a function's brackets: some functions repeat it

_PLAIN: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Star,
    exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Like, exp.ILike,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Distinct, exp.Interval, exp.Var,
)  # fmt: skip
_STATEMENTS = (exp.Select, exp.SetOperation, exp.Values)
_SELECT_PARTS = frozenset({"expressions", "from_", "where"})
_TABLE_PARTS = frozenset({"this", "alias", "db", "catalog"})

# What the parser itself raises over some texts that are no SQL, such as "{:}".
_PARSER_STUMBLES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

# The parser writes its doubts to a log of its own; ours are problems.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Expression:
    """A checked expression: its tree, and the other datasets that its sub-selects look at."""

    tree: exp.Expr
    looks_at: frozenset[str]


class _Refused(Exception):
    """The expression may not run; carries the kind of fault and its words."""

    def __init__(self, kind: ProblemKind, what: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what


@dataclass(frozen=True)
class _Scope:
    """One FROM: the name that a table goes by in the text, its alias in the query, its columns."""

    name: str
    alias: str
    columns: frozenset[str]


def bound(
    text: str,
    dataset: str,
    datasets: Mapping[str, Dataset],
    where: Where,
    parameters: Mapping[str, int] | None = None,
) -> Expression | Problem:
    """Check an expression over the records of a dataset and bind its columns.

    In the tree, columns of the dataset stand under the alias RECORD, month_start and month_end
    under the alias MONTH; parameters stand as their values. A fault gives a problem at the place
    given.
    """
    try:
        tree = _parsed(text)
        columns = frozenset(datasets[dataset].columns)
        binder = _Binder(datasets, parameters or {})
        scopes = (
            _Scope(MONTH, MONTH, frozenset(MONTH_COLUMNS)),
            _Scope(dataset, RECORD, columns),
        )
        return Expression(_settled(binder.bind(tree, scopes)), frozenset(binder.looks_at))
    except _Refused as refused:
        return Problem(refused.kind, refused.what, where)
    except RecursionError:
        return Problem(catalogue.NOT_AN_EXPRESSION, "the SQL is nested too deeply.", where)


@lru_cache(maxsize=1_000)
def _parsed(text: str) -> exp.Expr:
    """Return the tree of a text, which nobody may change: exclusions stand in many measures."""
    if len(text) > _LONGEST:
        raise _Refused(
            catalogue.NOT_AN_EXPRESSION, f"the SQL is longer than {_LONGEST} characters."
        )
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except SqlglotError as fault:
        raise _Refused(catalogue.NOT_AN_EXPRESSION, _first_words(fault)) from None
    except _PARSER_STUMBLES:
        raise _Refused(catalogue.NOT_AN_EXPRESSION, "the SQL cannot be read.") from None
    if len(trees) != 1 or trees[0] is None or isinstance(trees[0], _STATEMENTS):
        raise _Refused(catalogue.NOT_AN_EXPRESSION, "the SQL is not one single expression.")
    return trees[0]


def _first_words(fault: SqlglotError) -> str:
    details = getattr(fault, "errors", None) or [{}]
    mark = str(details[0].get("highlight") or "").strip()
    return f'the SQL cannot be read near "{mark}".' if mark else "the SQL cannot be read."


class _Binder:
    def __init__(self, datasets: Mapping[str, Dataset], parameters: Mapping[str, int]) -> None:
        self.datasets = datasets
        self.parameters = parameters
        self.looks_at: set[str] = set()
        self.selects = 0
        self.depth = 0

    def bind(self, node: exp.Expr, scopes: Sequence[_Scope]) -> exp.Expr:
        # Writing the tree out as SQL takes more of the stack than reading it does, so the limit
        # is ours. A long row of AND, OR, + is written out without going deeper.
        deeper = not (isinstance(node, exp.Binary) and isinstance(node.parent, type(node)))
        self.depth += deeper
        if self.depth > _DEEPEST:
            raise RecursionError
        made = self.bound(node, scopes)
        self.depth -= deeper
        return made

    def bound(self, node: exp.Expr, scopes: Sequence[_Scope]) -> exp.Expr:
        if isinstance(node, exp.Column):
            return _parameter(node, self.parameters) or _bound_column(node, scopes)
        if isinstance(node, exp.Select):
            return self.select(node, scopes)
        if isinstance(node, exp.Subquery):
            return self.subquery(node, scopes)
        if isinstance(node, exp.Cast):
            return _bound_cast(node)
        if isinstance(node, exp.Anonymous):
            return self.own_function(node, scopes)
        self.check(node, inside_select=len(scopes) > 2)
        return self.rebuilt(node, scopes)

    def check(self, node: exp.Expr, *, inside_select: bool) -> None:
        if isinstance(node, exp.Star):
            if not isinstance(node.parent, exp.Count | exp.Select) or any(node.args.values()):
                raise _Refused(
                    catalogue.NOT_ALLOWED, "* stands alone in SELECT * and count(*) only."
                )
        elif isinstance(node, AGGREGATES):
            if not inside_select:
                what = f"{node.key.upper()} works inside a sub-select only."
                raise _Refused(catalogue.NOT_ALLOWED, what)
        elif isinstance(node, exp.Func) and not isinstance(node, STANDARD):
            _refuse_function(_function_name(node))
        elif not isinstance(node, (*_PLAIN, *STANDARD)):
            raise _Refused(catalogue.NOT_ALLOWED, f"{node.key.upper()} may not be used.")

    def rebuilt(self, node: exp.Expr, scopes: Sequence[_Scope]) -> exp.Expr:
        made = type(node)()
        for key, value in node.args.items():
            if isinstance(value, exp.Expr):
                made.set(key, self.bind(value, scopes))
            elif isinstance(value, list):
                made.set(key, [self.bind(item, scopes) for item in value])
            else:
                made.set(key, value)
        return made

    def own_function(self, node: exp.Anonymous, scopes: Sequence[_Scope]) -> exp.Expr:
        name = str(node.this).lower()
        if name not in OWN:
            _refuse_function(name)
        wanted, tree = OWN[name]
        if len(node.expressions) != wanted:
            what = f"{name} takes {wanted} values in its brackets, not {len(node.expressions)}."
            raise _Refused(catalogue.NOT_AN_EXPRESSION, what)
        arguments = [self.bind(argument, scopes) for argument in node.expressions]
        if name in ("days_before", "months_before") and not _is_whole(arguments[1]):
            what = f"{name} takes a whole number as its second value."
            raise _Refused(catalogue.NOT_AN_EXPRESSION, what)
        if any(sum(1 for _ in argument.walk()) > _LARGEST_VALUE for argument in arguments):
            raise RecursionError
        return tree(arguments)

    def subquery(self, node: exp.Subquery, scopes: Sequence[_Scope]) -> exp.Expr:
        if not isinstance(node.this, exp.Select):
            raise _Refused(catalogue.NOT_ALLOWED, f"{node.this.key.upper()} may not be used.")
        _refuse_others(node, frozenset({"this"}))
        return exp.Subquery(this=self.select(node.this, scopes))

    def select(self, node: exp.Select, scopes: Sequence[_Scope]) -> exp.Expr:
        _refuse_others(node, _SELECT_PARTS)
        scope, table = self.opened(node.args.get("from_"), scopes)
        inner = (*scopes, scope)
        columns = [self.bind(item, inner) for item in node.expressions]
        made = exp.Select().select(*columns, copy=False).from_(table, copy=False)
        condition = node.args.get("where")
        return made.where(self.bind(condition.this, inner), copy=False) if condition else made

    def opened(self, source: exp.From | None, scopes: Sequence[_Scope]) -> tuple[_Scope, exp.Expr]:
        table = source.this if source else None
        if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
            raise _Refused(
                catalogue.NOT_ALLOWED, "a sub-select reads from one dataset, by its name."
            )
        name = table.name.lower()
        if name not in self.datasets or table.db or table.catalog:
            hint = did_you_mean(name, self.datasets)
            what = f'"{table.sql("duckdb")}" is not a dataset. {hint}'.strip()
            raise _Refused(catalogue.NOT_ALLOWED, what)
        _refuse_others(table, _TABLE_PARTS)
        if table.alias_column_names:
            raise _Refused(catalogue.NOT_ALLOWED, "columns may not be given other names.")
        called = table.alias.lower() or name
        if any(scope.name == called for scope in scopes):
            what = f'"{called}" is read twice; give the inner one a name: FROM {name} AS other.'
            raise _Refused(catalogue.NOT_AN_EXPRESSION, what)
        self.selects += 1
        self.looks_at.add(name)
        alias = f"look_{self.selects}"
        scope = _Scope(called, alias, frozenset(self.datasets[name].columns))
        return scope, named_table(name, alias)


def named_table(name: str, alias: str) -> exp.Table:
    """Return a table under another name; unlike `exp.to_table`, without parsing its name as SQL."""
    return exp.Table(this=exp.to_identifier(name), alias=alias)


def _settled(tree: exp.Expr) -> exp.Expr:
    """Take the branch of each CASE that a parameter has decided; the others then need nothing."""
    return tree.transform(_decided, copy=False)


def _decided(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.Case) or node.this:
        return node
    for branch in node.args["ifs"]:
        truth = _truth(branch.this)
        if truth is None:
            return node
        if truth:
            return exp.paren(branch.args["true"])
    otherwise = node.args.get("default")
    return exp.paren(otherwise) if otherwise else exp.null()


def _truth(condition: exp.Expr) -> bool | None:
    """Return whether a comparison of two written numbers holds; None if it is anything else."""
    left, right = condition.args.get("this"), condition.args.get("expression")
    if not all(isinstance(side, exp.Literal) and side.is_int for side in (left, right)):
        return None
    compare = _COMPARED.get(type(condition))
    return compare(int(left.name), int(right.name)) if compare and left and right else None


_COMPARED: Mapping[type[exp.Expr], Callable[[int, int], bool]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
}


def _parameter(node: exp.Column, parameters: Mapping[str, int]) -> exp.Expr | None:
    value = None if node.table else parameters.get(node.name.lower())
    return None if value is None else exp.Literal.number(value)


def _bound_column(node: exp.Column, scopes: Sequence[_Scope]) -> exp.Expr:
    if node.args.get("db") or isinstance(node.this, exp.Star):
        raise _Refused(catalogue.NOT_ALLOWED, f'"{node.sql("duckdb")}" may not be used.')
    name, table = node.name.lower(), node.table.lower()
    holders = [scope for scope in scopes if name in scope.columns and table in ("", scope.name)]
    if not holders:
        known = [f"{scope.name}.{column}" for scope in scopes for column in scope.columns]
        known += [column for scope in scopes for column in scope.columns]
        asked = f"{table}.{name}" if table else name
        hint = did_you_mean(asked, known)
        raise _Refused(
            catalogue.UNKNOWN_COLUMN, f'the column "{asked}" is not known. {hint}'.strip()
        )
    if len(holders) > 1:
        what = f'"{name}" could be {" or ".join(f"{scope.name}.{name}" for scope in holders)}.'
        raise _Refused(catalogue.NOT_AN_EXPRESSION, f"{what} Say which.")
    return exp.column(name, table=holders[0].alias)


def _bound_cast(node: exp.Cast) -> exp.Expr:
    if node.this.is_string and node.to.this == exp.DataType.Type.DATE:
        return exp.cast(exp.Literal.string(node.this.name), "DATE")
    raise _Refused(
        catalogue.NOT_ALLOWED, "only days may be written with a type: DATE '2023-07-31'."
    )


def _is_whole(node: exp.Expr) -> bool:
    # Not `is_int`, which holds for -3 too: its sign would be lost.
    return isinstance(node, exp.Literal) and not node.is_string and node.name.isdecimal()


def _refuse_others(node: exp.Expr, allowed: frozenset[str]) -> None:
    for part, value in node.args.items():
        if value and part not in allowed:
            word = part.upper().strip("_")
            what = f"a sub-select may have SELECT, FROM and WHERE, not {word}."
            raise _Refused(catalogue.NOT_ALLOWED, what)


def _function_name(node: exp.Func) -> str:
    return str(node.sql_name()).lower()


def _refuse_function(name: str) -> None:
    hint = did_you_mean(name, NAMES)
    what = f'the function "{name}" is not known. {hint or "Known: " + ", ".join(NAMES) + "."}'
    raise _Refused(catalogue.UNKNOWN_FUNCTION, what)
