"""The contrast of two colours, by WCAG 2.2."""

from __future__ import annotations

#: The contrast that WCAG 2.2 (level AA) asks of text, and of lines and marks.
TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0

#: The weights of red, green and blue in WCAG's definition of relative luminance.
_WEIGHTS = (0.2126, 0.7152, 0.0722)


def contrast(colour: str, other: str) -> float:
    """Return the contrast ratio of two colours, "#RRGGBB" or "RRGGBB", from 1 to 21."""
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with a share (0 to 1) of another mixed in; all are as "RRGGBB"."""
    parts = zip(_parts(colour), _parts(other), strict=True)
    return "".join(f"{round(one + (two - one) * share):02X}" for one, two in parts)


def best_ink(ground: str) -> str:
    """Return black or white, whichever is easier to read on a ground, as "RRGGBB"."""
    return max(("000000", "FFFFFF"), key=lambda ink: contrast(ink, ground))


def _luminance(colour: str) -> float:
    shares = (part / 255 for part in _parts(colour))
    light = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return sum(weight * part for weight, part in zip(_WEIGHTS, light, strict=True))


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour.lstrip("#")[start : start + 2], 16) for start in (0, 2, 4))
    return red, green, blue
