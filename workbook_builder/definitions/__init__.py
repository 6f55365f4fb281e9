"""What TOML files define: layouts, measures, datasets, targets, and the line of each fault."""
