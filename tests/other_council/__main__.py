"""Build workbooks of invented councils and hold every figure against the count in plain pandas.

    python -m tests.other_council --seeds 20 --form lists --variant clean run_on_1st

Without --form and --variant all are tried. Exit status 1 if a figure is wrong, or shown although
the lists cannot tell it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd

from tests.other_council.calendar import months_to
from tests.other_council.children import SIZES, invent
from tests.other_council.expected import MEASURES, MONTHS_SHOWN, Figure, expected
from tests.other_council.variants import FORMS, SSDA903, VARIANTS, Delivery, deliver
from tests.other_council.writing import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.other_council.expected import Answer, Cell

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Score:
    """How the figures of some builds compare."""

    builds: int = 0
    refused: int = 0
    compared: int = 0
    known: int = 0
    wrong: int = 0
    shown_unknown: int = 0
    right_by_luck: int = 0
    blank_known: int = 0
    blank_allowed: int = 0
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, kind: str, measure: str, example: str) -> None:
        """Keep one thing that is not as it should be."""
        self.kinds[kind, measure] += 1
        self.examples.setdefault((kind, measure), example)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the councils asked for and print what came of it."""
    options = _options(arguments)
    forms = options.form or list(FORMS)
    failures = 0
    rows = []
    totals: dict[str, Score] = {}
    for form in forms:
        scores: dict[str, Score] = {}
        for name, variant in VARIANTS.items():
            if form in variant.forms and (not options.variant or name in options.variant):
                scores[name] = Score()
        for seed in range(options.first, options.first + options.seeds):
            council = invent(seed, options.size, _month(form, seed))
            truth = expected(deliver(council, "lists", "clean"))
            for name, score in scores.items():
                _try(deliver(council, form, name), truth, score, options.keep)
                sys.stderr.write(
                    f"{form} {name} {seed}: {score.wrong} different, "
                    f"{score.shown_unknown} shown, {score.blank_known} blank\n"
                )
        rows += [(form, name, score) for name, score in scores.items()]
        failures += sum(score.wrong + score.shown_unknown for score in scores.values())
        for name, score in scores.items():
            totals[f"{form}, {name}"] = score
    _say(_table(rows))
    for title, score in totals.items():
        if score.kinds:
            _say(_kinds(title, score, options.all))
    return int(failures > 0)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.other_council", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2, help="how many councils")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--size", choices=list(SIZES), default="small")
    parser.add_argument("--form", nargs="+", choices=list(FORMS))
    parser.add_argument("--variant", nargs="+", choices=list(VARIANTS))
    parser.add_argument("--keep", type=Path, help="a folder in which files and workbooks stay")
    parser.add_argument("--all", action="store_true", help="list every measure that is not right")
    return parser.parse_args(arguments)


def _month(form: str, seed: int) -> str | None:
    """Return the reporting month: March where returns are of years to 31 March."""
    return f"{2024 + seed % 3}-03" if form == SSDA903 else None


def _try(delivery: Delivery, truth: dict[Cell, Answer], score: Score, keep: Path | None) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if keep is not None:
            council = delivery.council
            folder = keep / f"{delivery.form} {delivery.variant} {council.size} {council.seed}"
            folder.mkdir(parents=True, exist_ok=True)
        shown = build(delivery, folder)
        compare(delivery, expected(delivery), truth, shown, score)


def build(delivery: Delivery, folder: Path) -> dict[Cell, float | None] | None:
    """Write the files, run the program and return its figures; None without a workbook."""
    inputs = folder / "inputs"
    inputs.mkdir(exist_ok=True)
    write(delivery.sheets, inputs, delivery.day)
    layout = folder / "every_measure.toml"
    layout.write_text(layout_of(list(MEASURES)), encoding="utf-8")
    book = folder / "workbook.xlsx"
    command = [
        sys.executable, "-m", "workbook_builder", "build", str(inputs), "--layout", str(layout),
        "--month", delivery.council.month, "--out", str(book),
    ]  # fmt: skip
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    ran = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    (folder / "said.txt").write_text(ran.stdout + ran.stderr, encoding="utf-8")
    if ran.returncode not in {0, 2}:
        raise RuntimeError(f"the program failed in {folder}: {ran.stdout}{ran.stderr}")
    return figures_of(book) if book.exists() else None


