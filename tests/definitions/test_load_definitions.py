"""Folders of TOML into one set of definitions."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.references import check_references
from workbook_builder.definitions.targets import Entry
from workbook_builder.measures.prepare import prepare_measures
from workbook_builder.store.duckdb_store import DuckDBStore

SHIPPED = Path(__file__).parents[2] / "layouts"
SAMPLE = Path(__file__).parents[2] / "sample_inputs"
CONTACTS = '[contacts]\ntitle = "{title}"\ncount_of = "contacts"\nduring = "contact_date"\n'
LAYOUT = """title = "{title}"
[[tables]]
name = "Demand"
title = "Demand"
columns = ["indicator", "months"]
rows = [{{ measure = "contacts" }}]
"""


def written(folder: Path, **files: str) -> Path:
    """Write TOML files; __ in a name stands for the / between folders."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_what_is_shipped_has_no_problem() -> None:
    loaded = load_definitions([SHIPPED])
    assert loaded.problems == ()
    assert check_references(loaded.value) == ()
    with DuckDBStore(loaded.value.datasets) as engine:
        assert prepare_measures(loaded.value, engine).problems == ()
    assert "board" in loaded.value.layouts
    assert len(loaded.value.measures) > 10


def test_a_users_definition_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = written(
        tmp_path,
        measures__mine=CONTACTS.format(title="Ours"),
        board=LAYOUT.format(title="Our board"),
    )
    loaded = load_definitions([SHIPPED, own])
    shipped = load_definitions([SHIPPED]).value
    assert loaded.problems == ()
    assert loaded.value.measures["contacts"].title == "Ours"
    assert loaded.value.layouts["board"].title == "Our board"
    assert loaded.value.where("measures", "contacts", "title").file.endswith("mine.toml")
    assert loaded.value.measures.keys() == shipped.measures.keys()
    assert loaded.value.measures["referrals"] == shipped.measures["referrals"]


def test_targets_and_benchmarks_are_replaced_one_by_one(tmp_path: Path) -> None:
    own = written(
        tmp_path,
        targets='[referrals]\nyears = { "2024-25" = 1 }\n',
        benchmarks='[comparators.wales]\ntitle = "Wales"\n'
        "[benchmarks.referrals]\nvalues = { wales = 2 }\n",
    )
    loaded = load_definitions([SHIPPED, SAMPLE, own])
    assert loaded.problems == check_references(loaded.value) == ()
    assert loaded.value.targets["referrals"].in_year("2024-25") == Entry(1)
    assert loaded.value.targets["referrals"].in_year("2023-24") is None
    assert loaded.value.targets["children_in_care"].in_year("2023-24") == Entry(495)
    assert {"wales", "england"} <= loaded.value.comparators.keys()
    assert loaded.value.benchmarks["referrals"].values == {"wales": Entry(2)}


def test_a_layout_file_brings_its_neighbours_but_no_other_layout(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        measures__mine=CONTACTS.format(title="Beside it"),
        targets='[contacts]\nyears = { "2023-24" = 900 }\n',
        chosen=LAYOUT.format(title="Chosen"),
        other="this is no TOML",
    )
    loaded = load_definitions([SHIPPED], folder / "chosen.toml")
    assert loaded.problems == ()
    assert loaded.value.layouts["chosen"].title == "Chosen"
    assert "other" not in loaded.value.layouts
    assert loaded.value.measures["contacts"].title == "Beside it"
    assert loaded.value.targets["contacts"].in_year("2023-24") == Entry(900)


def test_a_faulty_definition_does_not_take_its_neighbours_along(tmp_path: Path) -> None:
    text = (
        CONTACTS.format(title="Ours")
        + '[broken]\ntitle = 5\ncount_of = "contacts"\nlatest = true\n'
    )
    loaded = load_definitions([SHIPPED, written(tmp_path, measures__mine=text)])
    assert [problem.code for problem in loaded.problems] == ["L004"]
    assert loaded.value.measures["contacts"].title == "Ours"
    assert "broken" not in loaded.value.measures


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    (problem,) = load_definitions([tmp_path / "none"]).problems
    assert problem.code == "L018"
    assert "none" in problem.where.file


def test_a_layout_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    (problem,) = load_definitions([SHIPPED], tmp_path / "none.toml").problems
    assert problem.code == "L001"
    assert problem.where.file.endswith("none.toml")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('title = "Café"'.encode("cp1252"), "UTF-8"),
        ('title = "Board"'.encode("utf-16"), "UTF-8"),
        (b"a = " + b"[" * 3000 + b"]" * 3000, "too deeply"),
        (b".".join([b"a"] * 3000) + b" = 1", "too deeply"),
        (b"a = " + b"1" * 5000, "too long"),
        (b"a = 1\x00", "not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem(
    content: bytes, words: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.toml").write_bytes(content)
    (problem,) = load_definitions([SHIPPED, tmp_path]).problems
    assert problem.code == "L001"
    assert words in problem.text()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    text = CONTACTS.format(title="Ours") + "beter = 1\n"
    (tmp_path / "measures").mkdir()
    content = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    (tmp_path / "measures" / "mine.toml").write_bytes(content)
    (problem,) = load_definitions([SHIPPED, tmp_path]).problems
    assert problem.code == "L002"
    assert problem.where.line == 5


def test_a_value_nested_beyond_reason_is_a_problem(tmp_path: Path) -> None:
    text = CONTACTS.format(title="Ours") + ".".join(["a"] * 900) + " = 1\n"
    problems = load_definitions([SHIPPED, written(tmp_path, measures__mine=text)]).problems
    assert problems
    assert all(problem.where.line for problem in problems)
