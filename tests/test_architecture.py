"""Who may know whom, by the package table of the design, and how the code is cut."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = "workbook_builder"

#: What everything may import: values and words, without any step of a run.
BOTTOM = {
    "contrast", "edits", "figures", "looks", "months", "names", "paths", "problem_catalogue",
    "problems", "workbook_format",
}  # fmt: skip
#: The steps of a run, each with those before it.
STEPS = BOTTOM | {
    "definitions", "readers", "extracts", "store", "measures", "suppression", "history",
    "indicators", "sheets",
}  # fmt: skip
#: The use case as the shells see it.
USE_CASE = BOTTOM | {
    "atomic_write", "build_workbook", "crash_log", "definitions", "edit_definitions",
    "extracts.model", "own_definitions", "record_sources", "request", "workspace",
}  # fmt: skip

#: What each part may import of ours, and of other people's; the standard library is free to all.
MAY_IMPORT: dict[str, tuple[set[str], set[str]]] = {
    "contrast": (set(), set()),
    "problems": (set(), set()),
    "problem_catalogue": ({"problems"}, set()),
    "months": (set(), set()),
    "names": (set(), set()),
    "paths": (set(), {"platformdirs"}),
    "workbook_format": (set(), set()),
    "figures": ({"months"}, set()),
    "looks": (set(), set()),
    "edits": (set(), set()),
    "atomic_write": ({"problem_catalogue", "problems"}, set()),
    "crash_log": ({"paths"}, {"platformdirs"}),
    "definitions": (BOTTOM, {"pydantic", "pydantic_core", "tomli"}),
    "readers": (BOTTOM, {"numpy", "pandas", "python_calamine"}),
    "extracts": (BOTTOM | {"definitions", "readers"}, {"numpy", "pandas"}),
    "store": (
        BOTTOM | {"definitions", "extracts", "readers"},
        {"duckdb", "numpy", "pandas", "py4j", "pyspark", "sqlglot"},
    ),
    "measures": (
        BOTTOM | {"definitions", "extracts.column_types", "extracts.model", "store"},
        {"sqlglot"},
    ),
    # Figures are hidden after they are reconciled; what the request says goes before the layout.
    "suppression": (
        BOTTOM | {"definitions", "history", "measures", "request"},
        {"numpy", "sqlglot"},
    ),
    # Targets and benchmarks that people keep in the workbook replace those of the layouts.
    "history": (
        BOTTOM
        | {"definitions", "extracts.dates", "extracts.inputs", "extracts.model", "measures"}
        | {"indicators.benchmarks", "sheets.content"},
        {"openpyxl", "pydantic_core"},
    ),
    "indicators": (BOTTOM | {"definitions", "extracts.published_statistics"}, set()),
    "sheets": (BOTTOM | {"definitions", "indicators"}, set()),
    "excel": ({"looks", "sheets.cell_styles", "sheets.plan"}, {"xlsxwriter"}),
    "powerpoint": (
        {"contrast", "looks", "problem_catalogue", "problems", "sheets.chart_labels"}
        | {"sheets.number_text", "sheets.plan", "workbook_format"},
        {"lxml", "pptx"},
    ),
    "write_slides": (
        BOTTOM | {"atomic_write", "definitions", "powerpoint", "sheets.plan"},
        set(),
    ),
    "request": (BOTTOM | {"definitions", "extracts", "measures.explain"}, set()),
    "output": (BOTTOM | {"atomic_write", "definitions", "history", "request"}, set()),
    "record_sources": (STEPS - {"indicators", "sheets", "suppression"} | {"request"}, set()),
    "plan_workbook": (STEPS | {"record_sources", "request"}, set()),
    # Lists of children: what they hold from `measures`, laid out as a plan of their own.
    "worklists": (
        BOTTOM
        | {
            "definitions",
            "extracts.model",
            "extracts.record_problems",
            "measures",
            "record_sources",
        }
        | {"request", "sheets", "store.engine"},
        set(),
    ),
    "workspace": (
        STEPS - {"indicators", "sheets", "suppression"} | {"record_sources", "request"},
        set(),
    ),
    "build_workbook": (
        STEPS
        | {"excel", "output", "plan_workbook", "record_sources", "request", "worklists"}
        | {"workspace", "write_slides"},
        set(),
    ),
    "councils": (
        STEPS | {"build_workbook", "record_sources", "request"},
        {"pyspark", "sqlglot"},
    ),
    "own_definitions": (BOTTOM | {"atomic_write", "definitions"}, {"tomlkit"}),
    # Values are read as definitions read them.
    "edit_definitions": (BOTTOM | {"atomic_write", "definitions"}, {"pydantic_core", "tomlkit"}),
    "record_tables": (STEPS | {"atomic_write", "record_sources", "request"}, set()),
    "python_api": (BOTTOM | {"build_workbook", "history", "request"}, {"pandas"}),
    "cli": (
        USE_CASE
        | {"councils", "indicators.rounding", "measures.explain", "record_tables", "self_test"}
        | {"window.qt.main_window"},
        {"tqdm"},
    ),
    # The preview draws the plan as excel/ does, in the same styles, and explains a figure.
    "window": (
        USE_CASE
        | {"extracts", "history.previous_workbooks", "indicators.benchmarks", "indicators.rounding"}
        | {"measures.explain", "measures.needed_lists", "plan_workbook", "sheets.cell_styles"}
        | {"sheets.number_text"}
        | {"sheets.plan"},
        {"PySide6", "platformdirs", "shiboken6"},
    ),
    "self_test": (
        USE_CASE | {"extracts", "history.previous_workbooks", "window.qt"},
        {"platformdirs"},
    ),
    "__main__": ({"cli"}, set()),
}

#: What of the standard library is used: nothing that talks to a network.
STANDARD = {
    "__future__", "argparse", "array", "ast", "atexit", "bisect", "calendar", "codecs",
    "collections", "concurrent", "contextlib", "contextvars", "copy", "csv", "ctypes",
    "dataclasses", "datetime", "decimal", "difflib", "enum", "fcntl", "fnmatch", "functools", "gc",
    "glob", "graphlib", "hashlib", "html", "importlib", "io", "itertools", "json", "logging",
    "math", "msvcrt", "multiprocessing", "operator", "os", "pathlib", "pickle", "re", "resource",
    "secrets", "shutil", "stat", "statistics", "string", "struct", "sys", "tempfile", "textwrap",
    "threading", "time", "traceback",
    "types", "typing", "unicodedata", "warnings", "xml", "zipfile", "zlib",
}  # fmt: skip

LONGEST_FUNCTION = 60
SMALLEST_MODULE = 60
RIDDLE = re.compile(r"\bin, [^.]*\bout\b(?=[.,;:]|$)")


def modules(root: Path) -> list[Path]:
    return sorted((root / PACKAGE).rglob("*.py"))


def inside(file: Path, root: Path) -> str:
    return file.relative_to(root / PACKAGE).as_posix()


def part_of(file: Path, root: Path) -> str:
    return inside(file, root).partition("/")[0].removesuffix(".py")


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def imported(file: Path) -> Iterator[str]:
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def allowed(name: str, part: str) -> bool:
    ours, others = MAY_IMPORT[part]
    if not name.startswith(f"{PACKAGE}."):
        top = name.split(".", maxsplit=1)[0]
        return top in STANDARD | others
    name = name.removeprefix(f"{PACKAGE}.")
    return any(name == one or name.startswith(f"{one}.") for one in ours | {part})


def test_each_part_imports_only_what_it_may(root: Path) -> None:
    wrong = [
        f"{inside(file, root)} imports {name}"
        for file in modules(root)
        if part_of(file, root) != "__init__"
        for name in imported(file)
        if not allowed(name, part_of(file, root))
    ]
    assert not wrong


def test_every_part_has_its_rule(root: Path) -> None:
    parts = {part_of(file, root) for file in modules(root)} - {"__init__"}
    assert parts == set(MAY_IMPORT)


def test_only_the_window_knows_qt(root: Path) -> None:
    knowing = {
        inside(file, root).rpartition("/")[0]
        for file in modules(root)
        if any(name.startswith("PySide6") for name in imported(file))
    }
    assert knowing == {"window/qt"}


def test_only_few_know_spark(root: Path) -> None:
    knowing = {
        inside(file, root)
        for file in modules(root)
        if any(name.startswith(("pyspark", "py4j")) for name in imported(file))
    }
    assert {one for one in knowing if not one.startswith("store/spark/")} <= {"councils.py"}


def test_the_rules_would_notice() -> None:
    assert not allowed("xlsxwriter.Workbook", "sheets")
    assert not allowed("workbook_builder.sheets.compose.compose", "excel")
    assert not allowed("workbook_builder.build_workbook.build", "measures")
    assert not allowed("workbook_builder.window.presenter.Presenter", "cli")
    assert not allowed("socket", "build_workbook")
    assert RIDDLE.search("Bytes in, cells out.")
    assert not RIDDLE.search("Say in words how rows are left out.")


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        ("print", {"cli", "self_test"}),
        ("sys.exit", set()),
        ("datetime.now", {"build_workbook"}),
        ("date.today", set()),
        ("open", set()),
        ("eval", set()),
        ("exec", set()),
    ],
)
def test_side_effects_are_only_where_they_may_be(root: Path, call: str, parts: set[str]) -> None:
    calling = {
        part_of(file, root)
        for file in modules(root)
        for node in nodes(file)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == call
    }
    assert calling <= parts


def test_no_function_is_long(root: Path) -> None:
    assert not [
        f"{inside(file, root)}: {node.name}"
        for file in modules(root)
        for node in nodes(file)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]


def test_no_small_module_serves_one_other_only(root: Path) -> None:
    names = {inside(file, root).removesuffix(".py").replace("/", "."): file
             for file in modules(root)}  # fmt: skip
    importers: dict[Path, set[Path]] = defaultdict(set)
    for file in names.values():
        for name in imported(file):
            module = name.removeprefix(f"{PACKAGE}.")
            while module and module not in names:
                module = module.rpartition(".")[0]
            if name.startswith(f"{PACKAGE}.") and module and names[module] != file:
                importers[names[module]].add(file)
    assert {
        inside(file, root)
        for file, importing in importers.items()
        if len(importing) == 1
        and len(file.read_text(encoding="utf-8").splitlines()) < SMALLEST_MODULE
    } == set()


def test_no_class_name_means_two_things(root: Path) -> None:
    names = Counter(
        node.name
        for file in modules(root)
        for node in nodes(file)
        if isinstance(node, ast.ClassDef)
    )
    assert {name for name, number in names.items() if number > 1} == set()


def test_no_docstring_is_a_riddle(root: Path) -> None:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    assert not [
        f"{inside(file, root)}: {docstring.splitlines()[0]}"
        for file in modules(root)
        for node in nodes(file)
        if isinstance(node, documented)
        and (docstring := ast.get_docstring(node))
        and RIDDLE.search(docstring.split("\n\n")[0].replace("\n", " "))
    ]
