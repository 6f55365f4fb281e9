"""Which of the collected libraries and files are kept: the window needs a small part of Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

#: An entry of PyInstaller's table of contents: name inside, source file, kind.
Entry = tuple[str, str, str]

#: Qt's plugins that are kept: a screen (real or none), and typing with dead keys on Linux.
_PLUGINS = {
    "platforms": {"qwindows", "qoffscreen", "qxcb"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
}
_UNUSED = re.compile(
    r"""
      translations/                         # Qt's own words, in other languages
    | (lib)?Qt6(Network|Qml\w*|Quick\w*|Svg|Pdf|OpenGL|VirtualKeyboard|WaylandClient|EglFS\w*
        |WlShellIntegration|QmlModels|Eglfs\w*)\b
    | opengl32sw\.dll                       # drawing in three dimensions
    | /tests?/
    """,
    re.VERBOSE,
)


def wanted(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that the program has a use for, in the order of their names."""
    return sorted(entry for entry in entries if _is_wanted(entry[0].replace("\\", "/")))


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    if "plugins" in path.parts:
        return _plugin_name(path) in _PLUGINS.get(path.parent.name, ())
    return not _UNUSED.search(name)


def _plugin_name(path: PurePosixPath) -> str:
    return path.name.split(".", maxsplit=1)[0].removeprefix("lib")
