"""What files of published statistics say, as plain values, and the problems they can have."""
