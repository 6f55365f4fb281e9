"""Measures by team: the teams' rows, what they add up to, what is left over, how it is said."""

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
from workbook_builder.indicators import rating
from workbook_builder.indicators.rating import AMBER, GREEN, RED
from workbook_builder.indicators.rounding import EXACT_DIGITS, printed, rounded, value_text
from workbook_builder.indicators.rows import Indicator, Shown, judged_rows
from workbook_builder.months import Month, day_label
from workbook_builder.names import natural_order
from workbook_builder.problems import counted

#: What a percentage by team is shown with, unless the layout says otherwise.
_DECIMALS_OF_PERCENTAGES = 1

_RATINGS: dict[int | None, str] = {GREEN: "green", AMBER: "amber", RED: "red"}

#: What marks a sum of teams of which some have a mark of their own.
_OF_SOME = "A team's figure here differs from today's data. See the Revisions sheet."

#: What a row of a team table is. The total is of the teams listed, plain and not rated; the whole
#: service is the `headline` or, where all of it is in the teams listed, the `whole` that they make.
RowKind = Literal[
    "group", "team", "subtotal", "total", "other", "overlap", "headline", "whole", "target"
]  # fmt: skip
TEAMS_LISTED, WHOLE_NAME = "Teams listed", "Whole service"


@dataclass(frozen=True)
class TeamRow:
    """One row: a team, a sum, or what is left over. `rag` is None where nothing is judged.

    `value` is numerator by denominator, unrounded, a percentage as a share of one; of a measure
    that only counts it is the numerator. `months` are its values as printed, month by month.
    `hidden` tells that it is not shown because it is about few, `small` that it is a percentage of
    so few that it is not rated.
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
    small: bool = False


@dataclass(frozen=True)
class TeamTable:
    """A measure by team, for one month.

    `divided` says whether there are denominators. `decimals` are those of the values shown, by
    which they are rated. Without teams, `rows` is the headline alone, and without a figure of the
    month there are none.
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
        """Whether the rows are rated: only a team's share or average has a target."""
        return self.divided and self.indicator.better is not None and self.target is not None

    @property
    def target(self) -> float | None:
        """The target in force; one in words is none to judge by."""
        return self.indicator.target.number if self.indicator.target else None

    def is_small(self, denominator: float | None) -> bool:
        """Tell whether a percentage of so many is not rated; of none there is no percentage."""
        return is_small(denominator, self.unit, self.breakdown.small_under)


def is_small(denominator: float | None, unit: Unit, small_under: int) -> bool:
    """Tell whether a percentage is of fewer than so many, but not of none."""
    return unit == "percent" and denominator is not None and 0 < denominator < small_under


def team_table(
    breakdown: Breakdown, definitions: Definitions, figures: Figures, months: Sequence[Month]
) -> TeamTable:
    """Return a measure by team for the last of the months, added up and judged."""
    return _TeamTableBuilder(breakdown, definitions, figures, tuple(months)).table()


def with_fewer_rows(table: TeamTable, fewer: int) -> TeamTable:
    """Return a table with so many rows less: the last teams stand together in one, none is lost."""
    teams = [position for position, row in enumerate(table.rows) if row.kind == "team"]
    joined = teams[-(fewer + 1) :]
    if len(joined) < 2:
        return table
    rows = [table.rows[position] for position in joined]
    numerator = _sum_of(row.numerator for row in rows)
    denominator = _sum_of(row.denominator for row in rows)
    value = numerator
    if table.divided:
        value = numerator / denominator if numerator is not None and denominator else None
    small = table.is_small(denominator)
    rag = team_rag(table.indicator, value, table.decimals) if table.judged and not small else None
    together = TeamRow("team", f"{len(rows)} more teams", numerator, denominator, value, rag,
                       hidden=any(row.hidden for row in rows), small=small)  # fmt: skip
    kept = [row for position, row in enumerate(table.rows) if position not in joined[1:]]
    kept[joined[0]] = together
    return replace(table, rows=tuple(kept))


def team_rag(indicator: Indicator, value: float | None, decimals: int) -> int | None:
    """Return the RAG of a team's value, by the rule of the headline: as it is printed here."""
    if value is None or indicator.target is None:
        return None
    shown = printed(value, indicator.unit, decimals)
    return rating.rag(shown, indicator.target.number, indicator.better, indicator.tolerance)


