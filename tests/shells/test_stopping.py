"""A process that ends at once still says all it had to say, and does what it was asked to."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

WORK = """
import atexit, sys
from workbook_builder.cli.process import leave, stoppable
atexit.register(lambda: print("asked for"))
print(stoppable(lambda: "found"))
print("said", file=sys.stderr)
leave(2)
"""
STOPPED = """
import atexit, threading, time
from workbook_builder.cli.process import leave, stoppable
atexit.register(lambda: print("asked for"))
try:
    threading.Timer(0.5, __import__("_thread").interrupt_main).start()
    stoppable(lambda: time.sleep(60))
except KeyboardInterrupt:
    print("stopped")
    leave(2)
"""


def ran(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=40)


def test_nothing_that_was_said_or_asked_for_is_lost() -> None:
    done = ran(WORK)
    assert (done.stdout, done.stderr, done.returncode) == ("found\nasked for\n", "said\n", 2)


def test_work_that_was_stopped_is_not_waited_for() -> None:
    done = ran(STOPPED)
    assert (done.stdout, done.stderr, done.returncode) == ("stopped\n", "", 2)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's pipes")
def test_a_reader_that_is_gone_is_no_fault() -> None:
    code = "import sys, time; from workbook_builder.cli.process import leave\n"
    code += "print('a', end=''); time.sleep(1); leave(0)"
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = f'{sys.executable} -c "{code}" | true; echo ${{PIPESTATUS[0]}}'
    done = subprocess.run(
        ["bash", "-c", command],
        env=buffered,
        capture_output=True,
        text=True,
        check=False,
        timeout=40,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")
