"""A measure explained, as lines of text for a terminal. Of the records only counts are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from workbook_builder.figures import Status
from workbook_builder.problems import counted
from workbook_builder.run import Explained, Explanation, Numbers

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
