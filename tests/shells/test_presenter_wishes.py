"""Layout files, last month's workbook, small numbers and files of one name, without a window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.shells.fakes import JULY, KNOWN, SEEN, UNKNOWN, Bench, fault
from workbook_builder.figures import OFF
from workbook_builder.problems import Level
from workbook_builder.window.messages import (
    BuildWorkbook,
    LayoutKnown,
    LookAtFile,
    Looked,
    Opened,
    OpenInputs,
    Options,
    Proposed,
    ProposeOutput,
    UseDefinitions,
)
from workbook_builder.window.settings import Settings

A, B = Path("/in/a.csv"), Path("/in/b.csv")
MINE = "/layouts/mine.toml"
OWN = LayoutKnown(MINE, "Mine (mine.toml)", "Mine {month}.xlsx", 5)
TAKEN = replace(KNOWN, layouts=(*KNOWN.layouts, OWN), layout=MINE)
REFUSED = replace(KNOWN, refused=(fault(MINE, Level.ERROR, "L043"),))
JUNE = Path("/in/June.xlsx")


def wishes(bench: Bench) -> Options:
    bench.presenter.build()
    build = bench.last()
    assert isinstance(build, BuildWorkbook)
    return build.wishes


def test_a_layout_file_is_chosen_once_it_is_known_to_be_one() -> None:
    bench = Bench().started(A).looked(A).hear(Proposed(JULY))
    bench.presenter.choose_layout(MINE)
    assert bench.last() == UseDefinitions(MINE)
    assert bench.state.layout == "board"
    assert bench.kept[-1].layout == ""
    bench.hear(TAKEN)
    assert bench.state.layout == MINE
    assert bench.kept[-1].layout == MINE
    assert bench.view.announced[-1] == "The layout is Mine (mine.toml)."
    assert bench.last() == LookAtFile(A, {}), "its definitions may know the files as something else"
    bench.hear(Looked(A, SEEN), Proposed(JULY))
    assert bench.state.name == "Mine Jul-23.xlsx"
    assert wishes(bench).layout == MINE


def test_a_layout_file_with_faults_is_told_and_the_layout_before_stays() -> None:
    bench = Bench().started(A).looked(A).hear(Proposed(JULY))
    bench.presenter.choose_layout("scorecard")
    bench.presenter.add([Path(MINE)])
    bench.hear(REFUSED)
    assert bench.state.layout == "scorecard"
    assert bench.kept[-1].layout == "scorecard"
    assert bench.view.announced[-1] == (
        "mine.toml cannot be used as the layout; see Problems. The layout is Scorecard."
    )
    assert [one.code for one in bench.state.faults] == ["L043"]
    assert len(bench.commands(UseDefinitions)) == 1
    assert [one.path for one in bench.state.entries] == [A]
    bench.presenter.choose_layout("board")
    assert bench.state.faults == ()


def test_a_remembered_layout_file_is_used_from_the_start() -> None:
    bench = Bench(Settings(layout=MINE))
    bench.presenter.start([])
    assert bench.worker.layouts == [MINE]
    bench.hear(TAKEN)
    assert bench.state.layout == MINE
    assert bench.state.message == "Drop files to begin."
    assert not bench.worker.commands


def test_a_remembered_layout_file_that_is_gone_is_told_and_gives_way() -> None:
    bench = Bench(Settings(layout=MINE))
    bench.presenter.start([])
    bench.hear(REFUSED)
    assert bench.state.layout == "board"
    assert bench.view.announced[-1].startswith("mine.toml cannot be used as the layout;")
    assert [one.code for one in bench.state.faults] == ["L043"]
    assert bench.kept == [], "its drive may only be away for now"


def test_a_worker_that_starts_anew_goes_by_the_same_layout_file_and_says_nothing_of_it() -> None:
    bench = Bench(Settings(layout=MINE, output_folder="/out"))
    bench.presenter.start([A])
    bench.hear(TAKEN).looked(A).hear(Proposed(JULY))
    bench.presenter.choose_name("by hand")
    bench.presenter.build()
    bench.presenter.cancel()
    assert bench.worker.layouts == [MINE, MINE]
    bench.hear(TAKEN)
    assert bench.state.message == "Stopped. Nothing was written."
    assert bench.state.name == "by hand"
    assert bench.state.all_seen


def test_a_layout_known_by_name_goes_by_no_file_and_the_file_can_be_chosen_again() -> None:
    bench = Bench().started(A).looked(A).hear(Proposed(JULY))
    bench.presenter.choose_layout(MINE)
    bench.hear(TAKEN, Looked(A, SEEN), Proposed(JULY))
    bench.presenter.choose_layout("board")
    assert bench.state.layout == "board"
    assert bench.last() == UseDefinitions("")
    bench.hear(KNOWN)
    assert [one.name for one in bench.state.layouts] == ["board", "scorecard", MINE]
    assert bench.state.layout == "board"


def test_a_choice_made_while_the_worker_starts_goes_before_the_remembered_file() -> None:
    bench = Bench(Settings(layout=MINE))
    bench.presenter.start([])
    bench.presenter.choose_layout("board")
    bench.hear(TAKEN)
    assert bench.state.layout == "board"
    assert bench.last() == UseDefinitions("")


def test_a_layout_among_dropped_files_is_no_extract() -> None:
    bench = Bench().started()
    bench.presenter.add([A, Path(MINE)])
    assert bench.last() == UseDefinitions(MINE)
    bench.hear(TAKEN)
    assert bench.last() == OpenInputs(A)
    assert [one.path for one in bench.state.entries] == [A]


def test_a_layout_given_as_argument_waits_for_the_worker() -> None:
    bench = Bench(Settings(layout="scorecard"))
    bench.presenter.start([A, Path(MINE)])
    assert bench.worker.layouts == [""]
    bench.hear(KNOWN)
    assert bench.last() == UseDefinitions(MINE)
    assert "cannot be used" not in bench.state.message
    bench.hear(TAKEN)
    assert bench.state.layout == MINE


def test_the_layout_chosen_last_is_the_one() -> None:
    bench = Bench().started()
    bench.presenter.choose_layout(MINE)
    bench.presenter.choose_layout("scorecard")
    bench.hear(TAKEN)
    assert bench.state.layout == "scorecard"
    assert bench.last() == UseDefinitions("")
    bench.hear(KNOWN)
    bench.presenter.choose_layout("/layouts/other.toml")
    bench.presenter.choose_layout(MINE)
    bench.hear(REFUSED)
    assert bench.last() == UseDefinitions(MINE)
    bench.hear(TAKEN)
    assert bench.state.layout == MINE


def test_a_file_that_was_mended_is_tried_again() -> None:
    bench = Bench().started(A).looked(A).hear(Proposed(JULY))
    for _ in range(2):
        bench.presenter.choose_layout(MINE)
        assert bench.last() == UseDefinitions(MINE)
        bench.hear(TAKEN)
        assert bench.state.message == "The layout is Mine (mine.toml)."
        assert bench.last() == LookAtFile(A, {})
        bench.hear(Looked(A, SEEN), Proposed(JULY))


def test_last_months_workbook_is_named_looked_at_and_taken_back() -> None:
    bench = Bench().started(A).looked(A).hear(Proposed(JULY))
    bench.presenter.choose_previous(" /in/June.xlsx ")
    asked = bench.last()
    assert isinstance(asked, ProposeOutput)
    assert asked.wishes.previous == JUNE
    bench.hear(Proposed(JULY, (), "Workbook of Jun-23, 9 published figures"))
    assert bench.state.previous_words == "Workbook of Jun-23, 9 published figures"
    assert bench.state.pasts == ("June.xlsx",)
    bench.presenter.choose_recalculation(True, None)
    bench.presenter.choose_previous("")
    asked = bench.last()
    assert isinstance(asked, ProposeOutput)
    assert asked.wishes.previous is None
    bench.hear(Proposed(JULY))
    assert not wishes(bench).recalculate
    assert bench.kept[-1] == Settings("/in", "/out"), "it is not remembered"


def test_a_workbook_that_is_none_is_told_before_anything_is_built() -> None:
    bench = Bench().started()
    bench.presenter.choose_previous("/in/June.xlsx")
    assert isinstance(bench.last(), ProposeOutput)
    bench.hear(Proposed(None, (fault("June.xlsx", Level.ERROR, "H004"),)))
    assert bench.state.previous_words.startswith("Not a workbook that can be carried on from;")
    assert bench.view.announced[-1] == f"June.xlsx: {bench.state.previous_words}"
    assert [one.code for one in bench.state.faults] == ["H004"]


def test_an_answer_to_what_is_no_longer_wished_says_nothing() -> None:
    bench = Bench().started(A).looked(A)
    bench.presenter.choose_previous("/in/June.xlsx")
    bench.hear(Proposed(JULY))
    assert bench.state.previous_words == ""
    asked = bench.last()
    assert isinstance(asked, ProposeOutput)
    assert asked.wishes.previous == JUNE
    bench.hear(Proposed(JULY, (), "Workbook of Jun-23"))
    assert bench.view.announced[-1] == "June.xlsx: Workbook of Jun-23"


def test_small_numbers_are_as_chosen_and_not_remembered() -> None:
    bench = Bench().started(A).looked(A).hear(Proposed(JULY))
    for chosen in (None, 5, OFF):
        bench.presenter.choose_limit(chosen)
        assert wishes(bench).suppress_under == chosen
        bench.presenter.cancel()
        bench.hear(KNOWN, Proposed(JULY))
    assert bench.kept[-1] == Settings("/in", "/out")


def test_what_is_wrong_between_files_is_told_before_the_build_until_the_files_change() -> None:
    bench = Bench().started(A, B).looked(A).looked(B)
    between = fault("b.csv", code="X046")
    bench.hear(Proposed(JULY, (between,)))
    assert between in bench.state.faults
    bench.presenter.remove([B])
    assert between not in bench.state.faults


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    june, july = Path("/in/June/a.csv"), Path("/in/July/a.csv")
    bench = Bench().started(june, july)
    bench.hear(Opened(june, (june,), ()), Opened(july, (july,), ()))
    for path in (june, july):
        bench.hear(Looked(path, replace(UNKNOWN, faults=(fault("a.csv"),))))
    expected = [str(Path("June", "a.csv")), str(Path("July", "a.csv"))]
    assert list(bench.state.names.values()) == expected
    assert [one.file for one in bench.state.faults] == expected
