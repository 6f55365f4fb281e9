"""What all tests share: the sample inputs and one build of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from workbook_builder.build import build
from workbook_builder.request import Outcome, Request

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_INPUTS = ROOT / "sample_inputs"
#: A time stamp for workbooks that must come out the same every time.
WRITTEN = datetime(2023, 8, 3, 9, 0, 0)
#: Folders whose tests share something that takes long to start.
SHARING = ("spark", "packaged", "windows")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file, or of a folder that shares something, run in one process."""
    for item in items:
        folder = item.path.parent.name
        group = folder if folder in SHARING else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def sample_build(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The workbook of the sample inputs, built once."""
    out = tmp_path_factory.mktemp("sample") / "board.xlsx"
    request = Request(inputs=(SAMPLE_INPUTS,), out=out, written=WRITTEN)
    return build(request, lambda progress: None)
