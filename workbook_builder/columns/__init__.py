"""Columns of texts, days, numbers and flags, as plain arrays; rows of them as tables."""
