"""Plan the workbook: what it shows, and where it comes from, as plain values."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.record_problems import LEFT_OUT
from workbook_builder.figures import Caseloads, Commentary, Recalculation
from workbook_builder.history.previous_workbooks import History
from workbook_builder.history.read_previous_workbook import PreviousWorkbook
from workbook_builder.history.reconcile_published_figures import Reconciled
from workbook_builder.history.user_overrides import EffectiveDefinitions
from workbook_builder.measures.prepare import BoundMeasures
from workbook_builder.months import Month
from workbook_builder.paths import Fingerprint, program_version
from workbook_builder.problem_catalogue import COUNTED_ONCE, WITHOUT_FILE
from workbook_builder.problems import Problem, counted, listed
from workbook_builder.record_sources import Loaded
from workbook_builder.request import Request
from workbook_builder.sheets.compose import compose
from workbook_builder.sheets.content import (
    Findings,
    Origins,
    SourceRow,
    Stamp,
    UnknownValueRow,
    WorkbookContent,
)
from workbook_builder.sheets.plan import Plan
from workbook_builder.suppression.apply_suppression import limit_words

_SHORT = 12


@dataclass(frozen=True)
class BuiltFrom:
    """All that a workbook is made of, from the stages before.

    `measures` hold definitions and layout as they were loaded, `effective` has the values that
    people keep in the workbook. `delivery` says what was taken of the delivery and why, by name.
    """

    request: Request
    measures: BoundMeasures
    loaded: Loaded
    months: tuple[Month, ...]
    history: History
    effective: EffectiveDefinitions
    reconciled: Reconciled
    commentary: Commentary
    caseloads: tuple[Caseloads, ...]
    logo: bytes
    written: datetime
    problems: tuple[Problem, ...]
    delivery: tuple[tuple[str, str], ...] = ()


def plan_workbook(built: BuiltFrom, *, whole: bool = True) -> Plan:
    """Lay the workbook out as plain values; unless `whole`, the list of all figures is hidden."""
    effective = built.effective
    stamp = Stamp(built.written, f"Workbook Builder {program_version()}")
    content = WorkbookContent(
        layout=effective.layout,
        definitions=effective.definitions,
        figures=built.reconciled.computed.figures,
        months=built.months,
        stamp=stamp,
        findings=_findings(built),
        commentary=built.commentary,
        logo=built.logo,
        caseloads=built.caseloads,
        origins=_origins(built, stamp),
    )
    return compose(content, whole=whole)


def _origins(built: BuiltFrom, stamp: Stamp) -> Origins:
    """Return where the workbook comes from."""
    history, reconciled, loaded = built.history, built.reconciled, built.loaded
    datasets = built.measures.definitions.datasets
    return Origins(
        sources=(
            *_sources_of(loaded.extracts.files, loaded.sheets, datasets, built.problems),
            *(_source_of_past(past) for past in (history.previous,) if past),
            *_left_out(built.problems),
        ),
        build=(*_facts(built, stamp), *_kept(*history.kept_counts)),
        previous=_previous(history, reconciled),
        revisions=reconciled.revisions,
        listed=reconciled.listed,
        targets=built.effective.targets,
        benchmarks=built.effective.benchmarks,
    )


def _previous(history: History, reconciled: Reconciled) -> str:
    """Return the name of the workbook whose figures were compared with today's, or nothing."""
    existing = history.existing if reconciled.revisions or history.memory else None
    workbook = history.previous or existing
    return workbook.name if workbook else ""


def _findings(built: BuiltFrom) -> Findings:
    """Return what the build met, for the sheets that tell of it."""
    unknown = [
        UnknownValueRow(
            value.file, value.sheet, value.column, value.codes, value.value, value.cells
        )
        for sheet in built.loaded.sheets
        for value in sheet.unknown
    ]
    return Findings(built.problems, tuple(unknown), built.effective.held)


