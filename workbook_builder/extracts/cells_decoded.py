"""Different cells of workbooks as their bytes in, their texts out.

Calamine understands them: what a style, a shared text or a rich one means is for it to say. It is
given the workbook with other sheets in it, which hold each different cell once.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Mapping, Sequence

from python_calamine import CalamineSheet

from workbook_builder.columns.different import Different
from workbook_builder.columns.texts import Texts, TextsGathered
from workbook_builder.extracts.calamine import as_texts
from workbook_builder.extracts.repacked import repacked

_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_FOOT = b"</sheetData></worksheet>"
#: Cells in a row, so that no sheet has more rows than a sheet may have.
_ACROSS = 16
#: Rows that are written, or become texts, at once.
_AT_ONCE = 1_000
#: A cell that is something; blank ones at the edges of a sheet would not come back.
_EDGE = b"><v>1</v></c>"
#: So many bytes of cells are worth packing, for several copies of them fill the memory.
_MUCH = 50_000_000


def with_other_sheets(content: bytes, sheets: Mapping[str, Different]) -> io.BytesIO:
    """Return a workbook whose parts of these names are sheets of these cells."""
    much = frozenset(name for name, cells in sheets.items() if cells.size > _MUCH)
    return repacked(content, {name: _sheet(cells) for name, cells in sheets.items()}, much)


def texts_of(sheet: CalamineSheet, count: int, behind: Sequence[str]) -> Texts:
    """Return the texts of so many different cells out of such a sheet, and others behind them."""
    found = itertools.islice(itertools.chain.from_iterable(sheet.iter_rows()), 1, count + 1)
    gathered = TextsGathered()
    while some := list(itertools.islice(found, _AT_ONCE * _ACROSS)):
        gathered.add(as_texts(some))
    gathered.add(behind)
    return gathered.column()


def _sheet(cells: Different) -> Iterator[bytes]:
    yield _HEAD
    places = zip(cells.starts.tolist(), cells.ends.tolist(), strict=True)
    own = (cells.content[start:end] for start, end in places)
    left = _ACROSS - (len(cells) + 1) % _ACROSS
    whole = itertools.chain([_EDGE], own, itertools.repeat(_EDGE, left))
    rows = iter(lambda: list(itertools.islice(whole, _ACROSS)), [])
    while some := list(itertools.islice(rows, _AT_ONCE)):
        yield b"".join([b"<row><c" + b"<c".join(row) + b"</row>" for row in some])
    yield _FOOT
