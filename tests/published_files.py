"""Made-up files in the shape in which national statistics are published."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

BEFORE = ("time_period", "time_identifier", "geographic_level", "country_code", "country_name",
          "region_code", "region_name", "old_la_code", "la_name", "new_la_code")  # fmt: skip

#: Authorities of the made-up region "South East" by code; the first is the one whose board it is.
AUTHORITIES = {"852": "Ourtown", "901": "Northby", "902": "Eastham", "903": "Westley"}
REGION = "South East"
ON_31_MARCH = {"population_type": "Children looked after on 31 March each year"}

Row = dict[str, str]


def england(year: object, **figures: object) -> Row:
    """Return a row of England."""
    return _row(year, "National", **figures)


def region(year: object, **figures: object) -> Row:
    """Return a row of the region."""
    return _row(year, "Regional", region_code="E12", region_name=REGION, **figures)


def authority(year: object, code: str, **figures: object) -> Row:
    """Return a row of an authority."""
    place = {
        "region_code": "E12",
        "region_name": REGION,
        "old_la_code": code,
        "la_name": AUTHORITIES.get(code, f"Town {code}"),
        "new_la_code": f"E06000{code}",
    }
    return _row(year, "Local authority", **place, **figures)


def _row(year: object, level: str, **values: object) -> Row:
    start = {
        "time_period": str(year),
        "time_identifier": "Reporting year",
        "geographic_level": level,
        "country_code": "E92000001",
        "country_name": "England",
    }
    return start | {key: str(value) for key, value in values.items()}


def csv_text(rows: Iterable[Row], columns: Sequence[str], *, mark: bool = False) -> str:
    """Write rows under headings, with a byte order mark if asked for."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return ("\ufeff" if mark else "") + out.getvalue()


LOOKED_AFTER = (*BEFORE, "population_type", "population_estimate", "children_count",
                "rate_per_10000")  # fmt: skip
REFERRALS = (*BEFORE, "category", "referral_count", "rereferral_count", "rereferral_percent")
POPULATION = (*BEFORE, "age_group", "population_estimate")


def looked_after(figures: Mapping[str, object], year: object = 2021) -> list[Row]:
    """Return rows of children looked after by area ("England", "region", or a code)."""
    return [of_area(area, year, ON_31_MARCH, children_count=one) for area, one in figures.items()]


def referrals(percent: Mapping[str, object], year: object = 2022) -> list[Row]:
    """Return rows of the percentage of re-referrals by area."""
    what = {"category": "Referrals and Re-referrals"}
    return [of_area(area, year, what, rereferral_percent=one) for area, one in percent.items()]


def people(figures: Mapping[str, object], year: object = 2022) -> list[Row]:
    """Return rows of mid-year estimates by area."""
    what = {"age_group": "Children aged 0 to 17 years"}
    return [of_area(area, year, what, population_estimate=one) for area, one in figures.items()]


def of_area(area: str, year: object, what: Row, **figures: object) -> Row:
    """Return a row of an area: "England", "region", or the code of an authority."""
    given: dict[str, object] = {**what, **figures}
    if area == "England":
        return england(year, **given)
    return region(year, **given) if area == "region" else authority(year, area, **given)


def neighbours(sets: Mapping[str, Sequence[str]]) -> str:
    """Write a file of statistical neighbours by authority."""
    headings = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"]
    for number in range(1, 11):
        headings += [f"SN{number}", "SNP"]
    lines = [headings]
    for code, codes in sets.items():
        padded = [*codes, *[""] * (10 - len(codes))]
        closeness = [text for one in padded for text in (one, "Close" if one else "")]
        lines.append([code, AUTHORITIES.get(code, ""), code, "1", REGION, *closeness])
    return "\n".join(",".join(line) for line in [*lines, [""] * len(headings)]) + "\n"


def written(file: Path, text: str) -> Path:
    """Write a file and return its path."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
