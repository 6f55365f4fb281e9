"""Caseloads summed up: by team, over the threshold, by qualifying status."""

from __future__ import annotations

from tests.sheets.team_examples import CASELOADS, DEFINITIONS, MANY
from workbook_builder.figures import Caseloads
from workbook_builder.sheets.caseload_sheet import summarise_caseloads

TEAMS = DEFINITIONS.known_teams


def test_teams_are_summed_up() -> None:
    summary = summarise_caseloads(CASELOADS, 20, TEAMS)
    assert [load.team for load in summary.teams] == ["East 1", "East 2", MANY[0]]
    first = summary.teams[0]
    assert (len(first.workers), first.cases, first.most, first.over) == (3, 71, 30, 2)
    assert first.average == 71 / 3
    assert summary.whole
    assert (len(summary.whole.workers), summary.whole.cases, summary.whole.over) == (6, 111, 3)


def test_at_or_over_the_threshold_counts_for_the_list_and_over_it_for_the_number() -> None:
    summary = summarise_caseloads(CASELOADS, 20, TEAMS)
    assert [worker.allocations for worker in summary.at_or_over] == [30, 21, 21, 20]
    assert summary.whole and summary.whole.over == 3


def test_statuses_that_differ_in_letter_case_are_one_the_commonest_first() -> None:
    summary = summarise_caseloads(CASELOADS, 20, TEAMS)
    assert summary.statuses == ("SW", "ASYE", "NQSW")
    assert summary.teams[0].by_status == {"SW": 2, "NQSW": 1}


def test_nobody_is_summed_up_to_nothing() -> None:
    summary = summarise_caseloads(Caseloads(), 20, TEAMS)
    assert (summary.teams, summary.whole, summary.at_or_over) == ((), None, ())
