"""Rings of objects are looked for seldom during a build, and as ever after it."""

from __future__ import annotations

import gc

import pytest

from workbook_builder.cli.process import seldom_collected


def test_python_looks_seldom_and_then_as_before() -> None:
    usual = gc.get_threshold()

    @seldom_collected()
    def work() -> None:
        assert gc.isenabled()
        assert gc.get_threshold()[0] > 10 * usual[0]
        raise KeyError

    with pytest.raises(KeyError):
        work()
    assert gc.get_threshold() == usual


def test_rings_still_go_while_python_looks_seldom() -> None:
    class Ring:
        alive = 0

        def __init__(self) -> None:
            Ring.alive += 1
            self.own = self

        def __del__(self) -> None:
            Ring.alive -= 1

    with seldom_collected():
        most = 0
        for _ in range(500_000):
            Ring()
            most = max(most, Ring.alive)
    gc.collect()
    assert most < 200_000
    assert Ring.alive == 0
