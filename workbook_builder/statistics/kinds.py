"""The kinds of problem that published statistics can have."""

from workbook_builder.problems import Kind, Level

# fmt: off
COLUMN_MISSING = Kind("S001", Level.WARNING, "A file of statistics lacks a column",
                      "Download the file again, or correct the heading in layouts/statistics.")
UNKNOWN_STATISTIC = Kind("S002", Level.WARNING, "A file of statistics is of no known kind",
                         "Take it out, or describe it in layouts/statistics.")
NO_SUCH_ROWS = Kind("S003", Level.WARNING, "A file of statistics lacks the rows looked for",
                    "Download the file again with these rows, or correct layouts/statistics.")
NOT_A_NUMBER = Kind("S004", Level.WARNING, "A published figure is no number",
                    "Download the file again; do not edit it.")
YEAR_UNREADABLE = Kind("S005", Level.WARNING, "A published year cannot be read",
                       "Write years as 2022, 202122 or 2021/22.")
ROWS_CONTRADICT = Kind("S006", Level.WARNING, "Rows of a file of statistics contradict one another",
                       "Say in layouts/statistics which rows are meant, with where.")
NO_VINTAGE = Kind("S007", Level.WARNING, "The vintage of a file of neighbours is not clear",
                  'Put the year into the file\'s name, or name the file under [neighbours] in '
                  'benchmarks.toml.')
NO_NEIGHBOURS = Kind("S008", Level.WARNING, "The statistical neighbours are not known",
                     "Add the file of statistical neighbours of that year.")
NO_AUTHORITY = Kind("S009", Level.WARNING, "It is not clear which authority this is",
                    'Say so in the layout, as authority = "852".')
YEAR_NOT_THERE = Kind("S010", Level.WARNING, "A file of statistics lacks the year shown",
                      "Add a release that has it, or change the period in benchmarks.toml.")
BENCHMARK_DIFFERS = Kind("S011", Level.NOTE, "A benchmark differs from the published file",
                         "Nothing to do if the file is meant; else take the file out.")
POPULATION_DIFFERS = Kind("S012", Level.NOTE, "A population differs from the published file",
                          "Take the estimate out of the population extract if it is out of date.")
NEIGHBOURS_BLANK = Kind("S013", Level.NOTE, "Some statistical neighbours have no published figure",
                        "Nothing to do; the notes say how many there are.")
NOT_A_STATISTIC = Kind("S014", Level.WARNING, "A file kept with the statistics is none",
                       "Move it out of the statistics folder; drop extracts on the program.")
FILES_CONTRADICT = Kind("S015", Level.WARNING, "Two files of statistics contradict one another",
                        "Take one of the files out.")
NO_FIGURE = Kind("S016", Level.NOTE, "A figure is not published",
                 "Nothing to do, unless another release has it.")
TOO_LARGE = Kind("S017", Level.WARNING, "A published percentage is more than the whole",
                 "Correct the scale in layouts/statistics: 0.01 where 22.6 means 22.6 %.")

ALL = (
    COLUMN_MISSING, UNKNOWN_STATISTIC, NO_SUCH_ROWS, NOT_A_NUMBER, YEAR_UNREADABLE, ROWS_CONTRADICT,
    NO_VINTAGE, NO_NEIGHBOURS, NO_AUTHORITY, YEAR_NOT_THERE, BENCHMARK_DIFFERS, POPULATION_DIFFERS,
    NEIGHBOURS_BLANK, NOT_A_STATISTIC, FILES_CONTRADICT, NO_FIGURE, TOO_LARGE,
)
# fmt: on
