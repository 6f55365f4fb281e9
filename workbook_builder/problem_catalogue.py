"""Every kind of problem the program can report: its code, level, title and advice."""

from __future__ import annotations

from workbook_builder.problems import Level, ProblemKind

# fmt: off


# L: definitions in TOML
NOT_TOML = ProblemKind("L001", Level.ERROR, "The file is not valid TOML",
    "Correct the line: put text in quotes and lists in [ ].")
UNKNOWN_KEY = ProblemKind("L002", Level.ERROR, "A key is not known",
    "Correct its spelling or take the line out.")
MISSING_KEY = ProblemKind("L003", Level.ERROR, "A key is missing",
    "Add it.")
WRONG_VALUE = ProblemKind("L004", Level.ERROR, "A value is not of the right kind",
    "Correct the value.")
UNKNOWN_MEASURE = ProblemKind("L005", Level.ERROR, "A measure is not known",
    "Correct the name, or define the measure in your own layouts/measures.")
UNKNOWN_DATASET = ProblemKind("L006", Level.ERROR, "A dataset is not known",
    "Correct the name, or define the dataset in your own layouts/datasets.")
UNKNOWN_COLUMN = ProblemKind("L007", Level.ERROR, "A column is not known",
    "Correct the name, or add the column to its dataset.")
UNKNOWN_FUNCTION = ProblemKind("L008", Level.ERROR, "A function is not known",
    "Use one of the functions listed in the reference.")
DUPLICATE_NAME = ProblemKind("L009", Level.ERROR, "A name is used twice",
    "Rename or remove one of the two.")
CIRCLE = ProblemKind("L010", Level.ERROR, "Measures are derived from one another in a circle",
    "Change one of them so that it no longer needs the others.")
NOT_AN_EXPRESSION = ProblemKind("L011", Level.ERROR, "The SQL is not a single expression",
    "Write one condition or value, as in: end_date > start_date.")
NOT_ALLOWED = ProblemKind("L012", Level.ERROR,
    "The SQL uses something that measures may not use",
    "Use columns of datasets, month_start, month_end and the listed functions.")
NO_CLOCK = ProblemKind("L013", Level.ERROR, "A measure's clock is not clear",
    "Give one of: during, open, latest.")
UNKNOWN_COMPARATOR = ProblemKind("L014", Level.ERROR, "A comparator is not known",
    "Correct the name, or define it under [comparators].")
NEEDS_COLUMN = ProblemKind("L015", Level.ERROR, "A table column needs another one",
    "Add the column that it is worked out from.")
SQL_DOES_NOT_FIT = ProblemKind("L016", Level.ERROR, "The SQL does not fit the types of its columns",
    "Compare text with text, dates with dates and numbers with numbers.")
NOT_CHILDREN = ProblemKind("L017", Level.ERROR, "A measure does not count children",
    "Combine only measures that use children_of.")
NO_FOLDER = ProblemKind("L018", Level.ERROR, "The layouts folder cannot be read",
    "Check that the folder exists and that you may read it.")
UNKNOWN_PARAMETER = ProblemKind("L019", Level.ERROR, "A parameter is not known",
    "Correct the name, or define it in parameters.toml.")
UNKNOWN_CODES = ProblemKind("L020", Level.ERROR, "A code list is not known",
    "Correct the name, or define the list in your own layouts/codes.")
CANNOT_EXTEND = ProblemKind("L021", Level.ERROR, "A layout cannot be extended",
    "Name a layout that is known and does not extend this one.")
UNKNOWN_THEME = ProblemKind("L022", Level.ERROR, "A theme is not known",
    "Correct the name, or define the theme in themes.toml.")
NO_LOGO = ProblemKind("L023", Level.WARNING, "The logo cannot be used",
    "Put a PNG picture of that name in the same folder as the file that names it.")
UNKNOWN_TEAM = ProblemKind("L041", Level.ERROR, "A team is not known",
    "Correct the name, or add the team to teams.toml.")
UNKNOWN_PANEL = ProblemKind("L042", Level.ERROR, "The grid and the panels of a slide do not fit",
    "Name each panel in the grid, and define each name under panels.")
NOT_A_LAYOUT = ProblemKind("L043", Level.ERROR, "The file is not a layout",
    "Choose a layout's TOML file: it has a title and [[tables]], or extends another layout.")
UNKNOWN_AUTHORITY = ProblemKind("L044", Level.WARNING, "An authority is not known",
    "Correct its name or code in council.toml; if it is new, give its region and neighbours there.")
AUTHORITY_ENDED = ProblemKind("L045", Level.WARNING, "The authority has ended",
    "Name its successor in council.toml, unless you want older figures.")
NO_PROFILE = ProblemKind("L046", Level.WARNING, "There is no council profile",
    "Add a council.toml to the extracts.")
OF_NO_NEED = ProblemKind("L047", Level.WARNING, "One of your definitions has a fault and was "
                                                "ignored",
    "Nothing in this workbook needs it; correct it before something does.")


