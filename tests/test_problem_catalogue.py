from __future__ import annotations

import re

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.problem_catalogue import ALL_KINDS
from workbook_builder.problems import ProblemKind


def test_every_kind_is_listed_once_with_plain_advice() -> None:
    defined = {name for name, value in vars(catalogue).items() if isinstance(value, ProblemKind)}
    codes = [kind.code for kind in ALL_KINDS]
    assert len(codes) == len(set(codes)) == len(defined)
    assert all(re.fullmatch(r"[A-Z]\d{3}", code) for code in codes)
    for kind in ALL_KINDS:
        assert not re.search(r"DataFrame|None|dtype|null", kind.title + kind.advice)
        assert kind.advice.endswith(".")
