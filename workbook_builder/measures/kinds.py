"""The kinds of problem that computing figures can meet."""

from workbook_builder.problems import Kind, Level

_STATE_IT = (
    'If the extract is complete, say so in a line above its headings, as "Period: 01/07/2022 to '
    '31/07/2023"; otherwise run it again for the missing months.'
)

NO_EXTRACT = Kind("M001", Level.WARNING, "An extract is missing",
                  "Add the extract, or its figures as a list of finished figures.")  # fmt: skip
NOT_COVERED = Kind("M002", Level.WARNING, "An extract does not reach a month", _STATE_IT)
UNFINISHED = Kind("M003", Level.WARNING, "An extract holds only part of a month", _STATE_IT)
NO_RECORDS = Kind("M004", Level.WARNING, "A month without any record", _STATE_IT)
NO_POPULATION = Kind("M005", Level.WARNING, "A population estimate is missing",
                     "Add the mid-year estimates to the population file.")  # fmt: skip
NO_DENOMINATOR = Kind("M006", Level.NOTE, "There is nothing to take a percentage of",
                      "Nothing needs doing if that is so.")  # fmt: skip
NOT_COMPUTED = Kind("M007", Level.WARNING, "A calculation gave no number",
                    "Check the measure's SQL, for example for a division by zero.")  # fmt: skip
ONE_MONTH_ONLY = Kind("M008", Level.WARNING, "An extract shows one month only",
                      "For the months before, add an extract that also holds ended records, or "
                      "last month's figures.")  # fmt: skip
UNKNOWN_FIGURE = Kind("M009", Level.WARNING, "A finished figure cannot be placed",
                      "Use a measure's key, or a reference that only one measure has.")  # fmt: skip
FIGURE_DIFFERS = Kind("M010", Level.WARNING, "A finished figure differs from the records",
                      "Take the figure out of the list, or the extract out of the folder, "
                      "whichever is wrong.")  # fmt: skip
NO_MONTH = Kind("M011", Level.ERROR, "The reporting month is not clear",
                "Say which month is meant.")  # fmt: skip
FIGURE_UNREADABLE = Kind("M012", Level.WARNING, "A finished figure has no usable value",
                         "Give a value (percentages as 95%), or numerator and "
                         "denominator.")  # fmt: skip
_ADD_IT = "Add the column to the report, or its heading to the column's aliases."
NO_COLUMN = Kind("M013", Level.WARNING, "An extract lacks a column that figures need", _ADD_IT)
NOT_EXCLUDED = Kind("M014", Level.WARNING, "Records could not be left out", _ADD_IT)
UNKNOWN_COMMENT = Kind("M015", Level.WARNING, "A commentary cannot be placed",
                       "Use a measure's key, or the reference or title of one indicator of the "
                       "layout.")  # fmt: skip
EXHAUSTED = Kind("M016", Level.ERROR, "A measure cannot be counted within bounds",
                 "Give fewer records, or simplify the measure's SQL: a sub-select inside another "
                 "looks at all records for each record of the one around it.")  # fmt: skip
NO_CASELOADS = Kind("M031", Level.WARNING, "A caseload sheet has nothing to show",
                    "Add a caseload list of the month, or allocation records that reach its "
                    "end.")  # fmt: skip
CASELOADS_HIDDEN = Kind("M032", Level.NOTE, "Caseloads are hidden with the small numbers",
                        "Nothing needs doing. To show caseloads, build a workbook that hides no "
                        "small numbers.")  # fmt: skip
TOO_MANY = Kind("M033", Level.ERROR, "A list holds more than a workbook does",
                "See whether it is the right file, or give fewer records.")  # fmt: skip

ALL = (
    NO_EXTRACT, NOT_COVERED, UNFINISHED, NO_RECORDS, NO_POPULATION, NO_DENOMINATOR, NOT_COMPUTED,
    ONE_MONTH_ONLY, UNKNOWN_FIGURE, FIGURE_DIFFERS, NO_MONTH, FIGURE_UNREADABLE,
    NO_COLUMN, NOT_EXCLUDED, UNKNOWN_COMMENT, EXHAUSTED, NO_CASELOADS,
    CASELOADS_HIDDEN, TOO_MANY,
)  # fmt: skip
