"""What is a council's own: its profile, its teams, and the colours and logo of its workbooks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.contrast import TEXT_CONTRAST, contrast
from workbook_builder.definitions.authorities import LocalAuthorities, LocalAuthority
from workbook_builder.definitions.datasets import Day
from workbook_builder.definitions.targets import Comparator
from workbook_builder.definitions.toml_files import Key, Name, Words, definition
from workbook_builder.months import Month
from workbook_builder.names import natural_order, same_name
from workbook_builder.problems import Problem, Result, Where


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
        known = {same_name(team.name): team for team in self.by_name.values()}
        for team in self.by_name.values():
            for alias in team.aliases:
                known.setdefault(same_name(alias), team)
        return known

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


_INK, _PAPER = "#1F2933", "#FFFFFF"


def _colour(text: str) -> str:
    if not re.fullmatch("#[0-9A-Fa-f]{6}", text):
        raise PydanticCustomError("colour", 'must be a colour, such as "#12436D"')
    return text.upper()


def _readable(colour: str, other: str, name: str) -> str:
    ratio = contrast(colour, other)
    if ratio < TEXT_CONTRAST:
        raise PydanticCustomError(
            "contrast",
            "has a contrast of {ratio} with {name}; at least {least} is needed to be readable",
            {"ratio": f"{ratio:.1f}", "name": name, "least": TEXT_CONTRAST},
        )
    return colour


def _one_of(*endings: str) -> AfterValidator:
    """Return what refuses the path of a file that has none of these endings."""

    def refuse_others(path: str) -> str:
        if path and not path.lower().endswith(endings):
            wanted = {"endings": " or ".join(endings)}
            raise PydanticCustomError("ending", "must be a file name ending in {endings}", wanted)
        return path

    return AfterValidator(refuse_others)


def _picture(name: str) -> str:
    if name and (not name.lower().endswith(".png") or re.search(r'[<>:"/\\|?*]', name)):
        raise PydanticCustomError("picture", "must be the name of a PNG picture in the same folder")
    return name


Colour = Annotated[str, AfterValidator(_colour)]
DarkColour = Annotated[Colour, AfterValidator(partial(_readable, other=_PAPER, name="white"))]
LightColour = Annotated[Colour, AfterValidator(partial(_readable, other=_INK, name="the text"))]


@definition
class Theme:
    """Colours and logo of a workbook.

    `main` is the colour of headings and titles, `pale` that of the latest month, `accent` that of
    the last point of a sparkline. Ratings keep their colours. `logo` is a PNG picture in the folder
    of the file that defines the theme.
    """

    name: Name
    title: str = ""
    main: DarkColour = "#12436D"
    pale: LightColour = "#EAF0F6"
    accent: DarkColour = "#801650"
    logo: Annotated[str, AfterValidator(_picture)] = ""


#: The name under which the one profile in force is kept among the definitions.
COUNCIL = "council"


def _mid_year(text: str) -> str:
    if not re.fullmatch(r"20\d\d", text):
        raise PydanticCustomError("year", 'must be a year, such as "2022"')
    return text


Year = Annotated[str, AfterValidator(_mid_year)]
Population = Annotated[int, Field(gt=0)]


@definition
class Colours:
    """The council's colours, which take the place of those of the standard theme."""

    main: DarkColour = "#12436D"
    pale: LightColour = "#EAF0F6"
    accent: DarkColour = "#801650"


@definition
class CouncilProfile:
    """What one council says of itself in council.toml. Without one, all of it is blank.

    `authority` is its name or one of its codes. `region`, `neighbours` (names or codes) and
    `populations` (people by group and year) take the place of those that are known of it.
    `marking` is the protective marking of what it prints. `logo` (PNG) and
    `slide_template` (.pptx) are paths, relative to the profile. `worklists` are written if it asks
    for them. Its teams, targets and benchmarks stand beside it among the definitions.
    """

    name: Name = COUNCIL
    authority: str = ""
    region: str = ""
    neighbours: Words = ()
    populations: Mapping[Key, Mapping[Year, Population]] = Field(default_factory=dict)
    colours: Colours | None = None
    worklists: bool = False
    marking: str = ""
    logo: Annotated[str, _one_of(".png")] = ""
    slide_template: Annotated[str, _one_of(".pptx")] = ""


def authority_of(
    profile: CouncilProfile, known: LocalAuthorities, place: Callable[..., Where]
) -> Result[LocalAuthority | None]:
    """Return the authority of a profile, with what the profile says otherwise of it.

    One that is not in the list has only what the profile says, and a problem says so. `place` gives
    the place of keys in the profile. Without an authority there is none.
    """
    if not profile.authority:
        return Result(None)
    problems: list[Problem] = []
    authority = known.find(profile.authority)
    if authority is None:
        authority = LocalAuthority(profile.authority)
        problems.append(_unknown(profile.authority, known, place("authority"), _ONLY_THE_PROFILE))
    elif text := known.ending(authority):
        problems.append(Problem(catalogue.AUTHORITY_ENDED, text, place("authority")))
    if profile.neighbours:
        found = [known.find(name) for name in profile.neighbours]
        problems += [
            _unknown(name, known, place("neighbours", number), "Left out of the neighbours.")
            for number, name in enumerate(profile.neighbours)
            if found[number] is None
        ]
        codes = tuple(dict.fromkeys(each.code for each in found if each))
        authority = replace(authority, neighbours={OWN_NEIGHBOURS: codes})
    populations = {
        group: {int(year): people for year, people in years.items()}
        for group, years in profile.populations.items()
    }
    authority = replace(
        authority,
        region=profile.region or authority.region,
        populations={**authority.populations, **populations},
    )
    return Result(authority, tuple(problems))


#: What stands in place of a vintage where the profile says who the neighbours are.
OWN_NEIGHBOURS = "council.toml"
_ONLY_THE_PROFILE = "Only what the profile says is used."


def _unknown(text: str, known: LocalAuthorities, where: Where, done: str) -> Problem:
    near = " or ".join(f'"{name}"' for name in known.near(text))
    hint = f" Did you mean {near}?" if near else ""
    what = f'"{text}" is not an English local authority with children\'s services.{hint}'
    return Problem(catalogue.UNKNOWN_AUTHORITY, what, where, done)


#: The theme that the colours of a profile make.
COUNCIL_THEME = "council"

_NO_AUTHORITY, _NO_REGION = "Own authority", "Region"
#: What stands in a layout's texts where no profile says whose it is.
_NO_AREA = "this area"


def filled_in(content: Mapping[str, Any], authority: LocalAuthority | None) -> dict[str, Any]:
    """Return TOML in which {authority} and {region}, in any text, are those of an authority."""
    names = {
        "{authority}": authority.short_name if authority else _NO_AREA,
        "{region}": (authority.region if authority else "") or _NO_AREA,
    }
    return {key: _with_names(value, names) for key, value in content.items()}


def _with_names(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, str):
        for placeholder, name in names.items():
            value = value.replace(placeholder, name)
        return value
    if isinstance(value, dict):
        return {key: _with_names(inner, names) for key, inner in value.items()}
    return [_with_names(inner, names) for inner in value] if isinstance(value, list) else value


def headed(comparator: Comparator, authority: LocalAuthority | None) -> Comparator:
    """Return a comparator with {authority}, {region} and {period} filled into its heading."""
    names = {
        "{authority}": authority.short_name if authority else _NO_AUTHORITY,
        "{region}": (authority.region if authority else "") or _NO_REGION,
        "{period}": comparator.period,
    }
    return replace(comparator, title=str(_with_names(comparator.title, names)))
