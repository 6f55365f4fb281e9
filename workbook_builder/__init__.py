"""Raw children's services extracts in, a finished board workbook out."""
