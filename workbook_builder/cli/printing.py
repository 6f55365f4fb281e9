"""Outcomes as lines of text for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.model import Sheet
from workbook_builder.figures import Status
from workbook_builder.measures.explain import Explanation, Numbers
from workbook_builder.months import day_label
from workbook_builder.problems import Level, Problem, counted
from workbook_builder.request import Explained, Outcome

_NO_SQL = "None of its own: it is worked out from the figures of other measures."
_FOR_YOURSELF = "For your own eyes: --suppress-under off."


def print_explained(explained: Explained) -> None:
    """Print what a measure is and, where inputs were given, how its figures came about."""
    explanation = explained.explanation
    assert explanation is not None  # else there is nothing to print
    print(f"{explanation.name}: {explanation.title}\n")
    _print_facts(explanation)
    print("\nSQL")
    _print_indented((explanation.sql or _NO_SQL).splitlines())
    if explanation.months:
        _print_files(explained, explanation)
        month = explained.month.label if explained.month else ""
        print(f"\nThe months up to {month}, whole service")
        _print_months(explanation)
    _print_parts(explanation)
    if explained.withheld:
        print(f"\n{explained.withheld} {_FOR_YOURSELF}")


def _print_facts(explanation: Explanation) -> None:
    facts = [
        ("Definition", explanation.definition),
        ("Counted", explanation.how),
        ("Clock", f"the records {explanation.clock}" if explanation.clock else ""),
        *(("Left out", f"{why}: {sql}") for why, sql in explanation.exclusions.items()),
        ("Better", explanation.polarity),
        ("Unit", f"{explanation.unit}, {counted(explanation.decimals, 'digit')} after the point"),
        ("Source", explanation.source),
        *(
            ("Threshold", f"{one.name} = {one.value}: {one.title} ({one.source})")
            for one in explanation.thresholds
        ),
        ("Looks at", ", ".join(explanation.datasets)),
    ]
    for name, text in facts:
        if text:
            print(f"{name:<11}{text}")


def _print_files(explained: Explained, explanation: Explanation) -> None:
    print("\nFiles")
    used = [sheet for sheet in explained.sheets if sheet.dataset in explanation.datasets]
    for sheet in used:
        place = f'{sheet.file}, sheet "{sheet.sheet}"' if sheet.sheet else sheet.file
        print(f"  {place}: {sheet.dataset}, {counted(sheet.rows_kept, 'row')} kept "
              f"of {sheet.rows_read:,}")  # fmt: skip
    missing = set(explanation.datasets) - {sheet.dataset for sheet in used}
    for name in sorted(missing):
        print(f"  no file of {name} was given")


def _print_parts(explanation: Explanation) -> None:
    for part in explanation.parts:
        print(f"\nMade from {part.name}: {part.title}")
        if part.months:
            _print_months(part)
            _print_parts(part)


def _print_months(explanation: Explanation) -> None:
    for at, why in enumerate(explanation.reasons, start=1):
        print(f"  Left out {at}: {why}")
    rows = [_headings(explanation), *(_row(one, explanation) for one in explanation.months)]
    filled = [at for at, column in enumerate(zip(*rows[1:], strict=True)) if any(column)]
    widths = {at: max(len(row[at]) for row in rows) for at in filled}
    last = len(rows[0]) - 1
    for row in rows:
        cells = [row[at] if at == last else row[at].rjust(widths[at]) for at in filled]
        print(f"  {'  '.join(cells)}".rstrip())


def _headings(explanation: Explanation) -> list[str]:
    reasons = [f"Left out {at}" for at in range(1, len(explanation.reasons) + 1)]
    below = "Population" if explanation.per_population else "Denominator"
    return ["Month", "Entered", *reasons, "Numerator", below, "Value", "Published", ""]


def _row(one: Numbers, explanation: Explanation) -> list[str]:
    left_out: Sequence[int | None] = one.left_out or [None] * len(explanation.reasons)
    counts = [one.entered, *left_out, one.numerator, one.denominator]
    value = value_text(one.value, explanation.unit, explanation.decimals)
    published = one.published
    text = (
        "" if published is None else value_text(published, explanation.unit, explanation.decimals)
    )
    return [one.month.label, *_plain(counts), value, text, _note(one)]


def _plain(numbers: Iterable[float | None]) -> Iterator[str]:
    for number in numbers:
        yield "" if number is None else f"{number:,.12g}"


def value_text(value: float | None, unit: str, decimals: int) -> str:
    """Write a value as the workbook prints it: rounded half away from zero."""
    if value is None:
        return "blank"
    percent = unit == "percent"
    exact = Decimal(repr(value)) * (100 if percent else 1)
    step = Decimal(1).scaleb(-decimals)
    return f"{exact.quantize(step, rounding=ROUND_HALF_UP):,}{'%' if percent else ''}"


def _note(one: Numbers) -> str:
    return "from the finished figures" if one.status is Status.SUPPLIED else one.reason


def _print_indented(lines: Iterable[str]) -> None:
    for line in lines:
        print(f"  {line}")


#: What the shells add to advice, by the code of the problem.
Hints = Mapping[str, str]

_ALIASES = "Aliases stand in layouts/datasets."
_ASSIGN = "Choose it in the list and press What is this."

COMMAND_LINE: Hints = {
    "H015": "Recalculate with --recalculate.",
    "L005": "See those that are known with: workbook-builder layouts",
    "L043": "See the layouts that are known with: workbook-builder layouts",
    "M011": "Say so as --month 2023-07.",
    "M013": _ALIASES,
    "M014": _ALIASES,
    "R001": "See them with: workbook-builder layouts",
    "R002": "See it with: workbook-builder check",
    "R003": "Name it with --out.",
    "R005": "Give them after the inputs, as: build INPUT --recalculate contacts 2023-04",
    "R006": "Give it as --suppress-under 5.",
    "W001": "Name it with --out.",
    "W003": "Name it with --out.",
    "X015": "To have others known, add them to the aliases in layouts/datasets.",
    "X016": "Add it to the column's aliases in layouts/datasets.",
}

WINDOW: Hints = {
    "H015": "Tick Recalculate published months under More options.",
    "L043": "Or choose one of the layouts in the list.",
    "M011": "Choose it under Reporting month.",
    "M013": "Who keeps the layouts finds them in the folder datasets.",
    "M014": "Who keeps the layouts finds them in the folder datasets.",
    "R001": "Choose it under Layout.",
    "R002": "It stands beside each file in the list.",
    "R003": "Change it under Folder for the workbook and File name.",
    "R006": "It stands under More options.",
    "W001": "Choose it under Folder for the workbook and File name.",
    "W003": "Give it under File name.",
    "X015": f"{_ASSIGN} The program then knows such files again.",
    "X016": _ASSIGN,
}


def advised(problem: Problem, hints: Hints) -> str:
    """Return what to do about a problem, and where."""
    return f"{problem.to_do} {hints.get(problem.code, '')}".strip()


_WORDS = {Level.ERROR: "Error", Level.WARNING: "Warning", Level.NOTE: "Note"}


def print_problems(problems: Iterable[Problem], *, notes: bool) -> None:
    """Print problems grouped by file, the worst first, to the error stream.

    Without `notes` the mere notes are only counted.
    """
    given = list(problems)
    shown = [one for one in given if notes or one.level is not Level.NOTE]
    for file, group in _by_file(shown):
        print(f"\n{file}" if file else "", file=sys.stderr)
        for problem in group:
            told = replace(problem, advice=advised(problem, COMMAND_LINE))
            text = told.text(with_file=False)
            print(f"  {_WORDS[problem.level]}: {text}", file=sys.stderr)
    left = len(given) - len(shown)
    if left:
        print(f"\n{counted(left, 'note')} more; see them with: workbook-builder check",
              file=sys.stderr)  # fmt: skip


def print_written(outcome: Outcome) -> None:
    """Print what was written."""
    month = outcome.month.label if outcome.month else ""
    hidden = sum(figure.status is Status.SUPPRESSED for figure in outcome.shown)
    blank = sum(figure.value is None for figure in outcome.shown) - hidden
    few = f" and {hidden} hidden, since small numbers are: [c]" if hidden else ""
    print(f"Written: {outcome.written}")
    print(f"Reporting month {month}; {counted(len(outcome.shown), 'figure')} of the whole service, "
          f"{blank} of them blank{few}.")  # fmt: skip


def print_sheets(outcome: Outcome) -> None:
    """Print what each sheet of each file was taken for."""
    for sheet in outcome.sheets:
        print(_sheet_line(sheet))
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


def _sheet_line(sheet: Sheet) -> str:
    name = f'{sheet.file}, sheet "{sheet.sheet}"' if sheet.sheet else sheet.file
    if not sheet.dataset:
        return f"{name}: {sheet.standard or 'not recognised'}"
    days = ""
    if sheet.first_day and sheet.last_day:
        days = f", {day_label(sheet.first_day)} to {day_label(sheet.last_day)}"
    return f"{name}: {sheet.dataset}, {counted(sheet.rows_kept, 'row')}{days}"


def _by_file(problems: Sequence[Problem]) -> list[tuple[str, list[Problem]]]:
    groups: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda one: -one.level):
        groups.setdefault(problem.where.file, []).append(problem)
    return list(groups.items())
