"""Speed and memory against peers, against the floor, by the number of records, and at the start."""
