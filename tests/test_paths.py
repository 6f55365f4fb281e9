"""Where a packaged program looks for what is its own and for what is the user's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from workbook_builder.paths import layout_folders, licences, without_user_layouts


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a program that takes itself for packaged."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "program" / "workbook-builder"))
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "Documents"))
    return tmp_path / "program"


def test_a_checkout_has_no_layouts_of_the_users_own(root: Path) -> None:
    assert layout_folders() == (root / "layouts",)


def test_own_layouts_stand_beside_the_program_and_in_the_documents(
    packaged: Path, tmp_path: Path, root: Path
) -> None:
    assert layout_folders() == (root / "layouts",)
    beside = packaged / "layouts"
    documents = tmp_path / "Documents" / "Workbook Builder" / "layouts"
    documents.mkdir(parents=True)
    assert layout_folders() == (root / "layouts", documents)
    beside.mkdir(parents=True)
    assert layout_folders() == (root / "layouts", beside, documents)
    with without_user_layouts():
        assert layout_folders() == (root / "layouts",)
    assert layout_folders() == (root / "layouts", beside, documents)


def test_licences_stand_beside_the_program(packaged: Path) -> None:
    (packaged / "LICENCES").mkdir(parents=True)
    assert licences() == packaged / "LICENCES"
