"""Ways in and out: the installer for one person and the MSI, silently, under Wine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.windows.conftest import PRODUCT, STAMP, Built
from tests.windows.wine import Computer
from workbook_builder.paths import program_version

MOST_BYTES = 60_000_000


@dataclass(frozen=True)
class WayIn:
    """A way to install the program and to remove it again."""

    package: str
    program: Callable[[Computer], Path]
    start_menu: Callable[[Computer], Path]
    send_to: bool
    settings: str

    def install(self, computer: Computer, built: Built) -> int:
        """Install it and return the exit status."""
        package = built.one(self.package)
        if package.suffix == ".msi":
            return computer.run("msiexec.exe", "/i", package, "/qn").status
        return computer.run(package, "/S").status

    def remove(self, computer: Computer, built: Built) -> int:
        """Remove it and return the exit status."""
        package = built.one(self.package)
        if package.suffix == ".msi":
            return computer.run("msiexec.exe", "/x", package, "/qn").status
        here = self.program(computer)
        # Told where it lies, the uninstaller does its work itself and not in a copy of itself.
        return computer.run(here / "Uninstall.exe", "/S", rf"_?={_inside(computer, here)}").status


def _inside(computer: Computer, path: Path) -> str:
    return "C:\\" + "\\".join(path.relative_to(computer.drive).parts)


ROAMING = "AppData/Roaming/Microsoft/Windows"
ONE_PERSON = WayIn(
    package="*-setup.exe",
    program=lambda computer: computer.user / "AppData/Local/Programs" / PRODUCT,
    start_menu=lambda computer: computer.user / ROAMING / "Start Menu/Programs",
    send_to=True,
    settings=r"CurrentVersion\\Uninstall\\Workbook Builder]",
)
WHOLE_PC = WayIn(
    package="*.msi",
    program=lambda computer: computer.drive / "Program Files" / PRODUCT,
    # The MSI is for everybody (ALLUSERS is 1); Wine has the person's own Start menu all the same.
    start_menu=lambda computer: computer.user / ROAMING / "Start Menu/Programs",
    send_to=False,
    settings=r"[Software\\Workbook Builder]",
)


@pytest.mark.parametrize("way", [ONE_PERSON, WHOLE_PC], ids=["one person", "whole PC"])
def test_comes_works_and_goes(built: Built, computer: Computer, way: WayIn) -> None:
    before = computer.files()
    program = way.program(computer)
    assert way.install(computer, built) == 0
    installed = {one.relative_to(program) for one in program.rglob("*") if one.is_file()}
    shipped = {one.relative_to(built.program) for one in built.program.rglob("*") if one.is_file()}
    assert installed - {Path("Uninstall.exe")} == shipped
    assert (way.start_menu(computer) / f"{PRODUCT}.lnk").exists()
    assert (computer.user / ROAMING / f"SendTo/{PRODUCT}.lnk").exists() == way.send_to
    assert way.settings in computer.registry()

    done = computer.run(program / "workbook-builder.exe", "--version")
    assert (done.status, done.said.strip()) == (0, program_version())

    own = program / "layouts" / "ours.toml"
    own.parent.mkdir()
    own.write_text('title = "Ours"\n')
    assert way.remove(computer, built) == 0
    assert way.settings not in computer.registry()
    left = computer.files() - before - {program / "Uninstall.exe"}
    assert {one for one in left if "Temp" not in one.parts} == {own}
    own.unlink()


@pytest.fixture(scope="session")
def another_build(tmp_path_factory: pytest.TempPathFactory, bench: Path) -> Built:
    """The packages of another build of the same version: a program that does nothing.

    They are made in a folder as people name them.
    """
    folder = tmp_path_factory.mktemp("July's build ")
    program = folder / PRODUCT
    program.mkdir()
    source = folder / "nothing.c"
    source.write_text("int main(void) { return 0; }\n")
    subprocess.run(
        ["x86_64-w64-mingw32-gcc", "-s", "-o", program / f"{PRODUCT}.exe", source], check=True
    )
    (program / "another.txt").write_text("of another build")
    subprocess.run(
        [bench / "tools/bin/python", ROOT / "build/installers.py", program, "--name", "another"],
        env={**os.environ, **STAMP}, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return Built(folder)


def test_another_checkout_gives_the_same_installers(
    another_build: Built, bench: Path, tmp_path: Path
) -> None:
    """Whenever that was made: its files are as old as it is."""
    shutil.copytree(ROOT / "build", tmp_path / "build", copy_function=shutil.copyfile)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    program = shutil.copytree(another_build.program, tmp_path / PRODUCT)
    subprocess.run(
        [bench / "tools/bin/python", tmp_path / "build/installers.py", program, "--name", "again"],
        env={**os.environ, **STAMP}, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    for ending in ("-setup.exe", ".msi"):
        first = another_build.one(f"*{ending}").read_bytes()
        assert first == (tmp_path / f"again{ending}").read_bytes(), ending


def stated_size(entry: dict[str, str], package: Path) -> int:
    """Return the size that Windows will show. Wine puts none of an MSI's into its registry."""
    if package.suffix == ".msi":
        said = subprocess.run(
            ["msiinfo", "export", package, "Property"], capture_output=True, text=True, check=True
        ).stdout
        return int(dict(re.findall(r"^(\w+)\t(\S+)$", said, re.MULTILINE))["ARPSIZE"]) * 1024
    return int(entry["EstimatedSize"].removeprefix("dword:"), 16) * 1024


