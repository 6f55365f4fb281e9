"""What tells the content of a file from any other, taken when the file is read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Fingerprint:
    """The size of a file in bytes, its SHA-256, and the day and time at which it was last saved.

    All of a file that was not read are missing: None, or blank.
    """

    size: int | None = None
    sha256: str = ""
    modified: str = ""


def fingerprint_of(path: Path, content: bytes) -> Fingerprint:
    """Return the fingerprint of a file that was just read; `content` is all of it."""
    try:
        modified = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
    except OSError:  # it went away meanwhile, but what was read of it is known
        modified = ""
    return Fingerprint(len(content), hashlib.sha256(content).hexdigest(), modified)
