"""When two names that people typed are the same name."""

from __future__ import annotations

import unicodedata


def same_name(text: str) -> str:
    """Return a name without letter case, spaces, punctuation and invisible marks, for comparing.

    Accents count: "Café" and "Cafe" are two names. Digits count.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in folded if mark.isalnum())
