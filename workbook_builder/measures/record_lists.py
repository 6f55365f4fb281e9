"""The records behind a figure: which of them count, which do not, and why.

The records come from the tree that counts the figure, without its grouping, and what is worked out
beside each of them is what the figure adds up. So the records that count are the figure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlglot import exp

from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import (
    Average,
    Children,
    ChildrenInAny,
    ChildrenPercentage,
    Clocked,
    During,
    Open,
    Percentage,
)
from workbook_builder.extracts.model import Sheet
from workbook_builder.measures.compute import Task
from workbook_builder.measures.expressions import RECORD
from workbook_builder.measures.listed_records import (
    NOT_TOLD,
    NOTHING_ADDED,
    Counts,
    ListedRecord,
    ListSource,
    ListValue,
    RecordList,
    Tally,
    each_child_once,
)
from workbook_builder.measures.query import Prepared, records_query
from workbook_builder.measures.time_limits import TimeLimit, Timing, conjuncts, time_limit
from workbook_builder.months import Month
from workbook_builder.problems import listed
from workbook_builder.store.engine import Engine, Rows, retry_by_month

_ALLOCATIONS, _WORKER = "social_worker_allocations", "worker_id"
#: What one record is, in the words of a dataset: "a visit to one child".
_RECORD_OF_ONE = re.compile(r"an? (.+?) (?:of|to|about|for) one\b")
#: A record of the child, up to a day: two conditions that ask nothing more.
_PLAIN = 2
_ORIGIN = ("_sheet", "_row")


def listed_measures(name: str, definitions: Definitions) -> tuple[str, ...]:
    """Return the measures whose records are behind a measure; none if its figures come finished."""
    measure = definitions.measures[name]
    if isinstance(measure, Clocked | ChildrenInAny):
        return (name,)
    parts = (part for own in measure.parts for part in listed_measures(own, definitions))
    return tuple(dict.fromkeys(parts))


def record_lists(
    name: str, months: Sequence[Month], task: Task, engine: Engine, source: ListSource
) -> Mapping[Month, RecordList]:
    """Return the records behind the figures of a measure that counts records, by month.

    Raises Exhausted.
    """
    measure = task.definitions.measures[name]
    if isinstance(measure, ChildrenInAny):
        return _children_in_any(measure, months, task, engine, source)
    assert isinstance(measure, Clocked)  # the others are worked out from these
    reader = _Reader(task.coverage.countable(task.prepared[name]), task, source)
    rows = _by_month(reader.query, months, engine)
    return {month: reader.list_of(month, rows.get(str(month), [])) for month in months}


def _children_in_any(
    measure: ChildrenInAny,
    months: Sequence[Month],
    task: Task,
    engine: Engine,
    source: ListSource,
) -> Mapping[Month, RecordList]:
    """Put together the records of several measures of children; each child counts once."""
    records: defaultdict[Month, list[ListedRecord]] = defaultdict(list)
    child_heading = ""
    for part in measure.parts:
        reader = _Reader(task.prepared[part], task, source)
        child_heading = child_heading or reader.child_heading
        rows = _by_month(reader.query, months, engine)
        for month in months:
            found = rows.get(str(month), [])
            records[month] += (
                replace(record, values=reader.clock_days(row), within=reader.measure.title,
                        timing=Timing(), last_event=None)
                for record, row in zip(reader.records(month, found), found, strict=True)
            )  # fmt: skip
    return {
        month: RecordList(
            measure.name, month, each_child_once(records[month]), ("Start", "End"), child_heading,
            has_teams=measure.teams or any(record.team for record in records[month]),
        )
        for month in months
    }  # fmt: skip


def _by_month(query: exp.Select, months: Sequence[Month], engine: Engine) -> Mapping[str, Rows]:
    engine.set_months(months)
    by_month: defaultdict[str, Rows] = defaultdict(list)
    for row in retry_by_month(lambda: engine.rows(query), engine.set_months, months):
        by_month[row[0]].append(row)
    return by_month


def workers_of(
    months: Iterable[Month], definitions: Definitions, engine: Engine
) -> Mapping[Month, Mapping[str, str]]:
    """Return the worker of each child at each month's end, the latest of several.

    They are identifiers; nobody is named. Raises Exhausted.
    """
    dataset = definitions.datasets.get(_ALLOCATIONS)
    if dataset is None or _WORKER not in dataset.worklist:
        return {}
    names = ("child_id", _WORKER, "allocation_start_date", "allocation_end_date")
    query = exp.select(*(exp.column(name) for name in names)).from_(_ALLOCATIONS)
    begun = (row for row in engine.rows(query) if row[2] is not None)
    allocations = sorted(begun, key=lambda row: (row[2], row[1]))
    workers: dict[Month, Mapping[str, str]] = {}
    for month in months:
        day = month.last_day
        workers[month] = {
            child: worker
            for child, worker, start, end in allocations
            if start <= day and (end is None or end > day)
        }
    return workers


def _due_heading(limit: TimeLimit) -> str:
    if limit.beyond:
        return "Reaches the limit"
    return "Next due" if limit.event and limit.ends_with_month else "Due"


@dataclass(frozen=True)
class _Condition:
    """One part of a measure's condition, and what is said of a record that does not meet it.

    What is said of a time limit depends on the record; `unmet` is for one that has no day in it.
    """

    tree: exp.Expr
    unmet: str
    is_limit: bool = False


class _Reader:
    """Asks for the records of one measure and reads what comes back."""

    def __init__(self, prepared: Prepared, task: Task, source: ListSource) -> None:
        self.prepared, self.measure, self.source = prepared, prepared.measure, source
        self.definitions = task.definitions
        self.dataset = task.definitions.datasets[self.measure.dataset]
        where = prepared.tree("where")
        self.limit = self._shown_limit(time_limit(where)) if where else None
        self.conditions = self._conditions_of(where) if where else []
        self.columns = self._columns()
        self.asked = [
            column for dataset, column in sorted(prepared.asked) if dataset == self.dataset.name
        ]
        self.query = records_query(
            prepared, self.dataset, task.coverage.reporting_month, list(self._beside())
        )
        self.places = {name: at for at, name in enumerate(self.query.named_selects)}

    @property
    def child_column(self) -> str:
        """The column that says of whom a record is, as far as lists may show it; or nothing."""
        child = str(getattr(self.measure, "child", "child_id"))
        shown = [name for name in self.dataset.worklist if self.dataset.columns[name].type == "id"]
        return child if child in shown else next(iter(shown), "")

    @property
    def child_heading(self) -> str:
        """What the extracts call that column."""
        return self.source.heading(self.dataset, self.child_column) if self.child_column else ""

    def _shown_limit(self, limit: TimeLimit | None) -> TimeLimit | None:
        """Return a time limit, unless lists may not show the days that it is about.

        Its due day would tell them: thirty days after a birth tell the day of the birth.
        """
        if limit is None:
            return None
        used = {(self.dataset.name, column.name)
                for tree in (limit.first, limit.until) for column in tree.find_all(exp.Column)
                if column.table == RECORD}  # fmt: skip
        if limit.event:
            used.add(limit.event)
        datasets = self.definitions.datasets
        hidden = [name for dataset, name in used if name not in datasets[dataset].worklist]
        return None if hidden else limit

    def _columns(self) -> tuple[str, ...]:
        """Return the columns to show: other identifiers, and those that decide."""
        deciding = self.prepared.deciding.get(self.dataset.name, frozenset())
        known = [
            name
            for name in self.dataset.worklist
            if name not in (self.child_column, self.dataset.team)
            and self.source.has(self.dataset, name)
        ]
        # A return without identifiers tells its records apart by a day that stands there anyhow.
        headings = {self.source.heading(self.dataset, name) for name in known if name in deciding}
        return tuple(
            name
            for name in known
            if name in deciding
            or (
                self.dataset.columns[name].type == "id"
                and self.source.heading(self.dataset, name) not in headings
            )
        )

    def _beside(self) -> Iterator[exp.Expr]:
        """Yield what is asked of each record beside its team and what the measure asks."""
        for name in _ORIGIN:
            yield exp.alias_(exp.column(name, table=RECORD), f"at{name}")
        if self.child_column:
            yield exp.alias_(exp.column(self.child_column, table=RECORD), "shown_child")
        for name in self.columns:
            yield exp.alias_(exp.column(name, table=RECORD), f"shown_{name}")
        clock = self.measure.clock
        days = {"start": clock.start, "end": clock.end} if isinstance(clock, Open) else {}
        if isinstance(clock, During):
            days = {"start": clock.column}
        for role, name in days.items():
            if name in self.dataset.worklist:
                yield exp.alias_(exp.column(name, table=RECORD), f"clock_{role}")
        for name in self.asked:
            yield exp.alias_(exp.column(name, table=RECORD).is_(exp.null()), f"blank_{name}")
        if self.dataset.start_known in self.asked:
            known = exp.column(self.dataset.start_known, table=RECORD)
            yield exp.alias_(known.eq(exp.false()), "began_earlier")
        for number, condition in enumerate(self.conditions):
            yield exp.alias_(exp.paren(condition.tree.copy()), f"part_{number}")
        if self.limit:
            days_of = (self.limit.first, self.limit.until, self.limit.earliest)
            for role, tree in zip(("first", "until", "earliest"), days_of, strict=True):
                if tree is not None:
                    yield exp.alias_(tree.copy(), f"limit_{role}")

    def list_of(self, month: Month, rows: Rows) -> RecordList:
        """Return the list of one month."""
        records = self.records(month, rows)
        limit = self.limit
        event = limit.event if limit else None
        return RecordList(
            self.measure.name,
            month,
            each_child_once(records) if self._counts_children else tuple(records),
            tuple(self.source.heading(self.dataset, name) for name in self.columns),
            self.child_heading,
            last_event=self._event_heading(*event) if event else "",
            time_unit=limit.counted_in if limit else "",
            due=_due_heading(limit) if limit else "",
            has_denominator=isinstance(self.measure, Percentage | ChildrenPercentage | Average),
            has_teams=bool(self.dataset.team),
        )

    @property
    def _counts_children(self) -> bool:
        return isinstance(self.measure, Children | ChildrenPercentage)

    def _event_heading(self, dataset: str, column: str) -> str:
        return f"Latest {self.source.heading(self.definitions.datasets[dataset], column)}"

    def records(self, month: Month, rows: Rows) -> list[ListedRecord]:
        """Read the rows of a month as records, each by itself."""
        workers = self.source.workers.get(month, {})
        return [self._record(row, workers) for row in rows]

    def clock_days(self, row: Sequence[object]) -> tuple[ListValue, ListValue]:
        """Return the days by which a record is of its month: its start and its end."""
        return self._value(row, "clock_start"), self._value(row, "clock_end")

    def _value(self, row: Sequence[object], name: str) -> ListValue:
        value = row[self.places[name]] if name in self.places else None
        assert value is None or isinstance(value, str | float | int | bool | date)
        return value

    def _record(self, row: Sequence[object], workers: Mapping[str, str]) -> ListedRecord:
        sheet = self.source.of(int(str(row[self.places["at_sheet"]])))
        number = int(str(row[self.places["at_row"]]))
        counts, tally = self._judged(row)
        shown = str(self._value(row, "shown_child") or "")
        child = str(self._value(row, "child") or "") if "child" in self.places else shown
        timing, last = self._timing(row, counts)
        in_doubt = self._is_in_doubt(row, counts)
        unknown = self._unknown(row) if in_doubt else ()
        if in_doubt:
            why = self._blanks(row, unknown, sheet, number)
            why = f"Counted, although {why}" if counts is Counts.YES else why
        else:
            why = "" if counts is Counts.YES else self._why(row, timing)
        return ListedRecord(
            team=str(self._value(row, "team") or ""),
            child=child,
            shown_child=shown,
            counts=counts,
            why=why,
            values=tuple(self._value(row, f"shown_{name}") for name in self.columns),
            timing=timing,
            last_event=last,
            worker=workers.get(child, ""),
            file=sheet.file,
            sheet=sheet.sheet,
            row=number,
            in_team=tally,
            in_service=tally,
            unknown=unknown,
        )

    def _judged(self, row: Sequence[object]) -> tuple[Counts, Tally]:
        """Tell whether a record counts, and what it adds to numerator and denominator.

        It is what `group_query` adds up.
        """
        among = self._value(row, "among") if "among" in self.places else True
        where = self._value(row, "where") if "where" in self.places else True
        measure, judged = self.measure, (Counts.YES, Tally(1, 0))
        if "child" in self.places and self._value(row, "child") is None:
            judged = Counts.NO, NOTHING_ADDED
        elif among is None:
            judged = Counts.NOT_JUDGED, NOTHING_ADDED
        elif isinstance(measure, Percentage | ChildrenPercentage):
            stays = measure.unknown == "no" or not self.prepared.is_doubtful("where")
            if where is None:
                judged = Counts.NOT_JUDGED, Tally(0, int(stays))
            else:
                judged = (Counts.YES, Tally(1, 1)) if where else (Counts.NO, Tally(0, 1))
        elif where is None:
            judged = Counts.NOT_JUDGED, NOTHING_ADDED
        elif isinstance(measure, Average):
            value = self._value(row, "value")
            if isinstance(value, float | int):
                judged = Counts.YES, Tally(value, 1)
            else:
                judged = Counts.NO, NOTHING_ADDED
        return judged

    def _timing(self, row: Sequence[object], counts: Counts) -> tuple[Timing, date | None]:
        """Return how a record lies against the time limit, and the day of the latest event."""
        if self.limit is None:
            return Timing(), None
        first, until, earliest = (
            value if isinstance(value := self._value(row, f"limit_{role}"), date) else None
            for role in ("first", "until", "earliest")
        )
        timing = self.limit.timing(first, until, earliest)
        late = timing.over is not None and timing.over > 0
        if late and counts is Counts.YES and not self.limit.beyond:
            timing = Timing()  # it counts for another reason
        return timing, first if self.limit.event else None

    def _conditions_of(self, where: exp.Expr) -> list[_Condition]:
        """Return the parts of the measure's condition with what to say where they fail."""
        conditions: list[_Condition] = []
        for part in conjuncts(where):
            limit = self.limit if time_limit(part) else None
            unmet = self._lacking(part, limit) if limit else self._unmet(part)
            conditions.append(_Condition(part, unmet, bool(limit)))
        return conditions

    def _lacking(self, part: exp.Expr, limit: TimeLimit) -> str:
        """Say that a record has none of the days that a time limit is about."""
        if limit.event is None:
            headings = self._headings(part)
            return f"{headings} {'are' if ', ' in headings else 'is'} blank"
        dataset = self.definitions.datasets[limit.event[0]]
        named = _RECORD_OF_ONE.match(dataset.record)
        looked_up = next(iter(limit.first.find_all(exp.Select)), None)
        asks_more = looked_up is not None and len(conjuncts(looked_up.args["where"].this)) > _PLAIN
        thing = f"No {named[1]}" if named else f"No record in {dataset.title}"
        return f"{thing} {'that counts ' if asks_more else ''}recorded by then"

    def _unmet(self, part: exp.Expr) -> str:
        """Say that a record does not meet a part of the condition."""
        negated = part.this.unnest() if isinstance(part, exp.Not) else part
        if isinstance(negated, exp.Is) and negated is not part:
            return f"{self._headings(part)} is blank"
        if isinstance(negated, exp.Column):
            return f"{self._headings(part)}: {'no' if negated is part else 'yes'}"
        return f"Outside the definition: see {self._headings(part)}"

    def _headings(self, part: exp.Expr) -> str:
        """Name the columns of the record that a condition asks about, and other lists."""
        names = {
            self.source.heading(self.dataset, column.name)
            for column in part.find_all(exp.Column)
            if column.table == RECORD and not column.find_ancestor(exp.Select)
        }
        tables = (table.name for table in part.find_all(exp.Table))
        names |= {self.definitions.datasets[name].title for name in tables}
        return listed(names)

    def _is_in_doubt(self, row: Sequence[object], counts: Counts) -> bool:
        """Tell whether something is not known without which a record cannot be judged."""
        if counts is Counts.NO:
            return isinstance(self.measure, Average)
        unsure = "unsure" in self.places and bool(self._value(row, "unsure"))
        return counts is Counts.NOT_JUDGED or unsure

    def _unknown(self, row: Sequence[object]) -> tuple[str, ...]:
        """Return the headings of the blank cells without which a record cannot be judged."""
        return tuple(
            self.source.heading(self.dataset, name)
            for name in self.asked
            if name != self.dataset.start_known
            and self._value(row, f"blank_{name}")
            and self.source.has(self.dataset, name)
        )

    def _why(self, row: Sequence[object], timing: Timing) -> str:
        """Say why a record that can be judged does not count."""
        unmet = (
            condition
            for at, condition in enumerate(self.conditions)
            if self._value(row, f"part_{at}") is False
        )
        if condition := next(unmet, None):
            return self._overrun(condition, timing) if condition.is_limit else condition.unmet
        return f"{self.child_heading or 'The child'} is blank"

    def _overrun(self, condition: _Condition, timing: Timing) -> str:
        """Say how a record lies outside a time limit."""
        limit, over = self.limit, timing.over
        if limit is None or over is None:
            return condition.unmet
        if limit.beyond:
            return "Not over the limit"
        if over > 0:
            unit = limit.counted_in if over != 1 else limit.counted_in.removesuffix("s")
            return f"Outside the time by {over:,} {unit}"
        # The time must not be below zero either.
        return "The end is before the start"

    def _blanks(
        self, row: Sequence[object], unknown: Sequence[str], sheet: Sheet, number: int
    ) -> str:
        """Name the cells without which a record cannot be judged, and whether they are blank."""
        texts: list[str] = []
        for heading in unknown:
            cell = (sheet.file, sheet.sheet, number, heading)
            fault = "cannot be read" if cell in self.source.unreadable else "is blank"
            texts.append(f"{heading} {fault}")
        if self._value(row, "began_earlier"):
            start = self.source.heading(self.dataset, self.dataset.start_column)
            texts.append(f"{start} may be earlier than the extracts show")
        others = {
            f"{self.source.heading(self.definitions.datasets[name], column)} of a record in "
            f"{self.definitions.datasets[name].title}"
            for name, column in self.prepared.asked
            if name != self.dataset.name
            and self.source.has(self.definitions.datasets[name], column)
        }
        if texts or not others:
            return "; ".join(texts) or NOT_TOLD
        return f"{listed(others)} is blank or cannot be read"