@dataclass(frozen=True)
class TeamTotals:
    """What the sentences below a team table say of its teams.

    Amounts are denominators or, of a plain count, numbers; None is not known. `whole` is the whole
    service, `total` the `listed` teams in the total, `with_others` those outside it; `overlap` is
    what is in no team's figure or, below 0, in those of several.
    """

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

    def sentences(self) -> Iterator[str]:
        """Yield the sentences below a team table, the sum of the teams first."""
        if self.others or self.without_team or not self.overlap:
            yield self._sum()
        if self.overlap and self.overlap < 0:
            yield (
                f"The rows above add up to {_number(-self.overlap)} more than the whole service, "
                "which counts each once: so many are counted in more than one team."
            )
        elif self.overlap:
            more = _number(self.overlap)
            yield f"The whole service's figure has {more} more, which are in the figure of no team."
        if self.empty:
            yield f"Nothing to count in {self.month.label}: {', '.join(self.empty)}."
        if self.closed:
            yield f"Closed: {self._with_days(self.closed)}."
        if self.closed_with_some:
            yield f"Closed, and still recorded: {self._with_days(self.closed_with_some)}."

    def _sum(self) -> str:
        if self.total is None or self.whole is None:
            return "The teams cannot be added up: their numerators and denominators are not known."
        whole = _number(self.whole)
        if not (self.overlap or self.others or self.without_team):
            return f"The teams add up to the figure of the whole service: {whole}."
        parts = [f"{_number(self.total)} with the {counted(self.listed, 'team')} listed"]
        if self.others:
            others = counted(len(self.others), "other team")
            parts.append(f"{_number(self.with_others)} with {others}")
        if self.without_team:
            parts.append(f"{_number(self.without_team)} with no team recorded")
        return f"Of the whole service's {whole}: {'; '.join(parts)}."

    def _with_days(self, names: Iterable[str]) -> str:
        closed = {name: date.fromisoformat(self.teams.get(name).closed) for name in names}
        return ", ".join(f"{name} ({day_label(day)})" for name, day in closed.items())


def _number(amount: float | None) -> str:
    return "some" if amount is None else f"{amount:,.10g}"


