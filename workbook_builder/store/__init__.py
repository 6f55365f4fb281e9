"""Records in DuckDB, or on Spark: loaded, each once, and asked by query trees."""
