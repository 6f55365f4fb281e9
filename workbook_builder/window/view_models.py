"""What a run found, in the window's words: problems, files, definitions and results.

The worker makes these from the program's own values and sends them to the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.authorities import english_authorities
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.column_types import COLUMN_TYPES
from workbook_builder.extracts.model import Sheet, headings_mark
from workbook_builder.figures import Status
from workbook_builder.history.previous_workbooks import WORKBOOK_OF
from workbook_builder.measures.needed_lists import needed_lists
from workbook_builder.months import day_label
from workbook_builder.names import same_name
from workbook_builder.problems import (
    Level,
    Problem,
    Result,
    by_effect,
    counted,
    missing_lists_together,
)
from workbook_builder.record_sources import Overview
from workbook_builder.request import Outcome
from workbook_builder.window.messages import (
    AuthorityChoice,
    BuildFinished,
    ColumnChoice,
    DatasetChoice,
    DefinitionsLoaded,
    FileSummary,
    LayoutChoice,
    OutputProposed,
    SheetSummary,
    ShownProblem,
)

_ASSIGN = "Select the file in the list and press What is this."
_MAINTAINER = "Or ask whoever maintains the layouts to add the heading."
#: What the window adds to a problem's advice, by the problem's code: where to follow it.
WINDOW_HINTS: Mapping[str, str] = {
    "H015": "Tick Recalculate published months under More options.",
    "D001": "Change it under Folder for the workbook and File name.",
    "D010": "Tick PowerPoint slides too.",
    "L043": "Or choose one of the layouts in the list.",
    **dict.fromkeys(("M002", "M003", "M004"), "Fill in Data covers."),
    "M011": "Choose it under Reporting month.",
    "M013": _MAINTAINER,
    "M014": _MAINTAINER,
    "R001": "Choose it under Layout.",
    "R002": "The list shows it next to each file.",
    "R003": "Change it under Folder for the workbook and File name.",
    "R006": "It is under More options.",
    "W001": "Choose it under Folder for the workbook and File name.",
    "W003": "Give it under File name.",
    "W004": "Or build again and choose Replace.",
    **dict.fromkeys(catalogue.UNREADABLE, "Or press Build without it."),
    "X015": f"{_ASSIGN} The program remembers it for next time.",
    "X016": _ASSIGN,
}
_HEADINGS_SHOWN = 6
#: A problem of more rows is one of the whole list: nobody looks them all up.
_ROWS_SHOWN = 5_000
_INDICATORS_NAMED = 3
_HEADINGS_NAMED = 3
#: Letters of the codes of problems that say something of the finished workbook, by weight.
_OF_THE_WORKBOOK = "WHMSTD"
_SHOWN_OF_A_KIND = 2
_ATTENTION_SHOWN = 8


def shown_problem(problem: Problem) -> ShownProblem:
    """Return a problem in words."""
    return ShownProblem(
        code=problem.code,
        level=problem.level,
        file=problem.where.file,
        place=replace(problem.where, file="").text(),
        what=problem.what,
        done=problem.done_text(_INDICATORS_NAMED),
        to_do=f"{problem.to_do} {WINDOW_HINTS.get(problem.code, '')}".strip(),
        blank_figures=problem.blank_figures,
        rows=problem.where.rows[:_ROWS_SHOWN],
        rows_in_all=len(problem.where.rows),
    )


def shown_problems(problems: Iterable[Problem]) -> tuple[ShownProblem, ...]:
    """Return problems in words, those first that matter most to the figures shown.

    Lists that were not given are one problem.
    """
    return tuple(map(shown_problem, missing_lists_together(by_effect(problems))))


def authority_name(definitions: Definitions) -> str:
    """Return the name of the profile's authority; nothing without one."""
    return definitions.authority.name if definitions.authority else ""


