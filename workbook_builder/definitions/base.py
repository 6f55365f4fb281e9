"""What all definitions share: frozen, strict, no unknown keys."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar, dataclass_transform

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass as validated
from pydantic_core import PydanticCustomError

_STRICT = ConfigDict(extra="forbid", strict=True)

T = TypeVar("T")


def _key(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", text):
        raise PydanticCustomError("key", "must be small letters, digits and _ only, a letter first")
    return text


#: A name that other definitions and SQL use: small letters, digits and _.
Key = Annotated[str, AfterValidator(_key)]
#: A list of words in TOML.
Words = tuple[str, ...]
#: A text that may not be empty.
Name = Annotated[str, Field(min_length=1)]


@dataclass_transform(frozen_default=True, kw_only_default=True)
def definition(cls: type[T]) -> type[T]:
    """Make a class a frozen definition whose fields are the keys that TOML may hold."""
    made: Any = validated(frozen=True, kw_only=True, config=_STRICT)(cls)
    return made  # type: ignore[no-any-return]
