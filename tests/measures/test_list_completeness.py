"""Whether two lists know the same children, over lists that are made here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from tests.measures.tiny import JULY, Lists, Record, figures, record
from workbook_builder.measures.list_completeness import Group, Pair, month_number
from workbook_builder.months import Month

LAST = date(2023, 7, 31)
FIRST = Month(2021, 1)


def day(when: date | None) -> str:
    """Write a day as extracts do."""
    return f"{when:%d/%m/%Y}" if when else ""


def plans() -> list[tuple[str, date, date | None]]:
    """Return plans that begin every five days and last for 270; those of July are open."""
    begun = [date(2020, 7, 3) + timedelta(days=5 * number) for number in range(224)]
    ended = [start + timedelta(days=270) for start in begun]
    return [
        (f"{1000 + number}", start, end if end <= LAST else None)
        for number, (start, end) in enumerate(zip(begun, ended, strict=True))
    ]


def on_plans() -> list[Record]:
    """Return the plans as records."""
    return [
        record(child_id=child, cp_plan_start_date=day(start), cp_plan_end_date=day(end))
        for child, start, end in plans()
    ]


def visits(*, ended: bool = True, latest: bool = False, prefix: str = "") -> list[Record]:
    """Return a visit every nine days of each plan, of those that have ended too if asked for."""
    records = []
    for child, start, end in plans():
        until = end or LAST
        days = [start + timedelta(days=back) for back in range(2, (until - start).days, 9)]
        for visited in days[-1:] if latest else days:
            if ended or end is None:
                records.append(record(child_id=prefix + child, visit_date=day(visited)))
    return records


def visited(folder: Path, seen: Sequence[Record], month: Month) -> str | float | None:
    """Return the share of children on plans who were visited in four weeks, or why it is blank."""
    lists: Lists = {"cp_plans": on_plans(), "visits": seen}
    found = figures(folder, "cp_visited_in_4_weeks", lists)[month]
    if found.reason:
        return found.reason
    assert found.numerator is not None
    assert found.denominator
    return found.numerator / found.denominator


def test_a_complete_list_tells_every_month(tmp_path: Path) -> None:
    for month in (JULY, JULY.plus(-6), JULY.plus(-12)):
        assert visited(tmp_path, visits(), month) == 1


def test_a_list_of_todays_children_tells_the_present_only(tmp_path: Path) -> None:
    assert visited(tmp_path, visits(ended=False), JULY) == 1
    for back in (-3, -12):
        assert "since left" in str(visited(tmp_path, visits(ended=False), JULY.plus(back)))


def placed(folder: Path, moved: int) -> str | float | None:
    """Return July's number in IFA placements by a list of present ones, or why it is blank.

    Of forty children so many moved after the month's end, in the days before the lists were run;
    most others came to where they are in the last months.
    """
    run = LAST + timedelta(days=5)
    children = [f"{1000 + number}" for number in range(40)]
    since = [run - timedelta(days=1) if number < moved else LAST - timedelta(days=20 * number % 300)
             for number in range(40)]  # fmt: skip
    begun = [run - timedelta(days=2 + 20 * number) for number in range(40)]
    lists: Lists = {
        "children_in_care": [
            record(child_id=child, care_start_date=day(start), care_end_date="", legal_status="C2")
            for child, start in zip(reversed(children), begun, strict=True)
        ],
        "placements": [
            record(child_id=child, placement_start_date=day(start), placement_end_date="",
                   placement_type="U1", placement_provider="PR4")
            for child, start in zip(children, since, strict=True)
        ],
    }  # fmt: skip
    found = figures(folder, "placed_ifa_number", lists, period="")[JULY]
    return found.reason or found.value


def test_a_list_of_present_placements_gives_no_number_that_lacks_a_child(tmp_path: Path) -> None:
    assert placed(tmp_path, moved=0) == 39  # one came into care in August
    assert "since left" in str(placed(tmp_path, moved=1))


def test_each_childs_latest_visit_tells_the_present_only(tmp_path: Path) -> None:
    assert visited(tmp_path, visits(latest=True), JULY) is not None
    assert "latest record" in str(visited(tmp_path, visits(latest=True), JULY.plus(-1)))


def test_a_list_of_other_children_tells_nothing(tmp_path: Path) -> None:
    for month in (JULY, JULY.plus(-12)):
        assert "hardly any children in common" in str(visited(tmp_path, visits(prefix="9"), month))


def test_a_number_with_decimals_is_the_same_identifier(tmp_path: Path) -> None:
    seen = [{**one, "child_id": one["child_id"] + ".0"} for one in visits()]
    assert visited(tmp_path, seen, JULY) == 1


def test_a_list_of_one_age_is_compared_within_that_age() -> None:
    now, begun = month_number(JULY), month_number(FIRST)
    today = [
        Group(begun, None, True, True, seen, seen, band, 30)
        for band, seen in ((1, False), (2, True))
    ]
    left = [Group(begun, now - 5, True, False, False, False, 1, 30)]
    assert not Pair([*today, *left], JULY, FIRST).is_of_today
    left = [Group(begun, now - 5, True, False, False, False, 2, 30)]
    lists = Pair([*today, *left], JULY, FIRST)
    assert lists.is_of_today
    assert lists.loses(JULY.plus(-6))
    assert not lists.loses(JULY)


def test_who_is_still_in_another_list_does_not_show_that_those_who_left_are_known() -> None:
    now, begun = month_number(JULY), month_number(FIRST)
    today = Group(begun, None, True, True, True, True, 2, 30)
    helped = Group(begun, now - 5, True, False, True, True, 2, 4, elsewhere=True)
    assert not Pair([today, helped], JULY, FIRST).knows_who_left
    gone = [Group(begun, now - 5, True, False, seen, seen, 2, 4) for seen in (True, False)]
    assert Pair([today, helped, gone[0]], JULY, FIRST).knows_who_left
    assert not Pair([today, helped, gone[1]], JULY, FIRST).knows_who_left
