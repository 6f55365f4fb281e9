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

from tests.conftest import WRITTEN
from workbook_builder import run
from workbook_builder.months import Month
from workbook_builder.writing import part_start, replace_file

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
#: Writes the same file again and again, two sizes in turn, until it is killed.
WRITER = """
import sys
from pathlib import Path
from workbook_builder.writing import part_start, replace_file
print("ready", flush=True)
at = 0
while True:
    at += 1
    replace_file(Path(sys.argv[1]), bytes([65 + at % 2]) * (2_000_000 + at % 2))
"""


def request(folder: Path, rows: int = 40) -> run.Request:
    days = "\n".join(f"{row},{row % 31 + 1:02}/07/2023" for row in range(rows))
    extract = folder / "contacts.csv"
    extract.write_text(f"Period: 01/07/2023 to 31/07/2023\nChild ID,Date of Contact\n{days}\n")
    layout = folder / "mine.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    out = folder / "out"
    out.mkdir(exist_ok=True)
    return run.Request((extract,), str(layout), Month(2023, 7), out / "out.xlsx", WRITTEN)


def full(*given: object, **named: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def gone(*given: object, **named: object) -> None:
    raise FileNotFoundError(errno.ENOENT, "The network name is no longer available")


@pytest.mark.parametrize("fault", [full, gone])
@pytest.mark.parametrize(
    ("owner", "name"),
    [("os", "open"), ("os", "fdopen"), ("os", "fsync"), ("pathlib.Path", "replace")],
)  # fmt: skip
def test_a_fault_at_any_step_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: str, name: str,
    fault: Callable[..., Any],
) -> None:  # fmt: skip
    asked = request(tmp_path)
    assert asked.out
    asked.out.write_bytes(OLD)
    monkeypatch.setattr(f"{owner}.{name}", fault)
    outcome = run.build(asked, lambda progress: None)
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_run_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    out.write_bytes(b"A" * 2_000_000)
    moments = random.Random(4)
    rests = 0
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(out)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout and writer.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0, 0.05))
            writer.send_signal(signal.SIGKILL)
        content = out.read_bytes()
        assert content in (b"A" * 2_000_000, b"B" * 2_000_001)
        rests += len(list(tmp_path.iterdir())) > 1
    if has_unnamed_files(tmp_path):
        # Between its naming and its moving into place, two calls of the system, a file is whole.
        assert rests <= 2
    assert replace_file(out, b"new") is None
    assert list(tmp_path.iterdir()) == [out]


def has_unnamed_files(folder: Path) -> bool:
    if sys.platform != "linux":
        return False
    try:
        os.close(os.open(folder, os.O_WRONLY | os.O_TMPFILE))
    except OSError:
        return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_where_no_file_can_be_unnamed_the_next_run_clears_up(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    out.write_bytes(OLD)
    seen = "from workbook_builder import unfinished as u\nu._put_unseen = u._put_seen\n"
    moments = random.Random(4)
    rests = 0
    for _ in range(10):
        with subprocess.Popen(
            [sys.executable, "-c", seen + WRITER, str(out)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout and writer.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0, 0.05))
            writer.send_signal(signal.SIGKILL)
        assert out.read_bytes() in (OLD, b"A" * 2_000_000, b"B" * 2_000_001)
        rests += len(list(tmp_path.iterdir())) > 1
    assert rests  # some were killed in the middle of writing
    others = tmp_path / part_start(4711)
    other, old = Path(f"{others}other-x.part"), Path(f"{others}other-y.part")
    other.touch()
    old.touch()
    os.utime(old, (0, 0))
    assert replace_file(out, b"new") is None
    assert sorted(tmp_path.iterdir()) == [other, out]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_stopping_a_build_leaves_nothing_behind(tmp_path: Path) -> None:
    asked = request(tmp_path, 200_000)
    assert asked.out
    command = [sys.executable, "-m", "workbook_builder", "build", str(asked.inputs[0]), "--layout",
               asked.layout, "--month", "2023-07", "--out", str(asked.out)]  # fmt: skip
    for wait in (0.5, 1.0, 1.5):
        with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=tmp_path) as build:
            time.sleep(wait)
            build.send_signal(signal.SIGINT)
            began = time.monotonic()
            said = build.communicate()[1].decode()
        assert time.monotonic() - began < 3
        assert "Traceback" not in said
        assert list(asked.out.parent.iterdir()) in ([], [asked.out])
        if asked.out.exists():
            assert zipfile.is_zipfile(asked.out)
