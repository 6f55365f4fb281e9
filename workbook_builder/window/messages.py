"""What the window and its worker tell one another, as plain values.

Nothing heavy is imported here: the window answers while the worker reads. They are named tuples,
which are made faster than dataclasses: the window is painted sooner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook_builder.edits import DefinitionsEdit
from workbook_builder.extracts.model import Assignment
from workbook_builder.figures import Limit, ListFinding, MonthInBrief, NeededList, TypedText
from workbook_builder.months import Month
from workbook_builder.problems import Level

if TYPE_CHECKING:
    from workbook_builder.window.preview_sheet import FigurePlace, PreviewSheets

#: A first and a last day, both included.
Days = tuple[date, date]
#: What a person assigned, by the mark of the headings.
Assigned = Mapping[str, Assignment]

_NONE: Mapping[str, Any] = {}


class ShownProblem(NamedTuple):
    """A problem in words, as it is shown; it leaves so many figures of the service blank.

    `rows` are the numbers of the rows that it is about, as many as can be shown, of `rows_in_all`.
    """

    code: str
    level: Level
    file: str
    place: str
    what: str
    done: str
    to_do: str
    blank_figures: int = 0
    rows: tuple[int, ...] = ()
    rows_in_all: int = 0


class SheetSummary(NamedTuple):
    """What a sheet was taken for and how, in words.

    The `headings` are given of a sheet that a person may assign, `mark` is theirs, and `meanings`
    are the columns that some of them were taken for, with the heading of each. `rows`, `first` and
    `last` day are those of the records of its `dataset`.
    """

    name: str
    words: str
    how: str
    known: bool
    headings: tuple[str, ...] = ()
    mark: str = ""
    dataset: str = ""
    rows: int = 0
    first: date | None = None
    last: date | None = None
    meanings: tuple[tuple[str, str], ...] = ()


class FileSummary(NamedTuple):
    """What a file was taken for, in words; `past` says that it is an earlier workbook.

    `kind` is the same without its rows and days; nothing where there are none.
    """

    words: str
    sheets: tuple[SheetSummary, ...] = ()
    problems: tuple[ShownProblem, ...] = ()
    past: bool = False
    kind: str = ""

    @property
    def rows(self) -> int | None:
        """The rows of all its lists; None if it holds none."""
        lists = self._lists
        return sum(sheet.rows for sheet in lists) if lists else None

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day of its records."""
        firsts = [sheet.first for sheet in self._lists if sheet.first]
        lasts = [sheet.last for sheet in self._lists if sheet.last]
        return min(firsts, default=None), max(lasts, default=None)

    @property
    def _lists(self) -> tuple[SheetSummary, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.dataset)


class ColumnChoice(NamedTuple):
    """A column of a dataset: its name, and its headings as they are compared.

    `expects` says in words what its cells hold, `usual` are some common headings for it.
    """

    name: str
    headings: frozenset[str]
    required: bool = True
    expects: str = ""
    usual: tuple[str, ...] = ()


class DatasetChoice(NamedTuple):
    """A kind of extract that a sheet may be assigned to."""

    name: str
    title: str
    columns: tuple[ColumnChoice, ...]


class LayoutChoice(NamedTuple):
    """A layout that may be chosen; the name of a layout of a single file is the file's path.

    `suppress_under` is the limit that it sets for small numbers, `lists` what it needs;
    `description` says what it holds, in a line.
    """

    name: str
    title: str
    file_name: str
    suppress_under: int | None = None
    lists: tuple[NeededList, ...] = ()
    description: str = ""


class Options(NamedTuple):
    """What is to be built from what; `out` may be a folder.

    With `recalculate`, published figures give way to today's, or only those `since` a month.
    `previous` is last month's workbook, named; `suppress_under` overrides the layout's limit. With
    `slides` a deck is written beside the workbook, under its name. With `replace_fuller` a file
    that holds more figures is replaced without a question. Files `without` which to build are left
    out. `covers` is the period that all lists hold, as the person says. `typed` are the texts that
    were typed in the window.
    """

    inputs: tuple[Path, ...]
    layout: str
    month: Month | None
    out: Path
    assigned: Assigned = _NONE
    recalculate: bool = False
    since: Month | None = None
    previous: Path | None = None
    suppress_under: Limit | None = None
    slides: bool = False
    replace_fuller: bool = False
    without: tuple[Path, ...] = ()
    covers: Days | None = None
    typed: tuple[TypedText, ...] = ()

    @property
    def deck(self) -> Path | None:
        """Where the slides go, if they are wanted: beside the workbook, or into its folder."""
        if not self.slides:
            return None
        return self.out.with_suffix(".pptx") if self.out.suffix else self.out


