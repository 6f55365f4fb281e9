"""The checks of the self-test, from what came with the program to its window."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from workbook_builder.build_workbook import build
from workbook_builder.crash_log import crash_log_sentence, log_folder, write_crash_log
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.figures import WHOLE_SERVICE, Amount
from workbook_builder.history.previous_workbooks import sort_inputs
from workbook_builder.paths import licences, program_version, shipped, without_user_layouts
from workbook_builder.problems import Level, has_errors
from workbook_builder.request import Request

#: The same three referrals in each kind of workbook; old and rare ones are read in a sandbox.
KINDS = ("xlsx", "xls", "xlsb", "ods")
_REFERRALS = Path(__file__).parent / "kinds"
_ROWS = 3


class CheckFailed(Exception):
    """What a check found is not what it should be; the message says what."""


@dataclass(frozen=True)
class Check:
    """One check: its subject, and a function that returns what it found or raises CheckFailed.

    The function is given a folder of its own, which is deleted afterwards.
    """

    subject: str
    run: Callable[[Path], str]


@dataclass(frozen=True)
class CheckResult:
    """What came of a check."""

    subject: str
    detail: str
    passed: bool

    @property
    def line(self) -> str:
        """The result in one line."""
        return f"{'ok' if self.passed else 'FAILED':8}{self.subject}: {self.detail}"


def run_self_test(tell: Callable[[str], None]) -> bool:
    """Make every check, telling the result of each in one line; return whether all passed.

    The results are kept in a log as well: the window's program has nowhere to print them.
    """
    results = []
    with without_user_layouts(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for number, check in enumerate(checks()):
            check_folder = Path(folder) / str(number)
            check_folder.mkdir()
            results.append(run_check(check, check_folder))
            tell(results[-1].line)
    passed = sum(result.passed for result in results)
    tell(f"{passed} of {len(results)} checks passed. Workbook Builder {program_version()}")
    try:
        log = log_folder() / "self-test.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(f"{result.line}\n" for result in results), encoding="utf-8")
    except OSError:
        pass  # it was told already
    return passed == len(results)


def run_check(check: Check, folder: Path) -> CheckResult:
    """Make a check; a fault of the program fails it and goes to the crash log."""
    try:
        return CheckResult(check.subject, check.run(folder), passed=True)
    except CheckFailed as failure:
        return CheckResult(check.subject, str(failure), passed=False)
    except Exception as fault:
        detail = f"{type(fault).__name__}. {crash_log_sentence(write_crash_log(fault))}"
        return CheckResult(check.subject, detail, passed=False)


def checks() -> Iterator[Check]:
    """Yield the checks in the order in which they are made."""
    if getattr(sys, "frozen", False):
        yield Check("Licences", _check_licences)
    yield Check("Layouts", _check_layouts)
    yield Check("Help", _check_help)
    for ending in KINDS:
        yield Check(f"Reading .{ending}", partial(_check_reading, ending))
    yield Check("Sample workbook", _check_sample)
    yield Check("Window", _check_window)


def _check_licences(folder: Path) -> str:
    files = [file for file in licences().rglob("*") if file.is_file()]
    if not files:
        raise CheckFailed("the folder LICENCES is missing or empty")
    return f"{len(files)} files"


def _check_layouts(folder: Path) -> str:
    from workbook_builder.definitions.load_definitions import known_definitions

    known = known_definitions()
    if has_errors(known.problems) or not known.value.layouts:
        raise CheckFailed("they cannot be read")
    return f"{len(known.value.layouts)} layouts, {len(known.value.measures)} measures"


def _check_help(folder: Path) -> str:
    pages = list(shipped("docs").rglob("*.md"))
    if not pages:
        raise CheckFailed("its pages are missing")
    return f"{len(pages)} pages"


def _check_reading(ending: str, folder: Path) -> str:
    from workbook_builder.definitions.load_definitions import known_definitions
    from workbook_builder.extracts.file_cache import FileCache
    from workbook_builder.record_sources import look

    file = _REFERRALS / f"referrals.{ending}"
    sheets = look(file, known_definitions().value, {}, FileCache()).value
    known = [(sheet.dataset, sheet.rows_kept) for sheet in sheets if sheet.dataset]
    if known != [("referrals", _ROWS)]:
        raise CheckFailed("its referrals are read differently")
    return f"{_ROWS} referrals"


def _check_sample(folder: Path) -> str:
    workbook, deck = folder / "sample.xlsx", folder / "sample.pptx"
    build_sample(workbook, deck)
    now = read_back(workbook)
    if different := list(differences(now, load_record())):
        raise CheckFailed("; ".join(different))
    return f"{len(now.sheets)} sheets and {now.number:,} figures as recorded; {_slides_of(deck)}"


def _slides_of(deck: Path) -> str:
    """Count the slides of a deck and its charts, each of which must have its numbers to edit."""
    with zipfile.ZipFile(deck) as package:
        names = package.namelist()
    slides, charts, books = (
        sum(name.startswith(folder) and name.endswith(ending) for name in names)
        for folder, ending in (("ppt/slides/slide", ".xml"), ("ppt/charts/chart", ".xml"),
                               ("ppt/embeddings/", ".xlsx"))
    )  # fmt: skip
    if not slides or not charts or charts != books:
        raise CheckFailed(f"the deck has {slides} slides, {charts} charts and numbers of {books}")
    return f"{slides} slides with {charts} charts"


def _check_window(folder: Path) -> str:
    try:
        from workbook_builder.window.qt.main_window import describe_off_screen, has_fonts
    except ImportError:
        raise CheckFailed("PySide6-Essentials is not installed or cannot be loaded") from None
    description = describe_off_screen(_REFERRALS / "referrals.xls", folder / "settings.json")
    if description is None:
        raise CheckFailed("it did not show what the worker read")
    if not has_fonts():
        raise CheckFailed(
            "there are no fonts, so its words are boxes; on Debian or Ubuntu: "
            "apt-get install fonts-dejavu-core"
        )
    return f"opened off screen; {description}"


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


def build_sample(out: Path, slides: Path | None = None) -> None:
    """Build the workbook of the sample inputs, and the deck if its path is given.

    Raises CheckFailed if that cannot be done.
    """
    request = Request((shipped("sample_inputs"),), out=out, written=_WRITTEN, slides=slides)
    outcome = build(request, lambda progress: None)
    if outcome.written is None or (slides and outcome.slides is None):
        errors = {problem.code for problem in outcome.problems
                  if problem.level is Level.ERROR or problem.code.startswith("D")}  # fmt: skip
        raise CheckFailed(f"not built; problems {', '.join(sorted(errors))}")


def read_back(workbook: Path) -> SampleRecord:
    """Return what a written workbook holds, read from the file as next month's run reads it."""
    measures = known_definitions().value.measures
    pasts = sort_inputs((workbook,), None, measures, lambda name: None).value.previous_workbooks
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
