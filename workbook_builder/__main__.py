"""Starts the command line: python -m workbook_builder."""

from __future__ import annotations

import multiprocessing
import sys

from workbook_builder.shells.cli import run_command


def main() -> None:
    """Run the command line with the arguments given and leave with its exit status."""
    multiprocessing.freeze_support()  # in a packaged program the worker starts here too
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
