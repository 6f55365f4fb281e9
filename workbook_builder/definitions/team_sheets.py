"""Sheets of team breakdowns and of caseloads, as a layout asks for them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Literal

from pydantic import Field

from workbook_builder.definitions.base import Name, Words, definition
from workbook_builder.definitions.sheet_names import SheetName
from workbook_builder.definitions.sparklines import Sparklines

#: How the teams of a table follow one another. "order" is that of teams.toml, then by name.
TeamSort = Literal["order", "highest", "lowest", "largest"]
#: What a table may show beside its numbers.
Mark = Literal["bars", "icons"]
Group = Literal["locality", "service"]
Rows = Literal["team", "locality", "service"]
#: The teams that a table does not list: each in a row, or all in one.
Others = Literal["each", "one_row"]
#: Where caseloads come from: "auto" takes the list if there is one of the month.
CaseloadSource = Literal["auto", "list", "allocations"]

DEFAULT_THRESHOLD = 20


@dataclass(frozen=True)
class Breakdown:
    """How one measure is shown by team, everything settled; the keys are those of TeamSheet."""

    measure: str
    title: str = ""
    teams: tuple[str, ...] = ()
    sort: TeamSort = "order"
    marks: tuple[Mark, ...] = ("bars", "icons")
    group: Group | None = None
    by: Rows = "team"
    others: Others = "each"
    empty_teams: bool = False
    decimals: int | None = None
    months: bool = False


@definition
class TeamBlock:
    """One measure by team. What is left out is as the sheet says, then as the program does.

    `teams` are names, of which `*` may stand for a part; without them every team is listed.
    `group` puts teams under their locality or service, each with its own sum; `by` has one row
    for each locality or service and none for teams. `decimals` are digits of the values shown.
    """

    measure: Name
    title: str = ""
    teams: Words | None = None
    sort: TeamSort | None = None
    marks: tuple[Mark, ...] | None = None
    group: Group | None = None
    by: Rows | None = None
    others: Others | None = None
    empty_teams: bool | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    months: bool | None = None


@definition
class TeamSheet:
    """A sheet of team tables, one below the other; `name` is the sheet's.

    A team without anything to count is left out of a table unless `empty_teams` is true, and
    named below it. `months` shows every month of each team, with its sparkline.
    """

    name: SheetName
    title: Name
    blocks: Annotated[tuple[TeamBlock, ...], Field(min_length=1)]
    teams: Words = ()
    sort: TeamSort = "order"
    marks: tuple[Mark, ...] = ("bars", "icons")
    group: Group | None = None
    by: Rows = "team"
    others: Others = "each"
    empty_teams: bool = False
    months: bool = False
    sparklines: Sparklines = Field(default_factory=Sparklines)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures of the tables, from the top."""
        return tuple(block.measure for block in self.blocks)

    @property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        """The tables from the top; what a block leaves out is as the sheet says."""
        return tuple(self._settled(block) for block in self.blocks)

    def _settled(self, block: TeamBlock) -> Breakdown:
        keys = [one.name for one in fields(Breakdown)]
        said = {key: getattr(self, key) for key in keys if hasattr(self, key) and key != "title"}
        own = {key: getattr(block, key, None) for key in keys}
        return Breakdown(**said | {key: value for key, value in own.items() if value is not None})


@definition
class CaseloadSheet:
    """A sheet of workers' caseloads: those of `threshold` or more, each team's, and a summary.

    Workers stand without name or identifier unless `show_workers` is true.
    """

    name: SheetName
    title: Name
    threshold: Annotated[int, Field(ge=1, le=1000)] = DEFAULT_THRESHOLD
    source: CaseloadSource = "auto"
    team_lists: bool = True
    show_workers: bool = False
