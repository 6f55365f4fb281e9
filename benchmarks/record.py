"""Builds a workbook and keeps the calls to XlsxWriter that it made.

python -m benchmarks.record FOLDER OUT.xlsx TAPE
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from benchmarks.tape import recording
from workbook_builder.cli.commands import run_command

if __name__ == "__main__":
    folder, out, tape = sys.argv[1:4]
    with recording() as calls:
        status = run_command(["build", folder, "--out", out])
    Path(tape).write_bytes(pickle.dumps(calls))
    sys.exit(status)
