"""The records that a list marks as counted are the figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.measures.sample import ready_sample
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.definitions.measures import ChildrenInAny, Clocked
from workbook_builder.figures import Figure
from workbook_builder.measures.compute import Computed, Task, compute_figures
from workbook_builder.measures.listed_records import Counts, ListSource, RecordList
from workbook_builder.measures.record_lists import listed_measures, record_lists, workers_of
from workbook_builder.months import Month

MONTHS = 3

Lists = Mapping[tuple[str, Month], RecordList]


@pytest.fixture(scope="module")
def sample(root: Path) -> Iterator[tuple[Task, Computed, Lists]]:
    """All shipped measures counted over the sample in three months, and the records behind each."""
    with ready_sample(root) as (store, measures, loaded, ready):
        definitions = measures.definitions
        months = ready.task.months[-MONTHS:]
        task = replace(ready.task, months=months, asked=MONTHS, wanted=tuple(definitions.measures))
        computed = compute_figures(task, store)
        source = ListSource(
            loaded.extracts.numbered, workers=workers_of(months, definitions, store)
        )
        lists = {
            (name, month): one
            for name, measure in definitions.measures.items()
            if isinstance(measure, Clocked | ChildrenInAny)
            for month, one in record_lists(name, months, task, store, source).items()
        }
        yield task, computed, lists


def with_records(computed: Computed, lists: Lists) -> Iterator[tuple[Figure, RecordList]]:
    """Yield each figure that records were counted for, with them."""
    replaced = {(blank.measure, blank.month) for blank in computed.replaced}
    for figure in computed.figures:
        key = (figure.measure, figure.month)
        if figure.value is not None and key in lists and key not in replaced:
            yield figure, lists[key]


def test_the_records_that_count_are_the_figure(sample: tuple[Task, Computed, Lists]) -> None:
    task, computed, lists = sample
    compared: set[tuple[str, bool]] = set()
    for figure, one in with_records(computed, lists):
        tally = one.tally(figure.team)
        assert tally.numerator == figure.numerator, figure
        if figure.denominator is not None:
            assert tally.denominator == figure.denominator, figure
        compared.add((figure.measure, bool(figure.team)))
    counted = {name for name, _ in lists}
    of_service = {name for name, of_team in compared if not of_team}
    shown = {figure.measure for figure in computed.figures if figure.value is not None}
    replaced = {blank.measure for blank in computed.replaced}
    blank = counted - shown
    assert counted - of_service == blank | replaced
    assert len(of_service) > 110
    with_teams = {name for name in of_service if task.definitions.measures[name].teams}
    assert {name for name, of_team in compared if of_team} == with_teams


def test_a_record_that_counts_says_no_reason_and_one_that_does_not_says_why(
    sample: tuple[Task, Computed, Lists],
) -> None:
    _, _, lists = sample
    for one in lists.values():
        for record in one.records:
            assert bool(record.why) == (record.counts is not Counts.YES), (one.measure, record)


def test_late_is_what_does_not_count_in_time(sample: tuple[Task, Computed, Lists]) -> None:
    _, _, lists = sample
    late = [
        record
        for (name, _), one in lists.items()
        if name == "cp_visited_in_10_working_days"
        for record in one.records
        if record.timing.over is not None
    ]
    assert len(late) > 100
    for record in late:
        assert (record.counts is Counts.NO) == ((record.timing.over or 0) > 0)


def test_every_record_is_where_it_says(sample: tuple[Task, Computed, Lists], root: Path) -> None:
    _, _, lists = sample
    one = lists["contacts", max(month for _, month in lists)]
    lines = (root / "sample_inputs" / one.records[0].file).read_text("utf-8-sig").splitlines()
    for record in one.records:
        assert record.child in lines[record.row - 1]


def test_workers_are_identifiers(sample: tuple[Task, Computed, Lists]) -> None:
    _, _, lists = sample
    workers = {record.worker for one in lists.values() for record in one.records} - {""}
    assert workers
    assert all(any(mark.isdigit() for mark in worker) for worker in workers)


def test_derived_measures_have_the_records_of_their_parts() -> None:
    definitions = known_definitions().value
    assert listed_measures("cp_plan_rate", definitions) == ("children_on_cp_plans",)
    assert listed_measures("contacts_becoming_referrals", definitions) == ("referrals", "contacts")
    assert listed_measures("families_attached", definitions) == ()
