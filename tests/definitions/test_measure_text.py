"""How a measure is counted, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.measure_text import how_counted, polarity_word
from workbook_builder.definitions.measures import KINDS

SHIPPED = Path(__file__).parents[2] / "layouts"
MEASURES = """
[counted]
title = "Counted"
count_of = "contacts"
during = "contact_date"
among = "team = 'MASH'"
where = "contact_outcome = 'NFA'"

[rolling]
title = "Rolling"
count_of = "contacts"
during = "contact_date"
over = "12 months"

[held]
title = "Held"
count_of = "population"
latest = true

[children]
title = "Children"
children_of = "children_in_care"
open = ["care_start_date", "care_end_date"]
better = "lower"

[percentage]
title = "Percentage"
percentage_of = "contacts"
during = "contact_date"
where = "team = 'MASH'"
better = "higher"

[average]
title = "Average"
average_of = "contacts"
during = "contact_date"
value = "days_between(contact_date, month_end)"

[either]
title = "Either"
children_in_any_of = ["children", "children_in_need"]

[rate]
title = "Rate"
rate_of = "counted"
per = 10_000
population = "children_0_17"

[share]
title = "Share"
share_of = "rolling"
part = "counted"

[added]
title = "Added"
sum_of = ["counted", "rolling"]
minus = ["held"]
"""


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Definitions:
    folder = tmp_path_factory.mktemp("layouts")
    (folder / "measures").mkdir()
    (folder / "measures" / "mine.toml").write_text(MEASURES, encoding="utf-8")
    loaded = load_definitions([SHIPPED, folder])
    assert loaded.problems == ()
    return loaded.value


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("counted", "Counts the records of Contacts whose Contact Date is in the month, where "
                    "team = 'MASH' and \"Contact Outcome\" = 'NFA'."),
        ("rolling", "Counts the records of Contacts whose Contact Date is in the 12 months that "
                    "end with it."),
        ("held", "Counts the records of Population in the extract, for the reporting month."),
        ("children", "Counts the children in the records of Children in care that are open at the "
                     "end of the month (Care Start Date by then, and no Care End Date by "
                     "then); each child counts once."),
        ("percentage", "Denominator: the records of Contacts whose Contact Date is in the "
                       "month. Numerator: those where team = 'MASH'."),
        ("average", "The mean of days_between(\"Contact Date\", month_end) over the records of "
                    "Contacts whose Contact Date is in the month."),
        ("either", 'Counts the children in any of these: "Children"; "Number of children with '
                   'Child in Need Plan". Each child counts once.'),
        ("rate", '"Counted", divided by the population (children aged 0 to 17: the latest mid-year '
                 "estimate, 30 June, at the end of the month), times 10,000."),
        ("share", '"Counted", as a percentage of "Rolling".'),
        ("added", '"Counted" + "Rolling" - "Held".'),
    ],
)  # fmt: skip
def test_the_words_of_each_kind(name: str, words: str, definitions: Definitions) -> None:
    assert how_counted(definitions.measures[name], definitions) == words


def test_every_kind_has_words_here_and_every_measure_can_be_put_in_words(
    definitions: Definitions,
) -> None:
    assert {measure.own_key for measure in definitions.measures.values()} == set(KINDS)
    for measure in definitions.measures.values():
        assert how_counted(measure, definitions).endswith(".")


def test_the_words_of_the_polarity(definitions: Definitions) -> None:
    assert polarity_word(definitions.measures["percentage"].better) == "Higher"
    assert polarity_word(definitions.measures["children"].better) == "Lower"
    assert polarity_word(definitions.measures["counted"].better) == "Not judged"
