"""From one return alone the board shows every indicator that it determines, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.returns.__main__ import COLUMNS, indicators, months_on_the_page, months_text
from tests.returns.compare import FORMS, board_measures, shown_of
from tests.returns.undetermined import UNDETERMINED


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_return_shows_what_it_determines_and_nothing_else(form: str, tmp_path: Path) -> None:
    shown = shown_of(form, tmp_path)
    wrong = {name: one.wrong for name, one in shown.items() if one.wrong}
    assert wrong == {}
    if form in COLUMNS:
        page = months_on_the_page(form)
        told = {title: months_text(shown[measure].months) for title, measure in indicators()}
        assert page == told, "run: python -m tests.returns"
    with_figures = {name for name, one in shown.items() if one.months}
    assert with_figures == set(board_measures()) - set(UNDETERMINED[form])


def test_what_a_return_does_not_determine_is_on_the_board() -> None:
    for form, reasons in UNDETERMINED.items():
        assert set(reasons) <= set(board_measures()), form
        assert all(reasons.values())
