"""What a team table says below itself: how the teams and the headline hang together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from workbook_builder.definitions.teams import Teams
from workbook_builder.months import Month, day_label
from workbook_builder.problems import counted


@dataclass(frozen=True)
class Said:
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


def sentences(said: Said) -> Iterator[str]:
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


def _sum(said: Said) -> str:
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


def _dated(said: Said, names: Iterable[str]) -> str:
    return ", ".join(
        f"{name} ({day_label(date.fromisoformat(said.teams.get(name).closed))})" for name in names
    )
