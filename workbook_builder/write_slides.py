"""Write the deck beside the workbook: where it goes, and what it is made from.

Nothing that is wrong with a deck keeps the workbook from being written: its problems are warnings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_builder.atomic_write import DECK, free_name_beside, is_locked, write_file
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.paths import same_place
from workbook_builder.problem_catalogue import (
    BAD_PREVIOUS_DECK,
    BAD_TEMPLATE,
    DECK_IN_THE_WAY,
    DECK_LOCKED,
    NO_DECK_ASKED,
    NO_SLIDES,
)
from workbook_builder.problems import Problem, ProblemKind, Result, Where
from workbook_builder.sheets.plan import Plan
from workbook_builder.workbook_format import DECK_ENDING, MONTH_PROPERTY

if TYPE_CHECKING:
    from workbook_builder.powerpoint.deck import DeckFile


@dataclass(frozen=True)
class DeckRequest:
    """What deck is wanted: its file or folder, its plan, and the path of the workbook.

    `decks` are those of earlier months among the inputs.
    """

    wanted: Path
    plan: Plan
    workbook: Path
    decks: tuple[Path, ...] = ()

    @property
    def path(self) -> Path:
        """The file to write; in a folder it has the workbook's name."""
        if self.wanted.is_dir():
            return self.wanted / f"{self.workbook.stem}{DECK_ENDING}"
        return self.wanted

    @property
    def month(self) -> str:
        """The reporting month, as "2023-07"."""
        return dict(self.plan.properties.custom).get(MONTH_PROPERTY, "")


def write_slides(
    wanted: DeckRequest, layout: Layout, definitions: Definitions
) -> Result[Path | None]:
    """Write the deck of a plan and return its path; None if it could not be written."""
    # Only those who want slides wait for the library that makes them.
    from workbook_builder.powerpoint.deck import draw_deck  # noqa: PLC0415

    where = Where(str(wanted.path))
    if wanted.path.suffix.lower() != DECK_ENDING:
        return Result(
            None, (Problem(NO_SLIDES, f"the deck's name must end in {DECK_ENDING}.", where),)
        )
    if not any(sheet.deck for sheet in wanted.plan.sheets):
        advice = "Add [[slides]] to it, or table_slides = true."
        what = "the layout has no slides."
        return Result(None, (Problem(NO_SLIDES, what, where, advice=advice),))
    place = _place(wanted)
    previous = _previous(wanted, place.value)
    template = _template(layout, definitions)
    drawn = draw_deck(wanted.plan, template.value, layout.template_layout, previous.value)
    written = write_file(place.value, drawn.value, beside_if_locked=True, kind=DECK)
    problems = (*previous.problems, *template.problems, *drawn.problems, *place.problems)
    return Result(written.value, (*problems, *written.problems))


def no_deck_asked(decks: Sequence[Path]) -> Problem:
    """Say that slides of last month were given and none are to be written."""
    return Problem(NO_DECK_ASKED, "slides are not asked for.", Where(decks[0].name), "Not used.")


def _previous(wanted: DeckRequest, path: Path) -> Result[DeckFile | None]:
    """Choose the deck to carry on: the one of this month that is written anew, or the newest.

    A deck of a later month is left out.
    """
    from workbook_builder.powerpoint.deck import DeckFile, deck_month  # noqa: PLC0415

    problems: list[Problem] = []
    decks: list[tuple[str, DeckFile]] = []
    here = [path] if path.is_file() else []  # what stood there and is written anew
    for deck in (*here, *wanted.decks):
        try:
            file = DeckFile(deck.name, deck.read_bytes())
        except OSError:
            what = "the file cannot be opened."
            problems.append(Problem(BAD_PREVIOUS_DECK, what, Where(deck.name), "Not used."))
            continue
        month = deck_month(file)
        if month > wanted.month:
            what = f"it is for a later month, {month}."
            problems.append(Problem(BAD_PREVIOUS_DECK, what, Where(deck.name), "Not used."))
        else:
            decks.append((month, file))
    newest = max(decks, key=lambda deck: deck[0], default=None)
    problems += [
        Problem(BAD_PREVIOUS_DECK, "a newer deck is used.", Where(file.name), "Not used.")
        for month, file in decks
        if newest and file is not newest[1]
    ]
    return Result(newest[1] if newest else None, tuple(problems))


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
        what = "the file is missing or cannot be opened."
        done = "The slides have the standard design."
        advice = "Put it in the same folder as the file that names it."
        return Result(None, (Problem(BAD_TEMPLATE, what, Where(str(path)), done, advice),))


def _place(wanted: DeckRequest) -> Result[Path]:
    """Return where the deck goes: beside a file that must not be replaced."""
    from workbook_builder.powerpoint.deck import DeckFile, deck_month  # noqa: PLC0415

    path = wanted.path
    if any(same_place(path) == same_place(deck) for deck in wanted.decks):
        return _beside(path, DECK_IN_THE_WAY, "the file is last month's deck.")
    if is_locked(path):
        what = "the file is open in another program (PowerPoint?) or may not be written."
        return _beside(path, DECK_LOCKED, what)
    if path.is_file() and deck_month(DeckFile(path.name, path.read_bytes())) != wanted.month:
        what = "the file is another month's deck, or not one of this program's."
        return _beside(path, DECK_IN_THE_WAY, what)
    return Result(path)


def _beside(wanted: Path, kind: ProblemKind, what: str) -> Result[Path]:
    path = free_name_beside(wanted)
    done = f"It was left unchanged; the new deck is {path.name}."
    return Result(path, (Problem(kind, what, Where(str(wanted)), done),))
