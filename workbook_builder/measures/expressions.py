"""SQL expressions of measures, checked against a list of what is allowed and bound to columns.

The text never runs. It is parsed into a tree, every node is checked against the lists below, every
column is bound to the dataset it belongs to, and the program's own functions are replaced by the
trees that they stand for. What is not allowed is a problem at its place in the TOML file.
"""

from __future__ import annotations

import logging
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
STANDARD_FUNCTIONS: tuple[type[exp.Func], ...] = (
    exp.Abs, exp.Coalesce, exp.Greatest, exp.Least, exp.Lower, exp.Nullif, exp.Trim, exp.Upper,
    exp.If, exp.Case, exp.Exists, exp.And, exp.Or,
)  # fmt: skip

#: Functions that aggregate many values into one, allowed inside a sub-select only.
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


def _day_of_year(day: exp.Expr) -> exp.Expr:
    hundredfold = exp.Mul(this=exp.Month(this=day.copy()), expression=exp.Literal.number(100))
    return exp.paren(exp.Add(this=hundredfold, expression=exp.Day(this=day.copy())))


def _age_at(arguments: Arguments) -> exp.Expr:
    born, day = arguments
    years = exp.Sub(this=exp.Year(this=day.copy()), expression=exp.Year(this=born.copy()))
    not_yet = exp.LT(this=_day_of_year(day), expression=_day_of_year(born))
    case = exp.Case().when(not_yet, exp.Literal.number(1)).else_(exp.Literal.number(0))
    return exp.paren(exp.Sub(this=years, expression=case))


#: The program's own functions: how many arguments, and the tree that they stand for.
#: working_days(a, b): working days after a up to and including b.
#: working_days_before(d, n): the first day from which working_days to d is at most n.
#: days_between(a, b): calendar days from a to b. days_before(d, 28), months_before(d, 12): the day
#: so many days or months back.
#: age_at(born, d): whole years; a child born on 29 February is a year older on 1 March.
OWN_FUNCTIONS: dict[str, tuple[int, Callable[[Arguments], exp.Expr]]] = {
    "working_days": (2, _working_days),
    "working_days_before": (2, _working_days_before),
    "days_between": (2, _days_between),
    "days_before": (2, _before("DAY")),
    "months_before": (2, _before("MONTH")),
    "age_at": (2, _age_at),
}

FUNCTION_NAMES: tuple[str, ...] = tuple(
    sorted([*OWN_FUNCTIONS, "abs", "coalesce", "greatest", "least", "lower", "nullif", "trim",
            "upper", "avg", "count", "max", "min", "sum"])
)  # fmt: skip

#: The alias of the measure's own dataset, and of the month, in every query.
RECORD = "record"
MONTH = "month"
MONTH_COLUMNS = ("month_start", "month_end")

_MOST_CHARACTERS = 4000
_DEEPEST = 60
_LARGEST_ARGUMENT = 400  # nodes of a value in a function's brackets: some functions repeat it

_PLAIN_NODES: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Star,
    exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Like, exp.ILike,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Distinct, exp.Interval, exp.Var,
)  # fmt: skip
_STATEMENTS = (exp.Select, exp.SetOperation, exp.Values)
_SELECT_PARTS = frozenset({"expressions", "from_", "where"})
_TABLE_PARTS = frozenset({"this", "alias", "db", "catalog"})

_COMPARISONS: Mapping[type[exp.Expr], Callable[[int, int], bool]] = {
    exp.EQ: operator.eq, exp.NEQ: operator.ne, exp.GT: operator.gt,
    exp.GTE: operator.ge, exp.LT: operator.lt, exp.LTE: operator.le,
}  # fmt: skip

# What the parser itself raises over some texts that are no SQL, such as "{:}".
_PARSER_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

