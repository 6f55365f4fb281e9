"""What a run found, in the window's words."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import SAMPLE_INPUTS
from tests.window.fakes import JULY, Bench, fault
from workbook_builder import build_workbook
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.figures import MonthInBrief
from workbook_builder.problem_catalogue import BLANK_CELL
from workbook_builder.problems import Level, Problem, Where
from workbook_builder.record_sources import look
from workbook_builder.request import Outcome, Request
from workbook_builder.window.messages import (
    BuildFinished,
    BuildWorkbook,
    DefinitionsLoaded,
    FileSummary,
    OutputProposed,
)
from workbook_builder.window.problem_list import Effect, by_effect, problems_text, rows_text
from workbook_builder.window.result_text import result_page, result_summary, result_title
from workbook_builder.window.view_models import build_finished, file_summary, shown_problem

DEFINITIONS = known_definitions().value


def seen(path: Path) -> FileSummary:
    found = look(path, DEFINITIONS, {}, FileCache())
    return file_summary(found.value, found.problems, DEFINITIONS)


def test_a_file_is_told_with_rows_and_days_and_how_it_was_recognised() -> None:
    file = seen(SAMPLE_INPUTS / "Contacts 2022-23.csv")
    assert file.words == "Contacts, 22,894 rows, 1 Jul 2022 to 3 Aug 2023"
    assert file.sheets[0].how.startswith(
        "Recognised by its headings: Contact No, Child Unique ID, "
    )
    assert [one.level for one in file.problems] == [Level.WARNING, Level.WARNING]


def test_a_workbook_of_several_lists_is_told_list_by_list() -> None:
    file = seen(SAMPLE_INPUTS / "EARLY HELP monthly.xlsx")
    assert file.words == "2 lists, 3,821 rows"
    assert [one.name for one in file.sheets if one.known] == ["EH referrals", "EH assessments"]


def test_last_months_workbook_is_recognised(sample_build: Outcome) -> None:
    assert sample_build.written
    file = seen(sample_build.written)
    assert file.past
    assert file.words.startswith("Workbook of Jul-23, ")


def test_only_with_last_months_workbook_can_published_months_be_recalculated() -> None:
    file, past = Path("/in/a.csv"), Path("/in/June.xlsx")
    bench = Bench().started(file).looked(file).hear(OutputProposed(JULY))
    bench.presenter.choose_recalculation(True, JULY.plus(-2))
    bench.presenter.add([past])
    bench.looked(past, FileSummary("Workbook of Jun-23", past=True)).hear(OutputProposed(JULY))
    assert bench.state.previous_names == ("June.xlsx",)
    bench.presenter.build()
    build = bench.last()
    assert isinstance(build, BuildWorkbook)
    assert build.options.recalculate
    assert build.options.since == JULY.plus(-2)
    bench.presenter.cancel()
    bench.hear(DefinitionsLoaded((), (), ()))
    bench.presenter.remove([past])
    bench.hear(OutputProposed(JULY))
    bench.presenter.build()
    build = bench.last()
    assert isinstance(build, BuildWorkbook)
    assert not build.options.recalculate


def test_what_deserves_attention_comes_first_and_is_little(
    sample_build: Outcome, tmp_path: Path
) -> None:
    whole = build_finished(sample_build, DEFINITIONS)
    assert whole.headline == "Written: board.xlsx and board.pptx, reporting month Jul-23"
    assert any(one.startswith("5 warnings about cells and rows of 3 files")
               for one in whole.attention)  # fmt: skip
    referrals = SAMPLE_INPUTS / "rpt62_referrals.csv"
    request = Request((referrals,), out=tmp_path / "b.xlsx")
    few = build_finished(build_workbook.build(request, lambda progress: None), DEFINITIONS)
    assert "figures of Jul-23 are blank." in few.attention[0]
    assert any("lists were not given (" in one for one in few.attention)
    assert len(few.attention) <= 12


def test_what_is_hidden_is_not_said_to_be_blank(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    rows = "".join(f"C{at},{1 + at % 3:02d}/07/2023\n" for at in range(4))
    file.write_text(f"Period: 01/07/2023 to 31/07/2023\nChild ID,Contact Date\n{rows}")
    request = Request((file,), out=tmp_path / "b.xlsx", suppress_under=5)
    attention = build_finished(
        build_workbook.build(request, lambda progress: None), DEFINITIONS
    ).attention
    blank, hidden = attention[:2]
    numbers = re.fullmatch(r"(\d+) of (\d+) figures of Jul-23 are blank\.", blank)
    assert numbers
    every = int(numbers[2])  # as many as the layout has measures
    assert int(numbers[1]) == every - 1
    assert hidden == (f"1 of {every} figures of Jul-23 are hidden as small numbers: [c].")


def test_a_build_that_fails_lists_what_is_to_be_put_right(tmp_path: Path) -> None:
    outcome = build_workbook.build(Request((tmp_path / "gone.csv",)), lambda progress: None)
    built = build_finished(outcome, DEFINITIONS)
    assert built.headline.startswith("Nothing was written: ")
    assert built.attention[0] == "gone.csv: the file or folder does not exist."


def test_problems_are_grouped_by_what_they_do_and_copied_by_file() -> None:
    blank = fault("c.csv")._replace(blank_figures=3)
    problems = [fault("b.csv", Level.NOTE), blank, fault("b.csv"), fault("a.csv", Level.ERROR)]
    groups = by_effect(problems)
    assert list(groups) == [Effect.STOPS, Effect.TOUCHES, Effect.BLANKS, Effect.NOTE]
    assert groups[Effect.BLANKS] == [blank]
    assert by_effect(problems, Effect.NOTE) == {Effect.NOTE: problems[:1]}
    assert by_effect(problems, words="B.CSV row") == {
        Effect.TOUCHES: problems[2:3], Effect.NOTE: problems[:1],
    }  # fmt: skip
    assert by_effect(problems, words="nowhere") == {}
    text = problems_text(problems)
    assert text.splitlines()[0] == "a.csv"
    assert text.index("Warning: row 3") < text.index("Note: row 3")


def test_names_of_files_are_no_markup() -> None:
    page = result_page(BuildFinished(Path("/out/<i>.xlsx"), "Written", ("<b>",), (), ()))
    assert "&lt;i&gt;.xlsx" in page
    assert "&lt;b&gt;" in page
    assert result_title(BuildFinished(None, "No", (), (), ())) == "Nothing was written"


def test_the_result_says_how_the_month_is(sample_build: Outcome) -> None:
    built = build_finished(sample_build, DEFINITIONS)
    assert built.brief
    red, changes = len(built.brief.red), built.brief.changes
    assert red > built.brief.green
    assert all(change.before != change.now for change in changes)
    page = result_page(built, (Path("/out/children.xlsx"),))
    assert f"{red} red" in page
    assert str(built.slides) in page
    assert "/out/children.xlsx" in page
    summary = result_summary(built)
    assert summary.splitlines()[0] == built.headline
    assert f"{red} of " in summary
    assert f"{len(changes)} ratings changed since the month before." in summary
    assert f"{changes[0].before} to {changes[0].now}" in summary
    assert "[X0" not in summary  # the problems are copied where they are listed


def test_a_month_without_ratings_says_so() -> None:
    brief = MonthInBrief(4, (), 0, 0, 0, (), 1, 1, 1)
    built = BuildFinished(Path("/out/b.xlsx"), "Written", (), (), (), brief=brief)
    for text in (result_page(built), result_summary(built)):
        assert "nothing is rated" in text
        assert "1 published figure differs from " in text
        assert "1 of 4 indicators is blank: see Notes" in text


def test_all_rows_of_a_problem_are_named_as_runs_unless_they_are_most_of_the_list() -> None:
    rows = (9, 2, 4, 5, 6)
    shown = shown_problem(Problem(BLANK_CELL, "x", Where("a.csv", "", rows)))
    assert rows_text(shown) == "2, 4 to 6, 9"
    many = tuple(range(2, 20_002, 2))
    assert rows_text(shown_problem(Problem(BLANK_CELL, "x", Where("a.csv", "", many)))).endswith(
        ", 10000 and 5,000 more"
    )
