"""Decks that the tests look into."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pptx
import pytest

from workbook_builder.request import Outcome


def opened(content: bytes) -> Any:
    """Open a deck that the program wrote."""
    return pptx.Presentation(io.BytesIO(content))


@pytest.fixture(scope="session")
def deck_file(sample_build: Outcome) -> Path:
    """The deck of the sample inputs."""
    assert sample_build.slides
    return sample_build.slides


@pytest.fixture(scope="session")
def deck(deck_file: Path) -> Any:
    """The deck of the sample inputs, read by python-pptx."""
    return opened(deck_file.read_bytes())


@pytest.fixture(scope="session")
def book(sample_build: Outcome) -> openpyxl.Workbook:
    """The workbook of the sample inputs with the values of its formulas."""
    assert sample_build.written
    return openpyxl.load_workbook(sample_build.written, data_only=True)
