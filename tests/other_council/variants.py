"""What may be the matter with a delivery: when it was run, what it lacks, how it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import pandas as pd

from tests.other_council.annex_a import AnnexA
from tests.other_council.calendar import months_before
from tests.other_council.lists import (
    FIRST_DAY,
    NEVER,
    SPELL_ENDS,
    Listing,
    Lists,
    Manner,
    PlainLists,
    Sheet,
)
from tests.other_council.ssda903 import Ssda903

if TYPE_CHECKING:
    from tests.other_council.children import Council
    from tests.other_council.lists import Form

FORMS: dict[str, Form] = {form.name: form for form in (PlainLists(), AnnexA(), Ssda903())}
LISTS, ANNEX_A, SSDA903 = "lists", "annex_a", "ssda903"
EVERY_FORM = (LISTS, ANNEX_A, SSDA903)
SEEDED_DAYS = (3, 7)


@dataclass(frozen=True)
class Delivery:
    """The lists of one council as they are handed over, and what they can tell."""

    council: Council
    form: str
    variant: str
    day: date
    lists: Lists
    sheets: tuple[Sheet, ...]
    may_be_blank: frozenset[str]


Change = Callable[["Council", Lists, date, Random], Lists]


@dataclass(frozen=True)
class Variant:
    """One thing that is the matter, and the forms in which it occurs."""

    name: str
    says: str
    forms: tuple[str, ...] = EVERY_FORM
    day: Callable[[Council, Random], date] | None = None
    change: Change | None = None
    manner: Callable[[str, Random], Manner] | None = None
    stale: bool = False


def deliver(council: Council, form: str, variant: str) -> Delivery:
    """Return a council's lists in a form, with what the variant does to them."""
    chosen = VARIANTS[variant]
    if form not in chosen.forms:
        raise ValueError(f"{variant} does not occur in {form}")
    rng = Random(f"{council.seed} {council.size} {form} {variant}")
    maker = FORMS[form]
    day = council.month_end
    if form != SSDA903:
        day = (chosen.day or _some_days_later)(council, rng)
    lists = maker.begin(council, day)
    if chosen.stale:
        lists = _with_a_stale_list(council, maker, lists, day, rng)
    if chosen.change is not None:
        lists = chosen.change(council, lists, day, rng)
    manner = chosen.manner(form, rng) if chosen.manner is not None else Manner()
    lists = _unreadable(lists, manner)
    sheets = maker.sheets(council, lists, day, manner)
    sheets.append(_population(council, day))
    return Delivery(
        council, form, variant, day, lists, tuple(sheets), _may_be_blank(form, lists, manner)
    )


def _may_be_blank(form: str, lists: Lists, manner: Manner) -> frozenset[str]:
    """Return lists and measures that a careful program may leave aside."""
    names = set(manner.american) | set(manner.end_heading)
    if form == SSDA903:
        names |= {"care_reviews", "long_term_stability"}
        if names & {"children_in_care"}:
            names |= {"placements", "children_in_care"}
    if form == ANNEX_A:
        names |= {"care_leavers", "cin_plans", "care_reviews", "cla_pathway_plan"}
        if "cp_plans" in names:
            names |= {"visits", "review_conferences"}
        if "children_in_care" in names:
            names |= {"visits", "placements", "health_assessments"}
    return frozenset(names)


def _population(council: Council, day: date) -> Sheet:
    years = sorted(council.population)
    table = pd.DataFrame(
        {
            "Mid-year": years,
            "Population Group": "children_0_17",
            "People": [council.population[year] for year in years],
        }
    )
    return Sheet("population", table, run_on=day)


# When it was run


def _some_days_later(council: Council, rng: Random) -> date:
    return council.month_end + timedelta(days=rng.randint(*SEEDED_DAYS))


def _days_later(days: int) -> Callable[[Council, Random], date]:
    return lambda council, rng: council.month_end + timedelta(days=days)


def _before_the_end(council: Council, rng: Random) -> date:
    return council.month_end - timedelta(days=rng.randint(8, 13))


# What was left out


OF_CHILDREN_IN_CARE = (
    "placements", "care_reviews", "care_plans", "personal_education_plans", "health_assessments",
    "social_worker_allocations",
)  # fmt: skip
OF_CHILDREN_ON_PLANS = ("core_groups", "review_conferences")
OF_ANYBODY = ("visits", "supervisions")


def _open_now(lists: Lists, *names: str) -> frozenset[str]:
    children: set[str] = set()
    for name in names:
        rows = lists[name].rows
        children |= set(rows.loc[rows[SPELL_ENDS[name]].isna(), "child_id"])
    return frozenset(children)


