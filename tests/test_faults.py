"""Whatever fails while the workbook is written: the old one is whole, or the new one is."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.bad_extracts import MANIFEST
from tests.conftest import ROOT, WRITTEN
from tests.test_exhausting import SLOW, contacts
from workbook_builder import build as build_module
from workbook_builder.atomic_write import part_start, replace_file
from workbook_builder.cli.commands import INPUTS_AT_FAULT
from workbook_builder.months import Month
from workbook_builder.request import Request

no_sigkill = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")

KILLS = 50
OLD = b"the old workbook"
LAYOUT = """
title = "A"
file_name = "out.xlsx"
[[tables]]
name = "A"
title = "A"
columns = ["indicator", "months"]
rows = [{ measure = "contacts" }]
months = 1
"""
LONG, SHORT = 8_000_000, 200_000


def in_turn(size: int) -> tuple[bytes, bytes]:
    """Return what a writer writes in turn."""
    return b"A" * size, b"B" * (size + 1)


#: Writes the same file again and again until it is killed; {before} goes before each time.
WRITER = """
import os, sys, time
from pathlib import Path
from workbook_builder.atomic_write import replace_file
out = Path(sys.argv[1])
in_turn = b"A" * {size}, b"B" * ({size} + 1)
print("ready", flush=True)
at = 0
while True:
    at += 1
    {before}
    replace_file(out, in_turn[at % 2])
"""


def request(folder: Path, rows: int = 40) -> Request:
    days = "\n".join(f"{row},{row % 31 + 1:02}/07/2023" for row in range(rows))
    extract = folder / "contacts.csv"
    extract.write_text(f"Period: 01/07/2023 to 31/07/2023\nChild ID,Date of Contact\n{days}\n")
    layout = folder / "mine.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    out = folder / "out"
    out.mkdir(exist_ok=True)
    return Request((extract,), str(layout), Month(2023, 7), out / "out.xlsx", WRITTEN)


def full(*given: object, **named: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def gone(*given: object, **named: object) -> None:
    raise FileNotFoundError(errno.ENOENT, "The network name is no longer available")


@pytest.mark.parametrize("fault", [full, gone])
@pytest.mark.parametrize(
    ("owner", "name"),
    [("os", "open"), ("os", "fdopen"), ("os", "fsync"), ("os", "replace")],
)  # fmt: skip
def test_a_fault_at_any_step_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: str, name: str,
    fault: Callable[..., Any],
) -> None:  # fmt: skip
    asked = request(tmp_path)
    assert asked.out
    asked.out.write_bytes(OLD)
    monkeypatch.setattr(f"{owner}.{name}", fault)
    outcome = build_module.build(asked, lambda progress: None)
    assert outcome.written is None
    assert [problem.code for problem in outcome.problems if problem.level == 3] == ["W001"]
    assert asked.out.read_bytes() == OLD
    assert list(asked.out.parent.iterdir()) == [asked.out]


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs a small disk")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    try:
        out = disk / "out.xlsx"
        out.write_bytes(OLD)
        problem = replace_file(out, bytes(200_000))
        assert problem and "No space left" in problem.text()
        assert out.read_bytes() == OLD
        assert list(disk.iterdir()) == [out]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_folder_that_went_away(tmp_path: Path) -> None:
    problem = replace_file(tmp_path / "gone" / "out.xlsx", b"x")
    assert problem and "does not exist" in problem.text()


def writer(before: str = "", size: int = LONG) -> str:
    return WRITER.format(before=before, size=size)


def writer_killed(program: str, out: Path, seconds: float) -> list[Path]:
    """Kill a writer at a moment; return what is left beside the file that it wrote."""
    with subprocess.Popen(
        [sys.executable, "-c", program, str(out)], stdout=subprocess.PIPE, cwd=ROOT
    ) as started:
        assert started.stdout and started.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        started.send_signal(signal.SIGKILL)
    return [one for one in out.parent.iterdir() if one != out]


@no_sigkill
def test_a_run_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    out.write_bytes(in_turn(LONG)[0])
    moments = random.Random(4)
    copies = []
    for _ in range(KILLS):
        left = writer_killed(writer(), out, moments.uniform(0, 0.1))
        assert out.read_bytes() in in_turn(LONG)
        if has_unnamed_files(tmp_path):
            # Between its naming and its moving into place, two calls of the system, it is whole.
            assert all(one.read_bytes() in in_turn(LONG) for one in left)
            copies += left
    assert len(copies) <= 1
    assert replace_file(out, b"new") is None
    assert list(tmp_path.iterdir()) == [out]


@no_sigkill
def test_a_run_killed_while_it_writes_where_no_file_stands_leaves_nothing_or_the_whole(
    tmp_path: Path,
) -> None:
    if not has_unnamed_files(tmp_path):
        pytest.skip("a file system without unnamed files")
    out = tmp_path / "out.xlsx"
    moments = random.Random(5)
    found = []
    for _ in range(KILLS // 2):
        each = writer("time.sleep(0.005), out.unlink(missing_ok=True)", SHORT)
        assert writer_killed(each, out, moments.uniform(0, 0.1)) == []
        found.append(out.read_bytes() if out.exists() else b"")
        assert found[-1] in (b"", *in_turn(SHORT))
    assert b"" in found and len({*found}) > 1  # killed before and after


#: Kills itself just before or after a call of the system.
AT_A_STEP = """
import os, sys
from pathlib import Path
from workbook_builder.atomic_write import replace_file
name, is_before = sys.argv[2], sys.argv[3] == "before"
call = getattr(os, name)
def last(*given, **named):
    if is_before:
        os.kill(os.getpid(), 9)
    call(*given, **named)
    os.kill(os.getpid(), 9)
