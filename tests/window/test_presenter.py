"""What the window does, without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.window.fakes import JULY, KNOWN, SEEN, UNKNOWN, Bench, fault
from workbook_builder.extracts.model import Assignment
from workbook_builder.problems import Level
from workbook_builder.window.messages import (
    AllowWriting,
    BuildFinished,
    BuildProgress,
    BuildWorkbook,
    FileLookedAt,
    InputsOpened,
    LookAtFile,
    OpenInputs,
    Options,
    OutputProposed,
    ProposeOutput,
    ReadyToWrite,
    ReplaceAsked,
    WorkerFault,
    WorkerGone,
)
from workbook_builder.window.settings import Settings
from workbook_builder.window.state import inputs_of

A, B = Path("/in/a.csv"), Path("/in/b.csv")
FOLDER = Path("/in")
BUILT = BuildFinished(Path("/out/board.xlsx"), "Written: board.xlsx", ("Look here.",),
                      ("a.csv: x",), (fault("a.csv"),))  # fmt: skip


def options(bench: Bench) -> Options:
    builds = bench.commands(BuildWorkbook)
    assert builds and isinstance(builds[-1], BuildWorkbook)
    return builds[-1].options


def test_reading_starts_as_soon_as_files_are_given() -> None:
    bench = Bench().started(A, B)
    assert bench.last() == OpenInputs(A)
    bench.hear(InputsOpened(A, (A,), ()), InputsOpened(B, (B,), ()))
    assert bench.last() == LookAtFile(A, {})
    bench.hear(FileLookedAt(A, SEEN))
    assert bench.last() == LookAtFile(B, {})
    assert bench.state.entries[0].summary == SEEN
    assert bench.state.message == "a.csv: Referrals, 9 rows"
    assert bench.view.announced == []
    bench.hear(FileLookedAt(B, UNKNOWN))
    assert bench.view.announced == ["2 files read, 1 of them not recognised."]


def test_files_given_before_the_worker_is_ready_wait_for_it() -> None:
    bench = Bench()
    bench.presenter.start([A])
    assert bench.worker.commands == []
    bench.hear(KNOWN)
    assert bench.last() == OpenInputs(A)


def test_the_month_is_proposed_when_all_files_are_seen_and_names_the_workbook() -> None:
    bench = Bench().started(A).looked(A)
    assert isinstance(bench.last(), ProposeOutput)
    bench.hear(OutputProposed(JULY))
    assert bench.state.proposed == JULY
    assert bench.state.name == "Board data tables Jul-23.xlsx"
    assert JULY in bench.state.months


def test_nothing_is_proposed_of_files_that_are_not_recognised() -> None:
    bench = Bench().started(A).looked(A, UNKNOWN)
    assert not bench.commands(ProposeOutput)
    assert bench.state.proposed is None


def test_a_folder_is_listed_file_by_file_and_built_from_as_it_was_given() -> None:
    bench = Bench().started(FOLDER)
    bench.hear(InputsOpened(FOLDER, (A, B), (fault("notes.md", Level.NOTE),)))
    assert [one.path for one in bench.state.entries] == [A, B]
    assert inputs_of(bench.state.entries) == (FOLDER,)
    assert [one.file for one in bench.state.problems] == ["notes.md"]


def test_a_folder_without_one_of_its_files_is_built_from_by_file() -> None:
    bench = Bench().started(FOLDER)
    bench.hear(InputsOpened(FOLDER, (A, B), ()), FileLookedAt(A, SEEN), FileLookedAt(B, SEEN))
    bench.presenter.remove([A])
    assert inputs_of(bench.state.entries) == (B,)


def test_the_same_file_stands_once_alone_or_in_a_folder() -> None:
    bench = Bench().started(A).looked(A)
    bench.presenter.add([A])
    assert bench.view.announced[-1] == "These files are already in the list."
    bench.hear(OutputProposed(JULY))
    bench.presenter.add([FOLDER])
    bench.hear(InputsOpened(FOLDER, (A, B), ()))
    assert [one.path for one in bench.state.entries] == [A, B]
    bench.presenter.remove([A])
    assert inputs_of(bench.state.entries) == (B,)


def test_what_cannot_be_read_says_why_and_stays_in_the_list() -> None:
    bench = Bench().started(A).hear(InputsOpened(A, (), (fault("a.csv", Level.ERROR),)))
    entry = bench.state.entries[0]
    assert entry.summary and entry.summary.words == "Cannot be used"
    assert entry.problem_counts == "1 error"


def test_build_asks_for_all_that_is_shown() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.choose_layout("scorecard")
    bench.presenter.build()
    assert options(bench) == Options((A,), "scorecard", JULY, Path("/out/Scorecard Jul-23.xlsx"))
    bench.hear(BuildProgress("Counting", 0.5), BUILT)
    assert bench.state.result == BUILT
    assert not bench.state.building
    assert bench.view.announced[-1] == BUILT.headline


def test_a_name_given_by_hand_stays_and_gets_its_ending() -> None:
    bench = Bench().started(A).looked(A)
    bench.presenter.choose_name("July board")
    bench.hear(OutputProposed(JULY))
    bench.presenter.build()
    assert options(bench).out == Path("/out/July board.xlsx")


def test_a_month_chosen_goes_before_the_proposed_one() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.choose_month(JULY.plus(-1))
    bench.presenter.build()
    assert options(bench).month == JULY.plus(-1)
    assert options(bench).out.name == "Board data tables Jun-23.xlsx"


def test_without_a_month_the_build_finds_it_and_names_the_file() -> None:
    bench = Bench().started(A)
    bench.presenter.build()
    bench.hear(InputsOpened(A, (A,), ()))
    assert options(bench).month is None
    assert options(bench).out == Path("/out")


def test_a_build_waits_only_for_the_file_being_read() -> None:
    bench = Bench().started(A, B)
    bench.hear(InputsOpened(A, (A,), ()), InputsOpened(B, (B,), ()))
    bench.presenter.build()
    assert not bench.commands(BuildWorkbook)
    bench.hear(FileLookedAt(A, SEEN))
    assert isinstance(bench.last(), BuildWorkbook)


def test_a_file_dropped_during_a_build_is_read_after_it_and_not_part_of_it() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.build()
    bench.presenter.add([B])
    assert isinstance(bench.last(), BuildWorkbook)
    assert options(bench).inputs == (A,)
    assert "read when the workbook is built" in bench.state.message
    bench.hear(BUILT)
    assert bench.last() == OpenInputs(B)


def test_cancel_stops_the_worker_and_begins_anew() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.build()
    bench.hear(BuildProgress("Counting", 0.5))
    bench.presenter.cancel()
    assert bench.worker.stops == [Path("/out")]
    assert bench.worker.starts == 2
    assert not bench.state.building
    assert bench.state.message == "Stopped. Nothing was written."
    bench.hear(KNOWN)
    assert isinstance(bench.last(), ProposeOutput)


def test_cancel_of_a_build_that_has_not_begun_leaves_the_reading_alone() -> None:
    bench = Bench().started(A).hear(InputsOpened(A, (A,), ()))
    bench.presenter.build()
    bench.presenter.cancel()
    bench.hear(FileLookedAt(A, SEEN))
    assert bench.worker.starts == 1
    assert not bench.commands(BuildWorkbook)


def test_the_workbook_is_put_in_its_place_only_by_word_of_the_window() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.build()
    bench.hear(ReadyToWrite())
    assert bench.last() == AllowWriting()
    assert bench.state.writing
    bench.presenter.cancel()
    assert bench.worker.stops == []
    assert bench.state.building


def test_progress_never_goes_back() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.build()
    bench.hear(BuildProgress("Counting", 0.5), BuildProgress("Reading a.csv", 0.2))
    assert bench.state.share == 0.5


def test_removing_the_file_that_is_read_stops_reading_it() -> None:
    bench = Bench().started(A, B)
    bench.hear(InputsOpened(A, (A,), ()), InputsOpened(B, (B,), ()))
    bench.presenter.remove([A])
    assert bench.worker.starts == 2
    bench.hear(KNOWN)
    assert bench.last() == LookAtFile(B, {})


def test_what_a_person_assigned_is_remembered_and_the_file_looked_at_again() -> None:
    bench = Bench().started(A).looked(A, UNKNOWN)
    said = Assignment("referrals", {"child_id": "Pupil"})
    bench.presenter.assign(A, "m1", said)
    assert bench.kept[-1].assigned == {"m1": said}
    assert bench.last() == LookAtFile(A, {"m1": said})
    bench.hear(FileLookedAt(A, SEEN))
    bench.presenter.assign(A, "m1", None)
    assert bench.kept[-1].assigned == {}


def test_folders_and_layout_are_remembered() -> None:
    bench = Bench().started(A).looked(A)
    bench.presenter.choose_layout("scorecard")
    bench.presenter.choose_folder("/elsewhere")
    assert bench.kept[-1] == Settings("/in", "/elsewhere", "scorecard")
    again = Bench(bench.kept[-1]).started()
    assert again.state.layout == "scorecard"
    assert again.state.folder == "/elsewhere"


def test_a_layout_that_is_gone_gives_way_to_the_usual_one() -> None:
    assert Bench(Settings(layout="gone")).started().state.layout == "board"


def test_after_building_workbook_folder_and_summary_are_at_hand() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.build()
    bench.hear(BUILT)
    bench.presenter.open_workbook()
    bench.presenter.open_folder()
    bench.presenter.copy_summary()
    assert bench.view.opened == [Path("/out/board.xlsx"), Path("/out")]
    text = bench.view.copied[0]
    assert text.splitlines() == [
        "Written: board.xlsx", "/out/board.xlsx", "", "Look at these first:", "- Look here.",
    ]  # fmt: skip
    bench.presenter.open_slides()  # there are none
    assert len(bench.view.opened) == 2


def test_a_fault_of_the_program_is_one_sentence_with_a_log_and_the_rest_goes_on() -> None:
    log = Path("/logs/crash.log")
    bench = Bench().started(A, B)
    bench.hear(InputsOpened(A, (A,), ()), InputsOpened(B, (B,), ()), WorkerFault(log))
    first = bench.state.entries[0].summary
    assert first and "fault in the program" in first.words
    assert bench.state.message.startswith("Something went wrong inside the program.")
    assert bench.last() == LookAtFile(B, {})
    bench.presenter.open_log()
    assert bench.view.opened == [log]


def test_a_fault_of_which_no_log_could_be_kept_does_not_end_the_worker() -> None:
    bench = Bench().started(A, B)
    bench.hear(InputsOpened(A, (A,), ()), InputsOpened(B, (B,), ()), WorkerFault())
    assert bench.state.message.startswith("Something went wrong inside the program.")
    assert bench.worker.starts == 1
    assert bench.last() == LookAtFile(B, {})
    bench.presenter.open_log()
    assert bench.view.opened == []


def test_a_worker_that_is_gone_is_started_anew_but_not_for_ever() -> None:
    bench = Bench().started(A).hear(InputsOpened(A, (A,), ()), WorkerGone())
    assert "stopped" in bench.state.message
    assert bench.worker.starts == 2
    for _ in range(5):
        bench.hear(WorkerGone())
    assert bench.worker.starts == 3


def test_a_crash_while_building_ends_the_build() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.build()
    bench.hear(WorkerGone())
    assert not bench.state.building
    assert "Nothing was written" in bench.state.message


def test_closing_stops_the_worker() -> None:
    bench = Bench().started()
    bench.presenter.close()
    assert bench.worker.stops == [None]


@pytest.mark.parametrize("doing", ["build", "cancel", "open_workbook", "open_folder",
                                   "open_log", "copy_summary"])  # fmt: skip
def test_what_makes_no_sense_yet_does_nothing(doing: str) -> None:
    bench = Bench().started()
    getattr(bench.presenter, doing)()
    assert bench.worker.commands == []
    assert bench.view.opened == []
    assert bench.view.copied == []


def test_another_name_is_offered_for_a_workbook_that_is_open_elsewhere() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.choose_name("board.xlsx")
    bench.presenter.build()
    refused = BuildFinished(None, "Nothing was written.", (), (), (), offered="board (2).xlsx")
    bench.hear(refused)
    state = bench.view.states[-1]
    assert (state.name, state.building) == ("board (2).xlsx", False)
    assert "board (2).xlsx" in state.message
    assert "open in another program" in state.message
    bench.presenter.build()
    assert options(bench).out.name == "board (2).xlsx"


def test_a_profile_is_listed_and_not_taken_for_a_layout() -> None:
    profile = FOLDER / "council.toml"
    bench = Bench().started(profile)
    assert bench.last() == OpenInputs(profile)
    bench.hear(InputsOpened(profile, (profile,), ()))
    assert bench.last() == LookAtFile(profile, {})
    assert bench.state.layout == "board"


def test_a_folder_without_one_of_its_files_keeps_its_profile() -> None:
    profile = FOLDER / "council.toml"
    bench = Bench().started(FOLDER)
    bench.hear(InputsOpened(FOLDER, (A, B, profile), ()), FileLookedAt(A, SEEN))
    bench.hear(FileLookedAt(B, SEEN), FileLookedAt(profile, SEEN))
    bench.presenter.remove([A])
    assert inputs_of(bench.state.entries) == (B, profile)


ASKED = ReplaceAsked("board.xlsx", 85, 6, "board (2).xlsx")


def asked_bench() -> Bench:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.build()
    return bench.hear(ASKED)


def test_a_fuller_workbook_is_replaced_only_after_a_question() -> None:
    bench = asked_bench()
    assert not bench.state.building
    assert bench.state.message == "This replaces 85 figures by 6."
    assert options(bench).replace_fuller is False
    bench.presenter.replace_fuller()
    assert options(bench).replace_fuller is True
    assert bench.state.question is None
    bench.hear(BUILT)
    bench.presenter.build()  # the answer held for that build only
    assert options(bench).replace_fuller is False


def test_keep_both_builds_beside_the_fuller_workbook() -> None:
    bench = asked_bench()
    bench.presenter.keep_both()
    assert options(bench).out == Path("/out/board (2).xlsx")
    assert options(bench).replace_fuller is False


def test_cancel_leaves_the_fuller_workbook_and_says_so() -> None:
    bench = asked_bench()
    builds = len(bench.commands(BuildWorkbook))
    bench.presenter.keep_old()
    assert len(bench.commands(BuildWorkbook)) == builds
    assert bench.view.announced[-1] == "Nothing was written. The file is as it was."
    bench.presenter.keep_both()  # of a question that is answered
    assert len(bench.commands(BuildWorkbook)) == builds


def test_a_file_of_another_program_is_asked_about_in_other_words() -> None:
    bench = asked_bench()
    bench.presenter.build()
    bench.hear(ASKED._replace(before=None))
    assert bench.state.message == "board.xlsx is there already, and this program did not write it."


def test_a_file_that_stops_the_others_is_left_out_and_used_again() -> None:
    bench = Bench().started(A, B)
    damaged = fault("b.csv", Level.ERROR, "X011")
    bench.hear(InputsOpened(A, (A,), ()), InputsOpened(B, (B,), ()))
    bench.hear(FileLookedAt(A, SEEN), FileLookedAt(B, UNKNOWN._replace(problems=(damaged,))))
    assert bench.state.stopped_by(damaged) == 1
    assert bench.state.stopped_by(fault("b.csv", Level.WARNING, "X022")) is None
    bench.presenter.leave_out(B)
    assert bench.view.announced[-1] == "b.csv is left out; the workbook says so."
    assert bench.state.stopped_by(damaged) is None
    assert damaged not in bench.state.problems
    bench.hear(OutputProposed(JULY))  # with it; now without
    proposal = bench.commands(ProposeOutput)[-1]
    assert isinstance(proposal, ProposeOutput)
    assert proposal.options.without == (B,)
    bench.hear(OutputProposed(JULY))
    bench.presenter.build()
    assert options(bench).without == (B,)
    bench.hear(BUILT)
    bench.presenter.leave_out(B, wanted=False)
    assert inputs_of(bench.state.entries) == (A, B)
    assert damaged in bench.state.problems


def test_files_are_not_left_out_while_a_build_reads_them() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.build()
    bench.presenter.leave_out(A)
    assert not bench.state.entries[0].left_out
