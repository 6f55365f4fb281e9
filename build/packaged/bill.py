"""The bill of materials: what cyclonedx-py found installed, and what else the program carries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaged.notices import FOLDER, LIST

NAME = "sbom.cdx.json"


def write_bill(found: Path, program: Path) -> None:
    """Write the bill into a program's folder of licences.

    `found` is cyclonedx-py's bill of the environment that the program was made from. It knows
    Python packages only; Python, libraries of the system and PyInstaller are added from the list
    that was made of the program itself.
    """
    bill = json.loads(found.read_text(encoding="utf-8"))
    carried = json.loads((program / FOLDER / LIST).read_text(encoding="utf-8"))
    known = {one.get("purl", "") for one in bill["components"]}
    bill["components"] += list(_components(carried, known, bill["metadata"]["component"]["name"]))
    text = json.dumps(bill, indent=1, ensure_ascii=False) + "\n"
    (program / FOLDER / NAME).write_text(text, encoding="utf-8", newline="\n")


def _components(
    carried: Iterable[Mapping[str, str]], known: set[str], ours: str
) -> Iterable[dict[str, Any]]:
    for one in carried:
        if one["purl"] not in known and f"pkg:generic/{ours}@" not in one["purl"]:
            yield {
                "type": "library",
                "bom-ref": one["purl"],
                "name": one["name"],
                "version": one["version"],
                "purl": one["purl"],
                "licenses": [{"license": {"name": one["licence"]}}],
            }
