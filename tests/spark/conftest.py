"""One Spark session on this computer for all tests, where pyspark and Java are installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from workbook_builder.problems import Result


@pytest.fixture(scope="session")
def session() -> Iterator[Any]:
    """The session, opened as the program opens it."""
    opening = pytest.importorskip(
        "workbook_builder.store.spark.session", reason="pyspark is not installed"
    )
    with pytest.MonkeyPatch.context() as patch:
        # Java compiles for a long run what a test runs once; without that it takes half the time.
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        with opening.spark_session() as opened:
            if opened.value is None:
                pytest.skip(opened.problems[0].what)
            # The records are few, and each query runs once: compiling it would take longest.
            opened.value.conf.set("spark.sql.codegen.wholeStage", "false")
            opened.value.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            yield opened.value


@pytest.fixture
def many(session: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that builds many workbooks, with the session of all tests."""
    module = pytest.importorskip("workbook_builder.councils")

    @contextmanager
    def opened() -> Iterator[Result[Any]]:
        yield Result(session)

    monkeypatch.setattr(module, "spark_session", opened)
    return module


@pytest.fixture
def layout(tmp_path: Path) -> Callable[..., str]:
    """Write a layout of one table with measures of its own, and return its file."""

    def write(measures: str, *rows: str) -> str:
        folder = tmp_path / "layouts"
        (folder / "measures").mkdir(parents=True)
        (folder / "measures" / "own.toml").write_text(measures, encoding="utf-8")
        listed = ", ".join(f'{{ measure = "{row}" }}' for row in rows)
        text = (
            'title = "Own"\nauthor = "Nobody"\nmonths = 3\nfile_name = "Own {month}.xlsx"\n'
            f'[[tables]]\nname = "Own"\ntitle = "Own"\n'
            f'columns = ["indicator", "months"]\nrows = [{listed}]\n'
        )
        (folder / "own.toml").write_text(text, encoding="utf-8")
        return str(folder / "own.toml")

    return write
