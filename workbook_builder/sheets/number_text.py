"""The text that Excel shows of a cell, for what shows the plan without Excel."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from workbook_builder.sheets.plan import Content, Empty, Formula, Link, Number, Text

#: What a section of a number format is made of: a quoted text, the digits, or a single character.
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|(?P<digits>[#0][#0,]*(?:\.0+)?)(?P<percent>%)?|(?P<mark>.)'
)
_SECTIONS = re.compile(r'((?:"[^"]*"|[^";])*)(?:;|$)')
#: Excel works with fifteen digits: the binary fraction beyond them is noise.
_DIGITS = 15
#: Digits of a number without a format.
_GENERAL = 11


def content_text(content: Content, number_format: str) -> str:
    """Return what Excel shows of a cell; a formula shows the value that it has."""
    match content:
        case Text(text) | Link(text, _):
            return text
        case Number(value):
            return number_text(value, number_format)
        case Formula(_, value):
            return value if isinstance(value, str) else number_text(value, number_format)
        case Empty():
            return ""


def number_text(value: float, number_format: str) -> str:
    """Write a number in one of the formats of the plan: 0.949 as "0.0%" is "94.9%".

    A format has up to three sections, for numbers above, below and equal to nought.
    """
    if not number_format:
        return f"{value:.{_GENERAL}g}"
    sections = _sections(number_format)
    if len(sections) > 1 and value < 0:
        return _in_section(-value, sections[1])
    if len(sections) > 2 and value == 0:
        return _in_section(value, sections[2])
    text = _in_section(abs(value), sections[0])
    is_nought = not re.search("[1-9]", text)
    return text if value >= 0 or is_nought else f"-{text}"


@lru_cache(maxsize=256)
def _sections(number_format: str) -> tuple[str, ...]:
    found = [match.group(1) for match in _SECTIONS.finditer(number_format)]
    return tuple(found[:-1]) if len(found) > 1 and not found[-1] else tuple(found)


def _in_section(value: float, section: str) -> str:
    texts: list[str] = []
    for part in _PART.finditer(section):
        if part["digits"] is None:
            texts.append(part["mark"] if part["quoted"] is None else part["quoted"])
            continue
        exact = Decimal(f"{value:.{_DIGITS}g}") * (100 if part["percent"] else 1)
        decimals = len(part["digits"].partition(".")[2])
        rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        grouping = "," if "," in part["digits"] else ""
        texts.append(f"{rounded:{grouping}.{decimals}f}{part['percent'] or ''}")
    return "".join(texts)
