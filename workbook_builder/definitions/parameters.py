"""Parameters: the thresholds on which councils differ, each with a default and a name."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workbook_builder.definitions.base import Key, Name, definition

ParameterValue = Annotated[int, Field(ge=0, le=10_000)]


@definition
class Parameter:
    """A whole number that SQL in measures may name; a layout may give it another value."""

    name: Key
    title: Name
    value: ParameterValue
    source: str = ""
