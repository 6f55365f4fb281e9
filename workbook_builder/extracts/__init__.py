"""Recognise the sheets of extracts and read their rows as typed records; every fault a problem."""
