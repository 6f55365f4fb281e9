"""Build the monthly board workbook of a council's children's services from raw extracts.

From Python: `from workbook_builder import Request, build, read_figures`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook_builder.python_api import build, read_figures
    from workbook_builder.request import Outcome, Request

__all__ = ["Outcome", "Request", "build", "read_figures"]


def __getattr__(name: str) -> object:
    """Import the functions of the Python API when they are first asked for.

    The command line's help must answer at once, so nothing heavy is imported before.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from workbook_builder import python_api  # noqa: PLC0415

    return getattr(python_api, name)
