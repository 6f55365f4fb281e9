"""Ways in and out: the installer for one person and the MSI, silently, under Wine."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.windows.conftest import PRODUCT, Built
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
