"""Command: ``python sample_inputs/generator [--out FOLDER]`` writes the sample extracts."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sample_inputs.generator.extracts import write_extracts

SAMPLE_INPUTS = Path(__file__).resolve().parents[1]


def main() -> None:
    """Read the options and write the files; prints one line for each file."""
    parser = argparse.ArgumentParser(description="Write the sample extracts.")
    parser.add_argument(
        "--out", type=Path, default=SAMPLE_INPUTS, help="folder for the files (made if absent)"
    )
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for name in write_extracts(folder):
        print(name)


if __name__ == "__main__":
    main()
