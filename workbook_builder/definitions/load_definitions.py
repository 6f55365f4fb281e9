"""Folders of TOML read into one set of definitions, a user's own before the shipped ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.council import Team, Theme
from workbook_builder.definitions.datasets import CodeList, Dataset, Parameter, StatutoryReturn
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions, unknown_name
from workbook_builder.definitions.measures import parse_measure
from workbook_builder.definitions.references import check_references
from workbook_builder.definitions.targets import (
    Benchmarks,
    Comparator,
    NeighbourFile,
    Statistic,
    Target,
)
from workbook_builder.definitions.toml_files import (
    KeyPath,
    TomlFile,
    TomlPlace,
    parse_definition,
    read_toml,
)
from workbook_builder.paths import layout_folders
from workbook_builder.problems import Problem, Result, Where, did_you_mean, listed

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


T = TypeVar("T")

DEFAULT_LAYOUT = "board"

#: The most bytes that the picture of a logo may have.
MOST_LOGO_BYTES = 2_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER = b"IHDR"


def known_definitions(layout: str = DEFAULT_LAYOUT) -> Result[Definitions]:
    """Return all definitions, the user's own before the shipped ones, and every fault in them.

    `layout` is a name or a TOML file; of a file that is no layout nothing is taken.
    """
    file = Path(layout).absolute() if layout.endswith(".toml") else None
    fault = _not_a_layout(file) if file else None
    loaded = load_definitions(layout_folders(), None if fault else file)
    faults = (*((fault,) if fault else ()), *loaded.problems, *check_references(loaded.value))
    return Result(loaded.value, faults)


def layout_named(name_or_file: str, definitions: Definitions) -> Result[Layout | None]:
    """Return the layout of this name or file, or the problem that none is known by it."""
    name = Path(name_or_file).stem
    if name in definitions.layouts:
        return Result(definitions.layouts[name])
    hint = did_you_mean(name, definitions.layouts)
    known = f"Known: {listed(definitions.layouts)}."
    text = f'the layout "{name}" is not known. {hint} {known}'
    return Result(None, (Problem(catalogue.NO_LAYOUT, text),))


def only_parts_of(name: str, definitions: Definitions) -> Result[Definitions | None]:
    """Return the definitions with no other measures than this one and its parts, if it is known."""
    measures = definitions.measures
    if name not in measures:
        problem = unknown_name(catalogue.UNKNOWN_MEASURE, "measure", name, measures, Where())
        return Result(None, (replace(problem, advice="Correct the name."),))
    parts = {part: measures[part] for part in definitions.with_parts([name])}
    return Result(replace(definitions, measures=parts))


def read_logo(layout: Layout, definitions: Definitions) -> Result[bytes]:
    """Read the logo of a layout's theme, a PNG picture beside the file that defines the theme.

    Without a logo, or with one that cannot be used, there are no bytes.
    """
    theme = definitions.themes.get(layout.theme)
    if theme is None or not theme.logo:
        return Result(b"")
    where = definitions.where("themes", theme.name, "logo")
    text = ""
    content = b""
    try:
        with (Path(where.file).parent / theme.logo).open("rb") as file:
            content = file.read(MOST_LOGO_BYTES + 1)
    except OSError:
        text = f'the picture "{theme.logo}" cannot be opened.'
    is_png = content.startswith(_PNG) and content[12:16] == _PNG_HEADER
    if not text and (not is_png or len(content) > MOST_LOGO_BYTES):
        text = f'"{theme.logo}" is no PNG picture of at most {MOST_LOGO_BYTES // 1_000_000} MB.'
    if text:
        done = "The workbook was written without a logo."
        return Result(b"", (Problem(catalogue.NO_LOGO, text, where, done),))
    return Result(content)


def load_definitions(
    folders: Sequence[Path], layout_file: Path | None = None
) -> Result[Definitions]:
    """Read folders of TOML; a later folder's definition replaces an earlier one of the same name.

    A folder holds codes/*.toml, datasets/*.toml, standards/*.toml, statistics/*.toml,
    measures/*.toml, parameters.toml, themes.toml, targets.toml, benchmarks.toml, teams.toml, and
    any other *.toml as a layout. Beside a single layout file its folder is read in the same way,
    but for other layouts. Faults inside single definitions are reported; what one says of another
    is checked by `check_references`.
    """
    collector = _Collector()
    for folder in folders:
        layouts = sorted(file for file in folder.glob("*.toml") if file.name not in _NAMED_FILES)
        _read_folder(folder, layouts, collector)
    if layout_file:
        _read_folder(layout_file.parent, _with_extended_files(layout_file), collector)
    return collector.definitions()


def _not_a_layout(file: Path) -> Problem | None:
    """Return the problem that a file cannot be a layout; what a layout lacks is told elsewhere."""
    if not file.is_file():
        return Problem(catalogue.NOT_A_LAYOUT, "there is no such file.", Where(str(file)))
    toml = read_toml(file)
    if isinstance(toml, Problem) or {TABLES, EXTENDS} & toml.content.keys():
        return None
    text = "the file has no tables of a workbook."
    return Problem(catalogue.NOT_A_LAYOUT, text, Where(str(file)))


def _with_extended_files(layout_file: Path) -> list[Path]:
    """Return a layout's file and those beside it that it extends."""
    files = [layout_file]
    while True:
        toml = read_toml(files[-1])
        base = toml.content.get(EXTENDS) if isinstance(toml, TomlFile) else None
        beside = layout_file.parent / f"{base}.toml"
        at_the_end = beside in files or not beside.is_file()
        if not isinstance(base, str) or Path(base).name != base or at_the_end:
            return files
        files.append(beside)


class _Collector:
    """Definitions as they are gathered folder by folder; in one folder a name may stand once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        #: The layouts of each folder by name, those of the folder that was read last first.
        self.layouts: list[dict[str, TomlFile]] = []
        self._sections: dict[str, dict[str, Any]] = {}
        self._places: dict[tuple[str, str], TomlPlace] = {}
        self._in_this_folder: set[tuple[str, str]] = set()

    def begin_folder(self) -> None:
        """Let the definitions that follow replace those so far."""
        self.layouts.insert(0, {})
        self._in_this_folder = set()

    def add(self, section: str, name: str, parsed: Result[T | None], place: TomlPlace) -> None:
        """Take in a definition, or what is wrong with it."""
        self.problems += parsed.problems
        if (section, name) in self._in_this_folder:
            first = self._places[section, name].where()
            text = f'"{name}" is already defined in {first.file}, line {first.line}.'
            self.problems.append(Problem(catalogue.DUPLICATE_NAME, text, place.where()))
            return
        self._in_this_folder.add((section, name))
        self._places[section, name] = place
        if parsed.value is not None:
            self._sections.setdefault(section, {})[name] = parsed.value

    def definitions(self) -> Result[Definitions]:
        """Return all definitions; layouts come last, when all that they may extend is at hand."""
        extended = extend_layouts(self.layouts)
        self.problems += extended.problems
        for name, file in extended.value.items():
            parsed = parse_definition(Layout, name, file.content, file.place)
            self.add("layouts", name, parsed, file.place)
        definitions = Definitions(places=self._places, **self._sections)
        return Result(definitions, tuple(dict.fromkeys(self.problems)))


def _read_folder(folder: Path, layouts: Sequence[Path], collector: _Collector) -> None:
    collector.begin_folder()
    if not folder.is_dir():
        text = "this is not a folder that can be read."
        collector.problems.append(Problem(catalogue.NO_FOLDER, text, Where(str(folder))))
        return
    for path, reader in _files(folder, layouts):
        file = read_toml(path)
        if isinstance(file, Problem):
            collector.problems.append(file)
        else:
            reader(file, collector)


_Reader = Callable[[TomlFile, _Collector], None]


def _files(folder: Path, layouts: Sequence[Path]) -> Iterator[tuple[Path, _Reader]]:
    """Yield the files of a folder, each with what reads it."""
    for name, reader in _FOLDERS.items():
        for file in sorted((folder / name).glob("*.toml")):
            yield file, reader
    for name, reader in _NAMED_FILES.items():
        if (folder / name).is_file():
            yield folder / name, reader
    for file in layouts:
        yield file, _read_layout


#: Return the definition that a TOML table holds: of a name, a table and its place.
_Parser = Callable[[str, object, TomlPlace], Result[Any]]


def _read_tables(section: str, parse: _Parser, file: TomlFile, collector: _Collector) -> None:
    """Read a file in which each table is a definition."""
    for name, table in file.content.items():
        place = file.place.within(name)
        collector.add(section, name, parse(name, table, place), place)


def _read_whole(section: str, kind: type, file: TomlFile, collector: _Collector) -> None:
    """Read a file that is one definition, named by its file."""
    name = Path(file.place.file).stem
    parsed = parse_definition(kind, name, file.content, file.place)
    collector.add(section, name, parsed, file.place)


def _read_benchmarks(file: TomlFile, collector: _Collector) -> None:
    """Read benchmarks.toml, where the tables of each section are definitions of one kind."""
    sections: dict[str, type] = {
        "comparators": Comparator,
        "benchmarks": Benchmarks,
        "neighbours": NeighbourFile,
    }
    for section, tables in file.content.items():
        place = file.place.within(section)
        if section not in sections:
            text = f'"[{section}]" is not known here. {did_you_mean(section, sections)}'.strip()
            text += f" Known: {', '.join(sections)}."
            collector.problems.append(Problem(catalogue.UNKNOWN_KEY, text, place.where()))
        elif not isinstance(tables, Mapping):
            text = f'"{section}" must be a table.'
            collector.problems.append(Problem(catalogue.WRONG_VALUE, text, place.where()))
        else:
            for name, table in tables.items():
                here = place.within(name)
                parsed = parse_definition(sections[section], name, table, here)
                collector.add(section, name, parsed, here)


def _read_layout(file: TomlFile, collector: _Collector) -> None:
    collector.layouts[0][Path(file.place.file).stem] = file


def _tables_of(section: str, kind: type) -> _Reader:
    return partial(_read_tables, section, partial(parse_definition, kind))


#: The files of these folders, and these files, hold what is named; other files are layouts.
_FOLDERS: dict[str, _Reader] = {
    "codes": _tables_of("codes", CodeList),
    "datasets": _tables_of("datasets", Dataset),
    "standards": partial(_read_whole, "standards", StatutoryReturn),
    "statistics": partial(_read_whole, "statistics", Statistic),
    "measures": partial(_read_tables, "measures", parse_measure),
}
_NAMED_FILES: dict[str, _Reader] = {
    "parameters.toml": _tables_of("parameters", Parameter),
    "themes.toml": _tables_of("themes", Theme),
    "targets.toml": _tables_of("targets", Target),
    "benchmarks.toml": _read_benchmarks,
    "teams.toml": _tables_of("teams", Team),
}
