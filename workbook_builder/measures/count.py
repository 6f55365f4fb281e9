"""Count everything a workbook shows from the records: figures, commentary and caseloads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.layouts import Layout, asked_months, months_needed
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import (
    ChildrenPercentage,
    Latest,
    Measure,
    Open,
    Percentage,
    Rate,
)
from workbook_builder.figures import Caseloads, Commentary, Figure, Status, TypedText
from workbook_builder.measures.caseloads import caseloads_of
from workbook_builder.measures.compute import (
    Blank,
    Computed,
    Task,
    compute_figures,
    read_populations,
    with_known,
    with_published,
)
from workbook_builder.measures.coverage import Period
from workbook_builder.measures.covered_months import Coverage, Finding
from workbook_builder.measures.dataset_coverage import DatasetCoverage
from workbook_builder.measures.finished_figures import (
    read_commentary,
    supplied_figures,
    texts_typed,
)
from workbook_builder.measures.list_completeness import ListCompleteness
from workbook_builder.measures.prepare import BoundMeasures
from workbook_builder.measures.query import Prepared
from workbook_builder.measures.reporting_month import reporting_month
from workbook_builder.months import Month, day_label, months_ending, months_text
from workbook_builder.problems import Problem, ProblemKind, Result, listed
from workbook_builder.store.engine import Engine

#: A message names so many runs of months.
_RUNS_SHOWN = 3

_KINDS: Mapping[Status, ProblemKind] = {
    Status.NO_EXTRACT: catalogue.NO_EXTRACT,
    Status.NO_COLUMN: catalogue.NO_COLUMN,
    Status.NOT_COVERED: catalogue.NOT_COVERED,
    Status.UNFINISHED: catalogue.UNFINISHED,
    Status.NO_RECORDS: catalogue.NOTHING_TO_COUNT,
    Status.NO_POPULATION: catalogue.NO_POPULATION,
    Status.NO_DENOMINATOR: catalogue.NO_DENOMINATOR,
    Status.NOT_A_SNAPSHOT_MONTH: catalogue.ONE_MONTH_ONLY,
    Status.CANNOT_BE_COMPUTED: catalogue.NOT_COMPUTED,
    Status.END_NOT_KNOWN: catalogue.NO_END_KNOWN,
    Status.OTHER_CHILDREN: catalogue.OTHER_CHILDREN,
    Status.CHILDREN_MISSING: catalogue.LEFT_CHILDREN_MISSING,
    Status.LATEST_ONLY: catalogue.LATEST_ONLY,
    Status.NOT_JUDGED: catalogue.NOT_JUDGED,
}


def blank_problems(
    computed: Computed,
    definitions: Definitions,
    coverages: Mapping[str, DatasetCoverage],
    months: Collection[Month] | None = None,
) -> tuple[Problem, ...]:
    """Return one problem for each dataset and reason that left cells blank in the months.

    Quarterly figures have none between quarters, which is no problem. Finished figures that differ
    from the records are problems too.
    """
    blanks = [
        blank
        for blank in computed.blanks
        if blank.finding.status is not Status.BETWEEN_QUARTERS
        and (months is None or blank.month in months)
    ]
    problems: list[Problem] = []
    for (finding, blank_months), names in _blank_alike(blanks).items():
        text = blank_text(finding, coverages, blank_months)
        missing = finding.status is Status.NO_EXTRACT
        problem = Problem(
            _KINDS[finding.status],
            text,
            done="Left blank",
            indicators=tuple(definitions.measures[name].title for name in names),
            blank_figures=len(blank_months) * len(names),
            missing=coverages[finding.dataset].dataset.title if missing else "",
        )
        problems.append(problem)
    for figure in computed.differing:
        title = definitions.measures[figure.measure].title
        team = f", {figure.team}" if figure.team else ""
        text = (
            f'"{title}", {figure.month.label}{team}: the finished figure differs from the records.'
        )
        done = "The figure from the records was used."
        problems.append(Problem(catalogue.FIGURE_DIFFERS, text, done=done))
    return tuple(problems)


def _blank_alike(
    blanks: Iterable[Blank],
) -> dict[tuple[Finding, tuple[Month, ...]], tuple[str, ...]]:
    """Return the measures that are blank for one reason in the same months, by these two."""
    months: dict[tuple[Finding, str], dict[Month, None]] = {}
    for blank in blanks:
        months.setdefault((blank.finding, blank.measure), {})[blank.month] = None
    alike: dict[tuple[Finding, tuple[Month, ...]], tuple[str, ...]] = {}
    for (finding, measure), own in months.items():
        key = (finding, tuple(sorted(own)))
        alike[key] = (*alike.get(key, ()), measure)
    return alike


def not_judged_notes(computed: Computed, task: Task) -> tuple[Problem, ...]:
    """Return one note for each dataset of which some records could not be judged.

    It is of the month in which most could not. Shown figures leave these records out, but for the
    percentages whose `unknown` is "no", which have a note of their own.
    """
    worst: dict[tuple[str, bool], Figure] = {}
    titles: dict[tuple[str, bool], dict[str, None]] = {}
    for name in task.wanted:
        if name not in task.prepared:
            continue
        measure = task.prepared[name].measure
        stay = isinstance(measure, Percentage | ChildrenPercentage) and measure.unknown == "no"
        key = measure.dataset, stay
        for month in task.asked_months:
            figure = computed.figures.get(name, month)
            if figure and figure.value is not None and figure.not_judged:
                titles.setdefault(key, {})[measure.title] = None
                most = worst.setdefault(key, figure)
                if figure.not_judged > most.not_judged:
                    worst[key] = figure
    problems: list[Problem] = []
    for (dataset, stay), figure in worst.items():
        text = (
            f"{task.definitions.datasets[dataset].title}: {figure.not_judged:,} of "
            f"{figure.asked:,} records could not be judged in {figure.month.label}."
        )
        done = "Counted as not met" if stay else "Shown without them"
        shown = tuple(titles[dataset, stay])
        problems.append(Problem(catalogue.SOME_NOT_JUDGED, text, done=done, indicators=shown))
    return tuple(problems)


def list_day_notes(computed: Computed, task: Task) -> tuple[Problem, ...]:
    """Return one note for each list of the present that was run in the days after the month."""
    month = task.months[-1]
    titles: dict[tuple[str, date], list[str]] = {}
    for name in task.wanted:
        figure = computed.figures.get(name, month)
        if name not in task.prepared or figure is None or figure.value is None:
            continue
        measure = task.prepared[name].measure
        day = task.coverage.datasets[measure.dataset].day_of_list
        if isinstance(measure.clock, Latest) and day and day > month.last_day:
            titles.setdefault((measure.dataset, day), []).append(measure.title)
    return tuple(
        Problem(
            catalogue.LIST_OF_ANOTHER_DAY,
            f"{task.definitions.datasets[dataset].title}: the list is dated {day_label(day)}.",
            done=f"Shown as {month.label}",
            indicators=tuple(shown),
        )
        for (dataset, day), shown in titles.items()
    )


def replaced_notes(computed: Computed, task: Task) -> tuple[Problem, ...]:
    """Return one note for each measure whose figures another list gave, and for which months."""
    months: dict[str, list[Month]] = {}
    for blank in computed.replaced:
        if blank.month in task.asked_months and blank.measure in task.wanted:
            months.setdefault(blank.measure, []).append(blank.month)
    problems: list[Problem] = []
    for name, own in months.items():
        measure = task.definitions.measures[name]
        other = task.definitions.measures[measure.otherwise]
        first, second = (_titles_of_lists(one, task) for one in (measure, other))
        if first == second:
            text = f'"{measure.title}" is counted in another way for {months_text(own)}.'
        else:
            text = (
                f'"{measure.title}" was counted from {listed(second)} for {months_text(own)}: '
                f"{listed(first)} does not cover it."
            )
        problems.append(Problem(catalogue.FROM_ANOTHER_LIST, text))
    return tuple(problems)


def _titles_of_lists(measure: Measure, task: Task) -> tuple[str, ...]:
    """Return the titles of the lists whose records a measure, or its parts, count."""
    names = [name for name in measure.parts or (measure.name,) if name in task.prepared]
    datasets = (task.prepared[name].measure.dataset for name in names)
    return tuple(dict.fromkeys(task.definitions.datasets[name].title for name in datasets))


def exclusion_problems(
    measures: Iterable[Prepared], coverages: Mapping[str, DatasetCoverage]
) -> tuple[Problem, ...]:
    """Return one problem for each exclusion for which extracts lack columns."""
    titles: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for prepared in measures:
        for reason, needs in prepared.exclusion_needs.items():
            for dataset, columns in needs.items():
                coverage = coverages[dataset]
                lacking = columns - (coverage.columns - coverage.empty)
                if dataset != prepared.measure.dataset:
                    lacking = coverage.missing(lacking) | (lacking & coverage.empty)
                missing = tuple(sorted(coverage.heading(name) for name in lacking))
                if missing and coverage.has_extract:
                    key = (coverage.dataset.title, reason, missing)
                    titles.setdefault(key, []).append(prepared.measure.title)
    problems: list[Problem] = []
    for (dataset_title, reason, missing), measure_titles in titles.items():
        text = f"{dataset_title}: without {listed(missing)}, {reason} were counted."
        shown = tuple(measure_titles)
        problem = Problem(catalogue.NOT_EXCLUDED, text, done="Affected", indicators=shown)
        problems.append(problem)
    return tuple(problems)


def delivery_problems(coverages: Iterable[DatasetCoverage]) -> tuple[Problem, ...]:
    """Return one problem for each list that is older than the others or shorter than stated."""
    problems: dict[Problem, None] = {}
    done = "Later months are left blank."
    for coverage in coverages:
        title, delivery, last = coverage.dataset.title, coverage.delivery, coverage.last_day
        if delivery and delivery.covers and delivery.believed(delivery.covers) != delivery.covers:
            text = (
                f"you gave {_days(delivery.covers)}, but the busy lists stop on "
                f"{day_label(delivery.day)}."
            )
            problems[Problem(catalogue.STATED_TOO_MUCH, text, done=done)] = None
        for period in coverage.doubted:
            stops = day_label(last) if last else "no day"
            text = f"{title}: given as {_days(period)}, but its records stop on {stops}."
            problems[Problem(catalogue.STATED_TOO_MUCH, text, done=done)] = None
        if coverage.begun_since:
            since = day_label(coverage.begun_since)
            text = f"{title}: the list seems to hold only what began since about {since}."
            low = "Counted as it is, so figures may be too low."
            problems[Problem(catalogue.BEGUN_SINCE, text, done=low)] = None
        if delivery and coverage.is_older and coverage.written:
            text = (
                f"{title}: saved on {day_label(coverage.written)}, but other lists go up to "
                f"{day_label(delivery.day)}."
            )
            problems[Problem(catalogue.OLDER_LIST, text, done=done)] = None
    return tuple(problems)


def delivery_facts(coverages: Iterable[DatasetCoverage]) -> tuple[tuple[str, str], ...]:
    """Return what was taken of the delivery and why, by name; nothing where nothing was taken."""
    lists = [one for one in coverages if one.has_extract and one.delivery]
    delivery = next((one.delivery for one in lists), None)
    together = sorted(one.dataset.title for one in lists if one.of_delivery)
    older = sorted(one.dataset.title for one in lists if one.is_older)
    if delivery is None or not (delivery.covers or together or older):
        return ()
    day = day_label(delivery.day)
    facts = (
        ("Delivery day", f"{day}, the last day on which the busy lists have records"),
        ("Period that all lists cover, as you gave it",
         _days(delivery.covers) if delivery.covers else ""),
        (f"Treated as complete up to {day_label(delivery.until)}: saved together with the busy "
         "lists", "; ".join(together)),
        ("Older than the other lists, by the dates of their files", "; ".join(older)),
    )  # fmt: skip
    return tuple((name, text) for name, text in facts if text)


def _days(period: Period) -> str:
    first, last = period
    return f"{day_label(first)} to {day_label(last)}"


def blank_text(
    finding: Finding, coverages: Mapping[str, DatasetCoverage], months: Sequence[Month]
) -> str:
    """Say in a sentence why figures are blank in some months."""
    coverage = coverages[finding.dataset]
    title = coverage.dataset.title
    other = coverages[finding.other].dataset.title if finding.other else ""
    columns = listed(_column_words(name, coverage, coverages) for name in finding.columns)
    when = months_text(months, most=_RUNS_SHOWN)
    last = coverage.last_day
    stops = last is not None and last < months[-1].last_day
    ends = f" Its last record is dated {day_label(last)}." if last and stops else ""
    texts = {
        Status.NO_EXTRACT: f"no extract of {title} was given.",
        Status.NO_COLUMN: f"{title}: the extract has no column {columns}.",
        Status.NOT_COVERED: _not_covered(coverage, when, months)
        or f"{title}: no data for {when}.{ends}",
        Status.UNFINISHED: f"{title}: the extract covers only part of {when}.{ends}",
        Status.NO_RECORDS: f"{title}: no records in {when}, though months usually have many.",
        Status.NO_POPULATION: f"there is no population estimate for {when}.",
        Status.NO_DENOMINATOR: f"{title}: nothing to calculate from in {when}.",
        Status.NOT_A_SNAPSHOT_MONTH: f"{title}: the extract shows only the current "
        f"position, so it cannot give {when}.",
        Status.END_NOT_KNOWN: f"{title}: no column shows what has ended.",
        Status.OTHER_CHILDREN: f"{title} and {other} have hardly any children in common.",
        Status.CHILDREN_MISSING: f"{title}: children in {other} who have since left are "
        f"missing, so it cannot give {when}.",
        Status.LATEST_ONLY: f"{title}: only each child's latest record, so it cannot give {when}.",
        Status.NOT_JUDGED: f"{title}: too many blank or unreadable cells in {columns} for {when}.",
        Status.CANNOT_BE_COMPUTED: f"{title}: the calculation gave no number for {when}.",
    }
    return texts[finding.status]


def _not_covered(coverage: DatasetCoverage, when: str, months: Sequence[Month]) -> str:
    """Say what a list lacks that has records of the months; nothing if it has none."""
    dataset = coverage.dataset
    spells = Open(*dataset.in_order[0]) if dataset.in_order else None
    if spells is None or not set(dataset.in_order[0]) <= coverage.columns:
        return ""
    selection = coverage.selection(spells)
    if selection.only_ended:
        return f"{dataset.title}: the list holds only what has ended, so it cannot give {when}."
    if selection.since and months[0].last_day < selection.grows_until:
        return (
            f"{dataset.title}: the list seems to hold only what began since about "
            f"{day_label(selection.since)}, so it cannot give {when}."
        )
    return ""


def _column_words(name: str, own: DatasetCoverage, coverages: Mapping[str, DatasetCoverage]) -> str:
    """Return what a person calls a column of a list's own, or of another ("dataset.column")."""
    dataset, _, column = name.rpartition(".")
    if not dataset:
        return own.heading(column)
    return f"{coverages[dataset].heading(column)} of {coverages[dataset].dataset.title}"


