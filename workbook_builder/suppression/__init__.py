"""Hiding figures that would tell of few people, and those that would give them away."""
