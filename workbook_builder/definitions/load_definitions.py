"""TOML read into one set of definitions, a user's own and a council's before the shipped ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.authorities import LocalAuthority, english_authorities
from workbook_builder.definitions.council import (
    COUNCIL,
    COUNCIL_THEME,
    CouncilProfile,
    Team,
    Theme,
    authority_of,
    filled_in,
    headed,
)
from workbook_builder.definitions.datasets import CodeList, Dataset, Parameter, StatutoryReturn
from workbook_builder.definitions.inheritance import EXTENDS, TABLES, extend_layouts, lay_over
from workbook_builder.definitions.layouts import DEFAULT_THEME, Layout
from workbook_builder.definitions.library import Definitions, unknown_name
from workbook_builder.definitions.measures import parse_measure
from workbook_builder.definitions.needed import Subject, not_needed
from workbook_builder.definitions.references import check_references
from workbook_builder.definitions.targets import (
    Benchmarks,
    Comparator,
    NeighbourFile,
    Statistic,
    Target,
)
from workbook_builder.definitions.toml_files import (
    DEFINITION_FOLDERS,
    MOST_TOML_BYTES,
    TOML,
    TomlFile,
    TomlPlace,
    definition_files,
    parse_definition,
    read_toml,
)
from workbook_builder.paths import layout_folders, same_place
from workbook_builder.problems import Problem, Result, Where, did_you_mean, listed

T = TypeVar("T")

DEFAULT_LAYOUT = "board"

#: The sections whose definitions need a title, so that a table without one says what differs.
_MAY_BE_PARTIAL = frozenset({"codes", "comparators", "datasets", "measures", "parameters"})

#: The most bytes that the picture of a logo may have.
MOST_LOGO_BYTES = 2_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER = b"IHDR"


def known_definitions(
    layout: str = DEFAULT_LAYOUT, inputs: Sequence[Path] = ()
) -> Result[Definitions]:
    """Return all definitions, the user's own before the shipped ones, and every fault in them.

    `layout` is a name or a TOML file; of a file that is no layout nothing is taken. TOML files
    among the inputs, or in folders among them, are definitions too. A fault of the user's that the
    layout does not need is a warning.
    """
    file = Path(layout).absolute() if layout.endswith(".toml") else None
    fault = _not_a_layout(file) if file else None
    folders, layout_file = layout_folders(), None if fault else file
    warnings: tuple[Problem, ...] = ()
    skipped: frozenset[tuple[str, Subject]] = frozenset()
    while True:
        loaded = load_definitions(folders, layout_file, inputs, skipped)
        faults = (*loaded.problems, *check_references(loaded.value))
        left_out = not_needed(faults, loaded.value, file.stem if file else layout)
        warnings += left_out.warnings
        if left_out.definitions <= skipped:
            break
        skipped |= left_out.definitions  # what needs them in turn is at fault the next time
    places = {warning.where for warning in warnings}
    faults = tuple(each for each in faults if each.where not in places)
    problems = (*((fault,) if fault else ()), *faults, *warnings)
    return Result(loaded.value, tuple(dict.fromkeys(problems)))


def layout_named(name_or_file: str, definitions: Definitions) -> Result[Layout | None]:
    """Return the layout of this name or file, or the problem that none is known by it."""
    name = Path(name_or_file).stem
    if name in definitions.layouts:
        return Result(definitions.layouts[name])
    hint = did_you_mean(name, definitions.layouts)
    known = f"Known: {listed(definitions.layouts)}."
    text = f'the layout "{name}" is not known. {hint} {known}'
    return Result(None, (Problem(catalogue.NO_LAYOUT, text),))


def without_profile(definitions: Definitions, layout: Layout) -> tuple[Problem, ...]:
    """Return the problem that nothing says whose workbook it is, with what a profile would add."""
    if definitions.council != CouncilProfile() or layout.authority:
        return ()
    text = "there is no council.toml, so no targets, ratings, benchmarks, names of teams or rates."
    return (Problem(catalogue.NO_PROFILE, text),)


def only_parts_of(name: str, definitions: Definitions) -> Result[Definitions | None]:
    """Return the definitions with no other measures than this one and its parts, if it is known."""
    measures = definitions.measures
    if name not in measures:
        problem = unknown_name(catalogue.UNKNOWN_MEASURE, "measure", name, measures, Where())
        return Result(None, (replace(problem, advice="Correct the name."),))
    parts = {part: measures[part] for part in definitions.with_parts([name])}
    return Result(replace(definitions, measures=parts))


def read_logo(layout: Layout, definitions: Definitions) -> Result[bytes]:
    """Read the logo of a layout's theme, or else that of the council's profile.

    It is a picture beside the file that names it. Without a logo, or with one that cannot be used,
    there are no bytes.
    """
    theme = definitions.themes.get(layout.theme)
    if theme and theme.logo:
        logo, where = theme.logo, definitions.where("themes", theme.name, "logo")
    elif definitions.council.logo:
        logo, where = definitions.council.logo, definitions.where(COUNCIL, COUNCIL, "logo")
    else:
        return Result(b"")
    text = ""
    content = b""
    try:
        with (Path(where.file).parent / logo).open("rb") as file:
            content = file.read(MOST_LOGO_BYTES + 1)
    except OSError:
        text = f'the picture "{logo}" cannot be opened.'
    is_png = content.startswith(_PNG) and content[12:16] == _PNG_HEADER
    if not text and (not is_png or len(content) > MOST_LOGO_BYTES):
        most = MOST_LOGO_BYTES // 1_000_000
        text = f'"{logo}" is not a PNG picture of at most {most} MB.'
    if text:
        done = "The workbook was written without a logo."
        return Result(b"", (Problem(catalogue.NO_LOGO, text, where, done),))
    return Result(content)


def load_definitions(
    folders: Sequence[Path],
    layout_file: Path | None = None,
    inputs: Sequence[Path] = (),
    skipped: Collection[tuple[str, Subject]] = (),
) -> Result[Definitions]:
    """Read folders of TOML; a later folder's definition replaces an earlier one of the same name.

    A folder holds codes/*.toml, datasets/*.toml, standards/*.toml, statistics/*.toml,
    measures/*.toml, council.toml, parameters.toml, themes.toml, targets.toml, benchmarks.toml,
    teams.toml, and any other *.toml as a layout. What is found among the inputs comes after the
    folders. Beside a single layout file, which comes last, its folder is read in the same way, but
    for other layouts. Faults inside single definitions are reported; what one says of another is
    checked by `check_references`.
    """
    collector = _Collector(skipped)
    for folder in folders:
        _read_folder(folder, definition_files(folder), collector)
    for folder, files in _by_folder(definitions_among(inputs)).items():
        _read_folder(folder, files, collector)
    if layout_file:
        extended = _with_extended_files(layout_file)
        beside = [file for file in definition_files(layout_file.parent) if not _may_be_layout(file)]
        _read_folder(layout_file.parent, (*beside, *extended), collector)
    return collector.definitions()


def definitions_among(inputs: Sequence[Path]) -> tuple[Path, ...]:
    """Return the TOML files among the inputs, and in folders among them."""
    found: dict[Path, None] = {}
    for path in inputs:
        try:
            files = definition_files(path) if path.is_dir() else (path,) if path.is_file() else ()
        except OSError:
            continue  # whoever reads the extracts says so
        found |= {file: None for file in files if file.suffix.lower() == TOML}
    return tuple(found)


def _by_folder(files: Sequence[Path]) -> dict[Path, tuple[Path, ...]]:
    """Return files by the folder that they are read with."""
    found: dict[Path, list[Path]] = {}
    for file in files:
        parent = file.parent
        folder = parent.parent if parent.name in DEFINITION_FOLDERS else parent
        found.setdefault(same_place(folder), []).append(file)
    return {folder: tuple(files) for folder, files in found.items()}


def _not_a_layout(file: Path) -> Problem | None:
    """Return the problem that a file cannot be a layout; what a layout lacks is told elsewhere."""
    if not file.is_file():
        return Problem(catalogue.NOT_A_LAYOUT, "the file does not exist.", Where(str(file)))
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

    def __init__(self, skipped: Collection[tuple[str, Subject]] = ()) -> None:
        self._skipped = skipped
        self.problems: list[Problem] = []
        #: The layouts of each folder by name, those of the folder that was read last first.
        self.layouts: list[dict[str, TomlFile]] = []
        self.unread: dict[str, frozenset[tuple[str, str]]] = {}
        self._sections: dict[str, dict[str, Any]] = {}
        #: The TOML of definitions that another folder may lay its own over.
        self._written: dict[tuple[str, str], TomlFile] = {}
        self._places: dict[tuple[str, str], TomlPlace] = {}
        self._in_this_folder: set[tuple[str, str]] = set()

    def begin_folder(self) -> None:
        """Let the definitions that follow replace those so far."""
        self.layouts.insert(0, {})
        self._in_this_folder = set()

    def add(self, section: str, name: str, parsed: Result[T | None], place: TomlPlace) -> None:
        """Take in a definition, or what is wrong with it."""
        if self.skips(section, name, place):
            return
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

    def skips(self, section: str, name: str, place: TomlPlace) -> bool:
        """Tell whether a definition is to be passed over."""
        return (place.file, (section, name)) in self._skipped

    def laid_over(
        self, section: str, name: str, table: object, place: TomlPlace
    ) -> TomlFile | None:
        """Return a table laid over that of an earlier folder if it has no title; None for no table.

        It then says only what differs.
        """
        if not isinstance(table, Mapping):
            return None
        written = TomlFile(dict(table), place)
        base = self._written.get((section, name))
        if base and "title" not in table and (section, name) not in self._in_this_folder:
            written = lay_over(base, written)
        if section in _MAY_BE_PARTIAL and not self.skips(section, name, place):
            self._written[section, name] = written
        return written

    def definitions(self) -> Result[Definitions]:
        """Return all definitions; layouts come last, when all that they may extend is at hand."""
        council: CouncilProfile = self._sections.pop(COUNCIL, {}).get(COUNCIL, CouncilProfile())
        authority: LocalAuthority | None = None
        if council.authority:
            place = self._places[COUNCIL, COUNCIL]
            found = authority_of(council, english_authorities(), place.where)
            self.problems += found.problems
            authority = found.value
        if colours := council.colours:
            theme = Theme(name=COUNCIL_THEME, **asdict(colours))
            self._sections.setdefault("themes", {})[COUNCIL_THEME] = theme
        extended = extend_layouts(self.layouts)
        self.problems += extended.problems
        for name, file in extended.value.items():
            content = filled_in(file.content, authority)
            parsed = parse_definition(Layout, name, content, file.place)
            if parsed.value:
                ours = _of_council(parsed.value, council, authority)
                parsed = replace(parsed, value=ours)
            self.add("layouts", name, parsed, file.place)
        comparators: dict[str, Comparator] = self._sections.get("comparators", {})
        headings = {name: comparator.title for name, comparator in comparators.items()}
        for name, comparator in comparators.items():
            comparators[name] = headed(comparator, authority)
        definitions = Definitions(
            places=self._places,
            unread=self.unread,
            council=council,
            authority=authority,
            headings=headings,
            **self._sections,
        )
        return Result(definitions, tuple(dict.fromkeys(self.problems)))


def _of_council(
    layout: Layout, council: CouncilProfile, authority: LocalAuthority | None
) -> Layout:
    """Return a layout with the council's authority and colours where it says no others."""
    if authority and not layout.authority:
        layout = replace(layout, authority=authority.code or authority.name)
    if council.colours and layout.theme == DEFAULT_THEME:
        layout = replace(layout, theme=COUNCIL_THEME)
    return layout


def _read_folder(folder: Path, files: Sequence[Path], collector: _Collector) -> None:
    """Read TOML files that are of one folder, layouts or not."""
    collector.begin_folder()
    if not folder.is_dir():
        text = "this folder cannot be read."
        collector.problems.append(Problem(catalogue.NO_FOLDER, text, Where(str(folder))))
        return
    for path in files:
        file = read_toml(path)
        if isinstance(file, Problem):
            collector.problems.append(file)
            collector.unread[str(path)] = _seems_to_hold(path)
        else:
            _reader_of(path)(file, collector)


_Reader = Callable[[TomlFile, _Collector], None]


def _reader_of(path: Path) -> _Reader:
    """Return what reads a file, by its name or its folder's; any other is a layout."""
    in_folder = FOLDERS.get(path.parent.name, _read_layout)
    return NAMED_FILES.get(path.name.lower(), in_folder)


def _seems_to_hold(path: Path) -> frozenset[tuple[str, str]]:
    """Return the definitions that a file would hold if it were TOML, going by its headings."""
    if path.name.lower() in NAMED_FILES:
        section = path.stem.lower()
    else:
        section = path.parent.name if path.parent.name in FOLDERS else "layouts"
    if section in ("layouts", "standards", "statistics", COUNCIL):
        return frozenset({(section, path.stem)})
    try:
        text = path.read_bytes()[:MOST_TOML_BYTES].decode("utf-8", errors="replace")
    except OSError:
        return frozenset()
    return frozenset((section, name) for name in _HEADING.findall(text))


#: The first name of a heading: [referrals.columns], ["East 1"].
_HEADING = re.compile(r"""^[ \t]*\[+[ \t]*["']?([^\]"'.]+)""", re.MULTILINE)


def _may_be_layout(path: Path) -> bool:
    return _reader_of(path) is _read_layout


#: Return the definition that a TOML table holds: of a name, a table and its place.
_Parser = Callable[[str, object, TomlPlace], Result[Any]]


def _read_tables(section: str, parse: _Parser, file: TomlFile, collector: _Collector) -> None:
    """Read a file in which each table is a definition."""
    for name, table in file.content.items():
        _read_table(section, name, table, parse, file.place.within(name), collector)


def _read_table(
    section: str,
    name: str,
    table: object,
    parse: _Parser,
    place: TomlPlace,
    collector: _Collector,
) -> None:
    """Read one definition, laid over that of an earlier folder where it says only what differs."""
    whole = collector.laid_over(section, name, table, place)
    content, place = (whole.content, whole.place) if whole else (table, place)
    collector.add(section, name, parse(name, content, place), place)


def _read_whole(section: str, kind: type, file: TomlFile, collector: _Collector) -> None:
    """Read a file that is one definition, named by its file."""
    name = Path(file.place.file).stem
    parsed = parse_definition(kind, name, file.content, file.place)
    collector.add(section, name, parsed, file.place)


def _read_benchmarks(file: TomlFile, collector: _Collector) -> None:
    """Read benchmarks.toml, where the tables of each section are definitions of one kind."""
    sections = {**_COMPARED, "neighbours": NeighbourFile}
    _read_sections(file, file.content, sections, collector)


def _read_council(file: TomlFile, collector: _Collector) -> None:
    """Read a council's profile, which may hold its teams, targets and benchmarks as well."""
    sections = {**_COMPARED, "teams": Team, "targets": Target}
    inner = {name: table for name, table in file.content.items() if name in sections}
    profile = {name: value for name, value in file.content.items() if name not in sections}
    parsed = parse_definition(CouncilProfile, COUNCIL, profile, file.place)
    collector.add(COUNCIL, COUNCIL, parsed, file.place)
    _read_sections(file, inner, sections, collector)


def _read_sections(
    file: TomlFile,
    content: Mapping[str, object],
    sections: Mapping[str, type],
    collector: _Collector,
) -> None:
    """Read tables of tables, each of which is a definition of its section's kind."""
    for section, tables in content.items():
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
                parse = partial(parse_definition, sections[section])
                _read_table(section, name, table, parse, place.within(name), collector)


def _read_layout(file: TomlFile, collector: _Collector) -> None:
    name = Path(file.place.file).stem
    if not collector.skips("layouts", name, file.place):
        collector.layouts[0][name] = file


def _tables_of(section: str, kind: type) -> _Reader:
    return partial(_read_tables, section, partial(parse_definition, kind))


#: What the sections of figures to compare with hold, each definition a table.
_COMPARED: dict[str, type] = {"comparators": Comparator, "benchmarks": Benchmarks}

#: The files of these folders, and these files, hold what is named; other files are layouts.
FOLDERS: dict[str, _Reader] = {
    "codes": _tables_of("codes", CodeList),
    "datasets": _tables_of("datasets", Dataset),
    "standards": partial(_read_whole, "standards", StatutoryReturn),
    "statistics": partial(_read_whole, "statistics", Statistic),
    "measures": partial(_read_tables, "measures", parse_measure),
}
NAMED_FILES: dict[str, _Reader] = {
    "council.toml": _read_council,
    "parameters.toml": _tables_of("parameters", Parameter),
    "themes.toml": _tables_of("themes", Theme),
    "targets.toml": _tables_of("targets", Target),
    "benchmarks.toml": _read_benchmarks,
    "teams.toml": _tables_of("teams", Team),
}
