"""What makes the packaged program: choice of files, identity, licences, archives, checksums."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from packaged import archive, bill, chosen, contents, identity, notices, owners

WHEN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
#: The sizes that Windows shows icons in, from the title bar to the largest view.
SIZES = {16, 20, 24, 32, 40, 48, 64, 128, 256}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small program: a file that runs, one that does not, and a link."""
    made = tmp_path / "Tŷ £"
    (made / "inside").mkdir(parents=True)
    (made / "run").write_bytes(b"#!/bin/sh\n")
    (made / "run").chmod(0o700)
    (made / "inside" / "text.txt").write_text("ŵ", encoding="utf-8")
    (made / "link").symlink_to("inside/text.txt")
    return made


def test_an_archive_is_the_same_whenever_it_is_made(folder: Path, tmp_path: Path) -> None:
    archive.write_zip(folder, tmp_path / "one.zip", WHEN)
    os.utime(folder / "run", (1, 1))
    archive.write_zip(folder, tmp_path / "two.zip", WHEN)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        entries = {one.filename: one for one in packed.infolist()}
        assert list(entries) == ["Tŷ £/inside/text.txt", "Tŷ £/link", "Tŷ £/run"]
        assert [oct(one.external_attr >> 16) for one in entries.values()] == [
            "0o100644", "0o120777", "0o100755",
        ]  # fmt: skip
        assert packed.read("Tŷ £/link") == b"inside/text.txt"
        assert {one.date_time for one in entries.values()} == {(2026, 11, 20, 9, 30, 0)}


def test_checksums_are_those_of_sha256sum(folder: Path) -> None:
    archive.write_sums_inside(folder)
    archive.write_sums_inside(folder)  # of an earlier list there is no sum
    check = ["sha256sum", "--check", "--strict", archive.SUMS]
    done = subprocess.run(check, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["inside/text.txt: OK", "link: OK", "run: OK"]


@pytest.mark.parametrize(
    ("file", "folder", "kept"),
    [
        ("/q/plugins/platforms/libqxcb.so", "PySide6/Qt/plugins/platforms", True),
        (r"qwindows.dll", r"PySide6\plugins\platforms", True),
        ("/q/plugins/platforms/libqvnc.so", "PySide6/Qt/plugins/platforms", False),
        ("/q/plugins/tls/libqopensslbackend.so", "PySide6/Qt/plugins/tls", False),
        ("opengl32sw.dll", "PySide6", False),
        ("/q/translations/qt_cy.qm", "PySide6/Qt/translations", False),
        ("/q/lib/libQt6Core.so.6", "PySide6/Qt/lib", True),
    ],
)
def test_of_qt_only_what_the_window_needs_is_kept(file: str, folder: str, *, kept: bool) -> None:
    assert chosen.of_qt([(file, folder)]) == ([(file, folder)] if kept else [])


def test_what_names_the_machine_or_tests_or_knows_time_zones_is_left_out() -> None:
    names = (
        "numpy/tests/a.py",
        "z/dateutil-zoneinfo.tar.gz",
        "x-1.dist-info/RECORD",
        "x-1.dist-info/METADATA",
        "b.so",
        "a.so",
    )
    entries = [(name, name, "DATA") for name in names]
    assert [name for name, _, _ in chosen.wanted(entries)] == [
        "a.so", "b.so", "x-1.dist-info/METADATA",
    ]  # fmt: skip


def test_the_sample_inputs_go_along_and_their_generator_does_not(root: Path) -> None:
    inside = {f"{folder}/{Path(file).name}" for file, folder in contents.shipped_files(root)}
    assert "workbook_builder/sample_inputs/population.csv" in inside
    assert "workbook_builder/docs/how-to/deploy.md" in inside
    assert "workbook_builder/self_test/recorded.json" in inside
    assert not [name for name in inside if "generator" in name or name.endswith(".py")]


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("1.2.3", (1, 2, 3, 0)), ("0.10", (0, 10, 0, 0)), ("1.2.3rc4+local.5", (1, 2, 3, 4))],
)
def test_the_version_is_four_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert identity.Stated("workbook-builder", version).numbers == numbers


