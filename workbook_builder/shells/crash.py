"""What is kept of a crash: where in the program it happened, and nothing of anybody's data."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_log_path

from workbook_builder.paths import program_version


def keep_log(fault: BaseException) -> Path | None:
    """Write the kind and the place of a fault to the log and return the log's path.

    The fault's own words are left out: they may quote a record. Where the folder of logs cannot be
    written to, the log is a new file in the temporary folder; where that cannot be either, None.
    """
    text = "".join(_lines(fault))
    for keep in (_in_the_folder_of_logs, _in_the_temporary_folder):
        try:
            return keep(text)
        except Exception:  # whatever it is, it must not hide the fault itself
            continue
    return None


def log_words(log: Path | None) -> str:
    """Return the sentence that says where the log is."""
    if log is None:
        return "No log of it could be kept."
    return f"A log without any of your data is kept at {log}."


def _lines(fault: BaseException) -> Iterator[str]:
    yield f"Workbook Builder {program_version()}: {type(fault).__name__}\n"
    for frame in traceback.extract_tb(fault.__traceback__):
        yield f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}\n"


def _in_the_folder_of_logs(text: str) -> Path:
    log = user_log_path("workbook-builder", appauthor=False, ensure_exists=True) / "crash.log"
    with log.open("a", encoding="utf-8") as kept:
        kept.write(text)
    return log


def _in_the_temporary_folder(text: str) -> Path:
    number, name = tempfile.mkstemp(prefix="workbook-builder-crash-", suffix=".log")
    with os.fdopen(number, "w", encoding="utf-8") as kept:
        kept.write(text)
    return Path(name)