# The parser writes warnings to a log of its own; ours are problems.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Expression:
    """A checked expression: its tree, and the other datasets that its sub-selects look at.

    `asks` are the columns that need not be filled, each with its dataset, and of which it does not
    say what a blank one means (coalesce, IS NULL): there it is NULL, and nobody can tell.
    """

    tree: exp.Expr
    lookups: frozenset[str]
    asks: frozenset[tuple[str, str]] = frozenset()


class _Refused(Exception):
    """The expression may not run; carries the words of the problem and its kind."""

    def __init__(self, text: str, kind: ProblemKind = catalogue.NOT_ALLOWED) -> None:
        super().__init__(text)
        self.text = text
        self.kind = kind


@dataclass(frozen=True)
class _Scope:
    """One FROM: the name that a table goes by in the text, its alias in the query, its columns."""

    name: str
    alias: str
    columns: frozenset[str]


def bind_expression(
    text: str,
    dataset: str,
    datasets: Mapping[str, Dataset],
    where: Where,
    parameters: Mapping[str, int] | None = None,
) -> Expression | Problem:
    """Check an expression over the records of a dataset and bind its columns.

    In the tree, columns of the dataset have the alias RECORD, month_start and month_end the alias
    MONTH, and parameters are replaced by their values. A fault gives a problem at the place
    `where`.
    """
    scopes = (
        _Scope(MONTH, MONTH, frozenset(MONTH_COLUMNS)),
        _Scope(dataset, RECORD, frozenset(datasets[dataset].columns)),
    )
    binder = _Binder(datasets, parameters or {})
    try:
        tree = binder.bind(_parse(text), scopes).transform(_take_decided_branch, copy=False)
    except _Refused as refused:
        return Problem(refused.kind, refused.text, where)
    except RecursionError:
        return Problem(catalogue.NOT_AN_EXPRESSION, "the SQL is nested too deeply.", where)
    tables = {RECORD: dataset} | {table.alias: table.name for table in tree.find_all(exp.Table)}
    asks = _asked(tree, tables, datasets)
    for select in tree.find_all(exp.Subquery):
        if select.find_ancestor(exp.Select) is None:  # its value may be NULL
            asks |= _asked(select.this, tables, datasets)
    tree, looked_up = _with_doubtful_lookups(tree, tables, datasets)
    return Expression(tree, frozenset(binder.lookups), asks | looked_up)


def with_unknown_starts(expression: Expression, dataset: Dataset) -> Expression:
    """Make it NULL whether a record began by some day, where it began earlier than its list tells.

    The list of a return may lack the first episodes of a record (`start_known` of a dataset).
    """
    start, known = dataset.start_column, dataset.start_known
    if not start or not known:
        return expression

    def with_doubt(node: exp.Expr) -> exp.Expr:
        began = isinstance(node, exp.LTE | exp.LT)
        if not began and not isinstance(node, exp.GTE | exp.GT):
            return node
        column = node.this
        if not isinstance(column, exp.Column) or (column.table, column.name) != (RECORD, start):
            return node
        sure = exp.func("COALESCE", exp.column(known, table=RECORD), exp.true())
        early = node if began else exp.not_(exp.paren(node))
        answers = (exp.true(), exp.false()) if began else (exp.false(), exp.true())
        return exp.paren(exp.Case().when(early.copy(), answers[0]).when(sure, answers[1]))

    tree = expression.tree.transform(with_doubt)
    if tree == expression.tree:
        return expression
    return replace(expression, tree=tree, asks=expression.asks | {(dataset.name, known)})


@lru_cache(maxsize=1_000)
def _parse(text: str) -> exp.Expr:
    """Return the tree of a text; nobody may change it, since many measures share exclusions."""
    kind = catalogue.NOT_AN_EXPRESSION
    if len(text) > _MOST_CHARACTERS:
        raise _Refused(f"the SQL is longer than {_MOST_CHARACTERS} characters.", kind)
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except SqlglotError as error:
        details = getattr(error, "errors", None) or [{}]
        mark = str(details[0].get("highlight") or "").strip()
        near = f' near "{mark}"' if mark else ""
        raise _Refused(f"the SQL cannot be read{near}.", kind) from None
    except _PARSER_ERRORS:
        raise _Refused("the SQL cannot be read.", kind) from None
    if len(trees) != 1 or trees[0] is None or isinstance(trees[0], _STATEMENTS):
        raise _Refused("the SQL is not a single expression.", kind)
    return trees[0]


