"""Team tables as plain values: their rows, how a row is rated, and how rows are put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.layouts import Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import (
    Average,
    ChildrenPercentage,
    Measure,
    Percentage,
    Rate,
    Share,
    Supplied,
    Unit,
)
from workbook_builder.definitions.sheet_layouts import Breakdown
from workbook_builder.figures import NO_TEAM, REASONS, WHOLE_SERVICE, Figure, Figures, Status
from workbook_builder.indicators import rating as rating_module
from workbook_builder.indicators.rating import AMBER, EXACT_DIGITS, GREEN, RED, printed, rounded
from workbook_builder.indicators.rows import Indicator, Shown, judged_rows
from workbook_builder.months import Month, day_label
from workbook_builder.names import natural_order
from workbook_builder.problems import counted


@dataclass(frozen=True)
class TeamTotals:
    """What there is to say; amounts are denominators or, of a plain count, numbers."""

    month: Month
    teams: Teams
    whole: float | None
    total: float | None
    listed: int
    others: Sequence[str]
    with_others: float | None
    without_team: float | None
    overlap: float | None
    empty: Sequence[str]
    closed: Sequence[str]
    closed_with_some: Sequence[str]


def sentences(said: TeamTotals) -> Iterator[str]:
    """Yield the sentences below a team table, the sum of the teams first."""
    if said.others or said.without_team or not said.overlap:
        yield _sum(said)
    if said.overlap and said.overlap < 0:
        yield (
            f"The rows above add up to {_number(-said.overlap)} more than the whole service, which "
            "counts each once: so many are counted in more than one team."
        )
    elif said.overlap:
        more = _number(said.overlap)
        yield f"The whole service's figure has {more} more, which are in the figure of no team."
    if said.empty:
        yield f"Nothing to count in {said.month.label}: {_names(said.empty)}."
    if said.closed:
        yield f"Closed: {_dated(said, said.closed)}."
    if said.closed_with_some:
        yield f"Closed, and still recorded: {_dated(said, said.closed_with_some)}."


def _sum(said: TeamTotals) -> str:
    if said.total is None or said.whole is None:
        return "The teams cannot be added up: their numerators and denominators are not known."
    whole = _number(said.whole)
    apart = said.overlap or said.others or said.without_team
    if not apart:
        return f"The teams add up to the figure of the whole service: {whole}."
    shares = [f"{_number(said.total)} with the {counted(said.listed, 'team')} in the total"]
    if said.others:
        shares.append(f"{_number(said.with_others)} with {counted(len(said.others), 'other team')}")
    if said.without_team:
        shares.append(f"{_number(said.without_team)} with no team recorded")
    return f"Of the whole service's {whole}: {'; '.join(shares)}."


def _number(amount: float | None) -> str:
    return "some" if amount is None else f"{amount:,.10g}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)


def _dated(said: TeamTotals, names: Iterable[str]) -> str:
    return ", ".join(
        f"{name} ({day_label(date.fromisoformat(said.teams.get(name).closed))})" for name in names
    )


#: What a row of a team table is. Every other row lies outside the total.
RowKind = Literal[
    "group", "team", "subtotal", "total", "other", "overlap", "headline", "target"
]  # fmt: skip


@dataclass(frozen=True)
class TeamRow:
    """One row: a team, a sum, or what is left over. `rag` is None where nothing is judged.

    `value` is numerator by denominator, unrounded, a percentage as a share of one; of a measure
    that only counts it is the numerator. `months` are its values as printed, month by month.
    `hidden` tells that it is not shown because it is about few.
    """

    kind: RowKind
    name: str
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    rag: int | None = None
    months: tuple[Shown, ...] = ()
    mark: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class TeamTable:
    """A measure by team, for one month.

    `divided` says whether there are denominators. `decimals` are those of the values shown, by
    which they are rated. Without teams, `rows` is the headline
    alone, and without a figure of the month there are none.
    """

    breakdown: Breakdown
    title: str
    month: Month
    indicator: Indicator
    divided: bool
    unit: Unit
    decimals: int
    rows: tuple[TeamRow, ...]
    sentences: tuple[str, ...]

    @property
    def judged(self) -> bool:
        """Whether the rows are rated: only a share or an average of a team is held to a target."""
        return self.divided and self.indicator.better is not None and self.target is not None

    @property
    def target(self) -> float | None:
        """The target in force; one in words is none to judge by."""
        return self.indicator.target.number if self.indicator.target else None


def with_fewer_rows(table: TeamTable, fewer: int) -> TeamTable:
    """Return a table with so many rows less: the last teams stand together in one, none is lost."""
    teams = [at for at, row in enumerate(table.rows) if row.kind == "team"]
    together = teams[-(fewer + 1) :]
    if len(together) < 2:
        return table
    rows = [table.rows[at] for at in together]
    one = TeamRow("team", f"{len(rows)} more teams", _sum_of(row.numerator for row in rows),
                  _sum_of(row.denominator for row in rows))  # fmt: skip
    one = replace(one, hidden=any(row.hidden for row in rows))
    value = one.numerator
    if table.divided:
        value = one.numerator / one.denominator if one.numerator and one.denominator else None
        value = 0.0 if one.denominator and one.numerator == 0 else value
    rag = rating(table.indicator, value, table.decimals) if table.judged else None
    kept = [row for at, row in enumerate(table.rows) if at not in together[1:]]
    kept[together[0]] = replace(one, value=value, rag=rag)
    return replace(table, rows=tuple(kept))


def _sum_of(amounts: Iterable[float | None]) -> float | None:
    found = list(amounts)
    known = [amount for amount in found if amount is not None]
    return sum(known) if len(known) == len(found) else None


def rating(one: Indicator, value: float | None, decimals: int) -> int | None:
    """Return the RAG of a team's value, by the rule of the headline: as it is printed here."""
    target = one.target.number if one.target else None
    if value is None or target is None or one.better is None:
        return None
    shown = printed(value, one.unit, decimals)
    return rating_module.rag(shown, target, one.better, one.tolerance)


