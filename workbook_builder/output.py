"""Where the workbook goes: not over an input, a locked file or another month's workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.atomic_write import free_name_beside, is_locked, write_file
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.history.previous_workbooks import SortedInputs
from workbook_builder.history.read_previous_workbook import (
    PreviousWorkbook,
    is_previous_workbook,
    read_previous_workbook,
)
from workbook_builder.months import Month
from workbook_builder.paths import same_place
from workbook_builder.problem_catalogue import BAD_OUTPUT, CANNOT_WRITE, LEFT_ALONE, LOCKED
from workbook_builder.problems import Problem, ProblemKind, Result, Where, has_errors
from workbook_builder.request import Request


@dataclass(frozen=True)
class OutputPath:
    """The file to write, and the workbook of the same month that stands where it was to go."""

    path: Path
    existing: PreviousWorkbook | None = None


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
