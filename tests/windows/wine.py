"""A PC of the tests' own: a Wine prefix on a screen in memory, and programs started on it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from tests.window.desktop import Desktop, screen_in_memory

_RUN = Path(__file__).parents[2] / "build" / "wine" / "run.sh"
#: Seconds that any program may take; other work may slow this computer down.
PATIENCE = 900


@dataclass(frozen=True)
class Done:
    """A program that has ended: its exit status and all that it said."""

    status: int
    said: str


@dataclass(frozen=True)
class Computer:
    """A PC: its prefix, and the screen that shows its windows."""

    prefix: Path
    screen: Desktop

    @property
    def drive(self) -> Path:
        """Drive C."""
        return self.prefix / "drive_c"

    @property
    def user(self) -> Path:
        """The person's own folder."""
        people = [one for one in (self.drive / "users").iterdir() if one.name != "Public"]
        assert len(people) == 1
        return people[0]

    def run(
        self, program: Path | str, *arguments: str | Path, env: Mapping[str, str] | None = None
    ) -> Done:
        """Start a program and wait until it has ended."""
        done = subprocess.run(
            self._command(program, arguments), env=self._environment(env), timeout=PATIENCE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout.decode(errors="replace").replace("\r\n", "\n"))

    @contextmanager
    def running(
        self, program: Path, *arguments: str | Path, env: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start a program, and end it and all others on the PC afterwards."""
        with subprocess.Popen(
            self._command(program, arguments), env=self._environment(env),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as started:  # fmt: skip
            try:
                yield started
            finally:
                self.end_all()

    def end_all(self) -> None:
        """End every program that runs on this PC, as pulling the plug does."""
        variables = {**os.environ, "WINEPREFIX": str(self.prefix)}
        for wish in ("--kill", "--wait"):
            subprocess.run(
                ["/usr/lib/wine/wineserver", wish], env=variables, check=False, timeout=60,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def uninstall_entries(self, product: str) -> list[dict[str, str]]:
        """Return what stands of a product in the list of installed programs, for each entry."""
        found = []
        for section in self.registry().split("\n["):
            if "CurrentVersion\\\\Uninstall\\\\" in section.partition("]")[0]:
                values = dict(re.findall(r'^"(\w+)"="?(.*?)"?$', section, re.MULTILINE))
                if values.get("DisplayName") == product:
                    found.append(values)
        return found

    def registry(self) -> str:
        """Return what is in the registry, once Wine has written it down."""
        self.end_all()
        return "".join(
            (self.prefix / file).read_text(encoding="utf-8", errors="replace")
            for file in ("system.reg", "user.reg")
        )

    def files(self) -> set[Path]:
        """Return the files on drive C."""
        return {one for one in self.drive.rglob("*") if one.is_file()}

    def _command(self, program: Path | str, arguments: Sequence[str | Path]) -> list[str]:
        words = (windows_path(one) if isinstance(one, Path) else one for one in arguments)
        return [str(_RUN), str(self.prefix), str(program), *words]

    def _environment(self, more: Mapping[str, str] | None) -> dict[str, str]:
        known = {**os.environ, "DISPLAY": self.screen.name}
        known.pop("WORKBOOK_BUILDER_FOLDER", None)  # of the tests on Linux: here it is Documents
        return {**known, **(more or {})}


def windows_path(path: Path) -> str:
    """Return how Windows programs name a file of this computer: all of it is drive Z."""
    return str(PureWindowsPath("Z:/", *path.absolute().parts[1:]))


@contextmanager
def computer_like(prefix: Path, folder: Path) -> Iterator[Computer]:
    """Give a new PC that is like another, for as long as it is needed."""
    own = folder / "prefix"
    shutil.copytree(prefix, own, symlinks=True)
    with screen_in_memory("1280x800x24") as screen:
        computer = Computer(own, screen)
        try:
            yield computer
        finally:
            computer.end_all()
            shutil.rmtree(own)


def until_it_is_there(file: Path, seconds: float = 300) -> None:
    """Wait for a file to appear."""
    end = time.monotonic() + seconds
    while not file.exists():
        assert time.monotonic() < end, f"waited in vain for {file}"
        time.sleep(0.2)
