from __future__ import annotations

import locale
from datetime import date

import pytest

from workbook_builder.months import Month, day_label, months_between, months_ending, months_text

JULY = Month(2023, 7)


@pytest.mark.parametrize("text", ["2023-07", " 2023-07 "])
def test_a_month_is_read_from_text(text: str) -> None:
    assert Month.parse(text) == JULY


@pytest.mark.parametrize("text", ["2023-7", "2023-13", "2023-00", "07-2023", "2023-07-01", ""])
def test_other_text_is_no_month(text: str) -> None:
    assert Month.parse(text) is None


def test_a_month_is_written_as_it_is_read() -> None:
    assert Month.parse(str(Month(987, 1).plus(0))) == Month(987, 1)
    assert str(JULY) == "2023-07"


def test_a_month_holds_its_days() -> None:
    assert (Month(2024, 2).first_day, Month(2024, 2).last_day) == (
        date(2024, 2, 1),
        date(2024, 2, 29),
    )
    assert Month.of(date(2023, 7, 31)) == JULY


@pytest.mark.parametrize(
    ("months", "expected"),
    [(0, "2023-07"), (5, "2023-12"), (6, "2024-01"), (-6, "2023-01"), (-7, "2022-12"),
     (-31, "2020-12"), (12, "2024-07")],
)  # fmt: skip
def test_months_are_counted_on(months: int, expected: str) -> None:
    assert str(JULY.plus(months)) == expected


@pytest.mark.parametrize(
    ("month", "year"),
    [
        ("2023-03", "2022-23"),
        ("2023-04", "2023-24"),
        ("2024-01", "2023-24"),
        ("1999-12", "1999-00"),
    ],
)
def test_the_financial_year_begins_in_april(month: str, year: str) -> None:
    found = Month.parse(month)
    assert found
    assert found.financial_year == year


def test_labels_are_english_whatever_the_language_of_the_computer() -> None:
    before = locale.setlocale(locale.LC_TIME)
    try:
        for language in ("de_DE.UTF-8", "cy_GB.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_TIME, language)
            except locale.Error:
                continue  # not installed here
            assert [Month(2009, number).label for number in (3, 5, 10)] == [
                "Mar-09",
                "May-09",
                "Oct-09",
            ]
            assert day_label(date(2023, 12, 4)) == "4 Dec 2023"
    finally:
        locale.setlocale(locale.LC_TIME, before)


def test_months_end_with_the_last() -> None:
    assert months_ending(JULY, 2) == (Month(2023, 6), JULY)
    year = months_ending(JULY, 13)
    assert (len(year), year[0], year[-1]) == (13, Month(2022, 7), JULY)


def test_months_between_hold_both_ends() -> None:
    assert [str(one) for one in months_between(Month(2022, 12), Month(2023, 2))] == [
        "2022-12", "2023-01", "2023-02",
    ]  # fmt: skip
    assert list(months_between(JULY, JULY)) == [JULY]
    assert list(months_between(JULY, Month(2023, 6))) == []


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ""),
        (["2023-07"], "Jul-23"),
        (["2022-09", "2022-07", "2022-08"], "Jul-22 to Sep-22"),
        (["2022-12", "2023-01", "2023-03"], "Dec-22 to Jan-23, Mar-23"),
    ],
)
def test_months_are_written_in_runs(texts: list[str], expected: str) -> None:
    months = [month for text in texts if (month := Month.parse(text))]
    assert months_text(months) == expected
