"""Speed and memory: each command prints its table as Markdown; `all` prints every one.

python -m benchmarks all [--runs 5] [--sizes 10000,100000,1000000] [--kinds csv,xlsx]
python -m benchmarks peers | floor | scale | checks | slides | start
"""

from __future__ import annotations

import argparse
import functools
import importlib.util
import json
import math
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

# Nothing heavy is imported here: what this process holds counts into the memory of those it starts.
from benchmarks.spent import ROOT, Command, Spent, median, ratio, turn_by_turn

_OURS = "workbook-builder build"
SAMPLE = ROOT / "sample_inputs"


def main() -> None:
    """Run the commands that are asked for and print their tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", choices=["all", *_TABLES])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--kinds", default="csv,xlsx")
    parser.add_argument("--peer-sizes", default="100000,1000000")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        for name in _TABLES if wishes.what == "all" else [wishes.what]:
            print("\n".join(_TABLES[name](wishes, Path(work))), end="\n\n", flush=True)


def _build(folder: Path, out: Path) -> Command:
    remove = functools.partial(out.unlink, missing_ok=True)  # what it wrote before would be read
    return Command(("-m", "workbook_builder", "build", str(folder), "--out", str(out)), remove)


def _floor(folder: Path, work: Path) -> Command:
    """Return the floor under a build; the time for loading what is to be written does not count."""
    tape, times = work / "tape", work / "times.json"
    recorded = work / "recorded.xlsx"
    recorded.unlink(missing_ok=True)
    Command(("-m", "benchmarks.record", str(folder), str(recorded), str(tape))).run()
    files = (str(folder), str(tape), str(work / "floor.xlsx"), str(times))
    return Command(
        ("-m", "benchmarks.floor", *files),
        but=lambda: float(json.loads(times.read_text(encoding="utf-8"))["tape"]),
    )


def _peers(wishes: argparse.Namespace, work: Path) -> Iterator[str]:
    """Measure us against scripts that read the sample's own files, of several sizes."""
    for size in (0, *map(int, wishes.peer_sizes.split(","))):
        folder, words = SAMPLE, "the sample"
        if size:
            folder, words = work / "as_sample", f"about {size:,} records"
            Command(("-m", "benchmarks.records", str(folder), str(size), "sample")).run()
        commands = {_OURS: _build(folder, work / "ours.xlsx")}
        for name, module, needs in _PEERS:
            if importlib.util.find_spec(needs):
                out = work / f"{needs}.xlsx"
                arguments = ("-m", f"benchmarks.peers.{module}", str(folder), str(out))
                commands[name] = Command(arguments)
            else:
                yield f"{name}: not measured, {needs} is not installed."
        title = f"Against what a user would write instead: {words}"
        yield from _table(title, commands, wishes.runs)
        yield ""


_PEERS = (
    ("pandas and openpyxl", "with_pandas", "pandas"),
    ("polars and write_excel", "with_polars", "polars"),
)


def _against_floor(wishes: argparse.Namespace, work: Path) -> Iterator[str]:
    commands = {"floor": _floor(SAMPLE, work), _OURS: _build(SAMPLE, work / "ours.xlsx")}
    yield from _table("Against the floor: the sample", commands, wishes.runs)
    found = json.loads((work / "times.json").read_text(encoding="utf-8"))
    parts = f"{found['read']:.2f} s reading and {found['write']:.2f} s writing"
    yield f"Of the floor, in its last run: {parts}; the rest is Python's start and imports."


def _scale(wishes: argparse.Namespace, work: Path) -> Iterator[str]:
    yield "**Records**\n"
    heads = ("records", "kind", "floor, s", "build, s", "build / floor", "build, MB", "floor, MB")
    yield from _heading(heads)
    for kind in wishes.kinds.split(","):
        sizes: list[int] = []
        times: list[float] = []
        for size in map(int, wishes.sizes.split(",")):
            folder = work / "records"
            Command(("-m", "benchmarks.records", str(folder), str(size), kind)).run()
            records = int((folder.parent / "records.txt").read_text(encoding="utf-8"))
            commands = {"floor": _floor(folder, work), _OURS: _build(folder, work / "ours.xlsx")}
            spent = turn_by_turn(commands, wishes.runs)
            floor, ours = median(spent["floor"]), median(spent[_OURS])
            times_floor = ratio(spent[_OURS], spent["floor"])
            yield _row(f"{records:,}", kind.upper(), f"{floor.seconds:.2f}", f"{ours.seconds:.2f}",
                       f"{times_floor:.2f}", f"{ours.megabytes:.0f}",
                       f"{floor.megabytes:.0f}")  # fmt: skip
            sizes.append(records)
            times.append(ours.seconds)
        if len(sizes) > 1:
            yield _exponent(kind, sizes, times)


