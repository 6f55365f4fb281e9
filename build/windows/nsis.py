"""What installer.nsi is given: macros that install and remove each file, and British English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from windows.program_files import Folder

#: The language files that british() writes: NSIS knows only American English, number 1033.
BRITISH = "BritishEnglish"


def british(languages: Path, into: Path) -> None:
    """Write NSIS's English language files as those of British English, number 2057."""
    for ending, what, instead in (
        (".nlf", "\n1033\n", "\n2057\n"),
        (".nsh", 'LANGFILE "English"', f'LANGFILE "{BRITISH}"'),
    ):
        text = (languages / f"English{ending}").read_text(encoding="utf-8-sig")
        if text.count(what) != 1:
            raise ValueError(f"NSIS's English{ending} is of another form")
        made = into / f"{BRITISH}{ending}"
        made.write_text(text.replace(what, instead), encoding="utf-8-sig")


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
