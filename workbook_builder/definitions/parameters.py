"""Parameters: the thresholds on which councils differ, each with a default and a name."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workbook_builder.definitions.base import Key, Name, definition

LARGEST = 10_000

ParameterValue = Annotated[int, Field(ge=0, le=LARGEST)]


@definition
class Parameter:
    """A whole number that SQL in measures may name; a layout may give it another value.

    `most` is the largest value that the measures which name it can stand.
    """

    name: Key
    title: Name
    value: ParameterValue
    most: ParameterValue = LARGEST
    source: str = ""
