"""The XML of returns: streamed into tables; what is broken or hostile is a problem, not a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder.problems import Problem
from workbook_builder.readers import return_xml
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.read_file import read_file
from workbook_builder.readers.return_xml import XmlShape

WANTED = frozenset({
    "LAchildID", "PersonBirthDate", "CINreferralDate", "S47ActualStartDate", "CPPstartDate",
    "CPPreviewDate", "ReferralNFA", "CHILDID", "X", "a",
})  # fmt: skip
SHAPES = (
    XmlShape("Message", "Child", ("LAchildID", "PersonBirthDate"), WANTED),
    XmlShape("EXPSSDA903", "CHILD", ("CHILDID",), WANTED),
)
CENSUS = b"""<?xml version="1.0" encoding="utf-8"?>
<Message xmlns="http://example.org/cin">
  <Header><Source><LEA>201</LEA></Source></Header>
  <Children>
    <Child>
      <ChildIdentifiers><LAchildID>A1</LAchildID><PersonBirthDate>2015-03-27</PersonBirthDate></ChildIdentifiers>
      <ChildCharacteristics><Disabilities><Disability>HAND</Disability><Disability>HEAR</Disability></Disabilities></ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2022-10-06</CINreferralDate>
        <Section47><S47ActualStartDate>2022-11-02</S47ActualStartDate><ICPCnotRequired>false</ICPCnotRequired></Section47>
        <ChildProtectionPlans>
          <CPPstartDate>2022-12-01</CPPstartDate>
          <Reviews><CPPreviewDate>2023-02-15</CPPreviewDate><CPPreviewDate>2023-03-15</CPPreviewDate></Reviews>
        </ChildProtectionPlans>
        <ReferralNFA/>
      </CINdetails>
    </Child>
    <Child>
      <CINdetails><CINreferralDate>2022-10-07</CINreferralDate></CINdetails>
      <ChildIdentifiers><LAchildID>B&amp;2</LAchildID></ChildIdentifiers>
    </Child>
  </Children>
</Message>
"""


def grids(tmp_path: Path, content: bytes, name: str = "census.xml") -> dict[str, Grid]:
    path = tmp_path / name
    path.write_bytes(content)
    found = read_file(path, SHAPES).grids
    assert isinstance(found, list), found.text()
    return {grid.sheet: grid for grid in found}


def problem(tmp_path: Path, content: bytes) -> Problem:
    path = tmp_path / "census.xml"
    path.write_bytes(content)
    found = read_file(path, SHAPES).grids
    assert isinstance(found, Problem)
    assert (found.where.file, found.done) == ("census.xml", "File left out.")
    return found


def rows(grid: Grid) -> list[list[str]]:
    return [list(row) for row in grid.cells.itertuples(index=False)]


def test_each_kind_of_node_is_a_table_with_the_child_in_front(tmp_path: Path) -> None:
    tables = grids(tmp_path, CENSUS)
    assert list(tables) == [
        "ChildIdentifiers", "Disabilities", "Section47", "Reviews", "ChildProtectionPlans",
        "CINdetails",
    ]  # fmt: skip
    assert rows(tables["Section47"]) == [
        ["LAchildID", "PersonBirthDate", "S47ActualStartDate", "ICPCnotRequired"],
        ["A1", "2015-03-27", "2022-11-02", ""],
    ]
    assert rows(tables["CINdetails"]) == [
        ["LAchildID", "PersonBirthDate", "CINreferralDate", "ReferralNFA"],
        ["A1", "2015-03-27", "2022-10-06", ""],
        ["B&2", "", "2022-10-07", ""],
    ]
    (note,) = tables["CINdetails"].notes
    assert note.code == "X084"


def test_what_comes_several_times_in_a_node_gives_a_row_each_time(tmp_path: Path) -> None:
    tables = grids(tmp_path, CENSUS)
    assert rows(tables["Reviews"])[1:] == [
        ["A1", "2015-03-27", "2023-02-15"], ["A1", "2015-03-27", "2023-03-15"]
    ]  # fmt: skip


def test_of_what_nobody_wants_only_the_headings_are_kept(tmp_path: Path) -> None:
    tables = grids(tmp_path, CENSUS)
    assert rows(tables["Disabilities"]) == [["LAchildID", "PersonBirthDate", "Disability"]]


def test_the_ending_of_the_name_does_not_matter(tmp_path: Path) -> None:
    assert "CINdetails" in grids(tmp_path, CENSUS, "census.csv")


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    text = CENSUS.decode().replace('encoding="utf-8"', f'encoding="{encoding}"')
    assert "CINdetails" in grids(tmp_path, text.encode(encoding))


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE Message [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Message><Child><ChildIdentifiers><LAchildID>&b;</LAchildID></ChildIdentifiers></Child></Message>
"""
FETCHED = b"""<?xml version="1.0"?>
<!DOCTYPE Message [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<Message><Child><ChildIdentifiers><LAchildID>&a;</LAchildID></ChildIdentifiers></Child></Message>
"""


@pytest.mark.parametrize("content", [BOMB, FETCHED], ids=["bomb", "fetched"])
def test_entities_are_refused(tmp_path: Path, content: bytes) -> None:
    fault = problem(tmp_path, content)
    assert fault.code == "X083"
    assert fault.what == "the file declares a document type or entities, which returns never do."


@pytest.mark.parametrize("cut", [300, 700, len(CENSUS) - 5])
def test_broken_xml_is_refused_with_its_line(tmp_path: Path, cut: int) -> None:
    fault = problem(tmp_path, CENSUS[:cut])
    assert fault.code == "X083"
    line = CENSUS[:cut].count(b"\n") + 1
    assert fault.what == f"the XML is broken in line {line}, so the file cannot be read."


def test_other_xml_is_said_to_be_no_return(tmp_path: Path) -> None:
    fault = problem(tmp_path, b"<?xml version='1.0'?><rss><channel/></rss>")
    assert fault.code == "X008"
    assert "not a return that the program knows" in fault.what


def test_a_return_without_children_is_empty(tmp_path: Path) -> None:
    assert problem(tmp_path, b"<?xml version='1.0'?><Message><Children/></Message>").code == "X003"


def test_nodes_without_end_and_texts_without_end_are_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = b"<Message><Child>" + b"<a>" * 60 + b"</a>" * 60 + b"</Child></Message>"
    assert problem(tmp_path, deep).code == "X036"
    long = b"<Message><Child><b><a>" + b"x" * 40_000 + b"</a></b></Child></Message>"
    assert problem(tmp_path, long).code == "X036"
    monkeypatch.setattr(return_xml, "MOST_XML_CELLS", 5)
    assert problem(tmp_path, CENSUS).code == "X036"


def test_a_node_in_a_child_of_the_same_name_is_no_child(tmp_path: Path) -> None:
    content = b"<EXPSSDA903><CHILD><HEADER><CHILDID>1</CHILDID><CHILD><X>2</X></CHILD></HEADER></CHILD></EXPSSDA903>"  # noqa: E501
    tables = grids(tmp_path, content)
    assert rows(tables["HEADER"]) == [["CHILDID"], ["1"]]
    assert rows(tables["CHILD"]) == [["CHILDID", "X"], ["1", "2"]]
