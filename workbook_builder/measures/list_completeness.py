"""Whether lists know the children that measures ask them about, judged from the children in both.

A measure of children on plans looks into the list of visits. That list may hold the children of
today only, each child's latest visit only, or the children of another system; then a child who is
not in it was not left without a visit. Of the children who are still on a plan today, nearly all
have a visit in a complete list; if far fewer of those whose plan has ended since have one, the list
is of today's children, and the further back a month lies the more of its children are missing.

Only who was there long enough to be expected in the other list is compared; who is there both still
and no longer counts as still there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import sqrt
from typing import Any

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.measures import EXCLUDE, Open
from workbook_builder.measures.coverage import CHANCE, chance_of_at_most
from workbook_builder.measures.query import Prepared, latest_records_query
from workbook_builder.months import Month
from workbook_builder.store.engine import Engine

CHILD = "child_id"
_BIRTH = "date_of_birth"

#: Children who are there for so many days while the other list goes on are expected in it.
_LONG = 60
#: So far back from the reporting month the children who have left are compared.
_MONTHS = 26
#: So many children who are there today are needed to compare those who left with.
_FEWEST = 5
#: So many must be asked about to say that two lists hardly share a child.
_FEWEST_SHARED = 10
#: The days that part young children, children of school age and young people.
_SCHOOL_AGE, _YOUNG_PEOPLE = 5 * 365 + 1, 16 * 365 + 4
#: A list in which this share of today's children appears is about them all.
_ABOUT_ALL = 0.8
_ABOUT_MOST = 0.5
#: Those who left may appear less often by this share without the list being of today's only.
_LESS = 0.3
#: Where a list is not about all, those who left must hardly appear in it.
_RARELY = 0.1
#: So many other lists of today's children make it likely of a list of which little is known; that
#: it knows so many of those who have left says otherwise.
_BESIDE = 2
_SOME = 3
_ABOUT_AS_OFTEN = 0.9
#: The numbers of the last day of both lists, and of the later one, beside those of months.
_TODAY, _LATEST = 0, -1
#: A list has a current record of nearly every child if on some day this share has one.
_NEARLY_EVERY = 0.95
#: A month with more than this share of its children lost is blank.
_TOLERANCE = 0.03
#: Two lists that share no more than this hardly share a child.
_HARDLY = 0.02
#: A list of what happens again and again has so many records a child.
_REPEATED = 1.5
#: A list of each child's latest record has so many records at least, over so many days.
_RECORDS, _DAYS = 20, 100


@dataclass(frozen=True)
class Group:
    """Children who were there in the same months, and whether the other list knows them.

    Months are numbered; `end` is None while they are there. `long` says that they are expected in
    the other list, `today` that they are there today, `seen` that the other list has a record of
    their time, `ever` that it has any record of them. `age_band` tells young children, those of
    school age and young people apart, by their age today or when they left. `elsewhere` says that
    they are there today in another list of spells, as a young person who left care and is helped.
    """

    start: int
    end: int | None
    long: bool
    today: bool
    seen: bool
    ever: bool
    age_band: int
    number: int
    elsewhere: bool = False


class Pair:
    """A list of spells (care, plans), and another list that is asked about their children.

    Spells that began before the other list are compared with one another only: what happens once,
    at the beginning of a spell, is not in it for them, whether they have ended or not. Children are
    compared with children of about their age: some lists are of one age only.
    """

    def __init__(self, groups: Sequence[Group], reporting_month: Month, first: Month) -> None:
        self.groups = groups
        self._month, self._first = month_number(reporting_month), month_number(first)

    @cached_property
    def share_no_child(self) -> bool:
        """Whether hardly any child of the one list is in the other."""
        number = sum(group.number for group in self.groups)
        shared = sum(group.number for group in self.groups if group.ever)
        return number >= _FEWEST_SHARED and shared <= _HARDLY * number

    @cached_property
    def _usual_shares(self) -> Mapping[tuple[bool, int], float]:
        """The share of those there today that the other list knows; not of too few.

        By whether they came before the other list begins, and by their age.
        """
        number: Counter[tuple[bool, int]] = Counter()
        known: Counter[tuple[bool, int]] = Counter()
        for group in self.groups:
            if group.long and group.today:
                number[self._kind(group)] += group.number
                known[self._kind(group)] += group.number * group.seen
        shares = {kind: known[kind] / each for kind, each in number.items() if each >= _FEWEST}
        # A list of today's children begins with the first of them: nobody of today came earlier.
        later = {(True, band): share for (early, band), share in shares.items()
                 if not early and not number[True, band]}  # fmt: skip
        return shares | later

    @cached_property
    def _left(self) -> Sequence[Group]:
        """Those who left in the last months and can be compared."""
        return [
            group
            for group in self.groups
            if group.long and not group.today and self._kind(group) in self._usual_shares
            and group.end is not None and self._month - _MONTHS < group.end <= self._month
        ]  # fmt: skip

    def _kind(self, group: Group) -> tuple[bool, int]:
        return group.start < self._first, group.age_band

    @cached_property
    def _expected_share(self) -> float:
        """The share of those who left that a complete list would know."""
        number = sum(group.number for group in self._left)
        expected = sum(group.number * self._usual_shares[self._kind(group)]
                       for group in self._left)  # fmt: skip
        return expected / number if number else 0.0

    @property
    def is_about_all(self) -> bool:
        """Whether the other list should know nearly all who were there."""
        return self._expected_share >= _ABOUT_ALL

    @property
    def is_about_most(self) -> bool:
        """Whether the other list should know more than half of those who were there."""
        return self._expected_share >= _ABOUT_MOST

    @cached_property
    def is_of_today(self) -> bool:
        """Whether far fewer of those who have left are in the other list than chance explains."""
        number, known, share = self._number_left, self._known_left, self._expected_share
        if not self.is_about_all and known >= _RARELY * share * number:
            return False
        return chance_of_at_most(known, number, share * (1 - _LESS)) < CHANCE

    @cached_property
    def knows_who_left(self) -> bool:
        """Whether those who are nowhere today are in the other list about as often as is usual."""
        gone = [group for group in self._left if not group.elsewhere]
        usual = sum(group.number * self._usual_shares[self._kind(group)] for group in gone)
        known = sum(group.number for group in gone if group.seen)
        return known >= max(_SOME, _ABOUT_AS_OFTEN * usual)

    @cached_property
    def _number_left(self) -> int:
        return sum(group.number for group in self._left)

    @cached_property
    def _known_left(self) -> int:
        return sum(group.number for group in self._left if group.seen)

    @cached_property
    def _lost_shares(self) -> Mapping[int, float]:
        """The share of the children of each month that are lost, the last month first."""
        return {month: self._lost(month)
                for month in range(self._month, self._month - _MONTHS, -1)}  # fmt: skip

    def _lost(self, month: int) -> float:
        """Return the share of those there at the end of a month that the other list has lost."""
        expected = missing = 0.0
        for group, share in self._shares_known:
            if group.start <= month and (group.end is None or group.end > month):
                expected += group.number * share
                if not group.today:
                    missing += group.number * (share - group.seen)
        return missing / expected if expected else 0.0

    @cached_property
    def _shares_known(self) -> Sequence[tuple[Group, float]]:
        """Each group with the share of it that a complete list knows."""
        return [(group, self._share(group)) for group in self.groups]

    def _share(self, group: Group) -> float:
        """Return the share of children like these that a complete list knows."""
        early, band = self._kind(group)
        shares = self._usual_shares
        return shares.get((early, band), shares.get((not early, band), self._share_of_today))

    @cached_property
    def _share_of_today(self) -> float:
        """The share of all those there today that the other list knows."""
        today = [group for group in self.groups if group.long and group.today]
        known = sum(group.number for group in today if group.seen)
        return known / sum(group.number for group in today) if today else 0.0

    def loses(self, month: Month, tolerance: float = _TOLERANCE) -> bool:
        """Tell whether a list of today's has lost too many of those there at a month's end."""
        lost = (each for each, share in self._lost_shares.items() if share > tolerance)
        last = next(lost, None)
        return last is not None and month_number(month) <= last


@dataclass(frozen=True)
class ComparedList:
    """What is known of a list that is compared: its first day, the day it reaches, its columns."""

    dataset: Dataset
    first: date
    last: date
    columns: frozenset[str]


@dataclass(frozen=True)
class MissingOnDay:
    """The children there on a day, and how many of them have no record in another list then.

    Of those `lost` have one later, or are there no more.
    """

    every: int
    missing: int
    lost: int


class ListCompleteness:
    """The lists of one authority, compared with one another when a measure needs it."""

    def __init__(
        self,
        lists: Mapping[str, ComparedList],
        prepared: Iterable[Prepared],
        engine: Engine,
        reporting_month: Month,
    ) -> None:
        self._lists = lists
        self._engine = engine
        self._month = reporting_month
        #: By the list of spells and the list that is asked about their children.
        self._pairs: dict[tuple[str, str], Pair] = {}
        self._counts: dict[str, tuple[int, int]] = {}
        self._current: dict[tuple[str, str], Mapping[int, MissingOnDay]] = {}
        self._knowing_others: dict[tuple[str, tuple[str, ...]], bool] = {}
        self.spells: dict[str, Open] = {}
        self._asked_by: dict[str, dict[str, None]] = {}
        for one in prepared:
            clock, name = one.measure.clock, one.measure.dataset
            if isinstance(clock, Open):
                self.spells.setdefault(name, clock)
                for looked_into in asked_lists(one):
                    self._asked_by.setdefault(looked_into, {})[name] = None

    def spells_of(self, name: str) -> Open | None:
        """Return when records of a list begin and end, if they do not happen on a single day."""
        compared = self._lists.get(name)
        in_order = compared.dataset.in_order if compared else ()
        return self.spells.get(name) or (Open(*in_order[0]) if in_order else None)

    def queries(self) -> Sequence[str]:
        """Return the queries of all that measures will need to know of lists, for `take`.

        Lists that are compared with the same one are compared with it by one query.
        """
        pairs = [self._query(asking, name) for name, asking in self._asking.items()]
        return [*pairs, _numbers_query(self._events)] if self._events else pairs

    def take(self, answers: Iterator[Iterable[Sequence[Any]]]) -> None:
        """Take the rows that answer the `queries`."""
        for name, asking in self._asking.items():
            self._take(asking, name, next(answers))
        if self._events:
            self._take_numbers(next(answers))

    @cached_property
    def _asking(self) -> Mapping[str, Sequence[str]]:
        """The lists of spells that can be compared with each list that is looked into."""
        asking = {name: self._comparable(by, name) for name, by in self._asked_by.items()}
        return {name: by for name, by in asking.items() if by}

    @property
    def _events(self) -> Sequence[str]:
        """The lists of what happens to children, rather than of spells."""
        return [name for name in self._lists
                if name not in self.spells and self._has_children(name)]  # fmt: skip

    def pair(self, asked: str, looked_into: str) -> Pair | None:
        """Compare a list of spells with another one; None where they cannot be compared."""
        key = asked, looked_into
        if key not in self._pairs:
            if not self._comparable([asked], looked_into):
                return None
            self._take([asked], looked_into, self._engine.rows(self._query([asked], looked_into)))
        return self._pairs[key]

    def _take(self, asking: Sequence[str], looked_into: str, rows: Iterable[Sequence[Any]]) -> None:
        first = Month.of(self._lists[looked_into].first)
        groups: dict[str, list[Group]] = {asked: [] for asked in asking}
        for asked, *group in rows:
            groups[asked].append(Group(*group))
        for asked, own in groups.items():
            self._pairs[asked, looked_into] = Pair(own, self._month, first)

    def _comparable(self, asking: Iterable[str], looked_into: str) -> Sequence[str]:
        """Return the lists of spells among these that can be compared with another list."""
        other = self._lists.get(looked_into)
        if other is None or CHILD not in other.dataset.columns or not _day_columns(other):
            return []
        return [
            asked
            for asked in asking
            if asked in self.spells and asked != looked_into and self._has_children(asked)
        ]

    def _query(self, asking: Sequence[str], looked_into: str) -> str:
        spells = {name: spell for name, spell in self.spells.items() if self._has_children(name)}
        asked = [self._lists[name] for name in asking]
        return _pairs_query(asked, self._lists[looked_into], spells, self._month)

    def has_lost(
        self, asked: str, looked_into: str, month: Month, tolerance: float = _TOLERANCE
    ) -> bool:
        """Tell whether another list has lost too many of the children of a month's end.

        Where other lists of a delivery are of today's children, this one must show that it is not.
        """
        pair = self.pair(asked, looked_into)
        if pair is None or not pair.loses(month, tolerance):
            return False
        if pair.is_of_today or pair.knows_who_left:
            return pair.is_of_today
        return len(self._lists_of_today - {looked_into}) >= _BESIDE

    @cached_property
    def _lists_of_today(self) -> frozenset[str]:
        """The lists that are of today's children by what they hold themselves."""
        return frozenset(
            name
            for name, by in self._asked_by.items()
            if any(pair.is_of_today for asked in by if (pair := self.pair(asked, name)))
        )

    def lacks_current(
        self, asked: str, looked_into: str, month: Month, tolerance: float, *, is_number: bool,
        present_only: bool = False,
    ) -> bool:  # fmt: skip
        """Tell whether too many children of a month's end have no record there on that day.

        Only of a list in which nearly every child has one on some day, as of placements: it may
        hold the present ones only. A number may lack one child beside those whom chance explains,
        going by how many have none today; in a list that holds the `present_only` it may lack none
        of those who have one later or are there no more.
        """
        if (asked, looked_into) not in self._current:
            self._current[asked, looked_into] = self._missing_on_days(asked, looked_into)
        days = self._current[asked, looked_into]
        shares = {number: 1 - day.missing / day.every for number, day in days.items()}
        if max(shares.values(), default=0.0) < _NEARLY_EVERY or month_number(month) not in days:
            return False
        day = days[month_number(month)]
        if day.missing > tolerance * day.every:
            return True
        if is_number and present_only:
            return day.lost > 0
        usual = (1 - shares.get(_TODAY, 1.0)) * day.every
        return is_number and day.missing > 1 + usual + 2 * sqrt(usual)

    def unknown_by_latest(
        self, prepared: Prepared, asked: Dataset, latest: Dataset, day: str, month: Month
    ) -> tuple[int, int, int]:
        """Count the children of whom a list of each child's latest record does not tell a month.

        Returned are those whose record is later, those who have none, and all who are asked about.
        """
        if CHILD not in asked.columns or CHILD not in latest.columns or not day:
            return 1, 0, 0
        query = latest_records_query(prepared, asked, latest, day, month)
        ((later, absent, number),) = self._engine.rows(query)
        return later, absent, number

    def _missing_on_days(self, asked: str, looked_into: str) -> Mapping[int, MissingOnDay]:
        """Return how many children lack a record on each month's end and today."""
        one, clock = self._lists.get(asked), self.spells.get(asked)
        other, spells = self._lists.get(looked_into), self.spells_of(looked_into)
        if not one or not clock or not other or not spells or not self.pair(asked, looked_into):
            return {}
        months = (self._month.plus(-back) for back in range(_MONTHS))
        days = {month_number(month): month.last_day for month in months}
        days[_TODAY], days[_LATEST] = min(one.last, other.last), max(one.last, other.last)
        query = _current_query(days, one.dataset.name, clock, looked_into, spells)
        return {number: MissingOnDay(*counts) for number, *counts in self._engine.rows(query)}

    def loses(self, name: str, month: Month) -> str:
        """Return the list of spells of which a list of events has lost children, or nothing.

        What happens once for most children tells nothing of who is missing, unless other lists of
        the delivery are of today's children.
        """
        suspected = len(self._lists_of_today - {name}) >= _BESIDE
        if name in self.spells or not (suspected or self._repeats(name)):
            return ""
        for asked in self._asked_by.get(name) or self.spells:
            pair = self.pair(asked, name)
            if pair is None or not pair.is_of_today:
                continue
            about_all = pair.is_about_all or (suspected and pair.is_about_most)
            if about_all and pair.loses(month):
                return asked
        return ""

    def knows_others(self, name: str, lists: Sequence[str]) -> bool:
        """Tell whether a list knows children who are in none of these; True if that is not told."""
        known = [one for one in lists if self._has_children(one)]
        if not known or not self._has_children(name):
            return True
        key = (name, tuple(known))
        if key not in self._knowing_others:
            there = " UNION ALL ".join(f'SELECT "{CHILD}" FROM "{one}"' for one in known)
            query = f"""
                SELECT COUNT(*) FROM "{name}" AS events
                WHERE NOT EXISTS (
                    SELECT 1 FROM ({there}) AS spells WHERE spells."{CHILD}" = events."{CHILD}"
                )
                """
            ((others,),) = self._engine.rows(query)
            self._knowing_others[key] = bool(others)
        return self._knowing_others[key]

    def _has_children(self, name: str) -> bool:
        compared = self._lists.get(name)
        return compared is not None and CHILD in compared.dataset.columns

    def is_latest_only(self, name: str) -> bool:
        """Tell whether a list that others look into holds one record of each child only."""
        compared = self._lists.get(name)
        if compared is None or name not in self._asked_by or compared.dataset.in_order:
            return False
        records, children = self._numbers(name)
        long = (compared.last - compared.first).days >= _DAYS
        return long and records >= _RECORDS and records == children

    def _repeats(self, name: str) -> bool:
        records, children = self._numbers(name)
        return records >= _REPEATED * children > 0

    def _numbers(self, name: str) -> tuple[int, int]:
        """Return how many records a list has, and of how many children."""
        if name not in self._counts and self._has_children(name):
            self._take_numbers(self._engine.rows(_numbers_query([name])))
        return self._counts.get(name, (0, 0))

    def _take_numbers(self, rows: Iterable[Sequence[Any]]) -> None:
        self._counts |= {name: (records, children) for name, records, children in rows}


def asked_lists(prepared: Prepared) -> Iterator[str]:
    """Yield the other lists that a measure asks about its children, but for what it leaves out."""
    for key, expression in prepared.expressions.items():
        if not key.startswith(EXCLUDE):
            yield from sorted(expression.lookups - {prepared.measure.dataset})


def _numbers_query(lists: Iterable[str]) -> str:
    """Count the records and the children of lists, by their names."""
    return " UNION ALL ".join(
        f'SELECT \'{name}\', COUNT(*), COUNT(DISTINCT "{CHILD}") FROM "{name}"' for name in lists
    )


def _pairs_query(
    asking: Sequence[ComparedList],
    other: ComparedList,
    spells: Mapping[str, Open],
    reporting_month: Month,
) -> str:
    """Count the spells of lists by their months and by whether another list knows the child.

    Its rows are the name of a list and what makes a `Group` of it. `spells` are all lists of spells
    in which children may be today. Months so long ago that nobody asks are one.
    """
    first, last = _day_columns(other)
    until = f"COALESCE(\"{last}\", DATE '9999-12-31')" if first != last else f'"{last}"'
    begin = max(other.first, date(1900, 1, 1))
    long_ago = month_number(reporting_month) - _MONTHS
    before_all = min(long_ago, month_number(Month.of(other.first))) - 1
    own = (_spells_query(one, spells[one.dataset.name]) for one in asking)
    now = (_open_query(one, one.dataset.name, spells[one.dataset.name]) for one in asking)
    anywhere = (_open_query(one, name, clock) for one in asking for name, clock in spells.items())
    return f"""
        WITH known AS (
            SELECT "{CHILD}" AS child, MIN("{first}") AS first, MAX({until}) AS last
            FROM "{other.dataset.name}" WHERE "{first}" IS NOT NULL GROUP BY "{CHILD}"
        ),
        spells AS ({" UNION ALL ".join(own)}),
        now AS (SELECT DISTINCT asked, child FROM ({" UNION ALL ".join(now)}) AS open),
        anywhere AS (SELECT DISTINCT asked, child FROM ({" UNION ALL ".join(anywhere)}) AS open),
        judged AS (
            SELECT spells.asked AS asked,
                GREATEST(start_month, {before_all}) AS start_month,
                CASE WHEN ended IS NOT NULL THEN GREATEST(end_month, {long_ago}) END AS end_month,
                until - GREATEST(start, DATE '{begin}') >= {_LONG} AS long,
                now.child IS NOT NULL AS today,
                known.child IS NOT NULL AND known.last >= start
                    AND known.first <= COALESCE(ended, DATE '9999-12-31') AS seen,
                known.child IS NOT NULL AS ever,
                CASE WHEN born IS NULL THEN 0 WHEN until - born < {_SCHOOL_AGE} THEN 1
                    WHEN until - born < {_YOUNG_PEOPLE} THEN 2 ELSE 3 END AS age_band,
                anywhere.child IS NOT NULL AS elsewhere
            FROM spells LEFT JOIN known ON known.child = spells.child
            LEFT JOIN now ON now.child = spells.child AND now.asked = spells.asked
            LEFT JOIN anywhere ON anywhere.child = spells.child AND anywhere.asked = spells.asked
        )
        SELECT asked, start_month, end_month, long, today, seen, ever, age_band,
            COUNT(*) AS number, elsewhere
        FROM judged
        GROUP BY asked, start_month, end_month, long, today, seen, ever, age_band, elsewhere
        """


def _spells_query(asked: ComparedList, clock: Open) -> str:
    """Return the query of a list's spells that have begun; an end that is planned has not come."""
    born = f'"{_BIRTH}"' if _BIRTH in asked.dataset.columns else "CAST(NULL AS DATE)"
    return f"""
        SELECT '{asked.dataset.name}' AS asked, child, start, ended, born,
            COALESCE(ended, DATE '{asked.last}') AS until,
            EXTRACT(YEAR FROM start) * 12 + EXTRACT(MONTH FROM start) AS start_month,
            EXTRACT(YEAR FROM ended) * 12 + EXTRACT(MONTH FROM ended) AS end_month
        FROM (
            SELECT "{CHILD}" AS child, "{clock.start}" AS start, {born} AS born,
                CASE WHEN "{clock.end}" <= DATE '{asked.last}' THEN "{clock.end}" END AS ended
            FROM "{asked.dataset.name}" WHERE "{clock.start}" <= DATE '{asked.last}'
        ) AS begun
        """


def _open_query(asked: ComparedList, name: str, clock: Open) -> str:
    """Return the query of the children in a list of spells on the last day of the list asked."""
    return f"""
        SELECT '{asked.dataset.name}' AS asked, "{CHILD}" AS child FROM "{name}"
        WHERE "{clock.start}" <= DATE '{asked.last}'
            AND ("{clock.end}" IS NULL OR "{clock.end}" > DATE '{asked.last}')
        """


