"""The kinds of fault that extracts can have."""

from workbook_builder.problems import Kind, Level

# fmt: off
NOT_THERE = Kind("X001", Level.ERROR, "A file or folder is not there",
                 "Check the name, and that the drive is connected.")
CANNOT_OPEN = Kind("X002", Level.ERROR, "A file or folder cannot be opened",
                   "Close it in other programs and check that you may read it.")
EMPTY_FILE = Kind("X003", Level.WARNING, "A file is empty", "Run the report again and save it.")
EMPTY_FOLDER = Kind("X004", Level.WARNING, "A folder holds no extracts",
                    "Save the extracts in it as CSV or Excel files.")
OTHER_FILE = Kind("X005", Level.NOTE, "A file in a folder is not an extract",
                  "Nothing to do, unless it should have been read: then save it as CSV or Excel.")
SUB_FOLDER = Kind("X006", Level.NOTE, "A folder inside a folder is not read",
                  "Add it by itself if it holds extracts.")
WRONG_ENDING = Kind("X007", Level.WARNING, "A file's ending is not one of an extract",
                    "Save it as .csv, .txt, .tsv, .xlsx, .xlsm, .xls, .xlsb or .ods.")
OTHER_CONTENT = Kind("X008", Level.ERROR, "A file holds something other than an extract",
                     "Run the report again and save it as CSV or as an Excel workbook.")
WEB_PAGE = Kind("X009", Level.ERROR, "A file is a web page without a table",
                "Open it to see what it says (often: sign in again), then run the report again; "
                "if Excel shows the list, save it with File, Save As, as Excel Workbook (.xlsx).")
PASSWORD = Kind("X010", Level.ERROR, "A workbook is protected with a password",
                "Open it in Excel, remove the password under File, Info, and save it.")
DAMAGED = Kind("X011", Level.ERROR, "A workbook is damaged",
               "Open it in Excel, let Excel repair it and save it, or run the report again.")
NUL_BYTES = Kind("X012", Level.ERROR, "A text file is damaged: it holds NUL characters",
                 "Run the report again; the file was probably cut off while it was saved.")
OPEN_QUOTE = Kind("X013", Level.ERROR, "A text file is damaged: a quotation mark is not closed",
                  "Correct the quotation mark in that row, or save the report as a workbook.")
SHEET_NOT_USED = Kind("X014", Level.NOTE, "A sheet of a workbook is not an extract",
                      "Nothing to do, unless it should have been read: then check its headings.")
NOT_RECOGNISED = Kind("X015", Level.WARNING, "A sheet is not recognised",
                      "Check that its headings are those of an extract that is known.")
MISSING_COLUMN = Kind("X016", Level.WARNING, "A sheet lacks a column that it must have",
                      "Add the column to the report, or say which of its headings means it.")
AMBIGUOUS_SHEET = Kind("X017", Level.ERROR, "A sheet could be two kinds of extract",
                       "Give it a heading that only one of them has.")
TWO_HEADINGS_NEEDED = Kind("X018", Level.ERROR, "Two headings mean one column that is needed",
                           "Rename the heading that should not be read.")
TWO_HEADINGS = Kind("X019", Level.WARNING, "Two headings mean one column",
                    "Rename the heading that should not be read.")
NO_RECORDS = Kind("X020", Level.WARNING, "A sheet gives no records",
                  "Check that the report was run for the right period and holds rows.")
SURPLUS_CELLS = Kind("X021", Level.WARNING, "Rows have more cells than there are headings",
                     "Check the rows: a text with a comma in it should stand in quotation marks.")
BLANK_CELL = Kind("X022", Level.WARNING, "A cell that is needed is blank",
                  "Fill the cell in the case management system and run the report again.")
UNREADABLE_CELL = Kind("X023", Level.WARNING, "A cell cannot be read",
                       "Correct it in the case management system and run the report again.")
SCIENTIFIC_ID = Kind("X024", Level.WARNING, "Excel has cut identifiers short",
                     "Run the report again and export the column as text; do not save it in Excel.")
MONTH_FIRST = Kind("X025", Level.WARNING, "Dates seem to have the month first",
                   "Run the report with UK dates (31/07/2023): others may be read wrongly.")
TOTAL_ROWS = Kind("X026", Level.NOTE, "A total stands below the records",
                  "Nothing to do, unless the row is a record.")
REPEATED_HEADING = Kind("X027", Level.NOTE, "The headings stand among the records again",
                        "Nothing to do.")
COUNTED_ONCE = Kind("X028", Level.NOTE, "Records stand in the extracts more than once",
                    "Nothing to do, if the extracts are meant to overlap.")
SAME_KEY = Kind("X029", Level.WARNING, "Records with one identifier differ",
                "Check which of them is right in the case management system.")
TOO_WIDE = Kind("X030", Level.ERROR, "A sheet reaches too far",
                "Press Ctrl+End in the sheet, delete the empty rows and columns, and save.")
