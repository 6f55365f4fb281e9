"""What the layout needs, list by list, as the files page says it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.window.fakes import BOARD, JULY, KNOWN, Bench, fault
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.figures import ListFinding, NeededList
from workbook_builder.measures.needed_lists import lists_of, needed_lists
from workbook_builder.measures.prepare import bind_measures
from workbook_builder.window.list_needs import ListNeed, Standing, list_needs, needs_words
from workbook_builder.window.messages import (
    FileLookedAt,
    FileSummary,
    InputsOpened,
    OutputProposed,
    SheetSummary,
    WorkbookPreviewed,
)
from workbook_builder.window.preview_sheet import PreviewSheets

A, B = Path("/in/a.csv"), Path("/in/b.csv")
LISTS = (
    NeededList("referrals", "Referrals", ("referrals", "re_referrals")),
    NeededList("cin_plans", "Child in need plans", ("cin_open", "cin_visited")),
    NeededList("visits", "Visits", ("cin_visited",)),
    NeededList("population", "Population", ("cin_rate",), optional=True),
)
LOADED = KNOWN._replace(layouts=(BOARD._replace(lists=LISTS), *KNOWN.layouts[1:]))


def sheet(dataset: str, last: date, rows: int = 9) -> SheetSummary:
    return SheetSummary("", dataset, "", True, dataset=dataset, rows=rows,
                        first=date(2022, 7, 1), last=last)  # fmt: skip


def needs_after(
    *lists: ListFinding, sheets: tuple[SheetSummary, ...], counted: bool = True, old: bool = False
) -> tuple[Bench, dict[str, ListNeed]]:
    """Return what is needed once a file of some sheets has been read and figures were counted."""
    bench = Bench()
    bench.worker.previews = False
    bench.presenter.start([A])
    problems = (fault("a.csv", code="X046"),) if old else ()
    bench.hear(LOADED).looked(A, FileSummary("Read", sheets)).hear(OutputProposed(JULY, problems))
    if counted:
        bench.hear(WorkbookPreviewed(JULY, PreviewSheets(), (), lists=lists))
    return bench, {need.dataset: need for need in list_needs(bench.state)}


def test_before_figures_are_counted_a_list_is_given_or_not() -> None:
    bench, needs = needs_after(sheets=(sheet("referrals", date(2023, 7, 31)),), counted=False)
    assert [need.standing for need in needs.values()] == [
        Standing.MISSING, Standing.MISSING, Standing.GIVEN
    ]  # fmt: skip
    assert needs["referrals"].effect == "2 indicators"
    assert (needs["referrals"].rows, needs["referrals"].last) == (9, date(2023, 7, 31))
    assert needs["referrals"].files == ("a.csv: 9 rows, 1 Jul 2022 to 31 Jul 2023",)
    assert "population" not in needs, "the profile may know it"
    assert needs_words(bench.state, needs.values()) == "3 lists: 1 given, 2 not given."


def test_while_files_are_being_read_nothing_is_said_to_be_missing() -> None:
    bench = Bench().started(A, B)
    bench.hear(LOADED, InputsOpened(A, (A,), ()), InputsOpened(B, (B,), ()))
    seen = FileSummary("Read", (sheet("referrals", date(2023, 7, 31)),))
    needs = list_needs(bench.hear(FileLookedAt(A, seen)).state)
    assert [need.standing for need in needs] == [Standing.GIVEN] + 2 * [Standing.AWAITED]
    assert not any(need.can_be_added for need in needs)
    assert needs_words(bench.state, needs) == "3 lists: 1 given, 2 not read yet."


def test_a_short_list_says_where_it_ends_and_a_missing_one_what_is_blank() -> None:
    plans = ListFinding("cin_plans", ("cin_open",), (), ("It ends.",), date(2023, 7, 14))
    visits = ListFinding("visits", ("cin_visited",), (), ("Not given.",))
    people = ListFinding("population", ("cin_rate",), (), ("There is no population.",))
    sheets = (sheet("cin_plans", date(2023, 12, 1)), sheet("contacts", date(2023, 7, 31)))
    bench, needs = needs_after(plans, visits, people, sheets=sheets)
    assert needs["cin_plans"].standing is Standing.SHORT
    assert needs["cin_plans"].effect == "ends 14 Jul 2023, 1 indicator short"
    assert needs["cin_plans"].last == date(2023, 7, 14), "a planned day is no record of the past"
    assert needs["cin_plans"].reasons == ("It ends.",)
    assert needs["visits"].effect == "1 indicator blank"
    assert needs["population"].standing is Standing.MISSING
    assert needs["contacts"].standing is Standing.NOT_USED
    assert needs["referrals"].standing is Standing.NOT_GIVEN, "its figures come from elsewhere"
    assert next(iter(needs)) == "cin_plans", "what is short comes first"
    words = needs_words(bench.state, needs.values())
    assert words == "4 lists: 1 short, 2 not given. 3 of 5 indicators are blank."


def test_earlier_months_and_last_years_file_are_told() -> None:
    earlier = ListFinding("cin_plans", (), ("cin_open",), (), date(2023, 7, 31))
    older = ListFinding("visits", last=date(2022, 7, 3), old=True)
    sheets = tuple(sheet(one.dataset, date(2023, 7, 31)) for one in LISTS[:3])
    _, needs = needs_after(earlier, older, sheets=sheets)
    assert needs["cin_plans"].standing is Standing.GIVEN
    assert needs["cin_plans"].effect == "2 indicators, 1 without some earlier months"
    assert needs["visits"].effect == "ends 3 Jul 2022, long before the others: last year's file?"
    _, needs = needs_after(sheets=sheets[:1], old=True)
    assert needs["referrals"].standing is Standing.OLD
    assert needs["referrals"].reasons == ("a.csv: a cell cannot be read.",)


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return known_definitions().value


@pytest.mark.parametrize("layout", ["board", "scorecard"])
def test_lists_of_measures_are_those_that_their_sql_reads(
    definitions: Definitions, layout: str
) -> None:
    chosen: Layout = definitions.layouts[layout]
    prepared = bind_measures(definitions, chosen).prepared
    for name in chosen.measures:
        parts = [name]
        for part in parts:
            parts += definitions.measures[part].parts
        read = {each for part in parts if part in prepared
                for each in (prepared[part].measure.dataset, *prepared[part].lookups)}  # fmt: skip
        assert read <= lists_of(name, definitions), name
    lists = {each.dataset: each for each in needed_lists(chosen, definitions)}
    assert lists["children_in_care"].indicators
    assert lists["commentary"].optional
