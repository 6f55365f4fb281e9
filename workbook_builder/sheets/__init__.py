"""Lay judged rows out as the plan of a workbook."""
