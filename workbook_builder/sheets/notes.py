"""The notes: what each indicator means, how it is counted, the rules in force, blanks and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.targets import Comparator, Target
from workbook_builder.definitions.words import WORKING_DAYS, how_counted, polarity_word
from workbook_builder.indicators.judge import decimals_shown
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month, months_text
from workbook_builder.sheets.formulas import DASH
from workbook_builder.sheets.listing import Value, listing, widths
from workbook_builder.sheets.plan import Area, Cell, Sheet, Text
from workbook_builder.sheets.titles import SECTION_HEIGHT, TITLE_HEIGHTS, titles

NAME = "Notes"
DEFINITIONS_TABLE = "t_definitions"
BLANKS_TABLE = "t_blanks"

_COLUMNS = (
    ("Ref.", 7.0), ("Indicator", 40.0), ("Definition", 52.0), ("How it is counted", 60.0),
    ("Better", 11.0), ("Target", 10.0), ("Tolerance", 10.0), ("Source", 30.0),
)  # fmt: skip
_BLANK_COLUMNS = (("Ref.", 7.0), ("Indicator", 40.0), ("Months", 52.0), ("Why blank", 60.0))

RULES = (
    WORKING_DAYS,
    "Values are rounded half away from zero, as Excel does, and all ratings and changes are worked "
    "out on the values as printed. The Figures sheet holds them unrounded.",
    "A target that is missed by less than the tolerance, a share of the target, is amber.",
    "A month is left blank where no extract covers all of it. It is never filled with a zero.",
)


def notes_sheet(indicators: Sequence[Indicator], definitions: Definitions, month: Month) -> Sheet:
    """Lay out the notes on all indicators of the workbook, each once."""
    once = _each_measure_once(indicators)
    rows = [_definition(indicator, definitions, month) for indicator in once]
    rules = [Cell(2 + at, 0, Text(rule), "body") for at, rule in enumerate(_rules(definitions))]
    defined = listing(DEFINITIONS_TABLE, 3 + len(rules), _COLUMNS, rows)
    blank_rows = list(_blanks(once))
    blanks = listing(BLANKS_TABLE, defined.end + 2, _BLANK_COLUMNS, blank_rows)
    return Sheet(
        name=NAME,
        cells=(
            *titles(NAME, "Definitions, rules and blanks"),
            *rules,
            *defined.cells,
            Cell(defined.end + 1, 0, Text("Blank months and why"), "section"),
            *(blanks.cells if blank_rows else _no_blanks(defined.end + 2)),
        ),
        widths=widths(_COLUMNS),
        heights=(
            *TITLE_HEIGHTS,
            *defined.heights,
            (defined.end + 1, SECTION_HEIGHT),
            *(blanks.heights if blank_rows else ()),
        ),
        tables=(defined.table, *((blanks.table,) if blank_rows else ())),
        print_area=Area(0, 0, blanks.end - 1, len(_COLUMNS) - 1),
    )


def _each_measure_once(indicators: Sequence[Indicator]) -> list[Indicator]:
    first: dict[str, Indicator] = {}
    for indicator in indicators:
        first.setdefault(indicator.measure, indicator)
    return list(first.values())


def _rules(definitions: Definitions) -> Iterator[str]:
    yield from RULES
    yield from (_benchmark(comparator) for comparator in definitions.comparators.values())


def _benchmark(comparator: Comparator) -> str:
    said = (comparator.period, comparator.method, comparator.source)
    return f'Benchmark column "{comparator.title}": {"; ".join(text for text in said if text)}.'


def _definition(indicator: Indicator, definitions: Definitions, month: Month) -> list[Value]:
    measure = definitions.measures[indicator.measure]
    target = definitions.targets.get(measure.name)
    return [
        indicator.reference,
        indicator.title,
        measure.definition,
        how_counted(measure, definitions),
        polarity_word(measure),
        _target(target, indicator, month),
        _percent(target.tolerance) if target else DASH,
        measure.source,
    ]


def _target(target: Target | None, indicator: Indicator, month: Month) -> str:
    value = target.in_year(month.financial_year) if target else None
    if value is None:
        return DASH
    decimals = decimals_shown(value, indicator.unit, indicator.decimals)
    return f"{value:.{decimals}%}" if indicator.unit == "percent" else f"{value:,.{decimals}f}"


def _percent(share: float) -> str:
    return f"{share:.{decimals_shown(share, 'percent', 0)}%}"


def _blanks(indicators: Sequence[Indicator]) -> Iterator[list[Value]]:
    for indicator in indicators:
        reasons: dict[str, list[Month]] = {}
        for shown in indicator.months:
            if shown.value is None:
                reasons.setdefault(shown.reason, []).append(shown.month)
        for reason, months in reasons.items():
            yield [indicator.reference, indicator.title, months_text(months), reason]


def _no_blanks(row: int) -> Iterator[Cell]:
    yield Cell(row, 0, Text("No month is blank."), "body")
