"""What the program says of itself: name and version, for Python and for Windows' Explorer."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: The name by which Windows, its taskbar and its rules know the program.
PRODUCT = "Workbook Builder"

_METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"

# The parts that PyInstaller reads from a file of this form.
_VERSION_RESOURCE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004,
                    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable("080904b0", [
      StringStruct("CompanyName", {product!r}),
      StringStruct("FileDescription", {product!r}),
      StringStruct("FileVersion", {version!r}),
      StringStruct("InternalName", {program!r}),
      StringStruct("LegalCopyright", {copyright!r}),
      StringStruct("OriginalFilename", {file!r}),
      StringStruct("ProductName", {product!r}),
      StringStruct("ProductVersion", {version!r}),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0809, 1200])]),
  ],
)
"""


@dataclass(frozen=True)
class Stated:
    """What pyproject.toml states of the project."""

    name: str
    version: str

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """The version as the four numbers that Windows wants."""
        found = [int(one) for one in re.findall(r"\d+", self.version.split("+")[0])[:4]]
        first, second, third, fourth = (*found, 0, 0, 0, 0)[:4]
        return first, second, third, fourth


def stated_in(pyproject: Path) -> Stated:
    """Read the one place that states name and version."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    return Stated(project["name"], project["version"])


def metadata_files(stated: Stated, made: Path) -> list[tuple[str, str]]:
    """Write the metadata that the program asks for its version, and return where it goes inside.

    Those of an installation would hold the paths of the machine that built it.
    """
    folder = f"{stated.name.replace('-', '_')}-{stated.version}.dist-info"
    file = _written(
        made / folder / "METADATA", _METADATA.format(name=stated.name, version=stated.version)
    )
    return [(str(file), folder)]


def windows_resources(stated: Stated, program: str, made: Path, here: Path) -> dict[str, Any]:
    """Return PyInstaller's options for what Windows reads from a program without starting it."""
    resource = _VERSION_RESOURCE.format(
        numbers=stated.numbers,
        product=PRODUCT,
        version=stated.version,
        program=program,
        copyright="Workbook Builder's contributors; MIT licence",
        file=f"{program}.exe",
    )
    return {
        "icon": str(here / "icon" / "workbook-builder.ico"),
        "version": str(_written(made / f"{program}.version.txt", resource)),
        "manifest": str(here / "workbook-builder.manifest"),
    }


def _written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    return file
