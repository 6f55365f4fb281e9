"""Builds a workbook and keeps the calls to XlsxWriter that it made.

python -m benchmarks.record FOLDER OUT.xlsx TAPE
"""

from __future__ import annotations

import contextlib
import pickle
import sys
from pathlib import Path

from benchmarks.tape import recording
from workbook_builder.__main__ import main

if __name__ == "__main__":
    folder, out, tape = sys.argv[1:4]
    sys.argv = ["workbook-builder", "build", folder, "--out", out]
    with recording() as calls, contextlib.suppress(SystemExit):
        main()
    Path(tape).write_bytes(pickle.dumps(calls))
