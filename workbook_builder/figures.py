"""Figures: one measure in one month, for the whole service or for one team.

Also caseloads, which a worker has, and figures as last month's workbook published them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from math import isclose
from typing import Literal, NamedTuple

from workbook_builder.months import Month


class Comment(NamedTuple):
    """What somebody wrote about one measure in one month.

    `measure` is a measure's key or, where nobody knows what is meant, the name as it was given.
    """

    measure: str
    month: Month
    text: str


class Commentary:
    """All comments of a workbook; what several people wrote about one thing stands together."""

    def __init__(self, comments: Iterable[Comment] = ()) -> None:
        texts_of: dict[tuple[str, Month], list[str]] = {}
        for comment in comments:
            texts = texts_of.setdefault((comment.measure, comment.month), [])
            if comment.text and comment.text not in texts:
                texts.append(comment.text)
        self._texts: Mapping[tuple[str, Month], str] = {
            key: "\n".join(texts) for key, texts in texts_of.items()
        }

    def __iter__(self) -> Iterator[Comment]:
        for (measure, month), text in self._texts.items():
            yield Comment(measure, month, text)

    def of(self, measure: str, month: Month) -> str:
        """Return what was written about a measure in a month; nothing is an empty text."""
        return self._texts.get((measure, month), "")


class Remembered(NamedTuple):
    """The commentary of one workbook: what the program `wrote`, and what stands there `now`.

    One comment may stand in several places, on the Commentary sheet and in tables.
    """

    wrote: tuple[Comment, ...] = ()
    now: tuple[Comment, ...] = ()


class TypedText(NamedTuple):
    """A text that a person typed for this run: commentary, or the sentence of a slide.

    `subject` is a measure, a slide or a key message; without a month the text is of the reporting
    month. `before` is what stood there when they typed it; None if they did not see that. An empty
    text takes away what stood there.
    """

    subject: str
    text: str
    month: Month | None = None
    before: str | None = None


def with_typed(
    commentary: Commentary, typed: Iterable[TypedText], remembered: Iterable[Remembered]
) -> Commentary:
    """Put typed texts, whose subjects and months are known, in place of what stood there.

    What somebody has changed in a workbook since stays: in place of a text that the program wrote
    there, and beside one that it never did.
    """
    texts = {(each.measure, each.month): each.text for each in commentary}
    wrote = {comment for workbook in remembered for comment in workbook.wrote}
    for each in typed:
        if each.month is None:
            continue
        key = (each.subject, each.month)
        now = texts.get(key, "")
        is_written = Comment(*key, each.text) in wrote
        if now in ("", each.before) or (not is_written and Comment(*key, now) in wrote):
            texts[key] = each.text
        elif not is_written and each.text not in now.split("\n"):
            texts[key] = f"{now}\n{each.text}" if each.text else now
    return Commentary(Comment(*key, text) for key, text in texts.items() if text)


def merge_commentary(comments: Iterable[Comment], remembered: Iterable[Remembered]) -> Commentary:
    """Merge the comments of today's lists with what stands in earlier workbooks.

    What a person has changed goes before what the program wrote there. Where several have changed
    one thing in several ways, all their words stand together.
    """
    earlier = tuple(remembered)
    wrote = {comment for workbook in earlier for comment in workbook.wrote}
    every = [*comments, *(comment for workbook in earlier for comment in workbook.now)]
    changed = [comment for comment in every if comment.text and comment not in wrote]
    renewed = {(comment.measure, comment.month) for comment in changed}
    unchanged = (
        comment
        for comment in every
        if comment.text and (comment.measure, comment.month) not in renewed
    )
    return Commentary([*changed, *unchanged])


#: Where caseloads come from: a list of one row a worker, or allocation records that are open.
Source = Literal["list", "allocations"]

NO_STATUS = "Not recorded"


class Worker(NamedTuple):
    """One worker: team, qualifying status, and number of children allocated."""

    team: str
    status: str
    allocations: int
    name: str = ""


@dataclass(frozen=True)
class Caseloads:
    """All workers' caseloads of one month; without workers `reason` says why there are none.

    With workers it says why they do not come from a list that was given, if one was.

    `day` is the day that the list says it is of, or the end of the month for counted ones; None
    where the list says nothing.
    """

    workers: tuple[Worker, ...] = ()
    source: Source | None = None
    day: date | None = None
    reason: str = ""


#: Measure, month and team of a figure.
FigureKey = tuple[str, Month, str]

WHOLE_SERVICE = ""
NO_TEAM = "No team recorded"

#: Figures about fewer people than a limit are hidden, or none are.
Limit = int | Literal["off"]
OFF: Literal["off"] = "off"
LEAST_LIMIT, MOST_LIMIT = 2, 50


class Status(StrEnum):
    """Where a figure comes from or, if it is blank, why."""

    CALCULATED = "calculated"
    SUPPLIED = "supplied"
    PUBLISHED = "published"
    TYPED = "typed by hand"
    NO_EXTRACT = "no extract"
    NO_COLUMN = "no column"
    NOT_COVERED = "not covered"
    UNFINISHED = "unfinished month"
    NO_RECORDS = "no records"
    NO_DENOMINATOR = "denominator is zero"
    NO_POPULATION = "no population"
    NOT_A_SNAPSHOT_MONTH = "snapshot of another month"
    END_NOT_KNOWN = "end not known"
    OTHER_CHILDREN = "lists of other children"
    CHILDREN_MISSING = "children missing"
    LATEST_ONLY = "latest records only"
    CANNOT_BE_COMPUTED = "cannot be computed"
    NOT_JUDGED = "not judged"
    BETWEEN_QUARTERS = "between quarters"
    SUPPRESSED = "suppressed [c]"


#: Why a figure of each status is blank, in the words of the workbook's notes.
REASONS: dict[Status, str] = {
    Status.NO_EXTRACT: "No extract of this kind was given.",
    Status.NO_COLUMN: "The extract does not have a column that this needs.",
    Status.NOT_COVERED: "The extract does not cover this month.",
    Status.UNFINISHED: "The extract covers only part of this month.",
    Status.NO_RECORDS: "The extract has no records in this month, though it usually has many.",
    Status.NO_DENOMINATOR: "There is nothing to calculate a percentage or average from.",
    Status.NO_POPULATION: "There is no population estimate for this month.",
    Status.NOT_A_SNAPSHOT_MONTH: "The extract shows only the reporting month.",
    Status.END_NOT_KNOWN: "The extract does not show which records have ended.",
    Status.OTHER_CHILDREN: "Two lists behind this figure have hardly any children in common.",
    Status.CHILDREN_MISSING: "A list behind this figure leaves out children who have since left.",
    Status.LATEST_ONLY: "A list behind this figure has only each child's latest record.",
    Status.CANNOT_BE_COMPUTED: "The calculation gave no number.",
    Status.NOT_JUDGED: "Too many cells that this needs are blank or unreadable.",
    Status.PUBLISHED: "Nothing was published here for this month; see the Revisions sheet.",
    Status.SUPPRESSED: "[c]: hidden, because it is a small number or would reveal one.",
    Status.BETWEEN_QUARTERS: "There is one figure a quarter, in its last month.",
}


@dataclass(frozen=True)
class Figure:
    """One measure in one month for one team; a team of "" is the whole service.

    Percentages are shares of one. A figure without a value says why in its status. `mark` is what
    a reader should know of it, if it is not what today's extracts give. `not_judged` records of
    the `asked` could not be judged, because what is asked of them is blank or cannot be read.
    """

    measure: str
    month: Month
    team: str
    numerator: float | None
    denominator: float | None
    value: float | None
    status: Status
    mark: str = ""
    not_judged: int = 0
    asked: int = 0

    @property
    def key(self) -> FigureKey:
        """Measure, month and team."""
        return self.measure, self.month, self.team

    @property
    def sort_key(self) -> tuple[str, str, int, int]:
        """Measure, then team, then month."""
        return self.measure, self.team, self.month.year, self.month.number


class Figures:
    """All figures of a workbook, each computed once and looked up by measure, month and team."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures: Mapping[FigureKey, Figure] = {figure.key: figure for figure in figures}

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._sorted)

    @cached_property
    def _sorted(self) -> tuple[Figure, ...]:
        return tuple(sorted(self._figures.values(), key=lambda figure: figure.sort_key))

    @cached_property
    def _teams(self) -> Mapping[str, tuple[str, ...]]:
        teams: dict[str, dict[str, None]] = {}
        for figure in self._sorted:
            if figure.team:
                teams.setdefault(figure.measure, {})[figure.team] = None
        return {measure: tuple(names) for measure, names in teams.items()}

    def teams(self, measure: str) -> tuple[str, ...]:
        """Return the teams that a measure has figures of, in order of their names."""
        return self._teams.get(measure, ())

    def get(self, measure: str, month: Month, team: str = WHOLE_SERVICE) -> Figure | None:
        """Return a figure, or None where there is none at all."""
        return self._figures.get((measure, month, team))


