"""The monthly scorecards as published: their months in, all that is worked out from them out."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import SAMPLE_INPUTS
from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.months import Month
from workbook_builder.request import Request

PUBLISHED = Path(__file__).parent / "published"
MISSING = "children_missing"

#: Worked out by the council from unrounded values, or from a month misread.
EXCEPTIONS_2018: dict[tuple[str, str], tuple[str, object]] = {
    ("EH3b%", "change_on_month"): ("24%", 0.23),
    ("EH3b%", "change_on_year"): ("18%", 0.19),
    ("EH3b%", "average_12_months"): ("22.8%", 0.229),
    ("EH3e%", "change_on_year"): ("23%", 0.24),
    ("CP2-NI", "change_on_month"): ("38%", 0.4),
    ("CP2-NI", "change_on_year"): ("87%", 0.75),
    ("CP2-NI", "average_12_months"): ("8", 9.0),
    ("CP3-QL", "change_on_month"): ("52%", 0.51),
    ("EH4 (val)", "change_on_year"): ("-19%", -0.15),
}

#: Quarterly indicators: never compared, since the month before is always blank; and what was typed.
EXCEPTIONS_2019: dict[tuple[str, str], tuple[str, object]] = {
    ("YO2", "change_on_previous_period"): ("n/a", -0.01),
    ("YO2", "average_12_months"): ("-", 412.0),
    ("YO2", "maximum_12_months"): ("0", 439.0),
    ("FM011", "change_on_previous_period"): ("n/a", -0.19),
    ("FM011", "average_12_months"): ("122", 126.0),
    ("FM012", "change_on_previous_period"): ("", 4.31),
    ("FM012", "change_on_year"): ("", "n/a"),
    ("FM012", "average_12_months"): ("", 46.0),
    ("FM012", "maximum_12_months"): ("", 85.0),
}

COLUMNS = {
    "change_on_month": "% change from previous month",
    "change_on_previous_period": "% change from previous month",
    "change_on_year": "% change from same month of previous year",
    "average_12_months": "12 month average",
    "maximum_12_months": "12-mnth max value",
}


def rows_of(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def month_of(heading: str) -> Month | None:
    try:
        return Month.of(datetime.strptime(heading, "%b-%y").date())
    except ValueError:
        return None


def as_figures(rows: list[dict[str, str]], file: Path) -> Path:
    """Write the months of a published table as a list of finished figures."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["measure", "month", "value"])
        for row in rows:
            for heading, value in row.items():
                month = month_of(heading)
                if month and value not in ("", "-"):
                    writer.writerow([row["ref"] or MISSING, month, value])
    return file


def built(rows: list[dict[str, str]], month: Month, folder: Path) -> Path:
    request = Request(
        inputs=(as_figures(rows, folder / "figures.csv"),),
        layout="scorecard",
        month=month,
        out=folder / "scorecard.xlsx",
    )
    outcome = build(request, lambda progress: None)
    assert outcome.written
    assert not [one for one in outcome.problems if one.code in ("M009", "M012")]
    return outcome.written


def table_of(workbook: Path) -> Mapping[str, Mapping[str, object]]:
    """Return the rows of the workbook's table by their references, cells by their headings."""
    sheet = openpyxl.load_workbook(workbook, data_only=True)["Monthly dataset"]
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    top = next(at for at, row in enumerate(cells) if row[0] == "Ref.")
    rows = [dict(zip(map(str, cells[top]), row, strict=True)) for row in cells[top + 1 :]]
    return {str(row["Ref."] or MISSING): row for row in rows}


def value_of(text: str) -> float | str:
    if text.endswith("%"):
        return round(float(text[:-1]) / 100, 9)
    try:
        return float(text)
    except ValueError:
        return text


def differing(rows: list[dict[str, str]], ours: Mapping[str, Mapping[str, object]]) -> Iterator[
    tuple[tuple[str, str], tuple[str, object]]
]:  # fmt: skip
    for row in rows:
        for column, heading in COLUMNS.items():
            found = ours[row["ref"] or MISSING][heading]
            shown = round(found, 9) if isinstance(found, float) else found
            if column in row and value_of(row[column]) != shown:
                yield (row["ref"], column), (row[column], shown)


@pytest.mark.filterwarnings("ignore:Sparkline Group")
@pytest.mark.parametrize(
    ("name", "month", "count", "exceptions"),
    [
        ("scorecard_2018-04", Month(2018, 4), 232, EXCEPTIONS_2018),
        ("early_help_2019-08", Month(2019, 8), 36, EXCEPTIONS_2019),
    ],
)
def test_what_is_worked_out_comes_out_as_published(
    name: str,
    month: Month,
    count: int,
    exceptions: Mapping[tuple[str, str], tuple[str, object]],
    tmp_path: Path,
) -> None:
    rows = rows_of(name)
    assert sum(column in row for row in rows for column in COLUMNS) == count
    found = dict(differing(rows, table_of(built(rows, month, tmp_path))))
    assert found == exceptions


def test_outcomes_and_desired_directions_stand_as_published() -> None:
    definitions = known_definitions(inputs=[SAMPLE_INPUTS]).value
    (table,) = definitions.layouts["scorecard"].tables
    polarity = {"up": "higher", "down": "lower", "": None}
    ours = {row.reference: row for row in table.rows}
    for published in rows_of("scorecard_2018-04"):
        row = ours[published["ref"]]
        better = row.better or definitions.measures[row.measure].better
        assert (None if better == "neither" else better) == polarity[published["better"]]
        assert row.outcome == published["outcome"]


def test_owners_and_reporters_are_roles() -> None:
    (table,) = known_definitions().value.layouts["scorecard"].tables
    assert all(row.owner.startswith("Head of Service, ") for row in table.rows)
    assert all(row.reporter.startswith("Analyst, ") for row in table.rows)
