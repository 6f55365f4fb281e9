"""Folders of TOML into one set of definitions, a user's own coming before the shipped ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.council import Team, Teams, Theme
from workbook_builder.definitions.datasets import CodeList, Dataset, Parameter
from workbook_builder.definitions.inheritance import EXTENDS, whole_layouts
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.schema_errors import measure_kind, shaped
from workbook_builder.definitions.statutory_returns import Statistic, StatutoryReturn
from workbook_builder.definitions.targets import Benchmarks, Comparator, NeighbourFile, Target
from workbook_builder.definitions.toml_files import TomlFile, TomlPlace, read_toml
from workbook_builder.problems import Problem, Result, Where, did_you_mean

T = TypeVar("T")


@dataclass(frozen=True)
class Definitions:
    """Everything that TOML defines, by name, and where each definition stands."""

    codes: Mapping[str, CodeList] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    standards: Mapping[str, StatutoryReturn] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    themes: Mapping[str, Theme] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    comparators: Mapping[str, Comparator] = field(default_factory=dict)
    benchmarks: Mapping[str, Benchmarks] = field(default_factory=dict)
    neighbours: Mapping[str, NeighbourFile] = field(default_factory=dict)
    statistics: Mapping[str, Statistic] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    places: Mapping[tuple[str, str], TomlPlace] = field(default_factory=dict, repr=False)

    def parameters_in_force(self, layout: Layout | None) -> dict[str, int]:
        """Return the value of each parameter: the layout's, or its own where that gives none."""
        own = {name: parameter.value for name, parameter in self.parameters.items()}
        return own | (dict(layout.parameters) if layout else {})

    @property
    def known_teams(self) -> Teams:
        """All teams, found by any of their names."""
        return Teams(self.teams)

    def with_parts(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return measures and all that they are derived from, each once."""
        found: dict[str, None] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop(0)
            if name not in found:
                found[name] = None
                waiting += self.measures[name].parts
        return tuple(found)

    def where(self, section: str, name: str, *keys: str | int) -> Where:
        """Return where a definition, or a key inside it, stands."""
        place = self.places.get((section, name))
        return place.where(*keys) if place else Where()


class _Shelf:
    """Definitions as they are gathered from one folder; names may stand once in it."""

    def __init__(self) -> None:
        self.sections: dict[str, dict[str, Any]] = {}
        self.places: dict[tuple[str, str], TomlPlace] = {}
        self.problems: list[Problem] = []
        #: The layouts of each folder by name, those of the folder that comes first first.
        self.layouts: list[dict[str, TomlFile]] = [{}]

    def put(self, section: str, name: str, made: Result[T | None], place: TomlPlace) -> None:
        self.problems += made.problems
        if (section, name) in self.places:
            self.problems.append(_twice(name, place, self.places[section, name]))
            return
        self.places[section, name] = place
        if made.value is not None:
            self.sections.setdefault(section, {})[name] = made.value

    def over(self, below: _Shelf) -> _Shelf:
        """Return both shelves as one; where both have a name, this one's definition stands."""
        both = _Shelf()
        for shelf in (below, self):
            for section, content in shelf.sections.items():
                both.sections.setdefault(section, {}).update(content)
            both.places |= shelf.places
            both.problems += shelf.problems
        both.layouts = self.layouts + below.layouts
        return both

    def shape_layouts(self) -> None:
        """Shape the layouts, now that all that they may extend is at hand."""
        whole = whole_layouts(self.layouts)
        self.problems += whole.problems
        for name, file in whole.value.items():
            self.put("layouts", name, shaped(Layout, name, file.content, file.place), file.place)
        self.problems = list(dict.fromkeys(self.problems))

    def definitions(self) -> Definitions:
        return Definitions(places=self.places, **self.sections)


def load_definitions(
    folders: Sequence[Path], layout_file: Path | None = None
) -> Result[Definitions]:
    """Read folders of TOML; a later folder's definition replaces an earlier one of the same name.

    A folder holds codes/*.toml, datasets/*.toml, standards/*.toml, statistics/*.toml,
    measures/*.toml, parameters.toml, themes.toml, targets.toml, benchmarks.toml, teams.toml, and
    any other *.toml as a layout. Beside a single layout file its folder is read in the same way,
    but for other layouts. Faults inside single definitions are reported; what one says of another
    is checked elsewhere.
    """
    shelf = _Shelf()
    for folder in folders:
        shelf = _read_folder(folder, _layouts_in(folder)).over(shelf)
    if layout_file:
        shelf = _read_folder(layout_file.parent, _with_extended(layout_file)).over(shelf)
    shelf.shape_layouts()
    return Result(shelf.definitions(), tuple(shelf.problems))


def _with_extended(layout_file: Path) -> list[Path]:
    """Return a layout's file and those beside it that it extends."""
    files = [layout_file]
    while True:
        read = read_toml(files[-1])
        base = read.content.get(EXTENDS) if isinstance(read, TomlFile) else None
        beside = layout_file.parent / f"{base}.toml"
        known = beside in files or not beside.is_file()
        if not isinstance(base, str) or Path(base).name != base or known:
            return files
        files.append(beside)


def _layouts_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.toml") if file.name not in _NAMED)


def _read_folder(folder: Path, layouts: Iterable[Path]) -> _Shelf:
    shelf = _Shelf()
    if not folder.is_dir():
        shelf.problems.append(
            Problem(
                catalogue.NO_FOLDER, "this is not a folder that can be read.", Where(str(folder))
            )
        )
        return shelf
    for file, reader in _files(folder, layouts):
        read = read_toml(file)
        if isinstance(read, Problem):
            shelf.problems.append(read)
        else:
            reader(read, shelf)
    return shelf


_Reader = Callable[[TomlFile, _Shelf], None]


def _files(folder: Path, layouts: Iterable[Path]) -> Iterator[tuple[Path, _Reader]]:
    for name, reader in _FOLDERS.items():
        for file in sorted((folder / name).glob("*.toml")):
            yield file, reader
    for name, reader in _NAMED.items():
        if (folder / name).is_file():
            yield folder / name, reader
    for file in layouts:
        yield file, _layout


def _reader_of(section: str, kind: type) -> _Reader:
    """Return a reader of files in which each table is a definition of one kind."""

    def read(file: TomlFile, shelf: _Shelf) -> None:
        for name, table in file.content.items():
            place = file.place.within(name)
            shelf.put(section, name, shaped(kind, name, table, place), place)

    return read


def _measures(file: TomlFile, shelf: _Shelf) -> None:
    for name, table in file.content.items():
        place = file.place.within(name)
        kind = measure_kind(table, place)
        shelf.problems += kind.problems
        made = (
            shaped(kind.value, name, table, place) if kind.value else Result[Measure | None](None)
        )
        shelf.put("measures", name, made, place)


def _benchmarks(file: TomlFile, shelf: _Shelf) -> None:
    sections: dict[str, type] = {
        "comparators": Comparator,
        "benchmarks": Benchmarks,
        "neighbours": NeighbourFile,
    }
    for section, tables in file.content.items():
        place = file.place.within(section)
        if section not in sections:
            shelf.problems.append(_unknown_section(section, sections, place))
            continue
        if not isinstance(tables, Mapping):
            text = f'"{section}" must be a table.'
            shelf.problems.append(Problem(catalogue.WRONG_VALUE, text, place.where()))
            continue
        for name, table in tables.items():
            made = shaped(sections[section], name, table, place.within(name))
            shelf.put(section, name, made, place.within(name))


def _whole_file(section: str, kind: type) -> _Reader:
    """Return a reader of files of which each is one definition, named by its file."""

    def read(file: TomlFile, shelf: _Shelf) -> None:
        name = Path(file.place.file).stem
        shelf.put(section, name, shaped(kind, name, file.content, file.place), file.place)

    return read


def _layout(file: TomlFile, shelf: _Shelf) -> None:
    shelf.layouts[0][Path(file.place.file).stem] = file


#: The files of these folders, and these files, hold what is named; other files are layouts.
_FOLDERS: dict[str, _Reader] = {
    "codes": _reader_of("codes", CodeList),
    "datasets": _reader_of("datasets", Dataset),
    "standards": _whole_file("standards", StatutoryReturn),
    "statistics": _whole_file("statistics", Statistic),
    "measures": _measures,
}
_NAMED: dict[str, _Reader] = {
    "parameters.toml": _reader_of("parameters", Parameter),
    "themes.toml": _reader_of("themes", Theme),
    "targets.toml": _reader_of("targets", Target),
    "benchmarks.toml": _benchmarks,
    "teams.toml": _reader_of("teams", Team),
}


def _twice(name: str, place: TomlPlace, first: TomlPlace) -> Problem:
    also = first.where()
    text = f'"{name}" is already defined in {also.file}, line {also.line}.'
    return Problem(catalogue.DUPLICATE_NAME, text, place.where())


def _unknown_section(section: str, known: Iterable[str], place: TomlPlace) -> Problem:
    hint = did_you_mean(section, known)
    text = f'"[{section}]" is not known here. {hint}'.strip() + f" Known: {', '.join(known)}."
    return Problem(catalogue.UNKNOWN_KEY, text, place.where())
