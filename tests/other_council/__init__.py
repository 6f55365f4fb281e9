"""Another council, invented for the tests: it shares nothing with the sample's generator or the program."""
