"""How many teams, finished figures and comments a workbook may hold, and the problems beyond.

What is counted by team, and what people supply, goes into the workbook line by line. More than this
is no council's list but a wrong column or file, and would take all memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.commentary import Comment, Commentary
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.figures import WHOLE_SERVICE, Figure, Status
from workbook_builder.measures.caseloads import ALLOCATIONS, LIST
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, did_you_mean
from workbook_builder.store.engine import Engine

#: A near name is looked for so many times, which takes long.
_MOST_HINTS = 200


class MeasureNames:
    """All measures by their keys, and by the references and titles that mean only one of them.

    Letter case, spaces and punctuation do not matter, unless names differ in nothing else, as
    "CP2b" and "CP2b %" do.
    """

    def __init__(self, definitions: Definitions, layout: Layout) -> None:
        self._measures = definitions.measures
        in_use = tuple(_in_use(definitions, layout))
        self._hints: dict[str, str] = {}
        self._known = [_meant(in_use, definitions, alike) for alike in (_as_written, same_name)]

    def find(self, *names: str | None) -> Measure | None:
        """Return the measure that the first name means, else the second, and so on."""
        for name in filter(None, names):
            for known, alike in zip(self._known, (_as_written, same_name), strict=True):
                if alike(name) in known:
                    return self._measures[known[alike(name)]]
        return None

    def hint(self, name: str) -> str:
        """Return a question with the nearest key, or nothing; also nothing after very many."""
        if name not in self._hints and len(self._hints) < _MOST_HINTS:
            self._hints[name] = did_you_mean(name, self._measures)
        return self._hints.get(name, "")


def _as_written(name: str) -> str:
    return " ".join(name.split()).casefold()


def _meant(
    in_use: Sequence[tuple[str, str]], definitions: Definitions, alike: Callable[[str], str]
) -> dict[str, str]:
    """Return what each name means: a key, or else the one measure that bears it."""
    bearers: dict[str, set[str]] = {}
    for name, measure in in_use:
        bearers.setdefault(alike(name), set()).add(measure)
    known = {name: next(iter(found)) for name, found in bearers.items() if len(found) == 1}
    return known | {alike(name): name for name in definitions.measures}


def _in_use(definitions: Definitions, layout: Layout) -> Iterator[tuple[str, str]]:
    """Yield the references and titles of a layout's rows with the measures they stand for."""
    for table in layout.tables:
        for row in table.rows:
            title = row.title or definitions.measures[row.measure].title
            yield from ((name, row.measure) for name in (row.reference, title) if name)


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
    return Problem(catalogue.UNKNOWN_COMMENT, what, done="It was left out.")


FIGURES = "figures"

SuppliedFigures = Mapping[tuple[str, Month, str], Figure]

#: A percentage above this is taken for one whose % sign was forgotten: 95 in place of 95%.
_LARGEST_SHARE = 1.5


def supplied_figures(
    engine: Engine, definitions: Definitions, layout: Layout
) -> Result[SuppliedFigures]:
    """Return the finished figures at hand, by measure, month and team.

    A measure is named by its key, or by a reference or title that means one measure only.
    """
    if FIGURES not in definitions.datasets:
        return Result({})
    columns = ("measure", "month", "team", "numerator", "denominator", "value")
    query = exp.select(*(exp.column(name) for name in columns)).from_(FIGURES)
    names = MeasureNames(definitions, layout)
    figures: dict[tuple[str, Month, str], Figure] = {}
    problems: list[Problem] = []
    for name, month, *rest in engine.rows(query):
        if _says_blank(*rest[1:]):
            continue
        measure = names.find(name)
        made = (
            _figure(measure, Month.parse(month), *rest)
            if measure
            else _supplied_unknown(name, names)
        )
        if isinstance(made, Problem):
            problems.append(made)
        else:
            figures[made.measure, made.month, made.team] = made
    return Result(figures, tuple(dict.fromkeys(problems)))


def _says_blank(numerator: float | None, denominator: float | None, value: float | None) -> bool:
    """Tell whether the list itself says that a figure is not known, or nothing to divide by."""
    return value is None and not numerator and not denominator


