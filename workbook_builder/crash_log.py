"""The log of a fault of the program: what kind it was and where, without any data."""

from __future__ import annotations

import os
import tempfile
import traceback
from pathlib import Path

from platformdirs import user_log_path

from workbook_builder.paths import program_version


def log_folder() -> Path:
    """Return the folder of the program's logs, whether it is there or not."""
    return user_log_path("workbook-builder", appauthor=False)


def write_crash_log(fault: BaseException) -> Path | None:
    """Write the kind and the place of a fault to the log and return the log's path.

    The fault's own message is left out: it may quote a record. If the folder of logs cannot be
    written to, the log is a new file in the temporary folder; None if that fails as well.
    """
    lines = [f"Workbook Builder {program_version()}: {type(fault).__name__}\n"]
    for frame in traceback.extract_tb(fault.__traceback__):
        lines.append(f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}\n")
    # Whatever goes wrong here, it must not hide the fault itself.
    try:
        log = log_folder() / "crash.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.writelines(lines)
        return log
    except Exception:
        pass
    try:
        descriptor, name = tempfile.mkstemp(prefix="workbook-builder-crash-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(lines)
        return Path(name)
    except Exception:
        return None


def crash_log_sentence(log: Path | None) -> str:
    """Return the sentence that says where the log is."""
    if log is None:
        return "No log of it could be kept."
    return f"A log without any of your data is kept at {log}."
