"""Last year's extract among this year's is told from one report that was split by date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.loaded import read_extracts
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.problem_catalogue import OLDER_EXTRACT

DATASETS = known_definitions().value.datasets
NEW = (("08/05/2023", ""), ("03/07/2023", ""))
OPEN, ENDED_THEN = ("03/05/2022", ""), ("01/02/2022", "01/06/2022")
LATELY = (("01/03/2022", "14/04/2023"), ("02/03/2022", "02/06/2023"), ("03/03/2022", "30/06/2023"))
PLANNED = (("04/03/2022", "30/09/2023"), ("05/03/2022", "31/12/2023"), ("06/03/2022", "31/03/2024"))


def write(file: Path, first: int, plans: Sequence[tuple[str, str]]) -> Path:
    lines = [f"{2000356000 + first + at},{start},{end}\n" for at, (start, end) in enumerate(plans)]
    file.write_text("Child ID,CP Plan Start Date,CP Plan End Date\n" + "".join(lines), "utf-8")
    return file


@pytest.mark.parametrize(("older", "is_old"), [
    ((OPEN, ENDED_THEN), True),
    ((OPEN, *LATELY), False),
    ((OPEN, *LATELY[:2]), True),  # two may be slips of the pen
    ((OPEN, ENDED_THEN, *PLANNED), True),
    ((OPEN, *LATELY[:2], *PLANNED), True),
])  # fmt: skip
def test_a_list_in_which_records_ended_lately_is_no_old_one(
    older: Sequence[tuple[str, str]], is_old: bool, tmp_path: Path
) -> None:
    files = [write(tmp_path / "a.csv", 100, older), write(tmp_path / "b.csv", 200, NEW)]
    problems = read_extracts(files, DATASETS).problems
    assert (OLDER_EXTRACT in [problem.kind for problem in problems]) is is_old