@dataclass(frozen=True, eq=False)
class ReadyMeasures:
    """The measures of a layout, ready to be counted over the records of a store."""

    task: Task
    layout: Layout
    store: Engine

    @property
    def month(self) -> Month:
        """The reporting month."""
        return self.task.months[-1]

    @property
    def delivery_facts(self) -> tuple[tuple[str, str], ...]:
        """What was taken of the delivery and why, by name."""
        return delivery_facts(self.task.coverage.datasets.values())

    def figures(self, on_share: Callable[[float], None]) -> Computed:
        """Count every figure; `on_share` hears the share (0 to 1) of the measures counted.

        Raises Exhausted or EngineFailed.
        """
        return compute_figures(self.task, self.store, on_share)

    def commentary(self) -> Result[Commentary]:
        """Read the commentary that was given as an extract."""
        return read_commentary(self.store, self.task.definitions, self.layout, self.month)

    def typed(self, texts: Iterable[TypedText]) -> Result[tuple[TypedText, ...]]:
        """Return the texts that a person typed, by the keys of what they are about."""
        return texts_typed(texts, self.task.definitions, self.layout, self.month)

    def caseloads(self) -> Result[tuple[Caseloads, ...]]:
        """Count, for each caseload sheet of the layout, the children of each worker."""
        return caseloads_of(self.task.definitions, self.layout, self.task.coverage, self.store)

    def problems(self, computed: Computed) -> tuple[Problem, ...]:
        """Say which figures are blank and why, and which exclusions could not be made.

        That every figure is blank is an error.
        """
        task, coverages = self.task, self.task.coverage.datasets
        shown = task.definitions.with_parts(task.wanted)
        prepared = [task.prepared[name] for name in shown if name in task.prepared]
        problems = (
            *blank_problems(computed, task.definitions, coverages, task.asked_months),
            *not_judged_notes(computed, task),
            *list_day_notes(computed, task),
            *replaced_notes(computed, task),
            *exclusion_problems(prepared, coverages),
            *delivery_problems(coverages.values()),
        )
        if any(figure.value is not None for figure in computed.figures):
            return problems
        text = f"no figure can be computed for the months up to {self.month.label}."
        return (*problems, Problem(catalogue.EMPTY_WORKBOOK, text))


