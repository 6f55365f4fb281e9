"""Write the deck beside the workbook: where it goes, and what it is made from.

Nothing that is wrong with a deck keeps the workbook from being written: its problems are warnings.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbook_builder.atomic_write import DECK, free_name_beside, is_locked, write_file
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.paths import same_place
from workbook_builder.problem_catalogue import (
    BAD_TEMPLATE,
    DECK_IN_THE_WAY,
    DECK_LOCKED,
    NO_SLIDES,
)
from workbook_builder.problems import Problem, ProblemKind, Result, Where
from workbook_builder.request import Request
from workbook_builder.sheets.plan import Plan

if TYPE_CHECKING:
    from workbook_builder.powerpoint.deck import DeckFile

_ENDING = ".pptx"


def write_slides(
    request: Request, plan: Plan, layout: Layout, definitions: Definitions, workbook: Path
) -> Result[Path | None]:
    """Write the deck of a plan and return its path; None if it could not be written.

    `workbook` is the path of the workbook, which names a deck that goes into a folder.
    """
    # Only those who want slides wait for the library that makes them.
    from workbook_builder.powerpoint.deck import draw_deck  # noqa: PLC0415

    assert request.slides is not None  # else nobody asked for slides
    wanted = request.slides
    if wanted.is_dir():
        wanted = wanted / f"{workbook.stem}{_ENDING}"
    where = Where(str(wanted))
    if wanted.suffix.lower() != _ENDING:
        return Result(None, (Problem(NO_SLIDES, f"the deck must end with {_ENDING}.", where),))
    if not any(sheet.deck for sheet in plan.sheets):
        advice = "Add [[slides]] to it, or table_slides = true."
        what = "the layout has no slides."
        return Result(None, (Problem(NO_SLIDES, what, where, advice=advice),))
    template = _template(layout, definitions)
    drawn = draw_deck(plan, template.value, layout.template_layout)
    place = _place(request, wanted)
    written = write_file(place.value, drawn.value, beside_if_locked=True, kind=DECK)
    problems = (*template.problems, *drawn.problems, *place.problems, *written.problems)
    return Result(written.value, problems)


def _template(layout: Layout, definitions: Definitions) -> Result[DeckFile | None]:
    """Read the template that the layout names, or else the council's profile."""
    from workbook_builder.powerpoint.deck import DeckFile  # noqa: PLC0415

    if layout.template:
        file = definitions.where("layouts", layout.name, "template").file
        path = Path(file).parent / layout.template
    elif definitions.council.slide_template:
        path = definitions.beside_profile(definitions.council.slide_template)
    else:
        return Result(None)
    try:
        return Result(DeckFile(str(path), path.read_bytes()))
    except OSError:
        what = "the file is not there or cannot be opened."
        done = "The slides have the standard design."
        advice = "Put it beside the file that names it."
        return Result(None, (Problem(BAD_TEMPLATE, what, Where(str(path)), done, advice),))


def _place(request: Request, wanted: Path) -> Result[Path]:
    """Return where the deck goes: beside a file that must not be replaced."""
    place = same_place(wanted)
    if any(place == same_place(path) for path in request.inputs):
        return _beside(wanted, DECK_IN_THE_WAY, "the file is one of the inputs.")
    if is_locked(wanted):
        what = "the file is open in another program (PowerPoint?) or may not be written."
        return _beside(wanted, DECK_LOCKED, what)
    return Result(wanted)


def _beside(wanted: Path, kind: ProblemKind, what: str) -> Result[Path]:
    path = free_name_beside(wanted)
    done = f"It was left as it is; the new deck is {path.name}."
    return Result(path, (Problem(kind, what, Where(str(wanted)), done),))
