"""Command: ``python -m workbook_builder.self_test.record`` records the sample workbook anew.

Run it after a change that is meant to change the sample workbook, and look at what differs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from workbook_builder.self_test.sample import FILE, build_sample, read_back, record


def main() -> None:
    """Build the workbook of the sample inputs and record what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        workbook = Path(folder) / "sample.xlsx"
        build_sample(workbook)
        record(read_back(workbook))
    print(FILE)


if __name__ == "__main__":
    main()
