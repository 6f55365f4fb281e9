"""Command: ``python build/needs.py [EXTRA]`` prints what pyproject.toml requires, for pip's -r.

With ``--as-in FILE`` it prints the versions in a bill of materials (sbom.cdx.json) instead, for
pip's -c: with them a build takes the packages that another one had.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path

_PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def main() -> None:
    """Read the options and print one requirement a line."""
    parser = argparse.ArgumentParser(description="Print what a build needs.")
    parser.add_argument("extra", nargs="?", help="an extra of pyproject.toml, without the rest")
    parser.add_argument("--as-in", type=Path, metavar="FILE", help="a bill of materials")
    wishes = parser.parse_args()
    print("\n".join(_versions(wishes.as_in) if wishes.as_in else _required(wishes.extra)))


def _required(extra: str | None) -> list[str]:
    project = tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))["project"]
    needed = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [str(one) for one in needed]


def _versions(bill: Path) -> list[str]:
    components = json.loads(bill.read_text(encoding="utf-8"))["components"]
    packages = (one for one in components if one.get("purl", "").startswith("pkg:pypi/"))
    return [f"{one['name']}=={one['version']}" for one in packages]


if __name__ == "__main__":
    main()
