"""Advice says what to do in words for every shell; each shell adds where."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from workbook_builder.cli.printing import COMMAND_LINE_HINTS, Detail, print_problems
from workbook_builder.problem_catalogue import ALL_KINDS, NOT_RECOGNISED
from workbook_builder.problems import Problem
from workbook_builder.window.view_models import WINDOW_HINTS, shown_problem

#: An option or a command of the command line.
OF_THE_COMMAND_LINE = re.compile(r"--[a-z]|workbook-builder (build|check|explain|layouts)")


def texts(file: Path) -> list[str]:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return [one.value for one in nodes if isinstance(one, ast.Constant)
            and isinstance(one.value, str)]  # fmt: skip


def test_nothing_but_the_command_line_speaks_of_its_options(root: Path) -> None:
    package = root / "workbook_builder"
    own = {f"cli/{name}.py" for name in ("arguments", "commands", "printing")}
    # Of another engine, which the window does not offer, and texts for the command line.
    own |= {"councils.py", "problem_catalogue.py"}
    found = [
        f"{file.relative_to(package)}: {text}"
        for file in package.rglob("*.py")
        if file.relative_to(package).as_posix() not in own
        for text in texts(file)
        if OF_THE_COMMAND_LINE.search(text)
    ]
    assert not found
    assert not [text for text in WINDOW_HINTS.values() if OF_THE_COMMAND_LINE.search(text)]


@pytest.mark.parametrize(
    "hints", [COMMAND_LINE_HINTS, WINDOW_HINTS], ids=["command_line", "window"]
)
def test_hints_are_of_kinds_that_there_are(hints: Mapping[str, str]) -> None:
    assert set(hints) <= {kind.code for kind in ALL_KINDS}


def test_each_shell_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    problem = Problem(NOT_RECOGNISED, "no headings are known.")
    advice = "Check its headings against those the program knows."
    assert shown_problem(problem).to_do.startswith(
        f"{advice} Select the file in the list and press What is"
    )
    print_problems([problem], Detail.EVERY)
    assert f"{advice} Add headings in your own folder" in capsys.readouterr().err
    assert problem.to_do == advice
