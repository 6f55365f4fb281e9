"""Run by Python for Windows: kills writers of workbooks and says, as JSON, what they left.

    kills.py CHECKOUT FOLDER TIMES

A writer that stands still while a file is half written is killed, then one that writes without end
at any moment. TerminateProcess is what Task Manager calls, and `taskkill /F`.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

SIZE = 2_000_000
WHOLE = (b"A" * SIZE, b"B" * (SIZE + 1))
WRITER = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from workbook_builder.atomic_write import replace_file
in_turn = b"A" * {size}, b"B" * ({size} + 1)
def still(number):
    print("ready", flush=True)
    time.sleep(600)
if sys.argv[3] == "halfway":
    os.fsync = still
else:
    print("ready", flush=True)
at = 0
while True:
    at += 1
    replace_file(Path(sys.argv[2]), in_turn[at % 2])
"""
ONCE = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from workbook_builder.atomic_write import replace_file
assert replace_file(Path(sys.argv[2]), b"mine") is None
"""


def started(checkout: str, out: Path, how: str) -> subprocess.Popen[bytes]:
    """Start a writer, and wait until it is at it."""
    program = WRITER.format(size=SIZE)
    writer = subprocess.Popen(
        [sys.executable, "-c", program, checkout, str(out), how],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert writer.stdout
    assert writer.stdout.readline().startswith(b"ready")
    return writer


def end(writer: subprocess.Popen[bytes]) -> None:
    """Kill a writer, and wait until Windows has closed its files."""
    with writer:
        writer.kill()
    time.sleep(0.3)


def what_is(content: bytes) -> str:
    """Name what a file holds."""
    return "whole" if content in WHOLE else "part" if content else "empty"


def left_after(checkout: str, out: Path, how: str, wait: float) -> Counter[str]:
    """Kill a writer after a time; count what it left, and take it away."""
    writer = started(checkout, out, how)
    time.sleep(wait)
    end(writer)
    left = [one for one in out.parent.iterdir() if one != out]
    found = Counter(
        [f"old {what_is(out.read_bytes())}", *(what_is(one.read_bytes()) for one in left)]
    )
    for one in left:
        one.unlink()
    return found


def main(checkout: str, folder: str, times: str) -> None:
    out = Path(folder) / "out.xlsx"
    out.write_bytes(WHOLE[0])
    moments = random.Random(4)
    said: dict[str, object] = {}
    for how in ("halfway", "any moment"):
        found: Counter[str] = Counter()
        for _ in range(int(times)):
            found += left_after(checkout, out, how, moments.uniform(0, 0.3))
        said[how] = found

    names = [f".workbook-4711-out-0a1b2c3{at}.part" for at in (1, 2)]
    for name in names:
        (out.parent / name).write_bytes(WHOLE[0])
    writer = started(checkout, out, "halfway")
    subprocess.run([sys.executable, "-c", ONCE, checkout, str(out)], check=True,
                   stdin=subprocess.DEVNULL)  # fmt: skip
    said["while another writes"] = [out.read_bytes().decode(), len(list(out.parent.iterdir()))]
    end(writer)
    said["in the end"] = [one.name for one in out.parent.iterdir()]
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
