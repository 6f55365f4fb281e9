"""A person's own definitions: where they are, a profile put there, shipped files copied there."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.atomic_write import replace_file
from workbook_builder.definitions.authorities import LocalAuthority, english_authorities
from workbook_builder.definitions.toml_files import DEFINITION_FOLDERS, TOML
from workbook_builder.paths import LAYOUTS, SAMPLE, own_folder, shipped, user_layout_folders
from workbook_builder.problems import Problem, Result, Where, did_you_mean, listed

PROFILE = "council.toml"
_SAMPLE_COPY = "Sample data"
#: The checksums of what came, in a packaged program's folder.
_SUMS = "SHA256SUMS"
_KEPT, _KEPT_NOTE = "kept", "READ ME - kept.txt"
_KEPT_WORDS = (
    "These definitions had been changed inside the program's own folder. Before the program was "
    "updated or removed\nthey were copied here, where they are still used (except those in "
    '"kept"). Delete one to go back to the supplied definition.\n\n'
)


def folders_in_force() -> tuple[tuple[Path, str], ...]:
    """Return the folders of definitions with what each is; a later one goes before an earlier."""
    own = (
        (folder, "yours" if folder.is_dir() else "yours, not created yet")
        for folder in user_layout_folders()
    )
    return ((shipped(LAYOUTS), "supplied with the program"), *own)


def own_profile() -> Path:
    """Return where a person's own profile is, or would be."""
    return own_folder() / PROFILE


def write_profile(
    authority: str, folder: Path | None = None, *, replace: bool = False
) -> Result[Path | None]:
    """Write the profile of an authority, named or by a code, and return its path.

    It goes into a person's own folder unless another is named. One that is there already is left
    alone unless it may be replaced. None, with the problem, if nothing was written.
    """
    path = (folder or own_folder()) / PROFILE
    known = english_authorities()
    found = known.find(authority)
    if found is None:
        near = " or ".join(f'"{name}"' for name in known.near(authority))
        hint = f" Did you mean {near}?" if near else ""
        text = f'"{authority}" is not an English local authority with children\'s services.{hint}'
        return Result(None, (Problem(catalogue.NO_SUCH_AUTHORITY, text),))
    if text := known.ending(found):
        return Result(None, (Problem(catalogue.NO_SUCH_AUTHORITY, text),))
    if path.exists() and not replace:
        text = "there is a profile already."
        return Result(None, (Problem(catalogue.THERE_ALREADY, text, Where(str(path))),))
    return _written(path, profile_text(found))


def choose_authority(authority: str) -> Result[Path | None]:
    """Write whose workbooks these are into a person's own profile, and return its path.

    A profile that is there keeps everything else, its comments too. None, with the problem, if
    nothing was written.
    """
    path = own_profile()
    if not path.exists():
        return write_profile(authority)
    found = english_authorities().find(authority)
    if found is None or found.until:
        return write_profile(authority, replace=False)  # which says what is wrong with it
    try:
        profile = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, TOMLKitError) as fault:
        return Result(None, (Problem(catalogue.NOT_TOML, f"{fault}.", Where(str(path))),))
    profile["authority"] = found.name
    return _written(path, tomlkit.dumps(profile))


