"""The packaged program for Linux, built once and used as people use it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.window.desktop import screen_in_memory
from tests.window.test_window import contacts

#: A folder as councils have them: spaces, an apostrophe, a pound sign, Welsh letters.
FOLDER = "Plant a'u teuluoedd £ – Tŷ'r Ŵyl"
NAME = "Workbook Builder"
MOST_BYTES = 330_000_000
#: Seconds after which a test gives up on what never comes; nothing is held against them.
PATIENCE = 120
#: As long as a path may be on Windows with long paths switched on, and beyond what it is without.
LONG = 300


def missing() -> str:
    """Return what is missing to build the program here."""
    needed = {"objdump": "binutils", "dpkg-query": "Debian or Ubuntu"}
    if sys.platform != "linux":
        return "Linux"
    if not importlib.util.find_spec("PyInstaller"):
        return "PyInstaller"
    if not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        return "a Python with its shared library"
    return next((what for tool, what in needed.items() if not shutil.which(tool)), "")


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing()), reason=f"needs {missing()}"),
]


@pytest.fixture(scope="module")
def program(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The program's folder, in a folder with a difficult name, without leave to write in it."""
    made = tmp_path_factory.mktemp("made")
    options = ["--log-level", "ERROR", "--workpath", str(made), "--distpath", str(made / FOLDER)]
    environment = {**os.environ, "PYINSTALLER_CONFIG_DIR": str(made / "cache")}
    subprocess.run(
        [sys.executable, "-m", "PyInstaller", root / "build" / "workbook-builder.spec", *options],
        check=True, env=environment,
    )  # fmt: skip
    folder = made / FOLDER / NAME
    before = listing(folder)
    may_write(folder, allowed=False)
    yield folder
    may_write(folder, allowed=True)
    assert listing(folder) == before


def may_write(folder: Path, *, allowed: bool) -> None:
    for one in (folder, *folder.rglob("*")):
        if not one.is_symlink():
            mode = stat.S_IMODE(one.stat().st_mode)
            one.chmod(mode | stat.S_IWUSR if allowed else mode & ~0o222)


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Return all files of a folder with their sizes and times of change."""
    return {
        str(one.relative_to(folder)): (one.lstat().st_size, one.lstat().st_mtime_ns)
        for one in folder.rglob("*")
        if not one.is_dir()
    }


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose home is new."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return {**kept, "HOME": str(tmp_path / "home"), "XDG_DOCUMENTS_DIR": str(tmp_path / "docs")}


def call(
    program: Path, home: dict[str, str], *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run the console's program to its end."""
    command = [program / "workbook-builder", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=home, check=False)


def test_it_passes_its_own_test(program: Path, home: dict[str, str], tmp_path: Path) -> None:
    done = call(program, home, "self-test")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1].startswith("9 of 9 checks passed.")
    assert [line.split()[0] for line in lines[:-1]] == ["ok"] * 9
    logs = list((tmp_path / "home").rglob("*.log"))
    assert [log.read_text(encoding="utf-8").splitlines() for log in logs] == [lines[:-1]]


def test_it_carries_what_it_needs_and_no_more(program: Path, root: Path) -> None:
    files = listing(program)
    inside = {name.removeprefix("_internal/") for name in files}
    for folder in ("docs", "layouts", "sample_inputs"):
        wanted = {
            f"workbook_builder/{one.relative_to(root)}"
            for one in (root / folder).rglob("*")
            if one.is_file() and one.suffix not in {".py", ".pyc"}
            if "generator" not in one.parts
        }
        assert wanted <= inside
    assert sum(size for size, _ in files.values()) < MOST_BYTES
    unused = ("tests/", "inputs/generator", "pyarrow", "polars", "scipy/", "matplotlib", "tzdata",
              "zoneinfo.tar", "translations", "QtNetwork",
              "Qt6Network", "Qt6Qml", "_ssl", "libcrypto", "tkinter", "direct_url")  # fmt: skip
    assert not [name for name in inside for part in unused if part in name]
    assert {f"{NAME}", "workbook-builder", "LICENCES/README.txt"} <= files.keys()


def test_it_carries_the_licence_of_all_that_it_carries(program: Path) -> None:
    licences = program / "LICENCES"
    carried = json.loads((licences / "carried.json").read_text(encoding="utf-8"))
    names = {one["name"] for one in carried}
    assert {"Workbook Builder", "Python", "duckdb", "PySide6_Essentials", "pyinstaller"} <= names
    for one in carried:
        folder = licences / f"{one['name']}-{one['version']}".replace(":", "_")
        assert all(text.stat().st_size for text in folder.iterdir())
        assert list(folder.iterdir())
    assert (licences / names_folder(licences, "PySide6") / "LGPL-3.0.txt").is_file()


