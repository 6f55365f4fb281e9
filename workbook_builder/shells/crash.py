"""What is kept of a crash: where in the program it happened, and nothing of anybody's data."""

from __future__ import annotations

import traceback
from pathlib import Path

from platformdirs import user_log_path

from workbook_builder.paths import program_version


def keep_log(fault: BaseException) -> Path:
    """Write the kind and the place of a fault to the log and return the log's path.

    The fault's own words are left out: they may quote a record.
    """
    log = user_log_path("workbook-builder", appauthor=False, ensure_exists=True) / "crash.log"
    with log.open("a", encoding="utf-8") as kept:
        kept.write(f"Workbook Builder {program_version()}: {type(fault).__name__}\n")
        for frame in traceback.extract_tb(fault.__traceback__):
            kept.write(f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}\n")
    return log
