"""What TOML files define: layouts, measures, datasets, targets, with the file and line of faults."""
