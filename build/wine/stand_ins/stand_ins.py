"""For the bench alone: puts into a Wine prefix what Wine 8 lacks and our libraries need.

usage: stand_ins.py PREFIX QT6CORE.DLL

Nothing of this may get into a program that is shipped; build/wine/fit_to_ship.py looks for it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pefile

HERE = Path(__file__).parent
WINE = Path("/usr/lib/x86_64-linux-gnu/wine/x86_64-windows")
COMPILER = ("x86_64-w64-mingw32-gcc", "-shared", "-s", "-O1")

#: How a function of Wine begins that does nothing but end the program.
STUB = bytes.fromhex("48 83 ec 28")  # sub rsp, 40
#: What Wine marks its own libraries with, and what a changed one bears instead.
MARK, CHANGED = b"Wine builtin DLL", b"Wine changed DLL"

NOTHING = "31 c0 c3"  # xor eax, eax; ret
#: The machine code that takes a stub's place: parts of complex numbers, which numpy asks for
#: when it starts, and colour profiles and variants, for which nothing is a fair answer.
BODIES: Mapping[str, Mapping[str, str]] = {
    "ucrtbase.dll": {
        "creall": "f2 0f 10 01 c3",  # movsd xmm0, [rcx]; ret
        "cimag": "f2 0f 10 41 08 c3",  # movsd xmm0, [rcx + 8]; ret
        "cimagl": "f2 0f 10 41 08 c3",
        "crealf": "66 0f 6e c1 c3",  # movd xmm0, ecx; ret
        "cimagf": "48 c1 e9 20 66 0f 6e c1 c3",  # shr rcx, 32; movd xmm0, ecx; ret
    },
    "mscms.dll": {"WcsCreateIccProfile": NOTHING},
    "propsys.dll": {"VariantToString": "b8 01 40 00 80 c3"},  # mov eax, E_NOTIMPL; ret
}


def put_into(system: Path, qt_core: Path) -> None:
    """Write every stand-in into the prefix's own folder of system libraries."""
    for library, bodies in BODIES.items():
        _replace(system / library, _patched(WINE / library, bodies))
    if not (WINE / "bcryptprimitives.dll").exists():
        _compile(system / "bcryptprimitives.dll", HERE / "ProcessPrng.c", "-ladvapi32")
    if not (WINE / "icuuc.dll").exists():
        _compile_answers_of_nothing(system / "icuuc.dll", qt_core)


def _replace(file: Path, content: bytes) -> None:
    """Write a file anew: in a prefix it may be a link to Wine's own, which stays as it is."""
    file.unlink(missing_ok=True)
    file.write_bytes(content)


def _patched(library: Path, bodies: Mapping[str, str]) -> bytes:
    content = bytearray(library.read_bytes())
    parsed = pefile.PE(data=bytes(content))
    addresses = {one.name: one.address for one in parsed.DIRECTORY_ENTRY_EXPORT.symbols if one.name}
    for function, body in bodies.items():
        at = parsed.get_offset_from_rva(addresses[function.encode()])
        if content[at : at + len(STUB)] == STUB:  # a later Wine may have the function
            code = bytes.fromhex(body)
            content[at : at + len(code)] = code
    return bytes(content).replace(MARK, CHANGED, 1)


def _compile(library: Path, source: Path, *options: str) -> None:
    subprocess.run([*COMPILER, "-o", str(library), str(source), *options], check=True)


def _compile_answers_of_nothing(library: Path, user: Path) -> None:
    """Make a library in which every function that its user asks for returns nothing.

    Qt converts rare character sets with Windows' own ICU; told nothing, it does without.
    """
    imports = next(
        one.imports
        for one in pefile.PE(str(user)).DIRECTORY_ENTRY_IMPORT
        if one.dll.decode().lower() == library.name
    )
    functions = (f"__declspec(dllexport) void *{one.name.decode()}(void) {{ return 0; }}\n"
                 for one in imports)  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "nothing.c")
        source.write_text("".join(functions))
        _compile(library, source)


if __name__ == "__main__":
    put_into(Path(sys.argv[1], "drive_c", "windows", "system32"), Path(sys.argv[2]))
