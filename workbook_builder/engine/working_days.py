"""What a query tree may ask of the working-day calendar; each engine writes it in its own way."""

from __future__ import annotations

from sqlglot import exp


class WorkingDayNumber(exp.Expression, exp.Func):
    """The running count of working days up to and including a day; blank beyond the calendar."""


class NumberedWorkingDay(exp.Expression, exp.Func):
    """The working day that bears a running number; blank where there is none."""
