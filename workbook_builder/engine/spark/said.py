"""What Spark says when it fails, in words that hold nothing of a record."""

from __future__ import annotations

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

#: What may come out of any call of Spark: its own faults, and those of the way to Java.
FAULTS = (PySparkException, Py4JError)


def said(fault: Exception) -> str:
    """Return the name that Spark gives to a fault; its message may quote what stands in a record."""
    condition = fault.getCondition() if isinstance(fault, PySparkException) else None
    return f"Spark stopped with {condition or type(fault).__name__}."
