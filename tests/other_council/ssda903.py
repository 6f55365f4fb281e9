"""The invented council's children looked after returns (SSDA903): files for each of three years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tests.other_council.calendar import birthday
from tests.other_council.lists import Listing, Lists, Manner, Reach, Sheet, known_on, open_since

if TYPE_CHECKING:
    from tests.other_council.children import Council

SOCIAL_WORKERS_FROM = 2023


def year_of(day: date) -> int:
    """Return the year in which the year of the return begins, on 1 April."""
    return day.year if day.month > 3 else day.year - 1


@dataclass(frozen=True)
class Ssda903:
    """The returns of the last years, each as it stood on 31 March."""

    name: str = "ssda903"
    years: int = 3

    def begin(self, council: Council, day: date) -> Lists:
        """Return what the returns hold of children in care."""
        end = min(day, council.month_end)
        last = year_of(end)
        end = min(end, date(last + 1, 3, 31))
        first = date(last - self.years + 1, 4, 1)
        before = date(first.year, 3, 31)
        known = known_on(council, end)
        reach = Reach(first, end, before)
        lists: Lists = {}
        care = open_since("children_in_care", known["children_in_care"], first)
        sure = (care["care_start_date"] >= pd.Timestamp(first)).astype("boolean")
        segments = episodes(known, first)
        listed = segments.groupby("care_period_id")["DECOM"].min()
        whole = care["care_period_id"].map(listed) <= care["care_start_date"]
        care = care.assign(
            care_start_date=care["care_period_id"].map(listed).fillna(care["care_start_date"]),
            start_is_sure=sure | whole,
        )
        lists["children_in_care"] = Listing(
            care, care, _with(reach, missing=frozenset({"permanence_plan_date"}))
        )
        placements = known["placements"]
        placements = placements[
            placements["child_id"].isin(care["child_id"])
            & (placements["placement_start_date"] != placements["placement_end_date"])
        ]
        placements = open_since("placements", placements, first)
        placements = placements.assign(true_start=placements["placement_start_date"])
        listed = segments.groupby(["child_id", "placement_start_date"])["DECOM"].min()
        keys = pd.MultiIndex.from_frame(placements[["child_id", "placement_start_date"]])
        decom = pd.Series(listed.reindex(keys).to_numpy(), index=placements.index)
        started = decom.fillna(placements["placement_start_date"])
        placements = placements.assign(
            placement_start_date=started,
            start_is_sure=(started <= placements["placement_start_date"]).astype("boolean"),
        )
        lists["placements"] = Listing(
            placements, placements, _with(reach, missing=frozenset({"placement_distance"}))
        )
        workers = known["social_worker_allocations"]
        workers = workers[workers["child_id"].isin(care["child_id"])]
        since = date(max(first.year, SOCIAL_WORKERS_FROM), 4, 1)
        workers = open_since("social_worker_allocations", workers, since)
        lists["social_worker_allocations"] = Listing(workers, workers, Reach(since, end, since))
        reviews = known["care_reviews"]
        reviews = reviews[reviews["child_id"].isin(care["child_id"])]
        reviews = reviews[reviews["cla_review_date"] >= pd.Timestamp(first)]
        lists["care_reviews"] = Listing(
            reviews,
            reviews,
            _with(reach, missing=frozenset({"cla_review_due_date", "visits_in_time"})),
        )
        missing = open_since("missing_episodes", known["missing_episodes"], first)
        away = missing[_while_in_care(missing, known["children_in_care"])]
        # Children who went missing from home are not in the return.
        lists["missing_episodes"] = Listing(
            away, away, _with(reach, missing=frozenset({"children_not_in_care"}))
        )
        lists["_statuses"] = Listing(known["legal_statuses"], known["legal_statuses"], reach)
        return lists

    def sheets(self, council: Council, lists: Lists, day: date, manner: Manner) -> list[Sheet]:
        """Return the files of each year's return."""
        end = lists["children_in_care"].reach.last
        made = []
        for start in range(year_of(end) - self.years + 1, year_of(end) + 1):
            first, last = date(start, 4, 1), date(start + 1, 3, 31)
            made += self._year(council, lists, first, min(last, end), manner)
        return made

    def _year(
        self, council: Council, lists: Lists, first: date, last: date, manner: Manner
    ) -> list[Sheet]:
        known = known_on(council, last)
        care = lists["children_in_care"]
        kept = care.rows["care_period_id"]
        segments = episodes(known, first)
        segments = segments[segments["care_period_id"].isin(kept)]
        placed = lists["placements"]
        given = placed.rows.assign(**placed.texts)
        keys = list(zip(given["child_id"], given["true_start"], strict=True))
        odd = {
            column: dict(zip(keys, given[column], strict=True))
            for column in ("placement_type", "placement_provider")
            if column in placed.texts
        }
        reasons = care.rows.assign(**care.texts).set_index("care_period_id")
        statuses = care.texts.get("legal_status")
        table = segments.copy()
        table["LS"] = table["legal_status"]
        if statuses is not None:
            table["LS"] = table["care_period_id"].map(reasons["legal_status"])
        table["REC"] = table["REC"].mask(
            table["REC"].notna() & (table["REC"] != "X1"),
            table["care_period_id"].map(reasons["care_end_reason"]),
        )
        for column, heading in (
            ("placement_type", "PLACE"),
            ("placement_provider", "PLACE_PROVIDER"),
        ):
            table[heading] = table[column]
            if column in odd:
                spells = zip(table["child_id"], table["placement_start_date"], strict=True)
                table[heading] = [
                    odd[column].get(key, value)
                    for key, value in zip(spells, table[column], strict=True)
                ]
        table = table.assign(
            CHILD=table["child_id"], CIN="N1", REASON_PLACE_CHANGE="", HOME_POST="",
            PL_POST="", URN="",
        )[list(EPISODES)]  # fmt: skip
        if "children_in_care" in manner.end_heading:
            table = table.rename(columns={"DEC": manner.end_heading["children_in_care"]})
        year = f"{first.year}-{str(first.year + 1)[2:]}"
        american = "children_in_care" in manner.american
        some = None
        if "children_in_care" in manner.american_in_some_rows:
            some = pd.Series(range(len(table)), index=table.index) % 2 == 0
        sheets = [
            Sheet(
                f"Episodes {year}", table, None, "%m/%d/%Y" if american else "%d/%m/%Y", some, last
            )
        ]
        sheets += self._others(council, lists, known, segments, year, first, last)
        return sheets

    @staticmethod
    def _others(
        council: Council, lists: Lists, known: dict[str, pd.DataFrame], segments: pd.DataFrame,
        year: str, first: date, last: date,
    ) -> list[Sheet]:  # fmt: skip
        ids = sorted(set(segments["child_id"]))
        people = [council.children[child] for child in ids]
        born = pd.to_datetime([child.born for child in people])
        sexes = ["1" if child.sex == "M" else "2" for child in people]
        header = pd.DataFrame(
            {
                "CHILD": ids, "SEX": sexes, "DOB": born,
                "ETHNIC": [child.ethnicity for child in people], "UPN": "", "MOTHER": "",
                "MC_DOB": pd.NaT,
            }
        )  # fmt: skip
        care = lists["children_in_care"].rows
        seekers = set(care.loc[care["uasc"].fillna(False).astype(bool), "child_id"])
        is_seeker = header["CHILD"].isin(seekers)
        ceases = [birthday(child.born, 18) for child in people if child.child_id in seekers]
        uasc = header.loc[is_seeker, ["CHILD", "SEX", "DOB"]].assign(DUC=pd.to_datetime(ceases))
        away = lists["missing_episodes"].rows
        away = open_since("missing_episodes", away, first)
        away = away[away["missing_episode_start_date"] <= pd.Timestamp(last)]
        missing = pd.DataFrame(
            {
                "CHILD": away["child_id"], "DOB": _born(council, away),
                "MISSING": away["missing_episode_type"],
                "MIS_START": away["missing_episode_start_date"],
                "MIS_END": away["missing_episode_end_date"],
            }
        )  # fmt: skip
        held = lists["care_reviews"].rows
        held = held[held["cla_review_date"].between(pd.Timestamp(first), pd.Timestamp(last))]
        reviews = pd.DataFrame(
            {
                "CHILD": held["child_id"], "DOB": _born(council, held),
                "REVIEW": held["cla_review_date"],
                "REVIEW_CODE": held["cla_review_participation"],
            }
        )  # fmt: skip
        sheets = [
            Sheet(f"Header {year}", header, run_on=last),
            Sheet(f"UASC {year}", uasc, run_on=last),
            Sheet(f"Missing {year}", missing, run_on=last),
            Sheet(f"Reviews {year}", reviews, run_on=last),
        ]
        if first.year >= SOCIAL_WORKERS_FROM:
            spells = known["social_worker_allocations"]
            spells = spells[spells["child_id"].isin(ids)]
            spells = open_since("social_worker_allocations", spells, first)
            workers = pd.DataFrame(
                {
                    "CHILD": spells["child_id"], "DOB": _born(council, spells),
                    "SW_ID": spells["worker_id"], "SW_DECOM": spells["allocation_start_date"],
                    "SW_DEC": spells["allocation_end_date"], "SW_REASON": "",
                }
            )  # fmt: skip
            sheets.append(Sheet(f"SWEpisodes {year}", workers, run_on=last))
        return sheets


