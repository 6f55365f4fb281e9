"""What came of a build, in words: a page for the window and a summary for a colleague."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from workbook_builder.figures import MonthInBrief, RatingChange
from workbook_builder.looks import RATING_LOOKS, RatingLook
from workbook_builder.problems import counted
from workbook_builder.window.messages import BuildFinished

#: How each rating is seen, by the word for it.
_LOOKS = {look.word.lower(): look for look in RATING_LOOKS.values()}
_RED, _AMBER, _GREEN = (_LOOKS[word] for word in ("red", "amber", "green"))
#: So many names of red indicators are given before the rest is only counted.
_NAMED = 12


def result_title(result: BuildFinished) -> str:
    """Return what came of a build in one line: "Board data tables Jul-23.xlsx is ready"."""
    if result.written is None:
        return "Nothing was written"
    return f"{result.written.name} is ready"


def result_subtitle(result: BuildFinished) -> str:
    """Return the month and the folder of a finished workbook, or what to do without one."""
    if result.written is None:
        return "Put right what is listed here, then build again."
    month = f"Reporting month {result.month}. " if result.month else ""
    return f"{month}In {result.written.parent}"


def result_page(result: BuildFinished, lists: Iterable[Path] = ()) -> str:
    """Return what came of a build as a page; `lists` are lists of children written beside it."""
    brief = result.brief
    parts = [*_ratings_and_facts(brief)] if brief else [f"<p>{escape(result.headline)}</p>"]
    first = "To put right" if result.written is None else "Look at these first"
    calm = "<p>Nothing needs attention.</p>"
    parts.append(_section(first, result.attention) if result.attention else calm)
    if brief and brief.changes:
        rows = "".join(map(_change_row, brief.changes))
        table = f'<table cellspacing="2" cellpadding="4">{rows}</table>'
        parts.append(f"<h3>Ratings that changed</h3>{table}")
    if brief and brief.red:
        parts.append(_section("Red now", _red_names(brief.red)))
    written = [path for path in (result.written, result.slides, *lists) if path]
    parts.append(_section("Files written", [str(path) for path in written]))
    parts.append(_section("Built from", result.files))
    return "".join(parts)


def result_summary(result: BuildFinished, lists: Iterable[Path] = ()) -> str:
    """Return what came of a build as a few lines of text to send to a colleague."""
    lines = [result.headline]
    lines += [str(path) for path in (result.written, result.slides, *lists) if path]
    if brief := result.brief:
        lines += ["", f"{_ratings(brief)}.", *(f"{fact}." for fact in _facts(brief))]
        lines += [f"- {_capital(change.indicator)}: {change.before} to {change.now}"
                  for change in brief.changes]  # fmt: skip
    if result.attention:
        lines += ["", "To put right:" if result.written is None else "Look at these first:"]
        lines += [f"- {point}" for point in result.attention]
    return "\n".join(lines)


def _ratings_and_facts(brief: MonthInBrief) -> Iterator[str]:
    """Yield the ratings as chips, and the other numbers as a line each."""
    if not _rated(brief):
        yield f"<p>{_ratings(brief)}.</p>"
        yield from _fact_lines(brief)
        return
    chips = (
        (_RED, f"{len(brief.red)} red", f"{brief.red_before} a month before"),
        (_AMBER, f"{brief.amber} amber", ""),
        (_GREEN, f"{brief.green} green", ""),
    )
    cells = "".join(
        f'<td style="background:{look.fill};color:{look.ink};padding:8px 16px">'
        f"<b>{look.shape} {words}</b>{f'<br>{aside}' if aside else ''}</td><td>&nbsp;</td>"
        for look, words, aside in chips
    )
    yield f"<table cellspacing='0'><tr>{cells}</tr></table>"
    yield from _fact_lines(brief)


def _fact_lines(brief: MonthInBrief) -> Iterator[str]:
    yield "<p>" + "<br>".join(f"{escape(fact)}." for fact in _facts(brief)) + "</p>"


def _rated(brief: MonthInBrief) -> int:
    return len(brief.red) + brief.amber + brief.green


def _change_row(change: RatingChange) -> str:
    before, now = _chip(_LOOKS[change.before]), _chip(_LOOKS[change.now])
    return f"<tr><td>{escape(_capital(change.indicator))}</td>{before}<td>to</td>{now}</tr>"


def _chip(look: RatingLook) -> str:
    return f'<td style="background:{look.fill};color:{look.ink}">{look.text}</td>'


def _section(title: str, points: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(point)}</li>" for point in points)
    return f"<h3>{title}</h3><ul>{items}</ul>" if items else ""


def _red_names(names: Sequence[str]) -> list[str]:
    shown = [_capital(name) for name in names[:_NAMED]]
    more = len(names) - len(shown)
    return [*shown, f"and {more} more: see the Summary sheet"] if more else shown


def _ratings(brief: MonthInBrief) -> str:
    if not _rated(brief):
        return "No indicator has both a figure and a target, so nothing is rated"
    red, of_all = len(brief.red), counted(_rated(brief), "rated indicator")
    return (
        f"{red} of {of_all} {'is' if red == 1 else 'are'} red ({brief.red_before} a month before), "
        f"{brief.amber} amber, {brief.green} green"
    )


def _facts(brief: MonthInBrief) -> Iterator[str]:
    """Yield the numbers that are no ratings, without a full stop."""
    if _rated(brief):
        yield f"{counted(len(brief.changes), 'rating')} changed since the month before"
    if brief.revised:
        differ = "differs" if brief.revised == 1 else "differ"
        figures = counted(brief.revised, "published figure")
        yield f"{figures} {differ} from today's data: see Revisions"
    else:
        yield "No published figure was revised"
    of_all = counted(brief.indicators, "indicator")
    has = "has" if brief.benchmarked == 1 else "have"
    yield f"{brief.benchmarked} of {of_all} {has} a benchmark"
    if brief.blank:
        are = "is" if brief.blank == 1 else "are"
        yield f"{brief.blank} of {of_all} {are} blank: see Notes"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
