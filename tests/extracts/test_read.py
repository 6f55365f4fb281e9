from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.loaded import LoadedExtracts, cells_of, read_extracts
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.problems import Result

FILES = ROOT / "workbook_builder" / "self_test" / "kinds"
STARTS = (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"\xff\xfe",
          b"Child ID,Date of referral\n")  # fmt: skip

Read = Callable[..., Result[LoadedExtracts]]


def faults(result: Result[LoadedExtracts]) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(p.code, p.where.column, p.where.rows) for p in result.problems]


def children(result: Result[LoadedExtracts]) -> list[str]:
    return cells_of(result.value.records["referrals"]["child_id"])


@pytest.mark.parametrize("ending", ["xlsx", "xls", "xlsb", "ods"])
def test_every_kind_of_workbook_gives_the_same_records(
    shipped: Mapping[str, Dataset], ending: str
) -> None:
    heard: list[str] = []
    file = FILES / f"referrals.{ending}"
    result = read_extracts([file], shipped, heard.append)
    records = result.value.records["referrals"]
    assert heard == [file.name]
    columns = {name: cells_of(column) for name, column in records.items()}
    assert columns["child_id"] == ["2000356653", "2000356654", "2000356655"]
    assert [day.day for day in columns["referral_date"]] == [4, 5, 6]
    assert columns["referral_nfa"] == [False, True, False]
    assert result.value.sheets[0].dataset == "referrals"
    assert {problem.code for problem in result.problems} <= {"X014"}


def test_records_have_the_columns_of_their_dataset_in_order_and_typed(
    read: Read, shipped: Mapping[str, Dataset]
) -> None:
    result = read(a__csv="Date of referral,Foo,Child ID\n01/07/2023 10:15,x, 7 \n")
    records = result.value.records["referrals"]
    assert list(records.columns) == list(shipped["referrals"].columns)
    types = {"id": str, "text": str, "date": date, "flag": bool, "integer": int}
    for name, column in shipped["referrals"].columns.items():
        assert all(type(cell) in (types[column.type], type(None)) for cell in records[name])
    assert cells_of(records["child_id"]) == ["7"]
    assert cells_of(records["referral_date"]) == [date(2023, 7, 1)]
    assert list(result.value.records) == ["referrals"]


def test_a_sheet_says_what_was_read(read: Read) -> None:
    content = "Referrals 01/07/2023 to 31/07/2023\n\nChild ID,Date of referral\n1,02/07/2023\n\n" \
              "2,09/07/2023\n3,\n"  # fmt: skip
    (sheet,) = read(a__csv=content).value.sheets
    assert (sheet.file, sheet.sheet, sheet.dataset) == ("a.csv", "", "referrals")
    assert sheet.recognised_by == ("Child ID", "Date of referral")
    assert (sheet.rows_read, sheet.rows_kept) == (3, 2)
    assert (sheet.first_day, sheet.last_day) == (date(2023, 7, 2), date(2023, 7, 9))
    assert sheet.stated == (date(2023, 7, 1), date(2023, 7, 31))


def test_faults_are_grouped_and_rows_counted_as_in_excel(read: Read) -> None:
    content = (
        "Title\n\nReferral Ref,Child ID,Date of referral,Referral NFA\n"
        "a,1,01/07/2023,Y\n,,,\nb,,01/07/2023,Y\nc,3,31/02/2023,Y\nd,4,02/07/2023,perhaps\n"
        "Referral Ref,Child ID,Date of referral,Referral NFA\ne,,02/07/2023,N\nTotal,6,,\n"
    )
    result = read(a__csv=content)
    assert children(result) == ["1", "4"]
    assert sorted(faults(result)) == [
        ("X022", "Child ID", (6, 10)), ("X023", "Date of referral", (7,)),
        ("X023", "Referral NFA", (8,)), ("X026", "", (11,)), ("X027", "", (9,)),
    ]  # fmt: skip


def test_a_total_is_left_out_wherever_it_stands(read: Read) -> None:
    content = "Referral ID,Child ID,Date of referral\ntotal,,\nb,2,01/07/2023\nSub-total,,\n,,\nEND OF REPORT,,\n"  # noqa: E501
    assert sorted(faults(read(a__csv=content))) == [
        ("X026", "", (2, 4, 6)),
    ]


def test_no_value_of_a_record_stands_in_a_problem(read: Read) -> None:
    secret = "SECRET"
    content = (
        "Child ID,Date of referral,Referral NFA,Team,Team Name\n"
        f"{secret},{secret},{secret},{secret},x,{secret}\n4.5E+09,01/07/2023,Y,a,b\n"
    )
    texts = " ".join(problem.text() for problem in read(a__csv=content, b__csv=secret).problems)
    assert secret not in texts


def test_days_that_may_be_american_are_not_guessed(read: Read) -> None:
    result = read(a__csv="Child ID,Date of referral\n1,07/31/2023\n2,07/08/2023\n3,08/08/2023\n")
    assert faults(result) == [
        ("X023", "Date of referral", (2, 3)), ("X025", "Date of referral", (2, 3)),
        ("X020", "", ()),
    ]  # fmt: skip
    assert children(result) == []  # nor is 08/08/2023: the column is trusted whole or not at all


def test_an_equal_file_under_another_name_counts_once(read: Read) -> None:
    content = "Child ID,Date of Contact\n1,01/07/2023\n1,01/07/2023\n"
    result = read(a__csv=content, b__csv=content)
    assert len(result.value.records["contacts"]) == 2
    assert faults(result) == [("X028", "", (2, 3))]


def test_a_wrong_ending_does_not_matter(read: Read) -> None:
    content = (FILES / "referrals.xlsx").read_bytes()
    result = read(a__xls=content, b__xls="Child ID\tDate of Contact\n1\t01/07/2023\n")
    assert set(result.value.records) == {"referrals", "contacts"}


def test_two_hundred_thousand_rows_are_read(read: Read) -> None:
    draw = random.Random(1)
    lines = (
        f"C{n},{draw.randrange(10**9, 10**10)},{draw.randint(1, 28):02d}/07/2023 10:{n % 60:02d},"
        f"Police,Referral,MASH,Harbour,note {n}\n"
        for n in range(200_000)
    )
    head = "Contact ID,Child ID,Contact Date,Contact Source,Contact Outcome,Team,Ward,Notes\n"
    content = head + "".join(lines)
    result = read(a__csv=content)
    assert len(result.value.records["contacts"]) == 200_000


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from(STARTS), content=st.binary(), ending=st.sampled_from(["csv", "xlsx"]))
def test_no_bytes_stop_it(read: Read, start: bytes, content: bytes, ending: str) -> None:
    result = read(**{f"a__{ending}": start + content})
    assert result.value.sheets or result.problems
