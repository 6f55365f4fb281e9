"""Files in, typed records out; every fault a problem."""
