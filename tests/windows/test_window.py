"""The window of the Windows program, driven under Wine by drops and keys as a person does."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_INPUTS
from tests.shells.conftest import TITLE
from tests.windows.conftest import PICTURES, STAMP, Built, parts
from tests.windows.wine import Computer, windows_path

SLOW = 600.0


@pytest.fixture
def out(computer: Computer, tmp_path: Path) -> Path:
    """A folder for workbooks, chosen in the settings of the person at the PC."""
    folder = tmp_path / "out"
    folder.mkdir()
    settings = computer.user / "AppData/Local/workbook-builder/settings.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"output_folder": windows_path(folder)}))
    return folder


def press_until(computer: Computer, key: str, is_so: Callable[[], bool]) -> None:
    """Press a key again and again until something is so: files may not have been read yet."""
    end = time.monotonic() + SLOW
    while not is_so():
        assert time.monotonic() < end, f"pressed {key} in vain"
        computer.screen.focus(TITLE)
        computer.screen.keys(key)
        time.sleep(3)


def picture(computer: Computer, name: str) -> None:
    if PICTURES:
        computer.screen.focus(TITLE)
        time.sleep(2)
        computer.screen.picture(Path(PICTURES) / f"windows-{name}.png")


def test_takes_dropped_files_and_builds(
    built: Built, computer: Computer, tmp_path: Path, out: Path, linux_workbook: bytes
) -> None:
    with computer.running(built.window, env=STAMP):
        picture(computer, "empty")
        computer.screen.drop(TITLE, [SAMPLE_INPUTS])
        press_until(computer, "alt+b", lambda: any(out.glob("*.xlsx")))
        picture(computer, "built")
    (workbook,) = out.iterdir()
    assert workbook.name == "Board data tables Jul-23.xlsx"
    assert parts(workbook.read_bytes()) == parts(linux_workbook)


def test_files_dropped_on_the_icon_open_with_the_window_and_two_windows_get_along(
    built: Built, computer: Computer, tmp_path: Path, out: Path
) -> None:
    extracts = tmp_path / "July's £ extracts"
    extracts.mkdir()
    given = [shutil.copy(SAMPLE_INPUTS / name, extracts) for name in ("PEP.csv", "Adoptions.csv")]
    with ExitStack() as both:
        for _ in range(2):
            both.enter_context(computer.running(built.window, *map(Path, given), env=STAMP))
        press_until(computer, "alt+b", lambda: any(out.glob("*.xlsx")))
        picture(computer, "two")
    assert len(list(out.glob("*.xlsx"))) == 1
