"""What the layout needs, list by list: given, short or missing, and what each list feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from workbook_builder.figures import ListFinding, NeededList
from workbook_builder.months import Month, day_label
from workbook_builder.problem_catalogue import OLDER_EXTRACT
from workbook_builder.problems import counted
from workbook_builder.window.messages import SheetSummary
from workbook_builder.window.state import State


class Standing(IntEnum):
    """How a list stands; what needs attention first."""

    SHORT = 0
    MISSING = 1
    OLD = 2
    GIVEN = 3
    AWAITED = 4
    NOT_GIVEN = 5
    NOT_USED = 6

    @property
    def word(self) -> str:
        """The word that is shown."""
        words = ("Short", "Not given", "Check", "Given", "Not read yet", "Not needed", "Not used")
        return words[self]


@dataclass(frozen=True)
class ListNeed:
    """One list: how it stands, its rows and days as far as it was given, and its effect in words.

    `reasons` are sentences that say why figures are blank, `files` what it was read from.
    """

    standing: Standing
    dataset: str
    title: str
    effect: str
    rows: int | None = None
    first: date | None = None
    last: date | None = None
    reasons: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def can_be_added(self) -> bool:
        """Whether a file of it is still wanted."""
        return self.standing in (Standing.SHORT, Standing.MISSING)


def list_needs(state: State) -> tuple[ListNeed, ...]:
    """Return the lists of the chosen layout and what was given, those first that fall short.

    Before the figures have been counted it is not yet known what is short.
    """
    layout, preview, given = state.chosen_layout, state.preview, _given(state)
    lists = preview.lists if preview else None
    found = {each.dataset: each for each in lists or ()}
    blank = None if lists is None else frozenset(name for each in lists for name in each.blank)
    month = preview.month if preview else None
    wanted = {each.dataset: each for each in layout.lists} if layout else {}
    needs: list[ListNeed] = []
    for dataset, each in wanted.items():
        finding = found.get(dataset, ListFinding(dataset))
        if dataset in given:
            notes = tuple(_notes(state, given[dataset]))
            needs.append(_need_of_given(each, given[dataset], finding, month, notes))
        elif dataset in found or not each.optional:
            need = _need_of_missing(each, finding, blank)
            is_awaited = not state.all_looked_at
            needs.append(replace(need, standing=Standing.AWAITED) if is_awaited else need)
    titles = {each.name: each.title for each in state.datasets}
    needs += [
        _of_sheets(Standing.NOT_USED, NeededList(dataset, titles.get(dataset, dataset)),
                   "no indicator of this layout needs it", sheets)
        for dataset, sheets in given.items()
        if dataset not in wanted
    ]  # fmt: skip
    return tuple(sorted(needs, key=lambda need: need.standing))


def needs_words(state: State, needs: Iterable[ListNeed]) -> str:
    """Return in a sentence how many lists are given, and how many indicators are blank."""
    standings = [need.standing for need in needs if need.standing is not Standing.NOT_USED]
    numbers = (
        (standings.count(Standing.GIVEN) + standings.count(Standing.OLD), "given"),
        (standings.count(Standing.SHORT), "short"),
        (standings.count(Standing.MISSING), "not given"),
        (standings.count(Standing.AWAITED), "not read yet"),
    )
    said = ", ".join(f"{number} {word}" for number, word in numbers if number)
    if not said:
        return ""
    layout, lists = state.chosen_layout, state.preview.lists if state.preview else None
    words = f"{counted(len(standings), 'list')}: {said}."
    if layout is None or lists is None:
        return words
    every = {name for each in layout.lists for name in each.indicators}
    blank = every & {name for each in lists for name in each.blank}
    of_all = f"{len(blank)} of {counted(len(every), 'indicator')}"
    return f"{words} {of_all if blank else 'No indicator'} {'are' if blank else 'is'} blank."


#: The sheets of a dataset, each with the name of its file.
_Sheets = tuple[tuple[str, SheetSummary], ...]


def _given(state: State) -> Mapping[str, _Sheets]:
    """Return the sheets that were read of each dataset."""
    given: dict[str, _Sheets] = {}
    for entry in state.entries:
        for sheet in entry.summary.sheets if entry.summary and not entry.left_out else ():
            if sheet.dataset:
                name = state.names[entry.path]
                given[sheet.dataset] = (*given.get(sheet.dataset, ()), (name, sheet))
    return given


def _notes(state: State, sheets: _Sheets) -> Iterator[str]:
    """Yield what is said of a file that may be last year's among this year's."""
    files = {name for name, _ in sheets}
    for problem in state.problems:
        if problem.code == OLDER_EXTRACT.code and problem.file in files:
            yield f"{problem.file}: {problem.what}"


def _need_of_given(
    wanted: NeededList,
    sheets: _Sheets,
    finding: ListFinding,
    month: Month | None,
    notes: tuple[str, ...],
) -> ListNeed:
    feeds = _feeds(wanted)
    ends = f"ends {day_label(finding.last)}, " if finding.last else ""
    standing, effect = Standing.GIVEN, feeds
    if finding.blank:
        is_early = finding.last and month and finding.last < month.last_day
        number = counted(len(finding.blank), "indicator")
        standing, effect = Standing.SHORT, f"{ends if is_early else ''}{number} short"
    elif finding.old:
        standing, effect = Standing.OLD, f"{ends}long before the others: last year's file?"
    elif notes:
        standing, effect = Standing.OLD, f"{feeds}; one file may be last year's"
    elif finding.earlier:
        effect = f"{feeds}, {len(finding.earlier)} without some earlier months"
    need = _of_sheets(standing, wanted, effect, sheets)
    return replace(need, last=finding.last or need.last, reasons=(*notes, *finding.reasons))


def _need_of_missing(
    wanted: NeededList, finding: ListFinding, blank: frozenset[str] | None
) -> ListNeed:
    """Return the need of a list that was not given; `blank` are all indicators that are."""
    standing, effect = Standing.MISSING, _feeds(wanted)
    if blank is not None:
        of_list = frozenset(finding.blank) | (blank & frozenset(wanted.indicators))
        if of_list:
            effect = f"{counted(len(of_list), 'indicator')} blank"
        elif finding.earlier:
            effect = f"{counted(len(finding.earlier), 'indicator')} without some earlier months"
        else:
            standing, effect = Standing.NOT_GIVEN, f"{_feeds(wanted)}, none of them blank"
    return ListNeed(standing, wanted.dataset, wanted.title, effect, reasons=finding.reasons)


def _feeds(wanted: NeededList) -> str:
    number = len(wanted.indicators)
    return counted(number, "indicator") if number else "used"


def _of_sheets(standing: Standing, wanted: NeededList, effect: str, sheets: _Sheets) -> ListNeed:
    """Return the need of a list that was read from sheets, with their rows and days."""
    firsts = [sheet.first for _, sheet in sheets if sheet.first]
    lasts = [sheet.last for _, sheet in sheets if sheet.last]
    return ListNeed(
        standing, wanted.dataset, wanted.title, effect,
        rows=sum(sheet.rows for _, sheet in sheets),
        first=min(firsts, default=None), last=max(lasts, default=None),
        files=tuple(_file_lines(sheets)),
    )  # fmt: skip


def _file_lines(sheets: _Sheets) -> Iterator[str]:
    """Yield each sheet with its file, its rows and its days."""
    for name, sheet in sheets:
        place = f'{name}, sheet "{sheet.name}"' if sheet.name else name
        days = ""
        if sheet.first and sheet.last:
            days = f", {day_label(sheet.first)} to {day_label(sheet.last)}"
        yield f"{place}: {counted(sheet.rows, 'row')}{days}"
