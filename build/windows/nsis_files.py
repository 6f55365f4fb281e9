"""Writes the macros that install a program's files one by one, and remove them one by one.

usage: nsis_files.py PROGRAM_FOLDER OUT
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from program_files import Folder, read_folder


def macros(program: Folder) -> Iterator[str]:
    """Return the lines of NSIS that define InstallFiles and RemoveFiles."""
    yield "!macro InstallFiles"
    for folder in program.walk():
        yield f'  SetOutPath "{_place(folder)}"'
        for file in folder.files:
            yield f'  File "{file}"'
    yield "!macroend"
    yield "!macro RemoveFiles"
    for folder in reversed(list(program.walk())):
        for file in folder.files:
            yield f'  Delete "{_place(folder)}\\{_quoted(file.name)}"'
        yield f'  RMDir "{_place(folder)}"'
    yield "!macroend"


def _place(folder: Folder) -> str:
    return "\\".join(("$INSTDIR", *map(_quoted, folder.path.parts)))


def _quoted(text: str) -> str:
    return text.replace("$", "$$").replace('"', '$\\"')


if __name__ == "__main__":
    _lines = macros(read_folder(Path(sys.argv[1])))
    Path(sys.argv[2]).write_text("\n".join(_lines) + "\n", encoding="utf-8")
