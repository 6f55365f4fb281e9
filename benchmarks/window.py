"""Shows the program's window without a screen, and ends as soon as it has been drawn."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from workbook_builder.shells.qt.window import Window, application_of
from workbook_builder.shells.worker import Worker


def main() -> None:
    """Show the window with nothing in it."""
    app = application_of()
    with tempfile.TemporaryDirectory() as folder:
        window = Window(Worker(), Path(folder) / "settings.json")
        window.show_window([])
        app.processEvents()
        assert window.isVisible()
    os._exit(0)  # whatever would go on in the background is not what is measured


if __name__ == "__main__":
    main()
