"""Every text that a user sees reads as a colleague would say it: see docs/decisions.

`AVOID` lists the turns of phrase that made the program sound translated, with what to write in
place of each. The spelling is British: codespell's list of British and American words is used the
other way round, and its list of misspellings as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import codespell_lib
import pytest

from tests.user_texts import VALUE, Text, page_texts, user_texts, words_of
from workbook_builder.cli.printing import COMMAND_LINE_HINTS
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.definitions.measure_text import how_counted
from workbook_builder.problem_catalogue import ALL_KINDS
from workbook_builder.problems import Problem
from workbook_builder.request import Outcome
from workbook_builder.window.view_models import WINDOW_HINTS

#: Turns of phrase to avoid, and what to write instead.
AVOID = {
    r"stands?(?! out)|standing|stood": "is, are",
    r"bears?|borne": "has, have",
    r"(is|are|was|were|be|been) taken for": "recognised as, read as",
    r"mend(s|ed|ing)?": "correct, repair",
    r"of one (name|code|sheet|day)": "with the same name",
    r"(goes|go|went|come|comes|came) before": "override",
    r"wish(es)?": "options",
    r"(and|is|are|was|so) said( so)?": "reported",
    r"honou?red": "used",
    r"has the keys": "has keyboard focus",
    r"made anew|written anew|drawn anew|anew": "again",
    r"within bounds": "within the limits",
    r"(cannot|can|could|not) be told|told apart|tells? of": "is not known, distinguish",
    r"taken over (from|into)": "copied",
    r"among (it|them)": "including",
    r"give(s|n)? way to": "is replaced by",
    r"(1|one|\d+) of it (is|has)": "1 row is",
    r"(?<!there )is no (?!longer|more|one|zero)\w+": "is not a",
    r"(is|are) not there": "is missing",
    r"(needs|need) doing": "nothing to do",
    r"(newest|one|file|cell|record|month|row) (is|are) meant": "is the right one",
    r"which chance does not explain|that chance": "longer than is usual",
    r"stretch": "period",
    r"whose they are|of whom|of which nothing": "which council they belong to",
    r"lies? (before|after)|lay before": "is before",
    r"has one voice|with one voice": "says the same",
    r"in force": "used",
    r"upon|thereof|therein|whereof|wherein": "on",
    r"hardly shares?": "have hardly any in common",
    r"as (it|they) stands?": "unchanged",
    r"take(n)? (it )?(away|out) of": "remove from",
    r"which of (its|the) headings means": "which heading it has",
    r"does not reach": "does not cover",
}
#: Sentences of older versions, one of each row of the project's list, in any text.
GONE = (
    "Look at the wishes", "bear as much of their folders", "to take that back",
    "goes before what came with", "A ring shows", "Nothing of an extract is among",
    "It is honoured", "goes before what the program wrote", "With a measure go those",
    "Colours that people could not read text with", "until a gap comes", "that every record needs",
    "is a total or an end line", "the extract does not reach", "Who keeps the layouts",
    "nothing is read of it", "that today's extracts would make another",
)  # fmt: skip
#: A sentence has at most so many words.
MOST_WORDS = 45
#: A message says what happened and what was done in so many characters.
MOST_CHARACTERS = 120

#: Messages that are little more than numbers and headings.
FEW_WORDS = {"X022", "X050", "H016"}
KINDS = {kind.code: kind for kind in ALL_KINDS}
ALLOWED_WORDS = frozenset(
    (Path(__file__).parent / "style_words.txt").read_text(encoding="utf-8").split()
)


@pytest.fixture(scope="module")
def texts(root: Path) -> list[Text]:
    return user_texts(root)


def told(texts: Iterable[object]) -> str:
    return "\n".join(map(str, texts))


@pytest.mark.parametrize("phrase", AVOID)
def test_no_text_has_a_phrase_to_avoid(phrase: str, texts: list[Text]) -> None:
    pattern = re.compile(rf"\b({phrase})\b", re.IGNORECASE)
    found = [text for text in texts if pattern.search(text.plain)]
    assert not found, f"write {AVOID[phrase]!r} instead in:\n{told(found)}"


def test_sentences_of_old_are_gone(texts: list[Text]) -> None:
    assert not [text for text in texts if any(words in text.words for words in GONE)]


def test_sentences_are_short(texts: list[Text]) -> None:
    long = [
        (text.place, text.line, sentence)
        for text in texts
        for sentence in text.sentences
        if len(words_of(sentence)) > MOST_WORDS
    ]
    assert not long, told(long)


def dictionary(name: str) -> dict[str, str]:
    file = Path(codespell_lib.__file__).parent / "data" / name
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("->", 1) for line in lines if "->" in line)


def test_spelling_is_british(texts: list[Text]) -> None:
    wrong = dictionary("dictionary.txt")
    for british, americans in dictionary("dictionary_en-GB_to_en-US.txt").items():
        for american in americans.split(","):
            wrong.setdefault(american.strip(), british)
    found = {
        f"{word}: {wrong[word.lower()]}, in {text}"
        for text in texts
        for word in words_of(text.words)
        if word.lower() in wrong and word.lower() not in ALLOWED_WORDS
    }
    assert not found, told(sorted(found))


def keys_of_ours() -> re.Pattern[str]:
    """Keys of columns and datasets that are no words of English."""
    datasets = known_definitions().value.datasets
    names = {*datasets, *(name for dataset in datasets.values() for name in dataset.columns)}
    return re.compile(rf"\b({'|'.join(sorted(name for name in names if '_' in name))})\b")


def test_no_message_names_a_key_of_ours(sample_build: Outcome) -> None:
    keys = keys_of_ours()
    found = [problem.text() for problem in sample_build.problems if keys.search(problem.text())]
    assert not found, told(found)
    advice = {kind.title + kind.advice for kind in ALL_KINDS}
    hints = {*COMMAND_LINE_HINTS.values(), *WINDOW_HINTS.values()}
    assert not [text for text in advice | hints if keys.search(text)]


def test_no_explanation_of_a_measure_names_a_key_of_ours() -> None:
    definitions, keys = known_definitions().value, keys_of_ours()
    explained = {
        name: how_counted(each, definitions) for name, each in definitions.measures.items()
    }
    assert not {name: words for name, words in explained.items() if keys.search(words)}


def message(problem: Problem) -> str:
    """What a message says before its advice, without its place: a file, or the title of a list."""
    titles = "|".join(re.escape(each.title) for each in known_definitions().value.datasets.values())
    what = re.sub(rf"^({titles}|Annex A, [^:]+: [^:]+): ", "", problem.what)
    return f"{what} {problem.done_text(0)}".strip()


def test_messages_are_short(sample_build: Outcome) -> None:
    long = [
        message(problem)
        for problem in sample_build.problems
        if len(message(problem)) > MOST_CHARACTERS
    ]
    assert not long, told(long)
    assert not [kind for kind in ALL_KINDS if len(kind.title) > 70]


def test_examples_of_problems_are_what_the_program_says(root: Path, texts: list[Text]) -> None:
    """Each example holds a sentence that the program has, values in place of the signs for them."""
    said = [
        re.compile(".*".join(re.escape(part.strip()) for part in text.words.split(VALUE)))
        for text in texts
        if text.place.startswith(("workbook_builder/", "layouts/"))
        and len(text.words.replace(VALUE, "")) > 11
    ]
    examples = tomllib.loads((root / "docs" / "problem_examples.toml").read_text("utf-8"))
    for code, entry in examples.items():
        found = any(sentence.search(entry["example"]) for sentence in said)
        assert found or code in FEW_WORDS, code
        assert set(words_of(entry["means"])) != set(words_of(KINDS[code].title)), code


def test_texts_are_found(texts: list[Text], root: Path) -> None:
    places = {text.place for text in texts}
    assert {
        "workbook_builder/problem_catalogue.py", "workbook_builder/cli/commands.py",
        "workbook_builder/window/qt/main_window.py", "layouts/board.toml",
        "sample_inputs/README.md", "docs/trust.md",
    } <= places  # fmt: skip
    assert any(VALUE in text.words for text in texts), "values inside texts are kept as a sign"
    assert len(list(page_texts(root))) > 500
