"""Gather every text that a user may see, with the place where it is written.

`python tests/user_texts.py` prints how the texts read: the figures of docs/decisions.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: What stands for a value that is only known when the program runs.
VALUE = "\N{HORIZONTAL ELLIPSIS}"
#: Pages for those who build the program, not for those who use it.
DEVELOPERS = ("docs/decisions/", "docs/performance.md", "docs/reliability.md")
#: Folders of the program whose texts are SQL or XML for other programs.
_NOT_FOR_PEOPLE = ("store/calendar.py",)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\")*]?\s+(?=[A-Z\"(…*`])|\n\n+")


@dataclass(frozen=True)
class Text:
    """A text that a user may see: what it says, and the file and line where it is written."""

    place: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line}: {self.words}"

    @property
    def plain(self) -> str:
        """The text without code in it."""
        return re.sub(r"`[^`]*`|\]\([^)]*\)", "`", self.words)

    @property
    def sentences(self) -> list[str]:
        """The sentences of it, without those of one or two words."""
        parts = _SENTENCE_END.split(self.words)
        return [part for part in parts if len(_WORD.findall(part)) > 2]


def words_of(text: str) -> list[str]:
    """Return the words of a text, without code, links and names of files."""
    plain = re.sub(r"`[^`]*`|\]\([^)]*\)|https?:\S+|\S*[_\\/@=<>{}\[\]]\S*|\S+\.\w+", " ", text)
    return _WORD.findall(plain)


def program_texts(root: Path = ROOT) -> Iterator[Text]:
    """Yield the texts in the program: what is printed, shown in the window or written."""
    for file in sorted((root / "workbook_builder").rglob("*.py")):
        place = file.relative_to(root).as_posix()
        if place.endswith(_NOT_FOR_PEOPLE):
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for line, words in _strings(tree):
            if _is_prose(words):
                yield Text(place, line, words)


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each literal text of a module but its docstrings, values as one sign."""
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inner.add(id(node.value))  # a docstring
        if id(node) in inner:
            continue
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in node.values if isinstance(part, ast.Constant)}
            inner |= {id(part.format_spec) for part in node.values
                      if isinstance(part, ast.FormattedValue) and part.format_spec}  # fmt: skip
            yield (
                node.lineno,
                "".join(
                    str(part.value) if isinstance(part, ast.Constant) else VALUE
                    for part in node.values
                ),
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _is_prose(text: str) -> bool:
    """Tell whether a text is for people: two words of small letters beside one another."""
    sql, styles, marks = "SELECT |FROM ", r"[{:] *[a-z-]+: ", r"<\?xml|</|\\[bdsw]|\(\?|^[a-z]+:\w"
    for_machines = re.search(f"{sql}|{styles}|{marks}", text)
    return not for_machines and bool(re.search(r"\b[A-Za-z]?[a-z]+,? [a-z]{2,}", text))


def layout_texts(root: Path = ROOT) -> Iterator[Text]:
    """Yield the comments and the texts of the TOML files, shipped and of the sample."""
    for folder in ("layouts", "sample_inputs"):
        for file in sorted((root / folder).rglob("*.toml")):
            place = file.relative_to(root).as_posix()
            yield from _comments(place, file.read_text(encoding="utf-8"))
            for key, value in _values(tomllib.loads(file.read_text(encoding="utf-8"))):
                if key in _TOML_PROSE and _is_prose(value):
                    yield Text(place, 0, value)


_TOML_PROSE = ("title", "definition", "note", "notes", "source", "short", "text", "why",
               "description", "caution", "limits")  # fmt: skip


def _comments(place: str, text: str) -> Iterator[Text]:
    """Yield the comments of a TOML file; lines one below another are one."""
    block: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.startswith("#"):
            block.append(line.lstrip("# "))
            continue
        if block:
            yield Text(place, number - len(block), " ".join(block))
            block = []


def _values(table: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(table, dict):
        for name, value in table.items():
            yield from _values(value, name)
    elif isinstance(table, list):
        for value in table:
            yield from _values(value, key)
    elif isinstance(table, str):
        yield key, table


def page_texts(root: Path = ROOT) -> Iterator[Text]:
    """Yield the paragraphs, list items and rows of tables of every page for users, without code."""
    pages = [root / "README.md", root / "CHANGELOG.md", root / "sample_inputs" / "README.md"]
    for file in (*pages, *sorted((root / "docs").rglob("*.md"))):
        place = file.relative_to(root).as_posix()
        if not place.startswith(DEVELOPERS):
            yield from _paragraphs(place, file.read_text(encoding="utf-8"))


def _paragraphs(place: str, text: str) -> Iterator[Text]:
    block: list[str] = []
    in_code = False
    for number, line in enumerate([*text.splitlines(), ""], 1):
        starts = bool(re.match(r"\s*([-*|#>]|\d+\.|```)", line))
        if block and (not line.strip() or starts):
            yield Text(place, number - len(block), " ".join(block))
            block = []
        if line.lstrip().startswith("```"):
            in_code = not in_code
        elif not in_code and line.strip():
            cells = line.strip().strip("|").split("|") if line.startswith("|") else [line]
            if len(cells) > 1:
                yield from (Text(place, number, cell.strip()) for cell in cells if cell.strip(" -"))
            else:
                block.append(re.sub(r"^\s*([-*#>]+|\d+\.)\s+", "", line).strip())


def user_texts(root: Path = ROOT) -> list[Text]:
    """Return all of them."""
    return [*program_texts(root), *layout_texts(root), *page_texts(root)]


def mean_sentence_length(texts: Iterable[Text]) -> float:
    """Return how many words a sentence has in the mean."""
    lengths = [len(_WORD.findall(part)) for text in texts for part in text.sentences]
    return sum(lengths) / len(lengths)


def main() -> None:
    """Print how many texts there are and how long their sentences are."""
    for name, texts in (
        ("program", list(program_texts())),
        ("layouts", list(layout_texts())),
        ("pages", list(page_texts())),
    ):
        print(f"{name}: {len(texts):,} texts, {mean_sentence_length(texts):.1f} words a sentence")


if __name__ == "__main__":
    main()
