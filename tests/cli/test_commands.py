"""The command line as a person meets it: what it prints, and its exit status."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbook_builder.cli.commands import run_command

COMMAND = (sys.executable, "-m", "workbook_builder")


def called(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error::DeprecationWarning:workbook_builder"},
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("built")


@pytest.fixture(scope="module")
def inputs(root: Path) -> list[Path]:
    """A few of the sample's files, of three formats."""
    names = ("rpt62_referrals.csv", "care leavers.xlsx", "strategy discussions.txt")
    return [root / "sample_inputs" / name for name in names]


@pytest.fixture(scope="module")
def built(inputs: list[Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """A build without further wishes, in a folder of its own."""
    return called("build", *inputs, cwd=folder)


def test_each_kind_of_warning_is_one_line_and_notes_are_counted(
    built: subprocess.CompletedProcess[str],
) -> None:
    lines = built.stderr.splitlines()
    codes = [line[line.rindex("[") : line.rindex("]")] for line in lines if "[" in line]
    assert codes
    assert len(codes) == len(set(codes))
    assert lines[-1].endswith("more. --verbose prints all.")
    assert not [line for line in lines if line.startswith("Note: ")]


def test_lists_that_were_not_given_are_one_line(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = root / "sample_inputs" / "Contacts 2022-23.csv", tmp_path / "board.xlsx"
    assert run_command(["build", str(given), "--out", str(out)]) == 0
    done = capsys.readouterr()
    lines = [line for line in done.err.splitlines() if "not given" in line and "M001" in line]
    (line,) = lines
    assert "lists were not given (" in line
    assert " and 1" in line
    assert "so 82 of 83 indicators are blank." in line
    assert f"Written: {out}" in done.out
    assert len((done.out + done.err).splitlines()) <= 15
    assert len(done.out + done.err) <= 1_500
    assert run_command(["check", str(given), "--verbose"]) == 0
    assert "Warning: no extract of Referrals was given." in capsys.readouterr().err


def test_piped_output_has_no_progress_bar(built: subprocess.CompletedProcess[str]) -> None:
    assert "|" not in built.stdout + built.stderr
    assert "\r" not in built.stdout + built.stderr


@pytest.mark.skipif(shutil.which("script") is None, reason="needs script(1) for a terminal")
def test_a_terminal_shows_progress(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "board.xlsx"
    inputs = f"'{root / 'sample_inputs' / 'Contacts 2022-23.csv'}'"
    command = f"{sys.executable} -m workbook_builder build {inputs} --out {out}"
    line = f"stty cols 120 rows 40; {command}"
    done = subprocess.run(
        ["script", "-qec", line, "/dev/null"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "Reading Contacts" in done.stdout
    assert "Writing the workbook" in done.stdout


def test_without_out_the_layout_names_the_file(
    built: subprocess.CompletedProcess[str], folder: Path
) -> None:
    assert built.returncode == 0, built.stderr
    (file,) = folder.iterdir()
    assert file.name == "Board data tables Jul-23.xlsx"
    assert f"Written: {file.name}" in built.stdout
    assert "Reporting month Jul-23" in built.stdout
    assert "Traceback" not in built.stderr


def test_check_says_what_each_file_was_taken_for_and_writes_nothing(
    inputs: list[Path], tmp_path: Path
) -> None:
    done = called("check", *inputs, cwd=tmp_path)
    assert done.returncode == 0
    assert 'care leavers.xlsx, sheet "Care leavers": Care leavers, 401 rows' in done.stdout
    assert "\nNote: " in done.stderr
    assert not list(tmp_path.iterdir())


def test_layouts_lists_layouts_and_measures() -> None:
    done = called("layouts")
    assert done.returncode == 0
    assert "board: Board Data Tables, 13 months" in done.stdout
    assert "cp_plan_rate: Rate of children subject to CP plans" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nowhere", "--layout", "bord"], 'Did you mean "board"?'),
        (["build", "nowhere", "--suppress-under", "-3"], "is not from 2 to 50"),
    ],
)
def test_faulty_wishes_exit_with_2_and_words(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_command(arguments) == 2
    assert words in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nowhere"], "nowhere"),
        (["build", "nowhere", "--month", "July"], "write it as 2023-07"),
        (["check", "nowhere", "--suppress-under", "few"], "neither a whole number nor off"),
        (["frobnicate"], "invalid choice"),
        (["build"], "INPUT"),
    ],
)
def test_faults_end_the_program_with_2_and_words(
    arguments: list[str], words: str, tmp_path: Path
) -> None:
    done = called(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_version_is_the_one_of_the_project(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{called("--version").stdout.strip()}"' in text


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from workbook_builder.cli import commands; "
        "print([m for m in ('pandas','duckdb','pydantic','sqlglot','xlsxwriter') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert called("--help").returncode == 0


def test_a_build_imports_no_library_that_it_does_not_need(
    inputs: list[Path], tmp_path: Path
) -> None:
    # Only last month's workbook needs openpyxl, only many councils' tables need Spark.
    code = (
        "import sys; from workbook_builder.cli.commands import run_command; "
        f"run_command(['build', *{[*map(str, inputs)]}, '--out', 'out.xlsx']); "
        "print([m for m in ('openpyxl', 'pyspark', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
