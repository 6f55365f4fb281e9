"""The window for those who use no mouse, or no eyes: names, keys, contrast, size."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.shells.conftest import PICTURES, TITLE, User
from tests.shells.desktop import Desktop, screen_in_memory
from tests.shells.test_window import contacts

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

AA = 4.5


def parts(user: User) -> Iterator[tuple[str, str, str]]:
    """Yield role, name and description of all that may have the focus, as screen readers do."""
    from PySide6.QtGui import QAccessible, QAccessibleInterface  # noqa: PLC0415

    def walk(one: QAccessibleInterface) -> Iterator[tuple[str, str, str]]:
        state = one.state()
        if state.invisible:
            return
        if state.focusable:
            name, what = QAccessible.Text.Name, QAccessible.Text.Description
            role, said = one.role(), one.text(name)
            if role is QAccessible.Role.ComboBox:  # on Unix, Qt gives what is chosen as its name
                assert said
                said = one.object().property("accessibleName")
            yield role.name, said, one.text(what)
        for at in range(one.childCount()):
            child = one.child(at)
            if child is not None and child.isValid():
                yield from walk(child)

    yield from walk(QAccessible.queryAccessibleInterface(user.window))


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_all_that_may_have_the_focus_has_a_name_and_says_what_it_does(
    tab: int, user: User, tmp_path: Path
) -> None:
    user.drop(contacts(tmp_path / "c.csv", 60))
    user.until(user.all_read)
    user.window.tabs.setCurrentIndex(tab)
    user.rest(0.1)
    found = list(parts(user))
    inside = {"TreeItem", "PageTab", "PageTabList", "Client", "Link"}
    controls = [one for one in found if one[0] not in inside]
    assert len(controls) >= 8
    assert not [one for one in found if not one[1]]
    assert not [one for one in controls if not one[2]]
    names = {name for _, name, _ in controls}
    assert {"Reporting month", "Layout", "File name", "Build the workbook"} <= names


def test_tab_goes_through_everything_in_the_order_of_reading(user: User, tmp_path: Path) -> None:
    user.drop(contacts(tmp_path / "c.csv", 60))
    user.until(user.all_read)
    user.come()
    user.window.files.setFocus()
    seen = []
    for _ in range(13):
        widget = user.application.focusWidget()
        seen.append(widget.accessibleName() if widget else "")
        user.keys("Tab")
    assert seen == [
        "Files", "Remove", "Reporting month", "Layout",
        "Folder for the workbook", "Choose", "File name", "More options", "Build the workbook",
        "", "Add files", "Add folder", "Files",
    ]  # fmt: skip


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_no_key_means_two_things(tab: int, user: User, tmp_path: Path) -> None:
    from PySide6.QtWidgets import QLabel, QPushButton  # noqa: PLC0415

    user.window.tabs.setCurrentIndex(tab)
    labels = user.window.findChildren(QLabel)
    texts = [one.text() for one in labels if one.isVisible() and one.buddy()]
    texts += [user.window.tabs.tabText(at) for at in range(3)]
    hidden = (user.window.wishes.cancel, user.window.log)
    texts += [one.text() for one in user.window.findChildren(QPushButton)
              if (one.isVisible() or one in hidden) and one.text() != "Choose…"]  # fmt: skip
    keys = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert len(keys) >= 9
    assert len(keys) == len(set(keys)), sorted(keys)
    assert not [text for text in texts if "&" not in text]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_letters_stand_out_in_light_and_dark(dark: bool, user: User, root: Path) -> None:
    from PySide6.QtGui import QColor, QPalette  # noqa: PLC0415

    from workbook_builder.shells.qt.colours import readable  # noqa: PLC0415

    role, usual = QPalette.ColorRole, QPalette(user.application.palette())
    if dark:  # what a dark desktop gives
        desktops = QPalette(QColor(50, 50, 50), QColor(50, 50, 50))
        desktops.setColor(role.Base, QColor(36, 36, 36))
        desktops.setColor(role.AlternateBase, QColor(43, 43, 43))
        user.application.setPalette(readable(desktops).resolve(desktops))
    try:
        user.drop(root / "tests" / "extracts_bad" / "impossible_date")
        user.until(user.all_read)
        user.picture("dark" if dark else "light")
        user.keys("alt+p")
        user.picture("dark_problems" if dark else "light_problems")
        colours = user.window.palette()
        assert (colours.color(role.Base).lightness() < 128) == dark
        pairs = [
            (role.WindowText, role.Window), (role.Text, role.Base), (role.ButtonText, role.Button),
            (role.HighlightedText, role.Highlight), (role.Link, role.Base),
        ]  # fmt: skip
        found = {
            (one.name, other.name): contrast(colours.color(one), colours.color(other))
            for one, other in pairs
        }
        assert min(found.values()) >= AA, found
    finally:
        user.application.setPalette(usual)


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours by the rule of the WCAG."""

    def light(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                  for part in parts]  # fmt: skip
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.usefixtures("desktop")
def test_the_program_itself_at_200_percent_from_arguments_to_the_open_workbook(
    tmp_path: Path,
) -> None:
    opened = tmp_path / "opened.txt"
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n')
    opener.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    with screen_in_memory("1920x1080x24") as screen:
        surroundings = {
            **os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": "2",
            "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"),
            "PATH": f"{opener.parent}:{os.environ['PATH']}",
        }  # fmt: skip
        command = [sys.executable, "-m", "workbook_builder", str(contacts(tmp_path / "c.csv"))]
        with subprocess.Popen(command, env=surroundings, cwd=tmp_path) as program:
            try:
                screen.focus(TITLE)
                size = screen.size(TITLE)
                assert size[0] <= 1920
                assert size[1] <= 1080
                workbook = home / "Board data tables Jul-23.xlsx"
                wait_for(workbook, lambda: press(screen, "alt+b"))
                time.sleep(0.5)
                if PICTURES:
                    screen.picture(Path(PICTURES) / "200_percent.png")
                wait_for(opened, lambda: press(screen, "alt+o"))
            finally:
                program.terminate()
    assert (
        opened.read_text(encoding="utf-8").strip().endswith("Board%20data%20tables%20Jul-23.xlsx")
    )
    assert (home / ".config" / "workbook-builder" / "settings.json").is_file()


def press(screen: Desktop, key: str) -> None:
    screen.focus(TITLE)
    screen.keys(key)


def wait_for(file: Path, do: Callable[[], None]) -> None:
    """Do something now and then until a file comes."""
    end = time.monotonic() + 60
    while not (file.exists() and file.stat().st_size):
        assert time.monotonic() < end, f"{file.name} never came"
        do()
        time.sleep(2)