# X: extracts
NOT_THERE = ProblemKind("X001", Level.ERROR, "A file or folder is missing",
    "Check the name, and that the drive is connected.")
CANNOT_OPEN = ProblemKind("X002", Level.ERROR, "A file or folder cannot be opened",
    "Close it in other programs and check that you may read it.")
EMPTY_FILE = ProblemKind("X003", Level.WARNING, "A file is empty",
    "Run the report again and save it.")
EMPTY_FOLDER = ProblemKind("X004", Level.WARNING, "A folder holds no extracts",
    "Save the extracts in it as CSV or Excel files.")
OTHER_FILE = ProblemKind("X005", Level.NOTE, "A file in a folder is not an extract",
    "Nothing to do, unless it should have been read: then save it as CSV or Excel.")
SUB_FOLDER = ProblemKind("X006", Level.NOTE, "A folder inside a folder is not read",
    "Add that folder separately if it holds extracts.")
WRONG_ENDING = ProblemKind("X007", Level.WARNING, "A file of this type cannot be an extract",
    "Save it as .csv, .txt, .tsv, .xlsx, .xlsm, .xls, .xlsb or .ods, or a return as .xml.")
OTHER_CONTENT = ProblemKind("X008", Level.ERROR, "A file is not an extract",
    "Run the report again and save it as CSV or as an Excel workbook.")
WEB_PAGE = ProblemKind("X009", Level.ERROR, "A file is a web page without a table",
    "Open it to see what it says (often: sign in again), then run the report again; if Excel "
    "shows the list, save it with File, Save As, as Excel Workbook (.xlsx).")
PASSWORD = ProblemKind("X010", Level.ERROR, "A workbook is protected with a password",
    "Open it in Excel, remove the password under File, Info, and save it.")
BROKEN_XML = ProblemKind("X083", Level.ERROR, "An XML file cannot be read",
    "Export the return again from the case management system; do not edit the file.")
READ_AS_XML = ProblemKind("X084", Level.NOTE, "A file is the XML of a return",
    "Nothing to do.")
DAMAGED = ProblemKind("X011", Level.ERROR, "A workbook is damaged",
    "Open it in Excel, let Excel repair it and save it, or run the report again.")
NUL_BYTES = ProblemKind("X012", Level.ERROR, "A text file is damaged: it holds NUL characters",
    "Run the report again; the file was probably cut off while it was saved.")
OPEN_QUOTE = ProblemKind("X013", Level.ERROR,
    "A text file is damaged: a quotation mark is not closed",
    "Correct the quotation mark in that row, or save the report as a workbook.")
SHEET_NOT_USED = ProblemKind("X014", Level.NOTE, "A sheet of a workbook is not an extract",
    "Nothing to do, unless it should have been read: then check its headings.")
NOT_RECOGNISED = ProblemKind("X015", Level.WARNING, "A sheet is not recognised",
    "Check its headings against those the program knows.")
MISSING_COLUMN = ProblemKind("X016", Level.WARNING, "A required column is missing",
    "Add the column to the report, or say which heading it has.")
AMBIGUOUS_SHEET = ProblemKind("X017", Level.ERROR, "A sheet could be two kinds of extract",
    "Give it a heading that only one of them has.")
TWO_HEADINGS_NEEDED = ProblemKind("X018", Level.ERROR,
    "Two headings mean the same required column",
    "Rename the heading that should not be read.")
TWO_HEADINGS = ProblemKind("X019", Level.WARNING, "Two headings mean the same column",
    "Rename the heading that should not be read.")
NO_RECORDS = ProblemKind("X020", Level.WARNING, "A sheet gives no records",
    "Check that the report was run for the right period and holds rows.")
SURPLUS_CELLS = ProblemKind("X021", Level.WARNING, "Rows have more cells than there are headings",
    "Check the rows: text that contains a comma needs quotation marks round it.")
BLANK_CELL = ProblemKind("X022", Level.WARNING, "A required cell is blank",
    "Fill in the cell in the case management system and run the report again.")
UNREADABLE_CELL = ProblemKind("X023", Level.WARNING, "A cell cannot be read",
    "Correct it in the case management system; if many cells are like it, have the report write "
    "them as expected. Run it again.")
SCIENTIFIC_ID = ProblemKind("X024", Level.WARNING, "Excel has cut identifiers short",
    "Run the report again and export the column as text; do not save it in Excel.")
MONTH_FIRST = ProblemKind("X025", Level.WARNING, "Dates seem to have the month first",
    "Run the report with UK dates (31/07/2023): others may be read wrongly.")
TOTAL_ROWS = ProblemKind("X026", Level.NOTE, "A row that is not a record was skipped",
    "Nothing to do, unless the row is a record.")
REPEATED_HEADING = ProblemKind("X027", Level.NOTE, "The headings are repeated among the records",
    "Nothing to do.")
COUNTED_ONCE = ProblemKind("X028", Level.NOTE, "The same record is in the extracts more than once",
    "Nothing to do, if the extracts should overlap.")
