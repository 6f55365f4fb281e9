"""What goes into the packaged program: the files shipped with it, and the modules left out."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

#: Folders of the checkout that travel inside the program, as in the wheel.
SHIPPED = ("docs", "layouts", "sample_inputs")
_WORK_FOR_DEVELOPERS = {".py", ".pyc"}

#: Modules that others ask for only when they are there, or only in their tests.
EXCLUDED = [
    # Other people's libraries that pandas, numpy, openpyxl, pydantic, duckdb and tqdm can use.
    *("pyarrow", "polars", "scipy", "matplotlib", "numba", "numexpr", "bottleneck", "jinja2"),
    *("sqlalchemy", "fsspec", "tables", "xlrd", "pyxlsb", "odf", "lxml", "PIL", "defusedxml"),
    *("IPython", "rich", "hypothesis", "mypy", "pytest", "_pytest", "pygments", "email_validator"),
    *("setuptools", "pkg_resources", "pip", "adbc_driver_duckdb", "psutil", "dotenv"),
    # Parts of our own libraries that the program has no use for.
    *("duckdb.experimental", "duckdb.polars_io", "numpy.f2py", "numpy.distutils"),
    *("numpy.testing", "pandas.tests", "numpy.tests", "pandas.plotting._matplotlib"),
    *("PySide6.QtNetwork", "PySide6.QtDBus", "PySide6.QtSvg", "PySide6.QtOpenGL"),
    # Of the standard library: other toolkits, tests, and every way to speak to the network.
    *("tkinter", "unittest", "doctest", "pdb", "pydoc", "lib2to3", "distutils", "ensurepip"),
    *("curses", "readline", "sqlite3", "xmlrpc", "ftplib", "smtplib", "imaplib", "poplib"),
    *("telnetlib", "nntplib", "http.server", "socketserver", "ssl", "_ssl", "_hashlib"),
    *("asyncio", "http.client"),
]

#: Distributions whose modules are compiled together into one that stands beside them.
_COMPILED_TOGETHER = ("tomli",)
#: Modules that are asked for by a name that only a running program knows.
_BY_NAME = ["sqlglot.dialects.duckdb"]


def hidden_imports() -> list[str]:
    """Return the modules that PyInstaller cannot find by reading the program."""
    compiled = [
        file.name.split(".")[0]
        for name in _COMPILED_TOGETHER
        for file in files(name) or ()
        if "__mypyc." in file.name
    ]
    return [*_BY_NAME, *compiled]


def shipped_files(root: Path) -> list[tuple[str, str]]:
    """Return the files that the program reads while it runs, each with its folder inside."""
    return [(str(file), _inside(file, root)) for file in _files(root)]


def _inside(file: Path, root: Path) -> str:
    return f"workbook_builder/{file.parent.relative_to(root).as_posix()}"


def _files(root: Path) -> Iterator[Path]:
    for folder in SHIPPED:
        for file in sorted((root / folder).rglob("*")):
            if file.is_file() and file.suffix not in _WORK_FOR_DEVELOPERS:
                yield file