# What can be edited in the preview.


class EditField(NamedTuple):
    """A value that can be typed: its key, label and text; a `locked` one only shows why not."""

    key: str
    label: str
    text: str
    locked: str = ""


class EditableValues(NamedTuple):
    """The targets or the benchmarks of an indicator, with what to know about them.

    `refusal` says why none can be changed; with `needs_council`, since there is no profile yet,
    with `needs_copy`, since they are those of the sample that comes with the program.
    """

    fields: tuple[EditField, ...]
    hint: str
    file: str = ""
    refusal: str = ""
    needs_council: bool = False
    needs_copy: bool = False


class EditableIndicator(NamedTuple):
    """What of an indicator can be edited: its commentary of the month, targets, benchmarks."""

    measure: str
    title: str
    month: Month
    commentary: str
    targets: EditableValues
    benchmarks: EditableValues


class Sentence(NamedTuple):
    """A sentence of the workbook: a slide's headline or a key message, as it stands there.

    `typed` is a person's own; nothing where the program made it from the figures.
    """

    subject: str
    label: str
    text: str
    typed: str
    month: Month


class MeasureChoice(NamedTuple):
    """A measure that a table may have: which lists it comes from, and why it would be blank."""

    name: str
    title: str
    source: str
    blank: str = ""


# What the window asks of the worker.


class OpenInputs(NamedTuple):
    """List the files of a path."""

    path: Path


class LookAtFile(NamedTuple):
    """Recognise a file."""

    path: Path
    assigned: Assigned


class UseDefinitions(NamedTuple):
    """Use the layout of a file and the definitions beside it; without a name those shipped."""

    layout: str


class ChooseCouncil(NamedTuple):
    """Write into the person's own profile whose workbooks these are."""

    authority: str


class ProposeOutput(NamedTuple):
    """Look at all files together, and propose the reporting month."""

    options: Options


class BuildWorkbook(NamedTuple):
    """Build the workbook."""

    options: Options


class PreviewWorkbook(NamedTuple):
    """Make the workbook as far as it can be without writing it, and show its tables."""

    options: Options


class DescribeFigure(NamedTuple):
    """Say what a figure of the last preview is, and how it comes about."""

    place: FigurePlace


class DescribeTable(NamedTuple):
    """Say which indicators a table of the last preview has, and which it could have."""

    table: str
    layout: str


@dataclass(frozen=True)
class CopySample:
    """Copy the sample that comes with the program into the person's own folder."""


class EditDefinitions(NamedTuple):
    """Change the person's own definitions; without an edit, put back what the last one changed."""

    edit: DefinitionsEdit | None
    layout: str


class WriteWorklist(NamedTuple):
    """Write the list of the children behind a figure, into the folder of the workbook."""

    options: Options
    place: FigurePlace


@dataclass(frozen=True)
class AllowWriting:
    """Let the finished workbook be put in its place."""


Command = (
    OpenInputs
    | LookAtFile
    | UseDefinitions
    | ChooseCouncil
    | ProposeOutput
    | PreviewWorkbook
    | DescribeFigure
    | DescribeTable
    | EditDefinitions
    | CopySample
    | WriteWorklist
    | BuildWorkbook
    | AllowWriting
)


# What the worker answers.


class AuthorityChoice(NamedTuple):
    """A local authority whose workbooks these may be."""

    name: str
    region: str


class DefinitionsLoaded(NamedTuple):
    """The worker is ready; these layouts, datasets and authorities can be chosen.

    `layout` is the layout file that it uses, if any; `refused` are the problems of one that it was
    asked to use and that has errors. `authority` is the one of the profile in force. Definitions
    that were `renewed` may know the files as something else.
    """

    layouts: tuple[LayoutChoice, ...]
    datasets: tuple[DatasetChoice, ...]
    problems: tuple[ShownProblem, ...]
    layout: str = ""
    refused: tuple[ShownProblem, ...] = ()
    authorities: tuple[AuthorityChoice, ...] = ()
    authority: str = ""
    renewed: bool = False


