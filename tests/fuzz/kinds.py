"""What a case that went wrong is, for all sorts of cases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Found:
    """A case that went wrong: its number, how, and its damage."""

    seed: int
    how: str
    damage: str
