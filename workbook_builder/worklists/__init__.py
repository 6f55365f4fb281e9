"""Lists of the children behind figures: a workbook of their own, written only where it is asked."""
