"""What the workbook of the sample inputs must hold: built, read back, compared with the record.

``python -m workbook_builder.self_test.record`` records it anew. Run that after a change that is
meant to change the sample workbook, and look at what differs.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.figures import WHOLE_SERVICE, Amount
from workbook_builder.history.previous_workbooks import sort_inputs
from workbook_builder.paths import shipped
from workbook_builder.problems import Level
from workbook_builder.request import Request
from workbook_builder.self_test.checks import CheckFailed

FILE = Path(__file__).parent / "recorded.json"
_WRITTEN = datetime(2023, 8, 3, 9, 0)
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
#: Measures with other figures that are named.
_NAMED = 5


@dataclass(frozen=True)
class SampleRecord:
    """What a workbook holds: its sheets, its whole service in the reporting month, and the rest.

    `figures` are those of the service by measure, as numerator, denominator and value; `number`
    counts all figures, and `all_figures` is their SHA-256.
    """

    month: str
    sheets: tuple[str, ...]
    figures: Mapping[str, str]
    number: int
    all_figures: str


def build_sample(out: Path) -> None:
    """Build the workbook of the sample inputs; CheckFailed if that cannot be done."""
    request = Request(inputs=(shipped("sample_inputs"),), out=out, written=_WRITTEN)
    outcome = build(request, lambda progress: None)
    if outcome.written is None:
        errors = {problem.code for problem in outcome.problems if problem.level is Level.ERROR}
        raise CheckFailed(f"not built; problems {', '.join(sorted(errors))}")


def read_back(workbook: Path) -> SampleRecord:
    """Return what a written workbook holds, read from the file as next month's run reads it."""
    measures = known_definitions().value.measures
    pasts = sort_inputs((workbook,), None, measures, lambda name: None).value.pasts
    if not pasts:
        raise CheckFailed("the workbook cannot be read back")
    memory = pasts[0].memory
    with zipfile.ZipFile(workbook) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    texts = {key: _text(figure.amount) for key, figure in memory.published.items()}
    lines = sorted(f"{measure},{month},{team},{text}"
                   for (measure, month, team), text in texts.items())  # fmt: skip
    return SampleRecord(
        month=str(memory.month),
        sheets=tuple(sheet.attrib["name"] for sheet in book.iter(_SHEET)),
        figures={
            measure: text
            for (measure, month, team), text in sorted(texts.items())
            if (month, team) == (memory.month, WHOLE_SERVICE)
        },
        number=len(lines),
        all_figures=hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    )


def _text(amount: Amount) -> str:
    return " ".join("-" if number is None else f"{number:.9g}" for number in amount)


def load_record() -> SampleRecord:
    """Return what was recorded."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return SampleRecord(**{**content, "sheets": tuple(content["sheets"])})


def save_record(record: SampleRecord) -> None:
    """Record what a workbook holds, in place of what was recorded."""
    text = json.dumps(asdict(record), indent=1, ensure_ascii=False)
    FILE.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def differences(now: SampleRecord, recorded: SampleRecord) -> Iterator[str]:
    """Say what is other than it was recorded, the coarsest first."""
    if now.month != recorded.month:
        yield f"the reporting month is {now.month}, not {recorded.month}"
    if now.sheets != recorded.sheets:
        yield "other sheets, or in another order"
    measures = now.figures.keys() | recorded.figures.keys()
    other = sorted(name for name in measures if now.figures.get(name) != recorded.figures.get(name))
    if other:
        more = f" and {len(other) - _NAMED} more" if len(other) > _NAMED else ""
        yield f"other figures of {', '.join(other[:_NAMED])}{more}"
    if now.number != recorded.number:
        yield f"{now.number:,} figures, not {recorded.number:,}"
    elif now.all_figures != recorded.all_figures and not other:
        yield "other figures of earlier months or of teams"


def main() -> None:
    """Build the workbook of the sample inputs and record what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        workbook = Path(folder) / "sample.xlsx"
        build_sample(workbook)
        save_record(read_back(workbook))
    print(FILE)


if __name__ == "__main__":
    main()