def _supplied_unknown(name: str, names: MeasureNames) -> Problem:
    what = f'the measure "{name}" is not known. {names.hint(name)}'.strip()
    return Problem(catalogue.UNKNOWN_FIGURE, what, done="The figure was left out.")


def _figure(
    measure: Measure,
    month: Month | None,
    team: str | None,
    numerator: float | None,
    denominator: float | None,
    value: float | None,
) -> Figure | Problem:
    if value is None and numerator is not None and denominator:
        value = numerator / denominator
    if month is None or value is None:
        return _unusable(measure, "has neither a value nor numerator and denominator")
    if measure.unit == "percent" and value > _LARGEST_SHARE:
        return _unusable(measure, "is a percentage above 150 %")
    return Figure(measure.name, month, team or WHOLE_SERVICE, numerator, denominator, value,
                  Status.SUPPLIED)  # fmt: skip


def _unusable(measure: Measure, why: str) -> Problem:
    what = f'a finished figure of "{measure.title}" {why}.'
    return Problem(catalogue.FIGURE_UNREADABLE, what, done="It was left out.")


#: Different teams in one dataset.
MOST_TEAMS = 500
#: Records of the lists that go into the workbook as they are.
MOST_RECORDS = {FIGURES: 100_000, COMMENTARY: 10_000, LIST: 50_000}
#: Workers in lists of allocations.
MOST_WORKERS = 10_000
#: Characters of all comments together.
MOST_COMMENTED = 5_000_000

_TEAMS_ADVICE = "See what stands in its column of teams: workers and identifiers are no teams."
_LIST_ADVICE = "See whether it is the right file, or give fewer records."


def beyond_amounts(engine: Engine, definitions: Definitions) -> Iterator[Problem]:
    """Yield the problems of lists that hold more than a workbook may."""
    datasets = definitions.datasets
    counted = {one.name: one for dataset in datasets.values() for one in _counts(dataset)}
    if not counted:
        return
    for name, number in engine.rows(_union([one.query for one in counted.values()])):
        one = counted[name]
        if (number or 0) > one.most:
            what = (
                f'"{one.dataset.title}" has {number:,} {one.what}; at most {one.most:,} are read.'
            )
            yield Problem(catalogue.TOO_MANY, what, advice=one.advice)


@dataclass(frozen=True)
class _Amount:
    """What is counted of a dataset, how, and how many there may be."""

    dataset: Dataset
    what: str
    most: int
    counted: exp.Expr
    advice: str = _LIST_ADVICE

    @property
    def name(self) -> str:
        return f"{self.dataset.name} {self.what}"

    @property
    def query(self) -> exp.Select:
        name = exp.alias_(exp.Literal.string(self.name), "name")
        number = exp.alias_(exp.cast(self.counted, "BIGINT"), "number")
        return exp.select(name, number).from_(exp.to_table(self.dataset.name))


def _counts(dataset: Dataset) -> Iterator[_Amount]:
    if dataset.team:
        yield _Amount(dataset, "teams", MOST_TEAMS, _different(dataset.team), _TEAMS_ADVICE)
    if dataset.name in MOST_RECORDS:
        most = MOST_RECORDS[dataset.name]
        yield _Amount(dataset, "records", most, exp.Count(this=exp.Star()))
    if dataset.name == ALLOCATIONS and "worker_id" in dataset.columns:
        yield _Amount(dataset, "workers", MOST_WORKERS, _different("worker_id"))
    if dataset.name == COMMENTARY and "commentary" in dataset.columns:
        length = exp.Sum(this=exp.Length(this=exp.column("commentary")))
        yield _Amount(dataset, "characters", MOST_COMMENTED, length)


def _different(column: str) -> exp.Expr:
    return exp.Count(this=exp.Distinct(expressions=[exp.column(column)]))


def _union(many: Sequence[exp.Select]) -> exp.Query:
    return exp.union(*many, distinct=False) if len(many) > 1 else many[0]