class _Binder:
    """Checks and binds the tree of one expression, node by node. Raises _Refused."""

    def __init__(self, datasets: Mapping[str, Dataset], parameters: Mapping[str, int]) -> None:
        self.datasets = datasets
        self.parameters = parameters
        self.lookups: set[str] = set()
        self.selects = 0
        self.depth = 0

    def bind(self, node: exp.Expr, scopes: Sequence[_Scope]) -> exp.Expr:
        """Return a bound copy of a node; `scopes` are those around it, the innermost last."""
        # Writing the tree out as SQL takes more of the stack than reading it does, so the limit
        # is ours. A long row of AND, OR, + is written out without going deeper.
        deeper = not (isinstance(node, exp.Binary) and isinstance(node.parent, type(node)))
        self.depth += deeper
        if self.depth > _DEEPEST:
            raise RecursionError
        match node:
            case exp.Column():
                bound = self._parameter(node) or _bind_column(node, scopes)
            case exp.Select():
                bound = self._select(node, scopes)
            case exp.Subquery():
                if not isinstance(node.this, exp.Select):
                    raise _Refused(f"{node.this.key.upper()} may not be used.")
                _refuse_other_parts(node, frozenset({"this"}))
                bound = exp.Subquery(this=self._select(node.this, scopes))
            case exp.Cast():
                if not node.this.is_string or node.to.this != exp.DataType.Type.DATE:
                    text = "only dates may have a type: DATE '2023-07-31'."
                    raise _Refused(text)
                bound = exp.cast(exp.Literal.string(node.this.name), "DATE")
            case exp.Anonymous():
                bound = self._own_function(node, scopes)
            case _:
                _check(node, inside_select=len(scopes) > 2)
                bound = self._rebuild(node, scopes)
        self.depth -= deeper
        return bound

    def _parameter(self, node: exp.Column) -> exp.Expr | None:
        value = None if node.table else self.parameters.get(node.name.lower())
        return None if value is None else exp.Literal.number(value)

    def _rebuild(self, node: exp.Expr, scopes: Sequence[_Scope]) -> exp.Expr:
        rebuilt = type(node)()
        for key, value in node.args.items():
            if isinstance(value, exp.Expr):
                rebuilt.set(key, self.bind(value, scopes))
            elif isinstance(value, list):
                rebuilt.set(key, [self.bind(item, scopes) for item in value])
            else:
                rebuilt.set(key, value)
        return rebuilt

    def _own_function(self, node: exp.Anonymous, scopes: Sequence[_Scope]) -> exp.Expr:
        name = str(node.this).lower()
        if name not in OWN_FUNCTIONS:
            _refuse_function(name)
        number, tree = OWN_FUNCTIONS[name]
        if len(node.expressions) != number:
            text = f"{name} takes {number} values in its brackets, not {len(node.expressions)}."
            raise _Refused(text, catalogue.NOT_AN_EXPRESSION)
        arguments = [self.bind(argument, scopes) for argument in node.expressions]
        if name in ("days_before", "months_before") and not _is_whole_number(arguments[1]):
            text = f"{name} takes a whole number as its second value."
            raise _Refused(text, catalogue.NOT_AN_EXPRESSION)
        if any(sum(1 for _ in argument.walk()) > _LARGEST_ARGUMENT for argument in arguments):
            raise RecursionError
        return tree(arguments)

    def _select(self, node: exp.Select, scopes: Sequence[_Scope]) -> exp.Expr:
        _refuse_other_parts(node, _SELECT_PARTS)
        scope, table = self._from(node.args.get("from_"), scopes)
        inner = (*scopes, scope)
        columns = [self.bind(item, inner) for item in node.expressions]
        select = exp.Select().select(*columns, copy=False).from_(table, copy=False)
        where = node.args.get("where")
        return select.where(self.bind(where.this, inner), copy=False) if where else select

    def _from(self, source: exp.From | None, scopes: Sequence[_Scope]) -> tuple[_Scope, exp.Expr]:
        table = source.this if source else None
        if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
            raise _Refused("a sub-select reads from one dataset, by its name.")
        name = table.name.lower()
        if name not in self.datasets or table.db or table.catalog:
            hint = did_you_mean(name, self.datasets)
            raise _Refused(f'"{table.sql("duckdb")}" is not a dataset. {hint}'.strip())
        _refuse_other_parts(table, _TABLE_PARTS)
        if table.alias_column_names:
            raise _Refused("columns may not be renamed.")
        called = table.alias.lower() or name
        if any(scope.name == called for scope in scopes):
            text = f'"{called}" is read twice; give the inner one a name: FROM {name} AS other.'
            raise _Refused(text, catalogue.NOT_AN_EXPRESSION)
        self.selects += 1
        self.lookups.add(name)
        alias = f"look_{self.selects}"
        scope = _Scope(called, alias, frozenset(self.datasets[name].columns))
        return scope, named_table(name, alias)


