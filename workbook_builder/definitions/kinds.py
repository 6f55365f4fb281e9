"""The kinds of fault that TOML definitions can have."""

from workbook_builder.problems import Kind, Level

NOT_TOML = Kind("L001", Level.ERROR, "The file is not valid TOML",
                "Correct the line; texts stand in quotes and lists in [ ].")  # fmt: skip
UNKNOWN_KEY = Kind("L002", Level.ERROR, "A key is not known",
                   "Correct its spelling or take the line out.")  # fmt: skip
MISSING_KEY = Kind("L003", Level.ERROR, "A key is missing", "Add it.")
WRONG_VALUE = Kind("L004", Level.ERROR, "A value is not of the right kind", "Correct the value.")
UNKNOWN_MEASURE = Kind("L005", Level.ERROR, "A measure is not known",
                       "Correct the name, or define the measure in layouts/measures.")  # fmt: skip
UNKNOWN_DATASET = Kind("L006", Level.ERROR, "A dataset is not known",
                       "Correct the name, or define the dataset in layouts/datasets.")  # fmt: skip
UNKNOWN_COLUMN = Kind("L007", Level.ERROR, "A column is not known",
                      "Correct the name, or add the column to its dataset.")  # fmt: skip
UNKNOWN_FUNCTION = Kind("L008", Level.ERROR, "A function is not known",
                        "Use one of the functions listed in the reference.")  # fmt: skip
DUPLICATE_NAME = Kind(
    "L009", Level.ERROR, "A name stands twice", "Rename or remove one of the two."
)
CIRCLE = Kind("L010", Level.ERROR, "Measures are derived from one another in a circle",
              "Change one of them so that it no longer needs the others.")  # fmt: skip
NOT_AN_EXPRESSION = Kind("L011", Level.ERROR, "The SQL is not a single expression",
                         "Write one condition or value, as in: end_date > start_date.")  # fmt: skip
NOT_ALLOWED = Kind("L012", Level.ERROR, "The SQL reaches for something that measures may not use",
                   "Use columns of datasets, month_start, month_end and the listed "
                   "functions.")  # fmt: skip
NO_CLOCK = Kind("L013", Level.ERROR, "A measure's clock is not clear",
                "Give one of: during, open, latest.")  # fmt: skip
UNKNOWN_COMPARATOR = Kind("L014", Level.ERROR, "A comparator is not known",
                          "Correct the name, or define it under [comparators].")  # fmt: skip
NEEDS_COLUMN = Kind("L015", Level.ERROR, "A table column needs another one",
                    "Add the column that it is worked out from.")  # fmt: skip
SQL_DOES_NOT_FIT = Kind("L016", Level.ERROR, "The SQL does not fit the types of its columns",
                        "Compare texts with texts, days with days, numbers with "
                        "numbers.")  # fmt: skip
NOT_CHILDREN = Kind("L017", Level.ERROR, "A measure does not count children",
                    "Put together only measures of the kind children_of.")  # fmt: skip
NO_FOLDER = Kind("L018", Level.ERROR, "The layouts folder cannot be read",
                 "Check that the folder exists and that you may read it.")  # fmt: skip
UNKNOWN_PARAMETER = Kind("L019", Level.ERROR, "A parameter is not known",
                         "Correct the name, or define it in parameters.toml.")  # fmt: skip
UNKNOWN_CODES = Kind("L020", Level.ERROR, "A code list is not known",
                     "Correct the name, or define the list in layouts/codes.")  # fmt: skip
CANNOT_EXTEND = Kind("L021", Level.ERROR, "A layout cannot be extended",
                     "Name a layout that is known and does not extend this one.")  # fmt: skip
UNKNOWN_THEME = Kind("L022", Level.ERROR, "A theme is not known",
                     "Correct the name, or define the theme in themes.toml.")  # fmt: skip
NO_LOGO = Kind("L023", Level.WARNING, "The logo cannot be used",
               "Put a PNG picture of that name beside the file that defines the "
               "theme.")  # fmt: skip
UNKNOWN_TEAM = Kind("L041", Level.ERROR, "A team is not known",
                    "Correct the name, or add the team to teams.toml.")  # fmt: skip
UNKNOWN_PANEL = Kind("L042", Level.ERROR, "The grid and the panels of a slide do not fit",
                     "Name each panel in the grid, and define each name under panels.")  # fmt: skip
NOT_A_LAYOUT = Kind("L043", Level.ERROR, "The file is not a layout",
                    "Choose a layout's TOML file: it has a title and [[tables]], or extends "
                    "another layout.")  # fmt: skip

ALL = (
    NOT_TOML, UNKNOWN_KEY, MISSING_KEY, WRONG_VALUE, UNKNOWN_MEASURE, UNKNOWN_DATASET,
    UNKNOWN_COLUMN, UNKNOWN_FUNCTION, DUPLICATE_NAME, CIRCLE, NOT_AN_EXPRESSION, NOT_ALLOWED,
    NO_CLOCK, UNKNOWN_COMPARATOR, NEEDS_COLUMN, SQL_DOES_NOT_FIT, NOT_CHILDREN, NO_FOLDER,
    UNKNOWN_PARAMETER, UNKNOWN_CODES, CANNOT_EXTEND, UNKNOWN_THEME, NO_LOGO,
    UNKNOWN_TEAM, UNKNOWN_PANEL, NOT_A_LAYOUT,
)  # fmt: skip
