"""Layouts that extend others: what a layout does not say, it takes from the one it names.

This is done on plain TOML, before anything is checked, so that a layout is checked as a whole and
each fault is still reported in the file and on the line where it stands.
"""

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

#: Layouts by name, those of the folder that comes first standing first.
Layers = Sequence[Mapping[str, TomlFile]]


def whole_layouts(layers: Layers) -> Result[dict[str, TomlFile]]:
    """Return every layout with all that it takes from others.

    A layout may extend one of its own name from a folder that comes after its own.
    """
    whole: dict[str, TomlFile] = {}
    problems: list[Problem] = []
    for at in reversed(range(len(layers))):
        for name, file in layers[at].items():
            found = _whole(name, at, layers, ())
            whole[name] = file if isinstance(found, Problem) else found
            if isinstance(found, Problem):
                problems.append(found)
    return Result(whole, tuple(problems))


def _whole(
    name: str, at: int, layers: Layers, above: tuple[tuple[str, int], ...]
) -> TomlFile | Problem:
    file = layers[at][name]
    base = file.content.get(EXTENDS)
    if not isinstance(base, str) or not base:
        return file
    if (name, at) in above:
        return _problem(file, EXTENDS, f'the layout "{name}" extends itself in a circle.')
    first = at + 1 if base == name else 0
    known = [layer for layer in range(first, len(layers)) if base in layers[layer]]
    if not known:
        hint = did_you_mean(base, {name for layer in layers for name in layer})
        return _problem(file, EXTENDS, f'the layout "{base}" is not known. {hint}'.strip())
    below = _whole(base, known[0], layers, (*above, (name, at)))
    if isinstance(below, Problem):
        return below
    return _unknown_table(file, below) or _Merge(below, file).merged()


def _unknown_table(file: TomlFile, below: TomlFile) -> Problem | None:
    names = [str(table["name"]) for table in _named(below.content.get(TABLES))]
    for name in _texts(file.content.get(WITHOUT)):
        if name not in names:
            what = f'the extended layout has no table "{name}". {did_you_mean(name, names)}'
            return _problem(file, WITHOUT, what.strip())
    return None


def _problem(file: TomlFile, key: str, what: str) -> Problem:
    return Problem(catalogue.CANNOT_EXTEND, what, file.place.where(key))


class _Merge:
    """One layout laid over another, key by key, tables by their names."""

    def __init__(self, below: TomlFile, own: TomlFile) -> None:
        self.below = below
        self.own = own
        self.lines: dict[KeyPath, int] = {}
        self.origins: dict[KeyPath, str] = {}

    def merged(self) -> TomlFile:
        content = self._laid(self.below.content, self.own.content, ())
        if TABLES in content:
            content[TABLES] = self._tables()
        place = replace(self.own.place, path=(), lines=self.lines, origins=self.origins)
        return TomlFile(content, place)

    def _laid(
        self, below: Mapping[str, Any], own: Mapping[str, Any], path: KeyPath
    ) -> dict[str, Any]:
        """Lay one TOML table over another."""
        content: dict[str, Any] = {}
        for key in dict.fromkeys([*below, *own]):
            here = (*path, key)
            if key not in own:
                content[key] = below[key]
                self._copy(self.below, here, here)
            elif isinstance(own[key], Mapping) and isinstance(below.get(key), Mapping):
                self._note(self.own, here, here)
                content[key] = self._laid(below[key], own[key], here)
            else:
                content[key] = own[key]
                self._copy(self.own, here, here)
        return content

    def _tables(self) -> object:
        """Lay the layout's own tables over those below that have their names."""
        below = _named(self.below.content.get(TABLES))
        own = _named(self.own.content.get(TABLES, []))
        if not below or (not own and TABLES in self.own.content):
            return self.own.content.get(TABLES, self.below.content.get(TABLES))
        self._forget((TABLES,))
        dropped = _texts(self.own.content.get(WITHOUT))
        places = {table["name"]: at for at, table in enumerate(own)}
        tables: list[dict[str, Any]] = []
        for at, table in enumerate(below):
            if table["name"] not in dropped:
                tables.append(self._table(at, places.pop(table["name"], None), len(tables)))
        for at in places.values():
            self._copy(self.own, (TABLES, at), (TABLES, len(tables)))
            tables.append(own[at])
        return tables

    def _table(self, below_at: int, own_at: int | None, at: int) -> dict[str, Any]:
        table: dict[str, Any] = self.below.content[TABLES][below_at]
        self._copy(self.below, (TABLES, below_at), (TABLES, at))
        if own_at is None:
            return table
        changes = self.own.content[TABLES][own_at]
        for key in changes:
            self._forget((TABLES, at, key))
        self._copy(self.own, (TABLES, own_at), (TABLES, at))
        return {**table, **changes}

    def _copy(self, file: TomlFile, path: KeyPath, here: KeyPath) -> None:
        """Note the lines of a key and of all that stands in it."""
        for found in file.place.lines:
            if found[: len(path)] == path:
                self._note(file, found, here + found[len(path) :])

    def _note(self, file: TomlFile, path: KeyPath, here: KeyPath) -> None:
        if path in file.place.lines:
            self.lines[here] = file.place.lines[path]
            self.origins[here] = file.place.origins.get(path, file.place.file)

    def _forget(self, path: KeyPath) -> None:
        for found in [one for one in self.lines if one[: len(path)] == path]:
            del self.lines[found], self.origins[found]


def _named(tables: object) -> list[dict[str, Any]]:
    """Return tables that all have names, or none where that is not so."""
    if not isinstance(tables, list):
        return []
    named = [one for one in tables if isinstance(one, dict) and isinstance(one.get("name"), str)]
    return named if len(named) == len(tables) else []


def _texts(words: object) -> list[str]:
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []
