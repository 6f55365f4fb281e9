"""The commands in the pages for users work as they are written, and do what the page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import ROOT, SAMPLE_INPUTS
from workbook_builder.cli.commands import parse_arguments, run_command

PAGES = sorted(
    page
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    if "decisions" not in page.parts
)
#: What a page writes in place of a user's own words.
OWN = {
    "FILE": "f.csv",
    "EXTRACTS": "e",
    "INPUT...": "e",
    "MEASURE": "contacts",
    "MEASURE...": "contacts",
}


def commands_of(page: Path) -> list[str]:
    """The command lines of a page's blocks of code that call the program."""
    blocks = re.findall(r"```(?:sh|powershell|)\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    program = r"(?:\.venv/bin/|\"?[\w:\\ ]*\\)?workbook-builder(?:\.exe\"?)?"
    calls = [re.search(rf"(?:^|&& ){program} (\w.*|--version)$", line) for line in lines]
    return [call[1].partition("   ")[0] for call in calls if call]


def words_of(command: str) -> list[str]:
    return [OWN.get(word, word) for word in shlex.split(command.partition(" #")[0])]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_is_one_of_the_program(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "extracts").mkdir()
    monkeypatch.chdir(tmp_path)
    if page.stem == "command-line":
        pytest.skip("a synopsis, not commands")
    for command in commands_of(page):
        assert parse_arguments(words_of(command)).command is not None, command


def run_page(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run the commands of a page in a folder beside the sample inputs; each must end well."""
    (folder / "sample_inputs").symlink_to(SAMPLE_INPUTS)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(folder / "own"))
    commands = commands_of(ROOT / "docs" / name)
    for command in commands:
        assert run_command(words_of(command)) == 0, command
    return commands


@pytest.mark.slow
def test_the_tutorial_keeps_its_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(run_page("tutorial.md", tmp_path, monkeypatch)) == 4
    out = capsys.readouterr().out
    assert "Contacts 2022-23.csv: contacts, 22,894 rows, 1 Jul 2022 to 3 Aug 2023" in out
    assert "Reporting month Jul-23" in out
    assert "Numerator" in out
    assert "Denominator" in out
    text = (ROOT / "docs" / "tutorial.md").read_text("utf-8").partition("## 4.")[2]
    sheets = openpyxl.load_workbook(tmp_path / "board.xlsx", read_only=True).sheetnames
    named = re.findall(r"\*\*([A-Z][\w ]+)\*\*", text)
    assert len(named) > 8
    assert set(named) <= set(sheets)
    assert (tmp_path / "scorecard.xlsx").exists()


@pytest.mark.slow
def test_the_monthly_routine_carries_on_from_last_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(run_page("how-to/month-by-month.md", tmp_path, monkeypatch)) == 3
    sources = openpyxl.load_workbook(tmp_path / "july.xlsx", read_only=True)["Sources"]
    cells = {cell for row in sources.iter_rows(values_only=True) for cell in row}
    assert "last month's workbook" in cells


def test_the_first_set_up_writes_a_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(tmp_path))
    first, *others = commands_of(ROOT / "docs" / "how-to" / "set-up-your-council.md")
    assert run_command(words_of(first)) == 0
    assert 'authority = "Leeds"' in (tmp_path / "council.toml").read_text("utf-8")
    assert str(tmp_path / "council.toml") in capsys.readouterr().out
    assert len(others) == 2
