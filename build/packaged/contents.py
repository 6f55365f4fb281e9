"""What goes into the packaged program: the files shipped with it, and the modules left out."""

from __future__ import annotations

from importlib.metadata import files
from pathlib import Path

#: The package, and folders of the checkout that travel inside it, as in the wheel.
PACKAGE = Path("workbook_builder")
SHIPPED = ("docs", "layouts", "sample_inputs")
#: What is for developers only, by the ending of a file or the name of a folder.
_ENDINGS, _FOLDERS = {".py", ".pyc"}, {"generator"}

#: Modules that others ask for only when they are there, or only in their tests.
EXCLUDED = [
    # Other people's libraries that numpy, pandas, openpyxl, pydantic, duckdb and tqdm can use.
    *("pyarrow", "polars", "scipy", "matplotlib", "numba", "numexpr", "bottleneck", "jinja2"),
    *("xarray", "tabulate", "zstandard", "pytz", "qtpy", "PyQt5", "pyreadstat", "odfpy"),
    *("sqlalchemy", "fsspec", "tables", "xlrd", "pyxlsb", "odf", "defusedxml"),
    # Of Pillow, which python-pptx looks at pictures with: kinds that no slide has, and fonts.
    *("PIL._avif", "PIL._webp", "PIL._imagingft", "PIL._imagingcms", "PIL._imagingtk"),
    *("PIL.ImageTk", "PIL.ImageQt", "PIL.ImageShow", "lxml.html", "lxml.objectify"),
    *("lxml.isoschematron", "lxml.ElementInclude"),
    *("IPython", "rich", "hypothesis", "mypy", "pytest", "_pytest", "pygments", "email_validator"),
    *("setuptools", "pkg_resources", "pip", "adbc_driver_duckdb", "psutil", "dotenv"),
    # Another engine, for those who have one: it comes with Java, and is not for a PC.
    *("pyspark", "py4j"),
    # Parts of our own libraries that the program has no use for; days here have no time zone.
    *("pandas.tests", "pandas.conftest", "pandas.plotting._matplotlib"),
    *("pandas.io.formats.style", "pandas.io.clipboard", "tzdata", "dateutil.zoneinfo"),
    *("duckdb.experimental", "duckdb.polars_io", "numpy.f2py", "numpy.distutils"),
    *("numpy.testing", "numpy.tests"),
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


def library_files() -> list[tuple[str, str]]:
    """Return files of libraries that PyInstaller's hooks leave out, each with its folder inside.

    python-pptx finds its templates by way of its folder `oxml`, whose modules are in the archive:
    with a file in it the folder is there.
    """
    typed = next(file for file in files("python-pptx") or () if file.name == "py.typed")
    return [(str(typed.locate()), "pptx/oxml")]


def shipped_files(root: Path) -> list[tuple[str, str]]:
    """Return the files that the program reads while it runs, each with its folder inside."""
    package = root / PACKAGE
    ours = [(file, file.parent.relative_to(root)) for file in _files(package)]
    beside = [
        (file, PACKAGE / file.parent.relative_to(root))
        for folder in SHIPPED
        for file in _files(root / folder)
    ]
    return [(str(file), inside.as_posix()) for file, inside in (*ours, *beside)]


def _files(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file()
        and file.suffix not in _ENDINGS
        and _FOLDERS.isdisjoint(file.relative_to(folder).parts)
    )
