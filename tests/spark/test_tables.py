"""What tables must look like: every fault is a problem that says what and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.problems import Result

pytestmark = pytest.mark.slow

GOOD = "'1' AS child_id, DATE '2023-07-03' AS contact_date, 'Mere Vale' AS authority"
DATED = ", 'x' AS care_period_id, DATE '2023-01-01' AS care_start_date"


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return known_definitions().value


def write(folder: Path, table: str, *rows: str, kind: str = "parquet") -> None:
    """Write a table of rows, each the columns of a SELECT."""
    place = folder / table
    place.mkdir(parents=True)
    query = " UNION ALL BY NAME ".join(f"SELECT {row}" for row in rows)
    options = "FORMAT parquet" if kind == "parquet" else "FORMAT csv, HEADER"
    duckdb.connect().execute(f"COPY ({query}) TO '{place / f'part.{kind}'}' ({options})")


@pytest.fixture
def read(session: Any, tmp_path: Path, definitions: Definitions) -> Any:
    tables = pytest.importorskip("workbook_builder.store.spark.tables")

    def reading(place: str = "") -> Result[Any]:
        found: Result[Any] = tables.read_tables(session, place or str(tmp_path), definitions)
        return found

    return reading


def told(result: Result[Any]) -> dict[str, str]:
    return {one.code: one.text() for one in result.problems}


def kept(result: Result[Any], table: str = "contacts") -> list[Any]:
    return [row.asDict() for row in result.value.by_dataset[table].records.collect()]


@pytest.mark.parametrize(
    ("columns", "code", "words"),
    [
        ("'1' AS child_id, 'Mere Vale' AS authority", "E006", "there is no contact_date."),
        ("'1' AS child_id, DATE '2023-07-03' AS contact_date", "E006", "there is no authority."),
        (GOOD.replace("'1'", "1"), "E007", '"child_id" must be STRING, and is INT.'),
        (
            GOOD.replace("DATE", "TIMESTAMP"),
            "E007",
            '"contact_date" must be DATE, and is TIMESTAMP',
        ),
        (f"{GOOD}, '2' AS \"Person ID\"", "E008", 'Person ID, child_id both mean "child_id".'),
    ],
)
def test_what_the_columns_are(
    read: Any, tmp_path: Path, columns: str, code: str, words: str
) -> None:
    write(tmp_path, "contacts", columns)
    found = told(read())
    assert words in found[code] and found[code].startswith("contacts")


def test_headings_types_and_codes_of_a_good_table(read: Any, tmp_path: Path) -> None:
    headed = GOOD.replace("child_id", '"Child Unique ID"').replace("'1'", "' 1 '")
    write(tmp_path, "contacts", f"{headed}, 'n/a' AS \"Team Name\", 'kept' AS other")
    care = GOOD.replace("contact_date", "date_of_birth")
    write(tmp_path, "children_in_care", f"{care}{DATED}, 'c2: Full care order' AS legal_status")
    found = read()
    assert not found.problems
    assert found.value.authorities == ("Mere Vale",)
    (record,) = kept(found)
    assert (record["child_id"], record["team"], record["authority"]) == ("1", None, "Mere Vale")
    assert kept(found, "children_in_care")[0]["legal_status"] == "C2"


def test_what_the_records_lack(read: Any, tmp_path: Path) -> None:
    blank, nobodys = GOOD.replace("'1'", "NULL"), GOOD.replace("'Mere Vale'", "' '")
    other, early = GOOD.replace("Mere Vale", "MERE-VALE"), GOOD.replace("2023", "1066")
    write(tmp_path, "contacts", GOOD, blank, nobodys, other, early)
    ended = GOOD.replace("contact_date", "care_end_date") + DATED + ", 'never' AS legal_status"
    write(tmp_path, "children_in_care", ended.replace("2023-07", "2022-07"), ended)
    write(tmp_path, "contact", GOOD)
    (tmp_path / "visits").mkdir()
    found = read()
    texts = [one.text() for one in found.problems]
    said = "\n".join(texts)
    assert "1 record without an authority." in told(found)["E009"]
    assert '"MERE-VALE" and "Mere Vale" seem to be the same authority.' in told(found)["E010"]
    assert (
        'contacts, column "child_id": 1 record in which this is blank. They were left out.' in said
    )
    assert 'contacts, column "contact_date": 1 record in which this cannot be read.' in said
    assert "1 record with care_end_date before care_start_date. They were left out." in said
    assert '1 cell with 1 value not in the code list "legal status".' in said
    assert 'Did you mean "contacts"?' in said and "visits: it holds neither" in said
    assert len(kept(found)) == 3
    assert [row["legal_status"] for row in kept(found, "children_in_care")] == [None]


def test_records_that_stand_twice_count_once(read: Any, tmp_path: Path) -> None:
    keyed = f"{GOOD}, '9' AS contact_id"
    elsewhere = keyed.replace("Mere Vale", "North Weald")
    write(tmp_path, "contacts", keyed, keyed, elsewhere, GOOD, GOOD)
    found = read()
    assert "1 record equal to another. They were counted once." in told(found)["E016"]
    assert len(kept(found)) == 4, "without a key, equal records are two"


def test_different_records_with_one_key_stop_the_run(read: Any, tmp_path: Path) -> None:
    keyed = f"{GOOD}, '9' AS contact_id"
    write(tmp_path, "contacts", keyed, keyed.replace("07-03", "07-04"))
    assert "1 record with the contact_id, child_id of a different one" in told(read())["E015"]


def test_text_tables_are_read_by_their_types(read: Any, tmp_path: Path) -> None:
    (tmp_path / "children_in_care").mkdir()
    (tmp_path / "children_in_care" / "part.csv").write_text(
        "authority,child_id,care_start_date,date_of_birth,care_period_id,uasc\n"
        '852,007,2022-01-31,"2010-02-29",1,TRUE\n'
        "852,008,31/01/2022,,2,yes\n"
        '"852","0""9",2022-02-01,2010-02-28,3,false\n',
        encoding="utf-8",
    )
    found = read()
    said = "\n".join(one.text() for one in found.problems)
    assert 'column "care_start_date": 1 record in which this cannot be read.' in said
    assert 'column "date_of_birth": 1 cell cannot be read. Records kept' in said
    assert 'column "uasc": 1 cell cannot be read.' in said
    rows = {row["child_id"]: (row["uasc"], str(row["date_of_birth"]), row["authority"])
            for row in kept(found, "children_in_care")}  # fmt: skip
    assert rows == {"007": (True, "None", "852"), '0"9': (False, "2010-02-28", "852")}


def test_nothing_to_read(read: Any, tmp_path: Path) -> None:
    assert "none is named after a dataset" in told(read())["E004"]
    assert "E004" in told(read("no_such_schema"))


def test_whose_workbook_must_be_said(many: Any, tmp_path: Path) -> None:
    write(tmp_path, "contacts", GOOD, GOOD.replace("Mere Vale", "North Weald"))
    request = many.Request((), out=tmp_path / "one.xlsx")

    def problem(**whom: str) -> str:
        (outcome,) = many.check_many(many.Wanted(str(tmp_path), **whom), request, lambda one: None)
        assert outcome.failed
        return " ".join(one.text() for one in outcome.problems)

    assert "there are records of Mere Vale, North Weald." in problem()
    assert "there are records of" in problem(authority="all", region="North")
    assert 'Did you mean "Mere Vale"?' in problem(authority="Mere Val")
    assert "several workbooks cannot go into one file." in problem(authority="all")


def test_a_damaged_file_is_named_and_nothing_of_it_quoted(many: Any, tmp_path: Path) -> None:
    (tmp_path / "contacts").mkdir()
    (tmp_path / "contacts" / "part.csv").write_text(
        "authority,child_id,contact_date\n852,007,2022-01-31,SECRET,SECRET\n", encoding="utf-8"
    )
    wanted = many.Wanted(str(tmp_path), authority="all")
    (outcome,) = many.check_many(wanted, many.Request(()), lambda one: None)
    text = " ".join(one.text() for one in outcome.problems)
    assert outcome.failed and "[E003]" in text and "_" in text.partition("with ")[2].split()[0], (
        text
    )
    assert "SECRET" not in text and "007" not in text


def test_what_no_workbook_holds_is_refused_of_tables_too(many: Any, tmp_path: Path) -> None:
    rows = tmp_path / "contacts"
    rows.mkdir()
    lines = [f"Mere Vale,{child},2023-07-03,Team {child}" for child in range(1, 1200)]
    (rows / "part.csv").write_text(
        "authority,child_id,contact_date,team\n" + "\n".join(lines), encoding="utf-8"
    )
    comments = tmp_path / "commentary"
    comments.mkdir()
    (comments / "part.csv").write_text(
        "authority,measure,month,commentary\n"
        + "\n".join(f"Mere Vale,contacts,2023-07,{'word ' * 1000}{at}" for at in range(1100)),
        encoding="utf-8",
    )
    wanted = many.Wanted(str(tmp_path), authority="all")
    (outcome,) = many.check_many(wanted, many.Request(()), lambda one: None)
    refused = [one.what for one in outcome.problems if one.code == "M033"]
    assert outcome.failed
    assert any('"Contacts" has 1,199 teams' in what for what in refused), outcome.problems
    assert any("characters" in what for what in refused), refused