SAME_KEY = ProblemKind("X029", Level.WARNING, "Records with the same identifier differ",
    "Check which of them is right in the case management system.")
TOO_WIDE = ProblemKind("X030", Level.ERROR, "A sheet reaches too far",
    "Press Ctrl+End in the sheet, delete the empty rows and columns, and save.")
UNKNOWN_VALUE = ProblemKind("X031", Level.WARNING, "A value is not in its code list",
    "See the Checks sheet, and add the spelling to the code list in your own layouts/codes.")
CODE_OUT_OF_USE = ProblemKind("X032", Level.NOTE, "A code was used outside its years",
    "Check the records; the code was counted all the same.")
STANDARD_LIMITS = ProblemKind("X033", Level.NOTE, "A standard return cannot give everything",
    "Nothing to do, unless you need what is missing: then add a report that has it.")
YEAR_OF_RETURN_NOT_KNOWN = ProblemKind("X087", Level.WARNING,
    "A table of a return does not say its year",
    "Put it in one folder with the other tables of its year, or its year in the file's name.")
OUT_OF_ORDER = ProblemKind("X034", Level.WARNING, "An end date is before its start date",
    "Correct the dates in the case management system and run the report again.")
READ_AS_TABLES = ProblemKind("X035", Level.NOTE,
    "A file is a web page or XML named like a workbook",
    "Nothing to do; Excel opens such a file with a warning, for the same reason.")
TOO_LARGE = ProblemKind("X036", Level.ERROR, "A file is too large",
    "Run the report for fewer months or with fewer columns, or split it into parts.")
HIDDEN = ProblemKind("X037", Level.NOTE, "Hidden rows or a hidden sheet were read",
    "Nothing to do, unless they should not count: then delete them from the extract.")
FROM_1904 = ProblemKind("X038", Level.NOTE, "A workbook counts its days from 1904",
    "Check a few dates against the case management system.")
ERROR_CELL = ProblemKind("X039", Level.WARNING, "A cell holds an Excel error instead of a value",
    "Correct the formula or widen the column in Excel, or export the report afresh.")
NO_RESULT = ProblemKind("X040", Level.WARNING, "A formula was saved without its result",
    "Open the workbook in Excel, let it calculate, and save it.")
CELL_TOO_LONG = ProblemKind("X041", Level.WARNING, "A cell is too long",
    "Look for a missing quotation mark in the file, or shorten the text.")
TWO_HEADING_ROWS = ProblemKind("X042", Level.WARNING, "The headings are split over two rows",
    "Put each heading into one cell of one row, without merged cells.")
BEFORE_BIRTH = ProblemKind("X043", Level.NOTE, "A date is before the child's birth",
    "Check both dates in the case management system; for an unborn child the expected date of "
    "birth is right.")
LOST_ZEROS = ProblemKind("X044", Level.WARNING, "Identifiers have lost their leading zeros",
    "Export the column as text in all reports, and do not save them in Excel first.")
TWO_KINDS_OF_ID = ProblemKind("X045", Level.WARNING,
    "Identifiers look as if they come from two systems",
    "Check that all extracts come from one council and one system.")
OLDER_EXTRACT = ProblemKind("X046", Level.WARNING,
    "An extract is much older than another of its kind",
    "Leave it out if it is last year's. Nothing to do if the report was split by date.")
TWO_COUNCILS = ProblemKind("X047", Level.WARNING, "Extracts name more than one council",
    "Leave out the extracts of other councils, unless children are placed there.")
SHORTCUT = ProblemKind("X048", Level.WARNING, "A shortcut was given instead of a file",
    "Use the file or folder that the shortcut points to.")
CHANGING = ProblemKind("X049", Level.ERROR, "A file changed or disappeared while it was read",
    "Wait until it is saved completely, check the drive, and run again.")
IN_UTC = ProblemKind("X050", Level.NOTE, "Times are given in UTC",
    "Nothing to do; an hour before midnight in summer is the next day in the UK.")
ROWS_ABOVE = ProblemKind("X051", Level.WARNING, "There are records above the headings",
    "Move the headings to the first row.")
ASSIGNED = ProblemKind("X052", Level.NOTE, "A sheet was read as you said",
    "Nothing to do, if you chose the right kind.")
END_TAKEN = ProblemKind("X080", Level.WARNING, "The end date column was found by its dates",
    "Nothing to do if this is the end date; otherwise give the right column a known heading.")
END_NOT_KNOWN = ProblemKind("X081", Level.WARNING, "The end date column is not known",
    "Give the end date column a heading that the program knows.")
PREFIXED_IDS = ProblemKind("X082", Level.WARNING,
    "Identifiers in one list have a prefix",
    "Nothing to do, if they are the same children.")
