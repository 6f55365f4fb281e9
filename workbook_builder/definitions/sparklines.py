"""Sparklines: which kind a table has, and which of their points are marked."""

from __future__ import annotations

from typing import Literal

from workbook_builder.definitions.base import definition

SparklineKind = Literal["line", "column", "win_loss"]
SparklinePoint = Literal["last", "high", "low", "negative"]


@definition
class Sparklines:
    """The sparklines of a table.

    `win_loss` shows the change on the month before: up where the value rose, down where it fell.
    """

    kind: SparklineKind = "line"
    points: tuple[SparklinePoint, ...] = ("last",)