def definitions_loaded(
    shipped: Definitions, known: Result[Definitions], file: str,
    refused: Result[Definitions] | None, *, renewed: bool = False,
) -> DefinitionsLoaded:  # fmt: skip
    """Return the layouts and datasets that can be chosen, by title.

    The layout of a `file` is one of them, beside those shipped; one that was refused is told with
    its problems.
    """
    layouts = [_layout_choice(layout, layout.name, shipped) for layout in shipped.layouts.values()]
    if file and (layout_of_file := known.value.layouts.get(Path(file).stem)):
        layouts.append(_layout_choice(layout_of_file, file, known.value))
    datasets = [
        DatasetChoice(dataset.name, dataset.title, tuple(
            ColumnChoice(
                name, frozenset(map(same_name, (name, *column.aliases))), column.required,
                COLUMN_TYPES[column.type].expected, column.aliases[:_HEADINGS_NAMED],
            )
            for name, column in dataset.columns.items()
        ))
        for dataset in known.value.datasets.values()
    ]  # fmt: skip
    return DefinitionsLoaded(
        tuple(sorted(layouts, key=lambda layout: layout.title)),
        tuple(sorted(datasets, key=lambda dataset: dataset.title)),
        tuple(map(shown_problem, known.problems)),
        file,
        tuple(map(shown_problem, refused.problems)) if refused else (),
        tuple(AuthorityChoice(each.name, each.region) for each in english_authorities().today),
        authority_name(known.value),
        renewed,
    )


def _layout_choice(layout: Layout, name: str, definitions: Definitions) -> LayoutChoice:
    title = layout.title if name == layout.name else f"{layout.title} ({Path(name).name})"
    lists = needed_lists(layout, definitions)
    tables, months = counted(len(layout.tables), "table"), counted(layout.months, "month")
    slides = f", {counted(len(layout.slides), 'slide')}" if layout.slides else ""
    description = f"{tables} of {months}{slides}"
    return LayoutChoice(name, title, layout.file_name, layout.suppress_under, lists, description)


def output_proposed(overview: Overview, problems: Iterable[Problem]) -> OutputProposed:
    """Return what the files are together."""
    previous = sheet_description(overview.named, {}) if overview.named else ""
    shown = tuple(map(shown_problem, problems))
    return OutputProposed(overview.month, shown, previous, overview.covered)


def file_summary(
    sheets: Sequence[Sheet], problems: Sequence[Problem], definitions: Definitions
) -> FileSummary:
    """Return what a file was taken for: "Referrals, 4,218 rows, 3 Jul 2021 to 31 Jul 2023"."""
    by_hand = {one.where.sheet for one in problems if one.kind is catalogue.ASSIGNED}
    titles = {name: dataset.title for name, dataset in definitions.datasets.items()}
    summaries = tuple(_sheet_summary(one, titles, assigned=one.sheet in by_hand) for one in sheets)
    known = [summary for summary in summaries if summary.known]
    kind = ""
    if len(known) == 1:
        words, kind = known[0].words, titles.get(known[0].dataset, "")
    elif known:
        rows = sum(sheet.rows_kept for sheet in sheets)
        kind = counted(len(known), "list")
        words = f"{kind}, {counted(rows, 'row')}"
    else:
        words = "Not recognised" if summaries else "Cannot be used"
    past = any(sheet.standard.startswith(WORKBOOK_OF) for sheet in sheets)
    return FileSummary(words, summaries, tuple(map(shown_problem, problems)), past, kind)


def definitions_summary(file: Path, known: Result[Definitions]) -> FileSummary:
    """Return what a TOML file among the inputs is: the council's profile, or other definitions."""
    words = "Definitions"
    if file.name.lower() == "council.toml":
        authority = known.value.authority
        words = f"Profile of {authority.name}" if authority else "Council profile"
    how = "Overrides the supplied definitions"
    problems = (problem for problem in known.problems if problem.where.file == str(file))
    sheet = SheetSummary("", words, how, known=True)
    return FileSummary(words, (sheet,), tuple(map(shown_problem, problems)))


def _sheet_summary(sheet: Sheet, titles: Mapping[str, str], *, assigned: bool) -> SheetSummary:
    headings = sheet.headings
    if assigned:
        how = "Chosen by you"
    elif sheet.dataset and sheet.standard:
        how = f"Recognised by its headings as {sheet.standard}"
    elif sheet.recognised_by:
        how = f"Recognised by its headings: {', '.join(sheet.recognised_by[:_HEADINGS_SHOWN])}"
        more = len(sheet.recognised_by) - _HEADINGS_SHOWN
        how += f" and {more} more" if more > 0 else ""
    else:
        how = "Recognised by its content" if sheet.standard else ""
    return SheetSummary(
        sheet.sheet,
        sheet_description(sheet, titles),
        how,
        bool(sheet.dataset or sheet.standard),
        headings,
        headings_mark(headings) if headings else "",
        sheet.dataset,
        sheet.rows_kept,
        sheet.first_day,
        sheet.last_day,
        tuple(zip(sheet.columns, sheet.recognised_by, strict=False)),  # constants have no heading
    )


