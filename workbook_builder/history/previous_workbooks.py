"""Which inputs are earlier workbooks, which of them is last month's, and what they know.

The workbook given by name is last month's; among the others it is the newest that is not of a later
month. A workbook of the same month that stands where the new one goes is written anew: what a
person typed into it is not lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder import workbook_format
from workbook_builder.definitions.authorities import english_authorities
from workbook_builder.definitions.layouts import Layout, RevisionRule
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.extracts.inputs import find_files
from workbook_builder.extracts.model import Sheet
from workbook_builder.figures import (
    Action,
    Comment,
    Commentary,
    FigureKey,
    Memory,
    Recalculation,
    Revision,
    TypedText,
    merge_commentary,
    with_typed,
)
from workbook_builder.history.read_previous_workbook import (
    PreviousWorkbook,
    is_previous_deck,
    is_previous_workbook,
    read_previous_workbook,
)
from workbook_builder.history.reconcile_published_figures import Reconciled, reconcile
from workbook_builder.history.user_overrides import EffectiveDefinitions, effective_definitions
from workbook_builder.history.workbook_tables import holds_table
from workbook_builder.indicators.benchmarks import BenchmarkValues
from workbook_builder.measures.compute import Computed, Task
from workbook_builder.months import Month
from workbook_builder.names import distinct_names, same_name
from workbook_builder.paths import same_place
from workbook_builder.problems import Problem, Result, Where, counted, did_you_mean, listed
from workbook_builder.workbook_format import BACKUP_MARK, KEY_MESSAGES, WORKLISTS_TABLE

_FORMATS = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods"})

#: The name of a backup, also of a second one, without its ending.
_BACKUP = re.compile(rf".*{re.escape(BACKUP_MARK)}( \(\d+\))?", re.DOTALL)

#: How a deck is described among the inputs.
_SLIDES = "slides of an earlier month"
_NOT_OUR_DECK = "this program wrote none of its slides."

#: How the description of an earlier workbook among the inputs begins.
WORKBOOK_OF = "workbook of"


@dataclass(frozen=True)
class SortedInputs:
    """The inputs as they were sorted: extracts, and workbooks that the program wrote earlier.

    `named` is the one that was given as last month's by name; `decks` are slides that the program
    wrote.
    """

    extracts: tuple[Path, ...]
    previous_workbooks: tuple[PreviousWorkbook, ...]
    named: PreviousWorkbook | None = None
    decks: tuple[Path, ...] = ()

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """How each earlier workbook and deck is listed among the inputs."""
        named = (self.named,) if self.named else ()
        decks = (Sheet(path.name, "", standard=_SLIDES) for path in self.decks)
        return (*(sheet_of(each) for each in (*self.previous_workbooks, *named)), *decks)


@dataclass(frozen=True)
class History:
    """What is known of earlier months.

    `previous` is last month's workbook, `existing` the one of this month that is written anew;
    `memory` is what both know of figures.
    """

    previous: PreviousWorkbook | None = None
    existing: PreviousWorkbook | None = None
    memory: Memory | None = None

    @property
    def _workbooks(self) -> tuple[PreviousWorkbook, ...]:
        return tuple(each for each in (self.previous, self.existing) if each)

    @property
    def kept_counts(self) -> tuple[int, int]:
        """How many comments and typed figures come from the workbook that is written anew."""
        if self.existing is None:
            return 0, 0
        known = set(self.previous.commentary.now) if self.previous else set()
        comments = {(each.measure, each.month)
                    for each in self.existing.commentary.now if each not in known}  # fmt: skip
        before = self.previous.memory.published if self.previous else {}
        now = self.memory.published if self.memory else {}
        typed = sum(each.typed and each is not before.get(key) for key, each in now.items())
        return len(comments), typed

    def commentary(
        self,
        supplied: Result[Commentary],
        typed: Result[tuple[TypedText, ...]],
        layout: Layout,
        month: Month,
    ) -> Result[Commentary]:
        """Return the supplied commentary with that of earlier months, of this one and typed now."""
        remembered = []
        for workbook in self._workbooks:
            now = (each for each in workbook.commentary.now if each.month <= month)
            remembered.append(workbook.commentary._replace(now=tuple(now)))
        commentary = merge_commentary(supplied.value, remembered)
        commentary = with_typed(commentary, typed.value, remembered)
        problems = commentary_without_row(commentary, layout, month)
        return Result(commentary, (*supplied.problems, *typed.problems, *problems))

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
        problems = (
            *revision_problems(reconciled.revisions, self.previous),
            *left_out_problems(reconciled.left_out, self.previous),
        )
        return Result(reconciled, problems)

    def effective(
        self, definitions: Definitions, layout: Layout, benchmarks: BenchmarkValues
    ) -> Result[EffectiveDefinitions]:
        """Put targets and benchmarks that people changed in place of the layouts'."""
        targets = (target for each in self._workbooks for target in each.targets)
        changed = (benchmark for each in self._workbooks for benchmark in each.benchmarks)
        effective = effective_definitions(definitions, layout, benchmarks, targets, changed)
        return Result(effective, effective.problems)


