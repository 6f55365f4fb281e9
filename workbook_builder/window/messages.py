"""What the window and its worker tell one another, as plain values.

Nothing heavy is imported here: the window answers while the worker reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbook_builder.assignments import Assignment
from workbook_builder.figures import Limit
from workbook_builder.months import Month
from workbook_builder.problems import Level

#: What a person assigned, by the mark of the headings.
Assigned = Mapping[str, Assignment]


@dataclass(frozen=True)
class Fault:
    """A problem in words, as it is shown."""

    code: str
    level: Level
    file: str
    place: str
    what: str
    done: str
    to_do: str


@dataclass(frozen=True)
class SheetSeen:
    """What a sheet was taken for and how, in words.

    `headings` stand in a sheet that was taken for nothing, or as a person said; `mark` is theirs.
    """

    name: str
    words: str
    how: str
    known: bool
    headings: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True)
class FileSeen:
    """What a file was taken for, in words; `past` says that it is an earlier workbook."""

    words: str
    sheets: tuple[SheetSeen, ...] = ()
    faults: tuple[Fault, ...] = ()
    past: bool = False


@dataclass(frozen=True)
class ColumnKnown:
    """A column that a dataset must have: its name, and its headings as they are compared."""

    name: str
    headings: frozenset[str]


@dataclass(frozen=True)
class DatasetKnown:
    """A kind of extract that a sheet may be assigned to."""

    name: str
    title: str
    required: tuple[ColumnKnown, ...]


@dataclass(frozen=True)
class LayoutKnown:
    """A layout that may be chosen; that of a single file has the file's path for its name.

    `suppress_under` is what it says of small numbers.
    """

    name: str
    title: str
    file_name: str
    suppress_under: int | None = None


@dataclass(frozen=True)
class Options:
    """What is to be built of what; `out` may be a folder.

    With `recalculate`, published figures give way to today's, or only those `since` a month.
    `previous` is last month's workbook, named; `suppress_under` goes before what the layout says.
    """

    inputs: tuple[Path, ...]
    layout: str
    month: Month | None
    out: Path
    assigned: Assigned = field(default_factory=dict)
    recalculate: bool = False
    since: Month | None = None
    previous: Path | None = None
    suppress_under: Limit | None = None


# What the window asks of the worker.


@dataclass(frozen=True)
class OpenInputs:
    """Say which files a path gives."""

    path: Path


@dataclass(frozen=True)
class LookAtFile:
    """Say what a file is."""

    path: Path
    assigned: Assigned


@dataclass(frozen=True)
class UseDefinitions:
    """Go by the layout of a file and what stands beside it; by no file without a name."""

    layout: str


@dataclass(frozen=True)
class ProposeOutput:
    """Say what the files are together, and which month they reach."""

    wishes: Options


@dataclass(frozen=True)
class BuildWorkbook:
    """Build the workbook."""

    wishes: Options


@dataclass(frozen=True)
class GoOn:
    """The finished workbook may be put in its place."""


Command = OpenInputs | LookAtFile | UseDefinitions | ProposeOutput | BuildWorkbook | GoOn


# What the worker answers.


@dataclass(frozen=True)
class Known:
    """The worker is ready; these layouts and datasets are known, with these faults.

    `layout` is the layout file that it goes by, if any; one with errors is refused, with them.
    """

    layouts: tuple[LayoutKnown, ...]
    datasets: tuple[DatasetKnown, ...]
    faults: tuple[Fault, ...]
    layout: str = ""
    refused: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Opened:
    """The files that a path gives, each path the same however it was given."""

    path: Path
    files: tuple[Path, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Looked:
    """What a file was seen to be."""

    path: Path
    seen: FileSeen


@dataclass(frozen=True)
class Proposed:
    """The last complete month that the files cover, if there is one, and all their problems.

    `previous` says what the workbook is that was named as last month's; nothing if it is none.
    """

    month: Month | None
    faults: tuple[Fault, ...] = ()
    previous: str = ""


@dataclass(frozen=True)
class Going:
    """What is being done, and how much of the whole (0 to 1) is done."""

    doing: str
    share: float


@dataclass(frozen=True)
class MayWrite:
    """The workbook is finished, and waits for the word to be put in its place."""


@dataclass(frozen=True)
class Built:
    """What came of building: the file written, if any, and what deserves attention.

    `offered` is another name, where the file that was to be written is open in another program.
    """

    written: Path | None
    headline: str
    attention: tuple[str, ...]
    files: tuple[str, ...]
    faults: tuple[Fault, ...]
    offered: str = ""


@dataclass(frozen=True)
class Crashed:
    """The program is at fault; the log, which holds no data, says where, if it could be kept."""

    log: Path | None = None


@dataclass(frozen=True)
class Gone:
    """The process that does the work has ended."""


Answer = Known | Opened | Looked | Proposed | Going | MayWrite | Built | Crashed | Gone
