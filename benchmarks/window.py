"""Shows the program's window without a screen, and ends as soon as it has been drawn."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from workbook_builder.window.qt.main_window import Window, application_of
from workbook_builder.window.worker import WorkerProcess

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Show the window with nothing in it."""
    app = application_of()
    with tempfile.TemporaryDirectory() as folder:
        window = Window(WorkerProcess(), Path(folder) / "settings.json")
        window.show_window([])
        app.processEvents()
        assert window.isVisible()
    os._exit(0)  # whatever would go on in the background is not what is measured


if __name__ == "__main__":
    main()
