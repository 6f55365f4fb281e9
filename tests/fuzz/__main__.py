"""Damaged extracts and TOML files: python -m tests.fuzz --extracts 20000 --layouts 5000

An extract is made of clean records, damaged in one or more ways, and read and counted; of some a
workbook is built as well, and its figures read back. Lists are of any sort, with any cells, each
read from a text file and from a workbook. The oracle: no traceback, no hang (a minute
of the processor each), and the counts by month are those of the clean records unless a problem
above a note says otherwise. A damaged TOML file is loaded beside the shipped ones, which it
replaces; if it still loads, a workbook is built by it. Exit status 1 if anything was found.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import tempfile
import time
import traceback
import types
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from tests.fuzz.extracts import extract_case
from tests.fuzz.kinds import ROOT, Found
from tests.fuzz.layouts import Library, layout_case
from tests.fuzz.lists import Lists, list_case
from tests.fuzz.workbooks import Bench, workbook_case
from workbook_builder.definitions.library import load_definitions

SECONDS = 60

Case = Callable[[int], Found | None]


class _Hang(Exception):
    pass


def guarded(seed: int, case: Case) -> Found | None:
    """Run one case; a traceback or a hang is a find."""

    def hang(number: int, frame: types.FrameType | None) -> None:
        raise _Hang

    if hasattr(signal, "setitimer"):
        # The processor's own time: others may keep it busy.
        signal.signal(signal.SIGPROF, hang)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return case(seed)
    except _Hang:
        return Found(seed, f"longer than {SECONDS} seconds", "")
    except Exception as fault:  # any traceback at all is a find
        place = traceback.extract_tb(fault.__traceback__)[-1]
        return Found(seed, f"{type(fault).__name__} in {Path(place.filename).name}:{place.lineno}",
                     str(fault)[:80])  # fmt: skip
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)


def cases_in(folder: Path) -> dict[str, Case]:
    """Return the sorts of cases; what they share is made once."""
    definitions = load_definitions([ROOT / "layouts"]).value
    bench = Bench.at(folder / "workbooks")
    library = Library.at(folder / "layouts")
    lists = Lists.at(folder / "lists", definitions)
    return {
        "extracts": partial(extract_case, folder=folder, definitions=definitions),
        "workbooks": partial(workbook_case, bench=bench),
        "layouts": partial(layout_case, library=library),
        "lists": partial(list_case, lists=lists),
    }


def fuzz(
    wanted: dict[str, int], first: int = 0, seconds: float = float("inf"), says: int = 500
) -> list[Found]:
    """Run so many cases of each sort, or as many as fit in the seconds; return what went wrong."""
    began = time.monotonic()
    found: list[Found] = []
    done: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as held:
        cases = cases_in(Path(held))
        # What stays is not looked at again and again, which takes a sixth of the time.
        gc.freeze()
        gc.set_threshold(200_000)
        for name, number in wanted.items():
            until = time.monotonic() + seconds / len(wanted)
            for seed in _while_before(until, range(first, first + number)):
                one = guarded(seed, cases[name])
                done[name] += 1
                if one:
                    found.append(one)
                    print(name, one, flush=True)  # noqa: T201
                if done[name] % says == 0 or seed == first + number - 1:
                    print(f"{name}: {first} to {seed}", flush=True)  # noqa: T201
    took = time.monotonic() - began
    print(f"{dict(done)} in {took:.0f} s: {len(found)} found", flush=True)  # noqa: T201
    return found


def _while_before(until: float, seeds: Iterable[int]) -> Iterable[int]:
    for seed in seeds:
        if time.monotonic() > until:
            return
        yield seed


def main() -> int:
    """Read the wishes and fuzz."""
    wishes = argparse.ArgumentParser(description=__doc__)
    for name in ("extracts", "workbooks", "layouts", "lists"):
        wishes.add_argument(f"--{name}", type=int, default=0)
    wishes.add_argument("--first", type=int, default=0, help="the first seed")
    wishes.add_argument("--seconds", type=float, default=float("inf"))
    given = vars(wishes.parse_args())
    first, seconds = given.pop("first"), given.pop("seconds")
    return bool(fuzz({name: number for name, number in given.items() if number}, first, seconds))


if __name__ == "__main__":
    sys.exit(main())