def _todays_children(council: Council, lists: Lists, day: date, rng: Random) -> Lists:
    """Keep, in lists that others look into, the children of today only."""
    in_care = _open_now(lists, "children_in_care")
    if "visits" not in lists:  # the return of children in care: every list is of today's children
        changed = {}
        for name, listing in lists.items():
            kept = listing.rows["child_id"].isin(in_care)
            if name == "children_in_care":
                changed[name] = listing.only(kept, first=NEVER, snapshots=day, degraded=True)
            else:
                changed[name] = listing.only(kept, children=in_care, degraded=True)
        return changed
    on_plan = _open_now(lists, "cp_plans")
    leaving = _open_now(lists, "care_leavers")
    anybody = in_care | on_plan | leaving
    anybody |= _open_now(lists, "cin_plans", "early_help_episodes", "assessments")
    groups = [
        (OF_CHILDREN_IN_CARE, in_care),
        (OF_CHILDREN_ON_PLANS, on_plan),
        (OF_ANYBODY, anybody),
        (("pathway_plans",), in_care | leaving),
    ]
    changed = dict(lists)
    for names, children in groups:
        for name in names:
            kept = lists[name].rows["child_id"].isin(children)
            changed[name] = lists[name].only(kept, children=children, degraded=True)
    return changed


def _current_placements(council: Council, lists: Lists, day: date, rng: Random) -> Lists:
    listing = lists["placements"]
    kept = listing.rows["placement_end_date"].isna()
    return lists | {"placements": listing.only(kept, first=day, snapshots=day, degraded=True)}


def _latest_visits(council: Council, lists: Lists, day: date, rng: Random) -> Lists:
    listing = lists["visits"]
    order = listing.rows.sort_values("visit_date", kind="stable")
    last = order.drop_duplicates("child_id", keep="last").index
    kept = pd.Series(listing.rows.index.isin(last), index=listing.rows.index)
    return lists | {"visits": listing.only(kept, latest_only=True, degraded=True)}


def _open_only(council: Council, lists: Lists, day: date, rng: Random) -> Lists:
    """Keep what is open today, in every list of spells."""
    changed = dict(lists)
    for name, end in SPELL_ENDS.items():
        if name in lists and name not in {"section_47_enquiries", "missing_episodes"}:
            kept = lists[name].rows[end].isna()
            changed[name] = lists[name].only(kept, first=NEVER, snapshots=day)
    if "visits" in lists and lists["visits"].reach.latest_only:  # Annex A: no rows of others
        children = frozenset(changed["cp_plans"].rows["child_id"]) | frozenset(
            changed["children_in_care"].rows["child_id"]
        )
        for name in ("visits", "review_conferences", "placements", "health_assessments"):
            listing = lists[name]
            kept = listing.rows["child_id"].isin(children)
            changed[name] = listing.only(kept, children=children, degraded=True)
    return changed


def _planned_ends(council: Council, lists: Lists, day: date, rng: Random) -> Lists:
    """Write a planned day, after the delivery, as the end of some open records."""
    changed = dict(lists)
    for name in ("cp_plans", "cin_plans", "placements", "care_leavers", "early_help_episodes",
                 "early_help_plans", "children_in_care"):  # fmt: skip
        if name not in lists or (name == "placements" and lists[name].reach.latest_only):
            continue
        listing = lists[name]
        end = SPELL_ENDS[name]
        texts = listing.rows[end].copy()
        for index in texts.index[texts.isna()]:
            if rng.random() < 0.3:
                texts[index] = pd.Timestamp(day + timedelta(days=rng.randint(5, 400)))
        changed[name] = replace(listing, texts={**listing.texts, end: texts})
    return changed


STALE = {
    LISTS: ("cp_plans", "children_in_care", "referrals", "visits", "placements", "assessments",
            "section_47_enquiries", "supervisions"),
    ANNEX_A: ("referrals", "assessments", "contacts", "early_help_assessments"),
}  # fmt: skip


def _with_a_stale_list(
    council: Council, maker: Form, lists: Lists, day: date, rng: Random
) -> Lists:
    """Put the list of last month's delivery in the place of this month's."""
    if maker.name == SSDA903:
        last_year = date(day.year - 1, 3, 31)
        return lists | {
            name: listing
            for name, listing in maker.begin(council, last_year).items()
            if name in {"children_in_care", "placements"}
        }
    name = rng.choice(STALE[maker.name])
    old = maker.begin(council, months_before(day, 1))[name]
    return lists | {name: old}


# How it is written


CODES = {
    LISTS: (("placements", "placement_type"), ("placements", "placement_provider"),
            ("children_in_care", "care_end_reason"), ("children_in_care", "legal_status"),
            ("health_assessments", "health_assessment_type"),
            ("care_reviews", "cla_review_participation"), ("referrals", "referral_nfa")),
    ANNEX_A: (("placements", "placement_type"), ("placements", "placement_provider"),
              ("children_in_care", "care_end_reason"), ("children_in_care", "legal_status"),
              ("referrals", "referral_nfa")),
    SSDA903: (("placements", "placement_type"), ("placements", "placement_provider"),
              ("children_in_care", "care_end_reason"), ("children_in_care", "legal_status")),
}  # fmt: skip
LOCAL_WORDS = ("Local code 7", "See case note", "Grid ref. B")


