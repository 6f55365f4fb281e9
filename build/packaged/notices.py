"""Writes the folder LICENCES: whose work a packaged program carries, and under which terms."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from packaged.chosen import Entry
from packaged.identity import Stated
from packaged.owners import Owner, Owners, distribution, python

FOLDER = "LICENCES"
#: The same list for programs, from which the bill of materials is made.
LIST = "carried.json"

#: What PyInstaller puts in place of a file's path.
_NOT_FILES = {"", "-", "built-in"}
#: Parts of PyInstaller that stand in every program that it makes.
_MAKERS = ("pyinstaller", "pyinstaller-hooks-contrib")
_OWN_TEXTS = Path(__file__).resolve().parents[1] / "licences"
_QT = {"PySide6_Essentials", "shiboken6"}
_QT_TEXTS = ("Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt")
_MICROSOFT = re.compile(r"(vcruntime|msvcp|concrt)\d+\w*\.dll", re.IGNORECASE)
_MICROSOFT_TEXT = "Microsoft-runtime.txt"
_HEAD = """\
Workbook Builder is distributed under the MIT licence and carries the work of others, each under
its own licence. The texts stand in the folders here.

"""


def write_notices(packed: Iterable[Entry], work: Path, stated: Stated, root: Path) -> Path:
    """Write the licences of all that is packed, by PyInstaller's tables of contents.

    The folder is made in `work`, where all is that the build itself made. Raises Unknown if the
    owner of a file cannot be found.
    """
    ours = Owner(
        "Workbook Builder", stated.version, "MIT",
        f"pkg:generic/{stated.name}@{stated.version}", (root / "LICENSE",),
    )  # fmt: skip
    owners = Owners(root, stated.name, ours)
    files = [
        (name, source)
        for name, source, kind in packed
        if kind != "SYMLINK" and source not in _NOT_FILES
    ]
    made = work.absolute()
    found = (source for _, source in files if not Path(source).absolute().is_relative_to(made))
    carried = owners.of(found)
    carried |= {ours, python(), *map(distribution, _MAKERS)}
    folder = work / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for owner in carried:
        _write_texts(owner, folder)
    if any(_MICROSOFT.fullmatch(Path(name).name) for name, _ in files):
        shutil.copyfile(_OWN_TEXTS / _MICROSOFT_TEXT, folder / _MICROSOFT_TEXT)
    _write_list(sorted(carried), folder)
    return folder


def as_data(folder: Path) -> list[Entry]:
    """Return the folder as data that PyInstaller packs."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [(f"{FOLDER}/{one.relative_to(folder).as_posix()}", str(one), "DATA") for one in files]


def put_beside(folder: Path, program: Path) -> None:
    """Put the folder beside a program."""
    shutil.copytree(folder, program / FOLDER, dirs_exist_ok=True)


def _write_texts(owner: Owner, folder: Path) -> None:
    texts = [*owner.texts]
    if owner.name in _QT:
        texts += [_OWN_TEXTS / name for name in _QT_TEXTS]
    if not texts:
        raise FileNotFoundError(f"{owner.name} {owner.version} came without the text of a licence")
    own = folder / f"{owner.name}-{owner.version}".replace(":", "_")
    own.mkdir()
    for text in texts:
        shutil.copyfile(text, own / _name_of(text, texts))


def _name_of(text: Path, texts: list[Path]) -> str:
    """Return a text's name, with its folders before it where two have the same."""
    same = [one for one in texts if one.name == text.name]
    if len(same) == 1:
        return text.name
    at = next((at for at, part in enumerate(text.parts) if part.endswith(".dist-info")), 0)
    return "-".join(part for part in text.parts[at + 1 :] if part != "licenses")


def _write_list(owners: list[Owner], folder: Path) -> None:
    lines = (f"{one.name} {one.version}: {one.licence}\n    {one.source}\n" for one in owners)
    text = _HEAD + "".join(lines)
    (folder / "README.txt").write_text(text, encoding="utf-8", newline="\n")
    content = [
        {"name": one.name, "version": one.version, "licence": one.licence, "purl": one.source}
        for one in owners
    ]
    file = folder / LIST
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")
