"""What people supply finished: figures, commentary, and how much of it a workbook may hold.

Supplied rows name a measure by its key, its reference or its title; `MeasureNames` finds the
measure that is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.figures import (
    LARGEST_SHARE,
    WHOLE_SERVICE,
    Amount,
    Comment,
    Commentary,
    Figure,
    FigureKey,
    Status,
    TypedText,
)
from workbook_builder.measures.caseloads import ALLOCATIONS, CASELOAD_LIST
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, did_you_mean
from workbook_builder.store.engine import Engine
from workbook_builder.workbook_format import KEY_MESSAGES

FIGURES = "figures"
COMMENTARY = "commentary"

SuppliedFigures = Mapping[FigureKey, Figure]

#: Near names are looked for so many times, because each takes long.
_MOST_HINTS = 200


class MeasureNames:
    """All measures by their keys, and by the references and titles that mean only one of them.

    Letter case, spaces and punctuation do not matter, unless names differ in nothing else, as
    "CP2b" and "CP2b %" do.
    """

    def __init__(self, definitions: Definitions, layout: Layout) -> None:
        self._measures = definitions.measures
        self._hints: dict[str, str] = {}
        in_use = [
            (name, row.measure)
            for table in layout.tables
            for row in table.rows
            for name in (row.reference, row.title or definitions.measures[row.measure].title)
            if name
        ]
        self._known = [(fold, self._by_name(in_use, fold)) for fold in (_as_written, same_name)]

    def _by_name(
        self, in_use: Iterable[tuple[str, str]], fold: Callable[[str], str]
    ) -> Mapping[str, str]:
        """Return the key that each name means: its own, or that of the only measure with it."""
        keys: dict[str, set[str]] = {}
        for name, key in in_use:
            keys.setdefault(fold(name), set()).add(key)
        unique = {name: next(iter(meant)) for name, meant in keys.items() if len(meant) == 1}
        return unique | {fold(key): key for key in self._measures}

    def find(self, *names: str | None) -> Measure | None:
        """Return the measure that the first name means, else the second, and so on."""
        for name in filter(None, names):
            for fold, keys in self._known:
                if fold(name) in keys:
                    return self._measures[keys[fold(name)]]
        return None

    def hint(self, name: str) -> str:
        """Return a question with the nearest key, or nothing; also nothing after very many."""
        if name not in self._hints and len(self._hints) < _MOST_HINTS:
            self._hints[name] = did_you_mean(name, self._measures)
        return self._hints.get(name, "")


def _as_written(name: str) -> str:
    return " ".join(name.split()).casefold()


def read_commentary(
    engine: Engine, definitions: Definitions, layout: Layout, month: Month
) -> Result[Commentary]:
    """Return the supplied commentary; what names no month was written for the given one.

    A measure is named by its key, or by a reference or title that means one measure only. The name
    of a slide gives its headline, that of a key message the message.
    """
    if COMMENTARY not in definitions.datasets:
        return Result(Commentary())
    names = MeasureNames(definitions, layout)
    comments: list[Comment] = []
    problems: list[Problem] = []
    columns = ("measure", "indicator", "month", "commentary")
    for name, title, month_text, text in engine.rows(_select(columns, COMMENTARY)):
        subject = _subject(names, layout, name, title)
        if subject:
            of_month = Month.parse(month_text) if month_text else None
            comments.append(Comment(subject, of_month or month, _lines(text)))
        else:
            problems.append(_unknown_comment(name, names))
    return Result(Commentary(comments), tuple(dict.fromkeys(problems)))


def texts_typed(
    typed: Iterable[TypedText], definitions: Definitions, layout: Layout, month: Month
) -> Result[tuple[TypedText, ...]]:
    """Return the texts of a request with the keys of their subjects, and each with its month.

    They are named as in a list of commentary. Those of months after the given one are left out.
    One that was typed in place of another text is kept also where this layout has no such name.
    """
    names = MeasureNames(definitions, layout)
    texts: list[TypedText] = []
    problems: list[Problem] = []
    for each in typed:
        subject = _subject(names, layout, each.subject)
        if not subject and each.before is not None:
            subject = each.subject
        if not subject:
            problems.append(_unknown_comment(each.subject, names))
        elif (of_month := each.month or month) <= month:
            text = _lines(each.text).strip()
            texts.append(each._replace(subject=subject, month=of_month, text=text))
    return Result(tuple(texts), tuple(problems))


def _subject(names: MeasureNames, layout: Layout, *given: str | None) -> str:
    """Return the key of the measure, the name of the slide or the key message that is meant."""
    if measure := names.find(*given):
        return measure.name
    others = (*(slide.name for slide in layout.slides), *KEY_MESSAGES)
    meant = {same_name(name) for name in given if name}
    return next((name for name in others if same_name(name) in meant), "")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unknown_comment(name: str, names: MeasureNames) -> Problem:
    text = f'a commentary is on "{name}", which is not known. {names.hint(name)}'.strip()
    return Problem(catalogue.UNKNOWN_COMMENT, text, done="It was left out.")


def supplied_figures(
    engine: Engine, definitions: Definitions, layout: Layout
) -> Result[SuppliedFigures]:
    """Return the finished figures that were supplied, by measure, month and team.

    A measure is named by its key, or by a reference or title that means one measure only. Rows that
    say themselves that nothing is known, or that there is nothing to divide by, are skipped.
    """
    if FIGURES not in definitions.datasets:
        return Result({})
    names = MeasureNames(definitions, layout)
    figures: dict[FigureKey, Figure] = {}
    problems: list[Problem] = []
    columns = ("measure", "month", "team", "numerator", "denominator", "value")
    for name, month, team, numerator, denominator, value in engine.rows(_select(columns, FIGURES)):
        if value is None and not numerator and not denominator:
            continue
        measure = names.find(name)
        if measure is None:
            unknown = f'the measure "{name}" is not known. {names.hint(name)}'.strip()
            problems.append(
                Problem(catalogue.UNKNOWN_FIGURE, unknown, done="The figure was left out.")
            )
            continue
        amount = Amount(numerator, denominator, value)
        figure = _figure(measure, Month.parse(month), team, amount)
        if isinstance(figure, Problem):
            problems.append(figure)
        else:
            figures[figure.key] = figure
    return Result(figures, tuple(dict.fromkeys(problems)))


def _select(columns: Sequence[str], dataset: str) -> exp.Select:
    return exp.select(*(exp.column(name) for name in columns)).from_(dataset)


def _figure(
    measure: Measure, month: Month | None, team: str | None, amount: Amount
) -> Figure | Problem:
    numerator, denominator, value = amount.numerator, amount.denominator, amount.value
    if value is None and numerator is not None and denominator:
        value = numerator / denominator
    fault = ""
    if month is None or value is None:
        fault = "has neither a value nor numerator and denominator"
    elif measure.unit == "percent" and value > LARGEST_SHARE:
        fault = "is a percentage above 150 %"
    if month is None or fault:
        text = f'a finished figure of "{measure.title}" {fault}.'
        return Problem(catalogue.FIGURE_UNREADABLE, text, done="It was left out.")
    return Figure(measure.name, month, team or WHOLE_SERVICE, numerator, denominator, value,
                  Status.SUPPLIED)  # fmt: skip


#: Different teams in one dataset.
MOST_TEAMS = 500
#: Records of the lists that go into the workbook as they are.
MOST_RECORDS = {FIGURES: 100_000, COMMENTARY: 10_000, CASELOAD_LIST: 50_000}
#: Workers in lists of allocations.
MOST_WORKERS = 10_000
#: Characters of all comments together.
MOST_COMMENT_CHARACTERS = 5_000_000

_TEAMS_ADVICE = "Check its team column: it may hold workers or identifiers."
_LIST_ADVICE = "Check that it is the right file, or use fewer records."


@dataclass(frozen=True)
class _SizeLimit:
    """How many things of a dataset there may be, and the expression that counts them."""

    dataset: Dataset
    things: str
    most: int
    count: exp.Expr
    advice: str = _LIST_ADVICE

    @property
    def name(self) -> str:
        return f"{self.dataset.name} {self.things}"

    @property
    def query(self) -> exp.Select:
        name = exp.alias_(exp.Literal.string(self.name), "name")
        number = exp.alias_(exp.cast(self.count, "BIGINT"), "number")
        return exp.select(name, number).from_(exp.to_table(self.dataset.name))


def size_problems(engine: Engine, definitions: Definitions) -> Iterator[Problem]:
    """Yield the problems of lists that hold more than a workbook may.

    What is counted by team, and what people supply, goes into the workbook line by line. More than
    these limits is no council's list but a wrong column or file, and would take all memory.
    """
    datasets = definitions.datasets.values()
    limits = {limit.name: limit for dataset in datasets for limit in _size_limits(dataset)}
    if not limits:
        return
    queries = [limit.query for limit in limits.values()]
    query = exp.union(*queries, distinct=False) if len(queries) > 1 else queries[0]
    for name, number in engine.rows(query):
        limit = limits[name]
        if (number or 0) > limit.most:
            text = (
                f'"{limit.dataset.title}" has {number:,} {limit.things}; at most {limit.most:,} '
                "are read."
            )
            yield Problem(catalogue.TOO_MANY, text, advice=limit.advice)


def _size_limits(dataset: Dataset) -> Iterator[_SizeLimit]:
    def distinct(column: str) -> exp.Expr:
        return exp.Count(this=exp.Distinct(expressions=[exp.column(column)]))

    if dataset.team:
        yield _SizeLimit(dataset, "teams", MOST_TEAMS, distinct(dataset.team), _TEAMS_ADVICE)
    if dataset.name in MOST_RECORDS:
        most = MOST_RECORDS[dataset.name]
        yield _SizeLimit(dataset, "records", most, exp.Count(this=exp.Star()))
    if dataset.name == ALLOCATIONS and "worker_id" in dataset.columns:
        yield _SizeLimit(dataset, "workers", MOST_WORKERS, distinct("worker_id"))
    if dataset.name == COMMENTARY and "commentary" in dataset.columns:
        length = exp.Sum(this=exp.Length(this=exp.column("commentary")))
        yield _SizeLimit(dataset, "characters", MOST_COMMENT_CHARACTERS, length)