def sort_inputs(
    inputs: Sequence[Path],
    named: Path | None,
    measures: Mapping[str, Measure],
    on_file: Callable[[str], None],
    without: Sequence[Path] = (),
) -> Result[SortedInputs]:
    """Tell earlier workbooks from extracts, by what is in them, and read them.

    `named` is the path of the workbook given as last month's; `on_file` hears the name of each
    workbook before it is read. Files `without` which to do are left out.
    """
    files = find_files(inputs, without)
    problems = list(files.problems)
    others = [path for path in files.value if not named or same_place(path) != same_place(named)]
    names = distinct_names((named, *others) if named else others)
    extracts: list[Path] = []
    workbooks: list[PreviousWorkbook] = []
    decks: list[Path] = []
    for path in files.value:
        if path.suffix.lower() == workbook_format.DECK_ENDING:
            if is_previous_deck(path):
                decks.append(path)
            else:
                where = Where(names.get(path, path.name))
                kind = catalogue.BAD_PREVIOUS_DECK
                problems.append(Problem(kind, _NOT_OUR_DECK, where, "Left out."))
        elif path.suffix.lower() not in _FORMATS:
            extracts.append(path)
        elif holds_table(path, WORKLISTS_TABLE):
            where, what = Where(names.get(path, path.name)), "this is a list of children."
            problems.append(Problem(catalogue.WORKLIST_GIVEN, what, where, "Left out."))
        elif not is_previous_workbook(path):
            extracts.append(path)
        elif path in others and _BACKUP.fullmatch(path.stem):
            where, what = Where(names[path]), "this is the backup of a workbook that was replaced."
            problems.append(Problem(catalogue.BACKUP_GIVEN, what, where, "Left out."))
        elif path in others:
            read = _read(path, names[path], measures, on_file)
            problems += read.problems
            workbooks += [read.value] if read.value else []
    by_name = _read(named, names[named], measures, on_file) if named else Result(None)
    problems += by_name.problems
    given = SortedInputs(tuple(extracts), tuple(workbooks), by_name.value, tuple(decks))
    return Result(given, tuple(problems))


def _read(
    path: Path, name: str, measures: Mapping[str, Measure], on_file: Callable[[str], None]
) -> Result[PreviousWorkbook | None]:
    on_file(path.name)
    try:
        return read_previous_workbook(path, path.read_bytes(), measures, name)
    except OSError:
        there = path.exists()
        kind = catalogue.CANNOT_OPEN if there else catalogue.NOT_THERE
        text = "the file cannot be opened." if there else "the file does not exist."
        return Result(None, (Problem(kind, text, Where(name)),))


def recall_history(
    inputs: SortedInputs, existing: PreviousWorkbook | None, layout: Layout, month: Month
) -> Result[History]:
    """Choose last month's workbook, and combine what it knows with what the existing one knows."""
    others = [each for each in inputs.previous_workbooks
              if not existing or each.path != existing.path]  # fmt: skip
    left_out: list[Problem] = []
    if inputs.named:
        choice = choose_previous_workbook([inputs.named], layout, month)
        done = f"Not used, because you chose {inputs.named.name} as last month's."
        left_out = [_not_the_newest(each, done) for each in others]
    else:
        choice = choose_previous_workbook(others, layout, month)
    previous = choice.value
    memory = _combined_memory(previous, existing, month)
    problems = [*choice.problems, *left_out]
    carried = sum(each.carried for each in memory.published.values()) if memory else 0
    if existing and carried and not previous:
        text = f"no workbook for last month was given; this one has {counted(carried, 'figure')}."
        done = "They were kept."
        problems.append(Problem(catalogue.KEPT_PUBLISHED, text, Where(existing.name), done))
    return Result(History(previous, existing, memory), tuple(problems))


def choose_previous_workbook(
    workbooks: Sequence[PreviousWorkbook], layout: Layout, month: Month
) -> Result[PreviousWorkbook | None]:
    """Choose last month's workbook for a month: the newest, if possible not of a later month.

    Of two that are of one month the one of the same layout is taken, else the later one. Workbooks
    of another council are an error, whichever is chosen.
    """
    if not workbooks:
        return Result(None)

    def order(each: PreviousWorkbook) -> tuple[bool, Month, bool, datetime, str]:
        created = each.created or datetime.min
        return each.month <= month, each.month, each.layout == layout.name, created, each.name

    newest = max(workbooks, key=order)
    problems = [problem for each in workbooks for problem in _foreign(each, layout)]
    done = f"Not used; {newest.name}, for {newest.month.label}, was used instead."
    problems += [_not_the_newest(each, done) for each in workbooks if each is not newest]
    if newest.month > month:
        text = f"the workbook is for {newest.month.label}, but you are building {month.label}."
        done = f"Only its figures up to {month.label} were used."
        problems.append(Problem(catalogue.LATER, text, Where(newest.name), done))
    return Result(newest, tuple(problems))


