"""The program's test of itself, for a PC that it has newly come to."""
