"""Where a program looks for what is its own and for what is the user's, in every form of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from workbook_builder.paths import (
    layout_folders,
    licences,
    own_folder,
    user_layout_folders,
    without_user_layouts,
)


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a program that takes itself for packaged."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "program" / "workbook-builder"))
    return tmp_path / "program"


@pytest.fixture
def documents(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The user's own folder in documents that are empty."""
    monkeypatch.delenv("WORKBOOK_BUILDER_FOLDER")
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "Documents"))
    return tmp_path / "Documents" / "Workbook Builder"


def test_a_checkout_and_an_installed_program_look_into_the_documents(
    documents: Path, root: Path
) -> None:
    assert layout_folders() == (root / "layouts",)
    assert user_layout_folders() == (documents, documents / "layouts")
    (documents / "layouts").mkdir(parents=True)
    assert layout_folders() == (root / "layouts", documents, documents / "layouts")


def test_a_packaged_program_looks_beside_itself_as_well(
    packaged: Path, documents: Path, root: Path
) -> None:
    beside = packaged / "layouts"
    assert layout_folders() == (root / "layouts",)
    documents.mkdir(parents=True)
    assert layout_folders() == (root / "layouts", documents)
    beside.mkdir(parents=True)
    assert layout_folders() == (root / "layouts", beside, documents)
    with without_user_layouts():
        assert layout_folders() == (root / "layouts",)
    assert layout_folders() == (root / "layouts", beside, documents)


def test_a_variable_names_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(tmp_path / "shared"))
    assert own_folder() == tmp_path / "shared"


def test_licences_stand_beside_the_program(packaged: Path) -> None:
    (packaged / "LICENCES").mkdir(parents=True)
    assert licences() == packaged / "LICENCES"
