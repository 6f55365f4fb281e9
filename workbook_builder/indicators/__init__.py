"""Figures, targets and benchmarks in, judged rows out."""