class Action(StrEnum):
    """What became of a published figure."""

    KEPT = "kept"
    REPLACED = "replaced"
    TYPED = "typed by hand"
    CLEARED = "cleared by hand"
    FILLED = "filled"


@dataclass(frozen=True)
class Amount:
    """A figure's three numbers; percentages are shares of one, None is not known."""

    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None

    def same(self, other: Amount) -> bool:
        """Tell whether all three numbers are the same, but for the last digits of a float."""
        return all(map(_same_number, self, other))

    def __iter__(self) -> Iterator[float | None]:
        return iter((self.numerator, self.denominator, self.value))


NOTHING = Amount()

#: A percentage above this is probably one whose % sign was forgotten: 95 in place of 95%.
LARGEST_SHARE = 1.5


#: A number read back from a workbook may differ from the one written after so many digits.
_NOISE = 1e-9


def _same_number(number: float | None, other: float | None) -> bool:
    if number is None or other is None:
        return number is other
    return isclose(number, other, rel_tol=_NOISE, abs_tol=_NOISE**2)


@dataclass(frozen=True)
class Published:
    """A figure of last month's workbook.

    `written` is what the program once wrote in its place, if that is known; `typed` says that a
    person has put another figure there since, now or earlier; `carried` that it was published
    before that workbook was built, and is not one that it counted itself.
    """

    measure: str
    month: Month
    team: str
    amount: Amount
    written: Amount | None = None
    typed: bool = False
    carried: bool = False

    @property
    def key(self) -> FigureKey:
        """Measure, month and team."""
        return self.measure, self.month, self.team

    @property
    def newly_typed(self) -> bool:
        """Whether it was typed since the program last wrote the workbook."""
        return self.typed and not (self.written and self.written.same(self.amount))


