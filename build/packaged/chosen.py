"""Which of the collected libraries and files are kept: the window needs a small part of Qt.

Plugins are sorted out before PyInstaller looks for the libraries that they need in turn.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath, PurePosixPath

#: An entry of PyInstaller's table of contents: name inside, source file, kind.
Entry = tuple[str, str, str]

#: Qt's plugins that are kept, by folder: a screen, real or in memory, and on Linux dead keys.
_PLUGINS = {
    "platforms": {"qwindows", "qoffscreen", "qxcb"},
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
}
#: Other files of Qt that nothing here uses: drawing in space, its own words in other tongues.
_QT_UNUSED = {"opengl32sw.dll"}
_QT_FOLDERS_UNUSED = {"translations"}
#: Time zones, which the libraries bring along: a day here has none.
_TIME_ZONES = {"dateutil-zoneinfo.tar.gz"}
#: What is kept of a distribution's own folder: its other files name the machine that installed it.
_METADATA = "METADATA"


def of_qt(collected: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what is kept of Qt, of pairs of a file and its folder inside."""
    return [(file, folder) for file, folder in collected if _is_used(PurePath(file), folder)]


def _is_used(file: PurePath, folder: str) -> bool:
    inside = PurePosixPath(folder.replace("\\", "/"))
    if "plugins" in inside.parts:
        return file.name.split(".")[0].removeprefix("lib") in _PLUGINS.get(inside.name, ())
    return file.name.lower() not in _QT_UNUSED and _QT_FOLDERS_UNUSED.isdisjoint(inside.parts)


def wanted(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that are kept of all that was collected, ordered by name."""
    return sorted(entry for entry in entries if _is_wanted(PurePosixPath(_slashed(entry[0]))))


def _is_wanted(inside: PurePosixPath) -> bool:
    if inside.parent.name.endswith(".dist-info"):
        return inside.name == _METADATA
    unused = _QT_UNUSED | _TIME_ZONES
    return "tests" not in inside.parts and inside.name.lower() not in unused


def _slashed(name: str) -> str:
    return name.replace("\\", "/")