def counted(*given, **named):
    found = call(*given, **named)  # the first of two links fails, for there is a file
    os.kill(os.getpid(), 9)
setattr(os, name, counted if name == "link" and not is_before else last)
replace_file(Path(sys.argv[1]), b"new")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the steps of Linux")
@pytest.mark.parametrize(
    ("name", "when", "copies", "content"),
    [("fchmod", "after", 0, OLD), ("fsync", "before", 0, OLD), ("fsync", "after", 0, OLD),
     ("link", "before", 0, OLD), ("link", "after", 1, OLD), ("replace", "before", 1, OLD),
     ("replace", "after", 0, b"new")],
)  # fmt: skip
def test_only_between_naming_and_moving_a_copy_is_left_which_the_next_run_removes(
    tmp_path: Path, name: str, when: str, copies: int, content: bytes
) -> None:
    if not has_unnamed_files(tmp_path):
        pytest.skip("a file system without unnamed files")
    out = tmp_path / "out.xlsx"
    out.write_bytes(OLD)
    killed = subprocess.run(
        [sys.executable, "-c", AT_A_STEP, str(out), name, when], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert out.read_bytes() == content
    left = [one for one in tmp_path.iterdir() if one != out]
    assert [one.read_bytes() for one in left] == [b"new"] * copies
    assert replace_file(tmp_path / "another.xlsx", b"x") is None
    assert {one.name for one in tmp_path.iterdir()} == {"out.xlsx", "another.xlsx"}


def has_unnamed_files(folder: Path) -> bool:
    if sys.platform != "linux":
        return False
    try:
        os.close(os.open(folder, os.O_WRONLY | os.O_TMPFILE))
    except OSError:
        return False
    return True


SEEN = "from workbook_builder import unfinished as u\nu._put_unseen = u._put_seen\n"


@no_sigkill
def test_where_no_file_can_be_unnamed_the_next_run_clears_up(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    out.write_bytes(OLD)
    moments = random.Random(4)
    rests = 0
    for _ in range(10):
        rests += bool(writer_killed(SEEN + writer(), out, moments.uniform(0, 0.1)))
        assert out.read_bytes() in (OLD, *in_turn(LONG))
    assert rests  # some were killed in the middle of writing
    assert replace_file(out, b"new") is None
    assert list(tmp_path.iterdir()) == [out]


#: Stands still while a file is half written, or once it is named.
HALFWAY = """
import os, sys, time
from pathlib import Path
from workbook_builder.atomic_write import replace_file
def still(*given, **named):
    print("ready", flush=True)
    time.sleep(600)
setattr(os, sys.argv[2], still)
replace_file(Path(sys.argv[1]), b"new")
"""


@no_sigkill
@pytest.mark.parametrize(("before", "step"), [(SEEN, "fsync"), ("", "replace")])
def test_what_another_run_is_still_writing_stays_until_that_run_is_gone(
    tmp_path: Path, before: str, step: str
) -> None:
    out = tmp_path / "out.xlsx"
    out.write_bytes(OLD)
    with subprocess.Popen(
        [sys.executable, "-c", before + HALFWAY, str(out), step], stdout=subprocess.PIPE, cwd=ROOT
    ) as writer:
        try:
            assert writer.stdout and writer.stdout.readline() == b"ready\n"
            assert replace_file(out, b"mine") is None
            (still,) = {*tmp_path.iterdir()} - {out}
        finally:
            writer.kill()
    assert replace_file(out, b"mine") is None
    assert list(tmp_path.iterdir()) == [out]
    assert not still.exists()


def test_nothing_of_a_person_is_taken_for_a_file_that_a_run_left(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    kept = [tmp_path / one for one in (
        ".workbook-4711-out.part", "workbook-4711-out-0a1b2c3d.part", ".workbook-out-0a1b2c3d.part",
        ".workbook-4711-out-0a1b2c3d.part.xlsx", "out.part", ".workbook-4711-mine-notahexa.part",
    )]  # fmt: skip
    for one in kept:
        one.write_bytes(b"mine")
        os.utime(one, (0, 0))
    folder = tmp_path / ".workbook-4711-folder-0a1b2c3d.part"
    folder.mkdir()
    shortcut = tmp_path / ".workbook-4711-link-0a1b2c3d.part"
    shortcut.symlink_to(kept[0])
    assert replace_file(out, b"new") is None
    assert {*tmp_path.iterdir()} == {out, *kept, folder, shortcut}


def test_what_cannot_be_told_to_be_left_stays_until_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.xlsx"
    new, old = (tmp_path / f"{part_start(4711)}{one}-0a1b2c3d.part" for one in ("new", "old"))
    new.touch()
    old.touch()
    os.utime(old, (0, 0))
    monkeypatch.setattr("workbook_builder.atomic_write.is_abandoned", lambda part: False)
    assert replace_file(out, b"new") is None
    assert {*tmp_path.iterdir()} == {out, new}


#: Seconds within which a run must have stopped; where other work keeps the machine busy, once of
#: so many times.
SECOND, TRIES = 1.0, 5
LARGE = 200_000


def large_workbook(folder: Path) -> Path:
    file = folder / "contacts.xlsx"
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, ("Child ID", "Date of Contact", "Note"))
        for row in range(1, LARGE // 3):
            sheet.write_row(row, 0, (row, "04/07/2023", f"note {row}"))
    return file


def large_text(folder: Path) -> Path:
    file = folder / "contacts.csv"
    lines = (f"{row},04/07/2023,note {row}\n" for row in range(LARGE * 2))
    file.write_text("Child ID,Date of Contact,Note\n" + "".join(lines))
    return file


def slow_measure(folder: Path) -> Path:
    file = contacts(folder, 20_000)
    (folder / "measures").mkdir()
    slow = SLOW.replace("record_child", "contacts.child_id")
    (folder / "measures" / "slow.toml").write_text(slow, encoding="utf-8")
    (folder / "mine.toml").write_text(LAYOUT.replace('"contacts"', '"slow"'), encoding="utf-8")
    return file


def old_workbook(folder: Path) -> Path:
    """Half a megabyte that the process that reads it takes long to unpack."""
    file = folder / "contacts.ods"
    cell = b'<table:table-cell office:value-type="string"><text:p>1</text:p></table:table-cell>'
    row = b"<table:table-row>%s</table:table-row>" % cell
    names = b"".join(b' xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"' % (one, one)
                     for one in (b"office", b"table", b"text"))  # fmt: skip
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", (
            b"<office:document-content%s><office:body><office:spreadsheet><table:table "
            b'table:name="A">%s</table:table></office:spreadsheet></office:body>'
            b"</office:document-content>") % (names, row * LARGE * 3))  # fmt: skip
    return file


def seconds_to_stop(command: list[str], wait: float, folder: Path) -> float | None:
    """Return how long a run took to stop, or None where it had come to its end before."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=folder) as build:
        time.sleep(wait)
        began = time.monotonic()
        build.send_signal(signal.SIGINT)
        said = build.communicate()[1].decode()
        took = time.monotonic() - began
    assert "Traceback" not in said
    if "Stopped." not in said:
        assert took < SECOND, said
        return None
    assert "Stopped. Nothing was written." in said
    assert build.returncode == INPUTS_AT_FAULT
    return took


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("make", [large_workbook, large_text, slow_measure, old_workbook])
def test_ctrl_c_stops_within_a_second_and_leaves_nothing(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    asked = request(tmp_path)
    assert asked.out
    large = make(tmp_path)
    command = [sys.executable, "-m", "workbook_builder", "build", str(large), "--layout",
               asked.layout, "--month", "2023-07", "--out", str(asked.out)]  # fmt: skip
    moments, latest = random.Random(2), 3.0
    took: list[float] = []
    while len(took) < TRIES and (not took or min(took) > SECOND):
        found = seconds_to_stop(command, moments.uniform(1.0, latest), tmp_path)
        if found is None:
            latest = 1.0 + (latest - 1.0) / 2
            asked.out.unlink(missing_ok=True)
        else:
            took.append(found)
        assert latest > 1.01, "every run came to its end"
    assert min(took) < SECOND, took
    assert list(asked.out.parent.iterdir()) == []
