"""Imported once by the process that the tests' workers are copied from: what each would do first.

It imports what a worker needs, and binds the SQL of the shipped measures, which is then known.
"""

from __future__ import annotations

from tests.window import holding
from workbook_builder import build_workbook, edit_definitions
from workbook_builder.definitions.load_definitions import DEFAULT_LAYOUT, known_definitions
from workbook_builder.measures.prepare import bind_measures
from workbook_builder.window import editable, preview, view_models

__all__ = ["build_workbook", "edit_definitions", "editable", "holding", "preview", "view_models"]

shipped = known_definitions().value
bind_measures(shipped, shipped.layouts[DEFAULT_LAYOUT])
