"""Finished figures: what no children's system records, as another service would send it."""

from pathlib import Path

from .table import Cell, Table
from .writers import TextStyle, write_text

QUARTERS = ("2022-09", "2022-12", "2023-03", "2023-06")

#: Invented values by quarter, as they would be typed.
FIGURES = {
    "not_in_education_employment_or_training": ("6.4%", "5.8%", "5.5%", "5.9%"),
    "first_time_entrants": ("301", "288", "279", "264"),
    "families_attached": ("112", "127", "141", "118"),
    "payment_by_results_claims": ("41", "66", "83", "52"),
}


def write_finished_figures(path: Path) -> None:
    """Write the quarterly figures: commas, a row for each measure and quarter."""
    rows: list[list[Cell]] = [
        [name, month, value]
        for name, values in FIGURES.items()
        for month, value in zip(QUARTERS, values, strict=True)
    ]
    write_text(path, Table(["Measure", "Month", "Value"], rows), TextStyle(","))
