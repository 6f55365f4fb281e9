"""What the window remembers: folders, recent months, the layout, and what was assigned by hand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from platformdirs import user_config_path

from workbook_builder.atomic_write import replace_file
from workbook_builder.extracts.model import Assignment

#: So many months are remembered, each with no more than so many paths.
_MONTHS, _PATHS = 6, 60


@dataclass(frozen=True)
class RecentMonth:
    """The files and folders that were used for a month; the month is its label, as "Jul-23"."""

    month: str
    paths: tuple[str, ...]

    @property
    def words(self) -> str:
        """What it is called: "Jul-23: extracts", "Jul-23: contacts.csv and 3 more"."""
        first = Path(self.paths[0]).name or self.paths[0]
        more = f" and {len(self.paths) - 1} more" if len(self.paths) > 1 else ""
        return f"{self.month}: {first}{more}"


def with_recent(
    recent: Sequence[RecentMonth], month: str, paths: Iterable[Path]
) -> tuple[RecentMonth, ...]:
    """Return recent months with another before them; the same files are there once."""
    now = RecentMonth(month, tuple(map(str, paths)))
    others = [each for each in recent if set(each.paths) != set(now.paths)]
    return (now, *others)[:_MONTHS] if 0 < len(now.paths) <= _PATHS else tuple(recent)


def existing_months(recent: Iterable[RecentMonth]) -> tuple[RecentMonth, ...]:
    """Return recent months with the paths that are still there; one that has none is left out."""
    found = (
        replace(each, paths=tuple(path for path in each.paths if os.path.exists(path)))
        for each in recent
    )
    return tuple(each for each in found if each.paths)


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
    recent: tuple[RecentMonth, ...] = ()


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
        tuple(_recent(content.get("recent"))),
    )


def _recent(content: object) -> Iterator[RecentMonth]:
    """Yield the recent months that are whole."""
    for entry in content if isinstance(content, list) else ():
        month, paths = map(dict(entry).get, ("month", "paths")) if isinstance(entry, dict) else "  "
        if isinstance(month, str) and isinstance(paths, list):
            texts = tuple(path for path in paths if isinstance(path, str) and path)
            if texts:
                yield RecentMonth(month, texts)


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
        "recent": [{"month": each.month, "paths": list(each.paths)} for each in settings.recent],
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
