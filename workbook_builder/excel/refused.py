"""What XlsxWriter refuses is an error, never a silent gap."""

from __future__ import annotations

from typing import Any


class DrawError(Exception):
    """The plan holds something that an .xlsx file cannot."""


def done(answer: Any, what: str) -> None:
    """Raise DrawError where XlsxWriter says, with a negative number, that it left something out."""
    if isinstance(answer, int) and answer != 0:
        raise DrawError(f"{what} could not be written ({answer})")
