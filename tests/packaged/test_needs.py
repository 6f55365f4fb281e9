"""What builds need of the system, said before they begin; what is not fit to ship."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LISTS = ("linux", "windows", "run")


def said(root: Path, *words: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"PATH": path} if path else {})}
    return subprocess.run(
        [shutil.which("bash") or "bash", root / "build" / "system_needs.sh", *words],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_every_line_names_a_package_and_a_way_to_look(root: Path, name: str) -> None:
    text = (root / "build" / "system_needs" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    assert lines
    ways = re.findall(r"^    (\w+)\)", (root / "build" / "system_needs.sh").read_text(), re.M)
    assert all(words[1] in ways for words in lines)
    done = said(root, "--all", name)
    assert done.returncode == 0, done.stderr
    packages = done.stdout.split()
    assert len(packages) == len(lines)
    assert all(re.fullmatch(r"[a-z0-9.+-]+", one) for one in packages), packages


def test_what_is_missing_is_one_line_for_apt(root: Path, tmp_path: Path) -> None:
    """A computer with nothing but a shell and a few of its tools."""
    for tool in ("bash", "dirname", "sed", "find", "grep"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    (tmp_path / "python3").symlink_to(sys.executable)
    done = said(root, "linux", path=str(tmp_path))
    assert done.returncode == 1
    first, line = done.stderr.splitlines()
    assert first.startswith("Missing.")
    missing = line.removeprefix("apt-get install --no-install-recommends ").split()
    assert {"git", "binutils"} <= set(missing)
    assert "python3" not in missing and "ca-certificates" not in missing
    assert said(root, "--missing", "linux", path=str(tmp_path)).stdout.split() == missing


def test_both_builds_look_before_they_begin_and_test_before_they_pack(root: Path) -> None:
    for name in ("linux", "windows"):
        text = (root / "build" / f"{name}.sh").read_text(encoding="utf-8")
        order = [text.index(words) for words in
                 (f'system_needs.sh{chr(34) if name == "windows" else ""} {name}\n',
                  "-m PyInstaller", "fit_to_ship.py\" ", "self-test\n", "/finish.py")]  # fmt: skip
        assert order == sorted(order), name


def test_a_program_that_lacks_a_library_is_not_fit_to_ship(root: Path, tmp_path: Path) -> None:
    if sys.platform != "linux" or not shutil.which("objdump"):
        pytest.skip("needs Linux and objdump (binutils)")
    look = [sys.executable, str(root / "build" / "linux" / "fit_to_ship.py"), str(tmp_path)]
    libraries = sorted(Path(sys.executable).resolve().parent.parent.rglob("_ctypes*.so"))
    shutil.copy(libraries[0], tmp_path)
    done = subprocess.run(look, capture_output=True, text=True, check=False)
    asked = re.findall(r"^_ctypes\S+: asks for (libffi\.so\.\d+), which is not inside$",
                       done.stdout, re.M)  # fmt: skip
    assert done.returncode == 1 and asked, done.stdout
    (tmp_path / asked[0]).touch()
    done = subprocess.run(look, capture_output=True, text=True, check=False)
    assert "libffi" not in done.stdout


def test_a_window_without_fonts_says_so_by_a_picture(tmp_path: Path) -> None:
    """As on a computer where nobody has installed any: fontconfig finds none."""
    if sys.platform != "linux":
        pytest.skip("needs Linux, where a desktop may have no fonts")
    empty = tmp_path / "fonts.conf"
    empty.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path}/none</dir>'
                     f"<cachedir>{tmp_path}/cache</cachedir></fontconfig>")  # fmt: skip
    program = """
import sys
from pathlib import Path
from workbook_builder.self_test import checks
from workbook_builder.window.qt import main_window
from workbook_builder.window.qt.main_window import Window, application_of, has_fonts
from workbook_builder.window.worker import WorkerProcess
application_of("-platform", "offscreen")
main_window.describe_off_screen = lambda file, settings: "read"
try:
    checks._check_window(Path(sys.argv[1]))
except checks.CheckFailed as failure:
    print(failure)
window = Window(WorkerProcess(), Path(sys.argv[1]) / "s.json")
picture = window.menuWidget()
print(picture.accessibleName(), picture.pixmap().width() > 300, has_fonts())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=False,
        env={**os.environ, "FONTCONFIG_FILE": str(empty)},
    )  # fmt: skip
    failure, shown = done.stdout.splitlines()
    assert failure.startswith("there are no fonts") and "fonts-dejavu-core" in failure
    assert shown == "No fonts True False"
