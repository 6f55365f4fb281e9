"""The sample's records as the children looked after return (SSDA903), a year or part of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd

from tests.returns.records import Records, born, known_on, open_since

#: The nodes of the XML by the table whose rows they are; others stand in the child's header.
NODES = {
    "Episodes": "EPISODE", "Reviews": "AREVIEW", "Missing": "AMISSING", "OC2": "OC2",
    "SWEpisodes": "SWEPISODE", "AD1": "AD1", "PlacedAdoption": "AD_PLACED",
}  # fmt: skip
#: What the XML calls otherwise than the CSV files do.
XML_NAMES = {"CHILD": "CHILDID", "PLACE": "PL"}


def ssda903(first: date, last: date) -> dict[str, pd.DataFrame]:
    """Return the tables of the return for the year from 1 April, as it stood on its last day."""
    records = known_on(last)
    birth = born(records)
    episodes = _episodes(records, first)
    children = pd.Series(sorted(set(episodes["CHILD"])), name="CHILD")
    tables = {
        "Header": _with_birth(children, birth).assign(
            SEX="1", ETHNIC="WBRI", UPN="UN1", MOTHER="", MC_DOB=""
        )[["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]],
        "Episodes": episodes,
        "Reviews": _reviews(records, children, birth, first),
        "UASC": _unaccompanied(records, children, birth),
        "Missing": _missing(records, children, birth, first),
        "SWEpisodes": _workers(records, children, birth, first),
        "AD1": _adoptions(records, children, birth),
        "PlacedAdoption": _placed(records, children, birth),
        "PrevPerm": _with_birth(children.head(0), birth).assign(
            PREV_PERM="", LA_PERM="", DATE_PERM=""
        ),
        "OC3": _with_birth(children.head(0), birth).assign(IN_TOUCH="", ACTIV="", ACCOM=""),
    }
    if (last.month, last.day) == (3, 31):
        tables["OC2"] = _outcomes(records, birth, last)
    return tables


def _with_birth(children: pd.Series, birth: pd.Series) -> pd.DataFrame:
    frame = pd.DataFrame({"CHILD": children})
    return frame.assign(DOB=frame["CHILD"].map(birth))


def _episodes(records: Records, first: date) -> pd.DataFrame:
    """Cut each period of care where the placement changes; rows follow on from one another."""
    care = records["children_in_care"]
    placements = records["placements"]
    joined = care.merge(placements, on="child_id")
    start = joined[["care_start_date", "placement_start_date"]].max(axis=1)
    left = joined["placement_end_date"].notna() & (
        joined["placement_end_date"] <= joined["care_start_date"]
    )
    late = joined["care_end_date"].notna() & (start >= joined["care_end_date"])
    rows = joined[~left & ~late].assign(DECOM=start)
    rows = rows.sort_values(["care_period_id", "DECOM", "placement_end_date"], kind="stable")
    rows = rows.drop_duplicates(["care_period_id", "DECOM"], keep="last")
    of_period = rows.groupby("care_period_id")["DECOM"]
    rows["DECOM"] = rows["DECOM"].where(of_period.cumcount() > 0, rows["care_start_date"])
    following = rows.groupby("care_period_id")["DECOM"].shift(-1)
    is_first = rows.groupby("care_period_id").cumcount() == 0
    rows = rows.assign(
        DEC=following.fillna(rows["care_end_date"]),
        RNE=is_first.map({True: "S", False: "P"}),
        REC=pd.Series("X1", index=rows.index).where(following.notna(), rows["care_end_reason"]),
    )
    rows = open_since(rows, first, "DECOM", "DEC")
    return pd.DataFrame(
        {
            "CHILD": rows["child_id"], "DECOM": rows["DECOM"], "RNE": rows["RNE"],
            "LS": rows["legal_status"], "CIN": "N1", "PLACE": rows["placement_type"],
            "PLACE_PROVIDER": rows["placement_provider"], "DEC": rows["DEC"], "REC": rows["REC"],
            "REASON_PLACE_CHANGE": "", "HOME_POST": "", "PL_POST": "", "URN": "",
        }
    ).reset_index(drop=True)  # fmt: skip


def _of(records: Records, name: str, children: pd.Series) -> pd.DataFrame:
    frame = records[name]
    return frame[frame["child_id"].isin(children)]


def _reviews(records: Records, children: pd.Series, birth: pd.Series, first: date) -> pd.DataFrame:
    rows = _of(records, "care_reviews", children)
    rows = rows[rows["cla_review_date"] >= pd.Timestamp(first)]
    return _with_birth(rows["child_id"], birth).assign(
        REVIEW=rows["cla_review_date"], REVIEW_CODE=rows["cla_review_participation"]
    )


def _unaccompanied(records: Records, children: pd.Series, birth: pd.Series) -> pd.DataFrame:
    care = _of(records, "children_in_care", children)
    seekers = care.loc[care["uasc"].eq(True), "child_id"].drop_duplicates()
    return _with_birth(seekers, birth).assign(SEX="1", DUC="")


def _missing(records: Records, children: pd.Series, birth: pd.Series, first: date) -> pd.DataFrame:
    start, end = "missing_episode_start_date", "missing_episode_end_date"
    rows = open_since(_of(records, "missing_episodes", children), first, start, end)
    return _with_birth(rows["child_id"], birth).assign(
        MISSING=rows["missing_episode_type"], MIS_START=rows[start], MIS_END=rows[end]
    )


def _workers(records: Records, children: pd.Series, birth: pd.Series, first: date) -> pd.DataFrame:
    start, end = "allocation_start_date", "allocation_end_date"
    rows = open_since(_of(records, "social_worker_allocations", children), first, start, end)
    return _with_birth(rows["child_id"], birth).assign(
        SW_ID=rows["worker_id"], SW_DECOM=rows[start], SW_DEC=rows[end], SW_REASON="MANAGE"
    )


def _adoptions(records: Records, children: pd.Series, birth: pd.Series) -> pd.DataFrame:
    rows = _of(records, "permanence", children)
    rows = rows[rows["permanence_order_date"].notna()]
    return _with_birth(rows["child_id"], birth).assign(
        DATE_INT=rows["adoption_decision_date"], DATE_MATCH=rows["matched_date"], FOSTER_CARE="0",
        NB_ADOPTR="2", SEX_ADOPTR="MF", LS_ADOPTR="L0",
    )  # fmt: skip


def _placed(records: Records, children: pd.Series, birth: pd.Series) -> pd.DataFrame:
    rows = _of(records, "permanence", children)
    rows = rows[rows["placed_for_adoption_date"].notna()]
    return _with_birth(rows["child_id"], birth).assign(
        DATE_PLACED=rows["placed_for_adoption_date"], DATE_PLACED_CEASED="",
        REASON_PLACED_CEASED="",
    )  # fmt: skip


def _outcomes(records: Records, birth: pd.Series, last: date) -> pd.DataFrame:
    """Of children in care for twelve months at the end of the year: was their health assessed."""
    at = pd.Timestamp(last)
    care = records["children_in_care"]
    care = care[care["care_end_date"].isna() & ~care["legal_status"].isin(["V3", "V4"])]
    care = care[care["care_start_date"] <= at - pd.DateOffset(months=12)]
    assessed = records["health_assessments"].groupby("child_id")["health_assessment_date"].max()
    born_on = care["child_id"].map(birth)
    young = born_on > at - pd.DateOffset(years=5)
    since = pd.Series(at - pd.DateOffset(months=12), index=care.index)
    since = since.mask(young, at - pd.DateOffset(months=6))
    yes = care["child_id"].map(assessed) >= since
    flag = yes.map({True: "1", False: "0"})
    return _with_birth(care["child_id"], birth).assign(
        SDQ_SCORE="", SDQ_REASON="SDQ1", CONVICTED="0", HEALTH_CHECK="1", IMMUNISATIONS="1",
        TEETH_CHECK="1", HEALTH_ASSESSMENT=flag, SUBSTANCE_MISUSE="0", INTERVENTION_RECEIVED="",
        INTERVENTION_OFFERED="",
    )  # fmt: skip


def as_xml(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return the tables as the XML that the department takes: a node a child, rows within it."""
    root = ET.Element("EXPSSDA903")
    seekers = set(tables["UASC"]["CHILD"])
    rows_of: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for name in NODES.keys() & tables.keys():
        for row in tables[name].to_dict("records"):
            rows_of.setdefault((name, str(row["CHILD"])), []).append(
                {str(key): value for key, value in row.items() if key not in ("CHILD", "DOB")}
            )
    for person in tables["Header"].to_dict("records"):
        child = ET.SubElement(root, "CHILD")
        header = ET.SubElement(child, "HEADER")
        _add_leaves(header, {str(key): value for key, value in person.items()})
        ET.SubElement(header, "UASC").text = "1" if person["CHILD"] in seekers else "0"
        for name, node in NODES.items():
            above = child if name == "Episodes" else header
            for cells in rows_of.get((name, str(person["CHILD"])), []):
                _add_leaves(ET.SubElement(above, node), cells)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _add_leaves(node: ET.Element, cells: Mapping[str, Any]) -> None:
    for name, value in cells.items():
        leaf = ET.SubElement(node, XML_NAMES.get(name, name))
        if isinstance(value, pd.Timestamp):
            leaf.text = value.strftime("%d/%m/%Y")
        elif not pd.isna(value) and value != "":
            leaf.text = str(value)