def layout_of(measures: list[str]) -> str:
    """Return a layout that asks for every measure once."""
    rows = "\n".join(f'  {{ measure = "{measure}" }},' for measure in measures)
    return (
        f'title = "Another council"\nmonths = {MONTHS_SHOWN}\n'
        f'file_name = "Another council {{month}}.xlsx"\n\n[[tables]]\nname = "All"\n'
        f'title = "All"\ncolumns = ["reference", "indicator", "months"]\nrows = [\n{rows}\n]\n'
    )


def figures_of(book: Path) -> dict[Cell, float | None]:
    """Read the figures of the whole service from a workbook's table t_figures."""
    for sheet in openpyxl.load_workbook(book, data_only=True):
        if "t_figures" in sheet.tables:
            head, *lines = sheet[sheet.tables["t_figures"].ref]
            names = [cell.value for cell in head]
            records = [
                dict(zip(names, (cell.value for cell in line), strict=True)) for line in lines
            ]
            return {
                (str(record["measure"]), str(record["month"])[:7]): record["value"]
                if isinstance(record["value"], int | float)
                else None
                for record in records
                if not record["team"]
            }
    raise ValueError(f"{book} has no table t_figures")


def compare(
    delivery: Delivery,
    answers: dict[Cell, Answer],
    truth: dict[Cell, Answer],
    shown: dict[Cell, float | None] | None,
    score: Score,
) -> None:
    """Hold the figures of a workbook against what they are."""
    score.builds += 1
    score.refused += shown is None
    where = f"{delivery.council.size} {delivery.council.seed}"
    for month in months_to(delivery.council.month, MONTHS_SHOWN):
        for measure in MEASURES:
            cell = (measure, month)
            answer, value = answers[cell], (shown or {}).get(cell)
            score.compared += 1
            if isinstance(answer, Figure):
                score.known += 1
                if answer.allows(value):
                    continue
                right = _number(answer.least)
                example = f"{where} {month}: {_number(value)} for {right}"
                if value is not None:
                    score.wrong += 1
                    score.note("different", measure, example)
                elif answer.may_be_blank:
                    score.blank_allowed += 1
                else:
                    score.blank_known += 1
                    score.note("blank although known", measure, example)
            elif value is not None:
                score.shown_unknown += 1
                real = truth.get(cell)
                lucky = isinstance(real, Figure) and real.allows(value)
                score.right_by_luck += lucky
                told = f", it was {_number(real.least)}" if isinstance(real, Figure) else ""
                example = f"{where} {month}: {_number(value)}{told}; {answer!r}"
                score.note("shown although unknown", measure, example)


def _number(value: float | None) -> str:
    return "blank" if value is None else f"{value:.4g}"


def _table(rows: list[tuple[str, str, Score]]) -> str:
    columns = {
        "builds": "builds", "no workbook": "refused", "cells": "compared", "known": "known",
        "different": "wrong", "shown, unknown": "shown_unknown", "right by luck": "right_by_luck",
        "blank, known": "blank_known", "blank, may be": "blank_allowed",
    }  # fmt: skip
    table = pd.DataFrame(
        [
            {"form": form, "variant": name}
            | {title: getattr(score, attribute) for title, attribute in columns.items()}
            for form, name, score in rows
        ]
    )
    return table.to_string(index=False)


def _kinds(title: str, score: Score, every: bool) -> str:
    lines = [f"\n{title}:"]
    for kind in ("different", "shown although unknown", "blank although known"):
        found = [(count, measure) for (what, measure), count in score.kinds.items() if what == kind]
        if not found:
            continue
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        limit = len(found) if every else 12
        lines.append(f"  {kind}: {sum(count for count, _ in found)} in {len(found)} measures")
        lines += [
            f"    {count:4d} {measure}: {score.examples[kind, measure]}"
            for count, measure in found[:limit]
        ]
        if len(found) > limit:
            lines.append(f"         and {len(found) - limit} more")
    return "\n".join(lines)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