class _TeamTableBuilder:
    """Builds the table of one measure by team."""

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
            table, definitions, figures, months, benchmarks={}, comparators=()
        )
        self.divided = is_divided(self.measure)
        self.split_by_team = self.measure.teams and not isinstance(self.measure, Rate)
        least = _DECIMALS_OF_PERCENTAGES if self.measure.unit == "percent" else 0
        usual = max(self.measure.decimals, least)
        self.decimals = usual if breakdown.decimals is None else breakdown.decimals
        self.all_teams = figures.teams(self.measure.name)

    def table(self) -> TeamTable:
        headline = self._figure(WHOLE_SERVICE, self.month)
        rows: list[TeamRow] = []
        if headline is None or _is_blank(headline):
            reason = REASONS.get(headline.status, "") if headline else ""
            sentences = [f"There is no figure for {self.month.label}. {reason}".strip()]
        elif self.split_by_team and self.all_teams:
            rows, sentences = self._split()
        else:
            rows = [self._row("headline", WHOLE_NAME, [WHOLE_SERVICE])]
            sentences = ["This indicator is not counted by team."]
            if self.split_by_team:
                sentences = ["No team is recorded with any of it, so it cannot be shown by team."]
        return TeamTable(
            self.breakdown, self.breakdown.title or self.measure.title, self.month,
            self.indicator, self.divided, self.measure.unit, self.decimals, tuple(rows),
            tuple(sentences),
        )  # fmt: skip

    def _split(self) -> tuple[list[TeamRow], list[str]]:
        """Return the rows of a measure that has teams, and the sentences below them."""
        listed = [name for name in self.all_teams if name != NO_TEAM and self._is_listed(name)]
        shown = [name for name in listed if self._is_shown(name)]
        others = [name for name in self.all_teams if name not in listed]
        without_team = [name for name in others if name == NO_TEAM]
        other_teams = [name for name in others if name != NO_TEAM]
        body = self._team_rows(shown)
        total = self._row("total", TEAMS_LISTED, shown)
        outside = self._other_rows(other_teams, without_team)
        overlap = self._overlap([total, *outside])
        whole = self._row("headline", WHOLE_NAME, [WHOLE_SERVICE])
        all_in_total = not outside and not overlap and _amount(total) is not None
        if all_in_total:
            rows = [*body, self._row("whole", WHOLE_NAME, shown)]
        else:
            rows = [*body, total, *outside, *overlap, whole]
        closed = [name for name in listed if self.teams.get(name).closed_before(self.month)]
        shown_or_closed = {*shown, *closed}
        totals = TeamTotals(
            month=self.month,
            teams=self.teams,
            whole=_amount(whole),
            total=_amount(total),
            listed=len(shown),
            others=[name for name in other_teams if self._has_any(name, self.month)],
            with_others=_amount(self._row("other", "", other_teams)),
            without_team=_amount(self._row("other", "", without_team)),
            overlap=_amount(overlap[0]) if overlap else 0,
            empty=[name for name in listed if name not in shown_or_closed],
            closed=[name for name in closed if not self._has_any(name, self.month)],
            closed_with_some=[name for name in closed if self._has_any(name, self.month)],
        )
        return rows, [*totals.sentences(), *self._other_rating(whole), *self._small(rows)]

    def _small(self, rows: Sequence[TeamRow]) -> Iterator[str]:
        if self.indicator.target and any(row.small for row in rows):
            yield f"Small: a percentage of fewer than {self.breakdown.small_under} is not rated."

    def _other_rating(self, whole: TeamRow) -> Iterator[str]:
        """Say so where the headline, rounded further, has another rating than here."""
        shown = self.indicator.months[-1].value
        if self.divided and shown is not None and whole.rag != self.indicator.rag:
            headline = value_text(shown, self.measure.unit, self.indicator.decimals)
            yield (
                "Ratings here go by the values as printed here. The board table prints the whole "
                f"service as {headline} and rates that as "
                f"{_RATINGS.get(self.indicator.rag, 'not judged')}."
            )

    def _is_listed(self, name: str) -> bool:
        """Tell whether the layout lists a team; of a listed name only a star is a pattern."""
        listed = [
            text if "*" in text else self.teams.get(text).name for text in self.breakdown.teams
        ]
        patterns = [text.casefold().replace("[", "[[]").replace("?", "[?]") for text in listed]
        return not patterns or any(fnmatchcase(name.casefold(), pattern) for pattern in patterns)

    def _is_shown(self, name: str) -> bool:
        """A team with nothing to count is left out, unless it is asked for or its months show."""
        months = self.months if self.breakdown.months else (self.month,)
        if any(self._has_any(name, month) for month in months):
            return True
        team = self.teams.get(name)
        exists = not team.closed_before(self.month) and not team.opened_after(self.month)
        return self.breakdown.empty_teams and exists

    def _has_any(self, name: str, month: Month) -> bool:
        figure = self._figure(name, month)
        if figure is None:
            return False
        hidden = figure.status is Status.SUPPRESSED
        return hidden or bool(figure.denominator or figure.numerator or figure.value)

    def _team_rows(self, names: Sequence[str]) -> list[TeamRow]:
        """Return the rows of the teams in the total, or of their localities or services."""
        if self.breakdown.by != "team":
            groups = self._by_group(names, self.breakdown.by)
            return self._in_order([self._row("team", name, teams) for name, teams in groups])
        if not self.breakdown.group:
            return self._in_order([self._row("team", name, [name]) for name in names])
        rows: list[TeamRow] = []
        for group, teams in self._by_group(names, self.breakdown.group):
            rows.append(TeamRow("group", group))
            rows += self._in_order([self._row("team", name, [name]) for name in teams])
            rows.append(self._row("subtotal", f"{group} in all", teams))
        return rows

    def _by_group(self, names: Iterable[str], group: str) -> list[tuple[str, list[str]]]:
        """Return teams by their locality or service; those without one stand last."""
        teams: dict[str, list[str]] = {}
        for name in names:
            teams.setdefault(getattr(self.teams.get(name), group), []).append(name)
        without = f"Without a {group}"
        in_order = sorted(teams, key=lambda name: (not name, natural_order(name)))
        return [(name or without, teams[name]) for name in in_order]

    def _in_order(self, rows: Sequence[TeamRow]) -> list[TeamRow]:
        by_name = sorted(rows, key=lambda row: self.teams.sort_key(row.name))
        if self.breakdown.sort == "order":
            return by_name
        if self.breakdown.sort == "largest":
            return sorted(by_name, key=lambda row: -(_amount(row) or 0))
        lowest_first = self.breakdown.sort == "lowest" or (
            self.breakdown.sort == "worst" and self.indicator.better == "higher"
        )
        sign = 1 if lowest_first else -1
        small_last = self.breakdown.sort == "worst"
        return sorted(by_name, key=lambda row: (
            row.value is None, small_last and row.small, sign * (row.value or 0)
        ))  # fmt: skip

    def _other_rows(self, names: Sequence[str], without_team: Sequence[str]) -> list[TeamRow]:
        """Return the teams that are not listed, and what no team is recorded with."""
        teams = [name for name in names if self._has_any(name, self.month)]
        if self.breakdown.others == "one_row" and len(teams) > 1:
            rows = [self._row("other", f"Other teams ({len(teams)})", teams)]
        else:
            rows = self._in_order([self._row("other", name, [name]) for name in teams])
        unknown = [name for name in without_team if self._has_any(name, self.month)]
        return [*rows, *(self._row("other", name, [name]) for name in unknown)]

    def _overlap(self, parts: Sequence[TeamRow]) -> list[TeamRow]:
        """Return what the parts and the headline differ by, if that is known and not nothing."""
        whole = self._row("headline", "", [WHOLE_SERVICE])
        numerator = _less(whole.numerator, [part.numerator for part in parts])
        denominator = _less(whole.denominator, [part.denominator for part in parts])
        if not numerator and not denominator:
            return []
        in_several = (denominator or numerator or 0) < 0
        name = "Counted in more than one team" if in_several else "In no team's figure"
        return [TeamRow("overlap", name, numerator, denominator if self.divided else None)]

    def _row(self, kind: RowKind, name: str, teams: Sequence[str]) -> TeamRow:
        """Return the row of one or several teams together."""
        numerator, denominator, value = self._sums(teams, self.month)
        if kind in ("total", "subtotal") and self.divided and denominator is None:
            value = None  # finished percentages have nothing that could be added up
        small = kind in ("team", "other") and is_small(
            denominator, self.measure.unit, self.breakdown.small_under
        )
        rated = self.divided and kind != "total" and not small
        return TeamRow(
            kind,
            name,
            numerator,
            denominator,
            value,
            team_rag(self.indicator, value, self.decimals) if rated else None,
            tuple(self._shown(teams, month) for month in self.months if self.breakdown.months),
            self._mark(teams, self.month),
            self._is_hidden(teams, self.month),
            small,
        )

    def _shown(self, teams: Sequence[str], month: Month) -> Shown:
        """Return the value of teams together in a month, as printed, or why it is blank."""
        value = self._sums(teams, month)[2]
        mark = self._mark(teams, month)
        if value is not None:
            return Shown(month, printed(value, self.measure.unit, self.decimals), mark=mark)
        headline = self._figure(WHOLE_SERVICE, month)
        reason = REASONS.get(headline.status, "") if headline and _is_blank(headline) else ""
        if self._is_hidden(teams, month):
            reason = REASONS[Status.SUPPRESSED]
        return Shown(month, None, reason or REASONS[Status.NO_DENOMINATOR], mark)

    def _figure(self, team: str, month: Month) -> Figure | None:
        return self.figures.get(self.measure.name, month, team)

    def _figures_of(self, teams: Sequence[str], month: Month) -> list[Figure]:
        return [figure for team in teams if (figure := self._figure(team, month))]

    def _is_hidden(self, teams: Sequence[str], month: Month) -> bool:
        return any(figure.status is Status.SUPPRESSED for figure in self._figures_of(teams, month))

    def _mark(self, teams: Sequence[str], month: Month) -> str:
        """Return what a reader should know of a figure that is not what today's extracts give."""
        marks = [figure.mark for figure in self._figures_of(teams, month) if figure.mark]
        return marks[0] if marks and len(teams) == 1 else _OF_SOME if marks else ""

    def _sums(
        self, teams: Sequence[str], month: Month
    ) -> tuple[float | None, float | None, float | None]:
        """Return numerator, denominator and value of teams together; None is not known."""
        headline = self._figure(WHOLE_SERVICE, month)
        figures = self._figures_of(teams, month)
        if headline is None or any(map(_is_blank, [headline, *figures])):
            return None, None, None
        if not self.divided:
            number = sum(figure.value or 0 for figure in figures)
            return number, None, number
        if any(figure.denominator is None for figure in figures):  # a finished percentage alone
            return None, None, figures[0].value if len(figures) == 1 else None
        numerator = sum(figure.numerator or 0 for figure in figures)
        denominator = sum(figure.denominator or 0 for figure in figures)
        return numerator, denominator, numerator / denominator if denominator else None


def is_divided(measure: Measure) -> bool:
    """Tell whether a measure's value is its numerator by its denominator."""
    divided = isinstance(measure, Percentage | ChildrenPercentage | Average | Share)
    return divided or (isinstance(measure, Supplied) and measure.unit == "percent")


def _is_blank(figure: Figure) -> bool:
    """Tell whether nothing is known; nothing out of nothing is known."""
    return figure.value is None and figure.denominator != 0


def _amount(row: TeamRow) -> float | None:
    """Return what a row is about: those looked at, or the number itself."""
    return row.denominator if row.denominator is not None else row.numerator


def _sum_of(amounts: Iterable[float | None]) -> float | None:
    """Return the sum of amounts, if all are known."""
    total: float = 0
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _less(whole: float | None, parts: Sequence[float | None]) -> float | None:
    """Return what is left of a whole without its parts, if all are known."""
    total = _sum_of(parts)
    return None if whole is None or total is None else rounded(whole - total, EXACT_DIGITS)