def names_folder(licences: Path, start: str) -> str:
    return next(one.name for one in licences.iterdir() if one.name.startswith(start))


def test_it_reads_and_writes_where_paths_are_long_and_odd(
    program: Path, home: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / FOLDER
    while len(str(folder)) < LONG:
        folder /= "Gwasanaethau plant 2023"
    folder.mkdir(parents=True)
    inputs, out = contacts(folder / "Cysylltiadau £'s.csv"), folder / "Bwrdd ŵ.xlsx"
    done = call(program, home, "build", inputs, "--out", out)
    assert done.returncode == 0, done.stderr
    assert f"Written: {out}" in done.stdout
    assert sorted(one.name for one in folder.iterdir()) == sorted([inputs.name, out.name])


def test_those_that_run_at_once_do_not_disturb_each_other(
    program: Path, home: dict[str, str], tmp_path: Path
) -> None:
    inputs, folder = contacts(tmp_path / "contacts.csv"), tmp_path / "out"
    folder.mkdir()
    running = [
        subprocess.Popen(
            [program / "workbook-builder", "build", inputs, "--out", folder / out],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**home, "SOURCE_DATE_EPOCH": "1690000000"},
        )
        for out in ("same.xlsx", "same.xlsx", "other.xlsx")
    ]  # fmt: skip
    said = [one.communicate()[1] for one in running]
    assert [one.returncode for one in running] == [0, 0, 0], said
    written = {one.name: one.read_bytes() for one in folder.iterdir()}
    assert written.keys() == {"same.xlsx", "other.xlsx"}
    assert written["same.xlsx"] == written["other.xlsx"]


def test_own_layouts_in_the_documents_are_known(
    program: Path, home: dict[str, str], tmp_path: Path
) -> None:
    own = tmp_path / "docs" / NAME / "layouts"
    own.mkdir(parents=True)
    (own / "ours.toml").write_text('extends = "board"\ntitle = "Bwrdd ŵ"\n', encoding="utf-8")
    documents = {name: text for name, text in home.items() if name != "WORKBOOK_BUILDER_FOLDER"}
    done = call(program, documents, "layouts")
    assert done.returncode == 0, done.stderr
    assert "ours: Bwrdd ŵ" in done.stdout


def test_its_window_under_a_window_manager_takes_files_helps_builds_and_closes(
    program: Path, home: dict[str, str], tmp_path: Path
) -> None:
    if not (shutil.which("Xvfb") and shutil.which("openbox")):
        pytest.skip("needs Xvfb and openbox")
    inputs = contacts(tmp_path / "contacts.csv")
    with screen_in_memory("1200x760x24") as screen, ExitStack() as running:
        key = {"DISPLAY": screen.name, "XAUTHORITY": os.environ["XAUTHORITY"]}
        surroundings = {**home, **key, "QT_QPA_PLATFORM": "xcb"}
        manager = running.enter_context(subprocess.Popen(["openbox"], env=surroundings))
        running.callback(manager.terminate)
        window = running.enter_context(
            subprocess.Popen([program / NAME], env=surroundings, stderr=subprocess.PIPE)
        )
        running.callback(window.kill)
        screen.drop(NAME, [inputs])

        def press(key: str, has_come: Callable[[], object]) -> None:
            """Press a key, and again while nothing comes of it: files may not be read yet."""
            end = time.monotonic() + PATIENCE
            while not has_come():
                assert time.monotonic() < end, f"nothing came of {key}"
                screen.keys(key)
                time.sleep(1)

        for _ in range(2):
            press("F1", lambda: screen.shown("How to use the window"))
            press("Escape", lambda: not screen.shown("How to use the window"))
        press("alt+b", lambda: list(tmp_path.rglob("*.xlsx")))
        press("alt+F4", lambda: window.poll() is not None)
        said = window.communicate()[1].decode()
    assert (window.returncode, "Traceback" in said) == (0, False), said
    assert not [log for log in tmp_path.rglob("crash.log") if log.stat().st_size]


def test_the_windows_program_shows_a_window(
    program: Path, home: dict[str, str], tmp_path: Path
) -> None:
    told = tmp_path / "painted"
    own = {"QT_QPA_PLATFORM": "offscreen", "WORKBOOK_BUILDER_FIRST_PAINT": str(told)}
    began = time.time()
    window = subprocess.Popen([program / NAME], env={**home, **own}, stderr=subprocess.DEVNULL)
    try:
        while not (told.exists() and told.read_text(encoding="utf-8")):
            assert window.poll() is None
            assert time.time() < began + PATIENCE
            time.sleep(0.01)
    finally:
        window.terminate()
        window.wait()
    painted, _ = map(float, told.read_text(encoding="utf-8").split())
    assert painted > began
