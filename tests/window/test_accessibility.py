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

from tests.window.conftest import PICTURES, TITLE, User
from tests.window.desktop import PATIENCE, Desktop, screen_in_memory
from tests.window.test_window import contacts

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget

AA = 4.5
#: Files, problems, preview, result.
TABS = 4
#: How much a pixel must change for a change to be seen, and how much of an edge must.
SEEN = 3.0
MARKED = 0.9


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


def test_all_that_may_have_the_focus_has_a_name_and_says_what_it_does(
    user: User, tmp_path: Path
) -> None:
    user.drop(contacts(tmp_path / "c.csv", 60))
    user.until(user.all_read)
    user.more_options()
    inside = {"TreeItem", "PageTab", "PageTabList", "Client", "Link", "Cell"}
    for tab in range(TABS):
        user.window.tabs.setCurrentIndex(tab)
        user.settle()
        found = list(parts(user))
        controls = [one for one in found if one[0] not in inside]
        assert len(controls) >= 8, tab
        assert not [one for one in found if not one[1]], tab
        assert not [one for one in controls if not one[2]], tab
        names = {name for _, name, _ in controls}
        assert {"Reporting month", "Layout", "Previous workbook", "File name",
                "Hide small numbers", "From month", "Build the workbook"} <= names, tab  # fmt: skip


def test_tab_goes_through_everything_in_the_order_of_reading(user: User, tmp_path: Path) -> None:
    user.drop(contacts(tmp_path / "c.csv", 60))
    user.until(user.all_read)
    user.come()
    user.window.files.setFocus()
    seen: list[str] = []
    for _ in range(27):
        widget = user.application.focusWidget()
        name = widget.accessibleName() if widget else ""
        if name not in seen[-1:]:  # a day has three parts
            seen.append(name)
        user.keys("Tab")
    assert seen == [
        "Files", "Remove", "What is this", "Reporting month", "Data covers from",
        "Data covers to", "Layout", "Choose layout file",
        "Previous workbook", "Choose previous workbook", "Folder for the workbook",
        "Choose folder", "File name", "PowerPoint slides too", "More options", "Build the workbook",
        "Files, problems, preview and result", "Choose council", "Help (F1)", "Add files",
        "Add folder",
        "Lists that the layout needs", "Files",
    ]  # fmt: skip


def test_no_key_means_two_things(user: User) -> None:
    from PySide6.QtWidgets import QLabel, QPushButton  # noqa: PLC0415

    user.more_options()
    hidden = (user.window.options.cancel, user.window.log)
    council = user.window.council.top  # which a council's name is on
    for tab in range(TABS):
        user.window.tabs.setCurrentIndex(tab)
        user.settle()
        labels = user.window.findChildren(QLabel)
        texts = [one.text() for one in labels if one.isVisible() and one.buddy()]
        texts += [user.window.tabs.tabText(at) for at in range(TABS)]
        texts += [one.text() for one in user.window.findChildren(QPushButton)
                  if (one.isVisible() or one in hidden) and one.text() != "Choose…"
                  and one is not council]  # fmt: skip
        keys = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(keys) >= 9, tab
        assert len(keys) == len(set(keys)), (tab, sorted(keys))
        assert not [text for text in texts if "&" not in text], tab


@pytest.fixture
def light_again(user: User) -> Iterator[None]:
    """Let the desktop be light after a test, whatever became of it."""
    yield
    user.be_dark(False)


@pytest.mark.usefixtures("light_again")
def test_letters_stand_out_in_light_and_dark(user: User, root: Path) -> None:
    from PySide6.QtGui import QPalette  # noqa: PLC0415

    role = QPalette.ColorRole
    pairs = [
        (role.WindowText, role.Window), (role.Text, role.Base), (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight), (role.Link, role.Base),
        (role.PlaceholderText, role.Base),
    ]  # fmt: skip
    user.drop(root / "tests" / "extracts_bad" / "impossible_date")
    user.until(user.all_read)
    user.keys("alt+p")
    for dark in (True, False):  # the window turns with the desktop while it is open
        user.be_dark(dark)
        user.picture("dark_problems" if dark else "light_problems")
        colours = user.window.palette()
        assert (colours.color(role.Base).lightness() < 128) == dark
        found = {
            (one.name, other.name): contrast(colours.color(one), colours.color(other))
            for one, other in pairs
        }
        state = user.window.needs.lists.topLevelItem(0)  # whose word has a colour of its own
        assert state
        found["state", "Base"] = contrast(state.foreground(0).color(), colours.color(role.Base))
        assert min(found.values()) >= AA, (dark, found)


