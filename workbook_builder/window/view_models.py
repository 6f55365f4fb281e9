"""Problems, results and pages of the docs as HTML for the window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from workbook_builder.assignments import headings_mark
from workbook_builder.cli.printing import WINDOW, advised
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.model import Sheet
from workbook_builder.figures import Status
from workbook_builder.history.previous_workbooks import PAST
from workbook_builder.months import day_label
from workbook_builder.names import same_name
from workbook_builder.preview import Overview
from workbook_builder.problems import Level, Problem, Result, Where, counted
from workbook_builder.request import Outcome
from workbook_builder.window.messages import (
    Built,
    ColumnKnown,
    DatasetKnown,
    Fault,
    FileSeen,
    Known,
    LayoutKnown,
    Proposed,
    SheetSeen,
)
from workbook_builder.window.state import WORDS, by_file

_HEADINGS_SHOWN = 6
_ASSIGNED = "X052"
#: Letters of the codes of problems that say something of the finished workbook, by weight.
_OF_THE_WORKBOOK = "WHMST"
_TOLD_OF_A_KIND = 2
_ATTENTION_SHOWN = 8


def fault_of(problem: Problem) -> Fault:
    """Return a problem in words."""
    where = problem.where
    place = Where("", where.sheet, where.rows, where.column, where.line, where.key).text()
    return Fault(
        problem.code,
        problem.level,
        where.file,
        place,
        problem.what,
        problem.done,
        advised(problem, WINDOW),
    )


def known_of(
    shipped: Definitions, known: Result[Definitions], file: str, refused: Result[Definitions] | None
) -> Known:
    """Return the layouts and datasets that are known, by title.

    The layout of a file stands among those shipped; one that was refused is told with its faults.
    """
    layouts = [_layout_known(one, one.name) for one in shipped.layouts.values()]
    own = known.value.layouts.get(Path(file).stem) if file else None
    if own:
        layouts.append(_layout_known(own, file))
    datasets = [
        DatasetKnown(one.name, one.title, tuple(
            ColumnKnown(name, frozenset(map(same_name, (name, *column.aliases))))
            for name, column in one.columns.items() if column.required
        ))
        for one in known.value.datasets.values()
    ]  # fmt: skip
    return Known(
        tuple(sorted(layouts, key=lambda one: one.title)),
        tuple(sorted(datasets, key=lambda one: one.title)),
        tuple(map(fault_of, known.problems)),
        file,
        tuple(map(fault_of, refused.problems)) if refused else (),
    )


def _layout_known(layout: Layout, name: str) -> LayoutKnown:
    title = layout.title if name == layout.name else f"{layout.title} ({Path(name).name})"
    return LayoutKnown(name, title, layout.file_name, layout.suppress_under)


def proposed_of(overview: Overview, problems: Iterable[Problem]) -> Proposed:
    """Return what the files are together."""
    named = sheet_words(overview.named, {}) if overview.named else ""
    return Proposed(overview.month, tuple(map(fault_of, problems)), named)


def file_seen(
    sheets: Sequence[Sheet], problems: Sequence[Problem], definitions: Definitions
) -> FileSeen:
    """Return what a file was taken for: "Referrals, 4,218 rows, 3 Jul 2021 to 31 Jul 2023"."""
    said = {one.where.sheet for one in problems if one.code == _ASSIGNED}
    titles = {name: dataset.title for name, dataset in definitions.datasets.items()}
    seen = tuple(_sheet_seen(one, titles, assigned=one.sheet in said) for one in sheets)
    known = [one for one in seen if one.known]
    rows = sum(sheet.rows_kept for sheet in sheets)
    if len(known) == 1:
        words = known[0].words
    elif known:
        words = f"{counted(len(known), 'list')}, {counted(rows, 'row')}"
    elif seen:
        words = "Not recognised"
    else:
        words = "Cannot be used"
    past = any(sheet.standard.startswith(PAST) for sheet in sheets)
    return FileSeen(words, seen, tuple(map(fault_of, problems)), past)


def _sheet_seen(sheet: Sheet, titles: Mapping[str, str], *, assigned: bool) -> SheetSeen:
    known = bool(sheet.dataset or sheet.standard)
    headings = sheet.headings or (sheet.recognised_by if assigned else ())
    return SheetSeen(
        sheet.sheet,
        sheet_words(sheet, titles),
        _how(sheet, assigned=assigned),
        known,
        headings,
        headings_mark(headings) if headings else "",
    )


def sheet_words(sheet: Sheet, titles: Mapping[str, str]) -> str:
    """Return what a sheet was taken for, its rows and the days that they span."""
    if not sheet.dataset:
        return sheet.standard[:1].upper() + sheet.standard[1:] or "Not recognised"
    title = titles.get(sheet.dataset, sheet.dataset)
    days = ""
    if sheet.first_day and sheet.last_day:
        days = f", {day_label(sheet.first_day)} to {day_label(sheet.last_day)}"
    return f"{title}, {counted(sheet.rows_kept, 'row')}{days}"


def _how(sheet: Sheet, *, assigned: bool) -> str:
    if assigned:
        return "Assigned by hand"
    if sheet.dataset and sheet.standard:
        return f"Recognised by its headings as {sheet.standard}"
    if not sheet.recognised_by:
        return "Recognised by its content" if sheet.standard else ""
    shown = ", ".join(sheet.recognised_by[:_HEADINGS_SHOWN])
    more = len(sheet.recognised_by) - _HEADINGS_SHOWN
    return f"Recognised by its headings: {shown}" + (f" and {more} more" if more > 0 else "")


def built_of(outcome: Outcome, definitions: Definitions) -> Built:
    """Return what came of building, with the few things that deserve attention first."""
    titles = {name: dataset.title for name, dataset in definitions.datasets.items()}
    return Built(
        outcome.written,
        _headline(outcome),
        tuple(_attention(outcome)),
        tuple(f"{one.file}: {sheet_words(one, titles)}" for one in outcome.sheets),
        tuple(map(fault_of, outcome.problems)),
    )


def _headline(outcome: Outcome) -> str:
    if outcome.written is None:
        errors = sum(one.level is Level.ERROR for one in outcome.problems)
        return f"Nothing was written: {counted(errors, 'error')} to be put right first."
    month = f", reporting month {outcome.month.label}" if outcome.month else ""
    return f"Written: {outcome.written.name}{month}"


def _attention(outcome: Outcome) -> Iterator[str]:
    if outcome.written is None:
        yield from (_told(one) for one in outcome.problems if one.level is Level.ERROR)
        return
    now = [one for one in outcome.shown if one.month == outcome.month]
    month = outcome.month.label if outcome.month else ""
    hidden = sum(one.status is Status.SUPPRESSED for one in now)
    blank = sum(one.value is None for one in now) - hidden
    for number, what in ((blank, "blank"), (hidden, "hidden, since small numbers are: [c]")):
        if number:
            yield f"{number} of {counted(len(now), 'figure')} of {month} are {what}."
    told = list(_told_of_the_workbook(outcome.problems))
    yield from told[:_ATTENTION_SHOWN]
    if len(told) > _ATTENTION_SHOWN:
        yield f"And {counted(len(told) - _ATTENTION_SHOWN, 'more thing')}: see Problems."
    of_files = [one for one in outcome.problems
                if one.level is Level.WARNING and one.code[0] not in _OF_THE_WORKBOOK]  # fmt: skip
    if of_files:
        files = len({one.where.file for one in of_files})
        yield (f"{counted(len(of_files), 'warning')} about cells and rows of "
               f"{counted(files, 'file')}: see Problems.")  # fmt: skip


def _told_of_the_workbook(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield problems of the workbook itself, those of one kind cut short, the weightiest first."""
    kinds: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.level is Level.WARNING and problem.code[0] in _OF_THE_WORKBOOK:
            kinds.setdefault(problem.code, []).append(problem)
    for code in sorted(kinds, key=lambda one: _OF_THE_WORKBOOK.index(one[0])):
        of_kind = kinds[code]
        yield from (_told(one) for one in of_kind[:_TOLD_OF_A_KIND])
        more = len(of_kind) - _TOLD_OF_A_KIND
        if more > 0:
            yield f"{of_kind[0].kind.title}: {more} more."