def profile_text(authority: LocalAuthority) -> str:
    """Return the TOML of a new profile, with what is known of the authority as comments."""
    known = english_authorities()
    vintage = max(authority.neighbours, default="")
    names = known.named(authority.neighbours.get(vintage, ("...", "...")))
    neighbours = ", ".join(f'"{name}"' for name in names)
    said = f"the DfE's statistical neighbours of {vintage}" if vintage else "no neighbours"
    codes = ", ".join((authority.code, *authority.ons_codes[:1]))
    lines = [
        f"# The profile of {authority.name} ({codes}, {authority.region}). The reference explains",
        "# every key. To use a line below, delete its #.",
        "",
        f'authority = "{authority.name}"',
        "",
        f"# It is compared with {said}. For others, name them:",
        f"# neighbours = [{neighbours}]",
        "",
        '# marking   = "OFFICIAL-SENSITIVE"',
        '# logo      = "logo.png"',
        "# worklists = false",
        "",
        "# [colours]",
        '# main = "#12436D"',
        "",
        "# Targets by financial year, in the measure's own unit; percentages as shares of one.",
        "# [targets.re_referrals]",
        '# years = { "2026-27" = 0.2 }',
        "",
        "# Other names of a team in the extracts, and what it belongs to.",
        '# [teams."East 1"]',
        '# aliases  = ["E1"]',
        '# locality = "East"',
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def copy_shipped(name: str) -> Result[Path | None]:
    """Copy a file that comes with the program into a person's own folder, to be changed there.

    `name` is that of a layout ("board") or of any other file, with its folder where two have the
    name ("datasets/care"). None, with the problem, if nothing was copied.
    """
    folder = shipped(LAYOUTS)
    folders = (folder, *(folder / each for each in DEFINITION_FOLDERS))
    files = {
        file.relative_to(folder).with_suffix("").as_posix(): file
        for each in folders
        for file in sorted(each.glob(f"*{TOML}"))
    }
    wanted = name.replace("\\", "/").removesuffix(TOML)
    meant = [key for key in files if key == wanted] or [
        key for key in files if key.rpartition("/")[2] == wanted
    ]
    if len(meant) != 1:
        text = f'no supplied file is called "{name}".'
        if meant:
            text = f'several files are called "{name}": {listed(meant)}.'
        text = f"{text} {did_you_mean(wanted, files)}".strip()
        return Result(None, (Problem(catalogue.NO_SUCH_FILE, text),))
    source = files[meant[0]]
    path = own_folder() / LAYOUTS / source.relative_to(folder)
    if path.exists():
        text = "you have a copy already."
        return Result(None, (Problem(catalogue.THERE_ALREADY, text, Where(str(path))),))
    return _written(path, source.read_text(encoding="utf-8"))


def copy_sample() -> Result[Path | None]:
    """Copy the sample extracts and their definitions into a person's own folder, to be changed.

    A copy that is there already stays as it is. None, with the problem, if there is none.
    """
    folder = own_folder() / _SAMPLE_COPY
    if folder.is_dir():
        return Result(folder)
    unfinished = folder.with_name(f"{_SAMPLE_COPY} (unfinished)")
    try:
        unfinished.mkdir(parents=True, exist_ok=True)
        for file in shipped(SAMPLE).iterdir():
            if file.is_file():  # the generator is not the user's
                shutil.copyfile(file, unfinished / file.name)
        unfinished.rename(folder)
    except OSError as fault:
        what = f"the sample data could not be copied ({fault.strerror or fault})."
        return Result(None, (Problem(catalogue.CANNOT_WRITE, what, Where(str(folder))),))
    return Result(folder)


def keep_edited(folder: Path | None = None) -> Result[tuple[Path, ...]]:
    """Copy shipped definitions that were changed inside the program to where one's own go.

    An update or a removal asks for it before it takes the program's files away. What was changed is
    told by the checksums that a packaged program carries. The copies stay in force, in "layouts" of
    the person's own folder or in another folder that is named; where one's own file has the name
    already it is left alone, and the copy goes into "kept". A note says what came and why. Returns
    the copies, with a problem for each that could not be made.
    """
    into = folder or own_folder() / LAYOUTS
    program = Path(sys.executable).parent
    copies, problems = [], list[Problem]()
    for inside, file in _edited(program, shipped(LAYOUTS)):
        content = file.read_bytes()
        path = into / inside
        if path.exists() and path.read_bytes() != content:
            path = into / _KEPT / inside
        if path.exists() and path.read_bytes() == content:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            problems.append(_no_folder(path, fault))
            continue
        if problem := replace_file(path, content):
            problems.append(problem)
        else:
            copies.append(path)
    if copies:
        named = "".join(f"    {path.relative_to(into)}\n" for path in copies)
        note = into / _KEPT_NOTE
        before = note.read_bytes() if note.exists() else b""
        if problem := replace_file(note, before + f"{_KEPT_WORDS}{named}\n".encode()):
            problems.append(problem)
    return Result(tuple(copies), tuple(problems))


def _edited(program: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the files in a program's folder that are not as they came, each with its path in it."""
    try:
        lines = (program / _SUMS).read_text(encoding="utf-8").splitlines()
    except OSError:  # not a packaged program
        return
    for line in lines:
        digest, _, name = line.partition("  ")
        file = program / name
        if not file.is_relative_to(folder) or not file.is_file():
            continue
        if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            yield file.relative_to(folder), file


def _written(path: Path, text: str) -> Result[Path | None]:
    """Write a text file, its folders too."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        return Result(None, (_no_folder(path, fault),))
    if problem := replace_file(path, text.encode()):
        return Result(None, (problem,))
    return Result(path)


def _no_folder(path: Path, fault: OSError) -> Problem:
    what = f"its folder could not be made ({fault.strerror or fault})."
    return Problem(catalogue.CANNOT_WRITE, what, Where(str(path)))