@pytest.mark.usefixtures("light_again")
def test_what_has_the_focus_is_seen_at_once(user: User, tmp_path: Path) -> None:
    user.drop(contacts(tmp_path / "c.csv", 60))
    user.until(user.all_read)
    user.more_options()
    window = user.window
    for dark in (False, True):
        user.be_dark(dark)
        seen: set[str] = set()
        for tab in range(TABS):
            window.tabs.setCurrentIndex(tab)
            user.settle()
            for widget in focusable(window):
                widget.setEnabled(True)
                name = widget.accessibleName()
                other = window.options.build
                away = window.options.name if widget is other else other
                marked = focus_marks(window, widget, away)
                assert marked >= MARKED, f"{name}: {marked:.0%} of its edge changes enough"
                seen.add(name)
        assert len(seen) >= 20, (dark, seen)
        window.options.previous.setFocus()
        user.picture("focus_dark" if dark else "focus")


def focusable(window: QWidget) -> list[QWidget]:
    """Return all that Tab leads to and that is on the screen."""
    from PySide6.QtCore import Qt  # noqa: PLC0415
    from PySide6.QtWidgets import QWidget  # noqa: PLC0415

    return [one for one in window.findChildren(QWidget)
            if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
            and one.accessibleName() and one.focusProxy() is None]  # fmt: skip


def focus_marks(window: QWidget, widget: QWidget, away: QWidget) -> float:
    """Return the share of the edge of a widget that changes with the focus, by 3 to 1 or more."""
    from PySide6.QtCore import QPoint, QRect  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-1, -1, 1, 1)
    pictures = []
    for focused in (away, widget):
        focused.setFocus()
        QApplication.processEvents()
        pictures.append(window.grab(place).toImage())
    without, with_it = pictures
    width, height = place.width(), place.height()
    edge = [(x, y) for x in range(width) for y in (0, height - 1)]
    edge += [(x, y) for y in range(height) for x in (0, width - 1)]
    changed = [at for at in edge
               if contrast(without.pixelColor(*at), with_it.pixelColor(*at)) >= SEEN]  # fmt: skip
    return len(changed) / len(edge)


def test_what_happens_is_said_to_screen_readers(
    user: User, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # noqa: PLC0415

    from workbook_builder.window.qt import main_window  # noqa: PLC0415

    said: list[str] = []

    class Ears:
        @staticmethod
        def updateAccessibility(event: QAccessibleAnnouncementEvent) -> None:  # noqa: N802
            said.append(event.message())

    monkeypatch.setattr(main_window, "QAccessible", Ears)
    user.drop(contacts(tmp_path / "c.csv"), contacts(tmp_path / "d.csv", 60))
    user.until(user.all_read)
    user.more_options()
    user.gate.close("Laying out the sheets")
    user.keys("alt+b")
    user.until(lambda: user.state.doing == "Laying out the sheets")
    user.keys("alt+c")
    user.until(lambda: not user.state.building and user.all_read())
    user.gate.open()
    user.keys("alt+b")
    user.until(lambda: user.state.result is not None)
    result = QAccessible.queryAccessibleInterface(user.window.result.page).textInterface()
    assert "Board data tables Jul-23.xlsx" in result.text(0, result.characterCount())
    user.keys("alt+y")
    user.until(lambda: "copied" in said[-1])
    assert said == [
        "2 files read, all recognised.",
        "The preview is ready.",
        "More options are shown.",
        "Building the workbook.",
        "Stopped. Nothing was written.",
        "Building the workbook.",
        "Written: Board data tables Jul-23.xlsx, reporting month Jul-23",
        "The summary is copied.",
    ]


def test_what_is_shown_can_be_read_by_screen_readers(user: User, tmp_path: Path) -> None:
    from PySide6.QtGui import QAccessible  # noqa: PLC0415
    from PySide6.QtWidgets import QLabel  # noqa: PLC0415

    def heard(widget: QWidget, what: QAccessible.Text) -> str:
        return QAccessible.queryAccessibleInterface(widget).text(what)

    file = contacts(tmp_path / "c.csv")
    user.drop(file)
    user.until(user.all_read)
    user.gate.close("Laying out the sheets")
    user.keys("alt+b")
    user.until(lambda: user.state.doing == "Laying out the sheets")
    labels = [one for one in user.window.findChildren(QLabel) if one.isVisible() and one.text()]
    texts = {heard(one, QAccessible.Text.Name) for one in labels}
    assert {one.text().replace("&", "") for one in labels} == texts
    assert {user.state.message, user.state.doing} <= texts
    progress = user.window.options.progress
    percent = heard(progress, QAccessible.Text.Value).removesuffix("%")
    assert int(percent) == round(100 * user.state.share)
    files = user.window.files
    headings = ("File", "What it is", "Rows", "From", "To", "Problems")
    top = QAccessible.queryAccessibleInterface(files).child(len(headings))
    assert top.text(QAccessible.Text.Name) == "c.csv"


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
                if PICTURES:
                    time.sleep(0.5)
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
    end = time.monotonic() + PATIENCE
    while not (file.exists() and file.stat().st_size):
        assert time.monotonic() < end, f"{file.name} never came"
        do()
        time.sleep(0.2)
