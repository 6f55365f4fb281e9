"""The line of every key, table and list item of TOML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.definitions.toml_files import KeyPath, TomlPlace, key_lines

SHIPPED = sorted((Path(__file__).parents[2] / "layouts").rglob("*.toml"))


def paths_of(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of everything in a TOML value."""
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    for key, inner in inside:
        yield (*path, key)
        yield from paths_of(inner, (*path, key))


def test_keys_of_nested_tables() -> None:
    text = "top = 1\n\n# a comment\n[a]\nx = 1\n\n[a.b]\ny = 2\n[c.d.e]\n"
    assert key_lines(text) == {
        ("top",): 1,
        ("a",): 4,
        ("a", "x"): 5,
        ("a", "b"): 7,
        ("a", "b", "y"): 8,
        ("c",): 9,
        ("c", "d"): 9,
        ("c", "d", "e"): 9,
    }


def test_items_of_arrays_of_tables() -> None:
    lines = key_lines("[[t]]\nx = 1\n[[t.r]]\n[[t.r]]\ny = 2\n[[t]]\n[[t.r]]\ny = 3\n[t.s]\n")
    assert lines["t", 0] == 1
    assert lines["t", 0, "r", 1] == 4
    assert lines["t", 0, "r", 1, "y"] == 5
    assert lines["t", 1] == 6
    assert lines["t", 1, "r", 0, "y"] == 8
    assert lines["t", 1, "s"] == 9


def test_items_of_lists_over_several_lines() -> None:
    lines = key_lines(
        'a = [ # first\n  "x, ]",\n\n  # not an item\n  { b = 1, c = [2,\n 3] },\n]\nd = 1'
    )
    assert lines["a", 0] == 2
    assert lines["a", 1] == 5
    assert lines["a", 1, "c", 1] == 6
    assert lines["d",] == 8


@pytest.mark.parametrize(
    "value",
    [
        '"""one\ntwo"""',
        '"""quote "" and \\""" # [x]\n\n"""',
        '"""ends with two\n"""""',
        "'''literal\n[no.table]\nno = 1\n'''",
        "'''ends with two\n'''''",
        "[\n'a', # ]\n]",
        "{ a = 1, # TOML 1.1\n b = 2 }",
    ],
)
def test_what_stands_after_a_value_of_several_lines(value: str) -> None:
    text = f"first = {value}\nlast = 1\n"
    tomli.loads(text)
    assert key_lines(text)["last",] == len(text.splitlines())


def test_marks_inside_texts_are_no_keys() -> None:
    text = "a = \"[b] # c = 1 \\\" d\" # e = 'f'\ng = 'h = \"i'\n"
    assert key_lines(text) == {("a",): 1, ("g",): 2}


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("a.b", ("a", "b")),
        ('a . "b.c"', ("a", "b.c")),
        ("'d \"e\"'.f", ('d "e"', "f")),
        (r'"say \"h\""', ('say "h"',)),
        (r'"\u0041\\"', ("A\\",)),
        ('"2023-24"', ("2023-24",)),
        ('""', ("",)),
    ],
)
def test_dotted_and_quoted_keys(key: str, path: tuple[str, ...]) -> None:
    assert key_lines(f"# first line\n{key} = 1")[path] == 2
    assert key_lines(f"# first line\n[{key}]")[path] == 2


def test_the_nearest_line_is_that_of_the_innermost_known_thing() -> None:
    place = TomlPlace("mine.toml", lines=key_lines("a = 1\n[b]\nc = 2\n"))
    assert place.where("b", "c").line == 3
    assert place.within("b").where("missing", "x").line == 2
    assert place.where("missing").line == 1


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_everything_in_a_shipped_file_has_its_line(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = key_lines(text)
    assert set(paths_of(tomli.loads(text))) <= set(lines)
    for path, line in lines.items():
        if isinstance(path[-1], str):
            assert path[-1] in text.splitlines()[line - 1]


# A value as text, and the lines, from its own first one, of the paths inside it.
Written = tuple[str, dict[KeyPath, int]]

KEYS = st.text("abcXYZ_-09", min_size=1, max_size=4)
GAPS = st.sampled_from(["", "\n", " # a = 1\n", "\n\n  "])
SCALARS = st.sampled_from(
    ["1", "-2.5e3", "true", "2023-07-31", "1979-05-27 07:32:00", '"x, [y] # z = 1"', r'"\""',
     "'a]b'", '"""two\nlines"""', "'''\n[t]\nk = 1'''", '"""x"""""']
)  # fmt: skip


@st.composite
def lists(draw: st.DrawFn, items: st.SearchStrategy[Written]) -> Written:
    text = "["
    lines: dict[KeyPath, int] = {}
    for index, (item, inside) in enumerate(draw(st.lists(items, max_size=3))):
        text += draw(GAPS)
        down = text.count("\n")
        lines[index,] = down
        lines |= {(index, *path): down + line for path, line in inside.items()}
        text += item + draw(GAPS) + ","
    return text + draw(GAPS) + "]", lines


@st.composite
def inline_tables(draw: st.DrawFn, items: st.SearchStrategy[Written]) -> Written:
    pairs: list[str] = []
    lines: dict[KeyPath, int] = {}
    down = 0
    for key in draw(st.lists(KEYS, max_size=3, unique=True)):
        item, inside = draw(items)
        lines[key,] = down
        lines |= {(key, *path): down + line for path, line in inside.items()}
        down += item.count("\n")
        pairs.append(f"{key} = {item}")
    return "{ " + ", ".join(pairs) + " }", lines


VALUES: st.SearchStrategy[Written] = st.recursive(
    SCALARS.map(lambda text: (text, {})),
    lambda items: lists(items) | inline_tables(items),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """Generate TOML text and the line of every path in it."""
    text = ""
    lines: dict[KeyPath, int] = {}
    for name in draw(st.lists(KEYS, max_size=3, unique=True)):
        count = draw(st.integers(0, 2))  # none: a plain table; else items of an array of tables
        for index in range(max(count, 1)):
            text += draw(st.sampled_from(["", "\n", "# [x]\n\n"]))
            here = text.count("\n") + 1
            lines.setdefault((name,), here)
            path: KeyPath = (name, index) if count else (name,)
            lines[path] = here
            text += f"[[{name}]]\n" if count else f"[{name}]\n"
            for key in draw(st.lists(KEYS, max_size=3, unique=True)):
                value, inside = draw(VALUES)
                start = text.count("\n") + 1
                lines[(*path, key)] = start
                lines |= {(*path, key, *rest): start + line for rest, line in inside.items()}
                text += f"{key} = {value}" + draw(st.sampled_from(["\n", " # b = 2\n", "\n\n"]))
    return text, lines


@given(documents())
def test_lines_of_any_document(document: Written) -> None:
    text, lines = document
    assert set(paths_of(tomli.loads(text))) == set(lines)
    assert key_lines(text) == lines
