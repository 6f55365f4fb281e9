"""Read the XML of a statutory return into grids of text cells, a grid for each kind of node.

The file is streamed: no more of it is held than one child and the cells that were read so far. A
document type is refused, so that no entity can multiply or fetch anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import numpy as np
import pandas as pd

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.paths import Fingerprint, fingerprint_of_digest
from workbook_builder.problems import Problem, Where
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.limits import (
    MOST_XML_CELLS,
    LimitExceeded,
    cells_too_many,
    xml_too_large,
)

#: Nodes within one another, and characters of one text: no return has more.
_DEEPEST = 40
_LONGEST_TEXT = 32_767
#: Bytes that are read at once.
_PIECE = 1_000_000
#: Different texts that are held once; others are identifiers, few of which come twice.
_MOST_SHARED = 50_000


@dataclass(frozen=True)
class XmlShape:
    """How the XML of a return is cut into tables.

    `root` is its outermost node, `child` the node that holds all about one child. Each node inside
    that holds plain values is a row of the table of its name, with the values of `shared` in front,
    wherever in the child they stand. Only values of the names `wanted` are kept; of nodes that have
    none of them, nothing but the headings.
    """

    root: str
    child: str
    shared: tuple[str, ...]
    wanted: frozenset[str]


def read(path: Path, shapes: Sequence[XmlShape]) -> tuple[list[Grid] | Problem, Fingerprint]:
    """Read the tables of a file, or say why it cannot be used; and what file it was.

    Raises OSError if the file cannot be read.
    """
    if too_large := xml_too_large(path.name, path.stat().st_size):
        return too_large, Fingerprint()
    parser = _ReturnParser(path.name, shapes)
    digest, size = hashlib.sha256(), 0
    problem: Problem | None = None
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            problem = problem or _parse_piece(path.name, parser.reader, piece, is_last=False)
    problem = problem or _parse_piece(path.name, parser.reader, b"", is_last=True)
    fingerprint = fingerprint_of_digest(path, digest.hexdigest(), size)
    return problem or parser.grids(), fingerprint


def _parse_piece(
    name: str, reader: expat.XMLParserType, piece: bytes, *, is_last: bool
) -> Problem | None:
    try:
        reader.Parse(piece, is_last)
    except expat.ExpatError as fault:
        what = f"the XML is broken in line {fault.lineno:,}, so the file cannot be read."
        return Problem(catalogue.BROKEN_XML, what, Where(name), "File left out.")
    except LimitExceeded as exceeded:
        return exceeded.problem
    return None


@dataclass(eq=False)
class _Table:
    """The rows of one kind of node, column by column."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    rows: int = 0

    def add_headings(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in self.columns:
                self.columns[name] = [""] * self.rows

    def add(self, cells: Mapping[str, str]) -> None:
        self.add_headings(tuple(cells))
        for name, text in cells.items():
            self.columns[name].append(text)
        self.rows += 1
        for column in self.columns.values():
            if len(column) < self.rows:
                column.append("")


@dataclass(eq=False)
class _Node:
    """A node that is open: its name, the plain values in it so far, and its text."""

    name: str
    values: dict[str, list[str]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    has_nodes: bool = False


class _ReturnParser:
    """The tables of a return, as its nodes come."""

    def __init__(self, file: str, shapes: Sequence[XmlShape]) -> None:
        self._file = file
        self._shapes = {shape.root: shape for shape in shapes}
        self._shape: XmlShape | None = None
        self._open: list[_Node] = []
        self._depth = 0
        self._rows: list[tuple[str, dict[str, str]]] = []
        self._tables: dict[str, _Table] = {}
        self._known: dict[str, str] = {}
        self._cells = 0
        self.reader = expat.ParserCreate()
        self.reader.buffer_text = True
        self.reader.StartDoctypeDeclHandler = self._refuse
        self.reader.EntityDeclHandler = self._refuse
        self.reader.StartElementHandler = self._on_start
        self.reader.EndElementHandler = self._on_end
        self.reader.CharacterDataHandler = self._on_text

    def grids(self) -> list[Grid]:
        """Return the tables that were read, each with its headings in row 1."""
        names = ", ".join(self._tables) or "nothing"
        what = f"the file is a return in XML, with {names}."
        note = Problem(catalogue.READ_AS_XML, what, Where(self._file), "Each was read as a table.")
        grids: list[Grid] = []
        for name, table in self._tables.items():
            frame = {}
            for number, heading in enumerate(list(table.columns)):
                cells = np.empty(table.rows + 1, dtype=object)
                cells[0] = heading
                cells[1:] = table.columns.pop(heading)
                frame[number] = cells
            index = pd.RangeIndex(1, table.rows + 2)
            cells_of_table = pd.DataFrame(frame, index=index, dtype=object, copy=False)
            grids.append(Grid(self._file, name, cells_of_table, (note,)))
        return grids

    def _refuse(self, *declared: object) -> None:
        what = "the file declares a document type or entities, which returns never do."
        raise LimitExceeded(
            Problem(catalogue.BROKEN_XML, what, Where(self._file), "File left out.")
        )

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self._depth += 1
        if self._depth == 1:
            self._shape = self._shapes.get(name)
            if self._shape is None:
                what = "the file is XML, but not a return that the program knows."
                raise LimitExceeded(
                    Problem(catalogue.OTHER_CONTENT, what, Where(self._file), "File left out.")
                )
        elif self._depth > _DEEPEST:
            raise LimitExceeded(self._too_large("more than 40 nodes within one another"))
        if self._open:
            self._open[-1].has_nodes = True
            self._open.append(_Node(name))
        elif self._shape is not None and name == self._shape.child:
            self._open.append(_Node(name))

    def _on_text(self, text: str) -> None:
        if self._open:
            self._open[-1].text.append(text)

    def _on_end(self, name: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        node = self._open.pop()
        if node.has_nodes:
            self._end_record(node)
        elif self._open:
            text = "".join(node.text).strip()
            if len(text) > _LONGEST_TEXT:
                raise LimitExceeded(self._too_large("a text that no cell could hold"))
            self._open[-1].values.setdefault(node.name, []).append(self._shared(text))
        if not self._open:
            self._end_child()

    def _end_record(self, node: _Node) -> None:
        """Keep a node's plain values as rows; one that comes again gives a row each time."""
        for number in range(max(map(len, node.values.values()), default=0)):
            cells = {
                name: texts[number if len(texts) > 1 else 0]
                for name, texts in node.values.items()
                if number < len(texts) or len(texts) == 1
            }
            self._rows.append((node.name, cells))

    def _end_child(self) -> None:
        """Add the rows of a child to the tables, the child's identifiers in front of each."""
        assert self._shape is not None  # no child is looked for without one
        shared: dict[str, str] = {}
        for name in self._shape.shared:
            shared[name] = next((row[name] for _, row in self._rows if name in row), "")
        wanted = self._shape.wanted
        for name, cells in self._rows:
            table = self._tables.setdefault(name, _Table())
            if wanted.isdisjoint(cells):
                table.add_headings((*shared, *cells))
                continue
            whole = shared | {name: text if name in wanted else "" for name, text in cells.items()}
            self._cells += len(whole)
            table.add(whole)
        self._rows.clear()
        if problem := cells_too_many(self._file, self._cells, MOST_XML_CELLS):
            raise LimitExceeded(problem)

    def _shared(self, text: str) -> str:
        if len(self._known) < _MOST_SHARED:
            return self._known.setdefault(text, text)
        return self._known.get(text, text)

    def _too_large(self, what: str) -> Problem:
        return Problem(
            catalogue.TOO_LARGE, f"the XML has {what}.", Where(self._file), "File left out."
        )
