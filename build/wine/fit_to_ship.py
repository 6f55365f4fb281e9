"""Says why a Windows program that was built under Wine is not fit to ship, if so.

usage: fit_to_ship.py PROGRAM_FOLDER WINE_SYSTEM_FOLDER VERSION

Nothing of Wine's and no stand-in may be inside; every library that something asks for must be
inside or come with Windows 10; the programs must say of themselves what Windows wants to know; and
the folder must stay within its size.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pefile

PROGRAMS = ("Workbook Builder.exe", "workbook-builder.exe")
MOST_BYTES = 215_000_000
ICON_SIZES = {16, 24, 32, 48, 256}

#: What the libraries of Wine say in their head, and what stand_ins.py makes of it.
MARKS = (b"Wine builtin DLL", b"Wine placeholder DLL", b"Wine changed DLL")
#: Libraries that come with Windows 10 and of which Wine, or the bench, has its own.
OF_WINDOWS = re.compile(
    r"""(api-ms-win-.*|ext-ms-win-.*
    |advapi32|authz|bcrypt|bcryptprimitives|cfgmgr32|combase|comctl32|comdlg32|crypt32|d2d1|d3d9|d3d11
    |d3d12|dcomp|dnsapi|dwmapi|dwrite|dxgi|gdi32|icuuc|imm32|iphlpapi|kernel32|mpr|msvcrt|mswsock
    |ncrypt|netapi32|normaliz|ntdll|ole32|oleaut32|opengl32|powrprof|propsys|psapi|rpcrt4
    |rstrtmgr|secur32|setupapi|shcore|shell32|shlwapi|ucrtbase|user32|userenv|uxtheme|version
    |winmm|winspool|ws2_32|wtsapi32|dbghelp|mscms|uiautomationcore|wintrust|winhttp)
    \.(dll|drv)""",
    re.VERBOSE,
)

RESOURCE_ICONS, RESOURCE_MANIFEST = 14, 24


def faults(program: Path, wine: Path, version: str) -> Iterator[str]:
    """Return each reason why the program in a folder is not fit to ship."""
    files = sorted(one for one in program.rglob("*") if one.is_file())
    wines = {_hash(one) for one in wine.iterdir() if one.is_file()}
    libraries = {one.name.lower() for one in files}
    total = sum(one.stat().st_size for one in files)
    if total > MOST_BYTES:
        yield f"the folder has {total} bytes, more than {MOST_BYTES}"
    for file in files:
        name = file.relative_to(program)
        yield from (f"{name}: {fault}" for fault in _of_wine(file, wines))
        if file.suffix.lower() in {".exe", ".dll", ".pyd"}:
            yield from (f"{name}: {fault}" for fault in _asks_in_vain(file, libraries))
    for one in PROGRAMS:
        yield from (f"{one}: {fault}" for fault in _says_too_little(program / one, version))


def _hash(file: Path) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()


def _of_wine(file: Path, wines: set[bytes]) -> Iterator[str]:
    content = file.read_bytes()
    yield from (f"bears the mark {mark.decode()!r}" for mark in MARKS if mark in content)
    if hashlib.sha256(content).digest() in wines:
        yield "is a file of the Wine prefix"
    if OF_WINDOWS.fullmatch(file.name.lower()):
        yield "has the name of a library that comes with Windows"


def _asks_in_vain(file: Path, libraries: set[str]) -> Iterator[str]:
    parsed = pefile.PE(str(file), fast_load=True)
    parsed.parse_data_directories([
        pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"],
        pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT"],
    ])  # fmt: skip
    for kind in ("DIRECTORY_ENTRY_IMPORT", "DIRECTORY_ENTRY_DELAY_IMPORT"):
        for one in getattr(parsed, kind, ()):
            name = one.dll.decode().lower()
            if name not in libraries and not OF_WINDOWS.fullmatch(name):
                yield f"asks for {name}, which is not inside"


def _says_too_little(program: Path, version: str) -> Iterator[str]:
    parsed = pefile.PE(str(program))
    said = {
        key.decode(): value.decode()
        for info in parsed.FileInfo[0]
        for table in getattr(info, "StringTable", ())
        for key, value in table.entries.items()
    }
    stated = {
        "FileDescription": "Workbook Builder",  # what Task Manager and "Open with" show
        "OriginalFilename": program.name,
        "ProductVersion": version,
    }
    if not stated.items() <= said.items():
        yield f"its version resource says {said}"
    resources = {one.id: one.directory.entries for one in parsed.DIRECTORY_ENTRY_RESOURCE.entries}
    missing = ICON_SIZES - _icon_sizes(parsed, resources.get(RESOURCE_ICONS, ()))
    if missing:
        yield f"its icon lacks the sizes {sorted(missing)}"
    manifest = b"".join(_content(parsed, one) for one in resources.get(RESOURCE_MANIFEST, ()))
    for wanted in (b"PerMonitorV2", b"longPathAware", b"asInvoker"):
        if wanted not in manifest:
            yield f"its manifest says nothing of {wanted.decode()}"


def _icon_sizes(parsed: pefile.PE, icons: list[pefile.ResourceDirEntryData]) -> set[int]:
    """Return the widths in the groups of icons: entries of 14 bytes after a head of 6."""
    groups = [_content(parsed, one) for one in icons]
    return {group[at] or 256 for group in groups for at in range(6, len(group), 14)}


def _content(parsed: pefile.PE, entry: pefile.ResourceDirEntryData) -> bytes:
    place = entry.directory.entries[0].data.struct
    return bytes(parsed.get_data(place.OffsetToData, place.Size))


if __name__ == "__main__":
    _faults = list(faults(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
    for _fault in _faults:
        print(_fault)
    sys.exit(bool(_faults))
