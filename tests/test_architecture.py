"""Who may know whom: the package table of the design, held against the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "workbook_builder"
BOTTOM = {
    "problems", "months", "names", "paths", "figures", "commentary", "revisions", "memory_format",
    "years", "statistics", "caseloads", "assignments", "fingerprints",
}  # fmt: skip

#: What each part may import of ours, and of other people's; the standard library is free to all.
MAY_IMPORT: dict[str, tuple[set[str], set[str]]] = {
    "problems": (set(), set()),
    "months": (set(), set()),
    "names": (set(), set()),
    "paths": (set(), {"platformdirs"}),
    "figures": ({"months"}, set()),
    "caseloads": (set(), set()),
    "commentary": ({"months"}, set()),
    "assignments": ({"names"}, set()),
    "fingerprints": (set(), set()),
    "revisions": ({"months", "figures"}, set()),
    "memory_format": (set(), set()),
    "years": (set(), set()),
    "statistics": ({"problems", "names"}, set()),
    "definitions": (BOTTOM, {"tomli", "pydantic", "pydantic_core"}),
    "engine": (
        BOTTOM | {"definitions"},
        {"duckdb", "numpy", "py4j", "pyspark", "sqlglot"},
    ),
    "readers": (
        {"problems", "problem_catalogue", "names", "fingerprints"},
        {"numpy", "pandas", "python_calamine"},
    ),
    "extracts": (BOTTOM | {"definitions", "readers"}, {"numpy", "pandas"}),
    "measures": (BOTTOM | {"definitions", "engine"}, {"sqlglot"}),
    "history": (BOTTOM | {"definitions", "extracts.dates"}, {"openpyxl", "pydantic_core"}),
    "indicators": (BOTTOM | {"definitions"}, set()),
    "sheets": (BOTTOM | {"definitions", "indicators"}, set()),
    "excel": ({"sheets.plan"}, {"xlsxwriter"}),
    "unfinished": (set(), set()),
    "writing": ({"problems", "unfinished"}, set()),
    "outcomes": (
        BOTTOM
        | {
            "definitions.kinds",
            "engine.kinds",
            "extracts.kinds",
            "extracts.model",
            "measures.kinds",
        }
        | {"measures.explain", "history.kinds", "writing"},
        set(),
    ),
    "building": (
        BOTTOM
        | {"definitions", "engine", "extracts", "history", "indicators", "measures", "sheets"}
        | {"columns", "outcomes", "writing"},
        {"pyspark", "sqlglot"},
    ),
    "many": (
        BOTTOM | {"building", "engine", "outcomes", "run"},
        set(),
    ),
    "run": (
        BOTTOM
        | {"definitions", "engine", "extracts", "measures", "sheets", "excel", "writing"}
        | {"indicators", "outcomes", "building"},
        set(),
    ),
    "shells": (
        BOTTOM
        | {
            "run",
            "many",
            "engine.kinds",
            "building.looking",
            "building.recall",
            "outcomes",
            "writing",
            "definitions.layouts",
            "definitions.library",
            "extracts.model",
        },
        {"tqdm", "platformdirs", "PySide6"},
    ),
    "__main__": ({"shells"}, set()),
}

STANDARD = {
    "__future__", "argparse", "array", "ast", "atexit", "bisect", "calendar", "codecs",
    "collections", "concurrent", "contextlib", "contextvars", "copy", "csv", "ctypes",
    "dataclasses", "datetime", "decimal", "difflib", "enum", "fcntl", "fnmatch", "functools", "gc",
    "glob", "graphlib", "hashlib", "html", "importlib", "io", "itertools", "json", "logging",
    "math", "msvcrt", "multiprocessing", "operator", "os", "pathlib", "re", "resource", "secrets",
    "shutil", "stat", "statistics", "struct", "sys", "tempfile", "threading", "time", "traceback",
    "types", "typing", "unicodedata", "warnings", "xml", "zipfile", "zlib",
}  # fmt: skip


def modules(root: Path) -> list[Path]:
    return sorted((root / PACKAGE).rglob("*.py"))


def part_of(file: Path, root: Path) -> str:
    inside = file.relative_to(root / PACKAGE)
    return inside.parts[0].removesuffix(".py")


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def allowed(name: str, part: str) -> bool:
    ours, others = MAY_IMPORT[part]
    if not name.startswith(f"{PACKAGE}."):
        top = name.split(".", maxsplit=1)[0]
        return top in STANDARD or top in others
    inside = name.removeprefix(f"{PACKAGE}.")
    return any(inside == one or inside.startswith(f"{one}.") for one in ours | {part})


def test_each_part_imports_only_what_it_may(root: Path) -> None:
    wrong = [
        f"{file.relative_to(root)} imports {name}"
        for file in modules(root)
        if part_of(file, root) != "__init__"
        for name in imported(file)
        if not allowed(name, part_of(file, root))
    ]
    assert not wrong


def test_every_part_has_its_rule(root: Path) -> None:
    assert {part_of(file, root) for file in modules(root)} - {"__init__"} == set(MAY_IMPORT)


def test_only_the_window_knows_qt(root: Path) -> None:
    knowing = {
        file.relative_to(root / PACKAGE).parent.as_posix()
        for file in modules(root)
        if any(name.startswith("PySide6") for name in imported(file))
    }
    assert knowing == {"shells/qt"}


def test_only_few_know_spark(root: Path) -> None:
    knowing = {
        file.relative_to(root / PACKAGE).as_posix()
        for file in modules(root)
        if any(name.startswith(("pyspark", "py4j")) for name in imported(file))
    }
    beside = {"building/shares.py", "building/tables.py"}
    assert {one for one in knowing if not one.startswith("engine/spark/")} == beside


def test_the_rules_would_notice(root: Path) -> None:
    assert not allowed("xlsxwriter.Workbook", "sheets")
    assert not allowed("workbook_builder.sheets.compose.compose", "excel")
    assert not allowed("workbook_builder.build.build", "measures")
    assert not allowed("socket", "run")


def calls(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        ("print", {"shells"}),
        ("sys.exit", {"shells", "__main__"}),
        ("datetime.now", {"run"}),
        ("date.today", set()),
        ("open", set()),
        ("eval", set()),
        ("exec", set()),
    ],
)
def test_side_effects_stand_where_they_may(root: Path, call: str, parts: set[str]) -> None:
    found = {part_of(file, root) for file in modules(root) if call in set(calls(file))}
    assert found <= parts


def test_modules_and_functions_stay_small(root: Path) -> None:
    large = []
    lengths = []
    for file in modules(root):
        text = file.read_text(encoding="utf-8")
        if text.count("\n") > 400:
            large.append(str(file))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                lengths.append(node.end_lineno - node.lineno + 1 if node.end_lineno else 0)
                if lengths[-1] > 60:
                    large.append(f"{file}:{node.lineno} {node.name}")
    assert not large
    assert sorted(lengths)[len(lengths) // 2] <= 10
