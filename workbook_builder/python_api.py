"""Build workbooks and read figures from Python, for an analyst with a notebook.

Two functions are all there is: `build` writes the workbook of a request, and `read_figures` returns
figures as a pandas DataFrame, from what was built or from a finished workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from workbook_builder import build_workbook
from workbook_builder.figures import Figures
from workbook_builder.history.workbook_tables import Value, month_of, number_of, open_book, text_of
from workbook_builder.names import same_name
from workbook_builder.request import OnProgress, Outcome, Progress, Request
from workbook_builder.workbook_format import FIGURES_COLUMNS, FIGURES_TABLE

#: The columns of the DataFrame, and their pandas types.
FIGURE_TYPES = {
    "measure": "str",
    "month": "period[M]",
    "team": "str",
    "numerator": "float64",
    "denominator": "float64",
    "value": "float64",
    "status": "str",
}


def _ignore_progress(progress: Progress) -> None:
    """Take no notice of how far a build has come."""


def build(request: Request, on_progress: OnProgress = _ignore_progress) -> Outcome:
    """Build the workbook of a request and return what came of it.

    The outcome holds the path written (None if an error stopped the build), the reporting month,
    the figures, and every problem met. `on_progress` is called with the progress so far.
    """
    return build_workbook.build(request, on_progress)


def read_figures(source: Outcome | Path | str) -> pd.DataFrame:
    """Return the figures of an outcome, or of a finished workbook, one row for each figure.

    The columns are those of the workbook's table `t_figures`: `measure` (its key), `month` (a
    monthly period), `team` ("" for the whole service), `numerator`, `denominator` and `value`
    (floats, NaN where blank; a percentage is a fraction from 0 to 1) and `status` (where the figure
    comes from or, if it is blank, why). Raises ValueError if the file holds no such table.
    """
    rows = _rows_built(source.figures) if isinstance(source, Outcome) else _rows_in(Path(source))
    frame = pd.DataFrame(rows, columns=list(FIGURES_COLUMNS))
    frame["month"] = pd.PeriodIndex(frame["month"], freq="M")
    return frame.astype(FIGURE_TYPES)


def _rows_built(figures: Figures) -> Iterable[Sequence[object]]:
    return [
        (
            figure.measure,
            str(figure.month),
            figure.team,
            figure.numerator,
            figure.denominator,
            figure.value,
            str(figure.status),
        )
        for figure in figures
    ]


def _rows_in(workbook: Path) -> Iterable[Sequence[object]]:
    book = open_book(workbook.name, workbook.read_bytes())
    tables = book.tables(same_name(FIGURES_TABLE), ("measure", "month")) if book else ()
    if not tables:
        raise ValueError(f"{workbook} is not a workbook with a table {FIGURES_TABLE}")
    return [_row([row.cells.get(column) for column in FIGURES_COLUMNS]) for row in tables[0].rows]


def _row(cells: Sequence[Value]) -> Sequence[object]:
    measure, month, team, numerator, denominator, value, status = cells
    numbers = (number_of(cell) for cell in (numerator, denominator, value))
    return (text_of(measure), str(month_of(month)), text_of(team), *numbers, text_of(status))
