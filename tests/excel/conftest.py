"""Workbooks that the tests look into: the sample's and those of the plans files by hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.sheets.examples import PLANS
from workbook_builder.excel.draw import draw
from workbook_builder.request import Outcome


@cache
def opened(workbook: Path, *, data_only: bool = False) -> Workbook:
    """Open a workbook once for all tests, which only look into it."""
    return openpyxl.load_workbook(workbook, data_only=data_only)


@pytest.fixture(scope="session")
def sample(sample_build: Outcome) -> Path:
    """The workbook of the sample inputs."""
    assert sample_build.written
    return sample_build.written


@pytest.fixture(scope="session")
def workbooks(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """All workbooks by name; "sample" is the sample's."""
    folder = tmp_path_factory.mktemp("workbooks")
    files = {"sample": sample}
    for name, plan in PLANS.items():
        files[name] = folder / f"{name}.xlsx"
        files[name].write_bytes(draw(plan))
    return files
