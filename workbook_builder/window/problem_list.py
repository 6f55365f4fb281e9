"""Problems as the window lists them: by what they do to the workbook, and as text to copy."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from workbook_builder.problems import Level
from workbook_builder.window.messages import ShownProblem


class Effect(Enum):
    """What a problem does to the workbook, worst first; the value is the heading of its group."""

    STOPS = "Stops the build"
    TOUCHES = "May change figures that are shown"
    BLANKS = "Leaves figures blank"
    NOTE = "Notes: nothing need be done"


def effect_of(problem: ShownProblem) -> Effect:
    """Return what a problem does to the workbook."""
    if problem.level is Level.ERROR:
        return Effect.STOPS
    if problem.level is Level.NOTE:
        return Effect.NOTE
    return Effect.BLANKS if problem.blank_figures else Effect.TOUCHES


def by_effect(
    problems: Iterable[ShownProblem], effect: Effect | None = None, words: str = ""
) -> dict[Effect, list[ShownProblem]]:
    """Group problems by effect, worst first; within a group they keep their order.

    Only those of an `effect`, if one is given, and only those that hold all of some words.
    """
    wanted = words.casefold().split()
    groups: dict[Effect, list[ShownProblem]] = {each: [] for each in Effect}
    for problem in problems:
        line = f"{problem.file} {problem_line(problem)}".casefold()
        if effect in (None, effect_of(problem)) and all(word in line for word in wanted):
            groups[effect_of(problem)].append(problem)
    return {each: group for each, group in groups.items() if group}


def problem_place(problem: ShownProblem) -> str:
    """Return where a problem is: "contacts.csv, row 3", or "The workbook"."""
    return ", ".join(filter(None, (problem.file, problem.place))) or "The workbook"


#: So many rows are named at once; of more, the numbers are folded away.
_FEW_ROWS = 3


def problem_details(problem: ShownProblem) -> list[tuple[str, str, str]]:
    """Return what there is to say of a problem beside what happened and where.

    Each line is a heading, words, and what is folded away: the numbers of many rows.
    """
    lines = [("What to do", problem.to_do, ""), ("What was done", problem.done, "")]
    if problem.rows_in_all > _FEW_ROWS:
        lines.append(("Rows", f"{problem.rows_in_all:,} rows", rows_text(problem)))
    lines.append(("Code", problem.code, ""))
    return [line for line in lines if line[1]]


def rows_text(problem: ShownProblem) -> str:
    """Return the numbers of all rows that a problem is about: "2, 4 to 6, 9"."""
    runs: list[list[int]] = []
    for row in sorted(problem.rows):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    texts = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    more = problem.rows_in_all - len(problem.rows)
    return ", ".join(texts) + (f" and {more:,} more" if more else "")


def problem_line(problem: ShownProblem) -> str:
    """Return a problem as one line, without its file."""
    head = f"{problem.place}: {problem.what}" if problem.place else problem.what
    level = problem.level.name.capitalize()
    parts = (f"{level}: {head}", problem.done, problem.to_do, f"[{problem.code}]")
    return " ".join(part for part in parts if part)


def problems_text(problems: Iterable[ShownProblem]) -> str:
    """Return problems as text by file, for the person who runs the reports.

    Files with errors come first, and in each the worst problems.
    """
    groups: dict[str, list[ShownProblem]] = {}
    for problem in sorted(problems, key=lambda problem: -problem.level):
        groups.setdefault(problem.file, []).append(problem)
    return "\n\n".join(
        "\n".join([file or "The workbook", *(f"  {problem_line(problem)}" for problem in group)])
        for file, group in groups.items()
    )
