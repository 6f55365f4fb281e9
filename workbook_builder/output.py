"""Where the workbook goes: not over an input, a locked file or another month's workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.atomic_write import free_name_beside, is_locked, replace_file, write_file
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.figures import WHOLE_SERVICE, Figure, Status
from workbook_builder.history.previous_workbooks import SortedInputs
from workbook_builder.history.read_previous_workbook import (
    PreviousWorkbook,
    is_previous_workbook,
    read_previous_workbook,
)
from workbook_builder.months import Month
from workbook_builder.paths import same_place
from workbook_builder.problem_catalogue import (
    BACKED_UP,
    BAD_OUTPUT,
    CANNOT_WRITE,
    LEFT_ALONE,
    LOCKED,
    WOULD_BE_LOST,
)
from workbook_builder.problems import Problem, ProblemKind, Result, Where, counted, has_errors
from workbook_builder.request import Request
from workbook_builder.workbook_format import BACKUP_MARK


@dataclass(frozen=True)
class OutputPath:
    """The file to write, and the workbook of the same month that stands where it was to go."""

    path: Path
    existing: PreviousWorkbook | None = None


@dataclass(frozen=True)
class Loss:
    """What would be lost if the new workbook took the place of what lies there.

    `before` and `after` are how many figures of the whole service the old and the new one hold;
    `before` is None of a file that this program did not write.
    """

    path: Path
    before: int | None
    after: int

    @property
    def what(self) -> str:
        """The loss in words."""
        if self.before is None:
            return "the file there is not a workbook of this program."
        held = counted(self.before, "figure")
        return f"it holds {held}, and the new workbook only {self.after:,}."

    def refusal(self) -> Problem:
        """Return the problem of a build that was not told to replace the file."""
        return Problem(WOULD_BE_LOST, self.what, Where(str(self.path)), "Nothing was written.")


def loss_at(place: OutputPath, layout: Layout, figures: Iterable[Figure]) -> Loss | None:
    """Return what a workbook of some figures would take away where it goes; None for nothing.

    Hidden figures count as held: they are known. What a row held that was since taken out of the
    layout is not missed.
    """
    path = place.path
    try:
        if not (path.is_file() and path.stat().st_size):
            return None
    except OSError:  # whoever writes there says so
        return None
    existing = place.existing
    shown = set(layout.measures) if existing and existing.layout == layout.name else None
    after = sum(
        figure.team == WHOLE_SERVICE
        and (figure.value is not None or figure.status is Status.SUPPRESSED)
        and (shown is None or figure.measure in shown)
        for figure in figures
    )
    if existing is None:
        return Loss(path, None, after)
    before = sum(
        team == WHOLE_SERVICE and (shown is None or measure in shown)
        for measure, _, team in existing.memory.published
    )
    return Loss(path, before, after) if before > after else None


def keep_backup(path: Path) -> Result[Path | None]:
    """Copy a file that is to be replaced to a free name beside it: "board (replaced).xlsx".

    None, with an error, if that fails; then the file must not be replaced.
    """
    backup = path.with_name(f"{path.stem}{BACKUP_MARK}{path.suffix}")
    if backup.exists():
        backup = free_name_beside(backup)
    try:
        content = path.read_bytes()
    except OSError as fault:
        what = f"no backup of it could be made ({fault.strerror or fault})."
        problem = Problem(CANNOT_WRITE, what, Where(str(path)), "Nothing was written.")
        return Result(None, (problem,))
    not_written = replace_file(backup, content)
    return Result(None, (not_written,)) if not_written else Result(backup)


def backed_up(loss: Loss, backup: Path) -> Problem:
    """Say that a file was replaced and where its backup is."""
    what = "it was not a workbook of this program."
    if loss.before is not None:
        what = f"it held {counted(loss.before, 'figure')}; the new workbook holds {loss.after:,}."
    return Problem(BACKED_UP, what, Where(str(loss.path)), f'It was kept as "{backup.name}".')


def output_path(
    request: Request, layout: Layout, month: Month, given: SortedInputs, definitions: Definitions
) -> Result[OutputPath]:
    """Return where the workbook goes: where the request says, else under the layout's file name."""
    name = layout.file_name.replace("{month}", month.label)
    wanted = request.out or Path(name)
    if wanted.is_dir():
        wanted = wanted / name
    faults = tuple(_faults(wanted, request, month, given))
    if faults:
        return Result(OutputPath(wanted), faults)
    read = _existing(wanted, definitions.measures)
    existing = read.value
    if has_errors(read.problems):
        return _beside(
            wanted, None, LEFT_ALONE, f"the file is already there: {read.problems[0].what}"
        )
    if existing is not None and existing.month != month:
        what = f"the file is the workbook for {existing.month.label}."
        return _beside(wanted, None, LEFT_ALONE, what)
    return _unless_locked(wanted, existing, request)