def test_windows_reads_name_version_and_icon(root: Path, tmp_path: Path) -> None:
    stated = identity.stated_in(root / "pyproject.toml")
    found = identity.windows_resources(stated, "workbook-builder", tmp_path, root / "build")
    text = Path(found["version"]).read_text(encoding="utf-8")
    assert f'StringStruct("ProductVersion", {stated.version!r})' in text
    assert "StringStruct(\"OriginalFilename\", 'workbook-builder.exe')" in text
    # What Task Manager and "Open with" call it.
    assert "StringStruct(\"FileDescription\", 'Workbook Builder')" in text
    compile(text, "version", "eval")
    assert all(Path(file).is_file() for file in found.values())


def test_the_icon_has_every_size(root: Path) -> None:
    content = (root / "build" / "icon" / "workbook-builder.ico").read_bytes()
    _, kind, number = struct.unpack_from("<3H", content)
    sizes = {content[6 + 16 * at] or 256 for at in range(number)}
    assert (kind, sizes) == (1, SIZES)


def test_the_manifest_asks_for_sharp_windows_long_paths_and_no_rights(root: Path) -> None:
    manifest = ET.parse(root / "build" / "workbook-builder.manifest")
    said = {one.tag.split("}")[1]: (one.text or "", one.attrib) for one in manifest.iter()}
    assert said["dpiAwareness"][0].startswith("PerMonitorV2")
    assert said["longPathAware"][0] == "true"
    assert said["requestedExecutionLevel"][1] == {"level": "asInvoker", "uiAccess": "false"}


def test_a_file_of_nobody_stops_the_build(root: Path, tmp_path: Path) -> None:
    stray = tmp_path / "stray.so"
    stray.touch()
    stated = identity.Stated("workbook-builder", "1")
    with pytest.raises(owners.Unknown, match="stray"):
        notices.write_notices([("stray.so", str(stray), "BINARY")], tmp_path / "w", stated, root)


def test_what_pip_does_not_know_of_is_added_to_the_bill(tmp_path: Path) -> None:
    program, found = tmp_path / "program", tmp_path / "bill.json"
    (program / notices.FOLDER).mkdir(parents=True)
    carried = [
        {"name": name, "version": "1", "licence": "MIT", "purl": purl}
        for name, purl in (("Ours", "pkg:generic/ours@1"), ("duckdb", "pkg:pypi/duckdb@1"),
                           ("Python", "pkg:generic/python@1"))
    ]  # fmt: skip
    (program / notices.FOLDER / notices.LIST).write_text(json.dumps(carried), encoding="utf-8")
    known = {
        "metadata": {"component": {"name": "ours"}},
        "components": [{"name": "duckdb", "version": "1", "purl": "pkg:pypi/duckdb@1"}],
    }
    found.write_text(json.dumps(known), encoding="utf-8")
    bill.write_bill(found, program)
    made = json.loads((program / notices.FOLDER / bill.NAME).read_text(encoding="utf-8"))
    assert [one["name"] for one in made["components"]] == ["duckdb", "Python"]
    needs = [sys.executable, str(Path(notices.__file__).parents[1] / "needs.py"), "--as-in"]
    done = subprocess.run(
        [*needs, str(program / notices.FOLDER / bill.NAME)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "duckdb==1\n"


def test_the_build_folder_holds_no_work_files(root: Path) -> None:
    listed = subprocess.run(
        ["git", "status", "--porcelain", "--ignored", "build"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    left = [line for line in listed.stdout.splitlines() if "__pycache__" not in line]
    assert not [line for line in left if line.startswith("!!")]
    assert not list((root / "build").rglob("__init__.py"))
