"""The kinds of problem that tables of many councils' records can have."""

from workbook_builder.problems import Kind, Level

# fmt: off
NO_SPARK = Kind("E001", Level.ERROR, "Spark is not installed",
                "Install it with: pip install 'workbook-builder[spark]'; or leave out --engine "
                "spark: DuckDB needs nothing else.")
NO_JAVA = Kind("E002", Level.ERROR, "Java is not installed",
               "Install Java 17 or later (on Debian or Ubuntu: apt-get install "
               "openjdk-17-jre-headless), or name a cluster in SPARK_REMOTE.")
SPARK_FAILED = Kind("E003", Level.ERROR, "Spark did not answer",
                    "Check the cluster, its memory and that it can read the records; a measure "
                    "whose SQL it cannot run must be written more simply.")
NO_TABLES = Kind("E004", Level.ERROR, "There are no tables of records",
                 "Give a folder that holds a Parquet or CSV folder for each dataset, or the name "
                 "of a schema of tables.")
UNKNOWN_TABLE = Kind("E005", Level.WARNING, "A table is not a dataset",
                     "Name it as the dataset is named in layouts/datasets, if it should be read.")
TABLE_LACKS = Kind("E006", Level.ERROR, "A table lacks a column that it must have",
                   "Add the column to the table, by its name or a heading in layouts/datasets.")
WRONG_TYPE = Kind("E007", Level.ERROR, "A column of a table has another type",
                  "Cast the column where the table is made.")
TWO_COLUMNS = Kind("E008", Level.ERROR, "Two columns of a table mean the same",
                   "Take one of them out of the table.")
NO_AUTHORITY = Kind("E009", Level.ERROR, "Records do not say whose they are",
                    "Fill the column authority where the table is made.")
TWO_NAMES = Kind("E010", Level.ERROR, "An authority is written in two ways",
                 "Write it one way in all tables.")
CHOOSE = Kind("E011", Level.ERROR, "It is not clear for whom the workbook is",
              "Say --authority NAME, --authority all for a workbook of each, or --region NAME for "
              "one of all.")
LEFT_OUT = Kind("E012", Level.WARNING, "Records lack what they need",
                "Fill the column where the table is made; days are written as 2023-07-31.")
UNREADABLE = Kind("E013", Level.WARNING, "Cells of a CSV table cannot be read",
                  "Write days as 2023-07-31, months as 2023-07, numbers with a full stop, and yes "
                  "or no as true or false; or use Parquet.")
UNKNOWN_CODES = Kind("E014", Level.WARNING, "A code list does not know some values",
                     "Add the spellings to the code list in layouts/codes, or correct them where "
                     "the table is made.")
SAME_KEY = Kind("E015", Level.ERROR, "Different records bear the same key",
                "Keep the one that holds where the table is made.")
TWICE = Kind("E016", Level.NOTE, "Records stand in a table more than once",
             "Nothing to do: each is counted once.")
NONE_OF_ONE = Kind("E017", Level.WARNING, "An authority has no records in a table",
                   "Add its records: until then what is counted from them stays blank, and the "
                   "region's too.")
NOT_FOR_A_REGION = Kind("E018", Level.NOTE, "Records of single authorities are not a region's",
                        "Nothing to do: they are in the workbooks of the authorities.")
POPULATION_IN_PART = Kind("E019", Level.WARNING, "The region's population is not known in full",
                          "Add the estimates of the authorities that are missing.")
OTHER_INPUT = Kind("E020", Level.ERROR, "A file is no table of records",
                   "With --engine spark give one folder or schema; last month's workbook goes "
                   "with --previous.")
# fmt: on

ALL = (
    NO_SPARK, NO_JAVA, SPARK_FAILED, NO_TABLES, UNKNOWN_TABLE, TABLE_LACKS, WRONG_TYPE, TWO_COLUMNS,
    NO_AUTHORITY, TWO_NAMES, CHOOSE, LEFT_OUT, UNREADABLE, UNKNOWN_CODES, SAME_KEY, TWICE,
    NONE_OF_ONE, NOT_FOR_A_REGION, POPULATION_IN_PART, OTHER_INPUT,
)  # fmt: skip
