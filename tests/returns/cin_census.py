"""The sample's records as the children in need census, a year or part of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd

from tests.returns.annex_a import earlier_plans
from tests.returns.records import Records, born, known_on, open_since

#: The nodes of the XML within a child's details, by the table whose rows they are.
NODES = {
    "Assessments": "Assessments", "CINplanDates": "CINPlanDates", "Section47": "Section47",
    "ChildProtectionPlans": "ChildProtectionPlans",
}  # fmt: skip


def cin_census(first: date, last: date) -> dict[str, pd.DataFrame]:
    """Return the modules of the census for the year from 1 April, as it stood on its last day."""
    records = known_on(last)
    birth = born(records)
    tables = {
        "CINdetails": _referrals(records, first),
        "Assessments": _assessments(records, first),
        "CINplanDates": _plans(records, first),
        "Section47": _enquiries(records, first),
        "ChildProtectionPlans": _protection(records, first),
        "Reviews": _reviews(records, first),
    }
    children = pd.concat([table["LAchildID"] for table in tables.values()]).drop_duplicates()
    identifiers = pd.DataFrame(
        {"LAchildID": children, "UPN": "", "PersonBirthDate": children.map(birth), "Sex": "1"}
    )
    tables["ChildIdentifiers"] = identifiers.sort_values("LAchildID")
    return {name: frame.reset_index(drop=True) for name, frame in tables.items()}


def _number(flags: pd.Series) -> pd.Series:
    return flags.map({True: "1", False: "0"})


def _referrals(records: Records, first: date) -> pd.DataFrame:
    rows = open_since(records["referrals"], first, "referral_date", "referral_close_date")
    return pd.DataFrame({
        "LAchildID": rows["child_id"], "CINreferralDate": rows["referral_date"],
        "ReferralSource": "1A", "PrimaryNeedCode": "N1",
        "CINclosureDate": rows["referral_close_date"], "ReasonForClosure": "",
        "DateOfInitialCPC": "", "ReferralNFA": _number(rows["referral_nfa"]),
    })  # fmt: skip


def _assessments(records: Records, first: date) -> pd.DataFrame:
    start, end = "assessment_start_date", "assessment_auth_date"
    rows = open_since(records["assessments"], first, start, end)
    return pd.DataFrame({
        "LAchildID": rows["child_id"], "AssessmentActualStartDate": rows[start],
        "AssessmentInternalReviewDate": "", "AssessmentAuthorisationDate": rows[end],
    })  # fmt: skip


def _plans(records: Records, first: date) -> pd.DataFrame:
    start, end = "cin_plan_start_date", "cin_plan_end_date"
    rows = open_since(records["cin_plans"], first, start, end)
    return pd.DataFrame({
        "LAchildID": rows["child_id"], "CINPlanStartDate": rows[start],
        "CINPlanEndDate": rows[end],
    })  # fmt: skip


def _enquiries(records: Records, first: date) -> pd.DataFrame:
    enquiries = records["section_47_enquiries"]
    held = records["initial_conferences"].dropna(subset=["s47_enquiry_id"])
    day = held.drop_duplicates("s47_enquiry_id").set_index("s47_enquiry_id")["icpc_date"]
    rows = enquiries.assign(held=enquiries["s47_enquiry_id"].map(day))
    at = pd.Timestamp(first)
    rows = rows[(rows["s47_start_date"] >= at) | (rows["held"] >= at)]
    return pd.DataFrame({
        "LAchildID": rows["child_id"], "S47ActualStartDate": rows["s47_start_date"],
        "InitialCPCtarget": "", "DateOfInitialCPC": rows["held"],
        "ICPCnotRequired": _number(rows["held"].isna()),
    })  # fmt: skip


def _protection(records: Records, first: date) -> pd.DataFrame:
    plans = records["cp_plans"]
    rows = open_since(plans, first, "cp_plan_start_date", "cp_plan_end_date")
    # Plans of other authorities for children who stay here for a time are not in the census.
    rows = rows[~rows["cp_plan_ola"].astype(bool)]
    return pd.DataFrame({
        "LAchildID": rows["child_id"], "CPPstartDate": rows["cp_plan_start_date"],
        "CPPendDate": rows["cp_plan_end_date"], "InitialCategoryOfAbuse": "NEG",
        "LatestCategoryOfAbuse": rows["cp_plan_latest_category"],
        "NumberOfPreviousCPP":
            rows["number_of_previous_cp_plans"].fillna(earlier_plans(plans, rows)),
    })  # fmt: skip


def _reviews(records: Records, first: date) -> pd.DataFrame:
    rows = records["review_conferences"]
    rows = rows[rows["cp_review_date"] >= pd.Timestamp(first)]
    return pd.DataFrame({"LAchildID": rows["child_id"], "CPPreviewDate": rows["cp_review_date"]})


def as_xml(tables: Mapping[str, pd.DataFrame], year: int) -> bytes:
    """Return the modules as the XML that the department takes: a node a child, rows within it."""
    root = ET.Element("Message")
    details = ET.SubElement(ET.SubElement(root, "Header"), "CollectionDetails")
    _add_leaves(details, {"Collection": "CIN", "Year": year})
    children = ET.SubElement(root, "Children")
    rows_of: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for name, table in tables.items():
        for row in table.to_dict("records"):
            cells = {str(key): value for key, value in row.items() if key != "LAchildID"}
            rows_of.setdefault((name, str(row["LAchildID"])), []).append(cells)
    for person in tables["ChildIdentifiers"].to_dict("records"):
        number = str(person["LAchildID"])
        child = ET.SubElement(children, "Child")
        _add_leaves(
            ET.SubElement(child, "ChildIdentifiers"),
            {str(key): value for key, value in person.items()},
        )
        referrals = rows_of.get(("CINdetails", number), [{}])
        for position, referral in enumerate(referrals):
            node = ET.SubElement(child, "CINdetails")
            _add_leaves(node, referral)
            for name, tag in NODES.items() if position == 0 else ():
                for cells in rows_of.get((name, number), []):
                    _add_leaves(ET.SubElement(node, tag), cells)
        if reviews := rows_of.get(("Reviews", number)):
            last = child.findall("CINdetails")[0]
            plans = last.findall("ChildProtectionPlans")
            above = plans[0] if plans else ET.SubElement(last, "ChildProtectionPlans")
            node = ET.SubElement(above, "Reviews")
            for cells in reviews:
                _add_leaves(node, cells)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _add_leaves(node: ET.Element, cells: Mapping[str, Any]) -> None:
    for name, value in cells.items():
        leaf = ET.SubElement(node, name)
        if isinstance(value, pd.Timestamp):
            leaf.text = value.strftime("%Y-%m-%d")
        elif not pd.isna(value) and value != "":
            leaf.text = str(value)
