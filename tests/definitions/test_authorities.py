"""The list of authorities: whole, consistent, and found by codes and names as people write them."""

from __future__ import annotations

import pytest

from workbook_builder.definitions.authorities import english_authorities

KNOWN = english_authorities()
REGIONS = {
    "East Midlands", "East of England", "Inner London", "North East", "North West", "Outer London",
    "South East", "South West", "West Midlands", "Yorkshire and The Humber",
}  # fmt: skip


def test_the_list_is_whole() -> None:
    assert len(KNOWN.today) == 153
    assert {each.region for each in KNOWN.by_code.values()} == REGIONS
    codes = [code for each in KNOWN.by_code.values() for code in (each.code, *each.ons_codes)]
    assert len(set(codes)) == len(codes)
    assert len({each.name for each in KNOWN.today}) == 153


def test_each_authority_has_ten_neighbours_of_2025_and_a_population() -> None:
    for each in KNOWN.today:
        assert len(set(each.neighbours["2025"]) - {each.code}) == 10, each.name
        assert each.populations["children_0_17"][2024] > 0
        assert set(each.neighbours["2025"]) <= {one.code for one in KNOWN.today}
    lacking = {each.name for each in KNOWN.today if len(each.neighbours.get("2021", ())) != 10}
    assert lacking == {"Cumberland", "Westmorland and Furness"}  # they were new in 2023


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("852", "852"),
        ("E06000045", "852"),
        ("Southampton City Council", "852"),
        ("southampton", "852"),
        ("North Yorkshire", "815"),
        ("E10000023", "815"),
        ("Somerset Council", "933"),
        ("Cumberland", "942"),
        ("Westmorland & Furness", "943"),
        ("North Northamptonshire", "940"),
        ("West Northamptonshire Council", "941"),
        ("Dorset", "838"),
        ("Bristol", "801"),
        ("Hull City Council", "810"),
        ("Herefordshire Council", "884"),
        ("London Borough of Camden", "202"),
        ("Durham County Council", "840"),
        ("City of London", "201"),
        ("Royal Borough of Kensington and Chelsea", "207"),
    ],
)
def test_an_authority_is_found_as_people_write_it(text: str, code: str) -> None:
    found = KNOWN.find(text)
    assert found
    assert found.code == code


@pytest.mark.parametrize("text", ["", "Council", "Southamton", "Northamptonshire City of", "999"])
def test_what_means_none_or_an_ended_one_is_not_taken_for_another(text: str) -> None:
    found = KNOWN.find(text)
    assert found is None or found.until


def test_an_authority_is_called_as_people_call_it() -> None:
    bristol, southampton = KNOWN.find("Bristol"), KNOWN.find("Southampton")
    assert bristol
    assert southampton
    assert (bristol.name, bristol.short_name) == ("Bristol, City of", "Bristol")
    assert southampton.short_name == southampton.name


def test_near_names_are_proposed() -> None:
    assert KNOWN.near("Southamton")[0] == "Southampton"
    assert KNOWN.near("northampton")[:2] == ("North Northamptonshire", "West Northamptonshire")
    assert KNOWN.near("zzzzzz") == ()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Cumbria", "Cumbria ended on 31 Mar 2023; now Cumberland and Westmorland and Furness."),
        ("Northamptonshire", "now North Northamptonshire and West Northamptonshire."),
        ("Poole", "now Bournemouth, Christchurch and Poole."),
        ("Leeds", ""),
    ],
)
def test_an_ended_authority_says_what_followed(name: str, words: str) -> None:
    found = KNOWN.find(name)
    assert found
    assert KNOWN.ending(found).endswith(words)
    assert bool(words) == bool(KNOWN.ending(found))


def test_a_code_and_a_name_are_the_same_authority() -> None:
    assert KNOWN.are_same("852", "Southampton")
    assert KNOWN.are_same("Ourtown", "our town")
    assert not KNOWN.are_same("Ourtown", "Southampton")
