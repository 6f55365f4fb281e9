"""Another council, invented for the tests; it shares no code with the sample's or the program."""
