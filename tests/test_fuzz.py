"""Short runs of the fuzzer, and Hypothesis from bytes to workbook; long runs are a command.

The oracle: the figures of the clean records, or a problem above a note; never a traceback.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz import strategies
from tests.fuzz.__main__ import fuzz
from tests.fuzz.damage import as_html, as_xlsx
from tests.fuzz.extracts import Case
from tests.fuzz.workbooks import MONTH, Bench, Shown
from workbook_builder.months import Month, months_ending

#: Records of the sample, and the last month of them.
REAL = strategies.real_rows()
REAL_MONTH = Month(2021, 9)
REAL_FILES = {
    ".csv": strategies.real_text(REAL), ".xlsx": as_xlsx(REAL), ".xls": as_html(REAL),
}  # fmt: skip


def bounded(examples: int) -> settings:
    """The same examples each time, and none made smaller, which would take minutes."""
    return settings(max_examples=examples, derandomize=True, database=None,
                    phases=(Phase.generate,), suppress_health_check=list(HealthCheck))  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench.at(tmp_path_factory.mktemp("bench"))


FEW = {"extracts": 60, "lists": 4, "layouts": 10, "workbooks": 4}
MANY = {"extracts": 300, "lists": 20, "layouts": 40, "workbooks": 20}


@pytest.mark.parametrize(
    ("first", "wanted"),
    [
        (2_000_000, FEW),
        pytest.param(0, MANY, marks=pytest.mark.slow),
    ],
)
def test_damaged_extracts_and_layouts_never_surprise(first: int, wanted: dict[str, int]) -> None:
    assert fuzz(wanted, first) == []


def built(bench: Bench, ending: str, content: bytes, month: Month = MONTH) -> tuple[Shown, bool]:
    path = bench.folder / f"referrals{ending}"
    path.write_bytes(content)
    return bench.built(path, month)


def wanted(case: Case) -> Shown:
    """Work out what a workbook of the clean records shows, without the program."""
    found: dict[tuple[str, str], tuple[float | None, ...]] = {}
    for month in map(str, months_ending(MONTH, 3)):
        every, few = (case.wanted_of(one, month) for one in ("referrals", "no_further_action"))
        found["referrals", month] = (every, None, every)
        found["no_further_action", month] = (few, every, few / every if every else None)
    return found


@bounded(30)
@given(case=strategies.damaged_cases())
def test_a_workbook_of_damaged_cells_shows_the_clean_figures_or_a_problem(
    bench: Bench, case: Case | None
) -> None:
    if case is None:
        return
    shown, said = built(bench, case.ending, case.content)
    if case.known and not said:
        right = wanted(case)
        assert {key: right[key] for key in shown} == shown
        assert all(key in shown for key, numbers in right.items() if numbers[0])


@pytest.fixture(scope="module")
def clean(bench: Bench) -> Shown:
    """What a workbook of the real records shows: each of them once."""
    found, said = built(bench, ".csv", REAL_FILES[".csv"], REAL_MONTH)
    counts = [found["referrals", str(month)][0] or 0 for month in months_ending(REAL_MONTH, 3)]
    assert (sum(counts), said) == (len(REAL) - 2, False)
    return found


@bounded(20)
@given(content=strategies.real_cells())
@pytest.mark.slow
def test_a_workbook_of_a_real_extract_with_bad_cells_shows_its_figures_or_a_problem(
    bench: Bench, clean: Shown, content: bytes
) -> None:
    shown, said = built(bench, ".csv", content, REAL_MONTH)
    assert said or shown == clean


@bounded(30)
@given(data=st.data())
def test_a_workbook_of_damaged_bytes_shows_the_clean_figures_or_a_problem(
    bench: Bench, clean: Shown, data: st.DataObject
) -> None:
    ending = data.draw(st.sampled_from(sorted(REAL_FILES)))
    content = data.draw(strategies.damaged_bytes(REAL_FILES[ending]))
    shown, said = built(bench, ending, content, REAL_MONTH)
    # In a text, changed bytes can make another good record; in a packed workbook they cannot.
    assert ending != ".xlsx" or said or shown == clean
