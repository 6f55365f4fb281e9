"""A progress bar on a terminal; nothing where the output is piped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from workbook_builder.run import OnProgress, Progress


@contextmanager
def progress_bar() -> Iterator[OnProgress]:
    """Give a function that shows how far a run has come."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda progress: None
        return
    from tqdm import tqdm

    with tqdm(total=1, leave=False, bar_format="{desc} |{bar:30}|") as bar:

        def show(progress: Progress) -> None:
            bar.set_description_str(progress.doing[:50].ljust(50), refresh=False)
            bar.total = progress.total
            bar.n = progress.done
            bar.refresh()

        yield show
