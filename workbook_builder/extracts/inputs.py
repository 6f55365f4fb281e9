"""Find the files to read among the paths that a person gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.toml_files import TOML, definition_files
from workbook_builder.names import distinct_names
from workbook_builder.paths import same_place
from workbook_builder.problems import Problem, ProblemKind, Result, Where
from workbook_builder.workbook_format import DECK_ENDING

ENDINGS = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".xml"})
#: Slides of last month are carried on and give no records.
_GIVEN = ENDINGS | {DECK_ENDING}

SHORTCUTS = frozenset({".lnk", ".url", ".webloc", ".desktop"})


def find_files(inputs: Sequence[Path], without: Sequence[Path] = ()) -> Result[tuple[Path, ...]]:
    """Return the files that the inputs give, in order and each once; a folder gives its files.

    TOML files hold definitions and are passed over. Files `without` which to do, by path or by name
    alone, are left out whatever is wrong with them.
    """
    files: dict[Path, Path] = {}
    faults: list[_Fault] = []
    left_out: dict[Path, Path] = {}
    for found in (found for given in inputs for found in _found(given)):
        path = found.path if isinstance(found, _Fault) else found
        if wanted := next((each for each in without if _is_same(path, each)), None):
            left_out[wanted] = path
        elif isinstance(found, _Fault):
            faults.append(found)
        else:
            files.setdefault(same_place(found), found)
    paths = (*files.values(), *(fault.path for fault in faults), *left_out.values())
    names = distinct_names(paths)
    problems = [fault.problem(names[fault.path]) for fault in faults]
    problems += [_left_out(names[left_out[each]]) if each in left_out else _not_given(each)
                 for each in without]  # fmt: skip
    return Result(tuple(files.values()), tuple(dict.fromkeys(problems)))


def _is_same(path: Path, wanted: Path) -> bool:
    """Tell whether a path is the one that is wanted, or has the name that is."""
    return same_place(path) == same_place(wanted) or Path(path.name) == wanted


def _left_out(name: str) -> Problem:
    return Problem(catalogue.WITHOUT_FILE, "the file was left out, as you asked.", Where(name))


def _not_given(wanted: Path) -> Problem:
    what = f'"{wanted}" is to be left out, and no input is called that.'
    return Problem(catalogue.NOTHING_LEFT_OUT, what, done="Nothing was written.")


@dataclass(frozen=True)
class _Fault:
    """What is wrong with a path, before it is known what tells it from others of its name."""

    kind: ProblemKind
    path: Path
    what: str
    done: str = "Left out."

    def problem(self, name: str) -> Problem:
        return Problem(self.kind, self.what, Where(name or str(self.path)), self.done)


class Reading:
    """How much of the files, by their bytes, comes before the one that is read next."""

    def __init__(self, inputs: Sequence[Path]) -> None:
        self._sizes: dict[str, int] = {}
        for path in find_files(inputs).value:
            self._sizes[path.name] = self._sizes.get(path.name, 0) + _size(path)
        self._begun: dict[str, None] = {}

    def before(self, name: str) -> float:
        """Return the share of the bytes in files begun before, and note that this one is begun."""
        done = sum(self._sizes.get(one, 0) for one in self._begun if one != name)
        self._begun[name] = None
        return done / max(sum(self._sizes.values()), 1)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _found(given: Path) -> Iterator[Path | _Fault]:
    try:
        if given.is_dir():
            yield from _in_folder(given)
        elif not (given.suffix.lower() == TOML and given.is_file()):
            yield _single(given)
    except OSError:
        yield _Fault(catalogue.CANNOT_OPEN, given, "this cannot be opened.")


def _single(given: Path) -> Path | _Fault:
    if not given.exists():
        return _Fault(catalogue.NOT_THERE, given, "the file or folder does not exist.")
    if given.suffix.lower() in SHORTCUTS:
        return _Fault(catalogue.SHORTCUT, given, "this is a shortcut, not the file itself.")
    if not given.is_file():
        return _Fault(catalogue.CANNOT_OPEN, given, "this is neither a file nor a folder.")
    if given.suffix.lower() not in _GIVEN:
        what = f'files ending in "{given.suffix}" are not read.'
        return _Fault(catalogue.WRONG_ENDING, given, what)
    return given


def _in_folder(folder: Path) -> Iterator[Path | _Fault]:
    # By name and not by path: paths are ordered in another way on Windows.
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    shown = [entry for entry in entries if not _is_hidden(entry)]
    files = [entry for entry in shown if not entry.is_dir() and entry.suffix.lower() in _GIVEN]
    definitions = definition_files(folder)
    held = {*definitions, *(file.parent for file in definitions)}
    if not files and not definitions:
        yield _Fault(
            catalogue.EMPTY_FOLDER, folder, "the folder holds no extracts.", "Nothing read."
        )
    for entry in shown:
        if entry in files:
            yield _single(entry)
        elif entry.suffix.lower() in SHORTCUTS:
            yield _Fault(catalogue.SHORTCUT, entry, "this is a shortcut, not the file itself.")
        elif entry in held:
            continue
        elif entry.is_dir():
            yield _Fault(catalogue.SUB_FOLDER, entry, "this is a folder inside a folder.")
        else:
            yield _Fault(catalogue.OTHER_FILE, entry, "this is not an extract.")


def _is_hidden(entry: Path) -> bool:
    return entry.name.startswith((".", "~$"))
