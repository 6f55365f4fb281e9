"""Writers that are killed on Windows, as far as Wine is Windows."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import ROOT
from tests.windows.wine import Computer

TIMES = 20


def test_a_writer_that_is_killed_leaves_no_part_of_a_workbook(
    computer: Computer, bench: Path, tmp_path: Path
) -> None:
    python, kills = bench / "python" / "python.exe", Path(__file__).with_name("kills.py")
    done = computer.run(python, kills, ROOT, tmp_path, str(TIMES))
    said = json.loads(done.said.splitlines()[-1])
    assert said["halfway"] == {"old whole": TIMES}
    loop = said["any moment"]
    assert loop.pop("old whole") == TIMES
    # Killed between creating and marking, or between unmarking and moving.
    assert {*loop} <= {"empty", "whole"}
    assert loop.get("empty", 0) + loop.get("whole", 0) <= TIMES // 2
    # What another run is at stays: the new file, that one, and nothing of those that were left.
    assert said["while another writes"] == ["mine", 2]
    assert said["in the end"] == ["out.xlsx"]
