"""To whom each file of a packaged program belongs, and under which licence it is carried."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

#: How a licence's file is called by those who publish on the Python Package Index.
_LICENCE_NAMES = ("licen", "copying", "notice", "authors", "copyright")


class Unknown(Exception):
    """Nobody is known to own a file, so its licence cannot be given."""


@dataclass(frozen=True, order=True)
class Owner:
    """Somebody's work that the program carries: name, version, licence in a word, and its texts.

    `source` is where the work comes from, as a package URL (https://github.com/package-url).
    """

    name: str
    version: str
    licence: str
    source: str
    texts: tuple[Path, ...]


class Owners:
    """Finds the owners of files: our project, Python, a distribution, or a package of Debian's."""

    def __init__(self, project: Path, name: str, ours: Owner) -> None:
        self._project, self._name, self._ours = _normal(project), name, ours
        self._python = {_normal(folder) for folder in _folders_of_python()}
        self._distributions = _files_of_distributions()

    def of(self, sources: Iterable[str]) -> set[Owner]:
        """Return the owners of files by where they were collected from. Raises Unknown."""
        found = {source: self._known(source) for source in sources}
        rest = [source for source, owner in found.items() if owner is None]
        if rest and sys.platform != "linux":
            raise Unknown(f"nobody is known to own {rest[0]}")
        return {owner for owner in found.values() if owner} | _debian(rest)

    def _known(self, source: str) -> Owner | None:
        for known_as in (Path(source), Path(source).resolve()):
            path = _normal(known_as)
            owner = self._distributions.get(path, "")
            if owner and owner != self._name:
                return _owner_of(owner)
            if owner or _is_in(path, self._project):
                return self._ours
            if any(_is_in(path, folder) for folder in self._python):
                return python()
        return None


def distribution(name: str) -> Owner:
    """Return an installed distribution as an owner."""
    return _owner_of(name)


def python() -> Owner:
    """Return the Python that builds the program and goes into it."""
    version = ".".join(map(str, sys.version_info[:3]))
    named = (folder / "LICENSE.txt" for folder in _folders_of_python())
    of_debian = Path(f"/usr/share/doc/python{version.rpartition('.')[0]}/copyright")
    found = tuple(one for one in (*named, of_debian) if one.is_file())[:1]
    if not found:
        raise Unknown("this Python has no LICENSE.txt")
    return Owner("Python", version, "PSF-2.0", f"pkg:generic/python@{version}", found)


def _folders_of_python() -> list[Path]:
    """Return the folders that hold nothing but Python; a Python of the system shares its own."""
    library, base = Path(os.__file__).parent, Path(sys.base_prefix)
    own = [library] if base == Path("/usr") else [library, base]
    return [*own, *(folder.resolve() for folder in own)]


def _files_of_distributions() -> Mapping[str, str]:
    """Return the name of the distribution that each installed file belongs to."""
    found: dict[str, str] = {}
    for one in metadata.distributions():
        name, folder = one.metadata["Name"], str(one.locate_file(""))
        found |= {_normal(os.path.join(folder, file)): name for file in _recorded(one)}
    return found


def _recorded(one: metadata.Distribution) -> list[str]:
    """Return the files of a distribution: its record is read much faster than it lists them."""
    record = one.read_text("RECORD")
    if record is None:
        return [str(file) for file in one.files or ()]
    return [row[0] for row in csv.reader(record.splitlines()) if row]


@cache
def _owner_of(name: str) -> Owner:
    one = metadata.distribution(name)
    found = (Path(str(one.locate_file(file))) for file in one.files or () if _is_licence(file))
    described = one.metadata.json
    licence = str(described.get("license_expression") or described.get("license") or "")
    key = one.metadata["Name"].lower().replace("_", "-")
    return Owner(
        one.metadata["Name"], one.version, _in_a_word(licence, described.get("classifier", ())),
        f"pkg:pypi/{key}@{one.version}", tuple(file for file in found if file.is_file()),
    )  # fmt: skip


def _is_licence(file: metadata.PackagePath) -> bool:
    named = file.name.lower().startswith(_LICENCE_NAMES)
    return any(part.endswith(".dist-info") for part in file.parts) and (
        named or "licenses" in file.parts
    )


def _in_a_word(licence: str, classifiers: Iterable[str]) -> str:
    """Return the licence's name: some give its whole text, and name it in their classifiers."""
    if licence and "\n" not in licence:
        return licence
    named = [one.split(" :: ")[-1] for one in classifiers if one.startswith("License ::")]
    return ", ".join(named) or "see its text"


def _debian(sources: Sequence[str]) -> set[Owner]:
    """Return the packages that own files of the system."""
    if not sources:
        return set()
    known_as = {path: source for source in sources for path in _names_of(source)}
    lines = _said("dpkg-query", "-S", *known_as).splitlines()
    owned = [line.rsplit(": ", maxsplit=1) for line in lines]
    unknown = {*sources} - {known_as[path] for _, path in owned}
    if unknown:
        raise Unknown(f"no package of this system owns {min(unknown)}; build on Debian or Ubuntu")
    packages = sorted({packages.split(", ")[0] for packages, _ in owned})
    form = "${Package} ${Version} ${Architecture}\\n"
    described = _said("dpkg-query", "-W", "-f", form, *packages).splitlines()
    return {_debian_package(*line.split()) for line in described}


def _names_of(path: str) -> set[str]:
    """Return the names by which the system may know a file: /lib is a link to /usr/lib now."""
    names = {path, str(Path(path).resolve())}
    return names | {name.removeprefix("/usr") for name in names}


def _debian_package(name: str, version: str, machine: str) -> Owner:
    text = Path("/usr/share/doc") / name / "copyright"
    if not text.is_file():
        raise Unknown(f"Debian's package {name} has no copyright file")
    source = f"pkg:deb/debian/{name}@{version}?arch={machine}"
    return Owner(name, version, "see its text", source, (text,))


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""


def _is_in(path: str, folder: str) -> bool:
    return path.startswith(folder + os.sep)


def _normal(path: str | Path) -> str:
    return os.path.normcase(os.path.normpath(path))
