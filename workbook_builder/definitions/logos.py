"""The logo of a layout's theme, read from beside the file that defines the theme."""

from __future__ import annotations

from pathlib import Path

from workbook_builder.definitions import kinds
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.problems import Problem, Result

LARGEST = 2_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_HEADER = b"IHDR"


def read_logo(layout: Layout, definitions: Definitions) -> Result[bytes]:
    """Return the bytes of a PNG picture, or nothing where there is no logo or it cannot be used."""
    theme = definitions.themes.get(layout.theme)
    if theme is None or not theme.logo:
        return Result(b"")
    where = definitions.where("themes", theme.name, "logo")
    try:
        with (Path(where.file).parent / theme.logo).open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        what = f'the picture "{theme.logo}" cannot be opened.'
        return Result(b"", (Problem(kinds.NO_LOGO, what, where, _DONE),))
    if not content.startswith(_PNG) or content[12:16] != _HEADER or len(content) > LARGEST:
        what = f'"{theme.logo}" is no PNG picture of at most {LARGEST // 1_000_000} MB.'
        return Result(b"", (Problem(kinds.NO_LOGO, what, where, _DONE),))
    return Result(content)


_DONE = "The workbook was written without a logo."
