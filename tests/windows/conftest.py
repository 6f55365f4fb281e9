"""The Windows program on a PC that Wine plays. Needs a build: WINDOWS_BUILD names its folder."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLE_INPUTS, WRITTEN
from tests.windows.wine import Computer, computer_like

#: Where build/windows.sh has put what it built, and the bench that it built it on.
BUILD = os.environ.get("WINDOWS_BUILD", "")
BENCH = os.environ.get("WORKBOOK_BUILDER_BENCH", "~/.cache/workbook-builder/windows-bench")
#: Where pictures of the window are kept, if anywhere.
PICTURES = os.environ.get("WINDOW_PICTURES", "")

PRODUCT = "Workbook Builder"
#: The time that workbooks bear, here and there.
STAMP = {"SOURCE_DATE_EPOCH": str(int(WRITTEN.timestamp()))}


@dataclass(frozen=True)
class Built:
    """What build/windows.sh made."""

    folder: Path

    @property
    def program(self) -> Path:
        """The folder of the program."""
        return self.folder / PRODUCT

    @property
    def console(self) -> Path:
        """The program for the command line."""
        return self.program / "workbook-builder.exe"

    @property
    def window(self) -> Path:
        """The program that shows the window."""
        return self.program / f"{PRODUCT}.exe"

    def one(self, pattern: str) -> Path:
        """Return the one file whose name is of a pattern."""
        (found,) = self.folder.glob(pattern)
        return found


@pytest.fixture(scope="session")
def built() -> Built:
    if not BUILD:
        pytest.skip("needs a Windows build: WINDOWS_BUILD (build/wine/try.sh)")
    return Built(Path(BUILD).resolve())


@pytest.fixture(scope="session")
def bench(built: Built) -> Path:
    return Path(BENCH).expanduser()


@pytest.fixture(scope="module")
def computer(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computer]:
    """A PC on which nothing of ours has been yet."""
    with computer_like(bench / "prefix", tmp_path_factory.mktemp("computer")) as one:
        yield one


@pytest.fixture(scope="session")
def linux_workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook of the sample inputs, built here by the program from the checkout."""
    out = tmp_path_factory.mktemp("linux") / "board.xlsx"
    command = [
        sys.executable,
        "-m",
        "workbook_builder",
        "build",
        str(SAMPLE_INPUTS),
        "--out",
        str(out),
    ]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **STAMP}, check=True, timeout=600)
    return out.read_bytes()


def parts(workbook: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook. The archive around them says on which system it was made."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
