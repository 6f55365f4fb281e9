"""A council's June workbook, built once, for tests that change it and build July."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.history.chain import build, grown, layout_in, write_extracts
from workbook_builder.months import Month
from workbook_builder.request import Outcome

JUNE, JULY = Month(2023, 6), Month(2023, 7)


@dataclass
class Council:
    """A folder with a layout, the extracts of July, and June's workbook."""

    folder: Path
    layout: Path
    inputs: Path
    june: Path

    def july(self, *more: Path, **wishes: object) -> Outcome:
        """Build July, if no other month is wished, from the extracts and what else is given."""
        out = self.folder / "july.xlsx"
        return build([self.inputs, *more], self.layout, out, JULY, **wishes)

    def change(self, edit: Callable[[Workbook], object], file: Path | None = None) -> Path:
        """Change June's workbook as a person would, and save it."""
        file = file or self.june
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file)
        edit(book)
        book.save(file)
        return file


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with June's workbook and the extracts of June and July."""
    folder = tmp_path_factory.mktemp("council")
    layout = layout_in(folder)
    contacts = dict(grown())
    june = write_extracts(folder / "june", contacts[JUNE], JUNE)
    assert build([june], layout, folder / "june.xlsx", JUNE).written
    write_extracts(folder / "in", contacts[JULY], JULY)
    return folder


@pytest.fixture
def council(published: Path, tmp_path: Path) -> Council:
    """A copy of it that a test may change."""
    folder = tmp_path / "council"
    shutil.copytree(published, folder)
    return Council(folder, folder / "chain.toml", folder / "in", folder / "june.xlsx")
