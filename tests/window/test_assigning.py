"""What a person says of a sheet, also of one that was recognised."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.model import Assignment
from workbook_builder.extracts.read_extracts import ReadFiles
from workbook_builder.problems import Result
from workbook_builder.record_sources import look
from workbook_builder.window.messages import ColumnChoice, DatasetChoice, SheetSummary
from workbook_builder.window.state import corrected_columns, meant_headings
from workbook_builder.window.view_models import definitions_loaded, file_summary

CHILD = ColumnChoice("child_id", frozenset({"childid"}))
DAY = ColumnChoice("contact_date", frozenset({"contactdate", "datereceived"}))
TEAM = ColumnChoice("team", frozenset({"team"}), required=False)
CONTACTS = DatasetChoice("contacts", "Contacts", (CHILD, DAY, TEAM))


def test_headings_that_are_known_are_chosen_beforehand() -> None:
    unknown = SheetSummary("", "Not recognised", "", False, ("Child ID", "Seen", "Team"), "m")
    assert meant_headings(CONTACTS, unknown) == {"child_id": "Child ID", "team": "Team"}
    read = unknown._replace(dataset="contacts", meanings=(("contact_date", "Seen"),))
    assert meant_headings(CONTACTS, read) == {"contact_date": "Seen"}, "as it was read"


def test_only_what_is_not_known_by_its_heading_is_remembered() -> None:
    sheet = SheetSummary("", "", "", True, ("Child ID", "Seen", "Team"), "m")
    chosen = {"child_id": "Child ID", "contact_date": "Seen", "team": ""}
    said = {"contact_date": "Seen", "team": ""}, "that the team of the file is not to be used"
    assert corrected_columns(CONTACTS, sheet, chosen) == said[0], said[1]
    without = sheet._replace(headings=("Child ID", "Seen"))
    assert corrected_columns(CONTACTS, without, chosen) == {"contact_date": "Seen"}


def test_a_recognised_sheet_is_read_by_another_column_when_a_person_says_so(
    tmp_path: Path,
) -> None:
    rows = "".join(f"C{at},{at + 1:02d}/07/2023,{at + 1:02d}/06/2023\n" for at in range(9))
    file = tmp_path / "contacts.csv"
    file.write_text(f"Child ID,Contact Date,Worked\n{rows}", encoding="utf-8")
    definitions = known_definitions().value
    cache: ReadFiles = FileCache()

    def read(assigned: dict[str, Assignment]) -> SheetSummary:
        looked = look(file, definitions, assigned, cache)
        return file_summary(looked.value, looked.problems, definitions).sheets[0]

    recognised = read({})
    assert recognised.dataset == "contacts"
    assert dict(recognised.meanings) == {"child_id": "Child ID", "contact_date": "Contact Date"}
    assert recognised.last == date(2023, 7, 9)
    said = read({recognised.mark: Assignment("contacts", {"contact_date": "Worked"})})
    assert (said.last, said.how) == (date(2023, 6, 9), "Chosen by you")
    assert said.mark == recognised.mark, "so that it can be taken back"


def test_an_optional_column_can_be_said_to_be_none(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    rows = "".join(f"C{at},{at + 1:02d}/07/2023,MASH\n" for at in range(9))
    file.write_text(f"Child ID,Contact Date,Team\n{rows}", encoding="utf-8")
    definitions = known_definitions().value
    choice = next(each for each in definitions_loaded(
        definitions, Result(definitions), "", None
    ).datasets if each.name == "contacts")  # fmt: skip

    def read(assigned: dict[str, Assignment]) -> SheetSummary:
        looked = look(file, definitions, assigned, FileCache())
        return file_summary(looked.value, looked.problems, definitions).sheets[0]

    recognised = read({})
    assert dict(recognised.meanings)["team"] == "Team"
    chosen = {**dict(recognised.meanings), "team": ""}
    said = {recognised.mark: Assignment("contacts", corrected_columns(choice, recognised, chosen))}
    assert "team" not in dict(read(said).meanings)
    again = corrected_columns(choice, read(said), chosen)
    assert again == {"team": ""}, "also when it is asked once more"
