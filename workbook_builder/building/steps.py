"""How far a run has come, by the bytes of files, the measures and the sheets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbook_builder.extracts.inputs import Reading
from workbook_builder.outcomes import OnProgress, Progress, Step


class Steps:
    """Tells whoever watches a run how far it has come."""

    def __init__(self, on_progress: OnProgress, inputs: Sequence[Path]) -> None:
        self._on_progress = on_progress
        self._reading = Reading(inputs)

    def at(self, doing: str, step: Step, share: float = 0.0) -> None:
        """Tell what is being done, and what share of its step is done."""
        self._on_progress(Progress.at(doing, step, share))

    def reading(self, name: str) -> None:
        """Tell that a file is read next."""
        self.at(f"Reading {name}", Step.READING, self._reading.before(name))

    def counted(self, share: float) -> None:
        """Tell the share of the measures that is counted."""
        self.at("Counting", Step.COUNTING, share)

    def drawn(self, share: float) -> None:
        """Tell the share of the sheets that is drawn."""
        self.at("Laying out the sheets", Step.SHEETS, share)
