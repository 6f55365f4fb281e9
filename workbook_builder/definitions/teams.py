"""Teams: their names and former names, the services and localities they belong to, their dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from workbook_builder.definitions.base import Name, Words, definition
from workbook_builder.definitions.codes import Day
from workbook_builder.months import Month
from workbook_builder.names import natural_order, same_name


@definition
class Team:
    """One team. `aliases` are other or former names that the extracts call it by.

    `short` is its name where there is little room; `order` puts it before teams without one.
    `opened` and `closed` are its first and its last day; its figures before them stay.
    """

    name: Name
    aliases: Words = ()
    short: str = ""
    service: str = ""
    locality: str = ""
    order: int | None = None
    opened: Day = ""
    closed: Day = ""

    @property
    def short_name(self) -> str:
        """The name where there is little room."""
        return self.short or self.name

    def closed_before(self, month: Month) -> bool:
        """Tell whether the team had closed before a month began."""
        return bool(self.closed) and date.fromisoformat(self.closed) < month.first_day

    def opened_after(self, month: Month) -> bool:
        """Tell whether the team opened only after a month had ended."""
        return bool(self.opened) and date.fromisoformat(self.opened) > month.last_day


@dataclass(frozen=True)
class Teams:
    """All teams that TOML defines, found by any of their names."""

    by_name: Mapping[str, Team]

    @cached_property
    def _known(self) -> Mapping[str, Team]:
        found = {same_name(team.name): team for team in self.by_name.values()}
        for team in self.by_name.values():
            for alias in team.aliases:
                found.setdefault(same_name(alias), team)
        return found

    def get(self, name: str) -> Team:
        """Return the team of a name; one that is not defined has nothing but that name."""
        return self._known.get(same_name(name)) or Team(name=name)

    def knows(self, name: str) -> bool:
        """Tell whether a team of this name is defined."""
        return same_name(name) in self._known

    def sort_key(self, name: str) -> tuple[int, int, tuple[tuple[int, int, str], ...]]:
        """Return what sorts teams: by their order, then naturally by name (East 2, East 10)."""
        order = self.get(name).order
        return (order is None, order or 0, natural_order(name))
