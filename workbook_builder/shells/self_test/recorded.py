"""What the workbook of the sample inputs holds, as it was once recorded, and what one holds now.

Figures are compared as text of nine digits: the last ones of a float differ between machines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from workbook_builder.figures import WHOLE_SERVICE, FigureKey
from workbook_builder.months import Month
from workbook_builder.revisions import Amount

FILE = Path(__file__).parent / "recorded.json"


@dataclass(frozen=True)
class Recorded:
    """What a workbook holds: its sheets, its whole service in the reporting month, and the rest.

    `figures` are those of the service by measure; `all_figures` is a checksum over every figure.
    """

    month: str
    sheets: tuple[str, ...]
    figures: Mapping[str, str]
    number: int
    all_figures: str


def held(month: Month, sheets: tuple[str, ...], amounts: Mapping[FigureKey, Amount]) -> Recorded:
    """Return what a workbook holds in the form in which it is recorded."""
    lines = sorted(
        f"{measure},{month},{team},{_text(amount)}"
        for (measure, month, team), amount in amounts.items()
    )
    service = {
        measure: _text(amount)
        for (measure, of, team), amount in sorted(amounts.items())
        if (of, team) == (month, WHOLE_SERVICE)
    }
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return Recorded(str(month), sheets, service, len(lines), digest)


def recorded() -> Recorded:
    """Return what was recorded."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return Recorded(**{**content, "sheets": tuple(content["sheets"])})


def record(now: Recorded) -> None:
    """Record what a workbook holds, in place of what was recorded."""
    text = json.dumps(asdict(now), indent=1, ensure_ascii=False)
    FILE.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _text(amount: Amount) -> str:
    return " ".join("-" if one is None else f"{one:.9g}" for one in amount)
