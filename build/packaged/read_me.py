"""The read-me beside the programs, for whoever unpacks them: where everything of theirs goes."""

from __future__ import annotations

from pathlib import Path

from packaged.identity import PRODUCT, stated_in

NAME = "READ ME.txt"
_BUILD = Path(__file__).resolve().parents[1]


def write_read_me(program: Path) -> None:
    """Write the read-me into a program's folder: of Windows' or of Linux' programs."""
    on_windows = (program / f"{PRODUCT}.exe").is_file()
    text = (_BUILD / "read_me" / f"{'windows' if on_windows else 'linux'}.txt").read_text("utf-8")
    said = {"version": stated_in(_BUILD.parent / "pyproject.toml").version, "needs": _needs()}
    for name, words in said.items():
        text = text.replace(f"{{{name}}}", words)
    end = "\r\n" if on_windows else "\n"
    (program / NAME).write_text(text, encoding="utf-8", newline=end)


def _needs() -> str:
    """Return the packages of Debian's that the Linux program needs where it runs."""
    lines = (_BUILD / "system_needs" / "run.txt").read_text("utf-8").splitlines()
    return " ".join(line.split()[0] for line in lines if not line.startswith("#"))
