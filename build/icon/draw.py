"""Command: ``python build/icon/draw.py`` draws the program's icon anew, and pictures made of it.

A page of the board's workbook: rows, each with its rating. Small sizes show fewer things, larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).resolve().parent
ICO = FOLDER / "workbook-builder.ico"
#: Where the window finds its own: Qt reads pictures, not Windows' icons.
PICTURES = FOLDER.parents[1] / "workbook_builder" / "window" / "qt" / "icon"
#: The sizes that Windows asks for: small and large icons at 100 to 250 %, tiles, the largest view.
SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
#: The sizes that a window is asked for: title bar, taskbar, switching between windows.
WINDOW_SIZES = (16, 24, 32, 48, 64, 256)

#: The pictures of the installer as NSIS wants them, and the size of the icon on each.
_SETUP_SIDE, _SIDE_MARK = (164, 314), 96
_SETUP_HEADER, _HEADER_MARK = (150, 57), 45
_NO_FONTS = (
    "There are no fonts on this computer, so words in this window are boxes.",
    "Install one and start again. On Debian or Ubuntu: apt-get install fonts-dejavu-core",
)
_NO_FONTS_WIDTH, _NO_FONTS_LINE, _NO_FONTS_SIZE = 620, 20, 14

_FINER = 8  # drawn so many times larger, then made smaller, so that edges are smooth
_BOARD, _PAGE, _TEXT, _LINE = "#17406D", "#FFFFFF", "#9DB2C8", "#17406D"
#: As in the workbook: the shapes differ too, since colour alone tells some people nothing.
_RATINGS = (("#2E8540", "circle"), ("#F2A900", "triangle"), ("#C8102E", "diamond"))
#: The smallest sizes are set dot by dot: the page's margin, a row's height, the gap between rows.
_DOTS = {16: (2, 2, 2), 20: (2, 4, 1), 24: (3, 4, 2)}
_MIDDLE = 40
_TREND = (0.62, 0.48, 0.66, 0.36, 0.44, 0.12)


@dataclass(frozen=True)
class _Canvas:
    """A picture whose measures are parts of its side."""

    draw: ImageDraw.ImageDraw
    side: int

    def box(self, left: float, top: float, right: float, bottom: float) -> list[float]:
        """Return a box in dots, its edges on whole dots of the finished picture."""
        return [round(at * self.side / _FINER) * _FINER for at in (left, top, right, bottom)]

    def points(self, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return points in dots."""
        return [(across * self.side, down * self.side) for across, down in points]


def icon(size: int) -> Image.Image:
    """Return the icon in one size."""
    side = size * _FINER
    image = Image.new("RGBA", (side, side))
    canvas = _Canvas(ImageDraw.Draw(image), side)
    canvas.draw.rounded_rectangle([0, 0, side - 1, side - 1], radius=side * 0.16, fill=_BOARD)
    if size in _DOTS:
        _dots(canvas.draw, size)
    else:
        canvas.draw.rectangle(_whole(canvas.box(0.125, 0.125, 0.875, 0.875)), fill=_PAGE)
        if size > _MIDDLE:
            _trend(canvas)
            _rows(canvas, top=0.50, height=0.125, mark=0.045)
        else:
            _rows(canvas, top=0.1875, height=0.21875, mark=0.085)
    return image.resize((size, size), Image.Resampling.BOX)


