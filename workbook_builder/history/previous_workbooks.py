"""What a run recalls: which inputs are earlier workbooks, and what they know for this month."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.commentary import Comment, Commentary, Remembered, together
from workbook_builder.definitions.layouts import Layout, RevisionRule
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.extracts.inputs import find_files
from workbook_builder.extracts.model import Sheet
from workbook_builder.figures import Action, FigureKey, Memory, Published, Recalculation, Revision
from workbook_builder.history.previous_workbook import Past, chosen, is_past, read_past
from workbook_builder.history.reconcile import Reconciled, reconcile
from workbook_builder.history.user_overrides import EffectiveDefinitions, effective_definitions
from workbook_builder.indicators.benchmarks import BenchmarkValues
from workbook_builder.measures.compute import Computed, Task
from workbook_builder.months import Month
from workbook_builder.names import distinct_names
from workbook_builder.paths import same_place
from workbook_builder.problem_catalogue import NOT_RECALCULATED
from workbook_builder.problems import Problem, Result, Where, counted, did_you_mean, listed

_FORMATS = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods"})


#: How what an earlier workbook was taken for begins.
PAST = "workbook of"


@dataclass(frozen=True)
class SortedInputs:
    """The inputs as they were sorted: extracts, and workbooks that the program wrote earlier.

    `named` is the one that was given as last month's by name.
    """

    extracts: tuple[Path, ...]
    pasts: tuple[Past, ...]
    named: Past | None = None

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """What each earlier workbook was recognised as."""
        named = (self.named,) if self.named else ()
        return tuple(sheet_of(past) for past in (*self.pasts, *named))


@dataclass(frozen=True)
class Recalled:
    """What is known of earlier months: last month's workbook, the one that is written anew.

    `past` is last month's, `existing` the workbook of the same month that stands where the new one
    goes; `memory` is what both know of figures.
    """

    past: Past | None = None
    existing: Past | None = None
    memory: Memory | None = None

    @property
    def pasts(self) -> tuple[Past, ...]:
        """The workbooks that are known, the one that is written anew last."""
        return tuple(one for one in (self.past, self.existing) if one)

    @property
    def kept(self) -> tuple[int, int]:
        """How many comments and typed figures come from the workbook that is written anew."""
        if self.existing is None:
            return 0, 0
        known = {*(self.past.commentary.now if self.past else ())}
        own = {one for one in self.existing.commentary.now if one not in known}
        before = self.past.memory.published if self.past else {}
        now = self.memory.published if self.memory else {}
        typed = sum(one.typed and one is not before.get(key) for key, one in now.items())
        return len({(one.measure, one.month) for one in own}), typed

    def commentary(
        self, given: Result[Commentary], layout: Layout, month: Month
    ) -> Result[Commentary]:
        """Put the commentary given now together with that of earlier months and of this one."""
        found = (one.commentary for one in self.pasts)
        commentary = together(given.value, [_up_to(month, one) for one in found])
        problems = (*given.problems, *words_without_row(commentary, layout, month))
        return Result(commentary, problems)

    def reconcile(
        self,
        computed: Computed,
        task: Task,
        recalculation: Recalculation | None,
        rule: RevisionRule,
    ) -> Result[Reconciled]:
        """Reconcile figures computed today with those published, and say what became of them."""
        reconciled = Reconciled(computed)
        if self.memory:
            reconciled = reconcile(computed, self.memory, task, recalculation, rule)
        return Result(
            reconciled,
            (
                *revision_problems(reconciled.revisions, self.past),
                *left_out_problems(reconciled.left_out, self.past),
            ),
        )

    def effective(
        self, definitions: Definitions, layout: Layout, benchmarks: BenchmarkValues
    ) -> Result[EffectiveDefinitions]:
        """Put targets and benchmarks kept in earlier workbooks in place of the layouts'."""
        effective = effective_definitions(definitions, layout, benchmarks, self.pasts)
        return Result(effective, effective.problems)


def sort_inputs(
    inputs: Sequence[Path],
    named: Path | None,
    measures: Mapping[str, Measure],
    on_file: Callable[[str], None],
) -> Result[SortedInputs]:
    """Tell earlier workbooks from extracts, by what is in them, and read them."""
    files = find_files(inputs)
    problems = list(files.problems)
    called = _called(files.value, named)
    extracts: list[Path] = []
    pasts: list[Past] = []
    for path in files.value:
        if path.suffix.lower() not in _FORMATS or not is_past(path):
            extracts.append(path)
        elif not named or same_place(path) != same_place(named):
            read = _read(path, called[path], measures, on_file)
            problems += read.problems
            pasts += [read.value] if read.value else []
    by_name = _read(named, called[named], measures, on_file) if named else Result(None)
    problems += by_name.problems
    return Result(SortedInputs(tuple(extracts), tuple(pasts), by_name.value), tuple(problems))


def _called(files: Iterable[Path], named: Path | None) -> Mapping[Path, str]:
    """Return what tells each file from others of its name, and from the one given by name."""
    if named is None:
        return distinct_names(files)
    return distinct_names(
        (named, *(path for path in files if same_place(path) != same_place(named)))
    )


def _read(
    path: Path, called: str, measures: Mapping[str, Measure], on_file: Callable[[str], None]
) -> Result[Past | None]:
    on_file(path.name)
    try:
        return read_past(path, path.read_bytes(), measures, called)
    except OSError:
        return Result(None, (_unread(path, called),))


