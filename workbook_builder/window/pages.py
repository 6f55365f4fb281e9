"""Problems and results as the window shows them: pages of HTML, and text to copy.

Nothing heavy is imported here: the window's process draws these pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from workbook_builder.window.messages import BuildFinished, ShownProblem

#: What the address of a link to a problem's page begins with.
PROBLEM_LINK = "problem:"


def problems_page(problems: Iterable[ShownProblem]) -> str:
    """Return problems by file, errors first, each with what to do and a link."""
    parts = []
    for file, group in problems_by_file(problems):
        parts.append(f"<h3>{escape(file or 'The workbook')}</h3>")
        for problem in group:
            place = f"{escape(problem.place)}: " if problem.place else ""
            what = escape(problem.what if place else problem.what[:1].upper() + problem.what[1:])
            link = f'<a href="{PROBLEM_LINK}{problem.code}">About {problem.code}</a>'
            parts.append(
                f"<p><b>{problem.level.name.capitalize()}.</b> {place}{what} "
                f"{escape(problem.done)}<br>What to do: {escape(problem.to_do)} {link}</p>"
            )
    return "".join(parts) or "<p>Nothing to report.</p>"


def result_page(result: BuildFinished | None) -> str:
    """Return what came of building."""
    if result is None:
        return "<p>Nothing has been built yet.</p>"
    head = f"<h2>{escape(result.headline)}</h2>"
    place = f"<p>{escape(str(result.written.parent))}</p>" if result.written else ""
    points = "".join(f"<li>{escape(point)}</li>" for point in result.attention)
    first = "<h3>Look at these first</h3>" if points else ""
    calm = "" if points else "<p>Nothing needs attention.</p>"
    return f"{head}{place}{first}<ul>{points}</ul>{calm}"


def problems_text(problems: Iterable[ShownProblem]) -> str:
    """Return problems as text, by file."""
    return "\n\n".join(
        "\n".join([file or "The workbook", *(f"  {problem_line(problem)}" for problem in group)])
        for file, group in problems_by_file(problems)
    )


def problem_line(problem: ShownProblem) -> str:
    """Return a problem as one line."""
    head = f"{problem.place}: {problem.what}" if problem.place else problem.what
    level = problem.level.name.capitalize()
    parts = (f"{level}: {head}", problem.done, problem.to_do, f"[{problem.code}]")
    return " ".join(part for part in parts if part)


def result_summary(result: BuildFinished) -> str:
    """Return what came of building, as text to send to a colleague."""
    lines = [result.headline]
    if result.written:
        lines.append(str(result.written))
    lines += [f"- {point}" for point in result.attention]
    lines += ["\nFiles", *(f"- {file}" for file in result.files)]
    if result.problems:
        lines.append(f"\nProblems\n{problems_text(result.problems)}")
    return "\n".join(lines)


def problems_by_file(
    problems: Iterable[ShownProblem],
) -> list[tuple[str, list[ShownProblem]]]:
    """Group problems by file, files with errors first, and in each the worst first."""
    groups: dict[str, list[ShownProblem]] = {}
    for problem in sorted(problems, key=lambda problem: -problem.level):
        groups.setdefault(problem.file, []).append(problem)
    return list(groups.items())
