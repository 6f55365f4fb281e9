"""Builds that go wrong, or nearly: a clear problem, never a traceback, never a wrong zero."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from workbook_builder.build_workbook import build
from workbook_builder.figures import Status
from workbook_builder.months import Month
from workbook_builder.request import Outcome, Progress, Request

JULY = Month(2023, 7)
WRITTEN = datetime(2023, 8, 3, 9, 0, 0)


def quiet(progress: Progress) -> None:
    """Progress that nobody watches."""


def days(first: date, last: date) -> Iterable[date]:
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


def write_contacts(file: Path, dates: Iterable[date], title: str = "") -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        if title:
            out.write(f"{title}\n\n")
        writer = csv.writer(out)
        writer.writerow(["Child ID", "Contact Date"])
        writer.writerows([f"{at:010d}", day.strftime("%d/%m/%Y")] for at, day in enumerate(dates))
    return file


def built(folder: Path, *inputs: Path, month: Month | None = None) -> Outcome:
    request = Request(inputs=inputs, month=month, out=folder / "board.xlsx")
    return build(request, quiet)


def codes(outcome: Outcome) -> set[str]:
    return {problem.code for problem in outcome.problems}


def test_an_extract_that_ends_mid_month_leaves_the_month_blank(tmp_path: Path) -> None:
    dates = days(date(2022, 7, 1), date(2023, 7, 14))
    outcome = built(tmp_path, write_contacts(tmp_path / "c.csv", dates), month=JULY)
    july = outcome.figures.get("contacts", JULY)
    june = outcome.figures.get("contacts", Month(2023, 6))
    assert july and july.value is None
    assert july.status is Status.UNFINISHED
    assert june and june.value == 30
    text = next(p.text() for p in outcome.problems if p.code == "M003")
    assert "Jul-23" in text
    assert "14 Jul 2023" in text


def test_an_unfinished_month_is_not_proposed_as_the_reporting_month(tmp_path: Path) -> None:
    dates = days(date(2022, 7, 1), date(2023, 7, 14))
    outcome = built(tmp_path, write_contacts(tmp_path / "c.csv", dates))
    assert outcome.month == Month(2023, 6)


def test_a_month_without_records_is_blank_not_zero(tmp_path: Path) -> None:
    dates = [day for day in days(date(2022, 7, 1), date(2023, 7, 31)) if day.month != 11]
    outcome = built(tmp_path, write_contacts(tmp_path / "c.csv", dates))
    november = outcome.figures.get("contacts", Month(2022, 11))
    assert november and november.value is None
    assert november.status is Status.NO_RECORDS
    assert "M004" in codes(outcome)


def test_a_stated_period_makes_an_empty_month_a_zero(tmp_path: Path) -> None:
    dates = [day for day in days(date(2022, 7, 1), date(2023, 7, 31)) if day.month != 11]
    title = "Contacts received. Period: 01/07/2022 to 31/07/2023"
    outcome = built(tmp_path, write_contacts(tmp_path / "c.csv", dates, title))
    november = outcome.figures.get("contacts", Month(2022, 11))
    assert november and november.value == 0
    assert november.status is Status.CALCULATED


def test_missing_extracts_leave_blanks_with_one_problem_each(tmp_path: Path) -> None:
    dates = days(date(2022, 7, 1), date(2023, 7, 31))
    outcome = built(tmp_path, write_contacts(tmp_path / "c.csv", dates))
    assert outcome.written
    missing = [problem.text() for problem in outcome.problems if problem.code == "M001"]
    assert len(missing) == len(set(missing))
    assert any("no extract of Referrals was given" in text for text in missing)
    cp = outcome.figures.get("cp_plan_rate", JULY)
    assert cp and cp.value is None


def test_an_empty_file_says_so_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    outcome = built(tmp_path, tmp_path / "empty.csv")
    assert outcome.failed
    assert "empty.csv" in " ".join(problem.text() for problem in outcome.problems)
    assert not (tmp_path / "board.xlsx").exists()


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "photo.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    outcome = built(tmp_path, tmp_path / "photo.xlsx")
    assert outcome.failed
    assert any("photo.xlsx" in problem.text() for problem in outcome.problems)


def test_a_required_column_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("Contact Date,Contact ID\n01/07/2023,1\n", encoding="utf-8")
    outcome = built(tmp_path, tmp_path / "r.csv")
    text = " ".join(problem.text() for problem in outcome.problems)
    assert outcome.failed
    assert "Contacts" in text
    assert '"Child ID"' in text


def test_a_month_that_no_extract_reaches_writes_nothing(tmp_path: Path) -> None:
    dates = days(date(2022, 7, 1), date(2023, 7, 31))
    outcome = built(tmp_path, write_contacts(tmp_path / "c.csv", dates), month=Month(2019, 1))
    assert "R004" in codes(outcome)
    assert outcome.written is None


def test_the_old_workbook_survives_a_failed_build(tmp_path: Path) -> None:
    old = tmp_path / "board.xlsx"
    old.write_bytes(b"old")
    (tmp_path / "empty.csv").touch()
    assert built(tmp_path, tmp_path / "empty.csv").failed
    assert old.read_bytes() == b"old"


def test_the_output_may_not_be_an_input(tmp_path: Path) -> None:
    dates = days(date(2022, 7, 1), date(2023, 7, 31))
    file = write_contacts(tmp_path / "board.xlsx", dates)
    before = file.read_bytes()
    outcome = built(tmp_path, file)
    assert "R003" in codes(outcome)
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", ["board.csv", "board"])
def test_the_output_must_be_a_workbook(tmp_path: Path, name: str) -> None:
    file = write_contacts(tmp_path / "c.csv", days(date(2023, 6, 1), date(2023, 7, 31)))
    outcome = build(Request((file,), out=tmp_path / name), quiet)
    assert "R003" in codes(outcome)
    assert not (tmp_path / name).exists()


def test_an_output_folder_takes_the_layouts_file_name(tmp_path: Path) -> None:
    file = write_contacts(tmp_path / "c.csv", days(date(2023, 6, 1), date(2023, 7, 31)))
    outcome = build(Request((file,), out=tmp_path), quiet)
    assert outcome.written == tmp_path / "Board data tables Jul-23.xlsx"


def test_teams_add_up_to_the_service_where_each_record_has_one_team(sample_build: Outcome) -> None:
    for measure in ("contacts", "referrals", "assessments_completed"):
        figures = [one for one in sample_build.figures if one.measure == measure]
        for month in {one.month for one in figures}:
            here = [one for one in figures if one.month == month]
            whole = sum(one.value or 0 for one in here if not one.team)
            assert whole == sum(one.value or 0 for one in here if one.team) > 0


def test_progress_names_each_file_and_ends(root: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    names = ("Contacts 2022-23.csv", "care leavers.xlsx")
    files = tuple(root / "sample_inputs" / name for name in names)
    build(Request(files, out=tmp_path / "board.xlsx"), seen.append)
    for name in names:
        assert any(name in progress.doing for progress in seen)
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert seen[-1].done == seen[-1].total


def test_a_caseload_sheet_without_caseloads_is_reported(tmp_path: Path) -> None:
    days = "\n".join(f"C{day},{day:02}/07/2023" for day in range(1, 32) for _ in range(4))
    (tmp_path / "contacts.csv").write_text("Child ID,Contact Date\n" + days, encoding="utf-8")
    layout = tmp_path / "mine.toml"
    layout.write_text(
        'title = "Mine"\nmonths = 1\n[[tables]]\nname = "T"\ntitle = "T"\n'
        'columns = ["indicator", "months"]\nrows = [{ measure = "contacts" }]\n'
        '[[caseloads]]\nname = "Caseloads"\ntitle = "Caseloads"\n',
        encoding="utf-8",
    )
    request = Request((tmp_path / "contacts.csv",), layout=str(layout), out=tmp_path / "o.xlsx")
    outcome = build(request, quiet)
    (found,) = (one for one in outcome.problems if one.code == "M031")
    assert "No caseload list was given." in found.what
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx")["Caseloads"]
    assert any(cell.value and "No caseload list was given." in str(cell.value)
               for row in sheet.iter_rows() for cell in row)  # fmt: skip
