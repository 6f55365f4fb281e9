"""Standard returns: told by their headings, read cell by cell; what they cannot give is said."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.loaded import LoadedExtracts, cells_of, grid_of, read_extracts
from workbook_builder.build_workbook import build
from workbook_builder.definitions.datasets import GivenDataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.references import check_references
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.statutory_returns import Match, held_from, recognise_standard
from workbook_builder.figures import Status
from workbook_builder.months import Month
from workbook_builder.problems import Level, Problem, Result
from workbook_builder.request import Outcome, Request
from workbook_builder.store.join_returns import YearsOfReturns

LAYOUTS = Path(__file__).parents[2] / "layouts"
#: A folder of files that others made, to be tested against where they stand.
FOREIGN = "WORKBOOK_BUILDER_FOREIGN"
JULY = Month(2023, 7)

Row = Sequence[object]
Table = tuple[Row, ...]

LIST_7: Table = (
    ("Allocated Worker", "Date of latest review conference", "CHILD UNIQUE ID", "Gender",
     "Child Protection Plan End Date", "child protection plan start date", "Allocated Team",
     "Date of the Last Statutory Visit", "Latest Category of Abuse",
     "Number of Previous Child Protection Plans", "Was the Child Seen Alone?"),
    ("A. Nyone", date(2023, 6, 1), 101, "a) Male", None, date(2023, 1, 9), "Harbour",
     date(2023, 7, 20), "a) Neglect", 0, "a) Yes"),
    ("A. Nyone", None, 102, "b) Female", date(2023, 3, 1), date(2022, 2, 1), "Harbour",
     None, "Emotional abuse", 2, "c) Unknown"),
)  # fmt: skip
LIST_8: Table = (
    ("Placement Type", "Child Unique ID", "Date Ceased to be Looked After", "UASC (Y/N)",
     "Date Started to be Looked After", "Reason Ceased to be Looked After", "Legal Status",
     "Placement Provider", "Start Date of Most Recent Placement",
     "Date of Last Social Work Visit", "Date of Last Health Assessment", "Date of Birth"),
    ("c) U3: Foster placement - relative - not FFA", 201, None, "b) No", date(2020, 5, 4), None,
     "C2: FCO", "b) PR1: Own provision", date(2022, 1, 2), date(2023, 7, 3), None,
     date(2015, 1, 25)),
    ("p) K2: Children's Homes", 202, date(2023, 5, 5), "a) Yes", date(2021, 6, 7),
     "f) E4B: Returned home to live with parents or relatives - not part of planning",
     "V2: Single period under S20", "e) PR4: Private provision", date(2023, 2, 3),
     date(2023, 4, 4), date(2023, 1, 1), date(2008, 3, 13)),
)  # fmt: skip
LIST_5: Table = (
    ("Child Unique ID", "Strategy discussion initiating Section 47 Enquiry Start Date",
     "Date of Initial Child Protection Conference", "Allocated Team",
     "Did the Initial Child Protection Conference Result in a Child Protection Plan",
     "Number of Section 47 Enquiries in the last 12 months"),
    (301, date(2023, 6, 5), date(2023, 6, 20), "Hill", "a) Yes", 1),
    (302, date(2023, 7, 6), None, "Hill", None, 1),
)  # fmt: skip
LIST_6: Table = (
    ("Child Unique ID", "CIN Start Date", "Primary Need Code", "CIN Closure Date", "Case Status"),
    (401, date(2023, 1, 2), "N1 - Abuse or neglect", None, "c) Child in need plan"),
    (402, date(2023, 1, 3), "N1 - Abuse or neglect", None, "b) Child Protection plan"),
    (403, date(2023, 1, 4), "N1 - Abuse or neglect", date(2023, 6, 1), "e) Closed episode"),
)
LIST_9: Table = (
    ("Child Unique ID", "Date of Birth", "Eligibility Category", "LA in Touch",
     "Latest Pathway Plan Review Date", "Type of Accommodation", "Suitability of Accommodation",
     "Activity Status", "Allocated Team"),
    (901, date(2003, 5, 6), "b) Former relevant child", "a) Yes", date(2023, 6, 1),
     "U: Independent living", "a) Suitable", "F1: Full time in higher education", "Pathways"),
    (902, None, "d) Eligible child", None, None, None, None, None, "Pathways"),
)  # fmt: skip
LIST_11: Table = (
    ("Individual adopter identifier", "Date enquiry received", "Date Stage 1 started"),
    (1, date(2023, 1, 2), date(2023, 1, 9)),
)


@pytest.fixture(scope="session")
def known() -> Definitions:
    return load_definitions([LAYOUTS]).value


@pytest.fixture
def read(
    tmp_path: Path, known: Definitions
) -> Callable[[Mapping[str, bytes]], Result[LoadedExtracts]]:
    def write_and_read(files: Mapping[str, bytes]) -> Result[LoadedExtracts]:
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(content)
        paths = [tmp_path / name for name in files]
        return read_extracts(paths, known.datasets, lambda name: None, known.codes, known.standards)

    return write_and_read


Read = Callable[[Mapping[str, bytes]], Result[LoadedExtracts]]


def workbook(**sheets: Table) -> bytes:
    """A workbook whose sheets have a title and an empty row above their headings."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in (("Printed for the inspection",), (), *rows):
            sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def text(*rows: Row) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def cells(records: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """The cells of some columns, days as text and blanks as None."""
    return list(zip(*(map(_cell, cells_of(records[one])) for one in columns), strict=True))


def _cell(cell: object) -> object:
    return str(cell) if isinstance(cell, date) else cell


def limits(problems: Iterable[Problem]) -> list[str]:
    return [problem.what for problem in problems if problem.code == "X033"]


def test_the_shipped_standards_fit_the_shipped_datasets(known: Definitions) -> None:
    loaded = load_definitions([LAYOUTS])
    assert (*loaded.problems, *check_references(known)) == ()
    assert set(known.standards) == {"annex_a", "ssda903", "cin_census", "ssd"}


#: The headings of the lists that the sector's own script makes out of the SSD, with its spelling.
PERSON = ("ChildUniqueID", "Gender", "Ethnicity", "DateOfBirth", "Age")
TEAM = ("AllocatedTeam", "AllocatedWorker")
OF_THE_SCRIPT: Mapping[str, tuple[str, ...]] = {
    "List 1: Contacts": (*PERSON, "DateOfContact", "ContactSource"),
    "List 2: Early help assessments": (
        *PERSON, "AssessmentStartDate", "AssessmentCompletionDate",
        "OrganisationCompletingAssessment",
    ),
    "List 3: Referrals": (
        *PERSON, "ReferralDate", "ReferralSource", "ReferralNFA", "ReferralsLast12Months", *TEAM,
    ),
    "List 4: Assessments": (
        *PERSON, "HasDisability", "ContinuousAssessmentStart", "ContinuousAssessmentChildSeen",
        "ContinuousAssessmentAuthDate", "CSCSupportRequired", *TEAM,
    ),
    "List 5: Section 47 enquiries": (
        *PERSON, "HasDisability", "StratDiscussionDate", "InitialCPConfUnnecessary",
        "InitialCPConfDate", "CPConfResultInCPPlan", "NumberS47s12m", "NumberICPCs12m", *TEAM,
    ),
    "List 6: Children in need": (
        *PERSON, "HasDisability", "CINStartDate", "PrimaryNeedCode", "DateChildLastSeen",
        "CINClosureDate", "ReasonForClosure", "CaseStatus", *TEAM,
    ),
    "List 7: Child protection": (
        *PERSON, "HasDisability", "ChildProtectionPlanStartDate", "InitialCategoryOfAbuse",
        "LatestCategoryOfAbuse", "DateOfLastStatutoryVisit", "ChildSeenAlone",
        "DateOfLatestReviewConf", "ChildProtectionPlanEndDate", "ProtectionLastSixMonths",
        "NumberOfPreviousChildProtectionPlans", *TEAM,
    ),
    "List 8: Children in care": (
        *PERSON, "UASC", "HasDisability", "LoookedAfterStartDate", "ChildCategoryOfNeed",
        "SubsequentLACEpisodeLast12Months", "MostRecentLegalStatusStart", "LegalStatus",
        "LatestStatutoryReviewDate", "LastSocialWorkVisitDate", "PermanencePlan",
        "LastIROVisitDate", "LastHealthAssessmentDate", "LastDentalCheckDate",
        "PlacementsLast12Months", "CeasedLookedAfterDate", "ReasonCeasedLookedAfter",
        "MostRecentPlacementStartDate", "PlacementType", "PlacementProvider", *TEAM,
    ),
    "List 9: Leaving care services": (
        *PERSON, "UASC", "HasDisability", *TEAM, "AllocatedPersonalAdvisor", "EligibilityCategory",
        "LatestPathwayPlan", "LAInTouch", "LatestContact", "TypeOfAccommodation",
        "SuitabilityOfAccommodation", "ActivityStatus",
    ),
    "List 10: Adoption": (
        *PERSON, "HasDisability", "EnteredCareDate", "ADMSHOBPADecisionDate", "PlacementOrderDate",
        "MatchedForAdoptionDate", "PlacedForAdoptionDate", "AdoptionOrderDate",
        "DecisionReversedDate", "DecisionReversedReason",
    ),
}  # fmt: skip


@pytest.mark.parametrize("table", OF_THE_SCRIPT)
def test_the_headings_of_the_sectors_own_script_are_those_of_annex_a(
    table: str, known: Definitions
) -> None:
    match = recognise_standard(grid_of([OF_THE_SCRIPT[table]]), known.standards, known.datasets)
    assert isinstance(match, Match)
    assert match.title == f"Annex A, {table}"
    wanted = {name for gives in match.table.gives for name in gives.columns.values()}
    assert [heading[0] for heading in wanted if not match.places(heading)] == []


def test_what_a_dataset_is_called_by_a_standard_alone_is_no_alias(known: Definitions) -> None:
    aliases = {
        alias
        for dataset in known.datasets.values()
        for column in dataset.columns.values()
        for alias in column.aliases
    }
    assert not {"cppl_cp_plan_start_date", "CPPstartDate", "AssessmentActualStartDate", "SW_DECOM",
                "LAchildID", "Continuous Assessment Start Date"} & aliases  # fmt: skip


def test_one_list_of_annex_a_gives_several_datasets(read: Read) -> None:
    result = read({"a.xlsx": workbook(protection=LIST_7)})
    records = result.value.records
    assert cells(records["cp_plans"], "child_id", "cp_plan_start_date", "cp_plan_end_date",
                 "cp_plan_latest_category", "number_of_previous_cp_plans", "team",
                 "cp_plan_ola") == [
        ("101", "2023-01-09", None, "NEG", 0, "Harbour", False),
        ("102", "2022-02-01", "2023-03-01", "EMO", 2, "Harbour", False),
    ]  # fmt: skip
    assert cells(records["visits"], "child_id", "visit_date", "visit_type", "child_seen") == [
        ("101", "2023-07-20", "Child protection", None)
    ]
    assert cells(records["review_conferences"], "child_id", "cp_review_date") == [
        ("101", "2023-06-01")
    ]
    sheets = result.value.sheets
    assert [(one.sheet, one.dataset, one.latest_only) for one in sheets] == [
        ("protection", "cp_plans", False), ("protection", "visits", True),
        ("protection", "review_conferences", True),
    ]  # fmt: skip
    assert {one.standard for one in sheets} == {"Annex A, List 7: Child protection"}
    assert [problem.code for problem in result.problems] == ["X033"]
    assert sheets[0].held_from == date(2023, 1, 20)


def test_children_in_care_of_annex_a_cell_by_cell(read: Read) -> None:
    records = read({"a.xlsx": workbook(Tabelle1=LIST_8)}).value.records
    assert cells(records["children_in_care"], "child_id", "care_start_date", "care_end_date",
                 "care_end_reason", "legal_status", "uasc", "date_of_birth") == [
        ("201", "2020-05-04", None, None, "C2", False, "2015-01-25"),
        ("202", "2021-06-07", "2023-05-05", "E4B", "V2", True, "2008-03-13"),
    ]  # fmt: skip
    assert cells(records["placements"], "child_id", "placement_start_date", "placement_end_date",
                 "placement_type", "placement_provider", "placement_distance") == [
        ("201", "2022-01-02", None, "U3", "PR1", None),
        ("202", "2023-02-03", "2023-05-05", "K2", "PR4", None),
    ]  # fmt: skip
    assert cells(records["health_assessments"], "child_id", "health_assessment_date",
                 "health_assessment_type") == [("202", "2023-01-01", None)]  # fmt: skip
    assert cells(records["visits"], "child_id", "visit_date") == [
        ("201", "2023-07-03"), ("202", "2023-04-04"),
    ]  # fmt: skip


def test_enquiries_give_the_conferences_that_were_held(read: Read) -> None:
    result = read({"a.xlsx": workbook(five=LIST_5)})
    records = result.value.records
    assert cells(records["section_47_enquiries"], "child_id", "s47_start_date", "s47_end_date") == [
        ("301", "2023-06-05", None), ("302", "2023-07-06", None),
    ]  # fmt: skip
    assert cells(records["initial_conferences"], "child_id", "icpc_date",
                 "icpc_strategy_discussion_date", "icpc_outcome_cp_flag") == [
        ("301", "2023-06-20", "2023-06-05", True)
    ]  # fmt: skip
    assert not [problem for problem in result.problems if problem.level is not Level.NOTE]


def test_a_list_that_gives_nothing_is_still_known_and_says_why(read: Read) -> None:
    result = read({"a.xlsx": workbook(eleven=LIST_11)})
    assert [(one.standard, one.dataset) for one in result.value.sheets] == [
        ("Annex A, List 11: Prospective adopters", "")
    ]
    (problem,) = result.problems
    assert problem.where.sheet == "eleven"
    assert "not used" in problem.what


def test_lists_of_the_present_have_no_start(read: Read) -> None:
    result = read({"a.xlsx": workbook(six=LIST_6, nine=LIST_9)})
    plans, leavers = result.value.records["cin_plans"], result.value.records["care_leavers"]
    assert cells(plans, "child_id", "cin_plan_start_date", "listed_now") == [("401", None, True)]
    assert cells(leavers, "child_id", "care_leaver_start_date", "in_touch", "activity") == [
        ("901", None, "YES", "F1"), ("902", None, None, None)
    ]  # fmt: skip
    assert [problem.code for problem in result.problems] == ["X033", "X033"]


def test_a_list_with_the_start_goes_before_one_of_the_present(read: Read) -> None:
    own = text(("Child ID", "Care Leaver Start Date", "Care Leaver End Date", "In Touch"),
               ("901", "01/02/2022", "", "Yes"), ("903", "01/02/2022", "", "No"))  # fmt: skip
    result = read({"a.xlsx": workbook(nine=LIST_9), "leavers.csv": own})
    assert cells(result.value.records["care_leavers"], "child_id", "care_leaver_start_date") == [
        ("901", "2022-02-01"), ("903", "2022-02-01")
    ]  # fmt: skip
    (problem,) = [one for one in result.problems if "leavers.csv" in one.what]
    assert problem.where.sheet == "nine"
    assert problem.text().startswith(
        'a.xlsx, sheet "nine": "Care leavers" was read from leavers.csv, which has more detail.'
    )


def test_numbers_that_annex_a_has_counted(read: Read) -> None:
    three: Table = (
        ("Child Unique ID", "Date of referral", "Referral NFA?", "Allocated Worker",
         "Number of Referrals in Last 12 Months", "Allocated Team"),
        (1, date(2023, 7, 3), "a) Yes", "A. Nyone", 2, "Hill"),
    )  # fmt: skip
    head = (*LIST_8[0], "Number of Placements in the Last 12 months",
            "Date of Latest Statutory Review")  # fmt: skip
    eight: Table = (head, (*LIST_8[1], 3, date(2023, 6, 7)))
    records = read({"a.xlsx": workbook(three=three, eight=eight)}).value.records
    assert cells(records["referrals"], "referrals_in_year") == [(2,)]
    assert cells(records["children_in_care"], "placements_in_year") == [(3,)]
    assert cells(records["care_reviews"], "cla_review_date", "cla_review_due_date") == [
        ("2023-06-07", None)
    ]


def test_what_any_table_says_of_a_childs_birth_is_taken_over(read: Read) -> None:
    twice = (*LIST_8[1][:1], 203, *LIST_8[1][2:-1], None)
    unknown = (*LIST_8[1][:1], 204, *LIST_8[1][2:-1], None)
    eight: Table = (LIST_8[0], (*LIST_8[1][:-1], None), twice, unknown)
    one: Table = (
        ("Child Unique ID", "Date of Birth", "Date of Contact", "Contact Source", "Ethnicity",
         "Gender"),
        (201, date(2015, 1, 25), date(2023, 7, 3), "q) 6: Police", "", ""),
        (203, date(2015, 1, 26), date(2023, 7, 3), "q) 6: Police", "", ""),
        (203, date(2016, 1, 26), date(2023, 7, 3), "q) 6: Police", "", ""),
    )  # fmt: skip
    result = read({"a.xlsx": workbook(one=one, eight=eight)})
    assert cells(result.value.records["children_in_care"], "child_id", "date_of_birth") == [
        ("201", "2015-01-25"), ("203", None), ("204", None)
    ]  # fmt: skip
    (problem,) = [one for one in result.problems if one.code == "X029"]
    assert problem.what == (
        "Annex A: two tables give a different Date of Birth for 1 record of Children in care."
    )
    assert {one.dataset for one in result.value.sheets} == {
        "contacts", "children_in_care", "placements", "visits", "health_assessments"
    }  # fmt: skip


def test_the_annex_a_of_two_months_counts_once(read: Read) -> None:
    ended = (LIST_7[0], (*LIST_7[1][:4], date(2023, 8, 1), *LIST_7[1][5:]))
    files = {"july.xlsx": workbook(x=LIST_7), "august.xlsx": workbook(x=ended)}
    records = read(files).value.records["cp_plans"]
    assert cells(records, "child_id", "cp_plan_end_date") == [
        ("102", "2023-03-01"), ("101", "2023-08-01"),
    ]  # fmt: skip


def test_a_local_report_in_plain_words_is_not_taken_for_a_standard(read: Read) -> None:
    rows = (("Child Unique ID", "Date of referral", "Referral NFA?"), ("1", "04/07/2023", "No"))
    result = read({"a.csv": text(*rows)})
    assert [(one.dataset, one.standard) for one in result.value.sheets] == [("referrals", "")]
    assert result.problems == ()


def test_headings_of_two_tables_are_a_problem(read: Read) -> None:
    head = ("cppv_person_id", "cppv_cp_visit_date", "cinv_person_id", "cinv_cin_visit_date")
    result = read({"a.csv": text(head, ("1", "2023-07-01", "1", "2023-07-01"))})
    assert [problem.code for problem in result.problems] == ["X017"]
    assert '"SSD, ssd_cp_visits" and "SSD, ssd_cin_visits"' in result.problems[0].what


def test_a_table_with_the_childs_particulars_beside_it_is_that_table(read: Read) -> None:
    head = ("LAchildID", "PersonBirthDate", "UPN", "Ethnicity", "Disability", "CINreferralDate",
            "CINclosureDate")  # fmt: skip
    result = read({"a.csv": text(head, ("1", "2010-01-02", "", "", "", "2022-05-06", ""))})
    records = result.value.records["referrals"]
    assert cells(records, "referral_date", "date_of_birth") == [("2022-05-06", "2010-01-02")]
    alone = read({"b.csv": text(head[:5], ("1", "2010-01-02", "", "WBRI", "NONE"))})
    assert [problem.code for problem in alone.problems] == ["X033"]


def test_a_table_whose_end_has_another_heading_is_still_that_table(read: Read) -> None:
    head, *rows = LIST_7
    other = tuple("Ceased" if "End" in str(heading) else heading for heading in head)
    result = read({"a.xlsx": workbook(x=(other, *rows))})
    assert {one.standard for one in result.value.sheets} == {"Annex A, List 7: Child protection"}
    assert set(result.value.records) == {"cp_plans", "visits", "review_conferences"}
    plans = next(one for one in result.value.sheets if one.dataset == "cp_plans")
    assert "cp_plan_end_date" in {*plans.columns, *plans.ends_in_doubt}
    assert plans.held_from == date(2023, 1, 20)


def test_a_dataset_whose_heading_is_missing_is_not_read(read: Read) -> None:
    without = tuple(tuple(cell for place, cell in enumerate(row) if place != 9) for row in LIST_8)
    result = read({"a.xlsx": workbook(x=without)})
    assert "visits" not in result.value.records
    assert "placements" in result.value.records
    lacking = next(problem for problem in result.problems if problem.code == "X016")
    assert '"Date of Last Social Work Visit"' in lacking.what
    assert lacking.where.rows == (3,)


EPISODES = ("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC",
            "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN")  # fmt: skip


def episode(child: str, decom: str, rne: str, place: str, dec: str, rec: str) -> Row:
    return (child, decom, rne, "C2", "N1", place, "PR1", dec, rec, "", "", "", "")


def test_episodes_that_follow_on_are_one_period_of_care(read: Read) -> None:
    result = read({"episodes.csv": text(
        EPISODES,
        episode("7", "01/10/2022", "P", "K2", "", ""),
        episode("7", "04/05/2022", "S", "U6", "01/09/2022", "X1"),
        episode("7", "01/09/2022", "L", "U6", "30/09/2022", "X1"),
        episode("8", "01/05/2022", "S", "U6", "01/06/2022", "E4A"),
        episode("8", "01/06/2022", "S", "U4", "01/07/2022", "E4B"),
        episode("8", "09/01/2023", "P", "U4", "", ""),
    )})  # fmt: skip
    records = result.value.records
    assert cells(records["children_in_care"], "child_id", "care_start_date", "care_end_date",
                 "care_end_reason", "legal_status") == [
        ("7", "2022-05-04", None, None, "C2"),
        ("8", "2022-05-01", "2022-06-01", "E4A", "C2"),
        ("8", "2022-06-01", "2022-07-01", "E4B", "C2"),
        ("8", "2023-01-09", None, None, "C2"),
    ]  # fmt: skip
    assert cells(records["placements"], "child_id", "placement_start_date", "placement_end_date",
                 "placement_type", "placement_provider") == [
        ("7", "2022-10-01", None, "K2", "PR1"),
        ("7", "2022-05-04", "2022-09-30", "U6", "PR1"),
        ("8", "2022-05-01", "2022-06-01", "U6", "PR1"),
        ("8", "2022-06-01", "2022-07-01", "U4", "PR1"),
        ("8", "2023-01-09", None, "U4", "PR1"),
    ]  # fmt: skip
    assert [(one.dataset, one.rows_read, one.rows_kept) for one in result.value.sheets] == [
        ("children_in_care", 6, 4), ("placements", 6, 5),
    ]  # fmt: skip


def test_a_period_of_care_goes_on_from_year_to_year(read: Read) -> None:
    first = text(EPISODES, episode("7", "04/05/2021", "S", "U6", "01/06/2021", "X1"),
                 episode("7", "01/06/2021", "P", "K2", "", ""))  # fmt: skip
    second = text(EPISODES, episode("7", "01/06/2021", "P", "K2", "02/02/2023", "E3"))
    result = read({"2021.csv": first, "2022.csv": second})
    records = result.value.records["children_in_care"]
    assert cells(records, "child_id", "care_start_date", "care_end_date", "care_end_reason") == [
        ("7", "2021-05-04", "2023-02-02", "E3")
    ]
    kept = {one.file: one.rows_kept for one in result.value.sheets
            if one.dataset == "children_in_care"}  # fmt: skip
    assert kept == {"2021.csv": 0, "2022.csv": 1}


def test_episodes_without_rows_or_with_faults_are_no_accident(read: Read) -> None:
    result = read({
        "2020.csv": text(EPISODES),
        "2021.csv": text(EPISODES, episode("", "01/02/2022", "S", "U6", "", ""),
                         episode("9", "31/02/2022", "S", "U6", "", "")),
        "2022.csv": text(EPISODES, episode("9", "01/06/2022", "S", "U6", "perhaps", "")),
    })  # fmt: skip
    assert len(result.value.records["children_in_care"]) == 1
    codes = [problem.code for problem in result.problems if problem.code != "X033"]
    assert sorted(codes) == ["X020", "X020", "X020", "X020", "X022", "X023", "X023"]


def test_what_the_next_return_lacks_has_ended_in_every_table(read: Read) -> None:
    workers = ("CHILD", "DOB", "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON")
    missing = ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")
    result = read({
        "sw21.csv": text(workers, ("7", "", "A", "01/07/2021", "", "MAIN"),
                         ("8", "", "B", "01/07/2021", "", "MAIN")),
        "sw22.csv": text(workers, ("7", "", "A", "01/07/2021", "", "MAIN"),
                         ("8", "", "C", "01/07/2022", "", "MAIN")),
        "mis21.csv": text(missing, ("7", "", "M", "01/02/2022", "")),
        "mis22.csv": text(missing, ("8", "", "M", "01/02/2023", "")),
    })  # fmt: skip
    records = result.value.records
    ends = cells(records["social_worker_allocations"], "worker_id", "allocation_end_date")
    assert set(ends) == {("A", None), ("B", "2022-04-01"), ("C", None)}
    ends = cells(records["missing_episodes"], "child_id", "missing_episode_end_date")
    assert set(ends) == {("7", "2022-04-01"), ("8", None)}
    assert [one.where.rows for one in result.problems if one.code == "X071"] == [(3,), (2,)]


def test_the_start_of_care_is_known_where_the_first_episode_is_there(read: Read) -> None:
    result = read({"episodes.csv": text(
        EPISODES,
        episode("7", "01/10/2019", "P", "K2", "", ""),
        episode("8", "01/05/2022", "S", "U6", "", ""),
    )})  # fmt: skip
    found = cells(result.value.records["children_in_care"], "child_id", "care_start_known")
    assert found == [("7", False), ("8", True)]


def test_children_of_the_uasc_table_are_unaccompanied_while_it_says_so(read: Read) -> None:
    result = read({
        "episodes.csv": text(EPISODES, *(
            episode(child, "01/08/2022", "S", "U6", "", "") for child in ("1", "2", "3", "4")
        )),
        "uasc.csv": text(("CHILD", "SEX", "DOB", "DUC"), ("1", "1", "", "01/02/2026"),
                         ("2", "1", "", ""), ("3", "1", "", "01/11/2022")),
    })  # fmt: skip
    care = result.value.records["children_in_care"]
    assert cells(care, "child_id", "uasc") == [("1", True), ("2", True), ("3", None), ("4", False)]
    sheet = next(one for one in result.value.sheets if one.dataset == "children_in_care")
    assert "uasc" in sheet.columns


def test_other_files_of_the_ssda903(read: Read) -> None:
    result = read({
        "missing.csv": text(("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"),
                            ("7", "01/01/2010", "M", "01/07/2022", "")),
        "workers.csv": text(("CHILD", "DOB", "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"),
                            ("7", "01/01/2010", "AB1", "01/07/2022", "", "MAIN")),
        "reviews.csv": text(("CHILD", "DOB", "REVIEW", "REVIEW_CODE"),
                            ("7", "01/01/2010", "01/07/2022", "PN1")),
        "header.csv": text(("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
                           ("7", "M", "01/01/2010", "WBRI", "X", "", "")),
    })  # fmt: skip
    records = result.value.records
    assert cells(records["missing_episodes"], "child_id", "missing_episode_type") == [("7", "M")]
    assert cells(records["social_worker_allocations"], "worker_id", "allocation_start_date") == [
        ("AB1", "2022-07-01")
    ]
    assert cells(records["care_reviews"], "cla_review_date", "cla_review_participation",
                 "cla_review_due_date") == [("2022-07-01", "PN1", None)]  # fmt: skip
    assert set(records) == {"missing_episodes", "social_worker_allocations", "care_reviews"}
    assert len(limits(result.problems)) == 4


OC2 = ("CHILD", "DOB", "SDQ_SCORE", "TEETH_CHECK", "HEALTH_ASSESSMENT")


def spells_of(year: int) -> list[tuple[str, date, date | None]]:
    """Return who came into care in the four years to 31 March, and when a third of them left.

    Who left before the last of these years is in no return of it.
    """
    last, days = date(year, 3, 31), timedelta(days=10)
    starts = [last - days * at for at in range(146)]
    ends = [start + 40 * days if at % 3 == 0 else None for at, start in enumerate(starts)]
    return [
        (str(at), start, end if end and end <= last else None)
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
        if end is None or end >= date(year - 1, 4, 1)
    ]


def episodes_of(year: int) -> bytes:
    """Return the episodes of the year to 31 March."""
    rows = (
        episode(child, f"{start:%d/%m/%Y}", "S", "U1", f"{end:%d/%m/%Y}" if end else "",
                "E4A" if end else "")
        for child, start, end in spells_of(year)
    )  # fmt: skip
    return text(EPISODES, *rows)


def outcomes_of(*flags: tuple[str, str, str, str]) -> bytes:
    """Return an OC2: child, day of birth, teeth checked, health assessed."""
    return text(OC2, *((child, born, "", teeth, health) for child, born, teeth, health in flags))


ONE = outcomes_of(("4", "05/06/2012", "1", "0"))


@pytest.mark.parametrize(
    ("files", "day"),
    [
        ({"Episodes.csv": episodes_of(2023), "OC2.csv": ONE}, "2023-03-31"),
        ({"a/Episodes.csv": episodes_of(2022), "b/Episodes.csv": episodes_of(2023),
          "b/OC2.csv": ONE}, "2023-03-31"),
        ({"OC2 2022-23.csv": ONE}, "2023-03-31"),
        ({"oc2_at_31.03.2023.csv": ONE}, "2023-03-31"),
        ({"SSDA903 202223/OC2.csv": ONE}, "2023-03-31"),
        ({"Episodes 22.csv": episodes_of(2022), "Episodes 23.csv": episodes_of(2023),
          "OC2 2021-22.csv": ONE}, "2022-03-31"),
        # Nothing tells the year, or two things tell different ones.
        ({"OC2.csv": ONE}, None),
        ({"OC2 2022-03.csv": ONE}, None),
        ({"Episodes 22.csv": episodes_of(2022), "Episodes 23.csv": episodes_of(2023),
          "OC2.csv": ONE}, None),
        ({"Episodes.csv": episodes_of(2023), "OC2 2021-22.csv": ONE}, None),
    ],
)  # fmt: skip
def test_oc2_is_of_the_year_of_its_return(
    files: Mapping[str, bytes], day: str | None, read: Read
) -> None:
    result = read(files)
    unknown = [problem.text() for problem in result.problems if problem.code == "X087"]
    if day is None:
        assert "outcomes_in_care" not in result.value.records
        assert len(unknown) == 1
        assert "not known which year SSDA903, OC2 is of" in unknown[0]
    else:
        records = result.value.records["outcomes_in_care"]
        assert cells(records, "outcomes_child_id", "outcomes_day", "teeth_checked",
                     "health_assessed") == [("4", day, True, False)]  # fmt: skip
        assert not unknown


@pytest.mark.parametrize(
    ("until", "year"),
    [(date(2023, 3, 31), 2023), (date(2023, 4, 20), 2023), (date(2023, 7, 31), None)],
)
def test_the_days_that_a_user_gives_tell_the_year_if_they_end_with_one(
    until: date, year: int | None
) -> None:
    years = YearsOfReturns({"OC2.csv": Path("OC2.csv")}, (date(2022, 4, 1), until))
    assert years.year_of(Sheet("OC2.csv", ""), ()) == year


def test_outcomes_of_a_return_tell_march_and_no_other_month(tmp_path: Path) -> None:
    """A tenth of the children are under five; one in four of all had no assessment in the year."""
    spells = spells_of(2023)
    long = [at for at, start, end in spells if not end and start <= date(2022, 3, 31)]
    young, without, unchecked = set(long[::10]), set(long[::4]), set(long[1::7])
    born = {at: "05/06/2020" if at in young else "05/06/2012" for at, *_ in spells}
    outcomes = [
        (at, born[at], "0" if at in unchecked else "1", "0" if at in without else "1")
        for at in long
    ]
    header = [("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")]
    header += [(at, "1", day, "WBRI", "", "", "") for at, day in born.items()]
    measures = ("children_in_care", "cla_health_up_to_date", "cla_health_in_year",
                "cla_teeth_checked")  # fmt: skip
    rows = ", ".join(f'{{ measure = "{name}" }}' for name in measures)
    layout = tmp_path / "health.toml"
    layout.write_text(
        'title = "Health"\nnot_judged_tolerance = 0.1\n[[tables]]\nname = "Health"\n'
        f'title = "Health"\ncolumns = ["indicator", "months"]\nrows = [{rows}]\n',
        encoding="utf-8",
    )
    files = {"Episodes.csv": episodes_of(2023), "OC2.csv": outcomes_of(*outcomes),
             "Header.csv": text(*header)}  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    inputs = tuple(tmp_path / name for name in files)
    request = Request(inputs, str(layout), Month(2023, 3), tmp_path / "b.xlsx")
    outcome = build(request, lambda progress: None)
    assert len(months_with_a_figure(outcome, "children_in_care")) == 12
    for name in measures[1:]:
        assert months_with_a_figure(outcome, name) == ["2023-03"], name
    march = {name: outcome.figures.get(name, Month(2023, 3)) for name in measures[1:]}
    assert {name: one and one.numerator for name, one in march.items()} == {
        "cla_health_up_to_date": len(long) - len(without),
        "cla_health_in_year": len(long) - len(without),
        "cla_teeth_checked": len(long) - len(unchecked),
    }
    # Whether a child under five had one assessment is not known: it lacks at least one of two.
    assert {name: one and one.not_judged for name, one in march.items()} == {
        "cla_health_up_to_date": 0, "cla_health_in_year": len(young & without),
        "cla_teeth_checked": 0,
    }  # fmt: skip


def test_tables_of_the_cin_census(read: Read) -> None:
    result = read({"census.xlsx": workbook(
        details=(("LAchildID", "CINdetailsID", "CINreferralDate", "ReferralSource",
                  "PrimaryNeedCode", "CINclosureDate", "ReferralNFA"),
                 ("c1", 1, "2022-04-04", "1A", "N1", "2022-09-09", "false")),
        assessed=(("LAchildID", "AssessmentActualStartDate", "AssessmentAuthorisationDate"),
                  ("c1", "2022-04-05", "2022-05-06")),
        s47=(("LAchildID", "S47ActualStartDate", "DateOfInitialCPC", "ICPCnotRequired"),
             ("c1", "2022-04-06", "2022-04-20", "false"), ("c1", "2022-08-01", None, "true")),
        cin=(("LAchildID", "CINPlanStartDate", "CINPlanEndDate"), ("c1", "2022-05-07", None)),
        plans=(("LAchildID", "CPPID", "CPPstartDate", "CPPendDate", "LatestCategoryOfAbuse",
                "NumberOfPreviousCPP"), ("c1", 1, "2022-04-20", None, "NEG", 1)),
        reviews=(("LAchildID", "CPPID", "CPPreviewDate"), ("c1", 1, "2022-07-20")),
    )})  # fmt: skip
    records = result.value.records
    assert cells(records["referrals"], "child_id", "referral_date", "referral_close_date",
                 "referral_source", "referral_nfa") == [
        ("c1", "2022-04-04", "2022-09-09", "1A", False)
    ]  # fmt: skip
    assert cells(records["assessments"], "assessment_start_date", "assessment_auth_date") == [
        ("2022-04-05", "2022-05-06")
    ]
    assert cells(records["section_47_enquiries"], "s47_start_date") == [
        ("2022-04-06",), ("2022-08-01",),
    ]  # fmt: skip
    assert cells(records["initial_conferences"], "icpc_date", "icpc_strategy_discussion_date") == [
        ("2022-04-20", "2022-04-06")
    ]
    assert cells(records["cin_plans"], "child_id", "cin_plan_start_date") == [("c1", "2022-05-07")]
    assert cells(records["cp_plans"], "cp_plan_start_date", "cp_plan_latest_category",
                 "number_of_previous_cp_plans") == [("2022-04-20", "NEG", 1)]  # fmt: skip
    assert cells(records["review_conferences"], "cp_review_date") == [("2022-07-20",)]
    assert {one.held_from for one in result.value.sheets} == {date(2022, 4, 1)}


def test_tables_of_the_ssd(read: Read) -> None:
    result = read({
        "ssd_involvements.csv": text(
            ("invo_person_id", "invo_professional_id", "invo_professional_role_id",
             "invo_involvement_start_date", "invo_involvement_end_date"),
            ("p1", "w1", "ALLOCATED CASE WORKER", "2023-01-01", ""),
            ("p1", "w2", "IRO", "2023-01-01", "")),
        "ssd_cla_health.csv": text(
            ("clah_person_id", "clah_health_check_type", "clah_health_check_date"),
            ("p1", "IHA", "2023-02-02"), ("p1", "Dental check", "2023-02-03")),
        "ssd_cla_episodes.csv": text(
            ("clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_start_reason",
             "clae_cla_episode_ceased_date", "clae_cla_episode_ceased_reason"),
            ("p1", "2023-01-01", "S: Started", "2023-02-01", "X1"),
            ("p1", "2023-02-01", "P: Placement", "", "")),
        "ssd_cin_visits.csv": text(
            ("cinv_person_id", "cinv_cin_visit_date", "cinv_cin_visit_seen"),
            ("p1", "2023-03-03 00:00:00", "Y")),
        "ssd_cla_reviews.csv": text(
            ("clar_cla_id", "clar_cla_review_due_date", "clar_cla_review_date"),
            ("x", "2023-03-03", "2023-03-03")),
    })  # fmt: skip
    records = result.value.records
    assert cells(records["social_worker_allocations"], "child_id", "worker_id") == [("p1", "w1")]
    assert cells(records["health_assessments"], "health_assessment_date",
                 "health_assessment_type") == [("2023-02-02", "IHA")]  # fmt: skip
    assert cells(records["children_in_care"], "child_id", "care_start_date", "care_end_date") == [
        ("p1", "2023-01-01", None)
    ]
    assert cells(records["visits"], "visit_date", "visit_type", "child_seen") == [
        ("2023-03-03", "Child in need", True)
    ]
    assert cells(records["care_reviews"], "child_id") == []
    (lost,) = [problem for problem in result.problems if problem.code == "X022"]
    assert lost.text().startswith(
        "ssd_cla_reviews.csv, row 2: 1 record cannot be matched to a child: no other table of SSD "
        "has "
        "the identifier. Not counted."
    )


def ssd_tables() -> dict[str, bytes]:
    return {
        "person.csv": text(
            ("pers_person_id", "pers_dob"), ("p1", "2010-05-06T00:00:00"), ("p2", "NULL")
        ),
        "department.csv": text(("dept_team_id", "dept_team_name"), ("T1", "Harbour Team")),
        "legal.csv": text(
            ("lega_person_id", "lega_legal_status", "lega_legal_status_start_date",
             "lega_legal_status_end_date"),
            ("p1", "V2", "2023-01-01T00:00:00", "2023-03-01T00:00:00"),
            ("p1", "C2", "2023-03-01T00:00:00", "NULL"),
            ("p3", "C1", "2023-01-01T00:00:00", "NULL"),
            ("p3", "C2", "2023-01-01T00:00:00", "NULL")),
        "immigration.csv": text(
            ("immi_person_id", "immi_immigration_status", "immi_immigration_status_end_date"),
            ("p1", "UASC", "NULL"), ("p2", "Refugee", "NULL")),
        "episodes.csv": text(
            ("clae_person_id", "clae_cla_id", "clae_cla_episode_start_date",
             "clae_cla_episode_start_reason", "clae_cla_episode_ceased_date"),
            ("p1", "c1", "2023-01-01T00:00:00", "S", "2023-03-01T00:00:00"),
            ("p1", "c1", "2023-03-01T00:00:00", "L", "NULL"),
            ("p2", "c2", "2023-01-01T00:00:00", "S", "NULL"),
            ("p3", "c3", "2023-01-01T00:00:00", "S", "NULL")),
        "reviews.csv": text(
            ("clar_cla_id", "clar_cla_review_due_date", "clar_cla_review_date"),
            ("c1", "2023-02-01T00:00:00", "2023-02-02T00:00:00"),
            ("c9", "2023-02-01T00:00:00", "2023-02-02T00:00:00")),
        "enquiries.csv": text(
            ("s47e_s47_enquiry_id", "s47e_person_id", "s47e_s47_start_date",
             "s47e_s47_completed_by_team"),
            ("e1", "p1", "2023-01-09T00:00:00", "T1"), ("e1", "p2", "2023-01-10T00:00:00", "T2")),
        "conferences.csv": text(
            ("icpc_person_id", "icpc_s47_enquiry_id", "icpc_icpc_date", "icpc_icpc_target_date"),
            ("p1", "e1", "2023-01-20T00:00:00", "2023-01-30T00:00:00"),
            ("p3", "e7", "2023-01-20T00:00:00", "2023-01-30T00:00:00")),
    }  # fmt: skip


def test_what_tables_of_the_ssd_say_of_one_another_is_joined(read: Read) -> None:
    result = read(ssd_tables())
    records = result.value.records
    care = records["children_in_care"]
    assert cells(care, "child_id", "date_of_birth", "legal_status", "uasc") == [
        ("p1", "2010-05-06", "C2", True), ("p2", None, None, False), ("p3", None, None, False)
    ]  # fmt: skip
    assert cells(records["care_reviews"], "child_id", "cla_review_date") == [("p1", "2023-02-02")]
    assert cells(records["section_47_enquiries"], "team") == [("Harbour Team",), ("T2",)]
    held = records["initial_conferences"]
    assert cells(held, "child_id", "icpc_strategy_discussion_date", "icpc_target_date") == [
        ("p1", "2023-01-09", "2023-01-30"), ("p3", None, "2023-01-30")
    ]  # fmt: skip
    assert [one.what for one in result.problems if one.code == "X029"] == [
        "SSD: two tables give a different Legal Status for 1 record of Children in care."
    ]


def test_columns_of_the_person_in_another_table_do_not_make_it_that_of_persons(read: Read) -> None:
    file = text(("pers_person_id", "cine_person_id", "cine_referral_date", "pers_dob"),
                ("p1", "p1", "2023-01-01", "2010-05-06"))  # fmt: skip
    (sheet,) = read({"a.csv": file}).value.sheets
    assert sheet.standard == "SSD, ssd_cin_episodes"


def test_no_value_of_a_record_stands_in_a_problem(read: Read) -> None:
    secret = "SECRET"
    rows = (LIST_8[0], tuple(secret for _ in LIST_8[0]))
    problems = read({"a.xlsx": workbook(x=rows)}).problems
    assert problems
    assert not any(secret in problem.text() for problem in problems)
    assert len(set(problems)) == len(problems)


@pytest.mark.parametrize(
    ("holds", "days", "expected"),
    [
        ("6 months", [date(2023, 7, 31)], date(2023, 1, 31)),
        ("6 months", [date(2023, 8, 31)], date(2023, 2, 28)),
        ("6 months", [date(2023, 7, 30), date(2023, 7, 31), date(2091, 1, 1)], date(2023, 1, 31)),
        ("financial year", [date(2023, 3, 31)], date(2022, 4, 1)),
        ("financial year", [date(2023, 4, 3)], date(2022, 4, 1)),
        ("financial year", [date(2023, 12, 31)], date(2023, 4, 1)),
        ("", [date(2023, 7, 31)], None),
        ("6 months", [], None),
    ],
)
def test_how_far_back_a_table_goes(holds: str, days: list[date], expected: date | None) -> None:
    assert held_from(GivenDataset(dataset="visits", columns={}, holds=holds), days) == expected


def test_ends_tell_the_year_of_a_return_as_well() -> None:
    given = GivenDataset(dataset="visits", columns={}, holds="financial year")
    ends = [date(2022, 4, 30), date(2023, 3, 30)]
    assert held_from(given, [date(2022, 4, 11)], ends) == date(2022, 4, 1)
    late = [date(2023, 3, 30), date(2023, 4, 3)]
    assert held_from(given, [date(2022, 12, 1)], late) == date(2022, 4, 1)


def plans_of_annex_a() -> Table:
    """Plans as of the end of July: what ended before February is gone."""
    last, gone = JULY.last_day, Month(2023, 1).last_day
    rows: list[Row] = []
    for at in range(600):
        start = last - timedelta(days=at)
        end = start + timedelta(days=90 + at * 37 % 200)
        if end > gone:
            ended = end if end <= last else None
            rows.append((at, start, ended, last - timedelta(days=at % 12), None, 0))
    head = ("Child Unique ID", "Child Protection Plan Start Date", "Child Protection Plan End Date",
            "Date of the Last Statutory Visit", "Date of latest review conference",
            "Number of Previous Child Protection Plans")  # fmt: skip
    return (head, *rows)


LAYOUT = """
title = "Plans"

[[tables]]
name    = "Plans"
title   = "Plans"
columns = ["indicator", "months"]
rows    = [
  { measure = "children_on_cp_plans" },
  { measure = "cp_plans_started" },
  { measure = "cp_visited_in_4_weeks" },
  { measure = "cp_second_plan" },
  { measure = "section_47_enquiries_started" },
]
"""


def built(folder: Path, *files: tuple[str, bytes], stamp: date | None = None) -> Outcome:
    for name, content in files:
        (folder / name).write_bytes(content)
        if stamp:
            moment = datetime.combine(stamp, time(18)).timestamp()
            os.utime(folder / name, (moment, moment))
    inputs = tuple(folder / name for name, _ in files)
    layout = folder / "plans.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    request = Request(inputs=inputs, layout=str(layout), month=JULY, out=folder / "board.xlsx")
    return build(request, lambda progress: None)


def months_with_a_figure(outcome: Outcome, measure: str) -> list[str]:
    return [
        str(figure.month)
        for figure in outcome.figures
        if figure.measure == measure and not figure.team and figure.value is not None
    ]


def test_months_that_annex_a_cannot_give_stay_blank(tmp_path: Path) -> None:
    outcome = built(tmp_path, ("annex.xlsx", workbook(seven=plans_of_annex_a())))
    held = ["2023-02", "2023-03", "2023-04", "2023-05", "2023-06", "2023-07"]
    # Who was on a plan on 1 February was on it the evening before.
    assert months_with_a_figure(outcome, "children_on_cp_plans") == ["2023-01", *held]
    assert months_with_a_figure(outcome, "cp_second_plan") == ["2023-01", *held]
    assert months_with_a_figure(outcome, "cp_plans_started") == held
    assert months_with_a_figure(outcome, "cp_visited_in_4_weeks") == ["2023-07"]
    june = outcome.figures.get("cp_visited_in_4_weeks", Month(2023, 6))
    assert june
    assert june.status is Status.NOT_A_SNAPSHOT_MONTH
    assert len(limits(outcome.problems)) == 1


def test_a_fuller_report_beside_it_lifts_the_limits(tmp_path: Path) -> None:
    days = [date(2022, 7, 1) + timedelta(days=ahead) for ahead in range(396)]
    rows = ((f"{n}", day) for n in range(600) for day in days[n % 30 :: 30])
    visits = text(("Child ID", "Visit Date"), *rows)
    annex = ("annex.xlsx", workbook(seven=plans_of_annex_a()))
    outcome = built(tmp_path, annex, ("visits.csv", visits))
    assert len(months_with_a_figure(outcome, "cp_visited_in_4_weeks")) == 7


def test_a_period_above_the_headings_goes_before_the_six_months(tmp_path: Path) -> None:
    title = b"Plans. Period: 01/07/2022 to 31/07/2023\n\n"
    outcome = built(tmp_path, ("plans.csv", title + text(*plans_of_annex_a())))
    assert len(months_with_a_figure(outcome, "children_on_cp_plans")) == 13


def test_visits_after_the_month_leave_it_blank_too(tmp_path: Path) -> None:
    head, *rows = plans_of_annex_a()
    for late, months in ((1, ["2023-07"]), (2, [])):  # one alone tells next to nothing
        visited = [(*row[:3], date(2023, 8, 2), *row[4:]) for row in rows[:late]]
        outcome = built(
            tmp_path, ("annex.xlsx", workbook(seven=(head, *visited, *rows[late:])))
        )  # fmt: skip
        assert months_with_a_figure(outcome, "cp_visited_in_4_weeks") == months


def test_a_time_stamp_older_than_the_records_does_not_undo_the_six_months(tmp_path: Path) -> None:
    days = [JULY.last_day - timedelta(days=back) for back in range(0, 180, 2)]
    head = (*LIST_5[0][:3], LIST_5[0][5])
    enquiries = (head, *((number, day, None, 1) for number, day in enumerate(days)))
    file = ("annex.xlsx", workbook(five=enquiries))
    (tmp_path / "a").mkdir()
    outcome = built(tmp_path / "a", file)
    months = months_with_a_figure(outcome, "section_47_enquiries_started")
    assert months == ["2023-02", "2023-03", "2023-04", "2023-05", "2023-06", "2023-07"]
    stamped = built(tmp_path / "a", file, stamp=date(2023, 7, 5))
    assert months_with_a_figure(stamped, "section_47_enquiries_started") == months


def test_latest_visits_of_other_children_tell_nothing_of_those_on_plans(tmp_path: Path) -> None:
    plans = [row[:3] for row in plans_of_annex_a()]
    annex = workbook(eight=LIST_8)
    outcome = built(tmp_path, ("plans.csv", text(*plans)), ("annex.xlsx", annex))
    assert months_with_a_figure(outcome, "children_on_cp_plans")
    july = outcome.figures.get("cp_visited_in_4_weeks", JULY)
    assert july
    assert july.status is Status.CHILDREN_MISSING


FAULTS = {
    'dataset = "visit"': ('the dataset "visit" is not known. Did you mean "visits"?', 7),
    "columns.visit_day = 'x'": ('the column "visit_day" is not known.', 8),
    "constants.visit_kind = 'x'": ('the column "visit_kind" is not known.', 8),
    "holds = '6 weeks'": ('must be "financial year" or a number of months, such as "6 months"', 8),
    "new_when = { RNE = 'S' }": ("joined records need columns", 8),
}


@pytest.mark.parametrize("line", FAULTS)
def test_faults_of_a_standard_are_named_with_their_line(line: str, tmp_path: Path) -> None:
    dataset = line if line.startswith("dataset") else 'dataset = "visits"'
    extra = "" if line.startswith("dataset") else line
    columns = "columns.child_id = 'CHILD'\ncolumns.visit_date = 'DAY'"
    words, number = FAULTS[line]
    problem = one_problem(tmp_path, f"{dataset}\n{extra}\n{columns}\n")
    assert words in problem.what
    assert (problem.where.line, problem.level) == (number, Level.ERROR)


def test_required_columns_must_be_given(tmp_path: Path) -> None:
    problem = one_problem(tmp_path, 'dataset = "visits"\ncolumns.child_id = "CHILD"\n')
    assert problem.what == 'the dataset "visits" also requires visit_date.'
    assert problem.where.line == 8


def test_a_table_that_gives_nothing_says_why(tmp_path: Path) -> None:
    head = 'title = "Mine"\n[[tables]]\nname = "T"\nheadings = ["CHILD"]\n'
    problem = one_problem(tmp_path, head, whole=True)
    assert problem.what == 'the table "T" gives nothing and does not say why.'
    assert problem.where.line == 2


def one_problem(folder: Path, gives: str, *, whole: bool = False) -> Problem:
    head = 'title = "Mine"\n\n[[tables]]\nname = "T"\nheadings = ["CHILD"]\n[[tables.gives]]\n'
    (folder / "standards").mkdir()
    file = folder / "standards" / "mine.toml"
    file.write_text(gives if whole else head + gives, encoding="utf-8")
    loaded = load_definitions([LAYOUTS, folder])
    (problem,) = (*loaded.problems, *check_references(loaded.value))
    assert problem.where.file == str(file)
    return problem


@pytest.mark.skipif(FOREIGN not in os.environ, reason=f"{FOREIGN} names no folder")
def test_an_annex_a_that_others_made(known: Definitions) -> None:
    file = Path(os.environ[FOREIGN]) / "annex_a_liia.xlsx"
    if not file.exists():
        pytest.skip("the folder does not hold the file")
    result = read_extracts([file], known.datasets, lambda name: None, known.codes, known.standards)
    assert all(one.standard.startswith("Annex A, List ") for one in result.value.sheets)
    assert len({one.sheet for one in result.value.sheets}) == 11
    # One of its children starts to be looked after before birth; some teams are Excel errors.
    assert {problem.code for problem in result.problems} == {"X033", "X039", "X043"}
    kept = {one.dataset: one.rows_kept for one in result.value.sheets if one.sheet == "List 8"}
    assert kept == {"children_in_care": 5, "placements": 5, "visits": 5, "health_assessments": 5,
                    "care_reviews": 5}  # fmt: skip
    care = result.value.records["children_in_care"]
    assert None not in cells_of(care["legal_status"])
