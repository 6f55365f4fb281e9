"""The benchmarks are honest: the floor and the peers do the same work. Times are theirs alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from benchmarks.spent import Command, Spent

pytestmark = pytest.mark.slow

TEAM_TABLES = {
    "assessments_done_early", "assessments_in_time", "initial_conferences_in_time",
    "cp_visited_in_10_working_days", "children_in_need_not_cwd_visited", "cla_visited",
}  # fmt: skip


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def build(work: Path, root: Path) -> Spent:
    """One build of the sample into out.xlsx, its calls to XlsxWriter kept in the file "tape"."""
    files = (root / "sample_inputs", work / "out.xlsx", work / "tape")
    return Command(("-m", "benchmarks.record", *map(str, files))).run()


@pytest.fixture(scope="module")
def floor(work: Path, root: Path, build: Spent) -> Spent:
    times = work / "times.json"
    files = (root / "sample_inputs", work / "tape", work / "floor.xlsx", times)
    return Command(
        ("-m", "benchmarks.floor", *map(str, files)),
        but=lambda: float(json.loads(times.read_text())["tape"]),
    ).run()


def test_the_floor_writes_the_same_bytes_and_reads_all_rows(work: Path, floor: Spent) -> None:
    assert (work / "floor.xlsx").read_bytes() == (work / "out.xlsx").read_bytes()
    assert json.loads((work / "times.json").read_text())["rows"] > 160_000


@pytest.mark.parametrize("peer", ["pandas", "polars"])
def test_peers_have_the_same_figures(
    peer: str, build: Spent, work: Path, root: Path, tmp_path: Path
) -> None:
    pytest.importorskip(peer)
    kept = tmp_path / "figures.json"
    sample = str(root / "sample_inputs")
    files = (sample, str(tmp_path / "peer.xlsx"), str(kept))
    Command(("-m", f"benchmarks.peers.with_{peer}", *files)).run()
    ours = figures(work / "out.xlsx")
    theirs = {(measure, month, team): value for measure, month, team, value
              in json.loads(kept.read_text()) if not team or measure in TEAM_TABLES}  # fmt: skip
    assert sum(1 for _, _, team in theirs if not team) == 21 * 13
    for key, value in theirs.items():
        assert ours.get(key, 0) == pytest.approx(value, abs=1e-9), key


def figures(workbook: Path) -> Mapping[tuple[str, str, str], float | None]:
    rows = openpyxl.load_workbook(workbook, read_only=True)["Figures"].iter_rows(values_only=True)
    return {
        (str(row[0]), str(row[1]), str(row[2] or "")): row[5]
        for row in rows
        if len(row) > 5 and row[0] and isinstance(row[5], int | float | None)
    }
