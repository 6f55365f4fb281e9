"""A sheet of the workbook as the window shows it: the text and colours of each cell."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple, overload

from workbook_builder.months import Month

#: Pixels that a letter takes at most for each point of its size.
LETTER_WIDTH = 0.8


class PreviewCell(NamedTuple):
    """A cell: its text, colours ("#12436D", nothing for the usual) and what is drawn in it.

    `icon` stands at its left in `icon_ink`; `spark` are the values of a small line, None a gap;
    `bar` is how much of the cell (0 to 1) a bar fills. `size` is the font's in points. `note` is
    what Excel shows in a pop-up. `sheet` is the sheet that a link leads to.
    """

    text: str
    fill: str = ""
    ink: str = ""
    bold: bool = False
    italic: bool = False
    centred: bool = False
    right: bool = False
    wrapped: bool = False
    boxed: bool = False
    size: float = 11
    icon: str = ""
    icon_ink: str = ""
    spark: tuple[float | None, ...] = ()
    bar: float = 0.0
    note: str = ""
    sheet: str = ""


class FigurePlace(NamedTuple):
    """The figure that a cell shows."""

    measure: str
    month: Month
    team: str


class PreviewLabel(NamedTuple):
    """A value written beside one point of a series, or inside its column."""

    point: int
    text: str
    place: str


@dataclass(frozen=True)
class PreviewSeries:
    """One line or one set of columns: its values by month, None a gap, and what is written there.

    `role` is "measure", or that of a level line. `dash` is "solid", "dash" or "dot"; `end` is its
    name at the right end, with the height of it on the axis.
    """

    role: str
    colour: str
    ink: str
    values: tuple[float | None, ...]
    labels: tuple[PreviewLabel, ...] = ()
    dash: str = "solid"
    end: tuple[str, float] | None = None


@dataclass(frozen=True)
class PreviewChart:
    """A chart whose upper left corner is that of a cell; sizes are pixels.

    `plot` is the part with the values: left, top, width, height. Values go from `low` to `high`;
    `ticks` are those with a line and a number.
    """

    row: int
    column: int
    width: int
    height: int
    kind: str
    months: tuple[str, ...]
    series: tuple[PreviewSeries, ...]
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    plot: tuple[float, float, float, float]
    month_step: int = 1


@dataclass(frozen=True)
class PreviewSheet:
    """One sheet: its cells by row and column, widths and heights in pixels, what scrolls.

    `frozen` are the rows and columns that stay in sight. `figures` says which cells show a figure
    that can be asked about, `merged` over how many rows and columns a cell goes. A `slide` is to be
    seen as a whole.
    """

    name: str
    cells: Mapping[tuple[int, int], PreviewCell]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    frozen: tuple[int, int] = (0, 0)
    figures: Mapping[tuple[int, int], FigurePlace] = field(default_factory=dict)
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    charts: tuple[PreviewChart, ...] = ()
    slide: bool = False

    def figure_at(self, row: int, column: int) -> FigurePlace | None:
        """Return the figure that a cell shows; beside its months it is the row's latest."""
        if place := self.figures.get((row, column)):
            return place
        in_row = [figure for (line, _), figure in self.figures.items() if line == row]
        return max(in_row, key=lambda figure: figure.month, default=None)

    def find(self, text: str, after: tuple[int, int]) -> tuple[int, int] | None:
        """Return the next cell that holds a text, in any case, from the beginning after the end."""
        wanted = text.casefold()
        found = [place for place, cell in self.cells.items() if wanted in cell.text.casefold()]
        return min(found, key=lambda place: (place <= after, place), default=None)

    def rows(self) -> Iterator[list[PreviewCell]]:
        """Yield the rows from the first with content to the last, as wide as the sheet."""
        nothing = PreviewCell("")
        for row in range(len(self.heights)):
            yield [self.cells.get((row, column), nothing) for column in range(len(self.widths))]

    def as_text(self) -> str:
        """Return the sheet as text, its columns parted by tabs."""
        return "\n".join(
            "\t".join(_one_line(cell) for cell in row).rstrip() for row in self.rows()
        ).strip("\n")

    def as_html(self) -> str:
        """Return the sheet as a table with its colours, for Word, Excel and PowerPoint."""
        lines = [
            "<tr>" + "".join(map(_html_cell, row)) + "</tr>"
            for row in self.rows()
            if any(cell.text for cell in row)
        ]
        return f'<table style="border-collapse:collapse">{"".join(lines)}</table>'


class PreviewSheets(Sequence[PreviewSheet]):
    """The sheets of a workbook; those that have come from the worker are unpacked one at a time.

    To unpack all of them at once would take so long that the window would not answer meanwhile.
    """

    def __init__(self, sheets: Sequence[PreviewSheet] = ()) -> None:
        self._sheets: list[PreviewSheet | bytes] = list(sheets)
        self.names = tuple(sheet.name for sheet in sheets)

    def __len__(self) -> int:
        return len(self._sheets)

    @overload
    def __getitem__(self, place: int) -> PreviewSheet: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[PreviewSheet]: ...

    def __getitem__(self, place: int | slice) -> PreviewSheet | Sequence[PreviewSheet]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        sheet = self._sheets[place]
        if isinstance(sheet, bytes):
            sheet = self._sheets[place] = pickle.loads(sheet)
        assert isinstance(sheet, PreviewSheet)
        return sheet

    def __getstate__(self) -> tuple[tuple[str, ...], list[bytes]]:
        """Return the names, and each sheet packed by itself."""
        packed = (each if isinstance(each, bytes) else pickle.dumps(each) for each in self._sheets)
        return self.names, list(packed)

    def __setstate__(self, state: tuple[tuple[str, ...], list[PreviewSheet | bytes]]) -> None:
        self.names, self._sheets = state


def _one_line(cell: PreviewCell) -> str:
    return " ".join(f"{cell.icon} {cell.text}".split())


def _html_cell(cell: PreviewCell) -> str:
    align = "center" if cell.centred else "right" if cell.right else "left"
    style = f"text-align:{align};font-size:{cell.size:g}pt;font-family:Calibri,sans-serif"
    style += f";background:{cell.fill}" * bool(cell.fill) + f";color:{cell.ink}" * bool(cell.ink)
    style += ";font-weight:bold" * cell.bold + ";font-style:italic" * cell.italic
    style += ";border:1px solid #C3CCD5;padding:2px 5px" * cell.boxed
    icon = f'<span style="color:{cell.icon_ink}">{cell.icon}</span> ' if cell.icon else ""
    return f'<td style="{style}">{icon}{escape(cell.text)}</td>'
