"""Whatever fails while the workbook is written: the old one is whole, or the new one is."""

from __future__ import annotations

import errno
import json
import os
import select
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import xlsxwriter

from tests.bad_extracts import MANIFEST
from tests.conftest import ROOT, WRITTEN
from tests.test_exhausting import SLOW, contacts
from workbook_builder import build_workbook
from workbook_builder.atomic_write import replace_file, unfinished_prefix
from workbook_builder.cli.commands import INPUTS_AT_FAULT
from workbook_builder.months import Month
from workbook_builder.request import Request

no_sigkill = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")

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
NEW, LONG = b"B" * 20_000, b"B" * 8_000_000


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
    asked = replace(request(tmp_path), replace_fuller=True)
    assert asked.out
    asked.out.write_bytes(OLD)
    monkeypatch.setattr(f"{owner}.{name}", fault)
    outcome = build_workbook.build(asked, lambda progress: None)
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


#: Writes a file once for each step of Python's that this takes: the first writer is killed at the
#: first step, and so on, until one comes to its end. Says each time what stands there then.
AT_EACH_STEP = """
import json, os, sys
from pathlib import Path
from workbook_builder.atomic_write import replace_file
out, old, new = Path(sys.argv[1]), sys.argv[2].encode(), b"B" * int(sys.argv[3])
names = {old: "old", new: "new"}
def killed_at(step):
    def count(frame, event, given):
        nonlocal step
        step -= event in ("c_call", "c_return", "call", "return")
        if not step:
            os.kill(os.getpid(), 9)
    sys.setprofile(count)
    replace_file(out, new)
    sys.setprofile(None)
    os._exit(0)
step, ended, seen = 0, 9, []
while ended:
    for one in out.parent.iterdir():
        one.unlink()
    if old:
        out.write_bytes(old)
    step += 1
    process = os.fork() or killed_at(step)
    ended = os.waitpid(process, 0)[1]
    there = names.get(out.read_bytes(), "torn") if out.exists() else ""
    others = [one for one in out.parent.iterdir() if one != out]
    seen.append((there, [names.get(one.read_bytes(), "part") for one in others]))
    if others:
        kept = others[0].name, others[0].read_bytes()
for name, content in [kept] if "kept" in globals() else []:
    (out.parent / name).write_bytes(content)
print(json.dumps(seen))
"""


def seen_at_each_step(folder: Path, old: bytes = OLD, before: str = "") -> list[Seen]:
    """Kill a writer at each of its steps, and return what stood there and what was left beside it.

    What one of them left beside it, if any did, is there in the end.
    """
    command = [sys.executable, "-c", before + AT_EACH_STEP, str(folder / "out.xlsx"),
               old.decode(), str(len(NEW))]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = [Seen(there, left) for there, left in json.loads(done.stdout)]
    assert len(seen) > 20
    assert seen[-1] == Seen("new", [])
    return seen


class Seen(NamedTuple):
    """What stands in the file's place, and what is left beside it: old, new, or in part."""

    there: str
    left: list[str]


@no_sigkill
def test_a_run_killed_at_any_step_leaves_a_whole_file(tmp_path: Path) -> None:
    seen = seen_at_each_step(tmp_path)
    assert {one.there for one in seen} == {"old", "new"}
    if has_unnamed_files(tmp_path):
        # Between its naming and its moving into place, two calls of the system, it is whole.
        assert {each for one in seen for each in one.left} <= {"new"}
    assert replace_file(tmp_path / "out.xlsx", b"new") is None
    assert list(tmp_path.iterdir()) == [tmp_path / "out.xlsx"]


@no_sigkill
def test_a_run_killed_while_it_writes_where_no_file_stands_leaves_nothing_or_the_whole(
    tmp_path: Path,
) -> None:
    if not has_unnamed_files(tmp_path):
        pytest.skip("a file system without unnamed files")
    seen = seen_at_each_step(tmp_path, old=b"")
    assert {one.there for one in seen} == {"", "new"}
    assert not any(one.left for one in seen)


