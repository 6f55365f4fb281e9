"""Names of native tables: made from titles, no address of a cell, and each only once."""

from __future__ import annotations

import re
from collections.abc import Collection


def free_name(text: str, taken: Collection[str]) -> str:
    """Return a table's name made from a text that none of the taken ones is."""
    plain = "t_" + re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    copies = sum(name == plain or name.startswith(f"{plain}__") for name in taken)
    return f"{plain}__{copies + 1}" if copies else plain