def _exponent(kind: str, sizes: Sequence[int], times: Sequence[float]) -> str:
    """Say how time grows: with the records to this power, over all sizes and the last two."""
    over_all = statistics.linear_regression(
        [math.log(size) for size in sizes], [math.log(time) for time in times]
    ).slope
    at_end = math.log(times[-1] / times[-2]) / math.log(sizes[-1] / sizes[-2])
    said = f"{over_all:.2f} over all sizes, {at_end:.2f} over the last two"
    return _row("exponent", kind.upper(), said, "", "", "", "")


def _checks(wishes: argparse.Namespace, work: Path) -> Iterator[str]:
    """Measure what holding lists against one another takes of a build."""
    for folder, words in _inputs(wishes, work):
        out = work / "unchecked.xlsx"
        remove = functools.partial(out.unlink, missing_ok=True)
        commands = {
            "without checks between lists": Command(
                ("-m", "benchmarks.checks", str(folder), str(out)), remove
            ),
            _OURS: _build(folder, work / "ours.xlsx"),
        }
        yield from _table(f"Checks between lists: {words}", commands, wishes.runs)
        yield ""


def _slides(wishes: argparse.Namespace, work: Path) -> Iterator[str]:
    """Measure what the deck adds to a build: it is drawn from the plan, whatever the records."""
    deck = work / "ours.pptx"

    def remove() -> None:
        (work / "ours.xlsx").unlink(missing_ok=True)
        deck.unlink(missing_ok=True)  # else it would be carried on

    for folder, words in _inputs(wishes, work):
        build = _build(folder, work / "ours.xlsx")
        with_slides = Command((*build.arguments, "--slides", str(deck)), remove)
        commands = {_OURS: build, f"{_OURS} --slides": with_slides}
        yield from _table(f"The slides of {words}", commands, wishes.runs)
        yield ""


def _inputs(wishes: argparse.Namespace, work: Path) -> Iterator[tuple[Path, str]]:
    """Yield the sample, and as many records as the largest of the sizes, with what they are."""
    yield SAMPLE, "the sample"
    largest = max(map(int, wishes.sizes.split(",")))
    folder = work / "records"
    Command(("-m", "benchmarks.records", str(folder), str(largest), "csv")).run()
    yield folder, f"about {largest:,} records as CSV"


def _start(wishes: argparse.Namespace, work: Path) -> Iterator[str]:
    one = str(SAMPLE / "rpt62_referrals.csv")
    commands = {
        "--help": Command(("-m", "workbook_builder", "--help")),
        "check of one file": Command(("-m", "workbook_builder", "check", one)),
        "the window shown": Command(
            (
                "-m",
                "benchmarks.window",
            )
        ),
    }
    yield from _table("Start", commands, wishes.runs)


def _table(title: str, commands: Mapping[str, Command], runs: int) -> Iterator[str]:
    """Yield a table of medians, with each program's time in terms of the first one's."""
    spent = turn_by_turn(commands, runs)
    first = next(iter(spent.values()))
    yield f"**{title}** (medians of {runs} runs)\n"
    yield from _heading(("", "seconds", "processor, s", "times the first", "most memory, MB"))
    for name, runs_of in spent.items():
        yield _measured(name, runs_of, first)


def _measured(name: str, spent: Sequence[Spent], first: Sequence[Spent]) -> str:
    middle = median(spent)
    times = f"{ratio(spent, first):.2f}"
    return _row(name, f"{middle.seconds:.2f}", f"{middle.cpu:.2f}", times,
                f"{middle.megabytes:.0f}")  # fmt: skip


def _heading(texts: Sequence[str]) -> Iterator[str]:
    yield _row(*texts)
    yield _row(*("---" for _ in texts))


def _row(*texts: str) -> str:
    return f"| {' | '.join(texts)} |"


_TABLES: Mapping[str, Callable[[argparse.Namespace, Path], Iterator[str]]] = {
    "peers": _peers,
    "floor": _against_floor,
    "scale": _scale,
    "checks": _checks,
    "slides": _slides,
    "start": _start,
}


if __name__ == "__main__":
    main()
