"""A desktop of the tests' own: a screen in memory, with drops, keys and pictures by X11 itself."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from Xlib import XK, X, Xatom, display
from Xlib.error import BadWindow, DisplayConnectionError
from Xlib.ext import xtest
from Xlib.protocol import event, rq
from Xlib.xobject.drawable import Window

from tests.pictures import png_of

#: Seconds after which a test gives up on what never comes; nothing is held against them.
PATIENCE = 120.0
#: Numbers of screens that no other program comes upon: those count upwards from 0 or from 99.
NUMBERS = range(2_000, 50_000)
_PROTOCOL = 5
_TYPE = "text/uri-list"


class Desktop:
    """A connection to a screen, as other programs have one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._display = display.Display(name)
        self._root = self._display.screen().root

    def drop(self, title: str, paths: Sequence[Path]) -> None:
        """Drop files on the middle of a window, by the protocol that file managers speak."""
        _Drop(self._display, self._target(title), paths).run()

    def keys(self, *names: str) -> None:
        """Press keys one after another, as "Return" or "alt+b", and let them go."""
        for name in names:
            codes = [self._code(part) for part in name.split("+")]
            for code in codes:
                xtest.fake_input(self._display, X.KeyPress, code)
            for code in reversed(codes):
                xtest.fake_input(self._display, X.KeyRelease, code)
            self._display.sync()

    def focus(self, title: str, *, topmost: bool = False) -> None:
        """Give a window the keys: there is no window manager to do so.

        Of several windows of a title it is the lowest, or the topmost.
        """
        lowest = self._target(title)
        window = self.shown(title)[-1] if topmost else lowest
        window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self._display.sync()

    def shown(self, title: str) -> list[Window]:
        """Return the windows of a title that can be seen."""
        return [one for one in self._windows() if title in self._shown_title(one)]

    def size(self, title: str) -> tuple[int, int]:
        """Return how wide and how high a window is."""
        size = self._target(title).get_geometry()
        return size.width, size.height

    def picture(self, file: Path) -> None:
        """Take a picture of the screen."""
        size = self._root.get_geometry()
        pixels = self._root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF).data
        blue, green, red = pixels[0::4], pixels[1::4], pixels[2::4]
        colours = bytearray(3 * size.width * size.height)
        colours[0::3], colours[1::3], colours[2::3] = red, green, blue
        file.write_bytes(png_of(size.width, size.height, bytes(colours)))

    def _windows(self) -> list[Window]:
        """Return all windows of programs, the lowest first.

        A window manager puts them into frames of its own, and has a list of them.
        """
        listed = self._root.get_full_property(
            self._display.intern_atom("_NET_CLIENT_LIST_STACKING"), Xatom.WINDOW
        )
        if listed is None:
            everything: list[Window] = self._root.query_tree().children
            return everything
        return [self._display.create_resource_object("window", one) for one in listed.value]

    def _shown_title(self, window: Window) -> str:
        """Return the title of a window that can be seen; of any other, nothing."""
        try:
            shown = window.get_attributes().map_state == X.IsViewable
            return _title(self._display, window) if shown else ""
        except BadWindow:  # it has gone since it was listed
            return ""

    def _code(self, name: str) -> int:
        usual = {"alt": "Alt_L", "ctrl": "Control_L", "shift": "Shift_L"}
        return int(self._display.keysym_to_keycode(XK.string_to_keysym(usual.get(name, name))))

    def _target(self, title: str) -> Window:
        """Return the visible window of a title, once there is one."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if shown := self.shown(title):
                return shown[0]
            time.sleep(0.02)
        raise AssertionError(f"no window {title}")


def dropping(screen: Desktop, title: str, paths: Sequence[Path]) -> subprocess.Popen[bytes]:
    """Let another program drop files on a window of this one."""
    command = [sys.executable, "-m", "tests.window.desktop", screen.name, title, *map(str, paths)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2])


class _Drop:
    """One drop, from entering the window to its word that it has taken the files."""

    def __init__(self, screen: display.Display, window: Window, paths: Sequence[Path]) -> None:
        self.screen, self.window = screen, window
        self.uris = "".join(f"file://{quote(str(path.absolute()))}\r\n" for path in paths).encode()
        self.source = screen.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self.source.set_selection_owner(self.atom("XdndSelection"), X.CurrentTime)
        self.dropped = False

    def atom(self, name: str) -> int:
        return int(self.screen.intern_atom(name))

    def run(self) -> None:
        self.tell("XdndEnter", _PROTOCOL << 24, self.atom(_TYPE))
        size = self.window.get_geometry()
        place = self.screen.screen().root.translate_coords(
            self.window, size.width // 2, size.height // 2
        )
        position = ((place.x << 16) | place.y, X.CurrentTime, self.atom("XdndActionCopy"))
        self.tell("XdndPosition", 0, *position)
        end, asked = time.monotonic() + PATIENCE, time.monotonic()
        while time.monotonic() < end:
            if self.screen.pending_events():
                if self.heard(self.screen.next_event()):
                    return
            elif not self.dropped and time.monotonic() - asked > 0.5:
                asked = time.monotonic()
                self.tell("XdndPosition", 0, *position)
            else:
                time.sleep(0.01)
        raise AssertionError("the window did not take the files")

    def heard(self, one: rq.Event) -> bool:
        """Answer the window; True once it has taken the files."""
        if one.type == X.SelectionRequest:
            self.give(one)
        elif one.type == X.ClientMessage:
            name = self.screen.get_atom_name(one.client_type)
            if name == "XdndStatus" and one.data[1][1] & 1 and not self.dropped:
                self.dropped = True
                self.tell("XdndDrop", 0, X.CurrentTime)
            return name == "XdndFinished" and bool(one.data[1][1] & 1)
        return False

    def give(self, one: rq.Event) -> None:
        place = one.property or one.target
        if one.target == self.atom("TARGETS"):
            one.requestor.change_property(place, Xatom.ATOM, 32, [self.atom(_TYPE)])
        else:
            one.requestor.change_property(place, one.target, 8, self.uris)
        one.requestor.send_event(event.SelectionNotify(
            time=one.time, requestor=one.requestor, selection=one.selection,
            target=one.target, property=place,
        ))  # fmt: skip
        self.screen.flush()

    def tell(self, name: str, *words: int) -> None:
        data = [self.source.id, *words, *[0] * (4 - len(words))]
        message = event.ClientMessage(
            window=self.window, client_type=self.atom(name), data=(32, data)
        )
        self.window.send_event(message, event_mask=0)
        self.screen.flush()


def _title(screen: display.Display, window: Window) -> str:
    found = window.get_full_property(screen.intern_atom("_NET_WM_NAME"), X.AnyPropertyType)
    return found.value.decode() if found else ""


@contextmanager
def screen_in_memory(size: str = "1000x700x24") -> Iterator[Desktop]:
    """Start a screen that nobody sees and nobody else may use; it ends with the tests.

    It bears a number of its own and holds its lock, so that no other server takes its place; only
    who has its key may connect; no signal to the tests' group reaches it; and it ends by itself
    when all that it showed is gone, such as tests that were killed.
    """
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        keys = Path(folder) / "keys"
        known = Path(os.environ.get("XAUTHORITY", ""))
        keys.write_bytes(known.read_bytes() if known.is_file() else b"")
        patch.setenv("XAUTHORITY", str(keys))
        server, desktop = _served(keys, size)
        with server:
            try:
                yield desktop
            finally:
                server.terminate()


def _served(keys: Path, size: str) -> tuple[subprocess.Popen[bytes], Desktop]:
    """Start a screen on the first number that is free, and return it with a connection to it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        number = random.SystemRandom().choice(NUMBERS)
        with keys.open("ab") as file:
            file.write(_key(number))
        command = [shutil.which("Xvfb") or "Xvfb", f":{number}", "-auth", str(keys), "-terminate",
                   "-screen", "0", size, "-nolisten", "tcp"]  # fmt: skip
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        while server.poll() is None and time.monotonic() < end:
            try:
                return server, Desktop(f":{number}")
            except (DisplayConnectionError, OSError):  # it does not answer yet
                time.sleep(0.02)
        server.kill()
        server.wait()
    raise AssertionError("no screen could be started")


def _key(number: int) -> bytes:
    """Return a new key to a screen, as a file of keys holds it."""
    local = 256
    parts = (socket.gethostname().encode(), str(number).encode(), b"MIT-MAGIC-COOKIE-1",
             secrets.token_bytes(16))  # fmt: skip
    return struct.pack(">H", local) + b"".join(struct.pack(">H", len(p)) + p for p in parts)


if __name__ == "__main__":  # another program, as a file manager is
    _display, _title_of_window, *_files = sys.argv[1:]
    Desktop(_display).drop(_title_of_window, [Path(file) for file in _files])
