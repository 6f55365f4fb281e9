"""What a person said a sheet is, kept by its row of headings.

Plain values that the window remembers and the reading of extracts goes by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workbook_builder.names import same_name


@dataclass(frozen=True)
class Assignment:
    """The dataset that sheets with certain headings hold, as a person said.

    `columns` gives the heading of each column whose usual headings the sheets do not have.
    """

    dataset: str
    columns: Mapping[str, str] = field(default_factory=dict)


def headings_mark(headings: Iterable[str]) -> str:
    """Return the mark by which a row of headings is known again; it does not tell what they are.

    Letter case, spaces and punctuation do not count; the order of the headings does.
    """
    names = "\n".join(same_name(text) for text in headings)
    return hashlib.sha256(names.encode()).hexdigest()[:32]
