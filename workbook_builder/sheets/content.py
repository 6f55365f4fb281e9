"""What a workbook is made of: all that a build knows when the sheets are laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.targets import Entry
from workbook_builder.figures import Caseloads, Commentary, FigureKey, Figures, Listed, Revision
from workbook_builder.indicators.benchmarks import BenchmarkValues
from workbook_builder.indicators.rows import NOTHING_WRITTEN
from workbook_builder.months import Month
from workbook_builder.problems import Problem


@dataclass(frozen=True)
class Stamp:
    """When a workbook is written and by which program."""

    written: datetime
    program: str


@dataclass(frozen=True)
class UnknownValueRow:
    """A value that a code list does not know, where it was found, and in how many cells."""

    file: str
    sheet: str
    column: str
    codes: str
    value: str
    cells: int


@dataclass(frozen=True)
class Findings:
    """What a build met: all problems so far, and the values that no code list knows.

    `benchmarks` are those of the definitions unless published statistics gave others.
    """

    problems: tuple[Problem, ...] = ()
    unknown: tuple[UnknownValueRow, ...] = ()
    benchmarks: BenchmarkValues | None = None


@dataclass(frozen=True)
class SourceRow:
    """One sheet of one file, a file of which no sheet was used, or a table of a database.

    `size` is in bytes, `modified` the day and time at which the file was last saved; a table of a
    database has neither. Numbers of rows are None where none are counted.
    """

    file: str
    sheet: str
    taken_for: str
    size: int | None
    sha256: str
    modified: str
    rows_read: int | None = None
    rows_kept: int | None = None
    why: str = ""


@dataclass(frozen=True)
class ValueRow:
    """A target or benchmark in force, and what the layouts hold in its place.

    `place` is the period of a target, or the comparator of a benchmark.
    """

    measure: str
    place: str
    entry: Entry
    in_layouts: Entry


@dataclass(frozen=True)
class Origins:
    """Where a workbook comes from: its files, facts about the build, and last month's workbook.

    `previous` is the name of last month's workbook, or nothing; `revisions` say what became of its
    figures, `listed` which differences the next workbook need not list again. `targets` and
    `benchmarks` are those in force.
    """

    sources: tuple[SourceRow, ...] = ()
    build: tuple[tuple[str, str], ...] = ()
    previous: str = ""
    revisions: tuple[Revision, ...] = ()
    listed: Mapping[FigureKey, Listed] = field(default_factory=dict)
    targets: tuple[ValueRow, ...] = ()
    benchmarks: tuple[ValueRow, ...] = ()


@dataclass(frozen=True)
class WorkbookContent:
    """The layout and everything that its sheets show.

    `months` are as many as any table of the layout holds, the reporting month last; `logo` is a PNG
    picture for the cover; `caseloads` are those of each caseload sheet of the layout, in order.
    """

    layout: Layout
    definitions: Definitions
    figures: Figures
    months: tuple[Month, ...]
    stamp: Stamp
    findings: Findings = Findings()
    commentary: Commentary = NOTHING_WRITTEN
    logo: bytes = b""
    caseloads: tuple[Caseloads, ...] = ()
    origins: Origins = field(default_factory=Origins)

    @property
    def month(self) -> Month:
        """The reporting month."""
        return self.months[-1]

    @property
    def subtitle(self) -> str:
        """What the tables and slides have below their titles."""
        return f"{self.layout.title}, {self.month.label}"
