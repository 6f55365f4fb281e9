"""What would fill a workbook with lines is refused, with the number that is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbook_builder.build_workbook import check
from workbook_builder.measures import finished_figures
from workbook_builder.months import Month
from workbook_builder.problems import Problem, has_errors
from workbook_builder.request import Request

MONTH = Month(2023, 12)


def referrals(folder: Path, teams: int) -> None:
    lines = "".join(
        f"R{row},C{row},{row % 28 + 1:02}/{row % 12 + 1:02}/2023,T{row % teams}\n"
        for row in range(1_200)
    )
    (folder / "a.csv").write_text("Referral ID,Child ID,Date of referral,Team\n" + lines)


def figures(folder: Path, _: int = 0) -> None:
    lines = "".join(f"referrals,2023-{month:02},{month}\n" for month in range(1, 13))
    (folder / "b.csv").write_text("measure,month,value\n" + lines)


def comments(folder: Path, _: int = 0) -> None:
    lines = "".join(f"referrals,2023-{month:02},{'x' * 50}\n" for month in range(1, 13))
    (folder / "c.csv").write_text("measure,month,commentary\n" + lines)


def allocations(folder: Path, _: int = 0) -> None:
    lines = "".join(f"C{row},W{row},01/07/2023,T\n" for row in range(20))
    (folder / "d.csv").write_text("Child ID,Worker ID,Allocation start date,Team\n" + lines)


def beyond(folder: Path) -> list[Problem]:
    problems = check(Request((folder,), month=MONTH), lambda progress: None).problems
    return [one for one in problems if one.code == "M033"]


def test_few_teams_are_counted_and_very_many_are_not(tmp_path: Path) -> None:
    referrals(tmp_path, 500)
    assert not beyond(tmp_path)
    referrals(tmp_path, 501)
    [problem] = beyond(tmp_path)
    assert "has 501 teams; at most 500 are read" in problem.text()
    assert "it may hold workers or identifiers" in problem.text()
    assert has_errors([problem])


@pytest.mark.parametrize(("limit", "most", "make", "words"), [
    ("MOST_RECORDS", {"figures": 11}, figures, "12 records; at most 11 are read"),
    ("MOST_RECORDS", {"commentary": 11}, comments, "12 records; at most 11 are read"),
    ("MOST_COMMENT_CHARACTERS", 599, comments, "600 characters; at most 599 are read"),
    ("MOST_WORKERS", 19, allocations, "20 workers; at most 19 are read"),
])  # fmt: skip
def test_lists_that_are_taken_over_have_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    limit: str, most: object, make: Callable[[Path], None], words: str,
) -> None:  # fmt: skip
    referrals(tmp_path, 5)
    make(tmp_path)
    assert not beyond(tmp_path)
    monkeypatch.setattr(finished_figures, limit, most)
    [problem] = beyond(tmp_path)
    assert words in problem.text()
