"""Which unknowns a linear system determines, compared with what the ranks of matrices say."""

from __future__ import annotations

import random

import numpy as np
import pytest

from workbook_builder.suppression.apply_suppression import determined


def test_what_follows_and_from_which_equations() -> None:
    equations = [{"a": 1, "b": 1}, {"c": 1, "d": 1}, {"a": 1, "b": -1}, {"d": 2, "known": 5}]
    found = dict(determined(equations, {"a", "b", "c", "d"}))
    assert found == {"a": {0, 2}, "b": {0, 2}, "d": {3}, "c": {1, 3}}


def test_sums_alone_determine_nothing() -> None:
    assert not list(determined([{"a": 1, "b": 1}, {"b": 1, "c": 1}], {"a", "b", "c"}))


@pytest.mark.parametrize("seed", range(40))
def test_it_is_what_the_rank_says(seed: int) -> None:
    chance = random.Random(seed)
    names = "abcdefgh"
    equations = [
        {one: chance.choice((-1, 1)) for one in chance.sample(names, chance.randint(1, 4))}
        for _ in range(chance.randint(2, 9))
    ]
    unknown = set(chance.sample(names, 6))
    matrix = np.array([[one.get(name, 0) for name in names if name in unknown]
                       for one in equations], dtype=float)  # fmt: skip
    rank = np.linalg.matrix_rank(matrix)
    columns = [name for name in names if name in unknown]
    units = np.eye(len(columns))
    expected = {name for name, unit in zip(columns, units, strict=True)
                if np.linalg.matrix_rank(np.vstack([matrix, unit])) == rank}  # fmt: skip
    found = dict(determined(equations, unknown))
    assert set(found) == expected
    for name, used in found.items():
        own = matrix[sorted(used)]
        unit = units[columns.index(name)]
        assert np.linalg.matrix_rank(np.vstack([own, unit])) == np.linalg.matrix_rank(own)
