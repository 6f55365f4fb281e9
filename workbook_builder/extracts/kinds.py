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
WEB_PAGE = Kind("X009", Level.ERROR, "A file is a web page in disguise",
                "Open it in Excel and save it with File, Save As, as Excel Workbook (.xlsx).")
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
                      "Check its headings against those in layouts/datasets, and add them there.")
MISSING_COLUMN = Kind("X016", Level.WARNING, "A sheet lacks a column that it must have",
                      "Add the column to the report, or its heading to layouts/datasets.")
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
ASSIGNED = Kind("X035", Level.NOTE, "A sheet was read as it was assigned by hand",
                "Nothing to do, if it is what it was said to be.")

ALL = (
    NOT_THERE, CANNOT_OPEN, EMPTY_FILE, EMPTY_FOLDER, OTHER_FILE, SUB_FOLDER, WRONG_ENDING,
    OTHER_CONTENT, WEB_PAGE, PASSWORD, DAMAGED, NUL_BYTES, OPEN_QUOTE, SHEET_NOT_USED,
    NOT_RECOGNISED, MISSING_COLUMN, AMBIGUOUS_SHEET, TWO_HEADINGS_NEEDED, TWO_HEADINGS, NO_RECORDS,
    SURPLUS_CELLS, BLANK_CELL, UNREADABLE_CELL, SCIENTIFIC_ID, MONTH_FIRST, TOTAL_ROWS,
    REPEATED_HEADING, COUNTED_ONCE, SAME_KEY, TOO_WIDE, UNKNOWN_VALUE,
    CODE_OUT_OF_USE, STANDARD_LIMITS, OUT_OF_ORDER, ASSIGNED,
)
# fmt: on
