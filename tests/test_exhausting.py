"""Layouts from strangers cannot exhaust time or memory, nor read what is not theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import WRITTEN
from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.toml_files import MOST_TOML_BYTES, read_toml
from workbook_builder.months import Month
from workbook_builder.problem_catalogue import EXHAUSTED
from workbook_builder.problems import Problem
from workbook_builder.request import Outcome, Request
from workbook_builder.store import engine

LAYOUT = """
title = "A"
[[tables]]
name = "A"
title = "A"
columns = ["indicator", "months"]
rows = [{ measure = "slow" }]
"""
SLOW = """
[slow]
title = "Slow"
count_of = "contacts"
during = "contact_date"
where = "(SELECT count(*) FROM contacts AS a WHERE EXISTS (SELECT 1 FROM contacts AS b WHERE \
(SELECT count(*) FROM contacts AS c WHERE c.contact_date <> b.contact_date AND \
c.child_id <> a.child_id AND c.child_id <> record_child) > 1)) > 1"
"""


def contacts(folder: Path, rows: int) -> Path:
    file = folder / "contacts.csv"
    lines = (f"{row},{row % 28 + 1:02}/{row % 12 + 1:02}/2023" for row in range(rows))
    file.write_text("Child ID,Date of Contact\n" + "\n".join(lines), encoding="utf-8")
    return file


def built(folder: Path, inputs: tuple[Path, ...]) -> Outcome:
    (folder / "layouts").mkdir()
    layout = folder / "layouts" / "mine.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    (folder / "layouts" / "measures").mkdir()
    measures = folder / "layouts" / "measures" / "slow.toml"
    measures.write_text(SLOW.replace("record_child", "contacts.child_id"), encoding="utf-8")
    request = Request(inputs, str(layout), Month(2023, 7), folder / "out.xlsx", WRITTEN)
    return build(request, lambda progress: None)


def test_a_measure_that_never_ends_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_PATIENCE", 1)
    outcome = built(tmp_path, (contacts(tmp_path, 20_000),))
    assert EXHAUSTED in [problem.kind for problem in outcome.problems]
    assert "slow" in " ".join(problem.text() for problem in outcome.problems)
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("text", [
    "a = " + "[" * 3_000, "a" + ".a" * 20_000 + " = 1", "[" + "a." * 20_000 + "a]",
    "a = " + "9" * 20_000, "a = " + "{a = " * 3_000, "\n".join(f"[[a{n}]]" for n in range(50_000)),
    'a = "' + "x" * 1_000_000 + '"', "a = 1e999", "a = nan", "# " + "x" * MOST_TOML_BYTES,
], ids=str.split)  # fmt: skip
def test_a_huge_or_deep_toml_file_is_read_or_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.toml"
    file.write_text(text, encoding="utf-8")
    read_toml(file)
    assert not load_definitions([tmp_path], file).value.layouts.get("a")


def test_a_toml_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("a = 1\n" * (MOST_TOML_BYTES // 5), encoding="utf-8")
    found = read_toml(file)
    assert isinstance(found, Problem)
    assert "larger than 2 MB" in found.text()


@pytest.mark.parametrize("logo", [
    "../logo.png", "/etc/passwd", "\\\\\\\\server\\\\share\\\\a.png", "C:a.png",
    "a/../../b.png", "//server/share/a.png",
])  # fmt: skip
def test_a_logo_leads_nowhere_else(tmp_path: Path, logo: str) -> None:
    (tmp_path / "themes.toml").write_text(f'[ours]\nlogo = "{logo}"\n', encoding="utf-8")
    found = load_definitions([tmp_path])
    assert not found.value.themes
    [problem] = found.problems
    assert (problem.code, problem.where.line) == ("L004", 2)
    assert "must be the name of a PNG picture in the same folder" in problem.text()
