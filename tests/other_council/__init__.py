"""Another council, invented for the tests; it shares no code with the sample's or the program.

    python -m tests.other_council --seeds 20 --form lists annex_a ssda903 --variant clean open_only

writes a council's lists to a folder, builds a workbook of them with the command line, and holds
every figure of the whole service against a count in plain pandas.

| module | what it does |
|---|---|
| `calendar` | months, ages, working days |
| `records` | what may happen to a child, one frozen record each |
| `children`, `care` | draw a council from a seed: small (some 45 in care, 60 plans) or medium |
| `lists` | what was known on a day; plain lists; what "reach" of a list means |
| `annex_a`, `ssda903` | the same council as Ofsted's lists and as returns of three years |
| `variants` | what may be the matter with a delivery |
| `counting`, `expected` | every figure, with three answers: yes, no, not known |
| `writing` | CSV files and workbooks with the time stamps of their day |

When a figure is unknown (`expected.Unknown`): a list that it needs is not there, lacks a column, or
does not reach over the days asked about; or more than one in twenty of the records asked about
cannot be judged. Up to one in twenty, any value between what is known and what may be is right,
and so is a blank. Some figures may be blank though they follow from the lists
(`Figure.may_be_blank`): those of a list that may rightly be distrusted (American dates, an end
under an unknown heading, today's children only) and those that a return only tells by an
inference of which no definition speaks.
"""
