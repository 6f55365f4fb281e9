"""Write the table of what comes out of each standard return into the how-to.

python -m tests.returns
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.returns.compare import FORMS, Shown, shown_of
from tests.returns.records import ROOT
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.months import Month

PAGE = ROOT / "docs" / "how-to" / "use-a-standard-return.md"
BEGIN, END = "<!-- made by python -m tests.returns -->", "<!-- end of what is made -->"
#: The returns that are columns of the table: the XML holds what the tables hold.
COLUMNS = ("Annex A", "SSDA903", "CIN census", "SSD")


def main() -> None:
    """Put the table between its marks."""
    with TemporaryDirectory() as folder:
        shown = {form: shown_of(form, _subfolder(folder, form)) for form in COLUMNS}
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table(shown)}\n{END}{after}", encoding="utf-8")


def _subfolder(folder: str, form: str) -> Path:
    assert form in FORMS
    path = Path(folder) / form
    path.mkdir()
    return path


def months_on_the_page(form: str) -> Mapping[str, str]:
    """Return the months that the how-to says a return tells, by the indicator's title."""
    _, _, made = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    lines = made.partition(END)[0].strip().splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1 + COLUMNS.index(form)] for row in rows}


def table(shown: Mapping[str, Mapping[str, Shown]]) -> str:
    """Return the table: each indicator of the board, and the months that each return tells."""
    lines = [
        f"| indicator | {' | '.join(COLUMNS)} |",
        f"|---|{'---|' * len(COLUMNS)}",
    ]
    for title, measure in indicators():
        cells = (months_text(shown[form][measure].months) for form in COLUMNS)
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def indicators() -> Sequence[tuple[str, str]]:
    """Return the titles of the board's indicators, each with its measure."""
    definitions = load_definitions([ROOT / "layouts"]).value
    rows = [row for table in definitions.layouts["board"].tables for row in table.rows]
    titles = ((row.title or definitions.measures[row.measure].title, row.measure) for row in rows)
    return tuple(dict.fromkeys(titles))


def months_text(months: Sequence[Month]) -> str:
    """Return months as the first and the last of them, which have all between."""
    if not months:
        return ""
    if len(months) == 1:
        return months[0].label
    return f"{months[0].label} to {months[-1].label}"


if __name__ == "__main__":
    main()
