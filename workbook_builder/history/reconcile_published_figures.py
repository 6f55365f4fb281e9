"""Decide for each figure whether the published one, one typed by hand or today's is shown.

What is published stays published, whatever today's extracts give, unless a recalculation is asked
for. Figures derived from published ones are worked out from them, so that no two cells disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from workbook_builder.definitions.layouts import RevisionRule
from workbook_builder.definitions.library import measures_in_order
from workbook_builder.definitions.measures import Measure, Rate, Share, Sum
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
from workbook_builder.measures.compute import Computed, Task, derived_figure
from workbook_builder.months import Month

#: Today's extracts know the figure, if only that there is nothing to divide by.
_KNOWN = frozenset({Status.CALCULATED, Status.SUPPLIED, Status.NO_DENOMINATOR})

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
    """Decide on each figure: published, typed by hand, or as computed today.

    `recalculation` says which published figures are replaced by today's; `rule` how large a
    difference must be to be listed as a revision.
    """
    reconciler = _Reconciler(computed, memory, task, recalculation, rule or RevisionRule())
    reconciler.run()
    figures = Figures(reconciler.figures.values())
    blanks = tuple(
        blank for blank in computed.blanks if _is_blank(figures.get(blank.measure, blank.month))
    )
    later = tuple(key for key in memory.published if key[1] > task.months[-1])
    shown = replace(computed, figures=figures, blanks=blanks)
    return Reconciled(shown, tuple(reconciler.revisions), later, dict(reconciler.listed()))


def recalculated_measures(
    recalculation: Recalculation, measures: Mapping[str, Measure]
) -> frozenset[str]:
    """Return the measures that are recalculated; all if none is named.

    With a measure go those that it is derived from, and all that are derived from any of these.
    """
    if not recalculation.measures:
        return frozenset(measures)
    derived_from = {measure.name: measure.parts for measure in measures.values()}
    used_by: defaultdict[str, list[str]] = defaultdict(list)
    for measure in measures.values():
        for part in measure.parts:
            used_by[part].append(measure.name)
    return _closure(_closure(recalculation.measures, derived_from), used_by)


def _closure(names: Iterable[str], leads_to: Mapping[str, Collection[str]]) -> frozenset[str]:
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += leads_to.get(name, ())
    return frozenset(reached)


def _is_blank(figure: Figure | None) -> bool:
    return figure is None or figure.value is None


def _figure(key: FigureKey, amount: Amount, status: Status) -> Figure:
    return Figure(*key, amount.numerator, amount.denominator, amount.value, status)


def _amount(figure: Figure | None) -> Amount:
    return Amount(figure.numerator, figure.denominator, figure.value) if figure else NOTHING


@dataclass
class _Reconciler:
    """Decides measure by measure, parts before what is derived from them."""

    computed: Computed
    memory: Memory
    task: Task
    recalculation: Recalculation | None
    rule: RevisionRule
    figures: dict[FigureKey, Figure] = field(default_factory=dict)
    revisions: list[Revision] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.month = self.task.months[-1]
        self.measures = self.task.definitions.measures
        self.recalculated = (
            recalculated_measures(self.recalculation, self.measures)
            if self.recalculation
            else frozenset()
        )
        self.today = {figure.key: figure for figure in self.computed.figures}
        self.by_team = {measure for measure, _, team in self.today if team != WHOLE_SERVICE}
        self.agreeing: set[FigureKey] = set()
        self.published_teams: defaultdict[tuple[str, Month], set[str]] = defaultdict(set)
        for measure, month, team in self.memory.published:
            if team != WHOLE_SERVICE:
                self.published_teams[measure, month].add(team)

    def run(self) -> None:
        """Fill `figures` and `revisions`."""
        keys: defaultdict[str, set[FigureKey]] = defaultdict(set)
        published_keys = (key for key in self.memory.published if key[1] <= self.month)
        for key in (*self.today, *published_keys):
            keys[key[0]].add(key)
        known = [name for name in measures_in_order(self.task.definitions) if name in keys]
        for name in (*known, *sorted(keys.keys() - set(known))):
            for key in sorted(keys[name], key=lambda key: (key[1], key[2])):
                published, today = self.memory.published.get(key), self.today.get(key)
                if published and self._is_kept(published):
                    self._take_published(published, today)
                elif today:
                    self._take_today(today, published)
        for key, written in self.memory.cleared.items():
            measure, month, _ = key
            if month < self.month and month <= self.memory.month and measure in self.measures:
                amount = _amount(self.figures.get(key))
                self._revise(key, written, amount, Action.CLEARED, written)

    def _is_kept(self, published: Published) -> bool:
        """Tell whether a published figure counts.

        It does in the months before this one; in this one if it was typed by hand, or if today's
        extracts do not know the figure.
        """
        if published.typed or not self._is_known_today(published):
            return True
        return published.month < self.month and published.month <= self.memory.month

    def _is_known_today(self, published: Published) -> bool:
        """Tell whether today's extracts know of the figure, even if only that there is none."""
        whole = self.today.get((published.measure, published.month, WHOLE_SERVICE))
        if published.team != WHOLE_SERVICE and published.measure not in self.by_team:
            return False
        return whole is not None and whole.status in _KNOWN

    def _take_published(self, published: Published, today: Figure | None) -> None:
        """Take the published figure, or today's if it is to be recalculated."""
        key, amount, known = published.key, published.amount, self._is_known_today(published)
        if known and self._is_recalculated(published):
            # A team that has no record any more has no figure.
            figure = self._derived_again(today) if today else None
            if figure:
                self.figures[key] = figure
            if self._differs(published, _amount(figure)):
                self._revise(key, amount, _amount(figure), Action.REPLACED, published.written)
            return
        status = Status.TYPED if published.typed else Status.PUBLISHED
        self.figures[key] = _figure(key, amount, status)
        differs = known and self._differs(published, _amount(today))
        if known and not differs:
            self.agreeing.add(key)
        if differs or published.newly_typed:
            action = Action.TYPED if published.newly_typed else Action.KEPT
            today_amount = _amount(today) if known else NOTHING
            self._revise(key, amount, today_amount, action, published.written)

    def _is_recalculated(self, published: Published) -> bool:
        if self.recalculation is None or published.measure not in self.recalculated:
            return False
        since = self.recalculation.since
        return since is None or published.month >= since

    def _take_today(self, today: Figure, published: Published | None) -> None:
        """Take today's figure, unless it contradicts what was published of its month."""
        key = today.key
        if published is None and self._contradicts(today):
            self._revise(key, NOTHING, _amount(today), Action.KEPT)
            self.figures[key] = _figure(key, NOTHING, Status.PUBLISHED)
            return
        figure = self._derived_again(today)
        self.figures[key] = figure
        was_blank = today.team == WHOLE_SERVICE and key in self.memory.blank
        if was_blank and today.month < self.month and not _is_blank(figure):
            self._revise(key, NOTHING, _amount(figure), Action.FILLED)

    def _contradicts(self, today: Figure) -> bool:
        """Tell whether a team's figure would not add up with those published of its month."""
        if today.team == WHOLE_SERVICE or not (today.numerator or today.value):
            return False
        whole = self.memory.published.get((today.measure, today.month, WHOLE_SERVICE))
        if whole is None or not self._is_kept(whole) or self._is_recalculated(whole):
            return False
        if self.published_teams[today.measure, today.month]:
            return today.key not in self.memory.cleared
        return self._differs(whole, _amount(self.today.get(whole.key)))

    def _derived_again(self, today: Figure) -> Figure:
        """Derive a rate, share or sum again if its parts are not today's but published."""
        measure = self.measures[today.measure]
        if not isinstance(measure, Rate | Share | Sum):
            return today
        places = {(today.month, today.team), (today.month, WHOLE_SERVICE)}
        parts = [(part, *place) for part in measure.parts for place in places]
        if all(_amount(self.figures.get(key)).same(_amount(self.today.get(key))) for key in parts):
            return today
        again = derived_figure(measure, today.month, today.team, self.figures, self.measures,
                               self.task.populations)  # fmt: skip
        return today if again.value is None else again

    def _differs(self, published: Published, today: Amount) -> bool:
        amount = published.amount
        if amount.numerator is not None or today.value is None or amount.value is None:
            return not amount.same(today)
        # A finished figure was supplied rounded, so only what would be printed is compared.
        measure = self.measures[published.measure]
        places = measure.decimals + (2 if measure.unit == "percent" else 0)
        return bool(abs(amount.value - today.value) > 0.5 * 10**-places + _NEARLY)

    def _revise(
        self,
        key: FigureKey,
        published: Amount,
        today: Amount,
        action: Action,
        written: Amount | None = None,
    ) -> None:
        """Add a revision, unless the rule says that its difference is too small to be listed."""
        listed = self.memory.listed.get(key)
        known = listed and listed.month < self.month and listed.amount.same(today)
        since = listed.month if listed and known and action is Action.KEPT else None
        revision = Revision(*key, published, today, action, written, since)
        if action is not Action.KEPT or _is_worth_listing(revision, self.rule):
            self.revisions.append(revision)

    def listed(self) -> Iterator[tuple[FigureKey, Listed]]:
        """Yield the differences that this workbook or an earlier one lists."""
        settled = set(self.agreeing)
        for revision in self.revisions:
            settled.add(revision.key)
            if revision.action in (Action.KEPT, Action.TYPED):
                yield revision.key, Listed(revision.recalculated, revision.listed or self.month)
        for key, listed in self.memory.listed.items():
            if key not in settled and key[1] < self.month and listed.month < self.month:
                yield key, listed


def _is_worth_listing(revision: Revision, rule: RevisionRule) -> bool:
    """Tell whether a difference is larger than the rule's; without numbers to hold it is."""
    difference, published = revision.difference, revision.published.value
    if difference is None or published is None or not (rule.more_than or rule.percent):
        return True
    share = abs(difference) > rule.percent / 100 * abs(published) + _NEARLY
    return share and abs(difference) > rule.more_than + _NEARLY
