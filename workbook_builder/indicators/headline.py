"""One plain sentence on an indicator: where it went, its target, and whether it was ever so high.

"Core groups in time fell to 65%, target 95%: lowest of 13 months". Slides have such a sentence as
their headline. It has no full stop; whoever writes several adds one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_builder.figures import REASONS, Status
from workbook_builder.indicators.rating import RED, rag
from workbook_builder.indicators.rounding import decimals_shown, value_text
from workbook_builder.indicators.rows import Indicator, Shown

#: Of fewer values nobody says that one is the highest.
_FEWEST_VALUES = 4
#: "Highest since" is said when at least so many values before this one are lower.
_FEWEST_SINCE = 6
#: So many rises one after the other are worth a word; after more it is the highest since long ago.
_ORDINALS = {3: "third", 4: "fourth", 5: "fifth"}

_SIGN_WORDS = {"": "", "<": "under ", "<=": "at most ", ">": "over ", ">=": "at least "}


def headline(indicator: Indicator) -> str:
    """Return one sentence on the latest figure of an indicator, in the words of its short name.

    Values are as they are printed in the tables. A blank figure and one that is hidden because it
    is about few people are said to be so, with the reason; no number is given away.
    """
    name = _capital(indicator.name)
    if not indicator.months:
        return f"{name}: no figures"
    position = indicator.compared.current
    current = indicator.value_at(position)
    if position is None or current is None:
        shown = indicator.months[-1 if position is None else position]
        return f"{name}: {_blank(shown)}"
    reporting = position == len(indicator.months) - 1
    month = "" if reporting else f" in {indicator.months[position].month.label}"
    value = value_text(current, indicator.unit, indicator.decimals)
    return f"{name} {_movement(indicator)} {value}{month}{_target(indicator)}{_remark(indicator)}"


def missed_by(indicator: Indicator) -> float | None:
    """Return by which share of its target an indicator misses it; below 0 it does better.

    None where there is no figure, no target or no polarity, or where the target is 0.
    """
    value = indicator.value_at(indicator.compared.current)
    target = indicator.target.number if indicator.target else None
    if value is None or not target or indicator.better is None:
        return None
    short_of = target - value if indicator.better == "higher" else value - target
    return short_of / abs(target)


def most_telling(indicators: Sequence[Indicator]) -> Indicator:
    """Return the indicator of which a headline tells most; of equals the first.

    The red one that misses its target by the largest share; without one, what is highest or lowest
    of all its months; without one, the largest change on the month before.
    """

    def weight(indicator: Indicator) -> tuple[bool, float, bool, float]:
        value = indicator.value_at(indicator.compared.current)
        target = indicator.target.number if indicator.target else None
        is_red = rag(value, target, indicator.better, indicator.tolerance) == RED
        gap = missed_by(indicator) or 0.0
        before = indicator.value_at(indicator.compared.previous)
        change = abs(value / before - 1) if value is not None and before else 0.0
        return is_red, gap if is_red else 0.0, bool(_extreme(_known(indicator))), change

    return max(indicators, key=weight)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _blank(shown: Shown) -> str:
    month = shown.month.label
    if shown.reason == REASONS[Status.SUPPRESSED]:
        return f"not shown for {month}, because it is a small number or would reveal one"
    reason = shown.reason.rstrip(".")
    return f"no figure for {month}" + (f" ({_lower(reason)})" if reason else "")


def _lower(text: str) -> str:
    """Return a sentence with a small first letter, unless it begins with an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _movement(indicator: Indicator) -> str:
    if indicator.trend is None:
        return "at"
    if indicator.trend == 0:
        return "stayed at"
    return "rose to" if indicator.trend > 0 else "fell to"


def _target(indicator: Indicator) -> str:
    entry = indicator.target
    if entry is None or entry.number is None:
        return ""
    decimals = decimals_shown(entry.number, indicator.unit, indicator.decimals)
    text = value_text(entry.number, indicator.unit, decimals)
    return f", target {_SIGN_WORDS[entry.sign]}{text}"


def _remark(indicator: Indicator) -> str:
    """Return what is remarkable about the latest value among those before it, after a colon."""
    known = _known(indicator)
    return next((f": {remark}" for remark in _remarks(indicator, known) if remark), "")


def _known(indicator: Indicator) -> list[Shown]:
    """Return the months with a figure, up to the one that is judged."""
    last = indicator.compared.current
    months = indicator.months[: last + 1] if last is not None else ()
    return [shown for shown in months if shown.value is not None]


def _remarks(indicator: Indicator, known: Sequence[Shown]) -> Iterator[str]:
    extreme = _extreme(known)
    if extreme:
        yield f"{extreme} of {_span(indicator, known)}"
    unchanged = _unchanged(indicator)
    if unchanged >= _FEWEST_VALUES:
        yield f"the same for {unchanged} {'quarters' if indicator.quarterly else 'months'}"
    yield from _since(known)
    if not indicator.quarterly:
        yield _run(indicator)


def _span(indicator: Indicator, known: Sequence[Shown]) -> str:
    if indicator.quarterly:
        return f"{len(known)} quarters"
    position = indicator.compared.current
    whole = position is not None and len(known) == position + 1
    return f"{len(known)} months" if whole else f"the {len(known)} months with a figure"


def _extreme(known: Sequence[Shown]) -> str:
    """Return whether the last value is above or below all others, if there are enough of them."""
    values = [shown.value for shown in known if shown.value is not None]
    if len(values) < _FEWEST_VALUES:
        return ""
    *earlier, current = values
    if current > max(earlier):
        return "highest"
    return "lowest" if current < min(earlier) else ""


def _since(known: Sequence[Shown]) -> Iterator[str]:
    """Yield since when no value was so high or so low, if that is long ago."""
    if not known:
        return
    *earlier, last = known
    for word, sign in (("highest", 1), ("lowest", -1)):
        between = 0
        for shown in reversed(earlier):
            if shown.value is None or last.value is None:
                continue
            if (last.value - shown.value) * sign <= 0:
                if between >= _FEWEST_SINCE:
                    yield f"{word} since {shown.month.label}"
                break
            between += 1


def _steps(indicator: Indicator) -> Iterator[int]:
    """Yield the sign of each change from month to month, the latest first, up to a blank."""
    position = indicator.compared.current or 0
    for last in range(position, 0, -1):
        current, before = indicator.value_at(last), indicator.value_at(last - 1)
        if current is None or before is None:
            return
        yield (current > before) - (current < before)


def _unchanged(indicator: Indicator) -> int:
    """Return for how many months the value has been what it is now."""
    if indicator.quarterly:
        values = [shown.value for shown in _known(indicator)]
        return next((count for count, value in enumerate(reversed(values)) if value != values[-1]),
                    len(values))  # fmt: skip
    count = 1
    for step in _steps(indicator):
        if step:
            break
        count += 1
    return count


def _run(indicator: Indicator) -> str:
    """Return how many rises or falls the last one is in a row, if they are many."""
    steps = list(_steps(indicator))
    if not steps or not steps[0]:
        return ""
    count = next((n for n, step in enumerate(steps) if step != steps[0]), len(steps))
    if count not in _ORDINALS:
        return ""
    return f"{_ORDINALS[count]} {'rise' if steps[0] > 0 else 'fall'} in a row"
