"""Workbooks that the tests look into: the sample's and those of the plans made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sheets.examples import PLANS
from workbook_builder.excel.draw import draw
from workbook_builder.request import Outcome


@pytest.fixture(scope="session")
def sample(sample_build: Outcome) -> Path:
    """The workbook of the sample inputs."""
    assert sample_build.written
    return sample_build.written


@pytest.fixture(scope="session")
def workbooks(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """All workbooks by name; "sample" is the sample's."""
    folder = tmp_path_factory.mktemp("workbooks")
    made = {"sample": sample}
    for name, plan in PLANS.items():
        made[name] = folder / f"{name}.xlsx"
        made[name].write_bytes(draw(plan))
    return made
