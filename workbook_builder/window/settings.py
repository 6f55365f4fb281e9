"""What the window remembers: the last folders, the layout, and what was assigned by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_config_path

from workbook_builder.assignments import Assignment
from workbook_builder.atomic_write import replace_file


@dataclass(frozen=True)
class Settings:
    """What is remembered from one time to the next; nothing of an extract is."""

    input_folder: str = ""
    output_folder: str = ""
    layout: str = ""
    assigned: Mapping[str, Assignment] = field(default_factory=dict)


def settings_file() -> Path:
    """Return where the settings are kept: in the user's own folder for settings."""
    return user_config_path("workbook-builder", appauthor=False) / "settings.json"


def load_settings(file: Path) -> Settings:
    """Read the settings; what is missing or damaged is as it is at first."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    if not isinstance(content, dict):
        return Settings()
    return Settings(
        _text(content.get("input_folder")),
        _text(content.get("output_folder")),
        _text(content.get("layout")),
        _assigned(content.get("assigned")),
    )


def save_settings(settings: Settings, file: Path) -> None:
    """Write the settings, if they can be written: a full or locked disk loses only these."""
    content = {
        "input_folder": settings.input_folder,
        "output_folder": settings.output_folder,
        "layout": settings.layout,
        "assigned": {
            mark: {"dataset": one.dataset, "columns": dict(one.columns)}
            for mark, one in settings.assigned.items()
        },
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    replace_file(file, json.dumps(content, indent=1, ensure_ascii=False).encode())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _assigned(value: object) -> dict[str, Assignment]:
    entries = value.items() if isinstance(value, dict) else ()
    return {
        str(mark): Assignment(one["dataset"], _columns(one.get("columns")))
        for mark, one in entries
        if isinstance(one, dict) and isinstance(one.get("dataset"), str)
    }


def _columns(value: object) -> dict[str, str]:
    entries = value.items() if isinstance(value, dict) else ()
    return {str(column): text for column, text in entries if isinstance(text, str)}