#: The codes of what is wrong with one file only: the others can be built without it.
UNREADABLE = tuple(kind.code for kind in (
    NOT_THERE, CANNOT_OPEN, OTHER_CONTENT, WEB_PAGE, PASSWORD, BROKEN_XML, DAMAGED, NUL_BYTES,
    OPEN_QUOTE, AMBIGUOUS_SHEET, TWO_HEADINGS_NEEDED, TOO_WIDE, TOO_LARGE, CHANGING,
))
WITHOUT_FILE = ProblemKind("X085", Level.WARNING, "A file was left out as asked",
    "Correct the file and build again with it.")
NOTHING_LEFT_OUT = ProblemKind("X086", Level.ERROR, "A file to leave out is not among the inputs",
    "Use the name or path of one of the inputs.")
SEVERAL_IDS = ProblemKind("X053", Level.WARNING, "A cell holds several identifiers",
    "Run the report with one row for each child.")
DAYS_ALIKE = ProblemKind("X054", Level.WARNING, "All dates fall on the same day of a month",
    "Run the report with the real dates.")
CUT_OFF = ProblemKind("X055", Level.WARNING, "A list says that it was cut off",
    "Export all rows of the report.")
FILTERED = ProblemKind("X056", Level.WARNING, "A list was exported with filters",
    "Check that the filters take out no record, or export the report without them.")
ROUND_NUMBER = ProblemKind("X057", Level.WARNING, "A list may have been cut off",
    "Check that the report gives all rows. If it has more, export them all.")
SEVERAL_TABLES = ProblemKind("X058", Level.NOTE, "A sheet holds several tables",
    "Nothing to do.")
YEAR_MISSING = ProblemKind("X059", Level.WARNING, "The return of a year between is missing",
    "Add the return of that year.")
CANCELLED = ProblemKind("X061", Level.WARNING, "Records are marked as cancelled",
    "If they should not count, take them out of the report.")
OTHER_KIND = ProblemKind("X062", Level.WARNING, "Records are marked as another kind of record",
    "If they should not count, take them out of the report.")
TICK_BOX = ProblemKind("X060", Level.NOTE, "A column of yes and no is a tick box",
    "If blank means not known, record No where that is the answer.")

NO_DAY = ProblemKind("X070", Level.NOTE, "A date was read as blank",
    "Nothing to do, unless the cell should hold a real date.")
NOT_IN_NEXT_RETURN = ProblemKind("X071", Level.WARNING,
    "Open records are missing in the next year's return",
    "Check whether they ended, or have another identifier in the newer return.")
FUTURE_DAYS = ProblemKind("X072", Level.WARNING, "Records are dated in the future",
    "Correct the dates in the case management system and run the report again.")


# M: measures and their figures
_STATE_IT = (
    "Run the report again for these months. If it is complete already, say which period the lists "
    "cover."
)

NO_EXTRACT = ProblemKind("M001", Level.WARNING, "An extract is missing",
    "Add the extract, or its figures as a list of finished figures.")
NOT_COVERED = ProblemKind("M002", Level.WARNING, "An extract does not cover a month",
    _STATE_IT)
UNFINISHED = ProblemKind("M003", Level.WARNING, "An extract holds only part of a month",
    _STATE_IT)
NOTHING_TO_COUNT = ProblemKind("M004", Level.WARNING, "A month has no records",
    _STATE_IT)
NO_POPULATION = ProblemKind("M005", Level.WARNING, "A population estimate is missing",
    "Add the mid-year estimates to the population file.")
NO_DENOMINATOR = ProblemKind("M006", Level.NOTE, "There is nothing to calculate a percentage from",
    "Nothing to do, if there really was nothing to count.")
NOT_COMPUTED = ProblemKind("M007", Level.WARNING, "A calculation gave no number",
    "Check the measure's SQL, for example for a division by zero.")
ONE_MONTH_ONLY = ProblemKind("M008", Level.WARNING, "An extract shows one month only",
    "For earlier months, add an extract that includes closed records, or last month's workbook.")
UNKNOWN_FIGURE = ProblemKind("M009", Level.WARNING, "A finished figure belongs to no known measure",
    "Use a measure's key, or a reference that only one measure has.")
FIGURE_DIFFERS = ProblemKind("M010", Level.WARNING, "A finished figure differs from the records",
    "Remove whichever is wrong: the figure from its list, or the extract.")
NO_MONTH = ProblemKind("M011", Level.ERROR, "The reporting month is not clear",
    "Choose the reporting month.")
FIGURE_UNREADABLE = ProblemKind("M012", Level.WARNING, "A finished figure has no usable value",
    "Give a value (percentages as 95%), or numerator and denominator.")
NO_END_KNOWN = ProblemKind("M045", Level.WARNING, "A list does not show what has ended",
    "Give the end date column a heading that the program knows.")
OTHER_CHILDREN = ProblemKind("M046", Level.WARNING, "Two lists have hardly any children in common",
    "Run both from the same system, with the same identifiers.")
LEFT_CHILDREN_MISSING = ProblemKind("M047", Level.WARNING,
    "A list leaves out children who have since left",
    "Run the report for all children of the months shown, not only for those open today.")
LATEST_ONLY = ProblemKind("M048", Level.WARNING, "A list holds each child's latest record only",
    "Run the report with all records of the months shown.")