#: What a percentage by team is shown with, unless the layout says otherwise.
_DECIMALS_OF_PERCENTAGES = 1

_RATINGS: dict[int | None, str] = {GREEN: "green", AMBER: "amber", RED: "red"}

#: What marks a sum of teams of which some have a mark of their own.
_OF_SOME = "The figure of a team in it is not what today's extracts give. See the Revisions sheet."

#: A team without a locality or service stands below all others, under this.
NO_GROUP = "Without a {group}"


def team_table(
    breakdown: Breakdown, definitions: Definitions, figures: Figures, months: Sequence[Month]
) -> TeamTable:
    """Return a measure by team for the last of the months, added up and judged."""
    return _TeamTableBuilder(breakdown, definitions, figures, tuple(months)).table()


def is_divided(measure: Measure) -> bool:
    """Tell whether a measure's value is its numerator by its denominator."""
    divided = isinstance(measure, Percentage | ChildrenPercentage | Average | Share)
    return divided or (isinstance(measure, Supplied) and measure.unit == "percent")


class _TeamTableBuilder:
    def __init__(
        self,
        breakdown: Breakdown,
        definitions: Definitions,
        figures: Figures,
        months: tuple[Month, ...],
    ) -> None:
        self.breakdown = breakdown
        self.measure = definitions.measures[breakdown.measure]
        self.teams = definitions.known_teams
        self.figures = figures
        self.months = months
        self.month = months[-1]
        row = Row(measure=self.measure.name)
        table = Table(name="-", title="-", columns=("months",), rows=(row,))
        (self.indicator,) = judged_rows(
            table, definitions, figures, months, held={}, comparators=()
        )
        self.divided = is_divided(self.measure)
        self.decimals = self._decimals()
        self.all = figures.teams(self.measure.name)

    def _decimals(self) -> int:
        if self.breakdown.decimals is not None:
            return self.breakdown.decimals
        percent = self.measure.unit == "percent"
        return max(self.measure.decimals, _DECIMALS_OF_PERCENTAGES if percent else 0)

    def table(self) -> TeamTable:
        headline = self.figures.get(self.measure.name, self.month)
        rows: tuple[TeamRow, ...] = ()
        said: tuple[str, ...]
        if headline is None or _is_blank(headline):
            reason = REASONS.get(headline.status, "") if headline else ""
            said = (f"There is no figure for {self.month.label}. {reason}".strip(),)
        elif not self._is_split():
            rows = (self._row("headline", "Whole service", [WHOLE_SERVICE]),)
            said = (self._no_teams(),)
        else:
            rows, said = self._split(headline)
        return TeamTable(
            self.breakdown, self.breakdown.title or self.measure.title, self.month,
            self.indicator, self.divided, self.measure.unit, self.decimals, rows, said,
        )  # fmt: skip

    def _is_split(self) -> bool:
        return bool(self.all) and self.measure.teams and not isinstance(self.measure, Rate)

    def _no_teams(self) -> str:
        if self.measure.teams and not isinstance(self.measure, Rate):
            return "No team is recorded with any of it, so it cannot be shown by team."
        return "This indicator is not counted by team."

    def _split(self, headline: Figure) -> tuple[tuple[TeamRow, ...], tuple[str, ...]]:
        listed = [name for name in self.all if name != NO_TEAM and self._listed(name)]
        shown = [name for name in listed if self._is_shown(name)]
        grouped = self.breakdown.group and self.breakdown.by == "team"
        body = self._grouped(shown) if grouped else self._sorted(shown)
        total = self._row("total", "Total", shown)
        others = [name for name in self.all if name not in listed]
        outside = self._others(others)
        overlap = self._overlap(headline, [total, *outside])
        whole = self._row("headline", "Whole service", [WHOLE_SERVICE])
        apart = outside or overlap or _main(total) is None
        tail = (*outside, *overlap, whole) if apart else ()
        empty = [name for name in listed if name not in shown]
        said = TeamTotals(
            self.month,
            self.teams,
            _main(whole),
            _main(total),
            len(shown),
            [name for name in others if name != NO_TEAM and self._has_any(name)],
            _main(self._row("other", "", [one for one in others if one != NO_TEAM])),
            _main(self._row("other", "", [one for one in others if one == NO_TEAM])),
            _main(overlap[0]) if overlap else 0,
            [name for name in empty if not self.teams.get(name).closed_before(self.month)],
            [name for name in self._closed(listed) if not self._has_any(name)],
            [name for name in self._closed(listed) if self._has_any(name)],
        )
        return (*body, total, *tail), (*sentences(said), *self._other_rating(whole))

    def _other_rating(self, whole: TeamRow) -> Iterator[str]:
        """Say so where the headline, rounded further, has another rating than here."""
        shown = self.indicator.months[-1].value
        if self.divided and shown is not None and whole.rag != self.indicator.rag:
            yield (
                "Ratings here go by the values as printed here. The board table prints the whole "
                f"service as {self._text(shown, self.indicator.decimals)} and rates that as "
                f"{_RATINGS.get(self.indicator.rag, 'not judged')}."
            )

    def _text(self, value: float, decimals: int) -> str:
        percent = self.measure.unit == "percent"
        return f"{value:.{decimals}%}" if percent else f"{value:,.{decimals}f}"

    def _closed(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if self.teams.get(name).closed_before(self.month)]

    def _listed(self, name: str) -> bool:
        patterns = [self._pattern(text) for text in self.breakdown.teams]
        return not patterns or any(fnmatchcase(name.casefold(), one) for one in patterns)

    def _pattern(self, text: str) -> str:
        """Return a listed name as the figures have it; only a star stands for other marks."""
        name = text if "*" in text else self.teams.get(text).name
        return name.casefold().replace("[", "[[]").replace("?", "[?]")

    def _is_shown(self, name: str) -> bool:
        """A team with nothing to count is left out, unless it is asked for or its months show."""
        if self._has_any(name):
            return True
        if self.breakdown.months and any(self._has_any(name, month) for month in self.months):
            return True
        team = self.teams.get(name)
        gone = team.closed_before(self.month) or team.opened_after(self.month)
        return self.breakdown.empty_teams and not gone

    def _has_any(self, name: str, month: Month | None = None) -> bool:
        figure = self.figures.get(self.measure.name, month or self.month, name)
        if figure and figure.status is Status.SUPPRESSED:
            return True
        return bool(figure and (figure.denominator or figure.numerator or figure.value))

    def _sorted(self, names: Sequence[str]) -> list[TeamRow]:
        if self.breakdown.by != "team":
            named = self._by_group(names, self.breakdown.by)
            return self._in_order([self._row("team", name, of) for name, of in named])
        return self._in_order([self._row("team", name, [name]) for name in names])

    def _in_order(self, rows: Sequence[TeamRow]) -> list[TeamRow]:
        natural = sorted(rows, key=lambda row: self.teams.sort_key(row.name))
        if self.breakdown.sort == "order":
            return natural
        if self.breakdown.sort == "largest":
            return sorted(natural, key=lambda row: -(_main(row) or 0))
        sign = 1 if self.breakdown.sort == "lowest" else -1
        return sorted(natural, key=lambda row: (row.value is None, sign * (row.value or 0)))

    def _by_group(self, names: Iterable[str], group: str) -> list[tuple[str, list[str]]]:
        found: dict[str, list[str]] = {}
        for name in names:
            found.setdefault(getattr(self.teams.get(name), group), []).append(name)
        without = NO_GROUP.format(group=group)
        last = sorted(found, key=lambda name: (not name, natural_order(name)))
        return [(name or without, found[name]) for name in last]

    def _grouped(self, names: Sequence[str]) -> list[TeamRow]:
        assert self.breakdown.group
        rows: list[TeamRow] = []
        for group, of in self._by_group(names, self.breakdown.group):
            rows.append(TeamRow("group", group))
            rows += self._in_order([self._row("team", name, [name]) for name in of])
            rows.append(self._row("subtotal", f"{group} in all", of))
        return rows

    def _others(self, names: Sequence[str]) -> list[TeamRow]:
        """Return the teams that are not listed, and what no team is recorded with."""
        teams = [name for name in names if name != NO_TEAM and self._has_any(name)]
        if self.breakdown.others == "one_row" and len(teams) > 1:
            rows = [self._row("other", f"Other teams ({len(teams)})", teams)]
        else:
            rows = self._in_order([self._row("other", name, [name]) for name in teams])
        without = [NO_TEAM] if NO_TEAM in names and self._has_any(NO_TEAM) else []
        return [*rows, *(self._row("other", name, [name]) for name in without)]

    def _overlap(self, headline: Figure, parts: Sequence[TeamRow]) -> list[TeamRow]:
        """Return what the parts and the headline differ by, if that is known and not nothing."""
        whole = self._row("headline", "", [WHOLE_SERVICE])
        numerator = _less(whole.numerator, [part.numerator for part in parts])
        denominator = _less(whole.denominator, [part.denominator for part in parts])
        if not numerator and not denominator:
            return []
        more = (denominator or numerator or 0) < 0
        name = "Counted in more than one team" if more else "In no team's figure"
        return [TeamRow("overlap", name, numerator, denominator if self.divided else None)]

    def _row(self, kind: RowKind, name: str, teams: Sequence[str]) -> TeamRow:
        numerator, denominator, value = self._sums(teams, self.month)
        if kind in ("total", "subtotal") and self.divided and denominator is None:
            value = None  # finished percentages have nothing that could be added up
        rag = rating(self.indicator, value, self.decimals) if self.divided else None
        months: tuple[Shown, ...] = ()
        if self.breakdown.months:
            months = tuple(self._shown(teams, month) for month in self.months)
        mark = self._mark(teams, self.month)
        hidden = self._is_hidden(teams, self.month)
        return TeamRow(kind, name, numerator, denominator, value, rag, months, mark, hidden)

    def _is_hidden(self, teams: Sequence[str], month: Month) -> bool:
        found = (self.figures.get(self.measure.name, month, team) for team in teams)
        return any(figure and figure.status is Status.SUPPRESSED for figure in found)

    def _shown(self, teams: Sequence[str], month: Month) -> Shown:
        value = self._printed(self._sums(teams, month)[2])
        headline = self.figures.get(self.measure.name, month)
        reason = REASONS.get(headline.status, "") if headline and _is_blank(headline) else ""
        if self._is_hidden(teams, month):
            reason = REASONS[Status.SUPPRESSED]
        nothing = "There is nothing to take a percentage or an average of."
        why = "" if value is not None else reason or nothing
        return Shown(month, value, why, self._mark(teams, month))

    def _mark(self, teams: Sequence[str], month: Month) -> str:
        """Return what a reader should know of a figure that is not what today's extracts give."""
        found = (self.figures.get(self.measure.name, month, team) for team in teams)
        marks = [figure.mark for figure in found if figure and figure.mark]
        return marks[0] if marks and len(teams) == 1 else _OF_SOME if marks else ""

    def _printed(self, value: float | None) -> float | None:
        return None if value is None else printed(value, self.measure.unit, self.decimals)

    def _sums(
        self, teams: Sequence[str], month: Month
    ) -> tuple[float | None, float | None, float | None]:
        """Return numerator, denominator and value of teams together; None is not known."""
        found = [self.figures.get(self.measure.name, month, team) for team in teams]
        figures = [figure for figure in found if figure is not None]
        if any(_is_blank(figure) for figure in figures) or _unknown_month(self, month):
            return None, None, None
        if not self.divided:
            number = sum(figure.value or 0 for figure in figures)
            return number, None, number
        if any(figure.denominator is None for figure in figures):  # a finished percentage alone
            return None, None, figures[0].value if len(figures) == 1 else None
        numerator = sum(figure.numerator or 0 for figure in figures)
        denominator = sum(figure.denominator or 0 for figure in figures)
        return numerator, denominator, numerator / denominator if denominator else None


def _unknown_month(maker: _TeamTableBuilder, month: Month) -> bool:
    headline = maker.figures.get(maker.measure.name, month)
    return headline is None or _is_blank(headline)


def _is_blank(figure: Figure) -> bool:
    """Tell whether nothing is known; nothing out of nothing is known."""
    return figure.value is None and figure.denominator != 0


def _main(row: TeamRow) -> float | None:
    """Return what a row is about: those looked at, or the number itself."""
    return row.denominator if row.denominator is not None else row.numerator


def _less(whole: float | None, parts: Iterable[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    if whole is None or len(known) < len(list(parts)):
        return None
    return rounded(whole - sum(known), EXACT_DIGITS)