def ready_to_count(
    measures: BoundMeasures,
    coverages: Mapping[str, DatasetCoverage],
    asked_month: Month | None,
    published_populations: Result[Mapping[tuple[str, int], float]],
    store: Engine,
) -> Result[ReadyMeasures | None]:
    """Put together what counting the measures of a layout needs, up to the reporting month.

    None, with the problem, if no month was asked for and the extracts propose none.
    """
    definitions, layout = measures.definitions, measures.layout
    month = reporting_month(asked_month, coverages)
    if month.value is None:
        return Result(None, month.problems)
    given = with_published(read_populations(store), published_populations.value)
    groups = {
        measure.population
        for name in definitions.with_parts(layout.measures)
        if isinstance(measure := definitions.measures[name], Rate)
    }
    populations = with_known(given.value, definitions.authority_of(layout), groups)
    supplied = supplied_figures(store, definitions, layout)
    lists = {name: one for name, each in coverages.items() if (one := each.compared())}
    completeness = ListCompleteness(lists, measures.prepared.values(), store, month.value)
    task = Task(
        definitions=definitions,
        prepared=measures.prepared,
        coverage=Coverage(coverages, month.value, completeness, layout.not_judged_tolerance),
        populations=populations.value,
        supplied=supplied.value,
        months=months_ending(month.value, months_needed(layout, definitions.measures)),
        wanted=layout.measures,
        asked=max(asked_months(table, layout) for table in layout.tables),
        tolerance=layout.not_judged_tolerance,
    )
    problems = (
        *published_populations.problems,
        *given.problems,
        *populations.problems,
        *supplied.problems,
    )
    return Result(ReadyMeasures(task, layout, store), problems)
