"""Blank months into problems: one for each extract and reason, never one for each cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.library import Definitions
from workbook_builder.figures import Figure, Status
from workbook_builder.measures.compute import Blank, Computed
from workbook_builder.measures.covered_months import DatasetCoverage, Finding
from workbook_builder.measures.query import Prepared
from workbook_builder.months import Month, day_label, months_text
from workbook_builder.problems import Problem, ProblemKind, listed

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
}


def blank_problems(
    computed: Computed,
    definitions: Definitions,
    coverages: Mapping[str, DatasetCoverage],
    months: Collection[Month] | None = None,
) -> tuple[Problem, ...]:
    """Return one problem for each dataset and reason that left cells blank in the months.

    That a quarterly figure has none between quarters is no problem.
    """
    groups: dict[Finding, list[Blank]] = {}
    for blank in computed.blanks:
        asked = months is None or blank.month in months
        if not asked or blank.finding.status is Status.BETWEEN_QUARTERS:
            continue
        groups.setdefault(blank.finding, []).append(blank)
    found = [
        _problem(finding, blanks, definitions, coverages[finding.dataset])
        for finding, blanks in groups.items()
    ]
    return (*found, *(_differs(figure, definitions) for figure in computed.differing))


def exclusion_problems(
    prepared: Iterable[Prepared], coverages: Mapping[str, DatasetCoverage]
) -> tuple[Problem, ...]:
    """Return one problem for each exclusion that extracts have not the columns for."""
    titles: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for one in prepared:
        for why, needs in one.exclusion_needs.items():
            for dataset, columns in needs.items():
                coverage = coverages[dataset]
                missing = tuple(sorted(columns - coverage.columns)) if coverage.given else ()
                if missing:
                    key = (coverage.dataset.title, why, missing)
                    titles.setdefault(key, []).append(f'"{one.measure.title}"')
    return tuple(_not_excluded(*key, found) for key, found in titles.items())


def _not_excluded(dataset: str, why: str, missing: Sequence[str], titles: Sequence[str]) -> Problem:
    what = f"{dataset}: without the column {listed(missing)}, {why} could not be left out."
    done = f"Counted with them: {'; '.join(titles)}."
    return Problem(catalogue.NOT_EXCLUDED, what, done=done)


def _problem(
    finding: Finding,
    blanks: Sequence[Blank],
    definitions: Definitions,
    coverage: DatasetCoverage,
) -> Problem:
    months = sorted({blank.month for blank in blanks})
    names = dict.fromkeys(blank.measure for blank in blanks)
    titles = [f'"{definitions.measures[name].title}"' for name in names]
    what = _what(finding, coverage, months)
    done = f"Left blank: {'; '.join(titles)}."
    return Problem(_KINDS[finding.status], what, done=done)


def _what(finding: Finding, coverage: DatasetCoverage, months: Sequence[Month]) -> str:
    title = coverage.dataset.title
    when = months_text(months)
    last = coverage.last_day
    ends = f" Its last record is of {day_label(last)}." if last else ""
    texts = {
        Status.NO_EXTRACT: f"no extract of {title} was given.",
        Status.NO_COLUMN: f"{title}: the extract has no column for {listed(finding.columns)}.",
        Status.NOT_COVERED: f"{title}: the extract does not reach {when}.{ends}",
        Status.UNFINISHED: f"{title}: the extract holds only part of {when}.{ends}",
        Status.NO_RECORDS: f"{title}: no record falls in {when}, though months usually have many.",
        Status.NO_POPULATION: f"there is no population estimate for {when}.",
        Status.NO_DENOMINATOR: f"{title}: nothing to take a percentage or average of in {when}.",
        Status.NOT_A_SNAPSHOT_MONTH: f"{title}: the extract shows only the present (what is "
        f"open, or each child's latest), so it cannot tell {when}.",
        Status.CANNOT_BE_COMPUTED: f"{title}: the calculation gave no number in {when}.",
    }
    return texts[finding.status]


def _differs(figure: Figure, definitions: Definitions) -> Problem:
    title = definitions.measures[figure.measure].title
    team = f", {figure.team}" if figure.team else ""
    what = f'"{title}", {figure.month.label}{team}: the finished figure differs from the records.'
    return Problem(catalogue.FIGURE_DIFFERS, what, done="The figure of the records was used.")
