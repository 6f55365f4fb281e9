"""Published stays published, until somebody asks for today's figures."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.history.chain import (
    LAYOUT,
    Contact,
    Key,
    expected,
    figures_in,
    grown,
    layout_in,
    rows,
    write_extracts,
)
from tests.history.conftest import JULY, Council
from workbook_builder.figures import Recalculation
from workbook_builder.months import Month
from workbook_builder.request import Outcome

MAY, APRIL = Month(2023, 5), Month(2023, 4)
#: What was published in June's workbook, and what July's extracts give.
PUBLISHED, TODAY = 15, 18
MORE = [Contact(99_000_000 + at, MAY.first_day, "Police", "North") for at in range(3)]


@pytest.fixture
def corrected(council: Council) -> Council:
    """A council that found three contacts of May, all by the police, after it had published May."""
    contacts = dict(grown())[JULY]
    write_extracts(council.inputs, [*contacts, *MORE], JULY)
    return council


def figure(outcome: Outcome, measure: str, month: Month, team: str = "") -> float | None:
    found = outcome.figures.get(measure, month, team)
    return found.value if found else None


def revised(outcome: Outcome) -> dict[Key, dict[str, object]]:
    assert outcome.written
    found: dict[Key, dict[str, object]] = {}
    for row in rows(outcome.written, "Revisions", "t_revisions"):
        month = Month.parse(str(row["month"]))
        if month:
            found[str(row["measure"]), month, str(row["team"] or "")] = row
    return found


def codes(outcome: Outcome) -> set[str]:
    return {problem.code for problem in outcome.problems}


def test_published_stays_and_the_difference_is_listed_and_explained(corrected: Council) -> None:
    outcome = corrected.july(corrected.june)
    assert figure(outcome, "own_contacts", MAY) == PUBLISHED
    row = revised(outcome)["own_contacts", MAY, ""]
    assert (row["published"], row["recalculated"], row["difference"]) == (PUBLISHED, TODAY, 3)
    assert row["title"] == "Contacts"
    assert row["what explains it"] == "3 more records."
    assert row["action"] == "kept"
    police = revised(outcome)["own_police", MAY, ""]
    assert police["what explains it"] == (
        "3 more records in the numerator, 3 more records in the denominator."
    )
    assert revised(outcome)["own_rate", MAY, ""]["what explains it"] == "3 more counted."
    assert "H015" in codes(outcome)


def test_the_changed_cells_are_marked_with_fill_and_note(corrected: Council) -> None:
    outcome = corrected.july(corrected.june)
    assert outcome.written
    sheet = openpyxl.load_workbook(outcome.written)["Contacts"]
    headings = [cell.value for cell in sheet[3]]
    marked, plain = sheet.cell(4, headings.index("May-23") + 1), sheet.cell(4, 4)
    assert marked.fill.fgColor.rgb == "FFFFF2AB"
    assert marked.value == PUBLISHED
    assert marked.comment
    assert marked.comment.text == (
        "As published. Today's data gives 18. 3 more records. See the Revisions sheet of Jul-23."
    )
    assert plain.comment is None
    assert plain.fill.fgColor.rgb != "FFFFF2AB"


def test_recalculation_takes_todays_figures_and_shows_what_was_replaced(
    corrected: Council,
) -> None:
    outcome = corrected.july(corrected.june, recalculate=Recalculation())
    assert figure(outcome, "own_contacts", MAY) == TODAY
    north = expected([*dict(grown())[JULY], *MORE], [MAY])["own_contacts", MAY, "North"]
    assert figure(outcome, "own_contacts", MAY, "North") == north
    row = revised(outcome)["own_contacts", MAY, ""]
    assert (row["published"], row["recalculated"], row["action"]) == (PUBLISHED, TODAY, "replaced")
    assert {"H020"} <= codes(outcome)
    assert "H015" not in codes(outcome)


def test_a_measure_is_recalculated_with_all_that_hangs_together_with_it(
    corrected: Council,
) -> None:
    wish = Recalculation(("own_rate",))
    outcome = corrected.july(corrected.june, recalculate=wish)
    assert figure(outcome, "own_contacts", MAY) == TODAY
    assert figure(outcome, "own_twice", MAY) == 2 * TODAY
    assert figure(outcome, "own_rate", MAY) == pytest.approx(TODAY / 5)
    assert figure(outcome, "own_police", MAY) == pytest.approx(5 / 15)
    assert revised(outcome)["own_police", MAY, ""]["action"] == "kept"


def test_recalculation_from_a_month_on_leaves_the_months_before(corrected: Council) -> None:
    kept = corrected.july(corrected.june, recalculate=Recalculation(since=MAY.plus(1)))
    assert figure(kept, "own_contacts", MAY) == PUBLISHED
    renewed = corrected.july(corrected.june, recalculate=Recalculation(since=MAY))
    assert figure(renewed, "own_contacts", MAY) == TODAY


def test_a_measure_that_is_not_known_is_not_recalculated_in_silence(corrected: Council) -> None:
    outcome = corrected.july(corrected.june, recalculate=Recalculation(("own_contact",)))
    assert outcome.written is None
    (problem,) = [one for one in outcome.problems if one.code == "R005"]
    assert 'Did you mean "own_contacts"?' in problem.what


@pytest.mark.parametrize(
    ("rule", "listed"),
    [("more_than = 2", True), ("more_than = 3", False), ("percent = 19", True),
     ("percent = 20", False), ("more_than = 2\npercent = 25", False)],
)  # fmt: skip
def test_the_layout_says_what_is_worth_listing(rule: str, listed: bool, corrected: Council) -> None:
    layout_in(corrected.folder, LAYOUT.replace("[[tables]]", f"[revisions]\n{rule}\n\n[[tables]]"))
    outcome = corrected.july(corrected.june)
    assert (("own_contacts", MAY, "") in revised(outcome)) == listed
    assert figure(outcome, "own_contacts", MAY) == PUBLISHED


def test_what_was_published_blank_is_filled_and_said(council: Council) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        for name, value, months in (("Figures", 6, 2), ("As written", 0, 0)):
            sheet = book[name]
            for row in sheet.iter_rows(min_row=3):
                if row[0].value == "own_contacts" and not row[2].value and value:
                    if row[1].value == "2023-05" and months:
                        row[5].value = row[3].value = None
                        row[6].value = "unfinished month"
                elif row[0].value == "own_contacts" and not row[1].value and not value:
                    place = [cell.value for cell in sheet[3]].index("2023-05")
                    row[place].value = None

    outcome = council.july(council.change(edit))
    assert figure(outcome, "own_contacts", MAY) == PUBLISHED
    assert revised(outcome)["own_contacts", MAY, ""]["action"] == "filled"
    assert "H013" in codes(outcome)


def test_months_that_no_extract_covers_come_from_last_months_workbook(council: Council) -> None:
    contacts = [one for one in dict(grown())[JULY] if Month.of(one.day) >= APRIL]
    write_extracts(council.inputs, contacts, JULY)
    file = council.inputs / "contacts.csv"
    text = file.read_text("utf-8").replace("01/07/2021", "01/04/2023")
    file.write_text(text, "utf-8")
    before = figures_in(council.june)
    outcome = council.july(council.june)
    assert outcome.written
    after = figures_in(outcome.written)
    assert {key: after[key] for key in before} == pytest.approx(before)
    assert not [one for one in outcome.problems if one.code == "M002"]


def test_a_month_that_lost_an_extract_keeps_what_it_had(council: Council) -> None:
    """July is built again, from its own workbook, without the population estimates."""
    first = council.july(council.june)
    assert first.written
    july = council.folder / "first.xlsx"
    first.written.rename(july)
    before = figures_in(july)
    (council.inputs / "population.csv").unlink()
    outcome = council.july(july)
    assert outcome.written
    assert figures_in(outcome.written) == pytest.approx(before)
    assert "M005" not in codes(outcome)


def test_past_months_can_be_typed_into_a_list_of_finished_figures(council: Council) -> None:
    file = council.inputs / "contacts.csv"
    contacts = [one for one in dict(grown())[JULY] if Month.of(one.day) > Month(2022, 8)]
    write_extracts(council.inputs, contacts, JULY)
    file.write_text(file.read_text("utf-8").replace("01/07/2021", "01/09/2022"), "utf-8")
    (council.inputs / "past.csv").write_text(
        "measure,month,value\nown_contacts,2022-08,123\nown_police,2022-08,12%\n", "utf-8"
    )
    outcome = council.july()
    assert figure(outcome, "own_contacts", Month(2022, 8)) == 123
    assert figure(outcome, "own_police", Month(2022, 8)) == pytest.approx(0.12)
    assert outcome.written
    august = council.folder / "july first.xlsx"
    Path(outcome.written).rename(august)
    (council.inputs / "past.csv").unlink()
    again = council.july(august)
    assert figure(again, "own_contacts", Month(2022, 8)) == 123


def test_a_figure_typed_into_the_workbook_that_is_built_again_stays(council: Council) -> None:
    first = council.july(council.june)
    assert first.written

    def edit(book: openpyxl.Workbook) -> None:
        for row in book["Figures"].iter_rows(min_row=4):
            if (row[0].value, row[1].value, row[2].value) == ("own_contacts", "2023-07", None):
                row[5].value = 77

    council.change(edit, first.written)
    for _ in range(2):
        again = council.july(council.june)
        assert figure(again, "own_contacts", JULY) == 77
        row = revised(again)["own_contacts", JULY, ""]
        assert (row["published"], row["recalculated"], row["action"]) == (77, 17, "typed by hand")


def test_what_was_typed_last_month_is_listed_once(council: Council) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        for row in book["Figures"].iter_rows(min_row=4):
            if (row[0].value, row[1].value, row[2].value) == ("own_contacts", "2023-05", None):
                row[5].value = 77

    outcome = council.july(council.change(edit))
    assert ("own_contacts", MAY, "") in revised(outcome)
    assert outcome.written
    july = council.folder / "first.xlsx"
    outcome.written.rename(july)
    august = JULY.plus(1)
    write_extracts(council.inputs, dict(grown())[JULY], august)
    later = council.july(july, month=august, out=council.folder / "august.xlsx")
    assert figure(later, "own_contacts", MAY) == 77
    assert ("own_contacts", MAY, "") not in revised(later)
    found = later.figures.get("own_contacts", MAY)
    assert found
    assert str(found.status) == "typed by hand"


def test_building_again_without_last_months_workbook_forgets_nothing(
    corrected: Council,
) -> None:
    first = corrected.july(corrected.june)
    assert first.written
    again = corrected.july()
    assert again.written == first.written
    assert figure(again, "own_contacts", MAY) == PUBLISHED
    assert ("own_contacts", MAY, "") in revised(again)
    assert "H025" in codes(again)


def test_a_first_workbook_that_is_built_again_is_counted_anew(corrected: Council) -> None:
    contacts = dict(grown())[JULY]
    write_extracts(corrected.inputs, contacts, JULY)
    assert figure(corrected.july(), "own_contacts", MAY) == PUBLISHED
    write_extracts(corrected.inputs, [*contacts, *MORE], JULY)
    again = corrected.july()
    assert figure(again, "own_contacts", MAY) == TODAY
    assert again.revisions == ()
