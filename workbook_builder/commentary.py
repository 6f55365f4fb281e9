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
        texts_of: dict[tuple[str, Month], list[str]] = {}
        for comment in comments:
            texts = texts_of.setdefault((comment.measure, comment.month), [])
            if comment.text and comment.text not in texts:
                texts.append(comment.text)
        self._texts: Mapping[tuple[str, Month], str] = {
            key: "\n".join(texts) for key, texts in texts_of.items()
        }

    def __iter__(self) -> Iterator[Comment]:
        for (measure, month), text in self._texts.items():
            yield Comment(measure, month, text)

    def of(self, measure: str, month: Month) -> str:
        """Return what was written about a measure in a month; nothing is an empty text."""
        return self._texts.get((measure, month), "")


@dataclass(frozen=True)
class Remembered:
    """The commentary of one workbook: what the program `wrote`, and what stands there `now`.

    One comment may stand in several places, on the Commentary sheet and in tables.
    """

    wrote: tuple[Comment, ...] = ()
    now: tuple[Comment, ...] = ()


def merge_commentary(comments: Iterable[Comment], remembered: Iterable[Remembered]) -> Commentary:
    """Merge the comments of today's lists with what stands in earlier workbooks.

    What a person has changed goes before what the program wrote there. Where several have changed
    one thing in several ways, all their words stand together.
    """
    earlier = tuple(remembered)
    wrote = {comment for workbook in earlier for comment in workbook.wrote}
    every = [*comments, *(comment for workbook in earlier for comment in workbook.now)]
    changed = [comment for comment in every if comment.text and comment not in wrote]
    renewed = {(comment.measure, comment.month) for comment in changed}
    unchanged = (
        comment
        for comment in every
        if comment.text and (comment.measure, comment.month) not in renewed
    )
    return Commentary([*changed, *unchanged])