_ADD_IT = "Add the column to the report, or its heading to the layouts."
NO_COLUMN = ProblemKind("M013", Level.WARNING, "A column that figures need is missing",
    _ADD_IT)
NOT_EXCLUDED = ProblemKind("M014", Level.WARNING, "Records could not be excluded",
    _ADD_IT)
UNKNOWN_COMMENT = ProblemKind("M015", Level.WARNING, "A comment belongs to no known indicator",
    "Use a measure's key, or the reference or title of one indicator of the layout.")
EXHAUSTED = ProblemKind("M016", Level.ERROR, "A measure takes too long or too much memory",
    "Use fewer records, or simplify the measure's SQL: a sub-select inside another reads all its "
    "records for each record outside it.")
NOT_JUDGED = ProblemKind("M034", Level.WARNING, "Records cannot be judged",
    "Fill in or correct the column in the report, or add spellings to its code list.")
SOME_NOT_JUDGED = ProblemKind("M030", Level.NOTE, "A few records cannot be judged",
    "Fill in the blank cells, where the answer is known.")
LIST_OF_ANOTHER_DAY = ProblemKind("M049", Level.NOTE, "A list is for a day after the month",
    "Nothing to do. For the last day of the month, run the report on that day.")
NO_CASELOADS = ProblemKind("M031", Level.WARNING, "A caseload sheet has nothing to show",
    "Add a caseload list for the month, or allocation records up to its end.")
CASELOADS_HIDDEN = ProblemKind("M032", Level.NOTE, "Caseloads are hidden with the small numbers",
    "Nothing to do. To show caseloads, build a workbook that hides no small numbers.")
STATED_TOO_MUCH = ProblemKind("M035", Level.WARNING,
    "A list ends before the period given for it",
    "Run the list again after the end of the month, or correct the period.")
BEGUN_SINCE = ProblemKind("M050", Level.WARNING, "A list may lack what began earlier",
    "Run the report for all that was open in these months, whenever it began.")
OLDER_LIST = ProblemKind("M036", Level.WARNING, "A list is older than the others",
    "Run all lists on the same day.")
FROM_ANOTHER_LIST = ProblemKind("M037", Level.NOTE, "Figures come from another list",
    "Nothing to do, if that list holds them all.")
TOO_MANY = ProblemKind("M033", Level.ERROR, "A list is too long for a workbook",
    "Check that it is the right file, or use fewer records.")


# S: published statistics
COLUMN_MISSING = ProblemKind("S001", Level.WARNING, "A statistics file has lost a column",
    "Download the file again, or correct the heading in layouts/statistics.")
UNKNOWN_STATISTIC = ProblemKind("S002", Level.WARNING, "A statistics file is not recognised",
    "Remove it, or describe it in layouts/statistics.")
NO_SUCH_ROWS = ProblemKind("S003", Level.WARNING, "A statistics file has none of the rows needed",
    "Download the file again with these rows, or correct layouts/statistics.")
NOT_A_NUMBER = ProblemKind("S004", Level.WARNING, "A published value is not a number",
    "Download the file again; do not edit it.")
YEAR_UNREADABLE = ProblemKind("S005", Level.WARNING, "A published year cannot be read",
    "Write years as 2022, 202122 or 2021/22.")
ROWS_CONTRADICT = ProblemKind("S006", Level.WARNING,
    "Rows of a statistics file contradict each other",
    "Say which rows to use, with where in layouts/statistics.")
NO_VINTAGE = ProblemKind("S007", Level.WARNING, "The year of a neighbours file is not clear",
    "Put the year into the file's name, or name the file under [neighbours] in benchmarks.toml.")
NO_NEIGHBOURS = ProblemKind("S008", Level.WARNING, "The statistical neighbours are not known",
    "Add the file of statistical neighbours of that year.")
NO_AUTHORITY = ProblemKind("S009", Level.WARNING, "It is not clear which authority this is",
    "Add it to council.toml, for example: authority = \"852\".")
YEAR_NOT_THERE = ProblemKind("S010", Level.WARNING, "A statistics file does not have the year "
                                                    "needed",
    "Add a release that has it, or change the period in benchmarks.toml.")
BENCHMARK_DIFFERS = ProblemKind("S011", Level.NOTE, "A benchmark differs from the published file",
    "Nothing to do if the file is right; otherwise remove it.")
POPULATION_KNOWN = ProblemKind("S019", Level.NOTE, "The built-in populations were used",
    "To use others, add a population file, or populations to council.toml.")
POPULATION_DIFFERS = ProblemKind("S012", Level.NOTE, "A population differs from the published file",
    "Remove the estimate from the population extract if it is out of date.")
NEIGHBOURS_BLANK = ProblemKind("S013", Level.NOTE,
    "Some statistical neighbours have no published figure",
    "Nothing to do; the notes say how many there are.")
NOT_A_STATISTIC = ProblemKind("S014", Level.WARNING, "A file in the statistics folder is not "
                                                     "statistics",
    "Move it out of the statistics folder, and drop extracts on the program.")