def sheet_description(sheet: Sheet, titles: Mapping[str, str]) -> str:
    """Return what a sheet was taken for, its rows and the days that they span."""
    if not sheet.dataset:
        return sheet.standard[:1].upper() + sheet.standard[1:] or "Not recognised"
    title = titles.get(sheet.dataset, sheet.dataset)
    days = ""
    if sheet.first_day and sheet.last_day:
        days = f", {day_label(sheet.first_day)} to {day_label(sheet.last_day)}"
    return f"{title}, {counted(sheet.rows_kept, 'row')}{days}"


def build_finished(outcome: Outcome, definitions: Definitions) -> BuildFinished:
    """Return what came of building, with the few things that deserve attention first."""
    titles = {name: dataset.title for name, dataset in definitions.datasets.items()}
    month = outcome.month.label if outcome.month else ""
    if outcome.written is None:
        errors = [problem for problem in outcome.problems if problem.level is Level.ERROR]
        headline = f"Nothing was written: {counted(len(errors), 'error')} to correct first."
        attention: Iterator[str] = map(_attention_line, errors)
    else:
        names = outcome.written.name + (f" and {outcome.slides.name}" if outcome.slides else "")
        headline = f"Written: {names}" + (f", reporting month {month}" * bool(month))
        attention = _attention(outcome, month)
    return BuildFinished(
        outcome.written,
        headline,
        tuple(attention),
        tuple(f"{sheet.file}: {sheet_description(sheet, titles)}" for sheet in outcome.sheets),
        shown_problems(outcome.problems),
        month=month,
        slides=outcome.slides,
        brief=outcome.brief,
    )


def _attention(outcome: Outcome, month: str) -> Iterator[str]:
    """Yield what to look at in a finished workbook: blank figures, then its own warnings."""
    figures = [figure for figure in outcome.shown if figure.month == outcome.month]
    hidden = sum(figure.status is Status.SUPPRESSED for figure in figures)
    blank = sum(figure.value is None for figure in figures) - hidden
    for number, what in ((blank, "blank"), (hidden, "hidden as small numbers: [c]")):
        if number:
            yield f"{number} of {counted(len(figures), 'figure')} of {month} are {what}."
    by_code: dict[str, list[Problem]] = {}
    of_files: list[Problem] = []
    for problem in missing_lists_together(outcome.problems):
        if problem.level is Level.WARNING:
            of_workbook = problem.code[0] in _OF_THE_WORKBOOK
            (by_code.setdefault(problem.code, []) if of_workbook else of_files).append(problem)
    lines: list[str] = []
    for code in sorted(by_code, key=lambda code: _OF_THE_WORKBOOK.index(code[0])):
        of_kind = by_code[code]
        lines += map(_attention_line, of_kind[:_SHOWN_OF_A_KIND])
        if len(of_kind) > _SHOWN_OF_A_KIND:
            lines.append(f"{of_kind[0].kind.title}: {len(of_kind) - _SHOWN_OF_A_KIND} more.")
    yield from lines[:_ATTENTION_SHOWN]
    if len(lines) > _ATTENTION_SHOWN:
        yield f"And {counted(len(lines) - _ATTENTION_SHOWN, 'more thing')}: see Problems."
    if of_files:
        files = len({problem.where.file for problem in of_files})
        yield (f"{counted(len(of_files), 'warning')} about cells and rows of "
               f"{counted(files, 'file')}: see Problems.")  # fmt: skip


def _attention_line(problem: Problem) -> str:
    # The file of a definition is its whole path, that of an extract its name.
    file = Path(problem.where.file).name if problem.where.line else problem.where.file
    return f"{file}: {problem.what}" if file else problem.what[:1].upper() + problem.what[1:]