UNKNOWN_VALUE = Kind("X031", Level.WARNING, "A value is not in its code list",
                     "See the Checks sheet; add the spelling to its code in layouts/codes.")
CODE_OUT_OF_USE = Kind("X032", Level.NOTE, "A code was used outside its years",
                       "Check the records; the code was counted as it stands.")
STANDARD_LIMITS = Kind("X033", Level.NOTE, "A standard return cannot give everything",
                       "Nothing to do, unless it is needed: then add a report that has it.")
OUT_OF_ORDER = Kind("X034", Level.WARNING, "An end lies before its start",
                    "Correct the dates in the case management system and run the report again.")
READ_AS_TABLES = Kind("X035", Level.NOTE, "A file is a web page or XML named like a workbook",
                      "Nothing to do; Excel opens such a file with a warning, for the same reason.")
TOO_LARGE = Kind("X036", Level.ERROR, "A file is larger than what is read",
                 "Run the report for fewer months or with fewer columns, and give it in parts.")
HIDDEN = Kind("X037", Level.NOTE, "Hidden rows or a hidden sheet were read",
              "Nothing to do, unless they should not count: then delete them from the extract.")
FROM_1904 = Kind("X038", Level.NOTE, "A workbook counts its days from 1904",
                 "Check a few dates against the case management system.")
ERROR_CELL = Kind("X039", Level.WARNING, "A cell holds an Excel error instead of a value",
                  "Correct the formula or widen the column in Excel, or export the report afresh.")
NO_RESULT = Kind("X040", Level.WARNING, "A formula was saved without its result",
                 "Open the workbook in Excel, let it calculate, and save it.")
CELL_TOO_LONG = Kind("X041", Level.WARNING, "A cell is longer than what is read",
                     "Look for a missing quotation mark in the file, or shorten the text.")
TWO_HEADING_ROWS = Kind("X042", Level.WARNING, "The headings stand in two rows",
                        "Put each heading into one cell of one row, without merged cells.")
BEFORE_BIRTH = Kind("X043", Level.NOTE, "A date lies before birth",
                    "Check both dates in the case management system; for an unborn child the "
                    "expected date of birth is right.")
LOST_ZEROS = Kind("X044", Level.WARNING, "Identifiers have lost their leading zeros",
                  "Export the column as text in all reports; do not save them in Excel on the way.")
TWO_KINDS_OF_ID = Kind("X045", Level.WARNING, "Identifiers of one column look like two systems'",
                       "Check that all extracts are of one council and one system.")
OLDER_EXTRACT = Kind("X046", Level.WARNING, "An extract is much older than another of its kind",
                     "If it is last year's, leave it out; if the extract was given in parts by "
                     "date, nothing needs doing.")
TWO_COUNCILS = Kind("X047", Level.WARNING, "Extracts name more than one council",
                    "Leave out the extracts of other councils, unless children are placed there.")
SHORTCUT = Kind("X048", Level.WARNING, "A shortcut was given instead of a file",
                "Give the file or folder that the shortcut leads to.")
CHANGING = Kind("X049", Level.ERROR, "A file changed or went away while it was read",
                "Wait until it is saved completely, check the drive, and run again.")
IN_UTC = Kind("X050", Level.NOTE, "Times are given in UTC",
              "Nothing to do; an hour before midnight in summer is the next day in the UK.")
ROWS_ABOVE = Kind("X051", Level.WARNING, "Records stand above the headings",
                  "Put the headings into the first row, or correct those that stand there.")
ASSIGNED = Kind("X052", Level.NOTE, "A sheet was read as it was assigned by hand",
                "Nothing to do, if it is what it was said to be.")

ALL = (
    NOT_THERE, CANNOT_OPEN, EMPTY_FILE, EMPTY_FOLDER, OTHER_FILE, SUB_FOLDER, WRONG_ENDING,
    OTHER_CONTENT, WEB_PAGE, PASSWORD, DAMAGED, NUL_BYTES, OPEN_QUOTE, SHEET_NOT_USED,
    NOT_RECOGNISED, MISSING_COLUMN, AMBIGUOUS_SHEET, TWO_HEADINGS_NEEDED, TWO_HEADINGS, NO_RECORDS,
    SURPLUS_CELLS, BLANK_CELL, UNREADABLE_CELL, SCIENTIFIC_ID, MONTH_FIRST, TOTAL_ROWS,
    REPEATED_HEADING, COUNTED_ONCE, SAME_KEY, TOO_WIDE, UNKNOWN_VALUE,
    CODE_OUT_OF_USE, STANDARD_LIMITS, OUT_OF_ORDER, READ_AS_TABLES, TOO_LARGE, HIDDEN, FROM_1904,
    ERROR_CELL, NO_RESULT, CELL_TOO_LONG, TWO_HEADING_ROWS, BEFORE_BIRTH, LOST_ZEROS,
    TWO_KINDS_OF_ID, OLDER_EXTRACT, TWO_COUNCILS, SHORTCUT, CHANGING, IN_UTC, ROWS_ABOVE, ASSIGNED,
)
# fmt: on
