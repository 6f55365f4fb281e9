"""A process that ends at once still says all it had to say, and does what it was asked to."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

WORK = """
import atexit, sys
from workbook_builder.cli.commands import exit_now, run_interruptible
atexit.register(lambda: print("asked for"))
print(run_interruptible(lambda: "found"))
print("said", file=sys.stderr)
exit_now(2)
"""
STOPPED = """
import atexit, time
from _thread import interrupt_main
from workbook_builder.cli.commands import exit_now, run_interruptible
atexit.register(lambda: print("asked for"))
def work():
    interrupt_main()
    time.sleep(3600)
try:
    run_interruptible(work)
except KeyboardInterrupt:
    print("stopped")
    exit_now(2)
"""


def ran(code: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    # As a program writes to a file or a pipe: what it says is kept until it ends.
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        [sys.executable, "-c", code], text=True, check=False, timeout=600, env=buffered,
        stdout=stdout, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_nothing_that_was_said_or_asked_for_is_lost() -> None:
    done = ran(WORK)
    assert (done.stdout, done.stderr, done.returncode) == ("found\nasked for\n", "said\n", 2)


def test_work_that_was_stopped_is_not_waited_for() -> None:
    done = ran(STOPPED)
    assert (done.stdout, done.stderr, done.returncode) == ("stopped\n", "", 2)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's pipes")
def test_a_reader_that_is_gone_is_no_fault() -> None:
    code = "from workbook_builder.cli.commands import exit_now; print('a', end=''); exit_now(0)"
    reader, pipe = os.pipe()
    os.close(reader)
    try:
        done = ran(code, pipe)
    finally:
        os.close(pipe)
    assert (done.returncode, done.stderr) == (0, "")
