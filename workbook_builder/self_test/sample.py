"""The workbook of the sample inputs: built, read back from its file, held against the record."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.figures import WHOLE_SERVICE, Amount, FigureKey
from workbook_builder.history.previous_workbooks import sort_inputs
from workbook_builder.months import Month
from workbook_builder.paths import shipped
from workbook_builder.problems import Level
from workbook_builder.request import Request
from workbook_builder.self_test.checks import CheckFailed

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


_WRITTEN = datetime(2023, 8, 3, 9, 0)
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
_NAMED = 5


def build_sample(out: Path) -> None:
    """Build the workbook of the sample inputs."""
    request = Request(inputs=(shipped("sample_inputs"),), out=out, written=_WRITTEN)
    outcome = build(request, lambda progress: None)
    if outcome.written is None:
        errors = sorted({one.code for one in outcome.problems if one.level is Level.ERROR})
        raise CheckFailed(f"not built; problems {', '.join(errors)}")


def read_back(workbook: Path) -> Recorded:
    """Return what a written workbook holds, read from the file as next month's run reads it."""
    measures = known_definitions().value.measures
    pasts = sort_inputs((workbook,), None, measures, lambda name: None).value.pasts
    if not pasts:
        raise CheckFailed("the workbook cannot be read back")
    memory = pasts[0].memory
    amounts = {key: one.amount for key, one in memory.published.items()}
    return held(memory.month, _sheets(workbook), amounts)


def differences(now: Recorded, once: Recorded) -> Iterator[str]:
    """Say what is other than it was recorded, the coarsest first."""
    if now.month != once.month:
        yield f"the reporting month is {now.month}, not {once.month}"
    if now.sheets != once.sheets:
        yield "other sheets, or in another order"
    names = now.figures.keys() | once.figures.keys()
    other = sorted(name for name in names if now.figures.get(name) != once.figures.get(name))
    if other:
        more = f" and {len(other) - _NAMED} more" if len(other) > _NAMED else ""
        yield f"other figures of {', '.join(other[:_NAMED])}{more}"
    if now.number != once.number:
        yield f"{now.number:,} figures, not {once.number:,}"
    elif now.all_figures != once.all_figures and not other:
        yield "other figures of earlier months or of teams"


def _sheets(workbook: Path) -> tuple[str, ...]:
    with zipfile.ZipFile(workbook) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return tuple(sheet.attrib["name"] for sheet in book.iter(_SHEET))
