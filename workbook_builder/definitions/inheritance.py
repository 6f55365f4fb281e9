"""Layouts that say only what differs from another, and what they come to together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.toml_files import KeyPath, TomlFile
from workbook_builder.problems import Problem, Result, did_you_mean

EXTENDS = "extends"
WITHOUT = "without"
TABLES = "tables"

#: The layouts of each folder by name; the folder that goes before the others comes first.
LayoutFolders = Sequence[Mapping[str, TomlFile]]


def extend_layouts(folders: LayoutFolders) -> Result[dict[str, TomlFile]]:
    """Return every layout with all that it takes from others.

    A layout may extend one of its own name from a folder that comes after its own. One that cannot
    be extended stays as it is written, with a problem.
    """
    layouts: dict[str, TomlFile] = {}
    problems: list[Problem] = []
    for folder in reversed(range(len(folders))):
        for name, file in folders[folder].items():
            extended = _extended(name, folder, folders, ())
            if isinstance(extended, Problem):
                problems.append(extended)
            layouts[name] = file if isinstance(extended, Problem) else extended
    return Result(layouts, tuple(problems))


def _extended(
    name: str, folder: int, folders: LayoutFolders, extended_by: tuple[tuple[str, int], ...]
) -> TomlFile | Problem:
    """Return the layout of a name in a folder, laid over the one that it extends."""
    file = folders[folder][name]
    base = file.content.get(EXTENDS)
    if not isinstance(base, str) or not base:
        return file
    if (name, folder) in extended_by:
        return _problem(file, EXTENDS, f'the layout "{name}" extends itself in a circle.')
    first = folder + 1 if base == name else 0
    holding = [number for number in range(first, len(folders)) if base in folders[number]]
    if not holding:
        hint = did_you_mean(base, {known for layouts in folders for known in layouts})
        return _problem(file, EXTENDS, f'the layout "{base}" is not known. {hint}'.strip())
    base_file = _extended(base, holding[0], folders, (*extended_by, (name, folder)))
    if isinstance(base_file, Problem):
        return base_file
    names = [str(table["name"]) for table in _named_tables(base_file.content.get(TABLES))]
    for dropped in _texts(file.content.get(WITHOUT)):
        if dropped not in names:
            hint = did_you_mean(dropped, names)
            text = f'the extended layout has no table "{dropped}". {hint}'.strip()
            return _problem(file, WITHOUT, text)
    return _Merge(base_file, file).merged()


def _problem(file: TomlFile, key: str, text: str) -> Problem:
    return Problem(catalogue.CANNOT_EXTEND, text, file.place.where(key))


class _Merge:
    """One layout laid over another, key by key, tables by their names; `base` is the lower one."""

    def __init__(self, base: TomlFile, layout: TomlFile) -> None:
        self.base = base
        self.layout = layout
        self.lines: dict[KeyPath, int] = {}
        self.origins: dict[KeyPath, str] = {}

    def merged(self) -> TomlFile:
        content = self._merged_table(self.base.content, self.layout.content, ())
        if TABLES in content:
            content[TABLES] = self._merged_tables()
        place = replace(self.layout.place, path=(), lines=self.lines, origins=self.origins)
        return TomlFile(content, place)

    def _merged_table(
        self, base: Mapping[str, Any], changes: Mapping[str, Any], path: KeyPath
    ) -> dict[str, Any]:
        """Lay one TOML table over another."""
        content: dict[str, Any] = {}
        for key in dict.fromkeys([*base, *changes]):
            here = (*path, key)
            if key not in changes:
                content[key] = base[key]
                self._copy_lines(self.base, here, here)
            elif isinstance(changes[key], Mapping) and isinstance(base.get(key), Mapping):
                self._copy_line(self.layout, here, here)
                content[key] = self._merged_table(base[key], changes[key], here)
            else:
                content[key] = changes[key]
                self._copy_lines(self.layout, here, here)
        return content

    def _merged_tables(self) -> object:
        """Lay the layout's own tables over those of the base that have their names."""
        written = self.layout.content.get(TABLES)
        base_tables = _named_tables(self.base.content.get(TABLES))
        changed_tables = _named_tables(written)
        if not base_tables or (written is not None and not changed_tables):
            return self.base.content.get(TABLES) if written is None else written
        self._forget_lines((TABLES,))
        dropped = _texts(self.layout.content.get(WITHOUT))
        changes = {table["name"]: number for number, table in enumerate(changed_tables)}
        tables: list[dict[str, Any]] = []
        for number, table in enumerate(base_tables):
            if table["name"] in dropped:
                continue
            here = (TABLES, len(tables))
            self._copy_lines(self.base, (TABLES, number), here)
            changed = changes.pop(table["name"], None)
            change = {} if changed is None else changed_tables[changed]
            for key in change:
                self._forget_lines((*here, key))
            if changed is not None:
                self._copy_lines(self.layout, (TABLES, changed), here)
            tables.append({**table, **change})
        for number in changes.values():
            self._copy_lines(self.layout, (TABLES, number), (TABLES, len(tables)))
            tables.append(changed_tables[number])
        return tables

    def _copy_lines(self, file: TomlFile, path: KeyPath, here: KeyPath) -> None:
        """Take over the lines of a key and of all that stands in it."""
        for inner in file.place.lines:
            if inner[: len(path)] == path:
                self._copy_line(file, inner, here + inner[len(path) :])

    def _copy_line(self, file: TomlFile, path: KeyPath, here: KeyPath) -> None:
        if path in file.place.lines:
            self.lines[here] = file.place.lines[path]
            self.origins[here] = file.place.origins.get(path, file.place.file)

    def _forget_lines(self, path: KeyPath) -> None:
        for inner in [known for known in self.lines if known[: len(path)] == path]:
            del self.lines[inner], self.origins[inner]


def _named_tables(tables: object) -> list[dict[str, Any]]:
    """Return tables that all have names, or none where that is not so."""
    if not isinstance(tables, list):
        return []
    named = [
        table for table in tables if isinstance(table, dict) and isinstance(table.get("name"), str)
    ]
    return named if len(named) == len(tables) else []


def _texts(words: object) -> list[str]:
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []
