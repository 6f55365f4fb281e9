"""The colours of a deck: those of its template's theme, as far as everybody can read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbook_builder.contrast import MARK_CONTRAST, TEXT_CONTRAST, best_ink, contrast, mixed
from workbook_builder.looks import RATING_LOOKS

_BLACK, _WHITE = "000000", "FFFFFF"
#: How far a colour that is too faint is moved towards that of the text, step by step.
_STEPS = 20
_ACCENTS = tuple(f"accent{number}" for number in range(1, 7))


@dataclass(frozen=True)
class Colour:
    """A colour as "12436D", and its name in the theme if it is one of the theme's ("accent1")."""

    rgb: str
    scheme: str = ""

    @property
    def xml(self) -> str:
        """The colour in DrawingML; one of the theme's follows the theme when that is changed."""
        if self.scheme:
            return f'<a:schemeClr val="{self.scheme}"/>'
        return f'<a:srgbClr val="{self.rgb}"/>'

    @property
    def fill(self) -> str:
        """A solid fill of the colour in DrawingML."""
        return f"<a:solidFill>{self.xml}</a:solidFill>"


#: The colours of arrows for the better and for the worse on light and on dark ground.
_BETTER, _WORSE = "00603A", "A4161A"


@dataclass(frozen=True)
class Palette:
    """What a deck is drawn with, on the background of its slides.

    `main` fills headings, on which text is `on_main`; `pale` is the ground of totals, `grey` that
    of blanks, `marked` that of revised figures. `series` are the colours of measures in charts,
    each to be told from the background; `target` is that of targets.
    """

    background: Colour
    ink: Colour
    quiet: Colour
    main: Colour
    on_main: Colour
    pale: Colour
    grey: Colour
    marked: Colour
    rule: Colour
    series: tuple[Colour, ...]
    target: Colour
    better: Colour
    worse: Colour


def rating_colours(rag: int) -> tuple[Colour, Colour]:
    """Return the fill of a rating and the colour of its text, the same in every theme."""
    look = RATING_LOOKS[rag]
    return Colour(look.fill.lstrip("#")), Colour(look.ink.lstrip("#"))


def palette_of(theme: Mapping[str, str], colour_map: Mapping[str, str], background: str) -> Palette:
    """Return the palette of a theme.

    `theme` has the colours of the scheme by name ("dk1", "accent1"); `colour_map` says which of
    them "bg1" and "tx1" are; `background` is the colour behind the slides' content.
    """
    ground = Colour(background)
    ink = _readable_ink(theme, colour_map, background)
    accents = [Colour(theme[name], name) for name in _ACCENTS if name in theme]
    series = tuple(_visible(colour, ground, ink, MARK_CONTRAST) for colour in accents) or (ink,)
    main = next(
        (one for one in accents[:1] if _contrast_with_best(one) >= TEXT_CONTRAST),
        _visible(accents[0] if accents else ink, Colour(_WHITE), Colour(_BLACK), TEXT_CONTRAST),
    )
    return Palette(
        background=ground,
        ink=ink,
        quiet=_visible(Colour(mixed(ink.rgb, background, 0.3)), ground, ink, TEXT_CONTRAST),
        main=main,
        on_main=Colour(best_ink(main.rgb)),
        pale=_ground(main.rgb, background, ink),
        grey=_ground(ink.rgb, background, ink),
        marked=_ground("FFC23D", background, ink, 0.65),
        rule=Colour(mixed(ink.rgb, background, 0.75)),
        series=series,
        target=_visible(accents[3] if len(accents) > 3 else ink, ground, ink, MARK_CONTRAST),
        better=_visible(Colour(_BETTER), ground, ink, TEXT_CONTRAST),
        worse=_visible(Colour(_WORSE), ground, ink, TEXT_CONTRAST),
    )  # fmt: skip


def _readable_ink(
    theme: Mapping[str, str], colour_map: Mapping[str, str], background: str
) -> Colour:
    """Return the theme's colour of text, or black or white where that could not be read."""
    text = theme.get(colour_map.get("tx1", "dk1"), _BLACK)
    if contrast(text, background) >= TEXT_CONTRAST:
        return Colour(text, "tx1")
    return Colour(best_ink(background))


def label_colour(colour: Colour, palette: Palette) -> Colour:
    """Return a colour for text of the same hue, which must be darker (or lighter) than a line."""
    return _visible(colour, palette.background, palette.ink, TEXT_CONTRAST)


def _ground(tint: str, background: str, ink: Colour, share: float = 0.9) -> Colour:
    """Return the background with a little of a tint, on which the text can still be read."""
    grounds = (mixed(tint, background, share + (1 - share) * step / _STEPS)
               for step in range(_STEPS + 1))  # fmt: skip
    readable = (one for one in grounds if contrast(one, ink.rgb) >= TEXT_CONTRAST)
    return Colour(next(readable, background))


def _visible(colour: Colour, ground: Colour, ink: Colour, least: float) -> Colour:
    """Return a colour, moved towards the ink as far as its contrast with the ground needs."""
    if contrast(colour.rgb, ground.rgb) >= least:
        return colour
    return Colour(next(one for one in _towards(colour.rgb, ink.rgb)
                       if contrast(one, ground.rgb) >= least or one == ink.rgb))  # fmt: skip


def _towards(colour: str, other: str) -> Iterator[str]:
    for step in range(1, _STEPS + 1):
        yield mixed(colour, other, step / _STEPS)


def _contrast_with_best(colour: Colour) -> float:
    return contrast(colour.rgb, _WHITE)
