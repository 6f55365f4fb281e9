"""Nothing of a child's record leaves: not into the workbook, not into a message, not into a log."""

from __future__ import annotations

import csv
import io
import re
import socket
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_INPUTS, WRITTEN
from workbook_builder.build_workbook import build
from workbook_builder.cli.commands import run_command
from workbook_builder.crash_log import write_crash_log
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.measures.record_lists import listed_measures
from workbook_builder.request import Request

MARK = "Qwxzv"
#: A day of birth that nothing else in a workbook can be; written in every way one may be written.
BIRTH = ("2009-11-23", "23/11/2009", "23-Nov-09", "23 November 2009", "40140")
#: What people write for the workbook may stand in it, as may team names and names of measures.
COMMENTARY = "commentarycommentary"
#: What a worker is qualified for stands on the caseload sheets.
SHOWN = "qualifying_status"
ROWS = 12


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load_definitions([Path(__file__).parents[1] / "layouts"]).value


def cell(dataset: Dataset, name: str, column: Column, row: int) -> str:
    if name in ("team", dataset.team):
        return f"Team {row % 3}"
    if name == "measure":
        return "contacts"
    if name == SHOWN:
        return "Newly qualified"
    if name == "date_of_birth":
        return BIRTH[1]
    if column.type == "date":
        return f"{row + 1:02}/07/2023"
    plain = {"month": "2023-07", "integer": "3", "number": "3.5", "flag": "Y"}
    return plain.get(column.type) or f"{MARK}{dataset.name}{name}{row % 6}"


def bad_cell(dataset: Dataset, name: str, column: Column, row: int) -> str:
    """A cell that does not convert, so that the messages about it could give it away."""
    if row % 2 and name not in ("measure", SHOWN, "team", dataset.team):
        return f"{MARK}{dataset.name}{name}{row % 6}"
    return cell(dataset, name, column, row)


def written(dataset: Dataset, *, good: bool) -> str:
    held = io.StringIO()
    extract = csv.writer(held, lineterminator="\n")
    columns = dataset.columns.items()
    extract.writerow([*(each.aliases[0] if each.aliases else name for name, each in columns),
                      "Surname", "Postcode", "Case note"])  # fmt: skip
    make = cell if good else bad_cell
    for row in range(ROWS):
        own = [make(dataset, name, column, row) for name, column in columns]
        extract.writerow([*own, f"{MARK}Surname", f"{MARK}1 1AA", f"{MARK}, a note"])
    return held.getvalue()


def canaries(folder: Path, definitions: Definitions, *, good: bool) -> list[Path]:
    files = []
    for dataset in definitions.datasets.values():
        file = folder / f"{dataset.name}.csv"
        file.write_text(written(dataset, good=good), encoding="utf-8")
        files.append(file)
    return files


def leaks(text: str) -> list[str]:
    found = re.findall(rf"(?i){MARK}\w*", text)
    return [one for one in found if COMMENTARY not in one] + [
        one for one in BIRTH[:4] if one in text
    ]


def unpacked(workbook: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(workbook) as archive:
        for name in archive.namelist():
            yield name, archive.read(name).decode("utf-8", errors="replace")


#: What the council's profile says of lists of children.
PROFILES = {"off": "", "on": 'worklists = true\nmarking = "OFFICIAL-SENSITIVE"\n'}


@pytest.mark.parametrize(
    ("good", "worklists"),
    [(True, "off"), (False, "on")],
    ids=["good cells", "bad cells, worklists allowed"],
)
@pytest.mark.parametrize("layout", ["board", pytest.param("scorecard", marks=pytest.mark.slow)])
def test_no_value_of_a_record_is_in_the_workbook_or_a_message(
    tmp_path: Path,
    definitions: Definitions,
    layout: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    worklists: str,
    *,
    good: bool,
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "council.toml").write_text(PROFILES[worklists], encoding="utf-8")
    files = [*canaries(inputs, definitions, good=good), inputs / "council.toml"]
    # Something must be counted for a workbook to be written.
    more = sorted(SAMPLE_INPUTS.glob("*.csv"))
    out = tmp_path / "out" / "board.xlsx"
    out.parent.mkdir()
    wishes = ["--layout", layout, "--month", "2023-07"]
    assert run_command(["check", *map(str, files), *wishes]) in (0, 2)
    said = capfd.readouterr()
    assert not leaks(said.out + said.err)
    wishes += ["--out", str(out), "--verbose"]
    status = run_command(["build", *map(str, (*files, *more)), *wishes])
    said = capfd.readouterr()
    assert not leaks(said.out + said.err)
    assert status == 0, said.err
    for name, text in unpacked(out):
        assert not leaks(text), name
    assert sorted(out.parent.iterdir()) == [out]
    assert not list(temporary.rglob("*"))


@pytest.mark.parametrize(
    "good", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["good cells", "bad cells"]
)
def test_a_worklist_shows_the_columns_that_it_may_and_leaves_nothing_else_behind(
    tmp_path: Path,
    definitions: Definitions,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    good: bool,
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "council.toml").write_text(PROFILES["on"], encoding="utf-8")
    canaries(inputs, definitions, good=good)
    out = tmp_path / "out"
    out.mkdir()
    counted = [name for name in definitions.measures if listed_measures(name, definitions)]
    arguments = [*counted, str(inputs), "--month", "2023-07", "--covers", "2020-07-01..2023-07-31"]
    status = run_command(["worklist", *arguments, "--data-quality", "--out", str(out)])
    said = capfd.readouterr()
    assert status == 0, said.err
    assert not leaks(said.out + said.err)
    (workbook,) = out.iterdir()
    assert "OFFICIAL-SENSITIVE" in workbook.name
    allowed = {
        f"{MARK}{name}{column}".casefold()
        for name, dataset in definitions.datasets.items()
        for column in dataset.worklist
    }
    shown = {
        leak.casefold().rstrip("012345") for _, text in unpacked(workbook) for leak in leaks(text)
    }
    assert len(shown) > 5
    assert shown <= allowed
    assert not list(temporary.rglob("*"))


def test_no_dataset_lets_a_list_show_names_or_days_of_birth(definitions: Definitions) -> None:
    shown = {
        (name, column)
        for name, dataset in definitions.datasets.items()
        for column in dataset.worklist
    }
    assert shown
    assert not {one for one in shown if re.search("name|birth|address|postcode|^team", one[1])}


def test_the_search_would_find_a_leak(definitions: Definitions) -> None:
    text = written(definitions.datasets["referrals"], good=True)
    assert {f"{MARK}referralschild_id0", f"{MARK}Surname", BIRTH[1]} <= set(leaks(text))


def test_no_connection_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object, **named: object) -> None:
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo", "create_server"):
        monkeypatch.setattr(socket, name, refused)
    out = tmp_path / "board.xlsx"
    names = ("rpt62_referrals.csv", "care leavers.xlsx", "council.toml", "benchmarks.toml")
    inputs = tuple(SAMPLE_INPUTS / name for name in names)
    request = Request(inputs, out=out, written=WRITTEN, slides=tmp_path)
    assert build(request, lambda progress: None).written == out


def test_the_log_of_a_crash_holds_no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "workbook_builder.crash_log.user_log_path", lambda *given, **named: tmp_path
    )
    try:
        raise ValueError(f"{MARK} of a record")
    except ValueError as fault:
        log = write_crash_log(fault)
    assert log
    assert not leaks(log.read_text(encoding="utf-8"))
    assert "ValueError" in log.read_text(encoding="utf-8")


def test_nothing_network_is_imported_by_a_build() -> None:
    assert "requests" not in sys.modules and "urllib3" not in sys.modules