def _not_the_newest(workbook: PreviousWorkbook, done: str) -> Problem:
    text = f"this is the workbook for {workbook.month.label}."
    return Problem(catalogue.NOT_THE_NEWEST, text, Where(workbook.name), done)


def _foreign(workbook: PreviousWorkbook, layout: Layout) -> Iterator[Problem]:
    where, authority, author = Where(workbook.name), workbook.authority, workbook.author
    if authority and layout.authority:
        if not english_authorities().are_same(authority, layout.authority):
            text = f'the workbook is for "{authority}", the layout for "{layout.authority}".'
            yield Problem(catalogue.OTHER_AUTHORITY, text, where, "Nothing was written.")
    elif author and layout.author and same_name(author) != same_name(layout.author):
        text = f'the workbook is by "{author}", the layout by "{layout.author}".'
        yield Problem(catalogue.OTHER_AUTHOR, text, where, "Its figures were used.")


def _combined_memory(
    previous: PreviousWorkbook | None, existing: PreviousWorkbook | None, month: Month
) -> Memory | None:
    """Add to last month's figures those that were typed into the workbook of this month.

    Without last month's workbook, what this month's carried on from it is not forgotten.
    """
    if existing is None:
        return previous.memory if previous else None
    if previous:
        memory = previous.memory
    else:
        carried = {key: each for key, each in existing.memory.published.items() if each.carried}
        memory = Memory(month.plus(-1), carried, listed=existing.memory.listed)
    published = dict(memory.published)
    for key, figure in existing.memory.published.items():
        before = memory.published.get(key)
        same = before is not None and before.amount.same(figure.amount)
        if figure.typed and key[1] <= month and not same:
            written = figure.written if figure.newly_typed else None
            published[key] = replace(figure, written=before.amount if before else written)
    return replace(memory, published=published) if published or previous else None


def revision_problems(
    revisions: Iterable[Revision], previous: PreviousWorkbook | None
) -> Iterator[Problem]:
    """Yield one problem for each action that changed published figures, with their number."""
    where = Where(previous.name if previous else "")
    actions = [revision.action for revision in revisions if revision.listed is None]
    for action, (kind, words, done) in _REVISION_WORDS.items():
        number = actions.count(action)
        if number:
            verb = "is" if number == 1 else "are"
            yield Problem(kind, f"{counted(number, 'figure')} {verb} {words}", where, done)


_REVISION_WORDS = {
    Action.KEPT: (catalogue.REVISED, "different from today's data.",
                  "The published figures were kept and marked."),
    Action.REPLACED: (catalogue.REPLACED, "different from what was published.",
                      "Today's figures were used and marked."),
    Action.TYPED: (catalogue.TYPED, "different from what the program wrote.",
                   "The figures typed by hand were kept and marked."),
    Action.CLEARED: (catalogue.CLEARED, "missing.",
                     "They were filled from today's data where possible."),
    Action.FILLED: (catalogue.FILLED, "for a month that was blank when published.",
                    "They were filled from today's data."),
}  # fmt: skip


def left_out_problems(
    keys: Sequence[FigureKey], previous: PreviousWorkbook | None
) -> Iterator[Problem]:
    """Yield the problem that figures of later months stay where they are."""
    if keys and previous:
        months = listed({month.label for _, month, _ in keys})
        text = f"it has {counted(len(keys), 'figure')} for later months: {months}."
        yield Problem(catalogue.LATER_FIGURES, text, Where(previous.name), "They were left out.")


def commentary_without_row(
    commentary: Iterable[Comment], layout: Layout, month: Month
) -> Iterator[Problem]:
    """Yield a problem for each commentary of the month that no table row has a place for."""
    shown = {*layout.measures, *(slide.name for slide in layout.slides), *KEY_MESSAGES}
    for comment in commentary:
        if comment.month == month and comment.measure not in shown:
            text = f'the commentary on "{comment.measure}" has no row in this layout.'
            done = "It is kept on the Commentary sheet."
            yield Problem(catalogue.WORDS_WITHOUT_ROW, text, done=done)


def unknown_measures(
    recalculation: Recalculation, measures: Mapping[str, Measure]
) -> Iterator[Problem]:
    """Yield a problem for each measure that is to be recalculated and is not known."""
    for name in recalculation.measures:
        if name not in measures:
            hint = did_you_mean(name, measures)
            text = f'"{name}" is neither a measure nor a month. {hint}'.strip()
            yield Problem(catalogue.NOT_RECALCULATED, text, done="Nothing was written.")


def sheet_of(workbook: PreviousWorkbook) -> Sheet:
    """Return how an earlier workbook is listed among the inputs."""
    figures = counted(len(workbook.memory.published), "published figure")
    standard = f"{WORKBOOK_OF} {workbook.month.label}, {figures}"
    return Sheet(workbook.name, workbook.sheet, standard=standard)
