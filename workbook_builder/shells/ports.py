"""What the presenter needs of others: something that shows, and something that works."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from workbook_builder.shells.messages import Answer, Command
from workbook_builder.shells.state import State


class View(Protocol):
    """What shows the state and does what only a desktop can."""

    def present(self, state: State) -> None:
        """Show a state."""

    def announce(self, text: str) -> None:
        """Say a change to those who listen to the screen."""

    def open(self, path: Path) -> None:
        """Open a file or folder with the desktop's own program for it."""

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""


class Working(Protocol):
    """What reads and builds."""

    def start(self, layout: str = "") -> None:
        """Start, with a layout file if there is one; the first answer is what is known."""

    def stop(self, folder: Path | None = None) -> None:
        """Stop at once, and clear what was left unfinished in a folder."""

    def send(self, command: Command) -> None:
        """Give a command."""

    def answers(self) -> Iterable[Answer]:
        """Return the answers that have come."""
