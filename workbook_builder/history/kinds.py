"""The kinds of problem that last month's workbook can have."""

from workbook_builder.problems import Kind, Level

# fmt: off
UNREADABLE = Kind("H001", Level.ERROR, "Last month's workbook cannot be read",
                  "Open it in Excel, let Excel repair it and save it as an Excel Workbook (.xlsx), "
                  "or build without it.")
NEWER = Kind("H002", Level.ERROR, "Last month's workbook is from a newer version of the program",
             "Use the version that wrote it, or a newer one.")
OTHER_AUTHORITY = Kind("H003", Level.ERROR, "Last month's workbook is of another council",
                       "Give your own council's workbook; if it is, correct the property "
                       "Authority in it under File, Info, Properties.")
NO_FIGURES = Kind("H004", Level.ERROR, "A workbook holds no published figures",
                  "Give a workbook that this program wrote, with its table t_figures.")
NOT_THE_NEWEST = Kind("H005", Level.WARNING, "More than one of last month's workbooks was given",
                      "Nothing to do, if the newest is meant; otherwise leave the others out.")
LATER = Kind("H006", Level.WARNING, "The workbook given as last month's is of a later month",
             "Nothing to do, if an earlier month is meant to be built again; its later figures "
             "stay in that workbook.")
UNKNOWN_MEASURE = Kind("H007", Level.WARNING, "A published measure is not known any more",
                       "If it was renamed, give the measure its earlier name, as "
                       'formerly = ["old_name"].')
NO_NUMBER = Kind("H008", Level.WARNING, "A published figure is not a number",
                 "Correct the cell in last month's workbook, if another figure is meant.")
TWICE = Kind("H009", Level.WARNING, "A published figure stands twice",
             "Delete the row that is wrong in last month's workbook.")
TWO_TABLES = Kind("H010", Level.WARNING, "Two tables bear the same name",
                  "Delete or rename the table that is not meant.")
BAD_ROW = Kind("H011", Level.WARNING, "A row of published figures cannot be placed",
               "Give the row a measure's key and a month, as 2023-07.")
TYPED = Kind("H012", Level.NOTE, "Published figures were typed by hand",
             "Nothing to do; they are shown as typed on the Revisions sheet.")
FILLED = Kind("H013", Level.NOTE, "Months that were blank are filled now", "Nothing to do.")
NO_TABLE = Kind("H014", Level.WARNING, "Published figures are not a table any more",
                "Nothing to do; the new workbook has the table again.")
REVISED = Kind("H015", Level.WARNING, "Today's extracts give other figures than those published",
               "See the Revisions sheet; to take today's figures, recalculate.")
CLEARED = Kind("H016", Level.WARNING, "Published figures were taken out by hand",
               "Nothing to do, if they were meant to go; see the Revisions sheet.")
OTHER_AUTHOR = Kind("H017", Level.WARNING, "Last month's workbook names another author",
                    "Make sure that it is your own council's workbook.")
NO_HEADING = Kind("H018", Level.ERROR, "A table of last month's workbook lacks a column",
                  "Give the column its heading again and save the workbook.")
WORDS_WITHOUT_ROW = Kind("H019", Level.WARNING, "Commentary has no row any more",
                         "Read it on the Commentary sheet, and move or delete it there.")
REPLACED = Kind("H020", Level.WARNING, "Published figures were replaced",
                "Nothing to do; the Revisions sheet shows what was published.")
LATER_FIGURES = Kind("H021", Level.NOTE, "Figures of later months are left out",
                     "Nothing to do; they stay in the workbook that was given.")
NO_MEMORY = Kind("H022", Level.NOTE, "It cannot be told what was typed by hand",
                 "Nothing to do; do not delete the hidden sheet As written next time.")
KEPT_VALUES = Kind("H023", Level.NOTE, "Targets of the workbook go before the layouts'",
                   "Nothing to do; to follow the layouts again, empty the cell on the Targets "
                   "or Benchmarks sheet.")
BAD_VALUE = Kind("H024", Level.WARNING, "A target or benchmark of the workbook cannot be used",
                 "Give a known measure, the year as 2023-24 or a day, and a number (percentages "
                 "as 95%) or a word such as TBC.")
KEPT_PUBLISHED = Kind("H025", Level.NOTE, "Published figures come from the workbook that is "
                      "replaced", "Nothing to do; or give last month's workbook as well.")
# fmt: on

ALL = (
    UNREADABLE, NEWER, OTHER_AUTHORITY, NO_FIGURES, NOT_THE_NEWEST, LATER, UNKNOWN_MEASURE,
    NO_NUMBER, TWICE, TWO_TABLES, BAD_ROW, TYPED, FILLED, NO_TABLE, REVISED, CLEARED,
    OTHER_AUTHOR, NO_HEADING, WORDS_WITHOUT_ROW, REPLACED, LATER_FIGURES, NO_MEMORY,
    KEPT_VALUES, BAD_VALUE, KEPT_PUBLISHED,
)  # fmt: skip