def named_table(name: str, alias: str) -> exp.Table:
    """Return a table under an alias; unlike `exp.to_table`, without parsing its name as SQL."""
    return exp.Table(this=exp.to_identifier(name), alias=alias)


def _bind_column(node: exp.Column, scopes: Sequence[_Scope]) -> exp.Expr:
    if node.args.get("db") or isinstance(node.this, exp.Star):
        raise _Refused(f'"{node.sql("duckdb")}" may not be used.')
    name, table = node.name.lower(), node.table.lower()
    holders = [scope for scope in scopes if name in scope.columns and table in ("", scope.name)]
    if not holders:
        known = [f"{scope.name}.{column}" for scope in scopes for column in scope.columns]
        known += [column for scope in scopes for column in scope.columns]
        full_name = f"{table}.{name}" if table else name
        hint = did_you_mean(full_name, known)
        text = f'the column "{full_name}" is not known. {hint}'.strip()
        raise _Refused(text, catalogue.UNKNOWN_COLUMN)
    if len(holders) > 1:
        candidates = " or ".join(f"{scope.name}.{name}" for scope in holders)
        text = f'"{name}" could be {candidates}. Say which.'
        raise _Refused(text, catalogue.NOT_AN_EXPRESSION)
    return exp.column(name, table=holders[0].alias)


def is_tested_for_blank(column: exp.Expr) -> bool:
    """Tell whether a column stands in IS NULL or IS NOT NULL."""
    return isinstance(column.parent, exp.Is)


def _asked(
    tree: exp.Expr, tables: Mapping[str, str], datasets: Mapping[str, Dataset]
) -> frozenset[tuple[str, str]]:
    """Return the columns, each with its dataset, where a tree is NULL if they are blank.

    Those of its sub-selects are left to these. A column that is tested for blank anywhere in the
    whole expression is not such a column.
    """
    columns = list(tree.root().find_all(exp.Column))
    tested = {(each.table, each.name) for each in columns if is_tested_for_blank(each)}
    inside = tree if isinstance(tree, exp.Select) else tree.find_ancestor(exp.Select)
    return frozenset(
        (tables[column.table], column.name)
        for column in tree.find_all(exp.Column)
        if column.table in tables
        and not datasets[tables[column.table]].columns[column.name].required
        and (column.table, column.name) not in tested
        and not column.find_ancestor(exp.Coalesce)
        and column.find_ancestor(exp.Select) is inside
    )


