"""The Sources sheet: every file, what became of its rows, and nothing of a record."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from tests.history.chain import rows
from tests.history.conftest import Council
from workbook_builder import build_workbook
from workbook_builder.plan_workbook import BuiltFrom, plan_workbook
from workbook_builder.sheets.plan import Plan


def sources(workbook: Path) -> dict[str, dict[str, object]]:
    found = rows(workbook, "Sources", "t_sources")
    return {f"{row['File']}/{row['Sheet'] or ''}": row for row in found}


def facts(workbook: Path) -> dict[str, str]:
    sheet = openpyxl.load_workbook(workbook)["Sources"]
    return {str(row[0].value): str(row[1].value) for row in sheet.iter_rows(min_row=4, max_row=12)}


def test_every_file_stands_there_with_its_checksum_and_rows(council: Council) -> None:
    contacts = council.inputs / "contacts.csv"
    with contacts.open("a", encoding="utf-8") as file:
        file.write("7777777,,01/06/2023,School,North\n8888888,8888888,June,School,North\n")
    (council.inputs / "notes.csv").write_text("Thing,Other\n1,2\n", "utf-8")
    before = council.june.read_bytes()
    outcome = council.july(council.june)
    assert outcome.written
    found = sources(outcome.written)
    row = found["contacts.csv/"]
    assert row["Read as"] == "Contacts"
    assert row["SHA-256"] == hashlib.sha256(contacts.read_bytes()).hexdigest()
    assert row["Size in bytes"] == contacts.stat().st_size
    assert row["Rows not counted"] == 2
    assert row["Rows read"] == int(str(row["Rows kept"])) + 2
    assert row["Why not counted"] == "A required cell is blank: 1 row; A cell cannot be read: 1 row"
    assert found["notes.csv/"]["Read as"] == "not used"
    past = found["june.xlsx/Figures"]
    assert past["Read as"] == "last month's workbook"
    assert past["SHA-256"] == hashlib.sha256(before).hexdigest()
    assert not any("8888888" in str(cell) for one in found.values() for cell in one.values())


def test_who_built_it_from_which_layout_and_when(council: Council) -> None:
    outcome = council.july(council.june)
    assert outcome.written
    said = facts(outcome.written)
    assert said["Council"] == "Somewhere"
    assert said["Author named in the layout"] == "A team"
    assert said["Layout"] == "chain (chain.toml)"
    assert said["Program"].startswith("Workbook Builder ")
    assert said["Written"] == "2023-07-28 09:00"
    layout = council.layout.read_text("utf-8")
    council.layout.write_text(layout + "\n# a remark\n", "utf-8")
    again = council.july(council.june)
    assert again.written
    digest = "Definitions (start of their SHA-256)"
    assert facts(again.written)[digest] != said[digest]


def test_a_definition_leads_to_its_files(council: Council) -> None:
    outcome = council.july(council.june)
    assert outcome.written
    notes = {row["Indicator"]: row for row in rows(outcome.written, "Notes", "t_definitions")}
    taken_for = {row["Read as"] for row in sources(outcome.written).values()}
    extracts = str(notes["Rate of contacts"]["Extracts (see Sources)"]).split("; ")
    assert set(extracts) == {"Contacts", "Population"}
    assert set(extracts) <= taken_for


def test_what_was_kept_from_the_workbook_that_is_replaced_is_counted(council: Council) -> None:
    first = council.july(council.june)
    assert first.written
    name = "Kept from the workbook that this one replaces"
    assert name not in facts(first.written)

    def edit(book: openpyxl.Workbook) -> None:
        book["Commentary"]["F4"] = "Typed."
        book["Figures"]["F4"] = 77

    council.change(edit, first.written)
    for _ in range(2):
        again = council.july(council.june)
        assert again.written
        assert facts(again.written)[name] == "1 comment, 1 figure"


def test_no_file_is_read_twice(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Notes").append(["Thing", "Other"])
    book.save(council.inputs / "people.xlsx")
    reads: Counter[str] = Counter()
    read_bytes = Path.read_bytes

    def counting(path: Path) -> bytes:
        reads[str(path)] += 1
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counting)
    outcome = council.july(council.june)
    assert outcome.written
    found = sources(outcome.written)
    assert {key.split("/", maxsplit=1)[0] for key in found} >= {"contacts.csv", "people.xlsx"}
    assert {str(path) for path in (*council.inputs.iterdir(), council.june)} < set(reads)
    del reads[str(council.layout)]  # whether it is a layout is looked at first
    assert set(reads.values()) == {1}


def test_the_checksum_is_that_of_what_was_read(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = council.inputs / "contacts.csv"
    was_read = hashlib.sha256(contacts.read_bytes()).hexdigest()

    def saved_anew(built: BuiltFrom) -> Plan:
        contacts.write_text("of next month", "utf-8")
        return plan_workbook(built)

    monkeypatch.setattr(build_workbook, "plan_workbook", saved_anew)
    outcome = council.july(council.june)
    assert outcome.written
    assert contacts.read_text("utf-8") == "of next month"
    assert sources(outcome.written)["contacts.csv/"]["SHA-256"] == was_read
