"""What all tests share: the sample inputs and one build of them."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from workbook_builder.request import Outcome, Request

if sys.platform != "win32":
    import fcntl

Made = TypeVar("Made")

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_INPUTS = ROOT / "sample_inputs"
#: A time stamp for workbooks that must come out the same every time.
WRITTEN = datetime(2023, 8, 3, 9, 0, 0)
#: Files and folders whose tests take longest.
LONGEST = ("test_window", "test_accessibility", "test_code", "test_program")
LONGEST_FOLDERS = ("spark",)

# No test goes by the clock: other programs may have the computer.
settings.register_profile("any pace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any pace")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest goes first, so that no process is at it alone in the end.

    The files run in this order, each in one process (`--dist=loadfile`).
    """
    items.sort(key=lambda item: item.path.parent.name not in LONGEST_FOLDERS)
    items.sort(key=lambda item: item.path.stem not in LONGEST)


@pytest.fixture(scope="session", autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for a user's own definitions, empty: what this computer has plays no part."""
    folder = tmp_path_factory.mktemp("own") / "Workbook Builder"
    os.environ["WORKBOOK_BUILDER_FOLDER"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """Return what is made in a folder, once a run of the tests: all processes share it."""
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    kept = shared / f"{name}.pickle"
    with (shared / f"{name}.lock").open("w") as lock:
        if sys.platform != "win32":  # where each process makes its own, the first is kept
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            made = make(factory.mktemp(name))
            unfinished = own / f"{name}.pickle"
            unfinished.write_bytes(pickle.dumps(made))
            unfinished.replace(kept)
        found: Made = pickle.loads(kept.read_bytes())
    return found


@pytest.fixture(scope="session")
def sample_build(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The workbook and the deck of the sample inputs, built once."""

    def built(folder: Path) -> Outcome:
        from workbook_builder.build_workbook import build  # noqa: PLC0415

        request = Request(
            inputs=(SAMPLE_INPUTS,), out=folder / "board.xlsx", written=WRITTEN, slides=folder
        )
        return build(request, lambda progress: None)

    return made_once(tmp_path_factory, "sample", built)


@pytest.fixture(scope="session")
def every_measure(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The figures of the sample inputs for a layout with every shipped measure, built once."""

    def built(folder: Path) -> Outcome:
        from workbook_builder.build_workbook import build  # noqa: PLC0415
        from workbook_builder.definitions.load_definitions import (  # noqa: PLC0415
            known_definitions,
        )

        names = known_definitions().value.measures
        rows = ", ".join(f'{{ measure = "{name}" }}' for name in names)
        layout = folder / "all.toml"
        layout.write_text(
            'title = "All"\n[[tables]]\nname = "All"\ntitle = "All"\n'
            f'columns = ["indicator", "months"]\nrows = [{rows}]\n',
            encoding="utf-8",
        )
        request = Request((SAMPLE_INPUTS,), layout=str(layout), out=folder / "all.xlsx")
        return build(request, lambda progress: None)

    return made_once(tmp_path_factory, "every_measure", built)
