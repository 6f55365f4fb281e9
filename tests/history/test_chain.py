"""Thirteen months of publishing, each fed with the workbook of the month before."""

from __future__ import annotations

import subprocess
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.excel.libre import SOFFICE, needs_libreoffice
from tests.history.chain import (
    MONTHS,
    Key,
    build,
    expected,
    figures_in,
    grown,
    layout_in,
    revised_in,
    write_extracts,
)

Saved = Callable[[Path], Path]


def as_it_is(workbook: Path) -> Path:
    return workbook


def through_openpyxl(workbook: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        openpyxl.load_workbook(workbook).save(workbook)
    return workbook


def through_libreoffice(workbook: Path) -> Path:
    assert SOFFICE
    out = workbook.parent / "saved"
    profile = (workbook.parent / "profile").resolve().as_uri()
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to",
               "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(workbook)]  # fmt: skip
    for _ in range(2):  # the first start with a new profile may convert nothing
        subprocess.run(command, capture_output=True, timeout=600, check=False)
        if (out / workbook.name).exists():
            return out / workbook.name
    raise AssertionError("LibreOffice converted nothing")


@pytest.mark.parametrize(
    "saved",
    [
        as_it_is,
        pytest.param(through_openpyxl, marks=pytest.mark.slow),
        pytest.param(through_libreoffice, marks=[needs_libreoffice, pytest.mark.slow]),
    ],
)
def test_what_was_published_first_stays_and_each_correction_is_listed_once(
    saved: Saved, tmp_path: Path
) -> None:
    layout = layout_in(tmp_path)
    published: dict[Key, float] = {}
    before: dict[Key, float] = {}
    listed: Counter[Key] = Counter()
    corrected: Counter[Key] = Counter()
    previous: Path | None = None
    for month, contacts in grown():
        today = expected(contacts, [month.plus(-back) for back in range(13)])
        changed = {key for key in today if key in before and today[key] != before[key]}
        out = tmp_path / f"{month}.xlsx"
        inputs = [write_extracts(tmp_path / "in", contacts, month)]
        outcome = build([*inputs, *([previous] if previous else [])], layout, out, month)
        assert outcome.written == out, [problem.text() for problem in outcome.problems]
        for key, value in today.items():
            published.setdefault(key, value)
        if previous:
            found = revised_in(out)
            assert set(found) == changed, month
            listed += found
            corrected += Counter(changed)
        before = today
        previous = saved(out)
    assert previous
    assert figures_in(previous) == pytest.approx(published, rel=1e-12)
    assert {month for _, month, _ in published} > set(MONTHS)
    assert listed == corrected
    assert corrected
