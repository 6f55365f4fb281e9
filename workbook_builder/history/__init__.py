"""Last month's workbook in, what it knows out: published figures, commentary, its properties."""