@pytest.mark.parametrize("way", [ONE_PERSON, WHOLE_PC], ids=["one person", "whole PC"])
def test_another_build_takes_the_place_and_nothing_that_was_changed_is_lost(
    built: Built, another_build: Built, computer: Computer, way: WayIn
) -> None:
    program = way.program(computer)
    documents = computer.user / "Documents" / PRODUCT / "layouts"
    kept = documents if way is ONE_PERSON else program / "layouts"
    documents.mkdir(parents=True, exist_ok=True)
    (documents / "mine.toml").write_text('extends = "board"\ntitle = "Mine"\n')

    assert way.install(computer, built) == 0
    (entry,) = computer.uninstall_entries(PRODUCT)
    assert entry["DisplayVersion"] == program_version()
    assert entry["InstallLocation"].replace("\\\\", "\\").rstrip("\\") == _inside(computer, program)
    size = stated_size(entry, built.one(way.package))
    assert abs(size - sum(one.stat().st_size for one in built.program.rglob("*"))) < 10_000_000
    shipped = program / "_internal" / "workbook_builder" / "layouts" / "board.toml"
    changed = shipped.read_text(encoding="utf-8") + "\n# Changed by us.\n"
    shipped.write_text(changed, encoding="utf-8")

    assert way.install(computer, another_build) == 0
    assert len(computer.uninstall_entries(PRODUCT)) == 1
    assert (program / "another.txt").is_file() and not shipped.exists()
    assert (kept / "board.toml").read_text(encoding="utf-8") == changed
    assert "board.toml" in (kept / "READ ME - kept.txt").read_text(encoding="utf-8")

    assert way.install(computer, built) == 0
    assert len(computer.uninstall_entries(PRODUCT)) == 1
    assert not (program / "another.txt").exists()
    notes = shipped.with_name("scorecard.toml")
    notes.write_text("# Changed again.\n")
    assert way.remove(computer, built) == 0
    assert computer.uninstall_entries(PRODUCT) == []
    assert (kept / "board.toml").read_text(encoding="utf-8") == changed
    assert (kept / "scorecard.toml").read_text() == "# Changed again.\n"
    assert (documents / "mine.toml").is_file()
    assert not (program / f"{PRODUCT}.exe").exists()
    for folder in (documents, program / "layouts"):
        shutil.rmtree(folder, ignore_errors=True)


def test_a_newer_installation_takes_the_place_of_an_older_one(
    built: Built, computer: Computer
) -> None:
    program = ONE_PERSON.program(computer)
    assert ONE_PERSON.install(computer, built) == 0
    (program / "layouts").mkdir(exist_ok=True)
    (program / "layouts" / "ours.toml").write_text('title = "Ours"\n')
    assert ONE_PERSON.install(computer, built) == 0
    assert (program / "layouts" / "ours.toml").exists()
    assert computer.run(program / "workbook-builder.exe", "--version").status == 0
    assert ONE_PERSON.remove(computer, built) == 0


def test_the_zip_holds_the_folder(built: Built) -> None:
    with zipfile.ZipFile(built.one("*.zip")) as packed:
        inside = {one.filename for one in packed.infolist() if not one.is_dir()}
    files = (one for one in built.program.rglob("*") if one.is_file())
    assert inside == {one.relative_to(built.folder).as_posix() for one in files}


def test_sums_and_sizes(built: Built) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=built.folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert built.one("*-setup.exe").stat().st_size < MOST_BYTES
