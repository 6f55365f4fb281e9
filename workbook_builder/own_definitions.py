"""A person's own definitions: where they are, a profile put there, shipped files copied there."""

from __future__ import annotations

from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.atomic_write import replace_file
from workbook_builder.definitions.authorities import LocalAuthority, english_authorities
from workbook_builder.definitions.toml_files import DEFINITION_FOLDERS, TOML
from workbook_builder.paths import LAYOUTS, own_folder, shipped, user_layout_folders
from workbook_builder.problems import Problem, Result, Where, did_you_mean, listed

PROFILE = "council.toml"


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


def _written(path: Path, text: str) -> Result[Path | None]:
    """Write a text file, its folders too."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        return Result(None, (Problem(catalogue.CANNOT_WRITE, f"{fault}.", Where(str(path))),))
    if problem := replace_file(path, text.encode()):
        return Result(None, (problem,))
    return Result(path)