def _sources_of(
    files: Mapping[str, Fingerprint],
    sheets: Sequence[Sheet],
    datasets: Mapping[str, Dataset],
    problems: Sequence[Problem],
) -> Iterator[SourceRow]:
    """Yield every sheet of every extract, every file of which none was read, and every table."""
    for name, file in files.items():
        own = [sheet for sheet in sheets if sheet.file == name]
        if not own:
            about = [one.kind.title for one in problems if one.where.file == name]
            yield _source(name, file, "", "not used", why="; ".join(dict.fromkeys(about)))
        for at, sheet in enumerate(own):
            taken = datasets[sheet.dataset].title if sheet.dataset else ""
            names = " as ".join(text for text in (sheet.standard, taken) if text)
            why = _why(sheet, problems, first=at == 0)
            counts = (sheet.rows_read, sheet.rows_kept) if sheet.dataset else (None, None)
            yield _source(name, file, sheet.sheet, names or "not used", counts, why)
    for sheet in sheets:
        if sheet.dataset and sheet.file not in files:
            taken = f"{datasets[sheet.dataset].title} (table)"
            yield SourceRow(sheet.file, "", taken, None, "", "", sheet.rows_read, sheet.rows_kept)


def _source_of_past(past: PreviousWorkbook) -> SourceRow:
    """Return an earlier workbook as a source: its figures are rows."""
    kept = len(past.memory.published)
    why = "" if kept == past.rows else "Blank figures, and rows that appear twice"
    counts, taken = (past.rows, kept), "last month's workbook"
    return _source(past.name, past.fingerprint, past.sheet, taken, counts, why)


def _left_out(problems: Sequence[Problem]) -> Iterator[SourceRow]:
    """Yield the files without which the workbook was built, as a person asked."""
    for problem in problems:
        if problem.kind is WITHOUT_FILE:
            why = problem.kind.title
            yield SourceRow(problem.where.file, "", "not used", None, "", "", None, None, why)


def _definitions_digest(definitions: Definitions) -> str:
    """Return the beginning of the SHA-256 over those of all TOML files in force."""
    files = {Path(place.file): place.digest for place in definitions.places.values()}
    order = sorted(files, key=lambda one: (one.parent.name, one.name, str(one)))
    whole = "".join(files[file] for file in order)
    return hashlib.sha256(whole.encode()).hexdigest()[:_SHORT]


def _facts(build: BuiltFrom, stamp: Stamp) -> tuple[tuple[str, str], ...]:
    """Return what a workbook says of itself, by name: who built it, from which layout, when."""
    layout, renewed = build.measures.layout, build.request.recalculate
    place = build.measures.definitions.places.get(("layouts", layout.name))
    facts = (
        ("Reporting month", build.months[-1].label),
        ("Council", layout.authority),
        ("Author named in the layout", layout.author),
        ("Layout", f"{layout.name} ({Path(place.file).name})" if place else layout.name),
        ("Definitions (start of their SHA-256)", _definitions_digest(build.measures.definitions)),
        ("Program", stamp.program),
        ("Written", f"{stamp.written:%Y-%m-%d %H:%M}"),
        ("Recalculated", _recalculated(renewed) if renewed else ""),
        ("Small numbers", limit_words(layout, build.request.suppress_under)),
        *build.delivery,
    )
    return tuple((name, text) for name, text in facts if text)


def _kept(comments: int, figures: int) -> Iterator[tuple[str, str]]:
    """Count what came from the workbook that stood in this one's place.

    Its checksum would be another at every build, and no build the same as the one before.
    """
    if comments or figures:
        numbers = ((comments, "comment"), (figures, "figure"))
        texts = ", ".join(counted(number, noun) for number, noun in numbers if number)
        yield "Kept from the workbook that this one replaces", texts


def _recalculated(recalculation: Recalculation) -> str:
    measures = listed(recalculation.measures) or "all measures"
    since = f" from {recalculation.since.label} on" if recalculation.since else ""
    return f"{measures}{since}"


def _source(
    name: str,
    file: Fingerprint,
    sheet: str,
    taken_for: str,
    rows: tuple[int | None, int | None] = (None, None),
    why: str = "",
) -> SourceRow:
    return SourceRow(name, sheet, taken_for, file.size, file.sha256, file.modified, *rows, why)


def _why(sheet: Sheet, problems: Iterable[Problem], *, first: bool) -> str:
    rows: Counter[str] = Counter()
    for one in problems:
        here = one.where.file == sheet.file and one.where.sheet == sheet.sheet
        whole_file = one.where.file == sheet.file and not one.where.sheet and first
        if here and one.done == LEFT_OUT:
            rows[one.kind.title] += len(one.where.rows)
        elif (here or whole_file) and one.kind is COUNTED_ONCE:
            rows["Kept, but counted once: the same record is elsewhere"] += len(one.where.rows)
    return "; ".join(f"{title}: {counted(number, 'row')}" for title, number in rows.items())
