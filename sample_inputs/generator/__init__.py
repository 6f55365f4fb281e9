"""Makes the sample extracts: raw rows of invented children that add up to published totals."""
