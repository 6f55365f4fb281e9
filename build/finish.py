"""Command: ``python build/finish.py FOLDER --bill FILE --archive NAME`` finishes a built program.

Puts the bill of materials among its licences, a read-me beside the programs, and the checksums of
its files into it, and packs it into NAME.zip beside it. Linux and Windows programs alike.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from packaged.archive import commit_time, write_sums_inside, write_zip
from packaged.bill import write_bill
from packaged.read_me import write_read_me


def main() -> None:
    """Read the options and finish the program; prints the archive's path."""
    parser = argparse.ArgumentParser(description="Finish a built program.")
    parser.add_argument("folder", type=Path, help="the program's folder, as PyInstaller left it")
    parser.add_argument("--bill", type=Path, required=True, help="cyclonedx-py's bill of materials")
    parser.add_argument("--archive", required=True, help="the archive's name without its ending")
    wishes = parser.parse_args()
    folder: Path = wishes.folder
    write_bill(wishes.bill, folder)
    write_read_me(folder)
    write_sums_inside(folder)
    archive = folder.parent / f"{wishes.archive}.zip"
    write_zip(folder, archive, commit_time())
    print(archive)


if __name__ == "__main__":
    main()
