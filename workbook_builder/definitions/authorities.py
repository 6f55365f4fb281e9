"""The local authorities of England: their codes, names, regions, neighbours and populations.

The list is `layouts/authorities.csv`. Codes, names and regions are those of the DfE's statistics of
children in need (2013 to 2025), neighbours the DfE's sets of statistical neighbours, populations
the ONS's mid-year estimates; all under the Open Government Licence.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from workbook_builder.months import day_label
from workbook_builder.names import same_name
from workbook_builder.paths import shipped

LIST = "authorities.csv"

_NEIGHBOURS = "neighbours_"
_POPULATION = re.compile(r"(?P<group>\w+)_(?P<year>20\d\d)")
#: No authority's name is longer.
_LONGEST = 60
#: What stands around the name in what councils call themselves.
_STYLES = re.compile(
    r"\b(council|city|county|borough|metropolitan|district|london|royal|unitary|authority"
    r"|the|of|mbc|lbc|cc)\b"
)


@dataclass(frozen=True)
class LocalAuthority:
    """A local authority with children's services.

    `code` is the DfE's of three digits, `ons_codes` are those of nine characters, the newest first.
    One that has ended has a last day, `until`, and the codes of those that followed. `neighbours`
    are codes by vintage, the nearest first, and `populations` people by group and mid-year.
    """

    name: str
    code: str = ""
    region: str = ""
    also_called: tuple[str, ...] = ()
    ons_codes: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    now: tuple[str, ...] = ()
    neighbours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    populations: Mapping[str, Mapping[int, int]] = field(default_factory=dict)

    @property
    def short_name(self) -> str:
        """What people call it: Bristol, where the register has "Bristol, City of"."""
        return self.name.partition(",")[0]

    @property
    def names(self) -> frozenset[str]:
        """All that it is known by, for comparing."""
        return frozenset(
            map(same_name, (self.code, self.name, *self.also_called, *self.ons_codes))
        ) - {""}


@dataclass(frozen=True)
class LocalAuthorities:
    """Local authorities by the DfE's code."""

    by_code: Mapping[str, LocalAuthority]

    @property
    def today(self) -> tuple[LocalAuthority, ...]:
        """Those that have not ended, by name."""
        living = (each for each in self.by_code.values() if each.until is None)
        return tuple(sorted(living, key=lambda each: each.name))

    def find(self, text: str) -> LocalAuthority | None:
        """Return the authority of a code or a name ("Leeds City Council"); of two the living one.

        "County of" and the like may be missing or added, as long as one authority alone is meant.
        """
        wanted = same_name(text)
        meant = [each for each in self.by_code.values() if wanted and wanted in each.names]
        if not meant and (plain := _without_style(text)):
            meant = [
                each
                for each in self.by_code.values()
                if plain in map(_without_style, (each.name, *each.also_called))
            ]
        living = [each for each in meant if each.until is None]
        chosen = living or meant
        return chosen[0] if len(chosen) == 1 else None

    def are_same(self, text: str, other: str) -> bool:
        """Tell whether two codes or names mean one authority; unknown ones must be the same."""
        if same_name(text) == same_name(other):
            return True
        found = self.find(text)
        return found is not None and found == self.find(other)

    def near(self, text: str) -> tuple[str, ...]:
        """Return up to three names that a misspelt one may mean, or those that it begins."""
        names = [each.name for each in self.today]
        wanted = same_name(text)
        begun = [name for name in names if wanted and wanted in same_name(name)]
        return tuple(
            dict.fromkeys([*begun, *difflib.get_close_matches(text[:_LONGEST], names, 3)])
        )[:3]

    def named(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return the names of codes; a code that is not known stands for itself."""
        return tuple(self.by_code[code].name if code in self.by_code else code for code in codes)

    def ending(self, authority: LocalAuthority) -> str:
        """Say when an authority ended and what followed it, or nothing if it has not."""
        if authority.until is None:
            return ""
        followers = " and ".join(self.named(authority.now))
        return f"{authority.name} ended on {day_label(authority.until)}; now {followers}."


def _without_style(text: str) -> str:
    return same_name(_STYLES.sub(" ", text.casefold().replace("&", " and ")))


@cache
def english_authorities() -> LocalAuthorities:
    """Return the authorities of the list that comes with the program."""
    return read_authorities(shipped("layouts") / LIST)


def read_authorities(file: Path) -> LocalAuthorities:
    """Read a list of authorities; lists in a cell are parted by spaces, names by semicolons."""
    with file.open(encoding="utf-8", newline="") as lines:
        authorities = [_authority(row) for row in csv.DictReader(lines)]
    return LocalAuthorities({each.code: each for each in authorities})


def _authority(row: Mapping[str, str]) -> LocalAuthority:
    neighbours = {
        column.removeprefix(_NEIGHBOURS): tuple(cell.split())
        for column, cell in row.items()
        if column.startswith(_NEIGHBOURS) and cell
    }
    populations: dict[str, dict[int, int]] = {}
    for column, cell in row.items():
        if cell and (match := _POPULATION.fullmatch(column)) and not column.startswith(_NEIGHBOURS):
            populations.setdefault(match["group"], {})[int(match["year"])] = int(cell)
    return LocalAuthority(
        name=row["name"],
        code=row["code"],
        region=row["region"],
        also_called=tuple(name.strip() for name in row["also_called"].split(";") if name),
        ons_codes=tuple(row["ons_codes"].split()),
        since=date.fromisoformat(row["since"]) if row["since"] else None,
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        now=tuple(row["now"].split()),
        neighbours=neighbours,
        populations=populations,
    )