def _unknown_codes(council: Council, lists: Lists, day: date, rng: Random) -> Lists:
    """Write words that no code list knows in four of ten cells of a column."""
    form = ANNEX_A if "visits" in lists and lists["visits"].reach.latest_only else LISTS
    if "visits" not in lists:
        form = SSDA903
    name, column = rng.choice(CODES[form])
    listing = lists[name]
    texts = listing.rows[column].astype("object").copy()
    filled = [index for index in texts.index if not pd.isna(texts[index])]
    hit = [index for index in filled if rng.random() < 0.4]
    if column == "referral_nfa":
        texts = texts.map({True: "Y", False: "N"})
    for index in hit:
        texts[index] = rng.choice(LOCAL_WORDS)
    unread = pd.Series(listing.rows.index.isin(hit), index=listing.rows.index)
    rows = listing.rows.assign(**{column: listing.rows[column].mask(unread)})
    changed = replace(listing, rows=rows, texts={**listing.texts, column: texts})
    return lists | {name: changed}


AMERICAN = {
    LISTS: ("contacts", "referrals", "cp_plans", "children_in_care", "visits", "assessments"),
    ANNEX_A: ("contacts", "referrals", "cp_plans", "children_in_care", "assessments"),
    SSDA903: ("children_in_care",),
}
END_HEADINGS = {
    "cp_plans": "Date Plan Ceased",
    "children_in_care": "Left Us On",
    "assessments": "Completed Date",
    "cin_plans": "Closed On",
    "placements": "Left On",
}
HIDDEN_ENDS = {
    LISTS: tuple(END_HEADINGS),
    ANNEX_A: ("cp_plans", "children_in_care"),
    SSDA903: ("children_in_care",),
}


def _american(form: str, rng: Random) -> Manner:
    return Manner(american=frozenset({rng.choice(AMERICAN[form])}))


def _american_rows(form: str, rng: Random) -> Manner:
    return Manner(american_in_some_rows=frozenset({rng.choice(AMERICAN[form])}))


def _unknown_end_heading(form: str, rng: Random) -> Manner:
    name = rng.choice(HIDDEN_ENDS[form])
    return Manner(end_heading={name: END_HEADINGS[name]})


def _unreadable(lists: Lists, manner: Manner) -> Lists:
    """Return the lists, those of which days cannot be told apart telling nothing."""
    also = {"children_in_care": ("placements", "health_assessments", "care_reviews", "visits")}
    changed = dict(lists)
    for name in manner.american_in_some_rows:
        shared = [name]
        if "early_help_plans" not in lists:  # returns: one sheet gives several lists
            shared += also.get(name, ())
            if name == "cp_plans":
                shared += ["visits", "review_conferences"]
        for one in shared:
            if one in lists:
                reach = replace(
                    lists[one].reach, first=NEVER, snapshots=NEVER,
                    missing=frozenset(lists[one].rows.columns),
                )  # fmt: skip
                changed[one] = replace(lists[one], reach=reach)
    return changed


VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("clean", "complete lists, run some days into the next month"),
        Variant("run_on_last_day", "run on the month's last day", (LISTS, ANNEX_A), _days_later(0)),
        Variant("run_on_1st", "run on the 1st", (LISTS, ANNEX_A), _days_later(1)),
        Variant("run_on_2nd", "run on the 2nd", (LISTS, ANNEX_A), _days_later(2)),
        Variant("run_mid_month", "run on the 15th after it", (LISTS, ANNEX_A), _days_later(15)),
        Variant("run_before_month_end", "run within the month", (LISTS, ANNEX_A), _before_the_end),
        Variant(
            "todays_children", "lists that others look into hold today's children only",
            (LISTS, SSDA903), change=_todays_children,
        ),
        Variant(
            "current_placements", "current placements only", (LISTS,), change=_current_placements
        ),
        Variant("latest_visits", "each child's latest visit only", (LISTS,), change=_latest_visits),
        Variant(
            "open_only", "open records only, run on the last day", (LISTS, ANNEX_A),
            _days_later(0), _open_only,
        ),
        Variant("planned_ends", "planned days as ends", (LISTS, ANNEX_A), change=_planned_ends),
        Variant("stale_list", "one list, or return, of the delivery before", stale=True),
        Variant("american_dates", "one list with American dates", manner=_american),
        Variant("american_rows", "every other row of a list American", manner=_american_rows),
        Variant("unknown_codes", "words in place of codes in one column", change=_unknown_codes),
        Variant("unknown_end_heading", "an end under another heading", manner=_unknown_end_heading),
    )
}  # fmt: skip

__all__ = ["FIRST_DAY", "FORMS", "VARIANTS", "Delivery", "Listing", "Variant", "deliver"]
