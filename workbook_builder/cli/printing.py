"""Print what came of a command, as lines of text for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.model import Sheet
from workbook_builder.figures import Status
from workbook_builder.indicators.rounding import value_text
from workbook_builder.measures.explain import Explanation, MonthNumbers
from workbook_builder.months import day_label
from workbook_builder.problem_catalogue import UNREADABLE
from workbook_builder.problems import Level, Problem, by_effect, counted, missing_lists_together
from workbook_builder.request import Explained, Outcome

if TYPE_CHECKING:
    from workbook_builder.record_tables import TablesWritten

_ALIASES = "(workbook-builder layouts --where)"
#: What the command line adds to a problem's advice, by the problem's code: where to follow it.
COMMAND_LINE_HINTS: Mapping[str, str] = {
    "H015": "Use --recalculate.",
    "L046": "Make one with: workbook-builder council",
    "L005": "List them with: workbook-builder layouts",
    "L043": "List the layouts with: workbook-builder layouts",
    **dict.fromkeys(("M002", "M003", "M004"), "Use --covers FROM..TO."),
    "M011": "For example: --month 2023-07.",
    "M013": _ALIASES,
    "M014": _ALIASES,
    "R001": "List them with: workbook-builder layouts",
    "R002": "Check with: workbook-builder check",
    "R003": "Name it with --out.",
    "R005": "Put them after the inputs: build INPUT --recalculate contacts 2023-04",
    "R006": "For example: --suppress-under 5.",
    "W001": "Name it with --out.",
    "W003": "Name it with --out.",
    "W004": "Or replace it with --replace; a backup is kept.",
    **dict.fromkeys(UNREADABLE, "Or build without it: --without FILE."),
    "X015": "Add headings in your own folder: workbook-builder layouts --where",
    "X016": "Add the heading in your own folder: workbook-builder layouts --where",
}

#: Notes that may say why a list is missing: files and folders that were not read.
_FILES_NOT_READ = ("X005", "X006")
#: So many kinds of warnings are printed.
_KINDS_PRINTED = 8


class Detail(Enum):
    """How much is printed of problems."""

    SHORT = "of each kind of warning the one that does most"
    EVERY = "each problem, long lists cut short"
    FULL = "each problem in full"


def print_problems(
    problems: Iterable[Problem], detail: Detail = Detail.SHORT, indicators: int = 0
) -> None:
    """Print problems to the error stream by their effect on the workbook, a line each.

    Lists that were not given are one line. `indicators` is how many the workbook's tables have.
    """
    ordered = by_effect(problems)
    if detail is Detail.FULL:
        lines = list(map(_line, ordered))
    else:
        lines = list(_lines(ordered, detail, indicators))
    for line in lines:
        print(line, file=sys.stderr)


def _lines(ordered: Sequence[Problem], detail: Detail, indicators: int) -> Iterator[str]:
    kinds: dict[tuple[str, int], list[Problem]] = {}
    notes = 0
    lacking = any(problem.missing or problem.level is Level.ERROR for problem in ordered)
    for number, problem in enumerate(ordered):
        short = detail is Detail.SHORT and problem.level is not Level.ERROR
        why_lacking = lacking and problem.code in _FILES_NOT_READ
        if short and problem.level is Level.NOTE and not why_lacking:
            notes += 1
        else:
            kinds.setdefault((problem.code, 0 if short or problem.missing else number), []).append(
                problem
            )
    printed = list(kinds.values())
    if detail is Detail.SHORT:
        printed = printed[:_KINDS_PRINTED]
    for of_kind in printed:
        yield _line_of_kind(of_kind, indicators, most=0 if detail is Detail.SHORT else 1)
    warnings = sum(map(len, kinds.values())) - sum(map(len, printed))
    numbers = [counted(number, word) for number, word in ((warnings, "warning"), (notes, "note"))
               if number]  # fmt: skip
    if numbers:
        yield f"{' and '.join(numbers)} more. --verbose prints all."
    elif any(len(of_kind) > 1 for of_kind in printed):
        yield "--verbose prints all."


def _line(problem: Problem, most: int | None = None) -> str:
    advice = f"{problem.to_do} {COMMAND_LINE_HINTS.get(problem.code, '')}".strip()
    return f"{problem.level.name.capitalize()}: {replace(problem, advice=advice).text(most)}"


def _line_of_kind(problems: Sequence[Problem], indicators: int, most: int) -> str:
    """Return a line of the problems of a kind: of lists that were not given, or of the first.

    So many indicators of a problem are named; without any, their number is given.
    """
    together = missing_lists_together(problems, indicators) if problems[0].missing else problems
    line = _line(together[0], most)
    return f"{line} ({len(together) - 1} more like this.)" if len(together) > 1 else line


def print_written(outcome: Outcome) -> None:
    """Print what was written."""
    month = outcome.month.label if outcome.month else ""
    hidden = sum(figure.status is Status.SUPPRESSED for figure in outcome.shown)
    blank = sum(figure.value is None for figure in outcome.shown) - hidden
    few = f" and {hidden} hidden as small numbers: [c]" if hidden else ""
    print(f"Written: {outcome.written}")
    if outcome.slides:
        print(f"Slides:  {outcome.slides}")
    print(f"Reporting month {month}; {counted(len(outcome.shown), 'figure')} of the whole service, "
          f"{blank} of them blank{few}.")  # fmt: skip


def print_tables(written: TablesWritten) -> None:
    """Print which tables were written with how many records, and which old ones were removed."""
    for file, number in written.files:
        print(f"{file}: {counted(number, 'record')}")
    for file in written.removed:
        print(f"Removed, because the extracts do not have it: {file}")
    print("The tables hold records of children. Keep them where such records may be kept.")


def print_listed(outcome: Outcome) -> None:
    """Print where lists of children were written."""
    print(f"Written: {outcome.written}")
    if outcome.month:
        print(f"Records of {outcome.month.label}. Not for the board workbook or the slides.")


def print_sheets(outcome: Outcome) -> None:
    """Print what each sheet of each file was taken for, and the reporting month."""
    for sheet in outcome.sheets:
        if sheet.dataset:
            days = ""
            if sheet.first_day and sheet.last_day:
                days = f", {day_label(sheet.first_day)} to {day_label(sheet.last_day)}"
            kind = f"{sheet.title or sheet.dataset}, {counted(sheet.rows_kept, 'row')}{days}"
        else:
            kind = sheet.standard or "not recognised"
        print(f"{_place(sheet)}: {kind}")
    if outcome.month:
        print(f"Reporting month: {outcome.month.label}")


def print_layouts(definitions: Definitions) -> None:
    """Print the layouts with their tables, and all measures with their titles."""
    print("Layouts")
    for name, layout in sorted(definitions.layouts.items()):
        print(f"  {name}: {layout.title}, {counted(layout.months, 'month')}")
        for table in layout.tables:
            print(f"    {table.name}: {counted(len(table.rows), 'indicator')}")
    print("Measures")
    for name, measure in sorted(definitions.measures.items()):
        print(f"  {name}: {measure.title}")


def print_explained(explained: Explained) -> None:
    """Print what a measure is and, where inputs were given, how its figures came about."""
    explanation = explained.explanation
    assert explanation is not None  # else there is nothing to print
    print(f"{explanation.name}: {explanation.title}\n")
    _print_facts(explanation)
    print("\nSQL")
    no_sql = "None of its own: it is calculated from other measures."
    for line in (explanation.sql or no_sql).splitlines():
        print(f"  {line}")
    if explanation.months:
        _print_files(explained.sheets, explanation.datasets)
        month = explained.month.label if explained.month else ""
        print(f"\nThe months up to {month}, whole service")
        _print_months(explanation)
    _print_parts(explanation)
    if explained.withheld:
        print(f"\n{explained.withheld} For your own eyes: --suppress-under off.")


def _print_facts(explanation: Explanation) -> None:
    facts = [
        ("Definition", explanation.definition),
        ("Counted", explanation.how),
        ("Clock", f"the records {explanation.clock}" if explanation.clock else ""),
        *(("Left out", f"{why}: {sql}") for why, sql in explanation.exclusions.items()),
        ("Otherwise", explanation.otherwise),
        ("Better", explanation.polarity),
        ("Unit", f"{explanation.unit}, {counted(explanation.decimals, 'digit')} after the point"),
        ("Source", explanation.source),
        *(
            ("Threshold", f"{limit.name} = {limit.value}: {limit.title} ({limit.source})")
            for limit in explanation.thresholds
        ),
        ("Looks at", ", ".join(explanation.datasets)),
    ]
    for name, text in facts:
        if text:
            print(f"{name:<11}{text}")


def _print_files(sheets: Iterable[Sheet], datasets: Sequence[str]) -> None:
    """Print which sheets hold the datasets that a measure looks at."""
    print("\nFiles")
    missing = set(datasets)
    for sheet in sheets:
        if sheet.dataset in datasets:
            missing.discard(sheet.dataset)
            print(f"  {_place(sheet)}: {sheet.dataset}, {counted(sheet.rows_kept, 'row')} kept "
                  f"of {sheet.rows_read:,}")  # fmt: skip
    for name in sorted(missing):
        print(f"  no {name.replace('_', ' ')} file was given")


def _print_parts(explanation: Explanation) -> None:
    for part in explanation.parts:
        print(f"\nMade from {part.name}: {part.title}")
        if part.months:
            _print_months(part)
            _print_parts(part)


def _print_months(explanation: Explanation) -> None:
    """Print a table of the months' counts; columns that are empty in every month are left out."""
    left_out = range(1, len(explanation.reasons) + 1)
    for number, reason in zip(left_out, explanation.reasons, strict=True):
        print(f"  Left out {number}: {reason}")
    below = "Population" if explanation.per_population else "Denominator"
    headings = ["Month", "Entered", *(f"Left out {number}" for number in left_out), "Not judged",
                "Numerator", below, "Value", "Published", ""]  # fmt: skip
    rows = [headings, *(_month_cells(numbers, explanation) for numbers in explanation.months)]
    filled = [place for place, cells in enumerate(zip(*rows[1:], strict=True)) if any(cells)]
    widths = {place: max(len(row[place]) for row in rows) for place in filled}
    widths[len(headings) - 1] = 0  # the note at the end is no number, so not aligned
    for row in rows:
        print(f"  {'  '.join(row[place].rjust(widths[place]) for place in filled)}".rstrip())


def _month_cells(numbers: MonthNumbers, explanation: Explanation) -> list[str]:
    left_out: Sequence[int | None] = numbers.left_out or [None] * len(explanation.reasons)
    not_judged = numbers.not_judged or None
    counts = [numbers.entered, *left_out, not_judged, numbers.numerator, numbers.denominator]
    value, published = (
        value_text(value, explanation.unit, explanation.decimals)
        for value in (numbers.value, numbers.published)
    )
    return [
        numbers.month.label,
        *("" if count is None else f"{count:,.12g}" for count in counts),
        value,
        "" if numbers.published is None else published,
        "from the finished figures" if numbers.status is Status.SUPPLIED else numbers.reason,
    ]


def _place(sheet: Sheet) -> str:
    return f'{sheet.file}, sheet "{sheet.sheet}"' if sheet.sheet else sheet.file
