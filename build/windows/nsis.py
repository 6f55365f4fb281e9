"""The macros of installer.nsi that install a program's files, and remove them, one by one."""

from __future__ import annotations

from collections.abc import Iterator

from windows.program_files import Folder


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