def _current_query(
    days: Mapping[int, date], asked: str, clock: Open, looked_into: str, spells: Open
) -> str:
    """Count the children there on each day, those without a record in another list, the lost."""
    ends = ", ".join(f"({number}, DATE '{day}')" for number, day in days.items())

    def there(name: str, spell: Open) -> str:
        return (
            f'SELECT DISTINCT month, "{CHILD}" AS child FROM ends JOIN "{name}" '
            f'ON "{spell.start}" <= day AND ("{spell.end}" IS NULL OR "{spell.end}" > day)'
        )

    return f"""
        WITH ends AS (SELECT * FROM (VALUES {ends}) AS each_month (month, day)),
        asked AS ({there(asked, clock)}), known AS ({there(looked_into, spells)}),
        missing AS (
            SELECT month, child FROM asked WHERE NOT EXISTS (
                SELECT 1 FROM known WHERE known.month = asked.month AND known.child = asked.child
            )
        ),
        still AS (SELECT child FROM missing WHERE month = {_LATEST})
        SELECT asked.month, COUNT(*) AS number, COUNT(missing.child) AS missing,
            COUNT(missing.child) FILTER (WHERE still.child IS NULL) AS lost
        FROM asked
        LEFT JOIN missing ON missing.month = asked.month AND missing.child = asked.child
        LEFT JOIN still ON still.child = missing.child
        GROUP BY asked.month
        """


def _day_columns(compared: ComparedList) -> Sequence[str]:
    """Return the columns of the first and the last day of what a record is about, or none."""
    dataset = compared.dataset
    there = [name for name in dataset.event_dates if name in compared.columns]
    if dataset.in_order:
        return dataset.in_order[0] if dataset.in_order[0][0] in there else ()
    days = [name for name in there if name in dataset.required] or there
    return (days[0], days[0]) if days else ()


def month_number(month: Month) -> int:
    """Return the number by which a month is counted here."""
    return month.year * 12 + month.number
