"""Start the command line: python -m workbook_builder."""

from __future__ import annotations

import multiprocessing
import sys

from workbook_builder.cli.commands import (
    discard_missing_output,
    escape_unprintable,
    exit_now,
    run_command,
)


def main() -> None:
    """Run the command line with the arguments given and leave with its exit status."""
    # The packed program starts itself anew for a process of its own; that one must go no further.
    multiprocessing.freeze_support()
    windowed = discard_missing_output()
    escape_unprintable()
    exit_now(run_command(sys.argv[1:], windowed=windowed))


if __name__ == "__main__":
    main()
