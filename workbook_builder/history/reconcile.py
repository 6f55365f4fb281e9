"""Computed figures and last month's workbook into the figures of this month's.

What is published stays published, whatever today's extracts give, unless a recalculation is asked
for. What is derived from published figures follows them, so that no two cells disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from workbook_builder.definitions.layouts import RevisionRule
from workbook_builder.definitions.measures import Measure, Rate, Share, Sum
from workbook_builder.definitions.references import in_order
from workbook_builder.figures import (
    NOTHING,
    WHOLE_SERVICE,
    Action,
    Amount,
    Figure,
    FigureKey,
    Figures,
    Listed,
    Memory,
    Published,
    Recalculation,
    Revision,
    Status,
)
from workbook_builder.measures.compute import Computed, Task, derived
from workbook_builder.months import Month

#: What today's extracts can tell, if only that there is nothing to divide by.
_TOLD = frozenset({Status.CALCULATED, Status.SUPPLIED, Status.NO_DENOMINATOR})

#: Two values that are printed alike, but for the digits of a float.
_NEARLY = 1e-9


@dataclass(frozen=True)
class Reconciled:
    """The figures that the workbook shows, and what became of those published before.

    `revisions` are all figures that are not what today's extracts give, or no longer what they
    were, those that the layout's rule does not list left out. `left_out` are figures of later
    months than the one that is built. `listed` is what the next workbook must know of the
    differences that this Revisions sheet and earlier ones list.
    """

    computed: Computed
    revisions: tuple[Revision, ...] = ()
    left_out: tuple[FigureKey, ...] = ()
    listed: Mapping[FigureKey, Listed] = field(default_factory=dict)


def reconcile(
    computed: Computed,
    memory: Memory,
    task: Task,
    recalculation: Recalculation | None = None,
    rule: RevisionRule | None = None,
) -> Reconciled:
    """Settle each figure: published, typed by hand, or as computed today."""
    settling = _Settling(computed, memory, task, recalculation, rule or RevisionRule())
    settling.settle()
    figures = Figures(settling.figures.values())
    blanks = tuple(
        blank for blank in computed.blanks if _is_blank(figures.get(blank.measure, blank.month))
    )
    later = tuple(key for key in memory.published if key[1] > settling.last)
    settled = replace(computed, figures=figures, blanks=blanks)
    return Reconciled(settled, tuple(settling.revisions), later, dict(settling.listed()))


def recalculated_measures(
    recalculation: Recalculation, measures: Mapping[str, Measure]
) -> frozenset[str]:
    """Return the measures that are recalculated.

    With a measure go those that it is derived from, and all that are derived from any of these.
    """
    if not recalculation.measures:
        return frozenset(measures)
    found = _closure(recalculation.measures, {one.name: one.parts for one in measures.values()})
    uses: defaultdict[str, list[str]] = defaultdict(list)
    for measure in measures.values():
        for part in measure.parts:
            uses[part].append(measure.name)
    return frozenset(_closure(found, uses))


def _closure(names: Iterable[str], leads_to: Mapping[str, Collection[str]]) -> dict[str, None]:
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting += leads_to.get(name, ())
    return found


def _is_blank(figure: Figure | None) -> bool:
    return figure is None or figure.value is None


def _figure(key: FigureKey, amount: Amount, status: Status) -> Figure:
    return Figure(*key, amount.numerator, amount.denominator, amount.value, status)


def _amount(figure: Figure | None) -> Amount:
    return Amount(figure.numerator, figure.denominator, figure.value) if figure else NOTHING


@dataclass
class _Settling:
    """Settles measure by measure, parts before what is derived from them."""

    computed: Computed
    memory: Memory
    task: Task
    recalculation: Recalculation | None
    rule: RevisionRule
    figures: dict[FigureKey, Figure] = field(default_factory=dict)
    revisions: list[Revision] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.last = self.task.months[-1]
        self.measures = self.task.definitions.measures
        self.renewed = (
            recalculated_measures(self.recalculation, self.measures)
            if self.recalculation
            else frozenset()
        )
        self.today = {figure.key: figure for figure in self.computed.figures}
        self.by_team = {measure for measure, _, team in self.today if team != WHOLE_SERVICE}
        self.agreeing: set[FigureKey] = set()
        self.teams_of: defaultdict[tuple[str, Month], set[str]] = defaultdict(set)
        for measure, month, team in self.memory.published:
            self.teams_of[measure, month].add(team)

    def settle(self) -> None:
        keys: defaultdict[str, set[FigureKey]] = defaultdict(set)
        published = (key for key in self.memory.published if key[1] <= self.last)
        for key in (*self.today, *published):
            keys[key[0]].add(key)
        known = [name for name in in_order(self.task.definitions) if name in keys]
        for name in (*known, *sorted(keys.keys() - set(known))):
            for key in sorted(keys[name], key=lambda key: (key[1], key[2])):
                self._settle_one(key)
        for key, amount in self.memory.cleared.items():
            self._cleared(key, amount)

    def _settle_one(self, key: FigureKey) -> None:
        published = self.memory.published.get(key)
        today = self.today.get(key)
        if published and self._stands(published):
            self._published(published, today)
        elif today:
            self._computed(today, published)

    def _stands(self, published: Published) -> bool:
        """Tell whether a published figure has its say.

        It has in the months before this one; in this one if it was typed by hand, or if today's
        extracts cannot tell it.
        """
        if published.typed or not self._is_told(published):
            return True
        return published.month < self.last and published.month <= self.memory.month

    def _is_told(self, published: Published) -> bool:
        """Tell whether today's extracts know of the figure, even if only that there is none."""
        whole = self.today.get((published.measure, published.month, WHOLE_SERVICE))
        if published.team != WHOLE_SERVICE and published.measure not in self.by_team:
            return False
        return whole is not None and whole.status in _TOLD

    def _published(self, published: Published, today: Figure | None) -> None:
        told = self._is_told(published)
        if told and self._is_renewed(published):
            self._replaced(published, today)
            return
        status = Status.TYPED if published.typed else Status.PUBLISHED
        self._take(_figure(published.key, published.amount, status))
        differs = told and self._differs(published, _amount(today))
        if told and not differs:
            self.agreeing.add(published.key)
        if differs or published.newly_typed:
            action = Action.TYPED if published.newly_typed else Action.KEPT
            given = _amount(today) if told else NOTHING
            self._revise(published.key, published.amount, given, action, published.written)

    def _is_renewed(self, published: Published) -> bool:
        if self.recalculation is None or published.measure not in self.renewed:
            return False
        since = self.recalculation.since
        return since is None or published.month >= since

    def _replaced(self, published: Published, today: Figure | None) -> None:
        """Take today's figure; a team that has no record any more has none."""
        figure = self._derived_again(today) if today else None
        if figure:
            self._take(figure)
        if self._differs(published, _amount(figure)):
            key, amount = published.key, published.amount
            self._revise(key, amount, _amount(figure), Action.REPLACED, published.written)

    def _computed(self, today: Figure, published: Published | None) -> None:
        if published is None and self._contradicts(today):
            self._revise(today.key, NOTHING, _amount(today), Action.KEPT)
            self._take(_figure(today.key, NOTHING, Status.PUBLISHED))
            return
        figure = self._derived_again(today)
        self._take(figure)
        if (
            today.team == WHOLE_SERVICE
            and today.key in self.memory.blank
            and (today.month < self.last and not _is_blank(figure))
        ):
            self._revise(today.key, NOTHING, _amount(figure), Action.FILLED)

    def _contradicts(self, today: Figure) -> bool:
        """Tell whether a team's figure would not add up with those published of its month."""
        if today.team == WHOLE_SERVICE or not (today.numerator or today.value):
            return False
        whole = self.memory.published.get((today.measure, today.month, WHOLE_SERVICE))
        if whole is None or not self._stands(whole) or self._is_renewed(whole):
            return False
        if self.teams_of[today.measure, today.month] - {WHOLE_SERVICE}:
            return (today.measure, today.month, today.team) not in self.memory.cleared
        return self._differs(whole, _amount(self.today.get(whole.key)))

    def _derived_again(self, today: Figure) -> Figure:
        """Work a rate, share or sum out again where its parts are not today's but published."""
        measure = self.measures[today.measure]
        if not isinstance(measure, Rate | Share | Sum):
            return today
        places = {(today.month, today.team), (today.month, WHOLE_SERVICE)}
        parts = [(part, *place) for part in measure.parts for place in places]
        if all(_amount(self.figures.get(key)).same(_amount(self.today.get(key))) for key in parts):
            return today
        again = derived(measure, today.month, today.team, self.figures, self.measures,
                        self.task.populations)  # fmt: skip
        return today if again.value is None else again

    def _differs(self, published: Published, today: Amount) -> bool:
        amount = published.amount
        if amount.numerator is not None or today.value is None or amount.value is None:
            return not amount.same(today)
        # A value that came finished is rounded, so it is held against what would be printed.
        measure = self.measures[published.measure]
        places = measure.decimals + (2 if measure.unit == "percent" else 0)
        return bool(abs(amount.value - today.value) > 0.5 * 10**-places + _NEARLY)

    def _cleared(self, key: FigureKey, amount: Amount) -> None:
        measure, month, _ = key
        if month < self.last and month <= self.memory.month and measure in self.measures:
            given = _amount(self.figures.get(key))
            self._revise(key, amount, given, Action.CLEARED, amount)

    def _take(self, figure: Figure) -> None:
        self.figures[figure.key] = figure

    def _revise(
        self,
        key: FigureKey,
        published: Amount,
        today: Amount,
        action: Action,
        written: Amount | None = None,
    ) -> None:
        listed = self.memory.listed.get(key)
        known = listed and listed.month < self.last and listed.amount.same(today)
        since = listed.month if listed and known and action is Action.KEPT else None
        revision = Revision(*key, published, today, action, written, since)
        if action is not Action.KEPT or _is_worth_listing(revision, self.rule):
            self.revisions.append(revision)

    def listed(self) -> Iterator[tuple[FigureKey, Listed]]:
        """Yield the differences that this workbook or an earlier one lists."""
        over = set(self.agreeing)
        for one in self.revisions:
            over.add(one.key)
            if one.action in (Action.KEPT, Action.TYPED):
                yield one.key, Listed(one.recalculated, one.listed or self.last)
        for key, listed in self.memory.listed.items():
            if key not in over and key[1] < self.last and listed.month < self.last:
                yield key, listed


def _is_worth_listing(revision: Revision, rule: RevisionRule) -> bool:
    """Tell whether a difference is larger than the rule's; without numbers to hold it is."""
    difference, published = revision.difference, revision.published.value
    if difference is None or published is None or not (rule.more_than or rule.percent):
        return True
    share = abs(difference) > rule.percent / 100 * abs(published) + _NEARLY
    return share and abs(difference) > rule.more_than + _NEARLY
