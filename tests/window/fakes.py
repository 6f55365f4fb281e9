"""A view that records what it is shown, and a worker that does what a test says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workbook_builder.months import Month
from workbook_builder.problems import Level
from workbook_builder.window.messages import (
    Answer,
    ColumnChoice,
    Command,
    DatasetChoice,
    DefinitionsLoaded,
    FileLookedAt,
    FileSummary,
    InputsOpened,
    LayoutChoice,
    PreviewWorkbook,
    SheetSummary,
    ShownProblem,
    WorkbookPreviewed,
)
from workbook_builder.window.presenter import Presenter
from workbook_builder.window.preview_sheet import PreviewSheets
from workbook_builder.window.settings import Settings
from workbook_builder.window.state import State

JULY = Month(2023, 7)
CHILD = ColumnChoice("child_id", frozenset({"childid"}))
REFERRALS = DatasetChoice("referrals", "Referrals", (CHILD,))
BOARD = LayoutChoice("board", "Board Data Tables", "Board data tables {month}.xlsx")
SCORECARD = LayoutChoice("scorecard", "Scorecard", "Scorecard {month}.xlsx")
KNOWN = DefinitionsLoaded((BOARD, SCORECARD), (REFERRALS,), ())
SHEET = SheetSummary("", "Referrals, 9 rows", "Recognised by its headings: Child ID", known=True)
SEEN = FileSummary("Referrals, 9 rows", (SHEET,))
UNKNOWN = FileSummary("Not recognised", (
    SheetSummary("", "Not recognised", "", known=False, headings=("Pupil", "Day"), mark="m1"),
))  # fmt: skip


def fault(file: str = "", level: Level = Level.WARNING, code: str = "X023") -> ShownProblem:
    return ShownProblem(
        code, level, file, "row 3", "a cell cannot be read.", "Left out.", "Mend it."
    )


class RecordingView:
    def __init__(self) -> None:
        self.states: list[State] = []
        self.announced: list[str] = []
        self.opened: list[Path] = []
        self.copied: list[str] = []

    def present(self, state: State) -> None:
        self.states.append(state)

    def announce(self, text: str) -> None:
        self.announced.append(text)

    def open(self, path: Path) -> None:
        self.opened.append(path)

    def copy(self, text: str) -> None:
        self.copied.append(text)


class FakeWorker:
    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.starts = 0
        self.layouts: list[str] = []
        self.stops: list[Path | None] = []
        self.waiting: list[Answer] = []
        #: Whether it answers at once what has to be done before each build.
        self.previews = True

    def start(self, layout: str = "") -> None:
        self.starts += 1
        self.layouts.append(layout)

    def stop(self, folder: Path | None = None) -> None:
        self.stops.append(folder)

    def send(self, command: Command) -> None:
        self.commands.append(command)
        if isinstance(command, PreviewWorkbook) and self.previews:
            self.waiting.append(WorkbookPreviewed(JULY, PreviewSheets(), ()))

    def answers(self) -> Iterable[Answer]:
        while self.waiting:
            yield self.waiting.pop(0)


class Bench:
    """A presenter between a recording view and a fake worker."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.view = RecordingView()
        self.worker = FakeWorker()
        self.kept: list[Settings] = []
        self.presenter = Presenter(
            self.view, self.worker, settings or Settings(output_folder="/out"), self.kept.append
        )

    @property
    def state(self) -> State:
        return self.view.states[-1]

    def last(self) -> object:
        self.presenter.listen()
        return self.worker.commands[-1]

    def started(self, *paths: Path) -> Bench:
        self.presenter.start(list(paths))
        return self.hear(KNOWN)

    def hear(self, *answers: Answer) -> Bench:
        self.worker.waiting += answers
        self.presenter.listen()
        return self

    def looked(self, path: Path, seen: FileSummary = SEEN) -> Bench:
        """Answer that a path is a file, and what it is."""
        return self.hear(InputsOpened(path, (path,), ()), FileLookedAt(path, seen))

    def commands(self, kind: type[Command]) -> list[object]:
        self.presenter.listen()
        return [one for one in self.worker.commands if isinstance(one, kind)]
