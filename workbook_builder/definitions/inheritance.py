"""Definitions that say only what differs from another: layouts that extend, tables laid over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.toml_files import KeyPath, TomlFile
from workbook_builder.problems import Problem, Result, did_you_mean

EXTENDS = "extends"
WITHOUT = "without"
TABLES = "tables"
ROWS = "rows"

#: The lists of a layout whose entries are told by their names.
_NAMED_LISTS = (TABLES, "team_sheets", "caseloads", "slides")
#: What a table may say of the rows of the table that it is laid over, by their measures.
_ADD, _REMOVE, _CHANGE, _AFTER = "add", "remove", "change", "after"
_ROW_EDITS = (_ADD, _REMOVE, _CHANGE, _AFTER)
_EDIT_KINDS = (
    (_ADD, dict, "a list of rows"),
    (_CHANGE, dict, "a list of rows"),
    (_REMOVE, str, "a list of measures"),
)
#: The end of a key whose list comes after the one that it is laid over.
_ALSO = "_also"

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


def lay_over(base: TomlFile, changes: TomlFile) -> TomlFile:
    """Return one table with the keys of another over it; both files say where their tables stand.

    `aliases_also` in the changes comes after the list `aliases` of the base, and so any list.
    """
    merge = _Merge(base, changes)
    return merge.as_file(merge.merged_table(base.content, changes.content, ()))


def _extended(
    name: str, folder: int, folders: LayoutFolders, extended_by: tuple[tuple[str, int], ...]
) -> TomlFile | Problem:
    """Return the layout of a name in a folder, laid over the one that it extends."""
    file = folders[folder][name]
    base = file.content.get(EXTENDS)
    if not isinstance(base, str) or not base:
        return file
    if (name, folder) in extended_by:
        return _problem(file, f'the layout "{name}" extends itself in a circle.', EXTENDS)
    first = folder + 1 if base == name else 0
    holding = [number for number in range(first, len(folders)) if base in folders[number]]
    if not holding:
        hint = did_you_mean(base, {known for layouts in folders for known in layouts})
        return _problem(file, f'the layout "{base}" is not known. {hint}'.strip(), EXTENDS)
    base_file = _extended(base, holding[0], folders, (*extended_by, (name, folder)))
    if isinstance(base_file, Problem):
        return base_file
    try:
        return _Merge(base_file, file).merged()
    except _CannotMerge as fault:
        return _problem(file, fault.text, *fault.keys)


def _problem(file: TomlFile, text: str, *keys: str | int) -> Problem:
    return Problem(catalogue.CANNOT_EXTEND, text, file.place.where(*keys))


@dataclass
class _CannotMerge(Exception):
    """What a layout says of rows that the extended layout does not have, and where it says so."""

    text: str
    keys: KeyPath


class _Merge:
    """One file, or one table of it, laid over another key by key; `base` is the lower one."""

    def __init__(self, base: TomlFile, changes: TomlFile) -> None:
        self.base = base
        self.changes = changes
        self.lines: dict[KeyPath, int] = {}
        self.origins: dict[KeyPath, str] = {}

    def merged(self) -> TomlFile:
        """Return both layouts as one. Raises _CannotMerge."""
        names = [str(table["name"]) for table in _named(self.base.content.get(TABLES))]
        for dropped in _texts(self.changes.content.get(WITHOUT)):
            if dropped not in names:
                text = f'the extended layout has no table "{dropped}".'
                raise _CannotMerge(f"{text} {did_you_mean(dropped, names)}".strip(), (WITHOUT,))
        content = self.merged_table(self.base.content, self.changes.content, ())
        for key in _NAMED_LISTS:
            if key in content:
                content[key] = self._merged_list(key)
        return self.as_file(content)

    def as_file(self, content: dict[str, Any]) -> TomlFile:
        """Return merged content with the places of its keys."""
        place = replace(self.changes.place, lines=self.lines, origins=self.origins)
        return TomlFile(content, place)

    def merged_table(
        self, base: Mapping[str, Any], changes: Mapping[str, Any], path: KeyPath
    ) -> dict[str, Any]:
        """Lay one TOML table over another."""
        content: dict[str, Any] = {}
        for key in dict.fromkeys([*base, *changes]):
            here = (*path, key)
            longer = key.removesuffix(_ALSO)
            if key not in changes:
                content[key] = base[key]
                self._copy_lines(self.base, here, here)
            elif isinstance(changes[key], Mapping) and isinstance(base.get(key), Mapping):
                self._copy_line(self.changes, here, here)
                content[key] = self.merged_table(base[key], changes[key], here)
            elif longer != key and isinstance(changes[key], list) and longer not in changes:
                content[longer] = self._lengthened(base.get(longer, []), changes[key], here)
            else:
                content[key] = changes[key]
                self._copy_lines(self.changes, here, here)
        return content

    def _lengthened(self, base: object, more: list[Any], path: KeyPath) -> list[Any]:
        """Return a list of the base with more entries, which stand under another key."""
        first = list(base) if isinstance(base, list) else [base]
        key = str(path[-1]).removesuffix(_ALSO)
        for number in range(len(more)):
            here = (*path[:-1], key, len(first) + number)
            self._copy_lines(self.changes, (*path, number), here)
        return first + more

    def _merged_list(self, key: str) -> object:
        """Lay a list of the changes over that of the base, entry by entry of the same name."""
        written = self.changes.content.get(key)
        base_entries, changed_entries = _named(self.base.content.get(key)), _named(written)
        if not base_entries or (written is not None and not changed_entries):
            return self.base.content.get(key) if written is None else written
        self._forget_lines((key,))
        dropped = _texts(self.changes.content.get(WITHOUT)) if key == TABLES else []
        changes = {entry["name"]: number for number, entry in enumerate(changed_entries)}
        entries: list[dict[str, Any]] = []
        for number, entry in enumerate(base_entries):
            if entry["name"] in dropped:
                continue
            here = (key, len(entries))
            self._copy_lines(self.base, (key, number), here)
            changed = changes.pop(entry["name"], None)
            if changed is None:
                entries.append(entry)
            else:
                places = ((key, number), (key, changed), here)
                entries.append(self._changed_entry(entry, changed_entries[changed], *places))
        for number in changes.values():
            self._copy_lines(self.changes, (key, number), (key, len(entries)))
            entries.append(changed_entries[number])
        return entries

    def _changed_entry(
        self,
        entry: Mapping[str, Any],
        change: Mapping[str, Any],
        base: KeyPath,
        changes: KeyPath,
        here: KeyPath,
    ) -> dict[str, Any]:
        """Lay an entry over the one of its name: its keys, and what it says of rows."""
        edits = {name: change[name] for name in _ROW_EDITS if name in change}
        if changes[0] != TABLES:
            edits = {}
        whole = {name: value for name, value in change.items() if name not in edits}
        self._copy_line(self.changes, changes, here)
        for name in whole:
            self._forget_lines((*here, name))
            self._copy_lines(self.changes, (*changes, name), (*here, name))
        if not edits:
            return {**entry, **whole}
        if ROWS in whole:
            text = f'"{ROWS}" replaces all rows, so it cannot be used with "{next(iter(edits))}".'
            raise _CannotMerge(text, (*changes, ROWS))
        rows = _edited_rows(_tables(entry.get(ROWS)), edits, changes)
        self._forget_lines((*here, ROWS))
        for number, row in enumerate(rows):
            place = (*here, ROWS, number)
            if row.added:
                self._copy_lines(self.changes, (*changes, _ADD, row.number), place)
            else:
                self._copy_lines(self.base, (*base, ROWS, row.number), place)
            if row.changed is not None:
                self._copy_lines(self.changes, (*changes, _CHANGE, row.changed), place)
        return {**entry, **whole, ROWS: [row.content for row in rows]}

    def _copy_lines(self, file: TomlFile, path: KeyPath, here: KeyPath) -> None:
        """Take over the lines of a key and of all that stands in it."""
        start = len(file.place.path)
        whole = file.place.path + path
        for inner in file.place.lines:
            if inner[: len(whole)] == whole:
                self._copy_line(file, inner[start:], here + inner[len(whole) :])

    def _copy_line(self, file: TomlFile, path: KeyPath, here: KeyPath) -> None:
        written, merged = file.place.path + path, self.changes.place.path + here
        if written in file.place.lines:
            self.lines[merged] = file.place.lines[written]
            self.origins[merged] = file.place.origins.get(written, file.place.file)

    def _forget_lines(self, path: KeyPath) -> None:
        whole = self.changes.place.path + path
        for inner in [known for known in self.lines if known[: len(whole)] == whole]:
            del self.lines[inner], self.origins[inner]


@dataclass(frozen=True)
class _Row:
    """A row: what it holds, its number where it was written, and the change that it was given."""

    content: dict[str, Any]
    number: int
    added: bool = False
    changed: int | None = None


def _edited_rows(
    rows: Sequence[dict[str, Any]], edits: Mapping[str, Any], keys: KeyPath
) -> tuple[_Row, ...]:
    """Return rows as another table wants them; `keys` are where it stands. Raises _CannotMerge."""
    for key, kind, wanted in _EDIT_KINDS:
        entries = edits.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(each, kind) for each in entries):
            raise _CannotMerge(f'"{key}" must be {wanted}.', (*keys, key))
    measures = [row.get("measure") for row in rows]
    named: list[tuple[KeyPath, object]] = [
        ((_REMOVE, number), measure) for number, measure in enumerate(edits.get(_REMOVE, []))
    ]
    named += [((_CHANGE, number), change.get("measure"))
              for number, change in enumerate(edits.get(_CHANGE, []))]  # fmt: skip
    named += [((_AFTER,), edits[_AFTER])] if _AFTER in edits else []
    for where, measure in named:
        if measure not in measures:
            text = f'the table has no row for the measure "{measure}".'
            hint = did_you_mean(str(measure), map(str, measures))
            raise _CannotMerge(f"{text} {hint}".strip(), (*keys, *where))
    changes = {change["measure"]: number for number, change in enumerate(edits.get(_CHANGE, []))}
    kept: list[_Row] = []
    position = None
    for number, row in enumerate(rows):
        changed = changes.get(row.get("measure"))
        if row.get("measure") not in edits.get(_REMOVE, []):
            content = row if changed is None else {**row, **edits[_CHANGE][changed]}
            kept.append(_Row(content, number, changed=changed))
        if row.get("measure") == edits.get(_AFTER):
            position = len(kept)
    position = len(kept) if position is None else position
    added = [_Row(row, number, added=True) for number, row in enumerate(edits.get(_ADD, []))]
    return (*kept[:position], *added, *kept[position:])


def _named(entries: object) -> list[dict[str, Any]]:
    """Return tables that all have names, or none where that is not so."""
    tables = _tables(entries)
    named = [table for table in tables if isinstance(table.get("name"), str)]
    return named if isinstance(entries, list) and len(named) == len(entries) else []


def _tables(entries: object) -> list[dict[str, Any]]:
    """Return the tables of a list; anything else is told where the layout is parsed."""
    items: Iterable[object] = entries if isinstance(entries, list) else ()
    return [entry for entry in items if isinstance(entry, dict)]


def _texts(words: object) -> list[str]:
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []
