"""Command: ``python build/sums.py FOLDER`` writes SHA256SUMS of what is published from a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from packaged.archive import SUMS, write_sums


def main() -> None:
    """Write the checksums of the files that stand directly in the folder."""
    folder = Path(sys.argv[1])
    files = [file for file in folder.iterdir() if file.is_file() and file.name != SUMS]
    write_sums(files, folder)
    print((folder / SUMS).read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()