FILES_CONTRADICT = ProblemKind("S015", Level.WARNING,
    "Two statistics files contradict each other",
    "Remove one of the files.")
NO_FIGURE = ProblemKind("S016", Level.NOTE, "A figure is not published",
    "Nothing to do, unless another release has it.")
STATISTICS_TOO_LARGE = ProblemKind("S017", Level.WARNING,
    "A published percentage is over 100%",
    "Correct the scale in layouts/statistics: 0.01 where 22.6 means 22.6 %.")


# E: tables of records, and the engine that counts them
NO_SPARK = ProblemKind("E001", Level.ERROR, "Spark is not installed",
    "Install it with: pip install 'workbook-builder[spark]'; or leave out --engine spark: DuckDB "
    "needs nothing else.")
NO_JAVA = ProblemKind("E002", Level.ERROR, "Java is not installed",
    "Install Java 17 or later (on Debian or Ubuntu: apt-get install openjdk-17-jre-headless), or "
    "name a cluster in SPARK_REMOTE.")
SPARK_FAILED = ProblemKind("E003", Level.ERROR, "Spark did not answer",
    "Check the cluster, its memory and that it can read the records; a measure whose SQL it "
    "cannot run must be written more simply.")
NO_TABLES = ProblemKind("E004", Level.ERROR, "There are no tables of records",
    "Give a folder that holds a Parquet or CSV folder for each dataset, or the name of a schema "
    "of tables.")
UNKNOWN_TABLE = ProblemKind("E005", Level.WARNING, "A table is not a dataset",
    "Name it as the dataset is named in layouts/datasets, if it should be read.")
TABLE_LACKS = ProblemKind("E006", Level.ERROR, "A table has no column that it needs",
    "Add the column to the table, by its name or a heading in layouts/datasets.")
WRONG_TYPE = ProblemKind("E007", Level.ERROR, "A column of a table has another type",
    "Cast the column where the table is made.")
TWO_COLUMNS = ProblemKind("E008", Level.ERROR, "Two columns of a table mean the same",
    "Remove one of them from the table.")
TABLES_NO_AUTHORITY = ProblemKind("E009", Level.ERROR, "Records do not say which council they "
                                                       "belong to",
    "Fill the column authority where the table is made.")
TWO_NAMES = ProblemKind("E010", Level.ERROR, "An authority is written in two ways",
    "Write it one way in all tables.")
CHOOSE = ProblemKind("E011", Level.ERROR, "It is not clear whose workbook to build",
    "Say --authority NAME, --authority all for a workbook of each, or --region NAME for one of "
    "all.")
LEFT_OUT = ProblemKind("E012", Level.WARNING, "Records have a required column blank",
    "Fill the column where the table is made; days are written as 2023-07-31.")
TABLES_UNREADABLE = ProblemKind("E013", Level.WARNING, "Cells of a CSV table cannot be read",
    "Write days as 2023-07-31, months as 2023-07, numbers with a full stop, and yes or no as true "
    "or false; or use Parquet.")
TABLES_UNKNOWN_CODES = ProblemKind("E014", Level.WARNING, "Some values are not in a code list",
    "Add the spellings to the code list in layouts/codes, or correct them where the table is "
    "made.")
TABLES_SAME_KEY = ProblemKind("E015", Level.ERROR, "Different records have the same key",
    "Keep the right one where the table is made.")
TABLES_TWICE = ProblemKind("E016", Level.NOTE, "Records are in a table more than once",
    "Nothing to do: each is counted once.")
NONE_OF_ONE = ProblemKind("E017", Level.WARNING, "An authority has no records in a table",
    "Add its records: until then its figures from them stay blank, and so do the region's.")
NOT_FOR_A_REGION = ProblemKind("E018", Level.NOTE,
    "Records of single authorities are not used for a region",
    "Nothing to do: they are in the workbooks of the authorities.")
POPULATION_IN_PART = ProblemKind("E019", Level.WARNING,
    "The region's population is not known in full",
    "Add the estimates of the authorities that are missing.")
OTHER_INPUT = ProblemKind("E020", Level.ERROR, "A file is not a table of records",
    "With --engine spark give one folder or schema; last month's workbook goes with --previous.")
TABLES_NOT_WRITTEN = ProblemKind("E021", Level.ERROR, "The tables of records cannot be written",
    "Check the folder and the space on the disk, or name another folder with --out.")


# H: last month's workbook
PUBLISHED_UNREADABLE = ProblemKind("H001", Level.ERROR, "Last month's workbook cannot be read",
    "Open it in Excel, let Excel repair it and save it as an Excel Workbook (.xlsx), or build "
    "without it.")
NEWER = ProblemKind("H002", Level.ERROR,
    "Last month's workbook is from a newer version of the program",
    "Use the version that wrote it, or a newer one.")
