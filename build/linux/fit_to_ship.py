"""Says why a Linux program is not fit to ship, if so.

usage: fit_to_ship.py PROGRAM_FOLDER

Every library that something inside asks for must be inside or come with each Linux desktop, and the
folder must stay within its size. What PyInstaller does not find it only warns of: without Qt's
libraries it makes a program whose window cannot open. Needs objdump.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

MOST_BYTES = 330_000_000

#: The C library, the driver of the graphics card, and the connection to the screen: these must be
#: those of the computer at hand, and PyInstaller leaves them out.
OF_THE_SYSTEM = {
    "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libc.so.6", "libm.so.6", "libdl.so.2",
    "libpthread.so.0", "librt.so.1", "libutil.so.1", "libEGL.so.1", "libGL.so.1", "libxcb.so.1",
}  # fmt: skip
_ELF = b"\x7fELF"


def faults(program: Path) -> Iterator[str]:
    """Return each reason why the program in a folder is not fit to ship."""
    files = sorted(one for one in program.rglob("*") if one.is_file())
    total = sum(one.lstat().st_size for one in files)
    if total > MOST_BYTES:
        yield f"the folder has {total} bytes, more than {MOST_BYTES}"
    inside = {one.name for one in files}
    for file, libraries in asked_for([one for one in files if _is_elf(one)]).items():
        for name in sorted(libraries - inside - OF_THE_SYSTEM):
            yield f"{file.relative_to(program)}: asks for {name}, which is not inside"


def asked_for(files: list[Path]) -> Mapping[Path, set[str]]:
    """Return the names of the libraries that each program or library asks for."""
    if not files:
        return {}
    done = subprocess.run(
        ["objdump", "--private-headers", *files], capture_output=True, text=True, check=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    names = {str(file): file for file in files}
    found: dict[Path, set[str]] = {}
    for line in done.stdout.splitlines():
        if file := names.get(line.partition(":     file format")[0]):
            found[file] = asked = set()
        elif line.startswith("  NEEDED"):
            asked.add(line.split()[1])
    return found


def _is_elf(file: Path) -> bool:
    with file.open("rb") as content:
        return not file.is_symlink() and content.read(len(_ELF)) == _ELF


if __name__ == "__main__":
    _faults = list(faults(Path(sys.argv[1])))
    for _fault in _faults:
        print(_fault)
    sys.exit(bool(_faults))