class Listed(NamedTuple):
    """What today's extracts gave instead of a published figure, and where that was listed first."""

    amount: Amount
    month: Month


@dataclass(frozen=True)
class Memory:
    """All that last month's workbook knows of figures; `month` is its reporting month.

    `cleared` are figures that the program wrote and a person took away; `blank` stood blank when
    the workbook was written; `listed` are differences that earlier Revisions sheets show.
    """

    month: Month
    published: Mapping[FigureKey, Published] = field(default_factory=dict)
    cleared: Mapping[FigureKey, Amount] = field(default_factory=dict)
    blank: frozenset[FigureKey] = frozenset()
    listed: Mapping[FigureKey, Listed] = field(default_factory=dict)


@dataclass(frozen=True)
class Recalculation:
    """Which published figures give way to today's: all, or of these measures, or from a month on.

    Of a measure also the figures of what it is derived from and of what is derived from it.
    """

    measures: tuple[str, ...] = ()
    since: Month | None = None


@dataclass(frozen=True)
class Revision:
    """A published figure that is not what today's extracts give.

    `published` is what stood in last month's workbook; `written` is what the program had written
    there before a person changed it; `listed` is the month of the workbook that listed it first.
    """

    measure: str
    month: Month
    team: str
    published: Amount
    recalculated: Amount
    action: Action
    written: Amount | None = None
    listed: Month | None = None

    @property
    def key(self) -> FigureKey:
        """Measure, month and team."""
        return self.measure, self.month, self.team

    @property
    def difference(self) -> float | None:
        """The recalculated value less the published one."""
        if self.published.value is None or self.recalculated.value is None:
            return None
        return self.recalculated.value - self.published.value


class RatingChange(NamedTuple):
    """An indicator whose rating is not that of the month before, in words: "red", "green"."""

    indicator: str
    before: str
    now: str


class MonthInBrief(NamedTuple):
    """What a month comes to: each indicator of the board tables counts once.

    `red` are the names of the indicators rated red now, `red_before` how many were a month before.
    `blank` have no figure, `benchmarked` have a benchmark; `revised` published figures differ from
    today's and were not listed before.
    """

    indicators: int
    red: tuple[str, ...]
    red_before: int
    amber: int
    green: int
    changes: tuple[RatingChange, ...]
    blank: int
    benchmarked: int
    revised: int


class NeededList(NamedTuple):
    """A list by its dataset, and the indicators of a layout whose figures need it.

    One that is `optional` only fills what other lists, the council's profile or people say too.
    """

    dataset: str
    title: str
    indicators: tuple[str, ...] = ()
    optional: bool = False


class ListFinding(NamedTuple):
    """What a list gives: the indicators that are blank because of it, and how far it goes.

    `blank` are those of the reporting month, `earlier` those that only lack months before it;
    `reasons` say why in a sentence each, those of the reporting month first. `last` is the day of
    its last record that is not planned. One that is `old` was run before the others, going by its
    file, or has its last record long before theirs: it may be last year's.
    """

    dataset: str
    blank: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    last: date | None = None
    old: bool = False