OTHER_AUTHORITY = ProblemKind("H003", Level.ERROR, "Last month's workbook belongs to another "
                                                   "council",
    "Use your own council's workbook. If it is, correct its property Authority under File, Info, "
    "Properties.")
NO_FIGURES = ProblemKind("H004", Level.ERROR, "A workbook holds no published figures",
    "Use a workbook that this program wrote, with its table t_figures.")
NOT_THE_NEWEST = ProblemKind("H005", Level.WARNING,
    "More than one of last month's workbooks was given",
    "Nothing to do, if the newest is the right one; otherwise remove the others.")
LATER = ProblemKind("H006", Level.WARNING, "The workbook given as last month's is for a later "
                                           "month",
    "Nothing to do, if you are rebuilding an earlier month. Later figures stay in that workbook.")
PUBLISHED_UNKNOWN_MEASURE = ProblemKind("H007", Level.WARNING,
    "A published measure is no longer known",
    "If it was renamed, give the measure its earlier name, as formerly = [\"old_name\"].")
NO_NUMBER = ProblemKind("H008", Level.WARNING, "A published figure is not a number",
    "Correct the cell in last month's workbook.")
PUBLISHED_TWICE = ProblemKind("H009", Level.WARNING, "A published figure appears twice",
    "Delete the wrong row in last month's workbook.")
TWO_TABLES = ProblemKind("H010", Level.WARNING, "Two tables have the same name",
    "Delete or rename the table that should not be read.")
BAD_ROW = ProblemKind("H011", Level.WARNING, "A row of published figures has no measure or month",
    "Give the row a measure's key and a month such as 2023-07.")
TYPED = ProblemKind("H012", Level.NOTE, "Published figures were typed by hand",
    "Nothing to do. The Revisions sheet lists them as typed by hand.")
FILLED = ProblemKind("H013", Level.NOTE, "Months that were blank are filled now",
    "Nothing to do.")
NO_TABLE = ProblemKind("H014", Level.WARNING, "Published figures are no longer a table",
    "Nothing to do; the new workbook has the table again.")
REVISED = ProblemKind("H015", Level.WARNING,
    "Today's data gives different figures from those published",
    "See the Revisions sheet. To show today's figures instead, recalculate.")
CLEARED = ProblemKind("H016", Level.WARNING, "Published figures were deleted by hand",
    "Nothing to do, if that was intended. The Revisions sheet lists them.")
OTHER_AUTHOR = ProblemKind("H017", Level.WARNING, "Last month's workbook names another author",
    "Make sure that it is your own council's workbook.")
NO_HEADING = ProblemKind("H018", Level.ERROR, "A table of last month's workbook has lost a column",
    "Give the column its heading again and save the workbook.")
WORDS_WITHOUT_ROW = ProblemKind("H019", Level.WARNING, "Commentary no longer has a row",
    "Read it on the Commentary sheet, and move or delete it there.")
REPLACED = ProblemKind("H020", Level.WARNING, "Published figures were replaced",
    "Nothing to do; the Revisions sheet shows what was published.")
LATER_FIGURES = ProblemKind("H021", Level.NOTE, "Figures of later months are left out",
    "Nothing to do. They stay in the workbook you gave.")
NO_MEMORY = ProblemKind("H022", Level.NOTE, "Figures typed by hand cannot be recognised",
    "Nothing to do now. Next time, keep the hidden sheet As written.")
KEPT_VALUES = ProblemKind("H023", Level.NOTE, "Targets in the workbook override the layouts'",
    "Nothing to do. To use the layouts' value again, clear the cell on the Targets or Benchmarks "
    "sheet.")
BAD_VALUE = ProblemKind("H024", Level.WARNING,
    "A target or benchmark in the workbook cannot be used",
    "Give a known measure, the year as 2023-24 or a day, and a number (percentages as 95%) or a "
    "word such as TBC.")
BACKUP_GIVEN = ProblemKind("H026", Level.NOTE, "A backup was not used as last month's workbook",
    "Nothing to do. To carry on from it, choose it by name as last month's workbook.")
KEPT_PUBLISHED = ProblemKind("H025", Level.NOTE,
    "Published figures come from the workbook that is replaced",
    "Nothing to do, or add last month's workbook as well.")


# R: what was asked for
NO_LAYOUT = ProblemKind("R001", Level.ERROR, "The layout is not known",
    "Choose a layout from the list, or a layout's TOML file.")
NO_SUCH_AUTHORITY = ProblemKind("R008", Level.ERROR, "The authority is not known",
    "Give its name, or its code of three digits or of nine characters.")
NO_SUCH_FILE = ProblemKind("R009", Level.ERROR, "No shipped file has this name",
    "Name a layout, or a file with its folder, as datasets/care.")
THERE_ALREADY = ProblemKind("R010", Level.ERROR, "The file already exists",
    "Edit it, or delete it first if you want a new one.")
NOTHING_READ = ProblemKind("R002", Level.ERROR, "There is nothing to build from",
    "Add files or a folder of extracts, and check what each file was recognised as.")
