"""Writes docs/reference/measures.md from the measures that come with the program.

Run it after changing one: python docs/make_measures.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.definitions.measure_text import clock_words, polarity_word, sql_words
from workbook_builder.definitions.measures import (
    Average,
    Children,
    ChildrenInAny,
    Clocked,
    Measure,
    Percentage,
    Rate,
    Share,
    Sum,
)

PAGE = Path(__file__).parent / "reference" / "measures.md"
FILES = Path(__file__).parent.parent / "layouts" / "measures"

_HEAD = """# Every measure

The measures that come with the program, one table for each file of `layouts/measures/`. References
are those of the layouts that show the measure. A threshold is followed by the value that it has
unless a layout gives another. `workbook-builder explain KEY` says more of a measure and, with
extracts, where its numbers come from; see [the command line](command-line.md). This page is written
by `python docs/make_measures.py`.
"""

_COLUMNS = (
    "title", "key", "references", "clock", "numerator", "denominator", "left out", "better",
    "source",
)  # fmt: skip
_NONE = "–"


def page() -> str:
    """Return the text of the page."""
    definitions = known_definitions().value
    parts = [_HEAD]
    for file in sorted(FILES.glob("*.toml")):
        rows = [_row(one, definitions) for one in _measures_in(file, definitions)]
        rule = "|---" * len(_COLUMNS) + "|"
        parts.append("\n".join(["", f"## {_theme(file)}", "", _line(_COLUMNS), rule, *rows, ""]))
    return "".join(parts)


def _theme(file: Path) -> str:
    """Return what the first line of a file, a comment, says that it holds."""
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    return f"{first.removeprefix('#').strip().rstrip('.')} (`{file.name}`)"


def _measures_in(file: Path, definitions: Definitions) -> Iterator[Measure]:
    for name, measure in definitions.measures.items():
        if Path(definitions.where("measures", name).file).name == file.name:
            yield measure


def _row(measure: Measure, definitions: Definitions) -> str:
    clocked = measure if isinstance(measure, Clocked) else None
    return _line([
        measure.title,
        f"`{measure.name}`",
        ", ".join(_references(measure.name, definitions)),
        clock_words(clocked, definitions) if clocked else "",
        _numerator(measure, definitions),
        _denominator(measure, definitions),
        "; ".join(clocked.exclude) if clocked else "",
        polarity_word(measure.better).lower(),
        measure.source,
    ])  # fmt: skip


def _references(name: str, definitions: Definitions) -> Iterator[str]:
    for layout in definitions.layouts.values():
        found = {row.reference: None for table in layout.tables for row in table.rows
                 if row.measure == name and row.reference}  # fmt: skip
        yield from (f"{reference} ({layout.name})" for reference in found)


def _numerator(measure: Measure, definitions: Definitions) -> str:
    if isinstance(measure, Clocked):
        return _counted(measure, definitions)
    if isinstance(measure, ChildrenInAny):
        return f"children in any of {_names(measure.parts)}"
    if isinstance(measure, Sum):
        taken = f" less {_names(measure.minus)}" if measure.minus else ""
        return _names(measure.sum_of, " + ") + taken
    if isinstance(measure, Rate | Share):
        return _names(measure.parts[:1])
    return "comes finished"


def _counted(measure: Clocked, definitions: Definitions) -> str:
    if isinstance(measure, Percentage):
        return f"those where {_sql([measure.where], definitions)}"
    if isinstance(measure, Average):
        return f"the sum of {_sql([measure.value], definitions)}"
    what = "children in " if isinstance(measure, Children) else ""
    return what + _records(measure, [measure.among, measure.where], definitions)


def _denominator(measure: Measure, definitions: Definitions) -> str:
    if isinstance(measure, Percentage):
        return _records(measure, [measure.among], definitions)
    if isinstance(measure, Average):
        return _records(measure, [measure.among, measure.where], definitions) + ", with a value"
    if isinstance(measure, Rate):
        return f"people of `{measure.population}`, for every {measure.per:,}"
    return _names([measure.share_of]) if isinstance(measure, Share) else ""


def _records(measure: Clocked, conditions: Iterable[str], definitions: Definitions) -> str:
    where = _sql(conditions, definitions)
    return f"records of `{measure.dataset}`" + (f" where {where}" if where else "")


def _sql(conditions: Iterable[str], definitions: Definitions) -> str:
    return " and ".join(f"`{sql_words(text, definitions)}`" for text in conditions if text)


def _names(names: Iterable[str], between: str = ", ") -> str:
    return between.join(f"`{name}`" for name in names)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") or _NONE for cell in cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