def _told(problem: Problem) -> str:
    # Definitions bear their whole path, other files their names.
    file = Path(problem.where.file).name if problem.where.line else problem.where.file
    place = f"{file}: " if file else ""
    what = problem.what[:1].upper() + problem.what[1:]
    return f"{place}{what if not place else problem.what}"


#: What the address of a link to a problem's page begins with.
PROBLEM = "problem:"


def problems_page(faults: Iterable[Fault]) -> str:
    """Return problems grouped by file, errors first, each with what to do and a link."""
    groups = by_file(faults)
    if not groups:
        return "<p>Nothing to report.</p>"
    return "".join(
        f"<h3>{escape(file or 'The workbook')}</h3>{''.join(map(_problem, group))}"
        for file, group in groups
    )


def _problem(fault: Fault) -> str:
    place = f"{escape(fault.place)}: " if fault.place else ""
    what = escape(fault.what if place else fault.what[:1].upper() + fault.what[1:])
    link = f'<a href="{PROBLEM}{fault.code}">About {fault.code}</a>'
    return (
        f"<p><b>{WORDS[fault.level]}.</b> {place}{what} {escape(fault.done)}<br>"
        f"What to do: {escape(fault.to_do)} {link}</p>"
    )


def result_page(result: Built | None) -> str:
    """Return what came of building."""
    if result is None:
        return "<p>Nothing has been built yet.</p>"
    head = f"<h2>{escape(result.headline)}</h2>"
    place = f"<p>{escape(str(result.written.parent))}</p>" if result.written else ""
    points = "".join(f"<li>{escape(one)}</li>" for one in result.attention)
    first = "<h3>Look at these first</h3>" if points else ""
    calm = "" if points else "<p>Nothing needs attention.</p>"
    return f"{head}{place}{first}<ul>{points}</ul>{calm}"