def worklist_path(
    request: Request, month: Month, marking: str, given: SortedInputs
) -> Result[OutputPath]:
    """Return where lists of children go; the file's name carries their marking.

    They never take the place of a board workbook or of an input.
    """
    wanted = request.out or Path("Children behind the figures, {month}.xlsx")
    if wanted.is_dir():
        wanted = wanted / "Children behind the figures, {month}.xlsx"
    name = wanted.name.replace("{month}", month.label)
    carried = "".join(mark if mark.isalnum() or mark in " -&'()" else "_" for mark in marking)
    if carried.casefold() not in name.casefold():
        name = f"{carried} {name}"
    wanted = wanted.with_name(name)
    faults = list(_faults(wanted, request, month, given))
    if not faults and wanted.is_file() and is_previous_workbook(wanted):
        what = "the file is a board workbook; lists of children are kept apart from it."
        faults.append(Problem(BAD_OUTPUT, what, Where(str(wanted))))
    if faults:
        return Result(OutputPath(wanted), tuple(faults))
    return _unless_locked(wanted, None, request)


def _unless_locked(
    wanted: Path, existing: PreviousWorkbook | None, request: Request
) -> Result[OutputPath]:
    """Return a place, or the one beside it where another program has the file open."""
    if not is_locked(wanted):
        return Result(OutputPath(wanted, existing))
    what = "the file is open in another program (Excel?) or may not be written."
    if request.beside_if_locked:
        return _beside(wanted, existing, LOCKED, what)
    return Result(
        OutputPath(wanted, existing),
        (Problem(CANNOT_WRITE, what, Where(str(wanted)), "Nothing was written."),),
    )


def _beside(
    wanted: Path, existing: PreviousWorkbook | None, kind: ProblemKind, what: str
) -> Result[OutputPath]:
    path = free_name_beside(wanted)
    done = f"It was left unchanged; the new workbook is {path.name}."
    return Result(OutputPath(path, existing), (Problem(kind, what, Where(str(wanted)), done),))


def _faults(wanted: Path, request: Request, month: Month, given: SortedInputs) -> Sequence[Problem]:
    where = Where(str(wanted))
    faults: list[Problem] = []
    if wanted.suffix.lower() != ".xlsx":
        faults.append(Problem(BAD_OUTPUT, "the file name must end in .xlsx.", where))
    place = same_place(wanted)
    pasts = [*given.previous_workbooks, *([given.named] if given.named else [])]
    others = [past for past in pasts if past.month != month or past is given.named]
    if any(place == same_place(one) for one in (*request.inputs, *given.extracts)):
        faults.append(Problem(BAD_OUTPUT, "the output is one of the inputs.", where))
    elif any(place == same_place(past.path) for past in others):
        what = "the output would overwrite last month's workbook."
        faults.append(Problem(BAD_OUTPUT, what, where))
    return faults


def _existing(path: Path, measures: Mapping[str, Measure]) -> Result[PreviousWorkbook | None]:
    """Read the workbook that stands there; what this program did not write gives None."""
    try:
        if path.is_file() and is_previous_workbook(path):
            return read_previous_workbook(path, path.read_bytes(), measures)
    except OSError:  # whoever writes there says so
        pass
    return Result(None)


def write_output(request: Request, output: OutputPath, content: bytes) -> Result[Path | None]:
    """Write the workbook in one step; beside its place if another program has that open."""
    beside_if_locked = request.beside_if_locked
    return write_file(output.path, content, beside_if_locked=beside_if_locked)
