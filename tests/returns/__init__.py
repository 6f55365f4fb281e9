"""The sample's records written as standard returns, and what a workbook shows of each alone."""
