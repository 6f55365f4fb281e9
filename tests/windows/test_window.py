"""The window of the Windows program, driven under Wine by drops and keys as a person does."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
import pytest
from PIL import Image

from tests.conftest import SAMPLE_INPUTS
from tests.window.conftest import TITLE
from tests.windows.conftest import PICTURES, STAMP, Built, parts
from tests.windows.wine import Computer, windows_path

SLOW = 600.0
#: Extracts that are enough for a workbook.
GIVEN = ("rpt62_referrals.csv", "Adoptions.csv")


@pytest.fixture
def out(computer: Computer, tmp_path: Path) -> Path:
    """A folder for workbooks, chosen in the settings of the person at the PC."""
    folder = tmp_path / "out"
    folder.mkdir()
    settings = computer.user / "AppData/Local/workbook-builder/settings.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"output_folder": windows_path(folder)}))
    return folder


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + SLOW
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.5)


def press_until(computer: Computer, key: str, is_so: Callable[[], bool]) -> None:
    """Press a key again and again until something is so: files may not have been read yet."""
    end = time.monotonic() + SLOW
    while not is_so():
        assert time.monotonic() < end, f"pressed {key} in vain"
        # Wine gives keys to the window that came last and to no other.
        computer.screen.focus(TITLE, topmost=True)
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
    given = [Path(shutil.copy(SAMPLE_INPUTS / name, extracts)) for name in GIVEN]
    with ExitStack() as both:
        for _ in range(2):
            both.enter_context(computer.running(built.window, *given, env=STAMP))
        wait_for(lambda: len(computer.screen.shown(TITLE)) == 2)
        press_until(computer, "alt+b", lambda: any(out.glob("*.xlsx")))
        picture(computer, "two")
    assert len(list(out.glob("*.xlsx"))) == 1


def test_commentary_is_typed_in_the_preview_and_in_the_next_workbook(
    built: Built, computer: Computer, tmp_path: Path, out: Path
) -> None:
    given = [Path(shutil.copy(SAMPLE_INPUTS / name, tmp_path)) for name in GIVEN]

    def texts() -> list[str]:
        (workbook,) = out.glob("*.xlsx")
        try:
            book = openpyxl.load_workbook(workbook, read_only=True)
        except (OSError, BadZipFile):  # it is just being put in its place
            return []
        return [str(row[5]) for row in book["Commentary"].iter_rows(values_only=True, min_row=4)]

    with computer.running(built.window, *given, env=STAMP):
        press_until(computer, "alt+b", lambda: any(out.glob("*.xlsx")))
        for keys in (
            ("alt+v",),
            ("alt+d",),
            tuple("statutory"),
            ("Return", "Tab", "Right"),
            ("alt+o", "c"),
        ):
            computer.screen.focus(TITLE, topmost=True)
            computer.screen.keys(*keys)
            time.sleep(5)
        computer.screen.keys(*"more")
        time.sleep(10)
        picture(computer, "commentary")
        press_until(computer, "alt+b", lambda: "more" in texts())


def test_is_dark_where_windows_is(built: Built, computer: Computer, tmp_path: Path) -> None:
    light = lightness(built, computer, tmp_path / "light.png")
    themes = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
    told = computer.run(
        "reg.exe", "add", themes, "/v", "AppsUseLightTheme", "/t", "REG_DWORD", "/d", "0", "/f"
    )
    assert told.status == 0, told.said
    dark = lightness(built, computer, tmp_path / "dark.png")
    assert light > 200 and dark < 80


def lightness(built: Built, computer: Computer, file: Path) -> int:
    """Return how light most of the window's list is, from 0 to 255."""
    with computer.running(built.window):
        computer.screen.focus(TITLE)
        time.sleep(5)
        computer.screen.picture(file)
    found = Image.open(file).convert("L").histogram()
    return max(range(1, 256), key=found.__getitem__)  # what is quite black is the screen around it