class ProfileRefused(NamedTuple):
    """The council's profile could not be written."""

    problems: tuple[ShownProblem, ...]


class InputsOpened(NamedTuple):
    """The files of a path; each has the same path however it was given.

    `authority` is that of the profile in force, which may be among the files.
    """

    path: Path
    files: tuple[Path, ...]
    problems: tuple[ShownProblem, ...]
    authority: str = ""


class FileLookedAt(NamedTuple):
    """What a file was recognised as."""

    path: Path
    summary: FileSummary


class OutputProposed(NamedTuple):
    """The last complete month that the files cover, if there is one, and all their problems.

    `previous` describes the workbook that was named as last month's; nothing if it is none.
    `covered` are the days that most lists hold.
    """

    month: Month | None
    problems: tuple[ShownProblem, ...] = ()
    previous: str = ""
    covered: Days | None = None


class WorkbookPreviewed(NamedTuple):
    """The tables of the workbook as it would be written; none where errors are in the way.

    `lists_children` says that the council's profile allows lists of the children behind figures.
    `lists` say what each list gives; None if no figure could be counted.
    """

    month: Month | None
    sheets: PreviewSheets
    problems: tuple[ShownProblem, ...]
    lists_children: bool = False
    lists: tuple[ListFinding, ...] | None = None
    sentences: tuple[Sentence, ...] = ()


class FigureDescribed(NamedTuple):
    """What there is to say of a figure, as a page, and what of its indicator can be edited."""

    place: FigurePlace
    page: str
    indicator: EditableIndicator | None = None


class TableDescribed(NamedTuple):
    """The indicators of a table by key and title, in their order, and all that it could have.

    `file` is the one that a change would be written to.
    """

    table: str
    rows: tuple[tuple[str, str], ...]
    choices: tuple[MeasureChoice, ...]
    file: str


class DefinitionsEdited(NamedTuple):
    """What came of an edit: in words, or what is wrong with it by field ("" is all of it).

    `loaded` are the definitions after it; without them nothing was written. What was written can be
    put back if `can_undo`.
    """

    edit: DefinitionsEdit | None
    words: str
    faults: Mapping[str, str] = _NONE
    loaded: DefinitionsLoaded | None = None
    can_undo: bool = False


class SampleCopied(NamedTuple):
    """Where the person's own copy of the sample is; without one, the problems."""

    folder: Path | None
    problems: tuple[ShownProblem, ...] = ()


class WorklistWritten(NamedTuple):
    """What came of a list of children: the file, if it was written, and the problems."""

    written: Path | None
    problems: tuple[ShownProblem, ...]


class BuildProgress(NamedTuple):
    """What the build is doing, and the share of it (0 to 1) that is done."""

    doing: str
    share: float


@dataclass(frozen=True)
class ReadyToWrite:
    """The workbook is finished and waits for AllowWriting."""


class BuildFinished(NamedTuple):
    """What came of building: the file written, if any, and what deserves attention.

    `offered` is another name, if the file to be written is open in another program. `month` is the
    reporting month's label, `slides` the deck if there is one, `brief` what the month comes to.
    """

    written: Path | None
    headline: str
    attention: tuple[str, ...]
    files: tuple[str, ...]
    problems: tuple[ShownProblem, ...]
    offered: str = ""
    month: str = ""
    slides: Path | None = None
    brief: MonthInBrief | None = None


class ReplaceAsked(NamedTuple):
    """Nothing was written yet: the file that is there would be lost.

    `before` and `after` are the figures that it and the new workbook hold, `before` None of a file
    that this program did not write; `other` is a free name.
    """

    file: str
    before: int | None
    after: int
    other: str


class WorkerFault(NamedTuple):
    """The program is at fault; the log, which holds no data, says where, if it could be kept."""

    log: Path | None = None


@dataclass(frozen=True)
class WorkerGone:
    """The worker's process has ended."""


Answer = (
    DefinitionsLoaded
    | ProfileRefused
    | InputsOpened
    | FileLookedAt
    | OutputProposed
    | WorkbookPreviewed
    | FigureDescribed
    | TableDescribed
    | DefinitionsEdited
    | SampleCopied
    | WorklistWritten
    | BuildProgress
    | ReadyToWrite
    | BuildFinished
    | ReplaceAsked
    | WorkerFault
    | WorkerGone
)
