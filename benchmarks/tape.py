"""The calls that one build makes to XlsxWriter, recorded, so that they can be made again alone."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple
from unittest import mock

import xlsxwriter

_NUMBERS = count(1)


class Made(NamedTuple):
    """One of XlsxWriter's own things among arguments, by the number under which it was made."""

    number: int


class Call(NamedTuple):
    """A call of a method of one of XlsxWriter's things; `made` is the number of what it made."""

    of: int
    name: str
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    made: int | None


class _Recorder:
    """Stands before one of XlsxWriter's things and records what is asked of it."""

    def __init__(self, real: Any, tape: list[Call], number: int) -> None:
        self._real, self._tape, self._number = real, tape, number

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        return self._recorded(name, found) if callable(found) else found

    def _recorded(self, name: str, method: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            result = method(*_real(arguments), **_real(named))
            is_own = type(result).__module__.startswith("xlsxwriter")
            made = next(_NUMBERS) if is_own else None
            self._tape.append(Call(self._number, name, _kept(arguments), _kept(named), made))
            return _Recorder(result, self._tape, made) if made else result

        return call


def _real(value: Any) -> Any:
    if isinstance(value, _Recorder):
        return value._real
    return _inside(value, _real)


def _kept(value: Any) -> Any:
    if isinstance(value, _Recorder):
        return Made(value._number)
    if isinstance(value, io.BytesIO):
        return io.BytesIO(value.getvalue())
    return _inside(value, _kept)


def _inside(value: Any, change: Any) -> Any:
    if isinstance(value, dict):
        return {key: change(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(change(one) for one in value)
    return value


@contextlib.contextmanager
def recording() -> Iterator[list[Call]]:
    """Record all calls to the workbooks that are begun meanwhile."""
    tape: list[Call] = []
    begin = xlsxwriter.Workbook

    def begun(*arguments: Any) -> _Recorder:
        return _Recorder(begin(*arguments), tape, 0)

    with mock.patch.object(xlsxwriter, "Workbook", begun):
        yield tape


def played(tape: Sequence[Call]) -> bytes:
    """Make the calls of a tape again and return the workbook that comes of them."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    things: dict[int, Any] = {0: xlsxwriter.Workbook(target, options)}

    def given(value: Any) -> Any:
        return things[value.number] if type(value) is Made else _inside(value, given)

    for of, name, arguments, named, made in tape:
        method = getattr(things[of], name)
        last = arguments[-1] if arguments else None
        if type(last) is Made and not named:  # nearly all: a cell's row, column, content, format
            result = method(*arguments[:-1], things[last.number])
        else:
            result = method(*given(arguments), **given(named))
        if made is not None:
            things[made] = result
    return target.getvalue()