EPISODES = (
    "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC",
    "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN",
)  # fmt: skip


def _with(reach: Reach, missing: frozenset[str]) -> Reach:
    return Reach(reach.first, reach.last, reach.snapshots, missing=missing)


def _born(council: Council, rows: pd.DataFrame) -> pd.Series:
    born = [council.children[child].born for child in rows["child_id"]]
    return pd.Series(pd.to_datetime(born), index=rows.index)


def _while_in_care(missing: pd.DataFrame, care: pd.DataFrame) -> pd.Series:
    """Say which missing episodes began while the child was in care."""
    joined = missing.reset_index()[["index", "child_id", "missing_episode_start_date"]].merge(
        care[["child_id", "care_start_date", "care_end_date"]], on="child_id"
    )
    day = joined["missing_episode_start_date"]
    within = (joined["care_start_date"] <= day) & (
        joined["care_end_date"].isna() | (joined["care_end_date"] > day)
    )
    return pd.Series(missing.index.isin(joined.loc[within, "index"]), index=missing.index)


def episodes(known: dict[str, pd.DataFrame], first: date) -> pd.DataFrame:
    """Cut periods of care into episodes: a new one at each change of placement or of legal status.

    Those that ended before a day are left out.
    """
    care = known["children_in_care"]
    placements = known["placements"]
    placements = placements[placements["placement_start_date"] != placements["placement_end_date"]]
    far = pd.Timestamp("2200-01-01")
    periods = [
        "care_period_id", "child_id", "care_start_date", "care_end_date", "care_end_reason",
        "follows_short_break",
    ]  # fmt: skip
    homes = [
        "child_id", "placement_start_date", "placement_end_date", "placement_type",
        "placement_provider",
    ]  # fmt: skip
    orders = ["child_id", "status_start_date", "status_end_date", "legal_status"]
    joined = (
        care[periods]
        .merge(placements[homes], on="child_id")
        .merge(known["legal_statuses"][orders], on="child_id")
    )
    starts = joined[["care_start_date", "placement_start_date", "status_start_date"]]
    ends = joined[["care_end_date", "placement_end_date", "status_end_date"]].fillna(far)
    joined["DECOM"] = starts.max(axis=1)
    joined["DEC"] = ends.min(axis=1)
    made = joined[joined["DECOM"] < joined["DEC"]].sort_values(["child_id", "DECOM"])
    made = made.assign(DEC=made["DEC"].mask(made["DEC"] == far))
    new_period = (made["DECOM"] == made["care_start_date"]) & ~made["follows_short_break"].astype(
        bool
    )
    moved = made["DECOM"] == made["placement_start_date"]
    changed = made["DECOM"] == made["status_start_date"]
    made["RNE"] = "P"
    made.loc[changed & ~moved, "RNE"] = "L"
    made.loc[changed & moved, "RNE"] = "B"
    made.loc[new_period, "RNE"] = "S"
    whole_end = made["DEC"].notna() & (made["DEC"] == made["care_end_date"])
    made["REC"] = pd.Series("X1", index=made.index).mask(whole_end, made["care_end_reason"])
    made["REC"] = made["REC"].mask(made["DEC"].isna())
    return made[made["DEC"].isna() | (made["DEC"] >= pd.Timestamp(first))]
