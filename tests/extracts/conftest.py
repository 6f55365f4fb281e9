"""What the tests of extracts share: the shipped datasets, and reading a file made on the spot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.loaded import LoadedExtracts, read_extracts
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.problems import Result

LAYOUTS = Path(__file__).parents[2] / "layouts"


@pytest.fixture(scope="session")
def shipped() -> Mapping[str, Dataset]:
    return load_definitions([LAYOUTS]).value.datasets


@pytest.fixture
def read(tmp_path: Path, shipped: Mapping[str, Dataset]) -> Callable[..., Result[LoadedExtracts]]:
    """Write files by name and content, then read them in that order."""

    def write_and_read(**files: str | bytes) -> Result[LoadedExtracts]:
        paths = []
        for name, content in files.items():
            path = tmp_path / name.replace("__", ".")
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(path)
        return read_extracts(paths, shipped, lambda name: None)

    return write_and_read
