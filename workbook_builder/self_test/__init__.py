"""The self-test: whether the program works on this PC."""