def _dots(draw: ImageDraw.ImageDraw, size: int) -> None:
    """Draw page and rows on whole dots; there is no room for shapes."""

    def fill(left: int, top: int, right: int, bottom: int, colour: str) -> None:
        draw.rectangle(_whole([at * _FINER for at in (left, top, right, bottom)]), fill=colour)

    margin, height, gap = _DOTS[size]
    fill(margin, margin, size - margin, size - margin, _PAGE)
    top = (size - 3 * height - 2 * gap) // 2
    for colour, _ in _RATINGS:
        fill(margin + 1, top, size // 2, top + height, _TEXT)
        fill(size - margin - 1 - size // 4, top, size - margin - 1, top + height, colour)
        top += height + gap


def _trend(canvas: _Canvas) -> None:
    """Thirteen months in one line, as a sparkline shows them."""
    step = 0.62 / (len(_TREND) - 1)
    points = [(0.19 + at * step, 0.18 + 0.27 * down) for at, down in enumerate(_TREND)]
    width = round(canvas.side * 0.03)
    canvas.draw.line(canvas.points(points), fill=_LINE, width=width, joint="curve")
    (across, down) = canvas.points(points)[-1]
    canvas.draw.ellipse([across - width, down - width, across + width, down + width], fill=_LINE)


def _rows(canvas: _Canvas, *, top: float, height: float, mark: float) -> None:
    for at, (colour, shape) in enumerate(_RATINGS):
        middle = top + (at + 0.5) * height
        thick = height * 0.30
        text = canvas.box(0.19, middle - thick / 2, 0.56, middle + thick / 2)
        canvas.draw.rectangle(_whole(text), fill=_TEXT)
        _rating(canvas, (0.725, middle), mark, colour, shape)


def _rating(canvas: _Canvas, at: tuple[float, float], half: float, colour: str, shape: str) -> None:
    across, down = at
    box = (across - half, down - half, across + half, down + half)
    match shape:
        case "circle":
            canvas.draw.ellipse([part * canvas.side for part in box], fill=colour)
        case "triangle":
            corners = [(across, box[1]), (box[2], box[3]), (box[0], box[3])]
            canvas.draw.polygon(canvas.points(corners), fill=colour)
        case _:
            corners = [(across, box[1]), (box[2], down), (across, box[3]), (box[0], down)]
            canvas.draw.polygon(canvas.points(corners), fill=colour)


def _whole(box: Sequence[float]) -> list[float]:
    """Leave out the last dots, which Pillow counts as inside."""
    return [box[0], box[1], max(box[0], box[2] - 1), max(box[1], box[3] - 1)]


def setup_side() -> Image.Image:
    """Return the picture at the side of the installer's last page."""
    image = Image.new("RGB", _SETUP_SIDE, _BOARD)
    mark = icon(_SIDE_MARK)
    image.paste(mark, ((image.width - mark.width) // 2, _SIDE_MARK // 2), mark)
    return image


def setup_header() -> Image.Image:
    """Return the picture in the head of the installer's other pages, which is white."""
    image = Image.new("RGB", _SETUP_HEADER, _PAGE)
    mark = icon(_HEADER_MARK)
    edge = (image.height - mark.height) // 2
    image.paste(mark, (image.width - mark.width - edge, edge), mark)
    return image


def no_fonts() -> Image.Image:
    """Return what a window says that has no fonts to say it with."""
    image = Image.new("RGB", (_NO_FONTS_WIDTH, 2 * _NO_FONTS_LINE + _NO_FONTS_LINE), _PAGE)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(_NO_FONTS_SIZE)
    for place, line in enumerate(_NO_FONTS):
        draw.text((_NO_FONTS_LINE, (place + 0.5) * _NO_FONTS_LINE), line, fill="#000000", font=font)
    return image.convert("P", palette=Image.Palette.ADAPTIVE, colors=16)


def main() -> None:
    """Write the icon of the programs, the pictures of the window, and those of the installer."""
    pictures = {size: icon(size) for size in SIZES}
    *smaller, largest = pictures.values()
    largest.save(ICO, append_images=smaller, bitmap_format="bmp",
                 sizes=[(size, size) for size in SIZES])  # fmt: skip
    PICTURES.mkdir(exist_ok=True)
    for size in WINDOW_SIZES:
        pictures[size].save(PICTURES / f"{size}.png", optimize=True)
    no_fonts().save(PICTURES.parent / "no-fonts.png", optimize=True)
    for name, picture in (("side", setup_side()), ("header", setup_header())):
        picture.quantize(256).save(FOLDER / f"setup-{name}.bmp")


if __name__ == "__main__":
    main()
