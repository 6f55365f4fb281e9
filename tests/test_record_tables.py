"""The command `records`: a council's records as tables, whole or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.test_run import days, quiet, write_contacts
from workbook_builder import record_tables
from workbook_builder.build_workbook import check
from workbook_builder.cli.commands import run_command
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.months import Month
from workbook_builder.record_tables import TablesWritten, write_record_tables
from workbook_builder.request import Request

FILES = ("S47_export.csv", "CIN and CP plans.xlsx", "Placements.csv", "population.csv")
TABLES = {"section_47_enquiries", "cin_plans", "cp_plans", "placements", "population"}


@pytest.fixture(scope="module")
def inputs(root: Path) -> list[Path]:
    return [root / "sample_inputs" / name for name in FILES]


@pytest.fixture(scope="module")
def tables(inputs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> TablesWritten:
    folder = tmp_path_factory.mktemp("tables")
    return write_record_tables(inputs, "Mere Vale", folder / "records", quiet)


def read(written: TablesWritten, table: str) -> pd.DataFrame:
    (file,) = (file for file, _ in written.files if file.parent.name == table)
    with duckdb.connect() as database:
        return database.execute("SELECT * FROM read_parquet(?)", [str(file)]).df()


def contacts(folder: Path, first: date, last: date, name: str = "contacts.csv") -> Path:
    write_contacts(folder / name, days(first, last))
    return folder / name


def test_a_file_for_each_list_with_the_name_in_every_row(tables: TablesWritten) -> None:
    assert {file.parent.name for file, _ in tables.files} == TABLES
    assert {file.name for file, _ in tables.files} == {"Mere Vale.parquet"}
    for file, number in tables.files:
        frame = read(tables, file.parent.name)
        assert len(frame) == number > 0
        assert set(frame["authority"]) == {"Mere Vale"}
        columns = known_definitions().value.datasets[file.parent.name].columns
        assert list(frame.columns) == [*(one for one in columns if one in frame), "authority"]
    assert "cp_plan_ola" in read(tables, "cp_plans")


def test_a_column_that_the_extract_lacks_is_not_a_blank_one(tmp_path: Path) -> None:
    extract = contacts(tmp_path, date(2023, 6, 1), date(2023, 7, 31))
    written = write_record_tables([extract], "Mere Vale", tmp_path / "records", quiet)
    assert "contact_source" not in read(written, "contacts")


def test_types_and_blanks_come_as_they_are_read(tables: TablesWritten) -> None:
    enquiries = read(tables, "section_47_enquiries")
    assert pd.api.types.is_datetime64_any_dtype(enquiries["s47_start_date"])
    assert enquiries["s47_end_date"].isna().sum() == enquiries["s47_nfa"].isna().sum() > 0
    assert set(enquiries["s47_nfa"].dropna()) == {True, False}
    plans = read(tables, "cp_plans")["number_of_previous_cp_plans"]
    assert plans.isna().any() and set(plans.dropna()) == {0, 1, 2, 3}
    assert read(tables, "placements")["placement_distance"].isna().any()


def test_the_records_as_csv_give_the_same_figures(inputs: list[Path], tmp_path: Path) -> None:
    written = write_record_tables(inputs, "Mere Vale", tmp_path, quiet, "csv")
    month = Month(2023, 7)
    files = tuple(file for file, _ in written.files)
    assert {file.suffix for file in files} == {".csv"}
    from_tables = check(Request(files, month=month), quiet)
    from_extracts = check(Request(tuple(inputs), month=month), quiet)
    assert list(from_tables.figures) == list(from_extracts.figures)
    assert sum(1 for figure in from_tables.figures if figure.value) > 100


def test_other_councils_tables_stay_and_own_old_ones_go(tmp_path: Path) -> None:
    extract = contacts(tmp_path, date(2023, 6, 1), date(2023, 7, 31))
    out = tmp_path / "records"
    for old in ("visits/Mere Vale.parquet", "contacts/Mere Vale.csv", "visits/North.parquet"):
        (out / old).parent.mkdir(parents=True, exist_ok=True)
        (out / old).write_text("old")
    written = write_record_tables([extract], "Mere Vale", out, quiet)
    assert [file.name for file, _ in written.files] == ["Mere Vale.parquet"]
    assert set(written.removed) == {
        out / "visits" / "Mere Vale.parquet", out / "contacts" / "Mere Vale.csv",
    }  # fmt: skip
    assert sorted(file.name for file in out.rglob("*.*")) == ["Mere Vale.parquet", "North.parquet"]


def test_a_list_that_no_workbook_holds_is_refused(tmp_path: Path) -> None:
    lines = [f"{child},03/07/2023,Team {child}" for child in range(1, 1200)]
    extract = tmp_path / "contacts.csv"
    extract.write_text("Child ID,Contact Date,Team\n" + "\n".join(lines), encoding="utf-8")
    out = tmp_path / "records"
    written = write_record_tables([extract], "Mere Vale", out, quiet)
    assert "M033" in {problem.code for problem in written.problems}
    assert not written.files and not out.exists()


def test_a_fault_while_writing_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = contacts(tmp_path, date(2023, 6, 1), date(2023, 7, 31))
    out = tmp_path / "records"
    old = out / "contacts" / "Mere Vale.parquet"
    old.parent.mkdir(parents=True)
    old.write_text("old")

    def full(*whatever: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record_tables, "write_table", full)
    written = write_record_tables([extract], "Mere Vale", out, quiet)
    assert [problem.code for problem in written.problems][-1] == "E021"
    assert not written.files
    assert [file.read_text() for file in old.parent.iterdir()] == ["old"]


@pytest.mark.parametrize("authority", ["all", " ", "/"])
def test_a_name_that_is_no_councils(authority: str, tmp_path: Path) -> None:
    written = write_record_tables([tmp_path], authority, tmp_path / "records", quiet)
    assert [problem.code for problem in written.problems] == ["E011"]


def test_a_name_with_odd_characters_stays_whole_in_the_rows(tmp_path: Path) -> None:
    extract = contacts(tmp_path, date(2023, 6, 1), date(2023, 7, 31))
    written = write_record_tables([extract], "Bath / St. Ann's", tmp_path / "records", quiet)
    assert [file.name for file, _ in written.files] == ["Bath _ St_ Ann's.parquet"]
    assert set(read(written, "contacts")["authority"]) == {"Bath / St. Ann's"}


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extract = contacts(tmp_path, date(2023, 6, 1), date(2023, 7, 31))
    out = tmp_path / "records"
    words = ["records", str(extract), "--out", str(out), "--authority", "Mere Vale"]
    assert run_command(words) == 0
    said = capsys.readouterr().out
    assert f"{out / 'contacts' / 'Mere Vale.parquet'}: 61 records" in said
    assert "Keep them where such records may be kept." in said
    assert run_command([*words[:2], "--out", str(extract), *words[4:]]) == 2
    assert "[E021]" in capsys.readouterr().err
