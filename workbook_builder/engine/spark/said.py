"""What Spark says when it fails, in words that hold nothing of a record."""

from __future__ import annotations

import re

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

#: What may come out of any call of Spark: its own faults, and those of the way to Java.
FAULTS = (PySparkException, Py4JError)


#: How Spark writes the name of a fault before it says more.
_NAME = re.compile(r"\[([A-Z]+_[A-Z_]+(?:\.[A-Z_]+)*)\]")


def said(fault: Exception) -> str:
    """Return the name of a fault alone: what Spark says of it may quote a record."""
    condition = fault.getCondition() if isinstance(fault, PySparkException) else None
    named = None if condition else _NAME.search(str(fault))
    return f"Spark stopped with {condition or (named[1] if named else type(fault).__name__)}."