def _with_doubtful_lookups(
    tree: exp.Expr, tables: Mapping[str, str], datasets: Mapping[str, Dataset]
) -> tuple[exp.Expr, frozenset[tuple[str, str]]]:
    """Make each EXISTS NULL where no record fits, but one might whose columns are not known.

    SQL's own EXISTS is false there, which would turn "not known" into "no". Also returns these
    columns, each with its dataset.
    """
    asked: set[tuple[str, str]] = set()

    def with_doubt(node: exp.Expr) -> exp.Expr:
        where = node.this.args.get("where") if isinstance(node, exp.Exists) else None
        if where is None:
            return node
        condition = where.this.unnest()
        parts = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
        # What is compared with the result of another sub-select is left as it is.
        asking = [
            frozenset[tuple[str, str]]()
            if part.find(exp.Select)
            else _asked(part, tables, datasets)
            for part in parts
        ]
        if not any(asking):
            return node
        doubtful = [part.copy() for part, asks in zip(parts, asking, strict=True) if asks]
        certain = [part.copy() for part, asks in zip(parts, asking, strict=True) if not asks]
        perhaps = node.copy()
        unknown = exp.paren(exp.and_(*doubtful)).is_(exp.null())
        perhaps.this.set("where", exp.Where(this=exp.and_(*certain, unknown)))
        doubt = exp.Case().when(perhaps, exp.null()).else_(exp.false())
        asked.update(*asking)
        return exp.paren(exp.or_(node.copy(), doubt, copy=False), copy=False)

    return tree.transform(with_doubt), frozenset(asked)


def _take_decided_branch(node: exp.Expr) -> exp.Expr:
    """Take the branch of a CASE that a parameter has decided; the others then need no column."""
    if not isinstance(node, exp.Case) or node.this:
        return node
    for branch in node.args["ifs"]:
        holds = _holds(branch.this)
        if holds is None:
            return node
        if holds:
            return exp.paren(branch.args["true"])
    otherwise = node.args.get("default")
    return exp.paren(otherwise) if otherwise else exp.null()


def _holds(condition: exp.Expr) -> bool | None:
    """Return whether a comparison of two written numbers holds; None if it is anything else."""
    left, right = condition.args.get("this"), condition.args.get("expression")
    if not all(isinstance(side, exp.Literal) and side.is_int for side in (left, right)):
        return None
    compare = _COMPARISONS.get(type(condition))
    return compare(int(left.name), int(right.name)) if compare and left and right else None


def _is_whole_number(node: exp.Expr) -> bool:
    # Not `is_int`, which holds for -3 too: its sign would be lost.
    return isinstance(node, exp.Literal) and not node.is_string and node.name.isdecimal()


def _check(node: exp.Expr, *, inside_select: bool) -> None:
    """Raise _Refused unless a node is on the lists of what is allowed."""
    if isinstance(node, exp.Star):
        if not isinstance(node.parent, exp.Count | exp.Select) or any(node.args.values()):
            raise _Refused("* stands alone in SELECT * and count(*) only.")
    elif isinstance(node, AGGREGATES):
        if not inside_select:
            raise _Refused(f"{node.key.upper()} works inside a sub-select only.")
    elif isinstance(node, exp.Func) and not isinstance(node, STANDARD_FUNCTIONS):
        _refuse_function(str(node.sql_name()).lower())
    elif not isinstance(node, (*_PLAIN_NODES, *STANDARD_FUNCTIONS)):
        raise _Refused(f"{node.key.upper()} may not be used.")


def _refuse_other_parts(node: exp.Expr, allowed: frozenset[str]) -> None:
    for part, value in node.args.items():
        if value and part not in allowed:
            word = part.upper().strip("_")
            raise _Refused(f"a sub-select may have SELECT, FROM and WHERE, not {word}.")


def _refuse_function(name: str) -> None:
    hint = did_you_mean(name, FUNCTION_NAMES) or f"Known: {', '.join(FUNCTION_NAMES)}."
    raise _Refused(f'the function "{name}" is not known. {hint}', catalogue.UNKNOWN_FUNCTION)
