"""What the window remembers: the last folders, the layout, and what was assigned by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_config_path

from workbook_builder.atomic_write import replace_file
from workbook_builder.extracts.model import Assignment


@dataclass(frozen=True)
class Settings:
    """What is remembered from one time to the next; `assigned` is by the mark of the headings.

    Nothing of an extract is among it.
    """

    input_folder: str = ""
    output_folder: str = ""
    layout: str = ""
    assigned: Mapping[str, Assignment] = field(default_factory=dict)
    slides: bool = False
    council_asked: bool = False


def settings_file() -> Path:
    """Return the file of the settings, in the user's own folder for settings."""
    return user_config_path("workbook-builder", appauthor=False) / "settings.json"


def load_settings(file: Path) -> Settings:
    """Read the settings; what is missing or damaged has its default."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    if not isinstance(content, dict):
        return Settings()
    texts = _texts(content)
    assigned = content.get("assigned")
    return Settings(
        texts.get("input_folder", ""),
        texts.get("output_folder", ""),
        texts.get("layout", ""),
        {
            mark: Assignment(entry["dataset"], _texts(entry.get("columns")))
            for mark, entry in (assigned.items() if isinstance(assigned, dict) else ())
            if isinstance(entry, dict) and isinstance(entry.get("dataset"), str)
        },
        content.get("slides") is True,
        content.get("council_asked") is True,
    )


def _texts(content: object) -> dict[str, str]:
    """Return the entries of an object of JSON that are texts."""
    entries = content.items() if isinstance(content, dict) else ()
    return {name: text for name, text in entries if isinstance(text, str)}


def save_settings(settings: Settings, file: Path) -> None:
    """Write the settings; a full or locked disk loses nothing but these."""
    content = {
        "input_folder": settings.input_folder,
        "output_folder": settings.output_folder,
        "layout": settings.layout,
        "slides": settings.slides,
        "council_asked": settings.council_asked,
        "assigned": {
            mark: {"dataset": assignment.dataset, "columns": dict(assignment.columns)}
            for mark, assignment in settings.assigned.items()
        },
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    replace_file(file, json.dumps(content, indent=1, ensure_ascii=False).encode())