BAD_OUTPUT = ProblemKind("R003", Level.ERROR, "The workbook cannot be saved there",
    "Choose another folder, or a name ending in .xlsx.")
EMPTY_WORKBOOK = ProblemKind("R004", Level.ERROR, "Every figure would be blank",
    "Check that the month is right and that the extracts cover it.")
NOT_RECALCULATED = ProblemKind("R005", Level.ERROR, "It is not clear what to recalculate",
    "Give measures' keys or a month.")
BAD_LIMIT = ProblemKind("R006", Level.ERROR, "The limit for small numbers cannot be used",
    "Use a whole number from 2 to 50 (5 hides figures about 1 to 4), or off to hide none.")


# C: lists of children
WORKLISTS_OFF = ProblemKind("C001", Level.ERROR, "Lists of children are switched off",
    "If your council allows such lists, write worklists = true in council.toml; its marking is "
    "printed on them.")
NO_RECORDS_BEHIND = ProblemKind("C002", Level.ERROR, "A figure has no records behind it",
    "Leave the measure out: its figures come finished, as numbers.")
UNKNOWN_LISTED_TEAM = ProblemKind("C003", Level.ERROR, "The team has no records",
    "Give the name of a team as the workbook shows it, or leave it out.")
NOTHING_LISTED = ProblemKind("C004", Level.ERROR, "There is no list to write",
    "Choose a month or a measure that has a figure, or ask for the data quality list.")
NO_LIST = ProblemKind("C005", Level.WARNING, "A list cannot be made",
    "The board workbook leaves the figure blank too.")
LISTS_CHILDREN = ProblemKind("C006", Level.WARNING, "A list of children was written",
    "Keep it where case records are kept, send it only to those who work with these children, and "
    "delete it when it has been dealt with.")
NO_LISTS_ON_SPARK = ProblemKind("C007", Level.ERROR, "Lists of children are not made on Spark",
    "Give the extracts as files and leave out --engine spark.")
WORKLIST_GIVEN = ProblemKind("C008", Level.NOTE, "A list of children is not an extract",
    "Nothing to do; keep such lists in a separate folder.")


# W: writing the workbook
CANNOT_WRITE = ProblemKind("W001", Level.ERROR, "The workbook cannot be written",
    "Close it if it is open in Excel, check the folder, or choose another place.")
LOCKED = ProblemKind("W002", Level.WARNING, "The workbook is open in another program",
    "Close it there and build again, or use the new file.")
LEFT_ALONE = ProblemKind("W003", Level.WARNING, "Another month's workbook has that name",
    "Nothing to do, or choose another name.")
WOULD_BE_LOST = ProblemKind("W004", Level.ERROR, "An existing file would be lost",
    "Add the missing extracts, or give the new workbook another name.")
BACKED_UP = ProblemKind("W005", Level.WARNING, "A backup of the replaced file was kept",
    "Delete it once you are sure that you do not need it.")


# D: the slides, a deck for PowerPoint; the workbook is written whatever is wrong with them
NO_SLIDES = ProblemKind("D001", Level.WARNING, "The slides were not written",
    "Choose another folder, or a name ending in .pptx.")
DECK_LOCKED = ProblemKind("D002", Level.WARNING, "The deck is open in another program",
    "Close it there and build again, or use the new file.")
DECK_IN_THE_WAY = ProblemKind("D003", Level.WARNING, "Another file has the deck's name",
    "Nothing to do, or choose another name.")
BAD_TEMPLATE = ProblemKind("D004", Level.WARNING, "The template of the slides cannot be used",
    "Open it in PowerPoint and save it as a presentation (.pptx) without a password.")
NO_SUCH_LAYOUT = ProblemKind("D005", Level.WARNING, "The template does not have the layout named",
    "Correct template_layout in the layout, or rename the layout in the template.")
BAD_PREVIOUS_DECK = ProblemKind("D006", Level.WARNING, "Last month's slides cannot be carried on",
    "Give the deck that this program wrote, saved as .pptx without a password.")
OWN_WORDS_KEPT = ProblemKind("D007", Level.WARNING, "Words that somebody wrote on slides were kept",
    "Check that they are still true this month. Delete the text to get the program's back.")
NOT_CARRIED_ON = ProblemKind("D008", Level.WARNING, "Something in last month's slides was not kept",
    "Copy what you need from last month's deck, which is unchanged.")
DECK_KEPT = ProblemKind("D009", Level.NOTE, "Changes to last month's slides were kept",
    "Nothing to do.")
NO_DECK_ASKED = ProblemKind("D010", Level.NOTE, "Last month's slides were not needed",
    "Ask for slides as well to carry them on.")

#: Every kind of problem that the program can report.
ALL_KINDS: tuple[ProblemKind, ...] = tuple(
    kind for kind in list(globals().values()) if isinstance(kind, ProblemKind)
)

#: The kinds that published statistics can have.
STATISTIC_KINDS: tuple[ProblemKind, ...] = tuple(
    kind for kind in ALL_KINDS if kind.code.startswith("S")
)
