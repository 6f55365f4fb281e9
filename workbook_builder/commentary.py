"""Commentary: what people write about a measure in a month, in their own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbook_builder.months import Month


@dataclass(frozen=True)
class Comment:
    """What somebody wrote about one measure in one month.

    `measure` is a measure's key or, where nobody knows what is meant, the name as it was given.
    """

    measure: str
    month: Month
    text: str


class Commentary:
    """All comments of a workbook; what several people wrote about one thing stands together."""

    def __init__(self, comments: Iterable[Comment] = ()) -> None:
        together: dict[tuple[str, Month], list[str]] = {}
        for comment in comments:
            texts = together.setdefault((comment.measure, comment.month), [])
            if comment.text and comment.text not in texts:
                texts.append(comment.text)
        self._texts: Mapping[tuple[str, Month], str] = {
            key: "\n".join(texts) for key, texts in together.items()
        }

    def __iter__(self) -> Iterator[Comment]:
        for (measure, month), text in self._texts.items():
            yield Comment(measure, month, text)

    def of(self, measure: str, month: Month) -> str:
        """Return what was written about a measure in a month; nothing is an empty text."""
        return self._texts.get((measure, month), "")