#: Is killed by the system in the middle of writing: no file may be larger than this.
IN_THE_MIDDLE = """
import resource, signal, sys
from pathlib import Path
from workbook_builder.atomic_write import replace_file
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
replace_file(Path(sys.argv[1]), b"B" * int(sys.argv[2]))
"""


def killed_in_the_middle(out: Path, before: str = "") -> list[Path]:
    """Kill a writer in the middle of a file; return what is left beside the one in its place."""
    command = [sys.executable, "-c", before + IN_THE_MIDDLE, str(out), str(len(LONG))]
    killed = subprocess.run(command, cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGXFSZ
    assert out.read_bytes() == OLD
    return [one for one in out.parent.iterdir() if one != out]


@no_sigkill
def test_a_run_killed_in_the_middle_of_writing_leaves_the_old_file(tmp_path: Path) -> None:
    if not has_unnamed_files(tmp_path):
        pytest.skip("a file system without unnamed files")
    out = tmp_path / "out.xlsx"
    out.write_bytes(OLD)
    assert killed_in_the_middle(out) == []


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


SEEN = """
import os
_open = os.open
def without_unnamed_files(path, flags, *more, **named):
    if flags & os.O_TMPFILE == os.O_TMPFILE:
        raise OSError(95, "Operation not supported")
    return _open(path, flags, *more, **named)
os.open = without_unnamed_files
"""


@no_sigkill
def test_where_no_file_can_be_unnamed_the_next_run_clears_up(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    seen = seen_at_each_step(tmp_path, before=SEEN)
    assert {one.there for one in seen} == {"old", "new"}
    assert {each for one in seen for each in one.left} >= {"part", "new"}
    assert list(tmp_path.iterdir()) != [out]  # one of them left this
    assert replace_file(out, b"new") is None
    assert list(tmp_path.iterdir()) == [out]


@no_sigkill
def test_what_is_left_of_a_file_that_was_half_written_is_cleared_up(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    out.write_bytes(OLD)
    (left,) = killed_in_the_middle(out, SEEN)
    assert 0 < left.stat().st_size < len(LONG)
    assert replace_file(out, b"new") is None
    assert list(tmp_path.iterdir()) == [out]


#: Stands still while a file is half written, or once it is named.
HALFWAY = """
import os, sys, time
from pathlib import Path
from workbook_builder.atomic_write import replace_file
def still(*given, **named):
    print("ready", flush=True)
    time.sleep(3600)
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
    new, old = (
        tmp_path / f"{unfinished_prefix(4711)}{one}-0a1b2c3d.part" for one in ("new", "old")
    )
    new.touch()
    old.touch()
    os.utime(old, (0, 0))
    monkeypatch.setattr("workbook_builder.atomic_write.is_abandoned", lambda part: False)
    assert replace_file(out, b"new") is None
    assert {*tmp_path.iterdir()} == {out, new}


#: Lets a process stand still, as at a network drive that does not answer: a sitecustomize.py.
STANDS_STILL = """
import os, sys
def still(event, given):
    what = os.environ["STILL_AT"].split(" ", 1)
    if event == what[0] and str(given[0]).endswith(what[1]):
        with open(os.environ["STILL_IN"] + "/ready", "a"):
            os.close(os.open(os.environ["STILL_IN"] + "/way", os.O_RDONLY))
sys.addaudithook(still)
"""
#: Seconds after which a test gives up on what never comes; nothing is held against them.
PATIENCE = 120


@pytest.fixture
def still(tmp_path: Path) -> Iterator[Path]:
    """A folder in which a process says that it stands still, and waits for exit_now to go on."""
    folder = tmp_path / "still"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(STANDS_STILL, encoding="utf-8")
    os.mkfifo(folder / "way")
    yield folder
    os.close(os.open(folder / "way", os.O_RDWR))  # whoever still waits goes on, and ends


def old_workbook(folder: Path) -> Path:
    """A workbook of a kind that a process of its own reads."""
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
            b"</office:document-content>") % (names, row * 3))  # fmt: skip
    return file


def new_workbook(folder: Path) -> Path:
    file = folder / "contacts.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, ("Child ID", "Date of Contact"))
        sheet.write_row(1, 0, (1, "04/07/2023"))
    return file


def text(folder: Path) -> Path:
    return contacts(folder, 20)


def build_of(file: Path, asked: Request) -> list[str]:
    return [sys.executable, "-m", "workbook_builder", "build", str(file), "--layout", asked.layout,
            "--month", "2023-07", "--out", str(asked.out)]  # fmt: skip


@pytest.fixture
def _ctrl_c_is_heard() -> Iterator[None]:
    """Let programs hear of Ctrl+C even where the tests themselves are started so as not to."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


no_sigint = pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process")


@no_sigint
@pytest.mark.usefixtures("_ctrl_c_is_heard")
@pytest.mark.parametrize(
    ("make", "at"),
    [(text, "open contacts.csv"), (new_workbook, "open contacts.xlsx"),
     (old_workbook, "open contacts.ods"), (old_workbook, "import python_calamine")],
)  # fmt: skip
def test_ctrl_c_stops_a_run_whose_reading_stands_still_and_leaves_nothing(
    make: Callable[[Path], Path], at: str, tmp_path: Path, still: Path
) -> None:
    asked = request(tmp_path)
    assert asked.out
    paths = os.pathsep.join([str(still), str(ROOT)])
    own = {**os.environ, "PYTHONPATH": paths, "STILL_AT": at, "STILL_IN": str(still)}
    command, said = build_of(make(tmp_path), asked), tmp_path / "said"
    with (
        said.open("wb") as errors,
        subprocess.Popen(command, stderr=errors, cwd=tmp_path, env=own) as build,
    ):
        try:
            end = time.monotonic() + PATIENCE
            while not (still / "ready").exists():
                assert build.poll() is None and time.monotonic() < end, "it never stood still"
                time.sleep(0.01)
            build.send_signal(signal.SIGINT)
            assert build.wait(PATIENCE) == INPUTS_AT_FAULT
        finally:
            build.kill()
    # A process that it started may stand still until the test is over, and say more.
    assert said.read_bytes() == b"Stopped. Nothing was written.\n"
    assert list(asked.out.parent.iterdir()) == []


@no_sigint
@pytest.mark.usefixtures("_ctrl_c_is_heard")
def test_ctrl_c_stops_a_measure_that_never_ends_and_leaves_nothing(tmp_path: Path) -> None:
    import pty  # noqa: PLC0415  Windows has none of them
    import termios  # noqa: PLC0415

    asked = request(tmp_path)
    assert asked.out
    file = contacts(tmp_path, 20_000)
    (tmp_path / "measures").mkdir()
    slow = SLOW.replace("record_child", "contacts.child_id")
    (tmp_path / "measures" / "slow.toml").write_text(slow, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(LAYOUT.replace('"contacts"', '"slow"'), encoding="utf-8")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, 120))
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(build_of(file, asked), stderr=theirs, cwd=tmp_path, env=own) as build:
        os.close(theirs)
        try:
            said = b""
            while b"Counting" not in said:
                assert select.select([ours], [], [], PATIENCE)[0] and build.poll() is None, said
                said += os.read(ours, 1_000)
            build.send_signal(signal.SIGINT)
            assert build.wait(PATIENCE) == INPUTS_AT_FAULT
        finally:
            build.kill()
    with suppress(OSError):  # so Linux says that nobody writes any more
        while True:
            said += os.read(ours, 1_000)
    os.close(ours)
    assert b"Traceback" not in said
    assert b"Stopped. Nothing was written." in said
    assert list(asked.out.parent.iterdir()) == []
