"""The workbook of the sample inputs: built, read back from its file, held against the record."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from workbook_builder.building.recall import sort_inputs
from workbook_builder.paths import shipped
from workbook_builder.problems import Level
from workbook_builder.run import Request, build, known_definitions
from workbook_builder.shells.self_test.checked import Failed
from workbook_builder.shells.self_test.recorded import Recorded, held

_WRITTEN = datetime(2023, 8, 3, 9, 0)
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
_NAMED = 5


def build_sample(out: Path) -> None:
    """Build the workbook of the sample inputs."""
    request = Request(inputs=(shipped("sample_inputs"),), out=out, written=_WRITTEN)
    outcome = build(request, lambda progress: None)
    if outcome.written is None:
        errors = sorted({one.code for one in outcome.problems if one.level is Level.ERROR})
        raise Failed(f"not built; problems {', '.join(errors)}")


def read_back(workbook: Path) -> Recorded:
    """Return what a written workbook holds, read from the file as next month's run reads it."""
    measures = known_definitions().value.measures
    pasts = sort_inputs((workbook,), None, measures, lambda name: None).value.pasts
    if not pasts:
        raise Failed("the workbook cannot be read back")
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