def _unread(path: Path, called: str) -> Problem:
    there = path.exists()
    kind = catalogue.CANNOT_OPEN if there else catalogue.NOT_THERE
    what = "this is no file that can be opened." if there else "there is no such file."
    return Problem(kind, what, Where(called))


def recall(
    given: SortedInputs, existing: Past | None, layout: Layout, month: Month
) -> Result[Recalled]:
    """Choose last month's workbook, and put what it knows together with the existing one's."""
    others = [past for past in given.pasts if not existing or past.path != existing.path]
    if given.named:
        picked = chosen([given.named], layout, month)
        left = tuple(_left_out(past, given.named) for past in others)
    else:
        picked = chosen(others, layout, month)
        left = ()
    past = picked.value
    memory = _memory(past, existing, month)
    kept = () if past else tuple(_kept_published(existing, memory))
    return Result(Recalled(past, existing, memory), (*picked.problems, *left, *kept))


def _left_out(past: Past, named: Past) -> Problem:
    what = f"this is the workbook of {past.month.label}."
    done = f"It was left out, since {named.name} was given as last month's."
    return Problem(catalogue.NOT_THE_NEWEST, what, Where(past.name), done)


def _memory(past: Past | None, existing: Past | None, month: Month) -> Memory | None:
    """Add to last month's figures those that were typed into the workbook of this month.

    Without last month's workbook, what this month's carried on from it is not forgotten.
    """
    if existing is None:
        return past.memory if past else None
    memory = past.memory if past else _carried(existing.memory, month)
    typed = dict(_typed(existing.memory, memory, month))
    found = replace(memory, published={**memory.published, **typed})
    return found if found.published or past else None


def _carried(existing: Memory, month: Month) -> Memory:
    published = {key: one for key, one in existing.published.items() if one.carried}
    return Memory(month.plus(-1), published, listed=existing.listed)


def _kept_published(existing: Past | None, memory: Memory | None) -> Iterator[Problem]:
    carried = sum(one.carried for one in memory.published.values()) if memory else 0
    if existing and carried:
        what = f"no workbook of last month was given; this one holds {counted(carried, 'figure')}."
        done = "What it had carried on from last month's was kept."
        yield Problem(catalogue.KEPT_PUBLISHED, what, Where(existing.name), done)


def _typed(existing: Memory, memory: Memory, month: Month) -> Iterator[tuple[FigureKey, Published]]:
    for key, one in existing.published.items():
        before = memory.published.get(key)
        same = before is not None and before.amount.same(one.amount)
        if one.typed and key[1] <= month and not same:
            written = before.amount if before else one.written if one.newly_typed else None
            yield key, replace(one, written=written)


def _up_to(month: Month, remembered: Remembered) -> Remembered:
    now = tuple(comment for comment in remembered.now if comment.month <= month)
    return replace(remembered, now=now)


def revision_problems(revisions: Iterable[Revision], past: Past | None) -> Iterator[Problem]:
    """Yield one problem for each thing that became of published figures, with their number."""
    where = Where(past.name if past else "")
    found = list(revisions)
    for action, (kind, words, done) in _WORDS.items():
        number = sum(one.action is action and one.listed is None for one in found)
        if number:
            verb = "is" if number == 1 else "are"
            yield Problem(kind, f"{counted(number, 'figure')} {verb} {words}", where, done)


_WORDS = {
    Action.KEPT: (catalogue.REVISED, "not what today's extracts give.",
                  "The published figures were kept and marked."),
    Action.REPLACED: (catalogue.REPLACED, "not what was published.",
                      "Today's figures were taken and marked."),
    Action.TYPED: (catalogue.TYPED, "not what the program wrote.",
                   "The figures typed by hand were kept and marked."),
    Action.CLEARED: (catalogue.CLEARED, "no longer there.",
                     "They were filled with today's where the extracts give them."),
    Action.FILLED: (catalogue.FILLED, "of a month that was blank when it was published.",
                    "They were filled with today's."),
}  # fmt: skip


def left_out_problems(keys: Sequence[FigureKey], past: Past | None) -> Iterator[Problem]:
    """Yield the problem that figures of later months stay where they are."""
    if keys and past:
        months = listed({month.label for _, month, _ in keys})
        what = f"it holds {counted(len(keys), 'figure')} of later months: {months}."
        yield Problem(catalogue.LATER_FIGURES, what, Where(past.name), "They were left out.")


def words_without_row(
    commentary: Iterable[Comment], layout: Layout, month: Month
) -> Iterator[Problem]:
    """Yield a problem for each commentary of the month that no table row has a place for."""
    shown = set(layout.measures)
    for comment in commentary:
        if comment.month == month and comment.measure not in shown:
            what = f'the commentary on "{comment.measure}" has no row in this layout.'
            done = "It is kept on the Commentary sheet."
            yield Problem(catalogue.WORDS_WITHOUT_ROW, what, done=done)


def unknown_measures(
    recalculation: Recalculation, measures: Mapping[str, Measure]
) -> Iterator[Problem]:
    """Yield a problem for each measure that is to be recalculated and is not known."""
    for name in recalculation.measures:
        if name not in measures:
            hint = did_you_mean(name, measures)
            what = f'"{name}" is neither a measure nor a month. {hint}'.strip()
            yield Problem(NOT_RECALCULATED, what, done="Nothing was written.")


def sheet_of(past: Past) -> Sheet:
    """Return what an earlier workbook was taken for."""
    kept = counted(len(past.memory.published), "published figure")
    return Sheet(past.name, past.sheet, standard=f"{PAST} {past.month.label}, {kept}")
