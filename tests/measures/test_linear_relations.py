"""Hidden numbers that several tables together would disclose are hidden too, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_builder.figures import Figure, Figures, Status
from workbook_builder.months import Month
from workbook_builder.suppression.apply_suppression import suppress_figures
from workbook_builder.suppression.identities import Counted

UNDER = 5
FIRST = Month(2023, 1)
OPEN, START, END = ("care", "open", ""), ("care", "start", ""), ("care", "end", "")
COUNTS = {
    ("open", "numerator"): Counted(OPEN, frozenset(), at_month_end=True),
    ("started", "numerator"): Counted(START, frozenset()),
    ("ended", "numerator"): Counted(END, frozenset()),
    ("all", "numerator"): Counted(START, frozenset({"x"})),
    ("children", "numerator"): Counted(("care", "start", "child_id"), frozenset({"x"})),
    ("share", "denominator"): Counted(START, frozenset({"x"})),
    **{(f"part{at}", "numerator"): Counted(START, frozenset({"y", f"{at}"})) for at in range(4)},
}


def lines(**given: Sequence[float]) -> list[Figure]:
    return [
        Figure(name, FIRST.plus(at), "", number, None, number, Status.CALCULATED)
        for name, numbers in given.items()
        for at, number in enumerate(numbers)
    ]


def hidden(figures: Sequence[Figure]) -> dict[str, list[int]]:
    """Return by measure in which months its figure is hidden."""
    found: dict[str, list[int]] = {}
    for one in suppress_figures(Figures(figures), UNDER, {}, COUNTS):
        if one.status is Status.SUPPRESSED:
            found.setdefault(one.measure, []).append(one.month.number)
    return found


def test_who_came_is_not_told_by_who_is_there_before_and_after_and_who_went() -> None:
    found = hidden(lines(open=[100, 97, 108, 114, 107], started=[20, 3, 21, 15, 6],
                         ended=[5, 6, 10, 9, 13]))  # fmt: skip
    assert found["started"] == [2]
    assert found["ended"] == [2]
    assert "open" not in found


def test_where_came_and_went_do_not_explain_what_is_there_only_the_small_one_is_hidden() -> None:
    found = hidden(lines(open=[100, 97, 108, 114, 107], started=[20, 3, 21, 15, 6],
                         ended=[5, 6, 10, 9, 12]))  # fmt: skip
    assert found == {"started": [2]}


def test_the_same_number_below_the_line_of_another_table_does_not_give_a_team_away() -> None:
    """Each table hides a team beside A, not the same one: together they would leave A alone."""
    figures = []
    for month in range(4):
        teams = {"A": (1, 2 if month == 0 else 40), "B": (25, 30 + month), "C": (10, 31 + month)}
        teams[""] = (36, sum(below for _, below in teams.values()))
        for team, (above, below) in teams.items():
            at = FIRST.plus(month), team
            figures.append(Figure("children", *at, below, None, below, Status.CALCULATED))
            figures.append(Figure("share", *at, above, below, above / below, Status.CALCULATED))
    settled = suppress_figures(Figures(figures), UNDER, {}, COUNTS)
    shown = {(one.measure, one.team) for one in settled
             if one.month == FIRST and one.status is not Status.SUPPRESSED}  # fmt: skip
    told = {team for measure, team in shown}
    assert told != {"B", "C", ""}  # else A is what B and C leave


def test_what_three_parts_leave_of_a_whole_is_hidden_with_another_part() -> None:
    parts = {"part1": [20, 21, 25, 24], "part2": [30, 33, 31, 36], "part3": [9, 3, 8, 7]}
    whole = [sum(numbers) for numbers in zip(*parts.values(), strict=True)]
    found = hidden(lines(part0=whole, **parts))
    assert found.pop("part3") == [2]
    assert list(found.values()) == [[2]]


def test_numbers_that_agree_by_chance_are_left_alone() -> None:
    found = hidden(lines(all=[3, 20], children=[3, 20]))
    assert found == {"all": [1], "children": [1]}
    assert hidden(lines(all=[30, 20], children=[30, 20])) == {}


def test_teams_of_one_child_each_are_not_told_by_tables_that_hide_different_teams() -> None:
    """Of A, B, C and D, one child each, every table alone leaves two ways with the team it hides.

    Together they show both large teams: then the four have four children, and so one each.
    """
    counts = {**COUNTS, ("seen", "denominator"): Counted(START, frozenset({"x"}))}
    small = dict.fromkeys("ABCD", (1, 1))
    figures = []
    for measure, large in (("share", {"E": (60, 80), "F": (20, 90)}),
                           ("seen", {"E": (20, 80), "F": (60, 90)})):  # fmt: skip
        for month in range(4):
            teams = {**small, **{team: (above, below + month)
                                 for team, (above, below) in large.items()}}  # fmt: skip
            teams[""] = (84, sum(below for _, below in teams.values()))
            for team, (above, below) in teams.items():
                at = FIRST.plus(month), team
                figures.append(Figure(measure, *at, above, below, above / below, Status.CALCULATED))
    settled = suppress_figures(Figures(figures), UNDER, {}, counts)
    for month in range(4):
        of_month = [one for one in settled if one.month == FIRST.plus(month)]
        shown = {one.team for one in of_month if one.status is not Status.SUPPRESSED}
        assert not {"E", "F"} <= shown
