"""Layout files, last month's workbook, small numbers and files of one name, without a window."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.window.fakes import JULY, KNOWN, SEEN, UNKNOWN, Bench, fault
from workbook_builder.figures import OFF
from workbook_builder.months import Month
from workbook_builder.problems import Level
from workbook_builder.window.messages import (
    BuildWorkbook,
    DescribeFigure,
    FigureDescribed,
    FileLookedAt,
    InputsOpened,
    LayoutChoice,
    LookAtFile,
    OpenInputs,
    Options,
    OutputProposed,
    PreviewWorkbook,
    ProposeOutput,
    UseDefinitions,
    WorkbookPreviewed,
    WorklistWritten,
    WriteWorklist,
)
from workbook_builder.window.presenter import Presenter
from workbook_builder.window.preview_sheet import FigurePlace, PreviewSheet, PreviewSheets
from workbook_builder.window.settings import Settings

A, B = Path("/in/a.csv"), Path("/in/b.csv")
MINE = "/layouts/mine.toml"
OWN = LayoutChoice(MINE, "Mine (mine.toml)", "Mine {month}.xlsx", 5)
TAKEN = KNOWN._replace(layouts=(*KNOWN.layouts, OWN), layout=MINE)
REFUSED = KNOWN._replace(refused=(fault(MINE, Level.ERROR, "L043"),))
JUNE = Path("/in/June.xlsx")
SHOWN = PreviewSheets((PreviewSheet("Demand", {}, (), ()),))


def options(bench: Bench) -> Options:
    bench.presenter.build()
    build = bench.last()
    assert isinstance(build, BuildWorkbook)
    return build.options


def test_a_layout_file_is_chosen_once_it_is_known_to_be_one() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.choose_layout(MINE)
    assert bench.last() == UseDefinitions(MINE)
    assert bench.state.layout == "board"
    assert bench.kept[-1].layout == ""
    bench.hear(TAKEN)
    assert bench.state.layout == MINE
    assert bench.kept[-1].layout == MINE
    assert bench.view.announced[-1] == "The layout is Mine (mine.toml)."
    assert bench.last() == LookAtFile(A, {}), "its definitions may know the files as something else"
    bench.hear(FileLookedAt(A, SEEN), OutputProposed(JULY))
    assert bench.state.name == "Mine Jul-23.xlsx"
    assert options(bench).layout == MINE


def test_a_layout_file_with_faults_is_told_and_the_layout_before_stays() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.choose_layout("scorecard")
    bench.presenter.add([Path(MINE)])
    bench.hear(REFUSED)
    assert bench.state.layout == "scorecard"
    assert bench.kept[-1].layout == "scorecard"
    assert bench.view.announced[-1] == (
        "mine.toml cannot be used as the layout: see Problems. The layout is Scorecard."
    )
    assert [one.code for one in bench.state.problems] == ["L043"]
    assert len(bench.commands(UseDefinitions)) == 1
    assert [one.path for one in bench.state.entries] == [A]
    bench.presenter.choose_layout("board")
    assert bench.state.problems == ()


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
    assert bench.view.announced[-1].startswith("mine.toml cannot be used as the layout:")
    assert [one.code for one in bench.state.problems] == ["L043"]
    assert bench.kept == [], "its drive may only be away for now"


def test_a_worker_that_starts_anew_goes_by_the_same_layout_file_and_says_nothing_of_it() -> None:
    bench = Bench(Settings(layout=MINE, output_folder="/out"))
    bench.presenter.start([A])
    bench.hear(TAKEN).looked(A).hear(OutputProposed(JULY))
    bench.presenter.choose_name("by hand")
    bench.presenter.build()
    bench.presenter.cancel()
    assert bench.worker.layouts == [MINE, MINE]
    bench.hear(TAKEN)
    assert bench.state.message == "Stopped. Nothing was written."
    assert bench.state.name == "by hand"
    assert bench.state.all_looked_at


def test_a_layout_known_by_name_goes_by_no_file_and_the_file_can_be_chosen_again() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.choose_layout(MINE)
    bench.hear(TAKEN, FileLookedAt(A, SEEN), OutputProposed(JULY))
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
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    for _ in range(2):
        bench.presenter.choose_layout(MINE)
        assert bench.last() == UseDefinitions(MINE)
        bench.hear(TAKEN)
        assert bench.state.message == "The layout is Mine (mine.toml)."
        assert bench.last() == LookAtFile(A, {})
        bench.hear(FileLookedAt(A, SEEN), OutputProposed(JULY))


def test_last_months_workbook_is_named_looked_at_and_taken_back() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.choose_previous(" /in/June.xlsx ")
    asked = bench.last()
    assert isinstance(asked, ProposeOutput)
    assert asked.options.previous == JUNE
    bench.hear(OutputProposed(JULY, (), "Workbook of Jun-23, 9 published figures"))
    assert bench.state.previous_words == "Workbook of Jun-23, 9 published figures"
    assert bench.state.previous_names == ("June.xlsx",)
    bench.presenter.choose_recalculation(True, None)
    bench.presenter.choose_previous("")
    asked = bench.last()
    assert isinstance(asked, ProposeOutput)
    assert asked.options.previous is None
    bench.hear(OutputProposed(JULY))
    assert not options(bench).recalculate
    assert bench.kept[-1] == Settings("/in", "/out"), "it is not remembered"


def test_a_workbook_that_is_none_is_told_before_anything_is_built() -> None:
    bench = Bench().started()
    bench.presenter.choose_previous("/in/June.xlsx")
    assert isinstance(bench.last(), ProposeOutput)
    bench.hear(OutputProposed(None, (fault("June.xlsx", Level.ERROR, "H004"),)))
    assert bench.state.previous_words.startswith("This workbook cannot be used as last month's:")
    assert bench.view.announced[-1] == f"June.xlsx: {bench.state.previous_words}"
    assert [one.code for one in bench.state.problems] == ["H004"]


def test_an_answer_to_what_is_no_longer_wished_says_nothing() -> None:
    bench = Bench().started(A).looked(A)
    bench.presenter.choose_previous("/in/June.xlsx")
    bench.hear(OutputProposed(JULY))
    assert bench.state.previous_words == ""
    asked = bench.last()
    assert isinstance(asked, ProposeOutput)
    assert asked.options.previous == JUNE
    bench.hear(OutputProposed(JULY, (), "Workbook of Jun-23"))
    assert bench.view.announced[-1] == "June.xlsx: Workbook of Jun-23"


def test_small_numbers_are_as_chosen_and_not_remembered() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    for chosen in (None, 5, OFF):
        bench.presenter.choose_limit(chosen)
        assert options(bench).suppress_under == chosen
        bench.presenter.cancel()
        bench.hear(KNOWN, OutputProposed(JULY))
    assert bench.kept[-1] == Settings("/in", "/out")


def test_the_period_is_as_found_until_a_person_says_otherwise_once_for_all_lists() -> None:
    found = (date(2022, 7, 1), date(2023, 8, 3))
    bench = Bench().started(A, B).looked(A).looked(B)
    bench.hear(OutputProposed(JULY, covered=found))
    assert bench.state.covered == found
    assert bench.state.months[0] == Month(2023, 8), "only months of which there is data"
    assert bench.state.months[-1] == Month(2022, 7)
    bench.presenter.choose_covers(found)
    assert bench.state.covers is None, "nothing was said"
    said = (date(2022, 7, 1), date(2023, 7, 31))
    bench.presenter.choose_covers(said)
    asked = bench.last()
    assert isinstance(asked, ProposeOutput)
    assert asked.options.covers == said
    bench.hear(OutputProposed(JULY, covered=found))
    preview = bench.last()
    assert isinstance(preview, PreviewWorkbook)
    assert preview.options.covers == said
    bench.presenter.choose_covers((said[1], said[0]))
    assert bench.state.covers == said
    assert bench.view.announced[-1].startswith("The period must end after it begins.")
    assert options(bench).covers == said
    bench.presenter.cancel()
    bench.hear(KNOWN, OutputProposed(JULY, covered=found))
    bench.presenter.choose_covers(None)
    bench.hear(OutputProposed(JULY, covered=found))
    assert options(bench).covers is None


def test_slides_are_written_beside_the_workbook_if_ticked_and_that_is_remembered() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    assert options(bench).deck is None
    bench.presenter.cancel()
    bench.hear(KNOWN, OutputProposed(JULY))
    bench.presenter.choose_slides(True)
    bench.presenter.choose_name("Board.xlsx")
    assert options(bench).deck == Path("/out/Board.pptx")
    assert bench.kept[-1].slides
    again = Presenter(bench.view, bench.worker, bench.kept[-1], lambda settings: None)
    assert again.state.slides


def test_last_months_slides_in_the_list_tick_the_box() -> None:
    bench = Bench().started(A, Path("/in/June.pptx"))
    assert bench.state.slides


def test_what_is_wrong_between_files_is_told_before_the_build_until_the_files_change() -> None:
    bench = Bench().started(A, B).looked(A).looked(B)
    between = fault("b.csv", code="X046")
    bench.hear(OutputProposed(JULY, (between,)))
    assert between in bench.state.problems
    bench.presenter.remove([B])
    assert between not in bench.state.problems


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    june, july = Path("/in/June/a.csv"), Path("/in/July/a.csv")
    bench = Bench().started(june, july)
    bench.hear(InputsOpened(june, (june,), ()), InputsOpened(july, (july,), ()))
    for path in (june, july):
        bench.hear(FileLookedAt(path, UNKNOWN._replace(problems=(fault("a.csv"),))))
    expected = [str(Path("June", "a.csv")), str(Path("July", "a.csv"))]
    assert list(bench.state.names.values()) == expected
    assert [one.file for one in bench.state.problems] == expected


def test_the_preview_comes_after_the_files_and_again_when_something_changes() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    assert len(bench.commands(PreviewWorkbook)) == 1
    bench.presenter.choose_month(JULY.plus(-1))
    preview = bench.last()
    assert isinstance(preview, PreviewWorkbook)
    assert preview.options.month == JULY.plus(-1)
    bench.presenter.choose_limit(5)
    assert len(bench.commands(PreviewWorkbook)) == 3


def test_a_preview_of_what_has_changed_since_is_not_shown() -> None:
    bench = Bench()
    bench.worker.previews = False
    bench.started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.choose_month(JULY.plus(-1))
    bench.hear(WorkbookPreviewed(JULY, SHOWN, ()))
    assert bench.state.preview is None
    bench.hear(WorkbookPreviewed(JULY.plus(-1), SHOWN, ()))
    assert bench.state.preview == WorkbookPreviewed(JULY.plus(-1), SHOWN, ())
    assert bench.view.announced[-1] == "The preview is ready."


def test_build_waits_for_the_preview_that_is_being_made() -> None:
    bench = Bench()
    bench.worker.previews = False
    bench.started(A).looked(A).hear(OutputProposed(JULY))
    bench.presenter.build()
    assert isinstance(bench.last(), PreviewWorkbook)
    bench.hear(WorkbookPreviewed(JULY, SHOWN, ()))
    assert isinstance(bench.last(), BuildWorkbook)


def test_children_are_listed_only_where_the_profile_allows_it() -> None:
    bench = Bench()
    bench.worker.previews = False
    bench.started(A).looked(A).hear(OutputProposed(JULY))
    place = FigurePlace("contacts", JULY, "")
    described = FigureDescribed(place, "<p>1,804</p>")
    bench.hear(WorkbookPreviewed(JULY, SHOWN, ()))
    bench.presenter.ask_about(place)
    bench.hear(described)
    bench.presenter.list_children()
    assert not bench.commands(WriteWorklist)
    bench.presenter.choose_limit(5)
    bench.hear(WorkbookPreviewed(JULY, SHOWN, (), lists_children=True))
    assert bench.last() == DescribeFigure(place), "it stays chosen, and may be another now"
    bench.hear(described)
    bench.presenter.list_children()
    asked = bench.last()
    assert isinstance(asked, WriteWorklist)
    assert asked.place == place
    written = Path("/out/OFFICIAL-SENSITIVE Worklist Jul-23.xlsx")
    bench.hear(WorklistWritten(written, (fault(),)))
    assert bench.view.opened == [written]
    assert fault() in bench.state.problems
    assert bench.view.announced[-1].startswith(f"Written: {written.name}.")


def test_a_figure_is_asked_about_and_shown_until_the_files_change() -> None:
    bench = Bench().started(A).looked(A).hear(OutputProposed(JULY))
    place = FigurePlace("contacts", JULY, "")
    bench.presenter.ask_about(place)
    assert bench.last() == DescribeFigure(place)
    bench.hear(FigureDescribed(place, "<p>1,804</p>"))
    assert bench.state.figure == FigureDescribed(place, "<p>1,804</p>")
    bench.presenter.add([B])
    assert bench.state.figure is None
    assert bench.state.preview is None
