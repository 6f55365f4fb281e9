"""Judged rows and a layout in, a plan of the workbook out."""
