"""How to follow the advice of a problem here: advice says what to do, a shell says where.

Advice itself names no option, command or control, since it also stands in the workbook.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.problems import Problem

#: What the shells add to advice, by the code of the problem.
Hints = Mapping[str, str]

_ALIASES = "Aliases stand in layouts/datasets."
_ASSIGN = "Choose it in the list and press What is this."

COMMAND_LINE: Hints = {
    "H015": "Recalculate with --recalculate.",
    "L005": "See those that are known with: workbook-builder layouts",
    "L043": "See the layouts that are known with: workbook-builder layouts",
    "M011": "Say so as --month 2023-07.",
    "M013": _ALIASES,
    "M014": _ALIASES,
    "R001": "See them with: workbook-builder layouts",
    "R002": "See it with: workbook-builder check",
    "R003": "Name it with --out.",
    "R005": "Give them after the inputs, as: build INPUT --recalculate contacts 2023-04",
    "R006": "Give it as --suppress-under 5.",
    "W001": "Name it with --out.",
    "W003": "Name it with --out.",
    "X015": "To have others known, add them to the aliases in layouts/datasets.",
    "X016": "Add it to the column's aliases in layouts/datasets.",
}

WINDOW: Hints = {
    "H015": "Tick Recalculate published months under More options.",
    "L043": "Or choose one of the layouts in the list.",
    "M011": "Choose it under Reporting month.",
    "M013": "Who keeps the layouts finds them in the folder datasets.",
    "M014": "Who keeps the layouts finds them in the folder datasets.",
    "R001": "Choose it under Layout.",
    "R002": "It stands beside each file in the list.",
    "R003": "Change it under Folder for the workbook and File name.",
    "R006": "It stands under More options.",
    "W001": "Choose it under Folder for the workbook and File name.",
    "W003": "Give it under File name.",
    "X015": f"{_ASSIGN} The program then knows such files again.",
    "X016": _ASSIGN,
}


def advised(problem: Problem, hints: Hints) -> str:
    """Return what to do about a problem, and where."""
    return f"{problem.to_do} {hints.get(problem.code, '')}".strip()
