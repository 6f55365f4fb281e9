from __future__ import annotations

import re

from workbook_builder.extracts import kinds
from workbook_builder.problems import Kind


def test_all_kinds_are_listed_once_with_plain_advice() -> None:
    defined = {name for name, value in vars(kinds).items() if isinstance(value, Kind)}
    codes = [kind.code for kind in kinds.ALL]
    assert len(codes) == len(set(codes)) == len(defined)
    assert all(re.fullmatch(r"X\d{3}", code) for code in codes)
    for kind in kinds.ALL:
        assert not re.search(r"DataFrame|None|dtype|null", kind.title + kind.advice)
        assert kind.advice.endswith(".")
