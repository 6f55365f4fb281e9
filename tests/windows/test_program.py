"""The Windows program, started under Wine: what it says of itself, builds and reads."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLE_INPUTS
from tests.windows.conftest import STAMP, Built, parts
from tests.windows.wine import Computer, windows_path
from workbook_builder.paths import program_version

KINDS = ROOT / "workbook_builder" / "self_test" / "kinds"
#: What people call folders: with a space, an apostrophe, a pound sign, Welsh letters, at length.
FOLDERS = (
    "July's returns",
    "£ figures",
    "Gŵyl Siân",
    "a" * 100 + "/" + "b" * 100 + "/" + "c" * 100,
)


def sheets_read(said: str) -> list[str]:
    """Return the lines of what the program says that tell of a sheet of referrals."""
    return [line for line in said.splitlines() if ', sheet "Referrals": ' in line]


def test_is_fit_to_ship(built: Built, bench: Path) -> None:
    system = bench / "prefix" / "drive_c" / "windows" / "system32"
    done = subprocess.run(
        [bench / "tools/bin/python", ROOT / "build/wine/fit_to_ship.py", built.program, system,
         program_version()], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_a_program_with_a_stand_in_would_not_be(built: Built, bench: Path, tmp_path: Path) -> None:
    system = bench / "prefix" / "drive_c" / "windows" / "system32"
    for program in (built.console, built.window):
        shutil.copy(program, tmp_path)
    shutil.copy(system / "icuuc.dll", tmp_path)
    shutil.copy(system / "ucrtbase.dll", tmp_path / "other.dll")
    done = subprocess.run(
        [bench / "tools/bin/python", ROOT / "build/wine/fit_to_ship.py", tmp_path, system, "0.0"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "icuuc.dll: is a file of the Wine prefix" in done.stdout
    assert "icuuc.dll: has the name of a library that comes with Windows" in done.stdout
    assert "other.dll: bears the mark 'Wine changed DLL'" in done.stdout
    assert "workbook-builder.exe: its version resource says" in done.stdout


def test_tells_its_version(built: Built, computer: Computer) -> None:
    done = computer.run(built.console, "--version")
    assert (done.status, done.said.strip()) == (0, program_version())


def test_tests_itself(built: Built, computer: Computer) -> None:
    done = computer.run(built.console, "self-test")
    assert done.status == 0, done.said


def test_builds_the_workbook_that_linux_builds(
    built: Built, computer: Computer, tmp_path: Path, linux_workbook: bytes
) -> None:
    out = tmp_path / "board.xlsx"
    done = computer.run(built.console, "build", SAMPLE_INPUTS, "--out", out, env=STAMP)
    assert done.status == 0, done.said
    assert parts(out.read_bytes()) == parts(linux_workbook)


def test_reads_old_kinds_of_workbook_in_a_process_of_its_own(
    built: Built, computer: Computer
) -> None:
    files = [KINDS / f"referrals.{kind}" for kind in ("xls", "xlsb", "ods", "xlsx")]
    here = subprocess.run(
        [sys.executable, "-m", "workbook_builder", "check", *files],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    done = computer.run(built.console, "check", *files)
    assert done.status == here.returncode
    found = sheets_read(here.stdout)
    assert len(found) == len(files) and all("3 rows" in line for line in found)
    assert sheets_read(done.said) == found


@pytest.mark.parametrize("name", FOLDERS, ids=["apostrophe", "pound", "welsh", "long"])
def test_takes_paths_as_people_write_them(
    built: Built, computer: Computer, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE_INPUTS / "rpt62_referrals.csv", folder)
    out = folder / "Gŵyl's £ workbook.xlsx"
    done = computer.run(built.console, "build", folder, "--out", out, env=STAMP)
    assert done.status == 0, done.said
    assert out.exists()


def test_takes_paths_in_the_form_for_long_ones(
    built: Built, computer: Computer, tmp_path: Path
) -> None:
    shutil.copy(SAMPLE_INPUTS / "rpt62_referrals.csv", tmp_path)
    folder = rf"\\?\{windows_path(tmp_path)}"
    done = computer.run(built.console, "build", folder, "--out", rf"{folder}\out.xlsx", env=STAMP)
    assert done.status == 0, done.said
    assert (tmp_path / "out.xlsx").exists()


def test_reads_and_writes_on_a_network_share(
    built: Built, computer: Computer, tmp_path: Path
) -> None:
    share = computer.prefix / "dosdevices" / "unc" / "council" / "performance team"
    share.parent.mkdir(parents=True)
    share.symlink_to(tmp_path)
    shutil.copy(SAMPLE_INPUTS / "rpt62_referrals.csv", tmp_path)
    folder = r"\\council\performance team"
    for _ in range(2):  # the second finds the workbook of the first in its place
        done = computer.run(
            built.console, "build", folder, "--out", rf"{folder}\out.xlsx", env=STAMP
        )
        assert done.status == 0, done.said
        assert sorted(one.name for one in tmp_path.iterdir()) == ["out.xlsx", "rpt62_referrals.csv"]


def test_needs_to_write_nothing_beside_itself(
    built: Built, computer: Computer, tmp_path: Path
) -> None:
    before = {one: one.stat().st_mtime_ns for one in built.program.rglob("*")}
    computer.run(built.console, "layouts")
    computer.run(built.console, "build", tmp_path, "--out", tmp_path / "out.xlsx")
    assert {one: one.stat().st_mtime_ns for one in built.program.rglob("*")} == before


def test_own_layouts_in_the_documents_of_the_person_are_known(
    built: Built, computer: Computer
) -> None:
    documents = computer.user / "Documents"
    assert not [one for one in computer.user.iterdir() if one.is_symlink()]
    own = documents / "Workbook Builder" / "layouts"
    own.mkdir(parents=True)
    (own / "ours.toml").write_text('extends = "board"\ntitle = "Bwrdd ŵ"\n', encoding="utf-8")
    done = computer.run(built.console, "layouts", "--where")
    where = "C:\\users\\" + computer.user.name + "\\Documents\\Workbook Builder"
    assert f"{where} (yours)" in done.said, done.said
    assert f"{where}\\layouts (yours)" in done.said
    assert "ours: Bwrdd" in computer.run(built.console, "layouts").said
    done = computer.run(built.console, "layouts", "--copy", "scorecard")
    assert done.status == 0, done.said
    assert (own / "scorecard.toml").is_file()
