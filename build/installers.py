"""Command: ``python build/installers.py FOLDER --name NAME`` packs a finished Windows program.

Makes NAME-setup.exe, for one person without admin rights, and NAME.msi, for everybody on a PC,
beside the folder. Needs makensis, wixl and msibuild (Debian's nsis, wixl and msitools) and
SOURCE_DATE_EPOCH.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

from packaged.archive import commit_time
from packaged.identity import PRODUCT, stated_in
from windows.msi import EARLIER_REMOVAL, as_source
from windows.msi_summary import settled
from windows.nsis import british, macros
from windows.program_files import Folder, read_folder

_BUILD = Path(__file__).resolve().parent
_ICON = _BUILD / "icon" / "workbook-builder.ico"
_NSIS = Path("/usr/share/nsis")


def main() -> None:
    """Read the options and make both; prints their paths."""
    parser = argparse.ArgumentParser(description="Pack a finished Windows program.")
    parser.add_argument("folder", type=Path, help="the program's folder")
    parser.add_argument("--name", required=True, help="what the packages are called")
    parser.add_argument("--sign", help="the command that signs the uninstaller")
    wishes = parser.parse_args()
    folder: Path = wishes.folder.absolute()
    version = stated_in(_BUILD.parent / "pyproject.toml").version
    _give_all_the_commits_time(folder)
    program = read_folder(folder)
    setup, msi = (folder.parent / f"{wishes.name}{end}" for end in ("-setup.exe", ".msi"))
    with tempfile.TemporaryDirectory() as work:
        _make_setup(program, version, setup, Path(work), wishes.sign)
        _make_msi(program, version, msi, Path(work))
    print(setup, msi, sep="\n")


def _give_all_the_commits_time(folder: Path) -> None:
    when = commit_time().timestamp()
    for one in (folder, *folder.rglob("*")):
        os.utime(one, (when, when))


def _make_setup(program: Folder, version: str, setup: Path, work: Path, sign: str | None) -> None:
    files = work / "files.nsh"
    files.write_text("\n".join(macros(program)) + "\n", encoding="utf-8")
    british(_NSIS / "Contrib" / "Language files", work)
    said = {"PRODUCT": PRODUCT, "VERSION": version, "ICON": _ICON, "FILES": files,
            "LANGUAGE": work, "PICTURES": _ICON.parent}  # fmt: skip
    if sign:
        said["SIGN"] = sign
    defined = [f"-D{name}={value}" for name, value in said.items()]
    command = ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defined, f'-XOutFile "{setup}"']
    subprocess.run([*command, str(_BUILD / "windows" / "installer.nsi")], check=True)


def _make_msi(program: Folder, version: str, msi: Path, work: Path) -> None:
    source = work / "program.wxs"
    source.write_bytes(as_source(program, _ICON, version))
    command = ["wixl", "--arch", "x64", "--output", str(msi), str(source)]
    # wixl takes no path from the root, so it starts there; and UTF-8 only if told.
    subprocess.run(command, cwd="/", env={**os.environ, "LC_ALL": "C.UTF-8"}, check=True)
    subprocess.run(["msibuild", str(msi), "-q", EARLIER_REMOVAL], check=True)
    msi.write_bytes(settled(msi.read_bytes(), int(commit_time().timestamp())))


if __name__ == "__main__":
    main()
