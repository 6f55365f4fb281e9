"""The wheel carries what the program needs: layouts, sample inputs and docs are in it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel_names(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    code = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(folder / done.stdout.strip().splitlines()[-1]) as wheel:
        return set(wheel.namelist())


@pytest.mark.parametrize("folder", ["docs", "layouts", "sample_inputs"])
def test_the_wheel_carries_the_folder(folder: str, root: Path, wheel_names: set[str]) -> None:
    files = [file for file in (root / folder).rglob("*") if file.is_file()]
    wanted = {
        f"workbook_builder/{file.relative_to(root)}"
        for file in files
        if "__pycache__" not in file.parts
    }
    assert wanted
    assert wanted <= wheel_names


def test_the_wheel_carries_no_tests_and_no_caches(wheel_names: set[str]) -> None:
    assert not [name for name in wheel_names if name.startswith("tests/") or ".pyc" in name]
